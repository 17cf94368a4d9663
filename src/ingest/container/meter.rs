//! How much may come out of an archive: small files that unpack without end are stopped early.

use crate::protocol::Problem;
use std::io::Read;

/// What a file of archives may come to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes unpacked, of all parts together.
    pub unpacked: u64,
    /// Bytes of one part that is held as a whole.
    pub held: u64,
    /// Bytes that come out for each that goes in; real exports stay below 100.
    pub ratio: u64,
    /// Bytes that may come out at any ratio.
    pub free: u64,
    /// Reports of one file.
    pub parts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked: 1 << 30,
            held: super::MOST_HELD,
            ratio: 250,
            free: 32 << 20,
            parts: 256,
        }
    }
}

/// Counts what comes out.
#[derive(Debug)]
pub(super) struct Meter {
    pub limits: Limits,
    spent: u64,
}

impl Meter {
    pub(super) const fn new(limits: Limits) -> Self {
        Self { limits, spent: 0 }
    }

    /// What has been spent is spent for good.
    pub(super) fn spend(&mut self, bytes: u64) {
        self.spent = self.spent.saturating_add(bytes);
    }

    /// Whether `out` bytes may come out of a part of `packed` bytes.
    ///
    /// # Errors
    /// [`Problem::Unpacks`] or [`Problem::Bomb`] if they are too many.
    pub(super) fn allows(&self, packed: u64, out: u64) -> Result<(), Problem> {
        if self.spent.saturating_add(out) > self.limits.unpacked {
            return Err(Problem::Unpacks(self.limits.unpacked >> 20));
        }
        if out > self.limits.free && out / packed.max(1) > self.limits.ratio {
            return Err(Problem::Bomb(self.limits.ratio));
        }
        Ok(())
    }

    /// All that comes out of `source`, a part of `packed` bytes in a container of this `kind`.
    ///
    /// # Errors
    /// [`Problem::Unpacks`], [`Problem::Bomb`], and [`Problem::Damaged`] for bytes that do not unpack.
    pub(super) fn read_whole(
        &mut self,
        source: &mut impl Read,
        packed: u64,
        kind: &str,
    ) -> Result<Vec<u8>, Problem> {
        let mut whole = Vec::new();
        self.each_piece(source, packed, kind, |piece, _| {
            whole.extend_from_slice(piece);
        })?;
        Ok(whole)
    }

    /// Gives all that comes out of `source` piece by piece, and how many bytes came before; the sum.
    ///
    /// # Errors
    /// As [`Self::read_whole`].
    pub(super) fn each_piece(
        &mut self,
        source: &mut impl Read,
        packed: u64,
        kind: &str,
        mut each: impl FnMut(&[u8], u64),
    ) -> Result<u64, Problem> {
        let mut buffer = vec![0; 64 << 10];
        let mut out = 0;
        loop {
            let read = source
                .read(&mut buffer)
                .map_err(|_| Problem::Damaged(kind.to_owned()))?;
            let piece = buffer.get(..read).unwrap_or_default();
            if piece.is_empty() {
                self.spend(out);
                return Ok(out);
            }
            self.allows(packed, out + piece.len() as u64)?;
            if out + piece.len() as u64 > self.limits.held {
                return Err(Problem::Unpacks(self.limits.held >> 20));
            }
            each(piece, out);
            out += piece.len() as u64;
        }
    }
}
