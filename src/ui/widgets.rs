//! Widgets: values in, callbacks out.

use super::Ctx;
use super::screens::{FromBeside, Screens};
use crate::chart::Frame;
use crate::format::{self, Lang, Parts};
use crate::locale::T;
use crate::platform::{self, CanvasArea, SizeWatch};
use crate::protocol::Number;
use crate::state::{Basis, Health, Theme, Worth};
use leptos::html;
use leptos::prelude::*;

/// Goes up by one whenever the box changes that `watch` watches (it is given what to call).
fn size_changes(watch: impl Fn(Box<dyn FnMut()>) -> Option<SizeWatch> + 'static) -> ReadSignal<u32> {
    let (size, changed) = signal(0_u32);
    let kept = StoredValue::new_local(None::<SizeWatch>);
    Effect::new(move |_| {
        kept.set_value(watch(Box::new(move || {
            changed.update(|size| *size = size.wrapping_add(1))
        })));
    });
    size
}

/// A canvas that `draw` fills, again whenever what it reads, its box, the language or the theme changes.
/// It is decoration: the values stand in a table or in the rows over it.
#[component]
pub fn Canvas(
    /// Draws; may read signals.
    draw: impl Fn(&CanvasArea, &Frame) + 'static,
    /// Class of the element.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let ctx = Ctx::get();
    let node = NodeRef::<html::Canvas>::new();
    let size = size_changes(move |changed| SizeWatch::new(&*node.get()?, changed));
    let theme = ctx.pick(|state| state.preferences.theme);
    let frame = RwSignal::new(None::<Frame>);
    // Goes up whenever it is to be drawn.
    let frames = RwSignal::new(0_u32);
    Effect::new(move |last: Option<(Theme, Lang)>| {
        size.track();
        let (lang, zone) = (ctx.lang(), ctx.zone());
        let look = (theme.get(), lang);
        let measure = move || {
            let canvas = node.try_get_untracked().flatten();
            let measured = canvas.and_then(|canvas| platform::measure_frame(&canvas, lang, zone));
            let Some(last) = frame.try_get_untracked().filter(|last| *last != measured) else {
                return;
            };
            frame.set(measured);
            if last.is_some() {
                // What was drawn would be seen stretched: drawn again before this frame is painted.
                frames.update(|due| *due = due.wrapping_add(1));
            }
        };
        if last == Some(look) {
            // Told by the browser, which has just laid the page out: asking costs nothing now.
            measure();
        } else {
            // Measured once the root element has theme and language, whichever effect comes first.
            platform::soon(measure);
        }
        look
    });
    // Drawn just before the browser paints, when all that changes with the signals stands: drawing asks for
    // styles, and between two changes of the page each question would have it laid out anew.
    Effect::new(move |drawn: Option<u32>| {
        let due = frames.get();
        if drawn == Some(due) {
            platform::before_paint(move || {
                let _ = frames.try_update(|due| *due = due.wrapping_add(1));
            });
            return due;
        }
        frame.with(|frame| {
            if let (Some(frame), Some(canvas)) = (frame, node.get()) {
                platform::paint(&canvas, frame, &draw);
            }
        });
        due
    });
    view! { <canvas node_ref=node class=class aria-hidden="true"></canvas> }
}

/// Rows that fit into a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// How many; at least one.
    pub rows: usize,
    /// Height of one, rem.
    pub rem: f64,
}

/// Rows of a list that nobody has seen yet.
const UNSEEN_ROWS: usize = 8;

/// How many rows fit into the box of `node`; the height of a row is style token `row`, since a finger
/// needs higher ones than a wall.
pub fn fitting_rows(node: NodeRef<html::Div>, row: &'static str) -> Memo<Fit> {
    let size = size_changes(move |changed| SizeWatch::new(&*node.get()?, changed));
    Memo::new(move |last: Option<&Fit>| {
        size.track();
        let rem = platform::rem_token(row).unwrap_or(2.0);
        let height = node
            .get()
            .map_or(0.0, |element| f64::from(element.client_height()));
        if height <= 0.0 {
            // Not laid out yet, or covered: what was there stays.
            return last.copied().unwrap_or(Fit {
                rows: UNSEEN_ROWS,
                rem,
            });
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few dozen rows"
        )]
        let rows = (height / (rem * platform::root_px()) + 0.02).max(1.0) as usize;
        Fit { rows, rem }
    })
}

/// A card with a title, a quiet note and, at its right, what `side` shows.
#[component]
pub fn Panel(
    /// Title.
    #[prop(into)]
    title: Signal<String>,
    /// Unit, window or count, beside the title.
    #[prop(into, optional)]
    note: Signal<String>,
    /// Class of the panel.
    #[prop(optional)]
    class: &'static str,
    /// Name of the chart it shows, for tests and assistive tools.
    #[prop(optional, into)]
    chart: Option<&'static str>,
    /// What its data is, unless it tells their ages itself.
    #[prop(optional, into)]
    basis: Option<Basis>,
    /// At the right of the title.
    #[prop(optional, into)]
    side: Option<ViewFn>,
    /// Content.
    children: Children,
) -> impl IntoView {
    let ctx = Ctx::get();
    let health = move || basis.map(|basis| ctx.health(basis).get()).unwrap_or_default();
    let late = Memo::new(move |_| Some(health()).filter(|health| health.worth == Worth::Stale)?.feed);
    let is_stale = move || late.get().is_some();
    let note = move || match late.get() {
        // Why it is late takes the place of what it shows.
        Some(late) => view! { <FromBeside show=move |screens: Screens| (screens.late)(late) /> }.into_any(),
        None => (move || note.get()).into_any(),
    };
    view! {
        <section
            class=format!("panel {class}")
            class:stale=is_stale
            data-chart=chart
            data-health=move || basis.map(|_| health().worth.id())
            data-age-secs=move || health().age_secs
            aria-label=move || title.get()
        >
            <header class="panel-head">
                <h3>{move || title.get()}</h3>
                <span class="note">{note}</span>
                <span class="side">{side.map(|side| side.run())}</span>
                <span class="age">{move || age_text(ctx, health())}</span>
            </header>
            {children()}
        </section>
    }
}

/// The age of what is shown, as people read it; empty where there is nothing.
pub fn age_text(ctx: Ctx, health: Health) -> String {
    match (health.worth, health.age_secs) {
        (Worth::Fresh, None | Some(0)) => ctx.t(T::Live).to_owned(),
        (_, Some(secs)) => format::ago(secs * 1_000, ctx.lang()),
        (_, None) => String::new(),
    }
}

/// What a panel says where it shows no rows: that there are none, that nobody knows, or `title` and `hint`.
#[component]
pub fn Absent(
    /// What would be here.
    basis: Basis,
    /// What is missing where rows are there, or nothing is to bring any.
    title: T,
    /// What will appear.
    #[prop(optional)]
    hint: Option<T>,
    /// Text of the button for files.
    #[prop(optional)]
    button: Option<T>,
) -> impl IntoView {
    let ctx = Ctx::get();
    let health = ctx.health(basis);
    let has_rows = ctx.view(move |cockpit| match basis {
        Basis::Stock => cockpit.stock.known,
        Basis::Orders | Basis::Both => cockpit.extent.is_some(),
    });
    let worth = Memo::new(move |_| health.get().worth);
    let texts = move || match worth.get() {
        Worth::Fresh if !has_rows.get() => (T::NoneYet, Some(T::NoneYetHint)),
        Worth::Unheard | Worth::Stale if !has_rows.get() => (T::Unheard, Some(T::UnheardHint)),
        _ => (title, hint),
    };
    let text = move |text: Option<T>| text.map(|text| ctx.t(text).to_owned()).unwrap_or_default();
    view! {
        <Empty
            title=Signal::derive(move || text(Some(texts().0)))
            hint=Signal::derive(move || text(texts().1))
            button=Signal::derive(move || text(button.filter(|_| worth.get() == Worth::Nothing)))
            on_click=Callback::new(|()| platform::choose_files())
            worth=worth
        />
    }
}

/// A state without data: what would be here, and at most one way on.
#[component]
pub fn Empty(
    /// What is missing.
    #[prop(into)]
    title: Signal<String>,
    /// What will appear.
    #[prop(into, optional)]
    hint: Signal<String>,
    /// Text of the button; empty: none.
    #[prop(into, optional)]
    button: Signal<String>,
    /// What the button does.
    #[prop(optional, into)]
    on_click: Option<Callback<()>>,
    /// What the data is worth, where that tells what is missing.
    #[prop(into, optional)]
    worth: Signal<Worth>,
) -> impl IntoView {
    view! {
        <div class="empty" data-worth=move || worth.get().id()>
            <strong>{move || title.get()}</strong>
            <Show when=move || !hint.get().is_empty()>
                <span>{move || hint.get()}</span>
            </Show>
            <Show when=move || !button.get().is_empty()>
                <button class="button" on:click=move |_| {
                    if let Some(on_click) = on_click {
                        on_click.run(());
                    }
                }>{move || button.get()}</button>
            </Show>
        </div>
    }
}

/// A number with its units small beside it.
#[component]
pub fn Figure(
    /// The number.
    parts: Parts,
) -> impl IntoView {
    view! {
        <span class="figure">
            <small>{parts.prefix}</small>
            {parts.number}
            <small>{parts.unit}</small>
        </span>
    }
}

/// Direction of a change: an arrow, a sign, and the locale's colour for it.
#[component]
pub fn Delta(
    /// Now.
    now: Number,
    /// Then.
    before: Number,
    /// Whether the difference is in points.
    #[prop(optional)]
    rate: bool,
) -> impl IntoView {
    let difference = now.to_f64() - before.to_f64();
    let text = if rate {
        format::points(difference)
    } else {
        format::delta_percent(now, before)
    };
    // From nothing there is no rise in percent.
    if text == format::NONE {
        return view! { <span class="delta">{String::new()}</span> };
    }
    let (class, arrow) = match difference {
        d if d > 0.0 => ("delta up", "▲"),
        d if d < 0.0 => ("delta down", "▼"),
        _ => ("delta", ""),
    };
    let text = format!("{arrow} {text}");
    view! { <span class=class>{text}</span> }
}

/// Choices of which one holds.
#[component]
pub fn Segments<V: Copy + PartialEq + Send + Sync + 'static>(
    /// Value, text and id of each choice.
    #[prop(into)]
    choices: Signal<Vec<(V, &'static str, &'static str)>>,
    /// The one that holds.
    #[prop(into)]
    chosen: Signal<V>,
    /// Name of the group.
    #[prop(into)]
    label: Signal<String>,
    /// Name of the attribute that carries the id.
    kind: &'static str,
    /// Called with the choice.
    on_choice: impl Fn(V) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let button = move |(value, text, id): (V, &'static str, &'static str)| {
        let pressed = move || if chosen.get() == value { "true" } else { "false" };
        view! {
            <button aria-pressed=pressed data-choice=format!("{kind}:{id}") on:click=move |_| on_choice(value)>
                {text}
            </button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label=move || label.get()>
            {move || choices.get().into_iter().map(button).collect_view()}
        </div>
    }
}

/// Key, canonical value and cells of a row of a [`HiddenTable`].
pub type TableRow = (String, String, Vec<String>);

/// A list whose elements stay while their values change: each place in the list is made once and reads
/// its own row. What the pointer or the focus is on never vanishes under a second's new numbers.
#[component]
pub fn Slots<R, V>(
    /// The rows.
    #[prop(into)]
    rows: Signal<Vec<R>>,
    /// At most so many.
    #[prop(into, optional)]
    limit: Option<Signal<usize>>,
    /// Makes the element of one place.
    row: impl Fn(Memo<Option<R>>) -> V + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let count = Memo::new(move |_| {
        let most = limit.map_or(usize::MAX, |limit| limit.get());
        rows.with(Vec::len).min(most)
    });
    view! {
        <For
            each=move || 0..count.get()
            key=|place| *place
            children=move |place| row(Memo::new(move |_| rows.with(|rows| rows.get(place).cloned())))
        />
    }
}

/// Ranked rows over the bars that `draw` puts under them, as many as fit.
#[component]
pub fn RankList<R, V>(
    /// The box of the list, which `fits` measures.
    list: NodeRef<html::Div>,
    /// What it lists, for assistive tools.
    #[prop(into)]
    label: Signal<String>,
    /// The rows.
    #[prop(into)]
    rows: Signal<Vec<R>>,
    /// How many of them fit.
    fits: Memo<Fit>,
    /// Draws the bars; may read signals.
    draw: impl Fn(&CanvasArea, &Frame) + 'static,
    /// Makes the element of one place.
    row: impl Fn(Memo<Option<R>>) -> V + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <div class="rank" node_ref=list style=("--rows", move || rows.with(Vec::len).to_string())>
            <Canvas draw=draw class="under" />
            <div class="rank-rows" role="group" aria-label=move || label.get()>
                <Slots rows=rows limit=Signal::derive(move || fits.get().rows) row=row />
            </div>
        </div>
    }
}

/// The table behind a chart, for assistive tools, copying and tests: hidden from sight, not from them. It is
/// filled a moment after the screen, each in a task of its own, so that nobody who looks has to wait for it.
#[component]
pub fn HiddenTable(
    /// What it shows.
    #[prop(into)]
    caption: Signal<String>,
    /// Column names.
    #[prop(into)]
    heads: Signal<Vec<String>>,
    /// Key, canonical value, and the texts of the cells.
    #[prop(into)]
    rows: Signal<Vec<TableRow>>,
) -> impl IntoView {
    let revision = Ctx::get().revision();
    let shown = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        // Asked for, not only tracked: a memo that nobody asked watches nothing.
        revision.get();
        platform::soon(move || {
            // The panel may be gone by now.
            if let Some(rows) = rows.try_get_untracked() {
                let _ = shown.try_set(rows);
            }
        });
    });
    let row = |row: Memo<Option<TableRow>>| {
        let part = move |part: fn(TableRow) -> String| row.get().map(part).unwrap_or_default();
        let cells = move || row.get().map(|row| row.2).unwrap_or_default();
        let cell = |cell: String| view! { <td>{cell}</td> };
        view! {
            <tr data-key=move || part(|row| row.0) data-value=move || part(|row| row.1)>
                {move || cells().into_iter().map(cell).collect_view()}
            </tr>
        }
    };
    let head = |head: String| view! { <th scope="col">{head}</th> };
    view! {
        <div class="hidden-table"><table>
            <caption>{move || caption.get()}</caption>
            <thead><tr>{move || heads.get().into_iter().map(head).collect_view()}</tr></thead>
            <tbody><Slots rows=shown row=row /></tbody>
        </table></div>
    }
}

/// Name of a key with `T::NotSaid` for the empty one.
pub fn key_text(ctx: Ctx, dim: crate::model::Dim, key: &str) -> String {
    crate::locale::key_name(dim, key, ctx.lang())
}

/// Title of goods where known, else the SKU.
pub fn goods(title: &str, sku: &str) -> String {
    if title.is_empty() {
        sku.to_owned()
    } else {
        title.to_owned()
    }
}

/// "≥ text" of `T` with one hole.
pub fn filled(ctx: Ctx, text: T, parts: &[&str]) -> String {
    crate::locale::fill(ctx.t(text), parts)
}
