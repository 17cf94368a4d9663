//! What stays in the browser between two visits: the stored format, and the order in which it is written.
//!
//! Rule: bytes and order only, no IO: a [`Disk`] is handed in. A store is a folder of files:
//!
//! ```text
//! segment-<n>            rows of one file, written once, never changed
//! manifest-a manifest-b  which segments make up the tables, and their checksums: the same, twice
//! ```
//!
//! A commit writes its segment, waits until that is durable, then writes one manifest, waits, and writes the
//! other. At every moment one of the two is whole, and of two the one with the higher generation counts: so
//! an interrupted commit leaves either the previous state or its own, whole. (Tests cut the power at every
//! step.) What no manifest names is rubbish of such a commit and is removed. A manifest that is damaged
//! later loses nothing, since the other says the same; a damaged segment loses the rows of its file, which
//! is told.
//!
//! A manifest also has the steps of history: which segments are of which, and whether it stands. Taking a step
//! back writes one manifest and no rows; the rows of a step that was taken back go when another one comes in
//! its place, with the same manifest. All segments are read in their order, then what does not stand is taken
//! back. Segments of no step any more are joined when the page opens, where that pays.
//!
//! Everything that is read is checked, by checksum and then by value: bytes of any content give rows or a
//! [`Damage`], never a panic.

mod bytes;
mod column;
mod disk;
mod keeper;
mod manifest;
mod rows;
mod store;
#[cfg(test)]
mod testing;

pub use disk::{Disk, Fault};
pub use keeper::{Keeper, Right, Whole};
pub use manifest::{KeptStep, SegmentKind};
pub use rows::{orders, orders_chunk, stock, stock_chunk};
pub use store::{Batch, Chunks, Opened, Piece, Refused, Stay, Store, forget};

use std::fmt;

/// Why stored bytes are not taken for rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// They end too early, go on too long, or hold a value that cannot be.
    Malformed,
    /// They are of this version of the format, which is newer than this program.
    Newer(u16),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the stored bytes are damaged"),
            Self::Newer(version) => write!(f, "stored by a newer version (format {version})"),
        }
    }
}

/// Name of the folder for the page at `path` (the path of its address, from the root): two shops below one
/// origin keep their rows apart.
pub fn folder_name(path: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("stockpit-{:016x}", manifest::checksum(folder.as_bytes()))
}
