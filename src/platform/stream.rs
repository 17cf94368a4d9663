//! A connection that only speaks (server-sent events). Fetched instead of by `EventSource`, which can send no token and
//! tells no status.

use crate::protocol::Secret;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, DedicatedWorkerGlobalScope, Headers, ReadableStreamDefaultReader, ReferrerPolicy,
    RequestCache, RequestInit, RequestRedirect, Response,
};

/// What happens to a stream.
pub enum Streamed {
    /// It stands.
    Opened,
    /// Bytes have come.
    Bytes(Vec<u8>),
    /// The server answered with another status than 200.
    Status(u16),
    /// It is at its end, or there was none.
    Ended,
}

/// A stream. It is closed with this, and then tells nothing more.
pub struct Stream {
    controller: AbortController,
    is_left: Rc<Cell<bool>>,
}

impl Stream {
    /// Asks `url` for events after the one called `last`.
    ///
    /// # Errors
    /// What the browser says of a header that is none.
    pub fn open(
        scope: &DedicatedWorkerGlobalScope,
        url: &str,
        header: Option<(&str, &Secret)>,
        last: &str,
        tell: impl Fn(Streamed) + 'static,
    ) -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        let headers = Headers::new()?;
        // A header of ours that a server has to allow: only where there is something to say.
        if !last.is_empty() {
            headers.set("Last-Event-ID", last)?;
        }
        headers.set("Accept", "text/event-stream")?;
        let asked = RequestInit::new();
        if let Some((name, Secret(token))) = header {
            headers.set(name, token)?;
            // A token goes where the user said, and no further.
            asked.set_redirect(RequestRedirect::Error);
        }
        asked.set_headers(&headers);
        asked.set_cache(RequestCache::NoStore);
        asked.set_referrer_policy(ReferrerPolicy::NoReferrer);
        asked.set_signal(Some(&controller.signal()));
        let answer = scope.fetch_with_str_and_init(url, &asked);
        let is_left = Rc::new(Cell::new(false));
        let left = Rc::clone(&is_left);
        wasm_bindgen_futures::spawn_local(async move {
            let tell = |event| {
                if !left.get() {
                    tell(event);
                }
            };
            let answer = JsFuture::from(answer).await.ok();
            let Some(answer) = answer.and_then(|answer| answer.dyn_into::<Response>().ok()) else {
                return tell(Streamed::Ended);
            };
            if answer.status() != 200 {
                return tell(Streamed::Status(answer.status()));
            }
            tell(Streamed::Opened);
            let reader = answer.body().map(|body| body.get_reader());
            let reader = reader.and_then(|reader| reader.dyn_into::<ReadableStreamDefaultReader>().ok());
            while let Some(reader) = &reader {
                let Ok(step) = JsFuture::from(reader.read()).await else {
                    break;
                };
                let value = js_sys::Reflect::get(&step, &"value".into()).unwrap_or(JsValue::UNDEFINED);
                let Ok(chunk) = value.dyn_into::<js_sys::Uint8Array>() else {
                    break;
                };
                tell(Streamed::Bytes(chunk.to_vec()));
            }
            tell(Streamed::Ended);
        });
        Ok(Self { controller, is_left })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.is_left.set(true);
        self.controller.abort();
    }
}
