//! Text of numbers: money, goods, rates and their changes, cover, axes, sizes.

use super::{Amount, Lang, MINUS, NONE, Parts};

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
pub(super) fn digits(magnitude: f64, places: usize) -> String {
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
    use crate::format::tests::check;
    use crate::money::Fixed;
    use crate::protocol::Number;
    use Lang::{En, Zh};

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
    }
}
