//! A rehearsal: a browser compiles twice, quickly at first, and well only what has run often; a first look at
//! a million lines would be over by then, and slow. So while nothing is asked yet the same code runs over some
//! thousand made-up lines, read by the worker that reads.

use super::Call;
use crate::engine::Engine;
use crate::ingest::{Decoders, Imported};
use crate::time::UtcMillis;
use std::fmt::Write;
use std::ops::Range;

/// Lines entered at once.
const BATCH: usize = 1_000;
/// Batches; each is followed by a question.
const BATCHES: usize = 64;
/// Questions after the last batch.
const QUESTIONS: usize = 60;
/// When the first made-up order was made, local time.
const DAY: usize = 86_400;

/// An engine of made-up lines, and how far it is.
#[derive(Debug)]
pub struct Rehearsal {
    engine: Engine,
    asked: usize,
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// To read these rows, CSV, and to [`Rehearsal::enter`] them.
    Read(String),
    /// To [`Rehearsal::ask`].
    Ask,
    /// Nothing.
    End,
}

impl Rehearsal {
    /// One that has not begun.
    pub fn new(decoders: Decoders) -> Self {
        Self {
            engine: Engine::with_decoders(decoders),
            asked: 0,
        }
    }

    /// What to do, a few milliseconds of it.
    pub fn next(&self) -> Next {
        let lines = self.engine.orders.len();
        if self.asked == lines / BATCH && self.asked < BATCHES {
            Next::Read(rows(lines..lines + BATCH))
        } else if self.asked < BATCHES + QUESTIONS {
            Next::Ask
        } else {
            Next::End
        }
    }

    /// Enters rows that were read.
    pub fn enter(&mut self, imported: Imported) {
        self.engine.ingested(imported, 0, UtcMillis::default());
    }

    /// Asks what a cockpit asks.
    pub fn ask(&mut self) {
        self.answer();
        self.asked += 1;
    }

    fn answer(&mut self) -> Option<super::Answer> {
        let call = Call::read("query", question(self.asked)).ok()?;
        Some(self.engine.call(&call))
    }
}

/// Orders of one line or two, ten a business minute, with some cells left empty.
fn rows(lines: Range<usize>) -> String {
    let mut csv =
        "order_id,created_at,paid_at,status,channel,shop,sku,title,category,brand,quantity,unit_price,\
                   paid_amount,province,customer_id\n"
            .to_owned();
    for line in lines {
        let order = line - usize::from(line % 3 == 1);
        let seconds = order * 149;
        let (day, second) = (seconds / DAY, seconds % DAY);
        let at = |second: usize| {
            format!(
                "2026-{:02}-{:02} {:02}:{:02}:{:02}",
                day / 28 + 1,
                day % 28 + 1,
                second / 3_600,
                second / 60 % 60,
                second % 60
            )
        };
        let paid = if line % 16 == 0 { String::new() } else { at(second) };
        let status = ["paid", "shipped", "completed", "cancelled"][line % 4];
        let sku = line * 7_919 % 3_001;
        // Writing to a string does not fail.
        let _ = writeln!(
            csv,
            "{:018},{},{paid},{status},C{},S{},SKU-{sku:05},Title of {sku},G{},B{},{},{}.{:02},{}.90,P{},U{:09}",
            order * 1_000_003,
            at(second),
            order % 6,
            order % 21,
            sku % 20,
            sku % 200,
            line % 4 + 1,
            line % 400,
            line % 100,
            line % 300,
            order % 31,
            order * 31 % 5_003,
        );
    }
    csv
}

/// The views of a cockpit: over all lines, in a window that moves, beside a clause, and both.
fn question(step: usize) -> String {
    let channel = format!(r#""channel":{{"in":["C{}"]}}"#, step / 4 % 6);
    let day = step % 14 + 1;
    let window = format!(
        r#""created_at":{{"from":"2026-01-{day:02}","to":"2026-01-{:02}"}}"#,
        day + 6
    );
    let clauses = match step % 12 {
        0 | 3 => String::new(),
        1 | 2 => channel,
        4..8 => window,
        _ => format!("{channel},{window}"),
    };
    format!(
        r#"{{"where":{{{clauses}}},"views":{{
            "totals":{{"measures":["lines","gmv","units_created","orders_created"]}},
            "channel":{{"by":["channel"],"measures":["gmv","lines"]}},
            "region":{{"by":["region"],"measures":["gmv","lines"]}},
            "category":{{"by":["category"],"measures":["gmv","units_created","paid_amount"]}},
            "status":{{"by":["status"],"measures":["lines"]}},
            "sku":{{"by":["sku"],"measures":["units_created"],"top":20}},
            "day":{{"by":["day"],"measures":["gmv","lines"]}},
            "hour":{{"by":["hour","channel"],"measures":["gmv"],"top":9}}}}}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Finish, Import, Options};

    #[test]
    fn all_its_lines_are_understood_and_all_its_questions_answered() {
        let mut rehearsal = Rehearsal::new(Decoders::default());
        loop {
            match rehearsal.next() {
                Next::Read(rows) => {
                    let mut import = Import::new("rows", rows.len() as u64, Options::default());
                    import.push(rows.as_bytes());
                    let Finish::Done(imported) = import.finish() else {
                        panic!("read again")
                    };
                    rehearsal.enter(imported);
                }
                Next::Ask => {
                    let answer = rehearsal.answer().unwrap();
                    assert!(!answer.json.contains("error"), "{}", answer.json);
                    assert!(answer.columns.len() > 80, "{}", answer.json);
                    rehearsal.ask();
                }
                Next::End => break,
            }
        }
        assert_eq!(rehearsal.engine.orders.len(), BATCH * BATCHES);
    }
}
