//! The numbers of the strip.

use super::{Line, fixed};
use crate::model::{Dim, NONE_CODE, OrderTable};
use crate::protocol::{MetricId, Number};
use crate::query::{BitSet, Buckets, Selection};
use crate::time::Span;

/// Accumulates order lines and answers the flow metrics.
#[derive(Clone, Debug)]
pub struct Totals {
    lines: u64,
    gmv: Vec<Option<i128>>,
    paid: Vec<Option<i128>>,
    refund: Vec<i128>,
    units_created: Option<i128>,
    units: Option<i128>,
    orders_created: BitSet,
    orders: BitSet,
    orders_in: Vec<BitSet>,
    cancelled: BitSet,
    refunded: BitSet,
    skus: BitSet,
}

impl Totals {
    /// Nothing added yet.
    pub fn new(table: &OrderTable) -> Self {
        let currencies = table.columns().currencies.len();
        let orders = BitSet::new(table.columns().orders.len());
        Self {
            lines: 0,
            gmv: vec![None; currencies],
            paid: vec![None; currencies],
            refund: vec![0; currencies],
            units_created: None,
            units: None,
            orders_created: orders.clone(),
            cancelled: orders.clone(),
            refunded: orders.clone(),
            orders_in: vec![orders.clone(); currencies],
            orders,
            skus: BitSet::new(table.columns().dict(Dim::Sku).len()),
        }
    }

    /// Adds line `row`: to what was ordered if `created`, to what was sold if `paid` (its time of
    /// payment lies in the window). Refunds are booked on the paid clock: exports rarely say when.
    fn add(&mut self, table: &OrderTable, row: usize, created: bool, paid: bool) {
        let columns = table.columns();
        let line = Line::new(columns, row);
        let order = columns.order.get(row);
        let currency = line.currency() as usize;
        if created {
            self.lines += 1;
            self.orders_created.insert(order);
            if line.status() == crate::model::Status::Cancelled {
                self.cancelled.insert(order);
            }
            let sku = columns.dim(Dim::Sku).get(row);
            if sku != NONE_CODE {
                self.skus.insert(sku);
            }
            add(&mut self.units_created, line.units());
            add_to(&mut self.gmv, currency, line.gmv());
            // A return line has no payment of its own: its refund counts when it was entered.
            if line.is_refunded() && line.paid_at().is_none() {
                self.refunded.insert(order);
                self.refund[currency] += i128::from(line.refund().unwrap_or(0));
            }
        }
        if paid {
            self.orders.insert(order);
            add(&mut self.units, line.units());
            add_to(&mut self.paid, currency, line.paid_amount());
            if line.paid_amount().is_some() {
                self.orders_in[currency].insert(order);
            }
            if line.is_refunded() {
                self.refunded.insert(order);
            }
            self.refund[currency] += i128::from(line.refund().unwrap_or(0));
        }
    }

    /// Lines created in the window.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Value of a flow metric, in the currency of that code where it is money; `None` where it is not
    /// defined, and for metrics of stock.
    pub fn value(&self, id: MetricId, currency: u32) -> Option<Number> {
        let at = currency as usize;
        let count = |set: &BitSet| i64::try_from(set.len()).ok();
        let sum = |value: Option<i128>| value.map(|value| Number::Fixed(fixed(value)));
        let paid = || self.paid.get(at).copied().flatten();
        match id {
            MetricId::Gmv => sum(self.gmv.get(at).copied().flatten()),
            MetricId::PaidAmount => sum(paid()),
            MetricId::NetSales => sum(paid().map(|paid| paid - self.refund[at])),
            // Per paid order; where several currencies meet, per order paid in this one.
            MetricId::AovOrder => {
                let several = self.paid.iter().flatten().count() > 1;
                let orders = if several {
                    self.orders_in.get(at)?
                } else {
                    &self.orders
                };
                let orders = count(orders)?.checked_mul(crate::money::Fixed::SCALE)?;
                Number::ratio(fixed(paid()?).raw(), orders)
            }
            MetricId::OrdersCreated => count(&self.orders_created).map(Number::Count),
            MetricId::Orders => count(&self.orders).map(Number::Count),
            MetricId::UnitsCreated => sum(self.units_created),
            MetricId::Units => sum(self.units),
            MetricId::CancelRate => Number::ratio(count(&self.cancelled)?, count(&self.orders_created)?),
            MetricId::RefundRate => Number::ratio(count(&self.refunded)?, count(&self.orders)?),
            MetricId::ActiveSkus => count(&self.skus)
                .filter(|skus| *skus > 0 || self.lines == 0)
                .map(Number::Count),
            MetricId::StockOnHand
            | MetricId::StockoutSkus
            | MetricId::StockSkus
            | MetricId::DaysOfCover
            | MetricId::Inbound
            | MetricId::OversellUnits => None,
        }
    }
}

fn add(sum: &mut Option<i128>, value: Option<i64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0) + i128::from(value));
    }
}

fn add_to(sums: &mut [Option<i128>], at: usize, value: Option<i64>) {
    if let Some(sum) = sums.get_mut(at) {
        add(sum, value);
    }
}

/// Totals of the selected lines in each of `windows`.
pub fn totals<const N: usize>(table: &OrderTable, selection: &Selection, windows: [Span; N]) -> [Totals; N] {
    let mut all = std::array::from_fn(|_| Totals::new(table));
    for row in 0..table.columns().len() {
        if !selection.passes(row) {
            continue;
        }
        let line = Line::new(table.columns(), row);
        let (created_at, paid_at) = (line.created_at(), line.paid_at());
        for (totals, window) in all.iter_mut().zip(&windows) {
            let (created, paid) = (
                window.contains(created_at),
                paid_at.is_some_and(|at| window.contains(at)),
            );
            if created || paid {
                totals.add(table, row, created, paid);
            }
        }
    }
    all
}

/// Totals of the selected lines in each bucket.
pub fn totals_by_bucket(table: &OrderTable, selection: &Selection, buckets: &Buckets) -> Vec<Totals> {
    let mut all = vec![Totals::new(table); buckets.len()];
    for row in 0..table.columns().len() {
        if !selection.passes(row) {
            continue;
        }
        let line = Line::new(table.columns(), row);
        let created = buckets.index(line.created_at());
        let paid = line.paid_at().and_then(|at| buckets.index(at));
        if let Some(at) = created {
            all[at].add(table, row, true, paid == created);
        }
        if let Some(at) = paid.filter(|at| created != Some(*at)) {
            all[at].add(table, row, false, true);
        }
    }
    all
}
