//! The rail of alerts: what is to be acted on, the worst first.

use super::Ctx;
use super::widgets::{Empty, Panel, Slots, filled, fitting_rows, goods};
use crate::format;
use crate::locale::{T, alert_name, alert_sentence};
use crate::model::Dim;
use crate::protocol::{AlertLine, DataSource, Severity};
use crate::state::{Action, Basis, Dialog};
use leptos::html;
use leptos::prelude::*;

/// Alerts of all there is, whatever is filtered.
#[component]
pub fn AlertRail() -> impl IntoView {
    let ctx = Ctx::get();
    let lines = ctx.pick(|state| state.alerts.view.lines.clone());
    let totals = ctx.pick(|state| {
        (
            state.alerts.view.counts,
            state.alerts.view.at_risk,
            state.alerts.view.missed,
        )
    });
    let is_empty = ctx.view(|cockpit| cockpit.source == DataSource::Empty);
    let title = Signal::derive(move || ctx.t(T::Alerts).to_owned());
    let note = Signal::derive(move || {
        let (counts, risk, missed) = totals.get();
        let counts = counts.map(|count| format::count(count, ctx.lang()).to_string());
        let said = filled(ctx, T::AlertsNote, &[&counts[0], &counts[1], &counts[2]]);
        let mut parts = vec![said];
        parts.extend(money(ctx, risk).map(|risk| filled(ctx, T::AlertsRisk, &[&risk])));
        if let Some(missed) = missed {
            let [began, ended] = missed.map(|count| format::count(count, ctx.lang()).to_string());
            parts.push(filled(ctx, T::AlertsMissed, &[&began, &ended]));
        }
        parts.join(" · ")
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
    let opens = move |dialog: Dialog, role: &'static str, text: T| {
        view! {
            <button class="link" data-role=role on:click=move |_| ctx.dispatch(Action::Dialog(Some(dialog)))>{move || ctx.t(text)}</button>
        }
    };
    let side = move || view! { {opens(Dialog::Rules, "rules-open", T::RulesShort)} {opens(Dialog::Past, "past-open", T::Past)} {opens(Dialog::Loudness, "loudness-open", T::Loud)} };
    view! {
        <Panel title=title note=note class="alerts" basis=Basis::Both side=side>
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
    let now = ctx.pick(|state| state.alerts.view.now);
    // As a whole: its elements stay, and one closure is a tenth of the code of one for each attribute.
    move || line.get().map(|line| card(ctx, line, now.get().0))
}

fn card(ctx: Ctx, line: AlertLine, now: i64) -> AnyView {
    let money = money(ctx, line.at_risk);
    let sentence = alert_said(ctx, &line);
    let place = match line.warehouse.as_str() {
        "" if line.sku.is_empty() => "",
        "" => ctx.t(T::AlertAllPlaces),
        place => place,
    };
    let mut foot = format::ago((now - line.since.0).max(0), ctx.lang());
    if !place.is_empty() {
        foot = format!("{place} · {foot}");
    }
    if line.is_flapping {
        foot = format!("{foot} · {}", ctx.t(T::AlertFlapping));
    }
    let owner = match &line.owner {
        Some(owner) => {
            let taken = filled(ctx, T::AlertTaken, &[owner]);
            view! { <span class="low" data-role="owner">{taken}</span> }.into_any()
        }
        None => {
            let line = line.clone();
            view! {
                <button class="link" data-role="acknowledge" on:click=move |_| take_on(ctx, &line)>{ctx.t(T::AlertTake)}</button>
            }
            .into_any()
        }
    };
    let subject = line.subject();
    let ask = move |_| ctx.dispatch(Action::AskSilence(subject.clone()));
    let silence = ctx.t(if line.is_silent {
        T::AlertSilent
    } else {
        T::AlertSilence
    });
    let title = alert_title(ctx, &line);
    let severity = line.severity.id();
    let chosen = line.clone();
    view! {
        <article
            class="alert"
            data-role="alert"
            data-rule=line.rule
            data-sku=line.sku
            data-warehouse=line.warehouse
            data-state=line.state
            data-severity=severity.to_owned()
            data-count=line.count.to_string()
            data-value=line.value.to_string()
            data-silent=line.is_silent.to_string()
        >
            <button class="alert-main" on:click=move |_| choose(ctx, &chosen)>
                <span class="badge">{severity.to_uppercase()}</span>
                <strong class="name">{title}</strong>
                <span class="risk">{money.unwrap_or_default()}</span>
                <span class="sentence">{sentence}</span>
            </button>
            <span class="alert-foot">
                <span class="low">{foot}</span>
                {owner}
                <button class="link" data-role="silence" on:click=ask>{silence}</button>
            </span>
        </article>
    }
    .into_any()
}

/// A P1 takes the stage; of others the screen shows what they are about.
fn choose(ctx: Ctx, line: &AlertLine) {
    if line.severity == Severity::P1 {
        ctx.dispatch(Action::Stage(Some(line.subject())));
    } else if line.count == 1 && !line.sku.is_empty() {
        ctx.dispatch(Action::Toggle(Dim::Sku, line.sku.clone()));
    } else if !line.warehouse.is_empty() {
        ctx.dispatch(Action::Toggle(Dim::Warehouse, line.warehouse.clone()));
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

/// What an alert says, one way or the other.
pub fn alert_said(ctx: Ctx, line: &AlertLine) -> String {
    let lang = ctx.lang();
    if line.count > 1 {
        let count = format::count(line.count, lang).to_string();
        return filled(ctx, T::AlertOf, &[&count, &goods(&line.title, &line.sku)]);
    }
    let receipt = line.receipt.map(|at| format::day(at, ctx.zone(), lang));
    alert_sentence(
        line,
        money(ctx, line.at_risk).as_deref(),
        receipt.as_deref(),
        lang,
    )
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
