//! Sources that come by themselves: their dialog, and their marks in other places.

use super::Ctx;
use super::drill::DrillStart;
use super::widgets::filled;
use crate::format;
use crate::locale::{T, every_text, feed_problem_text, feed_state_name};
use crate::platform;
use crate::protocol::{FeedProblem, FeedState, LiveStatus, Secret, SourceInfo, broker, is_broker, is_live};
use crate::state::{Action, Dialog, Feed, interval};
use crate::time::UtcMillis;
use leptos::prelude::*;

/// Minutes between two looks, unless the user says otherwise.
const MINUTES: &str = "15";
/// Header that lets one in, unless the user says otherwise.
const HEADER: &str = "Authorization";

/// The shape of a state, told by form first, by colour second: its class and its sign.
const fn mark_of(state: FeedState) -> (&'static str, &'static str) {
    match state {
        FeedState::Stale => ("late", "▲"),
        FeedState::Error => ("cross", "✕"),
        FeedState::Paused => ("low", "‖"),
        FeedState::Silent => ("late", "?"),
        FeedState::Loading | FeedState::Ok => ("dot file", ""),
    }
}

/// The shape of a state.
#[component]
fn Mark(state: Memo<FeedState>) -> impl IntoView {
    view! { <span class=move || mark_of(state.get()).0 aria-hidden="true">{move || mark_of(state.get()).1}</span> }
}

/// Numbers of the sources, in their order.
fn ids(ctx: Ctx) -> Memo<Vec<u32>> {
    ctx.pick(|state| state.feeds.iter().map(|feed| feed.plan.id).collect())
}

/// Files that numbers come from, without those that sources have brought: these are told with their source.
pub fn files(ctx: Ctx) -> Memo<Vec<SourceInfo>> {
    let all = ctx.view(|cockpit| cockpit.sources.clone());
    let brought = ctx.pick(|state| {
        let names = state.files.values().map(|file| file.shown_name().to_owned());
        let of_feeds = |name: &String| state.feeds.iter().any(|feed| feed.has(name));
        // What stays connected sends no files.
        let live = state.feeds.iter().filter(|feed| feed.plan.is_live());
        let live = live.map(|feed| feed.plan.name.clone());
        names.filter(of_feeds).chain(live).collect::<Vec<_>>()
    });
    Memo::new(move |_| {
        let is_brought = |source: &SourceInfo| brought.with(|names| names.contains(&source.name));
        all.with(|all| all.iter().filter(|source| !is_brought(source)).cloned().collect())
    })
}

/// What a place that shows a source needs of it.
#[derive(Clone, Copy)]
struct Shown {
    ctx: Ctx,
    feed: Memo<Option<Feed>>,
}

impl Shown {
    fn new(ctx: Ctx, id: u32) -> Self {
        let feed = ctx.pick(move |state| state.feed(id).cloned());
        Self { ctx, feed }
    }

    fn of<P: Default>(self, part: impl FnOnce(&Feed) -> P) -> P {
        self.feed.with(|feed| feed.as_ref().map(part).unwrap_or_default())
    }

    fn name(self) -> String {
        self.of(|feed| feed.plan.name.clone())
    }

    fn problem_text(self, problem: &FeedProblem) -> String {
        let address = self.of(|feed| feed.address().unwrap_or_default().to_owned());
        feed_problem_text(problem, &address, self.ctx.lang())
    }

    fn state(self) -> FeedState {
        let now = self.ctx.now();
        self.feed
            .with(|feed| feed.as_ref().map_or(FeedState::Loading, |feed| feed.state(now)))
    }

    /// Milliseconds since it was up to date.
    fn age(self) -> Option<i64> {
        let now = self.ctx.now();
        self.of(|feed| feed.status.good_at.map(|good| (now.0 - good.0).max(0)))
    }

    fn age_secs(self) -> Option<i64> {
        self.age().map(|age| age / 1_000)
    }

    fn age_text(self) -> Option<String> {
        self.age().map(|age| format::ago(age, self.ctx.lang()))
    }

    fn is_live(self) -> bool {
        self.of(|feed| feed.plan.is_live())
    }

    fn live(self) -> LiveStatus {
        self.of(|feed| feed.status.live.unwrap_or_default())
    }

    /// How often it is looked at, or that it stays connected.
    fn every(self) -> String {
        if self.is_live() {
            self.ctx.t(T::FeedLive).to_owned()
        } else {
            every_text(self.of(|feed| feed.plan.every_millis), self.ctx.lang())
        }
    }

    /// What it has just caught up.
    fn caught_up(self) -> Option<String> {
        let now = self.ctx.now();
        let (rows, away) = self.of(|feed| feed.caught_up(now))?;
        let rows = format::count(rows, self.ctx.lang()).to_string();
        Some(filled(
            self.ctx,
            T::FeedCaughtUp,
            &[&rows, &format!("{:.1}", away as f64 / 1_000.0)],
        ))
    }

    fn problem(self) -> Option<&'static str> {
        self.of(|feed| feed.status.problem.as_ref().map(crate::protocol::FeedProblem::id))
    }
}

/// Sources in the bottom line.
#[component]
pub fn FeedMarks() -> impl IntoView {
    let ctx = Ctx::get();
    let ids = ids(ctx);
    let line = move |id: u32| {
        let shown = Shown::new(ctx, id);
        let state = Memo::new(move |_| shown.state());
        view! {
            <span class="source" data-feed=move || state.get().id()>
                <Mark state=state />
                {move || shown.name()}
                <span class="age" class:hidden=move || shown.age().is_none()>{move || shown.age_text()}</span>
                <span class="caught" class:hidden=move || shown.caught_up().is_none() data-role="caught-up">{move || shown.caught_up()}</span>
            </span>
        }
    };
    view! { <For each=move || ids.get() key=|id| *id children=line /> }
}

/// Sources among the files of the data panel.
#[component]
pub fn FeedRows() -> impl IntoView {
    let ctx = Ctx::get();
    let ids = ids(ctx);
    let row = move |id: u32| {
        let shown = Shown::new(ctx, id);
        let state = Memo::new(move |_| shown.state());
        view! {
            <div class="source-row" data-role="source" data-name=move || shown.name() data-state=move || state.get().id()
                data-age-secs=move || shown.age_secs() data-problem=move || shown.problem()>
                <Mark state=state />
                <span class="name">{move || shown.name()}</span>
                <span class="low">{move || shown.every()}</span>
                <span class="low">{move || feed_state_name(state.get(), ctx.lang())}</span>
                <span class="low">{move || shown.age_text()}</span>
            </div>
        }
    };
    view! { <For each=move || ids.get() key=|id| *id children=row /> }
}

/// Why what a panel shows is late.
#[component]
pub fn Late(
    /// Number of the source that is.
    feed: u32,
) -> impl IntoView {
    let shown = Shown::new(Ctx::get(), feed);
    let why = move || {
        let (ctx, name) = (shown.ctx, shown.name());
        let problem = shown.of(|feed| feed.status.problem.clone());
        match problem {
            Some(problem) => filled(ctx, T::LateWhy, &[&name, &shown.problem_text(&problem)]),
            None => {
                let usual = shown.of(|feed| feed.status.every_millis).unwrap_or_default();
                let usual = every_text(Some((usual / 1_000).max(1) * 1_000), ctx.lang());
                filled(ctx, T::LateSilent, &[&name, &usual])
            }
        }
    };
    view! { <span data-role="late" title=why>{why}</span> }
}

/// Opens the dialog.
#[component]
pub fn SourcesButton() -> impl IntoView {
    let ctx = Ctx::get();
    view! {
        <button class="button" data-role="sources-open" on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Sources)))>
            {move || ctx.t(T::FeedsTitle)}
        </button>
    }
}

/// The dialog: every source with how it fares, and how to add one.
#[component]
pub fn Sources() -> impl IntoView {
    let ctx = Ctx::get();
    let ids = ids(ctx);
    let removed = RwSignal::new(String::new());
    view! {
        <div class="feeds" data-role="sources">
            <p class="mid">{move || ctx.t(T::FeedsHint)}</p>
            <Offer />
            <For each=move || ids.get() key=|id| *id
                children=move |id| view! { <Card id=id removed=removed /> } />
            <p class="mid" class:hidden=move || removed.with(String::is_empty) role="status" data-role="source-removed">
                {move || filled(ctx, T::FeedRemoved, &[&removed.get()])}
            </p>
            <AddressForm />
            <FolderForm />
            <DrillStart />
        </div>
    }
}

/// What came of a live source.
fn live_text(ctx: Ctx, live: LiveStatus) -> String {
    let number = |number: u64| format::count(number, ctx.lang()).to_string();
    let ago = |at: UtcMillis| format::ago((ctx.now().0 - at.0).max(0), ctx.lang());
    let mut text = match live.rows_at {
        Some(at) => filled(ctx, T::FeedRowsAt, &[&number(live.rows), &ago(at)]),
        None => ctx.t(T::FeedNoRows).to_owned(),
    };
    let mut add = |part: String| {
        text.push_str(" · ");
        text.push_str(&part);
    };
    if live.refused > 0 {
        add(filled(ctx, T::FeedRefused, &[&number(live.refused)]));
    }
    if let Some((rows, away)) = live.caught_up {
        let secs = (away / 1_000).to_string();
        add(filled(ctx, T::FeedCaughtUp, &[&number(rows), &secs]));
    }
    if let Some(millis) = live.coarse_millis {
        let secs = (millis / 1_000).to_string();
        add(filled(ctx, T::FeedCoarse, &[&secs]));
    }
    text
}

/// A source that the address of the page names: nothing is asked of another origin before the user says so.
#[component]
fn Offer() -> impl IntoView {
    let ctx = Ctx::get();
    let offered = ctx.pick(|state| state.offered.clone());
    let allow = move |_| {
        if let Some(url) = offered.get_untracked() {
            ctx.dispatch(Action::Offer(None));
            ctx.watch_address(url, None, None, Some(String::new()), false);
        }
    };
    view! {
        <article class="feed" class:hidden=move || offered.get().is_none() data-role="feed-offer">
            <p class="mid">{move || ctx.t(T::FeedOffer)}</p>
            <strong class="place">{move || offered.get()}</strong>
            <div class="buttons">
                <button class="button primary" data-role="feed-allow" on:click=allow>{move || ctx.t(T::FeedAllow)}</button>
                <button class="button" data-role="feed-deny" on:click=move |_| ctx.dispatch(Action::Offer(None))>
                    {move || ctx.t(T::FeedDeny)}
                </button>
            </div>
        </article>
    }
}

/// One source.
#[component]
fn Card(id: u32, removed: RwSignal<String>) -> impl IntoView {
    let ctx = Ctx::get();
    let shown = Shown::new(ctx, id);
    let state = Memo::new(move |_| shown.state());
    let is_paused = move || state.get() == FeedState::Paused;
    let (wants_token, wants_leave) = (
        Memo::new(move |_| shown.of(Feed::wants_token)),
        Memo::new(move |_| shown.of(Feed::wants_leave)),
    );
    let is_ready = move || !wants_token.get() && !wants_leave.get();
    let times = move || {
        let clock = |at| format::clock_secs(at, ctx.zone());
        let good = match shown.of(|feed| feed.status.good_at) {
            Some(at) => filled(
                ctx,
                T::FeedGood,
                &[&clock(at), &shown.age_text().unwrap_or_default()],
            ),
            None => ctx.t(T::FeedNeverGood).to_owned(),
        };
        if shown.is_live() {
            return format!("{good} · {}", live_text(ctx, shown.live()));
        }
        let (next, is_under_way) = shown.of(|feed| (feed.status.next_at, feed.status.is_under_way));
        let next = match next {
            _ if is_under_way => ctx.t(T::FeedUnderWay).to_owned(),
            Some(at) => filled(ctx, T::FeedNext, &[&clock(at)]),
            None => ctx.t(T::FeedNoNext).to_owned(),
        };
        format!("{good} · {next}")
    };
    let why = move || {
        let problem = shown.of(|feed| feed.status.problem.clone());
        problem.map(|problem| shown.problem_text(&problem))
    };
    let address = move || {
        let is_secret =
            shown.of(|feed| matches!(&feed.plan.place, crate::protocol::FeedPlace::Address(_, Some(_))));
        let place = shown.of(|feed| feed.address().map(str::to_owned));
        let place = place.unwrap_or_else(|| ctx.t(T::FeedFolder).to_owned());
        if is_secret {
            format!("{place} · {}", ctx.t(T::FeedWithToken))
        } else {
            place
        }
    };
    let remove = move |_| {
        removed.set(shown.name());
        ctx.remove_feed(id);
    };
    let token = RwSignal::new(String::new());
    let give_token = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let given = token.get_untracked();
        if !given.trim().is_empty() {
            ctx.dispatch(Action::FeedToken(id, given.trim().to_owned(), false));
        }
    };
    view! {
        <article class="feed" data-role="source" data-name=move || shown.name() data-state=move || state.get().id()
            data-age-secs=move || shown.age_secs() data-problem=move || shown.problem()
            data-rows=move || shown.live().rows data-refused=move || shown.live().refused
            data-next-at=move || shown.of(|feed| feed.status.next_at.map(|at| at.0))>
            <header>
                <Mark state=state />
                <strong class="name">{move || shown.name()}</strong>
                <span class="tag">{move || feed_state_name(state.get(), ctx.lang())}</span>
                <span class="low">{move || shown.every()}</span>
            </header>
            <span class="low place">{address}</span>
            <span class="mid">{times}</span>
            <p class="why" class:hidden=move || why().is_none() data-role="source-problem">{why}</p>
            <form class="again" class:hidden=move || !wants_token.get() on:submit=give_token>
                <input type="password" autocomplete="off" data-role="source-token-again" aria-label=move || ctx.t(T::FeedToken)
                    on:input=move |event| token.set(event_target_value(&event)) />
                <button class="button" type="submit" data-role="source-resume">{move || ctx.t(T::FeedResume)}</button>
            </form>
            <div class="buttons">
                <button class="button primary" class:hidden=move || !wants_leave.get() data-role="folder-resume"
                    on:click=move |_| ctx.resume_folder(id)>
                    {move || ctx.t(T::FeedResume)}
                </button>
                <button class="button" class:hidden=move || !is_ready() data-role="source-fetch"
                    on:click=move |_| ctx.dispatch(Action::AskFeed(id))>
                    {move || ctx.t(if is_paused() { T::FeedResume } else if shown.is_live() { T::FeedConnect } else { T::FeedNow })}
                </button>
                <button class="button" class:hidden=move || !is_ready() || is_paused() data-role="source-pause"
                    on:click=move |_| ctx.dispatch(Action::PauseFeed(id))>
                    {move || ctx.t(T::FeedPause)}
                </button>
                <button class="button" data-role="source-remove" on:click=remove>{move || ctx.t(T::FeedRemove)}</button>
            </div>
        </article>
    }
}

/// Adds an address.
#[component]
fn AddressForm() -> impl IntoView {
    let ctx = Ctx::get();
    let [url, minutes, header, token, topic, client] =
        ["", MINUTES, HEADER, "", "", ""].map(|text| RwSignal::new(text.to_owned()));
    let (remember, wrong, kept) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(true));
    let to_broker = Memo::new(move |_| url.with(|url| is_broker(url.trim())));
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut typed = url.get_untracked().trim().to_owned();
        let about = topic.get_untracked().trim().replace('%', "%25");
        if to_broker.get_untracked() && !about.is_empty() {
            // The topic is what stands behind the first `#`.
            let stem = typed.split('#').next().unwrap_or_default();
            typed = format!("{stem}#{about}");
        }
        let address = platform::resolve(&typed).filter(|address| {
            address.starts_with("http")
                || (is_live(address) && is_broker(address) == broker(address).is_some())
        });
        let Some(address) = address.filter(|_| !url.get_untracked().trim().is_empty()) else {
            return wrong.set(true);
        };
        let secret = token.get_untracked().trim().to_owned();
        let name = match header.get_untracked().trim() {
            "" => HEADER.to_owned(),
            name => name.to_owned(),
        };
        let header = (!secret.is_empty()).then_some((name, Secret(secret)));
        ctx.watch_address(
            address,
            interval(&minutes.get_untracked()),
            header,
            kept.get_untracked()
                .then(|| client.get_untracked().trim().to_owned()),
            remember.get_untracked(),
        );
        wrong.set(false);
        for field in [url, token, topic, client] {
            field.set(String::new());
        }
    };
    let text = move |label: T, role: &'static str, kind: &'static str, value: RwSignal<String>| {
        view! {
            <label>
                <span class="low">{move || ctx.t(label)}</span>
                <input type=kind data-role=role autocomplete="off" spellcheck="false" prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event)) />
            </label>
        }
    };
    view! {
        <form class="feed-form" novalidate on:submit=add>
            <h3>{move || ctx.t(T::FeedAddAddress)}</h3>
            {text(T::FeedAddress, "source-url", "url", url)}
            <div class="fields" class:hidden=move || to_broker.get()>
                {text(T::FeedMinutes, "source-interval", "text", minutes)}
                {text(T::FeedHeader, "source-header", "text", header)}
            </div>
            <div class="fields" class:hidden=move || !to_broker.get()>
                {text(T::FeedTopic, "source-topic", "text", topic)}
                {text(T::FeedClient, "source-client", "text", client)}
                <label class="check">
                    <input type="checkbox" data-role="source-kept" prop:checked=move || kept.get()
                        on:change=move |event| kept.set(event_target_checked(&event)) />
                    <span>{move || ctx.t(T::FeedKept)}</span>
                </label>
            </div>
            {text(T::FeedToken, "source-token", "password", token)}
            <label class="check">
                <input type="checkbox" data-role="source-remember" prop:checked=move || remember.get()
                    on:change=move |event| remember.set(event_target_checked(&event)) />
                <span>{move || ctx.t(T::FeedRemember)}</span>
            </label>
            <p class="why" class:hidden=move || !wrong.get() role="alert" data-role="source-form-error">{move || ctx.t(T::FeedNoAddress)}</p>
            <button class="button primary" type="submit" data-role="source-add">{move || ctx.t(T::FeedAdd)}</button>
        </form>
    }
}

/// Adds a folder, where the browser lets a page read one.
#[component]
fn FolderForm() -> impl IntoView {
    let ctx = Ctx::get();
    let can_pick = platform::can_pick_folder();
    let hint = if can_pick {
        T::FeedFolderHint
    } else {
        T::FeedNoFolders
    };
    view! {
        <div class="feed-form">
            <h3>{move || ctx.t(T::FeedAddFolder)}</h3>
            <p class="mid">{move || ctx.t(hint)}</p>
            <button class="button" data-role="folder-add" disabled=!can_pick on:click=move |_| ctx.watch_folder()>
                {move || ctx.t(if can_pick { T::FeedPickFolder } else { T::FeedFolderMissing })}
            </button>
        </div>
    }
}
