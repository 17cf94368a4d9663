//! When a source is looked at: a state machine.
//!
//! ```text
//!   due ──begin──▶ under way ──end(Ok)────▶ waits its interval, or for ever if it was to be looked at once
//!    ▲                      └──end(Err)──▶ waits longer after each failure, or as long as the server asks
//!    └── the wait is over, or someone asks; a pause stops it, its end makes it due
//! ```

use super::Backoff;
use crate::protocol::{FeedProblem, FeedStatus};
use crate::time::UtcMillis;

/// First wait after a failure.
const FIRST_MILLIS: i64 = 5_000;
/// Longest wait after a failure that may pass by itself: no shorter and no longer than this, whatever the interval.
const MOST_MILLIS: (i64, i64) = (60_000, 15 * 60_000);
/// Longest that a server may ask for.
const ASKED_MILLIS: i64 = 24 * 3_600_000;

/// The looks at one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Poll {
    status: FeedStatus,
    backoff: Backoff,
    /// When the wait began: a clock that goes back behind it was set.
    waits_since: UtcMillis,
}

impl Poll {
    /// A source that is due at once.
    pub fn new(id: u32, every_millis: Option<i64>, now: UtcMillis) -> Self {
        let most = every_millis
            .unwrap_or(MOST_MILLIS.1)
            .clamp(MOST_MILLIS.0, MOST_MILLIS.1);
        Self {
            status: FeedStatus {
                id,
                every_millis,
                next_at: Some(now),
                ..FeedStatus::default()
            },
            backoff: Backoff::new(FIRST_MILLIS, most),
            waits_since: now,
        }
    }

    /// How it fares.
    pub const fn status(&self) -> &FeedStatus {
        &self.status
    }

    /// Whether to look now.
    pub fn is_due(&self, now: UtcMillis) -> bool {
        let is_over = |next: UtcMillis| next <= now || now < self.waits_since;
        !self.status.is_under_way && !self.status.is_paused && self.status.next_at.is_some_and(is_over)
    }

    /// A look begins.
    pub const fn begin(&mut self) {
        self.status.is_under_way = true;
    }

    /// It has ended. `asked_millis`: how long the server asked to wait. `chance`: a random number from 0 up to 1.
    pub fn end(
        &mut self,
        outcome: Result<(), FeedProblem>,
        asked_millis: Option<i64>,
        now: UtcMillis,
        chance: f64,
    ) {
        let status = &mut self.status;
        status.is_under_way = false;
        self.waits_since = now;
        let wait = match outcome {
            Ok(()) => {
                self.backoff.succeed();
                (status.good_at, status.problem) = (Some(now), None);
                status.every_millis
            }
            Err(problem) => {
                let backoff = self.backoff.fail(chance);
                let wait = match (asked_millis, problem.may_pass()) {
                    (Some(asked), _) => Some(asked.clamp(1_000, ASKED_MILLIS)),
                    (None, true) => Some(backoff),
                    // What only the user can mend is asked for as seldom as ever.
                    (None, false) => status.every_millis.map(|every| every.max(backoff)),
                };
                status.problem = Some(problem);
                wait
            }
        };
        status.failures = self.backoff.failures();
        status.next_at = wait
            .filter(|_| !status.is_paused)
            .map(|wait| UtcMillis(now.0.saturating_add(wait)));
    }

    /// Says of a look that went well what was odd about it.
    pub fn note(&mut self, problem: FeedProblem) {
        self.status.problem = Some(problem);
    }

    /// Someone wants it now; that ends a pause.
    pub const fn ask(&mut self, now: UtcMillis) {
        (self.status.is_paused, self.status.next_at) = (false, Some(now));
    }

    /// Nobody wants it for now.
    pub const fn pause(&mut self) {
        (self.status.is_paused, self.status.next_at) = (true, None);
    }
}

/// Milliseconds to wait that header `Retry-After` asks for (RFC 9110 §10.2.3): whole seconds, or a date, which
/// `date` reads. `None` if it is neither.
pub fn retry_after(
    header: &str,
    now: UtcMillis,
    date: impl FnOnce(&str) -> Option<UtcMillis>,
) -> Option<i64> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than there is time: as long as can be.
        return Some(
            header
                .parse::<i64>()
                .map_or(i64::MAX, |secs| secs.saturating_mul(1_000)),
        );
    }
    date(header).map(|at| at.0.saturating_sub(now.0).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{FeedState, Problem};

    /// What happens to a source, and when.
    enum Does {
        Good,
        Bad(FeedProblem),
        Asked(u16, i64),
        Ask,
        Pause,
    }
    use Does::*;

    /// Walks through `story`; yields state and next look, both in seconds from 0, after each.
    fn walk(every: Option<i64>, story: &[(i64, Does)]) -> Vec<(FeedState, Option<i64>)> {
        let mut poll = Poll::new(1, every.map(|secs| secs * 1_000), UtcMillis(0));
        let mut seen = Vec::new();
        for (secs, does) in story {
            let now = UtcMillis(secs * 1_000);
            match does {
                Ask => poll.ask(now),
                Pause => poll.pause(),
                Good | Bad(_) | Asked(..) => {
                    assert!(poll.is_due(now), "at {secs} s: {:?}", poll.status());
                    let is_first = now.0 == 0;
                    assert!(
                        is_first || poll.status().next_at != Some(now) || !poll.is_due(UtcMillis(now.0 - 1))
                    );
                    poll.begin();
                    assert!(!poll.is_due(now), "one look at a time");
                    let (outcome, asked) = match does {
                        Bad(problem) => (Err(problem.clone()), None),
                        Asked(status, wait) => (Err(FeedProblem::Status(*status)), Some(*wait * 1_000)),
                        _ => (Ok(()), None),
                    };
                    poll.end(outcome, asked, now, 1.0);
                }
            }
            let next = poll.status().next_at.map(|at| at.0 / 1_000);
            seen.push((poll.status().state(now), next));
        }
        seen
    }

    #[test]
    fn sources_are_looked_at_in_their_time() {
        use FeedState::{Error, Ok, Paused, Stale};
        let gone = || Bad(FeedProblem::Unreachable);
        let denied = || Bad(FeedProblem::Status(401));
        let wrong = || Bad(FeedProblem::Content(Problem::UnknownHeader));
        for (name, every, story, expect) in [
            (
                "each interval",
                Some(300),
                vec![(0, Good), (300, Good), (601, Good)],
                vec![(Ok, Some(300)), (Ok, Some(600)), (Ok, Some(901))],
            ),
            ("once", None, vec![(0, Good)], vec![(Ok, None)]),
            (
                "once, as soon as it answers",
                None,
                vec![(0, gone()), (5, Bad(FeedProblem::Timeout)), (15, Good)],
                vec![(Error, Some(5)), (Error, Some(15)), (Ok, None)],
            ),
            (
                "once, and never where only the user can help",
                None,
                vec![(0, denied()), (9, Ask), (9, wrong())],
                vec![(Error, None), (Error, Some(9)), (Error, None)],
            ),
            (
                "longer after each failure, from the first again after a success",
                Some(60),
                vec![(0, gone()), (5, gone()), (15, gone()), (35, Good), (95, gone())],
                vec![
                    (Error, Some(5)),
                    (Error, Some(15)),
                    (Error, Some(35)),
                    (Ok, Some(95)),
                    (Error, Some(100)),
                ],
            ),
            (
                "what only the user can mend waits its interval",
                Some(300),
                vec![(0, Good), (300, denied()), (600, wrong()), (900, Good)],
                vec![
                    (Ok, Some(300)),
                    (Error, Some(600)),
                    (Error, Some(900)),
                    (Ok, Some(1_200)),
                ],
            ),
            (
                "as long as the server asks, within a day",
                Some(60),
                vec![
                    (0, Asked(503, 42)),
                    (42, Asked(429, 0)),
                    (43, Asked(503, 10_000_000)),
                ],
                vec![(Error, Some(42)), (Error, Some(43)), (Error, Some(86_443))],
            ),
            (
                "failing for longer than two intervals is stale",
                Some(10),
                vec![(0, Good), (10, gone()), (15, gone()), (25, gone())],
                vec![
                    (Ok, Some(10)),
                    (Error, Some(15)),
                    (Error, Some(25)),
                    (Stale, Some(45)),
                ],
            ),
            (
                "a pause, and its end",
                Some(60),
                vec![(0, Good), (20, Pause), (500, Ask), (500, Good)],
                vec![
                    (Ok, Some(60)),
                    (Paused, None),
                    (Stale, Some(500)),
                    (Ok, Some(560)),
                ],
            ),
        ] {
            assert_eq!(walk(every, &story), expect, "{name}");
        }
    }

    #[test]
    fn failures_of_a_long_night_are_asked_for_each_quarter_of_an_hour() {
        let mut poll = Poll::new(1, Some(86_400_000), UtcMillis(0));
        for _ in 0..40 {
            let now = poll.status().next_at.unwrap();
            poll.end(Err(FeedProblem::Unreachable), None, now, 0.99);
            assert!(poll.status().next_at.unwrap().0 - now.0 <= 15 * 60_000);
        }
        assert_eq!(poll.status().failures, 40);
    }

    #[test]
    fn a_pause_holds_although_a_look_was_under_way() {
        let mut poll = Poll::new(1, Some(60_000), UtcMillis(0));
        poll.begin();
        poll.pause();
        poll.end(Ok(()), None, UtcMillis(500), 0.0);
        assert_eq!(
            (poll.status().next_at, poll.is_due(UtcMillis(1 << 40))),
            (None, false)
        );
    }

    #[test]
    fn a_clock_set_back_stops_no_source() {
        let mut poll = Poll::new(1, Some(60_000), UtcMillis(1_000_000_000));
        poll.begin();
        poll.end(Ok(()), None, UtcMillis(1_000_000_000), 0.0);
        assert!(!poll.is_due(UtcMillis(1_000_000_001)));
        assert!(poll.is_due(UtcMillis(900_000_000)));
    }

    #[test]
    fn servers_say_when_to_come_back() {
        let now = UtcMillis(1_000_000);
        let date = |text: &str| (text == "a date").then_some(UtcMillis(1_030_000));
        for (header, expect) in [
            ("120", Some(120_000)),
            (" 0 ", Some(0)),
            ("99999999999999999999", Some(i64::MAX)),
            ("a date", Some(30_000)),
            ("-5", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after(header, now, date), expect, "{header}");
        }
        assert_eq!(retry_after("past", now, |_| Some(UtcMillis(0))), Some(0));
    }
}
