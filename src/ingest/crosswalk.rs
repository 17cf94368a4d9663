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
use crate::model::{Dict, Dim, NONE_CODE, NameRow, Named, StockBatch};
use crate::money::Fixed;
use crate::protocol::{Note, Problem};
use rustc_hash::FxHashMap;

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

/// A statement, in codes.
struct Said {
    /// Scope, name and what it is.
    key: Key,
    quantity: Option<Fixed>,
    /// The row that says so first.
    row: u32,
}

/// What a barcode stands on: goods, and the name these are sold under; each the first, and whether there are others.
struct Code {
    code: u32,
    goods: (u32, bool),
    sold: (u32, bool),
    row: u32,
}

/// The one key of all maps here, as of those of stock: a map is much code.
type Key = (u32, u32, u32);

/// Reads the rows of a crosswalk.
pub(super) struct NameRows {
    platform: Vec<(usize, Rounding)>,
    stocked: Vec<(usize, Rounding)>,
    barcodes: Vec<(usize, Rounding)>,
    place: Option<[(usize, Rounding); 2]>,
    scopes: [Option<usize>; 2],
    per_set: Option<Numbers>,
    texts: Dict,
    /// All statements, and the place of each.
    said: Vec<Said>,
    places: FxHashMap<Key, u32>,
    /// All barcodes, and the place of each.
    codes: Vec<Code>,
    code_places: FxHashMap<Key, u32>,
    rows: u32,
    repeated: u64,
    ruined: u64,
    clashes: Vec<u32>,
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
            texts: Dict::new(false),
            said: Vec::new(),
            places: FxHashMap::default(),
            codes: Vec::new(),
            code_places: FxHashMap::default(),
            rows: 0,
            repeated: 0,
            ruined: 0,
            clashes: Vec::new(),
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
        let goods_code = self.texts.intern(goods);
        let sold = platform.map_or(NONE_CODE, |sold| self.texts.intern(sold));
        for code in codes.into_iter().filter(|code| *code != goods) {
            is_new |= self.stands_on(&code, goods_code, sold, number);
        }
        self.repeated += u64::from(!is_new);
        Ok(())
    }

    /// Enters a statement; whether it was not said before.
    fn say(&mut self, scope: &str, name: &str, is: &str, quantity: Option<Fixed>, row: u32) -> bool {
        if name == is {
            return false;
        }
        let [scope, name, is] = [scope, name, is].map(|text| self.texts.intern(text));
        let key = (scope, name, is);
        let next = u32::try_from(self.said.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(key).or_insert(next);
        let Some(known) = self.said.get_mut(place as usize) else {
            self.said.push(Said { key, quantity, row });
            return true;
        };
        let is_other = known.quantity.unwrap_or(ONE) != quantity.unwrap_or(ONE);
        if is_other {
            self.clashes.push(name);
            (known.quantity, known.row) = (quantity, row);
        }
        is_other
    }

    /// Enters a barcode; whether it was not known to stand on these goods.
    fn stands_on(&mut self, code: &str, goods: u32, sold: u32, row: u32) -> bool {
        let code = self.texts.intern(code);
        let next = u32::try_from(self.codes.len()).unwrap_or(u32::MAX);
        let place = *self.code_places.entry((code, 0, 0)).or_insert(next);
        let Some(known) = self.codes.get_mut(place as usize) else {
            self.codes.push(Code {
                code,
                goods: (goods, false),
                sold: (sold, false),
                row,
            });
            return true;
        };
        if known.sold.0 == NONE_CODE {
            known.sold.0 = sold;
        }
        known.sold.1 |= sold != NONE_CODE && sold != known.sold.0;
        let is_other = goods != known.goods.0;
        known.goods.1 |= is_other;
        is_other
    }

    /// What is worth saying.
    pub(super) fn notes(&self) -> Vec<Note> {
        // Of each name, how many goods it is and whether one of them has no quantity; by scope.
        let mut sets: Vec<(u32, u32, bool)> = Vec::new();
        let mut places: FxHashMap<Key, u32> = FxHashMap::default();
        for said in &self.said {
            let next = u32::try_from(sets.len()).unwrap_or(u32::MAX);
            let place = *places.entry((said.key.0, said.key.1, 0)).or_insert(next);
            if place == next {
                sets.push((said.key.1, 0, false));
            }
            if let Some((_, parts, is_unsaid)) = sets.get_mut(place as usize) {
                *parts += 1;
                *is_unsaid |= said.quantity.is_none();
            }
        }
        let sets = sets.iter().filter(|set| set.1 > 1 && set.2).map(|set| set.0);
        let vague = self.codes.iter().filter(|code| code.names().is_none());
        let clashes = self.clashes.iter().copied().chain(vague.map(|code| code.code));
        let (sets, clashes) = (self.each_once(sets), self.each_once(clashes));
        let count = |count: u64, note: fn(u64) -> Note| (count > 0).then(|| note(count));
        let named = |(count, first): (u64, u32), note: fn(u64, String) -> Note| {
            (count > 0).then(|| note(count, self.texts.text(first).to_owned()))
        };
        [
            count(self.repeated, Note::NamesRepeated),
            named(clashes, Note::NamesClash),
            named(sets, Note::SetsOfOne),
            count(self.ruined, Note::RuinedSkus),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// How many different texts there are, and the first.
    fn each_once(&self, codes: impl Iterator<Item = u32>) -> (u64, u32) {
        let mut seen = vec![false; self.texts.len()];
        let (mut count, mut first) = (0, NONE_CODE);
        for code in codes {
            if let Some(seen) = seen.get_mut(code as usize).filter(|seen| !**seen) {
                *seen = true;
                count += 1;
                first = if count == 1 { code } else { first };
            }
        }
        (count, first)
    }

    /// The statements.
    pub(super) fn into_batch(self) -> StockBatch {
        let mut batch = StockBatch::default();
        let of = if self.place.is_some() {
            Named::Place
        } else {
            Named::Goods
        };
        let mut idle = vec![true; self.rows as usize];
        let mut outright = vec![false; self.texts.len()];
        let mut state = |(scope, name, is): Key, quantity, row: u32| {
            if let Some(idle) = idle.get_mut(row as usize) {
                *idle = false;
            }
            let [scope, name, is] = [scope, name, is].map(|code| self.texts.text(code));
            batch.names.push(&NameRow {
                of,
                scope,
                name,
                is,
                quantity,
                row,
            });
        };
        for said in &self.said {
            state(said.key, said.quantity, said.row);
            if let Some(outright) = outright.get_mut(said.key.1 as usize) {
                *outright = true;
            }
        }
        // What is said of a name outright counts more than what bears it as a barcode.
        let is_free = |code: u32| outright.get(code as usize) != Some(&true);
        for code in self.codes.iter().filter(|code| is_free(code.code)) {
            if let Some(is) = code.names().filter(|is| *is != code.code) {
                state((NONE_CODE, code.code, is), None, code.row);
            }
        }
        batch.idle = idle.iter().filter(|idle| **idle).count() as u64;
        batch
    }
}

impl Code {
    /// What it names; `None` where that cannot be told.
    fn names(&self) -> Option<u32> {
        let (is, several) = if self.goods.1 { self.sold } else { self.goods };
        (!several && is != NONE_CODE).then_some(is)
    }
}

const ONE: Fixed = Fixed::from_units(1);

#[cfg(test)]
#[path = "crosswalk_tests.rs"]
mod tests;
