//! What is to be acted on, and what of it takes the stage.

use crate::protocol::{AlertLine, AlertView, Severity};
use crate::time::UtcMillis;
use std::sync::Arc;

/// Alerts as last told, and the one on the stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alerts {
    /// What the engine told.
    pub view: Arc<AlertView>,
    /// What the stage is about, see [`AlertLine::subject`].
    stage: Option<[String; 3]>,
    /// The one that is to be silenced.
    pub asked: Option<[String; 3]>,
    /// Only what fires after this takes the stage by itself.
    since: Option<UtcMillis>,
}

impl Alerts {
    /// The engine told more. The oldest P1 that nobody has taken on takes the stage if it fired under our eyes, one at a
    /// time; one that was taken on, or is over, leaves it.
    pub(super) fn hear(&mut self, view: AlertView) {
        let since = *self.since.get_or_insert(view.now);
        self.view = Arc::new(view);
        if self.on_stage().is_none_or(|line| line.owner.is_some()) {
            let is_news = |line: &&AlertLine| {
                let is_open =
                    line.owner.is_none() && !line.is_silent && !line.is_flapping && line.state == "firing";
                is_open && line.severity == Severity::P1 && line.since > since
            };
            let news = self.view.lines.iter().filter(|_| self.view.is_live);
            let oldest = news.filter(is_news).min_by_key(|line| line.since);
            self.stage = oldest.map(AlertLine::subject);
        }
    }

    /// Puts a line on the stage; `None`: what stands there goes back to the rail, and only what fires later follows.
    pub(super) fn put(&mut self, subject: Option<[String; 3]>) {
        if subject.is_none() {
            self.since = Some(self.view.now);
        }
        self.stage = subject;
    }

    /// How many more P1 nobody has taken on, besides the one of `subject`, and the one whose turn it is behind it.
    pub fn next_after(&self, subject: &[String; 3]) -> Option<(usize, [String; 3])> {
        let mut open: Vec<&AlertLine> = Vec::new();
        open.extend(self.view.lines.iter().filter(|line| is_open_p1(line)));
        open.sort_by_key(|line| line.since);
        let at = open.iter().position(|line| line.subject() == *subject);
        let rest = open.len() - usize::from(at.is_some());
        let next = at.map_or(0, |at| (at + 1) % open.len());
        (rest > 0).then(|| (rest, open[next].subject()))
    }

    /// The line on the stage.
    pub fn on_stage(&self) -> Option<&AlertLine> {
        let stage = self.stage.as_ref()?;
        self.view.lines.iter().find(|line| line.subject() == *stage)
    }
}

fn is_open_p1(line: &AlertLine) -> bool {
    line.severity == Severity::P1 && line.owner.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sku: &str, severity: Severity, since: i64) -> AlertLine {
        AlertLine {
            rule: "oversell".to_owned(),
            sku: sku.to_owned(),
            severity,
            since: UtcMillis(since),
            state: "firing".to_owned(),
            count: 1,
            ..AlertLine::default()
        }
    }

    fn view(now: i64, lines: &[AlertLine]) -> AlertView {
        AlertView {
            lines: lines.to_vec(),
            now: UtcMillis(now),
            is_live: true,
            ..AlertView::default()
        }
    }

    #[test]
    fn one_at_a_time_takes_the_stage() {
        let mut alerts = Alerts::default();
        let staged = |alerts: &Alerts| alerts.on_stage().map(|line| line.sku.clone());
        let (old, p2) = (line("old", Severity::P1, 10), line("p2", Severity::P2, 20));
        alerts.hear(view(10, std::slice::from_ref(&old)));
        // What stood when the page was opened is on the rail.
        assert_eq!(staged(&alerts), None);
        let (mut a, b) = (line("a", Severity::P1, 30), line("b", Severity::P1, 40));
        alerts.hear(view(40, &[b.clone(), a.clone(), p2.clone(), old.clone()]));
        assert_eq!(staged(&alerts).as_deref(), Some("a"));
        // Taken on, it goes back, and the next one comes.
        a.owner = Some("me".to_owned());
        alerts.hear(view(50, &[b.clone(), a.clone(), p2.clone(), old.clone()]));
        assert_eq!(staged(&alerts).as_deref(), Some("b"));
        alerts.put(None);
        alerts.hear(view(60, &[b.clone(), a, p2.clone(), old.clone()]));
        assert_eq!(staged(&alerts), None);
        // By hand any of them; it leaves when it is over.
        alerts.put(Some(p2.subject()));
        assert_eq!(staged(&alerts).as_deref(), Some("p2"));
        alerts.hear(view(70, &[b, old]));
        assert_eq!(staged(&alerts), None);
        // Those that wait take their turns, the oldest first; what is taken on does not wait.
        let waiting = [
            line("x", Severity::P1, 30),
            line("z", Severity::P2, 10),
            line("y", Severity::P1, 20),
        ];
        alerts.hear(view(75, &waiting));
        let next = |alerts: &Alerts, sku: &str| {
            let (count, next) = alerts.next_after(&line(sku, Severity::P1, 0).subject())?;
            Some(format!("{count} {}", next[2]))
        };
        assert_eq!(next(&alerts, "y").as_deref(), Some("1 x"));
        assert_eq!(next(&alerts, "x").as_deref(), Some("1 y"));
        assert_eq!(next(&alerts, "z").as_deref(), Some("2 y"));
        alerts.hear(view(76, &waiting[..1]));
        assert_eq!(next(&alerts, "x"), None);
        // Files say all at once.
        let mut still = view(80, &[line("c", Severity::P1, 75)]);
        still.is_live = false;
        alerts.hear(still);
        assert_eq!(staged(&alerts), None);
    }
}
