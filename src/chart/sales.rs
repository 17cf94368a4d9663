//! Sales over time: the pulse. One solid accent line over its soft area, the comparison period in grey.

use super::decimate::decimate;
use super::pen::{Area, DrawError, Pen, Point, Type, text_width};
use super::ticks::{Ticks, ticks};
use super::time_axis::{self, TimeLabel, time_labels};
use super::{Frame, index};
use crate::format;
use crate::protocol::{Measure, Series, SeriesPoint};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, VPos};

/// What the chart shows.
#[derive(Clone, Copy, Debug)]
pub struct Sales<'a> {
    /// Buckets, ascending.
    pub series: &'a Series,
    /// Which of their values.
    pub measure: Measure,
    /// Currency of money; empty: unknown.
    pub currency: &'a str,
    /// Bucket the pointer is on.
    pub hover: Option<usize>,
    /// The last bucket that has begun is not over yet: its part of the line is dashed.
    pub partial_last: bool,
    /// Name of the comparison period, at the right end of its line; empty: none.
    pub before_label: &'a str,
}

impl Sales<'_> {
    /// Buckets that have not begun are no values, for they are not zero.
    fn values(&self) -> Vec<f64> {
        let value = |(at, point): (usize, &SeriesPoint)| {
            if at < self.series.begun {
                point.value(self.measure).to_f64()
            } else {
                f64::NAN
            }
        };
        self.series.points.iter().enumerate().map(value).collect()
    }

    fn before(&self) -> Vec<f64> {
        self.series
            .points
            .iter()
            .map(|point| point.before.map_or(f64::NAN, |v| v.to_f64()))
            .collect()
    }
}

/// Where things are: the rectangle of the values, device pixels, and the scales of both axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// Left edge: the first bucket.
    pub x0: f64,
    /// Right edge: the last bucket.
    pub x1: f64,
    /// Top edge: the highest gridline.
    pub y0: f64,
    /// Bottom edge: the lowest gridline.
    pub y1: f64,
    /// Number of buckets.
    pub count: usize,
    /// Gridlines.
    pub ticks: Ticks,
    labels: Vec<String>,
}

impl Plot {
    /// Where bucket `at` is.
    pub fn x_of(&self, at: usize) -> f64 {
        if self.count < 2 {
            return f64::midpoint(self.x0, self.x1);
        }
        self.x0 + (self.x1 - self.x0) * at.min(self.count - 1) as f64 / (self.count - 1) as f64
    }

    /// Where `value` is; beyond the gridlines: at the edge.
    pub fn y_of(&self, value: f64) -> f64 {
        let share = (value - self.ticks.low) / (self.ticks.high - self.ticks.low);
        self.y1
            - (self.y1 - self.y0)
                * if share.is_finite() {
                    share.clamp(0.0, 1.0)
                } else {
                    0.0
                }
    }

    /// The bucket nearest to `x`, device pixels; `None` where there is no bucket or `x` is not finite.
    pub fn bucket_at(&self, x: f64) -> Option<usize> {
        if self.count == 0 || !x.is_finite() {
            return None;
        }
        let width = (self.x1 - self.x0).max(1e-9);
        let share = ((x - self.x0) / width).clamp(0.0, 1.0);
        Some(index((share * (self.count - 1) as f64).round()).min(self.count - 1))
    }
}

/// Size of axis labels, 1/16 rem.
const LABEL: f64 = 13.0;
/// Smallest frame in which anything is drawn, 1/16 rem.
const LEAST: (f64, f64) = (48.0, 24.0);

/// Lays the chart out; the same for drawing and for hit tests.
pub fn sales_layout(frame: &Frame, sales: &Sales) -> Plot {
    layout(frame, sales, &sales.values(), &sales.before())
}

fn layout(frame: &Frame, sales: &Sales, values: &[f64], before: &[f64]) -> Plot {
    let all = || values.iter().chain(before).copied().filter(|v| v.is_finite());
    let (low, high) = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
    let most = index(frame.h() / frame.px(44.0)).clamp(2, 5);
    let ticks = ticks(low, high, most, sales.measure != Measure::Gmv);
    let roomy = frame.holds(200.0, 100.0);
    let labels = if frame.holds(120.0, 60.0) {
        format::axis(&ticks.values, frame.lang)
    } else {
        Vec::new()
    };
    let widest = labels
        .iter()
        .map(|text| text_width(frame, text, LABEL))
        .fold(0.0, f64::max);
    let left = if labels.is_empty() {
        frame.px(4.0)
    } else {
        widest + frame.px(10.0)
    };
    let bottom = if labels.is_empty() {
        frame.px(4.0)
    } else {
        frame.px(24.0)
    };
    let top = frame.px(if roomy { 28.0 } else { 8.0 });
    let named = roomy && before.iter().any(|v| v.is_finite()) && !sales.before_label.is_empty();
    let right = if named {
        text_width(frame, sales.before_label, LABEL) + frame.px(14.0)
    } else {
        frame.px(10.0)
    };
    Plot {
        x0: left.min(frame.w()),
        x1: (frame.w() - right).max(left).min(frame.w()),
        y0: top.min(frame.h()),
        y1: (frame.h() - bottom).max(top).min(frame.h()),
        count: values.len(),
        ticks,
        labels,
    }
}

/// Draws the chart.
///
/// # Errors
/// [`DrawError`] where the backend fails.
pub fn sales<DB: DrawingBackend>(area: &Area<DB>, frame: &Frame, sales: &Sales) -> Result<(), DrawError<DB>> {
    if !frame.holds(LEAST.0, LEAST.1) {
        return Ok(());
    }
    let (values, before) = (sales.values(), sales.before());
    let drawing = Drawing {
        pen: Pen::new(area, frame),
        frame,
        sales,
        plot: layout(frame, sales, &values, &before),
        values,
        before,
    };
    drawing.axes()?;
    drawing.earlier()?;
    drawing.line()?;
    drawing.peak()?;
    drawing.crosshair()
}

/// What the parts of one drawing share.
struct Drawing<'a, DB: DrawingBackend> {
    pen: Pen<'a, DB>,
    frame: &'a Frame,
    sales: &'a Sales<'a>,
    plot: Plot,
    /// By bucket; NaN: none.
    values: Vec<f64>,
    /// Of the comparison period, by bucket; NaN: none.
    before: Vec<f64>,
}

impl<DB: DrawingBackend> Drawing<'_, DB> {
    fn axes(&self) -> Result<(), DrawError<DB>> {
        let (pen, frame, plot) = (&self.pen, self.frame, &self.plot);
        let palette = &frame.palette;
        for value in &plot.ticks.values {
            let y = plot.y_of(*value);
            pen.hairline(
                (plot.x0, y),
                (plot.x1, y),
                if *value == 0.0 { palette.line } else { palette.grid },
            )?;
        }
        if plot.labels.is_empty() {
            return Ok(());
        }
        for (value, label) in plot.ticks.values.iter().zip(&plot.labels) {
            pen.text(
                label,
                (plot.x0 - frame.px(10.0), plot.y_of(*value)),
                Type::label(palette.low).h(HPos::Right),
            )?;
        }
        let starts: Vec<_> = self.sales.series.points.iter().map(|point| point.start).collect();
        for TimeLabel { x, text } in time_labels(frame, &starts, |at| plot.x_of(at)) {
            let set = Type {
                size: time_axis::SIZE,
                ..Type::label(palette.low).h(HPos::Center)
            };
            pen.text(&text, (x, plot.y1 + frame.px(14.0)), set)?;
        }
        Ok(())
    }

    /// The comparison period: a grey line with gaps where it has none.
    fn earlier(&self) -> Result<(), DrawError<DB>> {
        let (pen, frame, plot) = (&self.pen, self.frame, &self.plot);
        let low = frame.palette.low;
        for run in runs(&self.before) {
            let offset = run.start;
            let points = points(plot, &self.before[run], offset);
            pen.line(&points, low, 1.0, 1.4)?;
            if let [only] = points[..] {
                pen.dot(only, 2.0, low, 1.0)?;
            }
        }
        let last = self.before.iter().rposition(|value| value.is_finite());
        if let Some(at) = last.filter(|_| frame.holds(200.0, 100.0)) {
            // Beside the end of the line, but not over the dot of the other.
            let y = plot.y_of(self.before[at]);
            let now = self
                .values
                .get(at)
                .filter(|v| v.is_finite())
                .map_or(f64::INFINITY, |v| plot.y_of(*v));
            let least = frame.px(16.0);
            let y = if (y - now).abs() < least {
                if y < now { now - least } else { now + least }
            } else {
                y
            };
            let y = y.clamp(plot.y0, plot.y1 - frame.px(6.0).min(plot.y1 - plot.y0));
            pen.text(
                self.sales.before_label,
                (plot.x_of(at) + frame.px(10.0), y),
                Type::label(low),
            )?;
        }
        Ok(())
    }

    fn line(&self) -> Result<(), DrawError<DB>> {
        let (pen, frame, plot) = (&self.pen, self.frame, &self.plot);
        let accent = frame.palette.accent;
        let points = points(plot, &self.values, 0);
        let Some((first, last)) = points.first().copied().zip(points.last().copied()) else {
            return Ok(());
        };
        let zero = plot.y_of(0.0);
        let mut ground = points.clone();
        ground.extend([(last.0, zero), (first.0, zero)]);
        pen.fill(&ground, accent, 0.13)?;
        let whole = if self.sales.partial_last {
            points.len() - 1
        } else {
            points.len()
        };
        pen.line(&points[..whole], accent, 1.0, 2.4)?;
        if self.sales.partial_last {
            pen.dashed(&points[whole.saturating_sub(1)..], accent, 2.4, 5.0, 4.5)?;
        }
        pen.dot(last, 8.0, accent, 0.22)?;
        pen.dot(last, 5.4, frame.palette.panel, 1.0)?;
        pen.dot(last, 4.0, accent, 1.0)
    }

    /// Names the highest bucket.
    fn peak(&self) -> Result<(), DrawError<DB>> {
        let (pen, frame, plot) = (&self.pen, self.frame, &self.plot);
        let highest = self
            .values
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, value)| *value > 0.0);
        let Some((at, value)) = highest.reduce(|best, next| if next.1 > best.1 { next } else { best }) else {
            return Ok(());
        };
        if !frame.holds(240.0, 100.0) || plot.count < 2 {
            return Ok(());
        }
        let number = match self.sales.measure {
            Measure::Gmv => format::money(value, self.sales.currency, frame.lang),
            Measure::Units | Measure::Orders => format::quantity(value, frame.lang),
        }
        .to_string();
        let start = self
            .sales
            .series
            .points
            .get(at)
            .map(|point| point.start)
            .unwrap_or_default();
        let name = format::bucket_label(self.sales.series.grain, start, frame.zone, frame.lang);
        let (big, gap) = (16.0, frame.px(7.0));
        let (number_width, name_width) = (text_width(frame, &number, big), text_width(frame, &name, LABEL));
        let width = number_width + gap + name_width;
        let x = plot.x_of(at);
        if self
            .sales
            .hover
            .is_some_and(|hover| (plot.x_of(hover) - x).abs() < width)
            || width > plot.x1 - plot.x0
        {
            return Ok(());
        }
        let left = (x - width / 2.0).min(frame.w() - width).max(plot.x0);
        let y = plot.y_of(value)
            - frame.px(if at + 1 == self.sales.series.begun.min(plot.count) {
                18.0
            } else {
                14.0
            });
        let set = Type {
            size: big,
            bold: true,
            halo: true,
            ..Type::label(frame.palette.hi)
        };
        pen.text(&number, (left, y), set)?;
        let set = Type {
            halo: true,
            v: VPos::Center,
            ..Type::label(frame.palette.mid)
        };
        pen.text(&name, (left + number_width + gap, y + frame.px(0.5)), set)
    }

    fn crosshair(&self) -> Result<(), DrawError<DB>> {
        let (pen, frame, plot) = (&self.pen, self.frame, &self.plot);
        let Some(at) = self.sales.hover.filter(|at| *at < plot.count) else {
            return Ok(());
        };
        let x = plot.x_of(at);
        pen.hairline((x, plot.y0), (x, plot.y1), frame.palette.low)?;
        let marks = [
            (&self.before, frame.palette.low, 3.0),
            (&self.values, frame.palette.accent, 4.0),
        ];
        for (line, color, radius) in marks {
            if let Some(value) = line.get(at).filter(|value| value.is_finite()) {
                pen.dot((x, plot.y_of(*value)), radius + 2.0, frame.palette.panel, 1.0)?;
                pen.dot((x, plot.y_of(*value)), radius, color, 1.0)?;
            }
        }
        Ok(())
    }
}

/// `values`, the first of which is bucket `offset`, as points, at most about one a pixel.
fn points(plot: &Plot, values: &[f64], offset: usize) -> Vec<Point> {
    let share = values.len() as f64 / plot.count.max(1) as f64;
    let columns = index(((plot.x1 - plot.x0) * share).ceil());
    decimate(values, columns)
        .into_iter()
        .map(|(at, v)| (plot.x_of(at + offset), plot.y_of(v)))
        .collect()
}

/// The stretches of `values` that are finite.
fn runs(values: &[f64]) -> Vec<std::ops::Range<usize>> {
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for at in (0..values.len()).filter(|at| values[*at].is_finite()) {
        match out.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => out.push(at..at + 1),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_at_gaps() {
        let n = f64::NAN;
        assert_eq!(runs(&[n, 1.0, 2.0, n, n, 3.0]), [1..3, 5..6]);
        assert!(runs(&[]).is_empty());
    }

    #[test]
    fn x_and_bucket_are_inverse() {
        for count in [1, 2, 3, 97, 5000] {
            let ticks = ticks(0.0, 10.0, 5, true);
            let plot = Plot {
                x0: 50.0,
                x1: 650.0,
                y0: 10.0,
                y1: 210.0,
                count,
                ticks,
                labels: Vec::new(),
            };
            for at in 0..count {
                assert_eq!(plot.bucket_at(plot.x_of(at)), Some(at));
            }
            assert_eq!(plot.bucket_at(-1e9), Some(0));
            assert_eq!(plot.bucket_at(1e9), Some(count - 1));
            assert_eq!(plot.bucket_at(f64::NAN), None);
            assert_eq!(
                (plot.y_of(0.0), plot.y_of(10.0), plot.y_of(f64::NAN)),
                (210.0, 10.0, 210.0)
            );
        }
    }
}
