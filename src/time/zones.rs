//! Distances of zones from UTC, from 1970 to 2100. Before and after, what held at the end holds on.

use std::sync::OnceLock;

/// A zone as `build.rs` writes it, from the tables of `chrono-tz`.
struct Written {
    name: &'static str,
    /// Quarters of an hour from one change to the next, the first from 1970; seven bits a byte, the lowest first.
    waits: &'static [u8],
    /// Before the first change, then after each: quarters of an hour east of UTC, plus 64.
    distances: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/zones.rs"));

/// Seconds.
const DAY: i64 = 86_400;

/// A zone, by its place among all, which are in order of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Tz(usize);

/// When a zone changes its distance from UTC; all in seconds.
#[derive(Debug, Default)]
struct Changes {
    at: Vec<i64>,
    /// Before the first change, then after each.
    distances: Vec<i32>,
}

static CHANGES: [OnceLock<Changes>; ZONES.len()] = [const { OnceLock::new() }; ZONES.len()];

impl Tz {
    /// The zone of shops that name none, Asia/Shanghai.
    pub(super) const USUAL: Self = Self(USUAL);

    /// The one called `name`, in just these letters.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::all().find(|zone| zone.name() == name)
    }

    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..ZONES.len()).map(Self)
    }

    pub(super) fn name(self) -> &'static str {
        ZONES.get(self.0).map_or("", |zone| zone.name)
    }

    /// Seconds east of UTC, `seconds` after 1970.
    pub(super) fn distance(self, seconds: i64) -> i32 {
        self.changes().map_or(0, |changes| {
            let span = changes.at.partition_point(|at| *at <= seconds);
            changes.distances.get(span).copied().unwrap_or(0)
        })
    }

    /// The instant at which the wall clock showed `wall`, both in milliseconds of their 1970: the earlier where it
    /// did twice, the change where it skipped that time.
    pub(super) fn instant(self, wall: i64) -> i64 {
        let Some(Changes { at, distances }) = self.changes() else {
            return wall;
        };
        // No zone is a whole day from UTC.
        let first = at.partition_point(|at| *at <= wall.div_euclid(1000).saturating_sub(DAY));
        for (span, distance) in distances.iter().enumerate().skip(first) {
            let utc = wall.saturating_sub(i64::from(*distance) * 1000);
            let begins = span.checked_sub(1).and_then(|before| at.get(before));
            if let Some(begins) = begins.filter(|begins| utc < **begins * 1000) {
                return *begins * 1000;
            }
            if at.get(span).is_none_or(|ends| utc < *ends * 1000) {
                return utc;
            }
        }
        wall
    }

    fn changes(self) -> Option<&'static Changes> {
        let (changes, written) = (CHANGES.get(self.0)?, ZONES.get(self.0)?);
        Some(changes.get_or_init(|| written.read()))
    }
}

impl Written {
    fn read(&self) -> Changes {
        let mut at = Vec::with_capacity(self.distances.len());
        let (mut wait, mut shift, mut last) = (0, 0, 0);
        for byte in self.waits {
            wait |= i64::from(byte & 0x7F) << shift;
            shift += 7;
            if *byte < 0x80 {
                last += wait * 900;
                at.push(last);
                (wait, shift) = (0, 0);
            }
        }
        let distances = self
            .distances
            .iter()
            .map(|quarters| (i32::from(*quarters) - 64) * 900);
        Changes {
            at,
            distances: distances.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, NaiveDateTime, Offset, TimeZone};

    /// Each zone beside the tables of chrono-tz.
    fn pairs() -> impl Iterator<Item = (Tz, chrono_tz::Tz)> {
        let all = Tz::all().map(|zone| (zone, zone.name().parse().unwrap()));
        assert_eq!(Tz::all().count(), chrono_tz::TZ_VARIANTS.len());
        all
    }

    fn utc(seconds: i64) -> NaiveDateTime {
        DateTime::from_timestamp(seconds, 0).unwrap().naive_utc()
    }

    #[test]
    fn distances_are_those_of_the_tables() {
        for (zone, known) in pairs() {
            for seconds in (0..4_102_444_800).step_by(23 * 3_600) {
                let expect = known.offset_from_utc_datetime(&utc(seconds)).fix();
                assert_eq!(
                    zone.distance(seconds),
                    expect.local_minus_utc(),
                    "{known} at {seconds}"
                );
            }
            // On both sides of each change.
            for at in &zone.changes().unwrap().at {
                for seconds in [at - 1, *at] {
                    let expect = known.offset_from_utc_datetime(&utc(seconds)).fix();
                    assert_eq!(
                        zone.distance(seconds),
                        expect.local_minus_utc(),
                        "{known} at {seconds}"
                    );
                }
            }
        }
    }

    #[test]
    fn wall_clocks_are_read_as_by_the_tables() {
        for (zone, known) in pairs() {
            let changes = &zone.changes().unwrap().at;
            for at in changes {
                for wall in (at - 30 * 3_600..at + 30 * 3_600).step_by(1_700) {
                    let found = known.from_local_datetime(&utc(wall)).earliest();
                    let instant = zone.instant(wall * 1000 + 7);
                    match found {
                        Some(expect) => {
                            assert_eq!(instant, expect.timestamp_millis() + 7, "{known} {wall}");
                        }
                        // Skipped: the change, and nothing but a change.
                        None => assert_eq!((instant % 1000, changes.contains(&(instant / 1000))), (0, true)),
                    }
                }
            }
        }
    }

    #[test]
    fn beyond_the_tables_the_last_distance_holds() {
        let zone = Tz::named("Europe/Berlin").unwrap();
        assert_eq!(zone.distance(i64::MIN), 3_600);
        assert_eq!(zone.distance(i64::MAX), 3_600);
        assert_eq!(zone.instant(i64::MIN), i64::MIN);
        assert_eq!(zone.instant(i64::MAX), i64::MAX - 3_600_000);
        assert_eq!(Tz::USUAL.name(), "Asia/Shanghai");
        assert_eq!(Tz::named("asia/shanghai"), None);
    }
}
