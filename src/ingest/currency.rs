//! The currency a whole file is in.

use super::field::Field;
use super::mapping::Mapping;
use super::number::currency_in;
use super::sample::Sample;

/// Columns that hold money.
const MONEY: [Field; 5] = [
    Field::Amount,
    Field::UnitPrice,
    Field::OrderAmount,
    Field::PaidAmount,
    Field::RefundAmount,
];

/// The currency that the headers or the amounts name; yuan where the headers are Chinese, as no
/// Chinese platform names it.
pub(super) fn of_file(mapping: &Mapping, sample: &Sample) -> Option<&'static str> {
    let columns = || MONEY.iter().filter_map(|field| mapping.one(*field));
    let in_header = columns().find_map(|at| mapping.keys.get(at).and_then(|key| key.currency()));
    let in_cells = || columns().find_map(|at| sample.values(at).find_map(currency_in));
    let is_chinese = || {
        let id = mapping.one(Field::OrderId).and_then(|at| mapping.keys.get(at));
        id.is_some_and(|key| {
            key.full.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)) && !is_japanese(&key.full)
        })
    };
    in_header
        .or_else(in_cells)
        .or_else(|| is_chinese().then_some("CNY"))
}

/// `注文番号` is written with characters that Chinese has too, in words it has not.
fn is_japanese(header: &str) -> bool {
    header.contains("注文") || header.chars().any(|c| ('\u{3040}'..='\u{30FF}').contains(&c))
}
