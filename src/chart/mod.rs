//! View data → marks, drawn through plotters' `DrawingBackend`.
//!
//! Rule: no browser, no clock, no state; the same values give the same marks. Each chart is one file with
//! its three steps: *build* (a layout of plain numbers), *render* (marks) and *hit* (a pointer's position →
//! what it is on). Nothing here panics or fails for bad data: values that are not finite are left out, and
//! a frame too small for a chart stays empty.
//!
//! # Units
//!
//! Positions and sizes that go in or out are **device pixels** (`css px × devicePixelRatio`, what the
//! canvas counts in). Strokes, radii and font sizes are given in the look book's 1/16 rem and multiplied by
//! [`Frame::scale`].
//!
//! Plotters takes whole numbers only, and `plotters-canvas` hands them to the context as they are, so on a
//! canvas of device pixels a 2.4 px stroke is 2 px and every slope is a staircase. Charts therefore draw in
//! [`FINE`]ths of a device pixel: before drawing, the platform sets the context to `setTransform(1/FINE, 0,
//! 0, 1/FINE, 0, 0)`, and `lineJoin` and `lineCap` to `round` (the default miter shoots over peaks).
//! [`Area`] is the only way in, so nothing is drawn in the wrong unit.

mod bars;
mod decimate;
mod overview;
mod palette;
mod pen;
mod runout;
mod sales;
mod spark;
mod stack;
mod ticks;
mod tiles;
mod time_axis;
mod trial;

pub use bars::{BarPlace, BarRow, Bars, bar_at, bars};
pub use decimate::decimate;
pub use overview::{BrushPart, Overview, OverviewPlot, overview, overview_layout};
pub use palette::{Ink, Palette, Rgb};
pub use pen::{Area, DrawError, FINE};
pub use runout::{Runout, RunoutRow, runout, runout_at};
pub use sales::{Plot, Sales, sales, sales_layout};
pub use spark::spark;
pub use stack::{stack, stack_at};
pub use ticks::{Ticks, ticks};
pub use tiles::{TILES, Tile, TileValue, province_tile, tile_at, tiles};
pub use trial::{TrialPlot, trial, trial_layout};

use crate::format::Lang;
use crate::time::Zone;

/// What all charts are told about where they are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Width of the canvas, device pixels.
    pub width: u32,
    /// Height of the canvas, device pixels.
    pub height: u32,
    /// Device pixels of 1/16 rem: device pixels per CSS pixel × root font size / 16.
    pub scale: f64,
    /// CSS list of font families.
    pub font: String,
    /// Colours.
    pub palette: Palette,
    /// Language of labels.
    pub lang: Lang,
    /// Zone of labels.
    pub zone: Zone,
}

impl Frame {
    /// Width as a number to reckon with.
    fn w(&self) -> f64 {
        f64::from(self.width)
    }

    /// Height as a number to reckon with.
    fn h(&self) -> f64 {
        f64::from(self.height)
    }

    /// `size` 1/16 rem in device pixels.
    fn px(&self, size: f64) -> f64 {
        size * self.unit()
    }

    /// [`Self::scale`], or 1 where that is no sensible number.
    fn unit(&self) -> f64 {
        if self.scale.is_finite() && self.scale > 0.0 {
            self.scale.min(64.0)
        } else {
            1.0
        }
    }

    /// Whether there is room for `width` × `height` 1/16 rem.
    fn holds(&self, width: f64, height: f64) -> bool {
        self.w() >= self.px(width) && self.h() >= self.px(height)
    }
}

/// The index nearest below a coordinate; below zero and NaN: 0.
#[expect(clippy::cast_sign_loss, reason = "saturates, which is meant")]
fn index(value: f64) -> usize {
    value.max(0.0) as usize
}
