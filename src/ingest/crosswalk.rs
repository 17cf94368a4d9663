//! Rows → what goods and places are called elsewhere.
//!
//! A row says: what is sold as `platform_sku` is stocked as `stocked_sku`, so many of it (one, if it does not
//! say), and its barcode is `barcode`. Several stocked SKUs of one sold one make a set. A barcode names the
//! stocked goods, or the set where all its rows have the same. Without a stocked SKU the sold one has the barcode.
//! Files that name the ids of others (Shopify's inventory items and locations) are read the same way.

use super::fault::Fault;
use super::field::Field;
use super::header::HeaderKey;
use super::ident::is_spreadsheet_error;
use super::numbers::Numbers;
use super::orders::Setting;
use super::profile::Profile;
use super::records::Row;
use super::rounding::Rounding;
use super::stock::sku_cell;
use crate::model::{Dim, NameRow, Named, StockBatch};
use crate::money::Fixed;
use crate::protocol::{Note, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// Parts of headers that say which of two SKUs a column holds.
const SIDES: [&str; 33] = [
    "平台",
    "线上",
    "网店",
    "店铺",
    "渠道",
    "组合",
    "套装",
    "销售",
    "仓库",
    "仓储",
    "仓内",
    "wms",
    "erp",
    "系统",
    "内部",
    "库存sku",
    "本地",
    "子",
    "组件",
    "单品",
    "platform",
    "channel",
    "shop",
    "store",
    "marketplace",
    "listing",
    "bundle",
    "kit",
    "warehouse",
    "internal",
    "master",
    "component",
    "3pl",
];
/// More of one thing in a set is no set.
const MOST: Fixed = Fixed::from_units(1_000_000);

/// Whether a table is one of names, by what its columns can mean as one of names, of stock or of orders.
pub(super) fn is_one(
    keys: &[HeaderKey],
    profile: Option<&Profile>,
    names: &[(Field, usize)],
    stock: &[(Field, usize)],
    orders: &[(Field, usize)],
) -> bool {
    let is_told = |field: &Option<Field>| matches!(field, Some(Field::StockedSku | Field::PlaceName));
    if profile.is_some_and(|profile| profile.fields.iter().any(|(_, field)| is_told(field))) {
        return true;
    }
    let at = |fields: &[(Field, usize)], field: Field| {
        fields
            .iter()
            .find(|(is, _)| *is == field)
            .map(|(_, column)| *column)
    };
    let of_names = |field| at(names, field);
    let sides = [Field::PlatformSku, Field::StockedSku, Field::Barcode].map(of_names);
    if sides.iter().flatten().count() < 2 {
        return false;
    }
    let says_side = |column: &usize| {
        let key = keys.get(*column).map_or("", |key| key.full.as_str());
        SIDES.iter().any(|word| key.contains(word))
    };
    let said = sides
        .iter()
        .take(2)
        .flatten()
        .filter(|column| says_side(column))
        .count();
    // What else counts things is stock, unless it may as well be how many are in a set.
    let counts = [Field::OnHand, Field::Available, Field::Inbound]
        .into_iter()
        .filter_map(|field| at(stock, field));
    let per_set = of_names(Field::PerSet);
    let mut others = counts.filter(|column| per_set != Some(*column));
    let may_be_stock = per_set.is_some() && at(stock, Field::OnHand) == per_set;
    let has_place = at(stock, Field::Dim(Dim::Warehouse)).is_some();
    if others.next().is_some() || has_place && (said < 2 || may_be_stock) {
        return false;
    }
    let sale = [
        Field::CreatedAt,
        Field::Amount,
        Field::PaidAmount,
        Field::UnitPrice,
    ];
    let is_sale = sale.into_iter().any(|field| at(orders, field).is_some());
    match said {
        0 => per_set.is_none() && !is_sale,
        1 => !is_sale,
        _ => true,
    }
}

/// What a name is, with the quantity and the row that says so first.
type Parts = BTreeMap<String, (Option<Fixed>, u32)>;

/// Reads the rows of a crosswalk.
pub(super) struct NameRows {
    platform: Vec<(usize, Rounding)>,
    stocked: Vec<(usize, Rounding)>,
    barcodes: Vec<(usize, Rounding)>,
    place: Option<[(usize, Rounding); 2]>,
    scopes: [Option<usize>; 2],
    per_set: Option<Numbers>,
    /// What was said, of what and in which scope: by name, then by what it is.
    said: BTreeMap<(String, String), Parts>,
    /// What each barcode stands on: goods, and the names these are sold under.
    codes: BTreeMap<String, Code>,
    rows: u32,
    repeated: u64,
    ruined: u64,
    clashes: BTreeSet<String>,
}

#[derive(Default)]
struct Code {
    goods: BTreeSet<String>,
    sold: BTreeSet<String>,
    row: u32,
}

impl NameRows {
    pub(super) fn new(setting: &Setting<'_>) -> Self {
        let mapping = setting.mapping;
        let numbers = |at| Numbers::new(at, setting.sample, setting.learnt, setting.decimal);
        let column = |at| (at, Rounding::new(at, setting.learnt));
        let of = |field| mapping.all(field).map(column).collect();
        let place = mapping.one(Field::PlaceId).zip(mapping.one(Field::PlaceName));
        Self {
            platform: of(Field::PlatformSku),
            stocked: of(Field::StockedSku),
            barcodes: of(Field::Barcode),
            place: place.map(|(id, name)| [id, name].map(column)),
            scopes: [Dim::Shop, Dim::Channel].map(|dim| mapping.one(Field::Dim(dim))),
            per_set: mapping.one(Field::PerSet).map(numbers),
            said: BTreeMap::new(),
            codes: BTreeMap::new(),
            rows: 0,
            repeated: 0,
            ruined: 0,
            clashes: BTreeSet::new(),
        }
    }

    /// Takes one row.
    ///
    /// # Errors
    /// Why the row is refused, or what it refutes.
    pub(super) fn row(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        let number = self.rows;
        let missing = |at: Option<usize>| Fault::Refused(at, String::new(), Problem::Missing);
        if let Some([id, name]) = &mut self.place {
            let columns = [id.0, name.0];
            let cell = |column| sku_cell(std::slice::from_mut(column), row);
            let (id, name) = (cell(id)?, cell(name)?);
            let (Some(id), Some(name)) = (id, name) else {
                return Err(missing(columns.into_iter().find(|at| row.cell(*at).is_empty())));
            };
            self.rows = self.rows.saturating_add(1);
            self.say("", &id, &name, None, number);
            return Ok(());
        }
        let platform = sku_cell(&mut self.platform, row)?;
        let stocked = sku_cell(&mut self.stocked, row)?;
        let (platform, stocked) = (platform.as_deref(), stocked.as_deref());
        let quantity = match self.per_set.as_mut() {
            Some(numbers) => numbers.read(row)?.map(|number| (numbers.column, number.value)),
            None => None,
        };
        if let Some((at, units)) = quantity.filter(|(_, units)| !(Fixed::ZERO < *units && *units <= MOST)) {
            let problem = if units > MOST {
                Problem::NumberTooLarge
            } else {
                Problem::NotANumber
            };
            return Err(Fault::cell(at, row.cell(at), problem));
        }
        // What a spreadsheet did to a barcode says nothing against the rest of the row.
        let mut codes = Vec::new();
        for column in &mut self.barcodes {
            match sku_cell(std::slice::from_mut(column), row) {
                Err(Fault::Amend(amend)) => return Err(Fault::Amend(amend)),
                Ok(code) => codes.extend(code),
                Err(_) => self.ruined += 1,
            }
        }
        let Some(goods) = stocked.or(platform) else {
            let first = self.stocked.first().or(self.platform.first());
            return Err(missing(first.map(|(at, _)| *at)));
        };
        if (platform.is_none() || stocked.is_none()) && codes.is_empty() {
            let empty = if stocked.is_none() {
                &self.stocked
            } else {
                &self.platform
            };
            let first = empty.first().or(self.barcodes.first());
            return Err(missing(first.map(|(at, _)| *at)));
        }
        self.rows = self.rows.saturating_add(1);
        let scope = self.scopes.into_iter().flatten().map(|at| row.cell(at));
        let scope = scope
            .filter(|cell| !is_spreadsheet_error(cell))
            .find(|cell| !cell.is_empty());
        // What goes by one name is worth a row, if no statement.
        let mut is_new = platform == stocked;
        if let Some(sold) = platform.filter(|sold| *sold != goods) {
            let quantity = quantity.map(|(_, units)| units);
            is_new |= self.say(scope.unwrap_or(""), sold, goods, quantity, number);
        }
        for code in codes.into_iter().filter(|code| *code != goods) {
            let known = self.codes.entry(code.into_owned()).or_insert_with(|| Code {
                row: number,
                ..Code::default()
            });
            is_new |= known.goods.insert(goods.to_owned());
            known.sold.extend(platform.map(str::to_owned));
        }
        self.repeated += u64::from(!is_new);
        Ok(())
    }

    /// Enters a statement; whether it was not said before.
    fn say(&mut self, scope: &str, name: &str, is: &str, quantity: Option<Fixed>, row: u32) -> bool {
        if name == is {
            return false;
        }
        let parts = self.said.entry((scope.to_owned(), name.to_owned())).or_default();
        match parts.insert(is.to_owned(), (quantity, row)) {
            None => true,
            Some((old, first)) => {
                // The row that says it first stands for those that say it again.
                let is_other = old.unwrap_or(ONE) != quantity.unwrap_or(ONE);
                if is_other {
                    self.clashes.insert(name.to_owned());
                } else if let Some(part) = parts.get_mut(is) {
                    part.1 = first;
                }
                is_other
            }
        }
    }

    /// What is worth saying.
    pub(super) fn notes(&self) -> Vec<Note> {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let sets: BTreeSet<&String> = self
            .said
            .iter()
            .filter(|(_, parts)| parts.len() > 1 && parts.values().any(|(quantity, _)| quantity.is_none()))
            .map(|((_, name), _)| name)
            .collect();
        let vague = self.codes.iter().filter(|(_, code)| code.names().is_none());
        let mut clashes = self.clashes.clone();
        clashes.extend(vague.map(|(text, _)| text.clone()));
        let repeated = (self.repeated > 0).then_some(Note::NamesRepeated(self.repeated));
        let clash = clashes.first().cloned();
        let clash = clash.map(|first| Note::NamesClash(count(clashes.len()), first));
        let first = sets.first().map(|first| (*first).clone());
        let set = first.map(|first| Note::SetsOfOne(count(sets.len()), first));
        let ruined = (self.ruined > 0).then_some(Note::RuinedSkus(self.ruined));
        repeated
            .into_iter()
            .chain(clash)
            .chain(set)
            .chain(ruined)
            .collect()
    }

    /// The statements.
    pub(super) fn into_batch(self) -> StockBatch {
        let mut batch = StockBatch::default();
        let of = if self.place.is_some() {
            Named::Place
        } else {
            Named::Goods
        };
        let mut said: BTreeSet<u32> = BTreeSet::new();
        let names = &mut batch.names;
        for ((scope, name), parts) in &self.said {
            for (is, (quantity, row)) in parts {
                said.insert(*row);
                names.push(&NameRow {
                    of,
                    scope,
                    name,
                    is,
                    quantity: *quantity,
                    row: *row,
                });
            }
        }
        // What is said of a name outright counts more than what bears it as a barcode.
        let outright: BTreeSet<&String> = self.said.keys().map(|(_, name)| name).collect();
        for (text, code) in &self.codes {
            let Some(is) = code.names().filter(|is| !outright.contains(text) && *is != text) else {
                continue;
            };
            said.insert(code.row);
            names.push(&NameRow {
                of,
                scope: "",
                name: text,
                is,
                quantity: None,
                row: code.row,
            });
        }
        batch.idle = u64::from(self.rows).saturating_sub(u64::try_from(said.len()).unwrap_or(u64::MAX));
        batch
    }
}

impl Code {
    /// What it names; `None` where that cannot be told.
    fn names(&self) -> Option<&String> {
        let one = |set: &'_ BTreeSet<String>| set.len() == 1;
        let set = if one(&self.goods) { &self.goods } else { &self.sold };
        set.first().filter(|_| one(set))
    }
}

const ONE: Fixed = Fixed::from_units(1);

#[cfg(test)]
#[path = "crosswalk_tests.rs"]
mod tests;
