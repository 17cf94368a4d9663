//! What stays in the browser when the page closes.

use serde::{Deserialize, Serialize};

/// Whether rows survive the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keeping {
    /// There is nothing to keep.
    #[default]
    Nothing,
    /// All rows of the user's files are kept.
    Kept,
    /// Rows are being written.
    Writing,
    /// The browser offers no storage, or none to this page (private windows do that).
    NoStorage,
    /// There was no room: the last rows are only in memory.
    Full,
    /// Another tab of this page keeps the rows; what this one reads stays in its memory.
    OtherTab,
    /// A newer version of this page keeps rows here, in this version of the format: they are left alone.
    Newer(u16),
    /// Writing or reading failed, in the browser's words.
    Failed(String),
}

impl Keeping {
    /// Name in attributes.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Kept => "kept",
            Self::Writing => "writing",
            Self::NoStorage => "no-storage",
            Self::Full => "full",
            Self::OtherTab => "other-tab",
            Self::Newer(_) => "newer",
            Self::Failed(_) => "failed",
        }
    }

    /// Whether rows of this page are lost when it closes.
    pub const fn is_trouble(&self) -> bool {
        !matches!(self, Self::Nothing | Self::Kept | Self::Writing)
    }
}

/// What stays in the browser, and how safely.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Whether rows survive the page.
    pub keeping: Keeping,
    /// Files whose rows are kept.
    pub files: u32,
    /// Bytes that they take.
    pub bytes: u64,
    /// How long it took to restore them when the page opened, in milliseconds.
    pub restored_millis: u64,
    /// Bytes that all of this address takes in the browser, and that it may take; `None`: not told.
    pub room: Option<(u64, u64)>,
    /// Whether the browser promised never to clear it by itself; `None`: not told.
    pub persistent: Option<bool>,
    /// Files whose kept rows were found damaged: none of their rows is here.
    pub lost: Vec<String>,
    /// What was kept was found damaged as a whole: nothing of it is here.
    pub lost_all: bool,
}
