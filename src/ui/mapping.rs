//! The panel that corrects what the columns of a file are taken for, and shows at once what comes of it.

use super::Ctx;
use super::widgets::filled;
use crate::format;
use crate::locale::{T, field_name, gap_text, kind_name, problem_text};
use crate::protocol::{Choice, FIELDS, FileKind, Gap, Preview, RefusalGroup};
use crate::state::{Action, Draft, MappingAction, Reread};
use leptos::prelude::*;
use std::sync::Arc;

fn send(ctx: Ctx, action: MappingAction) {
    ctx.dispatch(Action::Mapping(action));
}

/// The panel on the file that is being corrected.
#[component]
pub fn MappingPanel() -> impl IntoView {
    let ctx = Ctx::get();
    let close = move |_| send(ctx, MappingAction::Close);
    let reset = move |_| send(ctx, MappingAction::Automatic);
    let apply = move |_| send(ctx, MappingAction::Apply(ctx.now()));
    let hindrance = ctx.pick(|state| match &state.mapping {
        Some(draft) => Some((state.reread(draft.id), state.is_reading())),
        None => None,
    });
    let can_apply = ctx.pick(|state| {
        let is_free = |draft: &Draft| !matches!(state.reread(draft.id), Reread::Under(_) | Reread::Settled);
        let draft = state.mapping.as_ref();
        draft.is_some_and(|draft| draft.is_enough() && is_free(draft)) && !state.is_reading()
    });
    let sentence = move || match hindrance.get() {
        Some((Reread::Under(files), _)) => Some(filled(ctx, T::MappingUnder, &[&files.join(" + ")])),
        Some((Reread::Settled, _)) => Some(ctx.t(T::MappingSettled).to_owned()),
        Some((_, true)) => Some(ctx.t(T::MappingWait).to_owned()),
        _ => None,
    };
    view! {
        <section class="panel mapping" data-role="mapping" aria-label=move || ctx.t(T::MappingTitle)>
            <header class="mapping-head">
                <h3>{move || ctx.t(T::MappingTitle)}</h3>
                <KindSelect />
                <EncodingSelect />
                <span class="spring"></span>
                <button class="button" data-role="mapping-reset" on:click=reset>{move || ctx.t(T::MappingReset)}</button>
                <button class="button" data-role="mapping-close" on:click=close>{move || ctx.t(T::Close)}</button>
                <button class="button primary" data-role="mapping-apply" disabled=move || !can_apply.get() on:click=apply>
                    {move || ctx.t(T::MappingApply)}
                </button>
            </header>
            {move || sentence().map(|text| view! { <p class="blocked" role="alert" data-role="mapping-blocked">{text}</p> })}
            <div class="mapping-body">
                <div class="scroll"><Columns /></div>
                <div class="scroll mapping-result"><Outcome /></div>
            </div>
        </section>
    }
}

/// A part of what the head shows, as last read.
fn seen<P: PartialEq + Default + Send + Sync + 'static>(
    ctx: Ctx,
    part: impl Fn(&Draft, &Preview) -> P + Send + Sync + 'static,
) -> Memo<P> {
    ctx.pick(move |state| {
        let draft = state.mapping.as_ref();
        draft
            .and_then(|draft| Some(part(draft, draft.preview.as_deref()?)))
            .unwrap_or_default()
    })
}

#[component]
fn KindSelect() -> impl IntoView {
    let ctx = Ctx::get();
    let chosen = ctx.pick(|state| state.mapping.as_ref().map(|draft| draft.kind));
    let taken = seen(ctx, |_, preview| preview.sight.kind);
    let option = move |kind: FileKind| {
        let name = move || match kind {
            FileKind::Unknown => filled(ctx, T::MappingAutomatic, &[kind_name(taken.get(), ctx.lang())]),
            kind => kind_name(kind, ctx.lang()).to_owned(),
        };
        view! { <option value=kind.id() prop:selected=move || chosen.get() == Some(kind)>{name}</option> }
    };
    let kinds = [FileKind::Unknown, FileKind::Orders, FileKind::Stock];
    let change = move |event| {
        let word = event_target_value(&event);
        if let Some(kind) = kinds.into_iter().find(|kind| kind.id() == word) {
            send(ctx, MappingAction::Kind(kind));
        }
    };
    view! {
        <label>
            <span class="low">{move || ctx.t(T::MappingKind)}</span>
            <select data-role="mapping-kind" on:change=change>{kinds.map(option)}</select>
        </label>
    }
}

#[component]
fn EncodingSelect() -> impl IntoView {
    let ctx = Ctx::get();
    let chosen = ctx.pick(|state| {
        let encoding = state.mapping.as_ref().and_then(|draft| draft.encoding.clone());
        encoding.unwrap_or_default()
    });
    let taken = seen(ctx, |_, preview| preview.report.encoding.clone());
    let all = seen(ctx, |_, preview| {
        let labels = preview.sight.encodings.iter();
        labels.map(|reading| reading.encoding.clone()).collect::<Vec<_>>()
    });
    let options = move || {
        let (all, chosen) = (all.get(), chosen.get());
        let automatic = if chosen.is_empty() {
            taken.get()
        } else {
            String::new()
        };
        let automatic = filled(ctx, T::MappingAutomatic, &[&automatic]);
        let label = |label: String| {
            let selected = label == chosen;
            view! { <option value=label.clone() prop:selected=selected>{label.clone()}</option> }
        };
        view! {
            <option value="" prop:selected=chosen.is_empty()>{automatic.trim_end_matches([':', '：', ' ']).to_owned()}</option>
            {all.into_iter().map(label).collect_view()}
        }
    };
    view! {
        // A workbook says its own.
        <label class:hidden=move || all.with(Vec::is_empty)>
            <span class="low">{move || ctx.t(T::MappingEncoding)}</span>
            <select data-role="mapping-encoding" on:change=move |event| send(ctx, MappingAction::Encoding(event_target_value(&event)))>
                {options}
            </select>
        </label>
    }
}

/// Each column, with samples and what it is.
#[component]
fn Columns() -> impl IntoView {
    let ctx = Ctx::get();
    let names = seen(ctx, |_, preview| {
        let columns = preview.sight.columns.iter();
        columns
            .map(|column| (column.name.clone(), column.header.clone()))
            .collect::<Vec<_>>()
    });
    let kind = seen(ctx, |_, preview| preview.sight.kind);
    let row = move |(name, header): (String, String)| {
        let (of_samples, of_choice) = (name.clone(), name.clone());
        let samples = seen(ctx, move |_, preview| {
            let mut columns = preview.sight.columns.iter();
            let column = columns.find(|column| column.name == of_samples);
            column
                .map(|column| column.samples.join(" · "))
                .unwrap_or_default()
        });
        let choice = ctx.pick(move |state| {
            let draft = state.mapping.as_ref();
            draft
                .and_then(|draft| draft.choice(&of_choice))
                .unwrap_or(Choice::Unused)
        });
        let is_used = move || choice.with(|choice| matches!(choice, Choice::Field(_)));
        let options = move || choice.with(|choice| options(ctx, kind.get(), choice));
        let change = move |event| {
            if let Some(choice) = Choice::of(&event_target_value(&event)) {
                send(ctx, MappingAction::Column(name.clone(), choice));
            }
        };
        let shown = if header.is_empty() {
            "—".to_owned()
        } else {
            header.clone()
        };
        view! {
            <li class:used=is_used>
                <span class="name">{shown}</span>
                <span class="samples low">{samples}</span>
                <select data-role="mapping-field" data-column=header.clone() aria-label=header
                    data-choice=move || choice.with(|choice| choice.word().to_owned())
                    on:change=change>{options}</select>
            </li>
        }
    };
    view! {
        <ul class="mapping-columns">
            <For each=move || names.get() key=Clone::clone children=row />
        </ul>
    }
}

/// What a column can be: the fields of the kind, not used, never imported.
fn options(ctx: Ctx, kind: FileKind, chosen: &Choice) -> impl IntoView + use<> {
    let option = |choice: Choice, name: String| {
        view! { <option value=choice.word().to_owned() prop:selected=choice == *chosen>{name}</option> }
    };
    let is_of_kind = |orders: bool, stock: bool| if kind == FileKind::Stock { stock } else { orders };
    let mut all = vec![
        option(Choice::Unused, ctx.t(T::NotUsed).to_owned()),
        option(Choice::Personal, ctx.t(T::NeverImport).to_owned()),
    ];
    for field in FIELDS {
        let choice = Choice::Field(field.id.to_owned());
        // One that the kind has not stays visible where it was chosen before.
        if is_of_kind(field.orders, field.stock) || choice == *chosen {
            all.push(option(choice, field_name(field.id, ctx.lang())));
        }
    }
    all.into_view()
}

/// What comes of it: what is missing, how many rows enter, and how.
#[component]
fn Outcome() -> impl IntoView {
    let ctx = Ctx::get();
    let preview = ctx.pick(|state| state.mapping.as_ref().and_then(|draft| draft.preview.clone()));
    let failure = ctx.pick(|state| state.mapping.as_ref().and_then(|draft| draft.failure.clone()));
    let pending = ctx.pick(|state| state.mapping.as_ref().is_some_and(|draft| draft.pending));
    view! {
        <div class="mapping-outcome" data-role="mapping-preview"
            data-state=move || if pending.get() { "reading" } else { "done" }
            data-accepted=move || preview.with(|p| p.as_ref().map(|p| p.report.accepted.to_string()))
            data-rejected=move || preview.with(|p| p.as_ref().map(|p| p.report.rejected.to_string()))>
            {move || failure.get().map(|problem| view! {
                <p class="failure" role="alert"><span class="cross">"✕"</span>" "{problem_text(&problem, ctx.lang())}" "{ctx.t(T::MappingGone)}</p>
            })}
            {move || match preview.get() {
                Some(preview) => outcome(ctx, &preview).into_any(),
                None => view! { <p class="hint">{move || pending.get().then(|| ctx.t(T::MappingLooks))}</p> }.into_any(),
            }}
        </div>
        <Readings />
    }
}

fn outcome(ctx: Ctx, preview: &Arc<Preview>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let count = |n: u64| format::count(n, lang).to_string();
    let report = &preview.report;
    let gap = |gap: &Gap| {
        let (class, mark) = if gap.is_fatal() {
            ("fatal", "✕")
        } else {
            ("gap", "▲")
        };
        view! {
            <li class=class data-role="mapping-gap" data-gap=gap.id()>
                <span class="mark" aria-hidden="true">{mark}</span>{gap_text(*gap, lang)}
            </li>
        }
    };
    let refusal = |group: &RefusalGroup| {
        view! {
            <li>{format!("{} × {}: {}", count(group.rows), group.column, problem_text(&group.problem, lang))}
                <span class="low">" "{group.example.clone()}</span></li>
        }
    };
    let counts = [report.rows, report.accepted, report.rejected].map(count);
    let counts = filled(ctx, T::MappingCounts, &[&counts[0], &counts[1], &counts[2]]);
    let heads = preview
        .fields
        .iter()
        .map(|id| view! { <th>{field_name(id, lang)}</th> })
        .collect_view();
    let row = |row: &Vec<String>| {
        let cells = row
            .iter()
            .map(|cell| view! { <td>{cell.clone()}</td> })
            .collect_view();
        view! { <tr>{cells}</tr> }
    };
    let nothing = preview
        .rows
        .is_empty()
        .then(|| view! { <p class="hint">{ctx.t(T::MappingNothing)}</p> });
    view! {
        <ul class="gaps">{preview.sight.gaps.iter().map(gap).collect_view()}</ul>
        <p class="mapping-counts"><strong>{ctx.t(T::MappingEnters)}</strong>" "<span class="mid">{counts}</span></p>
        {nothing}
        <div class="wide"><table class="plain">
            <thead><tr>{heads}</tr></thead>
            <tbody>{preview.rows.iter().map(row).collect_view()}</tbody>
        </table></div>
        <ul class="refusals mid">{report.refusals.iter().take(5).map(refusal).collect_view()}</ul>
    }
}

/// How the first lines look in each encoding; one click takes it.
#[component]
fn Readings() -> impl IntoView {
    let ctx = Ctx::get();
    let all = seen(ctx, |_, preview| preview.sight.encodings.clone());
    let taken = seen(ctx, |_, preview| preview.report.encoding.clone());
    let is_plain = move || all.with(|all| all.iter().all(|one| one.lines.concat().is_ascii()));
    let rows = move || {
        let row = |one: crate::protocol::Reading| {
            let (label, pressed) = (one.encoding.clone(), taken.with(|taken| *taken == one.encoding));
            let pick = move |_| send(ctx, MappingAction::Encoding(label.clone()));
            let lines = one
                .lines
                .iter()
                .map(|line| view! { <span>{line.clone()}</span> })
                .collect_view();
            view! {
                <button class="reading" data-encoding=one.encoding.clone() aria-pressed=pressed.to_string() on:click=pick>
                    <strong>{one.encoding.clone()}</strong>{lines}
                </button>
            }
        };
        all.get().into_iter().map(row).collect_view()
    };
    view! {
        // Where all look the same there is nothing to choose.
        <details class="readings" class:hidden=is_plain>
            <summary>{move || ctx.t(T::MappingReadings)}</summary>
            {rows}
        </details>
    }
}
