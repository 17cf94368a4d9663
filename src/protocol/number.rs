//! A metric's value, exact until it is shown.

use crate::money::{Fixed, div_half_even};
use serde::{Deserialize, Serialize};

/// A value of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Number {
    /// Things counted.
    Count(i64),
    /// Money or a quantity.
    Fixed(Fixed),
    /// Σ numerator / Σ denominator; the denominator is never 0 (that is "not defined").
    Ratio {
        /// Above.
        over: i64,
        /// Below; not 0.
        under: i64,
    },
}

impl Number {
    /// `over / under`, or `None` where that is not defined.
    pub fn ratio(over: i64, under: i64) -> Option<Self> {
        (under != 0).then_some(Self::Ratio { over, under })
    }

    /// Canonical decimal: counts and quantities without trailing zeros, ratios to six digits.
    pub fn canonical(self) -> String {
        match self {
            Self::Count(count) => count.to_string(),
            Self::Fixed(value) => value.to_decimal(0),
            Self::Ratio { over, under } => {
                let (over, under) = if under < 0 {
                    (-i128::from(over), -i128::from(under))
                } else {
                    (over.into(), under.into())
                };
                let millionths = div_half_even(over * 1_000_000, under.max(1));
                let sign = if millionths < 0 { "-" } else { "" };
                let magnitude = millionths.unsigned_abs();
                let text = format!("{sign}{}.{:06}", magnitude / 1_000_000, magnitude % 1_000_000);
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
        }
    }

    /// Canonical decimal of an amount of money: at least two digits after the point.
    pub fn canonical_money(self) -> String {
        let mut text = self.canonical();
        let digits = text.find('.').map_or(0, |point| text.len() - point - 1);
        if digits == 0 {
            text.push('.');
        }
        text.extend(std::iter::repeat_n('0', 2_usize.saturating_sub(digits)));
        text
    }

    /// For drawing and rounding to what a person reads.
    #[expect(clippy::cast_precision_loss, reason = "shown to a few digits")]
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Count(count) => count as f64,
            Self::Fixed(value) => value.to_f64(),
            Self::Ratio { over, under } => over as f64 / under as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_texts() {
        for (number, expect) in [
            (Number::Count(-3), "-3"),
            (Number::Fixed(Fixed::from_units(116_649)), "116649"),
            (Number::Fixed(Fixed::from_raw(785_926_783_000)), "78592678.3"),
            (Number::Ratio { over: 1, under: 3 }, "0.333333"),
            (Number::Ratio { over: -2, under: 3 }, "-0.666667"),
            (Number::Ratio { over: 4, under: 2 }, "2"),
        ] {
            assert_eq!(number.canonical(), expect);
        }
        assert_eq!(Number::ratio(1, 0), None);
        for (number, expect) in [
            (Number::Fixed(Fixed::from_raw(785_926_783_000)), "78592678.30"),
            (Number::Fixed(Fixed::from_units(-2)), "-2.00"),
            (Number::Fixed(Fixed::from_raw(22_972_008_603)), "2297200.8603"),
        ] {
            assert_eq!(number.canonical_money(), expect);
        }
    }
}
