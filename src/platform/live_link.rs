//! The engine's side of the worker that stays connected to live sources.

use super::reader_link::start_worker;
use crate::feed::{LiveNews, LiveTask};
use crate::protocol::{Problem, decode, encode};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker};

/// A worker that is connected. It ends with this.
pub struct LiveLink {
    worker: Worker,
    inbox: Rc<Inbox>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

#[derive(Default)]
struct Inbox {
    /// A worker that still compiles would lose what it is told.
    is_ready: Cell<bool>,
    untold: RefCell<Vec<LiveTask>>,
}

impl LiveLink {
    /// Starts the worker; `tell` gets its news, also as the bytes that they came in, `ended` is called if it ends by itself.
    ///
    /// # Errors
    /// Why no worker could be made.
    pub fn start(
        scope: &DedicatedWorkerGlobalScope,
        tell: impl Fn(LiveNews, js_sys::Uint8Array) + 'static,
        ended: impl Fn() + 'static,
    ) -> Result<Self, Problem> {
        let worker = start_worker(scope)?;
        let inbox = Rc::new(Inbox::default());
        let (receiver, told) = (Rc::clone(&inbox), worker.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let Ok(bytes) = message.data().dyn_into::<js_sys::Uint8Array>() else {
                return;
            };
            match decode::<LiveNews>(&bytes.to_vec()) {
                None => {}
                Some(LiveNews::Ready) => {
                    receiver.is_ready.set(true);
                    for task in receiver.untold.take() {
                        post(&told, &task);
                    }
                }
                Some(news) => tell(news, bytes),
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            event.prevent_default();
            ended();
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            inbox,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Gives it a task.
    pub fn send(&self, task: LiveTask) {
        if self.inbox.is_ready.get() {
            post(&self.worker, &task);
        } else {
            self.inbox.untold.borrow_mut().push(task);
        }
    }
}

fn post(worker: &Worker, task: &LiveTask) {
    // Bytes can be cloned, so this cannot fail.
    let _ = worker.post_message(&js_sys::Uint8Array::from(encode(task).as_slice()));
}

impl Drop for LiveLink {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
