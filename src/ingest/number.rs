//! Amounts and quantities as exports write them.

use super::header::{currency_of, half_width};
use super::ident::{bare, is_spreadsheet_error, trim};
use crate::money::{Fixed, FixedError};
use crate::protocol::Problem;

/// What divides whole units from fractions in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Decimal {
    /// `1,234.56`
    #[default]
    Point,
    /// `1.234,56`
    Comma,
}

impl Decimal {
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Point => Self::Comma,
            Self::Comma => Self::Point,
        }
    }

    const fn marks(self) -> (char, char) {
        match self {
            Self::Point => ('.', ','),
            Self::Comma => (',', '.'),
        }
    }
}

/// A number of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub value: Fixed,
    /// Digits beyond the fourth were rounded away.
    pub rounded: bool,
    /// It can be read in one way only, which decides its column.
    pub decides: bool,
}

/// Why a cell is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberFault {
    NotANumber,
    TooLarge,
    SpreadsheetError,
    /// It would be a number with the other decimal mark.
    OtherDecimal,
}

impl NumberFault {
    /// In words of the report.
    pub(super) const fn problem(self) -> Problem {
        match self {
            Self::NotANumber | Self::OtherDecimal => Problem::NotANumber,
            Self::TooLarge => Problem::NumberTooLarge,
            Self::SpreadsheetError => Problem::SpreadsheetError,
        }
    }
}

impl From<FixedError> for NumberFault {
    fn from(error: FixedError) -> Self {
        match error {
            FixedError::NotANumber => Self::NotANumber,
            FixedError::TooLarge => Self::TooLarge,
        }
    }
}

/// Texts that stand for "nothing".
const NOTHING: [&str; 20] = [
    "-",
    "--",
    "—",
    "——",
    "–",
    "/",
    "无",
    "null",
    "none",
    "nan",
    "nil",
    "n/a",
    "na",
    "无退款申请",
    "没有申请退款",
    "未退款",
    "not stocked",
    "\\n",
    "…",
    "不限",
];

/// Reads a cell. `None`: it says nothing.
///
/// # Errors
/// [`NumberFault`] for what is neither empty nor a number.
pub(super) fn read(cell: &str, decimal: Decimal) -> Result<Option<Number>, NumberFault> {
    if cell.is_empty() {
        return Ok(None);
    }
    if let Some(number) = plain(cell.as_bytes(), decimal) {
        return Ok(Some(number));
    }
    let text = bare(cell);
    if text.is_empty() || NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Ok(None);
    }
    if is_spreadsheet_error(text) {
        return Err(NumberFault::SpreadsheetError);
    }
    let number = if text.is_ascii() {
        written(text, decimal)
    } else {
        written(&text.chars().map(half_width).collect::<String>(), decimal)
    };
    number.map(Some)
}

/// The currency a cell names beside its number: `￥12.00`, `INR 5`.
pub(super) fn currency_in(cell: &str) -> Option<&'static str> {
    let text = bare(cell).trim_matches(['-', '(', ')', '+']);
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '-');
    let front = text.split(is_number).next().unwrap_or("");
    let back = text.rsplit(is_number).next().unwrap_or("");
    if text.bytes().any(|b| b.is_ascii_digit()) {
        currency_of(front).or_else(|| currency_of(back))
    } else {
        None
    }
}

/// Digits with at most four after one point: what nearly every cell is.
#[inline]
pub(super) fn plain(bytes: &[u8], decimal: Decimal) -> Option<Number> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let (mut number, mut point, mut places) = (0_i64, false, 0_usize);
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            number = number * 10 + i64::from(digit);
            places += usize::from(point);
        } else if byte == b'.' && !point && decimal == Decimal::Point {
            point = true;
        } else {
            return None;
        }
    }
    // Steps of the last digit's place, and the most that such places hold: no product overflows.
    const STEPS: [i64; 5] = [10_000, 1000, 100, 10, 1];
    const MOST: [i64; 5] = {
        let limit = Fixed::LIMIT.raw();
        [limit / 10_000, limit / 1000, limit / 100, limit / 10, limit]
    };
    if number > *MOST.get(places)? || digits == b"." {
        return None;
    }
    let steps = number * STEPS.get(places)?;
    Some(Number {
        value: Fixed::from_raw(if negative { -steps } else { steps }),
        rounded: false,
        decides: point && places != 3,
    })
}

fn written(text: &str, decimal: Decimal) -> Result<Number, NumberFault> {
    let (inside, mut negative) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inside) => (inside, true),
        // `499.00(系统计算中)`: the number leads.
        None => (text.split_once('(').map_or(text, |(number, _)| number), false),
    };
    let mut rest = trim(inside);
    loop {
        let before = rest;
        for minus in ["-", "\u{2212}"] {
            if let Some(number) = rest.strip_prefix(minus).or_else(|| rest.strip_suffix(minus)) {
                if negative {
                    return Err(NumberFault::NotANumber);
                }
                (rest, negative) = (number.trim(), true);
            }
        }
        rest = rest.strip_prefix('+').map_or(rest, str::trim);
        rest = without_mark(rest);
        if rest == before {
            break;
        }
    }
    let number = match digits_of(rest, decimal) {
        Some((digits, decides)) => {
            let (value, rounded) = Fixed::parse(&digits)?;
            Number {
                value,
                rounded,
                decides,
            }
        }
        None if rest.bytes().any(|b| b.is_ascii_digit()) && digits_of(rest, decimal.other()).is_some() => {
            return Err(NumberFault::OtherDecimal);
        }
        None if rest.contains(['e', 'E']) => {
            let (value, rounded) = Fixed::parse(rest)?;
            Number {
                value,
                rounded,
                decides: false,
            }
        }
        None => return Err(NumberFault::NotANumber),
    };
    let value = if negative {
        Fixed::ZERO.saturating_sub(number.value)
    } else {
        number.value
    };
    Ok(Number { value, ..number })
}

/// Without one currency sign, code or unit at its front or back.
fn without_mark(text: &str) -> &str {
    const UNITS: [&str; 5] = ["件", "个", "只", "pcs", "圆"];
    let is_mark = |mark: &str| !mark.is_empty() && (currency_of(mark).is_some() || UNITS.contains(&mark));
    let is_part = |c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-' | '+' | '\'');
    let front = text.find(|c| !is_part(c)).unwrap_or(0);
    let (mark, rest) = text.split_at(front);
    let mark_dotted = mark.trim();
    if is_mark(mark_dotted) {
        // `Rs.500`: the point belongs to the mark.
        return if mark_dotted.eq_ignore_ascii_case("rs") {
            rest.strip_prefix('.').unwrap_or(rest).trim()
        } else {
            rest.trim()
        };
    }
    let back = text.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
    match (text.get(..back), text.get(back..)) {
        (Some(rest), Some(mark)) if is_mark(mark.trim()) => rest.trim(),
        _ => text,
    }
}

/// The digits of a number with grouping marks, as [`Fixed::parse`] reads them, and whether it can be
/// read in one way only. Groups are of three digits, or of two before the last (Indian).
fn digits_of(text: &str, decimal: Decimal) -> Option<(String, bool)> {
    let (point, grouping) = decimal.marks();
    let (whole, fraction) = text
        .split_once(point)
        .map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !fraction.is_none_or(digits) || whole.is_empty() && fraction.is_none_or(str::is_empty) {
        return None;
    }
    // Blanks and apostrophes group too; only one kind in one number.
    let mark = whole.chars().find(|c| !c.is_ascii_digit());
    let Some(mark) = mark else {
        let decides = fraction.is_some_and(|fraction| fraction.len() != 3);
        return Some((format!("{whole}.{}", fraction.unwrap_or("")), decides));
    };
    if mark != grouping && !matches!(mark, ' ' | '\u{A0}' | '\u{202F}' | '\'') {
        return None;
    }
    let groups: Vec<&str> = whole.split(mark).collect();
    let (first, rest) = groups.split_first()?;
    let (last, middle) = rest.split_last()?;
    let wide = middle.iter().all(|group| group.len() == 3) && (1..=3).contains(&first.len());
    let indian = middle.iter().all(|group| group.len() == 2) && (1..=2).contains(&first.len());
    if !groups.iter().all(|group| digits(group)) || last.len() != 3 || !(wide || indian) {
        return None;
    }
    Some((
        format!("{}.{}", groups.concat(), fraction.unwrap_or("")),
        fraction.is_some() || groups.len() > 2,
    ))
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
