//! Rules as the page sets them, and silences.

use super::Watch;
use crate::alert::{DEFAULTS, Silence};
use crate::engine::Engine;
use crate::protocol::{Event, Quiet, RulesView, SilenceLine};
use crate::time::{Grain, UtcMillis};

/// Milliseconds of an hour, and of the longest silence.
const QUIET: (i64, i64) = (3_600_000, 7 * 24 * 3_600_000);

impl Engine {
    /// Takes up the rules of the settings, and what stood by them when the page was closed.
    pub(in crate::engine) fn open_rules(&mut self) {
        let watch = &mut self.watch;
        let own = Some(self.settings.rules.as_str()).filter(|own| !own.trim().is_empty());
        watch.fault = own.and_then(|own| watch.alerts.set_rules(own).err());
        if let Some(record) = watch.kept.take() {
            watch.restore(&record);
        }
    }

    /// The rules that hold, once those of `text` have taken their place if they are rules.
    pub(in crate::engine) fn rules(&mut self, text: Option<&str>) -> Event {
        let watch = &mut self.watch;
        let fault = match text {
            None => watch.fault.clone(),
            Some(text) => {
                let text = if text.is_empty() { DEFAULTS } else { text };
                let fault = watch.alerts.set_rules(text).err();
                if fault.is_none() {
                    (watch.fault, watch.is_news) = (None, true);
                }
                fault
            }
        };
        let text = watch.alerts.text().to_owned();
        Event::Rules(Box::new(RulesView {
            is_default: text == DEFAULTS,
            text,
            fault,
        }))
    }

    /// What `rule` tells of a place, of one SKU or of all, is silent for a while, or (`None`) no more.
    pub(in crate::engine) fn silence(&mut self, subject: [&str; 3], quiet: Option<Quiet>, now: UtcMillis) {
        let now = self.shop_time(now);
        let zone = self.zone();
        let Watch { alerts, names, .. } = &mut self.watch;
        let [rule, place, good] = subject;
        let at = alerts.rules().iter().position(|known| known.id == rule);
        let Some(at) = at.and_then(|at| u32::try_from(at).ok()) else {
            return;
        };
        let [good, place] = [good, place].map(|name| names.intern(name));
        match quiet {
            None => alerts.end_silence(Some(at), good, place),
            Some(quiet) => {
                let until = match quiet {
                    Quiet::Hour => now.plus(QUIET.0),
                    Quiet::Day => zone.next(Grain::Day, zone.floor(Grain::Day, now)),
                    Quiet::Over => now.plus(QUIET.1),
                };
                let silence = Silence {
                    rule: Some(at),
                    good,
                    place,
                    until,
                    until_over: quiet == Quiet::Over,
                };
                alerts.silence(silence, now);
            }
        }
        self.watch.is_news = true;
    }
}

impl Watch {
    /// The silences in force, for the page.
    pub(super) fn silences(&self) -> Vec<SilenceLine> {
        let line = |silence: &Silence| {
            let rule = self.alerts.rules().get(silence.rule? as usize)?;
            let [place, good] = [silence.place, silence.good].map(|name| self.names.text(name).to_owned());
            Some(SilenceLine {
                subject: [rule.id.clone(), place, good],
                until: silence.until,
                until_over: silence.until_over,
            })
        };
        self.alerts.silences().iter().filter_map(line).collect()
    }
}
