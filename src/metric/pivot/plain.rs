//! The plain way: the definition in words, line by line. What the quick ways are held against.

use super::{Codes, Distinct, Groups, Layout, Spec, When, code_of};
use crate::metric::Line;
use crate::model::OrderTable;
use crate::query::Masks;
use std::collections::BTreeSet;

impl Groups {
    /// The lines that count, each with the codes of its group.
    pub fn members(
        table: &OrderTable,
        masks: &Masks,
        spec: &Spec,
        when: When,
    ) -> impl Iterator<Item = (usize, Codes)> {
        let columns = table.columns();
        let layout = Layout::new(spec, when.frame);
        (0..columns.len()).filter_map(move |row| {
            let line = Line::new(columns, row);
            let at = line.at(spec.clock).filter(|at| when.window.contains(*at))?;
            let counts = masks.passes(row, spec.own) && line.is(spec.which);
            Some((row, layout.codes(columns, row, at).filter(|_| counts)?))
        })
    }
}

/// `spec` over the lines that pass `masks`.
pub fn plain(table: &OrderTable, masks: &Masks, spec: &Spec, when: When) -> Groups {
    let columns = table.columns();
    let mut groups = Groups::new(spec);
    let mut seen: Vec<BTreeSet<(usize, u32)>> = vec![BTreeSet::new(); spec.distinct.len()];
    for (row, codes) in Groups::members(table, masks, spec, when) {
        let line = Line::new(columns, row);
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
        if let Some((first, at)) = groups.first.get_mut(group).zip(line.at(spec.clock)) {
            *first = at.0.min(*first);
        }
    }
    groups
}
