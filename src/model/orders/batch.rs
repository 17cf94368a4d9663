//! The lines of one file or one feed batch.

use super::OrderLine;
use super::block::OrderBlock;
use super::columns::{CUSTOMER, Coded, Guesses, OrderColumns};
use super::meet::WHOLE;
use crate::model::chains::LineKey;
use crate::model::{Chains, Codes, Ints, NONE_CODE};

/// Lines whose orders are looked up together.
const TOGETHER: usize = 64;

/// Lines of one file or one feed batch, each key once, with dictionaries of their own; they enter the table
/// as one step.
#[derive(Clone, Debug, Default)]
pub struct OrderBatch {
    pub(super) columns: OrderColumns,
    pub(super) chains: Chains,
    /// Later versions of a line of this very batch.
    pub(super) updated: u64,
    /// Lines of this very batch that said nothing new.
    pub(super) same: u64,
    guesses: Guesses,
    /// A second line of an order and SKU is a later version of the first, not another occurrence.
    is_live: bool,
}

impl OrderBatch {
    /// A batch of events, in the order in which they happened: a line without a line id of its own that comes again
    /// is a later version, as it would be in the next batch.
    pub fn live() -> Self {
        Self {
            is_live: true,
            ..Self::default()
        }
    }

    /// Adds `line`. Equal lines without a line id of their own are all kept, as occurrences; a given line
    /// id that was there replaces its earlier version, as it would in the table.
    pub fn push(&mut self, line: &OrderLine<'_>) {
        let c = &mut self.columns;
        let mut coded = c.code(line, &mut self.guesses);
        coded.order = c.orders.intern_in(coded.source, line.order_id);
        coded.labels[CUSTOMER] = c.customers.intern(line.customer);
        self.enter_line(coded);
    }

    /// Adds the lines of `block`, which is the next one of its [`super::OrderCoder`]; all as
    /// [`Self::push`] does.
    pub fn enter(&mut self, block: OrderBlock) {
        let from = self.columns.len();
        let expected = block.expected();
        self.look_up(&block);
        block.append_to(&mut self.columns);
        let to = self.columns.len();
        if from == 0 {
            self.reserve(expected);
        }
        for row in from..to {
            let c = &mut self.columns;
            let (order, key) = (c.order.get(row), LineKey::of(c, row));
            if key.line == NONE_CODE && !self.is_live {
                let occurrence = self.chains.next_occurrence(c, order, key.sku);
                c.occurrence.push(occurrence);
            } else if self.chains.find(c, order, key).is_none() {
                c.occurrence.push(0);
            } else {
                // A later version of a line that is here: from here on line by line.
                let rest: Vec<Coded> = (row..to).map(|row| c.coded(row)).collect();
                c.truncate(row);
                rest.into_iter().for_each(|line| self.enter_line(line));
                return;
            }
            self.chains
                .enter(&self.columns, u32::try_from(row).unwrap_or(u32::MAX));
        }
    }

    /// Codes of the order numbers and customers of `block`: looked up some at a time, in tables that no cache
    /// holds; asking for many at once waits for memory once.
    fn look_up(&mut self, block: &OrderBlock) {
        let c = &mut self.columns;
        for at in (0..block.len()).step_by(TOGETHER) {
            let lines = || at..block.len().min(at + TOGETHER);
            let mut hashes = [0; TOGETHER];
            for (line, hash) in lines().zip(&mut hashes) {
                let (source, order_id, customer) = block.identity(line);
                *hash = c.orders.touch(source, order_id);
                c.customers.touch(customer);
            }
            for (line, hash) in lines().zip(hashes) {
                let (source, order_id, customer) = block.identity(line);
                c.order.push(c.orders.intern_touched(hash, source, order_id));
                c.customer.push(c.customers.intern(customer));
            }
        }
    }

    /// Adds a line whose order and customer are coded.
    fn enter_line(&mut self, mut coded: Coded) {
        if coded.key.line == NONE_CODE && !self.is_live {
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
    fn reserve(&mut self, lines: usize) {
        let c = &mut self.columns;
        let known = c.len().max(1);
        // A little more, so that a small excess does not double the room.
        let lines = lines.saturating_add(lines / 32);
        let more = |count: usize| count.saturating_mul(lines / known);
        let (orders, letters) = (more(c.orders.len()), more(c.orders.text_bytes()));
        let all = c.all_mut();
        all.orders.reserve(orders, letters);
        all.values.into_iter().for_each(|column| column.reserve(lines));
        all.codes.into_iter().for_each(|column| column.reserve(lines));
    }

    /// Whether rows of a whole order and of its lines may meet in it, or lines wait for the whole row of
    /// theirs: then it is no table as it is.
    pub(super) fn meets(&self) -> bool {
        let c = &self.columns;
        let has_wholes = c.lines.code(WHOLE).is_some();
        let is_alone = !has_wholes || self.chains.orders() == c.len();
        !is_alone || c.created_at.lacks_any()
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
