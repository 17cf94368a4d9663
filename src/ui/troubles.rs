//! What went wrong, above the numbers: a broken manifest, exports beside the page that did not come, kept rows that
//! are damaged.

use super::Ctx;
use super::widgets::filled;
use crate::locale::{T, problem_text};
use crate::protocol::{FileId, FileReport};
use crate::state::{Action, FileEntry, State};
use leptos::prelude::*;
use std::sync::Arc;

/// All of it.
#[component]
pub fn Troubles() -> impl IntoView {
    view! {
        <HostedTrouble />
        <LostTrouble />
    }
}

/// Whether there is any.
pub fn has_troubles(state: &State) -> bool {
    let kept = &state.kept;
    state.manifest_error.is_some()
        || kept.lost_all
        || !kept.lost.is_empty()
        || state.files.values().any(has_failed)
}

/// Whether an export beside the page came to nothing.
fn has_failed(file: &FileEntry) -> bool {
    file.url.is_some()
        && file
            .report
            .as_ref()
            .is_some_and(|report| report.failure.is_some())
}

/// What is wrong with the manifest or with an export beside the page, with a way out.
#[component]
fn HostedTrouble() -> impl IntoView {
    let ctx = Ctx::get();
    let manifest = ctx.pick(|state| state.manifest_error.clone());
    let failed = ctx.pick(|state| {
        state
            .files
            .iter()
            .filter(|(_, file)| has_failed(file))
            .map(|(id, file)| (*id, file.shown_name().to_owned(), file.report.clone()))
            .collect::<Vec<_>>()
    });
    let line = move |(id, name, report): (FileId, String, Option<Arc<FileReport>>)| {
        let why = report
            .and_then(|report| report.failure.clone())
            .map(|problem| problem_text(&problem, ctx.lang()));
        view! {
            <p class="trouble" role="alert" data-role="hosted-failure" data-name=name.clone()>
                <span class="cross">"✕"</span><strong>{name.clone()}</strong><span>{why}</span>
                <button class="button" data-role="retry" on:click=move |_| ctx.dispatch(Action::Retry(id))>{move || ctx.t(T::Retry)}</button>
            </p>
        }
    };
    view! {
        {move || manifest.get().map(|error| {
            let text = filled(ctx, T::ManifestBad, &[&error.line.to_string(), &error.column.to_string()]);
            view! { <p class="trouble" role="alert" data-role="manifest-failure"><span class="cross">"✕"</span><strong>{text}</strong><span>{error.words}</span></p> }
        })}
        {move || failed.get().into_iter().map(line).collect_view()}
    }
}

/// What was found damaged.
#[component]
fn LostTrouble() -> impl IntoView {
    let ctx = Ctx::get();
    let lost = ctx.pick(|state| (state.kept.lost.clone(), state.kept.lost_all));
    let text = move || {
        let (names, all) = lost.get();
        if all {
            ctx.t(T::KeptLostAll).to_owned()
        } else {
            filled(ctx, T::KeptLost, &[&names.join(ctx.t(T::ListComma))])
        }
    };
    view! {
        <Show when=move || lost.with(|(names, all)| *all || !names.is_empty())>
            <p class="trouble" role="alert" data-role="kept-lost"><span class="cross">"✕"</span><span>{text}</span></p>
        </Show>
    }
}
