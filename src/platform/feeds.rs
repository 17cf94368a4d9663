//! The engine's side of sources that come by themselves: it looks at them when their time has come.

use super::clock::{now, wait};
use super::fetch::{Answer, NoAnswer, fetch};
use super::room::is_called;
use crate::feed::{Folder, Poll};
use crate::protocol::{FeedPlace, FeedPlan, FeedProblem, FeedStatus, FileMark, Problem};
use crate::time::UtcMillis;
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DedicatedWorkerGlobalScope, FileSystemDirectoryHandle, FileSystemFileHandle};

/// How often it is looked whether one is due.
const TICK_MILLIS: u32 = 1_000;

/// The sources.
#[derive(Default)]
pub struct Feeds {
    all: RefCell<Vec<Feed>>,
    is_ticking: Cell<bool>,
}

struct Feed {
    plan: FeedPlan,
    poll: Poll,
    /// That of the last answer that was read.
    print: Option<u64>,
    folder: Folder,
    handle: Option<FileSystemDirectoryHandle>,
    /// Names of the folder's files, at their numbers.
    names: Vec<String>,
    /// Files of the last look that are still to be read.
    unread: usize,
    /// What was wrong with one of them.
    wrong: Option<Problem>,
}

/// A file that a look has brought, to be read.
pub struct Brought {
    /// Number of its source.
    pub feed: u32,
    /// Its number in the source.
    pub file: u32,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub blob: Blob,
    /// Whether its rows stay in the browser; else they are fetched anew each time.
    pub is_kept: bool,
    mark: Mark,
}

/// What tells it from its next state.
enum Mark {
    Answer { print: u64, is_page: bool },
    File(FileMark),
}

impl Feeds {
    /// Looks after `plan` from now on.
    pub fn add(&self, plan: FeedPlan, handle: JsValue) {
        let folder = match &plan.place {
            FeedPlace::Folder(read) => Folder::new(read.clone()),
            FeedPlace::Address(..) => Folder::default(),
        };
        let feed = Feed {
            poll: Poll::new(plan.id, plan.every_millis, now()),
            plan,
            print: None,
            folder,
            handle: handle.dyn_into().ok(),
            names: Vec::new(),
            unread: 0,
            wrong: None,
        };
        self.remove(feed.plan.id);
        self.all.borrow_mut().push(feed);
    }

    /// Does something with source `id`, if it is there.
    fn with<R>(&self, id: u32, act: impl FnOnce(&mut Feed) -> R) -> Option<R> {
        let mut all = self.all.borrow_mut();
        all.iter_mut().find(|feed| feed.plan.id == id).map(act)
    }

    /// Changes the looks at source `id`, if it is there.
    pub fn change(&self, id: u32, change: impl FnOnce(&mut Poll)) {
        self.with(id, |feed| change(&mut feed.poll));
    }

    /// Forgets source `id`.
    pub fn remove(&self, id: u32) {
        self.all.borrow_mut().retain(|feed| feed.plan.id != id);
    }

    /// Whether one of them is like `plan`.
    pub fn has_like(&self, plan: &FeedPlan) -> bool {
        self.all.borrow().iter().any(|feed| feed.plan.is_like(plan))
    }

    /// How source `id` fares.
    pub fn status(&self, id: u32) -> Option<FeedStatus> {
        self.with(id, |feed| FeedStatus {
            read: feed.folder.read().to_vec(),
            ..feed.poll.status().clone()
        })
    }

    /// Calls `due` with each source whose time has come, each second for as long as there are any. It is called
    /// after each change; one such loop runs at a time.
    pub async fn tick(&self, due: impl Fn(u32)) {
        if self.is_ticking.replace(true) {
            return;
        }
        while !self.all.borrow().is_empty() {
            let now = now();
            let is_due = |feed: &&Feed| feed.poll.is_due(now);
            let ids: Vec<u32> = self
                .all
                .borrow()
                .iter()
                .filter(is_due)
                .map(|feed| feed.plan.id)
                .collect();
            for id in ids {
                self.change(id, Poll::begin);
                due(id);
            }
            wait(TICK_MILLIS).await;
        }
        self.is_ticking.set(false);
    }

    /// Looks at source `id`: what it brings that is new. If that is nothing, the look has ended.
    pub async fn look(&self, scope: &DedicatedWorkerGlobalScope, id: u32) -> Vec<Brought> {
        let plan = self.with(id, |feed| (feed.plan.clone(), feed.handle.clone()));
        let Some((plan, handle)) = plan else {
            return Vec::new();
        };
        let found = match (&plan.place, handle) {
            (FeedPlace::Address(url, header), _) => fetch(scope, url, header.as_ref())
                .await
                .map(|answer| self.answered(&plan, answer)),
            (FeedPlace::Folder(_), Some(handle)) => list(&handle)
                .await
                .map(|files| self.listed(id, files))
                .map_err(NoAnswer::from),
            (FeedPlace::Folder(_), None) => Err(FeedProblem::NoFolder.into()),
        };
        match found {
            Ok(brought) => {
                if brought.is_empty() {
                    self.end(id, Ok(()), None);
                } else {
                    self.with(id, |feed| (feed.unread, feed.wrong) = (brought.len(), None));
                }
                brought
            }
            Err(NoAnswer(problem, asked)) => {
                self.end(id, Err(problem), asked);
                Vec::new()
            }
        }
    }

    fn answered(&self, plan: &FeedPlan, answer: Answer) -> Vec<Brought> {
        let Answer { blob, print, is_page } = answer;
        let is_known = self.with(plan.id, |feed| feed.print == Some(print));
        let brought = Brought {
            feed: plan.id,
            file: 0,
            name: plan.name.clone(),
            blob,
            is_kept: false,
            mark: Mark::Answer { print, is_page },
        };
        if is_known == Some(false) {
            vec![brought]
        } else {
            Vec::new()
        }
    }

    fn listed(&self, id: u32, files: Vec<(FileMark, Blob)>) -> Vec<Brought> {
        let marks = files.iter().map(|(mark, _)| mark.clone()).collect();
        let ready = self.with(id, |feed| feed.folder.look(marks, now()));
        let bring = |mark: FileMark| {
            let (_, blob) = files.iter().find(|(file, _)| *file == mark)?;
            Some(Brought {
                feed: id,
                file: self.with(id, |feed| feed.number(&mark.name))?,
                name: mark.name.clone(),
                blob: blob.clone(),
                is_kept: true,
                mark: Mark::File(mark),
            })
        };
        ready.into_iter().flatten().filter_map(bring).collect()
    }

    /// A file that source `id` has brought was read, or could not be.
    pub fn was_read(&self, brought: &Brought, outcome: Result<(), Problem>) {
        let ended = self.with(brought.feed, |feed| {
            feed.unread = feed.unread.saturating_sub(1);
            let ended = match (&brought.mark, outcome) {
                (Mark::Answer { print, .. }, Ok(())) => {
                    feed.print = Some(*print);
                    Ok(())
                }
                (Mark::Answer { is_page: true, .. }, Err(_)) => Err(FeedProblem::WebPage),
                (Mark::Answer { .. }, Err(problem)) => Err(FeedProblem::Content(problem)),
                (Mark::File(mark), outcome) => {
                    // One that cannot be read is no trouble of the folder: it is read again once it changes.
                    feed.folder.has_read(mark.clone());
                    feed.wrong = outcome.err().or(feed.wrong.take());
                    Ok(())
                }
            };
            (feed.unread == 0).then_some(ended)
        });
        if let Some(Some(ended)) = ended {
            self.end(brought.feed, ended, None);
        }
    }

    fn end(&self, id: u32, outcome: Result<(), FeedProblem>, asked: Option<i64>) {
        self.with(id, |feed| {
            let is_good = outcome.is_ok();
            feed.poll.end(outcome, asked, now(), js_sys::Math::random());
            // Told until the next files are read.
            if let Some(wrong) = feed.wrong.clone().filter(|_| is_good) {
                feed.poll.note(FeedProblem::Content(wrong));
            }
        });
    }
}

impl Feed {
    /// The number of file `name`: the same for as long as the source is there.
    fn number(&mut self, name: &str) -> u32 {
        let at = self.names.iter().position(|known| known == name);
        let at = at.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

/// The files of a folder, not of those in it.
async fn list(folder: &FileSystemDirectoryHandle) -> Result<Vec<(FileMark, Blob)>, FeedProblem> {
    let problem = |error: JsValue| {
        if is_called(&error, "NotFoundError") {
            FeedProblem::NoFolder
        } else if is_called(&error, "NotAllowedError") {
            FeedProblem::NotAllowed
        } else {
            FeedProblem::Unreadable(super::source::words(&error))
        }
    };
    let (mut files, handles) = (Vec::new(), folder.values());
    loop {
        let step = JsFuture::from(handles.next().map_err(problem)?)
            .await
            .map_err(problem)?;
        let get =
            |from: &JsValue, key: &str| js_sys::Reflect::get(from, &key.into()).unwrap_or(JsValue::UNDEFINED);
        if get(&step, "done").is_truthy() {
            return Ok(files);
        }
        let handle = get(&step, "value");
        if get(&handle, "kind").as_string().as_deref() != Some("file") {
            continue;
        }
        // One that is gone by now, or locked, is looked for the next time.
        let Ok(file) = JsFuture::from(handle.unchecked_into::<FileSystemFileHandle>().get_file()).await
        else {
            continue;
        };
        let file: web_sys::File = file.unchecked_into();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes and times are whole and far below 2⁵³"
        )]
        let mark = FileMark {
            name: file.name(),
            size: file.size() as u64,
            modified: UtcMillis(file.last_modified() as i64),
        };
        files.push((mark, file.unchecked_into()));
    }
}
