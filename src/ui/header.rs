//! The top bar: whose shop, which filters, what time.

use super::Ctx;
use super::kpis::range_name;
use super::widgets::{Segments, Slots, key_text};
use crate::format;
use crate::locale::{T, dim_name};
use crate::model::Dim;
use crate::platform;
use crate::protocol::{DataSource, KeySet, TimeRange};
use crate::state::{Action, Dialog};
use leptos::prelude::*;

/// The bar.
#[component]
pub fn Header() -> impl IntoView {
    let ctx = Ctx::get();
    let demo = ctx.view(|cockpit| cockpit.source == DataSource::Demo);
    let is_simulated = ctx.view(|cockpit| cockpit.source.is_simulated());
    let title = ctx.pick(|state| state.title.clone());
    let name = move || {
        let shop = title.get();
        if is_simulated.get() {
            Some(crate::sim::SHOP.to_owned())
        } else {
            shop
        }
    };
    let time = ctx.pick(|state| state.view.time);
    let ranges = Signal::derive(move || {
        let day = if is_simulated.get() { T::Today } else { T::LastDay };
        vec![
            (TimeRange::LastDay, ctx.t(day), "day"),
            (TimeRange::LastDays(7), ctx.t(T::Last7), "7d"),
            (TimeRange::LastDays(30), ctx.t(T::Last30), "30d"),
            (TimeRange::All, ctx.t(T::AllTime), "all"),
        ]
    });
    let brushed = move || matches!(time.get(), TimeRange::Span(_));
    let has_orders = ctx.view(|cockpit| cockpit.extent.is_some());
    view! {
        <header class="top">
            <Logo />
            <strong class="brand">"Stockpit"</strong>
            <span class="shop">{name}</span>
            <Show when=move || demo.get()>
                <span class="demo-tag" data-role="demo">{move || ctx.t(T::Demo)}</span>
                <span class="demo-hint">{move || ctx.t(T::DemoHint)}</span>
                <button class="button primary" on:click=move |_| platform::choose_files()>{move || ctx.t(T::ChooseFiles)}</button>
            </Show>
            <Show when=move || has_orders.get()>
                <Segments choices=ranges chosen=time kind="time"
                    label=Signal::derive(move || ctx.t(T::Time).to_owned())
                    on_choice=move |time| ctx.dispatch(Action::Time(time)) />
                <Show when=brushed>
                    <span class="chip">
                        {move || range_name(ctx)}
                        <button aria-label=move || ctx.t(T::Clear) on:click=move |_| ctx.dispatch(Action::Time(TimeRange::All))>"×"</button>
                    </span>
                </Show>
                <Chips />
                <button class="chip add" data-role="add-filter" on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Filters)))>
                    "+ "{move || ctx.t(T::AddFilter)}
                </button>
            </Show>
            <span class="spring"></span>
            <Clock />
            <button class="icon" data-role="settings" aria-label=move || ctx.t(T::Settings)
                on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Settings)))>"⚙"</button>
        </header>
    }
}

#[component]
fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
            <path d="M4 28V12L16 4l12 8v16" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linejoin="round" />
            <path class="logo-bars" d="M9.500 26v-6h3v6zM14.500 26v-10h3v10zM19.500 26v-13h3v13z" />
        </svg>
    }
}

/// The clauses that hold; a click turns one round, its × takes it away.
#[component]
fn Chips() -> impl IntoView {
    let ctx = Ctx::get();
    let filters = ctx.pick(|state| {
        state
            .view
            .filters
            .iter()
            .map(|(d, s)| (*d, s.clone()))
            .collect::<Vec<_>>()
    });
    let any = Memo::new(move |_| filters.with(|filters| !filters.is_empty()));
    let chip = move |clause: Memo<Option<(Dim, KeySet)>>| {
        let dim = move || clause.get().map_or(Dim::Sku, |clause| clause.0);
        let text = move || {
            let (dim, set) = clause.get()?;
            let first = set
                .keys
                .iter()
                .take(2)
                .map(|key| key_text(ctx, dim, key))
                .collect::<Vec<_>>()
                .join(ctx.t(T::ListComma));
            let more = set.keys.len().saturating_sub(2);
            let more = if more > 0 {
                format!(" +{more}")
            } else {
                String::new()
            };
            Some(format!("{first}{more}"))
        };
        let not = move || clause.get().is_some_and(|clause| clause.1.exclude);
        view! {
            <span class="chip on" data-role="chip" data-chip=move || dim().id() data-exclude=move || not().to_string()>
                <button title=move || ctx.t(T::FlipHint) data-role="flip" on:click=move |_| ctx.dispatch(Action::Flip(dim()))>
                    <span class="low">{move || dim_name(dim(), ctx.lang())}" "{move || ctx.t(if not() { T::IsNot } else { T::Is })}</span>
                    " "{text}
                </button>
                <button aria-label=move || ctx.t(T::Clear) data-role="clear" on:click=move |_| ctx.dispatch(Action::ClearDim(dim()))>"×"</button>
            </span>
        }
    };
    view! {
        <Slots rows=filters row=chip />
        <Show when=move || any.get()>
            <button class="chip add" data-role="clear-all" on:click=move |_| ctx.dispatch(Action::ClearAll)>{move || ctx.t(T::EscHint)}</button>
        </Show>
    }
}

/// Date and time of the shop: the demo's own while it runs.
#[component]
fn Clock() -> impl IntoView {
    let ctx = Ctx::get();
    let demo = ctx.view(|cockpit| cockpit.source.is_simulated().then_some(cockpit.now));
    let at = move || demo.get().unwrap_or_else(|| ctx.now());
    let parts = move || {
        let text = format::clock_secs(at(), ctx.zone());
        text.rsplit_once(':')
            .map(|(minutes, seconds)| (minutes.to_owned(), format!(":{seconds}")))
    };
    view! {
        <span class="today">{move || format::day(at(), ctx.zone(), ctx.lang())}</span>
        <span class="dot live" class:still=move || demo.get().is_none()></span>
        <time class="clock">{move || parts().map(|p| p.0)}<span class="low">{move || parts().map(|p| p.1)}</span></time>
    }
}
