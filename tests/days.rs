//! A live source for days, at speed: what stays of it in memory. `cargo xtask bench live c` does it in a browser.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops where it is wrong, and says what it measured"
)]

#[allow(dead_code, reason = "the benchmark uses the rest")]
#[path = "bench/flow.rs"]
mod flow;

use flow::{Flow, START_MS};
use std::alloc::System;
use stockpit::engine::Engine;
use stockpit::feed::{Batch, Envelope, envelope};
use stockpit::ingest::{Events, Intake};
use stockpit::protocol::{Command, Event};
use stockpit::time::UtcMillis;

#[global_allocator]
static MEMORY: cap::Cap<System> = cap::Cap::new(System, usize::MAX);

const KEY: &str = "wss://shop.example/live";
const HOURS: u64 = 10;
const OF_MINUTE: usize = 60;

/// The engine, the source, and what both have come to.
struct Page {
    engine: Engine,
    flow: Flow,
    seq: u64,
}

impl Page {
    /// A minute of the shop, in which of 100 events `fresh` are new orders. Each is kept as the page does.
    fn minute(&mut self, fresh: u64) {
        self.seq += 1;
        let from = START_MS + self.seq as i64 * 60_000;
        let text = self.flow.batch(self.seq, (from, from + 60_000), OF_MINUTE, fresh);
        let Envelope::Batch(Batch {
            orders: Some(orders),
            stock: Some(stock),
            ..
        }) = envelope(&text)
        else {
            panic!("it is a batch")
        };
        let mut events = Events::new(self.engine.reading());
        assert!(events.orders(orders) && events.stock(stock, None));
        let reads = events.finish("live");
        let imports = reads
            .into_iter()
            .map(|read| Intake::of(&read).finish(read))
            .collect();
        let now = UtcMillis(from + 60_000);
        self.engine.enter_live(KEY, imports, Some(self.seq), now);
        self.engine.watch(now);
        if !self.engine.unkept(false).is_empty() {
            self.engine.end_part();
        }
    }

    fn hours(&mut self, hours: u64, fresh: u64) {
        (0..hours * 60).for_each(|_| self.minute(fresh));
    }
}

#[test]
fn days_of_a_live_source_leave_their_rows_and_nothing_else() {
    let mut page = Page {
        engine: Engine::new(),
        flow: Flow::new(1),
        seq: 0,
    };
    let open = Command::Open {
        settings: Default::default(),
        view: Default::default(),
        request: 0,
        demo: None,
    };
    page.engine.apply(open, UtcMillis(START_MS));
    // All that is made once.
    page.hours(2, 25);
    let mut told = Vec::new();
    let grow = |page: &mut Page, told: &mut Vec<(i64, i64)>, fresh: u64| {
        let (bytes, orders) = (MEMORY.allocated(), page.flow.created());
        page.hours(HOURS, fresh);
        let grown = MEMORY.allocated() as i64 - bytes as i64;
        told.push((grown, page.flow.created() - orders));
        grown
    };
    let fresh = grow(&mut page, &mut told, 25);
    // As many steps as can be taken back hold the versions that they replaced.
    page.hours(30, 0);
    let known = grow(&mut page, &mut told, 0);
    println!("bytes and orders that came with {HOURS} hours each: {told:?}");
    let orders = told[0].1;
    assert!(fresh < 400 * orders, "{} bytes a new order", fresh / orders);
    assert!(
        known.abs() < 256 << 10,
        "{known} bytes more after {HOURS} hours without a new order"
    );

    let Some(Event::Cockpit { cockpit, .. }) = page.engine.screen(UtcMillis(START_MS)).into_iter().next()
    else {
        panic!("there is a screen")
    };
    for (id, expect) in page.flow.truth() {
        let kpi = cockpit.kpis.iter().find(|kpi| kpi.id.id() == id);
        let value = kpi
            .and_then(|kpi| kpi.value)
            .map(|value| value.to_f64())
            .unwrap_or_default();
        let expect: f64 = expect.parse().expect("a number");
        assert!((value - expect).abs() < 0.005, "{id} is {value}, not {expect}");
    }
}
