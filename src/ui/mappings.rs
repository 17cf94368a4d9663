//! What was decided about the columns of files: a list, and the way into other browsers.

use super::Ctx;
use super::widgets::filled;
use crate::format;
use crate::locale::{T, kind_name};
use crate::platform;
use crate::protocol::Decision;
use crate::state::{Action, MappingAction};
use leptos::prelude::*;

/// Names of a header that are shown.
const NAMES: usize = 3;

/// The list, the last decision on top.
#[component]
pub fn Mappings() -> impl IntoView {
    let ctx = Ctx::get();
    let decisions = ctx.pick(|state| state.decisions.clone());
    let imported = ctx.pick(|state| state.imported.clone());
    let is_empty = Memo::new(move |_| decisions.with(Vec::is_empty));
    let hint = move || {
        ctx.t(if is_empty.get() {
            T::MappingsNone
        } else {
            T::MappingsHint
        })
    };
    let outcome = move || {
        imported.get().map(|imported| match imported {
            Ok(count) => {
                let text = filled(ctx, T::MappingsImported, &[&count.to_string()]);
                view! { <p class="mid" role="status" data-role="mappings-imported">{text}</p> }.into_any()
            }
            Err(error) => {
                let place = [error.line, error.column].map(|at| at.to_string());
                let text = filled(ctx, T::MappingsBad, &[&place[0], &place[1]]);
                view! {
                    <p role="alert" data-role="mappings-bad"><span class="cross">"✕"</span>" "{text}" "<span class="low">{error.words}</span></p>
                }.into_any()
            }
        })
    };
    let import = move |event| {
        for file in platform::picked_files(&event) {
            leptos::task::spawn_local(async move { ctx.import_mappings(file).await });
        }
    };
    view! {
        <section class="panel mappings" data-role="mappings" data-count=move || decisions.with(Vec::len).to_string()>
            <header class="panel-head"><h3>{move || ctx.t(T::Mappings)}</h3></header>
            <p class="hint">{hint}</p>
            <ul>{move || decisions.get().into_iter().rev().map(|one| row(ctx, one)).collect_view()}</ul>
            {outcome}
            <div class="buttons">
                <label class="button">
                    {move || ctx.t(T::MappingsImport)}
                    <input class="file-input" type="file" accept=".json,application/json" data-role="mappings-import" on:change=import />
                </label>
                <button class="button" data-role="mappings-export" disabled=move || is_empty.get()
                    on:click=move |_| ctx.dispatch(Action::Mapping(MappingAction::Export))>{move || ctx.t(T::MappingsExport)}</button>
            </div>
        </section>
    }
}

fn row(ctx: Ctx, decision: Decision) -> impl IntoView {
    let mut names = decision
        .header
        .iter()
        .take(NAMES)
        .cloned()
        .collect::<Vec<_>>()
        .join(" · ");
    if decision.header.len() > NAMES {
        names.push_str(" …");
    }
    let about = format!(
        "{} · {}",
        kind_name(decision.kind, ctx.lang()),
        format::date(decision.decided, ctx.zone())
    );
    let label = format!("{}: {names}", ctx.t(T::MappingForget));
    let header = decision.header;
    view! {
        <li>
            <span class="what"><span class="name">{names}</span><span class="low">{about}</span></span>
            <button class="button" aria-label=label data-role="mappings-forget" on:click=move |_| {
                ctx.dispatch(Action::Mapping(MappingAction::Forget(header.clone())));
            }>"✕"</button>
        </li>
    }
}
