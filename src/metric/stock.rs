//! Stock, and how long it lasts.

use super::pivot::{By, Groups, Spec, When};
use super::{Book, Clock, Goods, Sum, fixed};
use crate::model::{Dim, NONE_CODE, OrderColumns, OrderTable, StockColumns};
use crate::money::Fixed;
use crate::protocol::{KeySet, Number, StockState};
use crate::query::{Masks, Own};
use crate::time::{DAY_MILLIS, Span, UtcMillis};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Days over which the pace of sales is taken (DOMAIN, days of cover: "mean daily demand, 28 d").
pub const VELOCITY_DAYS: i64 = 28;

/// Units sold by SKU over the last [`VELOCITY_DAYS`].
///
/// Only clauses that stock has too (SKU, warehouse, category, brand) filter it: the pace of one channel
/// against the stock of all would be no cover.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Days it is taken over: the data may be younger than 28 days; at least 1.
    pub days: i64,
    by_sku: Rc<Groups>,
    by_warehouse: Rc<Groups>,
    names_warehouses: bool,
    /// Units by SKU and shop or channel, and code of that, for each of [`Goods::scopes`] that lines name.
    by_scope: Vec<Option<(Rc<Groups>, u32)>>,
}

impl Demand {
    /// Demand of the `VELOCITY_DAYS` before `until`, where lines go back to `since`.
    ///
    /// Where units of one SKU are demand of another one, the clause on SKUs does not filter it: which goods
    /// are looked at says nothing of what they are sold in.
    pub fn new(book: Book<'_>, goods: &Goods, since: UtcMillis, until: UtcMillis, currency: u32) -> Self {
        let own = if goods.has_sets() {
            Masks::OWN_NOT_OF_STOCK | Masks::own(Dim::Sku)
        } else {
            Masks::OWN_NOT_OF_STOCK
        };
        Self::beside(own, book, goods, since, until, currency)
    }

    /// [`Self::new`] of all lines, whatever is filtered.
    pub fn of_all(book: Book<'_>, goods: &Goods, since: UtcMillis, until: UtcMillis, currency: u32) -> Self {
        Self::beside(Masks::OWN_ALL, book, goods, since, until, currency)
    }

    /// One copy for both.
    #[inline(never)]
    fn beside(
        own: Own,
        book: Book<'_>,
        goods: &Goods,
        since: UtcMillis,
        until: UtcMillis,
        currency: u32,
    ) -> Self {
        let known = Span {
            from: since,
            to: until,
        };
        let days = known.days().clamp(1, VELOCITY_DAYS);
        let when = When::of(Span {
            from: until.plus(-days * DAY_MILLIS),
            to: until,
        });
        let by_sku = Spec {
            by: vec![By::Dim(Dim::Sku)],
            own,
            currency: Some(currency),
            sums: vec![Sum::Units, Sum::Paid],
            ..Spec::new(Clock::Paid)
        };
        let pairs = |dim| Spec {
            by: vec![By::Dim(Dim::Sku), By::Dim(dim)],
            sums: vec![Sum::Units],
            ..by_sku.clone()
        };
        let scope = |name: &String| {
            let code = |dim: Dim| Some((dim, book.table().columns().dict(dim).code(name)?));
            let (dim, code) = code(Dim::Shop).or_else(|| code(Dim::Channel))?;
            Some((book.ask(&pairs(dim), when), code))
        };
        let by_scope = goods.scopes().iter().map(scope).collect();
        let by_warehouse = pairs(Dim::Warehouse);
        let by_warehouse = if book.table().columns().dict(Dim::Warehouse).is_empty() {
            Rc::default()
        } else {
            book.ask(&by_warehouse, when)
        };
        let is_named = |(pair, lines): (&[u32; 2], &u64)| !pair.contains(&NONE_CODE) && *lines > 0;
        let names_warehouses = by_warehouse.pairs.iter().zip(&by_warehouse.lines).any(is_named);
        Self {
            days,
            by_sku: book.ask(&by_sku, when),
            by_warehouse,
            names_warehouses,
            by_scope,
        }
    }

    /// No demand, for what does not depend on it.
    pub fn none() -> Self {
        Self {
            days: 1,
            by_sku: Rc::default(),
            by_warehouse: Rc::default(),
            names_warehouses: false,
            by_scope: Vec::new(),
        }
    }

    /// Units of order-table SKU `code` over all days. Lines that name no SKU (code 0) are of none.
    pub fn units(&self, code: u32) -> i128 {
        if code == NONE_CODE {
            return 0;
        }
        self.by_sku.sum(0, code as usize).sum
    }

    /// Lines that units of order-table SKU `code` were sold in.
    pub fn lines(&self, code: u32) -> u64 {
        self.by_sku.lines(code as usize)
    }

    /// Units of order-table SKU `code` in the sales of one of [`Goods::scopes`]; all of it where that is `None`.
    fn units_in(&self, code: u32, scope: Option<usize>) -> i128 {
        let Some(scope) = scope else {
            return self.units(code);
        };
        let Some((groups, of)) = self.by_scope.get(scope).and_then(Option::as_ref) else {
            return 0;
        };
        groups
            .find([code, *of])
            .map_or(0, |group| groups.sum(0, group).sum)
    }

    /// Value of the sales of one day of order-table SKU `code`.
    pub fn gmv_per_day(&self, code: u32) -> Fixed {
        fixed(self.by_sku.sum(1, code as usize).sum / i128::from(self.days))
    }

    /// Units of SKU and warehouse (order-table codes), where lines name their warehouse.
    pub fn units_at(&self, sku: u32, warehouse: u32) -> Option<i128> {
        if !self.names_warehouses {
            return None;
        }
        let group = self.by_warehouse.find([sku, warehouse]);
        Some(group.map_or(0, |group| self.by_warehouse.sum(0, group).sum))
    }

    /// SKUs with any sale, as order-table codes.
    pub fn skus(&self) -> impl Iterator<Item = u32> + '_ {
        let units = self.by_sku.sums.first().into_iter().flatten();
        (0_u32..)
            .zip(units)
            .skip(1)
            .filter(|(_, units)| units.sum > 0)
            .map(|(code, _)| code)
    }
}

/// Stock of one SKU over all its selected places.
#[derive(Clone, Debug)]
pub struct SkuStock {
    /// Code in the columns of the stock.
    pub sku: u32,
    /// Under what it was ever sold: code in the order table, raw units of it in one unit of that, and in which
    /// sales, see [`Sold`](super::Sold). Its own name first.
    pub sold: Vec<(u32, i64, Option<usize>)>,
    /// What can be sold; negative: oversold.
    pub sellable: i128,
    /// On its way in.
    pub inbound: Option<i128>,
    /// Units sold over the demand's days.
    pub units: i128,
    /// Its rows in the stock.
    pub rows: Vec<usize>,
    /// Rows that say of it but what is on its way.
    pub coming: Vec<usize>,
}

impl SkuStock {
    /// Codes in the order table of what it was sold as or in, whatever the shop.
    pub fn sold_as(&self) -> impl Iterator<Item = u32> + '_ {
        let more = |(at, sold): &(usize, &(u32, i64, Option<usize>))| {
            sold.1 > 0
                && !self
                    .sold
                    .iter()
                    .take(*at)
                    .any(|other| other.0 == sold.0 && other.1 > 0)
        };
        self.sold.iter().enumerate().filter(more).map(|(_, sold)| sold.0)
    }

    /// Units sold at the warehouse of this code, where lines name theirs.
    pub fn units_at(&self, demand: &Demand, warehouse: u32) -> Option<i128> {
        // A shop's lines at a warehouse are not told apart.
        let everywhere = self.sold.iter().filter(|sold| sold.2.is_none());
        let units = everywhere.map(|(code, per, _)| Some(times(demand.units_at(*code, warehouse)?, *per)));
        units.reduce(|a, b| Some(a? + b?)).flatten()
    }

    /// Days it lasts; `None` where there is no demand. Oversold stock lasts 0 days.
    #[expect(clippy::cast_precision_loss, reason = "shown to one digit")]
    pub fn cover_days(&self, days: i64) -> Option<f64> {
        (self.units > 0).then(|| (self.sellable.max(0) as f64) * days as f64 / self.units as f64)
    }
}

/// Units of a good in `units` of what it is sold in, `per` of it in each.
fn times(units: i128, per: i64) -> i128 {
    units.saturating_mul(i128::from(per)) / i128::from(Fixed::SCALE)
}

/// State of stock that can be sold `sellable` and lasts `cover` days.
pub fn stock_state(sellable: i128, cover: Option<f64>) -> StockState {
    match cover {
        _ if sellable < 0 => StockState::Oversold,
        _ if sellable == 0 => StockState::Out,
        None => StockState::Excess,
        Some(days) if days < 3.0 => StockState::Critical,
        Some(days) if days < 7.0 => StockState::Low,
        Some(days) if days > 180.0 => StockState::Excess,
        Some(_) => StockState::Enough,
    }
}

/// The selected stock levels, SKU by SKU, and their sums.
#[derive(Clone, Debug, Default)]
pub struct StockFigures {
    /// Each SKU with a known quantity, in order of first appearance.
    pub skus: Vec<SkuStock>,
    on_hand: Option<i128>,
    inbound: Option<i128>,
    oversold: i128,
    days: i64,
}

impl StockFigures {
    /// Figures of the levels in `columns` that pass `filters`, with the pace of `demand`; these are
    /// [`Goods::stock`] of `goods`.
    #[inline(never)]
    pub fn new(
        columns: &StockColumns,
        goods: &Goods,
        orders: &OrderTable,
        filters: &BTreeMap<Dim, KeySet>,
        demand: &Demand,
    ) -> Self {
        let clauses = [
            (Dim::Sku, &columns.sku, &columns.skus),
            (Dim::Warehouse, &columns.warehouse, &columns.warehouses),
            (Dim::Category, &columns.category, &columns.categories),
            (Dim::Brand, &columns.brand, &columns.brands),
        ]
        .into_iter()
        .filter_map(|(dim, column, dict)| {
            let set = filters.get(&dim).filter(|set| !set.is_open())?;
            let codes = if dim == Dim::Sku && goods.has_names() {
                crate::query::passing_codes(&goods.goods_of(set), dict)
            } else {
                crate::query::passing_codes(set, dict)
            };
            Some((column, codes))
        })
        .collect::<Vec<_>>();
        let mut figures = Self {
            days: demand.days,
            ..Self::default()
        };
        let mut place = vec![usize::MAX; columns.skus.len()];
        // What is on its way and is told apart from any level.
        let mut arrivals = Vec::new();
        for row in 0..columns.len() {
            let passes =
                |(column, codes): &(&Vec<u32>, Vec<bool>)| codes.get(column[row] as usize) == Some(&true);
            if !clauses.iter().all(passes) {
                continue;
            }
            let said = |value: i64| (value != OrderColumns::NONE).then_some(i128::from(value));
            let sellable = columns.sellable(row).map(|value| i128::from(value.raw()));
            let on_hand = said(columns.on_hand[row]).or(sellable);
            let Some(sellable) = sellable else {
                arrivals.extend(said(columns.inbound[row]).map(|inbound| (row, inbound)));
                continue;
            };
            figures.on_hand = Some(figures.on_hand.unwrap_or(0) + on_hand.unwrap_or(0));
            figures.oversold += (-sellable).max(0);
            let sku = columns.sku[row];
            let at = &mut place[sku as usize];
            if *at == usize::MAX {
                *at = figures.skus.len();
                let good = columns.skus.text(sku);
                let code = |name: &str| orders.columns().dict(Dim::Sku).code(name);
                let own = code(good).map(|code| (code, Fixed::SCALE, None));
                let others = goods
                    .sold(good)
                    .iter()
                    .filter_map(|sold| Some((code(goods.text(sold.name))?, sold.units, sold.scope)));
                let sold: Vec<_> = own.into_iter().chain(others).collect();
                let units = sold
                    .iter()
                    .map(|(code, per, scope)| times(demand.units_in(*code, *scope), *per))
                    .sum();
                figures.skus.push(SkuStock {
                    sku,
                    sold,
                    sellable: 0,
                    inbound: None,
                    units,
                    rows: Vec::new(),
                    coming: Vec::new(),
                });
            }
            let entry = &mut figures.skus[*at];
            entry.sellable += sellable;
            entry.rows.push(row);
            if let Some(inbound) = said(columns.inbound[row]) {
                entry.inbound = Some(entry.inbound.unwrap_or(0) + inbound);
                figures.inbound = Some(figures.inbound.unwrap_or(0) + inbound);
            }
        }
        for (row, inbound) in arrivals {
            figures.inbound = Some(figures.inbound.unwrap_or(0) + inbound);
            let sku = columns.sku[row] as usize;
            if let Some(entry) = place.get(sku).and_then(|at| figures.skus.get_mut(*at)) {
                entry.inbound = Some(entry.inbound.unwrap_or(0) + inbound);
                entry.coming.push(row);
            }
        }
        figures
    }

    /// `stock_on_hand`: Σ on hand.
    pub fn on_hand(&self) -> Option<Number> {
        self.on_hand.map(|sum| Number::Fixed(fixed(sum)))
    }

    /// `inbound`: Σ on its way in; `None` where no export says.
    pub fn inbound(&self) -> Option<Number> {
        self.inbound.map(|sum| Number::Fixed(fixed(sum)))
    }

    /// `oversell_units`: Σ max(0, −available) over SKU and warehouse.
    pub fn oversold(&self) -> Option<Number> {
        self.on_hand.map(|_| Number::Fixed(fixed(self.oversold)))
    }

    /// `stock_skus`: SKUs with a known quantity.
    pub fn sku_count(&self) -> Option<Number> {
        self.on_hand
            .map(|_| Number::Count(i64::try_from(self.skus.len()).unwrap_or(i64::MAX)))
    }

    /// `stockout_skus`: SKUs of which nothing is left to sell in any selected place.
    pub fn stockouts(&self) -> Option<Number> {
        let out = self.skus.iter().filter(|sku| sku.sellable <= 0).count();
        self.on_hand
            .map(|_| Number::Count(i64::try_from(out).unwrap_or(i64::MAX)))
    }

    /// `days_of_cover`: Σ sellable ÷ Σ mean daily units, over SKUs with a stock level; `None` without demand.
    pub fn days_of_cover(&self) -> Option<Number> {
        self.on_hand?;
        let sellable: i128 = self.skus.iter().map(|sku| sku.sellable).sum();
        let units: i128 = self.skus.iter().map(|sku| sku.units).sum();
        let over = i64::try_from(sellable.checked_mul(i128::from(self.days))?).ok()?;
        Number::ratio(over, i64::try_from(units).ok()?.max(0))
    }
}
