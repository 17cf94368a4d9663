//! Text of times: clocks, days, buckets, spans, ages.

use super::number::digits;
use super::{Lang, NONE};
use crate::time::{Grain, HOUR_MILLIS, Span, UtcMillis, Zone};
use chrono::{Datelike, Timelike};

const WEEKDAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Day of the week: `周四`, `Thu`.
pub fn weekday(at: UtcMillis, zone: Zone, lang: Lang) -> &'static str {
    let names = match lang {
        Lang::Zh => WEEKDAYS_ZH,
        Lang::En => WEEKDAYS_EN,
    };
    names[zone.local(at).weekday().num_days_from_monday() as usize % 7]
}

/// Name of a month, 1 to 12: `6月`, `Jun`.
pub fn month_name(month: u32, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{month}月"),
        Lang::En => MONTHS_EN[(month.max(1) as usize - 1) % 12].to_owned(),
    }
}

/// Time of day: `20:14`.
pub fn clock(at: UtcMillis, zone: Zone) -> String {
    let local = zone.local(at);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// Time of day with seconds: `20:14:32`.
pub fn clock_secs(at: UtcMillis, zone: Zone) -> String {
    format!("{}:{:02}", clock(at, zone), zone.local(at).second())
}

/// `6月18日 周四`, `Thu, Jun 18`.
pub fn day(at: UtcMillis, zone: Zone, lang: Lang) -> String {
    let local = zone.local(at);
    let (weekday, month) = (weekday(at, zone, lang), month_name(local.month(), lang));
    match lang {
        Lang::Zh => format!("{month}{}日 {weekday}", local.day()),
        Lang::En => format!("{weekday}, {month} {}", local.day()),
    }
}

/// `6-18`.
pub fn short_day(at: UtcMillis, zone: Zone) -> String {
    let local = zone.local(at);
    format!("{}-{}", local.month(), local.day())
}

/// `2026-06-18`.
pub fn date(at: UtcMillis, zone: Zone) -> String {
    zone.key(Grain::Day, at)
}

/// Name of the bucket that starts at `start`.
pub fn bucket_label(grain: Grain, start: UtcMillis, zone: Zone, lang: Lang) -> String {
    let local = zone.local(start);
    match (grain, lang) {
        (Grain::Minute | Grain::TenMinutes | Grain::Hour, _) => {
            format!("{} {}", short_day(start, zone), clock(start, zone))
        }
        (Grain::Day, _) => day(start, zone, lang),
        (Grain::Week, Lang::Zh) => format!("{} 起一周", short_day(start, zone)),
        (Grain::Week, Lang::En) => format!("Week of {} {}", month_name(local.month(), lang), local.day()),
        (Grain::Month, Lang::Zh) => format!("{}年{}月", local.year(), local.month()),
        (Grain::Month, Lang::En) => format!("{} {}", month_name(local.month(), lang), local.year()),
    }
}

/// A span in days, its last instant excluded: `2026-06-12 – 06-18`; one day by its name; what does not start
/// and end with days, and is shorter than two, with times.
pub fn range(span: Span, zone: Zone, lang: Lang) -> String {
    if span.millis() == 0 {
        return NONE.to_owned();
    }
    let last = span.to.plus(-1);
    let (from, to) = (date(span.from, zone), date(last, zone));
    let whole = [span.from, span.to]
        .into_iter()
        .all(|at| zone.floor(Grain::Day, at) == at);
    if !whole && span.millis() < 48 * HOUR_MILLIS {
        let (start, end) = (clock(span.from, zone), clock(span.to, zone));
        if from == to {
            // Midnight is the end of this day, not the start of the next.
            let end = if zone.floor(Grain::Day, span.to) == span.to {
                "24:00".to_owned()
            } else {
                end
            };
            return format!("{from} {start}–{end}");
        }
        return format!("{from} {start} – {} {end}", same_year(&from, &to));
    }
    if from == to {
        let year = zone.local(span.from).year();
        return match lang {
            Lang::Zh => format!("{year}年{}", day(span.from, zone, lang)),
            Lang::En => format!("{}, {year}", day(span.from, zone, lang)),
        };
    }
    format!("{from} – {}", same_year(&from, &to))
}

/// `to` without its year where that is the year of `from`.
fn same_year<'a>(from: &str, to: &'a str) -> &'a str {
    match (from.get(..5), to.get(..5), to.get(5..)) {
        (Some(a), Some(b), Some(rest)) if a == b => rest,
        _ => to,
    }
}

/// How long ago: `3 分钟前`, `3 min ago`; less than five seconds, or in the future: just now.
pub fn ago(millis: i64, lang: Lang) -> String {
    let secs = millis / 1000;
    let (number, zh, en) = match secs {
        ..5 => {
            return match lang {
                Lang::Zh => "刚刚",
                Lang::En => "just now",
            }
            .to_owned();
        }
        5..60 => (secs, "秒", "s"),
        60..3600 => (secs / 60, "分钟", "min"),
        3600..86_400 => (secs / 3600, "小时", "h"),
        _ => (secs / 86_400, "天", "d"),
    };
    match lang {
        Lang::Zh => format!("{} {zh}前", digits(number as f64, 0)),
        Lang::En => format!("{} {en} ago", digits(number as f64, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::check;
    use Lang::{En, Zh};

    #[test]
    fn time_texts() {
        let zone = Zone::default();
        // 2026-06-18 20:14:32 in Shanghai
        let at = UtcMillis(1_781_784_872_000);
        let midnight = zone.floor(Grain::Day, at);
        let span = |from: i64, to: i64| Span {
            from: midnight.plus(from * HOUR_MILLIS),
            to: midnight.plus(to * HOUR_MILLIS),
        };
        check(&[
            (clock(at, zone), "20:14"),
            (clock_secs(at, zone), "20:14:32"),
            (day(at, zone, Zh), "6月18日 周四"),
            (day(at, zone, En), "Thu, Jun 18"),
            (short_day(at, zone), "6-18"),
            (date(at, zone), "2026-06-18"),
            (bucket_label(Grain::Hour, at, zone, Zh), "6-18 20:14"),
            (bucket_label(Grain::Day, at, zone, Zh), "6月18日 周四"),
            (bucket_label(Grain::Week, at, zone, En), "Week of Jun 18"),
            (bucket_label(Grain::Month, at, zone, Zh), "2026年6月"),
            (bucket_label(Grain::Month, at, zone, En), "Jun 2026"),
            (range(span(0, 24), zone, Zh), "2026年6月18日 周四"),
            (range(span(0, 24), zone, En), "Thu, Jun 18, 2026"),
            (range(span(-144, 24), zone, Zh), "2026-06-12 – 06-18"),
            (range(span(-24 * 200, 24), zone, Zh), "2025-11-30 – 2026-06-18"),
            (range(span(0, 20), zone, Zh), "2026-06-18 00:00–20:00"),
            (range(span(20, 24), zone, Zh), "2026-06-18 20:00–24:00"),
            (range(span(-4, 20), zone, Zh), "2026-06-17 20:00 – 06-18 20:00"),
            (range(span(3, 3), zone, Zh), "—"),
            (ago(3 * 60_000 + 5, Zh), "3 分钟前"),
            (ago(1_000, En), "just now"),
            (ago(-5, Zh), "刚刚"),
            (ago(59_000, Zh), "59 秒前"),
            (ago(7_200_000, En), "2 h ago"),
            (ago(i64::MAX, En), "106,751,991,167 d ago"),
        ]);
    }
}
