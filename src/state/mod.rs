//! What the page knows: plain structs in one store, changed by one reducer.
//!
//! Rule: state is data; the only way to change it is [`reduce`], which answers with the commands that
//! the engine has to hear. Nothing here knows the browser or the engine.

mod action;
mod address;
mod alerts;
mod announce;
mod feeds;
mod health;
mod manifest;
mod mapping;
mod mappings;
mod outbox;
mod past;
mod rules;

pub use action::{Action, reduce};
pub use address::{Address, read, write};
pub use alerts::Alerts;
pub use announce::{Announcement, Announcer, Loudness, Post};
pub use feeds::{Feed, KeptFeed, interval};
pub use health::{Basis, Health, Worth};
pub use manifest::{Manifest, ManifestError, parse_manifest};
pub use mapping::{Draft, MappingAction, Reread};
pub use mappings::{is_mappings, parse_mappings, write_mappings};
pub use outbox::{Delivery, Outbox};
pub use past::{Chronicle, Digest, Past, Visit};
pub use rules::{
    RuleLine, Rules, bound_of, clears_at, comparison, first_bound, is_rules, opposite, read_rules,
    rule_lines, with_rule, write_rules,
};

use crate::format::Lang;
use crate::protocol::{
    AlertLine, Cockpit, DataSource, Decision, FileId, FileReport, FileState, Finding, Kept, MetricId, Proof,
    Settings, Severity, StepInfo, TimeRange, View,
};
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Appearance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// For walls and rooms with little light.
    #[default]
    Dark,
    /// For daylight.
    Light,
}

impl Theme {
    /// Name in attributes and addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// The one called `id`.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Dark, Self::Light]
            .into_iter()
            .find(|theme| theme.id() == id)
    }
}

/// What is kept between visits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Language.
    pub lang: Lang,
    /// Appearance.
    pub theme: Theme,
    /// What the engine computes with.
    pub settings: Settings,
}

/// Whether the engine runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EngineState {
    /// Not yet.
    #[default]
    Starting,
    /// Yes.
    Running,
    /// No longer, with its last words.
    Failed(String),
}

/// One file of a drop.
#[derive(Clone, Debug, PartialEq)]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// Its size in bytes; 0: unknown.
    pub size: u64,
    /// Where it was fetched from, if it was.
    pub url: Option<String>,
    /// How far it is.
    pub state: FileState,
    /// Bytes read.
    pub bytes: u64,
    /// Rows seen.
    pub rows: u64,
    /// What came of it.
    pub report: Option<Arc<FileReport>>,
    /// The step that its rows entered with, and whether that stood when it was last told of.
    pub step: Option<(u64, bool)>,
}

impl FileEntry {
    /// Whether it waits or is being read.
    pub fn is_waiting(&self) -> bool {
        matches!(self.state, FileState::Queued | FileState::Reading)
    }

    /// Its name, and what of it this is where it has several parts.
    pub fn shown_name(&self) -> &str {
        self.report.as_ref().map_or(&self.name, |report| &report.name)
    }
}

/// What covers the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The cockpit.
    #[default]
    Cockpit,
    /// The import report.
    Import,
}

/// What lies over the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Definition of a metric.
    Definition(MetricId),
    /// Settings.
    Settings,
    /// All keys of all dimensions.
    Filters,
    /// What stays in the browser.
    Kept,
    /// Whether really to remove it.
    Forget,
    /// Sources that come by themselves.
    Sources,
    /// Rules of alerts.
    Rules,
    /// What is not told aloud for a while.
    Silence,
    /// How alerts are told aloud.
    Loudness,
    /// Alerts that have been.
    Past,
}

/// All the page knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Language, appearance, settings.
    pub preferences: Preferences,
    /// Name of the shop where a manifest gives one.
    pub title: Option<String>,
    /// What was asked for.
    pub view: View,
    /// Number of the last request.
    pub request: u32,
    /// Whether its answer is still to come.
    pub pending: bool,
    /// Whether the engine runs.
    pub engine: EngineState,
    /// The last screen it sent.
    pub cockpit: Option<Arc<Cockpit>>,
    /// What is to be acted on.
    pub alerts: Alerts,
    /// Rules of alerts.
    pub rules: Rules,
    /// What of it has been.
    pub past: Chronicle,
    /// How this device tells it aloud.
    pub loudness: Loudness,
    /// What is to be told aloud and was not taken yet: of the user's own rows, and of a simulated shop.
    pub pushed: [Vec<AlertLine>; 2],
    /// What is to be sent.
    pub outbox: Outbox,
    /// The course of what an alert is about, by rule, warehouse and SKU, as last told.
    pub proof: Option<([String; 3], Arc<Proof>)>,
    /// How many it sent: a number for each.
    pub screens: u32,
    /// How many times it sent the numbers alone; they stand in the last screen.
    pub headlines: u32,
    /// Files of all drops.
    pub files: BTreeMap<FileId, FileEntry>,
    /// Sources that come by themselves, in the order in which they were added.
    pub feeds: Vec<Feed>,
    /// What the user looked at before the drill that is under way.
    pub before_drill: Option<View>,
    /// A live source that the address of the page names, until the user has said whether to connect.
    pub offered: Option<String>,
    /// Steps of import that can be taken back or done again, oldest first.
    pub steps: Vec<StepInfo>,
    /// File whose report is open.
    pub chosen: Option<FileId>,
    /// The file whose columns are being corrected.
    pub mapping: Option<Draft>,
    /// What was decided about the columns of files, the latest last.
    pub decisions: Vec<Decision>,
    /// How many decisions the last file of them brought, or where it is wrong.
    pub imported: Option<Result<usize, ManifestError>>,
    /// What is odd about all rows together, as last looked for.
    pub findings: Arc<[Finding]>,
    /// What covers the screen.
    pub screen: Screen,
    /// What lies over it.
    pub dialog: Option<Dialog>,
    /// Files that hang over the page, if they do.
    pub dragging: Option<u32>,
    /// Address parameters that are not the view's.
    pub parameters: Vec<(String, String)>,
    /// What is wrong with the manifest.
    pub manifest_error: Option<ManifestError>,
    /// What stays in the browser.
    pub kept: Kept,
    /// All rows are gone, as the user wished: the page is to begin anew.
    pub is_forgotten: bool,
    /// Time range of the demo shop, should it be the first thing to show.
    pub demo_range: Option<TimeRange>,
    /// Files offered for download and not yet taken: (name, text).
    pub download: Option<(String, String)>,
}

impl State {
    /// Whether a file waits or is being read.
    pub fn is_reading(&self) -> bool {
        self.files.values().any(FileEntry::is_waiting)
    }

    /// Order lines of the user's own; `None`: there are none, or a demo.
    pub fn own_lines(&self) -> Option<u64> {
        let own = self.cockpit.as_ref()?;
        (own.source == DataSource::Files).then_some(own.lines)
    }

    /// What came since the last visit.
    pub fn digest(&self, now: UtcMillis) -> Option<Digest> {
        self.past.digest(self.own_lines()?, now)
    }

    /// P1 that nobody has taken on.
    pub fn urgent(&self) -> usize {
        let is_open =
            |line: &&AlertLine| line.severity == Severity::P1 && line.owner.is_none() && !line.is_silent;
        self.alerts.view.lines.iter().filter(is_open).count()
    }

    /// Number for the next drop or source.
    pub fn next_batch(&self) -> u32 {
        let files = self.files.keys().next_back().map(|last| last.batch);
        let feeds = self.feeds.iter().map(|feed| feed.plan.id).max();
        files.max(feeds).map_or(0, |last| last.saturating_add(1))
    }
}
