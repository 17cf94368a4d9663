//! The course of a number, in a corner of its tile.

use super::decimate::decimate;
use super::pen::{Area, DrawError, Pen};
use super::{Frame, index};
use plotters::prelude::DrawingBackend;

/// A line from the lowest to the highest of `values`, oldest first, its last point marked. Not from zero: it
/// shows a course, not amounts.
///
/// # Errors
/// [`DrawError`] where the backend fails.
pub fn spark<DB: DrawingBackend>(
    area: &Area<DB>,
    frame: &Frame,
    values: &[f64],
) -> Result<(), DrawError<DB>> {
    if !frame.holds(12.0, 8.0) {
        return Ok(());
    }
    let pad = frame.px(4.5);
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = (
        finite().fold(f64::INFINITY, f64::min),
        finite().fold(f64::NEG_INFINITY, f64::max),
    );
    let y_of = |value: f64| {
        // Halved first: the span of two huge numbers is no number.
        let share = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
        frame.h() - pad - (frame.h() - 2.0 * pad) * if share.is_finite() { share } else { 0.5 }
    };
    let step = (frame.w() - 2.0 * pad) / (values.len().max(2) - 1) as f64;
    let shown = decimate(values, index(frame.w()));
    let points: Vec<_> = shown
        .iter()
        .map(|(at, value)| (pad + *at as f64 * step, y_of(*value)))
        .collect();
    let pen = Pen::new(area, frame);
    pen.line(&points, frame.palette.hi, 1.0, 1.4)?;
    match points.last() {
        Some(last) => pen.dot(*last, 3.2, frame.palette.accent, 1.0),
        None => Ok(()),
    }
}
