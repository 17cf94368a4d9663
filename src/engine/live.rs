//! Rows of sources that stay connected.
//!
//! What they bring between two drops is one step of history, all sources together. It is shown at once and kept now and
//! then: with its rows a step keeps, of each source, the number of the last batch that they hold. So whatever ends the
//! page, what it has on its next visit and what it asks the server for from there on fit together.

use super::history::{self, Begun};
use super::{Added, Engine, Origin, SourceHealth};
use crate::ingest::{Imported, Rows};
use crate::keep::{self, SegmentKind};
use crate::model::{Merge, OrderTable, StockTable};
use crate::protocol::{Event, FeedStatus, FileKind, SourceInfo};
use crate::time::UtcMillis;

/// The drop that all of them are together: none of the page has this number.
const BATCH: u32 = u32::MAX;
/// Rows that wait to be kept: more are kept at once.
const WAITING: usize = 100_000;
/// A step is kept in so many parts at most: then another begins.
const PARTS: u32 = 48;

/// What live sources have brought and how they fare.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// Rows that are in the tables and not kept yet.
    orders: OrderTable,
    stock: StockTable,
    /// Names and rows of the sources whose rows wait to be kept.
    sources: Vec<SourceInfo>,
    /// Of each source, the last batch whose rows are in the tables.
    applied: Vec<(String, Option<u64>)>,
    /// What of it is urgent.
    waits: Waits,
    /// In so many parts the step was kept.
    parts: u32,
    pub(super) followed: Vec<Followed>,
}

/// Whether rows of live sources wait to be kept, and how urgent that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waits {
    /// There are none.
    #[default]
    None,
    /// All of them lie in a draft.
    Drafted,
    /// There are some that whoever sent them can be asked for again.
    Numbered,
    /// There are some that come never again.
    Fragile,
    /// There are so many that they should be kept at once.
    Many,
}

/// Rows of live sources that are in the tables and not kept, with the numbers of the batches that they hold.
#[derive(Debug, Default)]
pub struct Unkept {
    orders: OrderTable,
    stock: StockTable,
    sources: Vec<SourceInfo>,
    applied: Vec<(String, Option<u64>)>,
}

/// A source that comes by itself.
#[derive(Debug)]
pub(super) struct Followed {
    id: u32,
    name: String,
    /// When it was heard last, and the milliseconds that usually lie between two words of it; `None`: it is not
    /// expected to speak, or has not spoken yet.
    heard: Option<(UtcMillis, i64)>,
    /// Up to when it has told all that happened; `None`: it is looked at now and then, and what is found there may be
    /// of yesterday.
    told_to: Option<UtcMillis>,
}

impl Engine {
    /// A source is followed from now on.
    pub fn follow_source(&mut self, id: u32, name: &str) {
        self.fed.followed.retain(|known| known.id != id);
        self.fed.followed.push(Followed {
            id,
            name: name.to_owned(),
            heard: None,
            told_to: None,
        });
        self.tell_health();
    }

    /// Notes how a source fares. One that the user stopped is not expected to speak.
    pub fn note_health(&mut self, status: &FeedStatus) {
        let usual = status.every_millis.filter(|_| !status.is_paused);
        let mut followed = self.fed.followed.iter_mut();
        if let Some(known) = followed.find(|known| known.id == status.id) {
            known.heard = status.good_at.zip(usual);
            known.told_to = status.good_at.filter(|_| status.live.is_some());
        }
        self.tell_health();
    }

    /// Up to when a source that stays connected has told all orders: an hour in which it is heard and brings none is an
    /// hour without orders, not the end of the data. `None` without such a source.
    pub(super) fn told_to(&self) -> Option<UtcMillis> {
        let brings_orders = |known: &&Followed| {
            let mut sources = self.sources.iter();
            sources.any(|source| source.kind == FileKind::Orders && source.name == known.name)
        };
        let followed = self.fed.followed.iter().filter(brings_orders);
        followed.filter_map(|known| known.told_to).max()
    }

    /// A source is no more.
    pub fn forget_health(&mut self, id: u32) {
        self.fed.followed.retain(|known| known.id != id);
        self.tell_health();
    }

    /// Tells the alerts. A source may bring orders and stock: what it has not brought yet can still come.
    fn tell_health(&mut self) {
        let followed = self.fed.followed.iter();
        let health = followed.filter_map(|known| {
            let (heard_at, usual_millis) = known.heard?;
            Some(SourceHealth {
                source: known.name.clone(),
                heard_at,
                usual_millis,
                brings: (true, true),
            })
        });
        let health = health.collect();
        self.hear_of_sources(health);
    }

    /// The last batch of source `key` whose rows are in the tables.
    pub fn applied(&self, key: &str) -> Option<u64> {
        let mut applied = self.fed.applied.iter();
        applied.find(|(known, _)| known == key)?.1
    }

    /// After steps were taken back, done again or restored: what stands now.
    pub(super) fn follow_applied(&mut self) {
        self.fed.applied = self.history.applied();
    }

    /// Enters what source `key` brought, up to batch `seq`: the screen, if any row is news, and the steps, if
    /// another has begun.
    pub fn enter_live(
        &mut self,
        key: &str,
        imports: Vec<Imported>,
        seq: Option<u64>,
        now: UtcMillis,
    ) -> Vec<Event> {
        let (mut is_news, mut is_new_step) = (false, false);
        for Imported { report, rows, .. } in imports {
            if let Some((merge, is_new)) = self.enter_rows(&rows, now) {
                is_news = true;
                is_new_step |= is_new;
                let waits = seq.map_or(Waits::Fragile, |_| Waits::Numbered);
                self.fed.waits = self.fed.waits.max(waits);
                self.name_live(&report.name, report.kind, merge, now);
            }
        }
        let applied = &mut self.fed.applied;
        applied.retain(|(known, _)| known != key);
        applied.push((key.to_owned(), seq));
        let mut events = if is_news { self.screen(now) } else { Vec::new() };
        if is_new_step {
            events.push(self.steps());
        }
        events
    }

    /// Enters rows, if any of them is news: what came of it, and whether another step has begun.
    fn enter_rows(&mut self, rows: &Rows, now: UtcMillis) -> Option<(Merge, bool)> {
        let (merge, begun) = self.merge_live(rows, now)?;
        if merge.new + merge.updated == 0 {
            self.end_step_without(begun);
            return None;
        }
        match rows {
            Rows::Orders(batch) => self.fed.orders.merge(batch),
            Rows::Stock(batch) => self.fed.stock.merge(batch),
            Rows::None => Merge::default(),
        };
        self.history.join_parts();
        Some((merge, matches!(begun, Begun::New(..))))
    }

    fn merge_live(&mut self, rows: &Rows, now: UtcMillis) -> Option<(Merge, Begun)> {
        if matches!(rows, Rows::None) {
            return None;
        }
        self.end_demo();
        let begun = self.begin_step(BATCH, now, Origin::Live);
        if matches!(begun, Begun::New(..)) {
            self.fed.parts = 0;
        }
        let merge = match rows {
            Rows::Orders(batch) if self.orders.columns().is_empty() => self.take_orders(batch.clone()),
            Rows::Orders(batch) => self.merge_orders(batch),
            Rows::Stock(batch) => self.merge_stock(batch, now),
            Rows::None => Merge::default(),
        };
        Some((merge, begun))
    }

    fn name_live(&mut self, name: &str, kind: FileKind, merge: Merge, now: UtcMillis) {
        let info = |accepted: u64| SourceInfo {
            name: name.to_owned(),
            kind,
            accepted,
            rejected: 0,
            read_at: now,
        };
        let accepted = merge.new + merge.updated;
        let is_it = |source: &&SourceInfo| source.name == name && source.kind == kind;
        let before = self
            .sources
            .iter()
            .find(is_it)
            .map_or(0, |source| source.accepted);
        let source = info(before + accepted);
        history::name(&mut self.sources, source.clone());
        history::name(&mut self.fed.sources, source.clone());
        self.history.name_file(source);
    }

    /// Whether rows wait to be kept.
    pub fn waits(&self) -> Waits {
        let Live { orders, stock, .. } = &self.fed;
        match orders.columns().len() + stock.columns().len() {
            0 if stock.is_empty() => Waits::None,
            rows if rows > WAITING => Waits::Many,
            _ => self.fed.waits.max(Waits::Drafted),
        }
    }

    /// All rows so far are kept, by this tab or another one.
    pub fn forget_unkept(&mut self) {
        let Live {
            orders,
            stock,
            sources,
            waits,
            ..
        } = &mut self.fed;
        (*orders, *stock) = (OrderTable::default(), StockTable::default());
        sources.clear();
        *waits = Waits::None;
    }

    /// A stored part of the rows that wait to be kept; `None` after the last.
    pub fn unkept_chunk(&self, kind: SegmentKind, at: usize) -> Option<Vec<u8>> {
        let Live { orders, stock, .. } = &self.fed;
        chunk(kind, orders, stock, at)
    }

    /// Lifts out what waits to be kept, before the tables are filled anew from what is kept.
    pub fn lift_unkept(&mut self) -> Unkept {
        Unkept {
            orders: std::mem::take(&mut self.fed.orders),
            stock: std::mem::take(&mut self.fed.stock),
            sources: std::mem::take(&mut self.fed.sources),
            applied: self.fed.applied.clone(),
        }
    }

    /// Enters it again.
    pub fn lay_unkept(&mut self, unkept: Unkept, now: UtcMillis) {
        let Unkept {
            orders,
            stock,
            sources,
            applied,
        } = unkept;
        let mut is_any = false;
        if !stock.is_empty() {
            is_any |= self.enter_rows(&Rows::Stock(stock.into_batch()), now).is_some();
        }
        if !orders.columns().is_empty() {
            is_any |= self.enter_rows(&Rows::Orders(orders.into_batch()), now).is_some();
        }
        if is_any {
            for source in sources {
                let merge = Merge {
                    new: source.accepted,
                    ..Merge::default()
                };
                self.name_live(&source.name, source.kind, merge, now);
            }
        }
        for (key, seq) in applied {
            self.fed.applied.retain(|(known, _)| *known != key);
            self.fed.applied.push((key, seq));
        }
    }

    /// The rows that wait to be kept, to be kept in this order, see [`Engine::unkept_chunk`]: the last of them brings the
    /// numbers of the batches that they hold. As a draft they wait on, and are in the next one too; else
    /// [`Engine::end_part`] is due once they are kept.
    pub fn unkept(&mut self, is_draft: bool) -> Vec<Added> {
        let Live {
            orders,
            stock,
            sources,
            waits,
            ..
        } = &mut self.fed;
        *waits = Waits::None;
        let mut added = Vec::new();
        let mut add = |kind: SegmentKind| {
            let source = sources.iter().rev().find(|source| kind.holds(source.kind));
            if let Some(source) = source.cloned() {
                added.push((kind, source));
            }
        };
        if !stock.is_empty() {
            add(SegmentKind::Stock);
        }
        if !orders.columns().is_empty() {
            add(SegmentKind::Orders);
        }
        if added.is_empty() {
            return Vec::new();
        }
        if !is_draft {
            // The totals of the step so far.
            let after = self.step_totals();
            self.history.end_live_part(after);
        }
        let step = self.current_step();
        let last = added.len() - 1;
        let mut all = Vec::new();
        for (at, (kind, source)) in added.into_iter().enumerate() {
            if at == last {
                self.history.apply(self.fed.applied.clone());
            }
            all.push(Added {
                kind,
                rows: None,
                source,
                step,
                steps: self.kept_steps(),
            });
        }
        all
    }

    /// What waited is kept for good: what comes is another part of the step, or of another one.
    pub fn end_part(&mut self) {
        self.forget_unkept();
        self.fed.parts += 1;
        if self.fed.parts >= PARTS {
            self.history.end_drop();
        }
    }
}

/// A stored part of tables; `None` after the last.
pub(super) fn chunk(
    kind: SegmentKind,
    orders: &OrderTable,
    stock: &StockTable,
    at: usize,
) -> Option<Vec<u8>> {
    match kind {
        SegmentKind::Orders => keep::orders_chunk(orders.columns(), at),
        SegmentKind::Stock => keep::stock_chunk(stock.columns(), &stock.names().columns(), at),
    }
}
