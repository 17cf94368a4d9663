//! Rows → stock levels.

use super::clock::Clock;
use super::fault::Fault;
use super::field::Field;
use super::ident::{self, is_ruined, is_spreadsheet_error, is_total, unwrap};
use super::ledger::Ledger;
use super::numbers::Numbers;
use super::orders::Setting;
use super::places::Place;
use super::records::Row;
use super::rounding::Rounding;
use super::source::Source;
use super::times::Times;
use crate::model::{Dim, NameRow, Named, StockBatch, StockLevel};
use crate::money::Fixed;
use crate::protocol::{Note, Problem};
use std::borrow::Cow;

/// Reads the rows of a stock export.
pub(super) struct StockRows {
    batch: StockBatch,
    clock: Clock,
    source: Source,
    skus: Vec<(usize, Rounding)>,
    handle: Option<usize>,
    variants: Vec<usize>,
    composed: String,
    title: Option<usize>,
    /// Several places a row, with the header of each that is named by it.
    places: Vec<(Place, String, Numbers)>,
    on_hand: Option<Numbers>,
    available: Option<Numbers>,
    inbound: Vec<Numbers>,
    unit_cost: Option<Numbers>,
    arrives: Option<Times>,
    as_of: Option<Times>,
    warehouse: Option<usize>,
    shop: Option<usize>,
    category: Option<usize>,
    brand: Option<usize>,
    /// Another name of the goods, by which other files of the account know them.
    item: Option<usize>,
    ids: bool,
    rows: u32,
}

impl StockRows {
    pub(super) fn new(setting: &Setting<'_>, headers: &[String]) -> Self {
        let mapping = setting.mapping;
        let one = |field| mapping.one(field).filter(|_| mapping.places.is_empty());
        let numbers = |at| Numbers::new(at, setting.sample, setting.learnt, setting.decimal);
        let dim = |dim| mapping.one(Field::Dim(dim));
        let times = |field| {
            let column = mapping.one(field);
            column.map(|at| Times::new(at, setting.sample, setting.learnt))
        };
        Self {
            batch: StockBatch::default(),
            clock: Clock::new(setting.zone),
            source: Source::new(mapping),
            skus: mapping
                .all(Field::Sku)
                .map(|at| (at, Rounding::new(at, setting.learnt)))
                .collect(),
            handle: mapping.one(Field::Handle),
            variants: mapping.all(Field::Variant).collect(),
            composed: String::new(),
            title: mapping.one(Field::Title),
            places: mapping
                .places
                .iter()
                .map(|place| {
                    let header = headers.get(place.count).map_or("", |header| header.trim());
                    (*place, header.to_owned(), numbers(place.count))
                })
                .collect(),
            on_hand: one(Field::OnHand).map(numbers),
            available: one(Field::Available).map(numbers),
            inbound: mapping.all(Field::Inbound).map(numbers).collect(),
            unit_cost: mapping.one(Field::UnitCost).map(numbers),
            arrives: times(Field::Arrives),
            as_of: times(Field::AsOf),
            warehouse: dim(Dim::Warehouse),
            shop: dim(Dim::Shop),
            category: dim(Dim::Category),
            brand: dim(Dim::Brand),
            item: mapping.one(Field::ItemId),
            ids: mapping.profile.is_some_and(|profile| profile.ids),
            rows: 0,
        }
    }

    /// The levels.
    pub(super) fn into_batch(self) -> StockBatch {
        self.batch
    }

    /// Rows that were added to another of the same SKU and warehouse.
    pub(super) fn added(&self) -> u64 {
        self.batch.added()
    }

    /// How many goods and places the file knows by their ids only.
    pub(super) fn under_ids(&self) -> Option<Note> {
        let columns = self.batch.columns();
        let count = |dict: &crate::model::Dict| u64::try_from(dict.len() - 1).unwrap_or(u64::MAX);
        self.ids
            .then(|| Note::UnderIds(count(&columns.skus), count(&columns.warehouses)))
    }

    /// Patterns of dates whose order nothing proved.
    pub(super) fn assumed_dates(&self) -> Vec<String> {
        let all = self.as_of.iter().chain(&self.arrives);
        all.filter_map(Times::assumed).collect()
    }

    /// Takes one row.
    ///
    /// # Errors
    /// Why the row is refused, or what it refutes.
    pub(super) fn row(&mut self, row: &Row<'_>, ledger: &mut Ledger) -> Result<(), Fault> {
        let mut rounded = false;
        let mut read = |numbers: Option<&mut Numbers>| -> Result<Option<Fixed>, Fault> {
            let Some(numbers) = numbers else { return Ok(None) };
            let number = numbers.read(row)?;
            rounded |= number.is_some_and(|number| number.rounded);
            Ok(number.map(|number| number.value))
        };
        let in_cell = sku_cell(&mut self.skus, row)?;
        let on_hand = read(self.on_hand.as_mut())?;
        let available = read(self.available.as_mut())?;
        let mut inbound: Option<Fixed> = None;
        for numbers in &mut self.inbound {
            if let Some(more) = read(Some(numbers))? {
                inbound = Some(inbound.unwrap_or(Fixed::ZERO).saturating_add(more));
            }
        }
        let unit_cost = read(self.unit_cost.as_mut())?;
        let mut time = |times: Option<&mut Times>| match times {
            Some(times) => times.read(row, &mut self.clock),
            None => Ok(None),
        };
        let as_of = time(self.as_of.as_mut())?;
        let arrives = time(self.arrives.as_mut())?;
        let sku = match in_cell {
            Some(sku) => sku,
            None => {
                compose(&mut self.composed, row, self.handle, &self.variants);
                if self.composed.is_empty() {
                    let column = self.skus.first().map(|(at, _)| *at).or(self.handle);
                    return Err(Fault::Refused(column, String::new(), Problem::Missing));
                }
                Cow::Borrowed(self.composed.as_str())
            }
        };
        let text = |column: Option<usize>| {
            column
                .map(|at| row.cell(at))
                .filter(|cell| !is_spreadsheet_error(cell))
                .unwrap_or("")
        };
        let item = self.item.map_or("", |at| unwrap(row.cell(at)));
        if !item.is_empty() && item != sku && !is_ruined(item) {
            self.batch.names.push(&NameRow {
                of: Named::Goods,
                scope: "",
                name: item,
                is: &sku,
                quantity: None,
                row: self.rows,
            });
        }
        self.rows = self.rows.saturating_add(1);
        let level = StockLevel {
            source: self.source.of(text(self.shop)),
            sku: &sku,
            warehouse: text(self.warehouse),
            title: text(self.title),
            category: text(self.category),
            brand: text(self.brand),
            on_hand,
            available,
            inbound,
            unit_cost,
            arrives,
            as_of,
        };
        if self.places.is_empty() {
            self.batch.push(&level);
        } else {
            let mut any = false;
            for (place, header, numbers) in &mut self.places {
                let count = match numbers.read(row) {
                    Ok(count) => count,
                    Err(Fault::Amend(amend)) => return Err(Fault::Amend(amend)),
                    // A word in one of many places says nothing of the others.
                    Err(Fault::Refused(..)) => None,
                };
                // Where it is not stocked there is no level.
                let Some(count) = count else { continue };
                any = true;
                rounded |= count.rounded;
                let is_available = place.field == Field::Available;
                self.batch.push(&StockLevel {
                    warehouse: place.name.map_or(header.as_str(), |at| row.cell(at)),
                    on_hand: (!is_available).then_some(count.value),
                    available: is_available.then_some(count.value),
                    ..level
                });
            }
            ledger.rounded += u64::from(rounded);
            ledger.without_quantity += u64::from(!any);
            return Ok(());
        }
        ledger.rounded += u64::from(rounded);
        ledger.without_quantity += u64::from(on_hand.is_none() && available.is_none());
        Ok(())
    }
}

/// The first SKU that is not empty.
pub(super) fn sku_cell<'r>(
    columns: &mut [(usize, Rounding)],
    row: &Row<'r>,
) -> Result<Option<Cow<'r, str>>, Fault> {
    for (at, rounding) in columns {
        let at = *at;
        let sku = unwrap(row.cell(at));
        if sku.is_empty() || matches!(sku, "-" | "——") {
            continue;
        }
        if is_total(sku) {
            return Err(Fault::cell(at, sku, Problem::Missing));
        }
        if is_spreadsheet_error(sku) {
            return Err(Fault::cell(at, sku, Problem::SpreadsheetError));
        }
        let plain = ident::plain(sku);
        if is_ruined(&plain) || rounding.is_rounded(&plain).map_err(Fault::Amend)? {
            return Err(Fault::cell(at, sku, Problem::RuinedIdentifier));
        }
        return Ok(Some(plain));
    }
    Ok(None)
}

/// What names goods without SKU: handle and option values. `Default Title` is Shopify's word for "no options".
fn compose(composed: &mut String, row: &Row<'_>, handle: Option<usize>, variants: &[usize]) {
    composed.clear();
    let Some(handle) = handle.map(|at| row.cell(at)) else {
        return;
    };
    composed.push_str(handle);
    if handle.is_empty() {
        return;
    }
    for variant in variants
        .iter()
        .map(|at| row.cell(*at))
        .filter(|v| !v.is_empty() && *v != "Default Title")
    {
        composed.push_str(" / ");
        composed.push_str(variant);
    }
}

#[cfg(test)]
#[path = "stock_tests.rs"]
mod tests;
