//! A pivot over blocks of columns: what a first look and a wide change cost.

use super::block::{Lines, Picks, Spare};
use super::picked::Picked;
use super::step::Held;
use super::{By, Distinct, Groups, Layout, Spec, code_of};
use crate::metric::{Clock, Line, Sum, Which};
use crate::model::{Ints, OrderTable};
use crate::query::{BLOCK, Masks, Touch, Zones};
use crate::time::{Span, UtcMillis};

/// What a scan reads.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub table: &'a OrderTable,
    pub masks: &'a Masks,
    pub zones: &'a Zones,
    /// The lines that pass the clauses that the client looks at; `None`: all do.
    pub picked: Option<&'a Picked>,
}

impl Rows<'_> {
    /// What `window` has to do with the times of `block` by `clock`. Never more than [`Touch::Some`] where
    /// a line's time may lack.
    pub(super) fn touch(&self, clock: Clock, block: usize, window: Span) -> Touch {
        let some = |touch| if touch == Touch::None { touch } else { Touch::Some };
        match clock {
            Clock::Created => self.zones.created(block, window),
            Clock::Paid => some(self.zones.paid(block, window)),
            Clock::Refunded => match some(self.zones.paid(block, window)) {
                Touch::None => some(self.zones.created(block, window)),
                touch => touch,
            },
        }
    }

    pub(super) fn blocks(&self) -> usize {
        self.table.columns().len().div_ceil(BLOCK)
    }

    /// The lines of `block` that count.
    pub(super) fn picks(&self, block: usize, picks: &mut Picks) {
        let offsets = &mut picks.offsets;
        offsets.clear();
        picks.are_all = self.picked.is_none();
        match self.picked {
            Some(picked) => offsets.extend_from_slice(picked.of(block)),
            None => {
                let rows = self.table.columns().len().saturating_sub(block * BLOCK);
                offsets.extend((0_u16..).take(rows.min(BLOCK)));
            }
        }
    }
}

/// Group of a line that is in none.
const NO_GROUP: u32 = u32::MAX;

/// `spec` over `window`, laid out as `layout` says.
pub(super) fn scan(rows: Rows<'_>, spec: &Spec, window: Span, layout: &Layout) -> (Groups, Held) {
    let mut scan = Scan::new(rows, spec, window, layout);
    for block in 0..rows.blocks() {
        scan.block(block);
    }
    scan.finish()
}

/// A scan under way.
struct Scan<'a> {
    rows: Rows<'a>,
    spec: &'a Spec,
    window: Span,
    layout: &'a Layout,
    is_anywhen: bool,
    has_time: bool,
    groups: Groups,
    held: Held,
    /// Sums that cannot leave 64 bits, whatever the lines say, are added up in as many, with the number of
    /// lines that said something.
    quick: Vec<Option<Vec<(i64, u64)>>>,
    room: Room,
}

/// What is filled again for each block.
#[derive(Default)]
struct Room {
    picks: Picks,
    kept: Vec<u16>,
    times: Vec<i64>,
    values: Vec<i64>,
    group: Vec<u32>,
    codes: [Vec<u32>; 2],
    are: Vec<bool>,
    runs: Vec<(u32, usize)>,
    spare: Spare,
}

impl<'a> Scan<'a> {
    fn new(rows: Rows<'a>, spec: &'a Spec, window: Span, layout: &'a Layout) -> Self {
        let columns = rows.table.columns();
        let rows_held = i64::try_from(columns.len()).unwrap_or(i64::MAX);
        let fits = |sum: &Sum| {
            let most = Lines::magnitude(columns, *sum).and_then(|most| most.checked_mul(rows_held));
            most.map(|_| Vec::new())
        };
        Self {
            rows,
            spec,
            window,
            layout,
            // Every line has an order time: in one group of all time there is nothing more to look at.
            is_anywhen: spec.clock == Clock::Created && spec.by.is_empty() && window == Span::ALWAYS,
            has_time: spec.by.iter().any(|by| matches!(by, By::Time(..))),
            groups: Groups::new(spec),
            held: Held::new(spec, columns, layout),
            quick: spec.sums.iter().map(fits).collect(),
            room: Room::default(),
        }
    }

    /// Counts the lines of `block`. Not part of the loop around it: a browser compiles well what is called
    /// often, and not what is called once and takes long.
    #[inline(never)]
    fn block(&mut self, block: usize) {
        let Self {
            rows,
            spec,
            window,
            layout,
            is_anywhen,
            has_time,
            groups,
            held,
            quick,
            room,
        } = self;
        let Room {
            picks,
            kept,
            times,
            values,
            group,
            codes,
            are,
            runs,
            spare,
        } = room;
        let columns = rows.table.columns();
        let chains = rows.table.chains();
        let touch = rows.touch(spec.clock, block, *window);
        if touch == Touch::None {
            return;
        }
        rows.picks(block, picks);
        let start = block * BLOCK;
        if spec.which != Which::All {
            Lines::new(columns, start, picks).are(spec.which, spare, are);
            retain(&mut picks.offsets, are, kept);
            picks.are_all = false;
        }
        let needs_times = touch != Touch::All || *has_time || spec.first;
        if needs_times {
            Lines::new(columns, start, picks).times(spec.clock, spare, times);
            if touch != Touch::All {
                are.clear();
                are.extend(
                    times
                        .iter()
                        .map(|at| *at != Ints::NONE && window.contains(UtcMillis(*at))),
                );
                if are.contains(&false) {
                    retain(&mut picks.offsets, are, kept);
                    retain(times, are, values);
                    picks.are_all = false;
                }
            }
        }
        let offsets = picks.offsets.as_slice();
        if offsets.is_empty() {
            return;
        }

        // Group of each line; `NO_GROUP` for one without a bucket.
        for (codes, (by, buckets)) in codes.iter_mut().zip(layout.by.iter().zip(&layout.buckets)) {
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
        group.clear();
        match layout.by.len() {
            0 => group.resize(offsets.len(), 0_u32),
            1 => {
                group.extend_from_slice(&codes[0]);
                let most = group.iter().filter(|group| **group != NO_GROUP).max();
                if let Some(most) = most {
                    groups.grow(spec, *most as usize + 1);
                }
            }
            _ => group.extend(codes[0].iter().zip(&codes[1]).map(|(first, second)| {
                if *first == NO_GROUP || *second == NO_GROUP {
                    NO_GROUP
                } else {
                    u32::try_from(groups.place(spec, [*first, *second])).unwrap_or(NO_GROUP)
                }
            })),
        }
        // Lines lie in order of time, or nearly so: buckets, and the one group of all, come in runs.
        let by_runs = matches!(layout.by.as_slice(), [] | [By::Time(..)]);
        if by_runs {
            runs.clear();
            let equal = group.chunk_by(|a, b| a == b);
            runs.extend(equal.map(|run| (run[0], run.len())));
            for (group, len) in &*runs {
                if let Some(lines) = groups.lines.get_mut(*group as usize) {
                    *lines += *len as u64;
                }
            }
        } else {
            for group in &*group {
                if let Some(lines) = groups.lines.get_mut(*group as usize) {
                    *lines += 1;
                }
            }
        }
        for ((sums, quick), sum) in groups.sums.iter_mut().zip(&mut *quick).zip(&spec.sums) {
            Lines::new(columns, start, picks).adds(*sum, spec.currency, spare, values);
            let Some(quick) = quick else {
                for (group, value) in group.iter().zip(&*values) {
                    if let Some(said) = sums.get_mut(*group as usize).filter(|_| *value != Ints::NONE) {
                        said.sum += i128::from(*value);
                        said.lines += 1;
                    }
                }
                continue;
            };
            quick.resize(groups.lines.len(), (0, 0));
            if by_runs {
                let mut rest = values.as_slice();
                for (group, len) in &*runs {
                    let (run, after) = rest.split_at((*len).min(rest.len()));
                    rest = after;
                    let (sum, lines) = run.iter().fold((0, 0), |(sum, lines), value| {
                        let said = *value != Ints::NONE;
                        (sum + if said { *value } else { 0 }, lines + u64::from(said))
                    });
                    if let Some(quick) = quick.get_mut(*group as usize) {
                        quick.0 += sum;
                        quick.1 += lines;
                    }
                }
                continue;
            }
            for (group, value) in group.iter().zip(&*values) {
                if let Some((sum, lines)) = quick.get_mut(*group as usize)
                    && *value != Ints::NONE
                {
                    *sum += value;
                    *lines += 1;
                }
            }
        }
        for (at, distinct) in spec.distinct.iter().enumerate() {
            let Distinct::Orders(which) = distinct else {
                for (group, pick) in group.iter().zip(offsets) {
                    if let Some(code) = code_of(*distinct, columns, start + usize::from(*pick))
                        && *group != NO_GROUP
                        && held.enter(at, *group, code)
                    {
                        groups.distinct[at][*group as usize] += 1;
                    }
                }
                continue;
            };
            Lines::new(columns, start, picks).are(*which, spare, are);
            for (nth, ((group, pick), is)) in group.iter().zip(offsets).zip(&*are).enumerate() {
                if !is || *group == NO_GROUP {
                    continue;
                }
                let row = u32::try_from(start).unwrap_or(u32::MAX) + u32::from(*pick);
                let is_new = if chains.is_first(row) {
                    true
                } else if chains.is_of_wide(row) {
                    held.enter(at, *group, columns.order.get(row as usize))
                } else {
                    // The first line of its order in the group counts: nearly always there is none before.
                    let own = |codes: &Vec<u32>| codes.get(nth).copied().unwrap_or(0);
                    let own = [own(&codes[0]), own(&codes[1])];
                    !chains.before(row).any(|other| {
                        let line = Line::new(columns, other as usize);
                        rows.masks.passes(other as usize, spec.own)
                            && line.is(spec.which)
                            && line.is(*which)
                            && (*is_anywhen
                                || line.at(spec.clock).is_some_and(|at| {
                                    window.contains(at)
                                        && layout.codes(columns, other as usize, at) == Some(own)
                                }))
                    })
                };
                groups.distinct[at][*group as usize] += u64::from(is_new);
            }
        }
        if spec.first {
            for (group, at) in group.iter().zip(&*times) {
                if let Some(first) = groups.first.get_mut(*group as usize) {
                    *first = (*first).min(*at);
                }
            }
        }
    }

    fn finish(self) -> (Groups, Held) {
        let Self {
            mut groups,
            held,
            quick,
            ..
        } = self;
        for (sums, quick) in groups.sums.iter_mut().zip(quick) {
            for (said, (sum, lines)) in sums.iter_mut().zip(quick.into_iter().flatten()) {
                said.sum += i128::from(sum);
                said.lines += lines;
            }
        }
        (groups, held)
    }
}

/// Keeps the items for which `keep` holds; `spare` lends its room.
fn retain<T: Copy>(items: &mut Vec<T>, keep: &[bool], spare: &mut Vec<T>) {
    spare.clear();
    spare.extend(
        items
            .iter()
            .zip(keep)
            .filter(|(_, keep)| **keep)
            .map(|(item, _)| *item),
    );
    std::mem::swap(items, spare);
}
