//! The stage: one alert over the zones on stock and action, until somebody takes it on.

use super::Ctx;
use super::alerts::{alert_title, money, take_on};
use super::widgets::filled;
use crate::format;
use crate::locale::{T, alert_figure, alert_options, alert_sentence};
use crate::model::Dim;
use crate::protocol::AlertLine;
use crate::state::Action;
use leptos::prelude::*;

/// The alert on the stage, if there is one.
#[component]
pub fn Stage() -> impl IntoView {
    let ctx = Ctx::get();
    let line = ctx.pick(|state| state.alerts.on_stage().cloned());
    // A new one enters; new numbers of the same one do not.
    let subject = Memo::new(move |_| line.with(|line| line.as_ref().map(AlertLine::subject)));
    view! {
        <For each=move || subject.get() key=Clone::clone children=move |_| view! { <Staged line=line /> } />
    }
}

#[component]
fn Staged(line: Memo<Option<AlertLine>>) -> impl IntoView {
    let ctx = Ctx::get();
    let read = move |part: fn(&AlertLine, Ctx) -> String| {
        move || line.with(|line| line.as_ref().map(|line| part(line, ctx)).unwrap_or_default())
    };
    let head = read(|line, ctx| {
        let place = &line.warehouse;
        let title = alert_title(ctx, line);
        if place.is_empty() {
            title
        } else {
            format!("{title} · {place}")
        }
    });
    let now = ctx.pick(|state| state.alerts.view.now);
    let lasted = move || {
        let since = line.with(|line| line.as_ref().map_or(0, |line| line.since.0));
        let ago = format::ago((now.get().0 - since).max(0), ctx.lang());
        filled(ctx, T::StageSince, &[&ago])
    };
    let sentence = read(|line, ctx| alert_sentence(line, money(ctx, line.at_risk).as_deref(), ctx.lang()));
    let risk = read(|line, ctx| {
        let risk = money(ctx, line.at_risk);
        risk.map(|risk| filled(ctx, T::StageRisk, &[&risk]))
            .unwrap_or_default()
    });
    let bars = move || {
        line.with(|line| {
            let line = line.as_ref()?;
            let (seen, usual) = line.evidence.unwrap_or_default();
            let rows = if line.places.is_empty() && line.evidence.is_some() {
                vec![
                    (ctx.t(T::StageNow).to_owned(), seen),
                    (ctx.t(T::StageUsual).to_owned(), usual),
                ]
            } else {
                line.places.iter().take(6).cloned().collect()
            };
            let most = rows.iter().fold(0.0_f64, |most, row| most.max(row.1.abs()));
            let bar = |(name, value): (String, f64)| {
                let width = format!("{:.1}%", value.abs() / most.max(1e-9) * 100.0);
                let text = format::quantity(value, ctx.lang()).to_string();
                view! {
                    <div class="stage-row" class:short=value <= 0.0>
                        <span class="name">{name}</span>
                        <span class="track"><i style:width=width></i></span>
                        <span class="value">{text}</span>
                    </div>
                }
            };
            (!rows.is_empty()).then(|| rows.into_iter().map(bar).collect_view())
        })
    };
    let title = move || {
        let is_of_places = line.with(|line| line.as_ref().is_some_and(|line| !line.places.is_empty()));
        ctx.t(if is_of_places {
            T::StagePlaces
        } else {
            T::StageSeen
        })
    };
    let options = move || {
        let options = line.with(|line| line.as_ref().map(|line| alert_options(line, ctx.lang())));
        options
            .unwrap_or_default()
            .into_iter()
            .map(|text| view! { <li>{text}</li> })
            .collect_view()
    };
    let figure = read(|line, ctx| alert_figure(line, ctx.lang()).0);
    let unit = read(|line, ctx| alert_figure(line, ctx.lang()).1.to_owned());
    let is_of_goods = move || {
        line.with(|line| {
            line.as_ref()
                .is_some_and(|line| line.count == 1 && !line.sku.is_empty())
        })
    };
    let only = move |_| {
        if let Some(line) = line.get_untracked() {
            ctx.dispatch(Action::Stage(None));
            ctx.dispatch(Action::Toggle(Dim::Sku, line.sku));
        }
    };
    let take = move |_| {
        if let Some(line) = line.get_untracked() {
            take_on(ctx, &line);
        }
    };
    view! {
        <section
            class="stage"
            role="alertdialog"
            aria-label=head
            data-role="stage"
            data-rule=read(|line, _| line.rule.clone())
            data-sku=read(|line, _| line.sku.clone())
            data-warehouse=read(|line, _| line.warehouse.clone())
            data-severity=read(|line, _| line.severity.id().to_owned())
            data-value=read(|line, _| line.value.to_string())
        >
            <header class="band">
                <span class="badge">{read(|line, _| line.severity.id().to_uppercase())}</span>
                <strong class="name">{head}</strong>
                <span class="since">{lasted}</span>
                <span class="stage-figure">{figure}<small>{unit}</small></span>
                <p class="stage-sentence">{sentence}<small>{risk}</small></p>
            </header>
            <div class="stage-body">
                <div class="stage-proof"><h3>{title}</h3>{bars}</div>
                <div><h3>{move || ctx.t(T::StageOptions)}</h3><ol>{options}</ol></div>
            </div>
            <footer class="buttons">
                <button class="button primary" data-role="acknowledge" on:click=take>{move || ctx.t(T::AlertTake)}</button>
                <Show when=is_of_goods>
                    <button class="button" on:click=only>{move || ctx.t(T::StageOnly)}</button>
                </Show>
                <button class="button" data-role="stage-back" on:click=move |_| ctx.dispatch(Action::Stage(None))>
                    {move || ctx.t(T::StageBack)}
                </button>
            </footer>
        </section>
    }
}
