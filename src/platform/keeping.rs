//! The worker's side of what stays in the browser: lock, disk and engine meet the keeper.

use super::clock::{now, wait};
use super::disk::BrowserDisk;
use super::lock::Lock;
use super::room::room;
use crate::engine::{Added, Engine};
use crate::ingest::Rows;
use crate::keep::{
    Batch, Fault, Keeper, Piece, Right, SegmentKind, Stay, Whole, folder_name, forget, orders_chunk,
    stock_chunk,
};
use crate::protocol::{Keeping, Kept, SourceInfo};
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use web_sys::DedicatedWorkerGlobalScope;

/// How long a page that opens waits for the lock: a page that was just reloaded may still hold it.
const PATIENCE_MILLIS: u32 = 400;
/// How often it looks.
const LOOK_MILLIS: u32 = 10;

/// What stays in the browser of this worker's rows. One thing at a time may be asked of it.
pub struct Shelf {
    folder: String,
    /// Not here while something is done with it.
    keeper: RefCell<Option<Keeper<BrowserDisk>>>,
    /// What it told last.
    told: RefCell<Kept>,
    lock: RefCell<Option<Lock>>,
    /// Another tab took the lock while something was done.
    is_disowned: Cell<bool>,
    /// Rows came from beside the page: they are fetched anew each time, and not kept.
    has_fetched: Cell<bool>,
}

impl Shelf {
    /// That of the page this worker belongs to, not opened yet.
    pub fn new(scope: &DedicatedWorkerGlobalScope) -> Self {
        Self {
            folder: folder_name(&scope.location().pathname()),
            keeper: RefCell::new(Some(Keeper::nowhere())),
            told: RefCell::new(Keeper::<BrowserDisk>::nowhere().kept().clone()),
            lock: RefCell::default(),
            is_disowned: Cell::new(false),
            has_fetched: Cell::new(false),
        }
    }

    /// The name that all tabs of the page know.
    pub fn name(&self) -> &str {
        &self.folder
    }

    /// Asks for the right to write: `granted` is called whenever it comes, `lost` if another tab takes it.
    pub async fn lock(&self, granted: impl FnOnce() + 'static, lost: impl FnOnce() + 'static) -> Right {
        let Some(lock) = Lock::ask(&self.folder, false, granted, lost) else {
            return Right::Unguarded;
        };
        let mut waited = 0;
        while !lock.is_held() && waited < PATIENCE_MILLIS {
            wait(LOOK_MILLIS).await;
            waited += LOOK_MILLIS;
        }
        let right = if lock.is_held() {
            Right::Alone
        } else {
            Right::Other
        };
        self.lock.replace(Some(lock));
        right
    }

    /// Whether this tab holds the right to write by now.
    pub fn is_granted(&self) -> bool {
        self.lock.borrow().as_ref().is_some_and(Lock::is_held)
    }

    /// Whether another tab has the right to write, and so follows the live sources.
    pub fn is_elsewhere(&self) -> bool {
        let waits = self.lock.borrow().as_ref().is_some_and(|lock| !lock.is_held());
        waits || self.is_disowned.get()
    }

    /// Opens what is kept and enters its rows into `engine`, which must be empty.
    pub async fn open(&self, engine: &RefCell<Engine>, right: Right) {
        // Another tab may join segments while they are read here: what is gone then is elsewhere now.
        for last in [false, true] {
            let started = now();
            let Some(disk) = BrowserDisk::open(&self.folder).await else {
                return;
            };
            let take = |piece: Piece<'_>, bytes: &[u8]| {
                let mut engine = engine.borrow_mut();
                engine.restore_step(piece.step, piece.kind, bytes, piece.sources)
            };
            let (mut keeper, _, steps) = Keeper::open(disk, right, take).await;
            keeper.set_millis(u64::try_from(now().0 - started.0).unwrap_or(0));
            let is_torn = right != Right::Alone && !keeper.kept().lost.is_empty();
            if is_torn && !last {
                self.put_back(keeper);
                engine.borrow_mut().clear();
                continue;
            }
            engine.borrow_mut().recall(&steps);
            if keeper.is_scattered() {
                // Nothing is shown yet: for a moment the tables may hold what is settled and no more.
                let undone = engine.borrow_mut().undo_all();
                let sources = engine.borrow().sources().to_vec();
                let chunk = |kind, at| engine.borrow().kept_chunk(kind, at);
                let settled = Whole {
                    sources: &sources,
                    chunk: &chunk,
                };
                keeper.join(settled).await;
                engine.borrow_mut().redo_all(undone);
            }
            self.put_back(keeper);
            return;
        }
    }

    /// What to tell.
    pub fn kept(&self) -> Kept {
        self.told.borrow().clone()
    }

    /// What to tell while rows are being written; `None` where they will not be.
    pub fn writing(&self) -> Option<Kept> {
        let may_write = self.keeper.borrow().as_ref().is_some_and(Keeper::may_write);
        may_write.then(|| Kept {
            keeping: Keeping::Writing,
            ..self.kept()
        })
    }

    /// Asks the browser for room and promises anew; whether they changed.
    pub async fn look_round(&self) -> bool {
        let before = self.kept();
        let (space, persistent) = room().await;
        if let Some(mut keeper) = self.keeper.take() {
            keeper.set_room(space, persistent);
            self.put_back(keeper);
        }
        self.kept() != before
    }

    /// Rows came from beside the page.
    pub fn fetched(&self) {
        self.has_fetched.set(true);
    }

    /// Keeps rows that have just entered `engine`. On the heap, since more than one place waits for it.
    pub fn keep<'a>(
        &'a self,
        engine: &'a RefCell<Engine>,
        added: Added,
        stay: Stay,
    ) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(self.keep_added(engine, added, stay))
    }

    async fn keep_added(&self, engine: &RefCell<Engine>, added: Added, stay: Stay) {
        let Added {
            kind,
            rows,
            source,
            step,
            steps,
        } = added;
        let mut chunks = |at| match &rows {
            None if stay != Stay::Good => engine.borrow().unkept_chunk(kind, at),
            None => engine.borrow().kept_chunk(kind, at),
            Some(Rows::None) => None,
            Some(Rows::Orders(batch)) => orders_chunk(batch.columns(), at),
            Some(Rows::Stock(batch)) => stock_chunk(batch.columns(), &batch.names, at),
        };
        let sources = engine.borrow().sources().to_vec();
        let chunk = |kind, at| engine.borrow().kept_chunk(kind, at);
        let batch = Batch {
            kind,
            sources: vec![source],
            chunks: &mut chunks,
            step,
            stay,
        };
        let Some(mut keeper) = self.keeper.take() else {
            return;
        };
        keeper.keep(batch, &steps, self.whole(&sources, &chunk)).await;
        self.put_back(keeper);
    }

    /// Keeps which steps of `engine` there are, and which of them stand.
    pub async fn mark(&self, engine: &RefCell<Engine>) {
        let (steps, sources) = (engine.borrow().kept_steps(), engine.borrow().sources().to_vec());
        let chunk = |kind, at| engine.borrow().kept_chunk(kind, at);
        let Some(mut keeper) = self.keeper.take() else {
            return;
        };
        keeper.mark(&steps, self.whole(&sources, &chunk)).await;
        self.put_back(keeper);
    }

    /// The other tab is gone. Yields whether this one goes on with what it has; if not, and if it has no rows
    /// of its own to lose, it is to be opened anew.
    pub async fn own(&self, engine: &RefCell<Engine>) -> bool {
        let sources = engine.borrow().sources().to_vec();
        let chunk = |kind, at| engine.borrow().kept_chunk(kind, at);
        let Some(mut keeper) = self.keeper.take() else {
            return false;
        };
        let owned = keeper.own(self.whole(&sources, &chunk)).await;
        self.put_back(keeper);
        owned
    }

    /// Whether rows are here that come from nowhere else.
    pub fn has_own_rows(&self) -> bool {
        self.has_fetched.get() || self.is_behind()
    }

    /// Whether what should be kept is not: each attempt writes all rows.
    pub fn is_behind(&self) -> bool {
        self.keeper.borrow().as_ref().is_some_and(Keeper::is_behind)
    }

    /// Another tab has taken the right to write, or gets it.
    pub fn disown(&self) {
        self.is_disowned.set(true);
        if let Some(keeper) = self.keeper.take() {
            self.put_back(keeper);
        }
        if let Some(lock) = self.lock.take() {
            lock.release();
        }
    }

    /// Another tab has removed all that was kept: nothing is kept of this one any more.
    pub fn leave(&self) {
        self.put_back(Keeper::nowhere());
    }

    /// Removes all that is kept, whoever may write.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn forget(&self) -> Result<(), Fault> {
        if !self.is_granted() {
            let stolen = Lock::ask(&self.folder, true, || {}, || {});
            if let Some(old) = self.lock.replace(stolen) {
                old.release();
            }
            // The other tab has to hear of it.
            wait(PATIENCE_MILLIS).await;
        }
        self.put_back(Keeper::nowhere());
        let Some(disk) = BrowserDisk::open(&self.folder).await else {
            return Ok(());
        };
        forget(disk).await?;
        // Nothing is kept from here on; the empty folder goes too where the browser lets it.
        if let Some(disk) = BrowserDisk::open(&self.folder).await {
            let _ = disk.remove_all().await;
        }
        Ok(())
    }

    fn put_back(&self, mut keeper: Keeper<BrowserDisk>) {
        if self.is_disowned.get() {
            keeper.disown();
        }
        self.told.replace(keeper.kept().clone());
        self.keeper.replace(Some(keeper));
    }

    fn whole<'a>(
        &self,
        sources: &'a [SourceInfo],
        chunk: &'a dyn Fn(SegmentKind, usize) -> Option<Vec<u8>>,
    ) -> Option<Whole<'a>> {
        // The tables also hold what was fetched, and that is not to be kept.
        (!self.has_fetched.get()).then_some(Whole { sources, chunk })
    }
}
