//! Which time the numbers are of, and what they are compared with.

use crate::protocol::{Comparison, TimeRange};
use crate::time::{Grain, Span, UtcMillis, Zone};

/// Windows of one view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// What totals are of. Without a clause on time that is all of time, so that what was paid after the
    /// last order was made counts too.
    pub range: Span,
    /// What the sales chart shows: the range, the whole of its only day, or all days with orders.
    pub chart: Span,
    /// Whether there is no clause on time.
    pub whole: bool,
    /// What deltas measure …
    pub delta: Span,
    /// … against.
    pub before: Span,
    /// How far `before` lies back, in days of the shop's calendar.
    pub back_days: i64,
    /// How to say it.
    pub comparison: Comparison,
}

impl Windows {
    /// Windows for `asked`, where order lines fill `extent` and the present is `as_of` (for files the
    /// last order, so that an export of last year is not "no sales today").
    pub fn new(asked: TimeRange, extent: Span, as_of: UtcMillis, zone: Zone) -> Self {
        let today = zone.floor(Grain::Day, as_of);
        let tomorrow = zone.next(Grain::Day, today);
        let end = as_of.plus(1);
        let days_back = |days: i64| zone.shift_days(today, -days);
        let compared = |range: Span, back_days: i64, comparison: Comparison| {
            let before = Span {
                from: zone.shift_days(range.from, -back_days),
                to: zone.shift_days(range.to, -back_days),
            };
            Self {
                range,
                chart: range,
                whole: false,
                delta: range,
                before,
                back_days,
                comparison,
            }
        };
        match asked {
            TimeRange::All => {
                let delta = Span {
                    from: zone.shift_days(tomorrow, -7),
                    to: end,
                };
                let windows = compared(delta, 7, Comparison::LastSevenDays);
                Self {
                    range: Span::ALWAYS,
                    chart: extent,
                    whole: true,
                    ..windows
                }
            }
            TimeRange::LastDay => {
                let windows = compared(Span { from: today, to: end }, 7, Comparison::SameTimeLastWeek);
                Self {
                    chart: Span {
                        from: today,
                        to: tomorrow,
                    },
                    ..windows
                }
            }
            TimeRange::LastDays(days) => {
                let days = i64::from(days.max(1));
                compared(
                    Span {
                        from: days_back(days - 1),
                        to: end,
                    },
                    days,
                    Comparison::PreviousPeriod,
                )
            }
            TimeRange::Span(span) => compared(span, span.days().max(1), Comparison::PreviousPeriod),
        }
    }

    /// Whether order lines reach back far enough to compare at all.
    pub fn comparable(&self, extent: Span) -> bool {
        self.before.to > extent.from && self.delta.millis() > 0
    }
}
