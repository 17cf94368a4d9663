//! Reads files in tests as the browser does, and shows what came of them as text.

use super::{Finish, Import, Imported, Options, Rows, Step};
use crate::model::{Dim, NameColumns, OrderColumns, StockColumns};
use crate::money::Fixed;
use crate::protocol::Use;
use crate::time::{UtcMillis, Zone};

/// Imports `bytes` in chunks, from the first byte again whenever asked to.
pub(super) fn import(bytes: &[u8], chunk: usize) -> Imported {
    import_as(bytes, chunk, Options::default())
}

/// [`import`] as `options` say, in the zone of the tests.
pub(super) fn import_as(bytes: &[u8], chunk: usize, options: Options) -> Imported {
    let options = Options {
        zone: Zone::default(),
        currency: String::new(),
        salt: 7,
        ..options
    };
    let mut import = Import::new("file", bytes.len() as u64, options);
    for _ in 0..12 {
        let step = bytes
            .chunks(chunk.max(1))
            .map(|chunk| import.push(chunk))
            .find(|step| *step != Step::More);
        if step == Some(Step::Again) {
            continue;
        }
        match import.finish() {
            Finish::Again(next) => import = next,
            Finish::Done(imported) => return imported,
        }
    }
    panic!("the file is read for ever");
}

/// The report on one line, then refusals and rows a line each.
pub(super) fn shown(imported: &Imported) -> String {
    let r = &imported.report;
    let failure = r
        .failure
        .as_ref()
        .map_or(String::new(), |problem| format!(" {problem:?}"));
    let mut text = format!(
        "{} {} {} [{} {}] {}/{}/{}{failure}\n",
        r.state.id(),
        r.kind.id(),
        r.profile,
        r.encoding,
        r.format,
        r.rows,
        r.accepted,
        r.rejected
    );
    for note in &r.notes {
        text.push_str(&format!("note {note:?}\n"));
    }
    for row in &imported.refused {
        text.push_str(&format!(
            "refused {}: {} {:?} {:?}\n",
            row.line, row.column, row.value, row.problem
        ));
    }
    match &imported.rows {
        Rows::None => {}
        Rows::Orders(batch) => orders(batch.columns(), &mut text),
        Rows::Stock(batch) => {
            stock(batch.columns(), &mut text);
            names(&batch.names, &mut text);
        }
    }
    text
}

/// How columns are used, one a line.
pub(super) fn columns(imported: &Imported) -> String {
    let used = |used: &Use| match used {
        Use::Field(id) => id.clone(),
        Use::Personal(kind) => format!("personal {kind:?}"),
        Use::Unused => "-".to_owned(),
    };
    let line =
        |c: &crate::protocol::ColumnReport| format!("{}: {} {:?}\n", c.header, used(&c.used), c.example);
    imported.report.columns.iter().map(line).collect()
}

fn number(raw: i64) -> String {
    if raw == OrderColumns::NONE {
        "·".to_owned()
    } else {
        Fixed::from_raw(raw).to_string()
    }
}

fn time(at: i64) -> String {
    if at == OrderColumns::NONE {
        return "·".to_owned();
    }
    Zone::default()
        .local(UtcMillis(at))
        .format("%m-%dT%H:%M")
        .to_string()
}

fn orders(c: &OrderColumns, text: &mut String) {
    for row in 0..c.len() {
        let line = if c.line.get(row) == 0 {
            format!("~{}", c.occurrence.get(row))
        } else {
            c.lines.text(c.line.get(row)).trim_start_matches('\0').to_owned()
        };
        text.push_str(&format!(
            "{}/{line} {} paid {} {} ×{} ={} paid {} refund {} {}",
            c.orders.text(c.order.get(row)),
            time(c.created_at.raw(row)),
            time(c.paid_at.raw(row)),
            c.dict(Dim::Status).text(c.dim(Dim::Status).get(row)),
            number(c.quantity.raw(row)),
            number(c.amount.raw(row)),
            number(c.paid_amount.raw(row)),
            number(c.refund_amount.raw(row)),
            c.currencies.text(c.currency.get(row)),
        ));
        for dim in Dim::ALL.into_iter().filter(|dim| *dim != Dim::Status) {
            let value = c.dict(dim).text(c.dim(dim).get(row));
            if !value.is_empty() {
                text.push_str(&format!(" {}={value}", dim.id()));
            }
        }
        text.push('\n');
    }
}

fn stock(c: &StockColumns, text: &mut String) {
    for row in 0..c.len() {
        text.push_str(&format!(
            "{}@{} {} available {} inbound {}\n",
            c.skus.text(c.sku[row]),
            c.warehouses.text(c.warehouse[row]),
            number(c.on_hand[row]),
            number(c.available[row]),
            number(c.inbound[row]),
        ));
        // What few files say.
        let is_said = [c.unit_cost[row], c.arrives[row]].map(|raw| raw != OrderColumns::NONE);
        if is_said != [false; 2] {
            text.truncate(text.len() - 1);
            text.push_str(&format!(
                " cost {} due {}\n",
                number(c.unit_cost[row]),
                time(c.arrives[row])
            ));
        }
    }
}

fn names(c: &NameColumns, text: &mut String) {
    for row in 0..c.len() {
        let scope = c.texts.text(c.scope[row]);
        text.push_str(&format!(
            "{}{} = {}×{}{}\n",
            if c.of[row] == 0 { "" } else { "place " },
            c.texts.text(c.name[row]),
            number(c.quantity[row]),
            c.texts.text(c.is[row]),
            if scope.is_empty() {
                String::new()
            } else {
                format!(" in {scope}")
            },
        ));
    }
}
