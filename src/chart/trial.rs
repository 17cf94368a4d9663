//! How a rule would have fared: what it watches with its bound to drag, and a strip of when it fired.

use super::pen::{Area, DrawError, Pen, Type};
use super::time_axis::{TimeLabel, time_labels};
use super::{Frame, index, ticks};
use crate::format::quantity;
use crate::protocol::{RunOut, Trial};
use crate::time::UtcMillis;
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::HPos;

/// Where things are, device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrialPlot {
    /// Left and right edge of the marks.
    pub x: (f64, f64),
    /// Top and zero line of what is watched.
    pub y: (f64, f64),
    /// Top and bottom of the strip.
    pub strip: (f64, f64),
    /// Least and most value shown.
    pub values: (f64, f64),
}

impl TrialPlot {
    /// The value at a height, within what is shown.
    pub fn value_at(&self, y: f64) -> f64 {
        let share = ((self.y.1 - y) / (self.y.1 - self.y.0)).clamp(0.0, 1.0);
        self.values.0 + (self.values.1 - self.values.0) * if share.is_nan() { 0.0 } else { share }
    }

    /// The height of a value; what is beyond stands at the edge.
    pub fn y_of(&self, value: f64) -> f64 {
        let share = (value - self.values.0) / (self.values.1 - self.values.0);
        self.y.1 - (self.y.1 - self.y.0) * share.clamp(0.0, 1.0)
    }

    fn x_of(&self, share: f64) -> f64 {
        self.x.0 + (self.x.1 - self.x.0) * share.clamp(0.0, 1.0)
    }
}

/// The values worth showing beside `bound`: most of them, since a good that nobody asks for lasts for ever.
fn shown(points: &[(f64, f64)], bound: Option<f64>) -> (f64, f64) {
    let mut values: Vec<f64> = points
        .iter()
        .map(|point| point.1)
        .filter(|value| value.is_finite())
        .collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        values
            .get(index(share * (values.len().max(1) - 1) as f64))
            .copied()
    };
    let bound = bound.filter(|bound| bound.is_finite());
    let near = bound.map_or(f64::MAX, |bound| (bound.abs() * 6.0).max(1.0));
    let most = at(1.0).unwrap_or(1.0).min(at(0.9).unwrap_or(1.0).max(near));
    let least = at(0.0)
        .unwrap_or(0.0)
        .max(-at(0.1).unwrap_or(0.0).abs().max(near));
    let (low, high) = (least.min(0.0), most.max(0.0));
    bound.map_or((low, high), |bound| {
        (low.min(bound * 1.25), high.max(bound * 1.25))
    })
}

/// Lays it out; the same for drawing and for hit tests.
pub fn trial_layout(frame: &Frame, trial: &Trial, bound: Option<f64>) -> TrialPlot {
    let (low, high) = shown(&trial.points, bound);
    let axis = ticks(low, high, 4, false);
    let bottom = (frame.h() - frame.px(20.0)).max(0.0);
    let strip = ((bottom - frame.px(18.0)).max(0.0), bottom);
    TrialPlot {
        x: (frame.px(48.0), (frame.w() - frame.px(8.0)).max(frame.px(48.0))),
        y: (frame.px(10.0), (strip.0 - frame.px(8.0)).max(frame.px(10.0))),
        strip,
        values: (axis.low, axis.high),
    }
}

/// Draws what `trial` is, with the rule's `bound` where it is a number and whether it warns of less.
///
/// # Errors
/// [`DrawError`] where the backend fails.
pub fn trial<DB: DrawingBackend>(
    area: &Area<DB>,
    frame: &Frame,
    trial: &Trial,
    bound: Option<f64>,
    is_lower: bool,
) -> Result<(), DrawError<DB>> {
    let plot = trial_layout(frame, trial, bound);
    if !frame.holds(160.0, 90.0) {
        return Ok(());
    }
    let (pen, palette) = (Pen::new(area, frame), &frame.palette);
    for value in ticks(plot.values.0, plot.values.1, 4, false).values {
        let y = plot.y_of(value);
        let color = if value == 0.0 { palette.line } else { palette.grid };
        pen.hairline((plot.x.0, y), (plot.x.1, y), color)?;
        let text = quantity(value, frame.lang).to_string();
        pen.text(
            &text,
            (plot.x.0 - frame.px(6.0), y),
            Type::label(palette.low).h(HPos::Right),
        )?;
    }
    if let Some(bound) = bound {
        // What fires is beyond the line.
        let (y, edge) = (plot.y_of(bound), if is_lower { plot.y.1 } else { plot.y.0 });
        pen.rect((plot.x.0, y.min(edge)), (plot.x.1, y.max(edge)), palette.p2, 0.12)?;
    }
    if trial.is_line {
        let course: Vec<_> = trial
            .points
            .iter()
            .map(|(x, value)| (plot.x_of(*x), plot.y_of(*value)))
            .collect();
        pen.line(&course, palette.accent, 1.0, 1.5)?;
    } else {
        for (x, value) in &trial.points {
            pen.dot((plot.x_of(*x), plot.y_of(*value)), 2.0, palette.accent, 0.7)?;
        }
    }
    if let Some(bound) = bound {
        let y = plot.y_of(bound);
        pen.line(&[(plot.x.0, y), (plot.x.1, y)], palette.p2, 1.0, 2.0)?;
        let (right, half) = (plot.x.1, frame.px(5.0));
        pen.rounded(
            (right - half * 3.0, y - half),
            (right, y + half),
            4.0,
            palette.p2,
            1.0,
        )?;
    }
    let length = trial.span.millis().max(1) as f64;
    let share = |at: UtcMillis| (at.0 - trial.span.from.0) as f64 / length;
    let (top, bottom) = plot.strip;
    pen.rounded((plot.x.0, top), (plot.x.1, bottom), 3.0, palette.raise, 1.0)?;
    for spell in &trial.spells {
        let from = plot.x_of(share(spell.from));
        let to = spell.to.map_or(plot.x.1, |to| plot.x_of(share(to)));
        pen.rect(
            (from, top),
            (to.max(from + frame.px(2.0)), bottom),
            palette.p1,
            0.85,
        )?;
    }
    for RunOut { at, lead, .. } in &trial.run_outs {
        let (x, half) = (plot.x_of(share(*at)), frame.px(5.0));
        let marker = [
            (x - half, top - half * 1.6),
            (x + half, top - half * 1.6),
            (x, top),
        ];
        // A filled mark is one that the rule missed.
        if lead.is_none() {
            pen.fill(&marker, palette.p1, 1.0)?;
        } else {
            pen.line(
                &[marker[0], marker[1], marker[2], marker[0]],
                palette.mid,
                1.0,
                1.2,
            )?;
        }
    }
    if trial.looks > 1 {
        // A label can stand at any of a hundred places.
        let starts: Vec<_> = (0..100)
            .map(|part| trial.span.from.plus(trial.span.millis() * part / 100))
            .collect();
        let left = |at: usize| plot.x_of(at as f64 / 100.0);
        for TimeLabel { x, text } in time_labels(frame, &starts, left) {
            let set = Type::label(palette.low).h(HPos::Center);
            pen.text(&text, (x, bottom + frame.px(11.0)), set)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Palette;
    use crate::format::Lang;
    use crate::time::Zone;

    #[test]
    fn heights_and_values_go_there_and_back() {
        let frame = Frame {
            width: 800,
            height: 240,
            scale: 1.0,
            font: String::new(),
            palette: Palette::default(),
            lang: Lang::Zh,
            zone: Zone::default(),
        };
        // Many last for days, one for ever.
        let mut points: Vec<(f64, f64)> = (0..100).map(|at| (0.0, f64::from(at) / 10.0)).collect();
        points.push((0.0, 9_999.0));
        let trial = Trial {
            points,
            ..Trial::default()
        };
        let plot = trial_layout(&frame, &trial, Some(3.0));
        assert!(plot.values.1 < 30.0 && plot.values.1 >= 18.0, "{plot:?}");
        for value in [0.0, 3.0, 7.5] {
            assert!((plot.value_at(plot.y_of(value)) - value).abs() < 1e-9);
        }
        assert_eq!(plot.value_at(f64::NAN), plot.values.0);
        assert_eq!(plot.value_at(-1e9), plot.values.1);
        // Nothing to show is no reason to stop.
        let empty = trial_layout(&frame, &Trial::default(), None);
        assert!(empty.values.0 < empty.values.1, "{empty:?}");
        let below = trial_layout(&frame, &Trial::default(), Some(-4.0));
        assert!(below.values.0 <= -4.0, "{below:?}");
    }
}
