//! What crosses between the worker that reads a file and the one that keeps its rows.
//!
//! Both are built together, so the wire format needs no versions.

use super::{Decoders, FileRead, FileReader, Options};
use crate::model::OrderBlock;
use crate::protocol::Problem;
use crate::time::Zone;
use serde::{Deserialize, Serialize};

/// Read a file, whose bytes come from the blob beside the message or from `url`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadTask {
    /// Its name.
    pub name: String,
    /// Its size in bytes; 0: unknown.
    pub size: u64,
    /// Absolute address to fetch it from.
    pub url: Option<String>,
    /// Name of the zone of times that name none.
    zone: String,
    day_starts: u16,
    currency: String,
    salt: u64,
}

impl ReadTask {
    /// To read a file as `options` say; decoders are the reader's own.
    pub fn new(name: String, size: u64, url: Option<String>, options: &Options) -> Self {
        Self {
            name,
            size,
            url,
            zone: options.zone.name().to_owned(),
            day_starts: options.zone.day_starts(),
            currency: options.currency.clone(),
            salt: options.salt,
        }
    }

    /// Begins to read.
    pub fn reader(&self, decoders: Decoders) -> FileReader {
        FileReader::new(&self.name, self.size, self.options(decoders))
    }

    pub(super) fn options(&self, decoders: Decoders) -> Options {
        let zone = Zone::named(&self.zone).unwrap_or_default();
        Options {
            zone: zone.with_day_starting(self.day_starts),
            currency: self.currency.clone(),
            salt: self.salt,
            decoders,
        }
    }
}

/// How it goes.
#[expect(clippy::large_enum_variant, reason = "most of them are the largest")]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ReadNews {
    /// The worker runs and takes a task.
    Ready,
    /// So far.
    Progress {
        /// Bytes read.
        bytes: u64,
        /// Data rows seen.
        rows: u64,
    },
    /// The next order lines. To be acknowledged, so that never many wait.
    Block(OrderBlock),
    /// The part is read anew from its first row: its blocks so far are void.
    Again,
    /// The end of a part, and what blocks did not hold. Text is one part, a container may have several.
    Done(FileRead),
    /// The end of the file.
    End,
    /// It cannot be read on.
    Failed(Problem),
}
