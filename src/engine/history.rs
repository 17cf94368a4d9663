//! Imports as steps: what each changed, and the way back.
//!
//! The files of one drop are one step, and so is what one source brings by itself between two drops. Steps are taken back last first and done again first first; a new one
//! drops those that were taken back. What is held of a step is its tables' journals: some bytes for each row
//! replaced, and for each row added while it is undone. Beyond [`STEPS`] steps, or [`BYTES`] of journals, the
//! oldest is settled: its rows stay and it can be taken back no more. Demo rows and rows that a program
//! appends are of no step.

use super::cockpit::currencies;
use super::{Engine, Origin};
use crate::keep::{self, Damage, KeptStep, SegmentKind};
use crate::metric::{Book, Demand, Grouping, StockFigures, Totals, When};
use crate::model::{Bits, Covered, OrderBatch, OrderJournal, OrderTable, StockBatch, StockJournal};
use crate::protocol::{Event, MetricId, Number, SourceInfo, StepInfo, StepTotals, decode, encode};
use crate::query::Masks;
use crate::time::UtcMillis;
use std::collections::BTreeMap;

/// Steps that can be taken back.
const STEPS: usize = 32;
/// Times that a source may bring something within one step: a page that is open for months drops what is older.
const REFRESHES: usize = 96;
/// Bytes of all their journals, where these replaced very many rows: the last one is always kept.
const BYTES: usize = 256 << 20;

/// The steps, oldest first.
#[derive(Debug, Default)]
pub(super) struct History {
    steps: Vec<Step>,
    /// So many of them stand, the first ones.
    standing: usize,
    /// The drop that the last step is of: its further files join it.
    batch: Option<u32>,
    /// Highest number given so far.
    last: u64,
    /// Files of rows that are of no step any more.
    settled: Vec<SourceInfo>,
}

/// Of each live source the last batch whose rows are in the tables, where they are numbered.
pub(super) type Applied = Vec<(String, Option<u64>)>;

#[derive(Debug, Default)]
pub(super) struct Step {
    info: StepInfo,
    parts: Vec<Part>,
    /// Files named, in order.
    sources: Vec<SourceInfo>,
    /// Of live sources, the last batch whose rows are here with those of this step.
    applied: Applied,
    /// Order lines before the step, and which of them it has too.
    before: usize,
    seen: Bits,
    covered: BTreeMap<u32, Covered>,
}

#[derive(Debug)]
enum Part {
    Orders(Box<OrderJournal>),
    Stock(StockJournal),
}

impl Step {
    fn bytes(&self) -> usize {
        let bytes = |part: &Part| match part {
            Part::Orders(journal) => journal.bytes(),
            Part::Stock(journal) => journal.bytes(),
        };
        self.parts.iter().map(bytes).sum::<usize>() + self.seen.bytes()
    }

    fn has_rows(&self) -> bool {
        let diff = &self.info.diff;
        diff.new + diff.changed + diff.stock_new + diff.stock_changed + diff.names[0] + diff.names[1] > 0
    }
}

impl History {
    pub(super) const fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether the rows that came with step number `step` are here; 0: of none, which always are.
    pub(super) fn stands(&self, step: u64) -> bool {
        let is_settled = self.steps.first().is_none_or(|first| step < first.info.id);
        let mut standing = self.steps.iter().take(self.standing);
        is_settled || standing.any(|known| known.info.id == step)
    }

    /// A file of no step was named.
    pub(super) fn settle_source(&mut self, source: SourceInfo) {
        name(&mut self.settled, source);
    }

    fn current(&mut self) -> Option<&mut Step> {
        self.steps.last_mut().filter(|_| self.batch.is_some())
    }

    /// Settles what is beyond the bounds.
    fn bound(&mut self) {
        let bytes = |steps: &[Step]| steps.iter().map(Step::bytes).sum::<usize>();
        while self.standing > 1 && (self.steps.len() > STEPS || bytes(&self.steps) > BYTES) {
            let settled = self.steps.remove(0);
            for source in settled.sources {
                name(&mut self.settled, source);
            }
            if let Some(next) = self.steps.first_mut() {
                // Which batches are here is told by the steps that are kept.
                let told = std::mem::replace(&mut next.applied, settled.applied);
                overrule(&mut next.applied, &told);
            }
            self.standing -= 1;
        }
    }

    /// Makes one of the parts of the current step that are of one table, as long as they are two.
    pub(super) fn join_parts(&mut self) {
        let Some(step) = self.current() else { return };
        let Some(part) = step.parts.pop() else { return };
        let mut before = step.parts.iter_mut().rev();
        let left = match part {
            Part::Orders(later) => match before.find(|part| matches!(part, Part::Orders(_))) {
                Some(Part::Orders(first)) => {
                    first.join(&later);
                    None
                }
                _ => Some(Part::Orders(later)),
            },
            Part::Stock(later) => match before.find(|part| matches!(part, Part::Stock(_))) {
                Some(Part::Stock(first)) => first.join(later).map(Part::Stock),
                _ => Some(Part::Stock(later)),
            },
        };
        step.parts.extend(left);
    }

    /// The current step has rows of `source` too.
    pub(super) fn name_file(&mut self, source: SourceInfo) {
        if let Some(step) = self.current() {
            if !step.info.files.contains(&source.name) {
                step.info.files.push(source.name.clone());
            }
            name(&mut step.sources, source);
        }
    }

    /// The totals after what live sources have brought so far.
    pub(super) fn end_live_part(&mut self, after: StepTotals) {
        if let Some(step) = self.current() {
            step.info.diff.after = after;
        }
        self.bound();
    }

    /// What comes next begins another step.
    pub(super) const fn end_drop(&mut self) {
        self.batch = None;
    }

    /// The current step has the rows of these batches.
    pub(super) fn apply(&mut self, applied: Applied) {
        if let Some(step) = self.current() {
            step.applied = applied;
        }
    }

    /// What the standing steps have.
    pub(super) fn applied(&self) -> Applied {
        let mut all = Vec::new();
        for step in self.steps.iter().take(self.standing) {
            overrule(&mut all, &step.applied);
        }
        all
    }

    fn sources(&self) -> Vec<SourceInfo> {
        let mut sources = self.settled.clone();
        for step in self.steps.iter().take(self.standing) {
            for source in &step.sources {
                name(&mut sources, source.clone());
            }
        }
        sources
    }
}

/// What `later` says instead of what `all` said.
fn overrule(all: &mut Applied, later: &Applied) {
    all.retain(|(key, _)| later.iter().all(|(known, _)| known != key));
    all.extend_from_slice(later);
}

/// A step that has begun, and what it put aside.
#[derive(Debug)]
pub(super) enum Begun {
    /// It goes on.
    Further,
    /// It is new: the drop of the step before, and the steps that were taken back.
    New(Option<u32>, Vec<Step>),
}

/// `source` has been looked at again and has nothing new.
pub(super) fn renew(sources: &mut [SourceInfo], source: &SourceInfo) {
    let mut sources = sources.iter_mut();
    if let Some(old) = sources.find(|old| old.name == source.name && old.kind == source.kind) {
        old.read_at = source.read_at;
    }
}

/// Adds `source`; an earlier one of the same name and kind is named no more.
pub(super) fn name(sources: &mut Vec<SourceInfo>, source: SourceInfo) {
    sources.retain(|old| old.name != source.name || old.kind != source.kind);
    sources.push(source);
}

impl Engine {
    /// A file of drop `batch` is about to enter: its step begins, unless it has begun.
    pub(super) fn begin_step(&mut self, batch: u32, now: UtcMillis, origin: Origin) -> Begun {
        let is_long = |step: &mut Step| origin == Origin::Feed && step.parts.len() >= REFRESHES;
        if self.history.batch == Some(batch) && !self.history.current().is_some_and(is_long) {
            if let Some(step) = self.history.current().filter(|_| origin == Origin::Feed) {
                // What has not changed is told of the last look, not of all looks together.
                (step.info.diff.same, step.info.diff.stock_same) = (0, 0);
            }
            return Begun::Further;
        }
        let before = self.step_totals();
        let history = &mut self.history;
        let undone = history.steps.split_off(history.standing);
        history.last += 1;
        let last_batch = history.batch.replace(batch);
        let mut step = Step {
            before: self.orders.columns().len(),
            ..Step::default()
        };
        (step.info.id, step.info.at, step.info.stands) = (history.last, now, true);
        step.info.diff.before = before;
        history.steps.push(step);
        history.standing = history.steps.len();
        Begun::New(last_batch, undone)
    }

    /// The step that has `begun` is none: its rows were all known, and the tables are as they were.
    pub(super) fn end_step_without(&mut self, begun: Begun) {
        let history = &mut self.history;
        match begun {
            Begun::New(batch, undone) => {
                history.steps.pop();
                history.standing = history.steps.len();
                history.steps.extend(undone);
                history.last -= 1;
                history.batch = batch;
            }
            Begun::Further => {
                if let Some(step) = history.current() {
                    step.parts.pop();
                }
            }
        }
    }

    /// The totals after the step's last file.
    pub(super) fn end_file(&mut self, source: SourceInfo) {
        let after = self.step_totals();
        let orders = &self.orders;
        if let Some(step) = self.history.current() {
            step.info.diff.vanished = orders.vanished(step.before, &step.covered, &step.seen);
            step.info.diff.after = after;
            if !step.info.files.contains(&source.name) {
                step.info.files.push(source.name.clone());
            }
            name(&mut step.sources, source);
        }
        self.history.bound();
    }

    /// Enters order lines, with the way back where a step has begun.
    pub(super) fn merge_orders(&mut self, batch: &OrderBatch) -> crate::model::Merge {
        let live = self.live.get_mut();
        let change = self.orders.prepare(batch);
        live.leave(&self.orders, change.replaced());
        if !change.replaced().is_empty() {
            self.catalogue.forget();
        }
        let replaced = change.replaced().to_vec();
        if let Some(step) = self.history.current() {
            for row in change.known() {
                step.seen.set(row as usize, true);
            }
            for (source, covered) in change.covered() {
                step.covered.entry(*source).or_insert(*covered).join(*covered);
            }
            step.info.diff.amounts += change.amounts();
            for ((from, to), lines) in change.statuses() {
                let [from, to] = [from, to].map(|code| self.orders.status_id(*code).to_owned());
                let statuses = &mut step.info.diff.statuses;
                match statuses.iter_mut().find(|known| known.0 == from && known.1 == to) {
                    Some(known) => known.2 += lines,
                    None => statuses.push((from, to, *lines)),
                }
            }
            let statuses = &mut step.info.diff.statuses;
            crate::arrange::arrange(statuses, |a, b| {
                b.2.cmp(&a.2).then_with(|| (&a.0, &a.1).cmp(&(&b.0, &b.1)))
            });
            let journal = self.orders.journal(&change);
            step.parts.push(Part::Orders(Box::new(journal)));
        }
        let rows = |table: &OrderTable| u32::try_from(table.columns().len()).unwrap_or(u32::MAX);
        let from = rows(&self.orders);
        let merge = self.orders.enter(change);
        live.enter(&self.orders, &replaced, from..rows(&self.orders));
        self.count_orders(merge);
        merge
    }

    /// Takes order lines into the empty table.
    pub(super) fn take_orders(&mut self, batch: OrderBatch) -> crate::model::Merge {
        let merge = self.orders.take(batch);
        self.live.get_mut().reset(&self.orders);
        self.catalogue.forget();
        if let Some(step) = self.history.current() {
            step.parts.push(Part::Orders(Box::default()));
        }
        self.count_orders(merge);
        merge
    }

    fn count_orders(&mut self, merge: crate::model::Merge) {
        if let Some(step) = self.history.current() {
            let diff = &mut step.info.diff;
            diff.new += merge.new;
            diff.changed += merge.updated;
            diff.same += merge.same;
        }
    }

    /// Enters stock levels, with the way back where a step has begun.
    pub(super) fn merge_stock(&mut self, batch: &StockBatch, now: UtcMillis) -> crate::model::Merge {
        let (merge, journal) = self.stock.enter(batch);
        let step = self.current_step();
        self.note_stock(&journal, step, now);
        if let Some(step) = self.history.current() {
            step.parts.push(Part::Stock(journal));
            let diff = &mut step.info.diff;
            if batch.columns().is_empty() {
                let names = [merge.new, merge.updated, merge.same];
                diff.names
                    .iter_mut()
                    .zip(names)
                    .for_each(|(sum, rows)| *sum += rows);
            } else {
                diff.stock_new += merge.new;
                diff.stock_changed += merge.updated;
                diff.stock_same += merge.same;
            }
        }
        merge
    }

    /// Takes the last step that stands back; whether there is one.
    pub fn undo(&mut self) -> bool {
        let is_done = self.unwind();
        self.follow_steps(is_done)
    }

    /// Does the first step again that was taken back; whether there is one.
    pub fn redo(&mut self) -> bool {
        let is_done = self.rewind();
        self.follow_steps(is_done)
    }

    /// The tables without any step, which is what is settled; [`Self::redo_all`] brings `n` steps back.
    pub fn undo_all(&mut self) -> usize {
        let mut undone = 0;
        while self.unwind() {
            undone += 1;
        }
        self.follow_steps(undone > 0);
        undone
    }

    /// Does the first `n` steps again that were taken back.
    pub fn redo_all(&mut self, n: usize) {
        let done = (0..n).filter(|_| self.rewind()).count();
        self.follow_steps(done > 0);
    }

    fn unwind(&mut self) -> bool {
        let history = &mut self.history;
        history.batch = None;
        let Some(at) = history.standing.checked_sub(1) else {
            return false;
        };
        let Some(step) = history.steps.get_mut(at) else {
            return false;
        };
        for part in step.parts.iter_mut().rev() {
            match part {
                Part::Orders(journal) => self.orders.undo(journal),
                Part::Stock(journal) => self.stock.undo(journal),
            }
        }
        step.info.stands = false;
        history.standing = at;
        true
    }

    fn rewind(&mut self) -> bool {
        let history = &mut self.history;
        history.batch = None;
        let Some(step) = history.steps.get_mut(history.standing) else {
            return false;
        };
        for part in &mut step.parts {
            match part {
                Part::Orders(journal) => self.orders.redo(journal),
                Part::Stock(journal) => self.stock.redo(journal),
            }
        }
        step.info.stands = true;
        history.standing += 1;
        true
    }

    /// Brings up all that is derived of the tables, where they changed as a whole.
    fn follow_steps(&mut self, is_changed: bool) -> bool {
        if is_changed {
            self.live.get_mut().reset(&self.orders);
            self.catalogue.forget();
            self.sources = self.history.sources();
            self.follow_applied();
        }
        is_changed
    }

    /// The steps, for the page.
    pub fn steps(&self) -> Event {
        Event::Steps(self.history.steps.iter().map(|step| step.info.clone()).collect())
    }

    /// The steps as they are kept.
    pub fn kept_steps(&self) -> Vec<KeptStep> {
        let kept = |step: &Step| KeptStep {
            number: step.info.id,
            stands: step.info.stands,
            has_rows: step.has_rows(),
            // What follows the first is not read by those who do not know of it.
            info: encode(&(&step.info, &step.applied)),
        };
        self.history.steps.iter().map(kept).collect()
    }

    /// The number of the step that the last file entered with; 0: none.
    pub(super) fn current_step(&mut self) -> u64 {
        self.history.current().map_or(0, |step| step.info.id)
    }

    /// Enters rows that were kept, of `step` (0: of none) and from `sources`. To be called before anything is
    /// shown, in the order in which they came; then [`Self::recall`].
    ///
    /// # Errors
    /// `bytes` are no such rows; none of them was entered.
    pub fn restore_step(
        &mut self,
        step: u64,
        kind: SegmentKind,
        bytes: &[u8],
        sources: &[SourceInfo],
    ) -> Result<(), Damage> {
        let (orders, levels) = match kind {
            SegmentKind::Orders => (Some(keep::orders(bytes)?), None),
            SegmentKind::Stock => (None, Some(keep::stock(bytes)?)),
        };
        let history = &mut self.history;
        history.batch = (step > 0).then_some(0);
        if step > 0 && history.steps.last().is_none_or(|last| last.info.id != step) {
            let mut new = Step::default();
            (new.info.id, new.info.stands) = (step, true);
            history.last = history.last.max(step);
            history.steps.push(new);
            history.standing = history.steps.len();
        }
        if let Some(batch) = orders {
            self.enter_orders(batch);
        }
        if let Some(batch) = &levels {
            let read_at = sources.iter().map(|source| source.read_at).max();
            self.merge_stock(batch, read_at.unwrap_or_default());
        }
        for source in sources {
            match self.history.current() {
                Some(step) => step.sources.push(source.clone()),
                None => self.history.settle_source(source.clone()),
            }
            name(&mut self.sources, source.clone());
        }
        self.history.batch = None;
        Ok(())
    }

    /// Gives the steps that were restored what was told of them, and takes back those that do not stand.
    pub fn recall(&mut self, steps: &[KeptStep]) {
        let mut restored = std::mem::take(&mut self.history.steps);
        let mut standing = 0;
        for kept in steps {
            let at = restored.iter().position(|step| step.info.id == kept.number);
            let mut step = match at {
                Some(at) => restored.remove(at),
                None if !kept.has_rows => Step::default(),
                // Its rows were damaged, which is told elsewhere.
                None => continue,
            };
            match decode::<(StepInfo, Applied)>(&kept.info) {
                Some((info, applied)) => (step.info, step.applied) = (info, applied),
                None => step.info = decode::<StepInfo>(&kept.info).unwrap_or_default(),
            }
            (step.info.id, step.info.stands) = (kept.number, true);
            self.history.last = self.history.last.max(kept.number);
            standing += usize::from(kept.stands);
            self.history.steps.push(step);
        }
        self.history.standing = self.history.steps.len();
        while self.history.standing > standing && self.unwind() {}
        self.follow_steps(true);
    }

    /// Totals of all rows, whatever is filtered.
    pub(super) fn step_totals(&self) -> StepTotals {
        if self.demo.is_some() {
            return StepTotals::default();
        }
        let mut totals = StepTotals::default();
        let fixed = |number: Option<Number>| match number {
            Some(Number::Fixed(value)) => Some(value),
            _ => None,
        };
        if !self.stock.columns().is_empty() {
            let (orders, filters) = (OrderTable::default(), BTreeMap::new());
            let goods = self.goods();
            let levels = goods.stock(&self.stock);
            let figures = StockFigures::new(levels, &goods, &orders, &filters, &Demand::none());
            totals.on_hand = fixed(figures.on_hand());
        }
        if self.orders.columns().is_empty() {
            return totals;
        }
        let book = Book::new(&self.orders, &self.live);
        self.live.borrow_mut().follow(&self.orders);
        let extent = self.extent();
        let codes = currencies(book, extent);
        let money: Vec<Option<u32>> = codes.iter().copied().map(Some).collect();
        let grouping = Grouping {
            own: Masks::OWN_ALL,
            ..Grouping::default()
        };
        let ids = [MetricId::Gmv, MetricId::UnitsCreated, MetricId::OrdersCreated];
        let flows = Totals::new(book, &grouping, When::always(extent), &money, &ids);
        let value = |id, code: Option<u32>| flows.value(id, code, [0, 0]);
        for code in codes {
            if let Some(gmv) = fixed(value(MetricId::Gmv, Some(code))) {
                let currency = self.orders.columns().currencies.text(code).to_owned();
                totals.gmv.push((currency, gmv));
            }
        }
        let first = money.first().copied().flatten();
        totals.units = fixed(value(MetricId::UnitsCreated, first));
        if let Some(Number::Count(orders)) = value(MetricId::OrdersCreated, first) {
            totals.orders = u64::try_from(orders).unwrap_or(0);
        }
        totals
    }
}
