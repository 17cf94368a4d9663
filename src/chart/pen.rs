//! Marks in device pixels, drawn in fractions of them.

use super::{Frame, Rgb};
use plotters::coord::Shift;
use plotters::prelude::{
    Circle, Color, DrawingArea, DrawingAreaErrorKind, DrawingBackend, FontDesc, FontFamily, FontStyle,
    IntoDrawingArea, PathElement, Polygon, RGBAColor, Rectangle, ShapeStyle, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Steps of a device pixel that charts draw in; see [`super`].
pub const FINE: u32 = 8;

/// Why a chart was not drawn: the backend refused a mark.
pub type DrawError<DB> = DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>;

/// A surface on which charts draw in [`FINE`]ths of a device pixel.
pub struct Area<DB: DrawingBackend>(DrawingArea<DB, Shift>);

impl<DB: DrawingBackend> Area<DB> {
    /// All of `frame` on `backend`, whose own idea of its size (device pixels) is put aside.
    pub fn new(backend: DB, frame: &Frame) -> Self {
        let area = backend.into_drawing_area();
        let (width, height) = area.dim_in_pixel();
        // Plotters cuts marks off at the area's edge, which a negative margin moves out.
        let less = |have: u32, want: u32| fine(f64::from(have) / f64::from(FINE) - f64::from(want));
        Self(area.margin(0, less(height, frame.height), 0, less(width, frame.width)))
    }
}

/// `pixels` in whole steps; what no canvas holds is cut off, NaN is 0.
fn fine(pixels: f64) -> i32 {
    (pixels * f64::from(FINE)).round().clamp(-1e8, 1e8) as i32
}

/// A point in device pixels.
pub(super) type Point = (f64, f64);

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Type {
    /// Font size, 1/16 rem.
    pub size: f64,
    /// Weight 700 instead of 400 (there is nothing between on a canvas).
    pub bold: bool,
    /// Colour.
    pub color: Rgb,
    /// Which part of the text is at the point.
    pub h: HPos,
    /// Which part of the text is at the point.
    pub v: VPos,
    /// Surrounded by the panel's colour, for text over marks.
    pub halo: bool,
}

impl Type {
    /// An axis label: left at the point, middle.
    pub(super) const fn label(color: Rgb) -> Self {
        Self {
            size: 13.0,
            bold: false,
            color,
            h: HPos::Left,
            v: VPos::Center,
            halo: false,
        }
    }

    pub(super) const fn h(mut self, h: HPos) -> Self {
        self.h = h;
        self
    }
}

/// Draws on an area in a frame's scale.
pub(super) struct Pen<'a, DB: DrawingBackend> {
    area: &'a Area<DB>,
    frame: &'a Frame,
}

type Drawn<DB> = Result<(), DrawError<DB>>;

impl<'a, DB: DrawingBackend> Pen<'a, DB> {
    pub(super) const fn new(area: &'a Area<DB>, frame: &'a Frame) -> Self {
        Self { area, frame }
    }

    /// A polyline `width` 1/16 rem wide.
    pub(super) fn line(&self, points: &[Point], color: Rgb, alpha: f64, width: f64) -> Drawn<DB> {
        if points.len() < 2 {
            return Ok(());
        }
        let points: Vec<_> = points.iter().map(|p| (fine(p.0), fine(p.1))).collect();
        let style = ShapeStyle {
            color: rgba(color, alpha),
            filled: false,
            stroke_width: self.stroke(width),
        };
        self.area.0.draw(&PathElement::new(points, style))
    }

    /// A polyline in dashes of `on` and gaps of `off` 1/16 rem.
    pub(super) fn dashed(&self, points: &[Point], color: Rgb, width: f64, on: f64, off: f64) -> Drawn<DB> {
        for dash in dashes(points, self.frame.px(on), self.frame.px(off)) {
            self.line(&dash, color, 1.0, width)?;
        }
        Ok(())
    }

    /// A filled polygon.
    pub(super) fn fill(&self, points: &[Point], color: Rgb, alpha: f64) -> Drawn<DB> {
        if points.len() < 3 {
            return Ok(());
        }
        let points: Vec<_> = points.iter().map(|p| (fine(p.0), fine(p.1))).collect();
        self.area.0.draw(&Polygon::new(points, rgba(color, alpha)))
    }

    /// A filled rectangle.
    pub(super) fn rect(&self, from: Point, to: Point, color: Rgb, alpha: f64) -> Drawn<DB> {
        let corners = [(fine(from.0), fine(from.1)), (fine(to.0), fine(to.1))];
        if corners[0].0 == corners[1].0 || corners[0].1 == corners[1].1 {
            return Ok(());
        }
        let style = ShapeStyle {
            color: rgba(color, alpha),
            filled: true,
            stroke_width: 0,
        };
        self.area.0.draw(&Rectangle::new(corners, style))
    }

    /// A filled rectangle with corners rounded by `radius` 1/16 rem.
    pub(super) fn rounded(&self, from: Point, to: Point, radius: f64, color: Rgb, alpha: f64) -> Drawn<DB> {
        self.fill(&corners(from, to, self.frame.px(radius)), color, alpha)
    }

    /// The outline of a rounded rectangle, inside it.
    pub(super) fn outline(&self, from: Point, to: Point, radius: f64, color: Rgb, width: f64) -> Drawn<DB> {
        let inset = self.frame.px(width) / 2.0;
        let (from, to) = ((from.0 + inset, from.1 + inset), (to.0 - inset, to.1 - inset));
        let mut points = corners(from, to, self.frame.px(radius));
        points.extend(points.first().copied());
        points.extend(points.get(1).copied());
        self.line(&points, color, 1.0, width)
    }

    /// A line one 1/16 rem wide, at least a device pixel, on whole device pixels so that it stays sharp.
    pub(super) fn hairline(&self, from: Point, to: Point, color: Rgb) -> Drawn<DB> {
        let width = self.frame.px(1.0).round().max(1.0);
        let ((x0, y0), (x1, y1)) = (from, to);
        if (x0 - x1).abs() < (y0 - y1).abs() {
            let x = (x0 - width / 2.0).round();
            self.rect(
                (x, y0.min(y1).round()),
                (x + width, y0.max(y1).round()),
                color,
                1.0,
            )
        } else {
            let y = (y0 - width / 2.0).round();
            self.rect(
                (x0.min(x1).round(), y),
                (x0.max(x1).round(), y + width),
                color,
                1.0,
            )
        }
    }

    /// A disc of `radius` 1/16 rem.
    pub(super) fn dot(&self, at: Point, radius: f64, color: Rgb, alpha: f64) -> Drawn<DB> {
        let style = ShapeStyle {
            color: rgba(color, alpha),
            filled: true,
            stroke_width: 0,
        };
        let radius = fine(self.frame.px(radius)).max(1);
        self.area
            .0
            .draw(&Circle::new((fine(at.0), fine(at.1)), radius, style))
    }

    /// A text at a point.
    pub(super) fn text(&self, text: &str, at: Point, set: Type) -> Drawn<DB> {
        if text.is_empty() {
            return Ok(());
        }
        let style = if set.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let family = FontFamily::from(self.frame.font.as_str());
        let font = FontDesc::new(family, f64::from(fine(self.frame.px(set.size))), style);
        let pos = Pos::new(set.h, set.v);
        let ink = |color| TextStyle {
            font: font.clone(),
            color: rgba(color, 1.0).to_backend_color(),
            pos,
        };
        if set.halo {
            // The canvas backend fills text but does not stroke it.
            let (halo, far, near) = (
                ink(self.frame.palette.panel),
                self.frame.px(2.0),
                self.frame.px(1.4),
            );
            for (dx, dy) in [
                (far, 0.0),
                (-far, 0.0),
                (0.0, far),
                (0.0, -far),
                (near, near),
                (near, -near),
                (-near, near),
                (-near, -near),
            ] {
                self.area
                    .0
                    .draw_text(text, &halo, (fine(at.0 + dx), fine(at.1 + dy)))?;
            }
        }
        self.area
            .0
            .draw_text(text, &ink(set.color), (fine(at.0), fine(at.1)))
    }

    /// Stroke width in steps.
    fn stroke(&self, width: f64) -> u32 {
        fine(self.frame.px(width)).max(1).unsigned_abs()
    }
}

fn rgba(color: Rgb, alpha: f64) -> RGBAColor {
    RGBAColor(color.0, color.1, color.2, alpha)
}

/// Width of a text in device pixels, guessed from its letters: measuring would touch the page's layout.
/// A little more than real, so that what was found to fit fits.
pub(super) fn text_width(frame: &Frame, text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            ' ' | '.' | ',' | ':' | 'i' | 'l' | '|' | '\'' => 0.3,
            '0'..='9' => 0.61,
            'A'..='Z' | 'm' | 'w' | '%' | '+' | '\u{2212}' | '—' => 0.7,
            '\u{2e80}'.. => 1.0,
            _ => 0.57,
        })
        .sum();
    ems * frame.px(size)
}

/// A polygon for a rectangle with round corners.
fn corners((x0, y0): Point, (x1, y1): Point, radius: f64) -> Vec<Point> {
    let r = radius.min((x1 - x0).abs() / 2.0).min((y1 - y0).abs() / 2.0);
    if r < 0.25 {
        return vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
    }
    let quarter = |cx: f64, cy: f64, turn: f64| {
        (0..=4).map(move |step| {
            let angle = (turn + f64::from(step) / 4.0) * std::f64::consts::FRAC_PI_2;
            (cx + r * angle.cos(), cy + r * angle.sin())
        })
    };
    quarter(x1 - r, y1 - r, 0.0)
        .chain(quarter(x0 + r, y1 - r, 1.0))
        .chain(quarter(x0 + r, y0 + r, 2.0))
        .chain(quarter(x1 - r, y0 + r, 3.0))
        .collect()
}

/// `path` cut into dashes of length `on`, `off` apart.
fn dashes(path: &[Point], on: f64, off: f64) -> Vec<Vec<Point>> {
    const LIMIT: usize = 10_000;
    let mut out = Vec::new();
    if !(on > 0.0 && off > 0.0) {
        return out;
    }
    let (mut drawing, mut left, mut dash) = (true, on, Vec::new());
    for pair in path.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if drawing && dash.is_empty() {
                dash.push(from);
            }
            if length.partial_cmp(&left) != Some(std::cmp::Ordering::Greater) || out.len() >= LIMIT {
                left -= length;
                if drawing {
                    dash.push(to);
                }
                break;
            }
            let part = left / length;
            from = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            if drawing {
                dash.push(from);
                out.push(std::mem::take(&mut dash));
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
    }
    if dash.len() > 1 {
        out.push(dash);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_go_on_round_corners() {
        let path = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)];
        let got = dashes(&path, 6.0, 2.0);
        assert_eq!(
            got,
            [
                vec![(0.0, 0.0), (6.0, 0.0)],
                vec![(8.0, 0.0), (10.0, 0.0), (10.0, 4.0)],
                vec![(10.0, 6.0), (10.0, 10.0)],
            ]
        );
        assert!(dashes(&path, 0.0, 1.0).is_empty());
        assert!(dashes(&[], 1.0, 1.0).is_empty());
        assert!(dashes(&[(0.0, 0.0), (1e12, 0.0)], 0.1, 0.1).len() <= 10_001);
    }

    #[test]
    fn steps_are_cut_off() {
        assert_eq!(
            [fine(1.5), fine(f64::NAN), fine(f64::INFINITY), fine(-1e300)],
            [12, 0, 100_000_000, -100_000_000]
        );
    }

    #[test]
    fn small_boxes_keep_square_corners() {
        assert_eq!(corners((0.0, 0.0), (0.2, 5.0), 2.0).len(), 4);
        assert_eq!(corners((0.0, 0.0), (10.0, 5.0), 2.0).len(), 20);
    }
}
