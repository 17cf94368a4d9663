//! What waits to be sent to the webhook, and when it is tried again.

use super::Loudness;
use crate::protocol::{Command, FeedProblem};
use crate::time::UtcMillis;

/// Letters that wait; of more the oldest goes.
const MOST: usize = 50;
/// How often one is tried, and how long it waits after the first time; each time it is three times as long.
const TRIES: u32 = 6;
const WAIT_MILLIS: i64 = 5_000;
/// What nobody took for so long is no news any more.
const STALE_MILLIS: i64 = 86_400_000;

/// How the last letter fares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// None was sent.
    #[default]
    None,
    /// It is on its way.
    UnderWay,
    /// It was taken.
    Taken,
    /// It was not, and is tried again.
    Again(FeedProblem),
    /// It was not, and is given up.
    Failed(FeedProblem),
    /// So many were too old to be sent.
    Stale(usize),
}

impl Delivery {
    /// Name in attributes.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::UnderWay => "under-way",
            Self::Taken => "taken",
            Self::Again(_) => "again",
            Self::Failed(_) => "failed",
            Self::Stale(_) => "stale",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Letter {
    id: u32,
    body: String,
    /// When it was looked at first.
    at: Option<UtcMillis>,
    tries: u32,
    /// When it is tried next; `None`: as soon as it is looked at.
    next_at: Option<UtcMillis>,
    is_under_way: bool,
}

/// The letters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    letters: Vec<Letter>,
    last_id: u32,
    /// How the last of them fares.
    pub delivery: Delivery,
}

impl Outbox {
    /// Whether a letter waits for its time.
    pub fn is_waiting(&self) -> bool {
        self.letters.iter().any(|letter| !letter.is_under_way)
    }

    /// Those that nobody has taken yet, each with the time at which it was written, as they outlive the page.
    pub fn kept(&self) -> Vec<(i64, String)> {
        let kept = |letter: &Letter| Some((letter.at?.0, letter.body.clone()));
        self.letters.iter().filter_map(kept).collect()
    }

    /// Those of the last visit come before those of this one.
    pub(super) fn recall(&mut self, kept: Vec<(i64, String)>) {
        let own = std::mem::take(&mut self.letters);
        for (at, body) in kept {
            self.put(body);
            if let Some(letter) = self.letters.last_mut() {
                letter.at = Some(UtcMillis(at));
            }
        }
        self.letters.extend(own);
        let most = self.letters.len().saturating_sub(MOST);
        self.letters.drain(..most);
    }

    /// One more, JSON.
    pub(super) fn put(&mut self, body: String) {
        if self.letters.len() >= MOST {
            self.letters.remove(0);
        }
        self.last_id = self.last_id.wrapping_add(1);
        self.letters.push(Letter {
            id: self.last_id,
            body,
            at: None,
            tries: 0,
            next_at: None,
            is_under_way: false,
        });
        self.delivery = Delivery::UnderWay;
    }

    /// What is to be sent at `now` to where `how` says; where nothing is named any more, nothing waits.
    pub(super) fn due(&mut self, how: &Loudness, now: UtcMillis) -> Vec<Command> {
        let Loudness { webhook, token, .. } = how;
        if webhook.is_empty() {
            self.letters.clear();
        }
        let all = self.letters.len();
        self.letters.retain_mut(|letter| {
            let at = *letter.at.get_or_insert(now);
            letter.is_under_way || now.0.saturating_sub(at.0) < STALE_MILLIS
        });
        match all - self.letters.len() {
            0 => {}
            stale => self.delivery = Delivery::Stale(stale),
        }
        if how.lacks_token {
            if !self.letters.is_empty() {
                self.delivery = Delivery::Again(FeedProblem::NoToken);
            }
            return Vec::new();
        }
        let mut commands = Vec::new();
        for letter in self.letters.iter_mut().filter(|letter| !letter.is_under_way) {
            if letter.tries > 0 && letter.next_at.is_none() {
                letter.next_at = Some(now.plus(WAIT_MILLIS * 3_i64.pow(letter.tries - 1)));
            }
            if letter.next_at.is_some_and(|at| now < at) {
                continue;
            }
            (letter.is_under_way, letter.next_at) = (true, None);
            letter.tries += 1;
            commands.push(Command::Post {
                id: letter.id,
                url: webhook.clone(),
                token: token.clone(),
                body: letter.body.clone(),
            });
        }
        commands
    }

    /// What came of letter `id`.
    pub(super) fn answered(&mut self, id: u32, problem: Option<FeedProblem>) {
        let Some(at) = self.letters.iter().position(|letter| letter.id == id) else {
            return;
        };
        let is_last = id == self.last_id;
        let delivery = match problem {
            None => Delivery::Taken,
            Some(problem) if problem.may_pass() && self.letters[at].tries < TRIES => {
                self.letters[at].is_under_way = false;
                Delivery::Again(problem)
            }
            Some(problem) => Delivery::Failed(problem),
        };
        if !matches!(delivery, Delivery::Again(_)) {
            self.letters.remove(at);
        }
        if is_last {
            self.delivery = delivery;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Secret;

    fn hook() -> Loudness {
        Loudness {
            webhook: "https://hook.example".to_owned(),
            ..Loudness::default()
        }
    }

    #[test]
    fn letters_are_tried_less_and_less_often_and_then_given_up() {
        let mut outbox = Outbox::default();
        let due = |outbox: &mut Outbox, secs: i64| {
            let sent = outbox.due(&hook(), UtcMillis(secs * 1_000));
            let id = |command: &Command| match command {
                Command::Post { id, .. } => *id,
                other => panic!("{other:?}"),
            };
            sent.iter().map(id).collect::<Vec<_>>()
        };
        outbox.put("1".to_owned());
        outbox.put("2".to_owned());
        assert_eq!(due(&mut outbox, 0), [1, 2]);
        assert!(due(&mut outbox, 1).is_empty(), "under way");
        outbox.answered(1, None);
        let busy = || Some(FeedProblem::Status(503));
        let mut at = 10;
        for wait in [5, 15, 45, 135, 405] {
            outbox.answered(2, busy());
            assert_eq!(outbox.delivery, Delivery::Again(FeedProblem::Status(503)));
            // Its time counts from when it is looked at.
            assert!(due(&mut outbox, at).is_empty());
            assert!(due(&mut outbox, at + wait - 1).is_empty());
            assert_eq!(due(&mut outbox, at + wait), [2]);
            at += wait;
        }
        outbox.answered(2, busy());
        assert_eq!(outbox.delivery.id(), "failed");
        assert!(due(&mut outbox, 99_999).is_empty());
        // What will not pass is not tried again.
        outbox.put("3".to_owned());
        assert_eq!(due(&mut outbox, 100_000), [3]);
        outbox.answered(3, Some(FeedProblem::Status(404)));
        assert_eq!(outbox.delivery, Delivery::Failed(FeedProblem::Status(404)));
        // Bounded, and gone with the address.
        (0..80).for_each(|at| outbox.put(at.to_string()));
        assert_eq!(outbox.letters.len(), MOST);
        assert!(outbox.due(&Loudness::default(), UtcMillis(0)).is_empty());
        assert!(outbox.letters.is_empty());
    }

    #[test]
    fn letters_outlive_the_page_for_a_day_and_wait_for_their_token() {
        let day = 86_400_000;
        let mut outbox = Outbox::default();
        outbox.put("old".to_owned());
        outbox.due(&hook(), UtcMillis(5));
        outbox.put("taken".to_owned());
        outbox.put("new".to_owned());
        assert_eq!(outbox.due(&hook(), UtcMillis(day - 1)).len(), 2);
        outbox.answered(2, None);
        let kept = outbox.kept();
        assert_eq!(kept, [(5, "old".to_owned()), (day - 1, "new".to_owned())]);

        let mut next = Outbox::default();
        next.put("own".to_owned());
        next.recall(kept);
        let mut how = Loudness {
            token: Secret("t".to_owned()),
            ..hook()
        };
        how = how.kept();
        assert!(how.lacks_token && how.token == Secret::default());
        assert!(how.kept().lacks_token, "also after another visit");
        assert!(next.due(&how, UtcMillis(day)).is_empty());
        assert_eq!(next.delivery, Delivery::Again(FeedProblem::NoToken));
        how.lacks_token = false;
        let sent = next.due(&how, UtcMillis(day + 5));
        assert_eq!(next.delivery, Delivery::Stale(1));
        let bodies = sent.iter().map(|command| match command {
            Command::Post { body, .. } => body.as_str(),
            other => panic!("{other:?}"),
        });
        assert_eq!(bodies.collect::<Vec<_>>(), ["new", "own"]);
        // Bounded also with those of the last visit.
        next.recall((0..80).map(|at| (at, at.to_string())).collect());
        assert_eq!(next.letters.len(), MOST);
        assert_eq!(
            next.letters.last().map(|letter| letter.body.as_str()),
            Some("own")
        );
    }
}
