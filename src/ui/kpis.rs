//! The strip of numbers.

use super::Ctx;
use super::widgets::{Canvas, Delta, Figure, age_text, filled};
use crate::chart;
use crate::format::{self, Lang, Parts};
use crate::locale::{T, metric_name, metric_short};
use crate::protocol::{Comparison, Kpi, MetricId, Number, TimeRange};
use crate::state::{Action, Basis, Dialog, Worth};
use leptos::prelude::*;

/// A tile: its large number, and small ones of the same matter.
const TILES: [(MetricId, &[MetricId]); 6] = [
    (MetricId::Gmv, &[MetricId::PaidAmount, MetricId::NetSales]),
    (MetricId::Orders, &[MetricId::OrdersCreated]),
    (MetricId::AovOrder, &[MetricId::Units, MetricId::UnitsCreated]),
    (MetricId::RefundRate, &[MetricId::CancelRate]),
    (
        MetricId::StockoutSkus,
        &[MetricId::ActiveSkus, MetricId::OversellUnits],
    ),
    (MetricId::DaysOfCover, &[MetricId::StockOnHand, MetricId::Inbound]),
];

/// Text of a metric's value.
pub fn metric_text(id: MetricId, value: Option<Number>, currency: &str, lang: Lang) -> Parts {
    let Some(value) = value else {
        return Parts {
            prefix: String::new(),
            number: format::NONE.to_owned(),
            unit: String::new(),
        };
    };
    match id {
        id if id.is_money() => format::money(value, currency, lang),
        id if id.is_rate() => format::percent(value, 1),
        MetricId::DaysOfCover => format::cover(value.to_f64(), lang),
        MetricId::UnitsCreated
        | MetricId::Units
        | MetricId::StockOnHand
        | MetricId::Inbound
        | MetricId::OversellUnits => format::quantity(value, lang),
        _ => format::count(value, lang),
    }
}

/// Canonical value for attributes: empty where not defined.
pub fn metric_value(id: MetricId, value: Option<Number>) -> String {
    value
        .map(|value| {
            if id.is_money() {
                value.canonical_money()
            } else {
                value.canonical()
            }
        })
        .unwrap_or_default()
}

/// All tiles.
#[component]
pub fn KpiStrip() -> impl IntoView {
    let tile = |(at, (id, minor)): (usize, (MetricId, &'static [MetricId]))| {
        view! { <Tile id=id minor=minor hero=at == 0 /> }
    };
    view! { <div class="kpis">{TILES.into_iter().enumerate().map(tile).collect_view()}</div> }
}

/// The number of `id`: of the charts' currency where it is money.
fn kpi_of(ctx: Ctx, id: MetricId) -> Memo<Option<Kpi>> {
    ctx.view(move |cockpit| {
        let own = |kpi: &&Kpi| {
            kpi.id == id
                && kpi
                    .currency
                    .as_ref()
                    .is_none_or(|currency| *currency == cockpit.currency)
        };
        cockpit.kpis.iter().find(own).cloned()
    })
}

/// The same metric in the other currencies.
fn others_of(ctx: Ctx, id: MetricId) -> Memo<Vec<Kpi>> {
    ctx.view(move |cockpit| {
        let other = |kpi: &&Kpi| {
            kpi.id == id
                && kpi
                    .currency
                    .as_ref()
                    .is_some_and(|currency| *currency != cockpit.currency)
        };
        cockpit.kpis.iter().filter(other).cloned().collect()
    })
}

#[component]
fn Tile(id: MetricId, minor: &'static [MetricId], hero: bool) -> impl IntoView {
    let ctx = Ctx::get();
    let kpi = kpi_of(ctx, id);
    let value = Memo::new(move |_| kpi.get().and_then(|kpi| kpi.value));
    let delta = Memo::new(move |_| kpi.get().and_then(|kpi| kpi.delta));
    let immature = Memo::new(move |_| kpi.get().is_some_and(|kpi| kpi.immature));
    let currency = Memo::new(move |_| kpi.get().and_then(|kpi| kpi.currency));
    let spark = Memo::new(move |_| kpi.get().map(|kpi| kpi.spark).unwrap_or_default());
    let comparison = ctx.view(|cockpit| Some(cockpit.comparison));
    let stock_skus = kpi_of(ctx, MetricId::StockSkus);
    let out_with_demand = ctx.view(|cockpit| cockpit.stock.out_with_demand);
    let of_stock = matches!(id, MetricId::StockoutSkus | MetricId::DaysOfCover);
    let others = others_of(ctx, id);
    let health = ctx.health(if of_stock { Basis::Both } else { Basis::Orders });
    let is_stale = Memo::new(move |_| health.get().worth == Worth::Stale);

    let figure = move || {
        let parts = metric_text(id, value.get(), &currency.get().unwrap_or_default(), ctx.lang());
        let skus = stock_skus.get().and_then(|kpi| kpi.value);
        let of = (id == MetricId::StockoutSkus).then(|| {
            let text =
                skus.map(|skus| filled(ctx, T::OfSkus, &[&format::count(skus, ctx.lang()).to_string()]));
            let id = MetricId::StockSkus;
            view! { <small class="of" data-metric=id.id() data-value=metric_value(id, skus)>{text}</small> }
        });
        view! { <Figure parts=parts /> {of} }
    };
    let compared = move || {
        let text = match comparison.get()? {
            Comparison::SameTimeLastWeek => T::VsLastWeek,
            Comparison::PreviousPeriod => T::VsPrevious,
            Comparison::LastSevenDays => T::VsSeven,
        };
        let (now, before) = delta.get()?;
        // From nothing there is no rise in percent, and nothing to say it against.
        if !id.is_rate() && before.to_f64() == 0.0 {
            return None;
        }
        let earlier =
            metric_text(id, Some(before), &currency.get().unwrap_or_default(), ctx.lang()).to_string();
        Some(view! {
            <Delta now=now before=before rate=id.is_rate() />
            <span class="low against" title=earlier.clone()>{ctx.t(text)}</span>
        })
    };
    let under = move || {
        if id == MetricId::StockoutSkus {
            let selling = format::count(out_with_demand.get(), ctx.lang()).to_string();
            return value.get().map(|_| {
                view! { <span class="mid">{filled(ctx, T::OutWithDemand, &[&selling])}</span> }.into_any()
            });
        }
        compared().map(IntoAny::into_any)
    };
    let draw = move |area: &crate::platform::CanvasArea, frame: &chart::Frame| {
        spark.with(|spark| {
            // One day is no course.
            if spark.len() > 1 {
                let _ = chart::spark(area, frame, spark);
            }
        });
    };
    // Stock has no course yet: its small numbers stand where others have theirs.
    let minors = move || {
        view! { <span class="minors">{minor.iter().map(|id| view! { <Minor id=*id /> }).collect_view()}</span> }
    };
    let title = move || {
        let range = if of_stock { String::new() } else { range_name(ctx) };
        format!("{} {range}", metric_name(id, ctx.lang()))
    };
    view! {
        <article
            class=if hero { "kpi hero" } else { "kpi" }
            class:stale=move || is_stale.get()
            data-health=move || health.get().worth.id()
            data-metric=id.id()
            data-value=move || metric_value(id, value.get())
            data-currency=move || currency.get()
        >
            <header>
                <button class="kpi-name" title=move || ctx.t(T::Definition) on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Definition(id))))>
                    {title}
                </button>
                // Told where it matters: a tile has no room for more.
                <Show when=move || is_stale.get()><span class="age">{move || age_text(ctx, health.get())}</span></Show>
                <Show when=move || immature.get()><span class="tag">{move || ctx.t(T::Immature)}</span></Show>
                {(!of_stock).then(minors)}
            </header>
            <button class="kpi-figure" aria-label=title on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Definition(id))))>
                {figure}
            </button>
            <Show when=move || id == MetricId::Gmv && !others.with(Vec::is_empty)>
                <div class="currencies">
                    <For each=move || others.get() key=|kpi| format!("{kpi:?}") children=move |kpi| {
                        let code = kpi.currency.clone().unwrap_or_default();
                        let name = if code.is_empty() { ctx.t(T::UnknownCurrency).to_owned() } else { String::new() };
                        let chosen = code.clone();
                        view! {
                            <button
                                data-metric=id.id()
                                data-currency=code.clone()
                                data-value=metric_value(id, kpi.value)
                                on:click=move |_| ctx.dispatch(Action::Currency(chosen.clone()))
                            >
                                {metric_text(id, kpi.value, &code, ctx.lang()).to_string()}" "{name}
                            </button>
                        }
                    } />
                </div>
            </Show>
            <footer>
                {under}
                {if of_stock { minors().into_any() } else { view! { <Canvas draw=draw class="spark" /> }.into_any() }}
            </footer>
        </article>
    }
}

/// A small number beside a tile's name.
#[component]
fn Minor(id: MetricId) -> impl IntoView {
    let ctx = Ctx::get();
    let kpi = kpi_of(ctx, id);
    let value = Memo::new(move |_| kpi.get().and_then(|kpi| kpi.value));
    let currency = Memo::new(move |_| kpi.get().and_then(|kpi| kpi.currency));
    // Some numbers only matter where they are there.
    let optional = matches!(id, MetricId::OversellUnits | MetricId::Inbound);
    let shown = move || !optional || value.get().is_some_and(|value| value.to_f64() != 0.0);
    let text =
        move || metric_text(id, value.get(), &currency.get().unwrap_or_default(), ctx.lang()).to_string();
    view! {
        <button
            class="minor"
            class:hidden=move || !shown()
            data-metric=id.id()
            data-value=move || metric_value(id, value.get())
            data-currency=move || currency.get()
            on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Definition(id))))
        >
            <span class="low">{move || metric_short(id, ctx.lang())}</span>
            " "
            <span>{text}</span>
        </button>
    }
}

/// Name of the chosen range; empty for all time.
pub fn range_name(ctx: Ctx) -> String {
    let demo = ctx.view(|cockpit| cockpit.source.is_simulated());
    match ctx.pick(|state| state.view.time).get() {
        TimeRange::All => String::new(),
        TimeRange::LastDay if demo.get() => ctx.t(T::Today).to_owned(),
        TimeRange::LastDay => ctx.t(T::LastDay).to_owned(),
        TimeRange::LastDays(7) => ctx.t(T::Last7).to_owned(),
        TimeRange::LastDays(30) => ctx.t(T::Last30).to_owned(),
        TimeRange::LastDays(days) => format!("{days}d"),
        TimeRange::Span(span) => format::range(span, ctx.zone(), ctx.lang()),
    }
}
