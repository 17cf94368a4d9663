//! Reads the parts of a date and time one after the other.

use super::date::{DateWritten, Written, days_of};

/// A date, perhaps with time and offset, in ASCII; `None` where anything else stands in the text.
pub(super) fn scan(text: &str) -> Option<Written> {
    let mut cursor = Cursor {
        rest: text.as_bytes(),
    };
    let date = cursor.date()?;
    let (millis, twelve_hours) = cursor.time()?;
    let offset_minutes = cursor.offset()?;
    cursor.blanks();
    cursor.rest.is_empty().then_some(Written {
        date,
        millis,
        offset_minutes,
        twelve_hours,
    })
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> u8 {
        self.rest.first().copied().unwrap_or(0)
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or(&[]);
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\t') {
            self.skip(1);
        }
    }

    /// A run of digits and its length.
    fn number(&mut self) -> Option<(u32, usize)> {
        let length = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if length == 0 || length > 8 {
            return None;
        }
        let number = self
            .rest
            .iter()
            .take(length)
            .fold(0, |number, b| number * 10 + u32::from(b - b'0'));
        self.skip(length);
        Some((number, length))
    }

    fn word(&mut self) -> &'a [u8] {
        let length = self.rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }

    fn date(&mut self) -> Option<DateWritten> {
        if self.peek().is_ascii_alphabetic() {
            return self.date_by_name();
        }
        let (first, length) = self.number()?;
        if length == 8 {
            let day = days_of(
                i32::try_from(first / 10_000).ok()?,
                first / 100 % 100,
                first % 100,
            )?;
            return Some(DateWritten::Day(day));
        }
        let mark = self.peek();
        if !matches!(mark, b'-' | b'/' | b'.' | b' ') {
            return None;
        }
        self.skip(1);
        self.blanks_after_point(mark);
        if self.peek().is_ascii_alphabetic() {
            self.of();
            let month = month(self.word())?;
            self.mark();
            self.of();
            let (year, digits) = self.number()?;
            let year = full_year(year, digits)?;
            return days_of(year, month, first).map(DateWritten::Day);
        }
        let (second, digits) = self.number()?;
        if digits > 2 || self.peek() != mark || mark == b' ' {
            return None;
        }
        self.skip(1);
        let (third, digits) = self.number()?;
        if length == 4 && digits <= 2 {
            return days_of(i32::try_from(first).ok()?, second, third).map(DateWritten::Day);
        }
        if length > 2 {
            return None;
        }
        let year = full_year(third, digits)?;
        let either = DateWritten::Either {
            first,
            second,
            year,
            mark: char::from(mark),
            short_year: digits == 2,
        };
        let possible = days_of(year, first, second).is_some() || days_of(year, second, first).is_some();
        possible.then_some(either)
    }

    /// `21. Juli 2025`.
    fn blanks_after_point(&mut self, mark: u8) {
        if mark == b'.' {
            self.blanks();
        }
    }

    /// `21 de julho de 2025`.
    fn of(&mut self) {
        if self
            .rest
            .get(..3)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"de "))
        {
            self.skip(3);
            self.blanks();
        }
    }

    /// `10:32 hs.`, `10:32 Uhr`.
    fn hours_word(&mut self) {
        for word in [&b"hs."[..], b"hrs", b"hs", b"h", b"Uhr"] {
            let is_here = self
                .rest
                .get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word));
            if is_here && !self.rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric) {
                self.skip(word.len());
                return;
            }
        }
    }

    /// `Jul-21-25`, `Jan 2, 2026`, `Fri, 02 Jan 2026`.
    fn date_by_name(&mut self) -> Option<DateWritten> {
        let word = self.word();
        let Some(month_number) = month(word) else {
            let is_weekday = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"]
                .iter()
                .any(|day| {
                    word.get(..3)
                        .is_some_and(|start| start.eq_ignore_ascii_case(*day))
                });
            self.mark();
            return if is_weekday && self.peek().is_ascii_digit() {
                self.date()
            } else {
                None
            };
        };
        self.mark();
        let (day, _) = self.number()?;
        self.mark();
        let (year, digits) = self.number()?;
        days_of(full_year(year, digits)?, month_number, day).map(DateWritten::Day)
    }

    fn mark(&mut self) {
        while matches!(self.peek(), b'-' | b'/' | b'.' | b',' | b' ') {
            self.skip(1);
        }
    }

    /// Milliseconds since midnight, 0 where there is no time, and whether AM or PM stands there.
    fn time(&mut self) -> Option<(u32, bool)> {
        if matches!(self.peek(), b'T' | b',') {
            self.skip(1);
        }
        self.blanks();
        if !self.peek().is_ascii_digit() {
            return Some((0, false));
        }
        let (mut hour, digits) = self.number()?;
        let minute;
        let (mut second, mut millis) = (0, 0);
        if digits == 6 {
            (hour, minute, second) = (hour / 10_000, hour / 100 % 100, hour % 100);
        } else {
            if digits > 2 || self.peek() != b':' {
                return None;
            }
            self.skip(1);
            minute = self.number()?.0;
            if self.peek() == b':' && self.rest.get(1).is_some_and(u8::is_ascii_digit) {
                self.skip(1);
                second = self.number()?.0;
                if matches!(self.peek(), b'.' | b',') {
                    self.skip(1);
                    millis = self.fraction()?;
                }
            }
        }
        self.blanks();
        let half = match self.rest {
            [b'A' | b'a', b'M' | b'm', ..] => Some(0),
            [b'P' | b'p', b'M' | b'm', ..] => Some(12),
            _ => None,
        };
        if let Some(half) = half {
            self.skip(2);
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + half;
        }
        self.hours_word();
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        Some((
            ((hour * 60 + minute) * 60 + second) * 1000 + millis,
            half.is_some(),
        ))
    }

    fn fraction(&mut self) -> Option<u32> {
        let length = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let thousandths = (0..3).fold(0, |number, at| {
            let digit = self
                .rest
                .get(at)
                .filter(|_| at < length)
                .map_or(0, |b| u32::from(b - b'0'));
            number * 10 + digit
        });
        self.skip(length);
        (length > 0).then_some(thousandths)
    }

    /// Outer `None`: not an offset. Inner `None`: there is none.
    #[expect(
        clippy::option_option,
        reason = "a fault and an absence are different things here"
    )]
    fn offset(&mut self) -> Option<Option<i32>> {
        self.blanks();
        let sign = match self.rest {
            [] => return Some(None),
            [b'Z' | b'z', ..] => {
                self.skip(1);
                return Some(Some(0));
            }
            [b'U', b'T', b'C', ..] | [b'G', b'M', b'T', ..] => {
                self.skip(3);
                match self.peek() {
                    b'+' => 1,
                    b'-' => -1,
                    _ => return Some(Some(0)),
                }
            }
            [b'+', ..] => 1,
            [b'-', ..] => -1,
            _ => {
                let zone = zone(self.word())?;
                return Some(Some(zone));
            }
        };
        self.skip(1);
        let (number, digits) = self.number()?;
        let (hours, minutes) = match digits {
            4 => (number / 100, number % 100),
            1 | 2 if self.peek() == b':' => {
                self.skip(1);
                (number, self.number()?.0)
            }
            1 | 2 => (number, 0),
            _ => return None,
        };
        if hours > 14 || minutes > 59 {
            return None;
        }
        i32::try_from(hours * 60 + minutes)
            .ok()
            .map(|minutes| Some(sign * minutes))
    }
}

/// Minutes east of UTC of a zone that exports write by its letters.
fn zone(letters: &[u8]) -> Option<i32> {
    const ZONES: [(&str, i32); 10] = [
        ("PST", -480),
        ("PDT", -420),
        ("MST", -420),
        ("MDT", -360),
        ("EST", -300),
        ("EDT", -240),
        ("BST", 60),
        ("CET", 60),
        ("CEST", 120),
        ("JST", 540),
    ];
    let found = ZONES.iter().find(|(name, _)| name.as_bytes() == letters);
    found.map(|(_, minutes)| *minutes)
}

/// A year of four digits, or of two: 00–69 are of this century.
fn full_year(year: u32, digits: usize) -> Option<i32> {
    let year = i32::try_from(year).ok()?;
    match digits {
        4 => Some(year),
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

/// The month that `word` is the name of, or the first three letters or more of it: in languages of Western and
/// Central Europe and Indonesian, without accents.
fn month(word: &[u8]) -> Option<u32> {
    const MONTHS: [&[&str]; 12] = [
        &[
            "january", "janeiro", "januar", "enero", "janvier", "gennaio", "januari", "stycznia",
        ],
        &[
            "february",
            "fevereiro",
            "febrero",
            "fevrier",
            "febbraio",
            "februari",
            "lutego",
        ],
        &[
            "march", "marco", "marzo", "marz", "mrz", "mars", "maart", "maret", "marca",
        ],
        &["april", "abril", "avril", "aprile", "kwietnia"],
        &["may", "maio", "mayo", "mai", "maggio", "mei", "maja"],
        &["june", "junho", "junio", "juni", "juin", "giugno", "czerwca"],
        &["july", "julho", "julio", "juli", "juillet", "luglio", "lipca"],
        &["august", "agosto", "aout", "augustus", "agustus", "sierpnia"],
        &[
            "september",
            "setembro",
            "septiembre",
            "setiembre",
            "sept",
            "settembre",
            "wrzesnia",
        ],
        &[
            "october",
            "outubro",
            "octubre",
            "oktober",
            "octobre",
            "ottobre",
            "pazdziernika",
        ],
        &[
            "november",
            "novembro",
            "noviembre",
            "novembre",
            "nopember",
            "listopada",
        ],
        &[
            "december",
            "dezembro",
            "diciembre",
            "decembre",
            "dicembre",
            "desember",
            "grudnia",
        ],
    ];
    if word.len() < 3 {
        return None;
    }
    let starts = |name: &&str| {
        name.as_bytes()
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let at = MONTHS.iter().position(|names| names.iter().any(starts))?;
    u32::try_from(at + 1).ok()
}
