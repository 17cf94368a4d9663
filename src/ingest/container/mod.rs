//! Files that hold tables without being text: workbooks, HTML tables, archives of any of these.
//!
//! One file gives several parts, a [`FileRead`] each: every sheet, every entry of an archive. A part that fails
//! stops no other. Told by bytes, never by the ending of a name.
//!
//! A container is held as a whole, since its list of contents stands at its end; what is in it is read row by row,
//! but for `.xls`, whose cells are held too. [`Limits`] bound each of these, and what they do not see the
//! reader's binary does: its memory ends at 2 GB (build.rs), and then it ends, not the engine.

mod archive;
mod book;
mod cell;
mod compound;
mod grid;
mod html;
mod meter;
mod ods;
mod sheet;
mod tags;

use super::{Decoders, FileRead, Options, ReadNews, ReadTask, RowsRead, magic, unread};
use crate::protocol::Problem;
use meter::{Limits, Meter};

/// A kind of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A ZIP archive, which `.xlsx` and `.ods` are too.
    Zip,
    /// A compound file of Microsoft's: `.xls`, and any workbook with a password.
    Compound,
    /// Tables of a web page, which many back offices call `.xls`.
    Html,
}

/// First bytes of a file that [`container_of`] wants to see, if there are so many.
pub const CONTAINER_HEAD: usize = 4096;
/// Most bytes of a container.
pub const MOST_HELD: u64 = 256 << 20;

/// What container a file is that begins with `head`; `None`: none, so that it has to be text.
pub fn container_of(head: &[u8]) -> Option<Container> {
    let head = head.get(..CONTAINER_HEAD).unwrap_or(head);
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(Container::Zip);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Some(Container::Compound);
    }
    html::is_html(head).then_some(Container::Html)
}

/// Reads all parts of a container of these `bytes`. Hands over blocks, progress and reports as they come, at least
/// one report; never [`ReadNews::Ready`], [`ReadNews::Failed`] or [`ReadNews::End`].
pub async fn read_container<H: AsyncFnMut(ReadNews)>(
    bytes: Vec<u8>,
    task: &ReadTask,
    decoders: Decoders,
    hand: &mut H,
) {
    read_within(bytes, task, decoders, Limits::default(), hand).await;
}

async fn read_within<H: AsyncFnMut(ReadNews)>(
    bytes: Vec<u8>,
    task: &ReadTask,
    decoders: Decoders,
    limits: Limits,
    hand: &mut H,
) {
    let size = bytes.len() as u64;
    let mut parts = Parts {
        options: task.options(decoders),
        meter: Meter::new(limits),
        told: 0,
        hand,
    };
    let place = Place {
        name: task.name.clone(),
        depth: 0,
        from: 0,
        bytes: size,
    };
    if let Err(problem) = archive::unpack(&mut parts, &place, &bytes).await {
        parts.fail(&place.name, size, problem).await;
    }
    if parts.told == 0 {
        parts.fail(&place.name, size, Problem::NothingInside).await;
    }
}

/// Where a container lies.
#[derive(Clone, Debug)]
struct Place {
    /// Its name, with the names of those that it lies in.
    name: String,
    /// How many archives it lies in.
    depth: u32,
    /// Where its bytes lie in the file that was chosen, for progress.
    from: u64,
    bytes: u64,
}

impl Place {
    fn inner(&self, name: &str) -> String {
        format!("{} › {name}", self.name)
    }

    /// Bytes of the file that was chosen, once `done` of `all` are done.
    fn progress(&self, done: u64, all: u64) -> u64 {
        let share = u128::from(self.bytes) * u128::from(done.min(all)) / u128::from(all.max(1));
        self.from + u64::try_from(share).unwrap_or(self.bytes)
    }
}

/// The parts of one file, as they are told.
struct Parts<'a, H> {
    options: Options,
    meter: Meter,
    /// Reports so far.
    told: u32,
    hand: &'a mut H,
}

impl<H: AsyncFnMut(ReadNews)> Parts<'_, H> {
    async fn hand(&mut self, news: ReadNews) {
        (self.hand)(news).await;
    }

    /// The report of a part.
    async fn tell(&mut self, mut read: FileRead) {
        self.told += 1;
        if let RowsRead::Orders(blocks) = &mut read.rows {
            for block in std::mem::take(blocks) {
                self.hand(ReadNews::Block(block)).await;
            }
        }
        self.hand(ReadNews::Done(read)).await;
    }

    /// The report of a part of which nothing was read.
    async fn fail(&mut self, name: &str, size: u64, problem: Problem) {
        let report = *unread(name, size, problem);
        self.tell(FileRead {
            report,
            rows: RowsRead::None,
            refused: Vec::new(),
            sight: None,
        })
        .await;
    }

    /// # Errors
    /// [`Problem::TooManyParts`] when there are as many as are read.
    fn has_room(&self) -> Result<(), Problem> {
        if self.told < self.meter.limits.parts {
            Ok(())
        } else {
            Err(Problem::TooManyParts(u64::from(self.meter.limits.parts)))
        }
    }
}

/// Kind of a file that is no container after all.
fn not_text(bytes: &[u8]) -> Problem {
    Problem::NotATable(magic::not_text(bytes).unwrap_or("binary").to_owned())
}

#[cfg(test)]
mod tests;
