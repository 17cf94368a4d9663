//! Wall clocks of a shop's zone → instants, fast.

use crate::time::{DAY_MILLIS, UtcMillis, Zone};
use chrono::{NaiveDate, TimeDelta};
use rustc_hash::FxHashMap;

/// Converts local times of one zone. A day without a clock change is looked up once.
#[derive(Debug)]
pub(super) struct Clock {
    zone: Zone,
    /// First instant of a day, where its 24 hours run evenly.
    days: FxHashMap<i32, Option<i64>>,
    last: (i32, Option<i64>),
}

impl Clock {
    pub(super) fn new(zone: Zone) -> Self {
        Self {
            zone,
            days: FxHashMap::default(),
            last: (i32::MIN, None),
        }
    }

    /// Whether the hours of a day run evenly from its midnight.
    pub(super) fn is_even(&mut self, days: i32) -> bool {
        self.midnight(days).is_some()
    }

    /// The instant at which the shop's clocks show `millis` after midnight of `days` after 1970-01-01.
    pub(super) fn instant(&mut self, days: i32, millis: u32) -> UtcMillis {
        match self.midnight(days) {
            Some(midnight) => UtcMillis(midnight + i64::from(millis)),
            None => local(self.zone, days, millis),
        }
    }

    fn midnight(&mut self, days: i32) -> Option<i64> {
        if self.last.0 != days {
            let zone = self.zone;
            self.last = (
                days,
                *self.days.entry(days).or_insert_with(|| even_day(zone, days)),
            );
        }
        self.last.1
    }

    /// The instant a clock `offset_minutes` east of UTC shows that time.
    pub(super) fn instant_at(days: i32, millis: u32, offset_minutes: i32) -> UtcMillis {
        UtcMillis(i64::from(days) * DAY_MILLIS + i64::from(millis) - i64::from(offset_minutes) * 60_000)
    }
}

fn even_day(zone: Zone, days: i32) -> Option<i64> {
    let (start, end) = (local(zone, days, 0).0, local(zone, days.saturating_add(1), 0).0);
    let even = end - start == DAY_MILLIS
        && zone.offset_minutes(UtcMillis(start)) == zone.offset_minutes(UtcMillis(end - 1));
    // A midnight that a clock change skipped does not start an even day.
    (even && zone.local(UtcMillis(start)).time() == chrono::NaiveTime::MIN).then_some(start)
}

fn local(zone: Zone, days: i32, millis: u32) -> UtcMillis {
    let day = NaiveDate::default()
        .checked_add_signed(TimeDelta::days(i64::from(days)))
        .unwrap_or_default();
    zone.instant(day.and_time(chrono::NaiveTime::MIN) + TimeDelta::milliseconds(i64::from(millis)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_path_says_what_the_zone_says() {
        for name in [
            "Asia/Shanghai",
            "Europe/Berlin",
            "America/New_York",
            "America/Sao_Paulo",
            "Africa/Cairo",
        ] {
            let zone = Zone::named(name).unwrap_or_default();
            let mut clock = Clock::new(zone);
            // 1970 to 2027, every fifth hour: each clock change is met.
            for step in 0..100_000_u32 {
                let (days, hour) = (i32::try_from(step / 5).unwrap_or(0), step % 5 * 5);
                let millis = hour * 3_600_000 + 1_800_000;
                assert_eq!(
                    clock.instant(days, millis),
                    local(zone, days, millis),
                    "{name} {days} {hour}"
                );
            }
        }
    }
}
