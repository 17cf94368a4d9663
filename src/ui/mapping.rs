//! The panel that corrects what the columns of a file are taken for, and shows at once what comes of it.

use super::Ctx;
use super::widgets::filled;
use crate::format;
use crate::locale::{T, field_name, gap_text, key_name, kind_name, problem_text};
use crate::model::Dim;
use crate::protocol::{Choice, FIELDS, FileKind, Gap, Preview, Reading, RefusalGroup};
use crate::state::{Action, Draft, MappingAction, Reread, State};
use leptos::prelude::*;
use std::sync::Arc;

/// What the head of the file shows, as last read.
type Seen = Memo<Option<Arc<Preview>>>;

fn send(ctx: Ctx, action: MappingAction) {
    ctx.dispatch(Action::Mapping(action));
}

/// A text of the draft, told when it changes; empty while there is none. One memo for all of them: each kind of
/// memo has its price in bytes.
fn text(ctx: Ctx, part: impl Fn(&Draft) -> String + Send + Sync + 'static) -> Memo<String> {
    text_of(
        ctx,
        Box::new(move |state| state.mapping.as_ref().map(&part).unwrap_or_default()),
    )
}

fn text_of(ctx: Ctx, part: Box<dyn Fn(&State) -> String + Send + Sync>) -> Memo<String> {
    ctx.pick(move |state| part(state))
}

/// The panel on the file that is being corrected.
#[component]
pub fn MappingPanel() -> impl IntoView {
    let ctx = Ctx::get();
    let seen: Seen = ctx.pick(|state| state.mapping.as_ref().and_then(|draft| draft.preview.clone()));
    let close = move |_| send(ctx, MappingAction::Close);
    let reset = move |_| send(ctx, MappingAction::Automatic);
    let apply = move |_| send(ctx, MappingAction::Apply(ctx.now()));
    let hindrance = Box::new(move |state: &State| {
        let how = state.mapping.as_ref().map(|draft| state.reread(draft.id));
        let text = |text: T| text.of(state.preferences.lang).to_owned();
        match how {
            Some(Reread::Under(files)) => crate::locale::fill(&text(T::MappingUnder), &[&files.join(" + ")]),
            Some(Reread::Settled) => text(T::MappingSettled),
            _ if state.is_reading() => text(T::MappingWait),
            _ => String::new(),
        }
    });
    let hindrance = text_of(ctx, hindrance);
    let enough = text(ctx, |draft| draft.is_enough().to_string());
    let can_apply = move || hindrance.with(String::is_empty) && enough.get() == "true";
    let sentence = move || {
        let text = Some(hindrance.get()).filter(|text| !text.is_empty());
        text.map(|text| view! { <p class="blocked" role="alert" data-role="mapping-blocked">{text}</p> })
    };
    view! {
        <section class="panel mapping" data-role="mapping" aria-label=move || ctx.t(T::MappingTitle)>
            <header class="mapping-head">
                <h3>{move || ctx.t(T::MappingTitle)}</h3>
                {kind_select(ctx, seen)}
                {encoding_select(ctx, seen)}
                <div class="buttons">
                    <button class="button" data-role="mapping-reset" on:click=reset>{move || ctx.t(T::MappingReset)}</button>
                    <button class="button" data-role="mapping-close" on:click=close>{move || ctx.t(T::Close)}</button>
                    <button class="button primary" data-role="mapping-apply" disabled=move || !can_apply() on:click=apply>
                        {move || ctx.t(T::MappingApply)}
                    </button>
                </div>
            </header>
            {sentence}
            <div class="mapping-body">
                <div class="scroll">{columns(ctx, seen)}</div>
                <div class="scroll mapping-result">{result(ctx, seen)}{readings(ctx, seen)}</div>
            </div>
        </section>
    }
}

/// An option of a list.
fn option(value: &str, name: String, selected: bool) -> AnyView {
    let value = value.to_owned();
    view! { <option value=value prop:selected=selected>{name}</option> }.into_any()
}

fn kind_select(ctx: Ctx, seen: Seen) -> impl IntoView {
    let chosen = text(ctx, |draft| draft.decision.kind.id().to_owned());
    let kinds = [FileKind::Unknown, FileKind::Orders, FileKind::Stock];
    let options = move || {
        let taken = seen.with(|seen| seen.as_ref().map_or(FileKind::Unknown, |seen| seen.sight.kind));
        let name = |kind: FileKind| match kind {
            FileKind::Unknown => filled(ctx, T::MappingAutomatic, &[kind_name(taken, ctx.lang())]),
            kind => kind_name(kind, ctx.lang()).to_owned(),
        };
        let all = kinds.map(|kind| option(kind.id(), name(kind), chosen.get() == kind.id()));
        Vec::from(all)
    };
    let change = move |event| {
        let word = event_target_value(&event);
        if let Some(kind) = kinds.into_iter().find(|kind| kind.id() == word) {
            send(ctx, MappingAction::Kind(kind));
        }
    };
    view! {
        <label>
            <span class="low">{move || ctx.t(T::MappingKind)}</span>
            <select data-role="mapping-kind" on:change=change>{options}</select>
        </label>
    }
}

fn encoding_select(ctx: Ctx, seen: Seen) -> impl IntoView {
    let chosen = text(ctx, |draft| draft.decision.encoding.clone().unwrap_or_default());
    let options = move || {
        let chosen = chosen.get();
        seen.with(|seen| {
            let Some(seen) = seen else { return Vec::new() };
            let automatic = if chosen.is_empty() {
                filled(ctx, T::MappingAutomatic, &[&seen.report.encoding])
            } else {
                ctx.t(T::Automatic).to_owned()
            };
            let mut all = vec![option("", automatic, chosen.is_empty())];
            for one in &seen.sight.encodings {
                all.push(option(
                    &one.encoding,
                    one.encoding.clone(),
                    one.encoding == chosen,
                ));
            }
            all
        })
    };
    // A workbook says its own.
    let none = move || seen.with(|seen| seen.as_ref().is_none_or(|seen| seen.sight.encodings.is_empty()));
    let change = move |event| send(ctx, MappingAction::Encoding(event_target_value(&event)));
    view! {
        <label class:hidden=none>
            <span class="low">{move || ctx.t(T::MappingEncoding)}</span>
            <select data-role="mapping-encoding" on:change=change>{options}</select>
        </label>
    }
}

/// Each column, with samples and what it is. The list is made anew only where the columns are others.
fn columns(ctx: Ctx, seen: Seen) -> impl IntoView {
    let headers = text(ctx, |draft| {
        let columns = draft.preview.iter().flat_map(|seen| &seen.sight.columns);
        columns.map(|column| format!("{}\0", column.name)).collect()
    });
    let kind = text(ctx, |draft| {
        let seen = draft.preview.as_ref();
        seen.map_or("", |seen| seen.sight.kind.id()).to_owned()
    });
    let rows = move || {
        // Read, not only tracked: a memo that nobody reads does not watch.
        let columns = headers
            .with(|_| seen.with_untracked(|seen| seen.as_ref().map(|seen| seen.sight.columns.clone())));
        let columns = columns.unwrap_or_default().into_iter();
        columns
            .map(|column| row(ctx, kind, column.name, column.header))
            .collect_view()
    };
    view! { <ul class="mapping-columns">{rows}</ul> }
}

fn row(ctx: Ctx, kind: Memo<String>, name: String, header: String) -> AnyView {
    let (of_samples, of_guess, of_choice) = (name.clone(), name.clone(), name.clone());
    let samples = text(ctx, move |draft| {
        let mut columns = draft.preview.iter().flat_map(|seen| &seen.sight.columns);
        let column = columns.find(|column| column.name == of_samples);
        column
            .map(|column| column.samples.join(" · "))
            .unwrap_or_default()
    });
    // What was chosen by hand is none any more.
    let guess = text(ctx, move |draft| {
        let mut columns = draft.preview.iter().flat_map(|seen| &seen.sight.columns);
        let column = columns.find(|column| column.name == of_guess);
        let is_guess =
            column.is_some_and(|column| column.is_guess) && draft.decision.column(&of_guess).is_none();
        (if is_guess { ctx.t(T::IsGuess) } else { "" }).to_owned()
    });
    let choice = text(ctx, move |draft| {
        let choice = draft.choice(&of_choice).unwrap_or(Choice::Unused);
        choice.word().to_owned()
    });
    let is_used = move || choice.with(|choice| !matches!(choice.as_str(), "unused" | "personal"));
    let options = move || kind.with(|kind| choice.with(|choice| options(ctx, kind, choice)));
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
            <span class="samples low"><em data-role="mapping-guess">{guess}</em>" "{samples}</span>
            <select data-role="mapping-field" data-column=header.clone() aria-label=header data-choice=choice
                on:change=change>{options}</select>
        </li>
    }
    .into_any()
}

/// What a column can be: not used, never imported, or a field of the kind.
fn options(ctx: Ctx, kind: &str, chosen: &str) -> Vec<AnyView> {
    let is_stock = kind == FileKind::Stock.id();
    let mut all = vec![
        option("unused", ctx.t(T::NotUsed).to_owned(), chosen == "unused"),
        option("personal", ctx.t(T::NeverImport).to_owned(), chosen == "personal"),
    ];
    for field in FIELDS {
        let is_of_kind = if is_stock { field.stock } else { field.orders };
        // One that the kind has not stays visible where it was chosen before.
        if is_of_kind || field.id == chosen {
            all.push(option(
                field.id,
                field_name(field.id, ctx.lang()),
                field.id == chosen,
            ));
        }
    }
    all
}

/// What comes of it: what is missing, how many rows enter, and how.
fn result(ctx: Ctx, seen: Seen) -> impl IntoView {
    let pending = text(ctx, |draft| draft.pending.to_string());
    let is_pending = move || pending.get() == "true";
    let count = move |part: fn(&Preview) -> u64| {
        move || seen.with(|seen| seen.as_ref().map(|seen| part(seen).to_string()))
    };
    let content = move || match seen.get() {
        Some(seen) => outcome(ctx, &seen).into_any(),
        None => {
            view! { <p class="hint">{move || is_pending().then(|| ctx.t(T::MappingLooks))}</p> }.into_any()
        }
    };
    view! {
        <div class="mapping-outcome" data-role="mapping-preview"
            data-state=move || if is_pending() { "reading" } else { "done" }
            data-accepted=count(|seen| seen.report.accepted) data-rejected=count(|seen| seen.report.rejected)>
            {failed(ctx)}
            {content}
        </div>
    }
}

fn failed(ctx: Ctx) -> impl IntoView {
    let text = text_of(
        ctx,
        Box::new(|state| {
            let problem = state.mapping.as_ref().and_then(|draft| draft.failure.as_ref());
            problem.map_or_else(String::new, |problem| {
                problem_text(problem, state.preferences.lang)
            })
        }),
    );
    move || {
        let text = Some(text.get()).filter(|text| !text.is_empty());
        text.map(|text| {
            view! { <p class="failure" role="alert"><span class="cross">"✕"</span>" "{text}" "{ctx.t(T::MappingGone)}</p> }
        })
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
        let cell = |(cell, field): (&String, &String)| {
            let is_status = field == "dim:status";
            let text = if is_status {
                key_name(Dim::Status, cell, lang)
            } else {
                cell.clone()
            };
            view! { <td>{text}</td> }
        };
        let cells = row.iter().zip(&preview.fields).map(cell).collect_view();
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
fn readings(ctx: Ctx, seen: Seen) -> impl IntoView {
    let rows = move || {
        let row = |one: &Reading, pressed: bool| {
            let label = one.encoding.clone();
            let pick = move |_| send(ctx, MappingAction::Encoding(label.clone()));
            let lines = one.lines.iter().map(|line| view! { <span>{line.clone()}</span> });
            view! {
                <button class="reading" data-encoding=one.encoding.clone() aria-pressed=pressed.to_string() on:click=pick>
                    <strong>{one.encoding.clone()}</strong>{lines.collect_view()}
                </button>
            }
            .into_any()
        };
        let Some(seen) = seen.get() else { return Vec::new() };
        let all = seen.sight.encodings.iter();
        all.map(|one| row(one, one.encoding == seen.report.encoding))
            .collect()
    };
    // Where all look the same there is nothing to choose.
    let is_plain = move || {
        seen.with(|seen| {
            let mut all = seen.iter().flat_map(|seen| &seen.sight.encodings);
            all.all(|one| one.lines.concat().is_ascii())
        })
    };
    view! {
        <details class="readings" class:hidden=is_plain>
            <summary>{move || ctx.t(T::MappingReadings)}</summary>
            {rows}
        </details>
    }
}
