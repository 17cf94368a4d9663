//! Text for people: numbers, times and sizes, in Chinese and English.
//!
//! Rule: takes values, gives text, reads no clock. A value that is not defined (NaN, infinite, `None`) is
//! [`NONE`], never 0; a minus is U+2212; zones are always arguments.

use crate::money::Fixed;
use crate::protocol::Number;
use crate::time::{Grain, HOUR_MILLIS, Span, UtcMillis, Zone};
use chrono::{Datelike, Timelike};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What stands for a value that is not defined.
pub const NONE: &str = "—";
/// True minus sign.
const MINUS: &str = "\u{2212}";

/// Language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// Chinese, numbers in 万 and 亿.
    #[default]
    Zh,
    /// English, numbers in K, M and B.
    En,
}

impl Lang {
    /// All.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Name in settings and of locale files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// Value of `html[lang]`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The one called `id`; a longer tag such as `zh-CN` counts by its first part.
    pub fn from_id(id: &str) -> Option<Self> {
        let language = id.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| lang.id().eq_ignore_ascii_case(language))
    }
}

/// What can be shown as a number.
pub trait Amount: Copy {
    /// The value, to be rounded for a person; NaN: not defined.
    fn amount(self) -> f64;
}

impl Amount for f64 {
    fn amount(self) -> f64 {
        self
    }
}

impl Amount for Fixed {
    fn amount(self) -> f64 {
        self.to_f64()
    }
}

impl Amount for Number {
    fn amount(self) -> f64 {
        self.to_f64()
    }
}

impl Amount for u64 {
    fn amount(self) -> f64 {
        self as f64
    }
}

impl Amount for i64 {
    fn amount(self) -> f64 {
        self as f64
    }
}

impl<A: Amount> Amount for Option<A> {
    fn amount(self) -> f64 {
        self.map_or(f64::NAN, Amount::amount)
    }
}

/// A number in its parts, for a tile shows the unit smaller; [`fmt::Display`] joins them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Currency sign, with the minus of a negative amount before it.
    pub prefix: String,
    /// Digits.
    pub number: String,
    /// 万, K, %, 天 …; begins with a space where one belongs between.
    pub unit: String,
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.prefix, self.number, self.unit)
    }
}

impl Parts {
    fn none() -> Self {
        Self {
            number: NONE.to_owned(),
            ..Self::default()
        }
    }

    fn signed(negative: bool, prefix: &str, number: String, unit: &str) -> Self {
        let minus = if negative { MINUS } else { "" };
        let unit = unit.to_owned();
        if prefix.is_empty() {
            return Self {
                prefix: String::new(),
                number: format!("{minus}{number}"),
                unit,
            };
        }
        Self {
            prefix: format!("{minus}{prefix}"),
            number,
            unit,
        }
    }
}

/// A size from which a number is shown in a larger unit.
struct Step {
    from: f64,
    unit: f64,
    name: &'static str,
    places: usize,
}

const fn step(from: f64, unit: f64, name: &'static str, places: usize) -> Step {
    Step {
        from,
        unit,
        name,
        places,
    }
}

const MONEY_ZH: &[Step] = &[step(1e8, 1e8, "亿", 2), step(1e4, 1e4, "万", 1)];
const MONEY_EN: &[Step] = &[
    step(1e9, 1e9, "B", 2),
    step(1e6, 1e6, "M", 2),
    step(1e4, 1e3, "K", 1),
];
const COUNT_ZH: &[Step] = &[step(1e8, 1e8, "亿", 2), step(1e6, 1e4, "万", 1)];
const COUNT_EN: &[Step] = &[step(1e9, 1e9, "B", 2), step(1e6, 1e6, "M", 2)];

const fn by_lang(lang: Lang, zh: &'static [Step], en: &'static [Step]) -> &'static [Step] {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// `value` in the unit of the first step it reaches *after* rounding (9,999.999 is 1.0万), below them with
/// up to `places` digits.
fn scaled(value: f64, prefix: &str, steps: &[Step], places: usize) -> Parts {
    if !value.is_finite() {
        return Parts::none();
    }
    let magnitude = value.abs();
    let mut shown = round(magnitude, places);
    for (finer, step) in (0..steps.len()).rev().map(|at| (steps.get(at + 1), &steps[at])) {
        // What the next finer unit would print decides whether this one is reached.
        let printed = finer.map_or(shown, |f| round(magnitude / f.unit, f.places) * f.unit);
        if printed < step.from {
            let (number, unit) = match finer {
                Some(f) => (digits(magnitude / f.unit, f.places), f.name),
                None => (trim(digits(magnitude, places)), ""),
            };
            shown = if finer.is_some() { printed } else { shown };
            return Parts::signed(value < 0.0 && shown > 0.0, prefix, number, unit);
        }
    }
    match steps.first() {
        Some(largest) => Parts::signed(
            value < 0.0,
            prefix,
            digits(magnitude / largest.unit, largest.places),
            largest.name,
        ),
        None => Parts::signed(
            value < 0.0 && shown > 0.0,
            prefix,
            trim(digits(magnitude, places)),
            "",
        ),
    }
}

/// Halves up; what binary floats put a hair under a half counts as one.
fn round(magnitude: f64, places: usize) -> f64 {
    let scale = 10_f64.powi(i32::try_from(places).unwrap_or(0));
    let raised = (magnitude * scale * (1.0 + 1e-12)).round() / scale;
    if raised.is_finite() { raised } else { magnitude }
}

/// A magnitude with thousands commas and exactly `places` digits after the point.
fn digits(magnitude: f64, places: usize) -> String {
    let text = format!("{:.places$}", round(magnitude, places));
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::with_capacity(text.len() + whole.len() / 3);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

fn trim(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Sign of a currency (ISO 4217); an unknown code is followed by a thin space; empty: unknown currency.
pub fn currency_prefix(currency: &str) -> String {
    let sign = match currency {
        "" => "",
        "CNY" | "RMB" => "¥",
        "JPY" => "JP¥",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "INR" => "₹",
        "KRW" => "₩",
        "RUB" => "₽",
        "TRY" => "₺",
        "THB" => "฿",
        "PHP" => "₱",
        "VND" => "₫",
        "ILS" => "₪",
        "UAH" => "₴",
        "BRL" => "R$",
        "HKD" => "HK$",
        "TWD" => "NT$",
        "SGD" => "S$",
        "AUD" => "A$",
        "CAD" => "C$",
        "NZD" => "NZ$",
        "MXN" => "MX$",
        "MYR" => "RM",
        "IDR" => "Rp",
        code => return format!("{code}\u{2009}"),
    };
    sign.to_owned()
}

/// Money: 万 from 10,000 and 亿 from 10⁸, or K, M, B; below with up to two digits after the point.
pub fn money(value: impl Amount, currency: &str, lang: Lang) -> Parts {
    scaled(
        value.amount(),
        &currency_prefix(currency),
        by_lang(lang, MONEY_ZH, MONEY_EN),
        2,
    )
}

/// Money in full, to two digits: for tooltips and tables behind charts.
pub fn money_exact(value: impl Amount, currency: &str) -> Parts {
    scaled(value.amount(), &currency_prefix(currency), &[], 2)
}

/// Things counted: in full to six digits, then 万 and 亿, or M and B.
pub fn count(value: impl Amount, lang: Lang) -> Parts {
    scaled(value.amount(), "", by_lang(lang, COUNT_ZH, COUNT_EN), 0)
}

/// Goods, which may be fractional: as [`count`], with up to two digits after the point.
pub fn quantity(value: impl Amount, lang: Lang) -> Parts {
    scaled(value.amount(), "", by_lang(lang, COUNT_ZH, COUNT_EN), 2)
}

/// A ratio in percent with exactly `places` digits after the point.
pub fn percent(ratio: impl Amount, places: usize) -> Parts {
    let value = ratio.amount() * 100.0;
    if !value.is_finite() {
        return Parts::none();
    }
    let negative = value < 0.0 && round(value.abs(), places) > 0.0;
    Parts::signed(negative, "", digits(value.abs(), places), "%")
}

/// Difference of two rates, in points: `−0.4pt`.
pub fn points(difference: impl Amount) -> String {
    let value = difference.amount() * 100.0;
    if value.is_finite() {
        format!("{}pt", plus_minus(value, 1))
    } else {
        NONE.to_owned()
    }
}

/// Difference of two counts: `+3`.
pub fn delta_count(difference: impl Amount, lang: Lang) -> String {
    let value = difference.amount();
    let plus = if value > 0.0 { "+" } else { "" };
    format!("{plus}{}", quantity(value, lang))
}

/// Change from `before` to `now`: `+181.6%`; a rise of more than 1000 % as a factor, `×12`. Not defined where
/// `before` is zero or negative.
pub fn delta_percent(now: impl Amount, before: impl Amount) -> String {
    let (now, before) = (now.amount(), before.amount());
    let factor = now / before;
    if !factor.is_finite() || before <= 0.0 {
        return NONE.to_owned();
    }
    if factor > 11.0 {
        return format!("×{}", count(factor, Lang::En));
    }
    format!("{}%", plus_minus((factor - 1.0) * 100.0, 1))
}

fn plus_minus(value: f64, places: usize) -> String {
    let sign = match round(value.abs(), places) {
        0.0 => "",
        _ if value < 0.0 => MINUS,
        _ => "+",
    };
    format!("{sign}{}", digits(value.abs(), places))
}

/// How long stock lasts: below a day in hours, below ten days with one digit, from 999 days `999+`.
pub fn cover(days: f64, lang: Lang) -> Parts {
    if !days.is_finite() {
        return Parts::none();
    }
    let (hour, day) = match lang {
        Lang::Zh => (" 小时", " 天"),
        Lang::En => (" h", " d"),
    };
    let one_digit_below_ten = |value: f64, unit: &str| {
        let places = usize::from(round(value, 1) < 10.0);
        let number = if value == 0.0 {
            "0".to_owned()
        } else {
            digits(value, places)
        };
        Parts {
            prefix: String::new(),
            number,
            unit: unit.to_owned(),
        }
    };
    let days = days.max(0.0);
    if days.round() >= 999.0 {
        Parts {
            prefix: String::new(),
            number: "999+".to_owned(),
            unit: day.to_owned(),
        }
    } else if (days * 24.0).round() < 24.0 {
        one_digit_below_ten(days * 24.0, hour)
    } else {
        one_digit_below_ten(days, day)
    }
}

/// Labels of an axis, all in one unit, that of the largest: `0 500万 1,000万`.
pub fn axis(ticks: &[f64], lang: Lang) -> Vec<String> {
    let largest = ticks.iter().fold(0.0_f64, |top, tick| {
        if tick.is_finite() {
            top.max(tick.abs())
        } else {
            top
        }
    });
    let steps = by_lang(lang, MONEY_ZH, MONEY_EN);
    let (unit, name) = steps
        .iter()
        .find(|s| largest >= s.from)
        .map_or((1.0, ""), |s| (s.unit, s.name));
    let label = |tick: &f64| {
        let minus = if *tick < 0.0 { MINUS } else { "" };
        match trim(digits(tick.abs() / unit, 3)) {
            zero if zero == "0" => zero,
            number => format!("{minus}{number}{name}"),
        }
    };
    ticks.iter().map(label).collect()
}

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
        (Grain::TenMinutes | Grain::Hour, _) => format!("{} {}", short_day(start, zone), clock(start, zone)),
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

/// Bytes: `512 B`, `70.4 MB`; a kB is 1000.
pub fn bytes(bytes: u64) -> String {
    let (mut value, mut unit) = (bytes as f64, "B");
    for larger in ["kB", "MB", "GB", "TB"] {
        if round(value, usize::from(unit != "B")) < 1000.0 {
            break;
        }
        (value, unit) = (value / 1000.0, larger);
    }
    format!("{} {unit}", digits(value, usize::from(unit != "B")))
}

/// Bytes in a time: `85.2 MB/s`; no time: [`NONE`].
pub fn rate(amount: u64, millis: f64) -> String {
    let per_second = amount as f64 * 1000.0 / millis;
    if !per_second.is_finite() || per_second < 0.0 {
        return NONE.to_owned();
    }
    #[expect(clippy::cast_sign_loss, reason = "checked; saturates")]
    let whole = per_second.round() as u64;
    format!("{}/s", bytes(whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Lang::{En, Zh};

    #[track_caller]
    fn check(cases: &[(String, &str)]) {
        for (got, expect) in cases {
            assert_eq!(got, expect);
        }
    }

    #[test]
    fn money_texts() {
        let zh = |value: f64| money(value, "CNY", Zh).to_string();
        let en = |value: f64| money(value, "USD", En).to_string();
        check(&[
            (zh(18_642_000.0), "¥1,864.2万"),
            (zh(6_620_000.0), "¥662.0万"),
            (zh(219.6), "¥219.6"),
            (zh(1234.565), "¥1,234.57"),
            (zh(0.0), "¥0"),
            (zh(-0.001), "¥0"),
            (zh(-0.5), "−¥0.5"),
            (zh(9_999.99), "¥9,999.99"),
            (zh(9_999.996), "¥1.0万"),
            (zh(10_000.0), "¥1.0万"),
            (zh(99_999_400.0), "¥9,999.9万"),
            (zh(99_999_600.0), "¥1.00亿"),
            (zh(123_456_789.0), "¥1.23亿"),
            (zh(-87_000.0), "−¥8.7万"),
            (zh(f64::NAN), "—"),
            (zh(f64::INFINITY), "—"),
            (en(9_999.0), "$9,999"),
            (en(10_000.0), "$10.0K"),
            (en(999_940.0), "$999.9K"),
            (en(999_960.0), "$1.00M"),
            (en(18_642_000.0), "$18.64M"),
            (en(2.5e9), "$2.50B"),
            (money(Fixed::from_raw(2_196_000), "CNY", Zh).to_string(), "¥219.6"),
            (money(None::<f64>, "CNY", Zh).to_string(), "—"),
            (money(5.0, "", Zh).to_string(), "5"),
            (money(-5.0, "", Zh).to_string(), "−5"),
            (money(5.0, "CHF", En).to_string(), "CHF\u{2009}5"),
            (money(5.0, "JPY", En).to_string(), "JP¥5"),
            (money_exact(18_642_000.5, "CNY").to_string(), "¥18,642,000.5"),
        ]);
        let parts = money(18_642_000.0, "CNY", Zh);
        assert_eq!(
            (&*parts.prefix, &*parts.number, &*parts.unit),
            ("¥", "1,864.2", "万")
        );
    }

    #[test]
    fn count_texts() {
        check(&[
            (count(68_412_u64, Zh).to_string(), "68,412"),
            (count(999_999_u64, Zh).to_string(), "999,999"),
            (count(1_000_000_u64, Zh).to_string(), "100.0万"),
            (count(1_234_567_u64, En).to_string(), "1.23M"),
            (count(-312_i64, Zh).to_string(), "−312"),
            (count(Number::Count(7), Zh).to_string(), "7"),
            (quantity(Fixed::from_raw(35_000), Zh).to_string(), "3.5"),
            (quantity(Fixed::from_units(2_418), En).to_string(), "2,418"),
            (
                quantity(Fixed::from_units(i64::MAX / 20_000), Zh).to_string(),
                "4,611,686.02亿",
            ),
            (delta_count(3_i64, Zh), "+3"),
            (delta_count(-1200_i64, Zh), "−1,200"),
            (delta_count(0_i64, Zh), "0"),
        ]);
    }

    #[test]
    fn rate_texts() {
        check(&[
            (percent(0.031, 1).to_string(), "3.1%"),
            (percent(Number::ratio(1, 3), 1).to_string(), "33.3%"),
            (percent(Number::ratio(1, 0), 1).to_string(), "—"),
            (percent(-0.0001, 1).to_string(), "0.0%"),
            (points(-0.004), "−0.4pt"),
            (points(0.0123), "+1.2pt"),
            (points(0.0), "0.0pt"),
            (points(f64::NAN), "—"),
            (delta_percent(2.816, 1.0), "+181.6%"),
            (delta_percent(11.0, 1.0), "+1,000.0%"),
            (delta_percent(12.0, 1.0), "×12"),
            (delta_percent(0.5, 1.0), "−50.0%"),
            (delta_percent(1.0, 1.0), "0.0%"),
            (delta_percent(1.0, 0.0), "—"),
            (delta_percent(0.0, 0.0), "—"),
            (delta_percent(1.0, -2.0), "—"),
        ]);
    }

    #[test]
    fn cover_texts() {
        let zh = |days: f64| cover(days, Zh).to_string();
        check(&[
            (zh(6.5 / 24.0), "6.5 小时"),
            (zh(13.0 / 24.0), "13 小时"),
            (zh(9.97 / 24.0), "10 小时"),
            (zh(0.999), "1.0 天"),
            (zh(1.64), "1.6 天"),
            (zh(9.96), "10 天"),
            (zh(11.8), "12 天"),
            (zh(998.6), "999+ 天"),
            (zh(-3.0), "0 小时"),
            (zh(f64::INFINITY), "—"),
            (cover(0.27, En).to_string(), "6.5 h"),
            (cover(8.2, En).to_string(), "8.2 d"),
        ]);
    }

    #[test]
    fn axis_texts() {
        let joined = |ticks: &[f64], lang| axis(ticks, lang).join(" ");
        check(&[
            (joined(&[0.0, 5e6, 1e7], Zh), "0 500万 1,000万"),
            (joined(&[0.0, 25_000.0, 50_000.0], Zh), "0 2.5万 5万"),
            (joined(&[0.0, 5e7, 1e8], Zh), "0 0.5亿 1亿"),
            (joined(&[0.0, 200.0, 400.0], Zh), "0 200 400"),
            (joined(&[-0.5, 0.0, 0.5], Zh), "−0.5 0 0.5"),
            (joined(&[0.0, 250_000.0, 500_000.0], En), "0 250K 500K"),
            (joined(&[0.0, 2.5e6], En), "0 2.5M"),
        ]);
    }

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

    #[test]
    fn size_texts() {
        check(&[
            (bytes(0), "0 B"),
            (bytes(999), "999 B"),
            (bytes(1000), "1.0 kB"),
            (bytes(70_400_000), "70.4 MB"),
            (bytes(999_960), "1.0 MB"),
            (rate(85_200_000, 1000.0), "85.2 MB/s"),
            (rate(1, 0.0), "—"),
        ]);
        assert_eq!(Lang::from_id("zh-CN"), Some(Zh));
        assert_eq!(Lang::from_id("EN"), Some(En));
        assert_eq!(Lang::from_id("fr"), None);
    }
}
