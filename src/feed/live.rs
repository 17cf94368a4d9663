//! A source that stays connected: when to connect, what to ask for, in which order its batches count. A state machine.
//!
//! ```text
//!   waiting ──need: connect──▶ connecting ──opened──▶ open ──closed──▶ waits longer after each failure
//!      ▲                            └──closed, or no answer──▶ the same        └──refused──▶ stopped
//!      └── the wait is over, or someone asks; a gap in the numbers: at once, from before the gap
//! ```
//!
//! Batches are numbered. They are given out in the order of their numbers, each once, whatever the order in which they
//! come and however often; what is not there yet is waited for a moment, then asked for again. What the server no longer
//! has is counted and told, and the source goes on.

use super::Backoff;
use crate::protocol::{FeedProblem, FeedStatus, LiveStatus};
use crate::time::UtcMillis;

/// Waits after a failure: the first, and the longest.
const WAITS_MILLIS: (i64, i64) = (400, 30_000);
/// Least wait where the server says to come back later (1013).
const LATER_MILLIS: i64 = 5_000;
/// Longest time to connect.
const CONNECT_MILLIS: i64 = 20_000;
/// How long a batch may be out of order.
const GAP_MILLIS: i64 = 1_500;
/// How often a gap is asked for again before it counts as gone.
const ASKS: u32 = 2;
/// Batches that are held until those before them are there.
const HELD: usize = 512;
/// Batches that are held at all.
const MOST_HELD: usize = 4 * HELD;
/// How long a server may accept and say nothing before that is told.
const SILENT_MILLIS: i64 = 10_000;
/// After so much of its usual interval without a word a connection is taken for dead.
const DEAD: i64 = 4;
/// So long one that seems dead may still speak: of a tab that slept, of a worker that was busy and of a clock that was
/// set the server knows nothing, and what it said meanwhile is about to be heard.
const DOUBT_MILLIS: i64 = 2_000;
/// The usual interval: before it is known, and its bounds.
const USUAL_MILLIS: i64 = 30_000;
const USUAL_BOUNDS: (i64, i64) = (5_000, 3_600_000);
/// A pause of so long ends what is called catching up.
const CAUGHT_UP_MILLIS: i64 = 1_000;

/// What whoever hosts it has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// Open a connection.
    Connect,
    /// Close the connection, or give up opening it. No [`Live::closed`] follows.
    Disconnect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waiting,
    Connecting,
    Open,
}

/// One source; `P` is what a batch holds.
#[derive(Clone, Debug)]
pub struct Live<P> {
    status: FeedStatus,
    live: LiveStatus,
    backoff: Backoff,
    phase: Phase,
    since: UtcMillis,
    /// The last batch that was given out; `None`: whichever comes is the first.
    taken: Option<u64>,
    /// Batches that came before their turn, in order.
    held: Vec<(u64, P)>,
    /// Since when one is missing.
    gap_since: Option<UtcMillis>,
    /// The gap after this batch has been asked for so often.
    asked: (Option<u64>, u32),
    /// Batches that the server no longer had, and messages that were dropped.
    missing: u64,
    dropped: u64,
    /// The connection is to be made anew at once.
    is_torn: bool,
    /// Heartbeats in a row that know less than was taken: the server began anew.
    behind: u32,
    usual_millis: i64,
    beat: Option<UtcMillis>,
    beat_millis: i64,
    heard: Option<UtcMillis>,
    /// When something came last, read or not.
    arrived: Option<UtcMillis>,
    /// Since when it seems dead.
    doubted: Option<UtcMillis>,
    /// When the last connection was lost.
    lost: Option<UtcMillis>,
    /// Rows since the connection stands, while it catches up, and when the last came.
    catching: Option<(u64, UtcMillis)>,
    /// Closed by us, until what came is read.
    is_draining: bool,
}

impl<P> Live<P> {
    /// The source of number `id`, of which all batches up to `resume` are here; to be connected at once.
    pub fn new(id: u32, resume: Option<u64>, now: UtcMillis) -> Self {
        Self {
            status: FeedStatus {
                id,
                next_at: Some(now),
                ..FeedStatus::default()
            },
            live: LiveStatus::default(),
            backoff: Backoff::new(WAITS_MILLIS.0, WAITS_MILLIS.1),
            phase: Phase::Waiting,
            since: now,
            taken: resume,
            held: Vec::new(),
            gap_since: None,
            asked: (None, 0),
            missing: 0,
            dropped: 0,
            is_torn: false,
            behind: 0,
            usual_millis: USUAL_MILLIS,
            beat: None,
            beat_millis: 0,
            heard: None,
            arrived: None,
            doubted: None,
            lost: None,
            catching: None,
            is_draining: false,
        }
    }

    /// How it fares.
    pub fn status(&self) -> FeedStatus {
        let mut status = self.status.clone();
        status.is_under_way = self.phase == Phase::Connecting;
        status.live = Some(LiveStatus {
            is_open: self.phase == Phase::Open,
            ..self.live
        });
        status
    }

    /// The last batch that was given out.
    pub const fn taken(&self) -> Option<u64> {
        self.taken
    }

    /// Whether the server numbers its batches, so that what is not read now can be asked for again.
    pub const fn is_numbered(&self) -> bool {
        self.taken.is_some()
    }

    /// What is to be done now; to be asked after each event and a few times a second.
    pub fn need(&mut self, now: UtcMillis, chance: f64) -> Need {
        let (phase, waited) = (self.phase, now.0.saturating_sub(self.since.0));
        match phase {
            Phase::Waiting => {
                let is_due = self
                    .status
                    .next_at
                    .is_some_and(|next| next <= now || now < self.since);
                if !is_due || self.status.is_paused || self.is_draining {
                    return Need::Nothing;
                }
                self.enter(Phase::Connecting, now);
                self.status.next_at = None;
                return Need::Connect;
            }
            _ if self.status.is_paused => {}
            _ if std::mem::take(&mut self.is_torn) => self.status.next_at = Some(now),
            Phase::Connecting if waited > CONNECT_MILLIS => self.fail(FeedProblem::Timeout, 0, now, chance),
            Phase::Open if self.is_dead(now) => self.fail(FeedProblem::Timeout, 0, now, chance),
            _ => {
                let is_silent = self.phase == Phase::Open && !self.live.is_heard && waited > SILENT_MILLIS;
                if is_silent {
                    (self.status.failures, self.status.problem) = (0, Some(FeedProblem::Silent));
                }
                return Need::Nothing;
            }
        }
        self.leave(now);
        Need::Disconnect
    }

    /// A connection that was heard regularly is not any more.
    fn is_dead(&mut self, now: UtcMillis) -> bool {
        let (Some(heard), Some(every)) = (self.heard.max(self.arrived), self.status.every_millis) else {
            return false;
        };
        if self.beat.is_none() || now.0.saturating_sub(heard.0) <= every.saturating_mul(DEAD) {
            self.doubted = None;
            return false;
        }
        let doubted = *self.doubted.get_or_insert(now);
        now.0.saturating_sub(doubted.0) >= DOUBT_MILLIS
    }

    /// Something has come, which is read in its turn.
    pub const fn arrived(&mut self, now: UtcMillis) {
        self.arrived = Some(now);
    }

    /// The connection stands: the server is to be asked for what follows this batch; `None`: for all it has.
    pub fn opened(&mut self, now: UtcMillis) -> Option<u64> {
        self.enter(Phase::Open, now);
        self.live.is_heard = false;
        (self.beat, self.heard, self.arrived, self.doubted) = (None, None, None, None);
        self.behind = 0;
        let is_again = self.lost.is_some() || self.taken.is_some();
        self.catching = is_again.then_some((0, now));
        self.gap_since = None;
        self.taken
    }

    /// The connection is lost, or there was none: with this code, where there is one, and these words.
    pub fn closed(&mut self, code: Option<u16>, words: &str, now: UtcMillis, chance: f64) {
        if self.phase == Phase::Waiting {
            return;
        }
        let words = words.to_owned();
        let was_open = self.phase == Phase::Open;
        self.leave(now);
        match code {
            Some(code @ (1008 | 4000..=4999)) => {
                self.status.failures = self.status.failures.saturating_add(1);
                self.status.problem = Some(FeedProblem::Refused(code, words));
                // Whoever gives another token asks again.
                self.status.next_at = None;
            }
            Some(code) if was_open => {
                let least = if code == 1013 { LATER_MILLIS } else { 0 };
                self.fail(FeedProblem::Closed(code, words), least, now, chance);
            }
            _ => self.fail(FeedProblem::Unreachable, 0, now, chance),
        }
    }

    /// No connection can be made now: it is tried again later.
    pub fn failed(&mut self, problem: FeedProblem, now: UtcMillis, chance: f64) {
        self.leave(now);
        self.fail(problem, 0, now, chance);
    }

    /// No connection can be made: trying again would not help.
    pub fn stop(&mut self, problem: FeedProblem, now: UtcMillis) {
        self.leave(now);
        self.status.failures = self.status.failures.saturating_add(1);
        (self.status.problem, self.status.next_at) = (Some(problem), None);
    }

    /// Another tab follows it: nothing is to be done here.
    pub fn stand_by(&mut self, now: UtcMillis) {
        self.leave(now);
        (self.status.problem, self.status.next_at) = (Some(FeedProblem::OtherTab), None);
    }

    /// Someone wants it now; that ends a pause.
    pub fn ask(&mut self, now: UtcMillis) {
        self.status.is_paused = false;
        if self.phase == Phase::Waiting {
            self.status.next_at = Some(now);
        }
    }

    /// Nobody wants it for now.
    pub const fn pause(&mut self) {
        (self.status.is_paused, self.status.next_at) = (true, None);
    }

    /// All up to `resume` is here, and no more: what follows is to be asked for again.
    pub fn resume(&mut self, resume: Option<u64>) {
        self.taken = resume;
        self.asked = (None, 0);
        self.held.clear();
        self.is_torn = self.phase != Phase::Waiting;
    }

    /// A batch has come; [`Self::ready`] gives out those whose turn it is.
    pub fn batch(&mut self, seq: u64, batch: P, now: UtcMillis) {
        self.good(now);
        if self.taken.is_some_and(|taken| seq <= taken) {
            return;
        }
        let place = self.held.binary_search_by_key(&seq, |(seq, _)| *seq);
        if let Some(at) = place.err().filter(|_| self.held.len() < MOST_HELD) {
            self.held.insert(at, (seq, batch));
        }
    }

    /// The next batch in the order of their numbers, if it is there.
    pub fn ready(&mut self, now: UtcMillis) -> Option<(u64, P)> {
        let first = self.held.first()?.0;
        let is_next = match self.taken {
            Some(taken) => first == taken.saturating_add(1),
            None => first <= 1,
        };
        if !is_next {
            let since = *self.gap_since.get_or_insert(now);
            let is_long = now.0.saturating_sub(since.0) > GAP_MILLIS || self.held.len() > HELD;
            if !is_long || self.is_torn {
                return None;
            }
            if self.ask_again() {
                return None;
            }
            // It was asked for and did not come: the server no longer has it.
            if let Some(taken) = self.taken {
                self.miss(first.saturating_sub(taken).saturating_sub(1));
            }
        }
        self.gap_since = None;
        let batch = self.held.remove(0);
        self.taken = Some(batch.0);
        Some(batch)
    }

    /// Makes the connection anew, to have what follows the last batch that was taken; false where that was tried.
    fn ask_again(&mut self) -> bool {
        let times = if self.asked.0 == self.taken {
            self.asked.1
        } else {
            0
        };
        // A server that no longer has its first batches is asked for them once.
        let most = if self.taken.is_some() { ASKS } else { 1 };
        if times == most {
            return false;
        }
        self.asked = (self.taken, times + 1);
        self.is_torn = true;
        self.gap_since = None;
        true
    }

    /// So many batches have not come, as whoever puts them in order knows.
    pub fn missing(&mut self, batches: u64) {
        if self.missing != batches {
            self.missing = batches;
            self.status.problem = self.lasting();
        }
    }

    fn miss(&mut self, batches: u64) {
        self.missing = self.missing.saturating_add(batches);
        self.status.problem = self.lasting();
    }

    /// What is wrong and stays so.
    fn lasting(&self) -> Option<FeedProblem> {
        match (self.missing, self.dropped) {
            (0, 0) => None,
            (0, dropped) => Some(FeedProblem::Dropped(dropped)),
            (missing, _) => Some(FeedProblem::Missing(missing)),
        }
    }

    /// The server lives, and its last batch was `seq`.
    pub fn heartbeat(&mut self, seq: Option<u64>, now: UtcMillis) {
        if let Some(beat) = self.beat.replace(now) {
            self.beat_millis = now.0.saturating_sub(beat.0);
        }
        self.good(now);
        self.caught_up(now);
        let Some((taken, seq)) = self.taken.zip(seq) else {
            return;
        };
        self.behind = if seq < taken { self.behind + 1 } else { 0 };
        if self.behind > 1 {
            // It began anew without a word: what it has now is asked for from its first batch.
            self.resume(None);
        } else if seq > taken && self.held.is_empty() && self.gap_since.is_none() && !self.ask_again() {
            self.taken = Some(seq);
            self.miss(seq - taken);
        }
    }

    /// Numbers begin anew.
    pub fn reset(&mut self, now: UtcMillis) {
        self.good(now);
        (self.taken, self.asked, self.gap_since) = (None, (None, 0), None);
        self.held.clear();
    }

    /// A message has come that can be read.
    pub fn good(&mut self, now: UtcMillis) {
        if let Some(heard) = self.heard.replace(now) {
            let gap = now.0.saturating_sub(heard.0).max(1_000);
            self.usual_millis += (gap - self.usual_millis) / 8;
        }
        let usual = self.usual_millis.max(self.beat_millis);
        self.status.every_millis = Some(usual.clamp(USUAL_BOUNDS.0, USUAL_BOUNDS.1));
        self.status.good_at = Some(now);
        self.live.is_heard = true;
        self.status.failures = 0;
        self.backoff.succeed();
        self.status.problem = self.lasting();
    }

    /// A message has come that cannot be read.
    pub fn broken(&mut self, problem: FeedProblem) {
        self.live.is_heard = true;
        self.live.refused = self.live.refused.saturating_add(1);
        self.status.failures = self.status.failures.saturating_add(1);
        self.status.problem = Some(problem);
    }

    /// So many rows came of what was taken, and so many were refused.
    pub fn rows(&mut self, rows: u64, refused: u64, now: UtcMillis) {
        self.live.rows = self.live.rows.saturating_add(rows);
        self.live.refused = self.live.refused.saturating_add(refused);
        if rows > 0 {
            self.live.rows_at = Some(now);
        }
        if let Some((all, last)) = &mut self.catching {
            if now.0.saturating_sub(last.0) > CAUGHT_UP_MILLIS && *all > 0 {
                self.caught_up(now);
            } else {
                (*all, *last) = (all.saturating_add(rows), now);
            }
        }
    }

    fn caught_up(&mut self, now: UtcMillis) {
        if let Some((rows, _)) = self.catching.take().filter(|(rows, _)| *rows > 0) {
            let away = self
                .lost
                .map_or(0, |lost| self.since.0.saturating_sub(lost.0).max(0));
            self.live.caught_up = Some((rows, away.min(now.0.max(0))));
        }
    }

    /// Updates of the screen come only so often; `None`: as always.
    pub const fn coarse(&mut self, millis: Option<i64>) {
        self.live.coarse_millis = millis;
    }

    /// More came than can be held. What is numbered is asked for again after [`Self::drained`], and nothing is lost.
    pub fn too_fast(&mut self, now: UtcMillis) -> Need {
        self.leave(now);
        self.is_draining = true;
        (self.status.problem, self.status.next_at) = (Some(FeedProblem::TooFast), Some(now));
        Need::Disconnect
    }

    /// More came than can be held, and it has no numbers: so many messages are gone.
    pub fn dropped(&mut self, messages: u64) {
        self.dropped = self.dropped.saturating_add(messages);
        self.status.problem = self.lasting();
    }

    /// What came is read.
    pub const fn drained(&mut self) {
        self.is_draining = false;
    }

    fn enter(&mut self, phase: Phase, now: UtcMillis) {
        (self.phase, self.since) = (phase, now);
    }

    fn leave(&mut self, now: UtcMillis) {
        if self.phase == Phase::Open {
            self.caught_up(now);
            self.lost = Some(now);
        }
        self.is_torn = false;
        self.enter(Phase::Waiting, now);
        // What is held stays: it need not come again.
        self.gap_since = None;
    }

    fn fail(&mut self, problem: FeedProblem, least: i64, now: UtcMillis, chance: f64) {
        let wait = self.backoff.fail(chance).max(least);
        self.status.failures = self.backoff.failures();
        self.status.problem = Some(problem);
        self.status.next_at = Some(UtcMillis(now.0.saturating_add(wait))).filter(|_| !self.status.is_paused);
    }
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
