//! Little-endian values in bytes, written and read. Reading trusts nothing.

use super::Damage;

/// Reads values off the front of some bytes.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Damage> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Damage::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        self.take(N)?.try_into().map_err(|_| Damage::Malformed)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Damage> {
        self.array().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Damage> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Damage> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, Damage> {
        self.array().map(i64::from_le_bytes)
    }

    /// A number of things that each take at least one byte of what is left, so that no length that was
    /// made up asks for memory that is not there.
    pub(super) fn length(&mut self) -> Result<usize, Damage> {
        let length = usize::try_from(self.u64()?).map_err(|_| Damage::Malformed)?;
        if length > self.0.len() {
            return Err(Damage::Malformed);
        }
        Ok(length)
    }

    /// A text with its length before it.
    pub(super) fn text(&mut self) -> Result<&'a str, Damage> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| Damage::Malformed)
    }

    /// What is left.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// Fails if anything is left.
    pub(super) const fn end(&self) -> Result<(), Damage> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Damage::Malformed)
        }
    }
}

/// Appends `length` as [`Reader::length`] reads it.
pub(super) fn put_length(to: &mut Vec<u8>, length: usize) {
    to.extend((length as u64).to_le_bytes());
}

/// Appends `text` as [`Reader::text`] reads it.
pub(super) fn put_text(to: &mut Vec<u8>, text: &str) {
    put_length(to, text.len());
    to.extend(text.as_bytes());
}
