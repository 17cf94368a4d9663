//! What to do now: alerts, where orders stand, and what the numbers come from.

use super::Ctx;
use super::alerts::AlertRail;
use super::breakdown::BreakdownPanel;
use super::screens::{FromBeside, Screens};
use super::sources::{SourcesButton, files};
use super::widgets::{Panel, Slots, filled};
use crate::format;
use crate::locale::{T, kind_name};
use crate::model::Dim;
use crate::platform;
use crate::protocol::{DataSource, Measure, SourceInfo};
use crate::state::{Action, Screen};
use leptos::prelude::*;

/// Name of a measure.
pub fn measure_name(ctx: Ctx, measure: Measure) -> &'static str {
    ctx.t(match measure {
        Measure::Gmv => T::Gmv,
        Measure::Units => T::Units,
        Measure::Orders => T::Orders,
    })
}

/// The third zone.
#[component]
pub fn ActZone(
    /// A dimension of sale that found no place elsewhere.
    #[prop(into)]
    second: Signal<Option<Dim>>,
) -> impl IntoView {
    view! {
        <AlertRail />
        <div class="pair" class:single=move || second.get().is_none()>
            <BreakdownPanel dim=Dim::Status />
            <For each=move || second.get() key=|dim| *dim children=move |dim| view! { <BreakdownPanel dim=dim /> } />
        </div>
        <DataPanel />
    }
}

/// Files that the numbers come from.
#[component]
fn DataPanel() -> impl IntoView {
    let ctx = Ctx::get();
    let files = files(ctx);
    let sources =
        Memo::new(move |_| files.with(|files| files.iter().rev().cloned().collect::<Vec<SourceInfo>>()));
    let demo = ctx.view(|cockpit| cockpit.source == DataSource::Demo);
    let lines = ctx.view(|cockpit| cockpit.lines);
    let missing = ctx.view(|cockpit| (cockpit.stock.known, cockpit.stock.sold_without_stock));
    let note = Signal::derive(move || {
        let lines = format::count(lines.get(), ctx.lang()).to_string();
        format!(
            "{} · {}",
            filled(ctx, T::LinesHeld, &[&lines]),
            ctx.t(T::DataNote)
        )
    });
    let title = Signal::derive(move || ctx.t(T::DataPanel).to_owned());
    let row = move |source: Memo<Option<SourceInfo>>| {
        let text =
            move |part: fn(&SourceInfo) -> String| source.with(|s| s.as_ref().map(part).unwrap_or_default());
        let age = move || {
            let at = source.with(|s| s.as_ref().map_or(0, |s| s.read_at.0));
            format::ago(ctx.now().0 - at, ctx.lang())
        };
        let kind = move || source.with(|s| s.as_ref().map(|s| kind_name(s.kind, ctx.lang())));
        let rows = move || {
            source.with(|s| {
                s.as_ref()
                    .map(|s| format::count(s.accepted, ctx.lang()).to_string())
            })
        };
        let age_secs = move || source.with(|s| s.as_ref().map(|s| (ctx.now().0 - s.read_at.0).max(0) / 1000));
        view! {
            <div class="source-row" data-role="source" data-state="loaded" data-age-secs=age_secs>
                <span class="dot file"></span>
                <span class="name">{move || text(|s| s.name.clone())}</span>
                <span class="low">{kind}</span>
                <span class="value">{rows}</span>
                <span class="low">{age}</span>
            </div>
        }
    };
    view! {
        <Panel title=title note=note class="data-panel">
            <div class="source-list">
                <Show when=move || demo.get()>
                    <div class="source-row" data-role="source" data-state="demo" data-age-secs="0">
                        <span class="dot live"></span>
                        <span class="name">{move || ctx.t(T::Demo)}</span>
                    </div>
                    <p class="hint">{move || ctx.t(T::DemoHint)}</p>
                </Show>
                <FromBeside show=|screens: Screens| (screens.feed_rows)() />
                <Slots rows=sources limit=Signal::derive(|| 5) row=row />
                <Show when=move || { let (known, without) = missing.get(); known && without > 0 }>
                    <p class="hint">{move || {
                        let count = format::count(missing.get().1, ctx.lang()).to_string();
                        filled(ctx, T::SoldWithoutStock, &[&count])
                    }}</p>
                </Show>
            </div>
            <div class="buttons">
                <button class="button primary" on:click=move |_| platform::choose_files()>{move || ctx.t(T::ChooseFiles)}</button>
                <SourcesButton />
                <Show when=move || ctx.pick(|state| !state.files.is_empty()).get()>
                    <button class="button" data-role="open-report" on:click=move |_| ctx.dispatch(Action::Screen(Screen::Import))>
                        {move || ctx.t(T::ImportReport)}
                    </button>
                </Show>
            </div>
        </Panel>
    }
}
