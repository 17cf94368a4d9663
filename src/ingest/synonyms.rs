//! The synonym table: which header means what.

use super::field::Field;
use super::header::HeaderKey;
use super::phrases::plain;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Data, not code: what a header can mean is read from this text once.
const TEXT: &str = include_str!("synonyms.txt");

static TABLE: LazyLock<FxHashMap<String, Vec<Meaning>>> = LazyLock::new(|| {
    let mut table: FxHashMap<String, Vec<Meaning>> = FxHashMap::default();
    for (rank, (field, name)) in entries(TEXT).enumerate() {
        let rank = u16::try_from(rank).unwrap_or(u16::MAX);
        table
            .entry(HeaderKey::of(name).full)
            .or_default()
            .push(Meaning { field, rank });
    }
    table
});

/// One meaning of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    /// The field.
    pub field: Field,
    /// Of several columns with one meaning the lowest rank wins.
    pub rank: u16,
}

/// What a header can mean: nothing, one field, or one for orders and one for stock.
pub(super) fn meanings(key: &HeaderKey) -> &'static [Meaning] {
    let found = TABLE.get(&key.full).or_else(|| TABLE.get(&key.base));
    // Without its accents: `Référence`.
    let found = found.or_else(|| TABLE.get(&plain(&key.base)).filter(|_| !key.base.is_ascii()));
    found.map_or(&[], Vec::as_slice)
}

fn entries(text: &str) -> impl Iterator<Item = (Field, &str)> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(field, names)| {
            let field = Field::named(field);
            names
                .split(" | ")
                .filter_map(move |name| field.map(|field| (field, name.trim())))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        for line in TEXT
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let (field, names) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            assert!(Field::named(field).is_some(), "{field}");
            assert!(names.split(" | ").all(|name| !name.trim().is_empty()), "{line}");
        }
        for (field, name) in entries(TEXT) {
            let key = HeaderKey::of(name);
            for is_of_kind in [Field::is_of_orders, Field::is_of_stock] {
                let other = meanings(&key)
                    .iter()
                    .map(|m| m.field)
                    .find(|f| is_of_kind(*f) && is_of_kind(field) && *f != field);
                assert_eq!(other, None, "{name} means {field:?} too");
            }
        }
    }
}
