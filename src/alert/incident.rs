//! What fires together is told together: one incident for each rule and place.

use super::instance::Instance;
use crate::protocol::Severity;
use crate::time::UtcMillis;

/// How long a new incident waits for company before it is pushed, in milliseconds (DOMAIN §2, grouping).
pub const GROUP_WAIT: i64 = 60_000;
/// How long after a push another one of the same incident may come.
pub const GROUP_INTERVAL: i64 = 600_000;
/// When an incident that nobody takes on is pushed again: P1, and all others.
const REPEAT: (i64, i64) = (4 * 3_600_000, 24 * 3_600_000);

/// Alerts of one rule in one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Incident {
    /// Place of the rule in the list.
    pub rule: u32,
    /// The place; 0: all.
    pub place: u32,
    /// Since when.
    pub since: UtcMillis,
    /// How bad the worst of them is.
    pub severity: Severity,
    /// How many goods it is about.
    pub count: u64,
    /// Money at risk, all together; NaN: not known of any.
    pub at_risk: f64,
    pushed_at: Option<UtcMillis>,
    /// How many of them nobody was told of, whether one is worse than it was told, whether any is to be told at all.
    fresh: u64,
    is_worse: bool,
    is_loud: bool,
}

/// To be told aloud, as a notification, to a webhook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Push {
    /// Place of the rule in the list.
    pub rule: u32,
    /// The place; 0: all.
    pub place: u32,
    /// How bad it is.
    pub severity: Severity,
    /// How many goods are new to it; 0: nothing new (a reminder, or it is worse).
    pub fresh: u64,
    /// How many goods it is about by now.
    pub count: u64,
    /// Money at risk; NaN: not known.
    pub at_risk: f64,
}

impl Incident {
    pub(super) const fn new(rule: u32, place: u32, now: UtcMillis) -> Self {
        Self {
            rule,
            place,
            since: now,
            severity: Severity::P3,
            count: 0,
            at_risk: f64::NAN,
            pushed_at: None,
            fresh: 0,
            is_worse: false,
            is_loud: false,
        }
    }

    /// Forgets what it is about.
    pub(super) const fn begin(&mut self) {
        *self = Self {
            since: self.since,
            pushed_at: self.pushed_at,
            ..Self::new(self.rule, self.place, self.since)
        };
    }

    /// One more alert of it; `is_quiet`: somebody acts, or it is silenced, and is no reason for a push.
    pub(super) fn take(&mut self, member: &Instance, is_quiet: bool) {
        self.severity = self.severity.min(member.severity);
        self.count += 1;
        if !member.at_risk.is_nan() {
            self.at_risk = member.at_risk + if self.at_risk.is_nan() { 0.0 } else { self.at_risk };
        }
        if !is_quiet {
            self.is_loud = true;
            self.fresh += u64::from(member.pushed.is_none());
            self.is_worse |= member.pushed.is_some_and(|pushed| member.severity < pushed);
        }
    }

    /// What is to be pushed of it now.
    pub(super) fn push(&mut self, now: UtcMillis) -> Option<Push> {
        let waited = now.0 - self.pushed_at.unwrap_or(self.since).0;
        let least = if self.pushed_at.is_some() {
            GROUP_INTERVAL
        } else {
            GROUP_WAIT
        };
        let repeat = if self.severity == Severity::P1 {
            REPEAT.0
        } else {
            REPEAT.1
        };
        let is_due = self.is_worse || waited >= least && self.fresh > 0 || waited >= repeat && self.is_loud;
        is_due.then(|| {
            self.pushed_at = Some(now);
            Push {
                rule: self.rule,
                place: self.place,
                severity: self.severity,
                fresh: self.fresh,
                count: self.count,
                at_risk: self.at_risk,
            }
        })
    }
}
