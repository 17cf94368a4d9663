//! The plain way: the definition in words, line by line. What the quick ways are held against.

use super::{Distinct, Groups, Layout, Spec, When, code_of};
use crate::metric::Line;
use crate::model::OrderTable;
use crate::query::Masks;
use std::collections::BTreeSet;

/// `spec` over the lines that pass `masks`.
pub fn plain(table: &OrderTable, masks: &Masks, spec: &Spec, when: When) -> Groups {
    let columns = table.columns();
    let layout = Layout::new(spec, when.frame);
    let mut groups = Groups::new(spec);
    let mut seen: Vec<BTreeSet<(usize, u32)>> = vec![BTreeSet::new(); spec.distinct.len()];
    for row in 0..columns.len() {
        let line = Line::new(columns, row);
        let at = line.at(spec.clock).filter(|at| when.window.contains(*at));
        let Some(at) = at.filter(|_| masks.passes(row, spec.own) && line.is(spec.which)) else {
            continue;
        };
        let Some(codes) = layout.codes(columns, row, at) else {
            continue;
        };
        let group = groups.place(spec, codes);
        groups.lines[group] += 1;
        for (sums, sum) in groups.sums.iter_mut().zip(&spec.sums) {
            let counts = !sum.is_money() || spec.currency.is_none_or(|currency| currency == line.currency());
            if let Some(value) = line.adds(*sum).filter(|_| counts) {
                sums[group].sum += i128::from(value);
                sums[group].lines += 1;
            }
        }
        for ((counts, seen), distinct) in groups.distinct.iter_mut().zip(&mut seen).zip(&spec.distinct) {
            let code = match distinct {
                Distinct::Orders(which) => line.is(*which).then(|| columns.order.get(row)),
                other => code_of(*other, columns, row),
            };
            if code.is_some_and(|code| seen.insert((group, code))) {
                counts[group] += 1;
            }
        }
        if let Some(first) = groups.first.get_mut(group) {
            *first = at.0.min(*first);
        }
    }
    groups
}
