//! What a program may ask of the engine, as JSON. `public/stockpit-engine.d.ts` says the same in TypeScript.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A call; the host adds what `ingest` and `append` read.
#[derive(Clone, Debug)]
pub enum Call {
    /// Settings, before anything else.
    Open(Options),
    /// Reads a file that comes beside the call. Its name says what it is where its content does not.
    Ingest(String),
    /// Enters rows that come beside the call as one step: CSV or JSON objects with the model's field names, as a
    /// feed or an API gives them.
    Append,
    /// Answers questions over what is held.
    Query(Query),
    /// How much is held.
    Status,
}

impl Call {
    /// The call named `name` with its argument in JSON.
    ///
    /// # Errors
    /// What is wrong with it, in words for a programmer.
    pub fn read(name: &str, argument: String) -> Result<Self, String> {
        let wrong = |error: serde_json::Error| format!("{name}: {error}");
        match name {
            "open" => serde_json::from_str(&argument).map(Self::Open).map_err(wrong),
            "ingest" => serde_json::from_str(&argument).map(Self::Ingest).map_err(wrong),
            "append" => Ok(Self::Append),
            "query" => serde_json::from_str(&argument).map(Self::Query).map_err(wrong),
            "status" => Ok(Self::Status),
            _ => Err(format!("no call is named {name}")),
        }
    }
}

/// Settings of an engine that is used as a library.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// IANA name of the zone that days are cut in.
    pub zone: Option<String>,
    /// Currency of files that do not say theirs.
    pub currency: Option<String>,
    /// Minutes after midnight at which a business day begins.
    pub day_starts: u16,
}

/// Several views of one selection.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Query {
    /// Clauses by dimension, decimal or `created_at`; all must hold, a view does not see its own.
    #[serde(rename = "where")]
    pub clauses: BTreeMap<String, Clause>,
    /// By name.
    pub views: BTreeMap<String, View>,
    /// Adds to each view what it was in another window.
    pub compare: Option<Compare>,
    /// Code of the currency that money is added up in; `null`: all lines, whatever they are in.
    pub currency: Option<String>,
}

/// A clause: keys, a text, or a range.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clause {
    /// Keys that pass.
    #[serde(rename = "in")]
    pub keys: Option<Vec<String>>,
    /// Keys that do not.
    pub not: Option<Vec<String>>,
    /// Text that a key must hold, in any letter case.
    pub search: Option<String>,
    /// Least value that passes.
    pub from: Option<Bound>,
    /// Of instants the first, of decimals the greatest value that passes … see the docs of each.
    pub to: Option<Bound>,
}

/// A number, or an instant in text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// Milliseconds UTC, or a decimal.
    Number(serde_json::Number),
    /// `2026-06-18T00:00:00+08:00`, or a day of the shop's calendar, `2026-06-18`; or a decimal.
    Text(String),
}

/// A view: groups and what is counted in them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct View {
    /// At most two of: a dimension, `city`, `currency`, `minute`, `10min`, `hour`, `day`, `week`, `month`.
    pub by: Vec<String>,
    /// What to count.
    pub measures: Vec<Measure>,
    /// Only so many groups, most of the first measure first; the rest becomes `others`.
    pub top: Option<usize>,
}

/// A measure by its metric id, or the spread of a decimal.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Measure {
    /// A metric id (`gmv`, `units_created`, `orders` …), `lines` or `customers`.
    Id(String),
    /// Least, greatest or q-quantile (nearest rank) of `amount`, `quantity` or `paid_amount`.
    Spread(Spread),
}

/// See [`Measure::Spread`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Spread {
    /// Least value.
    Min(String),
    /// Greatest value.
    Max(String),
    /// The decimal, and q from 0 to 1.
    Quantile(String, f64),
}

/// Which other window, relative to the window asked for.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Compare {
    /// So many days later; negative: earlier. −1: yesterday, −7: the same weekday last week.
    Days(i64),
    /// So many months later. −1: the same date last month, −12: last year.
    Months(i32),
    /// So many milliseconds later.
    Millis(i64),
    /// So that the instant `from` falls on `onto`: this 618 on the last.
    Event {
        /// Milliseconds UTC.
        from: i64,
        /// Milliseconds UTC.
        onto: i64,
    },
}
