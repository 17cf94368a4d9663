//! The stage: one alert over the zones on stock and action, until somebody takes it on.

use super::Ctx;
use super::alerts::{alert_said, alert_title, money, take_on};
use super::widgets::{Canvas, filled, goods};
use crate::chart::{self, Frame, Sales};
use crate::format;
use crate::locale::{T, alert_figure, alert_options};
use crate::model::Dim;
use crate::platform::CanvasArea;
use crate::protocol::{AlertLine, Measure, ProofOf, SeriesPoint};
use crate::state::Action;
use leptos::prelude::*;

/// The alert on the stage, if there is one.
#[component]
pub fn Stage() -> impl IntoView {
    let ctx = Ctx::get();
    let line = ctx.pick(|state| state.alerts.on_stage().cloned());
    let now = ctx.pick(|state| state.alerts.view.now);
    let subject = Memo::new(move |_| line.with(|line| line.as_ref().map(AlertLine::subject)));
    Effect::new(move |asked: Option<(Option<[String; 3]>, i64)>| {
        // Its course anew each minute.
        let due = (subject.get(), ctx.now().0 / 60_000);
        if let (Some(subject), true) = (&due.0, asked.as_ref() != Some(&due)) {
            ctx.dispatch(Action::Prove(subject.clone()));
        }
        due
    });
    move || line.get().map(|line| staged(ctx, line, now.get().0))
}

/// The course of what the alert of `subject` is about, beside its bound or what is usual.
#[component]
fn Proof(subject: [String; 3]) -> impl IntoView {
    let ctx = Ctx::get();
    let course = ctx.pick(move |state| {
        let (of, course) = state.proof.as_ref()?;
        (*of == subject).then(|| course.clone())
    });
    let words = |of| match of {
        ProofOf::Orders => (T::ProofOrders, T::StageUsual),
        ProofOf::Stock => (T::ProofStock, T::ProofBound),
        ProofOf::Price => (T::ProofPrice, T::StageUsual),
        ProofOf::Cost => (T::ProofPrice, T::StageCost),
        ProofOf::Waiting => (T::ProofWaiting, T::ProofPaid),
        ProofOf::Refunds => (T::ProofRefunds, T::StageUsual),
    };
    let title = move || course.with(|course| course.as_ref().map(|proof| ctx.t(words(proof.of).0)));
    let currency = ctx.pick(|state| state.alerts.view.currency.clone());
    let draw = move |area: &CanvasArea, frame: &Frame| {
        if let Some(proof) = course.get() {
            let sales = Sales {
                series: &proof.series,
                measure: proof.of.measure(),
                currency: &currency.get(),
                hover: None,
                partial_last: matches!(proof.of, ProofOf::Orders | ProofOf::Waiting | ProofOf::Refunds),
                before_label: ctx.t(words(proof.of).1),
            };
            let _ = chart::sales(area, frame, &sales);
        }
    };
    let rows = move || {
        let point = |measure: Measure, point: &SeriesPoint| {
            let value = point.value(measure);
            let (key, value) = (
                point.key.clone(),
                value.to_decimal(if measure == Measure::Gmv { 2 } else { 0 }),
            );
            view! { <tr data-key=key.clone() data-value=value.clone()><td>{key.clone()}</td><td>{value.clone()}</td></tr> }
        };
        course.with(|course| {
            course.as_ref().map(|proof| {
                let points = proof.series.points.iter();
                points.map(|each| point(proof.of.measure(), each)).collect_view()
            })
        })
    };
    view! {
        <Show when=move || course.with(Option::is_some)>
            <div class="proof" data-chart="alert-proof">
                <h3>{title}</h3>
                <div class="proof-chart"><Canvas draw=draw class="fill" /></div>
                <div class="hidden-table"><table><tbody>{rows}</tbody></table></div>
            </div>
        </Show>
    }
}

/// A bar of the stage.
struct Bar {
    name: String,
    value: f64,
    is_short: bool,
    text: String,
}

fn staged(ctx: Ctx, line: AlertLine, now: i64) -> AnyView {
    let lang = ctx.lang();
    let mut head = alert_title(ctx, &line);
    if !line.warehouse.is_empty() {
        head = format!("{head} · {}", line.warehouse);
    }
    let lasted = format::ago((now - line.since.0).max(0), lang);
    let lasted = filled(ctx, T::StageSince, &[&lasted]);
    let money = money(ctx, line.at_risk);
    let sentence = alert_said(ctx, &line);
    let risk = money.map(|money| filled(ctx, T::StageRisk, &[&money]));
    let (figure, unit) = alert_figure(&line, lang);
    let figures = |value: f64| match line.rule.as_str() {
        "refund_surge" => format::percent(value, 1).to_string(),
        _ => format::quantity(value, lang).to_string(),
    };
    let row = |name: String, value: f64| Bar {
        name,
        value: value.abs(),
        is_short: value <= 0.0,
        text: figures(value),
    };
    let is_of_goods = !line.goods.is_empty();
    let (title, rows): (T, Vec<Bar>) = match line.evidence {
        _ if is_of_goods => {
            let of_good = |line: &AlertLine| Bar {
                name: goods(&line.title, &line.sku),
                value: line.evidence.map_or(line.value, |(seen, _)| seen).abs(),
                is_short: true,
                text: alert_figure(line, lang).0,
            };
            (T::StageGoods, line.goods.iter().map(of_good).collect())
        }
        // How long the oldest order has waited is no usual number of orders.
        Some((seen, usual)) if line.places.is_empty() && line.rule != "ship_deadline" => {
            let against = match line.rule.as_str() {
                "price_below_cost" => T::StageCost,
                _ => T::StageUsual,
            };
            let row = |text: T, value: f64| row(ctx.t(text).to_owned(), value);
            (T::StageSeen, vec![row(T::StageNow, seen), row(against, usual)])
        }
        _ => {
            let places = line.places.iter().take(6).cloned();
            (
                T::StagePlaces,
                places.map(|(name, value)| row(name, value)).collect(),
            )
        }
    };
    let most = rows.iter().fold(1e-9_f64, |most, bar| most.max(bar.value));
    let bar = |bar: Bar| {
        let width = format!("{}%", (bar.value / most * 100.0).round());
        let class = match (is_of_goods, bar.is_short) {
            (true, _) => "stage-row short good",
            (false, true) => "stage-row short",
            (false, false) => "stage-row",
        };
        view! {
            <div class=class>
                <span class="name">{bar.name}</span>
                <span class="track"><i style:width=width></i></span>
                <span class="value">{bar.text}</span>
            </div>
        }
        .into_any()
    };
    let proof = (!rows.is_empty()).then(|| {
        let bars: Vec<AnyView> = rows.into_iter().map(bar).collect();
        view! { <h3>{ctx.t(title)}</h3>{bars} }.into_any()
    });
    let option = |text: String| view! { <li>{text}</li> }.into_any();
    let options: Vec<AnyView> = alert_options(&line, lang).into_iter().map(option).collect();
    let only = (line.count == 1 && !line.sku.is_empty()).then(|| {
        let sku = line.sku.clone();
        let only = move |_| {
            ctx.dispatch(Action::Stage(None));
            ctx.dispatch(Action::Toggle(Dim::Sku, sku.clone()));
        };
        view! { <button class="button" on:click=only>{ctx.t(T::StageOnly)}</button> }.into_any()
    });
    let subject = line.subject();
    let next = ctx.pick(move |state| state.alerts.next_after(&subject));
    let more = move || {
        let (count, subject) = next.get()?;
        let text = filled(
            ctx,
            T::StageNext,
            &[&format::count(count as u64, ctx.lang()).to_string()],
        );
        Some(view! {
            <button class="button" data-role="stage-next" on:click=move |_| ctx.dispatch(Action::Stage(Some(subject.clone())))>{text}</button>
        })
    };
    let (taken, label) = (line.clone(), head.clone());
    view! {
        <section
            class="stage"
            role="alertdialog"
            aria-label=label
            data-role="stage"
            data-rule=line.rule
            data-sku=line.sku
            data-warehouse=line.warehouse
            data-severity=line.severity.id().to_owned()
            data-value=line.value.to_string()
        >
            <header class="band">
                <span class="badge">{line.severity.id().to_uppercase()}</span>
                <strong class="name">{head}</strong>
                <span class="since">{lasted}</span>
                <span class="stage-figure">{figure}<small>{unit.to_owned()}</small></span>
                <p class="stage-sentence">{sentence}<small>{risk.unwrap_or_default()}</small></p>
            </header>
            <div class="stage-body">
                <div>
                    <Proof subject=line.subject() />
                    {proof}
                </div>
                <div><h3>{ctx.t(T::StageOptions)}</h3><ol>{options}</ol></div>
            </div>
            <footer class="buttons">
                <button class="button primary" data-role="acknowledge" on:click=move |_| take_on(ctx, &taken)>{ctx.t(T::AlertTake)}</button>
                {only}
                <button class="button" data-role="stage-back" on:click=move |_| ctx.dispatch(Action::Stage(None))>{ctx.t(T::StageBack)}</button>
                {more}
            </footer>
        </section>
    }
    .into_any()
}
