//! The lines of an order, found from any of them: the index of keys, and what distinct orders are counted by.
//!
//! Nearly every order has a handful of lines, mostly side by side. So an order knows its latest line and a
//! line the one before it, 4 bytes each, and a key is looked up by walking; no key is hashed. An order with
//! more than [`LONGEST`] lines (an order number that is none, on every row of a file) would make walks
//! quadratic: its lines go to a map of keys instead.

use super::OrderColumns;
use super::room::Room;
use rustc_hash::FxHashMap;

/// Lines an order may have before its keys are hashed.
pub const LONGEST: usize = 32;
/// No line.
const END: u32 = u32::MAX;
/// See the map.
const WIDE: u32 = u32::MAX - 1;

/// What tells the lines of one order apart: the given line id, or else SKU and occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct LineKey {
    pub line: u32,
    pub occurrence: u32,
    /// Code of the SKU; 0 where the line id is given.
    pub sku: u32,
}

impl LineKey {
    pub(super) fn of(columns: &OrderColumns, row: usize) -> Self {
        let line = columns.line.get(row);
        Self {
            line,
            occurrence: columns.occurrence.get(row),
            sku: if line == super::NONE_CODE {
                columns.dim(super::Dim::Sku).get(row)
            } else {
                super::NONE_CODE
            },
        }
    }
}

/// Chains of lines by order.
#[derive(Clone, Debug, Default)]
pub struct Chains {
    latest: Vec<u32>,
    earlier: Vec<u32>,
    wide: FxHashMap<(u32, LineKey), u32>,
    orders: usize,
}

impl Chains {
    /// The other lines of the order of `row` that were entered before it, latest first; none for an order
    /// that [`Self::is_wide`].
    pub fn before(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        self.walk(self.earlier.get(row as usize).copied().unwrap_or(END))
    }

    /// Whether `row` is the first line of an order that can be walked.
    pub fn is_first(&self, row: u32) -> bool {
        self.earlier.get(row as usize) == Some(&END)
    }

    /// How many of the `len` lines from `start` on are the first of their order.
    pub fn firsts(&self, start: usize, len: usize) -> u64 {
        let earlier = self.earlier.get(start..).unwrap_or_default().iter().take(len);
        earlier.map(|before| u64::from(*before == END)).sum()
    }

    /// All lines of `order`, latest first; none for an order that [`Self::is_wide`].
    pub fn of(&self, order: u32) -> impl Iterator<Item = u32> + '_ {
        self.walk(self.latest.get(order as usize).copied().unwrap_or(END))
    }

    /// All lines of `order`, in no order; slow where it [`Self::is_wide`].
    pub(super) fn all_of(&self, order: u32) -> Vec<u32> {
        if self.is_wide(order) {
            let of_order = self.wide.iter().filter(|((of, _), _)| *of == order);
            return of_order.map(|(_, row)| *row).collect();
        }
        self.of(order).collect()
    }

    /// Whether `order` has too many lines to walk.
    pub fn is_wide(&self, order: u32) -> bool {
        self.latest.get(order as usize) == Some(&WIDE)
    }

    /// Whether the order of `row` has too many lines to walk.
    pub fn is_of_wide(&self, row: u32) -> bool {
        self.earlier.get(row as usize) == Some(&WIDE)
    }

    /// Whether some order has too many lines to walk.
    pub fn has_wide(&self) -> bool {
        !self.wide.is_empty()
    }

    /// Number of orders that have a line.
    pub const fn orders(&self) -> usize {
        self.orders
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        4 * (self.latest.capacity() + self.earlier.capacity()) + self.wide.capacity() * 24
    }

    /// What moves when it is full.
    pub(super) fn rooms(&mut self) -> [&mut dyn Room; 2] {
        [&mut self.latest, &mut self.earlier]
    }

    fn walk(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        let known = |row: u32| (row < WIDE).then_some(row);
        std::iter::successors(known(first), move |row| known(*self.earlier.get(*row as usize)?))
    }

    /// The line of `order` with this key.
    pub(super) fn find(&self, columns: &OrderColumns, order: u32, key: LineKey) -> Option<u32> {
        if self.is_wide(order) {
            return self.wide.get(&(order, key)).copied();
        }
        self.of(order)
            .find(|row| LineKey::of(columns, *row as usize) == key)
    }

    /// Occurrence of the next line of `order` with this SKU and no line id of its own.
    pub(super) fn next_occurrence(&self, columns: &OrderColumns, order: u32, sku: u32) -> u32 {
        let mut key = LineKey {
            line: super::NONE_CODE,
            occurrence: 0,
            sku,
        };
        if self.is_wide(order) {
            // Occurrences are given without gaps: double, then halve.
            let known = |occurrence: u32| self.wide.contains_key(&(order, LineKey { occurrence, ..key }));
            let (mut low, mut high) = (0, 1);
            while known(high - 1) && high < WIDE / 2 {
                (low, high) = (high, high * 2);
            }
            while low < high {
                let middle = low + (high - low) / 2;
                if known(middle) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
        let same = self.of(order).find(|row| {
            key.occurrence = columns.occurrence.get(*row as usize);
            LineKey::of(columns, *row as usize) == key
        });
        same.map_or(0, |_| key.occurrence + 1)
    }

    /// Enters `row`, the last of `columns`, whose key is new.
    pub(super) fn enter(&mut self, columns: &OrderColumns, row: u32) {
        let order = columns.order.get(row as usize);
        let at = order as usize;
        if at >= self.latest.len() {
            self.latest.resize(at + 1, END);
        }
        if self.is_wide(order) {
            self.earlier.push(WIDE);
            self.wide.insert((order, LineKey::of(columns, row as usize)), row);
            return;
        }
        let before = std::mem::replace(&mut self.latest[at], row);
        self.earlier.push(before);
        self.orders += usize::from(before == END);
        // A walk of its own only where there may be many.
        if before != END && self.of(order).take(LONGEST + 1).count() > LONGEST {
            self.widen(columns, order);
        }
    }

    /// Takes the rows from `from` on out, the last ones of `columns`, which still holds them.
    pub(super) fn cut(&mut self, columns: &OrderColumns, from: usize) {
        if self.has_wide() {
            // Whether an order would be walked again is not known: all anew.
            *self = Self::default();
            for row in 0..from {
                self.enter(columns, u32::try_from(row).unwrap_or(u32::MAX));
            }
            return;
        }
        for row in (from..self.earlier.len()).rev() {
            let before = self.earlier.pop().unwrap_or(END);
            self.orders -= usize::from(before == END && self.orders > 0);
            if let Some(latest) = self.latest.get_mut(columns.order.get(row) as usize) {
                *latest = before;
            }
        }
    }

    fn widen(&mut self, columns: &OrderColumns, order: u32) {
        let rows: Vec<u32> = self.of(order).collect();
        for row in rows {
            self.wide.insert((order, LineKey::of(columns, row as usize)), row);
            self.earlier[row as usize] = WIDE;
        }
        self.latest[order as usize] = WIDE;
    }
}
