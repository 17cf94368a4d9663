//! Order lines as columns.

use super::chains::LineKey;
use super::{Bits, Chains, Codes, Dict, Dim, Hashes, Ints, NONE_CODE, Status};
use crate::money::Fixed;
use crate::time::UtcMillis;

/// What tells the lines of one order apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineId<'a> {
    /// The platform's own line number.
    Given(&'a str),
    /// The file has none: the n-th line of this (order, SKU) within its file, from 0. The batch counts.
    Counted,
}

/// One order line on its way into a batch. Empty texts mean "not said".
#[derive(Clone, Copy, Debug)]
pub struct OrderLine<'a> {
    /// Account the line comes from: lines of different sources never replace each other.
    pub source: &'a str,
    /// Order number, as text.
    pub order_id: &'a str,
    /// Line within the order.
    pub line_id: LineId<'a>,
    /// When it was ordered (下单).
    pub created_at: UtcMillis,
    /// When it was paid (付款). Where the export has no such column, the importer gives `created_at`
    /// to lines whose status implies payment, and says so in the report.
    pub paid_at: Option<UtcMillis>,
    /// When it was shipped (发货).
    pub shipped_at: Option<UtcMillis>,
    /// Last change, where the export says; decides which version of a line is the later one.
    pub updated_at: Option<UtcMillis>,
    /// Where it stands.
    pub status: Status,
    /// Title of the goods.
    pub title: &'a str,
    /// Units; negative on a return line. `None` where the export has none.
    pub quantity: Option<Fixed>,
    /// Value at list price, before discounts: price × quantity, or the export's own gross amount of
    /// the line (which may be there with quantity 0). `None` where neither is there.
    pub amount: Option<Fixed>,
    /// Paid by the buyer, refunds not deducted. `None`: not said, `amount` stands in on paid lines.
    pub paid_amount: Option<Fixed>,
    /// Refunded so far.
    pub refund_amount: Option<Fixed>,
    /// ISO 4217 code; empty: unknown.
    pub currency: &'a str,
    /// City.
    pub city: &'a str,
    /// Salted hash of the buyer; 0: not said.
    pub customer: u64,
    /// Values of the dimensions by [`Dim::index`]; that of [`Dim::Status`] is ignored.
    pub dims: [&'a str; Dim::COUNT],
}

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
struct Coded {
    source: u32,
    order: u32,
    key: LineKey,
    /// created, paid, shipped, updated; quantity, amount, paid, refunded.
    values: [i64; 8],
    /// currency, title, city, customer.
    labels: [u32; 4],
    dims: [u32; Dim::COUNT],
}

impl Coded {
    /// Whether it is an earlier version than `other`. A time of change that is not said is the earliest.
    fn is_before(&self, other: &Self) -> bool {
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
    fn values(&self) -> [&Ints; 8] {
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

    fn values_mut(&mut self) -> [&mut Ints; 8] {
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

    fn labels_mut(&mut self) -> [&mut Codes; 4] {
        [
            &mut self.currency,
            &mut self.title,
            &mut self.city,
            &mut self.customer,
        ]
    }

    fn coded(&self, row: usize) -> Coded {
        Coded {
            source: self.source.get(row),
            order: self.order.get(row),
            key: LineKey::of(self, row),
            values: self.values().map(|column| column.raw(row)),
            labels: [&self.currency, &self.title, &self.city, &self.customer].map(|column| column.get(row)),
            dims: std::array::from_fn(|dim| self.dims[dim].get(row)),
        }
    }

    fn push(&mut self, line: &Coded) {
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
    fn replace(&mut self, row: usize, line: &Coded) {
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
}

/// Place of the customer among the labels of a [`Coded`] line.
const CUSTOMER: usize = 3;

/// Lines of one file or one feed batch, each key once, with dictionaries of their own; they enter the table
/// as one step.
#[derive(Clone, Debug, Default)]
pub struct OrderBatch {
    columns: OrderColumns,
    chains: Chains,
    /// Later versions of a line of this very batch.
    updated: u64,
    /// Lines of this very batch that said nothing new.
    same: u64,
    /// Title last seen with each SKU.
    titles: Vec<u32>,
}

impl OrderBatch {
    /// Adds `line`. Equal lines without a line id of their own are all kept, as occurrences; a given line
    /// id that was there replaces its earlier version, as it would in the table.
    pub fn push(&mut self, line: &OrderLine<'_>) {
        let coded = self.code(line);
        self.enter(coded, line.order_id, line.customer);
    }

    /// The line in codes; what makes many codes, its order and customer, is left out.
    fn code(&mut self, line: &OrderLine<'_>) -> Coded {
        let c = &mut self.columns;
        let dims: [u32; Dim::COUNT] = std::array::from_fn(|at| {
            // The dictionary of states holds all of them, in their order.
            if at == Dim::Status.index() {
                line.status as u32 + 1
            } else {
                c.dicts[at].intern(line.dims[at])
            }
        });
        // A SKU's title rarely changes.
        let sku = dims[Dim::Sku.index()];
        let guess = self.titles.get(sku as usize).copied().unwrap_or(NONE_CODE);
        let title = c.titles.intern_guessing(line.title, guess);
        if title != guess {
            let known = self.titles.len().max(sku as usize + 1);
            self.titles.resize(known, NONE_CODE);
            self.titles[sku as usize] = title;
        }
        // An empty line id is none.
        let given = match line.line_id {
            LineId::Given(id) => c.lines.intern(id),
            LineId::Counted => NONE_CODE,
        };
        let sku = if given == NONE_CODE { sku } else { NONE_CODE };
        Coded {
            source: c.sources.intern(line.source),
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
                c.currencies.intern(line.currency),
                title,
                c.cities.intern(line.city),
                NONE_CODE,
            ],
            dims,
        }
    }

    fn enter(&mut self, mut coded: Coded, order_id: &str, customer: u64) {
        let c = &mut self.columns;
        coded.order = c.orders.intern_in(coded.source, order_id);
        coded.labels[CUSTOMER] = c.customers.intern(customer);
        if coded.key.line == NONE_CODE {
            let sku = coded.key.sku;
            coded.key.occurrence = self.chains.next_occurrence(&self.columns, coded.order, sku);
        } else if let Some(row) = self.chains.find(&self.columns, coded.order, coded.key) {
            let row = row as usize;
            let old = self.columns.coded(row);
            if coded.is_before(&old) || coded == old {
                self.same += 1;
            } else {
                self.columns.replace(row, &coded);
                self.updated += 1;
            }
            return;
        }
        let row = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        self.columns.push(&coded);
        self.chains.enter(&self.columns, row);
    }

    /// Makes room for about so many more lines, as like those that are here as the rest of a file is like
    /// its beginning. Where there is no such room, it is found as lines come.
    pub fn reserve(&mut self, lines: usize) {
        let c = &mut self.columns;
        let known = c.len().max(1);
        // A little more, so that a small excess does not double the room.
        let lines = lines.saturating_add(lines / 32);
        let more = |count: usize| count.saturating_mul(lines / known);
        c.orders
            .reserve(more(c.orders.len()), more(c.orders.text_bytes()));
        for column in c.values_mut() {
            column.reserve(lines);
        }
        let codes = [&mut c.source, &mut c.order, &mut c.line, &mut c.occurrence];
        let labels = [&mut c.currency, &mut c.title, &mut c.city, &mut c.customer];
        for column in codes.into_iter().chain(labels).chain(&mut c.dims) {
            column.reserve(lines);
        }
    }

    /// The lines.
    pub fn columns(&self) -> &OrderColumns {
        &self.columns
    }

    /// A batch of lines that were a batch or a table before; `None` where columns differ in length or a key
    /// is there twice.
    pub fn from_columns(columns: OrderColumns) -> Option<Self> {
        let c = &columns;
        let codes = [
            &c.source,
            &c.line,
            &c.occurrence,
            &c.currency,
            &c.title,
            &c.city,
            &c.customer,
        ];
        let lengths = codes
            .into_iter()
            .chain(&c.dims)
            .map(Codes::len)
            .chain(c.values().into_iter().map(Ints::len));
        if lengths.into_iter().any(|len| len != c.len()) {
            return None;
        }
        let mut chains = Chains::default();
        for row in 0..c.len() {
            let (order, key) = (c.order.get(row), LineKey::of(c, row));
            if chains.find(c, order, key).is_some() {
                return None;
            }
            chains.enter(c, u32::try_from(row).ok()?);
        }
        Some(Self {
            columns,
            chains,
            ..Self::default()
        })
    }
}

/// Adds many lines to a batch, some at a time: numbers of orders and customers are looked up in tables that
/// no cache holds, and asking for many at once waits for memory once.
#[derive(Debug, Default)]
pub struct OrderLines {
    batch: OrderBatch,
    waiting: Vec<Waiting>,
    /// Order numbers of the waiting lines, one after the other.
    text: String,
}

#[derive(Debug)]
struct Waiting {
    coded: Coded,
    /// Where its order number ends.
    end: usize,
    customer: u64,
}

/// Lines that wait for each other.
const TOGETHER: usize = 64;

impl OrderLines {
    /// See [`OrderBatch::push`].
    pub fn push(&mut self, line: &OrderLine<'_>) {
        let coded = self.batch.code(line);
        self.text.push_str(line.order_id);
        self.waiting.push(Waiting {
            coded,
            end: self.text.len(),
            customer: line.customer,
        });
        if self.waiting.len() == TOGETHER {
            self.settle();
        }
    }

    /// See [`OrderBatch::reserve`].
    pub fn reserve(&mut self, lines: usize) {
        self.settle();
        self.batch.reserve(lines);
    }

    /// The batch with all lines.
    pub fn finish(mut self) -> OrderBatch {
        self.settle();
        self.batch
    }

    fn settle(&mut self) {
        let mut start = 0;
        let c = &self.batch.columns;
        for line in &self.waiting {
            let order_id = self.text.get(start..line.end).unwrap_or_default();
            c.orders.touch(line.coded.source, order_id);
            c.customers.touch(line.customer);
            start = line.end;
        }
        start = 0;
        for line in self.waiting.drain(..) {
            let order_id = self.text.get(start..line.end).unwrap_or_default();
            self.batch.enter(line.coded, order_id, line.customer);
            start = line.end;
        }
        self.text.clear();
    }
}

fn millis(at: Option<UtcMillis>) -> i64 {
    at.map_or(OrderColumns::NONE, |at| at.0)
}

fn raw(value: Option<Fixed>) -> i64 {
    value.map_or(OrderColumns::NONE, Fixed::raw)
}

/// What merging a batch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    /// Rows whose key was not there.
    pub new: u64,
    /// Rows that replaced an earlier version.
    pub updated: u64,
    /// Rows that were there already, the same or in a later version.
    pub same: u64,
}

/// A batch in the table's codes, about to enter it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Lines as they will be, with the row they replace.
    lines: Vec<(Option<u32>, Coded)>,
    replaced: Vec<u32>,
    merge: Merge,
}

impl Change {
    /// Rows that are about to be replaced (or to come back), ascending order not promised.
    pub fn replaced(&self) -> &[u32] {
        &self.replaced
    }
}

/// All order lines, each once.
#[derive(Clone, Debug, Default)]
pub struct OrderTable {
    columns: OrderColumns,
    chains: Chains,
    removed: Bits,
}

impl OrderTable {
    /// The lines, removed ones among them.
    pub fn columns(&self) -> &OrderColumns {
        &self.columns
    }

    /// The lines of each order.
    pub fn chains(&self) -> &Chains {
        &self.chains
    }

    /// Rows that were removed: they keep their place and count nowhere.
    pub fn removed(&self) -> &Bits {
        &self.removed
    }

    /// Number of lines that count.
    pub fn len(&self) -> usize {
        let removed = usize::try_from(self.removed.count()).unwrap_or(0);
        self.columns.len() - removed
    }

    /// Whether no line counts.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of different orders, those of removed lines included.
    pub const fn order_count(&self) -> usize {
        self.chains.orders()
    }

    /// Bytes held: columns, dictionaries and the index of keys.
    pub fn bytes(&self) -> usize {
        self.columns.bytes() + self.chains.bytes() + self.removed.bytes()
    }

    /// Enters the lines of `batch`: a line whose key is known replaces the earlier version, unless its
    /// `updated_at` says it is the earlier one.
    pub fn merge(&mut self, batch: &OrderBatch) -> Merge {
        let change = self.prepare(batch);
        self.enter(change)
    }

    /// Takes the whole of `batch` where the table is empty, which costs nothing; else merges it.
    pub fn take(&mut self, batch: OrderBatch) -> Merge {
        if !self.columns.is_empty() {
            return self.merge(&batch);
        }
        let merge = Merge {
            new: batch.columns.len() as u64,
            updated: batch.updated,
            same: batch.same,
        };
        self.columns = batch.columns;
        self.chains = batch.chains;
        merge
    }

    /// Finds out what `batch` will change; enters its texts. Whoever keeps running totals takes
    /// [`Change::replaced`] out of them before [`Self::enter`].
    pub fn prepare(&mut self, batch: &OrderBatch) -> Change {
        let from = &batch.columns;
        let c = &mut self.columns;
        let sources = c.sources.absorb(&from.sources);
        let orders = c.orders.absorb_in(&from.orders, &sources);
        let lines = c.lines.absorb(&from.lines);
        let labels = [
            c.currencies.absorb(&from.currencies),
            c.titles.absorb(&from.titles),
            c.cities.absorb(&from.cities),
            c.customers.absorb(&from.customers),
        ];
        let dicts: [Vec<u32>; Dim::COUNT] = std::array::from_fn(|at| c.dicts[at].absorb(&from.dicts[at]));
        let at = |codes: &[u32], code: u32| codes.get(code as usize).copied().unwrap_or(NONE_CODE);
        let mut change = Change {
            merge: Merge {
                updated: batch.updated,
                same: batch.same,
                ..Merge::default()
            },
            ..Change::default()
        };
        for row in 0..from.len() {
            let own = from.coded(row);
            let line = Coded {
                source: at(&sources, own.source),
                order: at(&orders, own.order),
                key: LineKey {
                    line: at(&lines, own.key.line),
                    sku: at(&dicts[Dim::Sku.index()], own.key.sku),
                    ..own.key
                },
                values: own.values,
                labels: std::array::from_fn(|label| at(&labels[label], own.labels[label])),
                dims: std::array::from_fn(|dim| at(&dicts[dim], own.dims[dim])),
            };
            let known = self.chains.find(&self.columns, line.order, line.key);
            if let Some(row) = known {
                let old = self.columns.coded(row as usize);
                let removed = self.removed.get(row as usize);
                if !removed && (line.is_before(&old) || line == old) {
                    change.merge.same += 1;
                    continue;
                }
                change.merge.updated += u64::from(!removed);
                change.merge.new += u64::from(removed);
                change.replaced.push(row);
            } else {
                change.merge.new += 1;
            }
            change.lines.push((known, line));
        }
        change
    }

    /// Makes the prepared change, which must be the last one that was prepared.
    pub fn enter(&mut self, change: Change) -> Merge {
        for (known, line) in &change.lines {
            if let Some(row) = known {
                self.columns.replace(*row as usize, line);
                self.removed.set(*row as usize, false);
            } else {
                let row = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
                self.columns.push(line);
                self.chains.enter(&self.columns, row);
            }
        }
        change.merge
    }

    /// Takes `row` out of all counts. Its key may come back with a later batch.
    pub fn remove(&mut self, row: usize) {
        if row < self.columns.len() {
            self.removed.set(row, true);
        }
    }
}

#[cfg(test)]
#[path = "orders_tests.rs"]
mod tests;
