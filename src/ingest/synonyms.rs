//! The synonym table: which header means what.

use super::field::Field;
use super::header::HeaderKey;
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
    found.map_or(&[], Vec::as_slice)
}

/// Ranks of names that are known only without their frills are below those of all others by so much.
const LOOSE: u16 = 20_000;
/// What speaks of the goods at the front of a header: `Product Qty`, `Artikelpreis`.
const FRONTS: [&str; 12] = [
    "product", "item", "line", "article", "goods", "artikel", "producto", "produto", "商品", "产品", "货品",
    "宝贝",
];
/// And at its end: `Precio unitario de venta del producto`.
const ENDS: [&str; 14] = [
    "doproduto",
    "delproducto",
    "doanúncio",
    "delapublicación",
    "delanuncio",
    "dopedido",
    "delpedido",
    "davenda",
    "delaventa",
    "devenda",
    "deventa",
    "inkl",
    "incltax",
    "inctax",
];
/// Words in brackets that make another figure of it.
const OTHER: [&str; 8] = ["new", "old", "旧版", "新版", "万元", "千元", "万", "%"];

/// What a header whose name is not known can mean without brackets and without words that only say that it
/// is about the goods. No dates, states or places: there such words make a difference.
pub(super) fn loose_meanings(key: &HeaderKey) -> Vec<Meaning> {
    let mut name = key.base.as_str();
    if let Some((bare, inside)) = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        if OTHER.contains(&inside) {
            return Vec::new();
        }
        name = bare;
    }
    let is_of_goods = |field: Field| {
        matches!(
            field,
            Field::Sku
                | Field::Title
                | Field::Quantity
                | Field::UnitPrice
                | Field::Amount
                | Field::OrderAmount
                | Field::OnHand
                | Field::Available
        )
    };
    for _ in 0..4 {
        if let Some(found) = TABLE.get(name).filter(|_| name != key.full) {
            let loose = |meaning: &Meaning| Meaning {
                field: meaning.field,
                rank: meaning.rank.saturating_add(LOOSE),
            };
            let of_goods = found.iter().filter(|meaning| is_of_goods(meaning.field));
            return of_goods.map(loose).collect();
        }
        let front = FRONTS.iter().find_map(|word| name.strip_prefix(word));
        let Some(rest) = ENDS.iter().find_map(|word| name.strip_suffix(word)).or(front) else {
            break;
        };
        name = rest;
    }
    Vec::new()
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
