//! The measure by a dimension: ranked rows that filter.

use super::provinces::{self, ProvinceMap};
use super::widgets::{Absent, Empty, HiddenTable, Panel, RankList, TableRow, fitting_rows, key_text};
use super::{Ctx, act};
use crate::chart::{self, BarPlace, BarRow, Bars, Ink};
use crate::format::{self, Lang, Parts};
use crate::locale::{T, dim_name, fill};
use crate::model::Dim;
use crate::money::Fixed;
use crate::protocol::{Breakdown, BreakdownRow, Measure};
use crate::state::{Action, Basis};
use leptos::html;
use leptos::prelude::*;

/// Text of a value of `measure`.
pub fn measured(value: Fixed, measure: Measure, currency: &str, lang: Lang) -> Parts {
    match measure {
        Measure::Gmv => format::money(value, currency, lang),
        Measure::Units => format::quantity(value, lang),
        Measure::Orders => format::count(value, lang),
    }
}

/// Name of the chart of a dimension.
pub fn chart_name(dim: Dim) -> &'static str {
    match dim {
        Dim::Channel => "sales-by-channel",
        Dim::Shop => "sales-by-shop",
        Dim::Status => "sales-by-status",
        Dim::Category => "sales-by-category",
        Dim::Brand => "sales-by-brand",
        Dim::Region => "sales-by-region",
        Dim::Warehouse => "sales-by-warehouse",
        Dim::Sku => "sales-by-sku",
        Dim::Fulfilment => "sales-by-fulfilment",
    }
}

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    key: String,
    name: String,
    value: Fixed,
    before: Option<Fixed>,
    share: Option<f64>,
    pressed: bool,
    dimmed: bool,
}

/// The panel of `dim`.
#[component]
pub fn BreakdownPanel(
    /// Which dimension.
    dim: Dim,
    /// Class of the panel.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let ctx = Ctx::get();
    let breakdown: Memo<Option<Breakdown>> =
        ctx.view(move |cockpit| cockpit.breakdowns.iter().find(|b| b.dim == dim).cloned());
    let measure = ctx.view(|cockpit| (cockpit.measure, cockpit.currency.clone()));
    let set = ctx.pick(move |state| state.view.filters.get(&dim).cloned().unwrap_or_default());
    let rows = Memo::new(move |_| {
        let Some(breakdown) = breakdown.get() else {
            return Vec::new();
        };
        let set = set.get();
        let total = breakdown.total.to_f64();
        let row = |row: BreakdownRow| {
            let pressed = set.keys.contains(&row.key);
            Row {
                name: key_text(ctx, dim, &row.key),
                share: (total > 0.0).then(|| row.value.to_f64() / total),
                value: row.value,
                before: row.before,
                dimmed: !set.keys.is_empty() && pressed == set.exclude,
                key: row.key,
                pressed,
            }
        };
        breakdown.rows.into_iter().map(row).collect::<Vec<_>>()
    });
    let list = NodeRef::<html::Div>::new();
    let fits = fitting_rows(list, "--rank-row");
    let note = Signal::derive(move || {
        let keys = breakdown.with(|b| {
            b.as_ref().map_or(0, |b| {
                b.rows.len() as u64 + b.others.map_or(0, |(count, _)| count)
            })
        });
        let shown = (fits.get().rows as u64).min(keys);
        let measure = act::measure_name(ctx, measure.get().0);
        if shown < keys {
            format!("{measure} · {shown} / {keys}")
        } else {
            measure.to_owned()
        }
    });
    let draw = move |area: &crate::platform::CanvasArea, frame: &chart::Frame| {
        let bar = |row: &Row| BarRow {
            value: row.value.to_f64(),
            before: row.before.map(Fixed::to_f64),
            color: if row.pressed { Ink::Accent } else { Ink::Mid },
            dimmed: row.dimmed,
        };
        let bars: Vec<BarRow> = rows.with(|rows| rows.iter().take(fits.get().rows).map(bar).collect());
        let data = Bars {
            rows: &bars,
            top: 0.0,
            row_h: fits.get().rem * 16.0 * frame.scale,
            x0: 0.0,
            x1: f64::from(frame.width),
            place: BarPlace::Bottom,
            full: None,
            track: true,
        };
        // A chart that could not be drawn leaves its rows, which say the same.
        let _ = chart::bars(area, frame, &data);
    };
    let table = Signal::derive(move || {
        let (measure, currency) = measure.get();
        let cells = |row: Row| {
            let text = measured(row.value, measure, &currency, ctx.lang()).to_string();
            let share = row.share.map_or(format::NONE.to_owned(), |share| {
                format::percent(share, 1).to_string()
            });
            let table: TableRow = (
                row.key,
                canonical(row.value, measure),
                vec![row.name, text, share],
            );
            table
        };
        rows.get().into_iter().map(cells).collect::<Vec<_>>()
    });
    let heads = Signal::derive(move || {
        let name = dim_name(dim, ctx.lang()).to_owned();
        vec![
            name,
            act::measure_name(ctx, measure.get().0).to_owned(),
            ctx.t(T::Share).to_owned(),
        ]
    });
    let title = Signal::derive(move || dim_name(dim, ctx.lang()).to_owned());
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let row = move |row: Memo<Option<Row>>| {
        let key = move || row.get().map(|row| row.key).unwrap_or_default();
        let state = move || {
            let row = row.get();
            let (pressed, dimmed) = row.map_or((false, false), |row| (row.pressed, row.dimmed));
            (
                if pressed { "true" } else { "false" },
                if dimmed { "rank-row dimmed" } else { "rank-row" },
            )
        };
        let value = move || {
            let (measure, currency) = measure.get();
            row.get()
                .map(|row| measured(row.value, measure, &currency, ctx.lang()).to_string())
        };
        let share = move || {
            row.get()
                .and_then(|row| row.share)
                .map(|share| format::percent(share, 1).to_string())
        };
        let change = move || {
            let row = row.get()?;
            Some(change(row.value, row.before?))
        };
        view! {
            <button
                class=move || state().1
                data-dim=dim.id()
                data-key=key
                aria-pressed=move || state().0
                on:click=move |_| ctx.dispatch(Action::Toggle(dim, key()))
            >
                <span class="name">{move || row.get().map(|row| row.name)}</span>
                <span class="value">{value}</span>
                <span class="share">{share}</span>
                {change}
            </button>
        }
    };
    let has_orders = ctx.view(|cockpit| cockpit.extent.is_some());
    let tiles = Memo::new(move |_| {
        let rows = (dim == Dim::Region).then(|| breakdown.with(|b| provinces::by_tile(&b.as_ref()?.rows)));
        rows.flatten()
    });
    view! {
        <Panel title=title note=note class=class chart=chart_name(dim) basis=Basis::Orders>
            <Show
                when=move || !is_empty.get()
                fallback=move || {
                    let missing = breakdown.with(Option::is_none);
                    if missing && has_orders.get() {
                        let text = fill(ctx.t(T::NoDimension), &[dim_name(dim, ctx.lang())]);
                        return view! { <Empty title=text /> }.into_any();
                    }
                    let title = if missing { T::NoOrders } else { T::NoMatch };
                    view! { <Absent basis=Basis::Orders title=title /> }.into_any()
                }
            >
                <Show when=move || tiles.with(Option::is_some)>
                    <ProvinceMap tiles=Signal::derive(move || tiles.get().unwrap_or_default()) />
                </Show>
                <RankList list=list label=title rows=rows fits=fits draw=draw row=row />
                <HiddenTable caption=title heads=heads rows=table />
            </Show>
        </Panel>
    }
}

/// Canonical decimal of a value of `measure`.
pub fn canonical(value: Fixed, measure: Measure) -> String {
    value.to_decimal(if measure == Measure::Gmv { 2 } else { 0 })
}

fn change(now: Fixed, before: Fixed) -> impl IntoView {
    use crate::protocol::Number::Fixed as Number;
    view! { <super::widgets::Delta now=Number(now) before=Number(before) /> }
}
