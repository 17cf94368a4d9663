//! Sources that come by themselves, as the page has them and keeps them.

use super::State;
use crate::protocol::{Command, FeedPlace, FeedPlan, FeedProblem, FeedState, FeedStatus, Secret};
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// Shortest time between two looks, milliseconds.
const LEAST_MILLIS: f64 = 3_000.0;
/// Longest.
const MOST_MILLIS: f64 = 7.0 * 86_400_000.0;

/// A source.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// What it is.
    pub plan: FeedPlan,
    /// Whether its token stays on this device.
    pub remember: bool,
    /// Whether the engine looks after it; else its token or the leave to read its folder is missing.
    pub is_told: bool,
    /// How it fares.
    pub status: FeedStatus,
}

/// A source between two visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptFeed {
    plan: FeedPlan,
    remember: bool,
    is_paused: bool,
}

impl Feed {
    /// One that the engine is about to hear of.
    pub fn new(plan: FeedPlan, remember: bool) -> Self {
        let status = FeedStatus {
            id: plan.id,
            every_millis: plan.every_millis,
            ..FeedStatus::default()
        };
        Self {
            plan,
            remember,
            is_told: false,
            status,
        }
    }

    /// Its address; `None`: it is a folder.
    pub fn address(&self) -> Option<&str> {
        match &self.plan.place {
            FeedPlace::Address(url, _) => Some(url),
            FeedPlace::Folder(_) => None,
        }
    }

    /// Whether its token has to be given again.
    pub fn wants_token(&self) -> bool {
        matches!(&self.plan.place, FeedPlace::Address(_, Some((_, Secret(token)))) if token.is_empty())
    }

    /// Whether the user has to let the page read its folder again.
    pub fn wants_leave(&self) -> bool {
        !self.is_told && self.address().is_none()
    }

    /// What it is worth at `now`.
    pub fn state(&self, now: UtcMillis) -> FeedState {
        if self.wants_leave() || self.wants_token() {
            FeedState::Paused
        } else {
            self.status.state(now)
        }
    }

    /// Whether the files of `name` are its own: itself, or a part of it.
    pub fn has(&self, name: &str) -> bool {
        let rest = name.strip_prefix(self.plan.name.as_str());
        self.address().is_some() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" › "))
    }

    fn kept(&self) -> KeptFeed {
        let mut plan = self.plan.clone();
        match &mut plan.place {
            FeedPlace::Address(_, Some((_, token))) if !self.remember => *token = Secret::default(),
            FeedPlace::Folder(read) if self.is_told => read.clone_from(&self.status.read),
            _ => {}
        }
        KeptFeed {
            plan,
            remember: self.remember,
            is_paused: self.status.is_paused,
        }
    }
}

impl State {
    /// Sources as they are to be kept.
    pub fn kept_feeds(&self) -> Vec<KeptFeed> {
        self.feeds.iter().map(Feed::kept).collect()
    }

    /// Sources of the last visit, numbered from 0.
    pub fn take_kept_feeds(&mut self, kept: Vec<KeptFeed>) {
        for (id, kept) in (0_u32..).zip(kept) {
            let mut feed = Feed::new(FeedPlan { id, ..kept.plan }, kept.remember);
            feed.status.is_paused = kept.is_paused;
            feed.status.problem = feed.wants_token().then_some(FeedProblem::NoToken);
            self.feeds.push(feed);
        }
    }

    /// The source of number `id`.
    pub fn feed(&self, id: u32) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.plan.id == id)
    }

    pub(super) fn feed_mut(&mut self, id: u32) -> Option<&mut Feed> {
        self.feeds.iter_mut().find(|feed| feed.plan.id == id)
    }

    /// Adds a source, instead of one of the same address, and has it looked after.
    pub(super) fn add_feed(&mut self, feed: Feed) -> Vec<Command> {
        let id = feed.plan.id;
        let old = |known: &Feed| known.address().is_some() && known.address() == feed.address();
        let replaced = self
            .feeds
            .iter()
            .find(|known| old(known))
            .map(|known| known.plan.id);
        self.feeds.retain(|known| Some(known.plan.id) != replaced);
        self.feeds.push(feed);
        let mut commands: Vec<Command> = replaced.map(Command::RemoveFeed).into_iter().collect();
        commands.extend(self.tell_feed(id));
        commands
    }

    /// What the engine has to hear to look after source `id`; nothing while it wants something of the user.
    pub(super) fn tell_feed(&mut self, id: u32) -> Vec<Command> {
        let Some(feed) = self.feed_mut(id).filter(|feed| !feed.wants_token()) else {
            return Vec::new();
        };
        (feed.is_told, feed.status.is_paused) = (true, false);
        vec![Command::Feed(feed.plan.clone())]
    }
}

/// Milliseconds of a number of minutes as people write it; `None`, for once, where it is none, or not above 0.
/// Three seconds at least, a week at most.
pub fn interval(minutes: &str) -> Option<i64> {
    let minutes: f64 = minutes.trim().replace(',', ".").parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "within a week")]
    (minutes > 0.0).then(|| (minutes * 60_000.0).clamp(LEAST_MILLIS, MOST_MILLIS) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::FileMark;

    fn address(id: u32, url: &str, token: &str) -> FeedPlan {
        let header = (!token.is_empty()).then(|| ("Authorization".to_owned(), Secret(token.to_owned())));
        FeedPlan {
            id,
            name: "orders.csv".to_owned(),
            place: FeedPlace::Address(url.to_owned(), header),
            every_millis: Some(60_000),
        }
    }

    fn told(commands: &[Command]) -> Vec<String> {
        let line = |command: &Command| match command {
            Command::Feed(plan) => format!("feed {}", plan.id),
            Command::RemoveFeed(id) => format!("remove {id}"),
            other => format!("{other:?}"),
        };
        commands.iter().map(line).collect()
    }

    #[test]
    fn a_token_stays_only_if_the_user_said_so() {
        for (remember, expect) in [(true, true), (false, false)] {
            let mut state = State::default();
            state.add_feed(Feed::new(
                address(3, "https://shop.example/o", "Bearer 12345"),
                remember,
            ));
            let kept = serde_json::to_string(&state.kept_feeds()).unwrap();
            assert_eq!(kept.contains("12345"), expect, "{kept}");

            let mut next = State::default();
            next.take_kept_feeds(serde_json::from_str(&kept).unwrap());
            let feed = next.feed(0).unwrap().clone();
            assert_eq!(feed.wants_token(), !expect);
            let state = if expect {
                FeedState::Loading
            } else {
                FeedState::Paused
            };
            assert_eq!(feed.state(UtcMillis(0)), state);
            let expect: &[&str] = if expect { &["feed 0"] } else { &[] };
            assert_eq!(told(&next.tell_feed(0)), expect);
        }
    }

    #[test]
    fn an_address_is_one_source() {
        let mut state = State::default();
        state.add_feed(Feed::new(address(0, "https://a.example/o", ""), false));
        state.add_feed(Feed::new(address(1, "https://b.example/o", ""), false));
        let commands = state.add_feed(Feed::new(address(2, "https://a.example/o", "t"), false));
        assert_eq!(told(&commands), ["remove 0", "feed 2"]);
        let ids: Vec<u32> = state.feeds.iter().map(|feed| feed.plan.id).collect();
        assert_eq!(ids, [1, 2]);
        assert_eq!(state.next_batch(), 3, "its number is the batch of no drop");
    }

    #[test]
    fn what_was_read_of_a_folder_is_kept() {
        let mark = |size| FileMark {
            name: "a.csv".to_owned(),
            size,
            modified: UtcMillis(1),
        };
        let mut state = State::default();
        let plan = FeedPlan {
            place: FeedPlace::Folder(vec![mark(1)]),
            ..address(0, "", "")
        };
        state.feeds.push(Feed::new(plan, false));
        assert!(state.feeds[0].wants_leave());
        let read = |state: &State| match &state.kept_feeds()[0].plan.place {
            FeedPlace::Folder(read) => read.clone(),
            FeedPlace::Address(..) => Vec::new(),
        };
        assert_eq!(read(&state), [mark(1)], "before the user let it be read");
        state.tell_feed(0);
        state.feeds[0].status.read = vec![mark(2)];
        assert_eq!(read(&state), [mark(2)]);
    }

    #[test]
    fn a_source_has_its_parts() {
        let feed = Feed::new(address(0, "https://a.example/orders.csv", ""), false);
        for (name, expect) in [
            ("orders.csv", true),
            ("orders.csv › sheet", true),
            ("orders.csv.zip", false),
            ("stock.csv", false),
        ] {
            assert_eq!(feed.has(name), expect, "{name}");
        }
    }

    #[test]
    fn intervals_are_minutes() {
        for (text, expect) in [
            ("15", Some(900_000)),
            (" 0.5 ", Some(30_000)),
            ("0,5", Some(30_000)),
            ("0.001", Some(3_000)),
            ("1e9", Some(604_800_000)),
            ("0", None),
            ("-1", None),
            ("", None),
            ("NaN", None),
            ("often", None),
        ] {
            assert_eq!(interval(text), expect, "{text}");
        }
    }
}
