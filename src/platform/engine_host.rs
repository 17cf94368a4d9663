//! The engine's worker: receives commands, has files read, keeps their rows, posts events.

use super::clock::{now, wait};
use super::decoder::decoders;
use super::feeds::{Brought, Feeds};
use super::fetch::post;
use super::keeping::Shelf;
use super::live_feeds::LiveFeeds;
use super::live_host::LEAVE_MILLIS;
use super::reader_link::ReaderLink;
use super::tabs::{TabWord, Tabs};
use crate::engine::{Drill, Engine, Entered, Said, Waits};
use crate::feed::{LiveNews, LiveTask, Poll, Wire};
use crate::ingest::{self, FileRead, Imported, Intake, Options, ReadTask, unread};
use crate::keep::{Right, Stay};
use crate::protocol::{
    Command, Decision, Event, FeedPlace, FeedPlan, FeedStatus, FileId, Keeping, Kept, Problem, Timed, decode,
    encode, is_drill,
};
use crate::time::UtcMillis;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// How often rows of live sources are kept.
const KEEP_MILLIS: u32 = 20_000;
/// How often those are that nobody sends again: until then as a draft.
const DRAFT_MILLIS: u32 = 1_000;
/// How often the server of a drill is asked for something to say.
const DRILL_MILLIS: u32 = 250;
/// How long a tab waits for the one that is connected to keep what came, before it reads what is kept.
const WELCOME_MILLIS: u32 = 2_000;
/// How long to wait until the worker that follows them is started again where it ended.
const RESTART_MILLIS: u32 = 3_000;

/// What all else is done by that the first screen does not need. A release has it in a file of its own, which comes
/// after the first screen (`src/bin/engine.rs`): nothing else may name what stands in these functions.
#[derive(Clone, Copy)]
pub struct Later {
    serve: fn(&Rc<Host>, Command, &js_sys::Array, UtcMillis),
    work: for<'a> fn(&'a Rc<Host>, Task) -> Promise<'a, ()>,
}

impl Later {
    /// All of it.
    pub fn all() -> Self {
        Self {
            serve,
            work: |host, task| Box::pin(work(host, task)),
        }
    }
}

/// Gets the file; `None`: it did not come.
pub type FetchLater = fn() -> Promise<'static, Option<Later>>;

/// What is awaited, whatever is behind it.
type Promise<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The worker of the engine.
pub struct Host {
    scope: DedicatedWorkerGlobalScope,
    engine: RefCell<Engine>,
    /// The drill that is under way: the number of its source, its engine, which answers instead, and its server.
    drill: RefCell<Option<(u32, Engine, Drill)>>,
    shelf: Shelf,
    /// Commands that came before the kept rows were there; `None` once they are.
    early: RefCell<Option<Vec<(Command, UtcMillis)>>>,
    later: Cell<Option<Later>>,
    fetch_later: FetchLater,
    /// Commands that wait for it, with what came beside them.
    unserved: RefCell<Vec<(Command, js_sys::Array, UtcMillis)>>,
    waiting: RefCell<VecDeque<Task>>,
    is_busy: Cell<bool>,
    is_pages: Cell<bool>,
    /// A rule is being tried.
    is_trying: Cell<bool>,
    /// The page goes: what comes is kept at once.
    is_resting: Cell<bool>,
    cancelled: RefCell<BTreeSet<u32>>,
    /// All rows are to go: what is being read is not worth reading.
    is_forgetting: Cell<bool>,
    feeds: Feeds,
    live: LiveFeeds,
    tabs: RefCell<Option<Tabs>>,
    /// Sources that another tab has named and the page is about to.
    heard: RefCell<BTreeSet<String>>,
    /// The worker that reads, while there are files to read.
    reader: RefCell<Option<Rc<ReaderLink>>>,
}

/// What takes its time, one after the other. Only these change the user's rows and what is kept of them.
enum Task {
    Open,
    Read(Job),
    /// The last step back, or forth again.
    Step(Command, UtcMillis),
    /// The right to write has come late.
    Own,
    Forget,
    /// Look after a live source.
    Follow(u32),
    /// What a live source has brought, also as the bytes that it came in.
    Update(u32, Vec<FileRead>, Option<u64>, js_sys::Uint8Array),
    /// What live sources have brought is to be kept, as a draft or for good.
    KeepLive(bool),
    /// Something that another tab has said.
    Heard(TabWord),
}

/// How a head is to be read.
struct Asked {
    request: u32,
    draft: Option<Decision>,
    encoding: String,
}

enum Source {
    /// A chosen or dropped file.
    Blob(Blob),
    /// An address.
    Url(String),
}

impl Source {
    /// Where the bytes of a command come from: `url`, or the blob beside it.
    fn of(url: Option<String>, parts: &js_sys::Array) -> Option<Self> {
        match url {
            Some(url) => Some(Self::Url(url)),
            None => parts.get(1).dyn_into::<Blob>().ok().map(Self::Blob),
        }
    }
}

struct Job {
    id: FileId,
    name: String,
    size: u64,
    source: Source,
    /// What brought it, where it came by itself.
    brought: Option<Brought>,
    /// Only its head is wanted.
    asked: Option<Asked>,
}

impl Job {
    /// Whether its rows stay in the browser: what comes from an address is fetched anew each time.
    fn is_kept(&self) -> bool {
        match &self.brought {
            Some(brought) => brought.is_kept,
            None => matches!(self.source, Source::Blob(_)),
        }
    }
}

/// Starts the engine in this worker; `fetch_later` gets what comes after the first screen.
pub fn host_engine(fetch_later: FetchLater) {
    console_error_panic_hook::set_once();
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let host = Rc::new(Host {
        scope: scope.clone(),
        engine: RefCell::new(Engine::with_decoders(decoders())),
        drill: RefCell::default(),
        shelf: Shelf::new(&scope),
        early: RefCell::new(Some(Vec::new())),
        later: Cell::new(None),
        fetch_later,
        unserved: RefCell::default(),
        waiting: RefCell::default(),
        is_busy: Cell::new(false),
        is_pages: Cell::new(false),
        is_trying: Cell::new(false),
        is_resting: Cell::new(false),
        cancelled: RefCell::default(),
        is_forgetting: Cell::new(false),
        feeds: Feeds::default(),
        live: LiveFeeds::default(),
        tabs: RefCell::default(),
        heard: RefCell::default(),
        reader: RefCell::default(),
    });
    let receiver = Rc::clone(&host);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        receive(&receiver, &message.data());
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    host.post(&Event::Ready);
}

fn receive(host: &Rc<Host>, data: &JsValue) {
    let Some(parts) = data.dyn_ref::<js_sys::Array>() else {
        return;
    };
    let Ok(bytes) = parts.get(0).dyn_into::<js_sys::Uint8Array>() else {
        return;
    };
    let Some(Timed { now, message }) = decode::<Timed<Command>>(&bytes.to_vec()) else {
        return;
    };
    host.pass_on(&message, bytes);
    // Its first command shows that this is the page's engine, which has kept rows to look for.
    if !host.is_pages.replace(true) {
        enqueue(host, Task::Open);
    }
    if message.is_shown() {
        // Before the kept rows are there, any answer would be wrong.
        match host.early.borrow_mut().as_mut() {
            Some(early) => early.push((message, now)),
            None => host.apply(message, now),
        }
        return;
    }
    match host.later.get() {
        Some(later) => (later.serve)(host, message, parts, now),
        None => host.unserved.borrow_mut().push((message, parts.clone(), now)),
    }
}

/// Has what comes after the first screen fetched, again and again until it is here, and does what waits for it.
async fn fetch_later(host: &Rc<Host>) {
    let later = loop {
        if let Some(later) = (host.fetch_later)().await {
            break later;
        }
        // Whoever has dropped a file is told; the rest waits.
        let is_import = |(command, ..): &mut (Command, _, _)| matches!(command, Command::Import { .. });
        let imports: Vec<_> = host.unserved.borrow_mut().extract_if(.., is_import).collect();
        for (command, ..) in imports {
            if let Command::Import { id, name, size, .. } = command {
                let report = unread(&name, size, Problem::NoReader);
                host.post(&Event::Report { id, report });
            }
        }
        wait(RESTART_MILLIS).await;
    };
    host.later.set(Some(later));
    for (command, parts, now) in host.unserved.take() {
        (later.serve)(host, command, &parts, now);
    }
    start(host);
}

/// Does what the first screen does not need; `parts` came with the command.
fn serve(host: &Rc<Host>, message: Command, parts: &js_sys::Array, now: UtcMillis) {
    match message {
        Command::Import { id, name, size, url } => {
            // Real rows end what is only rehearsed.
            end_drill(host);
            let Some(source) = Source::of(url, parts) else {
                return;
            };
            let job = Job {
                id,
                name,
                size,
                source,
                brought: None,
                asked: None,
            };
            // Asked for anew, it is no longer to be left.
            host.cancelled.borrow_mut().remove(&id.batch);
            enqueue(host, Task::Read(job));
        }
        Command::Preview {
            id,
            name,
            size,
            url,
            request,
            draft,
            encoding,
        } => {
            let Some(source) = Source::of(url, parts) else {
                let preview = Err(Problem::Unreadable(String::new()));
                return host.post(&Event::Preview { id, request, preview });
            };
            let job = Job {
                id,
                name,
                size,
                source,
                brought: None,
                asked: Some(Asked {
                    request,
                    draft,
                    encoding,
                }),
            };
            // Whoever asks again wants no earlier answer.
            let is_head = |task: &Task| matches!(task, Task::Read(job) if job.asked.is_some());
            host.waiting.borrow_mut().retain(|task| !is_head(task));
            enqueue(host, Task::Read(job));
        }
        Command::Cancel { batch } => {
            host.cancelled.borrow_mut().insert(batch);
            host.wake();
        }
        Command::Feed(plan) if plan.is_live() => {
            let id = plan.id;
            if matches!(&plan.place, FeedPlace::Address(url, _) if is_drill(url)) {
                begin_drill(host, id, now);
            }
            host.of_source(id, |engine| engine.follow_source(id, &plan.name));
            host.live.add(plan);
            enqueue(host, Task::Follow(id));
        }
        Command::Feed(plan) => {
            let id = plan.id;
            host.engine.borrow_mut().follow_source(id, &plan.name);
            host.feeds.add(plan, parts.get(1));
            look_after(host, id);
        }
        Command::AskFeed(id) if host.live.has(id) => host.live.send(LiveTask::Ask(id)),
        Command::PauseFeed(id) if host.live.has(id) => host.live.send(LiveTask::Pause(id)),
        Command::RemoveFeed(plan) if host.is_drill(plan.id) => end_drill(host),
        Command::RemoveFeed(plan) if plan.is_live() => {
            remove_live(host, plan.id);
            host.engine.borrow_mut().forget_health(plan.id);
            if plan.client.is_some() && !host.shelf.is_elsewhere() && start_live(host) {
                host.live.part_from(&plan);
            }
        }
        Command::AskFeed(id) => {
            host.feeds.change(id, |poll| poll.ask(now));
            look_after(host, id);
        }
        Command::PauseFeed(id) => {
            host.feeds.change(id, Poll::pause);
            host.tell_feed(id);
        }
        Command::RemoveFeed(plan) => {
            host.feeds.remove(plan.id);
            host.engine.borrow_mut().forget_health(plan.id);
        }
        Command::Post { id, url, token, body } => {
            let host = Rc::clone(host);
            wasm_bindgen_futures::spawn_local(async move {
                let problem = post(&host.scope, &url, &token, &body).await.err();
                host.post(&Event::Posted { id, problem });
            });
        }
        // The user's steps are not those that the screen shows.
        Command::Undo | Command::Redo if host.drill.borrow().is_some() => {}
        Command::Drill(mishap) => {
            let said = match host.drill.borrow_mut().as_mut() {
                Some((id, _, drill)) => drill.mishap(mishap, now).map(|said| (*id, said)),
                None => None,
            };
            if let Some((id, said)) = said {
                host.live.send(LiveTask::Wire(id, wire_of(said)));
            }
        }
        Command::Undo | Command::Redo => enqueue(host, Task::Step(message, now)),
        Command::Rest => {
            host.is_resting.set(true);
            host.live.send(LiveTask::Rest);
        }
        Command::Keep => {
            if host.engine.borrow().waits() > Waits::Drafted {
                enqueue(host, Task::KeepLive(true));
            }
        }
        Command::Forget => {
            host.is_forgetting.set(true);
            host.wake();
            enqueue(host, Task::Forget);
        }
        command => {
            let told = host.shown(|engine| engine.serve(command, now));
            host.post_all(&told);
            host.watch(now);
            host.try_on();
        }
    }
}

/// Source `id` has changed: it, and all others, are looked at in their time.
fn look_after(host: &Rc<Host>, id: u32) {
    host.tell_feed(id);
    let host = Rc::clone(host);
    wasm_bindgen_futures::spawn_local(async move {
        let looker = Rc::clone(&host);
        let due = move |id| {
            let host = Rc::clone(&looker);
            wasm_bindgen_futures::spawn_local(async move { look(&host, id).await });
        };
        host.feeds.tick(due).await;
    });
}

/// Looks at source `id`, and has read what it brings.
async fn look(host: &Rc<Host>, id: u32) {
    host.tell_feed(id);
    for brought in host.feeds.look(&host.scope, id).await {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes are whole"
        )]
        let size = brought.blob.size() as u64;
        let job = Job {
            id: FileId::whole(id, brought.file),
            name: brought.name.clone(),
            size,
            source: Source::Blob(brought.blob.clone()),
            brought: Some(brought),
            asked: None,
        };
        enqueue(host, Task::Read(job));
    }
    host.tell_feed(id);
}

/// What a drill's server does, on the wire.
fn wire_of(said: Said) -> Wire {
    match said {
        Said::Opened => Wire::Opened,
        Said::Text(text) => Wire::Text(text),
        Said::Closed(code) => Wire::Closed(code),
    }
}

/// Source `id` is a drill: from now on its engine answers, until it ends.
fn begin_drill(host: &Rc<Host>, id: u32, now: UtcMillis) {
    end_drill(host);
    let (engine, drill) = host.engine.borrow().rehearse(now);
    host.drill.replace(Some((id, engine, drill)));
    host.show_anew(now);
    let host = Rc::clone(host);
    wasm_bindgen_futures::spawn_local(async move {
        while host.is_drill(id) {
            let texts = match host.drill.borrow_mut().as_mut() {
                Some((_, _, drill)) => drill.speak(super::now()),
                None => Vec::new(),
            };
            for text in texts {
                host.live.send(LiveTask::Wire(id, Wire::Text(text)));
            }
            wait(DRILL_MILLIS).await;
        }
    });
}

/// The drill ends, if one is under way: the user's engine answers again, and it is as it was.
fn end_drill(host: &Rc<Host>) {
    let Some((id, ..)) = host.drill.take() else {
        return;
    };
    if host.live.has(id) {
        remove_live(host, id);
    }
    host.engine.borrow_mut().tell_alerts_again();
    host.show_anew(now());
}

/// Live source `id` is no more. If it was the last the worker ends, after a while: its broker may have to hear of it.
fn remove_live(host: &Rc<Host>, id: u32) {
    host.live.remove(id);
    let host = Rc::clone(host);
    wasm_bindgen_futures::spawn_local(async move {
        wait(LEAVE_MILLIS).await;
        host.live.end_idle();
    });
}

fn enqueue(host: &Rc<Host>, task: Task) {
    host.waiting.borrow_mut().push_back(task);
    start(host);
}

/// Does what waits, one after the other; commands are answered between two chunks of a file.
fn start(host: &Rc<Host>) {
    if host.is_busy.replace(true) {
        return;
    }
    let host = Rc::clone(host);
    wasm_bindgen_futures::spawn_local(async move {
        loop {
            let task = host.waiting.borrow_mut().pop_front();
            match (task, host.later.get()) {
                (None, _) => break,
                (Some(Task::Open), _) => open(&host).await,
                (Some(task), Some(later)) => (later.work)(&host, task).await,
                (Some(task), None) => {
                    host.waiting.borrow_mut().push_front(task);
                    break;
                }
            }
        }
        // It ends, and its memory is free.
        host.reader.take();
        host.is_busy.set(false);
    });
}

/// Does what is no work of the first screen.
async fn work(host: &Rc<Host>, task: Task) {
    match task {
        // Before the first screen.
        Task::Open => {}
        Task::Read(job) => match &job.asked {
            Some(asked) => host.preview(&job, asked).await,
            None => host.take_in(&job).await,
        },
        Task::Step(command, now) => host.step(command, now).await,
        Task::Own => {
            host.own().await;
            for id in host.live.ids() {
                follow(host, id);
            }
        }
        Task::Forget => host.forget().await,
        Task::Follow(id) => follow(host, id),
        Task::Update(id, reads, seq, bytes) => host.update(id, reads, seq, &bytes).await,
        Task::KeepLive(is_draft) => host.keep_live(is_draft).await,
        Task::Heard(word) => host.heard(word).await,
    }
}

/// Restores what was kept, then answers what was asked meanwhile.
async fn open(host: &Rc<Host>) {
    let (granted, stolen) = (Rc::clone(host), Rc::clone(host));
    let own = move || {
        // In time it comes before the rows are there; later it is work of its own.
        if granted.early.borrow().is_none() {
            enqueue(&granted, Task::Own);
        }
    };
    let disown = move || {
        stolen.shelf.disown();
        for id in stolen.live.ids() {
            enqueue(&stolen, Task::Follow(id));
        }
        stolen.tell_kept();
    };
    let hearer = Rc::clone(host);
    let tabs = Tabs::open(host.shelf.name(), move |word| hear(&hearer, word));
    host.tabs.replace(tabs);
    let right = host.shelf.lock(own, disown).await;
    if right == Right::Other {
        host.say(|tabs| {
            tabs.is_waiting.set(true);
            Some(TabWord::Hello(tabs.own))
        });
        let mut waited = 0;
        while waited < WELCOME_MILLIS && !host.shelf.is_granted() && host.is_waiting() {
            wait(10).await;
            waited += 10;
        }
        host.say(|tabs| {
            tabs.is_waiting.set(false);
            None
        });
    }
    host.shelf.open(&host.engine, right).await;
    host.shelf.look_round().await;
    host.tell_kept();
    if right == Right::Other && host.shelf.is_granted() {
        // It came while the rows were being read.
        host.waiting.borrow_mut().push_front(Task::Own);
    }
    let early = host.early.take().unwrap_or_default();
    for (command, now) in early {
        host.apply(command, now);
    }
    let host = Rc::clone(host);
    wasm_bindgen_futures::spawn_local(async move { fetch_later(&host).await });
}

/// Another tab has said something: done in its turn, after what it said before.
fn hear(host: &Rc<Host>, word: TabWord) {
    let is_ours = {
        let tabs = host.tabs.borrow();
        let Some(tabs) = tabs.as_ref() else { return };
        tabs.has_others.set(true);
        match &word {
            // Later, what was read has to be read anew.
            TabWord::Welcome(tab, last) if *tab == tabs.own && tabs.is_waiting.replace(false) => {
                tabs.read.set(*last);
                false
            }
            TabWord::Welcome(tab, _) => *tab == tabs.own,
            TabWord::Forget => {
                // Nothing that waits is worth doing.
                host.is_forgetting.set(true);
                host.wake();
                host.waiting.borrow_mut().clear();
                true
            }
            TabWord::Wish(url, bytes) => {
                host.wished(url, bytes);
                false
            }
            _ => true,
        }
    };
    if is_ours {
        enqueue(host, Task::Heard(word));
    }
}

/// Has live source `id` followed from what is here of it; by one tab.
fn follow(host: &Rc<Host>, id: u32) {
    if host.shelf.is_elsewhere() && !host.is_drill(id) {
        return host.told_live(&host.live.stand_by(id));
    }
    if start_live(host) {
        host.of_source(id, |engine| host.live.follow(id, engine));
        keep_at_times(host);
    }
}

/// Starts the worker that follows live sources, unless it runs; whether it does now.
fn start_live(host: &Rc<Host>) -> bool {
    let (teller, ended) = (Rc::clone(host), Rc::clone(host));
    let tell = move |news, bytes| match news {
        LiveNews::Ready => {}
        LiveNews::Update { id, reads, seq } => enqueue(&teller, Task::Update(id, reads, seq, bytes)),
        LiveNews::Status(status) => {
            teller.told_live(&status);
            let url = teller.live.url(status.id).filter(|_| !teller.is_drill(status.id));
            teller.say_rows(|_| Some(TabWord::Status(url?, bytes)));
        }
        LiveNews::Wire(id, wire) => teller.wired(id, wire),
    };
    let end = move || {
        // It begins again from what is in the tables.
        ended.live.end();
        let host = Rc::clone(&ended);
        wasm_bindgen_futures::spawn_local(async move {
            wait(RESTART_MILLIS).await;
            for id in host.live.ids() {
                enqueue(&host, Task::Follow(id));
            }
        });
    };
    host.live.start(&host.scope, tell, end).is_ok()
}

/// Keeps what live sources bring for as long as there are any.
fn keep_at_times(host: &Rc<Host>) {
    if host.live.is_kept.replace(true) {
        return;
    }
    let host = Rc::clone(host);
    wasm_bindgen_futures::spawn_local(async move {
        let mut passed = 0;
        while !host.live.ids().is_empty() {
            wait(DRAFT_MILLIS).await;
            passed += DRAFT_MILLIS;
            let is_due = passed >= KEEP_MILLIS;
            if is_due {
                passed = 0;
            }
            let waits = host.engine.borrow().waits();
            if waits >= Waits::Fragile || is_due && waits > Waits::None {
                enqueue(&host, Task::KeepLive(!is_due));
            }
        }
        host.live.is_kept.set(false);
    });
}

impl Host {
    /// Does something with the engine that the screen shows.
    fn shown<R>(&self, act: impl FnOnce(&mut Engine) -> R) -> R {
        match self.drill.borrow_mut().as_mut() {
            Some((_, engine, _)) => act(engine),
            None => act(&mut self.engine.borrow_mut()),
        }
    }

    /// Does something with the engine that source `id` brings rows to.
    fn of_source<R>(&self, id: u32, act: impl FnOnce(&mut Engine) -> R) -> R {
        match self.drill.borrow_mut().as_mut() {
            Some((own, engine, _)) if *own == id => act(engine),
            _ => act(&mut self.engine.borrow_mut()),
        }
    }

    /// Whether source `id` is the drill that is under way.
    fn is_drill(&self, id: u32) -> bool {
        self.drill.borrow().as_ref().is_some_and(|(own, ..)| *own == id)
    }

    /// Another engine answers: all that the screen shows of it.
    fn show_anew(&self, now: UtcMillis) {
        let screen = self.shown(|engine| engine.screen(now));
        self.post_all(&screen);
        self.watch(now);
    }

    /// The server of a drill hears what is said to it.
    fn wired(&self, id: u32, wire: Wire) {
        let said = match (self.drill.borrow_mut().as_mut(), wire) {
            (Some((own, _, drill)), Wire::Dial) if *own == id => Some(drill.dial(now())),
            (Some((own, _, drill)), Wire::Text(hello)) if *own == id => {
                drill.hear(&hello);
                None
            }
            _ => None,
        };
        if let Some(said) = said {
            self.live.send(LiveTask::Wire(id, wire_of(said)));
        }
    }

    /// Tells the other tabs what the user wants of a source.
    fn pass_on(&self, command: &Command, bytes: js_sys::Uint8Array) {
        let of = |plan: &FeedPlan| match &plan.place {
            FeedPlace::Address(url, _) => Some(url.clone()),
            FeedPlace::Folder(_) => None,
        };
        let url = match command {
            Command::Feed(plan) => of(plan),
            Command::RemoveFeed(plan) => of(plan),
            Command::AskFeed(id) | Command::PauseFeed(id) => self.live.url(*id),
            _ => None,
        };
        let Some(url) = url.filter(|url| !is_drill(url)) else {
            return;
        };
        let is_follow = matches!(command, Command::Feed(_));
        // What was heard of another tab is not said again.
        let is_heard = is_follow && self.heard.borrow_mut().remove(&url);
        if !is_heard {
            self.say(|_| Some(TabWord::Wish(url, bytes)));
        }
    }

    /// The user wants something of a source in another tab.
    fn wished(&self, url: &str, bytes: &js_sys::Uint8Array) {
        let wish = decode::<Timed<Command>>(&bytes.to_vec()).map(|timed| timed.message);
        match (wish, self.live.at(url)) {
            (Some(Command::RemoveFeed(_)), _) => self.post(&Event::Unfollow(url.to_owned())),
            (Some(Command::Feed(plan)), _) if !self.live.has_like(&plan) && !self.feeds.has_like(&plan) => {
                self.heard.borrow_mut().insert(url.to_owned());
                self.post(&Event::Follow(Box::new(plan)));
            }
            (Some(Command::Feed(_) | Command::AskFeed(_)), Some(id)) => self.live.send(LiveTask::Ask(id)),
            (Some(Command::PauseFeed(_)), Some(id)) => self.live.send(LiveTask::Pause(id)),
            _ => {}
        }
    }

    fn told_live(&self, status: &FeedStatus) {
        self.live.note(status);
        self.of_source(status.id, |engine| engine.note_health(status));
        self.post(&Event::Feed(Box::new(status.clone())));
    }

    /// Enters what a live source has brought, and tells the other tabs.
    async fn update(&self, id: u32, reads: Vec<FileRead>, seq: Option<u64>, bytes: &js_sys::Uint8Array) {
        let Some(url) = self.live.url(id) else { return };
        let started = now();
        let is_drill = self.is_drill(id);
        self.enter_live(is_drill, &url, reads, seq);
        self.live.send(LiveTask::Entered(id, now().0 - started.0));
        if is_drill {
            return;
        }
        self.say_rows(|tabs| {
            tabs.last.set(tabs.last.get() + 1.0);
            Some(TabWord::Rows(tabs.last.get(), url, bytes.clone()))
        });
        if self.is_resting.get() {
            return self.keep_live(true).await;
        }
        self.engine.borrow_mut().make_room();
        if self.engine.borrow().waits() == Waits::Many {
            self.keep_live(false).await;
        }
    }

    fn enter_live(&self, is_drill: bool, url: &str, reads: Vec<FileRead>, seq: Option<u64>) {
        let intake = |read: FileRead| Intake::of(&read).finish(read);
        let imports = reads.into_iter().map(intake).collect();
        let enter = |engine: &mut Engine| engine.enter_live(url, imports, seq, now());
        let mut events = if is_drill {
            self.shown(enter)
        } else {
            enter(&mut self.engine.borrow_mut())
        };
        // Steps are the user's, and the screen is that of one engine.
        let is_own = !is_drill && self.drill.borrow().is_none();
        events.retain(|event| is_own || is_drill == matches!(event, Event::Cockpit { .. }));
        self.post_all(&events);
    }

    /// Says something to the other tabs.
    fn say(&self, word: impl FnOnce(&Tabs) -> Option<TabWord>) {
        if let Some(tabs) = self.tabs.borrow().as_ref()
            && let Some(word) = word(tabs)
        {
            tabs.say(word);
        }
    }

    /// The same, where there are any, as far as is known: it may be large.
    fn say_rows(&self, word: impl FnOnce(&Tabs) -> Option<TabWord>) {
        self.say(|tabs| word(tabs).filter(|_| tabs.has_others.get()));
    }

    fn is_waiting(&self) -> bool {
        let tabs = self.tabs.borrow();
        tabs.as_ref().is_some_and(|tabs| tabs.is_waiting.get())
    }

    /// Does what follows from a word of another tab.
    async fn heard(&self, word: TabWord) {
        let is_elsewhere = self.shelf.is_elsewhere();
        match word {
            TabWord::Hello(tab) if !is_elsewhere => {
                self.keep_live(false).await;
                self.say(|tabs| Some(TabWord::Welcome(tab, tabs.last.get())));
                self.live.send(LiveTask::Tell);
            }
            TabWord::Rows(number, url, bytes) => {
                let is_read = self.tabs.borrow().as_ref().is_some_and(|tabs| {
                    tabs.last.set(number);
                    number <= tabs.read.get()
                });
                if let (false, Some(LiveNews::Update { reads, seq, .. })) = (is_read, decode(&bytes.to_vec()))
                {
                    self.enter_live(false, &url, reads, seq);
                }
            }
            TabWord::Status(url, bytes) if is_elsewhere => {
                if let (Some(id), Some(LiveNews::Status(mut status))) =
                    (self.live.at(&url), decode(&bytes.to_vec()))
                {
                    status.id = id;
                    self.told_live(&status);
                }
            }
            TabWord::Forget => {
                for id in self.live.ids() {
                    self.live.remove(id);
                }
                self.live.end();
                self.shelf.leave();
                self.engine.borrow_mut().clear();
                self.post(&Event::Forgotten);
            }
            TabWord::Kept if is_elsewhere => self.engine.borrow_mut().forget_unkept(),
            TabWord::Anew(last) | TabWord::Welcome(_, last) if is_elsewhere && !self.shelf.has_own_rows() => {
                self.reopen().await;
                self.say(|tabs| {
                    tabs.read.set(last);
                    None
                });
            }
            _ => {}
        }
    }

    /// Fills the tables anew from what is kept.
    async fn reopen(&self) {
        self.engine.borrow_mut().clear();
        self.shelf.open(&self.engine, Right::Other).await;
        self.show_all();
    }

    fn show_all(&self) {
        let screen = self.engine.borrow_mut().screen(now());
        self.post_own(&screen);
        let steps = self.engine.borrow().steps();
        self.post(&steps);
    }

    /// What is kept has changed by more than updates of live sources.
    fn tell_anew(&self) {
        if !self.shelf.is_elsewhere() {
            self.say_rows(|tabs| Some(TabWord::Anew(tabs.last.get())));
        }
    }

    /// Keeps what live sources have brought since the last time; in the tab that keeps. On the heap: a future that lies
    /// in that of its caller is compiled once for each of them.
    fn keep_live(&self, is_draft: bool) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(async move {
            if self.shelf.is_elsewhere() || is_draft && self.shelf.is_behind() {
                return;
            }
            let added = self.engine.borrow_mut().unkept(is_draft);
            if added.is_empty() {
                return;
            }
            let stay = if is_draft { Stay::Draft } else { Stay::Last };
            for added in added {
                self.shelf.keep(&self.engine, added, stay).await;
            }
            self.tell_kept();
            if is_draft {
                return;
            }
            self.engine.borrow_mut().end_part();
            self.say_rows(|_| Some(TabWord::Kept));
            let steps = self.engine.borrow().steps();
            self.post(&steps);
        })
    }

    fn post(&self, event: &Event) {
        let bytes = js_sys::Uint8Array::from(encode(event).as_slice());
        let transfer = js_sys::Array::of1(&bytes.buffer());
        // Fails only if the page is gone.
        let _ = self.scope.post_message_with_transfer(&bytes, &transfer);
    }

    fn post_all(&self, events: &[Event]) {
        events.iter().for_each(|event| self.post(event));
    }

    /// Posts a screen of the user's engine, unless another one is shown.
    fn post_own(&self, events: &[Event]) {
        if self.drill.borrow().is_none() {
            self.post_all(events);
        }
    }

    fn apply(self: &Rc<Self>, command: Command, now: UtcMillis) {
        if let (Command::Configure(_), true) = (&command, self.drill.borrow().is_some()) {
            // It outlasts the drill.
            self.engine.borrow_mut().show(command.clone(), now, &mut |_| {});
        }
        // Posted as they come: the page shows the first while the next is made.
        self.shown(|engine| engine.show(command, now, &mut |event| self.post(&event)));
        self.watch(now);
    }

    /// Goes on with the rule that is being tried, piece by piece: what comes meanwhile is answered between two.
    fn try_on(self: &Rc<Self>) {
        if !self.engine.borrow().is_trying() || self.is_trying.replace(true) {
            return;
        }
        let host = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            while host.engine.borrow().is_trying() {
                wait(0).await;
                let told = host.engine.borrow_mut().try_more();
                told.iter().for_each(|event| host.post(event));
            }
            host.is_trying.set(false);
        });
    }

    /// Evaluates the rules of alerts, where they are due: last of all, since nobody's click waits for it.
    fn watch(&self, now: UtcMillis) {
        let told = self.shown(|engine| engine.watch(now));
        told.iter().for_each(|event| self.post(event));
    }

    fn tell_feed(&self, id: u32) {
        if let Some(status) = self.feeds.status(id) {
            self.engine.borrow_mut().note_health(&status);
            self.post(&Event::Feed(Box::new(status)));
        }
    }

    fn tell_kept(&self) {
        self.post(&Event::Kept(Box::new(self.shelf.kept())));
    }

    /// Has a file read and takes in its parts, each of which enters the tables whole or not at all.
    async fn take_in(&self, job: &Job) {
        if job.brought.is_some() {
            // Cancelling is for what is being read, not for all that comes later.
            self.cancelled.borrow_mut().remove(&job.id.batch);
        }
        let outcome = self.take_parts(job).await;
        if let Some(brought) = &job.brought {
            self.feeds.was_read(brought, outcome);
            self.tell_feed(brought.feed);
        }
    }

    /// Yields what is wrong with the file as a whole: with all of its parts, or with what is left of it.
    async fn take_parts(&self, job: &Job) -> Result<(), Problem> {
        let mut started = now();
        let (mut part, mut outcome) = (0, None);
        let reader = self.begin(job, &self.engine.borrow().reading());
        loop {
            let read = match &reader {
                Ok(reader) => self.read(job, part, reader).await,
                Err(problem) => Err(problem.clone()),
            };
            let millis = u64::try_from(now().0 - started.0).unwrap_or(0);
            started = now();
            match read {
                Ok(Some(imported)) => {
                    let read = imported.report.failure.clone().map_or(Ok(()), Err);
                    outcome = outcome.filter(|_| read.is_err()).or(Some(read));
                    self.take_part(job, part, imported, millis).await;
                }
                Ok(None) => return outcome.unwrap_or(Ok(())),
                Err(problem) => {
                    // What failed may have ended: the next file gets another.
                    self.reader.take();
                    let mut report = unread(&job.name, job.size, problem.clone());
                    report.millis = millis;
                    let id = job.id.with_part(part);
                    self.post(&Event::Report { id, report });
                    return Err(problem);
                }
            }
            part += 1;
        }
    }

    /// Has the head of a part read, and tells what it shows.
    async fn preview(&self, job: &Job, asked: &Asked) {
        let options = self
            .engine
            .borrow()
            .previewing(asked.draft.clone(), &asked.encoding);
        let (mut part, mut preview) = (0, Err(Problem::NoRows));
        match self.begin(job, &options) {
            Err(problem) => preview = Err(problem),
            Ok(reader) => loop {
                match self.read(job, part, &reader).await {
                    Ok(None) => break,
                    Ok(Some(imported)) if part == job.id.part => {
                        preview = ingest::preview(imported, options.zone).map(Box::new);
                    }
                    Ok(Some(_)) => {}
                    Err(problem) => {
                        // What failed may have ended: the next file gets another.
                        self.reader.take();
                        preview = Err(problem);
                        break;
                    }
                }
                part += 1;
            },
        }
        let (id, request) = (job.id, asked.request);
        self.post(&Event::Preview { id, request, preview });
    }

    /// Enters the rows of a part, keeps them, and only then reports it done.
    async fn take_part(&self, job: &Job, part: u32, imported: Imported, millis: u64) {
        let id = job.id.with_part(part);
        // Rows are kept in the order in which they came.
        self.keep_live(false).await;
        let Entered {
            screen,
            change,
            steps,
            report,
        } = match job.brought {
            Some(_) => self.engine.borrow_mut().refresh(id, imported, millis, now()),
            None => self.engine.borrow_mut().enter(id, imported, millis, now()),
        };
        self.post_own(&screen);
        match change {
            Some(added) if job.is_kept() => {
                if let Some(writing) = self.shelf.writing() {
                    self.post(&Event::Kept(Box::new(writing)));
                }
                self.shelf.keep(&self.engine, added, Stay::Good).await;
                self.tell_kept();
                self.tell_anew();
            }
            Some(_) => self.shelf.fetched(),
            // It changed no row, and is a step all the same.
            None if job.is_kept() && steps.is_some() => {
                self.shelf.mark(&self.engine).await;
                self.tell_kept();
            }
            None => {}
        }
        steps.iter().for_each(|steps| self.post(steps));
        self.post(&report);
        self.watch(now());
        if self.shelf.look_round().await {
            self.tell_kept();
        }
    }

    /// Takes a step back or forth, keeps that, and only then tells it done.
    async fn step(&self, command: Command, now: UtcMillis) {
        self.keep_live(false).await;
        let before = self.live.applied(&self.engine.borrow());
        let mut events = self.engine.borrow_mut().serve(command, now);
        // What was taken back is asked for again.
        self.live.resume(&before, &self.engine.borrow());
        let Some(steps) = events.pop() else { return };
        self.post_all(&events);
        self.shelf.mark(&self.engine).await;
        self.tell_kept();
        self.tell_anew();
        self.post(&steps);
        self.watch(now);
    }

    /// The tab that kept the rows is gone.
    async fn own(&self) {
        if !self.shelf.own(&self.engine).await {
            if self.shelf.has_own_rows() {
                // Neither can be dropped for the other: the user decides, by loading the page anew.
                self.shelf.disown();
            } else {
                // What that tab told and did not keep is here alone.
                let unkept = self.engine.borrow_mut().lift_unkept();
                self.engine.borrow_mut().clear();
                self.shelf.open(&self.engine, Right::Alone).await;
                self.engine.borrow_mut().lay_unkept(unkept, now());
                self.show_all();
            }
        }
        self.shelf.look_round().await;
        self.tell_kept();
    }

    async fn forget(&self) {
        let forgotten = self.shelf.forget().await;
        let now = now();
        let events = self.engine.borrow_mut().serve(Command::Forget, now);
        self.post_all(&events);
        self.watch(now);
        self.is_forgetting.set(false);
        match forgotten {
            Ok(()) => {
                self.say(|_| Some(TabWord::Forget));
                self.post(&Event::Forgotten);
            }
            Err(fault) => self.post(&Event::Kept(Box::new(Kept {
                keeping: Keeping::Failed(fault.to_string()),
                ..self.shelf.kept()
            }))),
        }
    }

    fn start_reader(&self) -> Result<Rc<ReaderLink>, Problem> {
        ReaderLink::start(&self.scope).map(Rc::new)
    }

    /// Whoever waits for the reader shall look whether it is still wanted.
    fn wake(&self) {
        if let Some(reader) = self.reader.borrow().as_ref() {
            reader.wake();
        }
    }

    /// Has a file read from its first byte.
    fn begin(&self, job: &Job, options: &Options) -> Result<Rc<ReaderLink>, Problem> {
        let reader = self.reader.borrow().clone();
        let reader = match reader {
            Some(reader) => reader,
            None => self.start_reader()?,
        };
        *self.reader.borrow_mut() = Some(Rc::clone(&reader));
        let (url, file) = match &job.source {
            Source::Blob(blob) => (None, blob.into()),
            Source::Url(url) => (Some(url.clone()), JsValue::UNDEFINED),
        };
        let task = ReadTask::new(job.name.clone(), job.size, url, options);
        reader.read(&task, &file);
        Ok(reader)
    }

    /// Gathers what comes of the next part of a file; `None` after the last.
    async fn read(&self, job: &Job, part: u32, reader: &ReaderLink) -> Result<Option<Imported>, Problem> {
        let is_over = || {
            let is_cancelled = job.asked.is_none() && self.cancelled.borrow().contains(&job.id.batch);
            self.is_forgetting.get() || is_cancelled
        };
        let progress = |bytes, rows| {
            if job.asked.is_none() {
                self.post(&Event::Progress {
                    id: job.id.with_part(part),
                    bytes,
                    total: job.size,
                    rows,
                });
            }
        };
        reader.part(is_over, progress).await
    }
}
