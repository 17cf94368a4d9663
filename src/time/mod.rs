//! Instants and the shop's calendar.
//!
//! Rule: reads no clock; `now` is always an argument. Instants are UTC, days are cut in the shop's
//! time zone, and a local time that a clock change skips or repeats gets one stated meaning.

mod text;
mod zones;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone, Timelike, Utc};
use serde::{Deserialize, Serialize};
use zones::Tz;

/// Milliseconds of an hour.
pub const HOUR_MILLIS: i64 = 3_600_000;
/// Milliseconds of a day of 24 hours.
pub const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UtcMillis(pub i64);

impl UtcMillis {
    /// This instant moved by `millis`, stopping at the ends of time.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

/// A half-open span of time, `from` included, `to` excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First instant inside.
    pub from: UtcMillis,
    /// First instant after.
    pub to: UtcMillis,
}

impl Span {
    /// All of time.
    pub const ALWAYS: Self = Self {
        from: UtcMillis(i64::MIN),
        to: UtcMillis(i64::MAX),
    };

    /// Whether `at` lies inside.
    pub const fn contains(self, at: UtcMillis) -> bool {
        self.from.0 <= at.0 && at.0 < self.to.0
    }

    /// Length in milliseconds, never negative.
    pub const fn millis(self) -> i64 {
        let length = self.to.0.saturating_sub(self.from.0);
        if length < 0 { 0 } else { length }
    }

    /// Days of 24 hours that it takes up, a begun one included.
    pub const fn days(self) -> i64 {
        let whole = self.millis() / DAY_MILLIS;
        if self.millis() % DAY_MILLIS == 0 {
            whole
        } else {
            whole + 1
        }
    }

    /// The same length, `millis` earlier.
    #[must_use]
    pub const fn back(self, millis: i64) -> Self {
        Self {
            from: self.from.plus(-millis),
            to: self.to.plus(-millis),
        }
    }
}

/// Width of a time bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grain {
    /// One minute.
    Minute,
    /// Ten minutes.
    TenMinutes,
    /// One hour.
    Hour,
    /// One day of the shop's calendar.
    Day,
    /// Monday to Sunday.
    Week,
    /// One calendar month.
    Month,
}

impl Grain {
    /// Name in addresses and attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::TenMinutes => "10min",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// All, finest first.
    pub const ALL: [Self; 6] = [
        Self::Minute,
        Self::TenMinutes,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
    ];

    /// The one called `id`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grain| grain.id() == id)
    }

    /// The finest grain that shows `span` in at most 200 points.
    pub fn fitting(span: Span) -> Self {
        let fits = |width: i64| span.millis() / width <= 200;
        if fits(600_000) {
            Self::TenMinutes
        } else if fits(HOUR_MILLIS) {
            Self::Hour
        } else if fits(DAY_MILLIS) {
            Self::Day
        } else if fits(7 * DAY_MILLIS) {
            Self::Week
        } else {
            Self::Month
        }
    }
}

/// The time zone in which a shop cuts its days, and the minute at which its business day begins (a shop
/// that packs until four in the morning counts those hours to the day before).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone {
    tz: Tz,
    day_starts: u16,
}

impl Ord for Zone {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.name(), self.day_starts).cmp(&(other.name(), other.day_starts))
    }
}

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self {
            tz: Tz::USUAL,
            day_starts: 0,
        }
    }
}

impl Zone {
    /// The zone called `name` (IANA), if it was compiled in; see `.cargo/config.toml`.
    pub fn named(name: &str) -> Option<Self> {
        let tz = Tz::named(name)?;
        Some(Self { tz, day_starts: 0 })
    }

    /// Minutes after midnight at which its business days begin.
    pub const fn day_starts(self) -> u16 {
        self.day_starts
    }

    /// The same zone with business days that begin `minutes` after midnight, at most 12 hours.
    #[must_use]
    pub const fn with_day_starting(self, minutes: u16) -> Self {
        let day_starts = if minutes > 720 { 720 } else { minutes };
        Self { day_starts, ..self }
    }

    /// IANA name.
    pub fn name(self) -> &'static str {
        self.tz.name()
    }

    /// Names of all zones that can be chosen, in order.
    pub fn all() -> impl Iterator<Item = &'static str> {
        Tz::all().map(Tz::name)
    }

    /// Distance from UTC at `at`, in minutes, east positive.
    pub fn offset_minutes(self, at: UtcMillis) -> i32 {
        self.tz.distance(at.0.div_euclid(1000)) / 60
    }

    /// The wall clock at `at`. Instants no calendar holds are shown as 1970.
    pub fn local(self, at: UtcMillis) -> DateTime<FixedOffset> {
        let distance = self.tz.distance(at.0.div_euclid(1000));
        let distance = FixedOffset::east_opt(distance).unwrap_or_else(|| Utc.fix());
        distance
            .timestamp_millis_opt(at.0)
            .single()
            .unwrap_or_else(|| distance.from_utc_datetime(&NaiveDateTime::default()))
    }

    /// The instant a wall clock showed `local`: the earlier one where the hour is repeated; where it is
    /// skipped, the instant at which the clock was put forward.
    pub fn instant(self, local: NaiveDateTime) -> UtcMillis {
        UtcMillis(self.tz.instant(local.and_utc().timestamp_millis()))
    }

    /// Start of the bucket that holds `at`.
    pub fn floor(self, grain: Grain, at: UtcMillis) -> UtcMillis {
        let local = self.local(at);
        let day = || {
            let start = chrono::TimeDelta::minutes(self.day_starts.into());
            let local = local.naive_local();
            local.checked_sub_signed(start).unwrap_or(local).date()
        };
        match grain {
            Grain::Minute => at.plus(-at.0.rem_euclid(60_000)),
            Grain::TenMinutes => at.plus(-at.0.rem_euclid(600_000)),
            Grain::Hour => {
                // Half-hour zones start their hours on the half.
                let into = i64::from(local.minute()) * 60_000 + i64::from(local.second()) * 1000;
                at.plus(-into).plus(-at.0.rem_euclid(1000))
            }
            Grain::Day => self.begin(day()),
            Grain::Week => self.begin(monday(day())),
            Grain::Month => self.begin(day().with_day(1).unwrap_or_default()),
        }
    }

    /// Start of the bucket after the one that starts at `start`.
    pub fn next(self, grain: Grain, start: UtcMillis) -> UtcMillis {
        match grain {
            Grain::Minute => start.plus(60_000),
            Grain::TenMinutes => start.plus(600_000),
            Grain::Hour => start.plus(HOUR_MILLIS),
            Grain::Day => self.shift_days(start, 1),
            Grain::Week => self.shift_days(start, 7),
            Grain::Month => {
                let date = self.local(start).date_naive();
                let next = date
                    .with_day(1)
                    .and_then(|d| d.checked_add_months(chrono::Months::new(1)));
                self.begin(next.unwrap_or(date))
            }
        }
    }

    /// The same wall-clock time `days` later (negative: earlier).
    pub fn shift_days(self, at: UtcMillis, days: i64) -> UtcMillis {
        let local = self.local(at).naive_local();
        let moved = chrono::TimeDelta::try_days(days).and_then(|delta| local.checked_add_signed(delta));
        moved.map_or(at, |moved| self.instant(moved))
    }

    /// The same wall-clock time `months` later (negative: earlier); where that month is too short, its
    /// last day.
    pub fn shift_months(self, at: UtcMillis, months: i32) -> UtcMillis {
        let local = self.local(at).naive_local();
        let by = chrono::Months::new(months.unsigned_abs());
        let moved = if months < 0 {
            local.checked_sub_months(by)
        } else {
            local.checked_add_months(by)
        };
        moved.map_or(at, |moved| self.instant(moved))
    }

    /// Starts of all buckets that touch `span`, ascending, at most `limit`.
    pub fn buckets(self, grain: Grain, span: Span, limit: usize) -> Vec<UtcMillis> {
        let mut starts = Vec::new();
        let mut at = self.floor(grain, span.from);
        while at < span.to && starts.len() < limit {
            starts.push(at);
            let next = self.next(grain, at);
            if next <= at {
                break;
            }
            at = next;
        }
        starts
    }

    /// When the business day `date` begins.
    fn begin(self, date: NaiveDate) -> UtcMillis {
        let midnight = date.and_time(chrono::NaiveTime::MIN);
        let start = chrono::TimeDelta::minutes(self.day_starts.into());
        self.instant(midnight.checked_add_signed(start).unwrap_or(midnight))
    }
}

fn monday(date: NaiveDate) -> NaiveDate {
    let back = chrono::TimeDelta::days(i64::from(date.weekday().num_days_from_monday()));
    date.checked_sub_signed(back).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap_or_else(|| panic!("{name} is compiled in"))
    }

    #[track_caller]
    fn check(name: &str, grain: Grain, utc: &str, expect: &str, next: &str) {
        let zone = zone(name);
        let at = UtcMillis(
            DateTime::parse_from_rfc3339(utc)
                .map(|t| t.timestamp_millis())
                .unwrap_or_default(),
        );
        let start = zone.floor(grain, at);
        assert_eq!(zone.key(grain, start), expect, "{name} {grain:?} {utc}");
        assert_eq!(
            zone.key(grain, zone.next(grain, start)),
            next,
            "{name} {grain:?} {utc}"
        );
    }

    #[test]
    fn business_days_begin_when_the_shop_says() {
        let shop = zone("Asia/Shanghai").with_day_starting(4 * 60);
        let at = |local: &str| {
            let local = chrono::NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
            shop.instant(local)
        };
        for (local, day, week, month) in [
            ("2026-06-01 03:59", "2026-05-31", "2026-W22", "2026-05"),
            ("2026-06-01 04:00", "2026-06-01", "2026-W23", "2026-06"),
            ("2026-06-18 23:00", "2026-06-18", "2026-W25", "2026-06"),
        ] {
            for (grain, expect) in [(Grain::Day, day), (Grain::Week, week), (Grain::Month, month)] {
                let start = shop.floor(grain, at(local));
                assert_eq!(shop.key(grain, start), expect, "{local} {grain:?}");
                assert!(start <= at(local) && at(local) < shop.next(grain, start));
                assert_eq!(shop.local(start).format("%H:%M").to_string(), "04:00");
            }
        }
        // The night in which Berlin's clocks are put forward, begun at an hour that is not there.
        let berlin = zone("Europe/Berlin").with_day_starting(150);
        let start = berlin.floor(Grain::Day, UtcMillis(1_774_746_000_000 + 6 * HOUR_MILLIS));
        assert_eq!(berlin.key(Grain::Day, start), "2026-03-29");
        assert!(berlin.next(Grain::Day, start) > start);
    }

    #[test]
    fn months_are_shifted_by_the_calendar() {
        let shop = zone("Asia/Shanghai");
        let day = |text: &str| {
            let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
            shop.begin(date)
        };
        for (from, months, to) in [
            ("2026-03-31", -1, "2026-02-28"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2026-06-18", -12, "2025-06-18"),
            ("2024-02-29", 12, "2025-02-28"),
        ] {
            assert_eq!(shop.shift_months(day(from), months), day(to), "{from} {months}");
        }
    }

    #[test]
    fn days_are_cut_in_the_shops_zone() {
        check(
            "Asia/Shanghai",
            Grain::Day,
            "2026-06-17T16:00:00Z",
            "2026-06-18",
            "2026-06-19",
        );
        check(
            "Asia/Shanghai",
            Grain::Day,
            "2026-06-17T15:59:59Z",
            "2026-06-17",
            "2026-06-18",
        );
        check(
            "Asia/Shanghai",
            Grain::Week,
            "2026-06-18T00:00:00Z",
            "2026-W25",
            "2026-W26",
        );
        check(
            "Asia/Shanghai",
            Grain::Month,
            "2026-12-31T16:00:00Z",
            "2027-01",
            "2027-02",
        );
        check(
            "Asia/Kolkata",
            Grain::Hour,
            "2026-06-18T00:10:00Z",
            "2026-06-18T05:00",
            "2026-06-18T06:00",
        );
    }

    #[test]
    fn clock_changes_keep_days_whole() {
        check(
            "Europe/Berlin",
            Grain::Day,
            "2026-03-29T12:00:00Z",
            "2026-03-29",
            "2026-03-30",
        );
        check(
            "Europe/Berlin",
            Grain::Day,
            "2026-10-25T12:00:00Z",
            "2026-10-25",
            "2026-10-26",
        );
        let berlin = zone("Europe/Berlin");
        let skipped = NaiveDate::from_ymd_opt(2026, 3, 29)
            .and_then(|d| d.and_hms_opt(2, 30, 0))
            .unwrap_or_default();
        assert_eq!(
            berlin.local(berlin.instant(skipped)).format("%H:%M").to_string(),
            "03:00"
        );
    }

    #[test]
    fn ends_of_time_do_not_panic() {
        for at in [i64::MIN, i64::MAX, 0] {
            for grain in Grain::ALL {
                let _ = zone("America/New_York").floor(grain, UtcMillis(at));
                let _ = zone("America/New_York").next(grain, UtcMillis(at));
            }
        }
    }
}
