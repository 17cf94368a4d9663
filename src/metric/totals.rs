//! The numbers of the strip.

use super::pivot::{By, Distinct, Groups, Spec, When};
use super::{Book, Clock, Sum, Which, fixed};
use crate::model::NONE_CODE;
use crate::money::Fixed;
use crate::protocol::{MetricId, Number};
use std::rc::Rc;

/// The flow metrics of one window, or of each bucket of one.
#[derive(Clone, Debug)]
pub struct Totals {
    /// By currency; the first one's also hold what has no currency.
    money: Vec<(u32, Flows)>,
    /// Orders with a paid amount by (bucket and) currency, where there are several.
    priced: Option<Rc<Groups>>,
    is_bucketed: bool,
}

/// What was ordered, what was paid, and what went back: each by its own clock.
#[derive(Clone, Debug)]
struct Flows {
    created: Rc<Groups>,
    paid: Rc<Groups>,
    refunded: Rc<Groups>,
}

/// Places in the specs of [`Flows`].
const FIRST: usize = 0;
const UNITS: usize = 1;
const ORDERS: usize = 0;
const CANCELLED: usize = 1;
const SKUS: usize = 2;

impl Totals {
    /// Totals of the selected lines in `when`, by bucket if `by` says one; money in each of `currencies`.
    pub fn new(book: Book<'_>, by: Option<By>, when: When, currencies: &[u32]) -> Self {
        let ask = |clock, currency, sums: &[Sum], distinct: &[Distinct]| {
            let spec = Spec {
                by: by.into_iter().collect(),
                currency: Some(currency),
                sums: sums.to_vec(),
                distinct: distinct.to_vec(),
                ..Spec::new(clock)
            };
            book.ask(&spec, when)
        };
        let all = Distinct::Orders(Which::All);
        let flows = |(at, currency): (usize, &u32)| {
            // Units and orders have no currency: they are counted once, with the first.
            let counted = |distinct: &'static [Distinct]| if at == 0 { distinct } else { &[] };
            let created = [Sum::Gmv, Sum::Units];
            let flows = Flows {
                created: ask(
                    Clock::Created,
                    *currency,
                    &created[..2 - usize::from(at > 0)],
                    counted(&[
                        Distinct::Orders(Which::All),
                        Distinct::Orders(Which::Cancelled),
                        Distinct::Skus,
                    ]),
                ),
                paid: ask(
                    Clock::Paid,
                    *currency,
                    &[Sum::Paid, Sum::Units][..2 - usize::from(at > 0)],
                    counted(&[Distinct::Orders(Which::All)]),
                ),
                refunded: ask(
                    Clock::Refunded,
                    *currency,
                    &[Sum::Refund],
                    counted(&[Distinct::Orders(Which::All)]),
                ),
            };
            (*currency, flows)
        };
        let one = [NONE_CODE];
        let currencies = if currencies.is_empty() { &one } else { currencies };
        let money: Vec<_> = currencies.iter().enumerate().map(flows).collect();
        let priced = (money.len() > 1).then(|| {
            let spec = Spec {
                by: by.into_iter().chain([By::Currency]).collect(),
                which: Which::Priced,
                distinct: vec![all],
                ..Spec::new(Clock::Paid)
            };
            book.ask(&spec, when)
        });
        Self {
            money,
            priced,
            is_bucketed: by.is_some(),
        }
    }

    /// Lines created, in bucket `at`.
    pub fn lines(&self, at: usize) -> u64 {
        self.main().map_or(0, |flows| flows.created.lines(at))
    }

    fn main(&self) -> Option<&Flows> {
        self.money.first().map(|(_, flows)| flows)
    }

    /// Value of a flow metric in bucket `at` (0 where there is one window only), in the currency of that
    /// code where it is money; `None` where it is not defined, and for metrics of stock.
    pub fn value(&self, id: MetricId, currency: u32, at: usize) -> Option<Number> {
        let main = self.main()?;
        let flows = self
            .money
            .iter()
            .find(|(code, _)| *code == currency)
            .map_or(main, |(_, flows)| flows);
        let count = |count: u64| i64::try_from(count).ok();
        let sum = |value: Option<i128>| value.map(|value| Number::Fixed(fixed(value)));
        let paid = || flows.paid.sum(FIRST, at).value();
        let created = || main.created.distinct(ORDERS, at);
        match id {
            MetricId::Gmv => sum(flows.created.sum(FIRST, at).value()),
            MetricId::PaidAmount => sum(paid()),
            MetricId::NetSales => sum(paid().map(|paid| paid - flows.refunded.sum(FIRST, at).sum)),
            MetricId::AovOrder => {
                let orders = count(self.orders_paid_in(currency, at))?.checked_mul(Fixed::SCALE)?;
                Number::ratio(fixed(paid()?).raw(), orders)
            }
            MetricId::OrdersCreated => count(created()).map(Number::Count),
            MetricId::Orders => count(main.paid.distinct(ORDERS, at)).map(Number::Count),
            MetricId::UnitsCreated => sum(main.created.sum(UNITS, at).value()),
            MetricId::Units => sum(main.paid.sum(UNITS, at).value()),
            MetricId::CancelRate => {
                Number::ratio(count(main.created.distinct(CANCELLED, at))?, count(created())?)
            }
            MetricId::RefundRate => Number::ratio(
                count(main.refunded.distinct(ORDERS, at))?,
                count(main.paid.distinct(ORDERS, at))?,
            ),
            MetricId::ActiveSkus => count(main.created.distinct(SKUS, at))
                .filter(|skus| *skus > 0 || self.lines(at) == 0)
                .map(Number::Count),
            MetricId::StockOnHand
            | MetricId::StockoutSkus
            | MetricId::StockSkus
            | MetricId::DaysOfCover
            | MetricId::Inbound
            | MetricId::OversellUnits => None,
        }
    }

    /// Orders paid; where several currencies meet, those paid in this one.
    fn orders_paid_in(&self, currency: u32, at: usize) -> u64 {
        let met = |(_, flows): &&(u32, Flows)| flows.paid.sum(FIRST, at).value().is_some();
        let several = self.money.iter().filter(met).count() > 1;
        match &self.priced {
            Some(priced) if several => {
                let bucket = u32::try_from(at).unwrap_or(u32::MAX);
                let group = if self.is_bucketed {
                    priced.pair([bucket, currency])
                } else {
                    Some(currency as usize)
                };
                group.map_or(0, |group| priced.distinct(0, group))
            }
            _ => self.main().map_or(0, |flows| flows.paid.distinct(ORDERS, at)),
        }
    }
}
