//! Stock: what is out or running out, what lies idle, and where it is.

use super::Scene;
use crate::arrange::arrange;
use crate::metric::{self, fixed, stock_state};
use crate::model::{Dim, NONE_CODE, StockColumns};
use crate::money::Fixed;
use crate::protocol::{
    OverstockLine, StockLine, StockState, StockView, WarehouseCell, WarehouseCover, WarehouseRow,
};
use crate::query::passing_codes;

/// Rows of the run-out list that cross to the page.
const STOCK_LINES: usize = 40;
/// Rows of the overstock list and of the table of warehouses.
const SIDE_LINES: usize = 20;
/// Warehouses side by side.
const WAREHOUSES: usize = 6;

impl Scene<'_> {
    /// SKUs that are oversold, or out and asked for.
    pub(super) fn out_with_demand(&self) -> u64 {
        let is_out = |sku: &&metric::SkuStock| {
            let cover = sku.cover_days(self.demand.days);
            match stock_state(sku.sellable, cover) {
                StockState::Oversold => true,
                StockState::Out => cover.is_some(),
                _ => false,
            }
        };
        self.stock.skus.iter().filter(is_out).count() as u64
    }

    /// The stock, each good and place under its name.
    pub(super) fn levels(&self) -> &StockColumns {
        self.goods.stock(&self.engine.stock)
    }

    pub(super) fn stock_view(&self) -> StockView {
        let days = self.demand.days;
        let mut view = StockView {
            known: !self.engine.stock.columns().is_empty(),
            velocity_days: u32::try_from(days).unwrap_or(0),
            out_with_demand: self.out_with_demand(),
            ..StockView::default()
        };
        let mut running_out = Vec::new();
        let mut excess = Vec::new();
        let mut excess_units = 0;
        for sku in &self.stock.skus {
            let cover = sku.cover_days(days);
            let state = stock_state(sku.sellable, cover);
            match (state, cover) {
                (StockState::Critical, _) => {
                    view.critical += 1;
                    view.low += 1;
                }
                (StockState::Low, _) => view.low += 1,
                (StockState::Excess, _) => {
                    view.excess += 1;
                    excess_units += sku.sellable;
                    excess.push(sku);
                }
                _ => {}
            }
            if cover.is_some() || state == StockState::Oversold {
                running_out.push((sku, cover.unwrap_or(0.0), state));
            }
        }
        view.excess_units = fixed(excess_units);
        // Oversold and out first, those that sell most on top; then by days left.
        arrange(&mut running_out, |(a, a_days, a_state), (b, b_days, b_state)| {
            let out = |state: StockState| state.min(StockState::Critical);
            out(*a_state)
                .cmp(&out(*b_state))
                .then_with(|| a_days.total_cmp(b_days))
                .then_with(|| b.units.cmp(&a.units))
                .then_with(|| self.stock_names(a).0.cmp(&self.stock_names(b).0))
        });
        view.by_warehouse = self.by_warehouse(&running_out);
        view.lines = shortest_of_both(&running_out)
            .map(|(sku, cover, state)| self.stock_line(sku, *cover, *state))
            .collect();
        arrange(&mut excess, |a, b| {
            b.sellable.cmp(&a.sellable).then(a.sku.cmp(&b.sku))
        });
        view.overstock = excess
            .into_iter()
            .take(SIDE_LINES)
            .map(|sku| {
                let (id, title) = self.stock_names(sku);
                OverstockLine {
                    sku: id,
                    title,
                    available: fixed(sku.sellable),
                    cover_days: sku.cover_days(days),
                }
            })
            .collect();
        view.warehouses = self.warehouses();
        // One by one: a set made at once brings a sort of its own.
        let mut stocked = std::collections::BTreeSet::new();
        stocked.extend(self.stock.skus.iter().flat_map(metric::SkuStock::sold_as));
        let looked_at = self.looked_at();
        let is_looked_at = |sku: &u32| {
            looked_at
                .as_ref()
                .is_none_or(|passing| passing.get(*sku as usize) == Some(&true))
        };
        let sold = self.demand.skus().filter(is_looked_at);
        view.sold_without_stock = sold.filter(|sku| !stocked.contains(sku)).count() as u64;
        view
    }

    #[expect(clippy::cast_precision_loss, reason = "shown to one digit")]
    fn stock_line(&self, sku: &metric::SkuStock, cover_days: f64, state: StockState) -> StockLine {
        let (id, title) = self.stock_names(sku);
        StockLine {
            sku: id,
            title,
            available: fixed(sku.sellable),
            inbound: sku.inbound.map(fixed),
            per_day: sku.units as f64 / Fixed::SCALE as f64 / self.demand.days as f64,
            cover_days,
            state,
            gmv_per_day: sku
                .sold_as()
                .map(|code| self.demand.gmv_per_day(code))
                .reduce(Fixed::saturating_add),
        }
    }

    /// Units by warehouse, most first; empty where no row names one.
    fn warehouses(&self) -> Vec<(String, Fixed)> {
        let columns = self.levels();
        let mut units = vec![None; columns.warehouses.len()];
        for row in self.stock.skus.iter().flat_map(|sku| &sku.rows) {
            let sum: &mut Option<i128> = &mut units[columns.warehouse[*row] as usize];
            *sum = Some(sum.unwrap_or(0) + i128::from(columns.sellable(*row).unwrap_or_default().raw()));
        }
        let named = units
            .into_iter()
            .enumerate()
            .skip(1)
            .filter_map(|(code, units)| Some((code, units?)));
        let text = |code: usize| {
            columns
                .warehouses
                .text(u32::try_from(code).unwrap_or(NONE_CODE))
                .to_owned()
        };
        let mut all: Vec<(String, Fixed)> = named.map(|(code, units)| (text(code), fixed(units))).collect();
        arrange(&mut all, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    }

    #[expect(clippy::cast_precision_loss, reason = "shown to one digit")]
    fn by_warehouse(&self, worst: &[(&metric::SkuStock, f64, StockState)]) -> Option<WarehouseCover> {
        let columns = self.levels();
        let orders = self.table().columns();
        let names: Vec<String> = self
            .warehouses()
            .into_iter()
            .map(|(name, _)| name)
            .take(WAREHOUSES)
            .collect();
        if names.len() < 2 {
            return None;
        }
        let code = |name: &String| {
            let sold_from = orders.dict(Dim::Warehouse).code(name);
            (columns.warehouses.code(name).unwrap_or(NONE_CODE), sold_from)
        };
        let codes: Vec<(u32, Option<u32>)> = names.iter().map(code).collect();
        let days = self.demand.days as f64;
        let mut rows: Vec<_> = worst
            .iter()
            .map(|(sku, ..)| {
                let cells = codes.iter().map(|(code, sold_from)| {
                    let mut rows = sku
                        .rows
                        .iter()
                        .filter(|row| columns.warehouse[**row] == *code)
                        .peekable();
                    rows.peek()?;
                    let sellable: i128 = rows
                        .filter_map(|row| columns.sellable(*row))
                        .map(|q| i128::from(q.raw()))
                        .sum();
                    // Where lines name no warehouse, demand is taken to follow the stock.
                    let units = sold_from.and_then(|at| sku.units_at(&self.demand, at));
                    let cover = match units {
                        Some(units) => (units > 0).then(|| sellable.max(0) as f64 * days / units as f64),
                        None => sku.cover_days(self.demand.days),
                    };
                    Some(WarehouseCell {
                        available: fixed(sellable),
                        cover_days: cover,
                    })
                });
                let cells: Vec<Option<WarehouseCell>> = cells.collect();
                (*sku, cells)
            })
            .collect();
        // First what lies in one place and lacks in another: it needs a transfer, not a purchase.
        let lacks = |cell: &WarehouseCell| {
            cell.available.raw() <= 0 || cell.cover_days.is_some_and(|days| days < 3.0)
        };
        let spare =
            |cell: &WarehouseCell| cell.cover_days.is_none_or(|days| days > 7.0) && cell.available.raw() > 0;
        let uneven =
            |cells: &[Option<_>]| cells.iter().flatten().any(lacks) && cells.iter().flatten().any(spare);
        let rank = |(sku, cells): &(&metric::SkuStock, Vec<_>)| {
            (!uneven(cells), std::cmp::Reverse(sku.units), sku.sku)
        };
        arrange(&mut rows, |a, b| rank(a).cmp(&rank(b)));
        rows.truncate(SIDE_LINES);
        let named = |(sku, cells): (&metric::SkuStock, _)| {
            let (id, title) = self.stock_names(sku);
            WarehouseRow {
                sku: id,
                title,
                cells,
            }
        };
        Some(WarehouseCover {
            rows: rows.into_iter().map(named).collect(),
            warehouses: names,
        })
    }

    /// Which SKUs of the order table the clause on SKUs lets pass, where demand does not look at it.
    fn looked_at(&self) -> Option<Vec<bool>> {
        let set = self.engine.view.filters.get(&Dim::Sku);
        let set = set.filter(|set| self.goods.has_sets() && !set.is_open())?;
        Some(passing_codes(
            &self.goods.names_of(set),
            self.table().columns().dict(Dim::Sku),
        ))
    }

    /// SKU and title of a SKU of the stock.
    pub(super) fn stock_names(&self, sku: &metric::SkuStock) -> (String, String) {
        let columns = self.levels();
        let good = columns.skus.text(sku.sku);
        let dict = self.table().columns().dict(Dim::Sku);
        // What it is sold in has a title of its own.
        let names = sku
            .sold_as()
            .filter(|code| self.goods.good(dict.text(*code)) == good);
        let sold = names.map(|code| self.title(code)).find(|title| !title.is_empty());
        let own = || {
            sku.rows
                .first()
                .map_or("", |row| columns.titles.text(columns.title[*row]))
        };
        (good.to_owned(), sold.unwrap_or_else(own).to_owned())
    }
}

/// Of the list, worst first, the first half of what crosses from each kind: out, and running out.
fn shortest_of_both<'a, 'b>(
    worst: &'a [(&'b metric::SkuStock, f64, StockState)],
) -> impl Iterator<Item = &'a (&'b metric::SkuStock, f64, StockState)> {
    let is_out = |line: &&(&metric::SkuStock, f64, StockState)| line.2 <= StockState::Out;
    let out = worst.iter().filter(is_out).take(STOCK_LINES / 2);
    out.chain(
        worst
            .iter()
            .filter(move |line| !is_out(line))
            .take(STOCK_LINES / 2),
    )
}
