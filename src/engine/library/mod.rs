//! The engine as a library: calls in JSON, answers in JSON and columns of numbers. The page does not use it;
//! it asks through the same pivots and definitions.

mod json;
mod plan;
mod rehearsal;
mod request;

pub(super) use plan::Calendar;
pub use rehearsal::{Next, Rehearsal};
pub use request::{Call, Options, Query};

use super::{Engine, Origin};
use crate::ingest::{Finish, Imported, Step};
use crate::metric::Book;
use crate::protocol::{FileId, FileReport};
use crate::time::UtcMillis;
use json::Object;

/// What a call comes to: JSON, and the columns that it names by their place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The answer, or `{"error": …}`.
    pub json: String,
    /// Columns, one after the other; what is not defined is NaN.
    pub columns: Vec<f64>,
}

impl Answer {
    fn of(object: Object) -> Self {
        Self {
            json: object.end(),
            columns: Vec::new(),
        }
    }

    /// An answer that says what was wrong with the call.
    pub fn error(words: &str) -> Self {
        Self::of(Object::new().text("error", words))
    }

    /// The answer `before` for the first part of a file, if there was one, with `next` in its `parts`, which stand
    /// last.
    #[must_use]
    pub fn together(before: Option<Self>, next: Self) -> Self {
        let Some(mut first) = before else { return next };
        let (end, more) = if first.json.ends_with("]}") {
            (2, ",")
        } else {
            (1, ",\"parts\":[")
        };
        first.json.truncate(first.json.len() - end.min(first.json.len()));
        first.json.push_str(more);
        first.json.push_str(&next.json);
        first.json.push_str("]}");
        first
    }

    /// An answer to a file that was read.
    pub fn report(report: &FileReport) -> Self {
        let object = Object::new()
            .text("name", &report.name)
            .text("kind", report.kind.id())
            .text("profile", &report.profile)
            .text("state", report.state.id())
            .number("rows", report.rows)
            .number("accepted", report.accepted)
            .number("rejected", report.rejected)
            .number("duplicate", report.duplicate)
            .number("millis", report.millis);
        Self::of(match &report.failure {
            Some(problem) => object.text("failure", &format!("{problem:?}")),
            None => object.json("failure", "null"),
        })
    }
}

impl Engine {
    /// Does what a program asks. [`Call::Ingest`] and [`Call::Append`] are the host's: it reads, and hands over what
    /// was read ([`Self::ingested`]).
    pub fn call(&mut self, call: &Call) -> Answer {
        match call {
            Call::Open(options) => self.open(options),
            Call::Ingest(_) | Call::Append => Answer::default(),
            Call::Query(query) => match self.query(query) {
                Ok(answer) => answer,
                Err(words) => Answer::error(&words),
            },
            Call::Status => Answer::of(
                Object::new()
                    .number("lines", self.orders.len())
                    .number("orders", self.orders.order_count())
                    .number("stock", self.stock.columns().len())
                    .number("bytes", self.orders.bytes()),
            ),
        }
    }

    fn open(&mut self, options: &Options) -> Answer {
        if let Some(zone) = &options.zone {
            if crate::time::Zone::named(zone).is_none() {
                return Answer::error(&format!("unknown zone: {zone}"));
            }
            self.settings.zone.clone_from(zone);
        }
        if let Some(currency) = &options.currency {
            self.settings.currency.clone_from(currency);
        }
        self.settings.day_starts = options.day_starts;
        Answer::of(Object::new().json("zones", &json::array(crate::time::Zone::all(), json::push_text)))
    }

    /// What comes of [`Call::Append`], off the browser: rows are read like a file, with the same fields and the
    /// same refusals.
    pub fn append(&mut self, rows: &str, now: UtcMillis) -> Answer {
        let mut import = self.import("append", rows.len() as u64);
        let imported = loop {
            if import.push(rows.as_bytes()) == Step::Again {
                continue;
            }
            match import.finish() {
                Finish::Done(imported) => break imported,
                Finish::Again(again) => import = again,
            }
        };
        Answer::report(&self.taken(imported, now))
    }

    /// Enters what a file held, without a screen.
    fn taken(&mut self, imported: Imported, now: UtcMillis) -> FileReport {
        let id = FileId::whole(0, 0);
        self.take(id, imported, 0, now, Origin::Program).0
    }

    /// The answer to [`Call::Ingest`] or [`Call::Append`]: what came of what was read in `millis`.
    pub fn ingested(&mut self, imported: Imported, millis: u64, now: UtcMillis) -> Answer {
        let mut report = self.taken(imported, now);
        report.millis = millis;
        Answer::report(&report)
    }

    fn query(&mut self, query: &Query) -> Result<Answer, String> {
        let zone = self.zone();
        self.catalogue.follow_hours(&self.orders, zone);
        let plan = plan::Plan::new(self, query)?;
        let live = self.live.get_mut();
        live.begin();
        live.select(&self.orders, &plan.clauses);
        plan.answer(Book::new(&self.orders, &self.live), &self.calendar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::unread;
    use crate::protocol::Problem;
    use serde_json::Value;

    #[test]
    fn further_parts_stand_in_the_report_of_the_first() {
        let mut answer = None;
        for name in ["x.zip › a]}", "b", "c"] {
            let report = unread(name, 1, Problem::Unreadable("]}".to_owned()));
            answer = Some(Answer::together(answer, Answer::report(&report)));
            let json: Value = serde_json::from_str(&answer.as_ref().unwrap().json).unwrap();
            assert_eq!(json["name"], "x.zip › a]}");
        }
        let json: Value = serde_json::from_str(&answer.unwrap().json).unwrap();
        let names: Vec<&str> = json["parts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["b", "c"]);
        assert!(json["parts"][0].get("parts").is_none());
    }
}
