//! Times in fixed places: `2026-03-04 12:34:56`, `04/03/2026 12:34`, `2026-03-04T12:34:56+08:00`.
//!
//! What a date says is worked out once, by the reader of dates, and remembered by its ten characters; of
//! further cells only the time of day is read.

use crate::time::UtcMillis;

/// Dates remembered: a year and more.
const SLOTS: usize = 512;
/// Characters of a date.
const DATE: usize = 10;
/// Characters of a blank or `T` and a time with seconds.
const TIME: usize = 9;

/// The dates of one column and the instants they start at.
#[derive(Debug)]
pub(super) struct Stamps {
    days: Vec<Day>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Day {
    key: Key,
    midnight: i64,
}

/// A date and what follows the time, as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Key {
    date: (u64, u16),
    suffix: u64,
}

impl Default for Stamps {
    fn default() -> Self {
        Self {
            days: vec![Day::default(); SLOTS],
        }
    }
}

impl Stamps {
    /// The instant `cell` says, if its date is known.
    #[inline]
    pub(super) fn instant(&self, cell: &[u8]) -> Option<UtcMillis> {
        let (key, millis) = read(cell)?;
        let day = self.days.get(key.slot())?;
        (day.key == key).then(|| UtcMillis(day.midnight + i64::from(millis)))
    }

    /// Remembers that `cell` says `at`, of a day that runs evenly from its midnight.
    pub(super) fn learn(&mut self, cell: &[u8], millis: u32, at: UtcMillis) {
        let Some((key, read)) = read(cell).filter(|_| is_date(cell)) else {
            return;
        };
        if read == millis
            && let Some(day) = self.days.get_mut(key.slot())
        {
            *day = Day {
                key,
                midnight: at.0 - i64::from(millis),
            };
        }
    }
}

impl Key {
    fn slot(self) -> usize {
        let mixed =
            (self.date.0 ^ u64::from(self.date.1) << 3 ^ self.suffix).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 40) as usize % SLOTS
    }
}

/// Date and milliseconds since midnight of a cell with its parts in fixed places.
#[inline(always)]
fn read(cell: &[u8]) -> Option<(Key, u32)> {
    let (date, rest) = cell.split_first_chunk::<DATE>()?;
    let [a, b, c, d, e, f, g, h, i, j] = *date;
    let mut key = Key {
        date: (
            u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            u16::from_le_bytes([i, j]),
        ),
        suffix: 0,
    };
    let (time, suffix) = match *rest {
        [] => return Some((key, 0)),
        [b' ' | b'T', a, b, c, d, e] => ([a, b, c, d, e, b':', b'0', b'0'], [].as_slice()),
        [b' ' | b'T', a, b, c, d, e, f, g, h, ..] => ([a, b, c, d, e, f, g, h], rest.get(TIME..)?),
        _ => return None,
    };
    // Only an offset from UTC: all else that may follow changes the time itself.
    if let Some(first) = suffix.first() {
        if suffix.len() > 8 || !matches!(first, b'+' | b'-' | b'Z') {
            return None;
        }
        key.suffix = suffix.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    // Each digit less '0' is 9 or less, each colon less ':' is 0, or a top bit is set.
    let parts = u64::from_le_bytes(time) ^ u64::from_le_bytes(*b"00:00:00");
    if (parts.wrapping_add(0x7676_7F76_767F_7676) | parts) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let [a, b, _, c, d, _, e, f] = parts.to_le_bytes().map(u32::from);
    let (hour, minute, second) = (a * 10 + b, c * 10 + d, e * 10 + f);
    (hour < 24 && minute < 60 && second < 60).then(|| (key, ((hour * 60 + minute) * 60 + second) * 1000))
}

/// Whether the first ten characters are a date in digits and nothing else.
fn is_date(cell: &[u8]) -> bool {
    let is_mark = |at: usize| cell.get(at).is_some_and(|b| matches!(b, b'-' | b'/' | b'.'));
    let digits = cell.iter().take(DATE).filter(|b| b.is_ascii_digit()).count();
    digits == 8 && (is_mark(4) && is_mark(7) || is_mark(2) && is_mark(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_times_in_their_places_are_read() {
        let time = |cell: &str| read(cell.as_bytes()).map(|(_, millis)| millis / 1000);
        for (cell, expect) in [
            ("2026-03-04 12:34:56", Some(45_296)),
            ("2026-03-04T12:34:56", Some(45_296)),
            ("2026-03-04 12:34", Some(45_240)),
            ("2026-03-04", Some(0)),
            ("2026-03-04 23:59:59+08:00", Some(86_399)),
            ("2026-03-04 00:00:00Z", Some(0)),
            ("2026-03-04 24:00:00", None),
            ("2026-03-04 12:60:00", None),
            ("2026-03-04 12:34:5:", None),
            ("2026-03-04 12-34-56", None),
            ("2026-03-04 12:34:56 PM", None),
            ("2026-03-04 12:34:56.789", None),
            ("2026-03-04 1:34:56", None),
            ("2026-03-04 ÿ2:34:56", None),
            ("2026-3-4 12:34:56", None),
            ("", None),
        ] {
            assert_eq!(time(cell), expect, "{cell}");
        }
    }

    #[test]
    fn dates_are_known_once_learnt() {
        let mut stamps = Stamps::default();
        assert_eq!(stamps.instant(b"2026-03-04 12:34:56"), None);
        stamps.learn(
            b"2026-03-04 12:34:56",
            45_296_000,
            UtcMillis(45_296_000 + 1_000_000),
        );
        assert_eq!(stamps.instant(b"2026-03-04 00:00:01"), Some(UtcMillis(1_001_000)));
        assert_eq!(stamps.instant(b"2026-03-05 00:00:01"), None);
        assert_eq!(stamps.instant(b"2026-03-04 00:00:01+08:00"), None);
        // What is no date in digits is never taken for one.
        stamps.learn(b"4 Mar 2026 12:34:56", 45_296_000, UtcMillis(45_296_000));
        assert_eq!(stamps.instant(b"4 Mar 2026 12:34:56"), None);
    }
}
