//! The page's side: starts the worker, sends commands, receives events.

use super::clock::now;
use super::document;
use super::frames::Frames;
use crate::protocol::{Command, Event, Timed, decode, encode};
use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// How long the engine may take to start before the page says that it does not.
const START_MILLIS: u32 = 30_000;

/// A running engine worker. Commands given before it is ready are kept: a worker that still compiles
/// would lose them.
#[derive(Clone)]
pub struct EngineLink(Rc<Link>);

struct Link {
    worker: Worker,
    ready: Cell<bool>,
    kept: RefCell<Vec<js_sys::Array>>,
    asked: RefCell<Asked>,
}

/// Views that were asked for. One is under way at a time: of those asked for meanwhile only the last is
/// sent, so that a fast brush never queues up.
#[derive(Default)]
struct Asked {
    opened: bool,
    under_way: Option<u32>,
    next: Option<(u32, js_sys::Array)>,
}

impl EngineLink {
    /// Starts the worker. `on_event` gets its events, `on_failure` its last words.
    ///
    /// # Errors
    /// Why no worker could be made.
    pub fn start(
        on_event: impl Fn(Event) + 'static,
        on_failure: impl Fn(String) + Clone + 'static,
    ) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&script(), &options).map_err(|error| format!("{error:?}"))?;
        let link = Self(Rc::new(Link {
            worker,
            ready: Cell::new(false),
            kept: RefCell::default(),
            asked: RefCell::default(),
        }));

        let receiver = link.clone();
        let frames = Frames::new(on_event);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let Some(bytes) = message
                .data()
                .dyn_ref::<js_sys::Uint8Array>()
                .map(js_sys::Uint8Array::to_vec)
            else {
                return;
            };
            let Some(event) = decode::<Event>(&bytes) else {
                return;
            };
            match &event {
                Event::Ready => receiver.release(),
                Event::Cockpit { request, .. } => receiver.answered(*request),
                _ => {}
            }
            frames.deliver(event);
        });
        link.0
            .worker
            .set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();

        // A panic in a worker reaches the page only this way.
        let failed = on_failure.clone();
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let words = event
                .dyn_ref::<web_sys::ErrorEvent>()
                .map(web_sys::ErrorEvent::message);
            failed(words.unwrap_or_default());
        });
        link.0.worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        on_error.forget();

        let waiting = link.clone();
        Timeout::new(START_MILLIS, move || {
            if !waiting.0.ready.get() {
                on_failure(String::new());
            }
        })
        .forget();
        Ok(link)
    }

    /// Sends `command`, with the file or folder that it names if it names one.
    pub fn send(&self, command: &Command, named: Option<&JsValue>) {
        let bytes = encode(&Timed {
            now: now(),
            message: command,
        });
        let message = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
        if let Some(named) = named {
            message.push(named);
        }
        match command {
            Command::Open { request, .. } => {
                let mut asked = self.0.asked.borrow_mut();
                (asked.opened, asked.under_way) = (true, Some(*request));
            }
            Command::Show { request, .. } => {
                let mut asked = self.0.asked.borrow_mut();
                if asked.under_way.is_some() {
                    asked.next = Some((*request, message));
                    return;
                }
                // Before it has opened the engine answers nothing.
                asked.under_way = asked.opened.then_some(*request);
            }
            _ => {}
        }
        if self.0.ready.get() {
            self.post(&message);
        } else {
            self.0.kept.borrow_mut().push(message);
        }
    }

    /// A screen has come: if it is the one asked for, the next is asked for.
    fn answered(&self, request: u32) {
        let mut asked = self.0.asked.borrow_mut();
        if asked.under_way.is_some_and(|under_way| request >= under_way) {
            asked.under_way = None;
            if let Some((request, message)) = asked.next.take() {
                asked.under_way = Some(request);
                self.post(&message);
            }
        }
    }

    fn release(&self) {
        self.0.ready.set(true);
        for message in self.0.kept.take() {
            self.post(&message);
        }
    }

    fn post(&self, message: &js_sys::Array) {
        // Everything in it can be cloned, so this cannot fail.
        let _ = self.0.worker.post_message(message);
    }
}

/// Address of the worker's script; its name carries a hash, so an old worker never meets a new page.
fn script() -> String {
    let meta = document().and_then(|document| {
        document
            .query_selector("meta[name=stockpit-engine]")
            .ok()
            .flatten()
    });
    meta.and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_else(|| "./engine_loader.js".to_owned())
}
