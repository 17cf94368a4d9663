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

/// Orders by bucket.
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
        let frame = Span { from, to: end };
        let spec = Spec {
            by: vec![By::Time(zone, grain)],
            own: Masks::OWN_ALL,
            distinct: vec![Distinct::Orders(Which::All)],
            ..Spec::new(Clock::Created)
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
}

impl Pulse {
    /// When buckets end that something is known of.
    pub(super) fn ends(&self) -> impl Iterator<Item = UtcMillis> + '_ {
        let known = |(start, usual): (&UtcMillis, &(f64, f64))| {
            (!usual.0.is_nan()).then(|| self.zone.next(self.grain, *start))
        };
        self.starts.iter().zip(&self.usual).filter_map(known)
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
