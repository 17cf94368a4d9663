//! Exact decimals: money and quantities.
//!
//! Rule: never a float sum. A value is an integer count of 1/10,000, because real exports carry
//! fractions of a cent; what is finer is rounded half-even at the edge and counted in the report.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An exact decimal with four digits after the point.
///
/// Holds an amount of money (its currency stands beside it, amounts of different currencies are
/// never added) or a quantity of goods, which may be fractional.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fixed(i64);

/// Why a text is not a [`Fixed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixedError {
    /// Not a plain decimal number.
    NotANumber,
    /// Beyond ±[`Fixed::LIMIT`].
    TooLarge,
}

impl Fixed {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// Steps of one unit.
    pub const SCALE: i64 = 10_000;
    /// Largest magnitude of one cell, 10¹¹ units: a mangled 16-digit identifier is not taken for an
    /// amount. Sums run in `i128` (see `metric`).
    pub const LIMIT: Self = Self(100_000_000_000 * Self::SCALE);

    /// `units` whole units.
    pub const fn from_units(units: i64) -> Self {
        Self(units.saturating_mul(Self::SCALE))
    }

    /// `raw` steps of 1/10,000.
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }

    /// Steps of 1/10,000.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// For drawing only: a float is never added up.
    #[expect(clippy::cast_precision_loss, reason = "drawing needs no more than a pixel")]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / Self::SCALE as f64
    }

    /// Exact product, rounded half-even to four digits; `None` beyond an `i64`.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(other.0);
        i64::try_from(div_half_even(product, i128::from(Self::SCALE)))
            .ok()
            .map(Self)
    }

    /// Sum that stops at the ends of an `i64` instead of wrapping.
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Difference that stops at the ends of an `i64` instead of wrapping.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Magnitude.
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Reads a plain decimal: optional sign, digits, optional `.` and digits, optional exponent.
    /// Grouping marks and currency signs are the importer's business.
    ///
    /// Returns the value and whether digits beyond the fourth were rounded away.
    ///
    /// ```
    /// use stockpit::money::{Fixed, FixedError};
    /// let (amount, rounded) = Fixed::parse("647.62")?;
    /// assert_eq!((amount.to_decimal(2).as_str(), rounded), ("647.62", false));
    /// assert_eq!(Fixed::parse("1,000"), Err(FixedError::NotANumber));
    /// # Ok::<(), FixedError>(())
    /// ```
    ///
    /// # Errors
    /// [`FixedError::NotANumber`] for anything else, [`FixedError::TooLarge`] beyond [`Self::LIMIT`].
    pub fn parse(text: &str) -> Result<(Self, bool), FixedError> {
        let bytes = text.as_bytes();
        let (negative, digits) = match bytes.first() {
            Some(b'-') => (true, &bytes[1..]),
            Some(b'+') => (false, &bytes[1..]),
            _ => (false, bytes),
        };
        let (mantissa, exponent) = match digits.iter().position(|b| matches!(b, b'e' | b'E')) {
            Some(at) => (&digits[..at], parse_exponent(&digits[at + 1..])?),
            None => (digits, 0),
        };
        // value = number × 10^(exponent - fraction digits), in steps: × 10^4 more
        let (mut number, mut shift, mut seen, mut point) = (0_i128, exponent + 4, false, false);
        for &byte in mantissa {
            match byte {
                b'0'..=b'9' => {
                    seen = true;
                    if number < 10_i128.pow(30) {
                        number = number * 10 + i128::from(byte - b'0');
                        shift -= i32::from(point);
                    } else if !point {
                        return Err(FixedError::TooLarge);
                    }
                }
                b'.' if !point => point = true,
                _ => return Err(FixedError::NotANumber),
            }
        }
        if !seen {
            return Err(FixedError::NotANumber);
        }
        let (steps, rounded) = if number == 0 {
            (0, false)
        } else if shift >= 0 {
            let factor = u32::try_from(shift)
                .ok()
                .filter(|s| *s <= 30)
                .ok_or(FixedError::TooLarge)?;
            (
                number
                    .checked_mul(10_i128.pow(factor))
                    .ok_or(FixedError::TooLarge)?,
                false,
            )
        } else {
            match u32::try_from(-shift).ok().filter(|s| *s <= 37) {
                Some(down) => {
                    let unit = 10_i128.pow(down);
                    (div_half_even(number, unit), number % unit != 0)
                }
                None => (0, true),
            }
        };
        let steps = i64::try_from(steps).map_err(|_| FixedError::TooLarge)?;
        if steps > Self::LIMIT.0 {
            return Err(FixedError::TooLarge);
        }
        Ok((Self(if negative { -steps } else { steps }), rounded))
    }

    /// Canonical decimal text with at least `places` digits after the point: `1234.50`.
    pub fn to_decimal(self, places: usize) -> String {
        let magnitude = self.0.unsigned_abs();
        let scale = Self::SCALE.unsigned_abs();
        let mut fraction = format!("{:04}", magnitude % scale);
        while fraction.len() > places && fraction.ends_with('0') {
            fraction.pop();
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{}{point}{fraction}", magnitude / scale)
    }
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_decimal(0))
    }
}

fn parse_exponent(digits: &[u8]) -> Result<i32, FixedError> {
    let text = std::str::from_utf8(digits).map_err(|_| FixedError::NotANumber)?;
    let exponent: i32 = text.parse().map_err(|_| FixedError::NotANumber)?;
    if exponent.abs() > 40 {
        Err(FixedError::TooLarge)
    } else {
        Ok(exponent)
    }
}

/// `number / unit`, halves to the even neighbour. `unit` is positive.
pub(crate) fn div_half_even(number: i128, unit: i128) -> i128 {
    let (quotient, rest) = (number.div_euclid(unit), number.rem_euclid(unit));
    match (rest * 2).cmp(&unit) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Result<(&str, bool), FixedError>) {
        let got = Fixed::parse(text).map(|(value, rounded)| (value.to_string(), rounded));
        assert_eq!(
            got,
            expect.map(|(value, rounded)| (value.to_owned(), rounded)),
            "{text:?}"
        );
    }

    #[test]
    fn reads_plain_decimals() {
        check("0", Ok(("0", false)));
        check("647.62", Ok(("647.62", false)));
        check("-3.500", Ok(("-3.5", false)));
        check("+1.", Ok(("1", false)));
        check(".5", Ok(("0.5", false)));
        check("261.9600", Ok(("261.96", false)));
        check("2297200.8603", Ok(("2297200.8603", false)));
        check("1e3", Ok(("1000", false)));
        check("1.5E-2", Ok(("0.015", false)));
    }

    #[test]
    fn rounds_half_even_and_says_so() {
        check("0.00005", Ok(("0", true)));
        check("0.00015", Ok(("0.0002", true)));
        check("0.00025", Ok(("0.0002", true)));
        check("0.000251", Ok(("0.0003", true)));
        check("-0.00015", Ok(("-0.0002", true)));
        check("1e-40", Ok(("0", true)));
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in [
            "", "-", ".", "1,000", "12a", "1e", "--1", "1.2.3", "NaN", "inf", "#REF!", "1e+x",
        ] {
            check(text, Err(FixedError::NotANumber));
        }
        for text in ["35153131473290001", "1e30", "1e99", &"9".repeat(60)] {
            check(text, Err(FixedError::TooLarge));
        }
    }

    #[test]
    fn prints_canonically() {
        assert_eq!(Fixed::from_units(1234).to_decimal(2), "1234.00");
        assert_eq!(Fixed::from_raw(-5).to_decimal(2), "-0.0005");
        assert_eq!(Fixed::from_raw(-5000).to_decimal(2), "-0.50");
    }
}
