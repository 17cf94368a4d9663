//! What the shop looks like.

use super::*;
use crate::sim::calendar::OPENING_DAY;
use crate::sim::order::UNITS;
use crate::sim::places::{CHANNELS, PROVINCES, WAREHOUSES};
use crate::time::HOUR_MILLIS;

/// Two ways to the same instant, from the start and across the opening.

#[test]
fn the_opening_screen_shows_all_states() {
    for seed in [SEED, 1, 2, 3, 4] {
        let mut world = World::open(seed);
        world.advance(OPENS_AT);
        let (out, critical, over) = world.states(OPENS_AT);
        check("SKUs out", out, 6..=9);
        check("SKUs running out", critical, 6..=10);
        check("SKUs overstocked", over, 13..=16);
        check("order lines", world.orders.columns().len(), 100_000..=130_000);
        let s = world.stock.columns();
        let oversold = (0..s.len()).find(|row| {
            s.titles.text(s.title[*row]) == "玻尿酸面膜 10片"
                && s.warehouses.text(s.warehouse[*row]) == "华东"
        });
        let level = oversold.map(|row| s.available[row] / Fixed::SCALE).unwrap();
        assert!((-450..-180).contains(&level), "seed {seed}: {level}");
    }
}

#[test]
fn the_burst_is_one() {
    let world = opened();
    let today = STARTS_AT.plus(TODAY * DAY_MILLIS);
    let since =
        |from: UtcMillis, to: UtcMillis| world.orders(|line| line.created() >= from && line.created() <= to);
    let orders = since(today, OPENS_AT);
    let week = 7 * DAY_MILLIS;
    let before = since(today.plus(-week), OPENS_AT.plus(-week));
    check("orders today", orders, 12_000..=15_000);
    check("times the same day a week before", orders / before, 3..=30);
    let minute = |back: i64| since(OPENS_AT.plus(-(back + 1) * 60_000), OPENS_AT.plus(-back * 60_000));
    check("orders in the first minute of the burst", minute(13), 420..=640);
    check("orders in the minute before", minute(14), 8..=50);
    let kick_off = world.orders(|line| line.day() == 42);
    check("orders at the kick-off", kick_off, 2_000..=3_500);
    let ordinary = world.orders(|line| (0..28).contains(&line.day())) / 28;
    check("orders on an ordinary day", ordinary, 1_100..=1_500);
}

#[test]
fn everything_takes_part() {
    let world = opened();
    let shares = |dim: Dim| {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        world
            .lines()
            .for_each(|line| *lines.entry(line.dim(dim).to_owned()).or_default() += 1);
        lines
    };
    let channels = shares(Dim::Channel);
    assert!(
        CHANNELS.iter().all(|channel| channels[channel.name] > 3_000),
        "{channels:?}"
    );
    assert_eq!(channels.len(), CHANNELS.len());
    let provinces = shares(Dim::Region);
    assert!(
        PROVINCES.iter().all(|(name, ..)| provinces[*name] > 100),
        "{provinces:?}"
    );
    assert_eq!(provinces.len(), 31);
    let warehouses = shares(Dim::Warehouse);
    assert!(
        WAREHOUSES.iter().all(|name| warehouses[*name] > 3_000),
        "{warehouses:?}"
    );
    assert_eq!(shares(Dim::Status).len(), Status::ALL.len());
    assert_eq!(shares(Dim::Category).len(), 13);
    assert_eq!(shares(Dim::Brand).len(), 3);
    assert_eq!(shares(Dim::Fulfilment).len(), 2);
    check("SKUs sold", shares(Dim::Sku).len(), 396..=400);
    let mut skus: Vec<usize> = shares(Dim::Sku).into_values().collect();
    skus.sort_unstable_by(|a, b| b.cmp(a));
    let all: usize = skus.iter().sum();
    check(
        "% of lines that the best 20 SKUs have",
        skus[..20].iter().sum::<usize>() * 100 / all,
        25..=45,
    );
    assert!(
        world
            .lines()
            .all(|line| Dim::ALL.into_iter().all(|dim| !line.dim(dim).is_empty()))
    );
}

#[test]
fn lives_of_orders_are_likely() {
    let mut world = opened().clone();
    // Orders of the first 40 days are settled by now.
    let settled = |line: &Line<'_>| line.day() < 40;
    let all = world.orders(settled);
    let permille = |n: usize| n * 1000 / all;
    let paid = |line: &Line<'_>| line.columns.paid_at.raw(line.row) != OrderColumns::NONE;
    let cancelled = |line: &Line<'_>| settled(line) && line.status() == Status::Cancelled;
    check(
        "‰ never paid",
        permille(world.orders(|line| cancelled(line) && !paid(line))),
        30..=60,
    );
    check(
        "‰ paid, then cancelled",
        permille(world.orders(|line| cancelled(line) && paid(line))),
        15..=28,
    );
    check(
        "‰ refunded",
        permille(world.orders(|line| settled(line) && line.status() == Status::Refunded)),
        30..=40,
    );
    let open = |line: &Line<'_>| matches!(line.status(), Status::Created | Status::Paid | Status::Shipped);
    check(
        "settled orders that still move",
        world.orders(|line| settled(line) && open(line)),
        0..=0,
    );
    let late = OPENS_AT.0 - 48 * HOUR_MILLIS;
    let is_late =
        |line: &Line<'_>| line.status() == Status::Paid && line.columns.paid_at.raw(line.row) < late;
    check("orders late to ship", world.orders(is_late), 200..=900);
    check(
        "orders not paid yet",
        world.orders(|line| line.status() == Status::Created),
        200..=2_500,
    );

    world.advance(OPENS_AT.plus(DAY_MILLIS));
    for line in world.lines() {
        let (c, row) = (line.columns, line.row);
        let (created, updated) = (c.created_at.raw(row), c.updated_at.raw(row));
        let [paid, shipped] = [c.paid_at.raw(row), c.shipped_at.raw(row)];
        let text = line.text();
        assert!(created <= updated && updated <= OPENS_AT.0 + DAY_MILLIS, "{text}");
        assert!(
            paid == OrderColumns::NONE || created <= paid && paid <= updated,
            "{text}"
        );
        assert!(
            shipped == OrderColumns::NONE || paid < shipped && shipped <= updated,
            "{text}"
        );
        assert_eq!(paid == OrderColumns::NONE, c.paid_amount.raw(row) == 0, "{text}");
        assert!(
            line.status().implies_payment() <= (paid != OrderColumns::NONE),
            "{text}"
        );
        assert!(
            0 <= c.refund_amount.raw(row) && c.refund_amount.raw(row) <= c.paid_amount.raw(row),
            "{text}"
        );
        assert!(c.paid_amount.raw(row) < c.amount.raw(row), "{text}");
        assert_eq!(
            c.refund_amount.raw(row) > 0,
            line.status() == Status::Refunded
                || line.status() == Status::Cancelled && paid != OrderColumns::NONE,
            "{text}"
        );
    }
}

#[test]
fn order_values_are_likely() {
    let world = opened();
    let paid: i64 = world
        .lines()
        .map(|line| line.columns.paid_amount.raw(line.row))
        .sum();
    let orders = world.orders(|line| line.columns.paid_at.raw(line.row) != OrderColumns::NONE);
    check(
        "yuan an order",
        usize::try_from(paid / Fixed::SCALE).unwrap() / orders,
        150..=250,
    );
    // Every order number is one order: all its lines were created at once, by one buyer.
    let mut of_order: BTreeMap<u32, (i64, u32)> = BTreeMap::new();
    for line in world.lines() {
        let (c, row) = (line.columns, line.row);
        let own = (c.created_at.raw(row), c.customer.get(row));
        assert_eq!(
            *of_order.entry(c.order.get(row)).or_insert(own),
            own,
            "{}",
            line.text()
        );
        assert_ne!(c.customer.get(row), 0);
    }
    // What planning expects of an order is what it gets.
    let truth = world.shop.truth();
    let wanted = |days: std::ops::Range<usize>| -> f64 {
        days.map(|day| (0..400).map(|sku| truth.demand_of_sku(day, sku)).sum::<u32>())
            .map(f64::from)
            .sum()
    };
    let ordinary = wanted(0..28) / world.orders(|line| (0..28).contains(&line.day())) as f64;
    let burst = wanted(59..60) / world.orders(|line| line.day() == 59) as f64;
    assert!((ordinary / UNITS[0] - 1.0).abs() < 0.05, "{ordinary}");
    // Orders of which nothing was there do not show; about one in twenty on the day of the burst.
    assert!((burst / UNITS[1] - 1.0).abs() < 0.12, "{burst}");
}

#[test]
fn stock_outs_hide_demand() {
    let truth = opened().shop.truth();
    let days_out = |sku: usize| {
        let out = |day: &usize| {
            (0..WAREHOUSES.len())
                .all(|at| truth.ledger(sku, at).is_none() || truth.out_minutes(*day, sku, at) >= 720)
        };
        (0..OPENING_DAY).filter(out).count()
    };
    let long: Vec<usize> = (0..400).filter(|sku| days_out(*sku) >= 2).collect();
    check("SKUs out everywhere for two days or more", long.len(), 5..=40);
    for sku in long {
        let lost: u32 = (0..OPENING_DAY)
            .map(|day| truth.demand_of_sku(day, sku) - truth.sold_of_sku(day, sku))
            .sum();
        assert!(lost > 0, "{}", truth.codes()[sku]);
    }
    let demand: u32 = (0..OPENING_DAY)
        .map(|day| (0..400).map(|sku| truth.demand_of_sku(day, sku)).sum::<u32>())
        .sum();
    let sold: u32 = (0..OPENING_DAY)
        .map(|day| (0..400).map(|sku| truth.sold_of_sku(day, sku)).sum::<u32>())
        .sum();
    check(
        "‰ of demand lost",
        (demand - sold) as usize * 1000 / demand as usize,
        2..=60,
    );
}

#[test]
fn it_moves_every_second_and_calms_down() {
    let mut world = opened().clone();
    let (mut at, mut quiet_seconds, mut versions) = (OPENS_AT, 0, 0);
    for _ in 0..120 {
        at = at.plus(1000);
        let came = world.advance(at);
        versions += came;
        quiet_seconds += usize::from(came == 0);
    }
    let orders = world.orders(|line| line.created() > OPENS_AT);
    check("orders in two minutes", orders, 480..=960);
    check("seconds without anything", quiet_seconds, 0..=3);
    check("versions in two minutes", versions, 900..=3_000);
    // Minutes between 2 and 5 in a later night, without any event.
    let night = STARTS_AT.plus((TODAY + 12) * DAY_MILLIS + 2 * HOUR_MILLIS);
    world.advance(night);
    let alive = (1..=180)
        .filter(|minute| world.advance(night.plus(minute * 60_000)) > 0)
        .count();
    check(
        "minutes of 180 at night in which something happens",
        alive,
        110..=180,
    );
}

#[test]
fn a_month_on_the_wall() {
    let mut world = opened().clone();
    let (mut kept, mut queued) = (0, 0);
    for day in 1..=45 {
        world.advance(OPENS_AT.plus(day * DAY_MILLIS));
        let (orders, due) = world.shop.load();
        (kept, queued) = (kept.max(orders), queued.max(due));
        let placed = world.orders(|line| line.created() > OPENS_AT.plus((day - 1) * DAY_MILLIS));
        check(
            "orders in a day",
            placed,
            if day == 1 { 5_000..=30_000 } else { 800..=3_500 },
        );
        let (out, critical, over) = world.states(OPENS_AT.plus(day * DAY_MILLIS));
        check("SKUs out", out, 0..=25);
        check("SKUs running out", critical, 0..=25);
        check("SKUs overstocked", over, 12..=20);
    }
    check("orders kept", kept, 20_000..=60_000);
    check("queue", queued, 5_000..=60_000);
    let (orders, due) = world.shop.load();
    check("orders kept in the end", orders, 5_000..=25_000);
    check("queue in the end", due, 1_000..=20_000);
}
