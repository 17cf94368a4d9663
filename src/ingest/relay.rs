//! What crosses between the worker that reads a file and the one that keeps its rows.
//!
//! Both are built together, so the wire format needs no versions.

use super::{Decoders, Encoding, FileRead, FileReader, Head, Options};
use crate::model::OrderBlock;
use crate::protocol::{Decision, Problem};
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
    decisions: Vec<Decision>,
    /// Rows of the head and the label of its encoding, where only that is wanted.
    head: Option<(u64, String)>,
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
            decisions: options.decisions.clone(),
            head: options.head.map(|head| {
                let encoding = head.encoding.map_or("", Encoding::name);
                (head.rows, encoding.to_owned())
            }),
        }
    }

    /// Whether only the head of the file is wanted.
    pub const fn is_head(&self) -> bool {
        self.head.is_some()
    }

    /// Begins to read.
    pub fn reader(&self, decoders: Decoders) -> FileReader {
        FileReader::new(&self.name, self.size, self.options(decoders))
    }

    /// How it is to be read, with the decoders of who reads.
    pub fn options(&self, decoders: Decoders) -> Options {
        let zone = Zone::named(&self.zone).unwrap_or_default();
        Options {
            zone: zone.with_day_starting(self.day_starts),
            currency: self.currency.clone(),
            salt: self.salt,
            decoders,
            decisions: self.decisions.clone(),
            head: self
                .head
                .as_ref()
                .map(|(rows, encoding)| Head::new(*rows, encoding)),
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
