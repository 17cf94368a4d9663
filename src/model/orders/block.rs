//! Order lines on their way from whoever reads them to whoever keeps them.

use super::OrderLine;
use super::columns::{Coded, Guesses, OrderColumns};
use crate::model::texts::Texts;
use crate::model::{Codes, Dict, Dim, Ints, raw};
use serde::{Deserialize, Serialize};

/// Lines of a block: few enough to stay near the processor, enough that handing them over costs nothing.
const LINES: usize = 8_192;
/// Lines that enter the columns of a block together.
const TOGETHER: usize = 64;

/// Some lines in the codes of their [`OrderCoder`], with the texts that are new to it. Order numbers and
/// customers are as they were read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrderBlock {
    /// What is new to each of the [`OrderColumns::dictionaries`], in the order of the codes.
    news: Vec<Texts>,
    /// Order numbers.
    orders: Texts,
    #[serde(with = "raw")]
    customers: Vec<u64>,
    source: Codes,
    line: Codes,
    /// created, paid, shipped, updated; quantity, amount, paid, refunded.
    values: [Ints; 8],
    /// currency, title, city.
    labels: [Codes; 3],
    dims: [Codes; Dim::COUNT],
    /// Lines that are expected after this block.
    expected: u64,
}

impl OrderBlock {
    /// A block without lines, whose columns are as wide as those of `like`.
    fn empty(like: Option<&Self>) -> Self {
        let codes = |codes: &Codes| codes.emptied(LINES);
        match like {
            Some(like) => Self {
                news: Vec::new(),
                orders: like.orders.emptied(),
                customers: Vec::with_capacity(LINES),
                source: codes(&like.source),
                line: codes(&like.line),
                values: like.values.each_ref().map(|values| values.emptied(LINES)),
                labels: like.labels.each_ref().map(codes),
                dims: like.dims.each_ref().map(codes),
                expected: 0,
            },
            None => Self {
                news: Vec::new(),
                orders: Texts::default(),
                customers: Vec::new(),
                source: Codes::default(),
                line: Codes::default(),
                values: std::array::from_fn(|at| {
                    if at < 4 {
                        Ints::instants()
                    } else {
                        Ints::decimals()
                    }
                }),
                labels: Default::default(),
                dims: Default::default(),
                expected: 0,
            },
        }
    }

    /// Number of lines.
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// Lines that are expected after this block.
    pub(super) fn expected(&self) -> usize {
        usize::try_from(self.expected).unwrap_or(usize::MAX)
    }

    /// Code of the source, order number and customer of line `at`.
    pub(super) fn identity(&self, at: usize) -> (u32, &str, u64) {
        let customer = self.customers.get(at).copied().unwrap_or(0);
        (self.source.get(at), self.orders.get(at), customer)
    }

    /// Adds the lines of `waiting`, whose order numbers and customers are here already.
    fn push(&mut self, waiting: &mut Waiting) {
        let columns = [&mut self.source, &mut self.line].into_iter();
        let columns = columns.chain(&mut self.labels).chain(&mut self.dims);
        for (column, codes) in columns.zip(&waiting.codes) {
            column.push_all(codes.iter().take(waiting.len).copied());
        }
        for (column, values) in self.values.iter_mut().zip(&waiting.values) {
            column.push_all(values.iter().take(waiting.len).copied());
        }
        waiting.len = 0;
    }

    /// Appends the lines, but for their orders, customers and occurrences.
    pub(super) fn append_to(self, to: &mut OrderColumns) {
        for (dict, texts) in to.dictionaries_mut().zip(&self.news) {
            for text in texts.iter() {
                dict.intern(text);
            }
        }
        to.source.append(&self.source);
        to.line.append(&self.line);
        for (column, values) in to.values_mut().into_iter().zip(&self.values) {
            column.append(values);
        }
        // The last one, the customer's, has none here.
        for (column, codes) in to.labels_mut().into_iter().zip(&self.labels) {
            column.append(codes);
        }
        for (column, codes) in to.dims.iter_mut().zip(&self.dims) {
            column.append(codes);
        }
    }
}

/// A few lines, column by column: what enters a column at once is written as fast as memory allows.
#[derive(Debug)]
struct Waiting {
    len: usize,
    /// source, line; currency, title, city; dims.
    codes: [[u32; TOGETHER]; 5 + Dim::COUNT],
    values: [[i64; TOGETHER]; 8],
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            len: 0,
            codes: [[0; TOGETHER]; 5 + Dim::COUNT],
            values: [[0; TOGETHER]; 8],
        }
    }
}

impl Waiting {
    /// Adds `line`; there is room for it.
    fn push(&mut self, line: &Coded) {
        let at = self.len % TOGETHER;
        let [currency, title, city, _] = line.labels;
        let codes = [line.source, line.key.line, currency, title, city];
        for (column, code) in self.codes.iter_mut().zip(codes.into_iter().chain(line.dims)) {
            column[at] = code;
        }
        for (column, value) in self.values.iter_mut().zip(line.values) {
            column[at] = value;
        }
        self.len = at + 1;
    }
}

/// Makes blocks of lines, which an [`super::OrderBatch`] takes in the same order.
#[derive(Debug)]
pub struct OrderCoder {
    /// Its dictionaries; it holds no line.
    columns: OrderColumns,
    guesses: Guesses,
    /// Texts of each dictionary that are in earlier blocks.
    told: Vec<usize>,
    block: OrderBlock,
    /// Lines that are to be added to the block's columns, column by column.
    waiting: Waiting,
    /// Lines of a block.
    lines: usize,
    full: Vec<OrderBlock>,
    expected: u64,
}

impl Default for OrderCoder {
    fn default() -> Self {
        let columns = OrderColumns::default();
        let told = columns.dictionaries().map(Dict::len).collect();
        Self {
            columns,
            guesses: Guesses::default(),
            told,
            block: OrderBlock::empty(None),
            waiting: Waiting::default(),
            lines: LINES,
            full: Vec::new(),
            expected: 0,
        }
    }
}

impl OrderCoder {
    /// Adds `line`.
    pub fn push(&mut self, line: &OrderLine<'_>) {
        self.waiting.push(&self.columns.code(line, &mut self.guesses));
        self.block.orders.push(line.order_id);
        self.block.customers.push(line.customer);
        if self.waiting.len == TOGETHER {
            self.block.push(&mut self.waiting);
        }
        if self.block.len() == self.lines {
            self.end_block();
        }
    }

    /// One whose blocks have so many lines.
    #[cfg(test)]
    pub(super) fn with_lines(lines: usize) -> Self {
        Self {
            lines,
            ..Self::default()
        }
    }

    /// About so many more lines will come.
    pub fn expect(&mut self, lines: usize) {
        self.expected = lines as u64;
    }

    /// The blocks that are full.
    pub fn take(&mut self) -> Vec<OrderBlock> {
        std::mem::take(&mut self.full)
    }

    /// The blocks that were not taken, the last of them as it is.
    pub fn finish(mut self) -> Vec<OrderBlock> {
        if !self.block.is_empty() {
            self.end_block();
        }
        self.full
    }

    fn end_block(&mut self) {
        self.block.push(&mut self.waiting);
        let next = OrderBlock::empty(Some(&self.block));
        let mut block = std::mem::replace(&mut self.block, next);
        for (dict, told) in self.columns.dictionaries().zip(&mut self.told) {
            let mut texts = Texts::default();
            for code in *told..dict.len() {
                texts.push(dict.text(u32::try_from(code).unwrap_or(0)));
            }
            *told = dict.len();
            block.news.push(texts);
        }
        self.expected = self.expected.saturating_sub(block.len() as u64);
        block.expected = self.expected;
        self.full.push(block);
    }
}
