//! Stock tables with several places a row: a column for each, or pairs of a place and its quantity.

use super::decided::ByHand;
use super::field::Field;
use super::header::HeaderKey;
use super::mapping::is_number;
use super::number::{self, Decimal};
use super::personal::{personal, personal_values};
use super::phrases::is_another_figure;
use super::profile::Profile;
use super::sample::Sample;
use super::synonyms::Meaning;
use crate::model::Dim;
use crate::money::Fixed;
use rustc_hash::FxHashMap;

/// A place of a row, and the column of what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Column that names the place; `None`: the header of `count` does.
    pub name: Option<usize>,
    /// Column of the quantity.
    pub count: usize,
    /// What the quantity is: on hand or available.
    pub field: Field,
}

/// Words for places in headers.
const WORDS: [&str; 17] = [
    "仓",
    "库",
    "门店",
    "店",
    "warehouse",
    "location",
    "store",
    "depot",
    "magazzino",
    "entrepôt",
    "lager",
    "filiale",
    "almacén",
    "bodega",
    "depósito",
    "armazém",
    "tienda",
];
/// Words of figures that are no stock.
const FIGURES: [&str; 44] = [
    "价", "额", "成本", "重量", "体积", "长度", "宽度", "高度", "率", "税", "销量", "销售", "上限", "下限",
    "天数", "id", "编号", "条码", "price", "cost", "weight", "volume", "length", "width", "height", "size",
    "tax", "rate", "upc", "ean", "gtin", "barcode", "code", "year", "days", "sold", "sales", "value",
    "preis", "precio", "preço", "prix", "position", "min",
];
/// Sides of a parcel, which end a header: they begin names of towns too.
const SIDES: [&str; 3] = ["长", "宽", "高"];
/// Columns of figures without a word for a place that make a table one of places.
const MANY: usize = 3;

/// The places of a table of stock, `taken` being what its columns mean otherwise; none where it has one place a row.
pub(super) fn places(
    keys: &[HeaderKey],
    meanings: &[Vec<Meaning>],
    sample: &Sample,
    taken: &[(Field, usize)],
    profile: Option<&'static Profile>,
    by_hand: &ByHand<'_>,
) -> Vec<Place> {
    if let Some(decided) = decided(by_hand) {
        return decided;
    }
    let pairs = pairs(keys);
    if !pairs.is_empty() {
        return pairs;
    }
    let has = |field: Field| taken.iter().find(|(is, _)| *is == field).map(|(_, at)| *at);
    if has(Field::Dim(Dim::Warehouse)).is_some() {
        return Vec::new();
    }
    let is_wide = profile.is_some_and(|profile| profile.wide);
    let means_nothing = |at: usize| meanings.get(at).is_some_and(Vec::is_empty);
    // 长沙仓 is no length.
    let is_figure = |key: &HeaderKey| {
        let name = key.full.split('(').next().unwrap_or_default();
        let is_side = SIDES.iter().any(|side| name.ends_with(side));
        let is_place = WORDS.iter().any(|word| name.ends_with(word));
        !is_place && (is_side || is_another_figure(key) || FIGURES.iter().any(|word| key.full.contains(word)))
    };
    let candidates: Vec<usize> = keys
        .iter()
        .enumerate()
        .filter(|(at, key)| {
            means_nothing(*at) && !by_hand.has(*at) && !key.full.is_empty() && personal(key).is_none()
        })
        .filter(|(_, key)| is_wide || !is_figure(key))
        .filter(|(at, _)| personal_values(sample.values(*at)).is_none())
        .filter(|(at, key)| sample.values(*at).all(is_number) && !(is_wide && key.full.starts_with("option")))
        .map(|(at, _)| at)
        .collect();
    let said = |at: &usize| sample.values(*at).next().is_some();
    let names_place = |at: &usize| {
        let key = keys.get(*at).map_or("", |key| key.full.as_str());
        WORDS.iter().any(|word| key.contains(word))
    };
    let total = has(Field::OnHand).or_else(|| has(Field::Available));
    let counting = candidates.iter().filter(|at| said(at)).count();
    let is_table = is_wide
        || candidates.iter().any(names_place)
        || match total {
            Some(total) => counting >= 2 && adds_up(sample, &candidates, total),
            None => counting >= MANY,
        };
    if !is_table || counting == 0 {
        return Vec::new();
    }
    let field = if is_wide { Field::Available } else { Field::OnHand };
    let place = |count: usize| Place {
        name: None,
        count,
        field,
    };
    let mut all: Vec<Place> = candidates.into_iter().map(place).collect();
    // One that was found by nobody but the user.
    let found = by_hand.columns(&LEVELS).into_iter();
    all.extend(found.map(|(field, count)| Place {
        name: None,
        count,
        field,
    }));
    all
}

/// Fields of what is there.
const LEVELS: [Field; 2] = [Field::OnHand, Field::Available];

/// The places that were decided: a column of quantities for each of several, or as many that name them.
fn decided(by_hand: &ByHand<'_>) -> Option<Vec<Place>> {
    let counts = by_hand.columns(&LEVELS);
    let names = by_hand.columns(&[Field::Dim(Dim::Warehouse)]);
    if counts.len() < 2 || !(names.is_empty() || names.len() == counts.len()) {
        return None;
    }
    // On hand and available of one place are no two places.
    let is_pair =
        counts.len() == 2 && counts.first().map(|(field, _)| field) != counts.get(1).map(|(field, _)| field);
    if is_pair {
        return None;
    }
    let place = |(at, (field, count)): (usize, &(Field, usize))| Place {
        name: names.get(at).map(|(_, name)| *name),
        count: *count,
        field: *field,
    };
    Some(counts.iter().enumerate().map(place).collect())
}

/// Columns called `Location_1` with their `Qty_1`.
fn pairs(keys: &[HeaderKey]) -> Vec<Place> {
    let numbered = |key: &HeaderKey, words: &[&str]| {
        let name = key.full.trim_end_matches(|c: char| c.is_ascii_digit());
        words
            .contains(&name)
            .then(|| key.full.get(name.len()..).unwrap_or("").to_owned())
    };
    let of = |words: &'static [&'static str]| {
        let all = keys.iter().enumerate();
        all.filter_map(move |(at, key)| Some((numbered(key, words)?, at)))
    };
    let counts: FxHashMap<String, usize> =
        of(&["qty", "quantity", "stock", "onhand", "数量", "库存"]).collect();
    let pair = |(number, name): (String, usize)| {
        let count = counts.get(&number).filter(|_| !number.is_empty())?;
        Some(Place {
            name: Some(name),
            count: *count,
            field: Field::OnHand,
        })
    };
    of(&[
        "location",
        "warehouse",
        "store",
        "place",
        "bin",
        "仓库",
        "库位",
        "门店",
    ])
    .filter_map(pair)
    .collect()
}

/// Whether `columns` add up to `total` on most rows.
fn adds_up(sample: &Sample, columns: &[usize], total: usize) -> bool {
    let value =
        |row: &Vec<String>, at: usize| match row.get(at).map(|cell| number::read(cell, Decimal::Point)) {
            Some(Ok(Some(number))) => number.value,
            _ => Fixed::ZERO,
        };
    let right = |row: &&Vec<String>| {
        let sum = columns
            .iter()
            .fold(Fixed::ZERO, |sum, at| sum.saturating_add(value(row, *at)));
        sum == value(row, total)
    };
    let rows = sample.rows.len();
    sample.rows.iter().filter(right).count() * 10 >= rows * 9
}
