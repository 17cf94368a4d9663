//! The rail of alerts: what is to be acted on, the worst first.

use super::Ctx;
use super::widgets::{Empty, Panel, Slots, filled, fitting_rows, goods};
use crate::format;
use crate::locale::{T, alert_name, alert_sentence};
use crate::model::Dim;
use crate::protocol::{AlertLine, DataSource, Severity};
use crate::state::Action;
use leptos::html;
use leptos::prelude::*;

/// Alerts of all there is, whatever is filtered.
#[component]
pub fn AlertRail() -> impl IntoView {
    let ctx = Ctx::get();
    let lines = ctx.pick(|state| state.alerts.view.lines.clone());
    let totals = ctx.pick(|state| (state.alerts.view.counts, state.alerts.view.at_risk));
    let is_empty = ctx.view(|cockpit| cockpit.source == DataSource::Empty);
    let title = Signal::derive(move || ctx.t(T::Alerts).to_owned());
    let note = Signal::derive(move || {
        let (counts, risk) = totals.get();
        let counts = counts.map(|count| format::count(count, ctx.lang()).to_string());
        let said = filled(ctx, T::AlertsNote, &[&counts[0], &counts[1], &counts[2]]);
        match money(ctx, risk) {
            Some(risk) => format!("{said} · {}", filled(ctx, T::AlertsRisk, &[&risk])),
            None => said,
        }
    });
    let list = NodeRef::<html::Div>::new();
    let fits = fitting_rows(list, "--alert-row");
    let is_calm = Memo::new(move |_| lines.with(Vec::is_empty));
    let calm = Signal::derive(move || {
        ctx.t(if is_empty.get() {
            T::AlertsNoData
        } else {
            T::AlertsCalm
        })
        .to_owned()
    });
    let hint = Signal::derive(move || ctx.t(T::AlertsCalmHint).to_owned());
    view! {
        <Panel title=title note=note class="alerts">
            <div class="alert-list" node_ref=list style=("--rows", move || lines.with(Vec::len).to_string())>
                <Slots rows=lines limit=Signal::derive(move || fits.get().rows) row=move |line| view! { <AlertCard line=line /> } />
            </div>
            <Show when=move || is_calm.get()><Empty title=calm hint=hint /></Show>
        </Panel>
    }
}

#[component]
fn AlertCard(line: Memo<Option<AlertLine>>) -> impl IntoView {
    let ctx = Ctx::get();
    let read =
        move |part: fn(&AlertLine) -> String| line.with(|line| line.as_ref().map(part).unwrap_or_default());
    let name = move || line.with(|line| line.as_ref().map(|line| alert_title(ctx, line)));
    let sentence = move || {
        line.with(|line| {
            let line = line.as_ref()?;
            if line.count > 1 {
                let count = format::count(line.count, ctx.lang()).to_string();
                return Some(filled(ctx, T::AlertOf, &[&count, &goods(&line.title, &line.sku)]));
            }
            Some(alert_sentence(
                line,
                money(ctx, line.at_risk).as_deref(),
                ctx.lang(),
            ))
        })
    };
    let place = move || {
        line.with(|line| match line.as_ref() {
            Some(line) if line.warehouse.is_empty() && !line.sku.is_empty() => {
                ctx.t(T::AlertAllPlaces).to_owned()
            }
            Some(line) => line.warehouse.clone(),
            None => String::new(),
        })
    };
    let owner = move || line.with(|line| line.as_ref().and_then(|line| line.owner.clone()));
    let now = ctx.pick(|state| state.alerts.view.now);
    let since = move || {
        let since = line.with(|line| line.as_ref().map_or(0, |line| line.since.0));
        format::ago((now.get().0 - since).max(0), ctx.lang())
    };
    let flapping = move || line.with(|line| line.as_ref().is_some_and(|line| line.is_flapping));
    let choose = move |_| {
        let Some(line) = line.get_untracked() else { return };
        if line.severity == Severity::P1 {
            ctx.dispatch(Action::Stage(Some(line.subject())));
        } else if line.count == 1 && !line.sku.is_empty() {
            ctx.dispatch(Action::Toggle(Dim::Sku, line.sku));
        } else if !line.warehouse.is_empty() {
            ctx.dispatch(Action::Toggle(Dim::Warehouse, line.warehouse));
        }
    };
    let take = move |_| {
        if let Some(line) = line.get_untracked() {
            take_on(ctx, &line);
        }
    };
    view! {
        <article
            class="alert"
            data-role="alert"
            data-rule=move || read(|line| line.rule.clone())
            data-sku=move || read(|line| line.sku.clone())
            data-warehouse=move || read(|line| line.warehouse.clone())
            data-state=move || read(|line| line.state.clone())
            data-severity=move || read(|line| line.severity.id().to_owned())
            data-count=move || read(|line| line.count.to_string())
            data-value=move || read(|line| line.value.to_string())
        >
            <button class="alert-main" on:click=choose>
                <span class="badge">{move || read(|line| line.severity.id().to_uppercase())}</span>
                <strong class="name">{name}</strong>
                <span class="risk">{move || line.with(|line| money(ctx, line.as_ref()?.at_risk))}</span>
                <span class="sentence">{sentence}</span>
            </button>
            <span class="alert-foot">
                <span class="low">{place}" "{since}{move || flapping().then(|| format!(" · {}", ctx.t(T::AlertFlapping)))}</span>
                {move || match owner() {
                    Some(owner) => view! { <span class="low" data-role="owner">{filled(ctx, T::AlertTaken, &[&owner])}</span> }.into_any(),
                    None => view! { <button class="link" data-role="acknowledge" on:click=take>{ctx.t(T::AlertTake)}</button> }.into_any(),
                }}
            </span>
        </article>
    }
}

/// What an alert warns of, and of which goods.
pub fn alert_title(ctx: Ctx, line: &AlertLine) -> String {
    let name = alert_name(&line.rule, ctx.lang());
    if line.sku.is_empty() {
        name.to_owned()
    } else if line.count > 1 {
        format!("{name} · {} SKU", format::count(line.count, ctx.lang()))
    } else {
        format!("{name} · {}", goods(&line.title, &line.sku))
    }
}

/// Takes an alert on in the name of this device.
pub fn take_on(ctx: Ctx, line: &AlertLine) {
    let [rule, warehouse, sku] = line.subject();
    let owner = ctx.peek(|state| T::AlertMe.of(state.preferences.lang).to_owned());
    ctx.dispatch(Action::Acknowledge([rule, warehouse, sku, owner]));
}

/// Money at risk, as people read it.
pub fn money(ctx: Ctx, value: Option<f64>) -> Option<String> {
    let value = value?;
    // Which alerts there are has just been read; their currency changes with them.
    Some(ctx.peek(|state| format::money(value, &state.alerts.view.currency, ctx.lang()).to_string()))
}
