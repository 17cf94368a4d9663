//! Drills: how one is begun, and the bar over the whole screen while it lasts.

use super::Ctx;
use crate::locale::{drill_text, mishap_text};
use crate::protocol::{DRILL, Mishap};
use crate::state::Action;
use leptos::prelude::*;

/// Begins a drill.
#[component]
pub fn DrillStart() -> impl IntoView {
    let ctx = Ctx::get();
    let is_under_way = ctx.pick(|state| state.drill().is_some());
    let text = move |of: fn(&crate::locale::DrillText) -> &'static str| move || of(&drill_text(ctx.lang()));
    let begin = move |_| ctx.watch_address(DRILL.to_owned(), None, None, None, false);
    view! {
        <section class="feed-form" class:hidden=move || is_under_way.get()>
            <h3>{text(|text| text.title)}</h3>
            <p class="mid">{text(|text| text.hint)}</p>
            <button class="button" data-role="drill-start" on:click=begin>{text(|text| text.begin)}</button>
        </section>
    }
}

/// That what is on the screen is a drill, what can be made to happen in it, and its end.
#[component]
pub fn DrillBar() -> impl IntoView {
    let ctx = Ctx::get();
    let done = RwSignal::new(None::<Mishap>);
    let mishap = move |mishap: Mishap| {
        let act = move |_| {
            done.set(Some(mishap));
            ctx.dispatch(Action::Drill(mishap));
        };
        let text = move || mishap_text(mishap, ctx.lang());
        view! {
            <button class="button" data-role="drill-mishap" data-key=mishap.id() title=move || text().1 on:click=act>
                {move || text().0}
            </button>
        }
    };
    let end = move |_| {
        if let Some(id) = ctx.peek(crate::state::State::drill) {
            ctx.dispatch(Action::RemoveFeed(id));
        }
    };
    let said = move || match done.get() {
        Some(mishap) => mishap_text(mishap, ctx.lang()).1,
        None => drill_text(ctx.lang()).note,
    };
    view! {
        <aside class="drill-bar" data-role="drill" role="status">
            <strong>{move || drill_text(ctx.lang()).banner}</strong>
            <span class="drill-note">{said}</span>
            <div class="buttons">
                {Mishap::ALL.into_iter().map(mishap).collect_view()}
                <button class="button primary" data-role="drill-end" on:click=end>{move || drill_text(ctx.lang()).end}</button>
            </div>
        </aside>
    }
}
