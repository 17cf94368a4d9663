//! Sources that come by themselves: what the page asks for, and how they fare.

use super::Problem;
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// A source that is looked at again and again, or fetched once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedPlan {
    /// Its number: also the batch of its files, so that what it brings between two drops is one step.
    pub id: u32,
    /// What people call it.
    pub name: String,
    /// Where it comes from.
    pub place: FeedPlace,
    /// Milliseconds between two looks; `None`: one, and then only when asked.
    pub every_millis: Option<i64>,
    /// The name by which a broker knows this browser again and keeps what comes while it is away; `None`: it keeps
    /// nothing, or the source is no broker.
    pub client: Option<String>,
    /// Whether its token stays on this device.
    pub remember: bool,
}

impl FeedPlan {
    /// Whether it stays connected instead of being looked at again and again.
    pub fn is_live(&self) -> bool {
        match &self.place {
            FeedPlace::Address(url, _) => is_live(url),
            FeedPlace::Folder(_) => false,
        }
    }

    /// Whether the other one comes from the same place in the same way.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.place, &self.client, self.every_millis) == (&other.place, &other.client, other.every_millis)
    }
}

/// Whether an address is one that stays connected: `wss://…`, `sse+https://…`, `mqtt+wss://…`.
pub fn is_live(url: &str) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    is_broker(url) || is_drill(url) || matches!(scheme, "ws" | "wss" | "sse+http" | "sse+https")
}

/// Whether an address is one of a broker: `mqtt+wss://…`.
pub fn is_broker(url: &str) -> bool {
    url.starts_with("mqtt+ws://") || url.starts_with("mqtt+wss://")
}

/// Where an address of a broker leads: `mqtt+wss://broker.example:8084/mqtt#shop/+/orders` is a WebSocket and, behind
/// the first `#`, the topic, in which `+` and `#` stand for any, as the address has it (percent-encoded). `None`: it is
/// none, or names no topic.
pub fn broker(url: &str) -> Option<(&str, &str)> {
    let (socket, topic) = url
        .strip_prefix("mqtt+")
        .filter(|_| is_broker(url))?
        .split_once('#')?;
    (!topic.is_empty()).then_some((socket, topic))
}

/// Address of the shop that is rehearsed with, within the page.
pub const DRILL: &str = "drill://shop/drill";

/// Whether an address is one of a shop that is only simulated.
pub fn is_drill(url: &str) -> bool {
    url.starts_with("drill:")
}

/// What can be made to happen in a drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mishap {
    /// Far more orders than usual, for three minutes.
    Burst,
    /// What sells best is gone, and more of it is sold than there was.
    StockOut,
    /// What was said in the last half minute is said again.
    Duplicates,
    /// For half a minute batches come in the wrong order.
    Disorder,
    /// For a minute nothing is said, though the connection stands.
    Silence,
    /// The server goes away and comes back.
    Restart,
}

impl Mishap {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Burst,
        Self::StockOut,
        Self::Duplicates,
        Self::Disorder,
        Self::Silence,
        Self::Restart,
    ];

    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Burst => "burst",
            Self::StockOut => "stock-out",
            Self::Duplicates => "duplicates",
            Self::Disorder => "disorder",
            Self::Silence => "silence",
            Self::Restart => "restart",
        }
    }
}

/// Where a source comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FeedPlace {
    /// An absolute address, and the header that lets one in: its name and value.
    Address(String, Option<(String, Secret)>),
    /// A folder of this device, whose handle comes beside the message, and what of it has been read before.
    Folder(Vec<FileMark>),
}

/// A token. It shows itself to nobody.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// A state of a file: if neither size nor time has changed, neither has the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMark {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written last.
    pub modified: UtcMillis,
}

/// Why nothing came of a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeedProblem {
    /// No answer: no network, no such host, refused, cut off, or an address that does not let this page read it. A
    /// browser does not tell which.
    Unreachable,
    /// A page that came over HTTPS may not ask an address without.
    Insecure,
    /// Nothing for 30 seconds.
    Timeout,
    /// The server answered with this status.
    Status(u16),
    /// The address leads elsewhere, where the token is not sent.
    Redirected,
    /// More than so many MB.
    TooLarge(u64),
    /// A page for people, most likely one to sign in.
    WebPage,
    /// What came cannot be read.
    Content(Problem),
    /// The token was not to be remembered.
    NoToken,
    /// The folder is gone.
    NoFolder,
    /// The browser no longer lets this page read the folder.
    NotAllowed,
    /// The browser could not read on, with its words.
    Unreadable(String),
    /// A live source accepts the connection and says nothing.
    Silent,
    /// The server has closed the connection with this code and these words.
    Closed(u16, String),
    /// It will not have us: a code from 4000 on, or 1008. Trying again would not help.
    Refused(u16, String),
    /// It speaks a protocol of this name.
    Protocol(String),
    /// It said this of an error of its own.
    Told(String),
    /// So many batches are gone: the server no longer has them.
    Missing(u64),
    /// More comes than can be read: what is here is read first, then the rest is asked for again.
    TooFast,
    /// More came than can be read, so many messages were not read, and nobody can send them again.
    Dropped(u64),
    /// Another tab of this page follows it.
    OtherTab,
}

impl FeedProblem {
    /// Name in attributes.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Insecure => "insecure",
            Self::Timeout => "timeout",
            Self::Status(401 | 403) => "denied",
            Self::Status(404 | 410) => "missing",
            Self::Status(429) => "busy",
            Self::Status(500..) => "server",
            Self::Status(_) => "status",
            Self::Redirected => "redirected",
            Self::TooLarge(_) => "too-large",
            Self::WebPage => "web-page",
            Self::Content(_) => "content",
            Self::NoToken => "no-token",
            Self::NoFolder => "no-folder",
            Self::NotAllowed => "not-allowed",
            Self::Unreadable(_) => "unreadable",
            Self::Silent => "silent",
            Self::Closed(..) => "closed",
            Self::Refused(..) => "refused",
            Self::Protocol(_) => "protocol",
            Self::Told(_) => "told",
            Self::Missing(_) => "missing-batches",
            Self::TooFast => "too-fast",
            Self::Dropped(_) => "dropped",
            Self::OtherTab => "other-tab",
        }
    }

    /// Whether it may pass by itself within minutes.
    pub const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Timeout | Self::Status(408 | 425 | 429 | 500..) | Self::Unreadable(_)
        )
    }
}

/// How a source fares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedStatus {
    /// Its number.
    pub id: u32,
    /// Milliseconds between two looks; `None`: one.
    pub every_millis: Option<i64>,
    /// When it was last known to be up to date.
    pub good_at: Option<UtcMillis>,
    /// When it is looked at next; `None`: when asked.
    pub next_at: Option<UtcMillis>,
    /// A look is under way.
    pub is_under_way: bool,
    /// The user stopped it.
    pub is_paused: bool,
    /// Looks in a row that failed.
    pub failures: u32,
    /// What went wrong last, unless all is well since.
    pub problem: Option<FeedProblem>,
    /// Files of a folder that have been read.
    pub read: Vec<FileMark>,
    /// What more is known of one that stays connected.
    pub live: Option<LiveStatus>,
}

/// How a source that stays connected fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveStatus {
    /// The connection stands.
    pub is_open: bool,
    /// It was heard since it stands.
    pub is_heard: bool,
    /// Rows that have come since the page was opened.
    pub rows: u64,
    /// Rows and messages that could not be read.
    pub refused: u64,
    /// When rows came last: a source may well be heard without any.
    pub rows_at: Option<UtcMillis>,
    /// What the last connection brought that had been missed: rows, and milliseconds without a connection.
    pub caught_up: Option<(u64, i64)>,
    /// Milliseconds between two updates of the screen, where that had to be more than usual.
    pub coarse_millis: Option<i64>,
}

/// What a source is worth now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedState {
    /// Nothing has come yet.
    Loading,
    /// Up to date.
    Ok,
    /// Older than twice its interval.
    Stale,
    /// The last look failed.
    Error,
    /// Stopped by the user, or waiting for them.
    Paused,
    /// Connected, and it has not said anything: that is no empty shop.
    Silent,
}

impl FeedState {
    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Ok => "ok",
            Self::Stale => "stale",
            Self::Error => "error",
            Self::Paused => "paused",
            Self::Silent => "silent",
        }
    }
}

impl FeedStatus {
    /// What it is worth at `now`. What is older than twice the interval is stale, whether or not it is known why.
    pub fn state(&self, now: UtcMillis) -> FeedState {
        let age = self.good_at.map(|good| now.0.saturating_sub(good.0));
        if self.is_paused {
            FeedState::Paused
        } else if age
            .zip(self.every_millis)
            .is_some_and(|(age, every)| age > every.saturating_mul(2))
        {
            FeedState::Stale
        } else if self.failures > 0 {
            FeedState::Error
        } else if self.problem == Some(FeedProblem::Silent) {
            FeedState::Silent
        } else if age.is_none() {
            FeedState::Loading
        } else {
            FeedState::Ok
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_worth_what_its_age_and_its_last_look_say() {
        let status = |good: Option<i64>, failures: u32, is_paused: bool| FeedStatus {
            every_millis: Some(60_000),
            good_at: good.map(UtcMillis),
            failures,
            is_paused,
            ..FeedStatus::default()
        };
        for (status, now, expect) in [
            (status(None, 0, false), 0, FeedState::Loading),
            (status(None, 1, false), 0, FeedState::Error),
            (status(Some(0), 0, false), 120_000, FeedState::Ok),
            (status(Some(0), 0, false), 120_001, FeedState::Stale),
            (status(Some(0), 1, false), 120_000, FeedState::Error),
            (status(Some(0), 9, false), 120_001, FeedState::Stale),
            (status(Some(0), 9, true), 120_001, FeedState::Paused),
            // A clock that was set back makes nothing stale.
            (status(Some(1_000_000), 0, false), 0, FeedState::Ok),
        ] {
            assert_eq!(status.state(UtcMillis(now)), expect, "{status:?} at {now}");
        }
        let once = FeedStatus {
            good_at: Some(UtcMillis(0)),
            ..FeedStatus::default()
        };
        assert_eq!(
            once.state(UtcMillis(i64::MAX)),
            FeedState::Ok,
            "fetched once, it does not age"
        );
    }

    #[test]
    fn addresses_of_brokers_name_their_topic() {
        for (address, expect) in [
            ("mqtt+ws://b:9001/#shop/#", Some(("ws://b:9001/", "shop/#"))),
            ("mqtt+wss://b/mqtt?a=b#a/+/c", Some(("wss://b/mqtt?a=b", "a/+/c"))),
            ("mqtt+wss://b/mqtt##", Some(("wss://b/mqtt", "#"))),
            ("mqtt+wss://b/mqtt", None),
            ("mqtt+wss://b/mqtt#", None),
            ("mqtt+https://b/#a", None),
            ("wss://b/#a", None),
        ] {
            assert_eq!(broker(address), expect, "{address}");
        }
        assert!(is_live("mqtt+ws://b#a") && is_live("sse+https://b") && !is_live("mqtt+http://b#a"));
    }

    #[test]
    fn a_token_is_not_shown() {
        let header = Some(("Authorization".to_owned(), Secret("Bearer 12345".to_owned())));
        let shown = format!(
            "{:?}",
            FeedPlace::Address("https://shop.example".to_owned(), header)
        );
        assert!(!shown.contains("12345"), "{shown}");
    }
}
