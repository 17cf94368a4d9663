//! Dates and times as exports write them.

use super::header::half_width;
use super::ident::bare;
use super::scan::scan;
use chrono::NaiveDate;

/// Whether `04/05` is the fourth of May or the fifth of April.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayOrder {
    /// `DD-MM`
    DayFirst,
    /// `MM-DD`
    MonthFirst,
}

impl DayOrder {
    pub(super) const fn other(self) -> Self {
        match self {
            Self::DayFirst => Self::MonthFirst,
            Self::MonthFirst => Self::DayFirst,
        }
    }
}

/// A wall clock as a cell writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub date: DateWritten,
    /// Milliseconds since midnight.
    pub millis: u32,
    /// East of UTC, where the cell says so.
    pub offset_minutes: Option<i32>,
    /// The time is followed by AM or PM.
    pub twelve_hours: bool,
}

/// The date part of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateWritten {
    /// Days since 1970-01-01.
    Day(i32),
    /// Two numbers of which one is the day and one the month; the year; the mark between them.
    Either {
        first: u32,
        second: u32,
        year: i32,
        mark: char,
        short_year: bool,
    },
}

impl DateWritten {
    /// The order that the numbers themselves prove.
    pub(super) fn proves(self) -> Option<DayOrder> {
        match self {
            Self::Either {
                first: 13..,
                second: ..=12,
                ..
            } => Some(DayOrder::DayFirst),
            Self::Either {
                first: ..=12,
                second: 13..,
                ..
            } => Some(DayOrder::MonthFirst),
            _ => None,
        }
    }

    /// Days since 1970-01-01, if there is such a day.
    pub(super) fn days(self, order: DayOrder) -> Option<i32> {
        match self {
            Self::Day(days) => Some(days),
            Self::Either {
                first, second, year, ..
            } => match order {
                DayOrder::DayFirst => days_of(year, second, first),
                DayOrder::MonthFirst => days_of(year, first, second),
            },
        }
    }

    /// The pattern that `order` gives it, for people: `MM-DD-YY`.
    pub(super) fn pattern(self, order: DayOrder) -> Option<String> {
        let Self::Either { mark, short_year, .. } = self else {
            return None;
        };
        let (first, second) = if order == DayOrder::DayFirst {
            ("DD", "MM")
        } else {
            ("MM", "DD")
        };
        Some(format!(
            "{first}{mark}{second}{mark}{}",
            if short_year { "YY" } else { "YYYY" }
        ))
    }
}

impl Written {
    /// The order to assume while nothing proves one: a year of two digits or a clock of twelve hours
    /// is American habit, the rest of the world puts the day first.
    pub(super) fn habit(self) -> DayOrder {
        match self.date {
            DateWritten::Either { mark: '.', .. } => DayOrder::DayFirst,
            DateWritten::Either { short_year: true, .. } => DayOrder::MonthFirst,
            _ if self.twelve_hours => DayOrder::MonthFirst,
            _ => DayOrder::DayFirst,
        }
    }
}

/// Days since 1970-01-01 of a calendar date of the years orders are from.
pub(super) fn days_of(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(1900..=2199).contains(&year) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

/// The date a spreadsheet keeps as a number of days since 1899-12-30, from 1970 to 2119.
pub(super) fn serial(cell: &str) -> Option<Written> {
    let (days, fraction) = cell.split_once('.').unwrap_or((cell, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if days.len() != 5 || !digits(days) || !digits(fraction) {
        return None;
    }
    let days: i32 = days
        .parse()
        .ok()
        .filter(|days| (25_569..=80_000).contains(days))?;
    let kept = fraction.get(..fraction.len().min(12))?;
    let scale = 10_u64.pow(u32::try_from(kept.len()).ok()?);
    // A second is the finest that such numbers are good for.
    let second = (kept.parse::<u64>().unwrap_or(0) * 86_400 + scale / 2) / scale;
    let millis = u32::try_from(second.min(86_399) * 1000).ok()?;
    Some(Written {
        date: DateWritten::Day(days - 25_569),
        millis,
        offset_minutes: None,
        twelve_hours: false,
    })
}

/// Reads a cell. `None`: it is no date. An empty cell is for the caller to tell.
pub(super) fn read(cell: &str) -> Option<Written> {
    let text = bare(cell);
    if text.is_ascii() {
        return scan(text);
    }
    let plain: String = text
        .chars()
        .map(|c| match c {
            '年' | '月' => '-',
            '日' | '号' => ' ',
            '时' | '点' | '分' => ':',
            '秒' => ' ',
            'ç' => 'c',
            'ä' => 'a',
            'é' => 'e',
            'û' => 'u',
            'ź' => 'z',
            other => half_width(other),
        })
        .collect();
    scan(plain.trim_end_matches([' ', ':', '-']))
}

/// Texts that stand for "no date".
pub(super) fn is_nothing(cell: &str) -> bool {
    let text = bare(cell);
    text.is_empty()
        || matches!(text, "-" | "--" | "—" | "——" | "/" | "无")
        || text.starts_with("0000-00-00")
        || ["null", "none", "nan", "nat", "n/a"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
