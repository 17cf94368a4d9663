//! A drill through a connection's own state machine: whatever happens to the wire, the numbers are those of the shop.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops where it is wrong")]

use std::collections::BTreeSet;
use stockpit::engine::{Drill, Engine, Said};
use stockpit::feed::{Batch, Envelope, Live, Need, envelope};
use stockpit::ingest::{Events, Intake};
use stockpit::protocol::{Command, DataSource, Event, Mishap, Settings, View};
use stockpit::sim::{SEED, Shop};
use stockpit::time::UtcMillis;

/// The page's end: what a connection brings goes through the state machine of a live source into the engine.
struct Page {
    engine: Engine,
    drill: Drill,
    live: Live<String>,
    now: UtcMillis,
}

impl Page {
    fn open() -> Self {
        let mut own = Engine::new();
        let open = Command::Open {
            settings: Settings::default(),
            view: View::default(),
            request: 0,
            demo: None,
        };
        let now = UtcMillis(1_800_000_000_000);
        own.apply(open, now);
        let (engine, drill) = own.rehearse(now);
        let live = Live::new(0, None, now);
        Self {
            engine,
            drill,
            live,
            now,
        }
    }

    /// A quarter of a second, `count` times.
    fn run(&mut self, count: usize) {
        for _ in 0..count {
            self.now = self.now.plus(250);
            let now = self.now;
            match self.live.need(now, 0.5) {
                Need::Connect => match self.drill.dial(now) {
                    Said::Opened => {
                        let resume = self.live.opened(now);
                        let resume = resume.map_or_else(|| "null".to_owned(), |seq| seq.to_string());
                        self.drill
                            .hear(&format!(r#"{{"type":"hello","resume_after":{resume}}}"#));
                    }
                    _ => self.live.closed(Some(1006), "", now, 0.5),
                },
                Need::Disconnect | Need::Nothing => {}
            }
            for text in self.drill.speak(now) {
                match envelope(&text) {
                    Envelope::Batch(Batch { seq, .. }) => self.live.batch(seq, text, now),
                    Envelope::Heartbeat(seq) => self.live.heartbeat(seq, now),
                    other => panic!("{other:?}"),
                }
            }
            while let Some((seq, text)) = self.live.ready(now) {
                let Envelope::Batch(batch) = envelope(&text) else {
                    panic!("it is a batch")
                };
                let mut events = Events::new(self.engine.reading());
                assert!(events.orders(batch.orders.unwrap()) && events.stock(batch.stock.unwrap(), None));
                assert_eq!(events.rejected(), (0, None));
                let reads = events.finish("drill");
                let imports = reads
                    .into_iter()
                    .map(|read| Intake::of(&read).finish(read))
                    .collect();
                self.engine.enter_live("drill", imports, Some(seq), now);
            }
        }
    }

    fn does(&mut self, mishap: Mishap) {
        if let Some(Said::Closed(code)) = self.drill.mishap(mishap, self.now) {
            self.live.closed(Some(code), "", self.now, 0.5);
        }
    }

    fn kpis(&mut self) -> (String, DataSource) {
        let Some(Event::Cockpit { cockpit, .. }) = self.engine.screen(self.now).into_iter().next() else {
            panic!("there is a screen")
        };
        let kpi = cockpit.kpis.iter().find(|kpi| kpi.id.id() == "orders_created");
        let value = kpi.and_then(|kpi| kpi.value).map(|value| value.canonical());
        (value.unwrap_or_default(), cockpit.source)
    }

    fn orders(&mut self) -> u64 {
        self.kpis().0.parse().unwrap()
    }
}

/// What the shop itself has sold by then, and the orders that were there before.
fn truth(page: &Page, burst: UtcMillis) -> u64 {
    let mut shop = Shop::open(SEED);
    let before = shop.advance(Drill::FROM);
    let until = shop.advance(burst);
    shop.surge(90.0, 3);
    let after = shop.advance(page.drill.last().1);
    let mut orders: BTreeSet<String> = BTreeSet::new();
    for batch in [&before.orders, &until.orders, &after.orders] {
        let columns = batch.columns();
        let all = (0..columns.len()).map(|row| columns.orders.text(columns.order.get(row)).to_owned());
        orders.extend(all);
    }
    orders.len() as u64
}

#[test]
fn whatever_happens_on_the_wire_no_order_is_lost_or_counted_twice() {
    let mut page = Page::open();
    assert_eq!(page.kpis().1, DataSource::Drill);
    page.run(9);
    let burst = page.drill.last().1;
    page.does(Mishap::Burst);
    for mishap in [
        Mishap::Duplicates,
        Mishap::Disorder,
        Mishap::Restart,
        Mishap::Silence,
    ] {
        page.run(80);
        page.does(mishap);
        page.run(60);
    }
    page.run(4 * 90);
    assert_eq!(page.orders(), truth(&page, burst));
    assert_eq!(page.live.status().problem, None, "{:?}", page.live.status());
    let (seq, _) = page.drill.last();
    assert!(seq > 100 && page.live.taken() == Some(seq));
}

#[test]
fn a_burst_and_an_oversell_are_told_within_minutes() {
    let mut page = Page::open();
    page.run(40);
    let told = |page: &mut Page, rule: &str| {
        page.engine.watch(page.now);
        page.engine.tell_alerts_again();
        page.now = page.now.plus(1_000);
        let Some(Event::Alerts(view)) = page.engine.watch(page.now) else {
            panic!("alerts are told")
        };
        assert_eq!(view.record, None, "a drill leaves nothing behind");
        view.lines.iter().any(|line| line.rule == rule)
    };
    assert!(!told(&mut page, "sales_spike"));
    let before = page.orders();
    page.does(Mishap::Burst);
    page.run(4 * 30);
    assert!(told(&mut page, "sales_spike"));
    assert!(page.orders() > before + 30, "{before} and then {}", page.orders());
    page.does(Mishap::StockOut);
    for _ in 0..5 {
        page.run(4 * 30);
        told(&mut page, "oversell");
    }
    assert!(told(&mut page, "oversell"));
}

#[test]
fn silence_is_silent_and_a_restart_refuses_for_a_while() {
    let mut page = Page::open();
    page.run(8);
    page.does(Mishap::Silence);
    let heard = page.live.status().good_at;
    page.run(100);
    assert_eq!(page.live.status().good_at, heard);
    page.run(4 * 60);
    assert!(page.live.status().good_at > heard);
    page.does(Mishap::Restart);
    assert_eq!(page.drill.dial(page.now), Said::Closed(1006));
    page.run(60);
    assert!(page.live.status().live.is_some_and(|live| live.is_open));
}
