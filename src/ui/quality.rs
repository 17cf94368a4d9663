//! The data check: what is odd about all rows together.

use super::Ctx;
use super::widgets::filled;
use crate::format;
use crate::locale::{T, check_advice, check_name};
use crate::protocol::Finding;
use crate::state::Action;
use leptos::prelude::*;

/// The panel; nothing while there is nothing to look at.
#[component]
pub fn DataCheck() -> impl IntoView {
    let ctx = Ctx::get();
    let findings = ctx.pick(|state| std::sync::Arc::clone(&state.findings));
    move || {
        let findings = findings.get();
        (!findings.is_empty()).then(|| panel(ctx, &findings))
    }
}

fn panel(ctx: Ctx, findings: &[Finding]) -> impl IntoView + use<> {
    let (found, passed): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| finding.count > 0);
    let passed = filled(ctx, T::DataCheckPassed, &[&passed.len().to_string()]);
    let nothing = found.is_empty();
    let rows = found.into_iter().map(|finding| row(ctx, finding)).collect_view();
    view! {
        <section class="panel data-check" data-role="data-check">
            <header class="panel-head">
                <h3>{ctx.t(T::DataCheck)}</h3>
                <span class="note">{ctx.t(T::DataCheckNote)}" · "{passed}</span>
            </header>
            {if nothing {
                view! { <p class="hint">{ctx.t(T::DataCheckFine)}</p> }.into_any()
            } else {
                view! {
                    <ul class="findings">{rows}</ul>
                    <button class="link" data-role="download-findings" on:click=move |_| ctx.dispatch(Action::ExportFindings)>
                        {ctx.t(T::DownloadFindings)}" ›"
                    </button>
                }.into_any()
            }}
        </section>
    }
}

fn row(ctx: Ctx, finding: &Finding) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let count = |n: u64| format::count(n, lang).to_string();
    let cases: Vec<String> = finding
        .cases
        .iter()
        .map(|case| {
            if case.value.is_empty() {
                case.key.clone()
            } else {
                format!("{} ({})", case.key, case.value)
            }
        })
        .collect();
    let mark = if finding.check.is_trouble() {
        ("cross", "✕")
    } else {
        ("warn", "▲")
    };
    view! {
        <li data-check=finding.check.id() data-count=finding.count.to_string() data-of=finding.of.to_string()>
            <span class=mark.0 aria-hidden="true">{mark.1}</span>
            <span class="what">
                <strong>{check_name(finding.check, lang)}</strong>
                <span class="mid">{check_advice(finding.check, lang)}</span>
                <span class="low cases">{cases.join(" · ")}</span>
            </span>
            <span class="value">{count(finding.count)}<span class="low">" / "{count(finding.of)}</span></span>
        </li>
    }
}
