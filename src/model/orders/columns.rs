//! Order lines as columns.

use super::meet::WHOLE;
use super::{LineId, OrderLine};
use crate::model::chains::LineKey;
use crate::model::room::Room;
use crate::model::{Codes, Dict, Dim, Hashes, Ints, NONE_CODE, Status};
use crate::money::Fixed;
use crate::time::UtcMillis;

/// Columns of order lines, each as long as the table: about 45 bytes a line where all is said, beside
/// its order's number. Codes are as narrow as their dictionary, decimals and instants as their range.
#[derive(Clone, Debug)]
pub struct OrderColumns {
    /// Code in `sources`.
    pub source: Codes,
    /// Code in `orders`: equal exactly where source and order id are. What distinct orders are counted by.
    pub order: Codes,
    /// Code in `lines` (given line ids), or [`NONE_CODE`] with `occurrence` counting.
    pub line: Codes,
    /// Occurrence of (order, SKU) within its file; 0 where the line id is given.
    pub occurrence: Codes,
    /// Milliseconds UTC.
    pub created_at: Ints,
    /// Milliseconds UTC.
    pub paid_at: Ints,
    /// Milliseconds UTC.
    pub shipped_at: Ints,
    /// Milliseconds UTC.
    pub updated_at: Ints,
    /// Raw [`Fixed`].
    pub quantity: Ints,
    /// Raw [`Fixed`].
    pub amount: Ints,
    /// Raw [`Fixed`].
    pub paid_amount: Ints,
    /// Raw [`Fixed`].
    pub refund_amount: Ints,
    /// Code in `currencies`.
    pub currency: Codes,
    /// Code in `titles`.
    pub title: Codes,
    /// Code in `cities`.
    pub city: Codes,
    /// Code in `customers`.
    pub customer: Codes,
    /// One column of codes a dimension, by [`Dim::index`].
    pub dims: [Codes; Dim::COUNT],
    /// Dictionary of `source`.
    pub sources: Dict,
    /// Dictionary of `order`, each in the scope of its source's code: an order number means an order only
    /// together with its source.
    pub orders: Dict,
    /// Dictionary of `line`.
    pub lines: Dict,
    /// Dictionary of `currency`.
    pub currencies: Dict,
    /// Dictionary of `title`.
    pub titles: Dict,
    /// Dictionary of `city`.
    pub cities: Dict,
    /// Salted hashes of `customer`.
    pub customers: Hashes,
    /// Dictionaries of `dims`.
    pub dicts: [Dict; Dim::COUNT],
}

impl Default for OrderColumns {
    fn default() -> Self {
        let mut dicts = Dim::ALL.map(|dim| Dict::new(dim.folds_case()));
        for status in Status::ALL {
            dicts[Dim::Status.index()].intern(status.id());
        }
        Self {
            source: Codes::default(),
            order: Codes::default(),
            line: Codes::default(),
            occurrence: Codes::default(),
            created_at: Ints::instants(),
            paid_at: Ints::instants(),
            shipped_at: Ints::instants(),
            updated_at: Ints::instants(),
            quantity: Ints::decimals(),
            amount: Ints::decimals(),
            paid_amount: Ints::decimals(),
            refund_amount: Ints::decimals(),
            currency: Codes::default(),
            title: Codes::default(),
            city: Codes::default(),
            customer: Codes::default(),
            dims: std::array::from_fn(|_| Codes::default()),
            sources: Dict::new(false),
            orders: Dict::new(false),
            lines: Dict::new(false),
            currencies: Dict::new(true),
            titles: Dict::new(false),
            cities: Dict::new(true),
            customers: Hashes::default(),
            dicts,
        }
    }
}

/// One line in codes and raw values, those of some [`OrderColumns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coded {
    pub source: u32,
    pub order: u32,
    pub key: LineKey,
    /// created, paid, shipped, updated; quantity, amount, paid, refunded.
    pub values: [i64; 8],
    /// currency, title, city, customer.
    pub labels: [u32; 4],
    pub dims: [u32; Dim::COUNT],
}

/// What a long text likely is: a SKU's title and a shop's source rarely change.
#[derive(Clone, Debug, Default)]
pub(super) struct Guesses {
    /// Title last seen with each SKU.
    titles: Vec<u32>,
    /// Source last seen with each shop.
    sources: Vec<u32>,
}

impl Guesses {
    fn of(codes: &mut Vec<u32>, of: u32) -> &mut u32 {
        let at = of as usize;
        if at >= codes.len() {
            codes.resize(at + 1, NONE_CODE);
        }
        &mut codes[at]
    }
}

/// Place of the customer among the labels of a [`Coded`] line.
pub(super) const CUSTOMER: usize = 3;

impl Coded {
    /// Whether it is an earlier version than `other`. A time of change that is not said is the earliest.
    pub(super) fn is_before(&self, other: &Self) -> bool {
        self.values[3] < other.values[3]
    }
}

impl OrderColumns {
    /// "Not said" in a column of times or decimals.
    pub const NONE: i64 = Ints::NONE;

    /// Number of lines.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Column of `dim`.
    pub fn dim(&self, dim: Dim) -> &Codes {
        &self.dims[dim.index()]
    }

    /// Dictionary of `dim`.
    pub fn dict(&self, dim: Dim) -> &Dict {
        &self.dicts[dim.index()]
    }

    /// Bytes held, dictionaries included.
    pub fn bytes(&self) -> usize {
        let codes = [&self.source, &self.order, &self.line, &self.occurrence];
        let labels = [&self.currency, &self.title, &self.city, &self.customer];
        let dicts = [
            &self.sources,
            &self.orders,
            &self.lines,
            &self.currencies,
            &self.titles,
            &self.cities,
        ];
        let codes = codes
            .into_iter()
            .chain(labels)
            .chain(&self.dims)
            .map(Codes::bytes);
        let dicts = dicts.into_iter().chain(&self.dicts).map(Dict::bytes);
        let values = self.values().into_iter().map(Ints::bytes);
        codes.chain(dicts).chain(values).sum::<usize>() + self.customers.bytes()
    }

    /// created, paid, shipped, updated; quantity, amount, paid, refunded.
    pub(super) fn values(&self) -> [&Ints; 8] {
        [
            &self.created_at,
            &self.paid_at,
            &self.shipped_at,
            &self.updated_at,
            &self.quantity,
            &self.amount,
            &self.paid_amount,
            &self.refund_amount,
        ]
    }

    pub(super) fn values_mut(&mut self) -> [&mut Ints; 8] {
        [
            &mut self.created_at,
            &mut self.paid_at,
            &mut self.shipped_at,
            &mut self.updated_at,
            &mut self.quantity,
            &mut self.amount,
            &mut self.paid_amount,
            &mut self.refund_amount,
        ]
    }

    pub(super) fn labels_mut(&mut self) -> [&mut Codes; 4] {
        [
            &mut self.currency,
            &mut self.title,
            &mut self.city,
            &mut self.customer,
        ]
    }

    pub(super) fn coded(&self, row: usize) -> Coded {
        Coded {
            source: self.source.get(row),
            order: self.order.get(row),
            key: LineKey::of(self, row),
            values: self.values().map(|column| column.raw(row)),
            labels: [&self.currency, &self.title, &self.city, &self.customer].map(|column| column.get(row)),
            dims: std::array::from_fn(|dim| self.dims[dim].get(row)),
        }
    }

    pub(super) fn push(&mut self, line: &Coded) {
        self.source.push(line.source);
        self.order.push(line.order);
        self.line.push(line.key.line);
        self.occurrence.push(line.key.occurrence);
        for (column, value) in self.values_mut().into_iter().zip(line.values) {
            column.push(value);
        }
        for (column, code) in self.labels_mut().into_iter().zip(line.labels) {
            column.push(code);
        }
        for (column, code) in self.dims.iter_mut().zip(line.dims) {
            column.push(code);
        }
    }

    /// Replaces what line `row` says; its key stays.
    pub(super) fn replace(&mut self, row: usize, line: &Coded) {
        for (column, value) in self.values_mut().into_iter().zip(line.values) {
            column.set(row, value);
        }
        for (column, code) in self.labels_mut().into_iter().zip(line.labels) {
            column.set(row, code);
        }
        for (column, code) in self.dims.iter_mut().zip(line.dims) {
            column.set(row, code);
        }
    }

    /// `line` in codes; what makes many codes, its order and customer, is left out.
    pub(super) fn code(&mut self, line: &OrderLine<'_>, guesses: &mut Guesses) -> Coded {
        let dims: [u32; Dim::COUNT] = std::array::from_fn(|at| {
            // The dictionary of states holds all of them, in their order.
            if at == Dim::Status.index() {
                line.status as u32 + 1
            } else {
                self.dicts[at].intern(line.dims[at])
            }
        });
        let sku = dims[Dim::Sku.index()];
        let title = Guesses::of(&mut guesses.titles, sku);
        *title = self.titles.intern_guessing(line.title, *title);
        let title = *title;
        let source = Guesses::of(&mut guesses.sources, dims[Dim::Shop.index()]);
        *source = self.sources.intern_guessing(line.source, *source);
        // An empty line id is none.
        let given = match line.line_id {
            LineId::Given(id) => self.lines.intern(id),
            LineId::Whole => self.lines.intern(WHOLE),
            LineId::Counted => NONE_CODE,
        };
        let sku = if given == NONE_CODE { sku } else { NONE_CODE };
        Coded {
            source: *source,
            order: NONE_CODE,
            key: LineKey {
                line: given,
                occurrence: 0,
                sku,
            },
            values: [
                line.created_at.0,
                millis(line.paid_at),
                millis(line.shipped_at),
                millis(line.updated_at),
                raw(line.quantity),
                raw(line.amount),
                raw(line.paid_amount),
                raw(line.refund_amount),
            ],
            labels: [
                self.currencies.intern(line.currency),
                title,
                self.cities.intern(line.city),
                NONE_CODE,
            ],
            dims,
        }
    }

    /// The dictionaries that the texts of a line are coded by, but for its order's number.
    pub(super) fn dictionaries(&self) -> impl Iterator<Item = &Dict> {
        [
            &self.sources,
            &self.lines,
            &self.currencies,
            &self.titles,
            &self.cities,
        ]
        .into_iter()
        .chain(&self.dicts)
    }

    /// [`Self::dictionaries`], to be added to.
    pub(super) fn dictionaries_mut(&mut self) -> impl Iterator<Item = &mut Dict> {
        [
            &mut self.sources,
            &mut self.lines,
            &mut self.currencies,
            &mut self.titles,
            &mut self.cities,
        ]
        .into_iter()
        .chain(&mut self.dicts)
    }

    /// All columns, and the dictionaries that grow with them.
    pub(super) fn all_mut(&mut self) -> AllMut<'_> {
        let codes = [
            &mut self.source,
            &mut self.order,
            &mut self.line,
            &mut self.occurrence,
            &mut self.currency,
            &mut self.title,
            &mut self.city,
            &mut self.customer,
        ];
        AllMut {
            values: [
                &mut self.created_at,
                &mut self.paid_at,
                &mut self.shipped_at,
                &mut self.updated_at,
                &mut self.quantity,
                &mut self.amount,
                &mut self.paid_amount,
                &mut self.refund_amount,
            ],
            codes: codes.into_iter().chain(&mut self.dims).collect(),
            orders: &mut self.orders,
            customers: &mut self.customers,
        }
    }

    /// Drops the lines from `len` on; their texts stay.
    pub(super) fn truncate(&mut self, len: usize) {
        let all = self.all_mut();
        all.values.into_iter().for_each(|column| column.truncate(len));
        all.codes.into_iter().for_each(|column| column.truncate(len));
    }
}

/// What a line adds to.
pub(super) struct AllMut<'a> {
    pub values: [&'a mut Ints; 8],
    pub codes: Vec<&'a mut Codes>,
    pub orders: &'a mut Dict,
    pub customers: &'a mut Hashes,
}

impl<'a> AllMut<'a> {
    /// What moves when it is full.
    pub(super) fn rooms(self) -> impl Iterator<Item = &'a mut dyn Room> {
        let values = self.values.into_iter().filter_map(Ints::room);
        let codes = self.codes.into_iter().filter_map(Codes::room);
        values
            .chain(codes)
            .chain(self.orders.rooms())
            .chain([self.customers.room()])
    }
}

fn millis(at: Option<UtcMillis>) -> i64 {
    at.map_or(OrderColumns::NONE, |at| at.0)
}

fn raw(value: Option<Fixed>) -> i64 {
    value.map_or(OrderColumns::NONE, Fixed::raw)
}
