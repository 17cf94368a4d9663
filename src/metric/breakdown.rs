//! The measure by a dimension.

use super::pivot::{By, Distinct, Groups, Spec, When};
use super::{Book, Clock, Sum, Which, fixed};
use crate::arrange::arrange;
use crate::model::Dim;
use crate::money::Fixed;
use crate::protocol::Measure;
use crate::query::Masks;
use crate::time::Span;
use std::rc::Rc;

/// One key's share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Code in the dimension's dictionary.
    pub code: u32,
    /// The measure.
    pub value: Fixed,
    /// Order lines behind it: a key with lines worth nothing is still a key.
    pub lines: u64,
}

/// `measure` of the lines created in `span` by `dim`, which the dimension's own clause does not filter.
/// Largest first, ties by key; only keys that have a line.
pub fn breakdown(book: Book<'_>, dim: Dim, span: Span, measure: Measure, currency: u32) -> Vec<Group> {
    let mut spec = of_dim(dim, currency);
    match measure {
        Measure::Gmv => spec.sums.push(Sum::Gmv),
        Measure::Units => spec.sums.push(Sum::Units),
        Measure::Orders => spec.distinct.push(Distinct::Orders(Which::All)),
    }
    let groups = book.ask(&spec, When::of(span));
    let value = |at: usize| match measure {
        Measure::Orders => Fixed::from_units(i64::try_from(groups.distinct(0, at)).unwrap_or(i64::MAX)),
        Measure::Gmv | Measure::Units => fixed(groups.sum(0, at).sum),
    };
    ranked(book, dim, &groups, value)
}

/// Units and GMV of each SKU in `span`, most units first, ties by key; the SKU's own clause does not filter.
pub fn best_sellers(book: Book<'_>, span: Span, currency: u32) -> Vec<(Group, Fixed)> {
    let spec = Spec {
        sums: vec![Sum::Units, Sum::Gmv],
        ..of_dim(Dim::Sku, currency)
    };
    let groups = book.ask(&spec, When::of(span));
    let units = ranked(book, Dim::Sku, &groups, |at| fixed(groups.sum(0, at).sum));
    units
        .into_iter()
        .map(|group| {
            let gmv = fixed(groups.sum(1, group.code as usize).sum);
            (group, gmv)
        })
        .collect()
}

fn of_dim(dim: Dim, currency: u32) -> Spec {
    Spec {
        by: vec![By::Dim(dim)],
        own: Masks::own(dim),
        currency: Some(currency),
        ..Spec::new(Clock::Created)
    }
}

fn ranked(book: Book<'_>, dim: Dim, groups: &Rc<Groups>, value: impl Fn(usize) -> Fixed) -> Vec<Group> {
    let dict = book.table().columns().dict(dim);
    let all = (0_u32..).zip(&groups.lines).filter(|(_, lines)| **lines > 0);
    let mut all: Vec<Group> = all
        .map(|(code, lines)| Group {
            code,
            value: value(code as usize),
            lines: *lines,
        })
        .collect();
    arrange(&mut all, |a, b| {
        b.value
            .cmp(&a.value)
            .then_with(|| dict.text(a.code).cmp(dict.text(b.code)))
    });
    all
}
