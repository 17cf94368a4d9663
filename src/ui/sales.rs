//! Sales over time, and the brush over all of it.

use super::Ctx;
use super::act::measure_name;
use super::breakdown::{canonical, measured};
use super::kpis::range_name;
use super::widgets::{Absent, Canvas, HiddenTable, Panel, Segments, TableRow, filled};
use crate::chart::{self, Frame, Overview, OverviewPlot, Sales};
use crate::format;
use crate::locale::T;
use crate::platform::{self, CanvasArea};
use crate::protocol::{Comparison, Measure, Series, TimeRange};
use crate::state::{Action, Basis};
use crate::time::{Grain, Span};
use leptos::ev::PointerEvent;
use leptos::prelude::*;

/// The panel.
#[component]
pub fn SalesPanel() -> impl IntoView {
    let ctx = Ctx::get();
    let series = ctx.view(|cockpit| Some(cockpit.series.clone()));
    let shown = ctx.view(|cockpit| {
        (
            cockpit.measure,
            cockpit.currency.clone(),
            Some(cockpit.comparison),
        )
    });
    let asked_grain = ctx.pick(|state| state.view.grain);
    let points =
        Memo::new(move |_| series.with(|series| series.as_ref().map_or(0, |series| series.points.len())));
    let title = Signal::derive(move || ctx.t(T::SalesOverTime).to_owned());
    let note = Signal::derive(move || {
        let grain = series.with(|series| series.as_ref().map(|series| series.grain));
        let per = grain.map_or(String::new(), |grain| {
            filled(ctx, T::PerBucket, &[&grain_name(ctx, grain).to_lowercase()])
        });
        let parts = [measure_name(ctx, shown.get().0).to_owned(), per, range_name(ctx)];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    });
    let grains = Signal::derive(move || {
        let mut choices = vec![(None, ctx.t(T::Auto), "auto")];
        let all = [Grain::Hour, Grain::Day, Grain::Week, Grain::Month];
        choices.extend(all.map(|grain| (Some(grain), grain_name(ctx, grain), grain.id())));
        choices
    });
    let measures = Signal::derive(move || Measure::ALL.map(|m| (m, measure_name(ctx, m), m.id())).to_vec());
    let table = Signal::derive(move || {
        let (measure, currency, _) = shown.get();
        let (zone, lang) = (ctx.zone(), ctx.lang());
        let row = |point: &crate::protocol::SeriesPoint, grain: Grain| {
            let cells = vec![
                format::bucket_label(grain, point.start, zone, lang),
                measured(point.value(measure), measure, &currency, lang).to_string(),
                point.gmv.to_decimal(2),
                point.units.to_decimal(0),
                point.orders.to_string(),
            ];
            let row: TableRow = (point.key.clone(), canonical(point.value(measure), measure), cells);
            row
        };
        series.with(|series| {
            let rows = |series: &Series| {
                series
                    .points
                    .iter()
                    .take(series.begun)
                    .map(|point| row(point, series.grain))
                    .collect::<Vec<_>>()
            };
            series.as_ref().map(rows).unwrap_or_default()
        })
    });
    let heads = Signal::derive(move || {
        let texts = [T::Time, T::Value, T::Gmv, T::Units, T::Orders];
        texts.map(|text| ctx.t(text).to_owned()).to_vec()
    });
    let side = move || {
        view! {
            <Segments choices=measures chosen=Signal::derive(move || shown.get().0) kind="measure"
                label=Signal::derive(move || ctx.t(T::Value).to_owned())
                on_choice=move |measure| ctx.dispatch(Action::Measure(measure)) />
            <Segments choices=grains chosen=asked_grain kind="grain"
                label=Signal::derive(move || ctx.t(T::Time).to_owned())
                on_choice=move |grain| ctx.dispatch(Action::Grain(grain)) />
        }
    };
    view! {
        <Panel title=title note=note class="sales-panel" chart="sales-over-time" basis=Basis::Orders side=side>
            <Show
                when=move || points.get() != 0
                fallback=|| view! {
                    <Absent basis=Basis::Orders title=T::NoOrders hint=T::NoOrdersHint button=T::ChooseFiles />
                }
            >
                <Focus series=series />
                <Brush />
                <HiddenTable caption=title heads=heads rows=table />
            </Show>
        </Panel>
    }
}

fn grain_name(ctx: Ctx, grain: Grain) -> &'static str {
    ctx.t(match grain {
        Grain::Minute => T::Minute,
        Grain::TenMinutes => T::TenMinutes,
        Grain::Hour => T::Hour,
        Grain::Day => T::Day,
        Grain::Week => T::Week,
        Grain::Month => T::Month,
    })
}

/// The chosen range in detail; the pointer reads it.
#[component]
fn Focus(series: Memo<Option<Series>>) -> impl IntoView {
    let ctx = Ctx::get();
    let shown = ctx.view(|cockpit| {
        (
            cockpit.measure,
            cockpit.currency.clone(),
            Some(cockpit.comparison),
        )
    });
    let unfinished = ctx.view(|cockpit| cockpit.source.is_simulated());
    let hover = RwSignal::new(None::<usize>);
    let frame = StoredValue::new(None::<Frame>);
    let draw = move |area: &CanvasArea, drawn: &Frame| {
        frame.set_value(Some(drawn.clone()));
        let (measure, currency, comparison) = shown.get();
        let before_label = match comparison {
            Some(Comparison::SameTimeLastWeek) => ctx.t(T::LastWeek),
            Some(Comparison::PreviousPeriod) => ctx.t(T::Previous),
            _ => "",
        };
        series.with(|series| {
            let Some(series) = series else { return };
            let partial_last = unfinished.get();
            let sales = Sales {
                series,
                measure,
                currency: &currency,
                hover: hover.get(),
                partial_last,
                before_label,
            };
            // What cannot be drawn stands in the table.
            let _ = chart::sales(area, drawn, &sales);
        });
    };
    let point_at = move |event: &PointerEvent| {
        let (x, _) = platform::pointer_place(event)?;
        let (measure, currency, _) = shown.get_untracked();
        let frame = frame.get_value()?;
        series.with_untracked(|series| {
            let series = series.as_ref()?;
            let sales = Sales {
                series,
                measure,
                currency: &currency,
                hover: None,
                partial_last: false,
                before_label: "",
            };
            chart::sales_layout(&frame, &sales).bucket_at(x * platform::device_ratio())
        })
    };
    let reading = move || {
        let at = hover.get()?;
        let (measure, currency, _) = shown.get();
        series.with(|series| {
            let series = series.as_ref()?;
            let point = series.points.get(at)?;
            let label = format::bucket_label(series.grain, point.start, ctx.zone(), ctx.lang());
            let value = measured(point.value(measure), measure, &currency, ctx.lang()).to_string();
            let before = point.before.map(|before| {
                let text = measured(before, measure, &currency, ctx.lang()).to_string();
                filled(ctx, T::PreviousValue, &[&text])
            });
            Some(view! {
                <span class="low">{label}</span>
                <strong>{(at < series.begun).then_some(value)}</strong>
                <span class="mid">{before}</span>
            })
        })
    };
    view! {
        <div class="focus">
            <div class="reading" class:shown=move || hover.get().is_some()>{reading}</div>
            <div
                class="canvas-box"
                on:pointerleave=move |_| hover.set(None)
            >
                <Canvas draw=draw class="fill" />
                <canvas
                    class="fill hit"
                    aria-hidden="true"
                    on:pointermove=move |event| {
                        let at = point_at(&event);
                        if hover.get_untracked() != at {
                            hover.set(at);
                        }
                    }
                ></canvas>
            </div>
        </div>
    }
}

/// What a drag on the brush is doing.
#[derive(Clone, Copy, Debug)]
struct Drag {
    /// Where the other end stays, as a fraction; or, moving the window, both ends when the drag began.
    fixed: (f64, f64),
    /// Where the drag began.
    from: f64,
    /// Whether the whole window moves.
    moves: bool,
}

/// All time, with the chosen range as a window that can be drawn, moved and stretched.
#[component]
fn Brush() -> impl IntoView {
    let ctx = Ctx::get();
    let overview = ctx.view(|cockpit| Some((cockpit.series.overview.clone(), cockpit.series.overview_grain)));
    let range = ctx.view(|cockpit| (cockpit.range, cockpit.extent));
    let time = ctx.pick(|state| state.view.time);
    let frame = StoredValue::new(None::<Frame>);
    let drag = StoredValue::new(None::<Drag>);
    // While dragging the window follows the pointer; the engine hears of each new day it reaches.
    let dragged = RwSignal::new(None::<(f64, f64)>);

    let selected = move |plot: &OverviewPlot| {
        let (range, extent) = range.get();
        let chosen = range.filter(|range| Some(*range) != extent);
        dragged
            .get()
            .or_else(|| chosen.map(|range| plot.fractions_of(range)))
    };
    let draw = move |area: &CanvasArea, drawn: &Frame| {
        frame.set_value(Some(drawn.clone()));
        overview.with(|overview| {
            let Some((points, grain)) = overview else { return };
            let bare = Overview {
                points,
                grain: *grain,
                selected: None,
            };
            let plot = chart::overview_layout(drawn, &bare);
            let _ = chart::overview(
                area,
                drawn,
                &Overview {
                    selected: selected(&plot),
                    ..bare
                },
            );
        });
    };
    let plot = move || {
        let frame = frame.get_value()?;
        overview.with_untracked(|overview| {
            let (points, grain) = overview.as_ref()?;
            let bare = Overview {
                points,
                grain: *grain,
                selected: None,
            };
            Some((chart::overview_layout(&frame, &bare), *grain))
        })
    };
    let place =
        move |event: &PointerEvent| Some(platform::pointer_place(event)?.0 * platform::device_ratio());
    let choose = move |fractions: (f64, f64)| {
        let Some((plot, grain)) = plot() else { return };
        let span: Option<Span> = plot.span_of(fractions, grain.max(Grain::Day), ctx.zone());
        if let Some(span) = span {
            let asked = TimeRange::Span(span);
            if time.get_untracked() != asked {
                ctx.dispatch(Action::Time(asked));
            }
        }
    };
    let down = move |event: PointerEvent| {
        let (Some(x), Some((plot, _))) = (place(&event), plot()) else {
            return;
        };
        platform::capture_pointer(&event);
        let at = plot.fraction_at(x);
        let (range, extent) = range.get_untracked();
        let window = range
            .filter(|range| Some(*range) != extent)
            .map(|range| plot.fractions_of(range));
        let begun = match (plot.part_at(window, x), window) {
            (chart::BrushPart::From, Some((_, to))) => Drag {
                fixed: (to, to),
                from: at,
                moves: false,
            },
            (chart::BrushPart::To, Some((from, _))) => Drag {
                fixed: (from, from),
                from: at,
                moves: false,
            },
            (chart::BrushPart::Window, Some(window)) => Drag {
                fixed: window,
                from: at,
                moves: true,
            },
            _ => Drag {
                fixed: (at, at),
                from: at,
                moves: false,
            },
        };
        drag.set_value(Some(begun));
    };
    let moved = move |event: PointerEvent| {
        let (Some(drag), Some(x), Some((plot, _))) = (drag.get_value(), place(&event), plot()) else {
            return;
        };
        let at = plot.fraction_at(x);
        let window = if drag.moves {
            let (from, to) = drag.fixed;
            let by = (at - drag.from).clamp(-from, 1.0 - to);
            (from + by, to + by)
        } else {
            (drag.fixed.0.min(at), drag.fixed.1.max(at))
        };
        dragged.set(Some(window));
        // One question at a time: a drag asks faster than a large table answers.
        if !ctx.peek(|state| state.pending) {
            choose(window);
        }
    };
    let up = move |event: PointerEvent| {
        let begun = drag.get_value();
        drag.set_value(None);
        let (Some(drag), Some(x), Some((plot, _))) = (begun, place(&event), plot()) else {
            return;
        };
        let last = dragged.get_untracked();
        if let Some(window) = last {
            choose(window);
        }
        let still = last.is_none();
        dragged.set(None);
        // A click beside the window takes it away.
        let (range, extent) = range.get_untracked();
        let chosen = range.is_some() && range != extent;
        if still && chosen && !drag.moves && (plot.fraction_at(x) - drag.from).abs() < 0.005 {
            ctx.dispatch(Action::Time(TimeRange::All));
        }
    };
    // Arrows move the window by a day, with shift its end; without a window they make one of the last week.
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        let days = match event.key().as_str() {
            "ArrowLeft" => -1,
            "ArrowRight" => 1,
            _ => return,
        };
        let (Some(range), Some(extent)) = range.get_untracked() else {
            return;
        };
        event.prevent_default();
        let zone = ctx.zone();
        let shift = |at, by| zone.shift_days(at, by);
        let (first, last) = (
            zone.floor(Grain::Day, extent.from),
            zone.next(Grain::Day, zone.floor(Grain::Day, extent.to)),
        );
        let moved = if range == extent {
            Span {
                from: shift(last, -7).max(first),
                to: last,
            }
        } else if event.shift_key() {
            Span {
                to: shift(range.to, days).min(last),
                ..range
            }
        } else {
            Span {
                from: shift(range.from, days),
                to: shift(range.to, days),
            }
        };
        if moved.from >= first && moved.to <= last && moved.from < moved.to {
            ctx.dispatch(Action::Time(TimeRange::Span(moved)));
        }
    };
    view! {
        <div class="brush" tabindex="0" role="group" aria-label=move || ctx.t(T::Brush) title=move || ctx.t(T::Brush)
            on:keydown=pressed>
            <Canvas draw=draw class="fill" />
            <canvas class="fill hit" aria-hidden="true" data-role="brush"
                on:pointerdown=down on:pointermove=moved on:pointerup=up></canvas>
        </div>
    }
}
