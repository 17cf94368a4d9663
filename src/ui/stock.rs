//! The second zone: what sales do to stock.

use super::Ctx;
use super::top_skus::cover_pill;
use super::widgets::{
    Absent, Canvas, Empty, HiddenTable, Panel, Slots, TableRow, filled, fitting_rows, goods,
};
use crate::chart::{self, Runout, RunoutRow};
use crate::format;
use crate::locale::T;
use crate::model::Dim;
use crate::money::Fixed;
use crate::platform::CanvasArea;
use crate::protocol::{DataSource, OverstockLine, StockLine, StockState, WarehouseCell, WarehouseRow};
use crate::state::{Action, Basis};
use leptos::html;
use leptos::prelude::*;

/// Height of the list's header, rem.
const HEAD: f64 = 1.5;
/// Days of the run-out axis.
const AXIS_DAYS: f64 = 7.0;
/// Left and right end of the axis, rem from the left and right of the list.
const AXIS: (f64, f64) = (18.25, 6.5);

/// All panels of the zone.
#[component]
pub fn StockZone() -> impl IntoView {
    let ctx = Ctx::get();
    let many = ctx.view(|cockpit| cockpit.stock.by_warehouse.is_some());
    view! {
        <RunOutPanel />
        <div class="stock-side" class:single=move || !many.get()>
            <Show when=move || many.get()><WarehousePanel /></Show>
            <OverstockPanel />
        </div>
    }
}

/// Out and running out, worst first.
#[component]
fn RunOutPanel() -> impl IntoView {
    let ctx = Ctx::get();
    let all = ctx.view(|cockpit| cockpit.stock.lines.clone());
    let known = ctx.view(|cockpit| cockpit.stock.known);
    let days = ctx.view(|cockpit| cockpit.stock.velocity_days);
    // The axis begins where the data ends: the run-out of an old export lies in its own days.
    let now = ctx.view(|cockpit| cockpit.as_of.unwrap_or(cockpit.now));
    let files = ctx.view(|cockpit| cockpit.source == DataSource::Files);
    let chosen = ctx.pick(|state| state.view.filters.get(&Dim::Sku).cloned().unwrap_or_default());
    let list = NodeRef::<html::Div>::new();
    let fits = fitting_rows(list, "--list-row");
    let is_empty = Memo::new(move |_| all.with(Vec::is_empty));
    let lines = Memo::new(move |_| all.with(|all| both_kinds(all, fits.get().rows)));
    let title = Signal::derive(move || ctx.t(T::RunOut).to_owned());
    let note = Signal::derive(move || filled(ctx, T::RunOutNote, &[&days.get().to_string()]));
    let draw = move |area: &CanvasArea, frame: &chart::Frame| {
        let bar = |line: &StockLine| RunoutRow {
            days: line.cover_days,
            state: line.state,
        };
        let rows: Vec<RunoutRow> = lines.with(|lines| lines.iter().take(fits.get().rows).map(bar).collect());
        let rem = 16.0 * frame.scale;
        let data = Runout {
            rows: &rows,
            row_h: fits.get().rem * rem,
            header_h: HEAD * rem,
            x0: AXIS.0 * rem,
            x1: f64::from(frame.width) - AXIS.1 * rem,
            max_days: AXIS_DAYS,
            now: now.get(),
            labels: (
                ctx.t(if files.get() { T::AxisEnd } else { T::AxisNow }),
                ctx.t(T::AxisTomorrow),
            ),
        };
        let _ = chart::runout(area, frame, &data);
    };
    let table = Signal::derive(move || {
        let cells = |line: StockLine| {
            let cells = vec![
                line.sku.clone(),
                line.title,
                line.available.to_decimal(0),
                format!("{:.1}", line.per_day),
                format!("{:.1}", line.cover_days),
                line.state.id().to_owned(),
            ];
            let row: TableRow = (line.sku, format!("{:.2}", line.cover_days), cells);
            row
        };
        all.get().into_iter().map(cells).collect::<Vec<_>>()
    });
    let heads = Signal::derive(move || {
        let texts = [T::Sku, T::Goods, T::Available, T::PerDay, T::DaysLeft, T::Reason];
        texts.map(|text| ctx.t(text).to_owned()).to_vec()
    });
    let row = move |line: Memo<Option<StockLine>>| {
        let sku = move || line.get().map(|line| line.sku).unwrap_or_default();
        let pressed = move || chosen.with(|set| set.keys.contains(&sku()));
        let text = move |part: fn(&StockLine, format::Lang) -> String| {
            line.with(|line| line.as_ref().map(|line| part(line, ctx.lang())))
        };
        let state = move || line.with(|line| line.as_ref().map(|line| line.state.id()));
        view! {
            <button
                class="stock-row"
                data-dim="sku"
                data-key=sku
                data-state=state
                title=sku
                aria-pressed=move || if pressed() { "true" } else { "false" }
                on:click=move |_| ctx.dispatch(Action::Toggle(Dim::Sku, sku()))
            >
                <span class="name">{move || text(|line, _| goods(&line.title, &line.sku))}</span>
                <span class="value">{move || text(|line, lang| format::quantity(line.available, lang).to_string())}</span>
                <span class="value low">{move || text(|line, lang| format::quantity(pace(line.per_day), lang).to_string())}</span>
                <span class="axis-gap"></span>
                {move || line.get().map(|line| cover_pill(ctx, line.available, Some(line.cover_days)))}
            </button>
        }
    };
    view! {
        <Panel title=title note=note class="runout-panel" chart="stock-runout" basis=Basis::Both>
            <Show
                when=move || known.get()
                fallback=|| view! {
                    <Absent basis=Basis::Stock title=T::NoStock hint=T::NoStockHint button=T::ChooseStock />
                }
            >
                <Show
                    when=move || !is_empty.get()
                    fallback=move || view! { <Empty title=Signal::derive(move || ctx.t(T::NoVelocity).to_owned()) /> }
                >
                    <div class="runout">
                        <Canvas draw=draw class="under" />
                        <div class="runout-head">
                            <span class="name">{move || ctx.t(T::Sku)}</span>
                            <span class="value">{move || ctx.t(T::Available)}</span>
                            <span class="value">{move || ctx.t(T::PerDay)}</span>
                            <span class="axis-gap"></span>
                            <span class="last">{move || ctx.t(T::DaysLeft)}</span>
                        </div>
                        <div class="runout-rows" node_ref=list style=("--rows", move || all.with(Vec::len).to_string()) role="group" aria-label=move || title.get()>
                            <Slots rows=lines limit=Signal::derive(move || fits.get().rows) row=row />
                        </div>
                    </div>
                    <HiddenTable caption=title heads=heads rows=table />
                </Show>
            </Show>
        </Panel>
    }
}

/// The `room` lines to show: what is out already and what runs out next both get half of it, so that a
/// long list of the one never hides the other.
fn both_kinds(all: &[StockLine], room: usize) -> Vec<StockLine> {
    let is_out = |line: &&StockLine| line.state <= StockState::Out;
    let out = all.iter().filter(is_out).count();
    let next = all.len() - out;
    let shown = out.min(room.saturating_sub(next.min(room / 2)));
    let rest = all.iter().filter(|line| !is_out(line)).take(room - shown);
    all.iter()
        .filter(is_out)
        .take(shown)
        .chain(rest)
        .cloned()
        .collect()
}

/// Units a day, rounded to what matters.
fn pace(per_day: f64) -> Fixed {
    let digits = if per_day < 10.0 { 1_000.0 } else { 10_000.0 };
    #[expect(clippy::cast_possible_truncation, reason = "saturates; a pace is small")]
    Fixed::from_raw(((per_day * 10_000.0 / digits).round() * digits) as i64)
}

/// SKUs by warehouse: days of cover in every cell.
#[component]
fn WarehousePanel() -> impl IntoView {
    let ctx = Ctx::get();
    let cover = ctx.view(|cockpit| cockpit.stock.by_warehouse.clone());
    let names =
        Memo::new(move |_| cover.with(|c| c.as_ref().map(|c| c.warehouses.clone()).unwrap_or_default()));
    let rows = Memo::new(move |_| cover.with(|c| c.as_ref().map(|c| c.rows.clone()).unwrap_or_default()));
    let list = NodeRef::<html::Div>::new();
    let fits = fitting_rows(list, "--list-row");
    let title = Signal::derive(move || ctx.t(T::ByWarehouse).to_owned());
    let chosen = ctx.pick(|state| {
        state
            .view
            .filters
            .get(&Dim::Warehouse)
            .cloned()
            .unwrap_or_default()
    });
    let head = move |name: Memo<Option<String>>| {
        let key = move || name.get().unwrap_or_default();
        let pressed = move || chosen.with(|set| set.keys.contains(&key()));
        view! {
            <th scope="col">
                <button data-dim="warehouse" data-key=key aria-pressed=move || if pressed() { "true" } else { "false" }
                    on:click=move |_| ctx.dispatch(Action::Toggle(Dim::Warehouse, key()))>{key}</button>
            </th>
        }
    };
    let cell = move |WarehouseCell {
                         available,
                         cover_days: days,
                     }: WarehouseCell| {
        let lang = ctx.lang();
        let (class, text) = match days {
            _ if available.raw() < 0 => ("cell p1", ctx.t(T::OversoldShort).to_owned()),
            _ if available.raw() == 0 => ("cell p1", ctx.t(T::OutShort).to_owned()),
            None => ("cell idle", format::NONE.to_owned()),
            Some(days) if days < 0.5 => ("cell p1", short_cover(days)),
            Some(days) if days < 3.0 => ("cell p2", short_cover(days)),
            Some(days) if days > 180.0 => ("cell excess", short_cover(days)),
            Some(days) => ("cell", short_cover(days)),
        };
        view! { <td class=class title=format::quantity(available, lang).to_string()>{text}</td> }
    };
    let row = move |row: Memo<Option<WarehouseRow>>| {
        let name = move || row.get().map(|row| goods(&row.title, &row.sku));
        let cells = move || {
            let cells = row.get().map(|row| row.cells).unwrap_or_default();
            cells
                .into_iter()
                .map(|value| match value {
                    Some(value) => cell(value).into_any(),
                    None => view! { <td class="cell none">{format::NONE}</td> }.into_any(),
                })
                .collect_view()
        };
        view! { <tr data-key=move || row.get().map(|row| row.sku)><th scope="row">{name}</th>{cells}</tr> }
    };
    view! {
        <Panel title=title class="heat-panel" chart="cover-by-warehouse" basis=Basis::Both>
            <div class="heat-box" node_ref=list style=("--rows", move || (rows.with(Vec::len) + 1).to_string())>
                <table class="heat">
                    <thead><tr><td></td><Slots rows=names row=head /></tr></thead>
                    <tbody><Slots rows=rows limit=Signal::derive(move || fits.get().rows.saturating_sub(1).max(1)) row=row /></tbody>
                </table>
            </div>
        </Panel>
    }
}

/// Days without the word, for a cell.
fn short_cover(days: f64) -> String {
    match days {
        d if d < 10.0 / 24.0 => format!("{:.1}h", d * 24.0),
        d if d < 1.0 => format!("{:.0}h", d * 24.0),
        d if d < 10.0 => format!("{d:.1}"),
        d if d < 999.0 => format!("{d:.0}"),
        _ => "999+".to_owned(),
    }
}

/// Stock that does not move.
#[component]
fn OverstockPanel() -> impl IntoView {
    let ctx = Ctx::get();
    let lines = ctx.view(|cockpit| cockpit.stock.overstock.clone());
    let sums = ctx.view(|cockpit| {
        (
            cockpit.stock.known,
            cockpit.stock.excess,
            cockpit.stock.excess_units,
        )
    });
    let chosen = ctx.pick(|state| state.view.filters.get(&Dim::Sku).cloned().unwrap_or_default());
    let list = NodeRef::<html::Div>::new();
    let fits = fitting_rows(list, "--list-row");
    let title = Signal::derive(move || ctx.t(T::Overstock).to_owned());
    let note = Signal::derive(move || {
        let (known, skus, units) = sums.get();
        if !known {
            return String::new();
        }
        let (skus, units) = (
            format::count(skus, ctx.lang()),
            format::quantity(units, ctx.lang()),
        );
        filled(ctx, T::OverstockNote, &[&skus.to_string(), &units.to_string()])
    });
    let table = Signal::derive(move || {
        let cells = |line: OverstockLine| {
            let cover = line
                .cover_days
                .map_or_else(String::new, |days| format!("{days:.1}"));
            let cells = vec![line.sku.clone(), line.title, line.available.to_decimal(0), cover];
            let row: TableRow = (line.sku, line.available.to_decimal(0), cells);
            row
        };
        lines.get().into_iter().map(cells).collect::<Vec<_>>()
    });
    let heads = Signal::derive(move || {
        let texts = [T::Sku, T::Goods, T::Available, T::DaysLeft];
        texts.map(|text| ctx.t(text).to_owned()).to_vec()
    });
    let row = move |line: Memo<Option<OverstockLine>>| {
        let sku = move || line.get().map(|line| line.sku).unwrap_or_default();
        let cover = move || {
            line.get().map(|line| match line.cover_days {
                Some(days) => format::cover(days, ctx.lang()).to_string(),
                None => ctx.t(T::NoDemand).to_owned(),
            })
        };
        view! {
            <button class="over-row" data-dim="sku" data-key=sku data-state=StockState::Excess.id() title=sku
                aria-pressed=move || if chosen.with(|set| set.keys.contains(&sku())) { "true" } else { "false" }
                on:click=move |_| ctx.dispatch(Action::Toggle(Dim::Sku, sku()))>
                <span class="name">{move || line.get().map(|line| goods(&line.title, &line.sku))}</span>
                <span class="value">{move || line.get().map(|line| format::quantity(line.available, ctx.lang()).to_string())}</span>
                <span class="value low">{cover}</span>
            </button>
        }
    };
    view! {
        <Panel title=title note=note class="over-panel" chart="overstock" basis=Basis::Both>
            <div class="rank-rows listing" node_ref=list style=("--rows", move || lines.with(Vec::len).to_string())>
                <Show when=move || lines.with(Vec::is_empty)>
                    <Empty title=Signal::derive(move || ctx.t(if sums.get().0 { T::NoOverstock } else { T::NoStock }).to_owned()) />
                </Show>
                <Slots rows=lines limit=Signal::derive(move || fits.get().rows) row=row />
            </div>
            <HiddenTable caption=title heads=heads rows=table />
        </Panel>
    }
}
