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

    /// The line on the stage.
    pub fn on_stage(&self) -> Option<&AlertLine> {
        let stage = self.stage.as_ref()?;
        self.view.lines.iter().find(|line| line.subject() == *stage)
    }
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
        // Files say all at once.
        let mut still = view(80, &[line("c", Severity::P1, 75)]);
        still.is_live = false;
        alerts.hear(still);
        assert_eq!(staged(&alerts), None);
    }
}
