//! Screens at most once per animation frame.

use super::clock::soon;
use crate::protocol::Event;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Hands events on: the first screen of a frame at once, of those that follow within it the last, when the
/// frame is over. Numbers that come before their screen go at once, and their frame is painted before the
/// screen may take its time. Everything else goes at once, after the screens that came before it. A hidden
/// page has no frames: it gets the last screen when it is seen again.
#[derive(Clone)]
pub struct Frames(Rc<Inner>);

struct Inner {
    on_event: Box<dyn Fn(Event)>,
    is_full: Cell<bool>,
    waiting: RefCell<Option<Event>>,
}

impl Frames {
    /// Frames that hand their events to `on_event`.
    pub fn new(on_event: impl Fn(Event) + 'static) -> Self {
        Self(Rc::new(Inner {
            on_event: Box::new(on_event),
            is_full: Cell::new(false),
            waiting: RefCell::default(),
        }))
    }

    /// Hands `event` on, now or with the next frame.
    pub fn deliver(&self, event: Event) {
        match event {
            Event::Headline { .. } if self.0.is_full.get() => (self.0.on_event)(event),
            Event::Cockpit { .. } if self.0.is_full.get() => {
                self.0.waiting.replace(Some(event));
            }
            Event::Headline { .. } | Event::Cockpit { .. } => self.show(event),
            event => {
                self.flush();
                (self.0.on_event)(event);
            }
        }
    }

    fn show(&self, event: Event) {
        self.0.is_full.set(true);
        (self.0.on_event)(event);
        let frames = self.clone();
        let next = Closure::once_into_js(move || {
            // Before the browser paints it calls this; what is to be done after the frame is a task.
            soon(move || {
                frames.0.is_full.set(false);
                let waiting = frames.0.waiting.take();
                if let Some(event) = waiting {
                    frames.show(event);
                }
            });
        });
        let asked = web_sys::window().map(|window| window.request_animation_frame(next.unchecked_ref()));
        if !matches!(asked, Some(Ok(_))) {
            self.0.is_full.set(false);
        }
    }

    fn flush(&self) {
        let waiting = self.0.waiting.take();
        if let Some(event) = waiting {
            (self.0.on_event)(event);
        }
    }
}
