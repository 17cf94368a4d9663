//! The rhythm of orders: hours, weekdays, seasons, promotions, livestreams.
//!
//! Time inside the simulator is milliseconds since [`START`]; the shop's zone has no clock changes, so
//! a day is 1440 minutes. Rates are orders a minute and constant within a minute.

use super::catalogue::Catalogue;
use super::rng::{Purpose, Rng, exp_neg};
use crate::time::UtcMillis;

/// Start of the first simulated day, 2026-04-20 00:00 in Shanghai, a Monday.
pub(super) const START: UtcMillis = UtcMillis(1_776_614_400_000);
/// Milliseconds of a minute.
pub(super) const MINUTE: i64 = 60_000;
/// Minutes of a day.
pub(super) const DAY_MINUTES: usize = 1440;
/// 2026-06-18.
pub(super) const OPENING_DAY: usize = 59;
/// 2026-06-01, when the promotion starts (开门红).
const KICK_OFF_DAY: usize = 42;
/// Days with promotion orders.
const EVENT_DAYS: [usize; 4] = [KICK_OFF_DAY, OPENING_DAY, OPENING_DAY + 1, OPENING_DAY + 2];

/// Everyday orders on a day like any other.
pub(super) const EVERYDAY_ORDERS: f64 = 1230.0;

/// Share of a day's orders in each hour, in %.
const HOURS: [f64; 24] = [
    2.6, 1.7, 1.2, 0.9, 0.9, 1.0, 1.6, 2.6, 3.6, 4.6, 5.4, 5.4, 5.2, 4.9, 4.8, 4.9, 4.8, 4.6, 4.9, 6.0, 7.6,
    8.4, 7.3, 5.1,
];

/// Monday first.
const WEEKDAYS: [f64; 7] = [0.97, 0.96, 0.97, 1.0, 1.04, 1.04, 1.02];

/// Season: (day, factor), straight lines between. 05-20 is a day of gifts; before a promotion people wait.
const SEASON: [(f64, f64); 24] = [
    (0.0, 0.95),
    (10.0, 1.0),
    (11.0, 0.92),
    (15.0, 0.92),
    (17.0, 1.0),
    (29.0, 1.05),
    (30.0, 1.4),
    (31.0, 1.05),
    (34.0, 1.0),
    (38.0, 0.88),
    (41.0, 0.82),
    (42.0, 1.25),
    (43.0, 1.1),
    (46.0, 1.0),
    (51.0, 0.95),
    (55.0, 0.86),
    (58.0, 0.78),
    (59.0, 1.1),
    (60.0, 1.0),
    (61.0, 0.9),
    (63.0, 0.86),
    (66.0, 0.9),
    (72.0, 1.0),
    (80.0, 1.0),
];

/// 06-18 up to 20:00: (minute, promotion orders a minute). It falls towards 20:00, since people wait.
const OPENING: [(f64, f64); 13] = [
    (0.0, 16.0),
    (30.0, 8.0),
    (90.0, 2.5),
    (180.0, 0.8),
    (420.0, 1.6),
    (540.0, 4.2),
    (720.0, 5.4),
    (840.0, 4.6),
    (1020.0, 7.5),
    (1080.0, 24.0),
    (1140.0, 22.0),
    (1195.0, 17.0),
    (1440.0, 12.0),
];

/// The night and the day after: the end of the promotion.
const AFTER: [(f64, f64); 6] = [
    (0.0, 12.0),
    (60.0, 5.0),
    (180.0, 1.4),
    (480.0, 0.8),
    (1200.0, 1.0),
    (1440.0, 0.3),
];

/// Orders a minute, by kind: everyday, promotion, livestream.
pub(super) type Rates = [f64; 3];

/// A livestream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Show {
    /// First minute of the day.
    from: usize,
    /// Minute of the day after the last.
    to: usize,
    /// Orders a minute.
    rate: f64,
    /// SKUs put forward.
    pub(super) shown: [usize; 3],
}

/// Mean orders of livestreams a day, for planning.
const SHOW_ORDERS: f64 = 145.0;

/// The calendar, with what is the same all day kept for the day last asked.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    seed: u64,
    day: usize,
    factor: f64,
    show: Option<Show>,
}

impl Calendar {
    /// The calendar of the shop with `seed`.
    pub(super) fn new(seed: u64, catalogue: &Catalogue) -> Self {
        let mut calendar = Self {
            seed,
            day: 0,
            factor: 1.0,
            show: None,
        };
        calendar.turn(0, catalogue);
        calendar
    }

    /// Opens the page of `day`.
    pub(super) fn turn(&mut self, day: usize, catalogue: &Catalogue) {
        let mood = 0.95 + 0.1 * Rng::keyed(self.seed, Purpose::Day, day as u64).unit();
        self.day = day;
        self.factor = mood * day_factor(day);
        self.show = show(self.seed, day, catalogue);
    }

    /// Livestream of the day.
    pub(super) const fn show(&self) -> Option<Show> {
        self.show
    }

    /// Rates at `minute` of the day.
    pub(super) fn rates(&self, minute: usize) -> Rates {
        let hour = (self.day * 24 + minute / 60) as u64;
        let mood = 0.9 + 0.2 * Rng::keyed(self.seed, Purpose::Hour, hour).unit();
        let everyday = EVERYDAY_ORDERS * self.factor * mood * hour_share(minute) / 60.0;
        let live = self.show.map_or(0.0, |show| {
            if (show.from..show.to).contains(&minute) {
                show.rate * mood
            } else {
                0.0
            }
        });
        [everyday, promotion(self.day, minute), live]
    }
}

/// Orders expected on `day`, as one who plans knows it: without moods.
pub(super) fn expected_orders(day: usize) -> Rates {
    let promotion = if EVENT_DAYS.contains(&day) {
        (0..DAY_MINUTES).map(|minute| promotion(day, minute)).sum()
    } else {
        0.0
    };
    [
        EVERYDAY_ORDERS * day_factor(day),
        promotion,
        if day == OPENING_DAY { 0.0 } else { SHOW_ORDERS },
    ]
}

/// Trend × weekday × season.
fn day_factor(day: usize) -> f64 {
    let trend = 0.94 + 0.14 * (day as f64 / 60.0).min(1.0);
    trend * WEEKDAYS[day % 7] * line(&SEASON, day as f64)
}

/// Share of a day's orders in the hour around `minute`: straight lines between the middles of hours.
fn hour_share(minute: usize) -> f64 {
    let at = minute + DAY_MINUTES - 30;
    let (hour, into) = (at / 60 % 24, at % 60);
    let (this, next) = (HOURS[hour], HOURS[(hour + 1) % 24]);
    (this + (next - this) * into as f64 / 60.0) / 100.0
}

/// Promotion orders a minute.
fn promotion(day: usize, minute: usize) -> f64 {
    let at = minute as f64;
    let pulse = |from: f64, height: f64, fade: f64| {
        if at < from {
            0.0
        } else {
            height * exp_neg((at - from) / fade)
        }
    };
    match day {
        KICK_OFF_DAY => pulse(1200.0, 24.0, 45.0),
        OPENING_DAY => {
            line(&OPENING, at)
                + pulse(1200.0, 170.0, 9.0)
                + pulse(1200.0, 335.0, 50.0)
                + pulse(1320.0, 110.0, 35.0)
        }
        _ if day == OPENING_DAY + 1 => line(&AFTER, at),
        _ if day == OPENING_DAY + 2 => 0.3,
        _ => 0.0,
    }
}

/// The livestream of `day`: most Tuesdays, Thursdays, Saturdays and Sundays in the evening.
fn show(seed: u64, day: usize, catalogue: &Catalogue) -> Option<Show> {
    let mut rng = Rng::keyed(seed, Purpose::Show, day as u64);
    if day == OPENING_DAY
        || !matches!(day % 7, 1 | 3 | 5 | 6)
        || !rng.permille(800)
        || catalogue.stars.is_empty()
    {
        return None;
    }
    let from = rng.between(1170, 1235) as usize;
    let to = from + rng.between(75, 135) as usize;
    let rate = 1.6 + 2.4 * rng.unit();
    let stars = catalogue.stars.len() as u32;
    Some(Show {
        from,
        to,
        rate,
        shown: [0; 3].map(|_: usize| catalogue.stars[rng.below(stars) as usize]),
    })
}

/// The value at `x` of straight lines through `points`, level beyond its ends.
fn line(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.partition_point(|(at, _)| *at <= x);
    match (
        after.checked_sub(1).and_then(|before| points.get(before)),
        points.get(after),
    ) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some((_, y))) => *y,
        (None, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Grain, Zone};

    #[test]
    fn days_are_those_of_the_shops_zone() {
        let zone = Zone::named(super::super::ZONE).unwrap();
        assert_eq!(zone.floor(Grain::Day, START), START);
        assert_eq!(zone.local(START).to_rfc3339(), "2026-04-20T00:00:00+08:00");
        assert_eq!(
            zone.local(super::super::OPENS_AT).to_rfc3339(),
            "2026-06-18T20:14:00+08:00"
        );
    }

    #[test]
    fn a_day_holds_what_is_planned_for_it() {
        let catalogue = Catalogue::new(5);
        let mut calendar = Calendar::new(5, &catalogue);
        let (mut seen, mut planned) = ([0.0; 3], [0.0; 3]);
        for day in 0..OPENING_DAY + 40 {
            calendar.turn(day, &catalogue);
            for minute in 0..DAY_MINUTES {
                calendar
                    .rates(minute)
                    .iter()
                    .zip(&mut seen)
                    .for_each(|(rate, sum)| *sum += rate);
            }
            expected_orders(day)
                .iter()
                .zip(&mut planned)
                .for_each(|(orders, sum)| *sum += orders);
        }
        for (kind, tolerance) in [0.03, 0.001, 0.25].into_iter().enumerate() {
            let ratio = seen[kind] / planned[kind];
            assert!((ratio - 1.0).abs() < tolerance, "kind {kind}: {ratio}");
        }
    }

    #[test]
    fn the_evening_bursts_and_fades() {
        let at = |minute| promotion(OPENING_DAY, minute);
        assert!(at(1200) > 8.0 * at(1199), "{} → {}", at(1199), at(1200));
        assert!((240.0..480.0).contains(&at(1214)), "{}", at(1214));
        assert!(at(1320) > 1.5 * at(1319));
        assert!(at(1439) < 40.0);
        assert!(promotion(OPENING_DAY + 3, 600) == 0.0);
    }
}
