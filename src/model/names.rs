//! What goods and places are called elsewhere: the crosswalk.

use super::{Dict, OrderColumns};
use crate::money::Fixed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// Goods: the name stands where a SKU stands.
    Goods,
    /// A place: the name stands where a warehouse stands.
    Place,
}

impl Named {
    /// Its number in columns.
    const fn code(self) -> u32 {
        self as u32
    }
}

/// One statement: what is called `name` is so many of what is called `is`.
#[derive(Clone, Copy, Debug)]
pub struct NameRow<'a> {
    /// Goods or place.
    pub of: Named,
    /// Shop or channel in whose sales the name means this; empty: everywhere.
    pub scope: &'a str,
    /// The name; never empty, nor equal to `is`.
    pub name: &'a str,
    /// What it is another name of, or, in a set, one of the things it is made of.
    pub is: &'a str,
    /// How many of it one `name` is; `None`: not said, one.
    pub quantity: Option<Fixed>,
    /// Number of the file's row that says so first, from 0.
    pub row: u32,
}

/// Statements of one file, with a dictionary of their own. Several of one name make a set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NameColumns {
    /// 0: goods, 1: place.
    pub of: Vec<u32>,
    /// Code in `texts`.
    pub scope: Vec<u32>,
    /// Code in `texts`.
    pub name: Vec<u32>,
    /// Code in `texts`.
    pub is: Vec<u32>,
    /// Raw [`Fixed`], or [`OrderColumns::NONE`].
    pub quantity: Vec<i64>,
    /// The row of the file that says so.
    pub row: Vec<u32>,
    /// Dictionary of `scope`, `name` and `is`.
    pub texts: Dict,
}

impl Default for NameColumns {
    fn default() -> Self {
        Self {
            of: Vec::new(),
            scope: Vec::new(),
            name: Vec::new(),
            is: Vec::new(),
            quantity: Vec::new(),
            row: Vec::new(),
            texts: Dict::new(false),
        }
    }
}

impl NameColumns {
    /// Number of statements.
    pub fn len(&self) -> usize {
        self.name.len()
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.name.is_empty()
    }

    /// Adds a statement.
    pub fn push(&mut self, row: &NameRow<'_>) {
        self.of.push(row.of.code());
        self.scope.push(self.texts.intern(row.scope));
        self.name.push(self.texts.intern(row.name));
        self.is.push(self.texts.intern(row.is));
        self.quantity
            .push(row.quantity.map_or(OrderColumns::NONE, Fixed::raw));
        self.row.push(row.row);
    }

    /// Whether all columns are of one length, and what each says can be.
    pub(super) fn is_whole(&self) -> bool {
        let codes = [&self.of, &self.scope, &self.is, &self.row];
        codes.into_iter().all(|column| column.len() == self.len())
            && self.quantity.len() == self.len()
            && self.of.iter().all(|of| *of <= Named::Place.code())
    }
}

/// (of, scope, name), the latter two in codes of the table.
type Key = (u32, u32, u32);
/// What a name is: code and raw quantity or `NONE`; several make a set.
pub type Parts = Vec<(u32, i64)>;

/// What entering one file did, so that it can be taken back.
#[derive(Clone, Debug, Default)]
pub(super) struct NameJournal {
    /// The other version of each name that the file speaks of; `None`: nothing was said of it.
    others: Vec<(Key, Option<Parts>)>,
}

impl NameJournal {
    pub(super) fn is_empty(&self) -> bool {
        self.others.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        let of = |parts: &Option<Parts>| parts.as_ref().map_or(0, |parts| size_of_val(parts.as_slice()));
        let parts: usize = self.others.iter().map(|(_, parts)| of(parts)).sum();
        size_of_val(self.others.as_slice()) + parts
    }
}

/// The last known statement of each name: what a later file says of a name takes the place of all that was
/// said of it before.
#[derive(Clone, Debug)]
pub struct NameTable {
    entries: BTreeMap<Key, Parts>,
    texts: Dict,
}

impl Default for NameTable {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
            texts: Dict::new(false),
        }
    }
}

/// So many rows of a file said something new, another thing than before, or nothing new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub new: u64,
    pub updated: u64,
    pub same: u64,
}

impl NameTable {
    /// Whether nothing has a second name.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether something is said of `name`, whatever the shop.
    pub fn says(&self, of: Named, name: &str) -> bool {
        let code = self.texts.code(name);
        code.is_some_and(|code| self.entries.contains_key(&(of.code(), 0, code)))
    }

    /// Dictionary of all names.
    pub fn texts(&self) -> &Dict {
        &self.texts
    }

    /// What is said of goods or of places: scope, name and what it is, in order of codes.
    pub fn of(&self, of: Named) -> impl Iterator<Item = (u32, u32, &Parts)> {
        let of = of.code();
        self.entries
            .range((of, 0, 0)..=(of, u32::MAX, u32::MAX))
            .map(|((_, scope, name), parts)| (*scope, *name, parts))
    }

    /// All that stands, as one file would say it.
    pub fn columns(&self) -> NameColumns {
        let mut columns = NameColumns::default();
        for (row, ((of, scope, name), parts)) in (0_u32..).zip(&self.entries) {
            for (is, quantity) in parts {
                columns.push(&NameRow {
                    of: if *of == Named::Goods.code() {
                        Named::Goods
                    } else {
                        Named::Place
                    },
                    scope: self.texts.text(*scope),
                    name: self.texts.text(*name),
                    is: self.texts.text(*is),
                    quantity: (*quantity != OrderColumns::NONE).then(|| Fixed::from_raw(*quantity)),
                    row,
                });
            }
        }
        columns
    }

    /// Enters the statements of one file.
    pub(super) fn enter(&mut self, file: &NameColumns) -> (Said, NameJournal) {
        let codes = self.texts.absorb(&file.texts);
        let code = |own: u32| codes.get(own as usize).copied().unwrap_or_default();
        let mut said: BTreeMap<Key, (Parts, Vec<u32>)> = BTreeMap::new();
        for at in 0..file.len() {
            let key = (file.of[at], code(file.scope[at]), code(file.name[at]));
            let (parts, rows) = said.entry(key).or_default();
            parts.push((code(file.is[at]), file.quantity[at]));
            rows.push(file.row[at]);
        }
        let mut journal = NameJournal::default();
        // A row of the file is as new as the newest thing it says.
        let mut rows: BTreeMap<u32, u32> = BTreeMap::new();
        for (key, (mut parts, from)) in said {
            // Their order in the file says nothing.
            parts.sort_unstable();
            parts.dedup();
            let known = self.entries.get(&key);
            let news = match known {
                Some(known) if *known == parts => 0,
                Some(_) => 1,
                None => 2,
            };
            for row in from {
                let of_row = rows.entry(row).or_default();
                *of_row = news.max(*of_row);
            }
            if news > 0 {
                journal.others.push((key, self.entries.insert(key, parts)));
            }
        }
        let count = |news: u32| rows.values().filter(|is| **is == news).count() as u64;
        let said = Said {
            new: count(2),
            updated: count(1),
            same: count(0),
        };
        (said, journal)
    }

    /// Takes back what `journal` is of, or does it again.
    pub(super) fn swap(&mut self, journal: &mut NameJournal) {
        for (key, other) in &mut journal.others {
            *other = match other.take() {
                Some(parts) => self.entries.insert(*key, parts),
                None => self.entries.remove(key),
            };
        }
    }
}
