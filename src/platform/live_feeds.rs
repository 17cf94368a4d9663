//! The engine's side of live sources: which there are, and the worker that follows them.

use super::clock::now;
use super::live_link::LiveLink;
use crate::engine::Engine;
use crate::feed::{Live, LiveNews, LiveTask};
use crate::ingest::ReadTask;
use crate::protocol::{FeedPlace, FeedPlan, FeedStatus, Problem, Secret};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use web_sys::DedicatedWorkerGlobalScope;

/// The live sources of this tab.
#[derive(Default)]
pub struct LiveFeeds {
    plans: RefCell<Vec<FeedPlan>>,
    link: RefCell<Option<LiveLink>>,
    /// Those that the worker follows.
    running: RefCell<BTreeSet<u32>>,
    /// Those that the user stopped, also in another tab.
    paused: RefCell<BTreeSet<u32>>,
    /// Whether what they bring is kept from time to time.
    pub is_kept: Cell<bool>,
}

/// Address and token of a plan, the token with the name of its header.
fn place(plan: &FeedPlan) -> (&str, Option<&(String, Secret)>) {
    match &plan.place {
        FeedPlace::Address(url, header) => (url, header.as_ref()),
        FeedPlace::Folder(_) => ("", None),
    }
}

impl LiveFeeds {
    /// Adds a source, instead of the one of the same number.
    pub fn add(&self, plan: FeedPlan) {
        self.remove(plan.id);
        self.plans.borrow_mut().push(plan);
    }

    /// Whether source `id` is one of them.
    pub fn has(&self, id: u32) -> bool {
        self.plans.borrow().iter().any(|plan| plan.id == id)
    }

    /// Their numbers.
    pub fn ids(&self) -> Vec<u32> {
        self.plans.borrow().iter().map(|plan| plan.id).collect()
    }

    /// The address of source `id`.
    pub fn url(&self, id: u32) -> Option<String> {
        let plans = self.plans.borrow();
        let plan = plans.iter().find(|plan| plan.id == id)?;
        Some(place(plan).0.to_owned())
    }

    /// The source at this address.
    pub fn at(&self, url: &str) -> Option<u32> {
        let plans = self.plans.borrow();
        let plan = plans.iter().find(|plan| place(plan).0 == url)?;
        Some(plan.id)
    }

    /// Whether one of them is like `plan`.
    pub fn has_like(&self, plan: &FeedPlan) -> bool {
        self.plans.borrow().iter().any(|known| known.is_like(plan))
    }

    /// Notes how a source fares.
    pub fn note(&self, status: &FeedStatus) {
        let mut paused = self.paused.borrow_mut();
        if status.is_paused {
            paused.insert(status.id);
        } else {
            paused.remove(&status.id);
        }
    }

    /// Forgets source `id`. Without any [`Self::end_idle`] is due.
    pub fn remove(&self, id: u32) {
        self.leave(id);
        self.paused.borrow_mut().remove(&id);
        self.plans.borrow_mut().retain(|plan| plan.id != id);
    }

    /// Has the broker of `plan`, which is no more, forget what it keeps for us.
    pub fn part_from(&self, plan: &FeedPlan) {
        let (url, token) = place(plan);
        self.send(LiveTask::Leave {
            url: url.to_owned(),
            token: token.cloned(),
            client: plan.client.clone(),
        });
    }

    /// Without any source the worker ends.
    pub fn end_idle(&self) {
        if self.plans.borrow().is_empty() {
            self.end();
        }
    }

    /// Starts the worker, unless it runs.
    ///
    /// # Errors
    /// Why no worker could be made.
    pub fn start(
        &self,
        scope: &DedicatedWorkerGlobalScope,
        tell: impl Fn(LiveNews, js_sys::Uint8Array) + 'static,
        ended: impl Fn() + 'static,
    ) -> Result<(), Problem> {
        if self.link.borrow().is_none() {
            let link = LiveLink::start(scope, tell, ended)?;
            self.link.replace(Some(link));
        }
        Ok(())
    }

    /// The worker is no more.
    pub fn end(&self) {
        self.link.take();
        self.running.borrow_mut().clear();
    }

    /// Gives the worker a task, if there is one.
    pub fn send(&self, task: LiveTask) {
        if let Some(link) = self.link.borrow().as_ref() {
            link.send(task);
        }
    }

    /// Has source `id` followed from where `engine` is, unless it is: the right to write may come while it is added.
    pub fn follow(&self, id: u32, engine: &Engine) {
        let plans = self.plans.borrow();
        let Some(plan) = plans.iter().find(|plan| plan.id == id) else {
            return;
        };
        if !self.running.borrow_mut().insert(id) {
            return;
        }
        let (url, token) = place(plan);
        self.send(LiveTask::Follow {
            id,
            task: Box::new(ReadTask::new(plan.name.clone(), 0, None, &engine.reading())),
            url: url.to_owned(),
            token: token.cloned(),
            client: plan.client.clone(),
            resume: engine.applied(url),
            is_paused: self.paused.borrow().contains(&id),
        });
    }

    fn leave(&self, id: u32) {
        self.running.borrow_mut().remove(&id);
        self.send(LiveTask::Remove(id));
    }

    /// Of each source the last batch whose rows are in the tables of `engine`.
    pub fn applied(&self, engine: &Engine) -> Vec<(u32, Option<u64>)> {
        let plans = self.plans.borrow();
        let applied = |plan: &FeedPlan| (plan.id, engine.applied(place(plan).0));
        plans.iter().map(applied).collect()
    }

    /// Steps were taken back or done again: what follows those that stand in `engine` is to be asked for, where that
    /// is not what was here `before`.
    pub fn resume(&self, before: &[(u32, Option<u64>)], engine: &Engine) {
        for applied in self.applied(engine) {
            if !before.contains(&applied) {
                self.send(LiveTask::Resume(applied.0, applied.1));
            }
        }
    }

    /// Another tab follows source `id`: how it fares here.
    pub fn stand_by(&self, id: u32) -> FeedStatus {
        self.leave(id);
        let mut live = Live::<()>::new(id, None, now());
        live.stand_by(now());
        live.status()
    }
}
