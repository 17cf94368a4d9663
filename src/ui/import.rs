//! The import report: what of each file was understood, kept and refused.

use super::Ctx;
use super::history::History;
use super::mapping::MappingPanel;
use super::mappings::Mappings;
use super::quality::DataCheck;
use super::sources::SourcesButton;
use super::widgets::{Empty, filled};
use crate::format;
use crate::locale::{T, field_name, kind_name, note_text, personal_name, problem_text, state_name};
use crate::platform;
use crate::protocol::{ColumnReport, FileId, FileReport, FileState, Problem, RefusalGroup, RefusedRow, Use};
use crate::state::{Action, FileEntry, MappingAction, Screen};
use crate::time::UtcMillis;
use leptos::prelude::*;
use std::sync::Arc;

/// Refused rows shown one by one.
const ROWS_SHOWN: usize = 20;

/// The screen.
#[component]
pub fn ImportScreen() -> impl IntoView {
    let ctx = Ctx::get();
    let covered = ctx.pick(|state| state.screen != Screen::Import);
    // The last drop on top, its files in their order.
    let ids = ctx.pick(|state| {
        let mut ids: Vec<FileId> = state.files.keys().copied().collect();
        ids.sort_by_key(|id| (std::cmp::Reverse(id.batch), id.file));
        ids
    });
    let chosen = ctx.pick(|state| state.chosen.or_else(|| state.files.keys().next_back().copied()));
    let report = ctx.pick(move |state| {
        let chosen = state.chosen.or_else(|| state.files.keys().next_back().copied())?;
        state.files.get(&chosen)?.report.clone()
    });
    let reading = ctx.pick(crate::state::State::is_reading);
    let summary = move || {
        let (files, accepted, rejected) = ctx
            .pick(|state| {
                let reports = || state.files.values().filter_map(|file| file.report.as_ref());
                let sum = |part: fn(&FileReport) -> u64| reports().map(|report| part(report)).sum::<u64>();
                (state.files.len(), sum(|r| r.accepted), sum(|r| r.rejected))
            })
            .get();
        let count = |n: u64| format::count(n, ctx.lang()).to_string();
        filled(
            ctx,
            T::FilesSummary,
            &[&files.to_string(), &count(accepted), &count(rejected)],
        )
    };
    view! {
        <main class="import" class:hidden=move || covered.get() data-role="import-report">
            <header class="import-head">
                <h1>{move || ctx.t(T::ImportReport)}</h1>
                <span class="mid">{summary}</span>
                <span class="spring"></span>
                <span class="low">{move || ctx.t(T::DeviceOnly)}</span>
            </header>
            <div class="import-files">
                <For each=move || ids.get() key=|id| *id children=move |id| view! { <FileCard id=id chosen=chosen /> } />
                <DataCheck />
                <button class="drop-more" on:click=move |_| platform::choose_files()>{move || ctx.t(T::AddMore)}</button>
                <SourcesButton />
                <p class="hint">{move || ctx.t(T::SameFileHint)}</p>
                <History />
                <Mappings />
            </div>
            <div class="import-report">
                {move || match report.get() {
                    Some(report) => view! { <Report report=report id=chosen.get() /> }.into_any(),
                    None => {
                        let text = if reading.get() { T::Reading } else { T::NoFilesYet };
                        view! { <section class="panel"><Empty title=Signal::derive(move || ctx.t(text).to_owned()) /></section> }.into_any()
                    }
                }}
            </div>
            <footer class="import-foot">
                <button class="button primary" data-role="enter" on:click=move |_| ctx.dispatch(Action::Screen(Screen::Cockpit))>
                    {move || ctx.t(T::EnterCockpit)}
                </button>
                <Show when=move || reading.get()>
                    <button class="button" data-role="cancel" on:click=move |_| {
                        if let Some(last) = ctx.peek(|state| state.files.keys().next_back().copied()) {
                            ctx.dispatch(Action::Cancel(last.batch));
                        }
                    }>{move || ctx.t(T::Cancel)}</button>
                </Show>
            </footer>
        </main>
    }
}

/// One file: its state, and its rows to scale.
#[component]
fn FileCard(id: FileId, chosen: Memo<Option<FileId>>) -> impl IntoView {
    let ctx = Ctx::get();
    let file = ctx.pick(move |state| state.files.get(&id).cloned());
    let with = move |part: fn(&FileEntry, format::Lang) -> String| {
        file.with(|file| {
            file.as_ref()
                .map(|file| part(file, ctx.lang()))
                .unwrap_or_default()
        })
    };
    let counts = move || {
        file.with(|file| {
            let report = file.as_ref().and_then(|file| file.report.clone());
            report.map_or((0, 0, 0), |report| {
                (report.accepted, report.duplicate, report.rejected)
            })
        })
    };
    let meta = move || {
        file.with(|file| {
            let Some(file) = file else { return String::new() };
            let size = (file.size > 0).then(|| format::bytes(file.size));
            let report = file.report.as_ref();
            let about = report
                .map(|r| [r.encoding.clone(), r.format.clone()])
                .into_iter()
                .flatten();
            size.into_iter()
                .chain(about)
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
        })
    };
    let understood = move || {
        file.with(|file| {
            let report = file.as_ref()?.report.clone()?;
            if let Some(problem) = &report.failure {
                return Some(problem_text(problem, ctx.lang()));
            }
            Some(format!(
                "{} · {}",
                profile_name(ctx, &report.profile),
                kind_name(report.kind, ctx.lang())
            ))
        })
    };
    let progress = move || {
        file.with(|file| {
            let file = file.as_ref()?;
            #[expect(clippy::cast_precision_loss, reason = "a bar")]
            let share = if file.size > 0 {
                file.bytes as f64 / file.size as f64
            } else {
                0.0
            };
            let waiting = file.is_waiting();
            waiting.then_some((share.min(1.0), file.rows, file.bytes))
        })
    };
    let started = StoredValue::new(None::<f64>);
    let speed = move || {
        let (_, rows, bytes) = progress()?;
        let since = started.get_value().unwrap_or_else(|| {
            let now = platform::performance_now();
            started.set_value(Some(now));
            now
        });
        let rate = format::rate(bytes, platform::performance_now() - since);
        let rows = format::count(rows, ctx.lang()).to_string();
        Some(filled(ctx, T::ReadingRows, &[&rows, &rate]))
    };
    let share = move |part: u64| {
        let (accepted, duplicate, rejected) = counts();
        let total = (accepted + duplicate + rejected).max(1);
        format!(
            "{}%",
            part * 100 / total + u64::from(part > 0 && part * 100 < total)
        )
    };
    let count = move |n: u64| format::count(n, ctx.lang()).to_string();
    let failed_url = move || {
        file.with(|file| {
            file.as_ref()
                .is_some_and(|file| file.state == FileState::Failed && file.url.is_some())
        })
    };
    view! {
        <article
            class="file-card"
            class:chosen=move || chosen.get() == Some(id)
            data-role="import-file"
            data-name=move || with(|file, _| file.shown_name().to_owned())
            data-profile=move || with(|file, _| file.report.as_ref().map(|r| r.profile.clone()).unwrap_or_default())
            data-kind=move || with(|file, _| file.report.as_ref().map(|r| r.kind.id().to_owned()).unwrap_or_default())
            data-accepted=move || counts().0.to_string()
            data-duplicate=move || counts().1.to_string()
            data-rejected=move || counts().2.to_string()
            data-state=move || with(|file, _| file.state.id().to_owned())
        >
            <button class="file-main" on:click=move |_| ctx.dispatch(Action::Choose(id))
                aria-label=move || filled(ctx, T::ReportFor, &[&with(|file, _| file.shown_name().to_owned())])>
                <strong class="name">{move || with(|file, _| file.shown_name().to_owned())}</strong>
                <span class="tag">{move || with(|file, lang| state_name(file.state, lang).to_owned())}</span>
            </button>
            <span class="low">{meta}</span>
            <span data-role="outcome">{understood}</span>
            {move || progress().map(|(share, ..)| view! {
                <span class="progress" role="progressbar" aria-valuenow=format!("{:.0}", share * 100.0)>
                    <i style:width=format!("{:.1}%", share * 100.0)></i>
                </span>
                <span class="low" data-role="speed">{speed}</span>
            })}
            <Show when=move || progress().is_none()>
                <span class="scale" aria-hidden="true">
                    <i class="accepted" style:width=move || share(counts().0)></i>
                    <i class="duplicate" style:width=move || share(counts().1)></i>
                    <i class="refused" style:width=move || share(counts().2)></i>
                </span>
                <span class="counts">
                    <span>{move || ctx.t(T::Accepted)}" "{move || count(counts().0)}</span>
                    <span>{move || ctx.t(T::Duplicate)}" "{move || count(counts().1)}</span>
                    <span>{move || ctx.t(T::Refused)}" "{move || count(counts().2)}</span>
                </span>
            </Show>
            <Show when=failed_url>
                <button class="button" data-role="retry" on:click=move |_| ctx.dispatch(Action::Retry(id))>{move || ctx.t(T::Retry)}</button>
            </Show>
        </article>
    }
}

fn profile_name(ctx: Ctx, profile: &str) -> String {
    if profile == "generic" || profile.is_empty() {
        ctx.t(T::Generic).to_owned()
    } else {
        profile.to_owned()
    }
}

/// The report of one file.
#[component]
fn Report(report: Arc<FileReport>, id: Option<FileId>) -> impl IntoView {
    let ctx = Ctx::get();
    let lang = ctx.lang();
    let count = |n: u64| format::count(n, lang).to_string();
    let big = |text: T, value: u64, class: &'static str| {
        view! {
            <div class="big">
                <span><i class=format!("swatch {class}")></i>{ctx.t(text)}</span>
                <strong>{count(value)}</strong>
            </div>
        }
    };
    let used = report
        .columns
        .iter()
        .filter(|c| matches!(c.used, Use::Field(_)))
        .count();
    let personal = report
        .columns
        .iter()
        .filter(|c| matches!(c.used, Use::Personal(_)))
        .count();
    let unused = report.columns.len() - used - personal;
    let columns_note = filled(
        ctx,
        T::ColumnsUsed,
        &[&used.to_string(), &unused.to_string(), &personal.to_string()],
    );
    let span = report.span.map(|(from, to)| {
        let span = crate::time::Span { from, to: to.plus(1) };
        filled(ctx, T::SpanOf, &[&format::range(span, ctx.zone(), lang)])
    });
    #[expect(clippy::cast_precision_loss, reason = "shown to a tenth of a second")]
    let took = filled(ctx, T::Took, &[&format!("{:.1}", report.millis as f64 / 1000.0)]);
    let mut columns = report.columns.clone();
    // What is used comes first, then what is dropped on purpose, then the rest; each in file order.
    columns.sort_by_key(|column| match column.used {
        Use::Field(_) => 0,
        Use::Personal(_) => 1,
        Use::Unused => 2,
    });
    let failure = report.failure.as_ref().map(|problem| {
        view! { <p class="failure"><span class="cross">"✕"</span>" "{problem_text(problem, lang)}</p> }
    });
    let notes = report
        .notes
        .iter()
        .map(|note| view! { <li>{note_text(note, lang)}</li> })
        .collect_view();
    let is_open = ctx.pick(move |state| {
        let draft = state.mapping.as_ref();
        draft.is_some_and(|draft| Some(draft.id) == id)
    });
    let decided = report
        .decided
        .clone()
        .map(|(at, header)| decision(ctx, at, header));
    let no_notes = report.notes.is_empty();
    let rejected = report.rejected;
    view! {
        <section class="panel import-numbers">
            {big(T::Accepted, report.accepted, "accepted")}
            {big(T::Duplicate, report.duplicate, "duplicate")}
            {big(T::Refused, report.rejected, "refused")}
            <span class="spring"></span>
            <div class="recognised">
                <span class="low">{ctx.t(T::RecognisedAs)}</span>
                <strong>{profile_name(ctx, &report.profile)}" · "{kind_name(report.kind, lang)}</strong>
                <span class="mid">{span}{report.span.map(|_| " · ")}{took}</span>
                {decided}
            </div>
            {failure}
        </section>
        {move || is_open.get().then(|| view! { <MappingPanel /> })}
        <section class="panel import-columns" class:hidden=move || is_open.get()>
            <header class="panel-head">
                <h3>{ctx.t(T::ColumnsToFields)}</h3><span class="note">{columns_note}</span>
                {(!report.columns.is_empty()).then(|| view! {
                    <button class="button" data-role="mapping-open" on:click=move |_| {
                        if let Some(id) = id {
                            ctx.dispatch(Action::Mapping(MappingAction::Open(id)));
                        }
                    }>{ctx.t(T::MapColumns)}</button>
                })}
            </header>
            <div class="scroll">
                <table class="plain">
                    <thead><tr><th>{ctx.t(T::ColumnInFile)}</th><th>{ctx.t(T::Example)}</th><th>{ctx.t(T::Field)}</th></tr></thead>
                    <tbody>{columns.into_iter().map(|column| column_row(ctx, column)).collect_view()}</tbody>
                </table>
            </div>
        </section>
        <div class="import-side" class:hidden=move || is_open.get()>
            <section class="panel">
                <header class="panel-head"><h3>{ctx.t(T::GoodToKnow)}</h3></header>
                <ul class="notes">{notes}</ul>
                {no_notes.then(|| view! { <p class="hint">{ctx.t(T::NothingToSay)}</p> })}
            </section>
            <section class="panel import-refused">
                <header class="panel-head">
                    <h3>{filled(ctx, T::RefusedRows, &[&count(rejected)])}</h3>
                    <span class="note">{ctx.t(T::RefusedByReason)}</span>
                </header>
                {if rejected == 0 {
                    view! { <p class="hint">{ctx.t(T::NoneRefused)}</p> }.into_any()
                } else {
                    refused(ctx, &report, id).into_any()
                }}
            </section>
        </div>
    }
}

/// That the columns follow a decision, for as long as it is remembered.
fn decision(ctx: Ctx, at: UtcMillis, header: Vec<String>) -> impl IntoView {
    let when = format!(
        "{} {}",
        format::date(at, ctx.zone()),
        format::clock(at, ctx.zone())
    );
    let known = header.clone();
    let is_known = ctx.pick(move |state| state.decisions.iter().any(|one| one.header == known));
    let header = StoredValue::new(header);
    view! {
        <span class="mid" data-role="mapped">
            {filled(ctx, T::MappedOn, &[&when])}" "
            <Show when=move || is_known.get()>
                <button class="link" data-role="mapping-forget" on:click=move |_| {
                    ctx.dispatch(Action::Mapping(MappingAction::Forget(header.get_value())));
                }>{move || ctx.t(T::MappingForget)}</button>
            </Show>
        </span>
    }
}

fn column_row(ctx: Ctx, column: ColumnReport) -> impl IntoView {
    let lang = ctx.lang();
    let (class, field) = match &column.used {
        Use::Field(id) => ("used", field_name(id, lang)),
        Use::Personal(kind) => (
            "personal",
            format!("{} · {}", ctx.t(T::NotImported), personal_name(*kind, lang)),
        ),
        Use::Unused => ("unused", ctx.t(T::Unused).to_owned()),
    };
    let data = match &column.used {
        Use::Field(id) => id.clone(),
        Use::Personal(_) => "personal".to_owned(),
        Use::Unused => "unused".to_owned(),
    };
    view! {
        <tr class=class data-column=column.header.clone() data-field=data>
            <td>{column.header.clone()}</td>
            <td class="low">{column.example}</td>
            <td>{field}</td>
        </tr>
    }
}

fn refused(ctx: Ctx, report: &FileReport, id: Option<FileId>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let text = move |value: &str| {
        if value.is_empty() {
            ctx.t(T::EmptyValue).to_owned()
        } else {
            value.to_owned()
        }
    };
    let reason = move |problem: &Problem| problem_text(problem, lang);
    let group = move |group: &RefusalGroup| {
        view! {
            <tr data-role="refusal" data-rows=group.rows.to_string() data-column=group.column.clone()>
                <td class="value">{format::count(group.rows, lang).to_string()}</td>
                <td>{group.column.clone()}</td>
                <td class="low">{text(&group.example)}</td>
                <td>{reason(&group.problem)}</td>
            </tr>
        }
    };
    let row = move |row: &RefusedRow| {
        view! {
            <tr>
                <td class="value">{format::count(row.line, lang).to_string()}</td>
                <td>{row.column.clone()}</td>
                <td class="low">{text(&row.value)}</td>
            </tr>
        }
    };
    let heads = move |texts: &'static [T]| {
        texts
            .iter()
            .map(|text| view! { <th>{ctx.t(*text)}</th> })
            .collect_view()
    };
    let groups = report.refusals.iter().map(group).collect_view();
    let rows = report.refused.iter().take(ROWS_SHOWN).map(row).collect_view();
    view! {
        <div class="scroll">
            <table class="plain">
                <thead><tr>{heads(&[T::Rows, T::Column, T::Value, T::Reason])}</tr></thead>
                <tbody>{groups}</tbody>
            </table>
            <table class="plain">
                <thead><tr>{heads(&[T::Line, T::Column, T::Value])}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <button class="link" data-role="download-refused" on:click=move |_| {
            if let Some(id) = id {
                ctx.dispatch(Action::ExportRefused(id));
            }
        }>{ctx.t(T::DownloadRefused)}" ›"</button>
    }
}
