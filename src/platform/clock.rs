//! The wall clock.

use crate::time::UtcMillis;
use gloo::timers::callback::{Interval, Timeout};
use gloo::timers::future::TimeoutFuture;

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

/// Waits that long.
pub async fn wait(millis: u32) {
    TimeoutFuture::new(millis).await;
}

/// Calls `tick` once a second for as long as the page lives.
pub fn every_second(tick: impl FnMut() + 'static) {
    Interval::new(1_000, tick).forget();
}
