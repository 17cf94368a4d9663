//! Sources that come by themselves, as the page has them and keeps them.

use super::action::show;
use super::{Alerts, State};
use crate::protocol::{
    Command, FeedPlace, FeedPlan, FeedProblem, FeedState, FeedStatus, FileMark, Secret, TimeRange, View,
    is_drill,
};
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// Shortest time between two looks, milliseconds.
const LEAST_MILLIS: i64 = 3_000;
/// How long it is said everywhere what a new connection has brought.
const SAID_MILLIS: i64 = 120_000;
/// Longest.
const MOST_MILLIS: i64 = 7 * 86_400_000;

/// A source.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// What it is.
    pub plan: FeedPlan,
    /// Whether the engine looks after it; else its token or the leave to read its folder is missing.
    pub is_told: bool,
    /// How it fares.
    pub status: FeedStatus,
    /// When it had caught up, after it had been lost.
    pub caught_at: Option<UtcMillis>,
}

/// A source between two visits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptFeed {
    name: String,
    /// Its address; `None`: it is a folder.
    url: Option<String>,
    header: Option<String>,
    token: Option<String>,
    every_millis: Option<i64>,
    is_paused: bool,
    /// Files of a folder that have been read: name, size, time.
    read: Vec<(String, u64, i64)>,
    #[serde(default)]
    client: Option<String>,
}

impl Feed {
    /// One that the engine is about to hear of.
    pub fn new(plan: FeedPlan, remember: bool) -> Self {
        let plan = FeedPlan { remember, ..plan };
        let status = FeedStatus {
            id: plan.id,
            every_millis: plan.every_millis,
            ..FeedStatus::default()
        };
        Self {
            plan,
            is_told: false,
            status,
            caught_at: None,
        }
    }

    /// It said how it fares.
    pub(super) fn hear(&mut self, status: FeedStatus) {
        let caught = |status: &FeedStatus| status.live.and_then(|live| live.caught_up);
        if caught(&status).is_some() && caught(&status) != caught(&self.status) {
            self.caught_at = status.good_at;
        }
        self.status = status;
    }

    /// What the last connection brought that had been missed, for a while: rows, and milliseconds without one.
    pub fn caught_up(&self, now: UtcMillis) -> Option<(u64, i64)> {
        let since = now.0.saturating_sub(self.caught_at?.0);
        let live = self
            .status
            .live
            .filter(|live| live.is_open && since < SAID_MILLIS)?;
        live.caught_up
    }

    /// Its address; `None`: it is a folder.
    pub fn address(&self) -> Option<&str> {
        match &self.plan.place {
            FeedPlace::Address(url, _) => Some(url),
            FeedPlace::Folder(_) => None,
        }
    }

    /// Whether it is a drill's: it goes with the drill.
    pub fn is_drill(&self) -> bool {
        self.address().is_some_and(is_drill)
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
        let mut kept = KeptFeed {
            name: self.plan.name.clone(),
            every_millis: self.plan.every_millis,
            is_paused: self.status.is_paused,
            client: self.plan.client.clone(),
            ..KeptFeed::default()
        };
        match &self.plan.place {
            FeedPlace::Address(url, header) => {
                kept.url = Some(url.clone());
                if let Some((name, Secret(token))) = header {
                    kept.header = Some(name.clone());
                    kept.token = self.plan.remember.then(|| token.clone());
                }
            }
            FeedPlace::Folder(read) => {
                let read = if self.is_told { &self.status.read } else { read };
                let mark = |mark: &FileMark| (mark.name.clone(), mark.size, mark.modified.0);
                kept.read = read.iter().map(mark).collect();
            }
        }
        kept
    }
}

impl KeptFeed {
    fn feed(self, id: u32) -> Feed {
        let remember = self.token.is_some();
        let token = Secret(self.token.unwrap_or_default());
        let mark = |(name, size, modified)| FileMark {
            name,
            size,
            modified: UtcMillis(modified),
        };
        let place = match self.url {
            Some(url) => FeedPlace::Address(url, self.header.map(|name| (name, token))),
            None => FeedPlace::Folder(self.read.into_iter().map(mark).collect()),
        };
        let plan = FeedPlan {
            id,
            name: self.name,
            place,
            every_millis: self.every_millis,
            client: self.client,
            remember,
        };
        let mut feed = Feed::new(plan, remember);
        feed.status.is_paused = self.is_paused;
        feed.status.problem = feed.wants_token().then_some(FeedProblem::NoToken);
        feed
    }
}

impl State {
    /// Sources as they are to be kept.
    pub fn kept_feeds(&self) -> Vec<KeptFeed> {
        let lasting = self.feeds.iter().filter(|feed| !feed.is_drill());
        lasting.map(Feed::kept).collect()
    }

    /// The number of the source that a drill comes from, while one is under way.
    pub fn drill(&self) -> Option<u32> {
        self.feeds
            .iter()
            .find(|feed| feed.is_drill())
            .map(|feed| feed.plan.id)
    }

    /// Ends the drill, if one is under way: what the user looked at before is looked at again.
    pub(super) fn end_drill(&mut self) -> Vec<Command> {
        let mut commands = self.remove_feed(Feed::is_drill);
        if commands.is_empty() {
            return commands;
        }
        self.view = self.before_drill.take().unwrap_or_default();
        self.alerts = Alerts::default();
        commands.extend(show(self));
        commands
    }

    /// Sources of the last visit, numbered from 0.
    pub fn take_kept_feeds(&mut self, kept: Vec<KeptFeed>) {
        self.feeds.extend((0..).zip(kept).map(|(id, kept)| kept.feed(id)));
    }

    /// The source of number `id`.
    pub fn feed(&self, id: u32) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.plan.id == id)
    }

    pub(super) fn feed_mut(&mut self, id: u32) -> Option<&mut Feed> {
        self.feeds.iter_mut().find(|feed| feed.plan.id == id)
    }

    /// Adds a source, instead of one of the same address, and has it looked after.
    pub(super) fn add_feed(&mut self, mut feed: Feed) -> Vec<Command> {
        let is_drill = feed.is_drill();
        let mut commands = Vec::new();
        if is_drill {
            // Filters and days of one's own rows mean nothing in another shop.
            self.before_drill.get_or_insert_with(|| self.view.clone());
            self.view = View {
                measure: self.view.measure,
                time: TimeRange::LastDay,
                ..View::default()
            };
            // So does what was told of them.
            (self.dialog, self.alerts) = (None, Alerts::default());
        }
        if is_drill {
            // It begins anew.
            commands = self.remove_feed(Feed::is_drill);
        }
        let address = feed.address();
        let known = |known: &Feed| address.is_some() && known.address() == address;
        let known = self.feeds.iter().position(known);
        // The same address is the same source, with another token.
        let id = known.map_or(feed.plan.id, |at| self.feeds[at].plan.id);
        feed.plan.id = id;
        match known {
            Some(at) => self.feeds[at] = feed,
            None => self.feeds.push(feed),
        }
        commands.extend(self.tell_feed(id));
        if is_drill {
            commands.extend(show(self));
        }
        commands
    }

    /// The user follows `plan` in another tab.
    pub(super) fn follow_too(&mut self, plan: FeedPlan) -> Vec<Command> {
        let (id, remember) = (self.next_batch(), plan.remember);
        self.add_feed(Feed::new(FeedPlan { id, ..plan }, remember))
    }

    /// Forgets sources.
    pub(super) fn remove_feed(&mut self, is_gone: impl Fn(&Feed) -> bool) -> Vec<Command> {
        let mut commands = Vec::new();
        self.feeds.retain(|feed| {
            let is_gone = is_gone(feed);
            if is_gone {
                commands.push(Command::RemoveFeed(Box::new(feed.plan.clone())));
            }
            !is_gone
        });
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
    let text = minutes.trim();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_empty() || !is_number(whole) || !is_number(part) {
        return None;
    }
    // More digits than a week has minutes: as long as can be.
    let whole: i64 = whole
        .trim_start_matches('0')
        .parse()
        .unwrap_or(if whole.len() > 9 { MOST_MILLIS } else { 0 });
    // Thousandths of a minute.
    let part: i64 = format!("{part:0<3}")
        .get(..3)
        .and_then(|part| part.parse().ok())
        .unwrap_or(0);
    let millis = whole.saturating_mul(60_000).saturating_add(part * 60);
    (millis > 0).then(|| millis.clamp(LEAST_MILLIS, MOST_MILLIS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, LiveStatus};
    use crate::state::{Action, reduce};

    fn address(id: u32, url: &str, token: &str) -> FeedPlan {
        let header = (!token.is_empty()).then(|| ("Authorization".to_owned(), Secret(token.to_owned())));
        FeedPlan {
            id,
            name: "orders.csv".to_owned(),
            place: FeedPlace::Address(url.to_owned(), header),
            every_millis: Some(60_000),
            client: None,
            remember: false,
        }
    }

    fn told(commands: &[Command]) -> Vec<String> {
        let line = |command: &Command| match command {
            Command::Feed(plan) => format!("feed {}", plan.id),
            Command::RemoveFeed(plan) => format!("remove {}", plan.id),
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
    fn a_broker_knows_the_browser_again() {
        let mut state = State::default();
        let plan = FeedPlan {
            client: Some("wall-7".to_owned()),
            ..address(3, "mqtt+wss://b.example/mqtt#shop/#", "")
        };
        state.add_feed(Feed::new(plan.clone(), false));
        let kept = serde_json::to_string(&state.kept_feeds()).unwrap();
        let mut next = State::default();
        next.take_kept_feeds(serde_json::from_str(&kept).unwrap());
        assert_eq!(next.feeds[0].plan.client, plan.client);
        // As they were kept before there were brokers.
        let before = kept.replace(",\"client\":\"wall-7\"", "");
        assert_ne!(before, kept);
        assert_eq!(
            serde_json::from_str::<Vec<KeptFeed>>(&before).unwrap()[0].client,
            None
        );
    }

    #[test]
    fn an_address_is_one_source() {
        let mut state = State::default();
        state.add_feed(Feed::new(address(0, "https://a.example/o", ""), false));
        state.add_feed(Feed::new(address(1, "https://b.example/o", ""), false));
        let commands = state.add_feed(Feed::new(address(2, "https://a.example/o", "t"), false));
        assert_eq!(told(&commands), ["feed 0"]);
        assert!(state.feeds[0].plan.place != address(0, "https://a.example/o", "").place);
        let ids: Vec<u32> = state.feeds.iter().map(|feed| feed.plan.id).collect();
        assert_eq!(ids, [0, 1]);
        assert_eq!(state.next_batch(), 2, "its number is the batch of no drop");
    }

    #[test]
    fn what_another_tab_follows_is_followed_here() {
        let mut state = State::default();
        state.add_feed(Feed::new(address(0, "https://a.example/o", ""), false));
        let theirs = FeedPlan {
            remember: true,
            ..address(0, "wss://b.example/live", "t")
        };
        let event = |event| Action::Engine(event);
        let follow = |plan: &FeedPlan| event(Event::Follow(Box::new(plan.clone())));
        // Numbers are a tab's own.
        assert_eq!(told(&reduce(&mut state, follow(&theirs))), ["feed 1"]);
        assert_eq!(state.feeds.len(), 2);
        assert!(state.feeds[1].plan.remember && state.feeds[1].is_told);
        // Another token: the same source.
        let again = FeedPlan {
            remember: false,
            ..address(7, "wss://b.example/live", "u")
        };
        assert_eq!(told(&reduce(&mut state, follow(&again))), ["feed 1"]);
        assert_eq!(
            state.feeds[1].plan,
            FeedPlan {
                id: 1,
                ..again.clone()
            }
        );
        let gone = |url: &str| event(Event::Unfollow(url.to_owned()));
        assert!(reduce(&mut state, gone("wss://c.example/live")).is_empty());
        assert_eq!(
            told(&reduce(&mut state, gone("wss://b.example/live"))),
            ["remove 1"]
        );
        assert_eq!(state.feeds.len(), 1);
    }

    #[test]
    fn a_drill_goes_without_a_trace() {
        let mut state = State::default();
        state.add_feed(Feed::new(address(0, "wss://shop.example/live", ""), false));
        state.view.time = TimeRange::LastDays(7);
        let (view, kept) = (state.view.clone(), state.kept_feeds());
        let shown = |commands: &[Command]| matches!(commands.last(), Some(Command::Show { .. }));
        let began = state.add_feed(Feed::new(address(1, crate::protocol::DRILL, ""), false));
        assert_eq!(told(&began[..1]), ["feed 1"]);
        assert!(shown(&began) && state.drill() == Some(1));
        assert_eq!(state.view.time, TimeRange::LastDay);
        assert_eq!(state.kept_feeds(), kept, "it is no source of the next visit");
        // Begun again, it still knows what was looked at before it.
        state.add_feed(Feed::new(address(2, crate::protocol::DRILL, ""), false));
        let ended = state.end_drill();
        assert_eq!(told(&ended[..1]), ["remove 2"]);
        assert!(shown(&ended) && state.drill().is_none());
        assert_eq!(state.view, view);
        assert!(state.end_drill().is_empty());
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
        let read = |state: &State| {
            let mut next = State::default();
            next.take_kept_feeds(state.kept_feeds());
            match &next.feeds[0].plan.place {
                FeedPlace::Folder(read) => read.clone(),
                FeedPlace::Address(..) => Vec::new(),
            }
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
    fn what_was_caught_up_is_said_for_a_while() {
        let mut feed = Feed::new(address(0, "wss://a.example/live", ""), false);
        let status = |good: i64, caught_up, is_open| FeedStatus {
            good_at: Some(UtcMillis(good)),
            live: Some(LiveStatus {
                is_open,
                caught_up,
                ..LiveStatus::default()
            }),
            ..FeedStatus::default()
        };
        feed.hear(status(0, None, true));
        assert_eq!(feed.caught_up(UtcMillis(0)), None);
        feed.hear(status(1_000, Some((1_240, 3_000)), true));
        feed.hear(status(60_000, Some((1_240, 3_000)), true));
        assert_eq!(feed.caught_up(UtcMillis(120_999)), Some((1_240, 3_000)));
        assert_eq!(feed.caught_up(UtcMillis(121_000)), None);
        // Lost again, it is no longer caught up.
        feed.hear(status(60_000, Some((1_240, 3_000)), false));
        assert_eq!(feed.caught_up(UtcMillis(61_000)), None);
    }

    #[test]
    fn intervals_are_minutes() {
        for (text, expect) in [
            ("15", Some(900_000)),
            (" 0.5 ", Some(30_000)),
            ("0,5", Some(30_000)),
            ("0.001", Some(3_000)),
            ("99999999999999999999", Some(604_800_000)),
            ("1234567", Some(604_800_000)),
            ("1e9", None),
            (".5", Some(30_000)),
            ("007", Some(420_000)),
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
