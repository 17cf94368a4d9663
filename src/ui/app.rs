//! The page as a whole.

use super::act::ActZone;
use super::breakdown::BreakdownPanel;
use super::ctx::file_name;
use super::dialogs::{Dialogs, DropOverlay, EngineFailure};
use super::footer::Footer;
use super::header::Header;
use super::kpis::KpiStrip;
use super::sales::SalesPanel;
use super::screens::{Beside, Fetch, FromBeside, Screens};
use super::stock::StockZone;
use super::top_skus::TopSkus;
use super::troubles::has_troubles;
use super::widgets::{filled, goods};
use super::{Ctx, Part};
use crate::format::{self, Lang};
use crate::locale::T;
use crate::model::Dim;
use crate::platform::{self, EngineLink};
use crate::protocol::{Command, DataSource, Event, Keeping, MetricId, TimeRange};
use crate::state::{self, Action, Address, Basis, Manifest, Preferences, Screen, State, Theme, Worth};
use crate::time::Zone;
use leptos::context::Provider;
use leptos::prelude::*;

/// How long a page that goes waits until what live sources have brought is kept.
const LINGER_MILLIS: f64 = 300.0;
/// Key of the preferences in the browser's storage.
const PREFERENCES: &str = "stockpit.preferences.v1";
/// Key of the sources that come by themselves.
const FEEDS: &str = "stockpit.feeds.v1";
/// Key of what was decided about the columns of files.
const MAPPINGS: &str = "stockpit.mappings.v1";
/// Key of the alerts that stood when the page was closed.
const ALERTS: &str = "stockpit.alerts.v1";

/// Puts the page into the document and starts it.
///
/// `fetch` gets the screens beside the cockpit.
pub fn mount(fetch: Fetch) {
    console_error_panic_hook::set_once();
    // Not in the task in which the browser has compiled the module, which is long enough.
    platform::soon(move || leptos::mount::mount_to_body(move || view! { <App fetch=fetch /> }));
}

#[component]
fn App(fetch: Fetch) -> impl IntoView {
    let address = state::read(&platform::read_address());
    let ctx = Ctx::new(first_state(&address));
    let beside = Beside::new(fetch);
    provide_context(ctx);
    provide_context(beside);
    start_engine(ctx, address);
    listen(ctx);
    keep_outside_in_step(ctx, beside);

    let report = ctx.pick(|state| state.screen == Screen::Import);
    view! {
        <input
            class="file-input"
            type="file"
            multiple
            data-role="import"
            aria-label=move || ctx.t(T::ChooseFiles)
            on:change=move |event| ctx.import(platform::picked_files(&event))
        />
        // Both stay, one of them hidden: to build a screen anew would stop the page for a moment.
        <CockpitScreen />
        <Later><FromBeside show=|screens: Screens| (screens.import)() wanted=report /></Later>
        <Dialogs />
        <DropOverlay />
        <EngineFailure />
    }
}

/// What was kept, overruled by what the address names.
fn first_state(address: &Address) -> State {
    let first_visit = || Preferences {
        lang: Lang::from_id(&platform::language()).unwrap_or(Lang::En),
        ..Preferences::default()
    };
    let mut preferences: Preferences = platform::load(PREFERENCES).unwrap_or_else(first_visit);
    if let Some(lang) = address.kept("lang").and_then(Lang::from_id) {
        preferences.lang = lang;
    }
    if let Some(theme) = address.kept("theme").and_then(Theme::from_id) {
        preferences.theme = theme;
    }
    let mut state = State {
        preferences,
        decisions: platform::load::<String>(MAPPINGS)
            .and_then(|text| state::parse_mappings(&text).ok())
            .unwrap_or_default(),
        view: address.view.clone(),
        parameters: address.kept.clone(),
        ..State::default()
    };
    state.take_kept_feeds(platform::load(FEEDS).unwrap_or_default());
    state
}

/// Starts the engine with what lies beside the page, or else with the demo shop.
fn start_engine(ctx: Ctx, address: Address) {
    let shown = std::cell::Cell::new(None);
    let on_event = move |event: Event| {
        let started = platform::performance_now();
        let name = match &event {
            Event::Report { report, .. } => {
                #[expect(clippy::cast_precision_loss, reason = "milliseconds")]
                platform::measure("stockpit:ingest", (started - report.millis as f64).max(0.0));
                None
            }
            // A second screen of the same view: what it is of has changed.
            Event::Cockpit { request, .. } if shown.replace(Some(*request)) == Some(*request) => {
                Some("stockpit:append")
            }
            Event::Kept(kept) if kept.files > 0 && ctx.peek(|state| state.cockpit.is_none()) => {
                #[expect(clippy::cast_precision_loss, reason = "milliseconds")]
                platform::measure(
                    "stockpit:restore",
                    (started - kept.restored_millis as f64).max(0.0),
                );
                None
            }
            Event::Cockpit { .. } => Some("stockpit:refresh"),
            _ => None,
        };
        ctx.dispatch(Action::Engine(event));
        if let Some(name) = name {
            platform::measure(name, started);
        }
    };
    let on_failure = move |words: String| ctx.dispatch(Action::EngineFailed(words));
    match EngineLink::start(on_event, on_failure) {
        Ok(link) => ctx.connect(link),
        Err(words) => return ctx.dispatch(Action::EngineFailed(words)),
    }
    leptos::task::spawn_local(async move {
        let manifest = read_manifest(ctx).await.unwrap_or_default();
        let named = address
            .kept("data")
            .map(|list| list.split(',').map(|url| url.trim().to_owned()).collect());
        let data: Vec<String> = named.unwrap_or_else(|| manifest.data.clone());
        let addresses: Vec<(String, String)> = data
            .into_iter()
            .filter(|url| !url.is_empty())
            .map(|url| (file_name(&url), platform::resolve(&url).unwrap_or(url)))
            .collect();
        let has_feeds = ctx.peek(|state| !state.feeds.is_empty());
        let demo = addresses.is_empty() && !has_feeds;
        let untouched = address.view.time == TimeRange::All && address.view.filters.is_empty();
        let range = if untouched {
            TimeRange::LastDay
        } else {
            address.view.time
        };
        if demo {
            ctx.dispatch(Action::DemoRange(range));
        }
        let open = ctx.peek(|state| Command::Open {
            settings: state.preferences.settings.clone(),
            view: state.view.clone(),
            request: state.request,
            demo: demo.then_some(range),
        });
        let decisions = ctx.peek(|state| state.decisions.clone());
        ctx.send(&Command::Decide(decisions));
        if let Some(record) = platform::load(ALERTS) {
            ctx.send(&Command::Restore(record));
        }
        ctx.send(&open);
        ctx.fetch(addresses);
        ctx.start_feeds();
        if let Some(url) = address.kept("feed") {
            ctx.offer_feed(url);
        }
    });
}

/// Applies the manifest's settings where the address does not overrule them.
async fn read_manifest(ctx: Ctx) -> Option<Manifest> {
    let text = platform::fetch_manifest().await?;
    let manifest = match state::parse_manifest(&text) {
        Ok(manifest) => manifest,
        Err(error) => {
            ctx.dispatch(Action::ManifestBad(error));
            return None;
        }
    };
    if let Some(title) = &manifest.title {
        ctx.dispatch(Action::Title(title.clone()));
    }
    let overruled = ctx.peek(|state| state.parameters.iter().any(|(name, _)| name == "lang"));
    if let Some(lang) = manifest
        .language
        .as_deref()
        .and_then(Lang::from_id)
        .filter(|_| !overruled)
    {
        ctx.dispatch(Action::Lang(lang));
    }
    match manifest.time_zone.as_ref().map(|name| (name, Zone::named(name))) {
        Some((name, Some(_))) => ctx.dispatch(Action::Zone(name.clone())),
        Some((name, None)) => {
            let words = format!("time_zone: {name}");
            ctx.dispatch(Action::ManifestBad(state::ManifestError {
                line: 1,
                column: 1,
                words,
            }));
        }
        None => {}
    }
    if let Some(currency) = &manifest.currency {
        ctx.dispatch(Action::DefaultCurrency(currency.clone()));
    }
    Some(manifest)
}

/// Keys, dropped files and the clock.
fn listen(ctx: Ctx) {
    platform::every_second(move || ctx.tick());
    platform::on_hidden(move |is_hidden| {
        if is_hidden {
            ctx.send(&Command::Keep);
        }
    });
    let keeps_live = move |state: &State| {
        state.kept.keeping != Keeping::OtherTab && state.feeds.iter().any(|feed| feed.plan.is_live())
    };
    platform::on_leave(move || {
        if !ctx.peek(keeps_live) {
            return 0.0;
        }
        ctx.send(&Command::Rest);
        LINGER_MILLIS
    });
    platform::on_key(move |key| {
        if key == "Escape" {
            ctx.dispatch(Action::Escape);
        }
    });
    platform::on_undo_key(move |is_redo| {
        ctx.dispatch(if is_redo { Action::Redo } else { Action::Undo });
    });
    let hover = move |count| {
        if ctx.peek(|state| state.dragging) != count {
            ctx.dispatch(Action::Dragging(count));
        }
    };
    platform::on_document_drop(hover, move |files| ctx.import(files));
}

/// Root attributes, address, storage and downloads follow the state.
fn keep_outside_in_step(ctx: Ctx, beside: Beside) {
    let preferences = ctx.pick(|state| state.preferences.clone());
    Effect::new(move |first: Option<()>| {
        let preferences = preferences.get();
        platform::set_root("lang", preferences.lang.tag());
        platform::set_root("data-theme", preferences.theme.id());
        if first.is_some() {
            platform::save(PREFERENCES, &preferences);
        }
    });
    let feeds = ctx.pick(State::kept_feeds);
    Effect::new(move |first: Option<()>| {
        let feeds = feeds.get();
        if first.is_some() {
            platform::save(FEEDS, &feeds);
        }
    });
    let decisions = ctx.pick(|state| state.decisions.clone());
    Effect::new(move |first: Option<()>| {
        let decisions = decisions.get();
        if first.is_some() {
            platform::save(MAPPINGS, &state::write_mappings(&decisions));
        }
    });
    let record = ctx.pick(|state| state.alerts.view.record.clone());
    Effect::new(move |_| {
        record.with(|record| {
            if let Some(record) = record {
                platform::save(ALERTS, record);
            }
        });
    });
    let address = ctx.pick(|state| state::write(&state.view, &state.parameters));
    Effect::new(move |first: Option<()>| {
        let query = address.get();
        if first.is_some() {
            // It takes milliseconds, in which what was clicked shall show already.
            platform::in_turn(move || {
                if address.try_get_untracked().is_some_and(|last| last == query) {
                    platform::write_address(&query);
                }
            });
        }
    });
    // Exports beside the page are part of what it opens with.
    let opening = ctx.pick(|state| {
        let mut files = state.files.values();
        files.any(|file| file.url.is_some() && file.is_waiting())
    });
    let filled = ctx.within(Part::LAST).view(|_| true);
    // What the screens beside tell of.
    let has_files = ctx.pick(|state| !state.files.is_empty() || !state.feeds.is_empty());
    let ready =
        Memo::new(move |_| filled.get() && !opening.get() && (!has_files.get() || beside.is_settled()));
    Effect::new(move |_| {
        if has_files.get() {
            beside.load();
        }
    });
    Effect::new(move |_| {
        let is_ready = ready.get();
        // Only once the first numbers stand there.
        platform::soon(move || {
            platform::set_root("data-ready", if is_ready { "true" } else { "false" });
            if is_ready {
                // Before anybody clicks, and after all that the first look needs.
                platform::when_idle(move || beside.prefetch());
            }
        });
    });
    let title = ctx.pick(|state| {
        let name = (state.title.as_ref())
            .map_or_else(|| "Stockpit".to_owned(), |title| format!("{title} · Stockpit"));
        match state.urgent() {
            0 => name,
            urgent => format!("({urgent}) {name}"),
        }
    });
    Effect::new(move |_| title.with(|title| platform::set_title(title)));
    // Asked once there is something to lose: a browser that asks its user then does so with a reason.
    let is_unsafe = ctx.pick(|state| state.kept.files > 0 && state.kept.persistent == Some(false));
    Effect::new(move |asked: Option<bool>| {
        if is_unsafe.get() && asked != Some(true) {
            platform::ask_to_persist(move |promised| ctx.dispatch(Action::Persistent(promised)));
            return true;
        }
        asked == Some(true)
    });
    let forgotten = ctx.pick(|state| state.is_forgotten);
    Effect::new(move |_| {
        if forgotten.get() {
            platform::remove(PREFERENCES);
            platform::remove(FEEDS);
            platform::remove(MAPPINGS);
            platform::remove(ALERTS);
            super::herald::KEYS.into_iter().for_each(platform::remove);
            platform::write_address("");
            leptos::task::spawn_local(async {
                platform::FolderHandle::forget_all().await;
                platform::reload();
            });
        }
    });
    let download = ctx.pick(|state| state.download.clone());
    Effect::new(move |_| {
        if let Some((name, text)) = download.get() {
            platform::download(&name, &text);
            ctx.dispatch(Action::Downloaded);
        }
    });
}

/// The cockpit: what sells → what it does to stock → what to do.
#[component]
fn CockpitScreen() -> impl IntoView {
    let ctx = Ctx::get();
    let ready = ctx.within(Part::LAST).view(|_| true);
    let covered = ctx.pick(|state| state.screen != Screen::Cockpit);
    let has = move |dim: Dim| ctx.view(move |cockpit| cockpit.breakdowns.iter().any(|b| b.dim == dim));
    // Of the dimensions that say who sells and ships, the data has some; the first two get a place.
    let [channel, fulfilment, shop, brand, warehouse] = [
        Dim::Channel,
        Dim::Fulfilment,
        Dim::Shop,
        Dim::Brand,
        Dim::Warehouse,
    ]
    .map(has);
    let present = Memo::new(move |_| {
        let all = [
            (Dim::Channel, channel.get()),
            (Dim::Fulfilment, fulfilment.get()),
            (Dim::Shop, shop.get()),
            (Dim::Brand, brand.get()),
            (Dim::Warehouse, warehouse.get()),
        ];
        all.into_iter()
            .filter(|(_, has)| *has)
            .map(|(dim, _)| dim)
            .take(2)
            .collect::<Vec<_>>()
    });
    let seller = Memo::new(move |_| vec![present.with(|dims| dims.first().copied().unwrap_or(Dim::Channel))]);
    let shipper = Signal::derive(move || present.with(|dims| dims.get(1).copied()));
    let zone = move |label: T, sentence: fn(Ctx) -> String, part: Part| {
        let ctx = ctx.within(part);
        view! {
            <header class="zone-head">
                <span class="low">{move || ctx.t(label)}</span>
                <h2>{move || capitalised(&sentence(ctx))}</h2>
            </header>
        }
    };
    let wrong = ctx.pick(has_troubles);
    let staged = ctx.pick(|state| state.alerts.on_stage().is_some());
    let drill = ctx.pick(|state| state.drill().is_some());
    view! {
        <main class="cockpit" class:drill=move || drill.get() class:loading=move || !ready.get() class:hidden=move || covered.get()>
            <Later><Header /></Later>
            <div class="troubles">
                <Show when=move || drill.get()>
                    <FromBeside show=|screens: Screens| (screens.drill)() />
                </Show>
                <FromBeside show=|screens: Screens| (screens.troubles)() wanted=wrong />
                <FromBeside show=|screens: Screens| (screens.herald)() />
            </div>
            <Later><KpiStrip /></Later>
            <div class="zones">
                <Show when=move || staged.get()>
                    <FromBeside show=|screens: Screens| (screens.stage)() wanted=true />
                </Show>
                <section class="zone sells">
                    {zone(T::SellsLabel, sells_sentence, Part::Sellers)}
                    <Later part=Part::Course><SalesPanel /></Later>
                    <div class="sells-side">
                        <Later part=Part::Sellers>
                            <TopSkus />
                            <div class="column">
                                <For each=move || seller.get() key=|dim| *dim
                                    children=move |dim| view! { <BreakdownPanel dim=dim /> } />
                                <BreakdownPanel dim=Dim::Category />
                            </div>
                        </Later>
                        <Later part=Part::Regions><BreakdownPanel dim=Dim::Region class="by-region" /></Later>
                    </div>
                </section>
                <section class="zone stock">
                    {zone(T::StockLabel, stock_sentence, Part::Stock)}
                    <Later part=Part::Stock><StockZone /></Later>
                </section>
                <section class="zone act">
                    {zone(T::ActLabel, act_sentence, Part::Act)}
                    <Later part=Part::Act><ActZone second=shipper /></Later>
                </section>
            </div>
            <Later><Footer /></Later>
        </main>
    }
}

/// What is made in a task of its own, and then stays; it reads screens as `part` does.
#[component]
fn Later(
    /// Whose turn its screens come in.
    #[prop(default = Part::Numbers)]
    part: Part,
    /// Content.
    children: ChildrenFn,
) -> impl IntoView {
    let ctx = Ctx::get().within(part);
    let is_due = RwSignal::new(false);
    platform::in_turn(move || {
        let _ = is_due.try_set(true);
    });
    let children = StoredValue::new(children);
    view! {
        <Show when=move || is_due.get()>
            <Provider value=ctx>{children.with_value(|children| children())}</Provider>
        </Show>
    }
}

fn sells_sentence(ctx: Ctx) -> String {
    let facts = ctx.view(|cockpit| {
        let orders = cockpit
            .kpis
            .iter()
            .find(|kpi| kpi.id == MetricId::OrdersCreated)
            .and_then(|kpi| kpi.value);
        (
            orders,
            cockpit.facts.best.clone(),
            cockpit.source == DataSource::Empty,
        )
    });
    let (orders, best, empty) = facts.get();
    if empty {
        return ctx
            .t(match ctx.health(Basis::Orders).get().worth {
                Worth::Fresh => T::NoneYet,
                Worth::Unheard | Worth::Stale => T::Unheard,
                Worth::Still | Worth::Nothing => T::SentenceDrop,
            })
            .to_owned();
    }
    let Some(orders) = orders else {
        return ctx.t(T::NoOrders).to_owned();
    };
    let range = match super::kpis::range_name(ctx) {
        name if name.is_empty() => ctx.t(T::Always).to_owned(),
        // In the middle of a sentence a range is no title.
        name => name.to_lowercase(),
    };
    let mut parts = vec![filled(
        ctx,
        T::SentenceSells,
        &[&range, &format::count(orders, ctx.lang()).to_string()],
    )];
    parts.extend(best.map(|(sku, title, _)| filled(ctx, T::SentenceBest, &[&goods(&title, &sku)])));
    join(ctx, parts)
}

fn stock_sentence(ctx: Ctx) -> String {
    let stock = ctx.view(|cockpit| {
        let stock = &cockpit.stock;
        (
            stock.known,
            stock.out_with_demand,
            stock.critical,
            cockpit.facts.first_out.clone(),
        )
    });
    let (known, out, critical, first) = stock.get();
    if !known {
        return ctx.t(T::NoStock).to_owned();
    }
    let count = |n: u64| format::count(n, ctx.lang()).to_string();
    let mut parts = Vec::new();
    if out > 0 {
        parts.push(filled(ctx, T::SentenceOut, &[&count(out)]));
    }
    if critical > 0 {
        parts.push(filled(ctx, T::SentenceCritical, &[&count(critical)]));
    }
    if parts.is_empty() {
        parts.push(ctx.t(T::SentenceFine).to_owned());
    }
    if let Some((sku, title, days)) = first.filter(|_| parts.len() < 2) {
        let cover = format::cover(days, ctx.lang()).to_string();
        parts.push(filled(ctx, T::SentenceFirst, &[&goods(&title, &sku), &cover]));
    }
    join(ctx, parts)
}

fn act_sentence(ctx: Ctx) -> String {
    let facts = ctx.view(|cockpit| {
        (
            cockpit.facts.lost_per_day,
            cockpit.facts.unshipped,
            cockpit.currency.clone(),
            Some(cockpit.source),
        )
    });
    let (lost, unshipped, currency, source) = facts.get();
    let known = ctx.view(|cockpit| cockpit.stock.known);
    let alerts = ctx.pick(|state| (state.alerts.view.counts, state.alerts.view.at_risk));
    if source == Some(DataSource::Empty) || source.is_none() {
        return String::new();
    }
    let (counts, risk) = alerts.get();
    let urgent = counts[0] + counts[1];
    if urgent > 0 {
        let urgent = format::count(urgent, ctx.lang()).to_string();
        return match risk {
            Some(risk) => {
                let risk = format::money(risk, &currency, ctx.lang()).to_string();
                filled(ctx, T::AlertSentence, &[&urgent, &risk])
            }
            None => filled(ctx, T::AlertSentenceOnly, &[&urgent]),
        };
    }
    if !known.get() {
        return ctx.t(T::NoStockHint).to_owned();
    }
    if let Some(lost) = lost {
        return filled(
            ctx,
            T::SentenceLost,
            &[&format::money(lost, &currency, ctx.lang()).to_string()],
        );
    }
    if let Some((orders, oldest)) = unshipped.filter(|(orders, _)| *orders > 0) {
        let when = format::short_day(oldest, ctx.zone());
        return filled(
            ctx,
            T::SentenceUnshipped,
            &[&format::count(orders, ctx.lang()).to_string(), &when],
        );
    }
    ctx.t(T::SentenceNothing).to_owned()
}

/// `text` with a large first letter, where its script has one.
fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn join(ctx: Ctx, parts: Vec<String>) -> String {
    parts.join(ctx.t(T::Comma))
}
