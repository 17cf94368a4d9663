//! Alerts that are not told aloud for a while.

use super::Ctx;
use super::rules::rule_name;
use super::widgets::filled;
use crate::format;
use crate::locale::{T, quiet_text};
use crate::protocol::{Quiet, SilenceLine};
use crate::state::{Action, Dialog};
use leptos::prelude::*;

/// How long is it to be silent?
#[component]
pub fn Silence() -> impl IntoView {
    let ctx = Ctx::get();
    let asked = ctx.pick(|state| state.alerts.asked.clone());
    let button = move |quiet: Quiet| {
        let silence = move |_| {
            if let Some(subject) = asked.get_untracked() {
                ctx.dispatch(Action::Silence(subject, Some(quiet)));
                ctx.dispatch(Action::Dialog(None));
            }
        };
        view! {
            <button class="button" data-role="silence-for" data-quiet=quiet.id() on:click=silence>
                {move || quiet_text(quiet, ctx.lang())}
            </button>
        }
    };
    view! {
        <div class="silence" data-role="silence-form">
            <strong>{move || asked.get().map(|subject| subject_text(ctx, &subject))}</strong>
            <p class="mid">{move || ctx.t(T::SilenceHint)}</p>
            <div class="buttons">{Quiet::ALL.map(button).collect_view()}</div>
            <Silences />
            <button class="link" data-role="silence-rules" on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Rules)))>
                {move || ctx.t(T::Rules)}
            </button>
        </div>
    }
}

/// What is silent now, with the way out.
#[component]
pub fn Silences() -> impl IntoView {
    let ctx = Ctx::get();
    let silences = ctx.pick(|state| state.alerts.view.silences.clone());
    let row = move |line: SilenceLine| {
        let what = subject_text(ctx, &line.subject);
        let (day, clock) = (
            format::short_day(line.until, ctx.zone()),
            format::clock(line.until, ctx.zone()),
        );
        let text = if line.until_over {
            T::SilenceOver
        } else {
            T::SilenceUntil
        };
        let until = filled(ctx, text, &[&format!("{day} {clock}")]);
        let [rule, warehouse, sku] = line.subject.clone();
        let end = move |_| ctx.dispatch(Action::Silence(line.subject.clone(), None));
        view! {
            <li data-role="silence-line" data-rule=rule data-warehouse=warehouse data-sku=sku>
                <span class="what"><span class="name">{what}</span><span class="low">{until}</span></span>
                <button class="button" data-role="silence-end" on:click=end>{ctx.t(T::SilenceEnd)}</button>
            </li>
        }
    };
    view! {
        <section class="silences" class:hidden=move || silences.with(Vec::is_empty)>
            <h3>{move || ctx.t(T::Silences)}</h3>
            <ul>{move || silences.get().into_iter().map(row).collect_view()}</ul>
        </section>
    }
}

fn subject_text(ctx: Ctx, [rule, warehouse, sku]: &[String; 3]) -> String {
    let name = rule_name(ctx, rule);
    let parts = [name.as_str(), sku, warehouse]
        .into_iter()
        .filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}
