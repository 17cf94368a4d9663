//! Order lines as columns.

use super::{Dict, Dim, NONE_CODE, Status};
use crate::money::Fixed;
use crate::time::UtcMillis;
use rustc_hash::FxHashMap;

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

/// Columns of order lines, each as long as the table.
///
/// Times and decimals that are not said are [`OrderColumns::NONE`].
#[derive(Clone, Debug)]
pub struct OrderColumns {
    /// Code in `sources`.
    pub source: Vec<u32>,
    /// Code in `orders`.
    pub order: Vec<u32>,
    /// Code in `lines` (given line ids), or [`NONE_CODE`] with `occurrence` counting.
    pub line: Vec<u32>,
    /// Occurrence of (order, SKU) within its file; 0 where the line id is given.
    pub occurrence: Vec<u32>,
    /// Milliseconds UTC.
    pub created_at: Vec<i64>,
    /// Milliseconds UTC, or `NONE`.
    pub paid_at: Vec<i64>,
    /// Milliseconds UTC, or `NONE`.
    pub shipped_at: Vec<i64>,
    /// Milliseconds UTC, or `NONE`.
    pub updated_at: Vec<i64>,
    /// Raw [`Fixed`], or `NONE`.
    pub quantity: Vec<i64>,
    /// Raw [`Fixed`], or `NONE`.
    pub amount: Vec<i64>,
    /// Raw [`Fixed`], or `NONE`.
    pub paid_amount: Vec<i64>,
    /// Raw [`Fixed`], or `NONE`.
    pub refund_amount: Vec<i64>,
    /// Code in `currencies`.
    pub currency: Vec<u32>,
    /// Code in `titles`.
    pub title: Vec<u32>,
    /// Code in `cities`.
    pub city: Vec<u32>,
    /// Salted hash; 0: not said.
    pub customer: Vec<u64>,
    /// One column of codes a dimension, by [`Dim::index`].
    pub dims: [Vec<u32>; Dim::COUNT],
    /// Dictionary of `source`.
    pub sources: Dict,
    /// Dictionary of `order`; an order number means an order only together with its source.
    pub orders: Dict,
    /// Dictionary of `line`.
    pub lines: Dict,
    /// Dictionary of `currency`.
    pub currencies: Dict,
    /// Dictionary of `title`.
    pub titles: Dict,
    /// Dictionary of `city`.
    pub cities: Dict,
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
            source: Vec::new(),
            order: Vec::new(),
            line: Vec::new(),
            occurrence: Vec::new(),
            created_at: Vec::new(),
            paid_at: Vec::new(),
            shipped_at: Vec::new(),
            updated_at: Vec::new(),
            quantity: Vec::new(),
            amount: Vec::new(),
            paid_amount: Vec::new(),
            refund_amount: Vec::new(),
            currency: Vec::new(),
            title: Vec::new(),
            city: Vec::new(),
            customer: Vec::new(),
            dims: std::array::from_fn(|_| Vec::new()),
            sources: Dict::new(false),
            orders: Dict::new(false),
            lines: Dict::new(false),
            currencies: Dict::new(true),
            titles: Dict::new(false),
            cities: Dict::new(true),
            dicts,
        }
    }
}

impl OrderColumns {
    /// "Not said" in a column of times or decimals.
    pub const NONE: i64 = i64::MIN;

    /// Number of lines.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Column of `dim`.
    pub fn dim(&self, dim: Dim) -> &[u32] {
        &self.dims[dim.index()]
    }

    /// Dictionary of `dim`.
    pub fn dict(&self, dim: Dim) -> &Dict {
        &self.dicts[dim.index()]
    }
}

/// Lines of one file or one feed batch, with dictionaries of their own, merged into the table as one step.
#[derive(Clone, Debug, Default)]
pub struct OrderBatch {
    columns: OrderColumns,
    occurrences: FxHashMap<(u32, u32, u32), u32>,
}

impl OrderBatch {
    /// Adds `line` as it is: equal lines of one batch are all kept.
    pub fn push(&mut self, line: &OrderLine<'_>) {
        let c = &mut self.columns;
        let source = c.sources.intern(line.source);
        let order = c.orders.intern(line.order_id);
        let mut codes = [NONE_CODE; Dim::COUNT];
        for dim in Dim::ALL {
            let text = if dim == Dim::Status {
                line.status.id()
            } else {
                line.dims[dim.index()]
            };
            codes[dim.index()] = c.dicts[dim.index()].intern(text);
        }
        let (given, occurrence) = match line.line_id {
            LineId::Given(id) => (c.lines.intern(id), 0),
            LineId::Counted => {
                let next = self
                    .occurrences
                    .entry((source, order, codes[Dim::Sku.index()]))
                    .or_default();
                *next += 1;
                (NONE_CODE, *next - 1)
            }
        };
        c.source.push(source);
        c.order.push(order);
        c.line.push(given);
        c.occurrence.push(occurrence);
        c.created_at.push(line.created_at.0);
        c.paid_at.push(millis(line.paid_at));
        c.shipped_at.push(millis(line.shipped_at));
        c.updated_at.push(millis(line.updated_at));
        c.quantity.push(raw(line.quantity));
        c.amount.push(raw(line.amount));
        c.paid_amount.push(raw(line.paid_amount));
        c.refund_amount.push(raw(line.refund_amount));
        c.currency.push(c.currencies.intern(line.currency));
        c.title.push(c.titles.intern(line.title));
        c.city.push(c.cities.intern(line.city));
        c.customer.push(line.customer);
        for (column, code) in c.dims.iter_mut().zip(codes) {
            column.push(code);
        }
    }

    /// The lines.
    pub fn columns(&self) -> &OrderColumns {
        &self.columns
    }

    /// A batch of lines that were a batch or a table before; `None` where columns differ in length. To be
    /// merged as it is: what is pushed to it counts its lines anew.
    pub fn from_columns(columns: OrderColumns) -> Option<Self> {
        let c = &columns;
        let codes = [&c.source, &c.line, &c.occurrence, &c.currency, &c.title, &c.city];
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
        let whole = codes
            .into_iter()
            .chain(&c.dims)
            .all(|column| column.len() == c.len())
            && ints.into_iter().all(|column| column.len() == c.len())
            && c.customer.len() == c.len();
        whole.then(|| Self {
            columns,
            occurrences: FxHashMap::default(),
        })
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

/// Line number, order number and account of a line: (source, order, line, occurrence, SKU where counted).
type Key = (u32, u32, u32, u32, u32);

/// All order lines, each once.
#[derive(Clone, Debug, Default)]
pub struct OrderTable {
    columns: OrderColumns,
    rows: FxHashMap<Key, u32>,
    order_numbers: FxHashMap<(u32, u32), u32>,
    order_number: Vec<u32>,
}

impl OrderTable {
    /// The lines.
    pub fn columns(&self) -> &OrderColumns {
        &self.columns
    }

    /// For each line the number of its order, from 0 without gaps: equal exactly where source and
    /// order id are. What distinct orders are counted by.
    pub fn order_number(&self) -> &[u32] {
        &self.order_number
    }

    /// Number of different orders.
    pub fn order_count(&self) -> usize {
        self.order_numbers.len()
    }

    /// Enters the lines of `batch`: a line whose key is known replaces the earlier version, unless its
    /// `updated_at` says it is the earlier one.
    pub fn merge(&mut self, batch: &OrderBatch) -> Merge {
        let from = &batch.columns;
        let c = &mut self.columns;
        let sources = c.sources.absorb(&from.sources);
        let orders = c.orders.absorb(&from.orders);
        let lines = c.lines.absorb(&from.lines);
        let currencies = c.currencies.absorb(&from.currencies);
        let titles = c.titles.absorb(&from.titles);
        let cities = c.cities.absorb(&from.cities);
        let dicts: [Vec<u32>; Dim::COUNT] = std::array::from_fn(|at| c.dicts[at].absorb(&from.dicts[at]));
        let mut merge = Merge::default();
        for row in 0..from.len() {
            let at = |codes: &[u32], code: u32| codes.get(code as usize).copied().unwrap_or(NONE_CODE);
            let codes: [u32; Dim::COUNT] = std::array::from_fn(|dim| at(&dicts[dim], from.dims[dim][row]));
            let labels = [
                at(&currencies, from.currency[row]),
                at(&titles, from.title[row]),
                at(&cities, from.city[row]),
            ];
            let line = at(&lines, from.line[row]);
            let sku = if line == NONE_CODE {
                codes[Dim::Sku.index()]
            } else {
                NONE_CODE
            };
            let key = (
                at(&sources, from.source[row]),
                at(&orders, from.order[row]),
                line,
                from.occurrence[row],
                sku,
            );
            let values = [
                from.created_at[row],
                from.paid_at[row],
                from.shipped_at[row],
                from.updated_at[row],
                from.quantity[row],
                from.amount[row],
                from.paid_amount[row],
                from.refund_amount[row],
            ];
            let next = u32::try_from(c.order.len()).unwrap_or(u32::MAX);
            match self.rows.entry(key) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(next);
                    let numbers = u32::try_from(self.order_numbers.len()).unwrap_or(u32::MAX);
                    self.order_number
                        .push(*self.order_numbers.entry((key.0, key.1)).or_insert(numbers));
                    c.source.push(key.0);
                    c.order.push(key.1);
                    c.line.push(key.2);
                    c.occurrence.push(key.3);
                    c.customer.push(from.customer[row]);
                    for (column, value) in c.values_mut().into_iter().zip(values) {
                        column.push(value);
                    }
                    for (column, code) in c.labels_mut().into_iter().zip(labels) {
                        column.push(code);
                    }
                    for (column, code) in c.dims.iter_mut().zip(codes) {
                        column.push(code);
                    }
                    merge.new += 1;
                }
                std::collections::hash_map::Entry::Occupied(place) => {
                    let old = *place.get() as usize;
                    let older = from.updated_at[row] < c.updated_at[old];
                    let same = c
                        .values_mut()
                        .into_iter()
                        .zip(values)
                        .all(|(column, value)| column[old] == value)
                        && c.labels_mut()
                            .into_iter()
                            .zip(labels)
                            .all(|(column, code)| column[old] == code)
                        && c.dims.iter().zip(codes).all(|(column, code)| column[old] == code)
                        && c.customer[old] == from.customer[row];
                    if older || same {
                        merge.same += 1;
                        continue;
                    }
                    c.customer[old] = from.customer[row];
                    for (column, value) in c.values_mut().into_iter().zip(values) {
                        column[old] = value;
                    }
                    for (column, code) in c.labels_mut().into_iter().zip(labels) {
                        column[old] = code;
                    }
                    for (column, code) in c.dims.iter_mut().zip(codes) {
                        column[old] = code;
                    }
                    merge.updated += 1;
                }
            }
        }
        merge
    }
}

impl OrderColumns {
    fn values_mut(&mut self) -> [&mut Vec<i64>; 8] {
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

    fn labels_mut(&mut self) -> [&mut Vec<u32>; 3] {
        [&mut self.currency, &mut self.title, &mut self.city]
    }
}
