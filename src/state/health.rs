//! How old what a panel shows is, and whether that is to be trusted.

use super::State;
use crate::protocol::{DataSource, FeedState, FileKind};
use crate::time::UtcMillis;

/// What a panel stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Order lines.
    Orders,
    /// Stock levels.
    Stock,
    /// Both.
    Both,
}

impl Basis {
    /// All.
    pub const ALL: [Self; 3] = [Self::Orders, Self::Stock, Self::Both];

    const fn holds(self, kind: FileKind) -> bool {
        match kind {
            FileKind::Orders => matches!(self, Self::Orders | Self::Both),
            FileKind::Stock => matches!(self, Self::Stock | Self::Both),
            FileKind::Crosswalk | FileKind::Unknown => false,
        }
    }
}

/// What its data is worth; of several sources the worst counts, and the later of these is the worse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// Nothing brings such data.
    #[default]
    Nothing,
    /// A source is to bring it and has never been heard: whether there is anything is not known.
    Unheard,
    /// Files: as old as they are, and nobody says more.
    Still,
    /// Its sources speak when they should: if there is nothing, there is nothing.
    Fresh,
    /// A source has been silent for more than twice its usual time.
    Stale,
}

impl Worth {
    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Unheard => "unheard",
            Self::Still => "still",
            Self::Fresh => "fresh",
            Self::Stale => "stale",
        }
    }
}

/// How the data of a panel fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// What it is worth.
    pub worth: Worth,
    /// Its age in seconds, of minutes whole ones: as exact as people are told it. `None`: there is none, or it moves
    /// by itself.
    pub age_secs: Option<i64>,
    /// The source that its worth comes from, where it is one that comes by itself.
    pub feed: Option<u32>,
}

impl State {
    /// How the data of `basis` fares at `now`.
    pub fn health(&self, basis: Basis, now: UtcMillis) -> Health {
        let Some(cockpit) = &self.cockpit else {
            return Health::default();
        };
        let mut health = Health::default();
        if cockpit.source == DataSource::Demo {
            health.worth = Worth::Fresh;
            return health;
        }
        let age = |at: UtcMillis| Some(whole(now.0.saturating_sub(at.0) / 1_000));
        let mut brought = vec![false; cockpit.sources.len()];
        for feed in &self.feeds {
            // What it has brought; one that has brought nothing yet may still bring all.
            let (mut is_meant, mut is_other, mut read_at) = (false, false, None);
            for (source, brought) in cockpit.sources.iter().zip(&mut brought) {
                if feed.has(&source.name) {
                    *brought = true;
                    is_other = true;
                    if basis.holds(source.kind) {
                        is_meant = true;
                        read_at = read_at.max(Some(source.read_at));
                    }
                }
            }
            if is_other && !is_meant {
                continue;
            }
            let heard_at = feed.status.good_at;
            let worth = match (feed.state(now), heard_at.or(read_at)) {
                (FeedState::Stale, _) => Worth::Stale,
                (_, None) => Worth::Unheard,
                // Rows of an earlier visit, and the source does not answer.
                (FeedState::Error | FeedState::Silent, Some(_)) if heard_at.is_none() => Worth::Stale,
                (FeedState::Paused | FeedState::Loading, _) => Worth::Still,
                _ => Worth::Fresh,
            };
            let age_secs = heard_at.or(read_at).and_then(age);
            if (worth, age_secs) > (health.worth, health.age_secs) {
                health = Health {
                    worth,
                    age_secs,
                    feed: Some(feed.plan.id),
                };
            }
        }
        // Of files the youngest counts: they are as new as they can be.
        let files = cockpit.sources.iter().zip(brought);
        let of_basis = files.filter(|(source, brought)| !brought && basis.holds(source.kind));
        let youngest = of_basis.map(|(source, _)| source.read_at).max();
        if let Some(read_at) = youngest.filter(|_| health.worth < Worth::Still) {
            (health.worth, health.age_secs, health.feed) = (Worth::Still, age(read_at), None);
        }
        health
    }
}

/// `secs` as people are told them: below five none, from a minute whole minutes.
fn whole(secs: i64) -> i64 {
    match secs.max(0) {
        ..5 => 0,
        secs @ 5..60 => secs,
        secs => secs / 60 * 60,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::protocol::{Command, Event, FeedPlace, FeedPlan, FeedStatus, Settings, SourceInfo, View};
    use crate::state::Feed;
    use std::sync::Arc;

    fn source(name: &str, kind: FileKind, read_at: i64) -> SourceInfo {
        SourceInfo {
            name: name.to_owned(),
            kind,
            accepted: 1,
            rejected: 0,
            read_at: UtcMillis(read_at),
        }
    }

    fn feed(id: u32, name: &str, good_at: Option<i64>, failures: u32) -> Feed {
        let plan = FeedPlan {
            id,
            name: name.to_owned(),
            place: FeedPlace::Address(format!("wss://shop.example/{name}"), None),
            every_millis: None,
            client: None,
            remember: false,
        };
        let mut feed = Feed::new(plan, false);
        feed.is_told = true;
        feed.status = FeedStatus {
            id,
            every_millis: Some(10_000),
            good_at: good_at.map(UtcMillis),
            failures,
            ..FeedStatus::default()
        };
        feed
    }

    #[track_caller]
    fn check(source_of: DataSource, sources: &[SourceInfo], feeds: &[Feed], expect: [&str; 3]) {
        let open = Command::Open {
            settings: Settings::default(),
            view: View::default(),
            request: 0,
            demo: None,
        };
        let opened = Engine::new().apply(open, UtcMillis(0));
        let screen = opened.into_iter().find_map(|event| match event {
            Event::Cockpit { cockpit, .. } => Some(*cockpit),
            _ => None,
        });
        let mut cockpit = screen.unwrap();
        (cockpit.source, cockpit.sources) = (source_of, sources.to_vec());
        let state = State {
            cockpit: Some(Arc::new(cockpit)),
            feeds: feeds.to_vec(),
            ..State::default()
        };
        let seen = Basis::ALL.map(|basis| {
            let health = state.health(basis, UtcMillis(1_000_000));
            let age = health.age_secs.map_or_else(String::new, |age| format!(" {age}"));
            let feed = health.feed.map_or_else(String::new, |feed| format!(" of {feed}"));
            format!("{}{age}{feed}", health.worth.id())
        });
        assert_eq!(seen, expect);
    }

    #[test]
    fn a_panel_is_worth_what_its_sources_are() {
        use DataSource::{Demo, Empty, Files};
        use FileKind::{Orders, Stock};
        check(Demo, &[], &[], ["fresh", "fresh", "fresh"]);
        check(Empty, &[], &[], ["nothing", "nothing", "nothing"]);
        let files = [source("o.csv", Orders, 100_000), source("p.csv", Orders, 700_000)];
        check(Files, &files, &[], ["still 300", "nothing", "still 300"]);
        // Connected and never heard, failing and never heard: nobody knows whether there are orders.
        for failures in [0, 3] {
            check(
                Empty,
                &[],
                &[feed(0, "live", None, failures)],
                ["unheard of 0", "unheard of 0", "unheard of 0"],
            );
        }
        // Heard, and there are none.
        check(
            Empty,
            &[],
            &[feed(0, "live", Some(999_000), 0)],
            ["fresh 0 of 0", "fresh 0 of 0", "fresh 0 of 0"],
        );
        // It brings orders: stock does not depend on it.
        let live = [source("live", Orders, 500_000)];
        check(
            Files,
            &live,
            &[feed(0, "live", Some(979_999), 0)],
            ["stale 20 of 0", "nothing", "stale 20 of 0"],
        );
        // The worst counts, and a file beside it changes nothing.
        let both = [
            source("live", Orders, 500_000),
            source("wms", Stock, 600_000),
            source("o.csv", Orders, 999_000),
        ];
        let feeds = [
            feed(0, "live", Some(995_000), 0),
            feed(1, "wms", Some(880_000), 2),
        ];
        check(
            Files,
            &both,
            &feeds,
            ["fresh 5 of 0", "stale 120 of 1", "stale 120 of 1"],
        );
        // Rows of the last visit whose server is gone; one that is stopped is no longer expected to speak.
        let mut gone = feed(0, "live", None, 1);
        check(
            Files,
            &live,
            &[gone.clone()],
            ["stale 480 of 0", "nothing", "stale 480 of 0"],
        );
        gone.status.is_paused = true;
        check(
            Files,
            &live,
            &[gone],
            ["still 480 of 0", "nothing", "still 480 of 0"],
        );
    }
}
