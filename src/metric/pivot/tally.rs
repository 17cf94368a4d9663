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

/// What is counted of a group: one place in memory, and so one look a line.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    pub sum: i64,
    pub lines: i64,
}

/// Cells that a group of one byte always has: no line is asked whether its group has one.
const BYTE_GROUPS: usize = 256;

/// Cells of so many groups.
pub(super) fn cells(groups: usize) -> Vec<Cell> {
    vec![Cell::default(); groups.max(BYTE_GROUPS)]
}

/// Lines of a block and their groups.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    pub start: usize,
    pub picks: &'a Picks,
    pub places: Places<'a>,
}

impl Placed<'_> {
    /// Adds one to the lines of each line's group.
    #[inline(never)]
    pub(super) fn count(self, cells: &mut [Cell]) {
        let (len, picks) = self.picks.parts();
        macro_rules! by_offset {
            ($codes:expr, $cells:expr) => {
                match picks {
                    None => {
                        for code in $codes.iter().take(len) {
                            if let Some(cell) = $cells.get_mut(*code as usize) {
                                cell.lines += 1;
                            }
                        }
                    }
                    Some(picks) => {
                        for pick in picks {
                            if let Some(code) = $codes.get(usize::from(*pick))
                                && let Some(cell) = $cells.get_mut(*code as usize)
                            {
                                cell.lines += 1;
                            }
                        }
                    }
                }
            };
        }
        match self.places {
            Places::One(group) => {
                if let Some(cell) = cells.get_mut(group as usize) {
                    cell.lines += i64::try_from(len).unwrap_or(0);
                }
            }
            Places::U8(codes) => {
                if let Some(cells) = cells.first_chunk_mut::<BYTE_GROUPS>() {
                    by_offset!(codes, cells);
                }
            }
            Places::U16(codes) => by_offset!(codes, cells),
            Places::U32(codes) => by_offset!(codes, cells),
            Places::Each(groups) => {
                for group in groups {
                    if let Some(cell) = cells.get_mut(*group as usize) {
                        cell.lines += 1;
                    }
                }
            }
        }
    }

    /// Adds the code of each line's value to the sum of its group, and with `COUNTS` one to its lines; of a line that
    /// has no value too, see [`Self::take_unsaid`].
    #[inline(never)]
    pub(super) fn add<const COUNTS: bool>(self, column: &Ints, cells: &mut [Cell]) {
        let (len, picks) = self.picks.parts();
        let start = self.start;
        macro_rules! each {
            ($groups:expr, $is_by_pick:expr, $cells:expr) => {
                column.visit(start, len, picks, ($groups, $is_by_pick), |group, code| {
                    if let Some(cell) = $cells.get_mut(group as usize) {
                        cell.sum += code;
                        if COUNTS {
                            cell.lines += 1;
                        }
                    }
                })
            };
        }
        match self.places {
            Places::One(group) => {
                if let Some(cell) = cells.get_mut(group as usize) {
                    cell.sum += column.total(start, len, picks);
                    if COUNTS {
                        cell.lines += i64::try_from(len).unwrap_or(0);
                    }
                }
            }
            Places::U8(codes) => {
                if let Some(cells) = cells.first_chunk_mut::<BYTE_GROUPS>() {
                    each!(codes, false, cells);
                }
            }
            Places::U16(codes) => each!(codes, false, cells),
            Places::U32(codes) => each!(codes, false, cells),
            Places::Each(groups) => each!(groups, true, cells),
        }
    }

    /// Takes out again what [`Self::add`] added of lines without a value, and counts them.
    pub(super) fn take_unsaid(self, column: &Ints, column_sums: &mut ColumnSums) {
        let (len, picks) = self.picks.parts();
        column.visit_unsaid(self.start, len, picks, |nth, at, code| {
            column_sums.take(self.places.get(nth, at) as usize, code);
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
            } else if let Some(cell) = sums.cells.get_mut(group) {
                cell.sum += value;
            }
        }
    }
}

/// A sum by group, in as many bits as surely hold it: of the codes of a column, or of values.
#[derive(Default)]
pub(super) struct ColumnSums {
    pub cells: Vec<Cell>,
    /// Lines without a value; beyond its end there are none.
    pub unsaid: Vec<u32>,
}

impl ColumnSums {
    /// A line of `group` has no value, though this was added for it.
    fn take(&mut self, group: usize, added: i64) {
        if let Some(cell) = self.cells.get_mut(group) {
            cell.sum -= added;
            if group >= self.unsaid.len() {
                self.unsaid.resize(group + 1, 0);
            }
            self.unsaid[group] += 1;
        }
    }
}
