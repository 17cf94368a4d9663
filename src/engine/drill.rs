//! Drills: a simulated shop that speaks `stockpit.v1` within the page, and in which things can be made to go wrong.
//!
//! A drill has an engine of its own, with nothing in it but the simulated shop: the user's rows wait, untouched, in the
//! engine they are in, and nothing of a drill can come to them. What happens comes through the same connection, envelopes
//! and rows as that of a real server; only the wire is another.

use super::Engine;
use super::demo::Demo;
use crate::protocol::{Mishap, View};
use crate::sim::{self, Happened, Shop, speak};
use crate::time::UtcMillis;
use std::collections::VecDeque;

/// Between two batches, and between two heartbeats.
const BATCH_MILLIS: i64 = 1_000;
const BEAT_MILLIS: i64 = 2_000;
/// Batches that the server still has.
const LOGGED: usize = 2_000;
/// Batches that are said again.
const AGAIN: u64 = 30;
/// Batches that change places.
const MIXED: usize = 3;
/// How long mishaps last.
const DISORDER_MILLIS: i64 = 30_000;
const SILENT_MILLIS: i64 = 60_000;
const AWAY_MILLIS: i64 = 4_000;
/// Orders a minute, and minutes, of a burst.
const BURST: (f64, usize) = (90.0, 3);
/// Units that are sold beyond what there was.
const OVERSOLD: i64 = 40;

/// What the server of a drill does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It takes the connection.
    Opened,
    /// A message.
    Text(String),
    /// It ends the connection, or takes none, with this code.
    Closed(u16),
}

/// The server of a drill. It is called upon with the page's time.
#[derive(Debug)]
pub struct Drill {
    shop: Shop,
    clock: Demo,
    /// Of the history before it all levels: they come with the first batch.
    first: Option<Happened>,
    /// Number of the last batch, and the last batches.
    seq: u64,
    log: VecDeque<String>,
    /// The last batch that was said on this connection; `None`: nobody listens.
    said: Option<u64>,
    /// Batches that wait to change places.
    held: Vec<String>,
    /// When the last batch and heartbeat were made, and until when mishaps last.
    made: UtcMillis,
    beat: UtcMillis,
    disorder: UtcMillis,
    silent: UtcMillis,
    away: UtcMillis,
    is_again: bool,
}

impl Engine {
    /// Whether it is the engine of a drill.
    pub fn is_drill(&self) -> bool {
        self.demo.as_ref().is_some_and(Demo::is_drill)
    }

    /// Another engine, for a drill that begins now, and its server. It has the settings of this one, no rows of it, and
    /// the history of the simulated shop.
    pub fn rehearse(&self, now: UtcMillis) -> (Self, Drill) {
        let mut engine = Self::with_decoders(self.decoders);
        engine.settings = self.settings.clone();
        engine.view = View {
            measure: self.view.measure,
            ..View::default()
        };
        (engine.request, engine.opened) = (self.request, true);
        engine.demo = Some(Demo::of_drill(now, Drill::FROM));
        let mut shop = Shop::open(sim::SEED);
        let before = shop.advance(Drill::FROM);
        engine.enter_orders(before.orders);
        let first = Happened {
            stock: before.stock,
            ..Happened::default()
        };
        let never = UtcMillis(i64::MIN);
        let drill = Drill {
            shop,
            clock: Demo::of_drill(now, Drill::FROM),
            first: Some(first),
            seq: 0,
            log: VecDeque::new(),
            said: None,
            held: Vec::new(),
            made: never,
            beat: never,
            disorder: never,
            silent: never,
            away: never,
            is_again: false,
        };
        (engine, drill)
    }
}

impl Drill {
    /// What the shop's clock says when a drill begins: 15:00 on the day before the promotion.
    pub const FROM: UtcMillis = sim::OPENS_AT.plus(-(29 * 60 + 14) * 60_000);

    /// Number of the last batch, and what the shop's clock said when it was looked for the last time.
    pub fn last(&self) -> (u64, UtcMillis) {
        (self.seq, self.clock.clock(self.made))
    }

    /// Somebody wants to be connected.
    pub fn dial(&mut self, now: UtcMillis) -> Said {
        self.said = None;
        if now < self.away {
            Said::Closed(1006)
        } else {
            Said::Opened
        }
    }

    /// Hears what is said on the connection: a hello, with the last batch that is known.
    pub fn hear(&mut self, hello: &str) {
        let known = hello.split_once("\"resume_after\":").map_or("", |(_, rest)| rest);
        let digits: String = known.chars().take_while(char::is_ascii_digit).collect();
        self.said = Some(digits.parse().unwrap_or(0));
        self.held.clear();
    }

    /// Makes something happen.
    pub fn mishap(&mut self, mishap: Mishap, now: UtcMillis) -> Option<Said> {
        match mishap {
            Mishap::Burst => self.shop.surge(BURST.0, BURST.1),
            Mishap::StockOut => {
                self.shop.spoil(OVERSOLD);
            }
            Mishap::Duplicates => self.is_again = true,
            Mishap::Disorder => self.disorder = now.plus(DISORDER_MILLIS),
            Mishap::Silence => self.silent = now.plus(SILENT_MILLIS),
            Mishap::Restart => {
                (self.away, self.said) = (now.plus(AWAY_MILLIS), None);
                return Some(Said::Closed(1012));
            }
        }
        None
    }

    /// What is to be said now; to be asked a few times a second.
    pub fn speak(&mut self, now: UtcMillis) -> Vec<String> {
        if now.0.saturating_sub(self.made.0) >= BATCH_MILLIS {
            self.made = now;
            self.make(now);
        }
        let Some(said) = self.said.filter(|_| now >= self.silent) else {
            return Vec::new();
        };
        let mut texts: Vec<String> = Vec::new();
        if std::mem::take(&mut self.is_again) {
            texts.extend(self.since(said.saturating_sub(AGAIN), said));
        }
        let fresh: Vec<String> = self.since(said, self.seq).collect();
        self.said = Some(self.seq);
        self.held.extend(fresh);
        let is_mixed = now < self.disorder;
        if !is_mixed {
            texts.append(&mut self.held);
        } else if self.held.len() >= MIXED {
            texts.extend(self.held.drain(..).rev());
        }
        if now.0.saturating_sub(self.beat.0) >= BEAT_MILLIS && self.held.is_empty() {
            self.beat = now;
            texts.push(format!(r#"{{"type":"heartbeat","seq":{}}}"#, self.seq));
        }
        texts
    }

    /// Makes the next batch, if anything has happened.
    fn make(&mut self, now: UtcMillis) {
        let at = self.clock.clock(now);
        let happened = self.shop.advance(at);
        if let Some(first) = self.first.take() {
            // All levels at once; those that have changed since come with the next one.
            let text = speak(self.seq + 1, at, &first, Self::FROM);
            self.log(text);
        }
        let text = speak(self.seq + 1, at, &happened, Self::FROM);
        self.log(text);
    }

    fn log(&mut self, text: Option<String>) {
        if let Some(text) = text {
            self.seq += 1;
            self.log.push_back(text);
            if self.log.len() > LOGGED {
                self.log.pop_front();
            }
        }
    }

    /// Batches after one and up to another, as far as they are still here.
    fn since(&self, after: u64, to: u64) -> impl Iterator<Item = String> + '_ {
        let gone = self.seq - self.log.len() as u64;
        let place = move |seq: u64| usize::try_from(seq.saturating_sub(gone)).unwrap_or(usize::MAX);
        let (from, to) = (place(after).min(self.log.len()), place(to).min(self.log.len()));
        self.log.range(from.min(to)..to).cloned()
    }
}
