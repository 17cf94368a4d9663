//! What stays in the browser: the word in the bottom line, the dialog, and the way to remove it.

use super::Ctx;
use super::widgets::filled;
use crate::format;
use crate::locale::{T, keeping_short, keeping_text};
use crate::protocol::Keeping;
use crate::state::{Action, Dialog};
use leptos::prelude::*;

/// Whether rows survive the page, in a word or two; opens the dialog.
#[component]
pub fn KeptWord() -> impl IntoView {
    let ctx = Ctx::get();
    let kept = ctx.pick(|state| state.kept.clone());
    let text = move || {
        kept.with(|kept| {
            let short = keeping_short(&kept.keeping, ctx.lang());
            match kept.keeping {
                Keeping::Kept => format!("{short} {}", format::bytes(kept.bytes)),
                _ => short.to_owned(),
            }
        })
    };
    view! {
        <button class="kept" class:hidden=move || kept.with(|kept| kept.keeping == Keeping::Nothing)
            class:wrong=move || kept.with(|kept| kept.keeping.is_trouble())
            data-role="kept"
            data-state=move || kept.with(|kept| kept.keeping.id())
            data-files=move || kept.with(|kept| kept.files.to_string())
            data-bytes=move || kept.with(|kept| kept.bytes.to_string())
            on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Kept)))>
            {text}
        </button>
    }
}

/// What is kept, how safely, and the way to remove it.
#[component]
pub fn KeptDetails() -> impl IntoView {
    let ctx = Ctx::get();
    let kept = ctx.pick(|state| state.kept.clone());
    let amount = move || {
        let kept = kept.get();
        let files = format::count(u64::from(kept.files), ctx.lang()).to_string();
        (kept.files > 0).then(|| filled(ctx, T::KeptFiles, &[&files, &format::bytes(kept.bytes)]))
    };
    let room = move || {
        let (used, all) = kept.get().room?;
        Some(filled(
            ctx,
            T::KeptRoom,
            &[&format::bytes(used), &format::bytes(all)],
        ))
    };
    let safe = move || {
        let promised = kept.get().persistent?;
        Some(ctx.t(if promised { T::KeptSafe } else { T::KeptUnsafe }))
    };
    view! {
        <div class="definition" data-role="kept-details">
            <p>{move || kept.with(|kept| keeping_text(&kept.keeping, ctx.lang()))}</p>
            <p class="mid">{amount}</p>
            <p class="mid" data-role="room">{room}</p>
            <p class="mid" data-role="persistent">{safe}</p>
            <button class="button" data-role="forget" on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Forget)))>
                {move || ctx.t(T::Forget)}
            </button>
        </div>
    }
}

/// Whether really to remove it.
#[component]
pub fn ForgetQuestion() -> impl IntoView {
    let ctx = Ctx::get();
    view! {
        <div class="definition">
            <p>{move || ctx.t(T::ForgetQuestion)}</p>
            <p>
                <button class="button primary" data-role="forget-confirm" on:click=move |_| ctx.dispatch(Action::Forget)>
                    {move || ctx.t(T::ForgetYes)}
                </button>
                " "
                <button class="button" data-role="forget-not" on:click=move |_| ctx.dispatch(Action::Dialog(None))>
                    {move || ctx.t(T::ForgetNo)}
                </button>
            </p>
        </div>
    }
}
