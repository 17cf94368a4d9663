//! An order, its whole life, and the versions of its lines.
//!
//! A life is drawn when the order is placed; what an export would say at some instant follows from it.
//! Only stock can change a life afterwards: goods that are not there are shipped later, or never.

use super::calendar::{OPENING_DAY, START, Show};
use super::catalogue::{Catalogue, SHOWN_PERMILLE, yuan};
use super::places::{CHANNELS, PROVINCES, WAREHOUSES};
use super::rng::{Alias, Purpose, Rng};
use crate::model::{Dim, LineId, OrderBatch, OrderLine, Status};
use crate::money::Fixed;
use crate::time::UtcMillis;
use chrono::Datelike;
use std::fmt::Write;

/// Name of the account all lines and levels come from.
pub(super) const SOURCE: &str = "demo";

/// Mean units an order asks for, by kind; planning needs it, the tests measure it.
pub(super) const UNITS: [f64; 3] = [1.59, 1.78, 1.47];

/// Most lines an order has.
pub(super) const MOST_LINES: usize = 3;

const NEVER: u32 = u32::MAX;
const HOUR: u32 = 3600;
const DAY: u32 = 24 * HOUR;
/// Tries to ship are this far apart where goods are missing.
const RETRY: u32 = 6 * HOUR;
/// After this long an order that cannot be shipped is cancelled.
const PATIENCE: u32 = 6 * DAY;

/// Tables that orders are drawn from.
#[derive(Clone, Debug)]
pub(super) struct Odds {
    channels: [Alias; 3],
    provinces: Alias,
}

impl Odds {
    /// The tables.
    pub(super) fn new() -> Self {
        let of_kind = |kind: usize| Alias::new(&CHANNELS.each_ref().map(|channel| channel.shares[kind]));
        Self {
            channels: [of_kind(0), of_kind(1), of_kind(2)],
            provinces: Alias::new(&PROVINCES.map(|(_, share, _)| f64::from(share))),
        }
    }
}

/// One line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Item {
    /// Index of the SKU.
    pub(super) sku: u16,
    /// Index of the cell that ships it.
    pub(super) cell: u16,
    /// Units.
    pub(super) quantity: u16,
    /// Value at list price in fen.
    amount: u32,
    /// After discount, in fen.
    price_paid: u32,
}

/// An order. Times are whole seconds since [`START`], `NEVER` where it does not come to that.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// Number: 4096 × minute of the shop's life + number within the minute. Different for every order.
    number: u64,
    customer: u64,
    /// Milliseconds since [`START`].
    created: i64,
    paid: u32,
    cancelled: u32,
    shipped: u32,
    completed: u32,
    refunding: u32,
    refunded: u32,
    /// First time it should have been shipped.
    due: u32,
    items: [Item; MOST_LINES],
    lines: u8,
    channel: u8,
    shop: u8,
    province: u8,
    platform_ships: bool,
    /// Which line is refunded, and how much of it.
    refund_line: u8,
    refund_permille: u16,
    /// Whether it waits in the list of what has to be reported.
    pub(super) reported: bool,
}

/// What trying to ship came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shipping {
    /// Gone.
    Done,
    /// Goods are missing; tried again later.
    Later,
    /// Given up.
    Cancelled,
}

impl Order {
    /// The order with `number`, placed `created` milliseconds after [`START`].
    pub(super) fn draw(
        seed: u64,
        number: u64,
        created: i64,
        kind: usize,
        catalogue: &Catalogue,
        odds: &Odds,
        show: Option<Show>,
    ) -> Self {
        let rng = &mut Rng::keyed(seed, Purpose::Order, number);
        let channel = odds.channels[kind].draw(rng);
        let province = odds.provinces.draw(rng);
        let region = PROVINCES[province].2;
        let buyer = if rng.permille(420) {
            // A regular; some come far more often than others.
            u64::from(rng.below(24_000).min(rng.below(24_000)))
        } else {
            1_000_000 + number
        };
        let mut order = Self {
            number,
            customer: Rng::keyed(seed, Purpose::Buyer, buyer).next() | 1,
            created,
            paid: NEVER,
            cancelled: NEVER,
            shipped: NEVER,
            completed: NEVER,
            refunding: NEVER,
            refunded: NEVER,
            due: NEVER,
            items: [Item::default(); MOST_LINES],
            lines: 0,
            channel: channel as u8,
            shop: u8::from(rng.below(100) >= CHANNELS[channel].shops[0].1),
            province: province as u8,
            platform_ships: rng.permille(CHANNELS[channel].platform_ships),
            refund_line: 0,
            refund_permille: 1000,
            reported: false,
        };
        order.draw_items(rng, kind, region, catalogue, show);
        order.draw_life(rng, kind, region);
        order
    }

    fn draw_items(
        &mut self,
        rng: &mut Rng,
        kind: usize,
        region: usize,
        catalogue: &Catalogue,
        show: Option<Show>,
    ) {
        let (one, two) = [(72, 93), (60, 87), (78, 95)][kind];
        let lines = match rng.below(100) {
            roll if roll < one => 1,
            roll if roll < two => 2,
            _ => 3,
        };
        let (least, most) = [(60, 180), (180, 320), (150, 280)][kind];
        let kept = 1000 - rng.between(least, most);
        for _ in 0..lines {
            let sku = match (kind, show) {
                (1, _) => catalogue.promotion.draw(rng),
                (2, Some(show)) if rng.permille(SHOWN_PERMILLE) => show.shown[rng.below(3) as usize],
                _ => catalogue.everyday.draw(rng),
            };
            let quantity = match rng.below(100) {
                0..85 => 1,
                85..96 => 2,
                _ => 3,
            };
            if self.items().iter().any(|item| usize::from(item.sku) == sku) {
                continue;
            }
            let amount = catalogue.skus[sku].price * u32::from(quantity);
            self.items[usize::from(self.lines)] = Item {
                sku: sku as u16,
                cell: catalogue.skus[sku].cell(region) as u16,
                quantity,
                amount,
                price_paid: (amount * kept + 500) / 1000,
            };
            self.lines += 1;
        }
    }

    fn draw_life(&mut self, rng: &mut Rng, kind: usize, region: usize) {
        let created = second(self.created);
        if rng.permille(45) {
            // Never paid: closed by the buyer, or by the platform after half an hour or a day.
            self.cancelled = created
                + match rng.below(10) {
                    0..3 => rng.between(120, 1700),
                    3..7 => 1800,
                    _ => DAY,
                };
            return;
        }
        self.paid = created
            + match rng.below(100) {
                0..82 => rng.between(3, 60),
                82..96 => rng.between(60, 900),
                _ => rng.between(900, 6 * HOUR),
            };
        if rng.permille(20) {
            self.cancelled = self.paid + rng.between(600, 5 * HOUR);
            return;
        }
        let day = (created / DAY) as usize;
        let wait = if rng.permille(9) {
            rng.between(48, 84) * HOUR
        } else if matches!(region, 2 | 5)
            && (OPENING_DAY - 5..OPENING_DAY - 1).contains(&day)
            && rng.permille(450)
        {
            // The northern warehouses have fallen behind in the days before the opening.
            rng.between(72, 140) * HOUR
        } else if kind == 1 && day >= OPENING_DAY {
            rng.between(8, 32) * HOUR + rng.below(20) * HOUR
        } else {
            (rng.between(6, 32) * HOUR + rng.between(6, 32) * HOUR) / 2
        };
        let mut shipped = self.paid + wait + rng.below(HOUR);
        // Nobody ships at night.
        if shipped % DAY < 8 * HOUR {
            shipped += 8 * HOUR;
        }
        (self.shipped, self.due) = (shipped, shipped);
        self.completed = shipped + rng.between(3 * DAY, 6 * DAY);
        if rng.permille(37) {
            let (first, second) = (rng.between(DAY, 8 * DAY), rng.between(DAY, 8 * DAY));
            self.refunding = shipped + first.min(second);
            self.refunded = self.refunding + rng.between(DAY, 3 * DAY);
            self.refund_line = rng.below(u32::from(self.lines)) as u8;
            if rng.permille(250) {
                self.refund_permille = rng.between(300, 900) as u16;
            }
        }
    }

    /// Its lines.
    pub(super) fn items(&self) -> &[Item] {
        &self.items[..usize::from(self.lines)]
    }

    /// Keeps the lines for which `take` finds the goods; false if none is left.
    pub(super) fn keep(&mut self, mut take: impl FnMut(Item) -> bool) -> bool {
        let all = self.items;
        let wanted = usize::from(self.lines);
        self.lines = 0;
        for item in all.into_iter().take(wanted) {
            if take(item) {
                self.items[usize::from(self.lines)] = item;
                self.lines += 1;
            }
        }
        self.refund_line = self.refund_line.min(self.lines.saturating_sub(1));
        self.lines > 0
    }

    /// When, after `after`, the order has to be looked at again: the first change of stock, or the first
    /// change of any kind after `to`. What changes no stock up to `to` shows by itself.
    pub(super) fn next(&self, after: i64, to: i64) -> Option<i64> {
        let stock = [self.cancelled, self.shipped];
        let paper = [self.paid, self.completed, self.refunding, self.refunded];
        let stock = stock.into_iter().map(millis).filter(|at| *at > after);
        let paper = paper.into_iter().map(millis).filter(|at| *at > after.max(to));
        stock.chain(paper).min().filter(|at| *at < millis(NEVER))
    }

    /// Whether the goods leave at `at`.
    pub(super) fn ships_at(&self, at: i64) -> bool {
        millis(self.shipped) == at
    }

    /// Whether the goods are given back at `at`.
    pub(super) fn cancels_at(&self, at: i64) -> bool {
        millis(self.cancelled) == at
    }

    /// Notes whether the goods were there when they should have left.
    pub(super) fn ship(&mut self, there: bool) -> Shipping {
        if there {
            return Shipping::Done;
        }
        if self.shipped - self.due >= PATIENCE {
            self.cancelled = self.shipped;
            (self.shipped, self.completed, self.refunding, self.refunded) = (NEVER, NEVER, NEVER, NEVER);
            return Shipping::Cancelled;
        }
        for time in [
            &mut self.shipped,
            &mut self.completed,
            &mut self.refunding,
            &mut self.refunded,
        ] {
            *time = if *time == NEVER { NEVER } else { *time + RETRY };
        }
        Shipping::Later
    }

    /// Adds its lines as they stand at `now` to `batch`. `text` is scratch space.
    pub(super) fn report(&self, now: i64, catalogue: &Catalogue, batch: &mut OrderBatch, text: &mut String) {
        self.write_id(text);
        let channel = &CHANNELS[usize::from(self.channel)];
        let (region, _, _) = PROVINCES[usize::from(self.province)];
        let paid = passed(self.paid, now);
        let shipped = passed(self.shipped, now);
        for (at, item) in self.items().iter().enumerate() {
            let sku = &catalogue.skus[usize::from(item.sku)];
            let warehouse = catalogue.places[usize::from(item.cell)].warehouse;
            let (status, updated) = self.standing(at, now);
            let refund = match status {
                Status::Cancelled if paid.is_some() => item.price_paid,
                Status::Refunded => {
                    (u64::from(item.price_paid) * u64::from(self.refund_permille) / 1000) as u32
                }
                _ => 0,
            };
            let mut dims = [""; Dim::COUNT];
            let named = [
                (Dim::Channel, channel.name),
                (Dim::Shop, channel.shops[usize::from(self.shop)].0),
                (Dim::Category, sku.category),
                (Dim::Brand, sku.brand),
                (Dim::Region, region),
                (Dim::Warehouse, WAREHOUSES[warehouse]),
                (Dim::Sku, sku.code.as_str()),
                (
                    Dim::Fulfilment,
                    if self.platform_ships {
                        "平台仓"
                    } else {
                        "商家仓"
                    },
                ),
            ];
            for (dim, name) in named {
                dims[dim.index()] = name;
            }
            batch.push(&OrderLine {
                source: SOURCE,
                order_id: text,
                line_id: LineId::Given(["1", "2", "3"][at]),
                created_at: START.plus(self.created),
                paid_at: paid,
                shipped_at: shipped,
                updated_at: Some(updated),
                status,
                title: &sku.title,
                quantity: Some(Fixed::from_units(i64::from(item.quantity))),
                amount: Some(yuan(item.amount)),
                paid_amount: Some(if paid.is_some() {
                    yuan(item.price_paid)
                } else {
                    Fixed::ZERO
                }),
                refund_amount: Some(yuan(refund)),
                currency: "CNY",
                city: "",
                customer: self.customer,
                dims,
            });
        }
    }

    /// Status of line `at` at `now`, and since when.
    fn standing(&self, at: usize, now: i64) -> (Status, UtcMillis) {
        let refunds = usize::from(self.refund_line) == at;
        let steps = [
            (self.cancelled, Status::Cancelled, true),
            (self.refunded, Status::Refunded, refunds),
            (self.refunding, Status::Refunding, refunds),
            (self.completed, Status::Completed, true),
            (self.shipped, Status::Shipped, true),
            (self.paid, Status::Paid, true),
        ];
        for (time, status, applies) in steps {
            if let Some(since) = passed(time, now).filter(|_| applies) {
                return (status, since);
            }
        }
        (Status::Created, START.plus(self.created))
    }

    /// Order number in the manner of its platform. Ten of its digits are `number`, scrambled one to one.
    fn write_id(&self, text: &mut String) {
        text.clear();
        let digits = u128::from(self.number) * 7_243_091_877 % 10_000_000_000;
        let tail = self.customer % 10_000_000;
        // Writing to a String cannot fail.
        let _ = match self.channel {
            0 => write!(text, "38{digits:010}{tail:07}"),
            1 => write!(text, "69{digits:010}{tail:07}"),
            2 => write!(text, "31{digits:010}"),
            3 => {
                let shanghai = START.plus(self.created).0 + 8 * crate::time::HOUR_MILLIS;
                let date = chrono::DateTime::from_timestamp_millis(shanghai).unwrap_or_default();
                let (year, month, day) = (date.year().rem_euclid(100), date.month(), date.day());
                write!(
                    text,
                    "{year:02}{month:02}{day:02}-{digits:010}{:05}",
                    tail % 100_000
                )
            }
            4 => write!(text, "26{digits:010}{:04}", tail % 10_000),
            _ => write!(text, "P7{digits:010}{tail:07}"),
        };
    }
}

/// Whole second, counted from [`START`], in which `millis` after it lies.
fn second(millis: i64) -> u32 {
    u32::try_from(millis / 1000).unwrap_or_default()
}

/// Milliseconds of a time.
const fn millis(second: u32) -> i64 {
    second as i64 * 1000
}

/// The instant of a time, once it has passed.
fn passed(time: u32, now: i64) -> Option<UtcMillis> {
    (time != NEVER && millis(time) <= now).then(|| START.plus(millis(time)))
}
