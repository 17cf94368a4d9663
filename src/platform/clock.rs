//! The wall clock.

use crate::time::UtcMillis;
use gloo::timers::callback::Interval;

/// Now.
pub fn now() -> UtcMillis {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 are whole and far below 2⁵³"
    )]
    UtcMillis(js_sys::Date::now() as i64)
}

/// Calls `tick` once a second for as long as the page lives.
pub fn every_second(tick: impl FnMut() + 'static) {
    Interval::new(1_000, tick).forget();
}
