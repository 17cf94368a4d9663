//! What the page shows of alerts.

use super::{Measure, Series};
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Act now.
    P1,
    /// Today.
    P2,
    /// To be looked at once a week.
    #[default]
    P3,
}

impl Severity {
    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::P1 => "p1",
            Self::P2 => "p2",
            Self::P3 => "p3",
        }
    }

    /// The one called `id`.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::P1, Self::P2, Self::P3]
            .into_iter()
            .find(|severity| severity.id() == id)
    }
}

/// What is told of one subject, or of several at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlertLine {
    /// Id of the rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// `firing` or `recovering`; `no-data`: what it depends on is not known now.
    pub state: String,
    /// Whether it comes and goes.
    pub is_flapping: bool,
    /// Warehouse, or the source; empty: all places.
    pub warehouse: String,
    /// SKU; empty: the shop. Of several at once the worst.
    pub sku: String,
    /// Title of the goods, where known.
    pub title: String,
    /// What was watched, in the unit of the rule.
    pub value: f64,
    /// What was seen and what was expected, where `value` is none that people count in.
    pub evidence: Option<(f64, f64)>,
    /// When more of the goods is expected, where the rule looks ahead to that and it is known.
    pub receipt: Option<UtcMillis>,
    /// Money at risk in the charts' currency, of all it is about; `None`: not known.
    pub at_risk: Option<f64>,
    /// Since when it fires.
    pub since: UtcMillis,
    /// Who has taken it on.
    pub owner: Option<String>,
    /// Whether it is silenced: shown, but not told aloud.
    pub is_silent: bool,
    /// How many goods it is about.
    pub count: u64,
    /// What can be sold of them by warehouse, most first; of P1 about one SKU only.
    pub places: Vec<(String, f64)>,
    /// The worst of the goods where it is about several, each as a line of its own, at most 6; of P1 only.
    #[serde(default)]
    pub goods: Vec<Self>,
}

impl AlertLine {
    /// Rule, warehouse and SKU; no SKU where it is about several.
    pub fn subject(&self) -> [String; 3] {
        let sku = if self.count > 1 { "" } else { &self.sku };
        [self.rule.clone(), self.warehouse.clone(), sku.to_owned()]
    }
}

/// What is not told aloud for a while.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceLine {
    /// Rule, warehouse and SKU, see [`AlertLine::subject`].
    pub subject: [String; 3],
    /// Until when, in the time of the shop.
    pub until: UtcMillis,
    /// It ends before, once nothing of it stands.
    pub until_over: bool,
}

/// All that is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlertView {
    /// The worst first; at most 40.
    pub lines: Vec<AlertLine>,
    /// Lines of each severity, also those beyond the 40: P1, P2, P3.
    pub counts: [u64; 3],
    /// Money at risk of P1 and P2, where it is known.
    pub at_risk: Option<f64>,
    /// What is not told aloud.
    pub silences: Vec<SilenceLine>,
    /// What is to be told aloud now.
    pub pushed: Vec<AlertLine>,
    /// How many began, and how many ended, since the page was last open; for a while.
    pub missed: Option<[u64; 2]>,
    /// What is to be kept of them until the page is opened again; `None`: what is kept stays.
    pub record: Option<String>,
    /// Whether it is told as things happen.
    pub is_live: bool,
    /// The time of the shop that ages count from.
    pub now: UtcMillis,
    /// The currency of the money.
    pub currency: String,
}

impl AlertView {
    /// Whether it is of the user's own rows: what a simulated shop tells is neither kept nor sent.
    pub const fn is_own(&self) -> bool {
        self.record.is_some()
    }
}

/// What the course of an alert shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProofOf {
    /// Orders, beside what is usual.
    Orders,
    /// Units that can be sold, beside nothing.
    Stock,
    /// What a unit was sold for, beside what is usual.
    Price,
    /// The same, beside what it costs.
    Cost,
    /// Orders that wait to be shipped, by the day of payment, beside all that were paid.
    Waiting,
    /// Orders that were refunded, by the day of payment, beside as many as is usual.
    Refunds,
}

impl ProofOf {
    /// Where its points have it.
    pub const fn measure(self) -> Measure {
        match self {
            Self::Stock => Measure::Units,
            Self::Price | Self::Cost => Measure::Gmv,
            Self::Orders | Self::Waiting | Self::Refunds => Measure::Orders,
        }
    }
}

/// The course of what an alert is about, with its bound or what is usual as [`SeriesPoint::before`].
///
/// [`SeriesPoint::before`]: super::SeriesPoint::before
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// What it shows.
    pub of: ProofOf,
    /// Its values.
    pub series: Series,
}
