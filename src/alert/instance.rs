//! One rule and one subject.

use super::metric::Values;
use super::rule::Rule;
use crate::protocol::Severity;
use crate::time::UtcMillis;

/// Evaluations that flapping is told from (Nagios).
const LOOKS: u32 = 21;
/// Changes among them, in percent, at which an alert flaps, and at which it does no more.
const FLAPS: (u32, u32) = (30, 15);

/// Where an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing to tell.
    Normal,
    /// It holds, but not long enough yet.
    Pending,
    /// It holds.
    Firing,
    /// It holds no more, but not long enough yet.
    Recovering,
}

impl Phase {
    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Pending => "pending",
            Self::Firing => "firing",
            Self::Recovering => "recovering",
        }
    }

    /// Whether people are told of it.
    pub const fn is_told(self) -> bool {
        matches!(self, Self::Firing | Self::Recovering)
    }
}

/// Which rule, and whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Place of the rule in the list.
    pub rule: u32,
    /// See [`Subject::good`](super::Subject::good).
    pub good: u32,
    /// See [`Subject::place`](super::Subject::place).
    pub place: u32,
}

/// Somebody has seen it and acts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ack {
    /// Number of who.
    pub owner: u32,
    /// Until when it holds.
    pub until: UtcMillis,
    /// How bad it was then.
    pub severity: Severity,
    /// What the value was then.
    pub value: f64,
}

/// The state of one rule for one subject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instance {
    /// Which.
    pub key: Key,
    /// Where it stands.
    pub phase: Phase,
    /// Since when.
    pub since: UtcMillis,
    /// When it began to fire, of the last time it did.
    pub fired_at: UtcMillis,
    /// Whether its value is not known: until it is, nothing changes.
    pub is_blind: bool,
    /// The last value that was known.
    pub value: f64,
    /// Money at risk, in currency units; NaN: not known.
    pub at_risk: f64,
    /// What was seen and what is usual; NaN where that says nothing.
    pub evidence: (f64, f64),
    /// How bad it is.
    pub severity: Severity,
    /// Who acts.
    pub ack: Option<Ack>,
    /// Whether it comes and goes so often that it is told of once and no more.
    pub is_flapping: bool,
    /// Whether another one says more of the same.
    pub is_muted: bool,
    /// Evaluations without any word of the subject.
    pub missed: u32,
    /// How bad it was when it was pushed.
    pub pushed: Option<Severity>,
    /// When people were last told of it.
    pub told_at: UtcMillis,
    /// Whether it was told at the last evaluations, latest lowest, and at how many.
    pub(super) looks: (u32, u32),
}

impl Instance {
    /// One that is normal.
    pub fn new(key: Key, now: UtcMillis, severity: Severity) -> Self {
        Self {
            key,
            phase: Phase::Normal,
            since: now,
            fired_at: now,
            is_blind: false,
            value: 0.0,
            at_risk: f64::NAN,
            evidence: (f64::NAN, f64::NAN),
            severity,
            ack: None,
            is_flapping: false,
            is_muted: false,
            missed: 0,
            pushed: None,
            told_at: now,
            looks: (0, 0),
        }
    }

    /// Whether people are told of it.
    pub const fn is_told(&self) -> bool {
        self.phase.is_told() && !self.is_muted
    }

    /// Takes in values, where `holds` is what the rule says of them. `is_live`: they come as things happen, so a moment
    /// may be chance; what a file says holds as long as the file does.
    pub fn step(&mut self, rule: &Rule, values: &Values, holds: Option<bool>, is_live: bool, now: UtcMillis) {
        self.missed = 0;
        let (value, clear) = (rule.metric.of(values), rule.clears.holds(values));
        let Some(holds) = holds.filter(|_| !value.is_nan()) else {
            self.is_blind = true;
            return;
        };
        self.is_blind = false;
        self.value = value;
        let known = |metric: Option<super::Metric>| metric.map_or(f64::NAN, |metric| metric.of(values));
        self.at_risk = known(rule.metric.at_risk(rule.is_lower));
        let (seen, usual) = rule.metric.evidence().unzip();
        self.evidence = (known(seen), known(usual));
        let is_clear = !holds && clear == Some(true);
        let (hold, keep) = if is_live { (rule.hold, rule.keep) } else { (0, 0) };
        let lasted = now.0 - self.since.0;
        let next = match self.phase {
            Phase::Normal if holds && hold > 0 => Phase::Pending,
            Phase::Normal if holds => Phase::Firing,
            Phase::Pending if !holds => Phase::Normal,
            Phase::Pending if lasted >= hold => Phase::Firing,
            Phase::Firing if is_clear && keep > 0 => Phase::Recovering,
            Phase::Firing if is_clear => Phase::Normal,
            Phase::Recovering if !is_clear => Phase::Firing,
            Phase::Recovering if lasted >= keep => Phase::Normal,
            same => same,
        };
        if next.is_told() {
            let is_grave = rule.grave.as_ref().and_then(|grave| grave.holds(values)) == Some(true);
            self.severity = if is_grave { Severity::P1 } else { rule.severity };
        }
        if next == Phase::Firing && !self.phase.is_told() {
            self.fired_at = now;
        }
        self.turn(next, now);
        self.look();
        self.doubt(rule.is_lower);
    }

    /// Goes to another phase.
    pub(super) fn turn(&mut self, next: Phase, now: UtcMillis) {
        if next == Phase::Normal {
            self.ack = None;
        }
        if next != self.phase {
            (self.phase, self.since) = (next, now);
        }
    }

    /// Notes one more evaluation, and whether they change too often.
    fn look(&mut self) {
        let (looks, looked) = self.looks;
        let looks = (looks << 1 | u32::from(self.phase.is_told())) & ((1 << LOOKS) - 1);
        let looked = (looked + 1).min(LOOKS);
        self.looks = (looks, looked);
        let changes = ((looks ^ looks >> 1) & ((1 << (looked - 1)) - 1)).count_ones();
        // Of a full count: two changes within three looks are none yet.
        let share = changes * 100 / (LOOKS - 1);
        self.is_flapping = share >= FLAPS.0 || self.is_flapping && share >= FLAPS.1;
    }

    /// Takes an acknowledgement back that was of something less bad.
    fn doubt(&mut self, is_lower: bool) {
        let Some(ack) = self.ack else { return };
        let is_twice = match (is_lower, ack.value > 0.0) {
            (true, true) => self.value < ack.value / 2.0,
            (true, false) => self.value < ack.value * 2.0,
            (false, positive) => positive && self.value > ack.value * 2.0,
        };
        if self.severity < ack.severity || is_twice {
            self.ack = None;
        }
    }
}
