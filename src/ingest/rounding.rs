//! Identifiers that a spreadsheet rounded: it keeps 15 digits of a number and writes noughts for the others.
//!
//! No single identifier tells. Among many of 17 digits and more, one in a hundred ends in noughts by chance; where
//! far more do, they were rounded, and different ones may have become one. That is learnt from the file, and the
//! file read again: rounded ones join nothing then.

use super::learnt::{Amend, Learnt};

/// Digits that a spreadsheet keeps.
const KEPT: usize = 15;
/// Digits from which on the file is read again. Of 16 digits one in ten ends in a nought, and counters that go up in
/// tens are not unheard of: those are counted and told.
const SURE: usize = KEPT + 2;
/// Different ones that are remembered.
const MOST_SEEN: usize = 32;

/// How many numbers end in so many noughts by chance.
const ODDS: [f64; 10] = [1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9];

/// What the identifiers of one column look like.
#[derive(Debug)]
pub(super) struct Rounding {
    column: usize,
    is_known: bool,
    /// How many would end in noughts by chance.
    odds: f64,
    /// How many do, each counted once.
    found: u32,
    /// The first of them.
    seen: Vec<String>,
    /// Of 16 digits: how many, and how many of them end in a nought.
    doubtful: (u64, u64),
    /// The first of these.
    pub example: String,
}

impl Rounding {
    pub(super) fn new(column: usize, learnt: &Learnt) -> Self {
        Self {
            column,
            is_known: learnt.is_rounded(column),
            odds: 0.0,
            found: 0,
            seen: Vec::new(),
            doubtful: (0, 0),
            example: String::new(),
        }
    }

    /// Whether `id` is one that was rounded.
    ///
    /// # Errors
    /// [`Amend::Rounded`] at the first that shows it.
    #[inline]
    pub(super) fn is_rounded(&mut self, id: &str) -> Result<bool, Amend> {
        if id.len() <= KEPT {
            return Ok(false);
        }
        self.look(id)
    }

    fn look(&mut self, id: &str) -> Result<bool, Amend> {
        let (Some((kept, lost)), true) = (id.split_at_checked(KEPT), is_number(id.as_bytes())) else {
            return Ok(false);
        };
        let is_nought = lost.bytes().all(|byte| byte == b'0');
        if id.len() < SURE {
            self.doubtful.0 += 1;
            if is_nought {
                self.doubtful.1 += 1;
                if self.example.is_empty() {
                    id.clone_into(&mut self.example);
                }
            }
            return Ok(false);
        }
        if self.is_known {
            return Ok(is_nought);
        }
        // Of more digits they end in noughts less often than a float can say matters.
        self.odds += ODDS.get(lost.len()).copied().unwrap_or(0.0);
        // Numbers that somebody counts in thousands have a nought before them too.
        if is_nought && !kept.ends_with('0') && self.is_new(id) {
            self.found += 1;
            if is_more_than_chance(self.found, self.odds) {
                return Err(Amend::Rounded(self.column));
            }
        }
        Ok(false)
    }

    /// Whether `id` was not there before; of many, whether it was not the last.
    fn is_new(&mut self, id: &str) -> bool {
        let is_known = if self.seen.len() < MOST_SEEN {
            self.seen.iter().any(|seen| seen == id)
        } else {
            self.seen.last().is_some_and(|last| last == id)
        };
        if !is_known {
            self.seen.truncate(MOST_SEEN - 1);
            self.seen.push(id.to_owned());
        }
        !is_known
    }

    /// Identifiers of 16 digits that were most likely rounded.
    pub(super) fn doubtful(&self) -> u64 {
        let (all, noughts) = self.doubtful;
        if noughts >= 5 && noughts * 10 >= all * 9 {
            noughts
        } else {
            0
        }
    }
}

/// Whether `found` are more than chance makes where it makes `odds` of them.
fn is_more_than_chance(found: u32, odds: f64) -> bool {
    let power = i32::try_from(found).unwrap_or(i32::MAX);
    found >= 2 && (f64::from(found) >= 3.0 + 3.0 * odds || odds.powi(power) < 1e-5)
}

/// Whether it is digits only, and eight of them at least: every row has one, so eight at a time.
fn is_number(id: &[u8]) -> bool {
    let are_digits = |bytes: &[u8; 8]| {
        let word = u64::from_le_bytes(*bytes);
        // 0x30 to 0x39: a 3 above, and still a 3 when 6 is added.
        let high = |word: u64| word & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030;
        high(word) && high(word.wrapping_add(0x0606_0606_0606_0606))
    };
    let (words, _) = id.as_chunks::<8>();
    id.last_chunk().is_some_and(are_digits) && words.iter().all(are_digits)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{import, shown};
    use super::is_number;

    #[test]
    fn numbers_are_digits_only() {
        for at in 0..17 {
            for byte in 0..=255_u8 {
                let mut id = *b"35839201748295100";
                id[at] = byte;
                assert_eq!(is_number(&id), byte.is_ascii_digit(), "{byte} at {at}");
            }
        }
        assert!(is_number(b"35839201748295100012345678901") && !is_number(b"1234567"));
    }

    fn report(rows: impl Iterator<Item = String>) -> String {
        let head = "订单编号,订单创建时间,商家编码,数量,金额\n".to_owned();
        let text = rows.fold(head, |text, row| text + &row + "\n");
        shown(&import(text.as_bytes(), 1000))
    }

    fn lines(text: &str, start: &str) -> usize {
        text.lines().filter(|line| line.starts_with(start)).count()
    }

    #[test]
    fn rounded_numbers_are_refused_before_they_join_anything() {
        // As a spreadsheet saves 358392017482951044 and the like.
        let rounded = |at: u64| (358_392_017_482_951 + at * 37) * 1000;
        let rows = |at: u64| format!("{},2026-04-05,A,1,5", rounded(at));
        let text = report((1..=3).map(rows));
        assert_eq!(lines(&text, "refused"), 3, "{text}");
        assert!(
            text.contains("订单编号 \"358392017482988000\" RuinedIdentifier"),
            "{text}"
        );
        // Some were pasted in from a spreadsheet, the others are as they came.
        let text = report((0..100).map(|at| {
            let id = if at % 10 == 3 {
                rounded(at)
            } else {
                rounded(at) + 11 + at
            };
            format!("{id},2026-04-05,A,1,5")
        }));
        assert_eq!(
            (lines(&text, "refused"), lines(&text, "3583")),
            (10, 90),
            "{text}"
        );
    }

    #[test]
    fn noughts_by_chance_and_by_habit_are_left_alone() {
        // One in a thousand ends in three noughts by chance.
        let text =
            report((0..3000_u64).map(|at| format!("{},2026-04-05,A,1,5", 358_392_017_482_951_000 + at * 7)));
        assert_eq!(lines(&text, "refused"), 0, "{text}");
        // Microseconds of a clock that counts thousandths of a second.
        let text = report((0..50_u64).map(|at| format!("{}000000,2026-04-05,A,1,5", 177_233_760_012 + at)));
        assert_eq!(lines(&text, "refused"), 0, "{text}");
    }

    #[test]
    fn sixteen_digits_are_told_and_not_refused() {
        let text = report((0..9_u64).map(|at| format!("{}0,2026-04-05,A,1,5", 358_392_017_482_951 + at * 3)));
        assert_eq!(lines(&text, "refused"), 0, "{text}");
        assert_eq!(
            lines(&text, "note RoundedIds(9, \"3583920174829510\")"),
            1,
            "{text}"
        );
    }

    #[test]
    fn rounded_codes_of_goods_name_none_and_rounded_line_numbers_are_not_used() {
        let head = "order id,line id,date,sku,quantity,amount\n".to_owned();
        let text = (0..4_u64).fold(head, |text, at| {
            let id = (777_392_017_482_951 + at / 2 * 7) * 10_000;
            text + &format!("A-{},{id},2026-04-05,{id},1,5\n", at / 4)
        });
        let text = shown(&import(text.as_bytes(), 1000));
        assert!(text.contains("done orders generic [UTF-8 CSV ,] 4/4/0"), "{text}");
        assert!(text.contains("note RuinedSkus(4)"), "{text}");
        // Two of four have the same rounded line number: they are four lines.
        assert_eq!(lines(&text, "A-0/~"), 4, "{text}");
    }
}
