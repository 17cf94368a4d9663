//! Instants in text, read and written without chrono's formats, which would be a twentieth of the page.

use super::{Grain, UtcMillis, Zone};
use chrono::{Datelike, NaiveDate, Timelike};

impl Zone {
    /// The instant that `text` says: RFC 3339, a local `2026-06-18T20:00` (seconds may follow) or a day,
    /// `2026-06-18`, which begins when business days do.
    pub fn parse(self, text: &str) -> Option<UtcMillis> {
        let mut rest = text.trim();
        let year = number(&mut rest, 4)?;
        rest = rest.strip_prefix('-')?;
        let month = number(&mut rest, 2)?;
        rest = rest.strip_prefix('-')?;
        let day = number(&mut rest, 2)?;
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        if rest.is_empty() {
            return Some(self.begin(date));
        }
        rest = rest.strip_prefix(['T', 't', ' '])?;
        let hour = number(&mut rest, 2)?;
        rest = rest.strip_prefix(':')?;
        let minute = number(&mut rest, 2)?;
        let (mut second, mut millis) = (0, 0);
        if let Some(after) = rest.strip_prefix(':') {
            rest = after;
            second = number(&mut rest, 2)?;
            if let Some(after) = rest.strip_prefix('.') {
                rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
                let digits = after.get(..after.len() - rest.len())?;
                millis = number(&mut format!("{digits:0<3}").as_str(), 3).filter(|_| !digits.is_empty())?;
            }
        }
        let local = date.and_hms_milli_opt(hour, minute, second, millis)?;
        if rest.is_empty() {
            return Some(self.instant(local));
        }
        let utc = UtcMillis(local.and_utc().timestamp_millis());
        if rest == "Z" || rest == "z" {
            return Some(utc);
        }
        let east = rest.starts_with('+');
        rest = rest.strip_prefix(['+', '-'])?;
        let hours = number(&mut rest, 2)?;
        rest = rest.strip_prefix(':')?;
        let minutes = number(&mut rest, 2)?;
        if hours > 23 || minutes > 59 || !rest.is_empty() {
            return None;
        }
        let distance = i64::from(hours * 60 + minutes) * 60_000;
        Some(utc.plus(if east { -distance } else { distance }))
    }

    /// Key of the bucket that starts at `start`:
    ///
    /// ```
    /// use stockpit::time::{Grain, UtcMillis, Zone};
    /// let shop = Zone::named("Asia/Shanghai").unwrap_or_default();
    /// let at = UtcMillis(1_781_784_852_000); // 2026-06-18T12:14:12Z
    /// assert_eq!(shop.key(Grain::Day, shop.floor(Grain::Day, at)), "2026-06-18");
    /// assert_eq!(shop.key(Grain::Hour, shop.floor(Grain::Hour, at)), "2026-06-18T20:00");
    /// ```
    ///
    /// In all: `2022-04`, `2022-04-30`, `2022-W17`, `2022-04-30T08:00`.
    pub fn key(self, grain: Grain, start: UtcMillis) -> String {
        let local = self.local(start);
        let month = format!("{:04}-{:02}", local.year(), local.month());
        match grain {
            Grain::Minute | Grain::TenMinutes | Grain::Hour => {
                let (day, hour, minute) = (local.day(), local.hour(), local.minute());
                format!("{month}-{day:02}T{hour:02}:{minute:02}")
            }
            Grain::Day => format!("{month}-{:02}", local.day()),
            Grain::Week => {
                let week = local.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Grain::Month => month,
        }
    }
}

/// Cuts a number of one to `most` digits off the start of `text`.
fn number(text: &mut &str, most: usize) -> Option<u32> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    *text = rest;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, NaiveDateTime};

    const SHOP: &str = "Asia/Shanghai";

    #[test]
    fn instants_are_read() {
        let shop = Zone::named(SHOP).unwrap();
        let utc = |text: &str| DateTime::parse_from_rfc3339(text).map(|at| UtcMillis(at.timestamp_millis()));
        for text in [
            "2026-06-18T12:14:12Z",
            "2026-06-18t12:14:12.5z",
            "2026-06-18T20:14:12.123456789+08:00",
            "2026-06-18 20:14:12-03:30",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999-23:59",
        ] {
            assert_eq!(shop.parse(text), utc(text).ok(), "{text}");
        }
        for (text, expect) in [
            ("2026-06-18", "2026-06-18T00:00:00+08:00"),
            (" 2026-6-8 ", "2026-06-08T00:00:00+08:00"),
            ("2026-06-18T20:00", "2026-06-18T20:00:00+08:00"),
            ("2026-06-18T20:00:07", "2026-06-18T20:00:07+08:00"),
            ("2026-06-18 20:00:07", "2026-06-18T20:00:07+08:00"),
        ] {
            assert_eq!(shop.parse(text), utc(expect).ok(), "{text}");
        }
        for text in [
            "",
            "18.06.2026",
            "2026-06",
            "2026-02-29",
            "2026-06-18T",
            "2026-06-18T24:00",
            "2026-06-18T12:60",
            "2026-06-18T12:00:00.Z",
            "2026-06-18T12:00:00+08",
            "2026-06-18T12:00:00+24:00",
            "2026-06-18T12:00:00+08:60",
            "2026-06-18T12:00:00Zulu",
            "2026-06-18五",
            "二〇二六-06-18",
        ] {
            assert_eq!(shop.parse(text), None, "{text}");
        }
    }

    #[test]
    fn keys_are_those_of_the_formats() {
        let zone = Zone::named("Asia/Kolkata").unwrap();
        for (grain, format) in [
            (Grain::Minute, "%Y-%m-%dT%H:%M"),
            (Grain::Day, "%Y-%m-%d"),
            (Grain::Week, "%G-W%V"),
            (Grain::Month, "%Y-%m"),
        ] {
            // Three years, at all hours: the first and last weeks are of other years than their days.
            for hours in 0..3 * 366 * 24 {
                let at = UtcMillis(1_735_000_000_000 + hours * super::super::HOUR_MILLIS);
                let local: NaiveDateTime = zone.local(at).naive_local();
                assert_eq!(zone.key(grain, at), local.format(format).to_string());
            }
        }
    }
}
