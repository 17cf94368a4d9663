//! The demo shop on the wall clock: it opens at its own instant and then moves as time does.

use crate::sim::{self, Happened, Shop};
use crate::time::{UtcMillis, Zone};

/// A running demo shop.
#[derive(Debug)]
pub struct Demo {
    /// `None`: what happens in it comes by a live source, since it is one for a drill.
    shop: Option<Shop>,
    opened: UtcMillis,
    /// What its clock said then.
    from: UtcMillis,
}

impl Demo {
    /// Opens the shop at wall time `now`.
    pub fn open(now: UtcMillis) -> Self {
        Self {
            shop: Some(Shop::open(sim::SEED)),
            opened: now,
            from: sim::OPENS_AT,
        }
    }

    /// The clock of one for a drill that begins at wall time `now`, when that of the shop says `from`.
    pub const fn of_drill(now: UtcMillis, from: UtcMillis) -> Self {
        Self {
            shop: None,
            opened: now,
            from,
        }
    }

    /// Whether it is one for a drill.
    pub const fn is_drill(&self) -> bool {
        self.shop.is_none()
    }

    /// The shop's clock at wall time `now`. A wall clock set back does not turn the shop's back.
    pub fn clock(&self, now: UtcMillis) -> UtcMillis {
        self.from.plus(now.0.saturating_sub(self.opened.0).max(0))
    }

    /// Simulates up to wall time `now`.
    pub fn advance(&mut self, now: UtcMillis) -> Happened {
        let to = self.clock(now);
        self.shop
            .as_mut()
            .map(|shop| shop.advance(to))
            .unwrap_or_default()
    }

    /// Where the shop is.
    pub fn zone() -> Zone {
        Zone::named(sim::ZONE).unwrap_or_default()
    }
}
