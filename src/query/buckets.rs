//! Instants to buckets of the shop's calendar.

use crate::time::{Grain, Span, UtcMillis, Zone};

/// Ascending bucket starts over a span, with a quick look-up.
#[derive(Clone, Debug)]
pub struct Buckets {
    starts: Vec<i64>,
    span: Span,
    width: i64,
}

impl Buckets {
    /// Most buckets a chart gets; a longer span is cut at its end.
    pub const LIMIT: usize = 4_000;

    /// The buckets that touch `span`. Instants outside of `span` are in no bucket.
    pub fn new(zone: Zone, grain: Grain, span: Span) -> Self {
        let starts: Vec<i64> = zone
            .buckets(grain, span, Self::LIMIT)
            .into_iter()
            .map(|at| at.0)
            .collect();
        let width = match (starts.first(), starts.last(), i64::try_from(starts.len())) {
            (Some(first), Some(last), Ok(len)) if len > 1 => ((last - first) / (len - 1)).max(1),
            _ => i64::MAX,
        };
        Self { starts, span, width }
    }

    /// Number of buckets.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Starts, ascending.
    pub fn starts(&self) -> impl Iterator<Item = UtcMillis> + '_ {
        self.starts.iter().map(|at| UtcMillis(*at))
    }

    /// Buckets of many instants into `out`, `u32::MAX` for one that is in none. Lines lie in order of time,
    /// or nearly so: the bucket of the one before is tried first.
    pub fn indices(&self, times: &[i64], out: &mut Vec<u32>) {
        out.clear();
        let (mut from, mut to, mut bucket) = (i64::MAX, i64::MIN, u32::MAX);
        out.extend(times.iter().map(|at| {
            if !(from <= *at && *at < to) {
                let index = self.index(UtcMillis(*at));
                bucket = index
                    .and_then(|index| u32::try_from(index).ok())
                    .unwrap_or(u32::MAX);
                (from, to) = index.map_or((i64::MAX, i64::MIN), |index| {
                    let next = self.starts.get(index + 1).copied().unwrap_or(self.span.to.0);
                    (self.starts[index].max(self.span.from.0), next.min(self.span.to.0))
                });
            }
            bucket
        }));
    }

    /// The bucket that holds both `from` and `to`, and all between them.
    pub fn shared(&self, from: UtcMillis, to: UtcMillis) -> Option<u32> {
        let bucket = self.index(from)?;
        (self.index(to)? == bucket)
            .then(|| u32::try_from(bucket).ok())
            .flatten()
    }

    /// Bucket of `at`: a guess by the mean width, put right by stepping (months differ, days change clocks).
    pub fn index(&self, at: UtcMillis) -> Option<usize> {
        if !self.span.contains(at) {
            return None;
        }
        let first = *self.starts.first()?;
        let guess = usize::try_from((at.0 - first) / self.width).unwrap_or(0);
        let mut index = guess.min(self.starts.len() - 1);
        while index > 0 && self.starts[index] > at.0 {
            index -= 1;
        }
        while self.starts.get(index + 1).is_some_and(|next| *next <= at.0) {
            index += 1;
        }
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY_MILLIS;

    #[test]
    fn every_instant_is_in_the_bucket_that_holds_it() {
        for name in ["Asia/Shanghai", "America/New_York", "Europe/Berlin"] {
            let zone = Zone::named(name).unwrap();
            let span = Span {
                from: UtcMillis(1_772_000_000_000),
                to: UtcMillis(1_772_000_000_000 + 400 * DAY_MILLIS),
            };
            for grain in [Grain::Day, Grain::Week, Grain::Month] {
                let buckets = Buckets::new(zone, grain, span);
                let starts: Vec<_> = buckets.starts().collect();
                let mut at = span.from;
                while at < span.to {
                    let index = buckets.index(at).unwrap();
                    assert_eq!(starts[index], zone.floor(grain, at), "{name} {grain:?} {at:?}");
                    at = at.plus(7 * 3_600_000 + 13);
                }
                assert_eq!(buckets.index(span.to), None);
                assert_eq!(buckets.index(span.from.plus(-1)), None);
            }
        }
    }
}
