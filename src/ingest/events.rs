//! Events of `stockpit.v1`: objects in the names of the model, in the order in which they happened.
//!
//! Nothing is guessed: a field has the name that the schema gives it (`public/stockpit.v1.schema.json`), a number is a
//! decimal with a point, as text or as a number, a time is RFC 3339. What is not said is absent, empty or `null`. A
//! row that breaks this is refused with its reason, and no other for it. Unknown fields are left alone.

use super::ident;
use super::json::{Member, cell, first, members};
use super::orders::{hash, product};
use super::states::{State, States};
use super::{FileRead, Options, RowsRead};
use crate::model::{Dim, LineId, OrderCoder, OrderLine, Status, StockBatch, StockLevel};
use crate::money::{Fixed, FixedError};
use crate::protocol::{FileKind, FileReport, FileState, Problem, RefusedRow};
use crate::time::UtcMillis;
use rustc_hash::FxHashSet;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The protocol, and the profile of what came by it.
pub const EVENTS: &str = "stockpit.v1";

/// Account of order lines: that of a file with the columns `order_id`, `line_id` and `sku`, which they meet.
const ORDERS: &str = "orderid|lineid|sku";
/// Account of stock levels: that of a file with the column `sku`.
const STOCK: &str = "sku";
/// Account of what is on its way, which stands beside the levels.
const INBOUND: &str = "inbound|sku";
/// Refused rows that are held to be shown.
const REFUSED: usize = 200;
/// Letters of a refused value that are shown.
const SHOWN: usize = 80;

/// Why a row is refused: the field, what stood there, and why.
type Fault<'a> = (&'static str, Cow<'a, str>, Problem);

/// Gathers events.
pub struct Events {
    options: Options,
    coder: OrderCoder,
    states: States,
    stock: StockBatch,
    /// Batches before the last one: a level that comes again is the later one.
    batches: Vec<StockBatch>,
    /// The levels of the last batch, by account, SKU and warehouse.
    levels: FxHashSet<(String, String, String)>,
    rows: [u64; 2],
    rejected: u64,
    refused: Vec<RefusedRow>,
}

/// The members of an object.
struct Object<'a>(Vec<Member<'a>>);

impl<'a> Object<'a> {
    /// The plain value called `name`, without blanks at its ends; empty where there is none.
    fn text(&self, name: &'static str) -> Result<Cow<'a, str>, Fault<'a>> {
        let Some((_, value)) = self.0.iter().find(|(key, _)| key == name) else {
            return Ok(Cow::Borrowed(""));
        };
        match cell(value) {
            Some(Cow::Borrowed(text)) => Ok(Cow::Borrowed(text.trim())),
            Some(Cow::Owned(text)) => Ok(Cow::Owned(text.trim().to_owned())),
            None => Err((name, Cow::Borrowed(value.get()), Problem::BrokenRecord)),
        }
    }

    fn needed(&self, name: &'static str) -> Result<Cow<'a, str>, Fault<'a>> {
        let text = self.text(name)?;
        if text.is_empty() {
            Err((name, text, Problem::Missing))
        } else {
            Ok(text)
        }
    }

    fn number(&self, name: &'static str) -> Result<Option<Fixed>, Fault<'a>> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Ok(None);
        }
        match Fixed::parse(&text) {
            Ok((value, _)) => Ok(Some(value)),
            Err(FixedError::NotANumber) => Err((name, text, Problem::NotANumber)),
            Err(FixedError::TooLarge) => Err((name, text, Problem::NumberTooLarge)),
        }
    }

    fn time(&self, name: &'static str, options: &Options) -> Result<Option<UtcMillis>, Fault<'a>> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Ok(None);
        }
        match options.zone.parse(&text) {
            Some(at) => Ok(Some(at)),
            None => Err((name, text, Problem::NotADate)),
        }
    }
}

impl Events {
    /// None yet; times without a zone and amounts without a currency are read as `options` say.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            coder: OrderCoder::default(),
            states: States::default(),
            stock: StockBatch::default(),
            batches: Vec::new(),
            levels: FxHashSet::default(),
            rows: [0; 2],
            rejected: 0,
            refused: Vec::new(),
        }
    }

    /// Rows gathered, refused ones too.
    pub const fn rows(&self) -> u64 {
        self.rows[0] + self.rows[1] + self.rejected
    }

    /// Rows refused, with the reason of the first.
    pub fn rejected(&self) -> (u64, Option<Problem>) {
        (self.rejected, self.refused.first().map(|row| row.problem.clone()))
    }

    /// Takes order lines: the text of an array of objects. Yields whether it is one.
    pub fn orders(&mut self, array: &str) -> bool {
        self.each(array, Self::order)
    }

    /// Takes stock levels, counted at `at` where they do not say. Yields whether `array` is one.
    pub fn stock(&mut self, array: &str, at: Option<UtcMillis>) -> bool {
        self.each(array, |events, object| events.level(object, at, STOCK))
    }

    /// Takes what is on its way: of each SKU and warehouse the whole of it. Yields whether `array` is one.
    pub fn inbound(&mut self, array: &str, at: Option<UtcMillis>) -> bool {
        self.each(array, |events, object| events.level(object, at, INBOUND))
    }

    /// All that was gathered, as of a source of this name.
    pub fn finish(self, name: &str) -> Vec<FileRead> {
        let Self {
            coder,
            stock,
            mut batches,
            rows,
            rejected,
            refused,
            ..
        } = self;
        let report = |kind, rows: u64| FileReport {
            name: name.to_owned(),
            size: 0,
            state: if rejected == 0 {
                FileState::Done
            } else {
                FileState::Partial
            },
            kind,
            profile: EVENTS.to_owned(),
            encoding: "UTF-8".to_owned(),
            format: "JSON".to_owned(),
            rows,
            accepted: rows,
            duplicate: 0,
            rejected: 0,
            columns: Vec::new(),
            refusals: Vec::new(),
            refused: Vec::new(),
            failure: None,
            notes: Vec::new(),
            span: None,
            millis: 0,
            decided: None,
        };
        let mut reads = Vec::new();
        if rows[0] > 0 || rejected > 0 {
            let mut report = report(FileKind::Orders, rows[0] + rejected);
            (report.rejected, report.refused) = (rejected, refused.clone());
            reads.push(FileRead {
                report,
                rows: RowsRead::Orders(coder.finish()),
                refused,
                sight: None,
            });
        }
        if !stock.columns().is_empty() {
            batches.push(stock);
        }
        for batch in batches {
            reads.push(FileRead {
                report: report(FileKind::Stock, batch.columns().len() as u64),
                rows: RowsRead::Stock(Box::new(batch)),
                refused: Vec::new(),
                sight: None,
            });
        }
        reads
    }

    fn each(
        &mut self,
        array: &str,
        mut take: impl for<'a> FnMut(&mut Self, &Object<'a>) -> Result<(), Fault<'a>>,
    ) -> bool {
        let Ok(records) = serde_json::from_str::<Vec<&RawValue>>(array) else {
            return false;
        };
        for (record, line) in records.into_iter().zip(1..) {
            let taken = if first(record) == b'{' {
                take(self, &Object(members(record)))
            } else {
                Err(("", Cow::Borrowed(record.get()), Problem::BrokenRecord))
            };
            if let Err((column, value, problem)) = taken {
                self.rejected += 1;
                if self.refused.len() < REFUSED {
                    self.refused.push(RefusedRow {
                        line,
                        column: column.to_owned(),
                        value: super::ledger::cut(&value, SHOWN),
                        problem,
                    });
                }
            }
        }
        true
    }

    fn order<'a>(&mut self, object: &Object<'a>) -> Result<(), Fault<'a>> {
        let options = &self.options;
        let order_id = object.needed("order_id")?;
        let sku = object.text("sku")?;
        let line_id = object.text("line_id")?;
        let created_at =
            object
                .time("created_at", options)?
                .ok_or(("created_at", Cow::Borrowed(""), Problem::Missing))?;
        let word = object.text("status")?;
        let status = match self.states.read(&word) {
            State::Is(status) => status,
            State::Nothing => Status::Paid,
            State::Unknown => return Err(("status", word, Problem::UnknownStatus)),
        };
        let quantity = object.number("quantity")?;
        let price = object.number("unit_price")?;
        let amount = match (object.number("amount")?, price.zip(quantity)) {
            (None, Some((price, quantity))) => {
                let amount = product(price, quantity)
                    .0
                    .filter(|amount| amount.abs() <= Fixed::LIMIT);
                let too_large = || ("unit_price", Cow::Borrowed(""), Problem::NumberTooLarge);
                Some(amount.ok_or_else(too_large)?)
            }
            (said, _) => said,
        };
        let paid_amount = object.number("paid_amount")?;
        let refund_amount = object.number("refund_amount")?;
        let paid_at = object.time("paid_at", options)?;
        let shipped_at = object.time("shipped_at", options)?;
        let updated_at = object.time("updated_at", options)?;
        let code = object.text("currency")?.to_ascii_uppercase();
        let mut texts: [Cow<'a, str>; Dim::COUNT] = std::array::from_fn(|_| Cow::Borrowed(""));
        for dim in Dim::ALL {
            texts[dim.index()] = match dim {
                Dim::Status => continue,
                Dim::Sku => ident::plain(&sku).into_owned().into(),
                Dim::Region => {
                    let region = object.text("region")?;
                    if region.is_empty() {
                        object.text("province")?
                    } else {
                        region
                    }
                }
                dim => object.text(dim.id())?,
            };
        }
        let dims: [&str; Dim::COUNT] = std::array::from_fn(|at| texts[at].as_ref());
        let title = object.text("title")?;
        let city = object.text("city")?;
        let customer = object.text("customer")?;
        let shop = dims[Dim::Shop.index()];
        let source = if shop.is_empty() {
            ORDERS.to_owned()
        } else {
            format!("{ORDERS}@{shop}")
        };
        self.coder.push(&OrderLine {
            source: &source,
            order_id: &ident::number(&order_id),
            line_id: if line_id.is_empty() {
                LineId::Counted
            } else {
                LineId::Given(&line_id)
            },
            created_at,
            paid_at: paid_at.or_else(|| status.implies_payment().then_some(created_at)),
            shipped_at,
            updated_at,
            status,
            title: &title,
            quantity,
            amount: amount.or(paid_amount),
            paid_amount,
            refund_amount,
            currency: if code.is_empty() { &options.currency } else { &code },
            city: &city,
            customer: hash(options.salt, &customer),
            dims,
        });
        self.rows[0] += 1;
        Ok(())
    }

    fn level<'a>(
        &mut self,
        object: &Object<'a>,
        at: Option<UtcMillis>,
        account: &'static str,
    ) -> Result<(), Fault<'a>> {
        let sku = object.needed("sku")?;
        let warehouse = object.text("warehouse")?;
        let shop = object.text("shop")?;
        let is_inbound = account == INBOUND;
        let quantity = |name| object.number(name);
        let (on_hand, available) = if is_inbound {
            (None, None)
        } else {
            (quantity("on_hand")?, quantity("available")?)
        };
        let inbound = quantity(if is_inbound { "quantity" } else { "inbound" })?;
        if on_hand.or(available).or(inbound).is_none() {
            let column = if is_inbound { "quantity" } else { "on_hand" };
            return Err((column, Cow::Borrowed(""), Problem::Missing));
        }
        let title = object.text("title")?;
        let category = object.text("category")?;
        let brand = object.text("brand")?;
        let unit_cost = quantity("unit_cost")?;
        let arrives = object.time("expected_at", &self.options)?;
        let as_of = object.time("as_of", &self.options)?.or(at);
        let source = if shop.is_empty() {
            account.to_owned()
        } else {
            format!("{account}@{shop}")
        };
        let sku = ident::plain(&sku);
        let key = (source, sku.into_owned(), warehouse.into_owned());
        if self.levels.contains(&key) {
            // A second row of one batch would be another bin.
            self.batches.push(std::mem::take(&mut self.stock));
            self.levels.clear();
        }
        self.stock.push(&StockLevel {
            source: &key.0,
            sku: &key.1,
            warehouse: &key.2,
            title: &title,
            category: &category,
            brand: &brand,
            on_hand,
            available,
            inbound,
            unit_cost,
            arrives,
            as_of,
        });
        self.levels.insert(key);
        self.rows[1] += 1;
        Ok(())
    }
}
