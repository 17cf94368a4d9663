//! All of time in a strip, with the chosen window to drag.

use super::decimate::decimate;
use super::pen::{Area, DrawError, Pen, Type};
use super::time_axis::{TimeLabel, time_labels};
use super::{Frame, index};
use crate::money::Fixed;
use crate::time::{Grain, Span, UtcMillis, Zone};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::HPos;

/// What the strip shows.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// Start of each bucket and its value, ascending.
    pub points: &'a [(UtcMillis, Fixed)],
    /// Width of the buckets.
    pub grain: Grain,
    /// Chosen window as shares of the strip, 0 to 1, in either order; `None`: all.
    pub selected: Option<(f64, f64)>,
}

/// Part of the brush under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrushPart {
    /// Handle at the window's start.
    From,
    /// Handle at the window's end.
    To,
    /// Between the handles.
    Window,
    /// Outside, or there is no window: a drag draws a new one.
    Outside,
}

/// Where things are, device pixels, and which time they stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverviewPlot {
    /// Left edge: start of the first bucket.
    pub x0: f64,
    /// Right edge: end of the last bucket.
    pub x1: f64,
    /// Top of the marks.
    pub y0: f64,
    /// Zero.
    pub y1: f64,
    /// From the first bucket's start to the last one's end; empty where there is none.
    pub extent: Span,
    grip: f64,
}

impl OverviewPlot {
    /// Share of the strip at `x`, 0 to 1.
    pub fn fraction_at(&self, x: f64) -> f64 {
        let share = (x - self.x0) / (self.x1 - self.x0);
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// Where a share of the strip is.
    pub fn x_of(&self, fraction: f64) -> f64 {
        let share = if fraction.is_finite() {
            fraction.clamp(0.0, 1.0)
        } else {
            0.0
        };
        self.x0 + (self.x1 - self.x0) * share
    }

    /// Share of the strip at an instant.
    pub fn fraction_of(&self, at: UtcMillis) -> f64 {
        let length = self.extent.millis();
        if length == 0 {
            return 0.0;
        }
        (at.0.saturating_sub(self.extent.from.0) as f64 / length as f64).clamp(0.0, 1.0)
    }

    /// `span` as shares of the strip.
    pub fn fractions_of(&self, span: Span) -> (f64, f64) {
        (self.fraction_of(span.from), self.fraction_of(span.to))
    }

    /// The window between two shares, in either order, in whole buckets of `grain`, at least one; `None` where
    /// there is no data.
    pub fn span_of(&self, fractions: (f64, f64), grain: Grain, zone: Zone) -> Option<Span> {
        let length = self.extent.millis();
        if length == 0 {
            return None;
        }
        let at = |share: f64| {
            let share = if share.is_finite() {
                share.clamp(0.0, 1.0)
            } else {
                0.0
            };
            self.extent.from.plus((share * length as f64) as i64)
        };
        let (from, to) = (at(fractions.0.min(fractions.1)), at(fractions.0.max(fractions.1)));
        let from = zone.floor(grain, from.min(self.extent.to.plus(-1)));
        // The bucket that the window ends in counts only from its middle on.
        let (start, end) = (zone.floor(grain, to), zone.next(grain, zone.floor(grain, to)));
        let half = start.plus(end.0.saturating_sub(start.0) / 2);
        let to = if to >= half { end } else { start };
        Some(Span {
            from,
            to: to.max(zone.next(grain, from)),
        })
    }

    /// What of the brush is at `x`.
    pub fn part_at(&self, selected: Option<(f64, f64)>, x: f64) -> BrushPart {
        let Some((a, b)) = selected else {
            return BrushPart::Outside;
        };
        let (from, to) = (self.x_of(a.min(b)), self.x_of(a.max(b)));
        let (near_from, near_to) = ((x - from).abs(), (x - to).abs());
        if near_from.min(near_to) <= self.grip {
            // Handles that lie together are pulled apart.
            if near_from < near_to || (near_from == near_to && x < from) {
                BrushPart::From
            } else {
                BrushPart::To
            }
        } else if from < x && x < to {
            BrushPart::Window
        } else {
            BrushPart::Outside
        }
    }
}

/// Lays the strip out; the same for drawing and for hit tests.
pub fn overview_layout(frame: &Frame, data: &Overview) -> OverviewPlot {
    let side = frame.px(6.0).min(frame.w() / 2.0);
    let labels = if frame.h() >= frame.px(40.0) {
        frame.px(18.0)
    } else {
        frame.px(2.0)
    };
    let extent = match (data.points.first(), data.points.last()) {
        (Some(first), Some(last)) => Span {
            from: first.0,
            to: frame.zone.next(data.grain, last.0),
        },
        _ => Span {
            from: UtcMillis(0),
            to: UtcMillis(0),
        },
    };
    OverviewPlot {
        x0: side,
        x1: frame.w() - side,
        y0: frame.px(3.0).min(frame.h()),
        y1: (frame.h() - labels).max(0.0),
        extent,
        grip: frame.px(11.0),
    }
}

/// Draws the strip.
///
/// # Errors
/// [`DrawError`] where the backend fails.
pub fn overview<DB: DrawingBackend>(
    area: &Area<DB>,
    frame: &Frame,
    data: &Overview,
) -> Result<(), DrawError<DB>> {
    let plot = overview_layout(frame, data);
    if !frame.holds(40.0, 12.0) || plot.y1 <= plot.y0 {
        return Ok(());
    }
    let (pen, palette) = (Pen::new(area, frame), &frame.palette);
    let values: Vec<f64> = data.points.iter().map(|(_, value)| value.to_f64()).collect();
    let top = values.iter().copied().fold(0.0, f64::max);
    let y_of = |value: f64| {
        if top > 0.0 {
            plot.y1 - (plot.y1 - plot.y0) * (value / top).clamp(0.0, 1.0)
        } else {
            plot.y1
        }
    };
    let left = |at: usize| {
        data.points
            .get(at)
            .map_or(plot.x0, |point| plot.x_of(plot.fraction_of(point.0)))
    };
    let right = |at: usize| {
        if at + 1 < data.points.len() {
            left(at + 1)
        } else {
            plot.x1
        }
    };

    let shown = decimate(&values, index(plot.x1 - plot.x0));
    let mut ground = vec![(plot.x0, plot.y1)];
    if shown.len() < 60 {
        // Few buckets are steps, each as wide as it lasts.
        for (at, value) in &shown {
            ground.extend([(left(*at), y_of(*value)), (right(*at), y_of(*value))]);
        }
    } else {
        ground.extend(
            shown
                .iter()
                .map(|(at, value)| (f64::midpoint(left(*at), right(*at)), y_of(*value))),
        );
    }
    ground.push((plot.x1, plot.y1));
    if !shown.is_empty() {
        pen.fill(&ground, palette.low, 0.55)?;
    }
    pen.hairline((plot.x0, plot.y1), (plot.x1, plot.y1), palette.line)?;

    if let Some((a, b)) = data.selected.filter(|_| !data.points.is_empty()) {
        let (from, to) = (plot.x_of(a.min(b)), plot.x_of(a.max(b)));
        pen.rect((plot.x0, 0.0), (from, plot.y1), palette.panel, 0.6)?;
        pen.rect((to, 0.0), (plot.x1, plot.y1), palette.panel, 0.6)?;
        pen.rect((from, 0.0), (to, plot.y1), palette.accent, 0.15)?;
        for x in [from, to] {
            pen.hairline((x, 0.0), (x, plot.y1), palette.accent)?;
            let (half, middle) = (frame.px(2.5), plot.y1 / 2.0);
            let reach = frame.px(8.0).min(middle);
            pen.rounded(
                (x - half, middle - reach),
                (x + half, middle + reach),
                2.5,
                palette.accent,
                1.0,
            )?;
        }
    }

    if frame.h() >= frame.px(40.0) {
        let starts: Vec<_> = data.points.iter().map(|point| point.0).collect();
        for TimeLabel { x, text } in time_labels(frame, &starts, left) {
            pen.text(
                &text,
                (x, plot.y1 + frame.px(10.0)),
                Type::label(palette.low).h(HPos::Center),
            )?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Palette;
    use crate::format::Lang;

    fn plot(days: usize) -> (OverviewPlot, Zone) {
        let zone = Zone::default();
        let from = zone.floor(Grain::Day, UtcMillis(1_781_784_872_000));
        let span = Span {
            from,
            to: UtcMillis(i64::MAX),
        };
        let points: Vec<_> = zone
            .buckets(Grain::Day, span, days)
            .into_iter()
            .map(|at| (at, Fixed::ZERO))
            .collect();
        let frame = Frame {
            width: 1012,
            height: 60,
            scale: 1.0,
            font: String::new(),
            palette: Palette::default(),
            lang: Lang::Zh,
            zone,
        };
        (
            overview_layout(
                &frame,
                &Overview {
                    points: &points,
                    grain: Grain::Day,
                    selected: None,
                },
            ),
            zone,
        )
    }

    #[test]
    fn windows_are_whole_buckets() {
        let (plot, zone) = plot(10);
        for (fractions, from, days) in [
            ((0.0, 1.0), 0, 10),
            ((1.0, 0.0), 0, 10),
            ((0.31, 0.52), 3, 2),
            ((0.31, 0.57), 3, 3),
            ((0.4, 0.4), 4, 1),
            ((1.0, 1.0), 9, 1),
            ((f64::NAN, f64::NAN), 0, 1),
        ] {
            let span = plot.span_of(fractions, Grain::Day, zone).expect("there is data");
            let start = zone.shift_days(plot.extent.from, from);
            assert_eq!(
                span,
                Span {
                    from: start,
                    to: zone.shift_days(start, days)
                },
                "{fractions:?}"
            );
            let (a, b) = plot.fractions_of(span);
            assert_eq!(
                plot.span_of((a, b), Grain::Day, zone),
                Some(span),
                "there and back"
            );
        }
    }

    #[test]
    fn brush_parts() {
        let (plot, _) = plot(10);
        let selected = Some((0.2, 0.5));
        for (x, expect) in [
            (100.0, BrushPart::Outside),
            (200.0, BrushPart::From),
            (300.0, BrushPart::Window),
            (510.0, BrushPart::To),
            (900.0, BrushPart::Outside),
            (f64::NAN, BrushPart::Outside),
        ] {
            assert_eq!(plot.part_at(selected, x), expect, "{x}");
        }
        assert_eq!(plot.part_at(None, 300.0), BrushPart::Outside);
        assert_eq!(plot.part_at(Some((0.3, 0.3)), 303.0), BrushPart::From);
        assert_eq!(plot.part_at(Some((0.3, 0.3)), 309.0), BrushPart::To);
        assert!((plot.fraction_at(506.0) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn no_data_no_window() {
        let (plot, zone) = plot(0);
        assert_eq!(plot.span_of((0.0, 1.0), Grain::Day, zone), None);
        assert_eq!(plot.fraction_of(UtcMillis(i64::MAX)), 0.0);
    }
}
