//! What the shop says to whoever follows it live: batches of `stockpit.v1` (`public/stockpit.v1.schema.json`).

use super::Happened;
use crate::model::{Dict, Dim, OrderColumns, StockColumns};
use crate::money::Fixed;
use crate::time::UtcMillis;
use chrono::{DateTime, Datelike, Timelike};
use std::fmt::Write;

/// Batch `seq`, made at `at`, of what happened; without lines of orders that were placed before `since`, which whoever
/// listens knows from elsewhere. `None`: of that nothing is left.
pub fn speak(seq: u64, at: UtcMillis, happened: &Happened, since: UtcMillis) -> Option<String> {
    let (orders, stock) = (happened.orders.columns(), happened.stock.columns());
    let mut text = format!(r#"{{"type":"batch","seq":{seq},"at":""#);
    stamp(at, &mut text);
    text.push_str(r#"","orders":["#);
    let mut is_any = false;
    for row in (0..orders.len()).filter(|row| orders.created_at.raw(*row) >= since.0) {
        if std::mem::replace(&mut is_any, true) {
            text.push(',');
        }
        order(orders, row, &mut text);
    }
    text.push_str(r#"],"stock":["#);
    for row in 0..stock.len() {
        if row > 0 {
            text.push(',');
        }
        level(stock, row, &mut text);
    }
    text.push_str("]}");
    (is_any || !stock.is_empty()).then_some(text)
}

fn order(columns: &OrderColumns, row: usize, out: &mut String) {
    let mut members = Members::begin(out);
    members.word("order_id", &columns.orders, columns.order.get(row));
    members.word("line_id", &columns.lines, columns.line.get(row));
    for (name, column) in [
        ("created_at", &columns.created_at),
        ("paid_at", &columns.paid_at),
        ("shipped_at", &columns.shipped_at),
        ("updated_at", &columns.updated_at),
    ] {
        members.time(name, column.raw(row));
    }
    for (name, column) in [
        ("quantity", &columns.quantity),
        ("amount", &columns.amount),
        ("paid_amount", &columns.paid_amount),
        ("refund_amount", &columns.refund_amount),
    ] {
        members.number(name, column.raw(row));
    }
    members.word("title", &columns.titles, columns.title.get(row));
    members.word("currency", &columns.currencies, columns.currency.get(row));
    for dim in Dim::ALL {
        members.word(dim.id(), columns.dict(dim), columns.dim(dim).get(row));
    }
    let customer = columns.customers.value(columns.customer.get(row));
    if customer != 0 {
        members.name("customer");
        // Writing to a string does not fail.
        let _ = write!(members.out, r#""{customer}""#);
    }
    out.push('}');
}

fn level(columns: &StockColumns, row: usize, out: &mut String) {
    let mut members = Members::begin(out);
    members.word("sku", &columns.skus, columns.sku[row]);
    members.word("warehouse", &columns.warehouses, columns.warehouse[row]);
    members.word("title", &columns.titles, columns.title[row]);
    members.word("category", &columns.categories, columns.category[row]);
    members.word("brand", &columns.brands, columns.brand[row]);
    members.number("on_hand", columns.on_hand[row]);
    members.number("available", columns.available[row]);
    members.number("inbound", columns.inbound[row]);
    members.number("unit_cost", columns.unit_cost[row]);
    members.time("expected_at", columns.arrives[row]);
    members.time("as_of", columns.as_of[row]);
    out.push('}');
}

/// Members of an object, as they are written.
struct Members<'a> {
    out: &'a mut String,
    is_first: bool,
}

impl<'a> Members<'a> {
    fn begin(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, is_first: true }
    }

    fn name(&mut self, name: &str) {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(',');
        }
        // Writing to a string does not fail.
        let _ = write!(self.out, r#""{name}":"#);
    }

    fn word(&mut self, name: &str, words: &Dict, code: u32) {
        let word = words.text(code);
        if word.is_empty() {
            return;
        }
        self.name(name);
        self.out.push('"');
        for letter in word.chars() {
            match letter {
                '"' | '\\' => self.out.extend(['\\', letter]),
                letter if letter < ' ' => self.out.push(' '),
                letter => self.out.push(letter),
            }
        }
        self.out.push('"');
    }

    fn number(&mut self, name: &str, raw: i64) {
        if raw != OrderColumns::NONE {
            self.name(name);
            let _ = write!(self.out, r#""{}""#, Fixed::from_raw(raw));
        }
    }

    fn time(&mut self, name: &str, raw: i64) {
        if raw != OrderColumns::NONE {
            self.name(name);
            self.out.push('"');
            stamp(UtcMillis(raw), self.out);
            self.out.push('"');
        }
    }
}

/// RFC 3339, in UTC.
fn stamp(at: UtcMillis, out: &mut String) {
    let time = DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    let _ = write!(
        out,
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
        at.0.rem_euclid(1_000)
    );
}
