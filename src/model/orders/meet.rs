//! Where rows of a whole order and rows of its lines meet.
//!
//! Some platforms give one file with a row an order (times, shop, region, what was paid) and another with
//! a row a line (SKU, list price; some without any time). Both are kept; what counts is, for each order,
//! whichever came first:
//!
//! | known | what counts |
//! | --- | --- |
//! | its whole row alone | the whole row |
//! | its lines alone, with times | the lines |
//! | its lines alone, without times | nothing yet: they wait |
//! | both | the lines, with what they leave open taken from the whole row, which counts no more |
//!
//! What was paid and refunded is shared out by list value, to the last step, where no line says it; a line's
//! own status holds unless the order is further. Rows that do not count are marked as removed and keep
//! their place, so that a later version of either file moves what counts.

use super::columns::{CUSTOMER, Coded, OrderColumns};
use crate::model::chains::LineKey;
use crate::model::{Bits, Chains, Dim, NONE_CODE, Status};

/// Line id of a row that is a whole order; nothing that a file can hold.
pub(super) const WHOLE: &str = "\0whole order";

/// Places in the values of a line.
const CREATED: usize = 0;
const PAID_AT: usize = 1;
const SHIPPED: usize = 2;
const QUANTITY: usize = 4;
const AMOUNT: usize = 5;
const PAID: usize = 6;
const REFUND: usize = 7;
/// Place of the title among the labels.
const TITLE: usize = 1;

/// Whether `line` tells no time and so counts only once its order does.
pub(super) const fn waits(line: &Coded) -> bool {
    line.values[CREATED] == OrderColumns::NONE
}

/// Key of the whole row of an order, where `code` is that of [`WHOLE`].
pub(super) const fn whole_key(code: u32) -> LineKey {
    LineKey {
        line: code,
        occurrence: 0,
        sku: NONE_CODE,
    }
}

/// A line of an order whose rows meet.
#[derive(Clone, Debug)]
pub(super) struct Met {
    /// Its row in the table.
    pub known: Option<u32>,
    /// The version in the table.
    pub before: Option<Coded>,
    /// The version that will be.
    pub line: Coded,
    /// It is of the batch that is about to enter.
    pub is_fresh: bool,
    /// It will count nowhere.
    pub is_hidden: bool,
}

/// The rows of `order` in the table but for those that were removed, in table order.
pub(super) fn known(
    columns: &OrderColumns,
    chains: &Chains,
    removed: &Bits,
    order: u32,
    whole: Option<u32>,
) -> Vec<Met> {
    let mut rows = chains.all_of(order);
    rows.sort_unstable();
    let met = rows.into_iter().filter_map(|row| {
        let line = columns.coded(row as usize);
        let is_hidden = removed.get(row as usize);
        let by_rule = waits(&line) || Some(line.key.line) == whole;
        (!is_hidden || by_rule).then_some(Met {
            known: Some(row),
            before: Some(line),
            line,
            is_fresh: false,
            is_hidden,
        })
    });
    met.collect()
}

/// Works out what counts among the rows of one order.
pub(super) fn settle(rows: &mut [Met], whole: Option<u32>) {
    let is_whole = |met: &Met| Some(met.line.key.line) == whole;
    let has_lines = rows.iter().any(|met| !is_whole(met));
    if let Some(row) = rows.iter().find(|met| is_whole(met)) {
        let (now, before) = (row.line, row.before);
        let mut lines: Vec<&mut Met> = rows.iter_mut().filter(|met| !is_whole(met)).collect();
        for met in &mut lines {
            fill(met, &now, before.as_ref());
        }
        for at in [AMOUNT, PAID, REFUND] {
            share(&mut lines, at, &now, before.as_ref());
        }
    }
    for met in rows {
        met.is_hidden = waits(&met.line) || Some(met.line.key.line) == whole && has_lines;
    }
}

/// Gives `met` what it leaves open of the order's times, labels and status, or what it had of an earlier
/// version of the whole row.
fn fill(met: &mut Met, whole: &Coded, before: Option<&Coded>) {
    const NONE: i64 = OrderColumns::NONE;
    // A line that is here already may hold what the whole row said before.
    let before = before.filter(|_| !met.is_fresh);
    let line = &mut met.line;
    // A time of payment that is the order time was assumed.
    let is_assumed = line.values[PAID_AT] == line.values[CREATED];
    for at in [CREATED, PAID_AT, SHIPPED] {
        let is_open = line.values[at] == NONE
            || before.is_some_and(|before| before.values[at] == line.values[at])
            || at == PAID_AT && is_assumed;
        if is_open && whole.values[at] != NONE {
            line.values[at] = whole.values[at];
        }
    }
    let open = |own: u32, whole: u32, before: Option<u32>| {
        let is_open = own == NONE_CODE || before == Some(own);
        if is_open && whole != NONE_CODE { whole } else { own }
    };
    for at in (0..=CUSTOMER).filter(|at| *at != TITLE) {
        let before = before.map(|before| before.labels[at]);
        line.labels[at] = open(line.labels[at], whole.labels[at], before);
    }
    for dim in Dim::ALL {
        let at = dim.index();
        let before = before.map(|before| before.dims[at]);
        match dim {
            Dim::Sku => {}
            Dim::Status => {
                // Codes of states stand in order of life.
                let follows = before == Some(line.dims[at]);
                let own = if follows { whole.dims[at] } else { line.dims[at] };
                line.dims[at] = own.max(whole.dims[at]);
            }
            _ => line.dims[at] = open(line.dims[at], whole.dims[at], before),
        }
    }
    let is_unpaid = line.dims[Dim::Status.index()] == Status::Created as u32 + 1;
    if is_unpaid && whole.values[PAID_AT] == NONE {
        line.values[PAID_AT] = NONE;
    }
}

/// Shares out what the whole row says of value `at` where the lines do not say it themselves.
fn share(lines: &mut [&mut Met], at: usize, whole: &Coded, before: Option<&Coded>) {
    const NONE: i64 = OrderColumns::NONE;
    for met in lines.iter_mut().filter(|met| met.is_fresh) {
        if let (NONE, Some(earlier)) = (met.line.values[at], &met.before) {
            met.line.values[at] = earlier.values[at];
        }
    }
    let total = whole.values[at];
    let said = || {
        lines
            .iter()
            .map(|met| met.line.values[at])
            .filter(|value| *value != NONE)
    };
    let is_open = said().next().is_none();
    // Shares of what the whole row said before, or shares beside a line that came later.
    let was_shared = before.is_some_and(|before| {
        let sum: i64 = said().fold(0, i64::saturating_add);
        let is_stale = before.values[at] != total || said().count() < lines.len();
        before.values[at] == sum && is_stale
    });
    if total == NONE || !(is_open || was_shared) {
        return;
    }
    let weight_of = |met: &Met, at: usize| match met.line.values[at] {
        NONE => 0,
        value => i128::from(value).abs(),
    };
    let by = |at: usize| lines.iter().map(|met| weight_of(met, at)).collect::<Vec<_>>();
    let by_amount = if at == AMOUNT { Vec::new() } else { by(AMOUNT) };
    let weights = [by_amount, by(QUANTITY), vec![1; lines.len()]];
    let weights = weights
        .into_iter()
        .find(|weights| weights.iter().sum::<i128>() > 0);
    let weights = weights.unwrap_or_default();
    let sum: i128 = weights.iter().sum();
    let (mut so_far, mut given) = (0_i128, 0_i64);
    for (met, weight) in lines.iter_mut().zip(weights) {
        so_far += weight;
        // Never more than the total, so it fits; the last share takes what rounding left.
        let reached = i64::try_from(i128::from(total) * so_far / sum.max(1)).unwrap_or(total);
        met.line.values[at] = reached - given;
        given = reached;
    }
}

#[cfg(test)]
#[path = "meet_tests.rs"]
mod tests;
