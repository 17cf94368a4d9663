//! What holds whatever the dice say.

use super::*;
use crate::sim::places::WAREHOUSES;
use crate::sim::rng::{Purpose, Rng};
use crate::time::HOUR_MILLIS;

#[test]
fn one_seed_one_shop() {
    let to = STARTS_AT.plus(9 * DAY_MILLIS);
    let digest = |seed| {
        let mut world = World::open(seed);
        world.advance(to);
        world.digest()
    };
    let first = digest(7);
    assert_eq!(first, digest(7));
    assert_ne!(first, digest(8));
}

#[test]
fn steps_do_not_matter() {
    let mut before = World::open(SEED);
    before.advance(OPENS_AT.plus(-HOUR_MILLIS));
    for (base, from, length, cases) in [
        (World::open(3), STARTS_AT, 8 * DAY_MILLIS, 4),
        (before, OPENS_AT.plus(-HOUR_MILLIS), 30 * HOUR_MILLIS, 6),
    ] {
        let to = from.plus(length);
        let mut jump = base.clone();
        jump.advance(to);
        let want = jump.digest();
        for case in 0..cases {
            let mut rng = Rng::keyed(case, Purpose::Minute, 0);
            let mut cuts: Vec<i64> = (0..[1, 7, 60, 400][case as usize % 4])
                .map(|_| (rng.unit() * length as f64) as i64)
                // On the minute and on the day, where ties are.
                .flat_map(|cut| [cut, cut - cut % 60_000, cut - cut % 1000, cut - cut % DAY_MILLIS])
                .collect();
            cuts.sort_unstable();
            let mut steps = base.clone();
            for cut in cuts {
                steps.advance(from.plus(cut));
            }
            steps.advance(to);
            let got = steps.digest();
            let difference = got.iter().zip(&want).find(|(got, want)| got != want);
            assert!(got == want, "case {case}: {difference:#?}");
            for day in jump.shop.truth().days() {
                for sku in 0..400 {
                    for warehouse in 0..WAREHOUSES.len() {
                        let read = |world: &World| {
                            let truth = world.shop.truth();
                            (
                                truth.demand(day, sku, warehouse),
                                truth.sold(day, sku, warehouse),
                                truth.out_minutes(day, sku, warehouse),
                                truth.ledger(sku, warehouse),
                            )
                        };
                        assert_eq!(read(&steps), read(&jump), "case {case}, day {day}, SKU {sku}");
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_is_made_or_lost() {
    let mut world = opened().clone();
    for ahead in [0, 3, 20] {
        world.advance(OPENS_AT.plus(ahead * DAY_MILLIS));
        let truth = world.shop.truth();
        let mut lines: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
        let all: Vec<Line<'_>> = world.lines().collect();
        for line in &all {
            let (sold, released) = lines
                .entry((line.dim(Dim::Sku), line.dim(Dim::Warehouse)))
                .or_default();
            *sold += line.units();
            *released += if line.status() == Status::Cancelled {
                line.units()
            } else {
                0
            };
        }
        let s = world.stock.columns();
        for row in 0..s.len() {
            let (code, warehouse) = (s.skus.text(s.sku[row]), s.warehouses.text(s.warehouse[row]));
            let sku = truth.codes().iter().position(|known| known == code).unwrap();
            let at = truth
                .warehouses()
                .iter()
                .position(|known| *known == warehouse)
                .unwrap();
            let ledger = truth.ledger(sku, at).unwrap();
            let [on_hand, available, inbound] =
                [s.on_hand[row], s.available[row], s.inbound[row]].map(|raw| raw / Fixed::SCALE);
            let (sold, released) = lines.get(&(code, warehouse)).copied().unwrap_or_default();
            assert_eq!(
                (ledger.sold, ledger.released),
                (sold, released),
                "{code} {warehouse}"
            );
            assert_eq!(
                on_hand,
                ledger.opening + ledger.received - ledger.shipped,
                "{code} {warehouse}"
            );
            let damaged = on_hand - (ledger.sold - ledger.shipped - ledger.released) - available;
            assert!(
                (0..=ledger.received / 250).contains(&damaged),
                "{code} {warehouse}: {damaged}"
            );
            assert!(on_hand >= 0 && inbound >= 0, "{code} {warehouse}");
            // What is on its way was promised for some day, and comes within three of it.
            let arrives = s.arrives[row];
            assert_eq!(arrives != i64::MIN, inbound > 0, "{code} {warehouse}");
            let late = world.shop.now().0.saturating_sub(arrives);
            assert!(
                inbound == 0 || late <= 3 * DAY_MILLIS,
                "{code} {warehouse}: {late}"
            );
            assert!(s.unit_cost[row] > 0, "{code} {warehouse}");
            let sum = |read: fn(&Truth, usize, usize, usize) -> u32| -> i64 {
                truth.days().map(|day| i64::from(read(truth, day, sku, at))).sum()
            };
            assert_eq!(sum(Truth::sold), ledger.sold, "{code} {warehouse}");
            assert_eq!(
                sum(Truth::demand),
                ledger.sold + ledger.lost,
                "{code} {warehouse}"
            );
            for day in truth.days() {
                assert!(truth.demand(day, sku, at) >= truth.sold(day, sku, at));
                assert!(truth.out_minutes(day, sku, at) <= 1440);
            }
        }
    }
}

#[test]
fn the_clock_may_say_anything() {
    let mut world = World::open(SEED);
    assert_eq!(world.advance(UtcMillis(i64::MIN)), 0);
    check(
        "levels on the first call",
        world.stock.columns().len(),
        1_600..=2_400,
    );
    world.advance(STARTS_AT.plus(DAY_MILLIS));
    let lines = world.orders.columns().len();
    assert_eq!(world.advance(STARTS_AT), 0);
    assert_eq!(world.advance(STARTS_AT.plus(DAY_MILLIS)), 0);
    assert_eq!(world.orders.columns().len(), lines);
    // A year asleep, and the end of time.
    world.advance(CLOSES_AT);
    assert_eq!(world.shop.truth().days().len(), Truth::KEPT_DAYS);
    let (orders, due) = world.shop.load();
    check("orders kept", orders, 5_000..=25_000);
    check("queue", due, 1_000..=20_000);
    assert_eq!(world.advance(UtcMillis(i64::MAX)), 0);
}
