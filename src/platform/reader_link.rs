//! The engine's side of the worker that reads files.

use crate::ingest::{Imported, Intake, ReadNews, ReadTask};
use crate::protocol::{Problem, decode, encode};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions, WorkerType};

/// Name of the global variable in which the engine's script says where the reader's is, beside itself: after a
/// release build its name carries a hash (`cargo xtask hook`).
const SCRIPT: &str = "stockpitReader";
/// Where it is else.
const DEFAULT_SCRIPT: &str = "./reader_loader.js";

/// A worker that reads. It ends with this.
pub struct ReaderLink {
    worker: Worker,
    inbox: Rc<Inbox>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

#[derive(Default)]
struct Inbox {
    /// A worker that still compiles would lose what it is told.
    is_ready: Cell<bool>,
    untold: RefCell<Option<js_sys::Array>>,
    news: RefCell<VecDeque<ReadNews>>,
    /// Buffers that blocks came in.
    spare: RefCell<VecDeque<js_sys::ArrayBuffer>>,
    waker: RefCell<Option<Waker>>,
}

impl Inbox {
    fn put(&self, news: ReadNews) {
        self.news.borrow_mut().push_back(news);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// Starts a worker of the script that reads, which lies beside that of this one.
///
/// # Errors
/// Why no worker could be made.
pub fn start_worker(scope: &DedicatedWorkerGlobalScope) -> Result<Worker, Problem> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let unmade = |error: JsValue| Problem::Unreadable(format!("{error:?}"));
    let script = js_sys::Reflect::get(scope, &JsValue::from_str(SCRIPT))
        .ok()
        .and_then(|script| script.as_string())
        .unwrap_or_else(|| DEFAULT_SCRIPT.to_owned());
    let script = web_sys::Url::new_with_base(&script, &scope.location().href()).map_err(unmade)?;
    Worker::new_with_options(&script.href(), &options).map_err(unmade)
}

impl ReaderLink {
    /// Starts the worker.
    ///
    /// # Errors
    /// Why no worker could be made.
    pub fn start(scope: &DedicatedWorkerGlobalScope) -> Result<Self, Problem> {
        let worker = start_worker(scope)?;
        let inbox = Rc::new(Inbox::default());
        let (receiver, told) = (Rc::clone(&inbox), worker.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let Ok(bytes) = message.data().dyn_into::<js_sys::Uint8Array>() else {
                return;
            };
            match decode::<ReadNews>(&bytes.to_vec()) {
                None => {}
                Some(ReadNews::Ready) => {
                    receiver.is_ready.set(true);
                    if let Some(message) = receiver.untold.take() {
                        post(&told, &message);
                    }
                }
                Some(news) => {
                    if matches!(news, ReadNews::Block(_)) {
                        receiver.spare.borrow_mut().push_back(bytes.buffer());
                    }
                    receiver.put(news);
                }
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // A panic reaches its maker only this way.
        let receiver = Rc::clone(&inbox);
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            event.prevent_default();
            let words = event
                .dyn_ref::<web_sys::ErrorEvent>()
                .map(web_sys::ErrorEvent::message);
            receiver.put(ReadNews::Failed(Problem::ReaderEnded(words.unwrap_or_default())));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            inbox,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Has a file read, the only one at a time: its blob, its bytes, or `undefined` where the task has an address.
    pub fn read(&self, task: &ReadTask, file: &JsValue) {
        let message = js_sys::Array::of2(&js_sys::Uint8Array::from(encode(task).as_slice()), file);
        if self.inbox.is_ready.get() {
            post(&self.worker, &message);
        } else {
            *self.inbox.untold.borrow_mut() = Some(message);
        }
    }

    /// Gathers what comes of the next part of a file; `None` after the last. Whoever waits is woken by
    /// [`Self::wake`] to see whether it `is_over`; told of `progress` in bytes and rows.
    ///
    /// # Errors
    /// Why the file cannot be read on.
    pub async fn part(
        &self,
        is_over: impl Fn() -> bool,
        progress: impl Fn(u64, u64),
    ) -> Result<Option<Imported>, Problem> {
        let mut intake = Intake::default();
        loop {
            if is_over() {
                return Err(Problem::Cancelled);
            }
            match self.next().await {
                None | Some(ReadNews::Ready) => {}
                Some(ReadNews::Progress { bytes, rows }) => progress(bytes, rows),
                Some(ReadNews::Again) => intake = Intake::default(),
                Some(ReadNews::Block(block)) => {
                    intake.enter(block);
                    self.acknowledge();
                }
                Some(ReadNews::Done(read)) => return Ok(Some(intake.finish(read))),
                Some(ReadNews::End) => return Ok(None),
                Some(ReadNews::Failed(problem)) => return Err(problem),
            }
        }
    }

    /// What has come next; `None` when woken by [`Self::wake`].
    async fn next(&self) -> Option<ReadNews> {
        let mut is_woken = false;
        poll_fn(|context| {
            let news = self.inbox.news.borrow_mut().pop_front();
            if news.is_some() || std::mem::replace(&mut is_woken, true) {
                return Poll::Ready(news);
            }
            *self.inbox.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Wakes who waits for [`Self::next`].
    pub fn wake(&self) {
        self.inbox.wake();
    }

    /// Tells that a block was taken, and gives its buffer back.
    fn acknowledge(&self) {
        if let Some(spare) = self.inbox.spare.borrow_mut().pop_front() {
            let transfer = js_sys::Array::of1(&spare);
            // Not yet given away, so this cannot fail.
            let _ = self.worker.post_message_with_transfer(&spare, &transfer);
        }
    }
}

fn post(worker: &Worker, message: &JsValue) {
    // Blobs, bytes and numbers can be cloned, so this cannot fail.
    let _ = worker.post_message(message);
}

impl Drop for ReaderLink {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
