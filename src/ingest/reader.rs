//! One file, byte by byte, into blocks of rows.

use super::Options;
use super::encoding::Encoding;
use super::layout::Layout;
use super::learnt::{Amend, Learnt};
use super::report::{Outcome, report};
use super::sight::{readings, sight};
use super::stream::{End, Halt, Start, Stream};
use super::table::Table;
use crate::model::{OrderBlock, StockBatch};
use crate::protocol::{FileReport, Problem, Reading, RefusedRow, Sight};
use serde::{Deserialize, Serialize};

/// First bytes of a file that the hypothesis is made from; more where they do not hold two rows.
const HEAD: usize = 128 << 10;

/// What to do after some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Go on.
    More,
    /// What was assumed proved wrong: read the file again from its first byte.
    Again,
    /// Nothing to gain from reading on: call [`FileReader::finish`].
    Stop,
}

/// What to do after the last byte.
pub enum ReadEnd {
    /// What was assumed proved wrong: read the file again from its first byte.
    Again(FileReader),
    /// Done.
    Done(FileRead),
}

/// What was read of a file, but for the blocks that were taken before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileRead {
    /// What was understood and refused; counts of duplicates are set when the rows are merged.
    pub report: FileReport,
    /// The rows.
    pub rows: RowsRead,
    /// All refused rows, up to 1,000,000.
    pub refused: Vec<RefusedRow>,
    /// What its columns are taken for, where only its head was wanted.
    pub sight: Option<Box<Sight>>,
}

/// Rows of a file, as its reader hands them over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum RowsRead {
    /// No row was understood: what blocks were taken hold none.
    None,
    /// Order lines: the blocks that were not taken before.
    Orders(Vec<OrderBlock>),
    /// Stock levels.
    Stock(Box<StockBatch>),
}

/// One file on its way into rows.
pub struct FileReader {
    name: String,
    size: u64,
    options: Options,
    learnt: Learnt,
    head: usize,
    head_size: usize,
    phase: Phase,
    /// How the first lines look in each encoding, where only the head is wanted.
    readings: Vec<Reading>,
}

enum Phase {
    /// Collecting the first bytes.
    Head(Vec<u8>),
    /// Reading rows.
    Reading(Box<Stream>),
    /// Nothing to gain from reading on.
    Stopped(Box<Stopped>),
}

struct Stopped {
    problem: Problem,
    encoding: Option<Encoding>,
    table: Option<Table>,
}

impl FileReader {
    /// Starts with a file of this name and size in bytes.
    pub fn new(name: &str, size: u64, options: Options) -> Self {
        Self {
            name: name.to_owned(),
            size,
            learnt: Learnt::of(options.head.and_then(|head| head.encoding)),
            options,
            head: HEAD,
            head_size: HEAD,
            phase: Phase::Head(Vec::new()),
            readings: Vec::new(),
        }
    }

    /// Forms the hypothesis from the first `bytes` of the file instead of 128 KB, so that tests need no large
    /// files to see it refuted. To be called before the first byte.
    #[must_use]
    pub fn with_head(mut self, bytes: usize) -> Self {
        self.head = bytes.max(1);
        self.head_size = self.head;
        self
    }

    /// Reads the next bytes of the file, in order. Where they are cut makes no difference.
    pub fn push(&mut self, mut chunk: &[u8]) -> Step {
        loop {
            match &mut self.phase {
                Phase::Stopped(_) => return Step::Stop,
                Phase::Reading(stream) => {
                    let halted = stream.feed(chunk);
                    let encoding = stream.encoding();
                    return match halted {
                        Ok(()) if stream.is_full() => Step::Stop,
                        Ok(()) => Step::More,
                        Err(Halt::Amend(amend)) => self.again(amend),
                        Err(Halt::Failed(problem)) => self.stop(problem, Some(encoding), None),
                    };
                }
                Phase::Head(head) => {
                    let room = self.head_size.saturating_sub(head.len()).min(chunk.len());
                    let (first, rest) = chunk.split_at(room);
                    head.extend_from_slice(first);
                    chunk = rest;
                    if head.len() < self.head_size {
                        return Step::More;
                    }
                    let head = std::mem::take(head);
                    let step = self.start(head, false);
                    if step != Step::More {
                        return step;
                    }
                }
            }
        }
    }

    /// After the last byte.
    pub fn finish(mut self) -> ReadEnd {
        // A file that fits in the head is here as a whole: no need to have it read again.
        let whole = match &mut self.phase {
            Phase::Head(head) => std::mem::take(head),
            _ => Vec::new(),
        };
        loop {
            if let Phase::Head(_) = self.phase {
                self.head_size = self.head;
                if self.start(whole.clone(), true) == Step::Again {
                    continue;
                }
            }
            match std::mem::replace(&mut self.phase, Phase::Head(Vec::new())) {
                // What is between it and the end of the file is not known, and not wanted.
                Phase::Reading(stream) if stream.is_full() => {
                    let encoding = Some(stream.encoding());
                    let table = stream.into_table().map(|table| *table);
                    return ReadEnd::Done(self.done(encoding, table, None));
                }
                Phase::Reading(stream) => {
                    let encoding = Some(stream.encoding());
                    match stream.finish(&self.options, &self.learnt) {
                        End::Amend(amend) => {
                            if self.again(amend) == Step::Stop {
                                continue;
                            }
                            if whole.is_empty() {
                                return ReadEnd::Again(self);
                            }
                        }
                        End::Failed(problem) => {
                            return ReadEnd::Done(self.done(encoding, None, Some(problem)));
                        }
                        End::Read(table) => {
                            let problem = if table.is_readable() {
                                None
                            } else {
                                Some(unreadable(&table.layout))
                            };
                            return ReadEnd::Done(self.done(encoding, Some(*table), problem));
                        }
                    }
                }
                Phase::Stopped(stopped) => {
                    let Stopped {
                        problem,
                        encoding,
                        table,
                    } = *stopped;
                    return ReadEnd::Done(self.done(encoding, table, Some(problem)));
                }
                // Not reached: starting with the whole file leads to reading or stops.
                Phase::Head(_) => return ReadEnd::Done(self.done(None, None, Some(Problem::EmptyFile))),
            }
        }
    }

    /// Data rows seen so far.
    pub fn rows(&self) -> u64 {
        if let Phase::Reading(stream) = &self.phase {
            stream.rows()
        } else {
            0
        }
    }

    /// Blocks of order lines that are full, in the order in which they are to be entered. After
    /// [`Step::Again`] those given before are void.
    pub fn take_blocks(&mut self) -> Vec<OrderBlock> {
        if let Phase::Reading(stream) = &mut self.phase {
            stream.take_blocks()
        } else {
            Vec::new()
        }
    }

    /// Forms the hypothesis and reads the head under it.
    fn start(&mut self, head: Vec<u8>, whole: bool) -> Step {
        if self.options.head.is_some() && self.readings.is_empty() {
            self.readings = readings(&head, self.options.decoders);
        }
        match Stream::start(&head, whole, &self.options, &self.learnt) {
            Start::NeedsMore => {
                self.head_size *= 4;
                self.phase = Phase::Head(head);
                Step::More
            }
            Start::Failed(problem, encoding) => self.stop(problem, encoding, None),
            Start::NotReadable(table, encoding) => {
                let problem = unreadable(&table.layout);
                self.stop(problem, Some(encoding), Some(*table))
            }
            Start::Reading(mut stream, mark) => {
                let fed = stream.feed(head.get(mark..).unwrap_or_default());
                let encoding = stream.encoding();
                // So many rows in the head, so many in the file: nothing is moved to grow.
                let (rows, bytes) = (stream.rows(), head.len() as u64);
                if self.size > bytes {
                    let expected = rows.saturating_mul(self.size) / bytes.max(1);
                    stream.expect(usize::try_from(expected - rows).unwrap_or(0));
                }
                self.phase = Phase::Reading(stream);
                match fed {
                    Ok(()) if self.is_full() => Step::Stop,
                    Ok(()) => Step::More,
                    Err(Halt::Amend(amend)) => self.again(amend),
                    Err(Halt::Failed(problem)) => self.stop(problem, Some(encoding), None),
                }
            }
        }
    }

    const fn is_full(&self) -> bool {
        matches!(&self.phase, Phase::Reading(stream) if stream.is_full())
    }

    fn stop(&mut self, problem: Problem, encoding: Option<Encoding>, table: Option<Table>) -> Step {
        self.phase = Phase::Stopped(Box::new(Stopped {
            problem,
            encoding,
            table,
        }));
        Step::Stop
    }

    fn again(&mut self, amend: Amend) -> Step {
        if !self.learnt.learn(amend) {
            // Ruled out and yet assumed: cannot be, and must not become a loop.
            return self.stop(
                Problem::Unreadable("no reading of this file holds".to_owned()),
                None,
                None,
            );
        }
        self.head_size = self.head;
        self.phase = Phase::Head(Vec::new());
        Step::Again
    }

    fn done(self, encoding: Option<Encoding>, table: Option<Table>, problem: Option<Problem>) -> FileRead {
        let outcome = Outcome {
            name: self.name,
            size: self.size,
            encoding,
            problem,
        };
        let report = report(outcome, table.as_ref());
        let Some(mut table) = table else {
            return FileRead {
                report,
                rows: RowsRead::None,
                refused: Vec::new(),
                sight: None,
            };
        };
        let sight = self
            .options
            .head
            .map(|_| Box::new(sight(&table.layout, self.readings)));
        let refused = std::mem::take(&mut table.ledger.refused);
        FileRead {
            report,
            rows: table.into_rows(),
            refused,
            sight,
        }
    }
}

/// Why a table cannot be read into the model.
pub(super) fn unreadable(layout: &Layout) -> Problem {
    if layout.mapping.is_listing {
        Problem::NotOrdersNorStock
    } else if layout.sample.rows.is_empty() {
        Problem::NoRows
    } else {
        Problem::UnknownHeader
    }
}
