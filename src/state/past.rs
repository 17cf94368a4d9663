//! What has been: alerts with their beginning and end, and what came since the last visit.

use crate::protocol::{AlertLine, AlertView, Severity};
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Alerts that are remembered; of more those that ended first go.
const MOST: usize = 200;
/// How long a digest is said unless someone has read it.
const SAID_MILLIS: i64 = 3_600_000;

/// An alert, from its beginning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// As it was at its worst; who took it on last.
    pub line: AlertLine,
    /// When it ended; `None`: it stands.
    pub ended: Option<UtcMillis>,
}

/// When the page was seen last, and what it held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// When.
    pub at: UtcMillis,
    /// Order lines.
    pub lines: u64,
}

/// What came since the last visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// When that was.
    pub since: UtcMillis,
    /// Alerts that began.
    pub fired: usize,
    /// Those of them that still stand.
    pub firing: usize,
    /// Alerts that had stood, and ended.
    pub ended: usize,
    /// Order lines that came.
    pub lines: u64,
}

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chronicle {
    /// Alerts, in the order in which they began to be known.
    pub alerts: Arc<Vec<Past>>,
    visit: Option<Visit>,
    /// Since when the digest is said.
    opened: UtcMillis,
}

impl Chronicle {
    /// The engine told what stands. A demo is no memory.
    pub(super) fn hear(&mut self, view: &AlertView) {
        if !view.is_own() {
            return;
        }
        let alerts = Arc::make_mut(&mut self.alerts);
        let is_meant = |line: &&AlertLine| line.severity <= Severity::P2;
        for line in view.lines.iter().filter(is_meant) {
            let subject = line.subject();
            let mut open = alerts.iter_mut().filter(|past| past.ended.is_none());
            match open.find(|past| past.line.subject() == subject) {
                Some(past) => past.take(line),
                None => alerts.push(Past::new(line.clone())),
            }
        }
        // What is beyond the list may stand all the same.
        if view.counts.iter().sum::<u64>() <= view.lines.len() as u64 {
            for past in alerts.iter_mut().filter(|past| past.ended.is_none()) {
                let subject = past.line.subject();
                let stands = view
                    .lines
                    .iter()
                    .filter(is_meant)
                    .any(|line| line.subject() == subject);
                past.ended = (!stands).then_some(view.now);
            }
        }
        while alerts.len() > MOST {
            let first = alerts.iter().position(|past| past.ended.is_some());
            alerts.remove(first.unwrap_or(0));
        }
    }

    /// Takes up what was remembered at the last visit; what has been heard since goes on.
    pub(super) fn recall(&mut self, before: Vec<Past>, visit: Option<Visit>, now: UtcMillis) {
        let since = std::mem::replace(&mut self.alerts, Arc::new(before));
        let alerts = Arc::make_mut(&mut self.alerts);
        for past in since.iter() {
            let subject = past.line.subject();
            let mut open = alerts.iter_mut().filter(|past| past.ended.is_none());
            match open.find(|known| known.line.subject() == subject) {
                Some(known) => {
                    known.take(&past.line);
                    known.ended = past.ended;
                }
                None => alerts.push(past.clone()),
            }
        }
        self.leave(visit, now);
    }

    /// What comes from now on is told against `visit`; `None`: nothing is.
    pub(super) const fn leave(&mut self, visit: Option<Visit>, now: UtcMillis) {
        (self.visit, self.opened) = (visit, now);
    }

    /// What came since the last visit, now that there are so many order lines.
    pub fn digest(&self, lines: u64, now: UtcMillis) -> Option<Digest> {
        let visit = self
            .visit
            .filter(|_| now.0.saturating_sub(self.opened.0) < SAID_MILLIS)?;
        let is_since = |at: UtcMillis| at > visit.at;
        let began = || self.alerts.iter().filter(|past| is_since(past.line.since));
        let digest = Digest {
            since: visit.at,
            fired: began().count(),
            firing: began().filter(|past| past.ended.is_none()).count(),
            ended: (self.alerts.iter())
                .filter(|past| !is_since(past.line.since) && past.ended.is_some_and(is_since))
                .count(),
            lines: lines.saturating_sub(visit.lines),
        };
        (digest.fired + digest.ended > 0 || digest.lines > 0).then_some(digest)
    }
}

impl Past {
    fn new(mut line: AlertLine) -> Self {
        line.places.clear();
        line.goods.clear();
        // What is no number could not be read again.
        line.value = if line.value.is_finite() { line.value } else { 0.0 };
        line.evidence = line
            .evidence
            .filter(|(seen, usual)| seen.is_finite() && usual.is_finite());
        Self { line, ended: None }
    }

    /// It goes on as `line` says.
    fn take(&mut self, line: &AlertLine) {
        let is_lower = matches!(
            line.rule.as_str(),
            "stock_out" | "low_cover" | "stock_negative" | "sales_drop"
        );
        let is_worse = line.severity < self.line.severity
            || line.severity == self.line.severity
                && if is_lower {
                    line.value < self.line.value
                } else {
                    line.value > self.line.value
                };
        let owner = line.owner.clone().or_else(|| self.line.owner.take());
        if is_worse {
            let since = self.line.since;
            *self = Self::new(line.clone());
            self.line.since = since;
        }
        (self.line.owner, self.line.count) = (owner, self.line.count.max(line.count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(rule: &str, sku: &str, value: f64, since: i64) -> AlertLine {
        AlertLine {
            rule: rule.to_owned(),
            sku: sku.to_owned(),
            severity: Severity::P2,
            value,
            since: UtcMillis(since),
            count: 1,
            ..AlertLine::default()
        }
    }

    fn view(now: i64, lines: &[AlertLine]) -> AlertView {
        AlertView {
            counts: [0, lines.len() as u64, 0],
            lines: lines.to_vec(),
            record: Some(String::new()),
            now: UtcMillis(now),
            ..AlertView::default()
        }
    }

    fn told(chronicle: &Chronicle) -> Vec<String> {
        let text = |past: &Past| {
            let ended = past.ended.map_or("…".to_owned(), |ended| ended.0.to_string());
            let owner = past.line.owner.as_deref().unwrap_or("-");
            let Past { line, .. } = past;
            format!("{} {}–{ended} {} {owner}", line.sku, line.since.0, line.value)
        };
        chronicle.alerts.iter().map(text).collect()
    }

    #[test]
    fn alerts_are_remembered_from_their_beginning_to_their_end() {
        let mut chronicle = Chronicle::default();
        chronicle.hear(&view(
            10,
            &[line("oversell", "a", 3.0, 10), line("low_cover", "b", 2.0, 10)],
        ));
        let mut worse = line("oversell", "a", 9.0, 12);
        worse.owner = Some("me".to_owned());
        chronicle.hear(&view(20, &[worse, line("low_cover", "b", 1.0, 10)]));
        chronicle.hear(&view(
            30,
            &[line("oversell", "a", 1.0, 10), line("low_cover", "b", 2.5, 10)],
        ));
        assert_eq!(told(&chronicle), ["a 10–… 9 me", "b 10–… 1 -"]);
        chronicle.hear(&view(40, &[line("oversell", "a", 1.0, 10)]));
        chronicle.hear(&view(
            50,
            &[line("oversell", "a", 1.0, 10), line("low_cover", "b", 2.5, 50)],
        ));
        assert_eq!(told(&chronicle), ["a 10–… 9 me", "b 10–40 1 -", "b 50–… 2.5 -"]);
        // What is beyond the list is not over.
        let mut more = view(60, &[line("low_cover", "b", 2.5, 50)]);
        more.counts = [0, 99, 0];
        chronicle.hear(&more);
        assert_eq!(told(&chronicle)[0], "a 10–… 9 me");
        // A demo, or no rows at all, says nothing of them.
        more.record = None;
        more.lines.clear();
        chronicle.hear(&more);
        assert_eq!(told(&chronicle).len(), 3);
    }

    #[test]
    fn the_memory_is_bounded_and_outlives_the_page() {
        let mut chronicle = Chronicle::default();
        for at in 0..300 {
            chronicle.hear(&view(at, &[line("oversell", &at.to_string(), 1.0, at)]));
        }
        assert_eq!(chronicle.alerts.len(), MOST);
        let mut odd = line("sales_drop", "odd", f64::NAN, 299);
        odd.evidence = Some((1.0, f64::NAN));
        chronicle.hear(&view(299, &[odd, line("oversell", "299", 1.0, 299)]));
        let kept = serde_json::to_string(&*chronicle.alerts).unwrap();
        let mut next = Chronicle::default();
        // The engine spoke first: of one that stands, and of a new one.
        let both = [
            line("oversell", "299", 5.0, 299),
            line("oversell", "new", 1.0, 500),
        ];
        next.hear(&view(500, &both));
        let visit = Visit {
            at: UtcMillis(400),
            lines: 1_000,
        };
        next.recall(serde_json::from_str(&kept).unwrap(), Some(visit), UtcMillis(500));
        assert_eq!(
            told(&next)[MOST - 2..],
            ["299 299–… 5 -", "odd 299–… 0 -", "new 500–… 1 -"]
        );
        let digest = |chronicle: &Chronicle, lines, now| {
            let digest = chronicle.digest(lines, UtcMillis(now))?;
            assert_eq!(digest.since, UtcMillis(400));
            Some((digest.fired, digest.firing, digest.ended, digest.lines))
        };
        assert_eq!(digest(&next, 2_240, 500), Some((1, 1, 0, 1_240)));
        next.hear(&view(600, &[]));
        assert_eq!(digest(&next, 900, 600), Some((1, 0, 2, 0)));
        assert_eq!(digest(&next, 900, 500 + SAID_MILLIS), None);
        next.leave(None, UtcMillis(700));
        assert_eq!(digest(&next, 2_240, 700), None);
        // Nothing has happened.
        let visit = Visit {
            at: UtcMillis(700),
            lines: 9,
        };
        next.leave(Some(visit), UtcMillis(800));
        assert_eq!(digest(&next, 9, 800), None);
    }
}
