//! Canvases: crisp at any density, drawn by the charts.

use super::{document, window};
use crate::chart::{Area, FINE, Frame, Palette, Rgb};
use crate::format::Lang;
use crate::time::Zone;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ResizeObserver};

/// What charts draw on in the browser.
pub type CanvasArea = Area<CanvasBackend>;

/// Size, type and colours of `canvas` as the style sheets have them; `None` without a box (not laid out, or
/// hidden). Asking makes the browser lay the page out, so ask only when something of it may have changed.
pub fn measure_frame(canvas: &HtmlCanvasElement, lang: Lang, zone: Zone) -> Option<Frame> {
    let ratio = device_ratio();
    let device = |css: i32| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; a box is small and positive"
        )]
        let pixels = (f64::from(css) * ratio).round() as u32;
        pixels
    };
    let (width, height) = (device(canvas.client_width()), device(canvas.client_height()));
    if width == 0 || height == 0 {
        return None;
    }
    let style = window()?.get_computed_style(canvas).ok()??;
    let value = |name: &str| style.get_property_value(name).unwrap_or_default();
    Some(Frame {
        width,
        height,
        scale: ratio * root_px() / 16.0,
        font: value("font-family"),
        palette: Palette::read(|token| Rgb::parse(&value(&format!("--{token}")))),
        lang,
        zone,
    })
}

/// Clears `canvas` at the size of `frame` and lets `draw` draw.
pub fn paint(canvas: &HtmlCanvasElement, frame: &Frame, draw: impl FnOnce(&CanvasArea, &Frame)) {
    // A canvas without a context draws nothing; the values stand in tables.
    let _ = try_paint(canvas, frame, draw);
}

fn try_paint(
    canvas: &HtmlCanvasElement,
    frame: &Frame,
    draw: impl FnOnce(&CanvasArea, &Frame),
) -> Option<()> {
    if (canvas.width(), canvas.height()) != (frame.width, frame.height) {
        canvas.set_width(frame.width);
        canvas.set_height(frame.height);
    }
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()?;
    context.clear_rect(0.0, 0.0, f64::from(frame.width), f64::from(frame.height));
    let fine = 1.0 / f64::from(FINE);
    context.set_transform(fine, 0.0, 0.0, fine, 0.0, 0.0).ok()?;
    context.set_line_join("round");
    context.set_line_cap("round");
    let area = Area::new(CanvasBackend::with_canvas_object(canvas.clone())?, frame);
    draw(&area, frame);
    Some(())
}

/// Device pixels of a CSS pixel.
pub fn device_ratio() -> f64 {
    window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// CSS pixels of a rem.
pub fn root_px() -> f64 {
    let root = document().and_then(|document| document.document_element());
    let style = root.and_then(|root| window()?.get_computed_style(&root).ok()?);
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    size.and_then(|size| size.trim_end_matches("px").parse().ok())
        .unwrap_or(16.0)
}

/// A length in rem that the style sheets set as custom property `name` of the root.
pub fn rem_token(name: &str) -> Option<f64> {
    let root = document()?.document_element()?;
    let style = window()?.get_computed_style(&root).ok()??;
    style
        .get_property_value(name)
        .ok()?
        .trim()
        .strip_suffix("rem")?
        .parse()
        .ok()
}

/// Tells of changes of an element's box until dropped.
pub struct SizeWatch {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl SizeWatch {
    /// Calls `changed` now and whenever the box of `element` changes; `None` where the browser cannot tell.
    pub fn new(element: &Element, changed: impl FnMut() + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut()>::new(changed);
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _callback: callback,
        })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
