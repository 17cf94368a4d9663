//! Bytes of a file or an address, chunk by chunk.

use crate::protocol::Problem;
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ReadableStream, ReadableStreamByobReader, ReadableStreamDefaultReader,
    ReadableStreamGetReaderOptions, ReadableStreamReaderMode, Response,
};

/// Bytes asked for at once: enough that asking costs nothing, few enough to stay near the processor.
const CHUNK: u32 = 2 << 20;

/// Where bytes come from; can be read more than once.
pub enum Source {
    /// A chosen or dropped file.
    Blob(Blob),
    /// An address.
    Url(String),
    /// Bytes that are here.
    Held(Uint8Array),
}

/// A source being read.
pub struct Chunks {
    reader: Reader,
    /// The bytes last read, and whatever longer chunk came before them.
    bytes: Vec<u8>,
}

enum Reader {
    /// The browser reads into the buffer it is lent, one and the same from chunk to chunk.
    Lent(ReadableStreamByobReader, Option<ArrayBuffer>),
    /// The browser makes each chunk: where it cannot read into a lent buffer.
    Made(ReadableStreamDefaultReader),
    /// There is no stream: all bytes are one chunk.
    Held(Option<Uint8Array>),
}

impl Source {
    /// Opens it at its first byte.
    pub async fn open(&self) -> Result<Chunks, Problem> {
        let bytes = Vec::new();
        let stream = match self {
            Self::Held(held) => {
                let reader = Reader::Held(Some(held.clone()));
                return Ok(Chunks { reader, bytes });
            }
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
        let reader = Reader::of(&stream).ok_or_else(|| Problem::Unreadable(String::new()))?;
        Ok(Chunks { reader, bytes })
    }
}

impl Reader {
    fn of(stream: &ReadableStream) -> Option<Self> {
        // Called by hand, since it throws where the browser or this stream cannot read into a lent buffer.
        let options = ReadableStreamGetReaderOptions::new();
        options.set_mode(ReadableStreamReaderMode::Byob);
        let lent = js_sys::Reflect::get(stream, &JsValue::from_str("getReader"))
            .ok()
            .and_then(|get| get.dyn_into::<js_sys::Function>().ok())
            .and_then(|get| get.call1(stream, &options).ok())
            .and_then(|reader| reader.dyn_into::<ReadableStreamByobReader>().ok());
        match lent {
            Some(reader) => Some(Self::Lent(reader, None)),
            None => stream.get_reader().dyn_into().ok().map(Self::Made),
        }
    }

    /// The next chunk; `None` at the end.
    async fn next(&mut self) -> Result<Option<Uint8Array>, JsValue> {
        let step = match self {
            Self::Lent(reader, buffer) => {
                let buffer = buffer.take().unwrap_or_else(|| ArrayBuffer::new(CHUNK));
                reader.read_with_array_buffer_view(&Uint8Array::new(&buffer))
            }
            Self::Made(reader) => reader.read(),
            Self::Held(held) => return Ok(held.take()),
        };
        let step = JsFuture::from(step).await?;
        let get =
            |key: &str| js_sys::Reflect::get(&step, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED);
        if get("done").is_truthy() {
            return Ok(None);
        }
        Ok(get("value").dyn_into::<Uint8Array>().ok())
    }

    fn cancel(&self) -> Option<Promise> {
        match self {
            Self::Lent(reader, _) => Some(reader.cancel()),
            Self::Made(reader) => Some(reader.cancel()),
            Self::Held(_) => None,
        }
    }
}

impl Chunks {
    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<&[u8]>, Problem> {
        let unreadable = |error: JsValue| Problem::Unreadable(words(&error));
        let Some(chunk) = self.reader.next().await.map_err(unreadable)? else {
            return Ok(None);
        };
        // Copied once, into memory that is there already.
        let length = usize::try_from(chunk.length()).unwrap_or(0);
        if self.bytes.len() < length {
            self.bytes.resize(length, 0);
        }
        let Some(bytes) = self.bytes.get_mut(..length) else {
            return Ok(None);
        };
        chunk.copy_to(bytes);
        if let Reader::Lent(_, buffer) = &mut self.reader {
            *buffer = Some(chunk.buffer());
        }
        Ok(Some(bytes))
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        // Frees the stream where reading stopped early; at its end this does nothing. A stream that broke
        // refuses, which is no news: its reader has been told.
        let Some(freed) = self.reader.cancel().map(JsFuture::from) else {
            return;
        };
        wasm_bindgen_futures::spawn_local(async move {
            let _ = freed.await;
        });
    }
}

/// What an error says of itself.
pub(super) fn words(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .unwrap_or_default()
}
