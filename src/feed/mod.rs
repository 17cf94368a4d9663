//! Sources that come by themselves: when to look again, how long to wait after a failure, which files of a
//! folder are there whole; what a source that stays connected says, and in which order that counts.
//!
//! Rule: state machines without clock, chance and sockets; `now` and a random number are arguments. Whoever hosts them
//! does the looking.

mod backoff;
mod envelope;
mod events;
mod folder;
mod live;
mod mqtt;
mod poll;
mod relay;
mod turns;

pub use backoff::Backoff;
pub use envelope::{Batch, Envelope, PROTOCOL, envelope};
pub use events::{EventStream, StreamEvent};
pub use folder::Folder;
pub use live::{Live, Need};
pub use mqtt::{Login, Mqtt, MqttEvent};
pub use poll::{Poll, retry_after};
pub use relay::{LiveNews, LiveTask, Wire};
pub use turns::Turns;

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
