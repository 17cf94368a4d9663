//! What crosses between page and engine: commands go up, events come down, rows stay in the worker.
//!
//! Rule: plain values only, no larger than a screen shows. Both ends are built together, so the wire
//! format (postcard) needs no versions; a worker of another build is refused by its file name.

mod alert;
mod feed;
mod kept;
mod mapping;
mod number;
mod quality;
mod report;
mod rule;
mod step;
mod trial;
mod view;

pub use alert::{AlertLine, AlertView, Proof, ProofOf, Severity, SilenceLine};
pub use feed::{
    DRILL, FeedPlace, FeedPlan, FeedProblem, FeedState, FeedStatus, FileMark, LiveStatus, Mishap, Secret,
    broker, is_broker, is_drill, is_live,
};
pub use kept::{Keeping, Kept};
pub use mapping::{Choice, Decision, FIELDS, FieldInfo, Gap, Preview, Reading, Sight, SightColumn, remember};
pub use number::Number;
pub use quality::{Case, Check, Finding};
pub use report::{
    ColumnReport, FileKind, FileReport, FileState, Note, PersonalColumn, Problem, RefusalGroup, RefusedRow,
    Use,
};
pub use rule::{Quiet, RuleFault, RuleWhy, RulesView};
pub use step::{StepDiff, StepInfo, StepTotals};
pub use trial::{Past, RunOut, Spell, Trial};
pub use view::{
    Breakdown, BreakdownRow, Cockpit, Comparison, DataSource, Facts, Headline, Kpi, Measure, MetricId,
    OverstockLine, Series, SeriesPoint, SourceInfo, StockLine, StockState, StockView, TopSku, WarehouseCell,
    WarehouseCover, WarehouseRow,
};

use crate::model::Dim;
use crate::time::{Grain, Span, UtcMillis};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// User settings that change what the engine computes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// IANA name of the shop's time zone; an unknown one counts as Asia/Shanghai.
    pub zone: String,
    /// Currency of files that do not say theirs; empty: unknown.
    pub currency: String,
    /// Minutes after midnight at which a business day begins, at most 720. Lines that say no hour belong
    /// to the day they say.
    #[serde(default)]
    pub day_starts: u16,
    /// Rules of alerts as text; empty, or none of rules: those that every shop begins with.
    #[serde(default)]
    pub rules: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zone: "Asia/Shanghai".to_owned(),
            currency: String::new(),
            day_starts: 0,
            rules: String::new(),
        }
    }
}

/// What is chosen of one dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySet {
    /// The keys; none: all.
    pub keys: BTreeSet<String>,
    /// Everything but these keys.
    pub exclude: bool,
    /// Text that the key must hold, in any letter case; empty: any.
    pub search: String,
}

impl KeySet {
    /// Whether it lets everything pass.
    pub fn is_open(&self) -> bool {
        self.keys.is_empty() && self.search.trim().is_empty()
    }
}

/// Time range asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeRange {
    /// All there is.
    #[default]
    All,
    /// The last day there is data for, up to now.
    LastDay,
    /// This many days ending with the last day there is data for.
    LastDays(u16),
    /// From the brush.
    Span(Span),
}

/// What the page wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Clauses on dimensions; all must hold.
    pub filters: BTreeMap<Dim, KeySet>,
    /// Clause on time.
    pub time: TimeRange,
    /// Bucket width of the sales chart; `None`: whatever fits.
    pub grain: Option<Grain>,
    /// What the charts show.
    pub measure: Measure,
    /// Currency the charts show; `None`: the one with most lines.
    pub currency: Option<String>,
}

/// Number the page gives to a file; files of one drop share a `batch`, what is in one workbook or archive a `file`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId {
    /// Which drop.
    pub batch: u32,
    /// Which file of it.
    pub file: u32,
    /// Which sheet or entry of the file, in the order in which they are read; 0 for a file of one part, and for the
    /// file as a whole while its parts are not known.
    pub part: u32,
}

impl FileId {
    /// A file as a whole, or its first part.
    pub const fn whole(batch: u32, file: u32) -> Self {
        Self { batch, file, part: 0 }
    }

    /// Another part of the same file.
    #[must_use]
    pub const fn with_part(self, part: u32) -> Self {
        Self { part, ..self }
    }
}

/// From the page to the engine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// First of all: settings and view.
    Open {
        /// Settings.
        settings: Settings,
        /// First view.
        view: View,
        /// Number of the request.
        request: u32,
        /// Shows the demo shop, in this time range, until there are rows of one's own; `None`: no demo.
        /// Rows that were kept from the last visit are there before.
        demo: Option<TimeRange>,
    },
    /// Shows `view`.
    Show {
        /// What to show.
        view: View,
        /// Number of the request; the answer carries it, and answers to older requests are dropped.
        request: u32,
    },
    /// Settings changed. Files already read keep the zone they were read with until dropped again.
    Configure(Settings),
    /// Read a file, each part of which gets a report of its own. Its bytes come from the blob that the platform hands over beside the command, or
    /// from `url`.
    Import {
        /// Its number, with part 0.
        id: FileId,
        /// Its name.
        name: String,
        /// Its size in bytes; 0: unknown.
        size: u64,
        /// Absolute address to fetch it from.
        url: Option<String>,
    },
    /// What was decided by hand about columns, instead of what was said before; what is read from now on follows.
    Decide(Vec<Decision>),
    /// Read the head of a file, and tell what its columns are taken for. Nothing is kept of it.
    Preview {
        /// Which file, and which part of it.
        id: FileId,
        /// Its name.
        name: String,
        /// Its size in bytes; 0: unknown.
        size: u64,
        /// Absolute address to fetch it from.
        url: Option<String>,
        /// Number of the request; the answer carries it. Of several that wait only the last is answered.
        request: u32,
        /// Decided just now, stronger than what [`Command::Decide`] said.
        draft: Option<Decision>,
        /// Label of the encoding that the whole file turned out to be in; empty: unknown.
        encoding: String,
    },
    /// Stop reading the files of this batch; what was read whole stays.
    Cancel {
        /// Which drop.
        batch: u32,
    },
    /// Look after a source that comes by itself, from now on; instead of the one of the same number.
    Feed(FeedPlan),
    /// Look at it now, also if it was stopped.
    AskFeed(u32),
    /// Stop looking at it.
    PauseFeed(u32),
    /// Forget it. Its rows stay.
    RemoveFeed(Box<FeedPlan>),
    /// Make something happen in the drill that is under way.
    Drill(Mishap),
    /// Give all refused rows of this file as CSV.
    ExportRefused(FileId),
    /// Look for what is odd about all rows together. [`Event::Checked`] answers.
    Check,
    /// Give all findings as CSV.
    ExportFindings,
    /// What [`AlertView::record`] said last time; before [`Command::Open`].
    Restore(String),
    /// Somebody takes on what a rule tells.
    Acknowledge {
        /// Id of the rule.
        rule: String,
        /// Warehouse, or source; empty: all places.
        warehouse: String,
        /// SKU; empty: all that it tells of there.
        sku: String,
        /// Who.
        owner: String,
    },
    /// The rules of alerts, as text, instead of those that hold; empty: those that every shop begins with; `None`: which hold? [`Event::Rules`] answers.
    Rules(Option<String>),
    /// How would one of these rules have fared in the past that is loaded? [`Event::Tried`] answers, as it is
    /// replayed; a question that is not answered yet gives way.
    Try {
        /// The text of all rules.
        text: String,
        /// Id of the rule; empty: stop trying.
        rule: String,
        /// Number of the request; the answers carry it.
        request: u32,
    },
    /// What a rule tells of a place is not told aloud for a while; `None`: it is again.
    Silence {
        /// Id of the rule.
        rule: String,
        /// Warehouse, or source; empty: all places.
        warehouse: String,
        /// SKU; empty: all that it tells of there.
        sku: String,
        /// How long.
        quiet: Option<Quiet>,
    },
    /// Give the course of what an alert is about: rule, warehouse, SKU. [`Event::Proof`] answers.
    Prove([String; 3]),
    /// Send a text to an address that the user named. [`Event::Posted`] answers.
    Post {
        /// Number of the request; the answer carries it.
        id: u32,
        /// An absolute address.
        url: String,
        /// What lets one in there, for the header `Authorization`; empty: nothing.
        token: Secret,
        /// JSON.
        body: String,
    },
    /// The page is out of sight, and may go: keep now what would be lost with it.
    Keep,
    /// The page goes: hear no more of live sources, and keep what they have brought.
    Rest,
    /// Takes the last step that stands back.
    Undo,
    /// Does the first step again that was taken back.
    Redo,
    /// Removes all rows, also those kept in the browser. [`Event::Forgotten`] answers.
    Forget,
    /// A second has passed.
    Tick,
}

impl Command {
    /// Whether the first screen needs it: what answers these is there from the beginning, what does all else comes after
    /// the first screen (`src/bin/engine.rs`).
    pub const fn is_shown(&self) -> bool {
        matches!(
            self,
            Self::Open { .. }
                | Self::Show { .. }
                | Self::Configure(_)
                | Self::Tick
                | Self::Restore(_)
                | Self::Rules(_)
                | Self::Decide(_)
        )
    }
}

/// From the engine to the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Event {
    /// The engine runs and takes commands.
    Ready,
    /// A file is being read.
    Progress {
        /// Which.
        id: FileId,
        /// Bytes read, of `total`.
        bytes: u64,
        /// Size in bytes; 0: unknown.
        total: u64,
        /// Data rows seen so far.
        rows: u64,
    },
    /// A file has ended, one way or the other.
    Report {
        /// Which.
        id: FileId,
        /// What came of it.
        report: Box<FileReport>,
    },
    /// What [`Command::Preview`] asked for.
    Preview {
        /// Which part.
        id: FileId,
        /// The request it answers.
        request: u32,
        /// What its head shows, or why it cannot be read.
        preview: Result<Box<Preview>, Problem>,
    },
    /// The numbers of a screen that follows: what a click is watched for, sent before the charts are counted.
    Headline {
        /// The request it answers; [`Event::Cockpit`] with the same number is on its way.
        request: u32,
        /// Numbers.
        headline: Box<Headline>,
    },
    /// What is odd about all rows together.
    Checked(Vec<Finding>),
    /// What there is to see.
    Cockpit {
        /// The request it answers.
        request: u32,
        /// View data.
        cockpit: Box<Cockpit>,
    },
    /// What is to be acted on, whatever the filters; after each evaluation that changed it.
    Alerts(Box<AlertView>),
    /// The rules of alerts, where they were asked for or set.
    Rules(Box<RulesView>),
    /// How a rule would have fared, as far as it was replayed.
    Tried(Box<Trial>),
    /// What [`Command::Prove`] asked for.
    Proof {
        /// Rule, warehouse, SKU.
        subject: [String; 3],
        /// The course, with its bound or what is usual as what was before; `None`: the rows say none.
        course: Option<Box<Proof>>,
    },
    /// What came of [`Command::Post`].
    Posted {
        /// The request it answers.
        id: u32,
        /// Why the address did not take it; `None`: it did.
        problem: Option<FeedProblem>,
    },
    /// How a source that comes by itself fares, whenever that changes.
    Feed(Box<FeedStatus>),
    /// The user follows this source in another tab: it is one for all of them.
    Follow(Box<FeedPlan>),
    /// The source at this address was removed in another tab.
    Unfollow(String),
    /// What stays in the browser, whenever that changes; before the first screen too.
    Kept(Box<Kept>),
    /// The steps that can be taken back or done again, oldest first; whenever that changes.
    Steps(Vec<StepInfo>),
    /// Nothing is left of all rows: the page begins anew.
    Forgotten,
    /// A text file for the user.
    Download {
        /// Suggested name.
        name: String,
        /// Content, UTF-8 with BOM.
        text: String,
    },
}

/// `message` as bytes for the other side.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // Fails only where memory does, and then there is nothing to send.
    postcard::to_allocvec(message).unwrap_or_default()
}

/// [`encode`] into `bytes`, whose content goes and whose room stays.
pub fn encode_into<T: Serialize>(message: &T, bytes: &mut Vec<u8>) {
    bytes.clear();
    // Fails only where memory does, and then there is nothing to send.
    *bytes = postcard::to_extend(message, std::mem::take(bytes)).unwrap_or_default();
}

/// The message in `bytes`; `None` if they are none of ours.
pub fn decode<T: for<'a> Deserialize<'a>>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// Time of the page's clock in a message: every command carries the sender's `now`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Timed<T> {
    /// When it was sent.
    pub now: UtcMillis,
    /// What.
    pub message: T,
}
