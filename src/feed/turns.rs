//! Batches of a broker, in the order of their numbers.
//!
//! Nobody can be asked for a batch again: what is missing is waited for a moment, told, and still taken if it comes
//! after all. Each topic has numbers of its own, as each has somebody who publishes there.

use crate::time::UtcMillis;

/// How long a batch may be out of order.
const GAP_MILLIS: i64 = 1_500;
/// Batches that are held until those before them are there.
const HELD: usize = 512;
/// So many numbers back it is known which have come; what is older begins the numbers anew.
const KNOWN: u64 = 1_024;
/// Topics that are told apart: of more, the first to come are forgotten.
const TOPICS: usize = 1_024;

/// Batches of all topics of a source; `P` is what a batch holds.
#[derive(Clone, Debug)]
pub struct Turns<P> {
    topics: Vec<Topic<P>>,
    /// Batches whose turn it is.
    ready: std::collections::VecDeque<P>,
    missing: u64,
}

#[derive(Clone, Debug)]
struct Topic<P> {
    name: String,
    /// The last batch that was given out, and the numbers that were not, of those shortly before it.
    taken: Option<u64>,
    missed: Vec<u64>,
    /// Batches that came before their turn, in order.
    held: Vec<(u64, P)>,
    /// Since when one is missing.
    since: Option<UtcMillis>,
}

impl<P> Default for Turns<P> {
    fn default() -> Self {
        Self {
            topics: Vec::new(),
            ready: std::collections::VecDeque::new(),
            missing: 0,
        }
    }
}

impl<P> Topic<P> {
    const fn new(name: String) -> Self {
        Self {
            name,
            taken: None,
            missed: Vec::new(),
            held: Vec::new(),
            since: None,
        }
    }
}

impl<P> Turns<P> {
    /// A batch has come.
    pub fn put(&mut self, topic: &str, seq: u64, batch: P, now: UtcMillis) {
        let known = self.topics.iter().position(|known| known.name == topic);
        let at = known.unwrap_or_else(|| {
            if self.topics.len() == TOPICS {
                let gone = self.topics.remove(0);
                self.ready.extend(gone.held.into_iter().map(|(_, batch)| batch));
            }
            self.topics.push(Topic::new(topic.to_owned()));
            self.topics.len() - 1
        });
        let Some(topic) = self.topics.get_mut(at) else {
            return;
        };
        if let Some(taken) = topic.taken.filter(|taken| seq <= *taken) {
            if taken - seq < KNOWN {
                // It came late, or again.
                if let Ok(place) = topic.missed.binary_search(&seq) {
                    topic.missed.remove(place);
                    self.missing = self.missing.saturating_sub(1);
                    self.ready.push_back(batch);
                }
                return;
            }
            self.ready.extend(topic.begin_anew());
        }
        if let Err(place) = topic.held.binary_search_by_key(&seq, |(seq, _)| *seq) {
            topic.held.insert(place, (seq, batch));
        }
        self.missing = self.missing.saturating_add(topic.settle(now, &mut self.ready));
    }

    /// The numbers of a topic begin anew.
    pub fn reset(&mut self, topic: &str) {
        if let Some(topic) = self.topics.iter_mut().find(|known| known.name == topic) {
            self.ready.extend(topic.begin_anew());
        }
    }

    /// The next batch whose turn it is.
    pub fn ready(&mut self, now: UtcMillis) -> Option<P> {
        if self.ready.is_empty() {
            for topic in &mut self.topics {
                self.missing = self.missing.saturating_add(topic.settle(now, &mut self.ready));
            }
        }
        self.ready.pop_front()
    }

    /// Batches that have not come.
    pub const fn missing(&self) -> u64 {
        self.missing
    }
}

impl<P> Topic<P> {
    /// Gives out those whose turn it is; how many are missing from now on.
    fn settle(&mut self, now: UtcMillis, ready: &mut std::collections::VecDeque<P>) -> u64 {
        let mut missing = 0;
        while let Some((first, _)) = self.held.first() {
            let first = *first;
            let next = self.taken.map_or(first.min(1), |taken| taken.saturating_add(1));
            if first != next {
                let since = *self.since.get_or_insert(now);
                let is_long = !(0..=GAP_MILLIS).contains(&(now.0 - since.0));
                if !is_long && self.held.len() <= HELD {
                    break;
                }
                // Nobody says what was before the first that came.
                if self.taken.is_some() {
                    missing += first - next;
                    let known = next.max(first.saturating_sub(KNOWN));
                    self.missed.extend(known..first);
                }
            }
            self.since = None;
            self.taken = Some(first);
            let oldest = first.saturating_sub(KNOWN);
            self.missed.retain(|missed| *missed > oldest);
            ready.push_back(self.held.remove(0).1);
        }
        missing
    }

    /// Forgets its numbers; what was held.
    fn begin_anew(&mut self) -> Vec<P> {
        (self.taken, self.since) = (None, None);
        self.missed.clear();
        std::mem::take(&mut self.held)
            .into_iter()
            .map(|(_, batch)| batch)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> UtcMillis {
        UtcMillis(millis)
    }

    fn ready(turns: &mut Turns<u64>, now: i64) -> Vec<u64> {
        std::iter::from_fn(|| turns.ready(at(now))).collect()
    }

    #[test]
    fn batches_are_given_out_in_the_order_of_their_numbers_each_once() {
        for (come, at_once, later, missing) in [
            (vec![1, 2, 3], vec![1, 2, 3], vec![], 0),
            (vec![2, 1, 3, 1, 2], vec![1, 2, 3], vec![], 0),
            (vec![0, 1, 0], vec![0, 1], vec![], 0),
            // It was not heard from the first on.
            (vec![41, 40, 42], vec![], vec![40, 41, 42], 0),
            // What is missing is waited for, and told.
            (vec![1, 4, 3], vec![1], vec![3, 4], 1),
            (vec![1, 1_000_000], vec![1], vec![1_000_000], 999_998),
            (vec![u64::MAX, 0], vec![0], vec![u64::MAX], u64::MAX - 1),
        ] {
            let mut turns = Turns::default();
            for seq in &come {
                turns.put("a", *seq, *seq, at(0));
            }
            assert_eq!(ready(&mut turns, 1_000), at_once, "{come:?}");
            assert_eq!(ready(&mut turns, 3_000), later, "{come:?}");
            assert_eq!(turns.missing(), missing, "{come:?}");
        }
    }

    #[test]
    fn what_comes_after_all_is_taken() {
        let mut turns = Turns::default();
        for seq in [1, 4, 5] {
            turns.put("a", seq, seq, at(0));
        }
        assert_eq!(ready(&mut turns, 2_000), [1, 4, 5]);
        assert_eq!(turns.missing(), 2);
        for seq in [3, 3, 4, 1] {
            turns.put("a", seq, seq, at(3_000));
        }
        assert_eq!(ready(&mut turns, 3_000), [3]);
        assert_eq!(turns.missing(), 1);
    }

    #[test]
    fn numbers_begin_anew() {
        let mut turns = Turns::default();
        turns.put("a", 1, 1, at(0));
        turns.put("a", 3, 3, at(0));
        turns.reset("a");
        turns.reset("b");
        turns.put("a", 1, 10, at(0));
        turns.put("a", 2, 20, at(0));
        assert_eq!(ready(&mut turns, 0), [1, 3, 10, 20]);
        // Without a word, where they were large.
        let mut turns = Turns::default();
        turns.put("a", 5_000, 5_000, at(0));
        assert_eq!(ready(&mut turns, 2_000), [5_000]);
        for seq in 1..4 {
            turns.put("a", seq, seq, at(2_000));
        }
        assert_eq!(ready(&mut turns, 2_000), [1, 2, 3]);
        assert_eq!(turns.missing(), 0);
    }

    #[test]
    fn topics_have_numbers_of_their_own_and_are_bounded() {
        let mut turns = Turns::default();
        for topic in 0..3_000_u64 {
            turns.put(&topic.to_string(), 1, topic, at(0));
            turns.put(&topic.to_string(), 3, topic, at(0));
        }
        let all = ready(&mut turns, 2_000);
        assert_eq!(all.len(), 6_000, "none is lost");
        assert_eq!(turns.topics.len(), TOPICS);
        // A flood of what is out of turn is held no longer.
        let mut turns = Turns::default();
        turns.put("a", 1, 1, at(0));
        for seq in 3..2_000 {
            turns.put("a", seq, seq, at(0));
        }
        assert_eq!(ready(&mut turns, 0).len(), 1_998);
    }
}
