//! The engine's worker for programs: receives calls, has rows read, answers. Nothing of the page is in it, nor is it in
//! the page's.

use super::clock::{now, wait};
use super::decoder::decoders;
use super::reader_link::ReaderLink;
use crate::engine::Engine;
use crate::engine::library::{Answer, Call, Next, Rehearsal};
use crate::ingest::{Imported, Options, ReadTask, unread};
use crate::protocol::Problem;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// After so long without a call, nobody waits for what takes some milliseconds.
const QUIET_MILLIS: u32 = 20;

struct Host {
    scope: DedicatedWorkerGlobalScope,
    engine: RefCell<Engine>,
    waiting: RefCell<VecDeque<Task>>,
    is_busy: Cell<bool>,
    /// How often rows were given or something was asked: nothing is to stand in its way.
    calls: Cell<u32>,
    /// The worker that reads: it stays, since rows come again.
    reader: RefCell<Option<Rc<ReaderLink>>>,
}

/// What takes its time, one after the other.
enum Task {
    /// Runs warm, as long as nothing else is to be done.
    Rehearse,
    Read(Job),
}

/// A file, or rows.
struct Job {
    name: String,
    /// Size in bytes.
    size: u64,
    /// A blob, or bytes.
    file: JsValue,
    /// Number of the call that waits for it.
    call: f64,
}

/// Starts the engine in this worker.
pub fn host_library() {
    console_error_panic_hook::set_once();
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let host = Rc::new(Host {
        scope: scope.clone(),
        engine: RefCell::new(Engine::with_decoders(decoders())),
        waiting: RefCell::default(),
        is_busy: Cell::new(false),
        calls: Cell::new(0),
        reader: RefCell::default(),
    });
    let receiver = Rc::clone(&host);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let data = message.data();
        if let Some(parts) = data.dyn_ref::<js_sys::Array>()
            && let Some(number) = parts.get(0).as_f64()
        {
            receive(&receiver, number, parts);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    // It runs and takes calls; fails only if the program is gone.
    let _ = scope.post_message(&JsValue::NULL);
}

/// A call: its number, its name, its argument in JSON and perhaps a blob or rows.
fn receive(host: &Rc<Host>, number: f64, parts: &js_sys::Array) {
    let [name, argument] = [1, 2].map(|at| parts.get(at).as_string().unwrap_or_default());
    let call = Call::read(&name, argument);
    host.calls.set(host.calls.get().wrapping_add(1));
    let file = parts.get(3);
    let read = |name: String, size: u64, file: JsValue| {
        let call = number;
        enqueue(
            host,
            Task::Read(Job {
                name,
                size,
                file,
                call,
            }),
        );
    };
    let answer = match call {
        Err(words) => Answer::error(&words),
        Ok(Call::Ingest(name)) => match file.dyn_into::<Blob>() {
            Err(_) => Answer::error("ingest: no file"),
            Ok(blob) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "sizes are whole"
                )]
                let size = blob.size() as u64;
                return read(name, size, blob.into());
            }
        },
        Ok(Call::Append) => match file.dyn_into::<js_sys::Uint8Array>() {
            Err(_) => Answer::error("append: no rows"),
            Ok(rows) => return read("append".to_owned(), rows.length().into(), rows.into()),
        },
        Ok(call) => {
            let answer = host.engine.borrow_mut().call(&call);
            if let Call::Open(_) = call {
                // Rows come next: who reads them is started, and what they need is compiled.
                enqueue(host, Task::Rehearse);
            }
            answer
        }
    };
    host.answer(number, &answer);
}

fn enqueue(host: &Rc<Host>, task: Task) {
    host.waiting.borrow_mut().push_back(task);
    if host.is_busy.replace(true) {
        return;
    }
    let host = Rc::clone(host);
    wasm_bindgen_futures::spawn_local(async move {
        loop {
            let Some(task) = host.waiting.borrow_mut().pop_front() else {
                break;
            };
            match task {
                Task::Rehearse => host.rehearse().await,
                Task::Read(job) => {
                    host.take_in(&job).await;
                    make_room(&host);
                }
            }
        }
        host.is_busy.set(false);
    });
}

/// Makes room for rows to come, once nothing has been asked for a while.
fn make_room(host: &Rc<Host>) {
    let (host, calls) = (Rc::clone(host), host.calls.get());
    wasm_bindgen_futures::spawn_local(async move {
        loop {
            wait(QUIET_MILLIS).await;
            if host.calls.get() != calls || !host.engine.borrow_mut().make_room() {
                return;
            }
        }
    });
}

impl Host {
    /// Sends `[number, json]`, or `[number, json, columns]`; columns are given away, not copied: one buffer, since
    /// each that is given away takes its time.
    fn answer(&self, number: f64, answer: &Answer) {
        let message = js_sys::Array::of2(&number.into(), &answer.json.as_str().into());
        let transfer = js_sys::Array::new();
        if !answer.columns.is_empty() {
            let columns = js_sys::Float64Array::from(answer.columns.as_slice());
            transfer.push(&columns.buffer());
            message.push(&columns);
        }
        // Fails only if the program is gone.
        let _ = self.scope.post_message_with_transfer(&message, &transfer);
    }

    /// Has a file read and takes in its parts, each of which enters the tables whole or not at all.
    async fn take_in(&self, job: &Job) {
        let mut started = now();
        let mut answer = None;
        let options = self.engine.borrow().reading();
        let reader = self.begin(job, &options);
        // While the rows are read nobody waits for this worker.
        self.engine.borrow_mut().make_room();
        let progress = |bytes: u64, _| {
            let json = format!(r#"{{"progress":{{"bytes":{bytes},"total":{}}}}}"#, job.size);
            let columns = Vec::new();
            self.answer(job.call, &Answer { json, columns });
        };
        loop {
            let read = match &reader {
                Ok(reader) => reader.part(|| false, progress).await,
                Err(problem) => Err(problem.clone()),
            };
            let millis = u64::try_from(now().0 - started.0).unwrap_or(0);
            started = now();
            let next = match read {
                Ok(Some(imported)) => self.engine.borrow_mut().ingested(imported, millis, now()),
                Ok(None) => return self.answer(job.call, &answer.unwrap_or_default()),
                Err(problem) => {
                    // What failed may have ended: the next file gets another.
                    self.reader.take();
                    let mut report = unread(&job.name, job.size, problem);
                    report.millis = millis;
                    let last = Answer::together(answer, Answer::report(&report));
                    return self.answer(job.call, &last);
                }
            };
            answer = Some(Answer::together(answer, next));
        }
    }

    /// Lets the browser compile well what the first rows and questions need.
    async fn rehearse(&self) {
        let mut rehearsal = Rehearsal::new(decoders());
        let calls = self.calls.get();
        loop {
            // Who calls meanwhile waits for a step of it at most.
            wait(0).await;
            if self.calls.get() != calls {
                return;
            }
            match rehearsal.next() {
                Next::Read(rows) => match self.read_rows(&rows).await {
                    Some(imported) => rehearsal.enter(imported),
                    None => return,
                },
                Next::Ask => rehearsal.ask(),
                Next::End => return,
            }
        }
    }

    async fn read_rows(&self, rows: &str) -> Option<Imported> {
        let file = js_sys::Uint8Array::from(rows.as_bytes());
        let job = Job {
            name: "rehearsal".to_owned(),
            size: file.length().into(),
            file: file.into(),
            call: 0.0,
        };
        let options = self.engine.borrow().reading();
        let reader = self.begin(&job, &options).ok()?;
        let imported = reader.part(|| false, |_, _| {}).await.ok().flatten();
        // The news that it was the last part.
        let end = reader.part(|| false, |_, _| {}).await;
        if end.is_err() {
            self.reader.take();
        }
        imported
    }

    /// Has a file read from its first byte.
    fn begin(&self, job: &Job, options: &Options) -> Result<Rc<ReaderLink>, Problem> {
        let reader = self.reader.borrow().clone();
        let reader = match reader {
            Some(reader) => reader,
            None => Rc::new(ReaderLink::start(&self.scope)?),
        };
        *self.reader.borrow_mut() = Some(Rc::clone(&reader));
        let task = ReadTask::new(job.name.clone(), job.size, None, options);
        reader.read(&task, &job.file);
        Ok(reader)
    }
}
