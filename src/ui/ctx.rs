//! What every panel can reach: the store and the way to change it.

use crate::format::Lang;
use crate::locale::T;
use crate::platform::{EngineLink, PickedFile};
use crate::protocol::{Cockpit, Command, DataSource, FileId};
use crate::state::{Action, State, reduce};
use crate::time::{UtcMillis, Zone};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The store. Copied freely; panels read it through memos and change it through [`Ctx::dispatch`].
#[derive(Clone, Copy)]
pub struct Ctx {
    state: RwSignal<State>,
    lang: Memo<Lang>,
    zone: Memo<Zone>,
    now: RwSignal<UtcMillis>,
    link: StoredValue<Option<EngineLink>, LocalStorage>,
    handles: StoredValue<BTreeMap<FileId, PickedFile>, LocalStorage>,
}

impl Ctx {
    /// A store that begins as `state`.
    pub fn new(state: State) -> Self {
        let state = RwSignal::new(state);
        // Every text asks for these: they must not wake with each new number.
        let lang = Memo::new(move |_| state.with(|state| state.preferences.lang));
        let zone = Memo::new(move |_| {
            state.with(|state| {
                let own = || Zone::named(&state.preferences.settings.zone);
                let shown = state.cockpit.as_ref().and_then(|cockpit| {
                    Some(Zone::named(&cockpit.zone)?.with_day_starting(cockpit.day_starts))
                });
                shown.or_else(own).unwrap_or_default()
            })
        });
        Self {
            state,
            lang,
            zone,
            now: RwSignal::new(crate::platform::now()),
            link: StoredValue::new_local(None),
            handles: StoredValue::new_local(BTreeMap::new()),
        }
    }

    /// The store of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Connects the engine.
    pub fn connect(self, link: EngineLink) {
        self.link.set_value(Some(link));
    }

    /// Changes the state and sends the engine what it has to hear.
    pub fn dispatch(self, action: Action) {
        let commands = self
            .state
            .try_update(|state| reduce(state, action))
            .unwrap_or_default();
        for command in commands {
            self.send(&command);
        }
    }

    /// Sends a command as it is.
    pub fn send(self, command: &Command) {
        let blob = match command {
            Command::Import { id, url: None, .. } => self
                .handles
                .with_value(|handles| handles.get(id).map(|file| file.handle.clone())),
            _ => None,
        };
        self.link.with_value(|link| {
            if let Some(link) = link {
                link.send(command, blob.as_deref());
            }
        });
    }

    /// Reads files that were dropped or chosen, as one drop.
    pub fn import(self, files: Vec<PickedFile>) {
        let batch = self.state.with_untracked(State::next_batch);
        let mut entries = Vec::new();
        for (file, picked) in (0_u32..).zip(files) {
            let id = FileId { batch, file };
            entries.push((id, picked.name.clone(), picked.size, None));
            self.handles.update_value(|handles| {
                handles.insert(id, picked);
            });
        }
        self.dispatch(Action::Files(entries));
    }

    /// Reads exports from addresses, as one drop.
    pub fn fetch(self, addresses: Vec<(String, String)>) {
        let batch = self.state.with_untracked(State::next_batch);
        let entry = |(file, (name, url))| (FileId { batch, file }, name, 0, Some(url));
        self.dispatch(Action::Files((0_u32..).zip(addresses).map(entry).collect()));
    }

    /// A part of the state that tells its readers only when it changes.
    pub fn pick<P: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&State) -> P + Send + Sync + 'static,
    ) -> Memo<P> {
        Memo::new(move |_| self.state.with(&part))
    }

    /// A part of the cockpit; its default while there is none.
    pub fn view<P: PartialEq + Default + Send + Sync + 'static>(
        self,
        part: impl Fn(&Cockpit) -> P + Send + Sync + 'static,
    ) -> Memo<P> {
        self.pick(move |state| state.cockpit.as_deref().map(&part).unwrap_or_default())
    }

    /// Changes with each new screen of the engine and with the language.
    pub fn revision(self) -> Memo<(u32, Lang)> {
        self.pick(|state| (state.screens, state.preferences.lang))
    }

    /// The state, for a handler.
    pub fn peek<P>(self, part: impl FnOnce(&State) -> P) -> P {
        self.state.with_untracked(part)
    }

    /// Language of the page.
    pub fn lang(self) -> Lang {
        self.lang.get()
    }

    /// A text in the language of the page.
    pub fn t(self, text: T) -> &'static str {
        text.of(self.lang())
    }

    /// Zone in which days are cut.
    pub fn zone(self) -> Zone {
        self.zone.get()
    }

    /// The wall clock, to the second.
    pub fn now(self) -> UtcMillis {
        self.now.get()
    }

    /// A second has passed. Only the demo shop moves by the clock.
    pub fn tick(self) {
        self.now.set(crate::platform::now());
        if self.peek(|state| {
            state
                .cockpit
                .as_ref()
                .is_some_and(|c| c.source == DataSource::Demo)
        }) {
            self.send(&Command::Tick);
        }
    }
}
