//! What of alerts is told aloud on this device, when and how.
//!
//! Rule: who decides has no clock and no loudspeaker; both are handed in, and what is decided is only played elsewhere.

use crate::protocol::{AlertLine, Secret, Severity};
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// How long the first of several waits for the others: what breaks at once is one sentence.
const GATHER_MILLIS: i64 = 2_000;
/// How long it is silent between two sentences, where the next is of a P1, and else.
const PAUSE_MILLIS: [i64; 2] = [5_000, 15_000];
/// Alerts of a sentence; the rest is only counted.
const MOST: usize = 100;

/// How this device tells alerts aloud; its user's choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Loudness {
    /// A sound, another for each severity.
    pub sound: bool,
    /// A spoken sentence.
    pub speech: bool,
    /// A notification of the browser.
    pub notify: bool,
    /// What is less severe is not told aloud.
    pub least: Severity,
    /// Whether there are quiet hours.
    pub is_quiet: bool,
    /// When they begin and end, minutes of the day on this device's clock; they may go over midnight.
    pub quiet: [u16; 2],
    /// A P1 is told in quiet hours too.
    pub p1_breaks: bool,
    /// Where incidents are sent; empty: nowhere.
    pub webhook: String,
    /// What lets one in there.
    pub token: Secret,
    /// Whether that stays on this device.
    pub remember: bool,
    /// It did not, and is to be given again.
    pub lacks_token: bool,
}

impl Default for Loudness {
    fn default() -> Self {
        Self {
            sound: false,
            speech: false,
            notify: false,
            least: Severity::P2,
            is_quiet: false,
            quiet: [22 * 60, 8 * 60],
            p1_breaks: true,
            webhook: String::new(),
            token: Secret::default(),
            remember: false,
            lacks_token: false,
        }
    }
}

impl Loudness {
    /// As it is to be kept between visits.
    #[must_use]
    pub fn kept(&self) -> Self {
        let mut kept = self.clone();
        if !self.remember {
            kept.lacks_token |= !self.token.0.is_empty();
            kept.token = Secret::default();
        }
        kept
    }

    /// Whether `minute` of the day lies in its quiet hours.
    pub fn is_quiet_at(&self, minute: u16) -> bool {
        let [from, to] = self.quiet;
        let is_in = if from <= to {
            (from..to).contains(&minute)
        } else {
            minute >= from || minute < to
        };
        self.is_quiet && is_in
    }
}

/// What this page may tell: a rehearsal goes to nobody else, and of several tabs one speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Post {
    /// It is of a simulated shop: the demo's, or a drill's.
    pub is_simulated: bool,
    /// Another tab of it tells already.
    pub is_second: bool,
}

/// A sentence to be told now.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    /// What it is about, the worst first.
    pub lines: Vec<AlertLine>,
    /// How many there are, also those that are not among them.
    pub count: usize,
    /// By a sound.
    pub sounds: bool,
    /// Spoken.
    pub speaks: bool,
    /// As a notification.
    pub notifies: bool,
    /// To the webhook.
    pub posts: bool,
}

/// Gathers what is to be told, and says when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Announcer {
    waiting: Vec<AlertLine>,
    /// How many wait.
    count: usize,
    since: Option<UtcMillis>,
    said_at: Option<UtcMillis>,
}

impl Announcer {
    /// More is to be told.
    pub fn hear(&mut self, pushed: &[AlertLine], now: UtcMillis) {
        if pushed.is_empty() {
            return;
        }
        self.since.get_or_insert(now);
        self.count += pushed.len();
        let room = MOST.saturating_sub(self.waiting.len());
        self.waiting.extend(pushed.iter().take(room).cloned());
    }

    /// What is to be told at `now`, `minute` of the day on this device's clock, if anything is.
    pub fn due(&mut self, how: &Loudness, post: Post, minute: u16, now: UtcMillis) -> Option<Announcement> {
        let since = self.since?;
        let worst = self.waiting.iter().map(|line| line.severity).min()?;
        let pause = PAUSE_MILLIS[usize::from(worst != Severity::P1)];
        // A clock that was set back holds nothing up.
        let waits = |from: UtcMillis, millis: i64| (0..millis).contains(&(now.0 - from.0));
        if waits(since, GATHER_MILLIS) || self.said_at.is_some_and(|said| waits(said, pause)) {
            return None;
        }
        let mut told = std::mem::take(self);
        self.said_at = told.said_at;
        let lesser = told
            .waiting
            .iter()
            .filter(|line| line.severity > how.least)
            .count();
        told.waiting.retain(|line| line.severity <= how.least);
        told.waiting.sort_by_key(|line| line.severity);
        if told.waiting.is_empty() || post.is_second {
            return None;
        }
        let is_aloud = !how.is_quiet_at(minute) || how.p1_breaks && worst == Severity::P1;
        let announcement = Announcement {
            count: told.count - lesser,
            lines: told.waiting,
            sounds: how.sound && is_aloud,
            speaks: how.speech && is_aloud,
            notifies: how.notify && is_aloud && !post.is_simulated,
            posts: !how.webhook.is_empty() && !post.is_simulated,
        };
        let is_any =
            announcement.sounds || announcement.speaks || announcement.notifies || announcement.posts;
        if is_any {
            self.said_at = Some(now);
        }
        is_any.then_some(announcement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sku: &str, severity: Severity) -> AlertLine {
        AlertLine {
            sku: sku.to_owned(),
            severity,
            count: 1,
            ..AlertLine::default()
        }
    }

    fn loud() -> Loudness {
        Loudness {
            sound: true,
            speech: true,
            notify: true,
            webhook: "https://hook.example".to_owned(),
            ..Loudness::default()
        }
    }

    fn told(announcement: Option<Announcement>) -> String {
        let Some(told) = announcement else {
            return "-".to_owned();
        };
        let ways = [
            (told.sounds, "sound"),
            (told.speaks, "speech"),
            (told.notifies, "notify"),
            (told.posts, "post"),
        ];
        let ways: Vec<&str> = ways.into_iter().filter(|way| way.0).map(|way| way.1).collect();
        let skus: Vec<&str> = told.lines.iter().map(|line| line.sku.as_str()).collect();
        format!("{} of {}: {}", skus.join(" "), told.count, ways.join(" "))
    }

    /// What is told of one alert.
    #[track_caller]
    fn check(how: &Loudness, post: Post, severity: Severity, minute: u16, expect: &str) {
        let mut announcer = Announcer::default();
        announcer.hear(&[line("a", severity)], UtcMillis(0));
        assert_eq!(
            told(announcer.due(how, post, minute, UtcMillis(GATHER_MILLIS))),
            expect
        );
    }

    #[test]
    fn what_is_told_follows_the_users_choice() {
        const NOON: u16 = 720;
        let here = Post::default();
        let all = "a of 1: sound speech notify post";
        check(&loud(), here, Severity::P1, NOON, all);
        check(&loud(), here, Severity::P2, NOON, all);
        check(&loud(), here, Severity::P3, NOON, "-");
        check(&Loudness::default(), here, Severity::P1, NOON, "-");
        // A rehearsal stays in the room, and the second tab is silent.
        let demo = Post {
            is_simulated: true,
            ..here
        };
        check(&loud(), demo, Severity::P1, NOON, "a of 1: sound speech");
        let second = Post {
            is_second: true,
            ..here
        };
        check(&loud(), second, Severity::P1, NOON, "-");
        // Machines do not sleep.
        let mut night = Loudness {
            is_quiet: true,
            ..loud()
        };
        check(&night, here, Severity::P2, 23 * 60, "a of 1: post");
        check(&night, here, Severity::P2, 7 * 60 + 59, "a of 1: post");
        check(&night, here, Severity::P2, 8 * 60, all);
        check(&night, here, Severity::P1, 23 * 60, all);
        night.p1_breaks = false;
        check(&night, here, Severity::P1, 23 * 60, "a of 1: post");
        night.quiet = [NOON, NOON];
        check(&night, here, Severity::P1, NOON, all);
        night.quiet = [NOON - 1, NOON + 1];
        check(&night, here, Severity::P1, NOON, "a of 1: post");
        check(&night, here, Severity::P1, NOON + 1, all);
    }

    #[test]
    fn a_burst_is_one_sentence_and_what_follows_waits() {
        let (how, here, mut announcer) = (loud(), Post::default(), Announcer::default());
        let due =
            |announcer: &mut Announcer, millis: i64| told(announcer.due(&how, here, 720, UtcMillis(millis)));
        assert_eq!(due(&mut announcer, 0), "-");
        announcer.hear(&[line("b", Severity::P2)], UtcMillis(0));
        announcer.hear(
            &[line("c", Severity::P3), line("a", Severity::P1)],
            UtcMillis(1_900),
        );
        assert_eq!(due(&mut announcer, 1_999), "-");
        assert_eq!(due(&mut announcer, 2_000), "a b of 2: sound speech notify post");
        assert_eq!(due(&mut announcer, 2_001), "-");
        // The next one of the kind that waits, then one that does not wait as long.
        announcer.hear(&[line("d", Severity::P2)], UtcMillis(3_000));
        assert_eq!(due(&mut announcer, 16_999), "-");
        announcer.hear(&[line("e", Severity::P1)], UtcMillis(6_000));
        assert_eq!(due(&mut announcer, 7_000), "e d of 2: sound speech notify post");
        // A clock that was set back holds nothing up.
        announcer.hear(&[line("f", Severity::P2)], UtcMillis(90_000));
        assert_eq!(due(&mut announcer, 0), "f of 1: sound speech notify post");
        // More than can be said is counted.
        let many: Vec<AlertLine> = (0..250).map(|at| line(&at.to_string(), Severity::P2)).collect();
        announcer.hear(&many, UtcMillis(100_000));
        let told = announcer.due(&how, here, 720, UtcMillis(200_000)).unwrap();
        assert_eq!((told.lines.len(), told.count), (MOST, 250));
    }

    #[test]
    fn a_token_is_kept_only_if_the_user_said_so() {
        for remember in [false, true] {
            let how = Loudness {
                token: Secret("Bearer 12345".to_owned()),
                remember,
                ..loud()
            };
            let kept = serde_json::to_string(&how.kept()).unwrap();
            assert_eq!(kept.contains("12345"), remember, "{kept}");
            let back: Loudness = serde_json::from_str(&kept).unwrap();
            assert_eq!(back, how.kept());
        }
        assert_eq!(
            serde_json::from_str::<Loudness>("{}").unwrap(),
            Loudness::default()
        );
    }
}
