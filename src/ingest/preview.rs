//! The head of a file as its rows would enter.

use super::{Imported, Rows};
use crate::model::{Dim, OrderColumns, OrderLine, StockColumns};
use crate::money::Fixed;
use crate::protocol::{Preview, Problem};
use crate::time::{UtcMillis, Zone};

/// Rows that are shown.
const SHOWN: usize = 8;

/// What reading the head of a file showed, times in `zone`.
///
/// # Errors
/// Why it could not be read.
pub fn preview(imported: Imported, zone: Zone) -> Result<Preview, Problem> {
    let Imported {
        report, rows, sight, ..
    } = imported;
    let Some(sight) = sight else {
        return Err(report.failure.unwrap_or(Problem::NoRows));
    };
    let mut shown = Shown {
        zone,
        fields: Vec::new(),
        rows: vec![Vec::new(); SHOWN],
    };
    match &rows {
        Rows::None => shown.rows.clear(),
        Rows::Orders(batch) => shown.orders(batch.columns()),
        Rows::Stock(batch) => shown.stock(batch.columns()),
    }
    Ok(Preview {
        report,
        sight: *sight,
        fields: shown.fields,
        rows: shown.rows,
    })
}

struct Shown {
    zone: Zone,
    fields: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Shown {
    /// A column, where some row has a value of it.
    fn column(&mut self, field: &str, text: impl Fn(usize) -> String) {
        let texts: Vec<String> = (0..self.rows.len()).map(text).collect();
        if texts.iter().any(|text| !text.is_empty()) {
            self.fields.push(field.to_owned());
            for (row, text) in self.rows.iter_mut().zip(texts) {
                row.push(text);
            }
        }
    }

    fn orders(&mut self, c: &OrderColumns) {
        self.rows.truncate(c.len());
        let zone = self.zone;
        let time = |raw: i64| time(zone, raw);
        self.column("order_id", |row| c.orders.text(c.order.get(row)).to_owned());
        self.column("created_at", |row| time(c.created_at.raw(row)));
        self.column("dim:sku", |row| {
            c.dict(Dim::Sku).text(c.dim(Dim::Sku).get(row)).to_owned()
        });
        self.column("title", |row| c.titles.text(c.title.get(row)).to_owned());
        for (field, column) in [
            ("quantity", &c.quantity),
            ("amount", &c.amount),
            ("paid_amount", &c.paid_amount),
            ("refund_amount", &c.refund_amount),
        ] {
            self.column(field, |row| number(column.raw(row)));
        }
        self.column("currency", |row| {
            c.currencies.text(c.currency.get(row)).to_owned()
        });
        self.column("paid_at", |row| time(c.paid_at.raw(row)));
        for dim in Dim::ALL.into_iter().filter(|dim| *dim != Dim::Sku) {
            let id = format!("dim:{}", dim.id());
            self.column(&id, |row| c.dict(dim).text(c.dim(dim).get(row)).to_owned());
        }
        self.column("city", |row| c.cities.text(c.city.get(row)).to_owned());
        self.column("shipped_at", |row| time(c.shipped_at.raw(row)));
    }

    fn stock(&mut self, c: &StockColumns) {
        self.rows.truncate(c.len());
        let at = |column: &[u32], row: usize| column.get(row).copied().unwrap_or(0);
        let count =
            |column: &[i64], row: usize| number(column.get(row).copied().unwrap_or(OrderColumns::NONE));
        self.column("dim:sku", |row| c.skus.text(at(&c.sku, row)).to_owned());
        self.column("title", |row| c.titles.text(at(&c.title, row)).to_owned());
        self.column("dim:warehouse", |row| {
            c.warehouses.text(at(&c.warehouse, row)).to_owned()
        });
        self.column("on_hand", |row| count(&c.on_hand, row));
        self.column("available", |row| count(&c.available, row));
        self.column("inbound", |row| count(&c.inbound, row));
    }
}

fn time(zone: Zone, raw: i64) -> String {
    // A line that waits for its order has no time yet.
    if raw == OrderColumns::NONE || raw == OrderLine::NO_TIME.0 {
        return String::new();
    }
    zone.local(UtcMillis(raw)).naive_local().to_string()
}

fn number(raw: i64) -> String {
    if raw == OrderColumns::NONE {
        String::new()
    } else {
        Fixed::from_raw(raw).to_string()
    }
}
