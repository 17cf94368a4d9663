//! Bytes of a file or an address, chunk by chunk.

use crate::protocol::Problem;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader, Response};

/// Where bytes come from; can be read more than once.
pub enum Source {
    /// A chosen or dropped file.
    Blob(Blob),
    /// An address.
    Url(String),
}

/// A source being read.
pub struct Chunks(ReadableStreamDefaultReader);

impl Source {
    /// Opens it at its first byte.
    pub async fn open(&self) -> Result<Chunks, Problem> {
        let stream = match self {
            Self::Blob(blob) => blob.stream(),
            Self::Url(url) => {
                let scope: web_sys::DedicatedWorkerGlobalScope =
                    js_sys::global().dyn_into().map_err(|_| Problem::Http(0))?;
                let answer = JsFuture::from(scope.fetch_with_str(url))
                    .await
                    .map_err(|_| Problem::Http(0))?;
                let answer: Response = answer.dyn_into().map_err(|_| Problem::Http(0))?;
                if !answer.ok() {
                    return Err(Problem::Http(answer.status()));
                }
                answer.body().ok_or(Problem::Http(answer.status()))?
            }
        };
        stream
            .get_reader()
            .dyn_into()
            .map(Chunks)
            .map_err(|_| Problem::Unreadable(String::new()))
    }
}

impl Chunks {
    /// The next bytes; `None` at the end.
    pub async fn next(&self) -> Result<Option<Vec<u8>>, Problem> {
        let unreadable = |error: JsValue| Problem::Unreadable(words(&error));
        let step = JsFuture::from(self.0.read()).await.map_err(unreadable)?;
        let get =
            |key: &str| js_sys::Reflect::get(&step, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED);
        if get("done").is_truthy() {
            return Ok(None);
        }
        Ok(get("value")
            .dyn_into::<js_sys::Uint8Array>()
            .ok()
            .map(|bytes| bytes.to_vec()))
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        // Frees the stream where reading stopped early; at its end this does nothing. A stream that broke
        // refuses, which is no news: its reader has been told.
        let freed = JsFuture::from(self.0.cancel());
        wasm_bindgen_futures::spawn_local(async move {
            let _ = freed.await;
        });
    }
}

/// What an error says of itself.
fn words(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .unwrap_or_default()
}
