//! A query → clauses, windows and pivots → columns.

use super::Answer;
use super::json::{Object, array, push_text};
use super::request::{Bound, Clause, Compare, Measure, Query, Spread as AskedSpread, View};
use crate::engine::Engine;
use crate::metric::{Book, By, Clock, Codes, Distinct, Grouping, Spec, Spread, Sum, Totals, When};
use crate::model::{Dict, Dim};
use crate::money::Fixed;
use crate::protocol::{KeySet, MetricId, Number};
use crate::query::{Amount, Buckets, Clauses, Masks};
use crate::time::{DAY_MILLIS, Grain, Span, UtcMillis, Zone};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Most groups of a view that cross to the program.
const MOST_GROUPS: usize = 1_000_000;

/// A query, understood.
pub(super) struct Plan<'a> {
    pub clauses: Clauses,
    views: &'a BTreeMap<String, View>,
    window: Span,
    compare: Option<Compare>,
    currency: Option<u32>,
    zone: Zone,
    extent: Span,
}

impl<'a> Plan<'a> {
    pub(super) fn new(engine: &mut Engine, query: &'a Query) -> Result<Self, String> {
        let zone = engine.zone();
        let columns = engine.orders.columns();
        // A currency that no line is in has a code of its own, past all others.
        let code = |name: &String| columns.currencies.code(name).unwrap_or(u32::MAX);
        let currency = query.currency.as_ref().map(code);
        let (mut clauses, mut window) = (Clauses::default(), Span::ALWAYS);
        for (name, clause) in &query.clauses {
            if name == "created_at" {
                window = span(clause, zone)?;
            } else if let Some(dim) = Dim::from_id(name) {
                clauses.keys.insert(dim, keys(name, clause)?);
            } else if let Some(amount) = Amount::ALL.into_iter().find(|amount| amount.id() == name) {
                let bound = |bound: &Option<Bound>, open| bound.as_ref().map_or(Ok(open), decimal);
                let range = (bound(&clause.from, i64::MIN)?, bound(&clause.to, i64::MAX)?);
                clauses.ranges.insert(amount, range);
            } else {
                return Err(format!("no clause on {name}"));
            }
        }
        Ok(Self {
            clauses,
            views: &query.views,
            window,
            compare: query.compare,
            currency,
            zone,
            extent: whole_days(engine.extent()),
        })
    }

    pub(super) fn answer(&self, book: Book<'_>, calendar: &RefCell<Calendar>) -> Result<Answer, String> {
        let mut columns = Vec::new();
        let mut views = Object::new();
        for (name, view) in self.views {
            let answer = self
                .view(book, view, calendar, &mut columns)
                .map_err(|words| format!("{name}: {words}"))?;
            views = views.json(name, &answer);
        }
        Ok(Answer {
            json: Object::new().json("views", &views.end()).end(),
            columns,
        })
    }

    fn view(
        &self,
        book: Book<'_>,
        view: &View,
        calendar: &RefCell<Calendar>,
        columns: &mut Vec<f64>,
    ) -> Result<String, String> {
        if view.by.len() > 2 {
            return Err("at most two of by".to_owned());
        }
        let by = view.by.iter().map(|by| self.by(by));
        let grouping = Grouping {
            by: by.collect::<Result<_, _>>()?,
            own: view
                .by
                .iter()
                .filter_map(|by| Dim::from_id(by))
                .map(Masks::own)
                .sum(),
        };
        let has_time = grouping.by.iter().any(|by| matches!(by, By::Time(..)));
        let when = When {
            window: if has_time { Span::ALWAYS } else { self.window },
            frame: self.extent,
        };
        let measures = view.measures.iter().map(measure).collect::<Result<Vec<_>, _>>()?;
        let table = Table::new(self, book, &grouping, &measures, when);
        let before = self.compare.map(|compare| {
            let when = When {
                window: if has_time {
                    Span::ALWAYS
                } else {
                    shifted(self.zone, when.window, compare)
                },
                ..when
            };
            Table::new(self, book, &grouping, &measures, when)
        });

        let mut codes = table.totals.groups();
        if grouping.by.is_empty() {
            codes = vec![[0, 0]];
        }
        let keys = Keys::new(book, &grouping.by, self.extent, calendar);
        let most = view.top.unwrap_or(MOST_GROUPS).min(MOST_GROUPS).min(codes.len());
        let is_ranked = !grouping.by.is_empty() && (!has_time || view.top.is_some());
        let mut ranking = Vec::new();
        if is_ranked {
            (ranking, codes) = ranked(&table, measures.first().copied(), codes, &keys, most);
        }
        let mut names: Vec<(String, usize)> = Vec::new();
        let mut others = Object::new();
        for (at, (asked, measure)) in view.measures.iter().zip(&measures).enumerate() {
            let name = asked.name();
            let values = if is_ranked && at == 0 {
                std::mem::take(&mut ranking)
            } else {
                table.values(*measure, &codes)
            };
            let (shown, rest) = values.split_at_checked(most).unwrap_or((&values, &[]));
            if measure.adds_up() && !rest.is_empty() {
                let sum: f64 = rest.iter().filter(|value| !value.is_nan()).sum();
                others = others.number(&name, sum);
            }
            names.push((name, columns.len()));
            columns.extend_from_slice(shown);
            if let Some(before) = &before {
                names.push((format!("{}@before", asked.name()), columns.len()));
                let earlier = codes.iter().take(most).map(|codes| {
                    let codes = keys.earlier(self, *codes);
                    codes.map_or(f64::NAN, |codes| before.value(*measure, codes))
                });
                columns.extend(earlier);
            }
        }
        let rest = codes.split_off(most);
        let keys = array(0..grouping.by.len(), |json, at| {
            json.push_str(&array(&codes, |json, codes| {
                push_text(json, keys.text(at, *codes))
            }));
        });
        let names = array(names, |json, (name, column)| {
            json.push('[');
            push_text(json, &name);
            json.push_str(&format!(",{column},{}]", column + most));
        });
        let mut answer = Object::new().json("keys", &keys).json("columns", &names);
        if !rest.is_empty() {
            answer = answer.json("others", &others.number("groups", rest.len()).end());
        }
        Ok(answer.end())
    }

    fn by(&self, name: &str) -> Result<By, String> {
        if let Some(dim) = Dim::from_id(name) {
            return Ok(By::Dim(dim));
        }
        match name {
            "currency" => Ok(By::Currency),
            "city" => Ok(By::City),
            _ => Grain::from_id(name)
                .map(|grain| By::Time(self.zone, grain))
                .ok_or_else(|| format!("nothing to group by is called {name}")),
        }
    }
}

/// A measure, understood.
#[derive(Clone, Copy, PartialEq)]
enum What {
    Lines,
    Customers,
    Metric(MetricId),
    Quantile(Sum, f64),
}

impl What {
    /// Whether the value of some groups together is the sum of theirs.
    const fn adds_up(self) -> bool {
        matches!(
            self,
            Self::Lines
                | Self::Metric(
                    MetricId::Gmv
                        | MetricId::UnitsCreated
                        | MetricId::Units
                        | MetricId::PaidAmount
                        | MetricId::NetSales
                )
        )
    }
}

impl Measure {
    fn name(&self) -> String {
        match self {
            Self::Id(id) => id.clone(),
            Self::Spread(AskedSpread::Min(of)) => format!("min({of})"),
            Self::Spread(AskedSpread::Max(of)) => format!("max({of})"),
            Self::Spread(AskedSpread::Quantile(of, q)) => format!("quantile({of},{q})"),
        }
    }
}

fn measure(asked: &Measure) -> Result<What, String> {
    let sum = |name: &String| match name.as_str() {
        "amount" => Ok(Sum::Gmv),
        "quantity" => Ok(Sum::Units),
        "paid_amount" => Ok(Sum::Paid),
        _ => Err(format!("no decimal is called {name}")),
    };
    match asked {
        Measure::Id(id) if id == "lines" => Ok(What::Lines),
        Measure::Id(id) if id == "customers" => Ok(What::Customers),
        Measure::Id(id) => MetricId::ALL
            .into_iter()
            .find(|metric| metric.id() == id && !metric.is_of_stock())
            .map(What::Metric)
            .ok_or_else(|| format!("no measure is called {id}")),
        Measure::Spread(AskedSpread::Min(of)) => Ok(What::Quantile(sum(of)?, 0.0)),
        Measure::Spread(AskedSpread::Max(of)) => Ok(What::Quantile(sum(of)?, 1.0)),
        Measure::Spread(AskedSpread::Quantile(of, q)) => Ok(What::Quantile(sum(of)?, *q)),
    }
}

/// Everything that a view's columns are read from.
struct Table {
    totals: Totals,
    currency: Option<u32>,
    customers: Option<Rc<crate::metric::Groups>>,
    spreads: Vec<(Sum, Spread)>,
}

impl Table {
    fn new(plan: &Plan<'_>, book: Book<'_>, grouping: &Grouping, measures: &[What], when: When) -> Self {
        let ids: Vec<MetricId> = measures
            .iter()
            .filter_map(|measure| match measure {
                What::Metric(id) => Some(*id),
                _ => None,
            })
            .collect();
        let spec = Spec {
            by: grouping.by.clone(),
            own: grouping.own,
            currency: plan.currency,
            ..Spec::new(Clock::Created)
        };
        let mut spreads: Vec<(Sum, Spread)> = Vec::new();
        for measure in measures {
            if let What::Quantile(sum, _) = measure
                && !spreads.iter().any(|(known, _)| known == sum)
            {
                spreads.push((*sum, Spread::new(book, &spec, when, *sum)));
            }
        }
        let customers = measures.contains(&What::Customers).then(|| {
            let spec = Spec {
                distinct: vec![Distinct::Customers],
                ..spec
            };
            book.ask(&spec, when)
        });
        Self {
            totals: Totals::new(book, grouping, when, &[plan.currency], &ids),
            currency: plan.currency,
            customers,
            spreads,
        }
    }

    fn values(&self, measure: What, codes: &[Codes]) -> Vec<f64> {
        match measure {
            What::Metric(id) => self.totals.values(id, self.currency, codes),
            _ => codes.iter().map(|codes| self.value(measure, *codes)).collect(),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers of JavaScript; exact below 2⁵³"
    )]
    fn value(&self, measure: What, codes: Codes) -> f64 {
        match measure {
            What::Lines => self.totals.lines(codes) as f64,
            What::Customers => self.customers.as_ref().map_or(0.0, |groups| {
                groups
                    .find(codes)
                    .map_or(0.0, |group| groups.distinct(0, group) as f64)
            }),
            What::Metric(id) => self
                .totals
                .value(id, self.currency, codes)
                .map_or(f64::NAN, Number::to_f64),
            What::Quantile(sum, q) => {
                let spread = self.spreads.iter().find(|(known, _)| *known == sum);
                let value = spread.and_then(|(_, spread)| spread.quantile(codes, q));
                value.map_or(f64::NAN, |raw| Number::Fixed(Fixed::from_raw(raw)).to_f64())
            }
        }
    }
}

/// The values of `measure` and `codes`, most first; past the first `most` in any order.
fn ranked(
    table: &Table,
    measure: Option<What>,
    codes: Vec<Codes>,
    keys: &Keys<'_>,
    most: usize,
) -> (Vec<f64>, Vec<Codes>) {
    let values = match measure {
        Some(measure) => table.values(measure, &codes),
        None => vec![f64::NAN; codes.len()],
    };
    let mut ranked: Vec<(f64, Codes)> = values.into_iter().zip(codes).collect();
    let value = |value: f64| if value.is_nan() { f64::NEG_INFINITY } else { value };
    let order = |a: &(f64, Codes), b: &(f64, Codes)| {
        let by_value = value(b.0).total_cmp(&value(a.0));
        by_value.then_with(|| keys.compare(a.1, b.1))
    };
    // Of many groups only those that are shown are put in order.
    if most > 0 && most < ranked.len() {
        ranked.select_nth_unstable_by(most - 1, order);
    }
    if let Some(shown) = ranked.get_mut(..most) {
        shown.sort_unstable_by(order);
    }
    ranked.into_iter().unzip()
}

/// Start and key of each bucket.
type Starts = Vec<(UtcMillis, String)>;

/// Buckets and their keys by zone, grain and span: asking the calendar for hundreds of days takes longer than
/// counting in them.
#[derive(Debug, Default)]
pub struct Calendar(Vec<((Zone, Grain, Span), Rc<Starts>)>);

/// Spans that are remembered.
const SPANS: usize = 8;

impl Calendar {
    fn starts(&mut self, zone: Zone, grain: Grain, span: Span) -> Rc<Starts> {
        let key = (zone, grain, span);
        if let Some((_, starts)) = self.0.iter().find(|(known, _)| *known == key) {
            return Rc::clone(starts);
        }
        let buckets = Buckets::new(zone, grain, span);
        let starts: Rc<Starts> = Rc::new(buckets.starts().map(|at| (at, zone.key(grain, at))).collect());
        self.0.truncate(SPANS - 1);
        self.0.insert(0, (key, Rc::clone(&starts)));
        starts
    }
}

/// Texts of groups.
struct Keys<'a> {
    book: Book<'a>,
    by: &'a [By],
    starts: Vec<Rc<Starts>>,
}

impl<'a> Keys<'a> {
    fn new(book: Book<'a>, by: &'a [By], extent: Span, calendar: &RefCell<Calendar>) -> Self {
        let starts = by.iter().map(|by| match by {
            By::Time(zone, grain) => calendar.borrow_mut().starts(*zone, *grain, extent),
            _ => Rc::default(),
        });
        Self {
            book,
            by,
            starts: starts.collect(),
        }
    }

    fn text(&self, at: usize, codes: Codes) -> &str {
        let columns = self.book.table().columns();
        let code = codes.get(at).copied().unwrap_or(0);
        match self.by.get(at) {
            None => "",
            Some(By::Dim(dim)) => columns.dict(*dim).text(code),
            Some(By::Currency) => columns.currencies.text(code),
            Some(By::City) => columns.cities.text(code),
            Some(By::Time(..)) => {
                let start = self.starts.get(at).and_then(|starts| starts.get(code as usize));
                start.map_or("", |(_, key)| key)
            }
        }
    }

    /// Order of two groups by their keys.
    fn compare(&self, a: Codes, b: Codes) -> Ordering {
        let columns = self.book.table().columns();
        let each = self.by.iter().zip(a.into_iter().zip(b)).map(|(by, (a, b))| {
            let by_text = |dict: &Dict| dict.text(a).cmp(dict.text(b));
            match by {
                By::Dim(dim) => by_text(columns.dict(*dim)),
                By::Currency => by_text(&columns.currencies),
                By::City => by_text(&columns.cities),
                By::Time(..) => a.cmp(&b),
            }
        });
        each.fold(Ordering::Equal, Ordering::then)
    }

    /// The group that a comparison holds against that of `codes`: another bucket where time makes groups.
    fn earlier(&self, plan: &Plan<'_>, codes: Codes) -> Option<Codes> {
        let Some(compare) = plan.compare else {
            return Some(codes);
        };
        let mut earlier = codes;
        for (at, (by, starts)) in self.by.iter().zip(&self.starts).enumerate() {
            if let By::Time(zone, grain) = by {
                let start = starts.get(codes[at] as usize)?.0;
                let other = zone.floor(
                    *grain,
                    shifted(
                        *zone,
                        Span {
                            from: start,
                            to: start,
                        },
                        compare,
                    )
                    .from,
                );
                let place = starts.binary_search_by_key(&other, |(start, _)| *start).ok()?;
                earlier[at] = u32::try_from(place).ok()?;
            }
        }
        Some(earlier)
    }
}

/// `extent` to the end of its last day (UTC): buckets stay as they are while a day goes on.
fn whole_days(extent: Span) -> Span {
    let into = extent.to.0.rem_euclid(DAY_MILLIS);
    let to = if into == 0 {
        extent.to
    } else {
        extent.to.plus(DAY_MILLIS - into)
    };
    Span { to, ..extent }
}

/// `window`, moved as `compare` says.
fn shifted(zone: Zone, window: Span, compare: Compare) -> Span {
    let moved = |at: UtcMillis| match compare {
        // The ends of all time stay where they are.
        _ if at == Span::ALWAYS.from || at == Span::ALWAYS.to => at,
        Compare::Days(days) => zone.shift_days(at, days),
        Compare::Months(months) => zone.shift_months(at, months),
        Compare::Millis(millis) => at.plus(millis),
        Compare::Event { from, onto } => at.plus(onto.saturating_sub(from)),
    };
    Span {
        from: moved(window.from),
        to: moved(window.to),
    }
}

fn keys(name: &str, clause: &Clause) -> Result<KeySet, String> {
    let (keys, exclude) = match (&clause.keys, &clause.not) {
        (Some(_), Some(_)) => return Err(format!("{name}: either in or not")),
        (Some(keys), None) => (keys.as_slice(), false),
        (None, Some(keys)) => (keys.as_slice(), true),
        (None, None) => (&[][..], false),
    };
    if clause.from.is_some() || clause.to.is_some() {
        return Err(format!("{name}: no range on a dimension"));
    }
    // One by one: a set made at once brings a sort of its own.
    let mut set = BTreeSet::new();
    set.extend(keys.iter().cloned());
    Ok(KeySet {
        keys: set,
        exclude,
        search: clause.search.clone().unwrap_or_default(),
    })
}

fn span(clause: &Clause, zone: Zone) -> Result<Span, String> {
    let bound = |bound: &Option<Bound>, open| bound.as_ref().map_or(Ok(open), |bound| instant(bound, zone));
    Ok(Span {
        from: bound(&clause.from, Span::ALWAYS.from)?,
        to: bound(&clause.to, Span::ALWAYS.to)?,
    })
}

fn instant(bound: &Bound, zone: Zone) -> Result<UtcMillis, String> {
    match bound {
        Bound::Number(number) => number
            .as_i64()
            .map(UtcMillis)
            .ok_or_else(|| format!("{number} is no instant in milliseconds")),
        Bound::Text(text) => zone.parse(text).ok_or_else(|| format!("{text} is no instant")),
    }
}

/// Raw value of a decimal.
fn decimal(bound: &Bound) -> Result<i64, String> {
    let text = match bound {
        Bound::Number(number) => number.to_string(),
        Bound::Text(text) => text.clone(),
    };
    Fixed::parse(&text)
        .map(|(value, _)| value.raw())
        .map_err(|_| format!("{text} is no decimal"))
}
