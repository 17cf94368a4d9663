//! One file, byte by byte, into rows that enter the tables as a whole.

use super::reader::{FileRead, FileReader, ReadEnd, RowsRead, Step};
use super::{EVENTS, Imported, Options, Rows};
use crate::model::{OrderBatch, OrderBlock};

/// What to do after the last byte.
pub enum Finish {
    /// What was assumed proved wrong: read the file again from its first byte.
    Again(Import),
    /// Done.
    Done(Imported),
}

/// A [`FileReader`] and its [`Intake`] in one.
pub struct Import {
    reader: FileReader,
    intake: Intake,
}

impl Import {
    /// See [`FileReader::new`].
    pub fn new(name: &str, size: u64, options: Options) -> Self {
        Self::of(FileReader::new(name, size, options))
    }

    /// See [`FileReader::with_head`].
    #[must_use]
    pub fn with_head(self, bytes: usize) -> Self {
        Self::of(self.reader.with_head(bytes))
    }

    fn of(reader: FileReader) -> Self {
        Self {
            reader,
            intake: Intake::default(),
        }
    }

    /// See [`FileReader::push`].
    pub fn push(&mut self, chunk: &[u8]) -> Step {
        let step = self.reader.push(chunk);
        if step == Step::Again {
            self.intake = Intake::default();
        }
        for block in self.reader.take_blocks() {
            self.intake.enter(block);
        }
        step
    }

    /// See [`FileReader::finish`].
    pub fn finish(self) -> Finish {
        match self.reader.finish() {
            ReadEnd::Again(reader) => Finish::Again(Self::of(reader)),
            ReadEnd::Done(read) => Finish::Done(self.intake.finish(read)),
        }
    }

    /// See [`FileReader::rows`].
    pub fn rows(&self) -> u64 {
        self.reader.rows()
    }
}

/// Takes in what a [`FileReader`] gives, perhaps from another worker.
#[derive(Debug, Default)]
pub struct Intake {
    orders: OrderBatch,
}

impl Intake {
    /// For what was read of `read`: a file, or events in the order in which they happened.
    pub fn of(read: &FileRead) -> Self {
        let is_live = read.report.profile == EVENTS;
        Self {
            orders: if is_live {
                OrderBatch::live()
            } else {
                OrderBatch::default()
            },
        }
    }

    /// The next block.
    pub fn enter(&mut self, block: OrderBlock) {
        self.orders.enter(block);
    }

    /// The rest: all rows and the report.
    pub fn finish(mut self, read: FileRead) -> Imported {
        let rows = match read.rows {
            RowsRead::None => Rows::None,
            RowsRead::Orders(blocks) => {
                blocks.into_iter().for_each(|block| self.orders.enter(block));
                Rows::Orders(self.orders)
            }
            RowsRead::Stock(batch) => Rows::Stock(*batch),
        };
        Imported {
            report: read.report,
            rows,
            refused: read.refused,
            sight: read.sight,
        }
    }
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
