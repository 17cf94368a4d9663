//! The browser's own decoder of text.

use crate::ingest::{Decoder, Decoders, Encoding, NotThis};
use wasm_bindgen::JsValue;
use web_sys::{TextDecodeOptions, TextDecoder, TextDecoderOptions};

/// Most bytes decoded at once: their text lies in the browser's memory before it lies in ours.
const PIECE: usize = 1 << 20;

/// What the engine reads encodings other than UTF-8 through.
pub const fn decoders() -> Decoders {
    Decoders::new(make)
}

struct Browser {
    decoder: TextDecoder,
    more: TextDecodeOptions,
    end: TextDecodeOptions,
}

fn make(encoding: Encoding) -> Option<Box<dyn Decoder>> {
    let options = TextDecoderOptions::new();
    options.set_fatal(encoding == Encoding::Gb18030);
    // Marks are taken off where a file begins; elsewhere they are characters. web-sys does not know of it.
    js_sys::Reflect::set(&options, &JsValue::from_str("ignoreBOM"), &JsValue::TRUE).ok()?;
    let decoder = TextDecoder::new_with_label_and_options(encoding.name(), &options).ok()?;
    let [more, end] = [true, false].map(|more| {
        let options = TextDecodeOptions::new();
        options.set_stream(more);
        options
    });
    Some(Box::new(Browser { decoder, more, end }))
}

impl Decoder for Browser {
    fn decode(&mut self, bytes: &[u8], last: bool, text: &mut String) -> Result<(), NotThis> {
        text.clear();
        let mut rest = bytes;
        loop {
            let (piece, after) = rest.split_at(rest.len().min(PIECE));
            rest = after;
            let options = if last && rest.is_empty() {
                &self.end
            } else {
                &self.more
            };
            let decoded = self
                .decoder
                .decode_with_u8_array_and_options(piece, options)
                .map_err(|_| NotThis)?;
            if text.is_empty() {
                *text = decoded;
            } else {
                text.push_str(&decoded);
            }
            if rest.is_empty() {
                return Ok(());
            }
        }
    }
}
