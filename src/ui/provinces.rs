//! China's provinces as tiles: where goods go, at a glance.

use super::Ctx;
use super::widgets::Canvas;
use crate::chart::{self, Frame, TILES, TileValue};
use crate::model::Dim;
use crate::platform::{self, CanvasArea};
use crate::protocol::BreakdownRow;
use crate::state::Action;
use leptos::prelude::*;

/// For each tile the row that belongs to it; `None` where the keys are mostly no provinces of China.
pub fn by_tile(rows: &[BreakdownRow]) -> Option<Vec<Option<BreakdownRow>>> {
    let mut tiles = vec![None; TILES.len()];
    let mut known = 0;
    for row in rows {
        if let Some(at) = chart::province_tile(&row.key) {
            known += 1;
            // Two spellings of one province: the larger stands for it.
            tiles[at].get_or_insert_with(|| row.clone());
        }
    }
    (known >= 3 && known * 2 >= rows.len()).then_some(tiles)
}

/// The map; a click on a tile filters by its province. The rows beside it do the same by keyboard.
#[component]
pub fn ProvinceMap(
    /// What belongs to each tile.
    #[prop(into)]
    tiles: Signal<Vec<Option<BreakdownRow>>>,
) -> impl IntoView {
    let ctx = Ctx::get();
    let chosen = ctx.pick(|state| state.view.filters.get(&Dim::Region).cloned().unwrap_or_default());
    let frame = StoredValue::new(None::<Frame>);
    let hover = RwSignal::new(None::<usize>);
    let draw = move |area: &CanvasArea, drawn: &Frame| {
        frame.set_value(Some(drawn.clone()));
        let value = |row: &Option<BreakdownRow>| TileValue {
            value: row.as_ref().map(|row| row.value.to_f64()),
            chosen: row
                .as_ref()
                .is_some_and(|row| chosen.with(|set| set.keys.contains(&row.key))),
        };
        let values: Vec<TileValue> = tiles.with(|tiles| tiles.iter().map(value).collect());
        // What cannot be drawn stands in the rows.
        let _ = chart::tiles(area, drawn, &values, hover.get());
    };
    let tile_at = move |event: &leptos::ev::PointerEvent| {
        let (x, y) = platform::pointer_place(event)?;
        let ratio = platform::device_ratio();
        chart::tile_at(x * ratio, y * ratio, &frame.get_value()?)
    };
    let choose = move |event: leptos::ev::PointerEvent| {
        let row =
            tile_at(&event).and_then(|at| tiles.with_untracked(|tiles| tiles.get(at).cloned().flatten()));
        if let Some(row) = row {
            ctx.dispatch(Action::Toggle(Dim::Region, row.key));
        }
    };
    view! {
        <div class="map">
            <Canvas draw=draw class="fill" />
            <canvas class="fill hit" aria-hidden="true" on:pointerup=choose
                on:pointermove=move |event| {
                    let at = tile_at(&event);
                    if hover.get_untracked() != at {
                        hover.set(at);
                    }
                }
                on:pointerleave=move |_| hover.set(None)></canvas>
        </div>
    }
}
