//! Bytes of a file → UTF-8, under one assumed encoding, which every byte has to bear out.

use super::encoding::{Decoder, Decoders, Encoding, NotThis};

/// Decodes a file chunk by chunk; characters may lie across chunks.
pub(super) struct TextStream {
    encoding: Encoding,
    decoder: Option<Box<dyn Decoder>>,
    decoded: String,
    /// Bytes of a character whose rest is in the next chunk.
    tail: Vec<u8>,
    seen_wide: bool,
    /// Not to be doubted, as long as it can be read.
    is_decided: bool,
    pairs: GbPairs,
}

impl TextStream {
    pub(super) fn new(encoding: Encoding, decoders: Decoders, is_decided: bool) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => None,
            _ => decoders.decoder(encoding),
        };
        Self {
            encoding,
            decoder,
            decoded: String::new(),
            tail: Vec::new(),
            seen_wide: false,
            is_decided,
            pairs: GbPairs::default(),
        }
    }

    pub(super) const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The text of the next bytes, in two pieces.
    ///
    /// # Errors
    /// [`NotThis`] when the bytes are not of this encoding.
    pub(super) fn feed<'a>(&'a mut self, bytes: &'a [u8]) -> Result<[&'a str; 2], NotThis> {
        if self.encoding == Encoding::Utf8 {
            self.feed_utf8(bytes)
        } else {
            self.decode(bytes, false)?;
            Ok([&self.decoded, ""])
        }
    }

    /// The text left over after the last byte.
    ///
    /// # Errors
    /// [`NotThis`] when the file as a whole is not of this encoding.
    pub(super) fn finish(&mut self) -> Result<&str, NotThis> {
        match self.encoding {
            // A file cut inside a character is still the UTF-8 that all before it was; but a single wide
            // byte at the very end proves nothing.
            Encoding::Utf8 if self.tail.is_empty() || self.seen_wide => Ok(""),
            Encoding::Utf8 => Err(NotThis),
            _ => {
                self.decode(&[], true)?;
                if self.encoding == Encoding::Gb18030 && !self.is_decided && !self.pairs.is_plausible() {
                    return Err(NotThis);
                }
                Ok(&self.decoded)
            }
        }
    }

    fn feed_utf8<'a>(&'a mut self, mut bytes: &'a [u8]) -> Result<[&'a str; 2], NotThis> {
        self.decoded.clear();
        while !self.tail.is_empty() {
            let Some((first, rest)) = bytes.split_first() else {
                return Ok(["", ""]);
            };
            self.tail.push(*first);
            bytes = rest;
            match std::str::from_utf8(&self.tail) {
                Ok(character) => {
                    self.seen_wide = true;
                    self.decoded.push_str(character);
                    self.tail.clear();
                }
                Err(error) if error.error_len().is_some() => return Err(NotThis),
                Err(_) => {}
            }
        }
        let (whole, rest) = bytes.split_at(whole_characters(bytes));
        let whole = simdutf8::basic::from_utf8(whole).map_err(|_| NotThis)?;
        if std::str::from_utf8(rest).is_err_and(|error| error.error_len().is_some()) {
            return Err(NotThis);
        }
        self.tail.extend_from_slice(rest);
        self.seen_wide = self.seen_wide || !whole.is_ascii();
        Ok([&self.decoded, whole])
    }

    fn decode(&mut self, bytes: &[u8], last: bool) -> Result<(), NotThis> {
        if self.encoding == Encoding::Gb18030 {
            self.pairs.feed(bytes);
        }
        let decoder = self.decoder.as_mut().ok_or(NotThis)?;
        decoder.decode(bytes, last, &mut self.decoded)
    }
}

/// Length of `bytes` without the character that is cut off at their end, if one is.
fn whole_characters(bytes: &[u8]) -> usize {
    // A character takes four bytes at most; its first one says how many.
    for back in 1..=bytes.len().min(3) {
        let at = bytes.len() - back;
        let needs = match bytes.get(at) {
            Some(0x80..=0xBF) => continue,
            Some(0xC0..=0xDF) => 2,
            Some(0xE0..=0xEF) => 3,
            Some(0xF0..=0xF7) => 4,
            _ => 1,
        };
        return if needs > back { at } else { bytes.len() };
    }
    bytes.len()
}

/// Counts what the two-byte characters of a supposed GB18030 file are. Western text read as GB18030
/// is often valid too: an accented letter swallows the ASCII letter after it. Chinese text is made of
/// pairs of two high bytes, most from the common half of GB2312.
#[derive(Clone, Copy, Debug, Default)]
struct GbPairs {
    common: u64,
    other: u64,
    lead: u8,
    /// Bytes of a four-byte character still to come.
    skip: u8,
}

impl GbPairs {
    fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if self.skip > 0 {
                self.skip -= 1;
            } else if self.lead != 0 {
                let common = matches!(self.lead, 0xA1..=0xA9 | 0xB0..=0xD7) && byte >= 0xA1;
                self.common += u64::from(common);
                self.other += u64::from(!common);
                self.skip = if byte.is_ascii_digit() { 2 } else { 0 };
                self.lead = 0;
            } else if byte >= 0x80 {
                self.lead = byte;
            }
        }
    }

    const fn is_plausible(self) -> bool {
        self.common * 10 >= (self.common + self.other) * 6
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
