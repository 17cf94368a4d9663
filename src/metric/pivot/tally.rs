//! Adding up by group, as narrow as the columns are: the loops that every look at all lines spends its time in.

use super::block::Picks;
use crate::model::{Codes, Ints};

/// Group of a line that is in none.
pub(super) const NO_GROUP: u32 = u32::MAX;

/// Groups of the lines of a block.
#[derive(Clone, Copy)]
pub(super) enum Places<'a> {
    /// The same for all.
    One(u32),
    /// By offset.
    U8(&'a [u8]),
    /// By offset.
    U16(&'a [u16]),
    /// By offset.
    U32(&'a [u32]),
    /// One for each picked line; [`NO_GROUP`] for one that is in none.
    Each(&'a [u32]),
}

impl<'a> Places<'a> {
    /// The codes of the block at `start`.
    pub(super) fn of(codes: &'a Codes, start: usize) -> Self {
        match codes {
            Codes::Zero(_) => Self::One(0),
            Codes::U8(codes) => Self::U8(codes.get(start..).unwrap_or_default()),
            Codes::U16(codes) => Self::U16(codes.get(start..).unwrap_or_default()),
            Codes::U32(codes) => Self::U32(codes.get(start..).unwrap_or_default()),
        }
    }

    /// Group of the picked line number `nth`, at offset `at`.
    pub(super) fn get(self, nth: usize, at: usize) -> u32 {
        let group = match self {
            Self::One(group) => Some(group),
            Self::U8(codes) => codes.get(at).map(|code| u32::from(*code)),
            Self::U16(codes) => codes.get(at).map(|code| u32::from(*code)),
            Self::U32(codes) => codes.get(at).copied(),
            Self::Each(groups) => groups.get(nth).copied(),
        };
        group.unwrap_or(NO_GROUP)
    }
}

/// Lines of a block and their groups.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    pub start: usize,
    pub picks: &'a Picks,
    pub places: Places<'a>,
}

impl Placed<'_> {
    /// Shows `add` the group and the value of each line, as [`Ints::visit`] does.
    #[inline(always)]
    fn visit(self, column: &Ints, mut add: impl FnMut(usize, i64)) {
        let (len, picks) = self.picks.parts();
        let start = self.start;
        macro_rules! by_offset {
            ($codes:expr) => {
                column.visit(start, len, picks, |_, at, value| {
                    if let Some(code) = $codes.get(at) {
                        add(*code as usize, value);
                    }
                })
            };
        }
        match self.places {
            Places::One(group) => add(group as usize, column.total(start, len, picks)),
            Places::U8(codes) => by_offset!(codes),
            Places::U16(codes) => by_offset!(codes),
            Places::U32(codes) => by_offset!(codes),
            Places::Each(groups) => column.visit(start, len, picks, |nth, _, value| {
                if let Some(group) = groups.get(nth) {
                    add(*group as usize, value);
                }
            }),
        }
    }

    /// Adds one to the count of each line's group.
    #[inline(never)]
    pub(super) fn count(self, counts: &mut [u32]) {
        fn all<C: Copy + Into<u32>>(codes: &[C], counts: &mut [u32]) {
            for code in codes {
                if let Some(count) = counts.get_mut((*code).into() as usize) {
                    *count += 1;
                }
            }
        }
        fn some<C: Copy + Into<u32>>(codes: &[C], picks: &[u16], counts: &mut [u32]) {
            for pick in picks {
                if let Some(code) = codes.get(usize::from(*pick))
                    && let Some(count) = counts.get_mut((*code).into() as usize)
                {
                    *count += 1;
                }
            }
        }
        let (len, picks) = self.picks.parts();
        macro_rules! by_offset {
            ($codes:expr) => {
                match picks {
                    None => all($codes.get(..len).unwrap_or($codes), counts),
                    Some(picks) => some($codes, picks, counts),
                }
            };
        }
        match self.places {
            Places::One(group) => {
                if let Some(count) = counts.get_mut(group as usize) {
                    *count += u32::try_from(len).unwrap_or(0);
                }
            }
            Places::U8(codes) => by_offset!(codes),
            Places::U16(codes) => by_offset!(codes),
            Places::U32(codes) => by_offset!(codes),
            Places::Each(groups) => all(groups, counts),
        }
    }

    /// Adds the value of each line to the sum of its group; the value of a line that has none too, see
    /// [`Self::take_unsaid`].
    #[inline(never)]
    pub(super) fn add(self, column: &Ints, sums: &mut [i64]) {
        self.visit(column, |group, value| {
            if let Some(sum) = sums.get_mut(group) {
                *sum += value;
            }
        });
    }

    /// [`Self::count`] and [`Self::add`] in one.
    #[inline(never)]
    pub(super) fn count_and_add(self, column: &Ints, counts: &mut [u32], sums: &mut [i64]) {
        if matches!(self.places, Places::One(_)) {
            self.count(counts);
            return self.add(column, sums);
        }
        self.visit(column, |group, value| {
            if let (Some(count), Some(sum)) = (counts.get_mut(group), sums.get_mut(group)) {
                *count += 1;
                *sum += value;
            }
        });
    }

    /// Takes out again what [`Self::add`] added of lines without a value, and counts them.
    pub(super) fn take_unsaid(self, column: &Ints, column_sums: &mut ColumnSums) {
        let (len, picks) = self.picks.parts();
        column.visit_unsaid(self.start, len, picks, |nth, at, value| {
            column_sums.take(self.places.get(nth, at) as usize, value);
        });
    }

    /// Adds values that were made of several columns; [`Ints::NONE`] is none.
    #[inline(never)]
    pub(super) fn add_values(self, values: &[i64], sums: &mut ColumnSums) {
        let (len, picks) = self.picks.parts();
        let at = |nth: usize| picks.map_or(nth, |picks| picks.get(nth).map_or(0, |pick| usize::from(*pick)));
        for (nth, value) in values.iter().enumerate().take(len) {
            let group = self.places.get(nth, at(nth)) as usize;
            if *value == Ints::NONE {
                sums.take(group, 0);
            } else if let Some(sum) = sums.sums.get_mut(group) {
                *sum += value;
            }
        }
    }
}

/// A sum by group, in as many bits as surely hold it.
#[derive(Default)]
pub(super) struct ColumnSums {
    pub sums: Vec<i64>,
    /// Lines without a value; beyond its end there are none.
    pub unsaid: Vec<u32>,
}

impl ColumnSums {
    /// A line of `group` has no value, though this was added for it.
    fn take(&mut self, group: usize, value: i64) {
        if let Some(sum) = self.sums.get_mut(group) {
            *sum -= value;
            if group >= self.unsaid.len() {
                self.unsaid.resize(group + 1, 0);
            }
            self.unsaid[group] += 1;
        }
    }
}
