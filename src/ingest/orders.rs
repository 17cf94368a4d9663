//! Rows → order lines.

use super::carry::Carry;
use super::clock::Clock;
use super::fault::Fault;
use super::field::Field;
use super::header::currency_of;
use super::ident::{self, is_ruined, is_spreadsheet_error, unwrap};
use super::learnt::Learnt;
use super::ledger::Ledger;
use super::mapping::Mapping;
use super::memo::Memo;
use super::number::{Decimal, Number};
use super::numbers::Numbers;
use super::records::Row;
use super::rounding::Rounding;
use super::sample::Sample;
use super::source::Source;
use super::states::{State, States};
use super::times::Times;
use super::{currency, region};
use crate::model::{Dim, LineId, OrderBlock, OrderCoder, OrderLine, Status};
use crate::money::Fixed;
use crate::protocol::Problem;
use crate::time::{UtcMillis, Zone};
use std::borrow::Cow;

/// Reads the rows of an order export.
pub(super) struct OrderRows {
    coder: OrderCoder,
    clock: Clock,
    states: States,
    carry: Carry,
    source: Source,
    ids: Vec<(usize, Rounding)>,
    line_id: Option<(usize, Rounding)>,
    /// `None`: lines wait for their orders, which another file tells the times of.
    created_at: Option<Times>,
    whole_orders: bool,
    joined_cells: bool,
    /// Of rows without a quantity.
    units: Option<Fixed>,
    paid_at: Option<Times>,
    shipped_at: Option<Times>,
    updated_at: Option<Times>,
    status: Option<usize>,
    status_also: Vec<usize>,
    after_sale: Vec<usize>,
    skus: Vec<(usize, Rounding)>,
    sku_from_title: bool,
    title: Option<usize>,
    quantity: Option<Numbers>,
    amount: Option<Numbers>,
    unit_price: Option<Numbers>,
    order_amount: Option<Numbers>,
    last_order: String,
    paid_amount: Option<Numbers>,
    order_paid: Option<Numbers>,
    refund_amount: Option<Numbers>,
    currency: Option<usize>,
    currencies: Memo<String>,
    assumed_currency: String,
    city: Option<usize>,
    customer: Option<usize>,
    salt: u64,
    address: Option<usize>,
    dims: Vec<(Dim, usize)>,
}

/// What all rows of a file share.
pub(super) struct Setting<'a> {
    pub mapping: &'a Mapping,
    pub sample: &'a Sample,
    pub learnt: &'a Learnt,
    pub zone: Zone,
    pub currency: &'a str,
    pub salt: u64,
    /// Decimal mark to assume while nothing proves one.
    pub decimal: Decimal,
}

impl OrderRows {
    pub(super) fn new(setting: &Setting<'_>, ledger: &mut Ledger) -> Self {
        let mapping = setting.mapping;
        let times = |field| {
            mapping
                .one(field)
                .map(|at| Times::new(at, setting.sample, setting.learnt))
        };
        let numbers = |field| {
            mapping
                .one(field)
                .map(|at| Numbers::new(at, setting.sample, setting.learnt, setting.decimal))
        };
        let id = |at| (at, Rounding::new(at, setting.learnt));
        let currency = mapping.one(Field::Currency);
        let named = currency::of_file(mapping, setting.sample);
        if named.is_none() && currency.is_none() {
            ledger.currency_assumed = Some(setting.currency.to_owned());
        }
        let after_sale: Vec<usize> = mapping.all(Field::AfterSale).collect();
        let status = mapping.one(Field::Status);
        let paid_at = times(Field::PaidAt);
        let created_at = times(Field::CreatedAt);
        ledger.status_assumed = status.is_none() && paid_at.is_none() && created_at.is_some();
        Self {
            coder: OrderCoder::default(),
            clock: Clock::new(setting.zone),
            states: States::default(),
            carry: Carry::new(mapping),
            source: Source::new(mapping),
            ids: mapping.all(Field::OrderId).map(id).collect(),
            line_id: mapping.one(Field::LineId).map(id),
            created_at,
            whole_orders: mapping.whole_orders,
            units: mapping
                .profile
                .filter(|profile| profile.units && mapping.one(Field::Quantity).is_none())
                .map(|_| Fixed::from_units(1)),
            joined_cells: mapping.profile.is_some_and(|profile| profile.joined_cells),
            paid_at,
            shipped_at: times(Field::ShippedAt),
            updated_at: times(Field::UpdatedAt),
            status,
            status_also: mapping.all(Field::StatusAlso).collect(),
            after_sale,
            skus: mapping.all(Field::Sku).map(id).collect(),
            sku_from_title: mapping.profile.is_some_and(|profile| profile.sku_from_title),
            title: mapping.one(Field::Title),
            quantity: numbers(Field::Quantity),
            amount: numbers(Field::Amount),
            unit_price: numbers(Field::UnitPrice),
            order_amount: numbers(Field::OrderAmount),
            last_order: String::new(),
            paid_amount: numbers(Field::PaidAmount),
            order_paid: numbers(Field::OrderPaid).filter(|_| mapping.one(Field::PaidAmount).is_none()),
            refund_amount: numbers(Field::RefundAmount),
            currency,
            currencies: Memo::default(),
            assumed_currency: named.map_or_else(|| setting.currency.to_owned(), str::to_owned),
            city: mapping.one(Field::City),
            customer: mapping.one(Field::Customer),
            salt: setting.salt,
            address: mapping.one(Field::Address),
            dims: Dim::ALL
                .into_iter()
                .filter_map(|dim| mapping.one(Field::Dim(dim)).map(|column| (dim, column)))
                .collect(),
        }
    }

    /// About so many more rows will come.
    pub(super) fn expect(&mut self, rows: usize) {
        self.coder.expect(rows);
    }

    /// Blocks that are full.
    pub(super) fn take_blocks(&mut self) -> Vec<OrderBlock> {
        self.coder.take()
    }

    /// The blocks that were not taken.
    pub(super) fn into_blocks(self) -> Vec<OrderBlock> {
        self.coder.finish()
    }

    /// Patterns of dates whose order nothing proved.
    pub(super) fn assumed_dates(&self) -> Vec<String> {
        let all = [
            &self.created_at,
            &self.paid_at,
            &self.shipped_at,
            &self.updated_at,
        ];
        let all = all.into_iter().flatten();
        let mut patterns: Vec<String> = all.filter_map(Times::assumed).collect();
        patterns.dedup();
        patterns
    }

    /// Numbers of orders of 16 digits that were most likely rounded, with one of them.
    pub(super) fn doubtful_ids(&self) -> Option<(u64, String)> {
        let (_, rounding) = self.ids.iter().find(|(_, rounding)| rounding.doubtful() > 0)?;
        Some((rounding.doubtful(), rounding.example.clone()))
    }

    /// Takes one row.
    ///
    /// # Errors
    /// Why the row is refused, or what it refutes.
    pub(super) fn row(&mut self, row: &Row<'_>, ledger: &mut Ledger) -> Result<(), Fault> {
        let order_id = self.order_id(row)?;
        let order_id = order_id.as_ref();
        self.carry.begin(order_id, row);
        let created_at = match &mut self.created_at {
            Some(times) => {
                let at = times.read(row, &mut self.clock)?;
                at.ok_or_else(|| Fault::cell(times.column, row.cell(times.column), Problem::Missing))?
            }
            None => OrderLine::NO_TIME,
        };
        let mut rounded = false;
        let quantity = read(self.quantity.as_mut(), row, &mut rounded)?.or(self.units);
        let is_further = self.is_further_row(order_id);
        let mut amount = self.amount(row, is_further, quantity, &mut rounded)?;
        let mut paid_amount = if self.order_paid.is_some() {
            let paid = read(self.order_paid.as_mut(), row, &mut rounded)?;
            if is_further {
                paid.and(Some(Fixed::ZERO))
            } else {
                paid
            }
        } else {
            read(self.paid_amount.as_mut(), row, &mut rounded)?
        };
        let mut refund_amount = read(self.refund_amount.as_mut(), row, &mut rounded)?;
        if self.amount.is_none() && self.unit_price.is_none() && self.order_amount.is_none() {
            // Nothing but what was paid: the least that the goods are worth.
            amount = paid_amount;
        }
        let paid_at = match self.paid_at.as_mut() {
            Some(times) if self.carry.is_idle() => times.read(row, &mut self.clock)?,
            Some(times) => times.read_text(self.carry.cell(row, times.column), &mut self.clock)?,
            None => None,
        };
        let shipped_at = time(self.shipped_at.as_mut(), row, &mut self.clock)?;
        let updated_at = time(self.updated_at.as_mut(), row, &mut self.clock)?;

        let (mut status, is_whole_refund) = self.status(row, paid_at, refund_amount, ledger);
        if is_whole_refund && self.refund_amount.is_none() {
            refund_amount = paid_amount.or(amount);
        }
        if self.refund_amount.is_none() && quantity.is_some_and(|quantity| quantity < Fixed::ZERO) {
            (status, paid_amount) = (Status::Refunded, Some(Fixed::ZERO));
            refund_amount = amount.map(Fixed::abs);
            ledger.returns += 1;
        }
        let paid_at = match (&self.paid_at, status.implies_payment()) {
            (None, true) if self.created_at.is_some() => {
                ledger.paid_is_created = true;
                Some(created_at)
            }
            _ => paid_at,
        };

        let title = self.title.map_or("", |at| text(row.cell(at)));
        let mut sku = Cow::Borrowed("");
        for (at, rounding) in &mut self.skus {
            sku = ident::plain(text(unwrap(row.cell(*at))));
            if is_ruined(&sku) || rounding.is_rounded(&sku).map_err(Fault::Amend)? {
                // Many codes became one: it joins nothing.
                sku = Cow::Borrowed("");
                ledger.ruined_skus += 1;
            }
            if !sku.is_empty() {
                break;
            }
        }
        if sku.is_empty() && self.sku_from_title {
            sku = Cow::Borrowed(title);
        }
        if self.joined_cells && sku.contains(';') {
            // One quantity for several goods: it is of none of them.
            sku = Cow::Borrowed("");
            ledger.joined += 1;
        }
        let mut dims = [""; Dim::COUNT];
        for &(dim, column) in &self.dims {
            dims[dim.index()] = text(self.carry.cell(row, column));
        }
        dims[Dim::Sku.index()] = &sku;
        if let Some(at) = self.address {
            dims[Dim::Region.index()] = region::province(row.cell(at));
        }
        let said = self.currency.map_or("", |at| self.carry.cell(row, at));
        let currency = if !said.is_empty() {
            // Codes are ASCII; the capitals of all other letters would be 4 KB of the page.
            let code =
                |said: &str| currency_of(said).map_or_else(|| said.to_ascii_uppercase(), str::to_owned);
            self.currencies.of(said, code).map_or("", String::as_str)
        } else if self.currency.is_some() && amount.is_none() {
            ""
        } else {
            &self.assumed_currency
        };
        let (line_id, is_rounded) = match &mut self.line_id {
            Some((at, rounding)) => {
                let id = unwrap(row.cell(*at));
                (id, rounding.is_rounded(id).map_err(Fault::Amend)?)
            }
            None => ("", false),
        };
        let line_id = ident::plain(line_id);
        self.coder.push(&OrderLine {
            source: self.source.of(dims[Dim::Shop.index()]),
            order_id,
            line_id: if self.whole_orders {
                LineId::Whole
            } else if line_id.is_empty() || is_rounded || is_ruined(&line_id) {
                LineId::Counted
            } else {
                LineId::Given(&line_id)
            },
            created_at,
            paid_at,
            shipped_at,
            updated_at,
            status,
            title,
            quantity,
            amount,
            paid_amount,
            refund_amount,
            currency,
            city: self.city.map_or("", |at| text(self.carry.cell(row, at))),
            customer: self
                .customer
                .map_or(0, |at| hash(self.salt, unwrap(row.cell(at)))),
            dims,
        });
        if self.created_at.is_some() {
            ledger.saw(created_at);
        } else {
            ledger.waiting += 1;
        }
        ledger.rounded += u64::from(rounded);
        ledger.without_amount += u64::from(amount.is_none());
        ledger.without_quantity += u64::from(quantity.is_none());
        Ok(())
    }

    fn order_id<'r>(&mut self, row: &Row<'r>) -> Result<Cow<'r, str>, Fault> {
        for (at, rounding) in &mut self.ids {
            let at = *at;
            let id = unwrap(row.cell(at));
            if id.is_empty() || matches!(id, "-" | "——") {
                continue;
            }
            if is_spreadsheet_error(id) {
                return Err(Fault::cell(at, id, Problem::SpreadsheetError));
            }
            let number = ident::number(id);
            if is_ruined(&number) || rounding.is_rounded(&number).map_err(Fault::Amend)? {
                return Err(Fault::cell(at, id, Problem::RuinedIdentifier));
            }
            return Ok(number);
        }
        Err(Fault::Refused(
            self.ids.first().map(|(at, _)| *at),
            String::new(),
            Problem::Missing,
        ))
    }

    /// Whether the row is of the same order as the one before, where amounts of orders are read.
    fn is_further_row(&mut self, order_id: &str) -> bool {
        if self.order_amount.is_none() && self.order_paid.is_none() || self.last_order == order_id {
            return !self.last_order.is_empty();
        }
        self.last_order.clear();
        self.last_order.push_str(order_id);
        false
    }

    fn amount(
        &mut self,
        row: &Row<'_>,
        is_further: bool,
        quantity: Option<Fixed>,
        rounded: &mut bool,
    ) -> Result<Option<Fixed>, Fault> {
        if self.amount.is_some() {
            return read(self.amount.as_mut(), row, rounded);
        }
        if let Some(column) = self.unit_price.as_mut() {
            let price = column.read(row)?;
            let (Some(price), Some(quantity)) = (price, quantity) else {
                return Ok(None);
            };
            let (amount, is_exact) = product(price.value, quantity);
            *rounded |= price.rounded || !is_exact;
            let amount = amount.filter(|amount| amount.abs() <= Fixed::LIMIT);
            let too_large = || Fault::cell(column.column, row.cell(column.column), Problem::NumberTooLarge);
            return amount.map(Some).ok_or_else(too_large);
        }
        // An amount of the whole order stands on each of its rows: it counts on the first.
        if self.order_amount.is_some() {
            let amount = read(self.order_amount.as_mut(), row, rounded)?;
            return Ok(amount.filter(|_| !is_further));
        }
        Ok(None)
    }

    /// The status, and whether the line was refunded as a whole.
    fn status(
        &mut self,
        row: &Row<'_>,
        paid_at: Option<UtcMillis>,
        refund: Option<Fixed>,
        ledger: &mut Ledger,
    ) -> (Status, bool) {
        let word = self.status.map_or("", |at| self.carry.cell(row, at));
        let mut status = match self.states.read(word) {
            State::Is(status) => status,
            State::Unknown => {
                ledger.saw_unknown_status(word);
                Status::Paid
            }
            // Not said: its order knows better.
            State::Nothing if self.created_at.is_none() => Status::Created,
            State::Nothing if self.paid_at.is_some() && paid_at.is_none() => Status::Created,
            State::Nothing if refund.is_some_and(|refund| refund > Fixed::ZERO) => Status::Refunded,
            State::Nothing => Status::Paid,
        };
        for &at in &self.status_also {
            if let State::Is(also) = self.states.read(self.carry.cell(row, at)) {
                status = further(status, also);
            }
        }
        let mut is_whole_refund = false;
        for &at in &self.after_sale {
            match self.states.read(row.cell(at)) {
                State::Is(Status::Refunded) => (status, is_whole_refund) = (Status::Refunded, true),
                State::Is(Status::Refunding) => status = Status::Refunding,
                _ => {}
            }
        }
        (status, is_whole_refund)
    }
}

/// Price × quantity, and whether nothing of it was rounded away.
pub(super) fn product(price: Fixed, quantity: Fixed) -> (Option<Fixed>, bool) {
    // Wasm works out 128 bits by calls. Nearly all quantities are whole, and these products fit.
    let units = quantity.raw() / Fixed::SCALE;
    if units * Fixed::SCALE == quantity.raw() && units.abs() < 1 << 20 && price.raw().abs() < 1 << 40 {
        return (Some(Fixed::from_raw(price.raw() * units)), true);
    }
    let exact = i128::from(price.raw()) * i128::from(quantity.raw());
    (price.checked_mul(quantity), exact % i128::from(Fixed::SCALE) == 0)
}

/// A second status takes a line further, from shipping on; "unfulfilled" is no payment.
fn further(status: Status, also: Status) -> Status {
    match also {
        Status::Created | Status::Paid => status,
        _ if also > status => also,
        _ => status,
    }
}

fn read(numbers: Option<&mut Numbers>, row: &Row<'_>, rounded: &mut bool) -> Result<Option<Fixed>, Fault> {
    let Some(numbers) = numbers else { return Ok(None) };
    let number: Option<Number> = numbers.read(row)?;
    *rounded |= number.is_some_and(|number| number.rounded);
    Ok(number.map(|number| number.value))
}

fn time(times: Option<&mut Times>, row: &Row<'_>, clock: &mut Clock) -> Result<Option<UtcMillis>, Fault> {
    times.map_or(Ok(None), |times| times.read(row, clock))
}

/// Text of a label; a spreadsheet error is none.
fn text(cell: &str) -> &str {
    match cell.as_bytes() {
        [b'#', ..] if is_spreadsheet_error(cell) => "",
        b"-" => "",
        [0xE2, ..] if cell == "——" => "",
        _ => cell,
    }
}

/// A salted hash of a customer id, 0 for none: equal ids meet, and nothing tells who they are.
pub(super) fn hash(salt: u64, id: &str) -> u64 {
    if id.is_empty() || matches!(id, "-" | "0") {
        return 0;
    }
    let mut hash = 0xCBF2_9CE4_8422_2325 ^ salt ^ id.len() as u64;
    let mut mix = |word: u64| {
        hash = (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        hash ^= hash >> 32;
    };
    let (words, rest) = id.as_bytes().as_chunks::<8>();
    words.iter().for_each(|word| mix(u64::from_le_bytes(*word)));
    mix(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    // The finish of SplitMix64, so that ids that differ in one digit share no bits.
    hash = (hash ^ (hash >> 30) ^ salt.rotate_left(32)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (hash ^ (hash >> 31)).max(1)
}

#[cfg(test)]
#[path = "orders_tests.rs"]
mod tests;
