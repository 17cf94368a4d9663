//! Shares of a whole in one bar.

use super::pen::{Area, DrawError, Pen};
use super::{Frame, Ink};
use plotters::prelude::DrawingBackend;

/// One horizontal bar over all of `frame`, cut into `parts` in their order. Parts that are not positive are
/// left out.
///
/// # Errors
/// [`DrawError`] where the backend fails.
pub fn stack<DB: DrawingBackend>(
    area: &Area<DB>,
    frame: &Frame,
    parts: &[(f64, Ink)],
) -> Result<(), DrawError<DB>> {
    if !frame.holds(4.0, 1.0) {
        return Ok(());
    }
    let pen = Pen::new(area, frame);
    for (at, from, to) in segments(frame, parts) {
        let color = frame.palette.of(parts[at].1);
        pen.rounded((from, 0.0), (to, frame.h()), 2.0, color, 1.0)?;
    }
    Ok(())
}

/// The part of [`stack`] at `x`, device pixels.
pub fn stack_at(frame: &Frame, parts: &[(f64, Ink)], x: f64) -> Option<usize> {
    segments(frame, parts)
        .into_iter()
        .find(|(_, from, to)| *from <= x && x <= *to)
        .map(|(at, ..)| at)
}

/// Index, left and right end of each part, a gap between.
fn segments(frame: &Frame, parts: &[(f64, Ink)]) -> Vec<(usize, f64, f64)> {
    let counts = |value: f64| value.is_finite() && value > 0.0;
    let shown: Vec<_> = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| counts(part.0))
        .collect();
    // Halved, so that a sum of huge numbers stays one.
    let scale = shown.iter().map(|(_, part)| part.0).fold(0.0, f64::max);
    let total: f64 = shown.iter().map(|(_, part)| part.0 / scale).sum();
    let gaps = frame.px(2.0) * shown.len().saturating_sub(1) as f64;
    let gap = if gaps * 2.0 < frame.w() {
        frame.px(2.0)
    } else {
        0.0
    };
    let width = frame.w() - gap * shown.len().saturating_sub(1) as f64;
    let mut x = 0.0;
    shown
        .into_iter()
        .map(|(at, part)| {
            let from = x;
            let to = from + width * (part.0 / scale) / total;
            x = to + gap;
            (at, from, to)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Palette;
    use crate::format::Lang;
    use crate::time::Zone;

    #[test]
    fn parts_fill_the_bar() {
        let frame = Frame {
            width: 206,
            height: 8,
            scale: 1.0,
            font: String::new(),
            palette: Palette::default(),
            lang: Lang::Zh,
            zone: Zone::default(),
        };
        let parts = [
            (3.0, Ink::Series(0)),
            (0.0, Ink::Low),
            (f64::NAN, Ink::Low),
            (1.0, Ink::Series(1)),
        ];
        assert_eq!(segments(&frame, &parts), [(0, 0.0, 153.0), (3, 155.0, 206.0)]);
        for (x, expect) in [
            (0.0, Some(0)),
            (154.0, None),
            (200.0, Some(3)),
            (-1.0, None),
            (f64::NAN, None),
        ] {
            assert_eq!(stack_at(&frame, &parts, x), expect);
        }
        assert!(segments(&frame, &[]).is_empty());
        let huge = segments(&frame, &[(f64::MAX, Ink::Hi), (f64::MAX, Ink::Hi)]);
        assert_eq!(huge[1].2, 206.0);
    }
}
