//! Who may write, what is not kept yet, and what to tell of it.

use super::Damage;
use super::disk::{Disk, Fault};
use super::manifest::SegmentKind;
use super::store::{Batch, Chunks, Opened, Refused, Store};
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

    /// Opens what is kept on `disk`; `take` gets its rows. Yields the files they came from, oldest first.
    pub async fn open(
        disk: D,
        right: Right,
        take: impl FnMut(SegmentKind, &[u8]) -> Result<(), Damage>,
    ) -> (Self, Vec<SourceInfo>) {
        let mut keeper = Self {
            right,
            ..Self::nowhere()
        };
        match Store::open(disk, right == Right::Alone, take).await {
            Ok(Opened {
                store,
                sources,
                lost,
                lost_all,
            }) => {
                keeper.store = Some(store);
                keeper.kept.lost = lost.into_iter().map(|source| source.name).collect();
                keeper.kept.lost_all = lost_all;
                keeper.settle(Ok(()));
                (keeper, sources)
            }
            Err(Refused::Newer(version)) => {
                keeper.kept.keeping = Keeping::Newer(version);
                (keeper, Vec::new())
            }
            Err(Refused::Fault(fault)) => {
                keeper.settle(Err(fault));
                (keeper, Vec::new())
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

    /// Keeps `batch`, rows that have just entered the tables. Where rows are here that are not kept, or the
    /// store is scattered, `whole` is kept instead if it is given. It never fails: [`Keeper::kept`] tells.
    pub async fn keep(&mut self, batch: Batch<'_>, whole: Option<Whole<'_>>) {
        let done = self.try_to_keep(batch, whole).await;
        if done.is_err() {
            self.is_behind = true;
        }
        self.settle(done);
    }

    async fn try_to_keep(&mut self, batch: Batch<'_>, whole: Option<Whole<'_>>) -> Result<(), Fault> {
        if self.right == Right::Unguarded && !self.take_over().await? {
            self.right = Right::Other;
        }
        let may_write = self.may_write();
        let Some(store) = self.store.as_mut().filter(|_| may_write) else {
            self.is_behind = true;
            return Ok(());
        };
        // The whole takes twice the room for a moment: where it finds none, the batch alone still may.
        if let Some(whole) = whole.filter(|_| self.is_behind || store.is_scattered())
            && replace(store, &whole).await.is_ok()
        {
            self.is_behind = false;
            return Ok(());
        }
        store.commit(batch).await
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
            done = replace(store, &whole).await;
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

async fn replace<D: Disk>(store: &mut Store<D>, whole: &Whole<'_>) -> Result<(), Fault> {
    let mut orders = |at| (whole.chunk)(SegmentKind::Orders, at);
    let mut stock = |at| (whole.chunk)(SegmentKind::Stock, at);
    let mut batches = Vec::new();
    let all: [(_, Chunks<'_>); 2] = [
        (SegmentKind::Orders, &mut orders),
        (SegmentKind::Stock, &mut stock),
    ];
    for (kind, chunks) in all {
        let of = |source: &&SourceInfo| source.kind == kind.file();
        let sources: Vec<SourceInfo> = whole.sources.iter().filter(of).cloned().collect();
        if !sources.is_empty() {
            batches.push(Batch {
                kind,
                sources,
                chunks,
            });
        }
    }
    store.replace(batches).await
}

#[cfg(test)]
#[path = "keeper_tests.rs"]
mod tests;
