//! What crosses between the worker that is connected and the one that keeps the rows.
//!
//! Both are built together, so the wire format needs no versions.

use crate::ingest::{FileRead, ReadTask};
use crate::protocol::{FeedStatus, Secret};
use serde::{Deserialize, Serialize};

/// What the worker that is connected is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum LiveTask {
    /// Follow a source from now on, instead of one of the same number.
    Follow {
        /// Its number.
        id: u32,
        /// Its name and how its rows are to be read.
        task: Box<ReadTask>,
        /// Its address.
        url: String,
        /// Its token, with the name of the header where it goes in one.
        token: Option<(String, Secret)>,
        /// The name by which a broker knows us again.
        client: Option<String>,
        /// The last of its batches whose rows are here.
        resume: Option<u64>,
        /// The user stopped it: not before it is asked for.
        is_paused: bool,
    },
    /// Have a broker forget what it keeps for us: the source is no more.
    Leave {
        /// The address of the source.
        url: String,
        /// Its token, with the name of a header that is none.
        token: Option<(String, Secret)>,
        /// The name by which the broker knows us.
        client: Option<String>,
    },
    /// Try it now, also if it was stopped.
    Ask(u32),
    /// Leave it until asked.
    Pause(u32),
    /// Forget it.
    Remove(u32),
    /// The page goes: hear no more, and hand over what was heard.
    Rest,
    /// Say again how all sources fare.
    Tell,
    /// The rows of all updates are in the tables; it took so many milliseconds.
    Entered(u32, i64),
    /// Of its batches those up to here are in the tables, and no more.
    Resume(u32, Option<u64>),
    /// On the wire to a drill's server something has come.
    Wire(u32, Wire),
}

/// What goes over the wire to a server that is in the engine's worker: that of a drill.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Wire {
    /// Asks for a connection.
    Dial,
    /// It stands.
    Opened,
    /// A message.
    Text(String),
    /// It is at its end, with this code.
    Closed(u16),
}

/// What it tells.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum LiveNews {
    /// It runs and takes tasks.
    Ready,
    /// Rows, to be entered as a whole and in this order; [`LiveTask::Entered`] answers.
    Update {
        /// Number of the source.
        id: u32,
        /// What was read.
        reads: Vec<FileRead>,
        /// The last batch whose rows are here with these.
        seq: Option<u64>,
    },
    /// On the wire to a drill's server something is said.
    Wire(u32, Wire),
    /// How a source fares.
    Status(Box<FeedStatus>),
}
