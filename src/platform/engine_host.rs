//! The worker's side: receives commands, reads files, keeps their rows, posts events.

use super::clock::now;
use super::decoder::decoders;
use super::keeping::Shelf;
use super::source::Source;
use crate::engine::library::{Answer, Call};
use crate::engine::{Engine, Entered};
use crate::ingest::{Finish, Import, Imported, Step};
use crate::keep::Right;
use crate::protocol::{Command, Event, FileId, Keeping, Kept, Problem, Timed, decode, encode};
use crate::time::UtcMillis;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// Least time between two progress reports of a file.
const PROGRESS_MILLIS: i64 = 100;

struct Host {
    scope: DedicatedWorkerGlobalScope,
    engine: RefCell<Engine>,
    shelf: Shelf,
    /// Commands that came before the kept rows were there; `None` once they are.
    early: RefCell<Option<Vec<(Command, UtcMillis)>>>,
    waiting: RefCell<VecDeque<Task>>,
    is_busy: Cell<bool>,
    is_pages: Cell<bool>,
    cancelled: RefCell<BTreeSet<u32>>,
    /// All rows are to go: what is being read is not worth reading.
    is_forgetting: Cell<bool>,
}

/// What takes its time, one after the other. Only these change the user's rows and what is kept of them.
enum Task {
    Open,
    Read(Job),
    /// The right to write has come late.
    Own,
    Forget,
}

struct Job {
    id: FileId,
    name: String,
    size: u64,
    source: Source,
    /// Number of the library's call that waits for it.
    call: Option<f64>,
}

/// Starts the engine in this worker.
pub fn host_engine() {
    console_error_panic_hook::set_once();
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let host = Rc::new(Host {
        scope: scope.clone(),
        engine: RefCell::new(Engine::with_decoders(decoders())),
        shelf: Shelf::new(&scope),
        early: RefCell::new(Some(Vec::new())),
        waiting: RefCell::default(),
        is_busy: Cell::new(false),
        is_pages: Cell::new(false),
        cancelled: RefCell::default(),
        is_forgetting: Cell::new(false),
    });
    let receiver = Rc::clone(&host);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        receive(&receiver, &message.data());
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    host.post(&Event::Ready);
}

fn receive(host: &Rc<Host>, data: &JsValue) {
    let Some(parts) = data.dyn_ref::<js_sys::Array>() else {
        return;
    };
    if let Some(call) = parts.get(0).as_f64() {
        return receive_call(host, call, parts);
    }
    let Some(bytes) = parts
        .get(0)
        .dyn_ref::<js_sys::Uint8Array>()
        .map(js_sys::Uint8Array::to_vec)
    else {
        return;
    };
    let Some(Timed { now, message }) = decode::<Timed<Command>>(&bytes) else {
        return;
    };
    // Its first command shows that this is the page's engine, which has kept rows to look for.
    if !host.is_pages.replace(true) {
        enqueue(host, Task::Open);
    }
    match message {
        Command::Import { id, name, size, url } => {
            let source = match (url, parts.get(1).dyn_into::<Blob>()) {
                (Some(url), _) => Source::Url(url),
                (None, Ok(blob)) => Source::Blob(blob),
                (None, Err(_)) => return,
            };
            let job = Job {
                id,
                name,
                size,
                source,
                call: None,
            };
            enqueue(host, Task::Read(job));
        }
        Command::Cancel { batch } => {
            host.cancelled.borrow_mut().insert(batch);
        }
        Command::Forget => {
            host.is_forgetting.set(true);
            enqueue(host, Task::Forget);
        }
        command => {
            // Before the kept rows are there, any answer would be wrong.
            if let Some(early) = host.early.borrow_mut().as_mut() {
                early.push((command, now));
                return;
            }
            host.apply(command, now);
        }
    }
}

fn enqueue(host: &Rc<Host>, task: Task) {
    host.waiting.borrow_mut().push_back(task);
    if !host.is_busy.replace(true) {
        let host = Rc::clone(host);
        wasm_bindgen_futures::spawn_local(async move { work(&host).await });
    }
}

/// Does what waits, one after the other; commands are answered between two chunks of a file.
async fn work(host: &Rc<Host>) {
    loop {
        let Some(task) = host.waiting.borrow_mut().pop_front() else {
            break;
        };
        match task {
            Task::Open => open(host).await,
            Task::Read(job) => host.take_in(&job).await,
            Task::Own => host.own().await,
            Task::Forget => host.forget().await,
        }
    }
    host.is_busy.set(false);
}

/// Restores what was kept, then answers what was asked meanwhile.
async fn open(host: &Rc<Host>) {
    let (granted, stolen) = (Rc::clone(host), Rc::clone(host));
    let own = move || {
        // In time it comes before the rows are there; later it is work of its own.
        if granted.early.borrow().is_none() {
            enqueue(&granted, Task::Own);
        }
    };
    let disown = move || {
        stolen.shelf.disown();
        stolen.tell_kept();
    };
    let right = host.shelf.lock(own, disown).await;
    host.shelf.open(&host.engine, right).await;
    host.shelf.look_round().await;
    host.tell_kept();
    if right == Right::Other && host.shelf.is_granted() {
        // It came while the rows were being read.
        host.waiting.borrow_mut().push_front(Task::Own);
    }
    let early = host.early.take().unwrap_or_default();
    for (command, now) in early {
        host.apply(command, now);
    }
}

/// A call of a program that uses the engine as a library: its number, its name, its argument in JSON and
/// perhaps a blob.
fn receive_call(host: &Rc<Host>, number: f64, parts: &js_sys::Array) {
    let [name, argument] = [1, 2].map(|at| parts.get(at).as_string().unwrap_or_default());
    let answer = match Call::read(&name, argument) {
        Err(words) => Answer::error(&words),
        Ok(Call::Ingest(name)) => match parts.get(3).dyn_into::<Blob>() {
            Err(_) => Answer::error("ingest: no file"),
            Ok(blob) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "sizes are whole"
                )]
                let size = blob.size() as u64;
                let job = Job {
                    id: FileId { batch: 0, file: 0 },
                    name,
                    size,
                    source: Source::Blob(blob),
                    call: Some(number),
                };
                return enqueue(host, Task::Read(job));
            }
        },
        Ok(call) => host.engine.borrow_mut().call(&call, now()),
    };
    host.answer(number, &answer);
}

impl Host {
    /// Sends `[number, json, column …]`; columns are given away, not copied.
    fn answer(&self, number: f64, answer: &Answer) {
        let message = js_sys::Array::of2(&number.into(), &answer.json.as_str().into());
        let transfer = js_sys::Array::new();
        for column in &answer.columns {
            let column = js_sys::Float64Array::from(column.as_slice());
            transfer.push(&column.buffer());
            message.push(&column);
        }
        // Fails only if the program is gone.
        let _ = self.scope.post_message_with_transfer(&message, &transfer);
    }

    fn post(&self, event: &Event) {
        let bytes = js_sys::Uint8Array::from(encode(event).as_slice());
        let transfer = js_sys::Array::of1(&bytes.buffer());
        // Fails only if the page is gone.
        let _ = self.scope.post_message_with_transfer(&bytes, &transfer);
    }

    fn post_all(&self, events: &[Event]) {
        events.iter().for_each(|event| self.post(event));
    }

    fn apply(&self, command: Command, now: UtcMillis) {
        // Posted as they come: the page shows the first while the next is made.
        let mut engine = self.engine.borrow_mut();
        engine.apply_each(command, now, &mut |event| self.post(&event));
    }

    fn tell_kept(&self) {
        self.post(&Event::Kept(Box::new(self.shelf.kept())));
    }

    /// Reads a file, enters its rows, keeps them, and only then reports it done.
    async fn take_in(&self, job: &Job) {
        let started = now();
        let millis = || u64::try_from(now().0 - started.0).unwrap_or(0);
        let import = self.engine.borrow().import(&job.name, job.size);
        let imported = match (self.read(job, import).await, job.call) {
            (Ok(imported), Some(call)) => {
                let answer = self.engine.borrow_mut().ingested(imported, millis(), now());
                return self.answer(call, &answer);
            }
            (Ok(imported), None) => imported,
            (Err((import, broken)), call) => {
                let event = Engine::broken_off(job.id, import, broken, millis());
                match (call, &event) {
                    (Some(call), Event::Report { report, .. }) => {
                        self.answer(call, &Answer::report(report));
                    }
                    _ => self.post(&event),
                }
                return;
            }
        };
        let Entered {
            screen,
            change,
            report,
        } = self.engine.borrow_mut().enter(job.id, imported, millis(), now());
        self.post_all(&screen);
        match (change, &job.source) {
            (Some(added), Source::Blob(_)) => {
                if let Some(writing) = self.shelf.writing() {
                    self.post(&Event::Kept(Box::new(writing)));
                }
                self.shelf.keep(&self.engine, added).await;
                self.tell_kept();
            }
            (Some(_), Source::Url(_)) => self.shelf.fetched(),
            (None, _) => {}
        }
        self.post(&report);
        if self.shelf.look_round().await {
            self.tell_kept();
        }
    }

    /// The tab that kept the rows is gone.
    async fn own(&self) {
        if !self.shelf.own(&self.engine).await {
            if self.shelf.has_own_rows() {
                // Neither can be dropped for the other: the user decides, by loading the page anew.
                self.shelf.disown();
            } else {
                self.engine.borrow_mut().clear();
                self.shelf.open(&self.engine, Right::Alone).await;
                let screen = self.engine.borrow_mut().screen(now());
                self.post_all(&screen);
            }
        }
        self.shelf.look_round().await;
        self.tell_kept();
    }

    async fn forget(&self) {
        let forgotten = self.shelf.forget().await;
        self.apply(Command::Forget, now());
        self.is_forgetting.set(false);
        match forgotten {
            Ok(()) => self.post(&Event::Forgotten),
            Err(fault) => self.post(&Event::Kept(Box::new(Kept {
                keeping: Keeping::Failed(fault.to_string()),
                ..self.shelf.kept()
            }))),
        }
    }

    /// Reads one file to its end, or tells how far it got.
    async fn read(&self, job: &Job, mut import: Import) -> Result<Imported, (Import, Problem)> {
        // Each round reads the file from its first byte; `Import` bounds the rounds.
        'round: loop {
            let mut chunks = match job.source.open().await {
                Ok(chunks) => chunks,
                Err(problem) => return Err((import, problem)),
            };
            let (mut bytes, mut reported) = (0_u64, now());
            loop {
                if self.is_forgetting.get() || self.cancelled.borrow().contains(&job.id.batch) {
                    return Err((import, Problem::Cancelled));
                }
                let chunk = match chunks.next().await {
                    Ok(Some(chunk)) => chunk,
                    // Some browsers end a file that was cut or removed meanwhile as if it were whole.
                    Ok(None) if bytes < job.size && matches!(job.source, Source::Blob(_)) => {
                        return Err((
                            import,
                            Problem::Unreadable(format!("{bytes} / {} bytes", job.size)),
                        ));
                    }
                    Ok(None) => break,
                    Err(problem) => return Err((import, problem)),
                };
                bytes += chunk.len() as u64;
                match import.push(chunk) {
                    Step::More => {}
                    Step::Again => continue 'round,
                    Step::Stop => break,
                }
                if now().0 - reported.0 >= PROGRESS_MILLIS {
                    reported = now();
                    if let Some(number) = job.call {
                        let progress = format!(r#"{{"progress":{{"bytes":{bytes},"total":{}}}}}"#, job.size);
                        self.answer(
                            number,
                            &Answer {
                                json: progress,
                                ..Answer::default()
                            },
                        );
                        continue;
                    }
                    self.post(&Event::Progress {
                        id: job.id,
                        bytes,
                        total: job.size,
                        rows: import.rows(),
                    });
                }
            }
            match import.finish() {
                Finish::Again(again) => import = again,
                Finish::Done(imported) => return Ok(imported),
            }
        }
    }
}
