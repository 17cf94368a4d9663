//! The demo shop shown before any file is dropped: a deterministic, seeded simulator.
//!
//! A Chinese cosmetics seller with 6 channels, 6 warehouses, 31 provinces and 400 SKUs. The page opens
//! at [`OPENS_AT`], 14 minutes into the evening burst of the 618 promotion, after 60 days of history, and
//! the shop goes on from there for as long as the page is open.
//!
//! Rule: reads no clock and no random number from outside; the same seed gives the same lines, on every
//! machine and whatever the steps.
//!
//! | file | holds |
//! | --- | --- |
//! | `rng` | SplitMix64 streams keyed by what they are for, Poisson, alias tables; no crate, no `libm` |
//! | `catalogue`, `places` | SKUs (from `catalogue.txt`), popularity, channels, warehouses, provinces |
//! | `calendar` | orders a minute: hours, weekdays, seasons, promotions, livestreams |
//! | `order` | an order's life, and what an export says of it at an instant |
//! | `stock`, `supply`, `fate` | levels, the planner who restocks, the few SKUs that run by script |
//! | [`Truth`] | demand before stock-outs, beside what was sold |
//! | `shop` | time, in order |
//! | [`speak`] | what happened, as a live source says it |
//!
//! How steps come to not matter: arrivals of a minute are drawn from that minute's own stream and an
//! order from its own; what changes stock is done strictly by time, ties by a fixed key; what changes
//! only paper (paid, completed, refunded) is a function of the order's life and the instant asked for.
//!
//! Memory: orders are forgotten once they cannot change, which takes three weeks at most; the truth
//! keeps 120 days.

mod calendar;
mod catalogue;
mod fate;
mod order;
mod places;
mod rng;
mod shop;
mod speech;
mod stock;
mod supply;
mod truth;

#[cfg(test)]
mod tests;

pub use shop::Shop;
pub use speech::speak;
pub use truth::{Burst, Ledger, Truth};

use crate::model::{OrderBatch, StockBatch};
use crate::time::{DAY_MILLIS, UtcMillis};

/// What the shop's clock says when the page opens: 2026-06-18 20:14:00 in [`ZONE`].
pub const OPENS_AT: UtcMillis = UtcMillis(1_781_784_840_000);
/// First instant simulated: 2026-04-20 00:00 in [`ZONE`].
pub const STARTS_AT: UtcMillis = calendar::START;
/// The shop stands still a year after it opened, which bounds the work of one step.
pub const CLOSES_AT: UtcMillis = OPENS_AT.plus(366 * DAY_MILLIS);
/// Seed of the shop on the page.
pub const SEED: u64 = 618;
/// Zone in which the shop cuts its days.
pub const ZONE: &str = "Asia/Shanghai";
/// Name of the shop.
pub const SHOP: &str = "瑾颜美妆";

/// What happened in a step: batches to merge into the tables.
#[derive(Clone, Debug, Default)]
pub struct Happened {
    /// New lines, and the last versions of earlier ones that changed; oldest order first.
    pub orders: OrderBatch,
    /// Levels that changed; all on the first call.
    pub stock: StockBatch,
}
