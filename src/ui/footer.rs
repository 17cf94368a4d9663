//! The bottom line: where the numbers come from, whether they stay, and how they are cut.

use super::Ctx;
use super::kept::KeptWord;
use super::screens::{FromBeside, Screens};
use super::sources::files;
use crate::format;
use crate::locale::{T, zone_name};
use crate::protocol::{DataSource, SourceInfo};
use crate::state::{Action, Dialog};
use leptos::prelude::*;

/// The line.
#[component]
pub fn Footer() -> impl IntoView {
    let ctx = Ctx::get();
    let sources = files(ctx);
    let facts = ctx.view(|c| (Some(c.source), c.as_of, c.currency.clone(), c.lines));
    // One that has orders and stock stands here once.
    let names = move || {
        let mut names = Vec::new();
        for SourceInfo { name, .. } in sources.get() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let source = move |name: String| {
        view! { <span class="source"><i class="dot file"></i>{name}</span> }
    };
    let right = move || {
        let (kind, as_of, currency, lines) = facts.get();
        let zone = ctx.zone();
        let minutes = zone.offset_minutes(ctx.now());
        let sign = if minutes < 0 { '−' } else { '+' };
        let offset = match (minutes.abs() / 60, minutes.abs() % 60) {
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
        };
        let until = as_of
            .filter(|_| kind == Some(DataSource::Files))
            .map(|as_of| super::widgets::filled(ctx, T::DataUntil, &[&format::date(as_of, zone)]));
        let lines = super::widgets::filled(
            ctx,
            T::LinesHeld,
            &[&format::count(lines, ctx.lang()).to_string()],
        );
        let mut parts = vec![lines];
        parts.extend(until);
        parts.extend((!currency.is_empty()).then_some(currency));
        parts.push(format!("{} ({offset})", zone_name(zone.name())));
        parts.join(" · ")
    };
    view! {
        <footer class="bottom">
            <button class="sources" data-role="sources-open" title=move || ctx.t(T::FeedsTitle)
                on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Sources)))>
                <Show when=move || facts.get().0 == Some(DataSource::Demo)>
                    <span class="source"><i class="dot live"></i>{move || ctx.t(T::Demo)}</span>
                </Show>
                <FromBeside show=|screens: Screens| (screens.feed_marks)() />
                {move || names().into_iter().map(source).collect_view()}
                <span class="more">{move || ctx.t(T::FeedsTitle)}" ›"</span>
            </button>
            <KeptWord />
            <span class="low">{right}</span>
        </footer>
    }
}
