//! The demo shop on the wall clock: it opens at its own instant and then moves as time does.

use crate::sim::{self, Happened, Shop};
use crate::time::{UtcMillis, Zone};

/// A running demo shop.
#[derive(Debug)]
pub struct Demo {
    shop: Shop,
    opened: UtcMillis,
}

impl Demo {
    /// Opens the shop at wall time `now`.
    pub fn open(now: UtcMillis) -> Self {
        Self {
            shop: Shop::open(sim::SEED),
            opened: now,
        }
    }

    /// The shop's clock at wall time `now`. A wall clock set back does not turn the shop's back.
    pub fn clock(&self, now: UtcMillis) -> UtcMillis {
        sim::OPENS_AT.plus(now.0.saturating_sub(self.opened.0).max(0))
    }

    /// Simulates up to wall time `now`.
    pub fn advance(&mut self, now: UtcMillis) -> Happened {
        let to = self.clock(now);
        self.shop.advance(to)
    }

    /// Where the shop is.
    pub fn zone() -> Zone {
        Zone::named(sim::ZONE).unwrap_or_default()
    }
}
