//! What of alerts outlives the page: which stood, since when, who was told, who acts.
//!
//! A line is an alert, tab-separated: rule, warehouse, SKU, fired at (milliseconds), severity, severity it was pushed
//! with (empty: not), value (1/10,000), and, where somebody acts, who, until when, and severity and value of then.
//! A line without a beginning is a silence: nothing, rule, warehouse, SKU, until when, `over` where it ends before.

use super::Watch;
use crate::alert::{Ack, Instance, Key, Phase, Silence};
use crate::model::Dict;
use crate::money::Fixed;
use crate::protocol::Severity;
use crate::time::UtcMillis;

/// Alerts that are kept; of more the first, by rule.
const KEPT: usize = 1_000;

impl Watch {
    /// What is to be kept.
    pub(super) fn record(&self) -> String {
        let mut text = String::new();
        for silence in self.silences() {
            let until = silence.until.0.to_string();
            let [rule, place, good] = &silence.subject;
            let over = if silence.until_over { "over" } else { "" };
            if is_line(&silence.subject) {
                text.push_str(&["", rule, place, good, &until, over].join("\t"));
                text.push('\n');
            }
        }
        let told = self.alerts.states().iter().filter(|state| state.is_told());
        for state in told.take(KEPT) {
            let rule = self.alerts.rules().get(state.key.rule as usize);
            let rule = rule.map_or("", |rule| rule.id.as_str());
            let [place, good] = [state.key.place, state.key.good].map(|name| self.names.text(name));
            if !is_line(&[place, good]) {
                continue;
            }
            let pushed = state.pushed.map_or("", Severity::id);
            let (fired, severity, value) = (
                state.fired_at.0.to_string(),
                state.severity.id(),
                raw(state.value),
            );
            let mut parts = vec![rule, place, good, &fired, severity, pushed, &value];
            let (until, then);
            if let Some(ack) = state.ack {
                (until, then) = (ack.until.0.to_string(), raw(ack.value));
                parts.extend([self.names.text(ack.owner), &until, ack.severity.id(), &then]);
            }
            text.push_str(&parts.join("\t"));
            text.push('\n');
        }
        text
    }

    /// Takes up what was kept; lines that are none, or of rules that are gone, are left out.
    pub(super) fn restore(&mut self, text: &str) {
        let Self { alerts, names, .. } = self;
        let ids: Vec<&str> = alerts.rules().iter().map(|rule| rule.id.as_str()).collect();
        let states: Vec<Instance> = text.lines().filter_map(|line| state(line, &ids, names)).collect();
        let silences: Vec<Silence> = text
            .lines()
            .filter_map(|line| silence(line, &ids, names))
            .collect();
        self.is_restored = true;
        alerts.restore(states);
        for silence in silences {
            alerts.silence(silence, silence.until.plus(-1));
        }
    }
}

/// Whether names can stand in a line: one with a tab in it would be another one.
fn is_line<S: AsRef<str>>(names: &[S]) -> bool {
    !names
        .iter()
        .any(|name| name.as_ref().contains(['\t', '\n', '\r']))
}

fn silence(line: &str, ids: &[&str], names: &mut Dict) -> Option<Silence> {
    let parts: Vec<&str> = line.split('\t').collect();
    let ["", rule, place, good, until, over] = parts.as_slice() else {
        return None;
    };
    let rule = ids.iter().position(|id| id == rule)?;
    Some(Silence {
        rule: Some(u32::try_from(rule).ok()?),
        good: names.intern(good),
        place: names.intern(place),
        until: UtcMillis(until.parse().ok()?),
        until_over: *over == "over",
    })
}

fn state(line: &str, ids: &[&str], names: &mut Dict) -> Option<Instance> {
    let parts: Vec<&str> = line.split('\t').collect();
    let text = |at: usize| parts.get(at).copied();
    let number = |at: usize| text(at)?.parse::<i64>().ok();
    let rule = ids.iter().position(|id| Some(*id) == text(0))?;
    let fired_at = UtcMillis(number(3)?);
    let key = Key {
        rule: u32::try_from(rule).ok()?,
        place: names.intern(text(1)?),
        good: names.intern(text(2)?),
    };
    let mut state = Instance::new(key, fired_at, Severity::from_id(text(4)?)?);
    state.phase = Phase::Firing;
    state.pushed = Severity::from_id(text(5)?);
    state.value = Fixed::from_raw(number(6)?).to_f64();
    if let (Some(owner), Some(until)) = (text(7), number(8)) {
        state.ack = Some(Ack {
            owner: names.intern(owner),
            until: UtcMillis(until),
            severity: Severity::from_id(text(9)?)?,
            value: Fixed::from_raw(number(10)?).to_f64(),
        });
    }
    Some(state)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "to a few digits; it stops at the ends"
)]
fn raw(value: f64) -> String {
    ((value * Fixed::SCALE as f64) as i64).to_string()
}
