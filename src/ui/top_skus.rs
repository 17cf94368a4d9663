//! Best-selling SKUs, and how long their stock lasts.

use super::Ctx;
use super::widgets::{Absent, HiddenTable, Panel, RankList, TableRow, fitting_rows, goods};
use crate::chart::{self, BarPlace, BarRow, Bars, Ink};
use crate::format;
use crate::locale::T;
use crate::model::Dim;
use crate::protocol::TopSku;
use crate::state::{Action, Basis};
use leptos::html;
use leptos::prelude::*;

/// Days of cover of a full bar.
const FULL_DAYS: f64 = 14.0;

/// The panel.
#[component]
pub fn TopSkus() -> impl IntoView {
    let ctx = Ctx::get();
    let rows = ctx.view(|cockpit| cockpit.top_skus.clone());
    let total = ctx.view(|cockpit| cockpit.sku_total);
    let currency = ctx.view(|cockpit| cockpit.currency.clone());
    let chosen = ctx.pick(|state| state.view.filters.get(&Dim::Sku).cloned().unwrap_or_default());
    let list = NodeRef::<html::Div>::new();
    let fits = fitting_rows(list, "--list-row");
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let title = Signal::derive(move || ctx.t(T::TopSkus).to_owned());
    let note = Signal::derive(move || {
        let (skus, _) = total.get();
        let shown = fits.get().rows.min(rows.with(Vec::len));
        let skus = format::count(skus, ctx.lang()).to_string();
        format!("{} · {shown} / {skus}", ctx.t(T::Units))
    });
    // The bar is cover, the number is units: what sells, and how long it still can.
    let draw = move |area: &crate::platform::CanvasArea, frame: &chart::Frame| {
        let bar = |row: &TopSku| {
            let days = row.cover_days.filter(|_| row.available.is_some());
            let color = match days {
                Some(days) if days < 1.0 => Ink::P1,
                Some(days) if days < 3.0 => Ink::P2,
                _ => Ink::Mid,
            };
            BarRow {
                value: days.map_or(f64::NAN, |days| days.min(FULL_DAYS)),
                before: None,
                color,
                dimmed: false,
            }
        };
        let bars: Vec<BarRow> = rows.with(|rows| rows.iter().take(fits.get().rows).map(bar).collect());
        if bars.iter().all(|bar| bar.value.is_nan()) {
            return;
        }
        let rem = 16.0 * frame.scale;
        let right = f64::from(frame.width) - 4.75 * rem;
        let data = Bars {
            rows: &bars,
            top: 0.0,
            row_h: fits.get().rem * rem,
            x0: right - 2.5 * rem,
            x1: right,
            place: BarPlace::Centre,
            full: Some(FULL_DAYS),
            track: true,
        };
        let _ = chart::bars(area, frame, &data);
    };
    let table = Signal::derive(move || {
        let cells = |row: TopSku| {
            let cover = row.cover_days.map_or(format::NONE.to_owned(), |d| {
                format::cover(d, ctx.lang()).to_string()
            });
            let gmv = format::money(row.gmv, &currency.get(), ctx.lang()).to_string();
            let cells = vec![row.sku.clone(), row.title, row.units.to_decimal(0), gmv, cover];
            let table: TableRow = (row.sku, row.units.to_decimal(0), cells);
            table
        };
        rows.get().into_iter().map(cells).collect::<Vec<_>>()
    });
    let heads = Signal::derive(move || {
        [T::Sku, T::Goods, T::Units, T::Gmv, T::Covers]
            .map(|text| ctx.t(text).to_owned())
            .to_vec()
    });
    let row = move |row: Memo<Option<TopSku>>| {
        let sku = move || row.get().map(|row| row.sku).unwrap_or_default();
        let pressed = move || chosen.with(|set| set.keys.contains(&sku()));
        let name = move || row.get().map(|row| goods(&row.title, &row.sku));
        let units = move || {
            row.get()
                .map(|row| format::quantity(row.units, ctx.lang()).to_string())
        };
        let cover = move || {
            row.get()
                .and_then(|row| Some(cover_pill(ctx, row.available?, row.cover_days)))
        };
        view! {
            <button
                class="sku-row"
                data-dim="sku"
                data-key=sku
                aria-pressed=move || if pressed() { "true" } else { "false" }
                title=sku
                on:click=move |_| ctx.dispatch(Action::Toggle(Dim::Sku, sku()))
            >
                <span class="name">{name}</span>
                <span class="value">{units}</span>
                <span class="cover-gap"></span>
                {move || cover()}
            </button>
        }
    };
    view! {
        <Panel title=title note=note class="top-skus" chart="top-skus" basis=Basis::Orders>
            <Show
                when=move || !is_empty.get()
                fallback=move || {
                    let missing = ctx.view(|cockpit| cockpit.lines_shown > 0).get();
                    let title = if missing { T::NoSku } else { T::NoMatch };
                    view! { <Absent basis=Basis::Orders title=title /> }
                }
            >
                <RankList list=list label=title rows=rows fits=fits draw=draw row=row />
                <HiddenTable caption=title heads=heads rows=table />
            </Show>
        </Panel>
    }
}

/// What is left, as a pill: filled red where there is nothing or not a day.
pub fn cover_pill(ctx: Ctx, available: crate::money::Fixed, days: Option<f64>) -> impl IntoView {
    let lang = ctx.lang();
    let (class, text) = match days {
        _ if available.raw() < 0 => {
            let units = format::quantity(available.abs(), lang).to_string();
            ("pill p1", super::widgets::filled(ctx, T::Oversold, &[&units]))
        }
        _ if available.raw() == 0 => ("pill p1", ctx.t(T::Out).to_owned()),
        None => ("pill", ctx.t(T::NoDemand).to_owned()),
        Some(days) if days < 1.0 => ("pill p1", format::cover(days, lang).to_string()),
        Some(days) if days < 3.0 => ("pill p2", format::cover(days, lang).to_string()),
        Some(days) => ("pill", format::cover(days, lang).to_string()),
    };
    view! { <span class=class>{text}</span> }
}
