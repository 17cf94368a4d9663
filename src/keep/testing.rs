//! A disk that loses power.

use super::disk::{Disk, Fault};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// What is asked of the disk in tests is always there at once.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a simulated disk keeps nobody waiting"),
    }
}

/// A disk whose power fails after a number of steps, or that is full after a number of bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Simulated(Rc<RefCell<State>>);

#[derive(Debug, Default)]
struct State {
    durable: BTreeMap<String, Vec<u8>>,
    /// Written since they were created, not yet durable.
    open: BTreeMap<String, Vec<u8>>,
    /// Removed: may come back.
    removed: BTreeMap<String, Vec<u8>>,
    steps: u64,
    fails_at: Option<u64>,
    room: Option<usize>,
}

impl Simulated {
    /// Steps so far.
    pub(super) fn steps(&self) -> u64 {
        self.0.borrow().steps
    }

    /// Lets the power fail at that step from the first one on, and at all that come after it.
    pub(super) fn fail_at(&self, step: u64) {
        self.0.borrow_mut().fails_at = Some(step);
    }

    /// Lets so many more bytes in.
    pub(super) fn leave_room(&self, bytes: Option<usize>) {
        self.0.borrow_mut().room = bytes;
    }

    /// The power is back. What was not durable is as `chance` has it.
    pub(super) fn power_up(&self, mut chance: impl FnMut(u64) -> u64) {
        let mut state = self.0.borrow_mut();
        let State {
            durable,
            open,
            removed,
            ..
        } = &mut *state;
        for (name, bytes) in std::mem::take(removed) {
            if chance(2) == 0 {
                durable.entry(name).or_insert(bytes);
            }
        }
        for (name, mut bytes) in std::mem::take(open) {
            let prefix = usize::try_from(chance(bytes.len() as u64 + 1)).unwrap();
            match chance(5) {
                0 => continue,
                1 => {
                    durable.remove(&name);
                    continue;
                }
                2 => bytes.truncate(prefix),
                // Blocks that were never written hold whatever was there.
                3 => bytes[prefix..]
                    .iter_mut()
                    .for_each(|byte| *byte = chance(256) as u8),
                _ => {}
            }
            durable.insert(name, bytes);
        }
        (state.steps, state.fails_at) = (0, None);
    }

    /// Changes a durable file.
    pub(super) fn damage(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.0.borrow_mut().durable.get_mut(name).unwrap());
    }

    /// Names of durable files.
    pub(super) fn files(&self) -> Vec<String> {
        self.0.borrow().durable.keys().cloned().collect()
    }

    fn step(&self) -> Result<(), Fault> {
        let mut state = self.0.borrow_mut();
        state.steps += 1;
        if state.fails_at.is_some_and(|at| state.steps > at) {
            return Err(Fault::Failed("no power".to_owned()));
        }
        Ok(())
    }
}

impl Disk for Simulated {
    type File = String;

    async fn names(&self) -> Result<Vec<String>, Fault> {
        self.step()?;
        Ok(self.files())
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.step()?;
        Ok(self.0.borrow().durable.get(name).cloned())
    }

    async fn create(&self, name: &str) -> Result<String, Fault> {
        self.step()?;
        self.0.borrow_mut().open.insert(name.to_owned(), Vec::new());
        Ok(name.to_owned())
    }

    async fn append(&self, file: &mut String, bytes: &[u8]) -> Result<(), Fault> {
        let has_power = self.step();
        let mut state = self.0.borrow_mut();
        if let Some(room) = &mut state.room {
            *room = room.checked_sub(bytes.len()).ok_or(Fault::Full)?;
        }
        // The power may also fail after the bytes were taken.
        state.open.entry(file.clone()).or_default().extend(bytes);
        has_power
    }

    async fn close(&self, file: String) -> Result<(), Fault> {
        self.step()?;
        let mut state = self.0.borrow_mut();
        let bytes = state.open.remove(&file).unwrap();
        state.durable.insert(file, bytes);
        Ok(())
    }

    async fn remove(&self, name: &str) -> Result<(), Fault> {
        self.step()?;
        let mut state = self.0.borrow_mut();
        state.open.remove(name);
        if let Some(bytes) = state.durable.remove(name) {
            state.removed.insert(name.to_owned(), bytes);
        }
        Ok(())
    }
}
