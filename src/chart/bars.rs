//! Horizontal bars in the rows of a table that lies over the canvas.

use super::pen::{Area, DrawError, Pen};
use super::{Frame, Ink, index};
use plotters::prelude::DrawingBackend;

/// The bar of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarRow {
    /// Its length; not finite: no bar.
    pub value: f64,
    /// Where it was: a tick.
    pub before: Option<f64>,
    /// Its colour.
    pub color: Ink,
    /// Not among the chosen.
    pub dimmed: bool,
}

/// Where in its row a bar lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BarPlace {
    /// At the bottom, under the row's text, thin.
    #[default]
    Bottom,
    /// In the middle, beside the row's text.
    Centre,
}

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Bars<'a> {
    /// Rows; row i takes `top + i × row_h` to `top + (i + 1) × row_h`.
    pub rows: &'a [BarRow],
    /// Top of the first row, device pixels.
    pub top: f64,
    /// Height of a row, device pixels.
    pub row_h: f64,
    /// Left end of the bars, device pixels.
    pub x0: f64,
    /// Right end of the bars, device pixels.
    pub x1: f64,
    /// Where in the row.
    pub place: BarPlace,
    /// Value of a full bar; `None`: the largest.
    pub full: Option<f64>,
    /// Whether the empty rest of a bar shows.
    pub track: bool,
}

/// Draws the bars.
///
/// # Errors
/// [`DrawError`] where the backend fails.
pub fn bars<DB: DrawingBackend>(area: &Area<DB>, frame: &Frame, data: &Bars) -> Result<(), DrawError<DB>> {
    let sound = data.row_h > 0.0
        && data.x1 - data.x0 >= 1.0
        && (data.top + data.x0 + data.x1 + data.row_h).is_finite();
    if !sound || !frame.holds(1.0, 1.0) {
        return Ok(());
    }
    let values = || {
        data.rows
            .iter()
            .flat_map(|row| [Some(row.value), row.before])
            .flatten()
            .filter(|value| value.is_finite())
    };
    let low = values().fold(0.0, f64::min);
    let high = data
        .full
        .filter(|full| full.is_finite() && *full > 0.0)
        .unwrap_or_else(|| values().fold(0.0, f64::max));
    let x_of = |value: f64| {
        let share = (value - low) / (high - low);
        data.x0
            + (data.x1 - data.x0)
                * if share.is_finite() {
                    share.clamp(0.0, 1.0)
                } else {
                    0.0
                }
    };
    let (pen, palette, zero) = (Pen::new(area, frame), &frame.palette, x_of(0.0));
    let thick = match data.place {
        BarPlace::Bottom => frame.px(3.0),
        BarPlace::Centre => frame.px(8.0),
    }
    .min(data.row_h);
    for (at, row) in data.rows.iter().enumerate() {
        let top = data.top + at as f64 * data.row_h;
        if top >= frame.h() {
            break;
        }
        let y = match data.place {
            BarPlace::Bottom => top + data.row_h - thick,
            BarPlace::Centre => top + (data.row_h - thick) / 2.0,
        };
        if data.track {
            pen.rounded((data.x0, y), (data.x1, y + thick), 2.0, palette.raise, 1.0)?;
        }
        if row.value.is_finite() && row.value != 0.0 {
            let (from, to) = (zero.min(x_of(row.value)), zero.max(x_of(row.value)));
            // What is there at all can be seen.
            let least = frame.px(2.0).min(data.x1 - data.x0);
            let (from, to) = if to - from >= least {
                (from, to)
            } else if row.value < 0.0 {
                ((to - least).max(data.x0), (to - least).max(data.x0) + least)
            } else {
                (from.min(data.x1 - least), from.min(data.x1 - least) + least)
            };
            let alpha = if row.dimmed { 0.35 } else { 1.0 };
            pen.rounded((from, y), (to, y + thick), 2.0, palette.of(row.color), alpha)?;
        }
        if let Some(before) = row.before.filter(|value| value.is_finite()) {
            let (x, half) = (x_of(before), frame.px(0.8));
            let x = x.max(data.x0 + half).min(data.x1 - half);
            let over = frame.px(2.0);
            // Edged with the panel, or it would drown in a bar of its own lightness.
            pen.rect(
                (x - half * 2.0, y),
                (x + half * 2.0, y + thick),
                palette.panel,
                1.0,
            )?;
            pen.rect(
                (x - half, y - over),
                (x + half, (y + thick + over).min(top + data.row_h)),
                palette.low,
                1.0,
            )?;
        }
    }
    if low < 0.0 && !data.rows.is_empty() {
        let bottom = (data.top + data.row_h * data.rows.len() as f64).min(frame.h());
        pen.hairline((zero, data.top), (zero, bottom), palette.line)?;
    }
    Ok(())
}

/// The row at `y`, device pixels.
pub fn bar_at(data: &Bars, y: f64) -> Option<usize> {
    let row = (y - data.top) / data.row_h;
    (row.is_finite() && row >= 0.0)
        .then(|| index(row))
        .filter(|at| *at < data.rows.len())
}
