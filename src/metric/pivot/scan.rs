//! A pivot over blocks of columns: what a first look, a wide change and a moved window cost.

use super::block::{Lines, Picks, Spare};
use super::picked::{Picked, Rows};
use super::step::{Totals, Way};
use super::tally::{Cell, ColumnSums, NO_GROUP, Placed, Places, cells};
use super::{By, Distinct, Layout, Spec, code_of};
use crate::metric::{Clock, Line, Which};
use crate::model::Ints;
use crate::query::BLOCK;
use crate::time::{Span, UtcMillis};

/// The lines that a scan brings into totals, or takes out of them.
#[derive(Clone, Copy)]
pub(super) struct Moving<'a> {
    /// Which; `None`: all there are.
    pub picked: Option<&'a Picked>,
    /// Their times.
    pub window: Span,
    /// The times of the lines that are in the totals, before and after.
    pub rest: [Span; 2],
    pub way: Way,
}

/// No time at all.
pub(super) const NEVER: Span = Span {
    from: UtcMillis(0),
    to: UtcMillis(0),
};

/// Brings the lines of `moving` into `totals` of `spec`, laid out as `layout` says, or takes them out.
pub(super) fn scan(rows: Rows<'_>, spec: &Spec, layout: &Layout, totals: Totals<'_>, moving: Moving<'_>) {
    let mut scan = Scan::new(rows, spec, layout, totals, moving);
    match moving.picked {
        Some(picked) => {
            for (block, offsets) in picked.blocks() {
                scan.room.picks.some_of(offsets);
                scan.block(block);
            }
        }
        None => {
            for block in 0..rows.table.columns().len().div_ceil(BLOCK) {
                scan.room.picks.all_of(rows.lines_of(block));
                scan.block(block);
            }
        }
    }
    scan.finish();
}

/// A scan under way.
struct Scan<'a> {
    rows: Rows<'a>,
    spec: &'a Spec,
    layout: &'a Layout,
    totals: Totals<'a>,
    moving: Moving<'a>,
    has_time: bool,
    /// Lines by group, but those that are counted beside a sum.
    counts: Vec<Cell>,
    /// Of sums that cannot leave 64 bits, whatever the lines say.
    quick: Vec<Option<ColumnSums>>,
    room: Room,
}

/// What is filled again for each block.
#[derive(Default)]
struct Room {
    picks: Picks,
    times: Vec<i64>,
    values: Vec<i64>,
    group: Vec<u32>,
    codes: [Vec<u32>; 2],
    are: Vec<bool>,
    spare: Spare,
}

impl<'a> Scan<'a> {
    fn new(
        rows: Rows<'a>,
        spec: &'a Spec,
        layout: &'a Layout,
        totals: Totals<'a>,
        moving: Moving<'a>,
    ) -> Self {
        let columns = rows.table.columns();
        let rows_held = i64::try_from(columns.len()).unwrap_or(i64::MAX);
        // Groups of two are numbered as they are met.
        let groups = if layout.by.len() < 2 {
            layout.most_groups(columns)
        } else {
            0
        };
        let quick = spec.sums.iter().map(|sum| {
            let most = Lines::magnitude(columns, *sum).and_then(|most| most.checked_mul(rows_held));
            most.map(|_| ColumnSums {
                cells: cells(groups),
                unsaid: Vec::new(),
            })
        });
        if !spec.distinct.is_empty() || spec.first {
            totals.groups.grow(spec, groups);
        }
        Self {
            quick: quick.collect(),
            counts: cells(groups),
            rows,
            spec,
            layout,
            totals,
            moving,
            has_time: spec.by.iter().any(|by| matches!(by, By::Time(..))),
            room: Room::default(),
        }
    }

    /// Counts the picked lines of `block`. Not part of the loop around it: a browser compiles well what is
    /// called often, and not what is called once and takes long.
    #[inline(never)]
    fn block(&mut self, block: usize) {
        let columns = self.rows.table.columns();
        let start = block * BLOCK;
        let Room {
            picks, are, spare, ..
        } = &mut self.room;
        if self.spec.which != Which::All {
            Lines::new(columns, start, picks).are(self.spec.which, spare, are);
            let mut are = are.iter();
            picks.retain(|| are.next().is_some_and(|is| *is));
        }
        if picks.offsets.is_empty() {
            return;
        }
        // Most blocks lie within one bucket of time.
        let bucket = match self.layout.buckets.as_slice() {
            [Some(buckets)] if self.spec.clock == Clock::Created && !self.spec.first => self
                .rows
                .zones
                .created_in(block)
                .and_then(|(from, to)| buckets.shared(from, to)),
            _ => None,
        };
        let needs_times = (self.has_time && bucket.is_none()) || self.spec.first;
        if needs_times {
            let Room {
                picks, times, spare, ..
            } = &mut self.room;
            Lines::new(columns, start, picks).times(self.spec.clock, spare, times);
        }
        let is_each = match (self.layout.by.as_slice(), bucket) {
            ([By::Time(..)], None) => self.place_times(),
            ([_, _, ..], _) => self.place_pairs(start),
            _ => false,
        };
        let group = std::mem::take(&mut self.room.group);
        let places = match self.layout.by.first() {
            _ if is_each => Places::Each(&group),
            None => Places::One(0),
            Some(By::Time(..)) => Places::One(bucket.unwrap_or(NO_GROUP)),
            Some(By::Dim(dim)) => Places::of(columns.dim(*dim), start),
            Some(By::Currency) => Places::of(&columns.currency, start),
            Some(By::City) => Places::of(&columns.city, start),
        };
        self.add_up(start, places);
        self.tell_apart(block, places);
        if self.spec.first {
            for (nth, at) in self.room.times.iter().enumerate() {
                let offset = self.room.picks.offsets.get(nth).copied().unwrap_or(0);
                let group = places.get(nth, usize::from(offset));
                if let Some(first) = self.totals.groups.first.get_mut(group as usize) {
                    *first = (*first).min(*at);
                }
            }
        }
        self.room.group = group;
    }

    /// Buckets of the lines.
    fn place_times(&mut self) -> bool {
        let Room { times, group, .. } = &mut self.room;
        if let Some(Some(buckets)) = self.layout.buckets.first() {
            buckets.indices(times, group);
        }
        true
    }

    /// Numbers of the lines' groups of two.
    fn place_pairs(&mut self, start: usize) -> bool {
        let columns = self.rows.table.columns();
        let Room {
            picks,
            times,
            group,
            codes,
            ..
        } = &mut self.room;
        for (codes, (by, buckets)) in codes
            .iter_mut()
            .zip(self.layout.by.iter().zip(&self.layout.buckets))
        {
            match by {
                By::Dim(dim) => Lines::new(columns, start, picks).codes(columns.dim(*dim), codes),
                By::Currency => Lines::new(columns, start, picks).codes(&columns.currency, codes),
                By::City => Lines::new(columns, start, picks).codes(&columns.city, codes),
                By::Time(..) => {
                    codes.clear();
                    if let Some(buckets) = buckets {
                        buckets.indices(times, codes);
                    }
                }
            }
        }
        let groups = &mut *self.totals.groups;
        let (mut last, mut number) = ([NO_GROUP; 2], NO_GROUP);
        group.clear();
        group.extend(codes[0].iter().zip(&codes[1]).map(|(first, second)| {
            if *first == NO_GROUP || *second == NO_GROUP {
                return NO_GROUP;
            }
            if last != [*first, *second] {
                last = [*first, *second];
                number = u32::try_from(groups.place(self.spec, last)).unwrap_or(NO_GROUP);
            }
            number
        }));
        let len = groups.lines.len();
        let cells = self.quick.iter_mut().flatten().map(|quick| &mut quick.cells);
        for cells in cells.chain([&mut self.counts]) {
            let len = len.max(cells.len());
            cells.resize(len, Cell::default());
        }
        true
    }

    /// Lines and sums.
    fn add_up(&mut self, start: usize, places: Places<'_>) {
        let columns = self.rows.table.columns();
        let Room {
            picks, values, spare, ..
        } = &mut self.room;
        let placed = Placed { start, picks, places };
        let mut are_counted = false;
        let sums = self.totals.groups.sums.iter_mut().zip(&mut self.quick);
        for ((sums, quick), sum) in sums.zip(&self.spec.sums) {
            let column = Lines::column(columns, *sum, self.spec.currency);
            match (quick, column) {
                (Some(quick), Some(column)) => {
                    if are_counted {
                        placed.add::<false>(column, &mut quick.cells);
                    } else {
                        placed.add::<true>(column, &mut quick.cells);
                        are_counted = true;
                    }
                    placed.take_unsaid(column, quick);
                }
                (Some(quick), None) => {
                    Lines::new(columns, start, picks).adds(*sum, self.spec.currency, spare, values);
                    placed.add_values(values, quick);
                }
                (None, _) => {
                    Lines::new(columns, start, picks).adds(*sum, self.spec.currency, spare, values);
                    for (nth, (value, offset)) in values.iter().zip(&picks.offsets).enumerate() {
                        let group = places.get(nth, usize::from(*offset)) as usize;
                        if *value == Ints::NONE || group == NO_GROUP as usize {
                            continue;
                        }
                        if group >= sums.len() {
                            sums.resize(group + 1, super::Said::default());
                        }
                        let (sign, one) = self.moving.way.signs();
                        sums[group].sum += i128::from(sign) * i128::from(*value);
                        sums[group].lines = sums[group].lines.wrapping_add(one);
                    }
                }
            }
        }
        if !are_counted {
            placed.count(&mut self.counts);
        }
    }

    /// Distinct counts.
    fn tell_apart(&mut self, block: usize, places: Places<'_>) {
        let columns = self.rows.table.columns();
        let start = block * BLOCK;
        let (_, one) = self.moving.way.signs();
        for (number, distinct) in self.spec.distinct.iter().enumerate() {
            let which = match distinct {
                Distinct::Orders(which) => *which,
                _ => Which::All,
            };
            if which != Which::All {
                let Room {
                    picks, are, spare, ..
                } = &mut self.room;
                Lines::new(columns, start, picks).are(which, spare, are);
            }
            let are_firsts = *distinct == Distinct::Orders(Which::All) && self.are_all_in_one();
            let chains = self.rows.table.chains();
            if are_firsts && !chains.has_wide() {
                let firsts = chains.firsts(start, self.room.picks.offsets.len());
                let counts = self.totals.groups.distinct.get_mut(number);
                if let Some(count) = counts.and_then(|counts| counts.first_mut()) {
                    *count += firsts;
                }
                continue;
            }
            for (nth, offset) in self.room.picks.offsets.iter().enumerate() {
                let at = usize::from(*offset);
                let group = places.get(nth, at);
                if group == NO_GROUP || (which != Which::All && self.room.are.get(nth) != Some(&true)) {
                    continue;
                }
                let row = start + at;
                let small = u32::try_from(row).unwrap_or(u32::MAX);
                let code = match distinct {
                    Distinct::Orders(_) if chains.is_of_wide(small) => Some(columns.order.get(row)),
                    Distinct::Orders(_) => None,
                    other => match code_of(*other, columns, row) {
                        None => continue,
                        code => code,
                    },
                };
                let counts = match code {
                    Some(code) => self.totals.held.moves(self.moving.way, number, group, code),
                    None if chains.is_first(small) && self.moving.rest == [NEVER; 2] => true,
                    None if are_firsts => false,
                    None => !self.is_told(small, which),
                };
                if counts
                    && let Some(count) = self
                        .totals
                        .groups
                        .distinct
                        .get_mut(number)
                        .and_then(|counts| counts.get_mut(group as usize))
                {
                    *count = count.wrapping_add(one);
                }
            }
        }
    }

    /// Whether all lines are scanned into one group: an order counts with its first line.
    fn are_all_in_one(&self) -> bool {
        self.moving.picked.is_none()
            && self.layout.by.is_empty()
            && self.spec.which == Which::All
            && self.moving.rest == [NEVER; 2]
    }

    /// Whether another line speaks for the order of `row` in its group: one that stays, or one that moves and
    /// was entered before it.
    fn is_told(&self, row: u32, which: Which) -> bool {
        let Self {
            rows, spec, moving, ..
        } = self;
        let columns = rows.table.columns();
        let chains = rows.table.chains();
        let stays = |at: UtcMillis| moving.rest.iter().any(|span| span.contains(at));
        let speaks = |other: u32| {
            let line = Line::new(columns, other as usize);
            rows.masks.passes(other as usize, spec.own)
                && line.is(spec.which)
                && line.is(which)
                && line.at(spec.clock).is_some_and(|at| {
                    let counts = (other < row && moving.window.contains(at)) || stays(at);
                    counts && (self.layout.by.is_empty() || self.codes(other, at) == self.own_codes(row))
                })
        };
        if moving.rest == [NEVER; 2] {
            return chains.before(row).any(speaks);
        }
        // Nearly always it is the only line of its order.
        let order = columns.order.get(row as usize);
        chains.of(order).any(|other| other != row && speaks(other))
    }

    fn codes(&self, row: u32, at: UtcMillis) -> Option<super::Codes> {
        self.layout.codes(self.rows.table.columns(), row as usize, at)
    }

    fn own_codes(&self, row: u32) -> Option<super::Codes> {
        let line = Line::new(self.rows.table.columns(), row as usize);
        self.codes(row, line.at(self.spec.clock)?)
    }

    fn finish(self) {
        let Self {
            rows,
            spec,
            counts,
            quick,
            moving,
            totals,
            ..
        } = self;
        let groups = totals.groups;
        let (sign, one) = moving.way.signs();
        let mut lines: Vec<i64> = counts.iter().map(|cell| cell.lines).collect();
        for quick in quick.iter().flatten() {
            for (lines, cell) in lines.iter_mut().zip(&quick.cells) {
                *lines += cell.lines;
            }
        }
        let Some(last) = lines.iter().rposition(|lines| *lines > 0) else {
            return;
        };
        groups.grow(spec, last + 1);
        for (all, lines) in groups.lines.iter_mut().zip(&lines) {
            *all = all.wrapping_add(one.wrapping_mul(lines.cast_unsigned()));
        }
        for ((said, quick), sum) in groups.sums.iter_mut().zip(&quick).zip(&spec.sums) {
            let Some(quick) = quick else { continue };
            let column = Lines::column(rows.table.columns(), *sum, spec.currency);
            let unsaid = quick.unsaid.iter().copied().chain(std::iter::repeat(0));
            let scanned = lines.iter().zip(&quick.cells).zip(unsaid);
            for (said, ((lines, cell), unsaid)) in said.iter_mut().zip(scanned) {
                if *lines > 0 {
                    let lines = lines - i64::from(unsaid);
                    let sum = column.map_or(cell.sum, |column| column.decoded(cell.sum, lines));
                    said.sum += i128::from(sign) * i128::from(sum);
                    said.lines = said.lines.wrapping_add(one.wrapping_mul(lines.cast_unsigned()));
                }
            }
        }
    }
}
