//! Sources that come by themselves: when to look again, how long to wait after a failure, which files of a
//! folder are there whole.
//!
//! Rule: state machines without clock and chance; `now` and a random number are arguments. Whoever hosts them
//! does the looking.

mod backoff;
mod folder;
mod poll;

pub use backoff::Backoff;
pub use folder::Folder;
pub use poll::{Poll, retry_after};

use xxhash_rust::xxh64::Xxh64;

/// What tells two answers of an address apart, whether or not the server says so.
#[derive(Clone, Default)]
pub struct Print(Xxh64);

impl Print {
    /// Takes the next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// That of all bytes taken.
    pub fn value(&self) -> u64 {
        self.0.digest()
    }
}
