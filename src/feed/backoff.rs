//! Waiting longer after each failure, and never all at once.

/// Exponential backoff with jitter: after the n-th failure in a row one waits between half and all of
/// `first · 2ⁿ⁻¹`, at most `most`. Half of it is left to chance, so that many who lost one server do not come
/// back in the same moment (AWS architecture blog, "Exponential Backoff And Jitter": equal jitter).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    first_millis: i64,
    most_millis: i64,
    failures: u32,
}

impl Backoff {
    /// That which begins with `first_millis` and ends at `most_millis`. What is below a millisecond counts as one.
    pub const fn new(first_millis: i64, most_millis: i64) -> Self {
        let first_millis = if first_millis < 1 { 1 } else { first_millis };
        Self {
            first_millis,
            most_millis: if most_millis < first_millis {
                first_millis
            } else {
                most_millis
            },
            failures: 0,
        }
    }

    /// Failures in a row.
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Another failure: how many milliseconds to wait. `chance` is a random number from 0 up to 1; what is none
    /// counts as 0.
    pub fn fail(&mut self, chance: f64) -> i64 {
        let doubled = 1_i64.checked_shl(self.failures.min(62)).unwrap_or(i64::MAX);
        let whole = self.first_millis.saturating_mul(doubled).min(self.most_millis);
        self.failures = self.failures.saturating_add(1);
        let half = whole / 2;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "milliseconds of hours, far below 2⁵³; what is no number becomes 0"
        )]
        let jitter = ((whole - half) as f64 * chance.clamp(0.0, 1.0)) as i64;
        half + jitter
    }

    /// It went well: the next failure is the first again.
    pub const fn succeed(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits after each failure in a row, for one chance.
    fn waits(first: i64, most: i64, chance: f64) -> Vec<i64> {
        let mut backoff = Backoff::new(first, most);
        (0..6).map(|_| backoff.fail(chance)).collect()
    }

    #[test]
    fn waits_double_up_to_the_most() {
        for (first, most, chance, expect) in [
            (1_000, 10_000, 1.0, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]),
            (1_000, 10_000, 0.0, [500, 1_000, 2_000, 4_000, 5_000, 5_000]),
            (1_000, 10_000, 0.5, [750, 1_500, 3_000, 6_000, 7_500, 7_500]),
            (1_000, 10_000, f64::NAN, [500, 1_000, 2_000, 4_000, 5_000, 5_000]),
            (1_000, 10_000, 7.0, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]),
            (5_000, 1_000, 1.0, [5_000; 6]),
            (0, 0, 1.0, [1; 6]),
        ] {
            assert_eq!(waits(first, most, chance), expect, "{first} {most} {chance}");
        }
    }

    #[test]
    fn it_never_overflows_and_begins_anew() {
        let mut backoff = Backoff::new(i64::MAX / 2, i64::MAX);
        for _ in 0..200 {
            assert!(backoff.fail(0.5) > 0);
        }
        assert_eq!(backoff.failures(), 200);
        let mut backoff = Backoff::new(1_000, 60_000);
        backoff.fail(1.0);
        backoff.fail(1.0);
        backoff.succeed();
        assert_eq!((backoff.failures(), backoff.fail(1.0)), (0, 1_000));
    }
}
