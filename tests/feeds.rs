//! Sources that come by themselves, as the engine sees them: steps of history, and what is no step.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where it is wrong")]

use std::fmt::Write;
use stockpit::engine::Engine;
use stockpit::ingest::{Finish, Step};
use stockpit::protocol::{Command, Event, FileId, StepInfo};
use stockpit::time::UtcMillis;

/// Orders `from..to`, shipped below `shipped`.
fn orders(from: u32, to: u32, shipped: u32) -> String {
    let mut text = "order id,created,status,sku,qty,amount,currency\n".to_owned();
    for order in from..to {
        let status = if order < shipped { "shipped" } else { "paid" };
        let _ = writeln!(text, "{order},2026-06-01 10:00:00,{status},S1,1,10.00,CNY");
    }
    text
}

const STOCK: &str = "sku,warehouse,on hand\nS1,North,40\n";

struct Shop(Engine, i64);

impl Shop {
    fn open() -> Self {
        let mut engine = Engine::new();
        let open = Command::Open {
            settings: Default::default(),
            view: Default::default(),
            request: 0,
            demo: None,
        };
        engine.apply(open, UtcMillis(0));
        Self(engine, 1_782_000_000_000)
    }

    /// Reads a file of `batch`; yields whether it made a new screen.
    fn read(&mut self, batch: u32, name: &str, text: &str, is_feed: bool) -> bool {
        let mut import = self.0.import(name, text.len() as u64);
        let imported = loop {
            match import.push(text.as_bytes()) {
                Step::More | Step::Again | Step::Stop => {}
            }
            match import.finish() {
                Finish::Again(again) => import = again,
                Finish::Done(imported) => break imported,
            }
        };
        self.1 += 60_000;
        let (id, now) = (FileId::whole(batch, 0), UtcMillis(self.1));
        let entered = if is_feed {
            self.0.refresh(id, imported, 1, now)
        } else {
            self.0.enter(id, imported, 1, now)
        };
        !entered.screen.is_empty()
    }

    fn fetch(&mut self, batch: u32, text: &str) -> bool {
        self.read(batch, "orders.csv", text, true)
    }

    fn steps(&self) -> Vec<StepInfo> {
        match self.0.steps() {
            Event::Steps(steps) => steps,
            other => panic!("steps are told as steps, not {other:?}"),
        }
    }

    /// New, changed and the same order lines of each step, whether it stands, and its files.
    #[track_caller]
    fn check(&self, expect: &[(u64, u64, u64, bool, &str)]) {
        let steps = self.steps();
        let seen: Vec<_> = steps
            .iter()
            .map(|step| {
                let diff = &step.diff;
                (
                    diff.new,
                    diff.changed,
                    diff.same,
                    step.stands,
                    step.files.join("+"),
                )
            })
            .collect();
        let expect: Vec<_> = expect
            .iter()
            .map(|(n, c, s, is, f)| (*n, *c, *s, *is, (*f).to_owned()))
            .collect();
        assert_eq!(seen, expect);
    }
}

#[test]
fn refreshes_of_one_source_are_one_step_until_something_else_is_dropped() {
    let mut shop = Shop::open();
    assert!(shop.fetch(7, &orders(0, 10, 0)));
    assert!(shop.fetch(7, &orders(0, 12, 3)));
    shop.check(&[(12, 3, 7, true, "orders.csv")]);
    assert!(!shop.fetch(7, &orders(0, 12, 3)), "nothing new draws no screen");
    shop.check(&[(12, 3, 12, true, "orders.csv")]);

    shop.read(8, "stock.csv", STOCK, false);
    assert!(!shop.fetch(7, &orders(0, 12, 3)));
    assert_eq!(shop.steps().len(), 2, "what is known is no step");
    assert!(shop.fetch(7, &orders(0, 13, 3)));
    shop.check(&[
        (12, 3, 12, true, "orders.csv"),
        (0, 0, 0, true, "stock.csv"),
        (1, 0, 12, true, "orders.csv"),
    ]);

    // One step back takes back what came since the drop, and no more.
    shop.0.undo();
    assert!(
        shop.fetch(7, &orders(0, 13, 3)),
        "it comes again, as the source has it"
    );
    shop.0.undo();
    shop.0.undo();
    shop.0.undo();
    let sources: Vec<_> = shop
        .0
        .sources()
        .iter()
        .map(|source| source.name.clone())
        .collect();
    assert_eq!(sources, [""; 0]);
}

#[test]
fn a_look_that_brings_nothing_leaves_the_steps_that_can_be_done_again() {
    let mut shop = Shop::open();
    shop.read(1, "today.csv", &orders(0, 10, 0), false);
    shop.read(2, "tomorrow.csv", &orders(0, 12, 5), false);
    shop.0.undo();
    assert!(!shop.fetch(7, &orders(0, 10, 0)));
    shop.check(&[(10, 0, 0, true, "today.csv"), (2, 5, 5, false, "tomorrow.csv")]);
    assert!(shop.0.redo());
    assert!(!shop.fetch(7, &orders(0, 12, 5)));
    assert!(shop.fetch(7, &orders(0, 12, 6)));
    shop.check(&[
        (10, 0, 0, true, "today.csv"),
        (2, 5, 5, true, "tomorrow.csv"),
        (0, 1, 11, true, "orders.csv"),
    ]);
    let ids: Vec<u64> = shop.steps().iter().map(|step| step.id).collect();
    assert_eq!(ids, [1, 2, 3], "a look that is no step takes no number");
}

#[test]
fn the_age_of_a_source_is_renewed_by_a_look_that_brings_nothing() {
    let mut shop = Shop::open();
    shop.fetch(7, &orders(0, 10, 0));
    let read_at = |shop: &Shop| shop.0.sources().first().map(|source| source.read_at.0);
    let before = read_at(&shop).expect("a source");
    shop.fetch(7, &orders(0, 10, 0));
    assert_eq!(read_at(&shop), Some(before + 60_000));
    // Known from a file of another name: the file is still where it is from.
    shop.read(9, "copy.csv", &orders(0, 10, 0), true);
    assert_eq!(shop.0.sources().len(), 1);
}

#[test]
fn months_of_refreshes_are_bounded() {
    let mut shop = Shop::open();
    shop.fetch(7, &orders(0, 2, 0));
    // As often as they differ: the same order is shipped and paid again and again.
    for at in 0..32 * 96 + 500 {
        assert!(shop.fetch(7, &orders(0, 2, at % 2 + 1)), "look {at}");
    }
    let steps = shop.steps();
    assert_eq!(steps.len(), 32, "what is older is settled");
    while shop.0.undo() {}
    assert_eq!(shop.0.sources().len(), 1, "its rows stay");
}
