//! Text for people: numbers, times and sizes, in Chinese and English.
//!
//! Rule: takes values, gives text, reads no clock. A value that is not defined (NaN, infinite, `None`) is
//! [`NONE`], never 0; a minus is U+2212; zones are always arguments.

mod number;
mod time;

pub use number::{
    axis, bytes, count, cover, currency_prefix, delta_count, delta_percent, money, money_exact, percent,
    points, quantity, rate,
};
pub use time::{ago, bucket_label, clock, clock_secs, date, day, month_name, range, short_day, weekday};

use crate::money::Fixed;
use crate::protocol::Number;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts as they are, and as they should be.
    #[track_caller]
    pub(super) fn check(cases: &[(String, &str)]) {
        for (got, expect) in cases {
            assert_eq!(got, expect);
        }
    }

    #[test]
    fn languages_are_found_by_the_first_part_of_a_tag() {
        for (id, expect) in [("zh-CN", Some(Lang::Zh)), ("EN", Some(Lang::En)), ("fr", None)] {
            assert_eq!(Lang::from_id(id), expect, "{id}");
        }
    }
}
