//! The wall clock.

use crate::time::UtcMillis;
use gloo::timers::callback::{Interval, Timeout};
use gloo::timers::future::TimeoutFuture;
use wasm_bindgen::prelude::*;

/// Now.
pub fn now() -> UtcMillis {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 are whole and far below 2⁵³"
    )]
    UtcMillis(js_sys::Date::now() as i64)
}

/// Calls `then` once all that is under way now is done.
pub fn soon(then: impl FnOnce() + 'static) {
    Timeout::new(0, then).forget();
}

/// Calls `then` once the browser has nothing else to do; where it cannot tell, soon.
pub fn when_idle(then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    let then: &js_sys::Function = then.unchecked_ref();
    let asked = super::window().map(|window| window.request_idle_callback(then));
    if !matches!(asked, Some(Ok(_))) {
        let then = then.clone();
        soon(move || {
            let _ = then.call0(&JsValue::NULL);
        });
    }
}

/// Waits that long.
pub async fn wait(millis: u32) {
    TimeoutFuture::new(millis).await;
}

/// Calls `tick` once a second for as long as the page lives.
pub fn every_second(tick: impl FnMut() + 'static) {
    Interval::new(1_000, tick).forget();
}

/// Minute of the day on this device's own clock.
pub fn minute_of_day() -> u16 {
    let now = js_sys::Date::new_0();
    u16::try_from(now.get_hours() * 60 + now.get_minutes()).unwrap_or(0)
}

/// `at` as programs write it, `2026-06-18T12:14:12.000Z`; empty beyond what a date can be.
pub fn iso(at: UtcMillis) -> String {
    #[expect(clippy::cast_precision_loss, reason = "whole milliseconds, below 2⁵³")]
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    // Of no date at all it would throw.
    if date.get_time().is_nan() {
        return String::new();
    }
    String::from(date.to_iso_string())
}
