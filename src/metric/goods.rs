//! One good under one name: what the crosswalk makes of stock and of what is sold.
//!
//! A name with one meaning is another name of that, and so on to the end of the chain, which is the good's name.
//! Names that go round in a circle are one good under the first of them in alphabetical order. A name that is
//! several things, or more than one of a thing, is a set: what is sold of it is demand of its parts, through
//! sets of sets; and stock that lies under the set's own name (made up beforehand) is a good of its own. A set
//! that contains itself, or is of more than [`MOST`] goods, stands for itself alone.
//!
//! What a name means in the sales of one shop or channel counts there; where all shops say the same, or one row
//! names no shop, it counts everywhere. Amounts, orders and units stay with the SKU that was sold.

use crate::model::{Dict, NONE_CODE, Named, OrderColumns, Parts, StockColumns, StockTable, TOTAL};
use crate::money::Fixed;
use crate::protocol::KeySet;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Goods in one set.
const MOST: usize = 1000;

/// What a sale is to a good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sold {
    /// Code of the SKU that is sold, in [`Goods::text`].
    pub name: u32,
    /// Raw units of the good in one unit of it; negative: so many less than an entry without shop says.
    pub units: i64,
    /// Only sales of this shop or channel, a place in [`Goods::scopes`].
    pub scope: Option<usize>,
}

/// Derived from a [`StockTable`], and may be dropped.
#[derive(Clone, Debug, Default)]
pub struct Goods {
    version: u64,
    /// The stock under the names of its goods and places; `None`: just as the table has it.
    stock: Option<StockColumns>,
    texts: Option<Dict>,
    scopes: Vec<String>,
    canon: BTreeMap<u32, u32>,
    members: BTreeMap<u32, Vec<u32>>,
    sets: BTreeMap<u32, Parts>,
    sold: BTreeMap<u32, Vec<Sold>>,
    /// Names whose set contains itself or too much.
    broken: Vec<u32>,
}

impl Goods {
    /// What the names in `table` make of it.
    pub fn new(table: &StockTable) -> Self {
        let mut goods = Self {
            version: table.version(),
            ..Self::default()
        };
        let has_totals = table
            .columns()
            .sources
            .texts()
            .any(|text| text.starts_with(TOTAL));
        if table.names().is_empty() && !has_totals {
            return goods;
        }
        if !table.names().is_empty() {
            goods.texts = Some(table.names().texts().clone());
            goods.take(table);
        }
        goods.stock = Some(goods.resolved(table));
        goods
    }

    /// Whether it is of the table as it is now; a table that was replaced by another needs a new one anyway.
    pub fn is_of(&self, table: &StockTable) -> bool {
        self.version == table.version()
    }

    /// The stock in `table`, which it was made of, each good and place under its name.
    pub fn stock<'a>(&'a self, table: &'a StockTable) -> &'a StockColumns {
        self.stock.as_ref().unwrap_or(table.columns())
    }

    /// Whether something has a second name.
    pub const fn has_names(&self) -> bool {
        self.texts.is_some()
    }

    /// Whether units of one SKU are demand of another.
    pub fn has_sets(&self) -> bool {
        !self.sets.is_empty() || !self.scopes.is_empty()
    }

    /// Shops and channels in whose sales some name means something of its own.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The text of a code in [`Sold`].
    pub fn text(&self, code: u32) -> &str {
        self.texts.as_ref().map_or("", |texts| texts.text(code))
    }

    /// The good that `name` is a name of.
    pub fn good<'a>(&'a self, name: &'a str) -> &'a str {
        let canon = self.code(name).and_then(|code| self.canon.get(&code));
        canon.map_or(name, |code| self.text(*code))
    }

    /// Under what the good called `good` is sold, its own name apart: that is always one of it.
    pub fn sold(&self, good: &str) -> &[Sold] {
        let sold = self.code(good).and_then(|code| self.sold.get(&code));
        sold.map_or(&[], Vec::as_slice)
    }

    /// The goods that one `name` is, with their raw units: those of a set, or one good.
    pub fn parts<'a>(&'a self, name: &'a str) -> Vec<(&'a str, i64)> {
        let good = self.good(name);
        match self.code(good).and_then(|code| self.sets.get(&code)) {
            Some(parts) => parts
                .iter()
                .map(|(code, units)| (self.text(*code), *units))
                .collect(),
            None => vec![(good, Fixed::SCALE)],
        }
    }

    /// `set`, a clause on SKUs, with all names of the goods it names: for what was sold.
    pub fn names_of(&self, set: &KeySet) -> KeySet {
        let mut all = set.clone();
        for key in &set.keys {
            let good = self.good(key);
            let members = self.code(good).and_then(|code| self.members.get(&code));
            all.keys.extend(
                members
                    .into_iter()
                    .flatten()
                    .map(|code| self.text(*code).to_owned()),
            );
            all.keys.insert(good.to_owned());
        }
        all
    }

    /// `set`, a clause on SKUs, as one on goods in stock: sets have their parts there.
    pub fn goods_of(&self, set: &KeySet) -> KeySet {
        let mut all = KeySet {
            keys: set.keys.iter().map(|key| self.good(key).to_owned()).collect(),
            ..set.clone()
        };
        // All but a set is not all but its parts.
        if !set.exclude {
            let parts = set.keys.iter().flat_map(|key| self.parts(key));
            all.keys.extend(parts.map(|(good, _)| good.to_owned()));
        }
        all
    }

    /// All names that stand for something else.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.values().flatten().map(|code| self.text(*code))
    }

    /// Sets that contain themselves or too much.
    pub fn broken(&self) -> impl Iterator<Item = &str> {
        self.broken.iter().map(|code| self.text(*code))
    }

    fn code(&self, name: &str) -> Option<u32> {
        let code = self.texts.as_ref()?.code(name)?;
        (code != NONE_CODE).then_some(code)
    }

    /// Takes up what the names of goods mean.
    fn take(&mut self, table: &StockTable) {
        let names = table.names();
        let mut said: BTreeMap<u32, Vec<(u32, &Parts)>> = BTreeMap::new();
        for (scope, name, parts) in names.of(Named::Goods) {
            said.entry(name).or_default().push((scope, parts));
        }
        let mut base: BTreeMap<u32, &Parts> = BTreeMap::new();
        let mut own = Vec::new();
        for (name, said) in &said {
            // Scopes come in order, no scope first.
            let (first, rest) = match said.split_first() {
                Some((first, rest)) => (*first, rest),
                None => continue,
            };
            if first.0 == NONE_CODE || rest.iter().all(|(_, parts)| *parts == first.1) {
                base.insert(*name, first.1);
            }
            let base = base.get(name);
            own.extend(
                said.iter()
                    .filter(|(_, parts)| Some(parts) != base)
                    .map(|(scope, parts)| (*scope, *name, *parts)),
            );
        }
        self.canon = ends(names.texts(), &base);
        for (name, good) in &self.canon {
            self.members.entry(*good).or_default().push(*name);
        }
        self.members.values_mut().for_each(|names| names.sort_unstable());
        self.expand(&base);
        for name in base.keys() {
            for (good, units) in self.meant(*name) {
                if good != *name {
                    self.add(good, *name, units, None);
                }
            }
        }
        for (scope, name, parts) in own {
            let text = names.texts().text(scope);
            let at = self
                .scopes
                .iter()
                .position(|known| known == text)
                .unwrap_or_else(|| {
                    self.scopes.push(text.to_owned());
                    self.scopes.len() - 1
                });
            let Some(parts) = self.sum(parts) else {
                self.broken.push(name);
                continue;
            };
            // Here it is not what it is elsewhere.
            for (good, units) in self.meant(name) {
                self.add(good, name, -units, Some(at));
            }
            for (good, units) in parts {
                self.add(good, name, units, Some(at));
            }
        }
        self.sold.values_mut().for_each(|sold| sold.sort_unstable());
        self.broken.sort_unstable();
        self.broken.dedup();
    }

    fn end(&self, name: u32) -> u32 {
        self.canon.get(&name).copied().unwrap_or(name)
    }

    /// The goods that one `name` is demand of where no shop says otherwise: what it is another name of, and the
    /// parts of that.
    fn meant(&self, name: u32) -> Vec<(u32, i64)> {
        let good = self.end(name);
        let parts = self.sets.get(&good).into_iter().flatten().copied();
        std::iter::once((good, Fixed::SCALE)).chain(parts).collect()
    }

    fn add(&mut self, good: u32, name: u32, units: i64, scope: Option<usize>) {
        self.sold
            .entry(good)
            .or_default()
            .push(Sold { name, units, scope });
    }

    /// Sets, those of goods first, then those of sets that are known: what is left over contains itself.
    fn expand(&mut self, base: &BTreeMap<u32, &Parts>) {
        let is_set = |name: &u32| base.get(name).is_some_and(|parts| one_of(parts).is_none());
        let mut waiting: BTreeMap<u32, u32> = BTreeMap::new();
        let mut users: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut ready = Vec::new();
        for (name, parts) in base.iter().filter(|(name, _)| is_set(name)) {
            let sets = parts.iter().map(|(is, _)| self.end(*is)).filter(|is| is_set(is));
            let mut count = 0;
            for set in sets {
                users.entry(set).or_default().push(*name);
                count += 1;
            }
            if count == 0 {
                ready.push(*name);
            } else {
                waiting.insert(*name, count);
            }
        }
        while let Some(name) = ready.pop() {
            let Some(sum) = base.get(&name).and_then(|parts| self.sum(parts)) else {
                self.broken.push(name);
                continue;
            };
            self.sets.insert(name, sum);
            for user in users.get(&name).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(user) {
                    *count -= 1;
                    if *count == 0 {
                        waiting.remove(user);
                        ready.push(*user);
                    }
                }
            }
        }
        self.broken.extend(waiting.into_keys());
    }

    /// The goods in `parts`, sets that are known in their goods; `None`: too many.
    fn sum(&self, parts: &Parts) -> Option<Vec<(u32, i64)>> {
        let mut sum: BTreeMap<u32, i64> = BTreeMap::new();
        for (is, quantity) in parts {
            let good = self.end(*is);
            let single = [(good, Fixed::SCALE)];
            for (good, units) in self.sets.get(&good).map_or(&single[..], Vec::as_slice) {
                let units = Fixed::from_raw(*units).checked_mul(Fixed::from_raw(said(*quantity)))?;
                let all = sum.entry(*good).or_default();
                *all = all.checked_add(units.raw())?;
                if sum.len() > MOST {
                    return None;
                }
            }
        }
        Some(sum.into_iter().collect())
    }

    /// The stock of `table`, each good and place under its name, without what is told twice.
    fn resolved(&self, table: &StockTable) -> StockColumns {
        let c = table.columns();
        let places: BTreeMap<u32, &Parts> = table
            .names()
            .of(Named::Place)
            .map(|(_, name, parts)| (name, parts))
            .collect();
        let texts = table.names().texts();
        let place_ends = ends(texts, &places);
        let place = |name| {
            let code = texts.code(name).filter(|code| *code != NONE_CODE);
            code.and_then(|code| place_ends.get(&code))
                .map_or(name, |end| texts.text(*end))
        };
        let mut to = StockColumns::default();
        let skus: Vec<u32> = c
            .skus
            .texts()
            .map(|name| to.skus.intern(self.good(name)))
            .collect();
        let warehouses: Vec<u32> = c
            .warehouses
            .texts()
            .map(|name| to.warehouses.intern(place(name)))
            .collect();
        let code = |codes: &[u32], row: u32| codes.get(row as usize).copied().unwrap_or(NONE_CODE);
        // Accounts that tell totals, by the code of the account that they are of.
        let totals: BTreeMap<u32, u32> = (0_u32..)
            .zip(c.sources.texts())
            .filter_map(|(code, text)| Some((code, c.sources.code(text.strip_prefix(TOTAL)?)?)))
            .collect();
        let mut parted = vec![false; c.sources.len()];
        for account in totals.values() {
            if let Some(parted) = parted.get_mut(*account as usize) {
                *parted = true;
            }
        }
        let is_parted = |row: usize| parted.get(c.source[row] as usize) == Some(&true);
        // What only has its id there is among the totals, and cannot be told which.
        let waits = |row: usize| is_parted(row) && !self.is_named(c.skus.text(c.sku[row]));
        // Of one type with the table's own: a map is much code.
        let mut told: FxHashMap<(u32, u32, u32), u32> = FxHashMap::default();
        for row in (0..c.len()).filter(|row| is_parted(*row) && !waits(*row)) {
            told.insert((c.source[row], code(&skus, c.sku[row]), 0), 0);
        }
        let rows: Vec<usize> = (0..c.len())
            .filter(|row| {
                let account = totals.get(&c.source[*row]);
                let is_told =
                    account.is_some_and(|of| told.contains_key(&(*of, code(&skus, c.sku[*row]), 0)));
                !is_told && !waits(*row)
            })
            .collect();
        let codes = |from: &[u32]| rows.iter().map(|row| from[*row]).collect::<Vec<u32>>();
        to.sku = rows.iter().map(|row| code(&skus, c.sku[*row])).collect();
        to.warehouse = rows
            .iter()
            .map(|row| code(&warehouses, c.warehouse[*row]))
            .collect();
        (to.source, to.sources) = (codes(&c.source), c.sources.clone());
        (to.title, to.titles) = (codes(&c.title), c.titles.clone());
        (to.category, to.categories) = (codes(&c.category), c.categories.clone());
        (to.brand, to.brands) = (codes(&c.brand), c.brands.clone());
        for (to, from) in to.values_mut().into_iter().zip(c.values()) {
            *to = rows.iter().map(|row| from[*row]).collect();
        }
        to
    }

    /// Whether something is said of `name`.
    pub fn is_named(&self, name: &str) -> bool {
        self.code(name).is_some_and(|code| self.canon.contains_key(&code))
    }
}

/// A quantity as it counts.
const fn said(quantity: i64) -> i64 {
    if quantity == OrderColumns::NONE {
        Fixed::SCALE
    } else {
        quantity
    }
}

/// What something is another name of; `None`: it is a set.
fn one_of(parts: &Parts) -> Option<u32> {
    match parts.as_slice() {
        [(is, quantity)] if said(*quantity) == Fixed::SCALE => Some(*is),
        _ => None,
    }
}

/// The end of the chain of each name.
fn ends(texts: &Dict, base: &BTreeMap<u32, &Parts>) -> BTreeMap<u32, u32> {
    let mut ends: BTreeMap<u32, u32> = BTreeMap::new();
    for start in base.keys() {
        let mut path = Vec::new();
        let mut place: BTreeMap<u32, u32> = BTreeMap::new();
        let mut name = *start;
        let end = loop {
            if let Some(end) = ends.get(&name) {
                break *end;
            }
            if let Some(at) = place.get(&name) {
                let circle = path.get(*at as usize..).unwrap_or_default();
                let first = circle.iter().copied().min_by_key(|code| texts.text(*code));
                break first.unwrap_or(name);
            }
            place.insert(name, u32::try_from(path.len()).unwrap_or(u32::MAX));
            path.push(name);
            match base.get(&name).and_then(|parts| one_of(parts)) {
                Some(next) => name = next,
                None => break name,
            }
        };
        ends.extend(
            path.into_iter()
                .filter(|name| base.contains_key(name))
                .map(|name| (name, end)),
        );
    }
    ends
}

#[cfg(test)]
#[path = "goods_tests.rs"]
mod tests;
