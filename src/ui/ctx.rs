//! What every panel can reach: the store and the way to change it.

use crate::format::Lang;
use crate::locale::T;
use crate::platform::{self, EngineLink, FolderHandle, PickedFile};
use crate::protocol::{Cockpit, Command, FeedPlace, FeedPlan, FileId, Secret, broker, is_broker, is_live};
use crate::state::{
    Action, Basis, Dialog, Feed, Health, MappingAction, Screen, State, is_mappings, is_rules, parse_mappings,
    read_rules, reduce,
};
use crate::time::{UtcMillis, Zone};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes that a file of decisions about columns has at most, and those that tell it.
const MOST_MAPPINGS: u64 = 4 << 20;
const MAPPINGS_START: u32 = 256;
/// Bytes that a file of rules has at most.
const MOST_RULES: u32 = 1 << 18;

/// Parts of the cockpit. Each is made, and given each new screen, in a task of its own: the numbers at once, what
/// draws charts and fills lists after them, so that none keeps the page's thread for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The strip of numbers, the bars at top and bottom, dialogs.
    Numbers,
    /// Sales over time.
    Course,
    /// What sells, by SKU and dimension.
    Sellers,
    /// Where it goes.
    Regions,
    /// What it does to stock.
    Stock,
    /// What to do.
    Act,
}

impl Part {
    /// All, in the order of their turns.
    const ALL: [Self; 6] = [
        Self::Numbers,
        Self::Course,
        Self::Sellers,
        Self::Regions,
        Self::Stock,
        Self::Act,
    ];
    /// Whose turn comes last.
    pub const LAST: Self = Self::Act;
}

/// The screen as a part of the page has it.
#[derive(Clone, Default)]
struct Shown {
    cockpit: Option<Arc<Cockpit>>,
    /// A number for each.
    revision: u32,
    /// Whether the next is on its way.
    is_due: bool,
}

/// The store. Copied freely; panels read it through memos and change it through [`Ctx::dispatch`].
#[derive(Clone, Copy)]
pub struct Ctx {
    state: RwSignal<State>,
    shown: [RwSignal<Shown>; Part::ALL.len()],
    part: Part,
    lang: Memo<Lang>,
    zone: Memo<Zone>,
    now: RwSignal<UtcMillis>,
    health: [Memo<Health>; Basis::ALL.len()],
    link: StoredValue<Option<EngineLink>, LocalStorage>,
    handles: StoredValue<BTreeMap<FileId, PickedFile>, LocalStorage>,
    folders: StoredValue<BTreeMap<u32, FolderHandle>, LocalStorage>,
}

/// Milliseconds between two looks at a folder.
const FOLDER_MILLIS: i64 = 5_000;

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
        let now = RwSignal::new(platform::now());
        Self {
            state,
            shown: Part::ALL.map(|_| RwSignal::new(Shown::default())),
            part: Part::Numbers,
            lang,
            zone,
            now,
            health: Basis::ALL
                .map(|basis| Memo::new(move |_| state.with(|state| state.health(basis, now.get())))),
            link: StoredValue::new_local(None),
            handles: StoredValue::new_local(BTreeMap::new()),
            folders: StoredValue::new_local(BTreeMap::new()),
        }
    }

    /// The store of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// The store as `part` reads it.
    pub fn within(self, part: Part) -> Self {
        Self { part, ..self }
    }

    /// Connects the engine.
    pub fn connect(self, link: EngineLink) {
        self.link.set_value(Some(link));
    }

    /// Changes the state and sends the engine what it has to hear.
    pub fn dispatch(self, action: Action) {
        let news = |state: &State| (state.screens, state.headlines);
        let before = self.peek(news);
        let commands = self
            .state
            .try_update(|state| reduce(state, action))
            .unwrap_or_default();
        for command in commands {
            self.send(&command);
        }
        let after = self.peek(news);
        if after != before {
            self.show(Part::Numbers);
        }
        if after.0 == before.0 {
            return;
        }
        for part in Part::ALL.into_iter().skip(1) {
            // Screens may come faster than a part has its turn: it then gets the last of them.
            let shown = self.shown[part as usize];
            if !shown.try_with_untracked(|shown| shown.is_due).unwrap_or(true) {
                shown.write_untracked().is_due = true;
                platform::in_turn(move || self.show(part));
            }
        }
    }

    /// Gives `part` the last screen.
    fn show(self, part: Part) {
        let cockpit = self.peek(|state| state.cockpit.clone());
        self.shown[part as usize].try_update(|shown| {
            shown.cockpit = cockpit;
            shown.revision = shown.revision.wrapping_add(1);
            shown.is_due = false;
        });
    }

    /// Sends a command as it is.
    pub fn send(self, command: &Command) {
        let (file, folder) = match command {
            Command::Import { id, url: None, .. } | Command::Preview { id, url: None, .. } => {
                let id = id.with_part(0);
                (self.handles.with_value(|handles| handles.get(&id).cloned()), None)
            }
            Command::Feed(plan) => (
                None,
                self.folders.with_value(|folders| folders.get(&plan.id).cloned()),
            ),
            _ => (None, None),
        };
        let named = file.as_ref().map(PickedFile::as_js);
        let named = named.or(folder.as_ref().map(FolderHandle::as_js));
        self.link.with_value(|link| {
            if let Some(link) = link {
                link.send(command, named);
            }
        });
    }

    /// Takes files that were dropped or chosen: first the decisions about columns and the rules among them, which are told
    /// by what they say, then the exports, as one drop.
    pub fn import(self, files: Vec<PickedFile>) {
        if files.iter().all(|file| file.size > MOST_MAPPINGS) {
            return self.read(files);
        }
        leptos::task::spawn_local(async move {
            let mut exports = Vec::new();
            for file in files {
                let is_small = file.size <= MOST_MAPPINGS;
                let start = if is_small {
                    file.text(MAPPINGS_START).await
                } else {
                    String::new()
                };
                if is_mappings(&start) {
                    self.import_mappings(file).await;
                } else if is_rules(&start) {
                    self.import_rules(file).await;
                } else {
                    exports.push(file);
                }
            }
            if !exports.is_empty() {
                self.read(exports);
            }
        });
    }

    /// Takes decisions about columns from a file.
    pub async fn import_mappings(self, file: PickedFile) {
        let text = file.text(u32::try_from(MOST_MAPPINGS).unwrap_or(u32::MAX)).await;
        let imported = MappingAction::Import(parse_mappings(&text));
        self.dispatch(Action::Mapping(imported));
        if self.peek(|state| state.screen != Screen::Import) {
            self.dispatch(Action::Screen(Screen::Import));
        }
    }

    /// Takes rules of alerts from a file.
    pub async fn import_rules(self, file: PickedFile) {
        let text = file.text(MOST_RULES).await;
        // Empty would be the rules that every shop begins with: of a file it is a fault.
        let text = Some(read_rules(&text)).filter(|text| !text.is_empty());
        if self.peek(|state| state.dialog != Some(Dialog::Rules)) {
            self.dispatch(Action::Dialog(Some(Dialog::Rules)));
        }
        self.dispatch(Action::SetRules(text.unwrap_or_else(|| "\n".to_owned())));
    }

    /// Reads exports, as one drop.
    fn read(self, files: Vec<PickedFile>) {
        let batch = self.state.with_untracked(State::next_batch);
        let mut entries = Vec::new();
        for (file, picked) in (0_u32..).zip(files) {
            let id = FileId::whole(batch, file);
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
        let entry = |(file, (name, url))| (FileId::whole(batch, file), name, 0, Some(url));
        self.dispatch(Action::Files((0_u32..).zip(addresses).map(entry).collect()));
    }

    /// Looks after an address from now on. `client`: the name by which a broker keeps what comes while the page is
    /// away, empty for one of the page's own; `None`: nothing is to be kept.
    pub fn watch_address(
        self,
        url: String,
        every_millis: Option<i64>,
        header: Option<(String, Secret)>,
        client: Option<String>,
        remember: bool,
    ) {
        let same = self.peek(|state| {
            let same = state.feeds.iter().find(|feed| feed.address() == Some(&url));
            same.map(|feed| (feed.plan.name.clone(), feed.plan.client.clone()))
        });
        let (name, known) = same.unwrap_or_else(|| (self.free_name(file_name(&url)), None));
        let client = client.filter(|_| is_broker(&url)).map(|client| {
            let own = || known.unwrap_or_else(platform::client_name);
            if client.is_empty() { own() } else { client }
        });
        let plan = FeedPlan {
            id: self.peek(State::next_batch),
            name,
            every_millis: every_millis.filter(|_| !is_live(&url)),
            place: FeedPlace::Address(url, header),
            client,
            remember,
        };
        self.watch(plan, remember);
    }

    /// Follows the live source that the address of the page names: at once where it is of the page's own server or was
    /// allowed before, else the user is asked.
    pub fn offer_feed(self, address: &str) {
        let Some(url) = platform::resolve(address).filter(|url| is_live(url)) else {
            return;
        };
        if self.peek(|state| state.feeds.iter().any(|feed| feed.address() == Some(&url))) {
            return;
        }
        if platform::is_own_host(&url) {
            self.watch_address(url, None, None, Some(String::new()), false);
        } else {
            self.dispatch(Action::Offer(Some(url)));
        }
    }

    /// Lets the user choose a folder, and looks after it from now on.
    pub fn watch_folder(self) {
        leptos::task::spawn_local(async move {
            let Some(folder) = platform::pick_folder().await else {
                return;
            };
            let name = self.free_name(folder.name());
            folder.keep(&name).await;
            let id = self.peek(State::next_batch);
            self.folders.update_value(|folders| {
                folders.insert(id, folder);
            });
            let plan = FeedPlan {
                id,
                name,
                place: FeedPlace::Folder(Vec::new()),
                every_millis: Some(FOLDER_MILLIS),
                client: None,
                remember: false,
            };
            self.watch(plan, false);
        });
    }

    fn watch(self, plan: FeedPlan, remember: bool) {
        self.dispatch(Action::AddFeed(Box::new(Feed::new(plan, remember))));
    }

    /// `name`, or with a number what no other source is called.
    fn free_name(self, name: String) -> String {
        let is_taken = |name: &str| self.peek(|state| state.feeds.iter().any(|feed| feed.plan.name == name));
        let mut free = name.clone();
        for number in 2.. {
            if !is_taken(&free) {
                break;
            }
            free = format!("{name} ({number})");
        }
        free
    }

    /// Goes on with the sources of the last visit, as far as nothing of the user is wanted.
    pub fn start_feeds(self) {
        let feeds = self.peek(|state| state.feeds.clone());
        for feed in feeds {
            let (id, is_paused) = (feed.plan.id, feed.status.is_paused);
            if feed.address().is_some() {
                if !is_paused {
                    self.dispatch(Action::StartFeed(id));
                }
                continue;
            }
            leptos::task::spawn_local(async move {
                let Some(folder) = FolderHandle::kept(&feed.plan.name).await else {
                    return;
                };
                let is_allowed = folder.is_allowed(false).await;
                self.folders.update_value(|folders| {
                    folders.insert(id, folder);
                });
                if is_allowed && !is_paused {
                    self.dispatch(Action::StartFeed(id));
                }
            });
        }
    }

    /// Asks the user whether the page may read the folder of a source again, and goes on with it.
    pub fn resume_folder(self, id: u32) {
        let folder = self.folders.with_value(|folders| folders.get(&id).cloned());
        leptos::task::spawn_local(async move {
            if let Some(folder) = folder
                && folder.is_allowed(true).await
            {
                self.dispatch(Action::StartFeed(id));
            }
        });
    }

    /// Forgets a source.
    pub fn remove_feed(self, id: u32) {
        let folder = self.peek(|state| {
            let feed = state.feed(id).filter(|feed| feed.address().is_none());
            feed.map(|feed| feed.plan.name.clone())
        });
        self.dispatch(Action::RemoveFeed(id));
        if let Some(name) = folder {
            leptos::task::spawn_local(async move { FolderHandle::forget(&name).await });
        }
    }

    /// A part of the state that tells its readers only when it changes.
    pub fn pick<P: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&State) -> P + Send + Sync + 'static,
    ) -> Memo<P> {
        Memo::new(move |_| self.state.with(&part))
    }

    /// A part of the state that depends on what time it is.
    pub fn timed<P: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&State, UtcMillis) -> P + Send + Sync + 'static,
    ) -> Memo<P> {
        Memo::new(move |_| self.state.with(|state| part(state, self.now.get())))
    }

    /// A part of the cockpit; its default while there is none.
    pub fn view<P: PartialEq + Default + Send + Sync + 'static>(
        self,
        part: impl Fn(&Cockpit) -> P + Send + Sync + 'static,
    ) -> Memo<P> {
        let shown = self.shown[self.part as usize];
        Memo::new(move |_| shown.with(|shown| shown.cockpit.as_deref().map(&part).unwrap_or_default()))
    }

    /// Changes with each new screen of the part and with the language.
    pub fn revision(self) -> Memo<(u32, Lang)> {
        let shown = self.shown[self.part as usize];
        Memo::new(move |_| (shown.with(|shown| shown.revision), self.lang()))
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

    /// How the data of `basis` fares.
    pub fn health(self, basis: Basis) -> Memo<Health> {
        self.health[basis as usize]
    }

    /// A second has passed: the demo shop moves, and what is watched may be due.
    pub fn tick(self) {
        self.now.set(platform::now());
        if self.peek(|state| state.cockpit.is_some()) {
            self.send(&Command::Tick);
        }
    }
}

/// Last part of an address' path.
pub fn file_name(url: &str) -> String {
    if let Some((_, topic)) = broker(url) {
        return topic.to_owned();
    }
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.is_empty() {
        url.to_owned()
    } else {
        name.to_owned()
    }
}
