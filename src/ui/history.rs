//! The steps of import: what each changed, and the way back.

use super::Ctx;
use super::widgets::filled;
use crate::format;
use crate::locale::{T, step_sentence};
use crate::protocol::StepInfo;
use crate::state::Action;
use leptos::prelude::*;

/// The list, last step on top, with undo and redo.
#[component]
pub fn History() -> impl IntoView {
    let ctx = Ctx::get();
    let steps = ctx.pick(|state| state.steps.clone());
    let can_undo = Memo::new(move |_| steps.with(|steps| steps.iter().any(|step| step.stands)));
    let can_redo = Memo::new(move |_| steps.with(|steps| steps.iter().any(|step| !step.stands)));
    view! {
        <Show when=move || steps.with(|steps| !steps.is_empty())>
            <section class="panel history" data-role="history">
                <header class="panel-head">
                    <h3>{move || ctx.t(T::History)}</h3>
                    <span class="spring"></span>
                    <button class="button" data-role="undo" title="Ctrl+Z" disabled=move || !can_undo.get()
                        on:click=move |_| ctx.dispatch(Action::Undo)>{move || ctx.t(T::Undo)}</button>
                    <button class="button" data-role="redo" title="Ctrl+Shift+Z" disabled=move || !can_redo.get()
                        on:click=move |_| ctx.dispatch(Action::Redo)>{move || ctx.t(T::Redo)}</button>
                </header>
                <ol class="steps">
                    {move || steps.get().into_iter().rev().map(|step| row(ctx, &step)).collect_view()}
                </ol>
            </section>
        </Show>
    }
}

fn row(ctx: Ctx, step: &StepInfo) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let diff = &step.diff;
    let state = if step.stands { "stands" } else { "undone" };
    let lines = step_sentence(step, lang)
        .into_iter()
        .map(|line| view! { <span class="mid">{line}</span> })
        .collect_view();
    let statuses = diff
        .statuses
        .iter()
        .map(|(from, to, lines)| format!("{from}>{to}:{lines}"))
        .collect::<Vec<_>>()
        .join(" ");
    let at = format!(
        "{} {}",
        format::date(step.at, ctx.zone()),
        format::clock(step.at, ctx.zone())
    );
    view! {
        <li class="step" data-role="step" data-state=state data-id=step.id.to_string()
            data-new=diff.new.to_string()
            data-changed=diff.changed.to_string()
            data-same=diff.same.to_string()
            data-vanished=diff.vanished.to_string()
            data-amounts=diff.amounts.to_string()
            data-stock-new=diff.stock_new.to_string()
            data-stock-changed=diff.stock_changed.to_string()
            data-names=diff.names.map(|rows| rows.to_string()).join(" ")
            data-statuses=statuses
        >
            <strong class="name">{step.files.join(" + ")}</strong>
            <span class="low">{at}{(!step.stands).then(|| filled(ctx, T::StepUndone, &[]))}</span>
            {lines}
        </li>
    }
}
