//! Who may write, what is not kept yet, and what to tell of it.

use super::Damage;
use super::disk::{Disk, Fault};
use super::manifest::{KeptStep, SegmentKind};
use super::store::{Batch, Chunks, Opened, Piece, Refused, Stay, Store};
use crate::protocol::{Keeping, Kept, SourceInfo};
use std::collections::BTreeSet;

/// Who may write to a disk that several tabs see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// This tab alone, for as long as it lives.
    Alone,
    /// Another tab.
    Other,
    /// The browser cannot tell: whoever finds what it wrote itself.
    Unguarded,
}

/// Keeps the rows of this tab.
#[derive(Debug)]
pub struct Keeper<D> {
    store: Option<Store<D>>,
    right: Right,
    /// Rows are here that are not on the disk.
    is_behind: bool,
    kept: Kept,
}

/// All rows of this tab, to be kept anew as a whole.
pub struct Whole<'a> {
    /// Files they came from.
    pub sources: &'a [SourceInfo],
    /// Bytes of the rows of one kind, in parts; `None` after the last, at once where there are none.
    pub chunk: &'a dyn Fn(SegmentKind, usize) -> Option<Vec<u8>>,
}

impl<D: Disk> Keeper<D> {
    /// Keeps nothing: the browser offers no disk.
    pub fn nowhere() -> Self {
        Self {
            store: None,
            right: Right::Other,
            is_behind: false,
            kept: Kept {
                keeping: Keeping::NoStorage,
                ..Kept::default()
            },
        }
    }

    /// Opens what is kept on `disk`; `take` gets its rows, also those of steps that do not stand. Yields the
    /// files that the standing ones came from, oldest first, and the steps.
    pub async fn open(
        disk: D,
        right: Right,
        take: impl FnMut(Piece<'_>, &[u8]) -> Result<(), Damage>,
    ) -> (Self, Vec<SourceInfo>, Vec<KeptStep>) {
        let mut keeper = Self {
            right,
            ..Self::nowhere()
        };
        match Store::open(disk, right == Right::Alone, take).await {
            Ok(Opened {
                store,
                sources,
                steps,
                lost,
                lost_all,
            }) => {
                keeper.store = Some(store);
                keeper.kept.lost = lost.into_iter().map(|source| source.name).collect();
                keeper.kept.lost_all = lost_all;
                keeper.settle(Ok(()));
                (keeper, sources, steps)
            }
            Err(Refused::Newer(version)) => {
                keeper.kept.keeping = Keeping::Newer(version);
                (keeper, Vec::new(), Vec::new())
            }
            Err(Refused::Fault(fault)) => {
                keeper.settle(Err(fault));
                (keeper, Vec::new(), Vec::new())
            }
        }
    }

    /// What to tell.
    pub const fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Sets what the browser says of its storage.
    pub fn set_room(&mut self, room: Option<(u64, u64)>, persistent: Option<bool>) {
        (self.kept.room, self.kept.persistent) = (room, persistent);
    }

    /// Sets how long it took to open, in milliseconds.
    pub const fn set_millis(&mut self, millis: u64) {
        self.kept.restored_millis = millis;
    }

    /// Whether this tab may write.
    pub fn may_write(&self) -> bool {
        self.store.is_some() && self.right != Right::Other
    }

    /// Keeps `batch`, rows that have just entered the tables, with `steps` from now on. Where rows are here that
    /// are not kept, `whole` is kept instead if it is given. It never fails: [`Keeper::kept`] tells.
    pub async fn keep(&mut self, batch: Batch<'_>, steps: &[KeptStep], whole: Option<Whole<'_>>) {
        let done = self.try_to_keep(Some(batch), steps, whole).await;
        self.note(done);
    }

    /// Keeps which `steps` there are, and which of them stand. Where the disk does not have the rows of one as
    /// such, `whole` is kept instead if it is given. It never fails, as [`Keeper::keep`].
    pub async fn mark(&mut self, steps: &[KeptStep], whole: Option<Whole<'_>>) {
        let is_unknown = |step: &KeptStep| {
            let store = self.store.as_ref();
            step.has_rows && store.is_some_and(|store| !store.has_step(step.number))
        };
        let was_behind = self.is_behind;
        self.is_behind |= whole.is_some() && steps.iter().any(is_unknown);
        let done = self.try_to_keep(None, steps, whole).await;
        if done.is_ok() && self.may_write() && !was_behind {
            self.is_behind = false;
        }
        self.note(done);
    }

    /// Joins the segments of no step where that pays; `settled` has the rows of these and no others.
    pub async fn join(&mut self, settled: Whole<'_>) {
        if let Some(store) = &mut self.store {
            // What fails here changes nothing, and is tried again at the next visit.
            let _ = joined(store, &settled, true).await;
        }
        self.settle(Ok(()));
    }

    /// Whether [`Keeper::join`] is due.
    pub fn is_scattered(&self) -> bool {
        let is_scattered = self.store.as_ref().is_some_and(Store::is_scattered);
        is_scattered && self.right == Right::Alone && self.kept.lost.is_empty() && !self.kept.lost_all
    }

    fn note(&mut self, done: Result<(), Fault>) {
        if done.is_err() {
            self.is_behind = true;
        }
        self.settle(done);
    }

    async fn try_to_keep(
        &mut self,
        batch: Option<Batch<'_>>,
        steps: &[KeptStep],
        whole: Option<Whole<'_>>,
    ) -> Result<(), Fault> {
        if self.right == Right::Unguarded && !self.take_over().await? {
            self.right = Right::Other;
        }
        let may_write = self.may_write();
        let Some(store) = self.store.as_mut().filter(|_| may_write) else {
            self.is_behind = true;
            return Ok(());
        };
        // The whole takes twice the room for a moment: where it finds none, the batch alone still may.
        if let Some(whole) = whole.filter(|_| self.is_behind)
            && joined(store, &whole, false).await.is_ok()
        {
            self.is_behind = false;
            return Ok(());
        }
        match batch {
            Some(batch) => store.commit(batch, steps).await,
            None => store.mark(steps).await,
        }
    }

    /// The other tab is gone: this one writes from now on, if the disk is still as it was read.
    /// Yields whether it is; if not, it has to be opened anew.
    pub async fn own(&mut self, whole: Option<Whole<'_>>) -> bool {
        if !self.take_over().await.unwrap_or(false) {
            return false;
        }
        self.right = Right::Alone;
        let mut done = Ok(());
        if let (true, Some(store), Some(whole)) = (self.is_behind, self.store.as_mut(), whole) {
            done = joined(store, &whole, false).await;
            self.is_behind = done.is_err();
        }
        self.settle(done);
        true
    }

    /// Another tab has taken the right to write.
    pub fn disown(&mut self) {
        self.right = Right::Other;
        self.settle(Ok(()));
    }

    /// Whether rows are here that are not on the disk.
    pub const fn is_behind(&self) -> bool {
        self.is_behind
    }

    async fn take_over(&mut self) -> Result<bool, Fault> {
        let Some(store) = &mut self.store else {
            return Ok(false);
        };
        match store.take_over().await {
            Ok(same) => Ok(same),
            Err(Refused::Newer(_)) => Ok(false),
            Err(Refused::Fault(fault)) => Err(fault),
        }
    }

    fn settle(&mut self, done: Result<(), Fault>) {
        let (mut files, mut bytes) = (BTreeSet::new(), 0);
        if let Some(store) = &self.store {
            bytes = store.bytes();
            files.extend(store.sources().map(|source| (&source.name, source.kind.id())));
        }
        let files = u32::try_from(files.len()).unwrap_or(u32::MAX);
        (self.kept.files, self.kept.bytes) = (files, bytes);
        self.kept.keeping = match done {
            Err(Fault::Full) => Keeping::Full,
            Err(Fault::Failed(words)) => Keeping::Failed(words),
            // It stays behind for the reason that was told.
            Ok(()) if self.is_behind && self.right != Right::Other => self.kept.keeping.clone(),
            Ok(()) if self.store.is_none() => self.kept.keeping.clone(),
            Ok(()) if self.right == Right::Other => Keeping::OtherTab,
            Ok(()) if files == 0 => Keeping::Nothing,
            Ok(()) => Keeping::Kept,
        };
    }
}

/// Keeps `whole` instead of all that is kept, or only of what is settled.
async fn joined<D: Disk>(store: &mut Store<D>, whole: &Whole<'_>, settled: bool) -> Result<(), Fault> {
    let mut orders = |at| (whole.chunk)(SegmentKind::Orders, at);
    let mut stock = |at| (whole.chunk)(SegmentKind::Stock, at);
    let mut batches = Vec::new();
    let all: [(_, Chunks<'_>); 2] = [
        (SegmentKind::Orders, &mut orders),
        (SegmentKind::Stock, &mut stock),
    ];
    for (kind, chunks) in all {
        let of = |source: &&SourceInfo| kind.holds(source.kind);
        let sources: Vec<SourceInfo> = whole.sources.iter().filter(of).cloned().collect();
        if !sources.is_empty() {
            batches.push(Batch {
                kind,
                sources,
                chunks,
                step: 0,
                stay: Stay::Good,
            });
        }
    }
    if settled {
        store.join(batches).await
    } else {
        store.replace(batches).await
    }
}

#[cfg(test)]
#[path = "keeper_tests.rs"]
mod tests;
