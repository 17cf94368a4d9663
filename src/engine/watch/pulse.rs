//! Orders by hour, or by day where lines say no hour, against the same of the weeks before (DOMAIN §2, detection on
//! counts).

use super::read::{count, millis};
use crate::alert::{Metric, Values, anscombe, ewma, poisson_tail};
use crate::arrange::arrange;
use crate::engine::Engine;
use crate::metric::{Book, By, Clock, Distinct, Spec, When, Which};
use crate::query::Masks;
use crate::time::{DAY_MILLIS, Grain, Span, UtcMillis, Zone};

/// Weeks that are usual.
const WEEKS: i64 = 8;
/// Of these at least so many must be known.
const LEAST_WEEKS: usize = 4;
/// Buckets at most: two years of hours.
const MOST: usize = 24 * 740;
/// Buckets that a drift is told from, and those before them that say the trend: hours, and days.
const DRIFT: [(usize, usize); 2] = [(24, 168), (14, 28)];

/// Minutes in which a burst may show.
const SPANS: [i64; 3] = [1, 5, 15];
const MINUTE: i64 = 60_000;
/// Minutes that are asked for together: a day's.
const MINUTES: usize = 1_440;
const HOUR: i64 = 3_600_000;

/// Orders by bucket, the one under way included.
#[derive(Debug)]
pub(super) struct Pulse {
    zone: Zone,
    grain: Grain,
    starts: Vec<UtcMillis>,
    seen: Vec<f64>,
    /// What is usual, and its variance ÷ mean; NaN: not known.
    usual: Vec<(f64, f64)>,
}

impl Engine {
    /// All that is needed to read the buckets that end in `span`, where lines go back to `since`.
    pub(super) fn pulse(&self, book: Book<'_>, span: Span, since: UtcMillis) -> Pulse {
        let zone = self.zone();
        let grain = match self.catalogue.finest_grain() {
            Grain::Day => Grain::Day,
            _ => Grain::Hour,
        };
        let end = zone.floor(grain, span.to);
        let of_drift = [(Grain::Day, 43), (Grain::Hour, 9)].into_iter();
        let days = of_drift.fold(0, |days, (of, back)| if of == grain { back } else { days });
        let first = zone.shift_days(zone.floor(grain, span.from), -days);
        let from = zone.shift_days(first, -7 * WEEKS);
        let to = zone.next(grain, end);
        let frame = Span { from, to };
        let spec = Spec {
            by: vec![By::Time(zone, grain)],
            ..orders()
        };
        let starts = zone.buckets(grain, frame, MOST);
        let groups = book.ask(&spec, When::of(frame));
        let seen: Vec<f64> = (0..starts.len())
            .map(|at| count(groups.distinct(0, at)))
            .collect();
        let mut pulse = Pulse {
            zone,
            grain,
            starts,
            seen,
            usual: Vec::new(),
        };
        let usual = |at: &UtcMillis| {
            if *at < first {
                (f64::NAN, f64::NAN)
            } else {
                pulse.usual_at(*at, since)
            }
        };
        pulse.usual = pulse.starts.iter().map(usual).collect();
        pulse
    }

    /// Orders of each minute of `span`, summed up: minute by minute a burst is asked for often.
    pub(super) fn minutes(&self, book: Book<'_>, span: Span) -> Minutes {
        let zone = self.zone();
        let spec = Spec {
            by: vec![By::Time(zone, Grain::Minute)],
            ..orders()
        };
        let from = zone.floor(Grain::Minute, span.from);
        let (mut sums, mut sum, mut next) = (Vec::new(), 0.0, from);
        while next < span.to {
            let part = Span {
                from: next,
                to: next.plus(DAY_MILLIS).min(span.to),
            };
            let groups = book.ask(&spec, When::of(part));
            for at in 0..zone.buckets(Grain::Minute, part, MINUTES).len() {
                sum += count(groups.distinct(0, at));
                sums.push(sum);
            }
            next = part.to;
        }
        Minutes { from: from.0, sums }
    }
}

/// Orders made, by nothing.
fn orders() -> Spec {
    Spec {
        own: Masks::OWN_ALL,
        distinct: vec![Distinct::Orders(Which::All)],
        ..Spec::new(Clock::Created)
    }
}

/// Orders from `from` to before `to`.
pub(super) fn orders_between(book: Book<'_>, from: i64, to: i64) -> f64 {
    let (from, to) = (UtcMillis(from), UtcMillis(to));
    count(book.ask(&orders(), When::of(Span { from, to })).distinct(0, 0))
}

/// How many orders there were up to the end of each minute.
#[derive(Debug)]
pub(super) struct Minutes {
    from: i64,
    sums: Vec<f64>,
}

impl Minutes {
    /// Orders from `from` to before `to`, of whole minutes.
    pub(super) fn between(&self, from: i64, to: i64) -> f64 {
        let up_to = |at: i64| {
            let minutes = usize::try_from((at - self.from) / MINUTE).unwrap_or(0);
            let last = minutes.min(self.sums.len()).checked_sub(1);
            last.and_then(|last| self.sums.get(last)).copied().unwrap_or(0.0)
        };
        up_to(to) - up_to(from)
    }
}

impl Pulse {
    /// When buckets end that something is known of.
    pub(super) fn ends(&self) -> impl Iterator<Item = UtcMillis> + '_ {
        let known = |(start, usual): (&UtcMillis, &(f64, f64))| {
            (!usual.0.is_nan()).then(|| self.zone.next(self.grain, *start))
        };
        self.starts.iter().zip(&self.usual).filter_map(known)
    }

    /// Orders of the bucket that begins at `start`, and what is usual there.
    pub(super) fn at(&self, start: UtcMillis) -> Option<(f64, f64)> {
        let at = self.starts.binary_search(&start).ok()?;
        Some((*self.seen.get(at)?, self.usual.get(at)?.0))
    }

    /// Whether it tells hours apart.
    pub(super) const fn is_hourly(&self) -> bool {
        matches!(self.grain, Grain::Hour)
    }

    /// Mean and dispersion that are usual in the bucket of `start`.
    fn usual_of(&self, start: UtcMillis) -> Option<(f64, f64)> {
        let at = self.starts.binary_search(&start).ok()?;
        self.usual.get(at).copied().filter(|usual| !usual.0.is_nan())
    }

    /// Whether the orders of the last minutes leap (DOMAIN §2, detection on counts, 1): against those of the same hours
    /// of the weeks before, times the trend of the hour just before. Of several spans the one that says most. Where
    /// lines say no hour, whether those of the last whole day do. `seen`: orders from one instant to before another.
    pub(super) fn read_burst(&self, as_of: UtcMillis, seen: &dyn Fn(i64, i64) -> f64, shop: &mut Values) {
        let this = self.zone.floor(self.grain, as_of);
        if !self.is_hourly() {
            let day = self.zone.floor(self.grain, this.plus(-1));
            if let Some(((orders, _), (mean, dispersion))) = self.at(day).zip(self.usual_of(day)) {
                set_burst(shop, (orders, mean), dispersion);
            }
            return;
        }
        let hours: [UtcMillis; 3] = [0, 1, 2].map(|back| this.plus(-HOUR * back));
        let usual = hours.map(|hour| self.usual_of(hour));
        let [Some(now), Some(before), ..] = usual else {
            return;
        };
        // Orders that are usual from one instant to another: each hour's evenly.
        let expected = |from: i64, to: i64| -> f64 {
            let part = |(hour, usual): (&UtcMillis, &Option<(f64, f64)>)| {
                let share = (to.min(hour.0 + HOUR) - from.max(hour.0)).max(0);
                usual.map_or(0.0, |(mean, _)| mean * millis(share) / millis(HOUR))
            };
            hours.iter().zip(&usual).map(part).sum()
        };
        let end = as_of.0 + 1;
        let dispersion = now.1.max(before.1);
        let mut told = f64::NEG_INFINITY;
        for minutes in SPANS {
            let from = end - minutes * MINUTE;
            // What goes on for an hour is no leap any more.
            let usual_late = expected(from - HOUR, from);
            let trend = if usual_late >= 1.0 {
                (seen(from - HOUR, from) / usual_late).max(1.0)
            } else {
                1.0
            };
            let (orders, usual) = (seen(from, end), expected(from, end) * trend);
            // What varies by hours varies less by minutes.
            let over = 1.0 + (dispersion - 1.0) * millis(minutes) / 60.0;
            let mut own = Metric::UNKNOWN;
            set_burst(&mut own, (orders, usual), over);
            if Metric::Burst.of(&own) > told {
                told = Metric::Burst.of(&own);
                for metric in BURST {
                    metric.set(shop, metric.of(&own));
                }
            }
        }
    }

    fn usual_at(&self, start: UtcMillis, since: UtcMillis) -> (f64, f64) {
        let mut usual = Vec::new();
        for week in 1..=WEEKS {
            let at = self.zone.shift_days(start, -7 * week);
            let bucket = self.starts.binary_search(&at).ok().filter(|_| at >= since);
            usual.extend(bucket.and_then(|bucket| self.seen.get(bucket)));
        }
        if usual.len() < LEAST_WEEKS {
            return (f64::NAN, f64::NAN);
        }
        arrange(&mut usual, f64::total_cmp);
        let mean = (usual[(usual.len() - 1) / 2] + usual[usual.len() / 2]) / 2.0;
        let residual = |count: &f64| (count - mean) * (count - mean) / mean.max(1.0);
        let pearson: f64 = usual.iter().map(residual).sum();
        (mean, (pearson / count((usual.len() - 1) as u64)).max(1.0))
    }

    /// Reads the last whole bucket before `as_of`.
    pub(super) fn read(&self, as_of: UtcMillis, shop: &mut Values) {
        let end = self.zone.floor(self.grain, as_of);
        let start = self.zone.floor(self.grain, end.plus(-1));
        let Ok(at) = self.starts.binary_search(&start) else {
            return;
        };
        let ((mean, dispersion), seen) = (self.usual[at], self.seen[at]);
        if mean.is_nan() {
            return;
        }
        let z = anscombe(seen, mean, dispersion);
        // Few orders are far from usual by chance: the tail decides, upwards only.
        let z = if mean < 10.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            let is_rare = seen >= 5.0 && poisson_tail(seen as u64, mean, dispersion) < 1e-4;
            if is_rare { z.max(4.0) } else { z.clamp(-3.9, 3.9) }
        } else {
            z
        };
        for (metric, value) in [
            (Metric::OrdersZ, z),
            (Metric::OrdersRatio, seen / mean),
            (Metric::OrdersSeen, seen),
            (Metric::OrdersUsual, mean),
        ] {
            metric.set(shop, value);
        }
        let local = start.0 + i64::from(self.zone.offset_minutes(start)) * 60_000;
        // A day is judged whole, at whatever hour.
        let hour = if self.grain == Grain::Day {
            12
        } else {
            local.rem_euclid(DAY_MILLIS) / 3_600_000
        };
        Metric::Hour.set(shop, millis(hour));
        self.read_drift(at, shop);
    }

    /// Whether many small differences up to bucket `at` go the same way, beyond the trend that was there before.
    fn read_drift(&self, at: usize, shop: &mut Values) {
        let (of, before) = DRIFT[usize::from(self.grain == Grain::Day)];
        let Some(from) = (at + 1).checked_sub(of) else {
            return;
        };
        let Some(back) = from.checked_sub(before) else {
            return;
        };
        // Sums of what was seen and of what is usual, where that is known.
        let sums = |from: usize, to: usize| {
            let both = self.seen[from..to].iter().zip(&self.usual[from..to]);
            let known = both.filter(|(_, usual)| !usual.0.is_nan());
            known.fold((0.0, 0.0), |(seen, mean), (one, usual)| {
                (seen + one, mean + usual.0)
            })
        };
        let (trend_seen, trend_usual) = sums(back, from);
        if trend_usual <= 0.0 || self.usual[back..from].iter().any(|usual| usual.0.is_nan()) {
            return;
        }
        let trend = (trend_seen / trend_usual).clamp(0.5, 2.0);
        let z = |at: usize| {
            let (mean, dispersion) = self.usual[at];
            // One burst is no drift.
            anscombe(self.seen[at], mean * trend, dispersion).clamp(-3.0, 3.0)
        };
        let (seen, usual) = sums(from, at + 1);
        Metric::OrdersDrift.set(shop, ewma((from..=at).map(z)));
        Metric::DriftSeen.set(shop, seen);
        Metric::DriftUsual.set(shop, usual * trend);
    }
}

/// What tells a burst.
pub(super) const BURST: [Metric; 4] = [
    Metric::Burst,
    Metric::BurstRatio,
    Metric::BurstSeen,
    Metric::BurstUsual,
];

/// How little chance leaves to orders `seen` where so many were `usual`.
fn set_burst(values: &mut Values, (seen, usual): (f64, f64), dispersion: f64) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let tail = if seen >= 5.0 {
        poisson_tail(seen as u64, usual, dispersion)
    } else {
        1.0
    };
    let said = [-tail.max(1e-16).log10(), seen / usual, seen, usual];
    for (metric, value) in BURST.into_iter().zip(said) {
        metric.set(values, value);
    }
}
