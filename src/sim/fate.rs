//! What the opening screen has to show: a few SKUs whose stock runs by script.
//!
//! All others are left to demand and to the planner in `supply`. Numbers are targets, not results:
//! the script only decides what is delivered, buyers decide the rest.

use super::calendar::OPENING_DAY;

/// What becomes of a SKU's stock around the opening.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fate {
    /// Running out at the opening.
    Critical {
        /// Days of cover wanted at the opening, over all warehouses, at the pace of the 28 days before.
        cover: f64,
        /// How the wanted stock leans, by warehouse: 1 is the warehouse's fair part.
        lean: [f64; 6],
        /// Available units wanted in the first warehouse instead, where more may be sold than is there.
        first: Option<i64>,
    },
    /// Running out on a given day, before the opening or in the weeks after it.
    Out {
        /// Deliveries are to last until this day; new ones are ordered a few days later.
        until: usize,
        /// How many units more than there are each warehouse sells.
        oversell: i64,
    },
    /// Overstock: bought once, far too much.
    Dead {
        /// Units sold a day, over all warehouses.
        per_day: f64,
        /// Units left at the opening, about.
        left: f64,
    },
}

/// A SKU with a script.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script {
    /// Title in the catalogue.
    pub(super) title: &'static str,
    /// Place in the ranking of sales, from 0; unused for the dead.
    pub(super) rank: usize,
    /// How much more (or less) than others it sells in the promotion.
    pub(super) promoted: f64,
    /// Its fate.
    pub(super) fate: Fate,
}

const fn critical(title: &'static str, rank: usize, promoted: f64, cover: f64, lean: [f64; 6]) -> Script {
    Script {
        title,
        rank,
        promoted,
        fate: Fate::Critical {
            cover,
            lean,
            first: None,
        },
    }
}

const fn out(title: &'static str, rank: usize, promoted: f64, until: usize, oversell: i64) -> Script {
    Script {
        title,
        rank,
        promoted,
        fate: Fate::Out { until, oversell },
    }
}

const fn dead(title: &'static str, per_day: f64, left: f64) -> Script {
    Script {
        title,
        rank: usize::MAX,
        promoted: 0.0,
        fate: Fate::Dead { per_day, left },
    }
}

/// The scripts.
pub(super) const SCRIPTS: [Script; 33] = [
    critical("修护精华液 30ml", 0, 1.7, 1.9, [0.8, 1.1, 0.8, 1.3, 1.2, 1.0]),
    Script {
        title: "玻尿酸面膜 10片",
        rank: 1,
        promoted: 1.6,
        fate: Fate::Critical {
            cover: 6.2,
            lean: [0.0, 1.6, 0.9, 1.0, 1.1, 1.2],
            first: Some(-312),
        },
    },
    critical("清透防晒乳 50ml", 2, 1.2, 2.0, [0.3, 1.4, 1.3, 1.4, 1.2, 1.0]),
    critical("氨基酸洁面 120g", 4, 0.12, 2.0, [1.4, 0.2, 1.2, 1.1, 0.9, 1.0]),
    critical("卸妆膏 100g", 7, 0.1, 1.7, [1.2, 1.1, 0.3, 1.3, 0.8, 1.0]),
    critical("雾面唇釉 #07", 5, 0.05, 1.1, [1.0, 1.2, 1.1, 0.4, 1.1, 1.0]),
    critical("持妆粉底 自然色", 3, 0.1, 2.2, [0.6, 1.3, 1.2, 1.1, 0.9, 1.4]),
    critical("烟酰胺身体乳 250ml", 9, 0.12, 2.2, [1.0, 1.1, 0.9, 1.1, 0.4, 1.5]),
    out("早C精华 30ml", 14, 1.3, 54, 0),
    out("屏障修护霜 50g", 18, 1.4, 51, 0),
    out("卸妆油 150ml", 22, 1.3, 53, 14),
    out("防晒喷雾 150ml", 26, 1.5, 50, 0),
    out("气垫 自然色", 16, 1.3, 55, 0),
    out("水杨酸棉片 60片", 30, 1.5, 49, 0),
    out("丝绒口红 #520", 12, 1.4, 52, 0),
    out("洁面慕斯 150ml", 20, 1.0, 64, 0),
    out("眼膜 30对", 24, 1.0, 67, 0),
    out("气垫 象牙白", 28, 1.0, 70, 0),
    out("防晒棒 15g", 34, 1.0, 75, 0),
    dead("雪松香氛 50ml", 1.6, 1240.0),
    dead("男士套装 五件", 1.1, 1730.0),
    dead("旧版粉饼 自然色", 1.8, 2410.0),
    dead("旧版粉饼 象牙白", 0.9, 1180.0),
    dead("旧版粉饼 暖沙色", 0.7, 960.0),
    dead("护手霜 50g", 3.1, 3860.0),
    dead("母亲节礼盒 标准装", 0.8, 620.0),
    dead("母亲节礼盒 豪华装", 0.0, 240.0),
    dead("乌木香氛 50ml", 0.9, 540.0),
    dead("香氛蜡烛 海盐", 0.7, 610.0),
    dead("男士发泥 80g×2", 0.8, 520.0),
    dead("眼影盘 冰川", 0.9, 730.0),
    dead("唇泥 M08", 0.8, 880.0),
    dead("身体精油 100ml", 0.0, 410.0),
];

/// Day from which the planner orders again for SKUs that are short at the opening: 2026-06-18, to arrive
/// after it.
pub(super) const RESUME_DAY: usize = OPENING_DAY;
/// For those that run out later, days without an order.
const SILENCE: usize = 7;

impl Fate {
    /// Deliveries ordered on `day` are to last until the start of this day and no longer.
    pub(super) const fn until(self, day: usize) -> Option<usize> {
        match self {
            Self::Critical { .. } if day < RESUME_DAY => Some(OPENING_DAY),
            Self::Out { until, .. } if day < RESUME_DAY || until >= RESUME_DAY && day < until + SILENCE => {
                Some(until)
            }
            _ => None,
        }
    }
}
