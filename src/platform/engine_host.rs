//! The worker's side: receives commands, reads files, posts events.

use super::clock::now;
use super::decoder::decoders;
use super::source::Source;
use crate::engine::Engine;
use crate::engine::library::{Answer, Call};
use crate::ingest::{Finish, Import, Imported, Step};
use crate::protocol::{Command, Event, FileId, Problem, Timed, decode, encode};
use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// Least time between two progress reports of a file.
const PROGRESS_MILLIS: i64 = 100;

struct Host {
    scope: DedicatedWorkerGlobalScope,
    engine: RefCell<Engine>,
    waiting: RefCell<VecDeque<Job>>,
    reading: RefCell<bool>,
    cancelled: RefCell<BTreeSet<u32>>,
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
        waiting: RefCell::default(),
        reading: RefCell::new(false),
        cancelled: RefCell::default(),
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
    match message {
        Command::Import { id, name, size, url } => {
            let source = match (url, parts.get(1).dyn_into::<Blob>()) {
                (Some(url), _) => Source::Url(url),
                (None, Ok(blob)) => Source::Blob(blob),
                (None, Err(_)) => return,
            };
            host.queue(Job {
                id,
                name,
                size,
                source,
                call: None,
            });
        }
        Command::Cancel { batch } => {
            host.cancelled.borrow_mut().insert(batch);
        }
        command => {
            let events = host.engine.borrow_mut().apply(command, now);
            host.post_all(&events);
        }
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
                return host.queue(Job {
                    id: FileId { batch: 0, file: 0 },
                    name,
                    size,
                    source: Source::Blob(blob),
                    call: Some(number),
                });
            }
        },
        Ok(call) => host.engine.borrow_mut().call(&call, now()),
    };
    host.answer(number, &answer);
}

impl Host {
    fn queue(self: &Rc<Self>, job: Job) {
        self.waiting.borrow_mut().push_back(job);
        if !self.reading.replace(true) {
            let host = Rc::clone(self);
            wasm_bindgen_futures::spawn_local(async move { host.read_all().await });
        }
    }

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

    /// Reads the waiting files one after the other; commands are answered between two chunks.
    async fn read_all(&self) {
        loop {
            let Some(job) = self.waiting.borrow_mut().pop_front() else {
                break;
            };
            let started = now();
            let import = self.engine.borrow().import(&job.name, job.size);
            let outcome = self.read(&job, import).await;
            let millis = u64::try_from(now().0 - started.0).unwrap_or(0);
            if let Some(number) = job.call {
                let answer = match outcome {
                    Ok(imported) => self.engine.borrow_mut().ingested(imported, millis, now()),
                    Err((import, broken)) => match Engine::broken_off(job.id, import, broken, millis) {
                        Event::Report { report, .. } => Answer::report(&report),
                        _ => Answer::default(),
                    },
                };
                self.answer(number, &answer);
                continue;
            }
            let events = match outcome {
                Ok(imported) => self.engine.borrow_mut().finish(job.id, imported, millis, now()),
                Err((import, broken)) => vec![Engine::broken_off(job.id, import, broken, millis)],
            };
            self.post_all(&events);
        }
        self.reading.replace(false);
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
                if self.cancelled.borrow().contains(&job.id.batch) {
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
