//! How the rule that is being edited would have fared, and its bound to drag.

use super::Ctx;
use super::widgets::{Canvas, filled};
use crate::chart::{self, Frame};
use crate::format;
use crate::locale::{T, length_text, past_text, rule_metric};
use crate::platform::{self, CanvasArea};
use crate::protocol::{Past, RunOut, Spell, Trial};
use crate::state::{RuleLine, bound_of, first_bound};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use std::sync::Arc;

/// Run-outs that are named.
const NAMED: usize = 6;

/// The strip and what it says; `line`: the rule, and all rules as text; `drag`: another bound of its first comparison.
#[component]
pub fn TrialView(
    line: Signal<(RuleLine, String)>,
    drag: impl Fn(String) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let ctx = Ctx::get();
    let trial = ctx.pick(|state| state.rules.trial.clone());
    let trial = Memo::new(move |_| trial.get().unwrap_or_default());
    // The bound, where it is a number that can be dragged, and whether less of it fires.
    let bound = Memo::new(move |_| {
        line.with(|(rule, text)| {
            let ([_, sign, bound], _) = first_bound(&rule.fires)?;
            Some((bound_of(bound, text)?, sign.starts_with('<')))
        })
    });
    let is_lower = move || bound.get().is_some_and(|bound| bound.1);
    let frame = StoredValue::new(None::<Frame>);
    let draw = move |area: &CanvasArea, drawn: &Frame| {
        frame.set_value(Some(drawn.clone()));
        let bound = bound.get().map(|bound| bound.0);
        let _ = trial.with(|trial| chart::trial(area, drawn, trial, bound, is_lower()));
    };
    let plot = move || {
        let frame = frame.get_value()?;
        let bound = bound.get_untracked().map(|bound| bound.0);
        Some(trial.with_untracked(|trial| chart::trial_layout(&frame, trial, bound)))
    };
    // While it is dragged the axis stands still.
    let held = StoredValue::new(None::<chart::TrialPlot>);
    let step = move || plot().map_or(1.0, |plot| step_of(plot.values.1 - plot.values.0));
    let place = move |event: &PointerEvent| {
        let y = platform::pointer_place(event)?.1 * platform::device_ratio();
        let plot = held.get_value()?;
        Some(rounded(plot.value_at(y), step_of(plot.values.1 - plot.values.0)))
    };
    let down = move |event: PointerEvent| {
        if bound.get_untracked().is_none() {
            return;
        }
        platform::capture_pointer(&event);
        held.set_value(plot());
        if let Some(bound) = place(&event) {
            drag(bound);
        }
    };
    let moved = move |event: PointerEvent| {
        let is_new = |bound: &String| {
            line.with_untracked(|line| first_bound(&line.0.fires).is_some_and(|(parts, _)| parts[2] != bound))
        };
        if let Some(bound) = place(&event).filter(is_new) {
            drag(bound);
        }
    };
    let key = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowUp" | "ArrowRight" => 1.0,
            "ArrowDown" | "ArrowLeft" => -1.0,
            "PageUp" => 10.0,
            "PageDown" => -10.0,
            _ => return,
        };
        if let Some((bound, _)) = bound.get_untracked() {
            event.prevent_default();
            let step = step();
            drag(rounded(bound + by * step, step));
        }
    };
    let value = move || bound.get().map(|bound| bound.0.to_string());
    let label = move || {
        line.with(|line| {
            let metric = first_bound(&line.0.fires).map_or("", |(parts, _)| parts[0]);
            let (name, unit, _) = rule_metric(metric, ctx.lang());
            filled(ctx, T::TrialBound, &[name, unit])
        })
    };
    let has_picture = Memo::new(move |_| trial.with(|trial| trial.looks > 0));
    let number = |of: fn(&Trial) -> u64| move || trial.with(|trial| of(trial)).to_string();
    let title = Signal::derive(move || ctx.t(T::TrialTitle).to_owned());
    let heads = [T::TrialFrom, T::TrialTo, T::TrialWhat];
    let heads = heads
        .map(|head| view! { <th scope="col">{move || ctx.t(head)}</th> })
        .collect_view();
    view! {
        <section class="trial" data-role="trial" data-past=move || trial.with(|trial| trial.past.id())
            data-done=move || trial.with(|trial| trial.is_over().to_string()) data-fired=number(|trial| trial.fired[0])
            data-subjects=number(|trial| trial.fired[1]) data-again=number(|trial| trial.again)
            data-caught=number(|trial| trial.caught[0]) data-missed=number(|trial| trial.caught[1])
            data-looks=number(|trial| trial.looks) data-chart="rule-trial" aria-label=move || title.get()>
            <h3>{move || title.get()}" "<span class="low">{move || {
                let done = trial.with(|trial| if trial.is_over() { 1.0 } else { trial.done });
                (done < 1.0).then(|| format::percent(done, 0).to_string())
            }}</span></h3>
            <div class="canvas-box" class:hidden=move || !has_picture.get()>
                <Canvas draw=draw class="fill" />
                <div class="fill hit" role="slider" tabindex=move || if bound.get().is_some() { "0" } else { "-1" }
                    data-role="trial-bound" aria-label=label aria-orientation="vertical" aria-valuenow=value
                    aria-disabled=move || bound.get().is_none().to_string()
                    on:pointerdown=down on:pointermove=moved
                    on:pointerup=move |_| held.set_value(None) on:pointercancel=move |_| held.set_value(None)
                    on:keydown=key></div>
            </div>
            <p class="mid" data-role="trial-words" aria-live="polite">{move || words(ctx, &trial.get())}</p>
            {move || run_outs(ctx, &trial.get())}
            <div class="hidden-table"><table>
                <caption>{move || title.get()}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{move || trial.with(|trial| trial.spells.iter().map(|spell| table_row(ctx, spell)).collect::<Vec<_>>())}</tbody>
            </table></div>
        </section>
    }
}

fn when(ctx: Ctx, at: crate::time::UtcMillis) -> String {
    format!(
        "{} {}",
        format::short_day(at, ctx.zone()),
        format::clock(at, ctx.zone())
    )
}

fn what(sku: &str, warehouse: &str) -> String {
    [sku, warehouse]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

fn table_row(ctx: Ctx, spell: &Spell) -> AnyView {
    let to = spell
        .to
        .map_or_else(|| ctx.t(T::TrialStands).to_owned(), |to| when(ctx, to));
    let what = what(&spell.sku, &spell.warehouse);
    let value = what.clone();
    view! {
        <tr data-key=spell.from.0.to_string() data-value=value>
            <td>{when(ctx, spell.from)}</td><td>{to}</td><td>{what}</td>
        </tr>
    }
    .into_any()
}

/// What came of it, in words.
fn words(ctx: Ctx, trial: &Arc<Trial>) -> String {
    let lang = ctx.lang();
    if trial.fault.is_some() {
        return ctx.t(T::TrialWrong).to_owned();
    }
    let count = |of: u64| format::count(of, lang).to_string();
    let past = past_text(trial.past, &count(trial.looks), trial.looks == 1, lang);
    if !matches!(trial.past, Past::Lines | Past::Stock) || trial.looks == 0 {
        return past;
    }
    let [fired, subjects] = trial.fired.map(count);
    let mut said = match (trial.fired[0], trial.is_line) {
        (0, _) => ctx.t(T::TrialNever).to_owned(),
        (_, true) => filled(ctx, T::TrialFired, &[&fired, &length_text(trial.millis, lang)]),
        (_, false) => filled(
            ctx,
            T::TrialFiredOf,
            &[&fired, &subjects, &length_text(trial.millis, lang)],
        ),
    };
    if trial.again > 0 {
        said.push_str(&filled(ctx, T::TrialAgain, &[&count(trial.again)]));
    }
    if trial.past == Past::Stock && trial.looks > 1 {
        let [caught, missed] = trial.caught.map(count);
        let all = count(trial.caught[0] + trial.caught[1]);
        said.push_str(ctx.t(T::Stop));
        said.push_str(&if trial.caught == [0, 0] {
            ctx.t(T::TrialNoRunOut).to_owned()
        } else {
            filled(ctx, T::TrialCaught, &[&all, &caught, &missed])
        });
    }
    format!("{said}{}{past}", ctx.t(T::Stop))
}

fn run_outs(ctx: Ctx, trial: &Arc<Trial>) -> Option<AnyView> {
    let row = |out: &RunOut| {
        let lead = match out.lead {
            Some(lead) => filled(ctx, T::TrialLead, &[&length_text(lead, ctx.lang())]),
            None => ctx.t(T::TrialMissed).to_owned(),
        };
        let mark = if out.lead.is_some() { "△" } else { "▲" };
        view! {
            <li data-role="run-out" data-sku=out.sku.clone() data-caught=out.lead.is_some().to_string()>
                <span aria-hidden="true">{mark}</span>" "{what(&out.sku, &out.warehouse)}" "
                <span class="low">{when(ctx, out.at)}" · "{lead}</span>
            </li>
        }
    };
    let rows: Vec<_> = trial.run_outs.iter().take(NAMED).map(row).collect();
    (!rows.is_empty()).then(|| view! { <ul class="run-outs">{rows}</ul> }.into_any())
}

/// Steps of a bound: some two hundred over what is shown, in round numbers.
fn step_of(range: f64) -> f64 {
    let fine = (range / 100.0).max(1e-6);
    let decade = 10_f64.powf(fine.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|nice| nice * decade)
        .find(|step| *step >= fine)
        .unwrap_or(decade)
}

/// A bound in whole steps, as rules write it.
fn rounded(bound: f64, step: f64) -> String {
    let value = (bound / step).round() * step;
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}
