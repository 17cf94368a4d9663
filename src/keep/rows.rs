//! Rows as bytes: column by column, dictionaries first.
//!
//! The one place that knows the columns of the model. [`order_parts`] and [`stock_parts`] name them in the
//! order in which they are stored; [`orders`] and [`stock`] take them up in the same order.

use super::Damage;
use super::bytes::{Reader, put_length};
use super::column;
use crate::model::{
    Codes, Dict, Dim, Hashes, Ints, NameColumns, OrderBatch, OrderColumns, Status, StockBatch, StockColumns,
};

/// A part of the stored rows.
enum Part<'a> {
    /// Number of rows.
    Rows(usize),
    /// A dictionary.
    Texts(&'a Dict),
    /// Scopes of a dictionary's texts.
    Scopes(&'a Dict),
    /// Hashes, the first of which is 0 everywhere.
    Hashes(&'a Hashes),
    /// Codes of a dictionary, or counts from 0.
    Codes(&'a Codes),
    /// Codes that also bound the number of rows.
    Keys(&'a Codes),
    /// Times or decimals.
    Ints(&'a Ints),
    /// Codes of stock levels.
    Small(&'a [u32]),
    /// Codes of stock levels that also bound the number of rows.
    SmallKeys(&'a [u32]),
    /// Times or decimals of stock levels.
    SmallInts(&'a [i64]),
}

impl Part<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut to = Vec::new();
        let wide = |code: &u32| u64::from(*code);
        match self {
            Self::Rows(count) => put_length(&mut to, *count),
            Self::Texts(dict) => {
                // Code 0 is the empty text everywhere.
                let count = u32::try_from(dict.len()).unwrap_or(u32::MAX);
                let texts: Vec<&str> = (1..count).map(|code| dict.text(code)).collect();
                column::put_texts(&mut to, texts.iter().copied());
            }
            Self::Scopes(dict) => {
                let codes = (1..dict.len()).map(|code| u32::try_from(code).unwrap_or(u32::MAX));
                column::put_keys(&mut to, codes.map(|code| u64::from(dict.scope(code))));
            }
            Self::Hashes(hashes) => {
                let values = hashes.values().get(1..).unwrap_or_default();
                put_length(&mut to, values.len());
                column::put_keys(&mut to, values.iter().copied());
            }
            Self::Codes(codes) => {
                column::put_codes(&mut to, (0..codes.len()).map(|row| u64::from(codes.get(row))));
            }
            Self::Keys(codes) => {
                column::put_keys(&mut to, (0..codes.len()).map(|row| u64::from(codes.get(row))));
            }
            Self::Ints(values) => column::put_ints(&mut to, &values.iter().collect::<Vec<_>>()),
            Self::Small(codes) => column::put_codes(&mut to, codes.iter().map(wide)),
            Self::SmallKeys(codes) => column::put_keys(&mut to, codes.iter().map(wide)),
            Self::SmallInts(values) => column::put_ints(&mut to, values),
        }
        to
    }
}

fn order_parts(c: &OrderColumns) -> Vec<Part<'_>> {
    let dicts = [
        &c.sources,
        &c.orders,
        &c.lines,
        &c.currencies,
        &c.titles,
        &c.cities,
    ];
    let labels = [
        &c.source,
        &c.line,
        &c.occurrence,
        &c.currency,
        &c.title,
        &c.city,
        &c.customer,
    ];
    let ints = [
        &c.created_at,
        &c.paid_at,
        &c.shipped_at,
        &c.updated_at,
        &c.quantity,
        &c.amount,
        &c.paid_amount,
        &c.refund_amount,
    ];
    let mut parts = vec![Part::Rows(c.len())];
    // The number of orders, before their scopes, before their texts: read in that order, each is known.
    parts.push(Part::Rows(c.orders.len() - 1));
    parts.push(Part::Scopes(&c.orders));
    parts.extend(dicts.into_iter().chain(&c.dicts).map(Part::Texts));
    parts.push(Part::Hashes(&c.customers));
    parts.push(Part::Keys(&c.order));
    parts.extend(labels.into_iter().chain(&c.dims).map(Part::Codes));
    parts.extend(ints.map(Part::Ints));
    parts
}

fn stock_parts<'a>(c: &'a StockColumns, names: &'a NameColumns) -> Vec<Part<'a>> {
    let dicts = [
        &c.sources,
        &c.skus,
        &c.warehouses,
        &c.titles,
        &c.categories,
        &c.brands,
    ];
    let labels = [&c.source, &c.warehouse, &c.title, &c.category, &c.brand];
    let [on_hand, available, inbound, as_of, later @ ..] = c.values();
    let mut parts = vec![Part::Rows(c.len())];
    parts.extend(dicts.map(Part::Texts));
    parts.push(Part::SmallKeys(&c.sku));
    parts.extend(labels.map(|codes| Part::Small(codes)));
    parts.extend([on_hand, available, inbound, as_of].map(|values| Part::SmallInts(values)));
    // Left out where there are none, as before there were any: names, and behind them the later values.
    let is_said = |values: &&Vec<i64>| values.iter().any(|value| *value != OrderColumns::NONE);
    let has_later = later.iter().any(is_said);
    if has_later || !names.is_empty() {
        parts.extend([Part::Rows(names.len()), Part::Texts(&names.texts)]);
        let codes = [&names.of, &names.scope, &names.name, &names.is, &names.row];
        parts.extend(codes.map(|codes| Part::SmallKeys(codes)));
        parts.push(Part::SmallInts(&names.quantity));
    }
    if has_later {
        parts.extend(later.map(|values| Part::SmallInts(values)));
    }
    parts
}

/// The stored bytes of order lines, part `at` of them; `None` after the last. In parts, so that the bytes
/// of all columns never lie in memory at once.
pub fn orders_chunk(columns: &OrderColumns, at: usize) -> Option<Vec<u8>> {
    order_parts(columns).get(at).map(Part::bytes)
}

/// The stored bytes of stock levels and `names`, part `at` of them; `None` after the last.
pub fn stock_chunk(columns: &StockColumns, names: &NameColumns, at: usize) -> Option<Vec<u8>> {
    stock_parts(columns, names).get(at).map(Part::bytes)
}

/// The order lines in `bytes`.
///
/// # Errors
/// They are not what [`orders_chunk`] gives.
pub fn orders(bytes: &[u8]) -> Result<OrderBatch, Damage> {
    let from = &mut Reader::new(bytes);
    let rows = from.length()?;
    let mut c = OrderColumns::default();
    let orders = from.length()?;
    let scopes = column::codes(from, orders, usize::MAX)?;
    dictionary(from, &mut c.sources)?;
    scoped(from, &mut c.orders, &scopes)?;
    for to in [&mut c.lines, &mut c.currencies, &mut c.titles, &mut c.cities] {
        dictionary(from, to)?;
    }
    for dim in Dim::ALL {
        let to = &mut c.dicts[dim.index()];
        if dim == Dim::Status {
            statuses(from, to)?;
        } else {
            dictionary(from, to)?;
        }
    }
    for value in {
        let count = from.length()?;
        column::hashes(from, count)?
    } {
        let next = c.customers.len();
        if c.customers.intern(value) as usize != next {
            return Err(Damage::Malformed);
        }
    }
    c.order = column::codes(from, rows, c.orders.len())?.into_iter().collect();
    // Occurrences are counted by rows: none is larger than the number of rows that all files had.
    let known = [
        c.sources.len(),
        c.lines.len(),
        usize::MAX,
        c.currencies.len(),
        c.titles.len(),
        c.cities.len(),
        c.customers.len(),
    ];
    let labels = [
        &mut c.source,
        &mut c.line,
        &mut c.occurrence,
        &mut c.currency,
        &mut c.title,
        &mut c.city,
        &mut c.customer,
    ];
    for (to, known) in labels.into_iter().zip(known) {
        to.extend(column::codes(from, rows, known)?);
    }
    for (to, dict) in c.dims.iter_mut().zip(&c.dicts) {
        to.extend(column::codes(from, rows, dict.len())?);
    }
    for to in [
        &mut c.created_at,
        &mut c.paid_at,
        &mut c.shipped_at,
        &mut c.updated_at,
        &mut c.quantity,
        &mut c.amount,
        &mut c.paid_amount,
        &mut c.refund_amount,
    ] {
        column::ints(from, rows)?
            .into_iter()
            .for_each(|value| to.push(value));
    }
    from.end()?;
    OrderBatch::from_columns(c).ok_or(Damage::Malformed)
}

/// The stock levels and names in `bytes`.
///
/// # Errors
/// They are not what [`stock_chunk`] gives.
pub fn stock(bytes: &[u8]) -> Result<StockBatch, Damage> {
    let from = &mut Reader::new(bytes);
    let rows = from.length()?;
    let mut c = StockColumns::default();
    for to in [
        &mut c.sources,
        &mut c.skus,
        &mut c.warehouses,
        &mut c.titles,
        &mut c.categories,
        &mut c.brands,
    ] {
        dictionary(from, to)?;
    }
    c.sku = column::codes(from, rows, c.skus.len())?;
    c.source = column::codes(from, rows, c.sources.len())?;
    c.warehouse = column::codes(from, rows, c.warehouses.len())?;
    c.title = column::codes(from, rows, c.titles.len())?;
    c.category = column::codes(from, rows, c.categories.len())?;
    c.brand = column::codes(from, rows, c.brands.len())?;
    let [on_hand, available, inbound, as_of, later @ ..] = c.values_mut();
    for to in [on_hand, available, inbound, as_of] {
        *to = column::ints(from, rows)?;
    }
    let names = if from.rest().is_empty() {
        NameColumns::default()
    } else {
        names(from)?
    };
    let has_later = !from.rest().is_empty();
    for to in later {
        *to = if has_later {
            column::ints(from, rows)?
        } else {
            vec![OrderColumns::NONE; rows]
        };
    }
    from.end()?;
    StockBatch::from_columns(c, names).ok_or(Damage::Malformed)
}

fn names(from: &mut Reader<'_>) -> Result<NameColumns, Damage> {
    let rows = from.length()?;
    let mut names = NameColumns::default();
    dictionary(from, &mut names.texts)?;
    let texts = names.texts.len();
    names.of = column::codes(from, rows, usize::MAX)?;
    for to in [&mut names.scope, &mut names.name, &mut names.is] {
        *to = column::codes(from, rows, texts)?;
    }
    names.row = column::codes(from, rows, usize::MAX)?;
    names.quantity = column::ints(from, rows)?;
    Ok(names)
}

/// Fills `to`, so that each text gets the code it had. Two texts that are one to the dictionary would move
/// the codes of all that follow.
fn dictionary(from: &mut Reader<'_>, to: &mut Dict) -> Result<(), Damage> {
    column::texts(from, |text| {
        let next = to.len();
        if to.intern(text) as usize == next && to.text(u32::try_from(next).unwrap_or(0)) == text {
            Ok(())
        } else {
            Err(Damage::Malformed)
        }
    })
}

/// As [`dictionary`], each text in its scope; there are as many as `scopes`.
fn scoped(from: &mut Reader<'_>, to: &mut Dict, scopes: &[u32]) -> Result<(), Damage> {
    to.reserve(scopes.len(), 0);
    let mut scopes = scopes.iter();
    column::texts(from, |text| {
        let next = to.len();
        let scope = scopes.next().ok_or(Damage::Malformed)?;
        if to.intern_in(*scope, text) as usize == next && to.text(u32::try_from(next).unwrap_or(0)) == text {
            Ok(())
        } else {
            Err(Damage::Malformed)
        }
    })?;
    scopes.next().map_or(Ok(()), |_| Err(Damage::Malformed))
}

/// The dictionary of statuses is the program's own: it must still be the same.
fn statuses(from: &mut Reader<'_>, to: &Dict) -> Result<(), Damage> {
    let mut next = 0;
    column::texts(from, |text| {
        next += 1;
        if to.text(next) == text && Status::from_id(text).is_some() {
            Ok(())
        } else {
            Err(Damage::Malformed)
        }
    })?;
    if next as usize + 1 == to.len() {
        Ok(())
    } else {
        Err(Damage::Malformed)
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
