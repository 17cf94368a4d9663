//! How a rule would have fared, replayed over what is known of the past.

use super::RuleFault;
use crate::time::{Span, UtcMillis};
use serde::{Deserialize, Serialize};

/// What a rule is replayed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Past {
    /// Nothing: there are no rows, or the rule is off or gone.
    #[default]
    Nothing,
    /// Nothing: no export says what it looks at of an earlier time.
    Unsaid,
    /// Order lines, hour by hour or day by day.
    Lines,
    /// Stock levels, each time they were said, with order lines up to then.
    Stock,
}

impl Past {
    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Unsaid => "unsaid",
            Self::Lines => "lines",
            Self::Stock => "stock",
        }
    }
}

/// From firing to the end of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spell {
    /// When it fired.
    pub from: UtcMillis,
    /// When it was over; `None`: it still stands at the end.
    pub to: Option<UtcMillis>,
    /// SKU; empty: the shop.
    pub sku: String,
    /// Warehouse; empty: all.
    pub warehouse: String,
}

/// Goods of a warehouse that ran out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunOut {
    /// SKU.
    pub sku: String,
    /// Warehouse; empty: the only one, or unsaid.
    pub warehouse: String,
    /// When stock was first seen to be out.
    pub at: UtcMillis,
    /// How long before the rule fired and still stood, in milliseconds; `None`: it did not.
    pub lead: Option<i64>,
}

/// How a rule would have fared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Which question this answers.
    pub request: u32,
    /// Why it cannot be tried.
    pub fault: Option<RuleFault>,
    /// What it is replayed over.
    pub past: Past,
    /// Share of it that is done, 0 to 1.
    pub done: f64,
    /// From the first look to the last.
    pub span: Span,
    /// How many times it was looked.
    pub looks: u64,
    /// What the rule watches: share of the span and value, by time; of many goods a selection.
    pub points: Vec<(f64, f64)>,
    /// Whether the points are of one thing.
    pub is_line: bool,
    /// When it fired, the first ones.
    pub spells: Vec<Spell>,
    /// How many times it fired, and of how many things.
    pub fired: [u64; 2],
    /// How many of these came within a day of the end of the same.
    pub again: u64,
    /// How long anything fired, milliseconds.
    pub millis: i64,
    /// Goods that ran out meanwhile, the first ones.
    pub run_outs: Vec<RunOut>,
    /// How many of all ran out with the rule firing before, and without.
    pub caught: [u64; 2],
}

impl Trial {
    /// Whether there is no more to come.
    pub fn is_over(&self) -> bool {
        self.done >= 1.0 || self.fault.is_some() || matches!(self.past, Past::Nothing | Past::Unsaid)
    }
}
