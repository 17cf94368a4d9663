//! 数据体检: what is odd about all rows together, which no number says of itself.
//!
//! A check that cannot be made (no stock, no prices) gives no finding; one that found nothing gives one of 0.

use super::Goods;
use crate::model::{Dim, NONE_CODE, OrderTable, Status, StockColumns, StockTable};
use crate::money::Fixed;
use crate::protocol::{Case, Check, Finding};
use crate::time::{DAY_MILLIS, UtcMillis, Zone};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// 2000-01-01: no shop's order export begins before.
const LEAST_TIME: i64 = 946_684_800_000;
/// Digits of a number that a spreadsheet keeps (IEEE 754 doubles, as spreadsheets show them).
const KEPT_DIGITS: usize = 15;
/// How far from its SKU's median a price is odd.
const PRICE_FACTOR: i64 = 10;
/// Lines that a SKU must have for a median.
const PRICED_LINES: usize = 5;

/// Findings over all rows, each with at most `most` cases.
pub fn quality(
    orders: &OrderTable,
    stock: &StockTable,
    zone: Zone,
    now: UtcMillis,
    most: usize,
) -> Vec<Finding> {
    let goods = Goods::new(stock);
    let look = Look {
        orders,
        stock: goods.stock(stock),
        goods: &goods,
        most,
    };
    let mut findings = Vec::new();
    if !orders.is_empty() {
        findings.extend(look.order_numbers());
        findings.push(look.collisions(zone));
        findings.push(look.repeated());
        findings.extend(look.times(zone, now));
        findings.extend(look.prices());
        findings.push(look.without_sku());
    }
    if goods.has_names() {
        findings.extend(look.names());
    }
    if !look.stock.is_empty() {
        findings.push(look.negative_stock());
        if !orders.is_empty() {
            findings.extend(look.orphans());
        }
    }
    findings.sort_by_key(|finding| finding.check);
    findings
}

/// The finding of rows whose order numbers were `refused`, each with the file it is of; `None` where there are none.
pub fn ruined<'a>(
    refused: impl Iterator<Item = (&'a str, &'a str)>,
    of: u64,
    most: usize,
) -> Option<Finding> {
    let mut finding = Finding {
        check: Check::RuinedOrderIds,
        count: 0,
        of,
        cases: Vec::new(),
    };
    for (key, value) in refused {
        finding.count += 1;
        if finding.cases.len() < most {
            let (key, value) = (key.to_owned(), value.to_owned());
            finding.cases.push(Case { key, value });
        }
    }
    finding.of += finding.count;
    (finding.count > 0).then_some(finding)
}

struct Look<'a> {
    orders: &'a OrderTable,
    /// Each good under its name.
    stock: &'a StockColumns,
    goods: &'a Goods,
    most: usize,
}

impl Look<'_> {
    /// Lines that count.
    fn rows(&self) -> impl Iterator<Item = usize> {
        (0..self.orders.columns().len()).filter(|row| !self.orders.removed().get(*row))
    }

    /// A finding of weighted rows or codes, of which the first are told as `tell` says.
    fn finding(
        &self,
        check: Check,
        of: usize,
        mut found: Vec<(i64, u32)>,
        tell: impl Fn(u32) -> (String, String),
    ) -> Finding {
        let count = found.len() as u64;
        found.sort_unstable_by_key(|(weight, id)| (std::cmp::Reverse(*weight), *id));
        let cases = found.into_iter().take(self.most).map(|(_, id)| {
            let (key, value) = tell(id);
            Case { key, value }
        });
        Finding {
            check,
            count,
            of: of as u64,
            cases: cases.collect(),
        }
    }

    /// Number of the order of `row`.
    fn order(&self, row: u32) -> String {
        let columns = self.orders.columns();
        columns.orders.text(columns.order.get(row as usize)).to_owned()
    }

    fn order_numbers(&self) -> [Finding; 2] {
        let columns = self.orders.columns();
        let dict = &columns.orders;
        let mut counts = vec![false; dict.len()];
        for row in self.rows() {
            if let Some(counts) = counts.get_mut(columns.order.get(row) as usize) {
                *counts = true;
            }
        }
        let codes = || (1_u32..).zip(counts.iter().skip(1)).filter(|(_, is)| **is);
        let of = codes().count();
        let mut by_text: FxHashMap<&str, u32> = FxHashMap::default();
        let (mut twice, mut rounded, mut by_chance) = (Vec::new(), Vec::new(), 0.0);
        for (code, _) in codes() {
            let text = dict.text(code);
            // One source cannot have a number twice.
            if columns.sources.len() > 2 && *by_text.entry(text).or_insert(code) != code {
                twice.push((0, code));
            }
            if let Some(odds) = odds_of_zeros(text) {
                by_chance += odds;
                if text.bytes().skip(KEPT_DIGITS).all(|byte| byte == b'0') {
                    rounded.push((0, code));
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a threshold")]
        if (rounded.len() as f64) <= by_chance * 3.0 + 3.0 {
            rounded.clear();
        }
        let text = |code: u32| dict.text(code).to_owned();
        let sources = |code: u32| {
            let first = by_text.get(dict.text(code)).copied().unwrap_or(code);
            let names = [first, code].map(|code| columns.sources.text(dict.scope(code)));
            (text(code), names.join(" · "))
        };
        [
            self.finding(Check::OrdersInTwoSources, of, twice, sources),
            self.finding(Check::RoundedOrderIds, of, rounded, |code| {
                (text(code), String::new())
            }),
        ]
    }

    /// Orders whose lines were ordered more than a day apart.
    fn collisions(&self, zone: Zone) -> Finding {
        let columns = self.orders.columns();
        let mut spans = vec![(i64::MAX, i64::MIN); columns.orders.len()];
        let mut of = 0;
        for row in self.rows() {
            let at = columns.created_at.raw(row);
            if let Some((first, last)) = spans.get_mut(columns.order.get(row) as usize) {
                of += usize::from(*first > *last);
                (*first, *last) = ((*first).min(at), (*last).max(at));
            }
        }
        let found = (0_u32..).zip(&spans).filter_map(|(code, (first, last))| {
            let apart = last.checked_sub(*first)?;
            (apart > DAY_MILLIS).then_some((apart, code))
        });
        self.finding(Check::CollidedOrderIds, of, found.collect(), |code| {
            let (first, last) = spans.get(code as usize).copied().unwrap_or_default();
            let shown = |at: i64| zone.local(UtcMillis(at)).format("%Y-%m-%d").to_string();
            let times = format!("{} · {}", shown(first), shown(last));
            (columns.orders.text(code).to_owned(), times)
        })
    }

    /// Lines that only their place tells from another of their order.
    fn repeated(&self) -> Finding {
        let columns = self.orders.columns();
        let goods = |row: usize| {
            (
                columns.order.get(row),
                columns.dim(Dim::Sku).get(row),
                columns.title.get(row),
            )
        };
        let figures = |row: usize| {
            [&columns.quantity, &columns.amount, &columns.created_at].map(|column| column.raw(row))
        };
        let is_counted = |row: &usize| columns.line.get(*row) == 0;
        let mut met: FxHashMap<_, Vec<[i64; 3]>> = FxHashMap::default();
        for row in self
            .rows()
            .filter(is_counted)
            .filter(|row| columns.occurrence.get(*row) > 0)
        {
            met.entry(goods(row)).or_default();
        }
        let mut found = Vec::new();
        if !met.is_empty() {
            for row in self.rows().filter(is_counted) {
                let Some(before) = met.get_mut(&goods(row)) else {
                    continue;
                };
                if before.contains(&figures(row)) {
                    found.push((
                        columns.amount.get(row).unwrap_or(0),
                        u32::try_from(row).unwrap_or(u32::MAX),
                    ));
                } else {
                    before.push(figures(row));
                }
            }
        }
        self.finding(Check::RepeatedLines, self.orders.len(), found, |row| {
            let sku = columns.dim(Dim::Sku).get(row as usize);
            (self.order(row), columns.dict(Dim::Sku).text(sku).to_owned())
        })
    }

    fn times(&self, zone: Zone, now: UtcMillis) -> Vec<Finding> {
        let columns = self.orders.columns();
        let created = |row: u32| columns.created_at.raw(row as usize);
        let shown = |at: i64| zone.local(UtcMillis(at)).format("%Y-%m-%d %H:%M").to_string();
        // What is said to have happened before what it follows, if anything: that, and when it did.
        let early = |row: u32| {
            let [paid, shipped] =
                [&columns.paid_at, &columns.shipped_at].map(|column| column.get(row as usize));
            let steps = [
                (Some(created(row)), paid),
                (Some(created(row)), shipped),
                (paid, shipped),
            ];
            let mut steps = steps
                .into_iter()
                .filter_map(|(first, then)| Some((first?, then?)));
            steps.find(|(first, then)| then < first)
        };
        let (mut impossible, mut backward) = (Vec::new(), Vec::new());
        let mut days: BTreeMap<chrono::NaiveDate, u64> = BTreeMap::new();
        let (mut hour, mut day) = (i64::MIN, chrono::NaiveDate::MIN);
        for row in self.rows() {
            let id = u32::try_from(row).unwrap_or(u32::MAX);
            let at = created(id);
            if at < LEAST_TIME || at > now.0 + DAY_MILLIS {
                impossible.push((0, id));
                continue;
            }
            // The calendar is asked once an hour: no zone's days begin within one, but for a few old ones.
            if at.div_euclid(3_600_000) != hour {
                (hour, day) = (at.div_euclid(3_600_000), zone.local(UtcMillis(at)).date_naive());
            }
            *days.entry(day).or_default() += 1;
            if let Some((first, then)) = early(id) {
                backward.push((first - then, id));
            }
        }
        let of = self.orders.len();
        let mut findings = vec![
            self.finding(Check::ImpossibleTimes, of, impossible, |row| {
                (self.order(row), shown(created(row)))
            }),
            self.finding(Check::OutOfOrder, of, backward, |row| {
                let early = early(row).map(|(first, then)| format!("{} > {}", shown(first), shown(then)));
                (self.order(row), early.unwrap_or_default())
            }),
        ];
        if let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value()) {
            let span = usize::try_from((*last - *first).num_days() + 1).unwrap_or(0);
            // A shop that sells on most days misses one; one that rarely sells misses nothing.
            if span >= 7 && days.len() * 5 >= span * 4 {
                let all = (0_u32..).zip(first.iter_days().take(span));
                let missing = all
                    .filter(|(_, day)| !days.contains_key(day))
                    .map(|(at, _)| (0, at));
                let day = |at: u32| {
                    let day = first.checked_add_days(chrono::Days::new(at.into()));
                    (day.unwrap_or(*first).to_string(), String::new())
                };
                findings.push(self.finding(Check::MissingDays, span, missing.collect(), day));
            }
        }
        findings
    }

    fn prices(&self) -> Option<Finding> {
        let columns = self.orders.columns();
        let price = |row: usize| {
            let sku = columns.dim(Dim::Sku).get(row);
            let (amount, units) = (columns.amount.get(row)?, columns.quantity.get(row)?);
            if sku == NONE_CODE || amount <= 0 || units <= 0 {
                return None;
            }
            let price = i128::from(amount) * i128::from(Fixed::SCALE) / i128::from(units);
            Some((sku, i64::try_from(price).unwrap_or(i64::MAX)))
        };
        let mut prices: Vec<(u32, i64, u32)> = self
            .rows()
            .filter_map(|row| {
                let (sku, price) = price(row)?;
                Some((sku, price, u32::try_from(row).ok()?))
            })
            .collect();
        if prices.is_empty() {
            return None;
        }
        prices.sort_unstable();
        let (mut odd, mut medians) = (Vec::new(), FxHashMap::default());
        for group in prices.chunk_by(|one, other| one.0 == other.0) {
            let Some((sku, median, _)) = group.get(group.len() / 2).copied() else {
                continue;
            };
            if group.len() < PRICED_LINES || median == 0 {
                continue;
            }
            let is_odd =
                |price: i64| price / PRICE_FACTOR >= median || price.saturating_mul(PRICE_FACTOR) <= median;
            for (_, price, row) in group.iter().filter(|(_, price, _)| is_odd(*price)) {
                medians.insert(sku, median);
                odd.push((i64::try_from(price.abs_diff(median)).unwrap_or(i64::MAX), *row));
            }
        }
        let tell = |row: u32| {
            let code = columns.dim(Dim::Sku).get(row as usize);
            let sku = columns.dict(Dim::Sku).text(code);
            let median = Fixed::from_raw(medians.get(&code).copied().unwrap_or(0));
            let price = price(row as usize).map_or(Fixed::ZERO, |(_, price)| Fixed::from_raw(price));
            (self.order(row), format!("{sku}: {price} / {median}"))
        };
        Some(self.finding(Check::PriceOutliers, prices.len(), odd, tell))
    }

    fn without_sku(&self) -> Finding {
        let columns = self.orders.columns();
        let rows = self
            .rows()
            .filter(|row| columns.dim(Dim::Sku).get(*row) == NONE_CODE);
        let found = rows
            .map(|row| (0, u32::try_from(row).unwrap_or(u32::MAX)))
            .collect();
        self.finding(Check::WithoutSku, self.orders.len(), found, |row| {
            let title = columns.titles.text(columns.title.get(row as usize));
            (self.order(row), title.to_owned())
        })
    }

    fn negative_stock(&self) -> Finding {
        let columns = self.stock;
        let left = |row: usize| columns.sellable(row).filter(|left| *left < Fixed::ZERO);
        let found = (0..columns.len())
            .filter_map(|row| Some((-left(row)?.raw(), u32::try_from(row).ok()?)))
            .collect();
        self.finding(Check::NegativeStock, columns.len(), found, |row| {
            let row = row as usize;
            let left = left(row).map_or(String::new(), |left| left.to_string());
            let place = columns.warehouses.text(columns.warehouse[row]);
            let value = if place.is_empty() {
                left
            } else {
                format!("{left} · {place}")
            };
            (columns.skus.text(columns.sku[row]).to_owned(), value)
        })
    }

    /// Names of the crosswalk that are of no use, and sets that contain themselves.
    fn names(&self) -> [Finding; 2] {
        let sold = self.orders.columns().dict(Dim::Sku);
        let is_stocked = |name: &str| {
            let parts = self.goods.parts(name);
            let mut all = parts
                .into_iter()
                .map(|(good, _)| good)
                .chain([self.goods.good(name)]);
            all.any(|good| self.stock.skus.code(good).is_some())
        };
        let names: Vec<&str> = self.goods.names().collect();
        let broken: Vec<&str> = self.goods.broken().collect();
        let ids = |names: &[&str], is: &dyn Fn(&str) -> bool| {
            let found = (0_u32..).zip(names).filter(|(_, name)| is(name));
            found.map(|(at, _)| (0, at)).collect::<Vec<_>>()
        };
        let unused = ids(&names, &|name| sold.code(name).is_none() && !is_stocked(name));
        let tell = |names: &[&str], at: u32| {
            let name = names.get(at as usize).copied().unwrap_or_default();
            (name.to_owned(), self.goods.good(name).to_owned())
        };
        [
            self.finding(Check::UnusedNames, names.len(), unused, |at| tell(&names, at)),
            self.finding(Check::BrokenSets, names.len(), ids(&broken, &|_| true), |at| {
                tell(&broken, at)
            }),
        ]
    }

    /// SKUs on one side only.
    fn orphans(&self) -> [Finding; 3] {
        let (columns, stock) = (self.orders.columns(), self.stock);
        let dict = columns.dict(Dim::Sku);
        let mut sold = vec![0_i64; dict.len()];
        let mut named = vec![false; dict.len()];
        let cancelled = Status::Cancelled as u32 + 1;
        for row in self.rows() {
            let sku = columns.dim(Dim::Sku).get(row) as usize;
            if let (Some(sold), Some(named)) = (sold.get_mut(sku), named.get_mut(sku)) {
                *named = true;
                if columns.dim(Dim::Status).get(row) != cancelled {
                    *sold = sold.saturating_add(columns.quantity.get(row).unwrap_or(0));
                }
            }
        }
        let mut alike: FxHashMap<String, &str> = FxHashMap::default();
        for text in stock.skus.texts().skip(1) {
            alike.entry(essence(text)).or_insert(text);
        }
        let (mut without, mut spelled, mut of) = (Vec::new(), Vec::new(), 0);
        for (code, units) in (0_u32..).zip(&sold).skip(1).filter(|(_, units)| **units > 0) {
            of += 1;
            let text = dict.text(code);
            // A set that no level names has stock where one of its goods has.
            let has_stock = |good: &str| stock.skus.code(good).is_some();
            let parts = || {
                self.goods
                    .parts(text)
                    .into_iter()
                    .any(|(good, _)| has_stock(good))
            };
            if !has_stock(self.goods.good(text)) && !parts() {
                without.push((*units, code));
                if alike.contains_key(&essence(text)) {
                    spelled.push((*units, code));
                }
            }
        }
        let mut held = vec![0_i64; stock.skus.len()];
        for row in 0..stock.len() {
            if let Some(held) = held.get_mut(stock.sku[row] as usize) {
                *held = held.saturating_add(stock.sellable(row).map_or(0, Fixed::raw));
            }
        }
        let never = (0_u32..).zip(&held).skip(1).filter_map(|(code, units)| {
            let good = stock.skus.text(code);
            let is_sold = |name| {
                dict.code(name)
                    .is_some_and(|code| named.get(code as usize) == Some(&true))
            };
            let others = || {
                self.goods
                    .sold(good)
                    .iter()
                    .any(|sold| is_sold(self.goods.text(sold.name)))
            };
            let is_named = is_sold(good) || others();
            (!is_named).then_some((*units, code))
        });
        let units = |all: &[i64], code: u32| {
            let units = all.get(code as usize).copied().unwrap_or(0);
            Fixed::from_raw(units).to_string()
        };
        [
            self.finding(Check::SoldWithoutStock, of, without, |code| {
                (dict.text(code).to_owned(), units(&sold, code))
            }),
            self.finding(Check::SpelledOtherwise, of, spelled, |code| {
                let text = dict.text(code);
                let other = alike.get(&essence(text)).copied().unwrap_or_default();
                (text.to_owned(), other.to_owned())
            }),
            self.finding(
                Check::StockNeverSold,
                stock.skus.len() - 1,
                never.collect(),
                |code| (stock.skus.text(code).to_owned(), units(&held, code)),
            ),
        ]
    }
}

/// How likely the digits that a spreadsheet rounds away are zeros by chance; `None` where it rounds nothing.
fn odds_of_zeros(text: &str) -> Option<f64> {
    let digits = text.len();
    if digits <= KEPT_DIGITS || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(0.1_f64.powi(i32::try_from(digits - KEPT_DIGITS).unwrap_or(i32::MAX)))
}

/// What is left of a SKU without what people spell in many ways.
fn essence(sku: &str) -> String {
    let letters = sku
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase);
    let essence: String = letters.collect();
    essence.trim_start_matches('0').to_owned()
}

#[cfg(test)]
#[path = "quality_tests.rs"]
mod tests;
