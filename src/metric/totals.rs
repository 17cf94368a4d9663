//! The flow metrics, in any grouping.

use super::pivot::{By, Codes, Distinct, Groups, Spec, When};
use super::{Book, Clock, Sum, Which, fixed};
use crate::arrange::arrange;
use crate::model::NONE_CODE;
use crate::money::Fixed;
use crate::protocol::{MetricId, Number};
use crate::query::Own;
use std::rc::Rc;

/// The groups that totals are told by, and the clauses they do not look at.
#[derive(Clone, Debug, Default)]
pub struct Grouping {
    /// See [`Spec::by`].
    pub by: Vec<By>,
    /// See [`Spec::own`].
    pub own: Own,
}

/// Flow metrics of each group.
#[derive(Clone, Debug)]
pub struct Totals {
    /// By currency; units and orders, which have none, are counted with the first.
    money: Vec<(Option<u32>, Flows)>,
    /// Orders with a paid amount by group and currency, where there are several.
    priced: Vec<(Option<u32>, Flow)>,
}

/// What was ordered, what was paid, and what went back: each by its own clock.
#[derive(Clone, Debug)]
struct Flows {
    created: Flow,
    paid: Flow,
    refunded: Flow,
}

/// A pivot and what it was asked for.
#[derive(Clone, Debug)]
struct Flow {
    spec: Spec,
    groups: Rc<Groups>,
}

impl Flow {
    fn lines(&self, codes: Codes) -> u64 {
        self.groups
            .find(codes)
            .map_or(0, |group| self.groups.lines(group))
    }

    fn sum(&self, sum: Sum, codes: Codes) -> Option<i128> {
        let at = self.spec.sums.iter().position(|own| *own == sum)?;
        self.groups.sum(at, self.groups.find(codes)?).value()
    }

    fn distinct(&self, distinct: Distinct, codes: Codes) -> u64 {
        let at = self.spec.distinct.iter().position(|own| *own == distinct);
        at.zip(self.groups.find(codes))
            .map_or(0, |(at, group)| self.groups.distinct(at, group))
    }
}

const ORDERS: Distinct = Distinct::Orders(Which::All);

/// Sums and counts by their clock.
type Needs = (&'static [(Clock, Sum)], &'static [(Clock, Distinct)]);

/// What a metric is made of.
fn needs(id: MetricId) -> Needs {
    const CANCELLED: Distinct = Distinct::Orders(Which::Cancelled);
    match id {
        MetricId::Gmv => (&[(Clock::Created, Sum::Gmv)], &[]),
        MetricId::UnitsCreated => (&[(Clock::Created, Sum::Units)], &[]),
        MetricId::OrdersCreated => (&[], &[(Clock::Created, ORDERS)]),
        MetricId::CancelRate => (&[], &[(Clock::Created, ORDERS), (Clock::Created, CANCELLED)]),
        MetricId::ActiveSkus => (&[], &[(Clock::Created, Distinct::Skus)]),
        MetricId::PaidAmount => (&[(Clock::Paid, Sum::Paid)], &[]),
        MetricId::NetSales => (&[(Clock::Paid, Sum::Paid), (Clock::Refunded, Sum::Refund)], &[]),
        MetricId::AovOrder => (&[(Clock::Paid, Sum::Paid)], &[(Clock::Paid, ORDERS)]),
        MetricId::Orders => (&[], &[(Clock::Paid, ORDERS)]),
        MetricId::Units => (&[(Clock::Paid, Sum::Units)], &[]),
        MetricId::RefundRate => (&[], &[(Clock::Refunded, ORDERS), (Clock::Paid, ORDERS)]),
        MetricId::StockOnHand
        | MetricId::StockoutSkus
        | MetricId::StockSkus
        | MetricId::DaysOfCover
        | MetricId::Inbound
        | MetricId::OversellUnits => (&[], &[]),
    }
}

impl Totals {
    /// The metrics of `ids` of the selected lines in `when`, by group; money in each of `currencies`
    /// (`None`: of all lines, whatever they are in), or in nothing if there is none.
    pub fn new(
        book: Book<'_>,
        grouping: &Grouping,
        when: When,
        currencies: &[Option<u32>],
        ids: &[MetricId],
    ) -> Self {
        let ask = |clock, is_first: bool, currency| {
            let mut spec = Spec {
                by: grouping.by.clone(),
                own: grouping.own,
                currency,
                ..Spec::new(clock)
            };
            for (sums, counts) in ids.iter().map(|id| needs(*id)) {
                // Units and orders have no currency: they are counted once, with the first.
                let sums = sums
                    .iter()
                    .filter(|(of, sum)| *of == clock && (is_first || sum.is_money()));
                spec.sums.extend(sums.map(|(_, sum)| *sum));
                let counts = counts.iter().filter(|(of, _)| *of == clock && is_first);
                spec.distinct.extend(counts.map(|(_, distinct)| *distinct));
            }
            arrange(&mut spec.sums, Ord::cmp);
            spec.sums.dedup();
            arrange(&mut spec.distinct, Ord::cmp);
            spec.distinct.dedup();
            let counts_nothing = spec.sums.is_empty() && spec.distinct.is_empty();
            let groups = if counts_nothing && (clock != Clock::Created || !is_first) {
                Rc::default()
            } else {
                book.ask(&spec, when)
            };
            Flow { spec, groups }
        };
        let flows = |(at, currency): (usize, &Option<u32>)| {
            let flows = Flows {
                created: ask(Clock::Created, at == 0, *currency),
                paid: ask(Clock::Paid, at == 0, *currency),
                refunded: ask(Clock::Refunded, at == 0, *currency),
            };
            (*currency, flows)
        };
        let one = [None];
        let currencies = if currencies.is_empty() { &one } else { currencies };
        let money: Vec<_> = currencies.iter().enumerate().map(flows).collect();
        let priced = |currency: &Option<u32>| {
            let spec = Spec {
                by: grouping.by.clone(),
                own: grouping.own,
                currency: *currency,
                which: Which::PricedIn(currency.unwrap_or(NONE_CODE)),
                distinct: vec![ORDERS],
                ..Spec::new(Clock::Paid)
            };
            let groups = book.ask(&spec, when);
            (*currency, Flow { spec, groups })
        };
        let priced = if currencies.len() > 1 && ids.contains(&MetricId::AovOrder) {
            currencies.iter().map(priced).collect()
        } else {
            Vec::new()
        };
        Self { money, priced }
    }

    /// Lines created, of the group of `codes`.
    pub fn lines(&self, codes: Codes) -> u64 {
        self.main().map_or(0, |flows| flows.created.lines(codes))
    }

    /// Whether the sum `id` is of no line at all in the group of `codes`: where lines say amounts, that is zero.
    pub fn is_of_nothing(&self, id: MetricId, currency: Option<u32>, codes: Codes) -> bool {
        let flow = match id {
            MetricId::NetSales => self.flows(currency).map(|flows| &flows.paid),
            _ => self.summed(id, currency).map(|(flow, _)| flow),
        };
        flow.is_some_and(|flow| flow.lines(codes) == 0)
    }

    /// Codes of all groups that some line counts in, ascending.
    pub fn groups(&self) -> Vec<Codes> {
        let mut codes: Vec<Codes> = Vec::new();
        for flow in self
            .money
            .iter()
            .flat_map(|(_, f)| [&f.created, &f.paid, &f.refunded])
        {
            codes.extend(flow.groups.codes());
        }
        arrange(&mut codes, Ord::cmp);
        codes.dedup();
        codes
    }

    fn main(&self) -> Option<&Flows> {
        self.money.first().map(|(_, flows)| flows)
    }

    /// Of a metric that is a plain sum, which.
    fn summed(&self, id: MetricId, currency: Option<u32>) -> Option<(&Flow, Sum)> {
        let main = self.main()?;
        match id {
            MetricId::Gmv => Some((&self.flows(currency)?.created, Sum::Gmv)),
            MetricId::PaidAmount => Some((&self.flows(currency)?.paid, Sum::Paid)),
            MetricId::UnitsCreated => Some((&main.created, Sum::Units)),
            MetricId::Units => Some((&main.paid, Sum::Units)),
            _ => None,
        }
    }

    fn flows(&self, currency: Option<u32>) -> Option<&Flows> {
        let own = self.money.iter().find(|(code, _)| *code == currency);
        own.map(|(_, flows)| flows).or(self.main())
    }

    /// [`Self::value`] in each of the groups of `codes`; NaN where it is not defined.
    pub fn values(&self, id: MetricId, currency: Option<u32>, codes: &[Codes]) -> Vec<f64> {
        let number = |value: Option<Number>| value.map_or(f64::NAN, Number::to_f64);
        let summed = self.summed(id, currency).and_then(|(flow, sum)| {
            let at = flow.spec.sums.iter().position(|own| *own == sum)?;
            Some((&flow.groups, at))
        });
        let each = codes.iter();
        let Some((groups, at)) = summed else {
            return each
                .map(|codes| number(self.value(id, currency, *codes)))
                .collect();
        };
        let sum = |codes: &Codes| {
            groups
                .find(*codes)
                .and_then(|group| groups.sum(at, group).value())
        };
        each.map(|codes| number(sum(codes).map(|sum| Number::Fixed(fixed(sum)))))
            .collect()
    }

    /// Value of a flow metric that was asked for, in the group of `codes` (`[0, 0]` where there is one only)
    /// and in the currency of that code where it is money; `None` where it is not defined, and for metrics
    /// of stock.
    pub fn value(&self, id: MetricId, currency: Option<u32>, codes: Codes) -> Option<Number> {
        let main = self.main()?;
        let flows = self.flows(currency)?;
        let count = |count: u64| i64::try_from(count).ok();
        let sum = |value: Option<i128>| value.map(|value| Number::Fixed(fixed(value)));
        let paid = || flows.paid.sum(Sum::Paid, codes);
        let created = || main.created.distinct(ORDERS, codes);
        let orders = || main.paid.distinct(ORDERS, codes);
        if let Some((flow, of)) = self.summed(id, currency) {
            return sum(flow.sum(of, codes));
        }
        match id {
            MetricId::NetSales => {
                let refunded = flows.refunded.sum(Sum::Refund, codes).unwrap_or(0);
                sum(paid().map(|paid| paid - refunded))
            }
            MetricId::AovOrder => {
                let orders = self.orders_paid_in(currency, codes).unwrap_or_else(orders);
                Number::ratio(fixed(paid()?).raw(), count(orders)?.checked_mul(Fixed::SCALE)?)
            }
            MetricId::OrdersCreated => count(created()).map(Number::Count),
            MetricId::Orders => count(orders()).map(Number::Count),
            MetricId::CancelRate => {
                let cancelled = Distinct::Orders(Which::Cancelled);
                Number::ratio(count(main.created.distinct(cancelled, codes))?, count(created())?)
            }
            MetricId::RefundRate => {
                Number::ratio(count(main.refunded.distinct(ORDERS, codes))?, count(orders())?)
            }
            MetricId::ActiveSkus => count(main.created.distinct(Distinct::Skus, codes))
                .filter(|skus| *skus > 0 || self.lines(codes) == 0)
                .map(Number::Count),
            MetricId::Gmv
            | MetricId::PaidAmount
            | MetricId::UnitsCreated
            | MetricId::Units
            | MetricId::StockOnHand
            | MetricId::StockoutSkus
            | MetricId::StockSkus
            | MetricId::DaysOfCover
            | MetricId::Inbound
            | MetricId::OversellUnits => None,
        }
    }

    /// Where several currencies meet, the orders paid in this one.
    fn orders_paid_in(&self, currency: Option<u32>, codes: Codes) -> Option<u64> {
        let met = |(_, flows): &&(_, Flows)| flows.paid.sum(Sum::Paid, codes).is_some();
        if self.money.iter().filter(met).count() < 2 {
            return None;
        }
        let (_, priced) = self.priced.iter().find(|(code, _)| *code == currency)?;
        Some(priced.distinct(ORDERS, codes))
    }
}
