//! An import as a step of history: what it changed, and whether it stands.

use crate::money::Fixed;
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// One drop: all its files together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepInfo {
    /// Its number; later steps have higher ones.
    pub id: u64,
    /// When its first file entered.
    pub at: UtcMillis,
    /// Names of its files, in the order in which they entered.
    pub files: Vec<String>,
    /// Whether its rows are in the tables; if not, they can be brought back.
    pub stands: bool,
    /// What it changed.
    pub diff: StepDiff,
}

/// What a step changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDiff {
    /// Order lines that were not there.
    pub new: u64,
    /// Order lines that replaced an earlier version.
    pub changed: u64,
    /// Order lines that were there as they are, or in a later version.
    pub same: u64,
    /// Order lines that were there and that this export, though it covers their time, no longer has. They
    /// stay.
    pub vanished: u64,
    /// Lines whose status changed, by ids: from, to, how many; most first.
    pub statuses: Vec<(String, String, u64)>,
    /// Lines of which a quantity or an amount changed.
    pub amounts: u64,
    /// Stock rows that were not there.
    pub stock_new: u64,
    /// Stock rows that replaced an earlier level.
    pub stock_changed: u64,
    /// Stock rows that said nothing new.
    pub stock_same: u64,
    /// Rows of crosswalks that were new, said something else than before, or nothing new.
    pub names: [u64; 3],
    /// All rows, before.
    pub before: StepTotals,
    /// All rows, after.
    pub after: StepTotals,
}

/// Totals of all rows, without any filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTotals {
    /// `gmv` by currency.
    pub gmv: Vec<(String, Fixed)>,
    /// `units_created`.
    pub units: Option<Fixed>,
    /// `orders_created`.
    pub orders: u64,
    /// `stock_on_hand`.
    pub on_hand: Option<Fixed>,
}
