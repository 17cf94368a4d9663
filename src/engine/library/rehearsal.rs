//! A rehearsal: a browser compiles twice, quickly at first, and well only what has run often; a first look at
//! a million lines would be over by then, and slow. So while nothing is asked yet the same code runs over a
//! few thousand made-up lines.

use super::Call;
use crate::engine::Engine;
use crate::ingest::Decoders;
use crate::time::UtcMillis;
use std::fmt::Write;

/// Lines entered at once.
const BATCH: usize = 1_000;
/// Batches; each is followed by a few questions.
const BATCHES: usize = 12;
/// Questions after the last batch.
const QUESTIONS: usize = 60;
/// When the first made-up order was made, local time.
const DAY: usize = 86_400;

/// An engine of made-up lines, and how far it is.
#[derive(Debug)]
pub struct Rehearsal {
    engine: Engine,
    steps: usize,
}

impl Rehearsal {
    /// One that has not begun.
    pub fn new(decoders: Decoders) -> Self {
        Self {
            engine: Engine::with_decoders(decoders),
            steps: 0,
        }
    }

    /// A few milliseconds of it; whether there is more to do.
    pub fn step(&mut self) -> bool {
        let step = self.steps;
        self.steps += 1;
        if step < BATCHES {
            let rows = rows(step * BATCH..(step + 1) * BATCH);
            self.call("append", rows);
        }
        self.call("query", question(step));
        self.steps < BATCHES + QUESTIONS
    }

    /// A file such as it reads, of so many lines.
    pub fn file(lines: usize) -> String {
        rows(0..lines)
    }

    /// Lines that it holds.
    pub fn lines(&self) -> usize {
        self.engine.orders.len()
    }

    fn call(&mut self, name: &str, argument: String) {
        if let Ok(call) = Call::read(name, argument) {
            self.engine.call(&call, UtcMillis::default());
        }
    }
}

/// Orders of one line or two, ten a business minute, with some cells left empty.
fn rows(lines: std::ops::Range<usize>) -> String {
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

    #[test]
    fn all_its_lines_are_understood_and_all_its_questions_answered() {
        let mut rehearsal = Rehearsal::new(Decoders::default());
        while rehearsal.step() {}
        assert_eq!(rehearsal.lines(), BATCH * BATCHES);
        for step in 0..24 {
            let call = Call::read("query", question(step)).unwrap();
            let answer = rehearsal.engine.call(&call, UtcMillis::default());
            assert!(!answer.json.contains("error"), "{}", answer.json);
            assert!(answer.columns.len() > 100, "{}", answer.json);
        }
    }
}
