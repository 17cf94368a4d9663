//! What reading a file has ruled out so far.
//!
//! Each amendment takes one possibility away and none gives one back, so reading a file again and
//! again comes to an end.

use super::date::DayOrder;
use super::encoding::Encoding;
use super::number::Decimal;

/// A part of the hypothesis that the file refuted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amend {
    /// Some byte is not UTF-8.
    NotUtf8,
    /// Some byte is not GB18030, or the whole is no Chinese.
    NotGb18030,
    /// Quotes do not enclose cells.
    NoQuotes,
    /// Dates of this column are in this order, and in no other.
    Order(usize, DayOrder),
    /// Numbers of this column have this decimal mark, and no other.
    Decimal(usize, Decimal),
    /// Identifiers of this column were rounded by a spreadsheet, those that end in noughts at least.
    Rounded(usize),
}

/// All that is ruled out.
#[derive(Clone, Debug, Default)]
pub(super) struct Learnt {
    /// What the whole file is known to be in, when its head is read once more.
    pub assumed: Option<Encoding>,
    pub not_utf8: bool,
    pub not_gb18030: bool,
    pub no_quotes: bool,
    orders: Vec<(usize, DayOrder)>,
    decimals: Vec<(usize, Decimal)>,
    rounded: Vec<usize>,
}

impl Learnt {
    /// Takes note of `amend`; false if it was known, which would be no reason to read again.
    pub(super) fn learn(&mut self, amend: Amend) -> bool {
        match amend {
            Amend::NotUtf8 => !std::mem::replace(&mut self.not_utf8, true),
            Amend::NotGb18030 => !std::mem::replace(&mut self.not_gb18030, true),
            Amend::NoQuotes => !std::mem::replace(&mut self.no_quotes, true),
            Amend::Order(column, order) => {
                self.order(column).is_none() && {
                    self.orders.push((column, order));
                    true
                }
            }
            Amend::Rounded(column) => {
                !self.is_rounded(column) && {
                    self.rounded.push(column);
                    true
                }
            }
            Amend::Decimal(column, decimal) => {
                self.decimal(column).is_none() && {
                    self.decimals.push((column, decimal));
                    true
                }
            }
        }
    }

    /// Whether the file is not in `encoding`.
    pub(super) const fn rules_out(&self, encoding: Encoding) -> bool {
        match encoding {
            Encoding::Utf8 => self.not_utf8,
            Encoding::Gb18030 => self.not_gb18030,
            _ => false,
        }
    }

    /// What is known of a file that turned out to be in `encoding` as a whole.
    pub(super) const fn of(encoding: Option<Encoding>) -> Self {
        Self {
            assumed: encoding,
            not_utf8: false,
            not_gb18030: false,
            no_quotes: false,
            orders: Vec::new(),
            decimals: Vec::new(),
            rounded: Vec::new(),
        }
    }

    /// What is known of the dates of `column`.
    pub(super) fn order(&self, column: usize) -> Option<DayOrder> {
        self.orders
            .iter()
            .find(|(at, _)| *at == column)
            .map(|(_, order)| *order)
    }

    /// Whether identifiers of `column` were rounded.
    pub(super) fn is_rounded(&self, column: usize) -> bool {
        self.rounded.contains(&column)
    }

    /// What is known of the numbers of `column`.
    pub(super) fn decimal(&self, column: usize) -> Option<Decimal> {
        self.decimals
            .iter()
            .find(|(at, _)| *at == column)
            .map(|(_, decimal)| *decimal)
    }
}
