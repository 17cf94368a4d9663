//! When each SKU runs out: bars on a linear axis of days, from now.

use super::pen::{Area, DrawError, Pen, Type, text_width};
use super::{Frame, index};
use crate::format::{short_day, weekday};
use crate::protocol::StockState;
use crate::time::{DAY_MILLIS, Grain, UtcMillis};
use plotters::prelude::DrawingBackend;

/// One SKU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunoutRow {
    /// Days the stock lasts; not finite: no bar.
    pub days: f64,
    /// How bad it is.
    pub state: StockState,
}

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Runout<'a> {
    /// Rows; row i takes `header_h + i × row_h` to `header_h + (i + 1) × row_h`.
    pub rows: &'a [RunoutRow],
    /// Height of a row, device pixels.
    pub row_h: f64,
    /// Height of the header with the days' names, device pixels; 0: none.
    pub header_h: f64,
    /// Where now is, device pixels; room for half a square is left of it.
    pub x0: f64,
    /// Where `max_days` is, device pixels.
    pub x1: f64,
    /// Length of the axis, days.
    pub max_days: f64,
    /// Where the axis begins: the shop's now, or where its data ends.
    pub now: UtcMillis,
    /// Names of the beginning and of the day after.
    pub labels: (&'a str, &'a str),
}

/// Draws the bars. A bar that ends within the axis has a tick at its end; one that goes on has none.
///
/// # Errors
/// [`DrawError`] where the backend fails.
pub fn runout<DB: DrawingBackend>(
    area: &Area<DB>,
    frame: &Frame,
    data: &Runout,
) -> Result<(), DrawError<DB>> {
    let sound = data.max_days > 0.0 && data.row_h > 0.0 && data.header_h >= 0.0 && data.x1 - data.x0 >= 1.0;
    if !sound
        || !(data.max_days + data.row_h + data.header_h + data.x0 + data.x1).is_finite()
        || !frame.holds(1.0, 1.0)
    {
        return Ok(());
    }
    let pen = Pen::new(area, frame);
    let x_of = |days: f64| data.x0 + (data.x1 - data.x0) * (days / data.max_days).clamp(0.0, 1.0);
    let bottom = (data.header_h + data.row_h * data.rows.len() as f64).min(frame.h());
    grid(&pen, frame, data, bottom, x_of)?;
    let palette = &frame.palette;
    for (at, row) in data.rows.iter().enumerate() {
        let middle = data.header_h + data.row_h * (at as f64 + 0.5);
        if middle >= frame.h() {
            break;
        }
        if matches!(row.state, StockState::Oversold | StockState::Out) || row.days <= 0.0 {
            let half = frame.px(6.0).min(data.row_h / 2.0);
            pen.rect(
                (data.x0 - half, middle - half),
                (data.x0 + half, middle + half),
                palette.p1,
                1.0,
            )?;
            continue;
        }
        if !row.days.is_finite() {
            continue;
        }
        let (color, alpha) = match row.days {
            ..1.0 => (palette.p1, 1.0),
            ..3.0 => (palette.p2, 1.0),
            _ => (palette.mid, 0.45),
        };
        let half = frame.px(5.0).min(data.row_h / 2.0);
        // What is left at all can be seen before the tick.
        let end = x_of(row.days).max(data.x0 + frame.px(4.0));
        pen.rounded((data.x0, middle - half), (end, middle + half), 2.0, color, alpha)?;
        if row.days <= data.max_days {
            let (width, reach) = (frame.px(2.8), frame.px(9.0).min(data.row_h / 2.0));
            pen.rect(
                (end, middle - reach),
                (end + width, middle + reach),
                palette.hi,
                1.0,
            )?;
        }
    }
    Ok(())
}

/// A line where each day begins, its name beside it as far as there is room, and now.
fn grid<DB: DrawingBackend>(
    pen: &Pen<DB>,
    frame: &Frame,
    data: &Runout,
    bottom: f64,
    x_of: impl Fn(f64) -> f64,
) -> Result<(), DrawError<DB>> {
    let palette = &frame.palette;
    let (now, tomorrow) = data.labels;
    let named = data.header_h >= frame.px(12.0);
    let baseline = data.header_h - frame.px(11.0);
    let mut free = data.x0;
    if named {
        let half = text_width(frame, now, 13.0) / 2.0;
        let left = (data.x0 - half).max(0.0);
        pen.text(now, (left, baseline), Type::label(palette.mid))?;
        free = left + half * 2.0 + frame.px(8.0);
    }
    let mut start = frame
        .zone
        .next(Grain::Day, frame.zone.floor(Grain::Day, data.now));
    for number in 1..=index(data.max_days.min(400.0)) + 1 {
        let days = start.0.saturating_sub(data.now.0) as f64 / DAY_MILLIS as f64;
        if !(0.0..=data.max_days).contains(&days) {
            break;
        }
        let (x, end) = (x_of(days), x_of(days + 1.0));
        pen.hairline((x, data.header_h), (x, bottom), palette.grid)?;
        let day = short_day(start, frame.zone);
        let full = format!("{day} {}", weekday(start, frame.zone, frame.lang));
        let names = if number == 1 {
            [tomorrow.to_owned(), day]
        } else {
            [full, day]
        };
        // In the middle of its day; a long name only where it stays within.
        let left = |text: &String| f64::midpoint(x, end) - text_width(frame, text, 13.0) / 2.0;
        let whole = days + 1.0 <= data.max_days;
        let room = |at: usize, text: &String| left(text) >= if at == 0 { free.max(x) } else { free };
        let name = names
            .iter()
            .enumerate()
            .find(|(at, text)| named && whole && room(*at, text));
        if let Some((_, text)) = name {
            pen.text(text, (left(text), baseline), Type::label(palette.low))?;
            free = left(text) + text_width(frame, text, 13.0) + frame.px(8.0);
        }
        start = frame.zone.next(Grain::Day, start);
    }
    pen.hairline((data.x0, data.header_h), (data.x0, bottom), palette.low)
}

/// The row at `y`, device pixels.
pub fn runout_at(data: &Runout, y: f64) -> Option<usize> {
    let row = (y - data.header_h) / data.row_h;
    (row.is_finite() && row >= 0.0)
        .then(|| index(row))
        .filter(|at| *at < data.rows.len())
}
