//! Imports as steps: what is told of each, and that taking back and doing again leaves no trace.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where it is wrong")]

use proptest::prelude::*;
use std::fmt::Write;
use stockpit::engine::{Added, Engine, Entered};
use stockpit::ingest::{Finish, Rows, Step};
use stockpit::keep::{KeptStep, SegmentKind, orders_chunk, stock_chunk};
use stockpit::protocol::{
    Cockpit, Command, DataSource, Event, FileId, Settings, SourceInfo, StepInfo, TimeRange, View,
};
use stockpit::time::UtcMillis;

const NOW: UtcMillis = UtcMillis(1_782_000_000_000);

/// A page's engine and what a browser keeps of it.
struct Shop {
    engine: Engine,
    batch: u32,
    segments: Vec<(u64, SegmentKind, Vec<u8>, SourceInfo)>,
    steps: Vec<KeptStep>,
}

fn opened(mut engine: Engine) -> (Engine, Vec<Event>) {
    let events = engine.apply(
        Command::Open {
            settings: Settings::default(),
            view: View::default(),
            request: 0,
            demo: Some(TimeRange::LastDay),
        },
        NOW,
    );
    (engine, events)
}

impl Shop {
    fn open() -> Self {
        Self {
            engine: opened(Engine::new()).0,
            batch: 0,
            segments: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// Drops some files at once.
    fn drop_files(&mut self, files: &[(&str, &str)]) {
        self.batch += 1;
        for (at, (name, text)) in files.iter().enumerate() {
            let id = FileId::whole(self.batch, u32::try_from(at).unwrap_or(0));
            let mut import = self.engine.import(name, text.len() as u64);
            let imported = loop {
                if import.push(text.as_bytes()) == Step::Again {
                    continue;
                }
                match import.finish() {
                    Finish::Again(again) => import = again,
                    Finish::Done(imported) => break imported,
                }
            };
            let Entered { change, .. } = self.engine.enter(id, imported, 1, NOW);
            if let Some(Added {
                kind,
                rows,
                source,
                step,
                ..
            }) = change
            {
                let bytes = match rows {
                    None => all(|at| self.engine.kept_chunk(kind, at)),
                    Some(Rows::Orders(batch)) => all(|at| orders_chunk(batch.columns(), at)),
                    Some(Rows::Stock(batch)) => all(|at| stock_chunk(batch.columns(), &batch.names, at)),
                    Some(Rows::None) => panic!("no rows are no change"),
                };
                self.segments.push((step, kind, bytes, source));
            }
            self.follow_steps();
        }
    }

    /// What the store does when steps change.
    fn follow_steps(&mut self) {
        let old = std::mem::replace(&mut self.steps, self.engine.kept_steps());
        let is_gone = |number: u64| old.iter().any(|step| step.number == number && !step.stands);
        self.segments.retain_mut(|(number, ..)| {
            let has = self.steps.iter().any(|step| step.number == *number);
            if !has && is_gone(*number) {
                return false;
            }
            if !has {
                *number = 0;
            }
            true
        });
    }

    fn command(&mut self, command: Command) {
        self.engine.apply(command, NOW);
        self.follow_steps();
    }

    /// As the next visit finds it.
    fn reload(&mut self) {
        let mut engine = Engine::new();
        for (step, kind, bytes, source) in &self.segments {
            let sources = std::slice::from_ref(source);
            engine
                .restore_step(*step, *kind, bytes, sources)
                .expect("what was kept can be read");
        }
        engine.recall(&self.steps);
        self.engine = opened(engine).0;
        self.batch = 0;
        assert_eq!(
            self.engine.kept_steps(),
            self.steps,
            "the steps come back as they were"
        );
    }

    fn steps(&self) -> Vec<StepInfo> {
        match self.engine.steps() {
            Event::Steps(steps) => steps,
            other => panic!("not {other:?}"),
        }
    }

    fn cockpit(&mut self, view: &View) -> Cockpit {
        let show = Command::Show {
            view: view.clone(),
            request: 1,
        };
        match self.engine.apply(show, NOW).pop() {
            Some(Event::Cockpit { cockpit, .. }) => *cockpit,
            other => panic!("a view is answered by a cockpit, not {other:?}"),
        }
    }
}

fn all(chunk: impl Fn(usize) -> Option<Vec<u8>>) -> Vec<u8> {
    (0..).map_while(chunk).flatten().collect()
}

const HEADER: &str =
    "order id,created,paid time,status,sku,qty,amount,paid amount,currency,channel,province,shop\n";

const TODAY: &str = "\
order id,created,paid time,status,sku,qty,amount,paid amount,currency,channel,province,shop
1,2026-06-01 10:00:00,2026-06-01 10:05:00,paid,A,2,200.00,180.00,CNY,Tmall,Guangdong,S
2,2026-06-01 11:00:00,,unpaid,B,1,50.00,,CNY,Tmall,Zhejiang,S
3,2026-06-02 09:00:00,2026-06-02 09:05:00,paid,A,1,100.00,90.00,CNY,Tmall,Zhejiang,S
4,2026-06-02 12:00:00,2026-06-02 12:05:00,paid,C,1,10.00,10.00,CNY,Tmall,Zhejiang,S
5,2026-05-01 12:00:00,2026-05-01 12:05:00,paid,C,1,10.00,10.00,CNY,Tmall,Zhejiang,S
6,2026-06-02 12:00:00,2026-06-02 12:05:00,paid,C,1,10.00,10.00,CNY,Douyin,Zhejiang,T
";

/// Order 1 is shipped, 2 is paid, 3 is as it was, 4 has vanished, 7 and 8 are new; 5 and 6 are outside of it.
const TOMORROW: &str = "\
order id,created,paid time,status,sku,qty,amount,paid amount,currency,channel,province,shop
1,2026-06-01 10:00:00,2026-06-01 10:05:00,shipped,A,2,200.00,180.00,CNY,Tmall,Guangdong,S
2,2026-06-01 11:00:00,2026-06-02 23:00:00,paid,B,1,50.00,48.00,CNY,Tmall,Zhejiang,S
3,2026-06-02 09:00:00,2026-06-02 09:05:00,paid,A,1,100.00,90.00,CNY,Tmall,Zhejiang,S
7,2026-06-03 09:00:00,2026-06-03 09:05:00,paid,A,1,100.00,90.00,CNY,Tmall,Zhejiang,S
8,2026-06-03 10:00:00,2026-06-03 10:05:00,paid,D,3,30.00,30.00,CNY,Tmall,Hainan,S
";

const STOCK: &str = "sku,warehouse,available,on hand\nA,East,4,6\nB,East,0,0\n";

#[test]
fn a_step_tells_what_it_changed() {
    let mut shop = Shop::open();
    shop.drop_files(&[("orders.csv", TODAY), ("stock.csv", STOCK)]);
    let later = STOCK.replace("A,East,4,6", "A,East,9,11");
    shop.drop_files(&[("orders2.csv", TOMORROW), ("stock2.csv", &later)]);
    let steps = shop.steps();
    assert_eq!(steps.len(), 2, "the files of one drop are one step");
    assert_eq!(steps[0].files, ["orders.csv", "stock.csv"]);
    let diff = &steps[0].diff;
    assert_eq!((diff.new, diff.changed, diff.same, diff.vanished), (6, 0, 0, 0));
    assert_eq!((diff.before.orders, diff.after.orders), (0, 6));
    let diff = &steps[1].diff;
    assert_eq!((diff.new, diff.changed, diff.same, diff.vanished), (2, 2, 1, 1));
    let changes: Vec<(&str, &str, u64)> = diff
        .statuses
        .iter()
        .map(|(from, to, lines)| (from.as_str(), to.as_str(), *lines))
        .collect();
    assert_eq!(changes, [("created", "paid", 1), ("paid", "shipped", 1)]);
    assert_eq!(diff.amounts, 1);
    assert_eq!((diff.stock_new, diff.stock_changed, diff.stock_same), (0, 1, 1));
    let totals = |totals: &stockpit::protocol::StepTotals| {
        let gmv: Vec<String> = totals
            .gmv
            .iter()
            .map(|(currency, gmv)| format!("{currency} {}", gmv.to_decimal(2)))
            .collect();
        let quantity = |value: Option<stockpit::money::Fixed>| value.map(|value| value.to_decimal(0));
        format!(
            "{gmv:?} {:?} {} {:?}",
            quantity(totals.units),
            totals.orders,
            quantity(totals.on_hand)
        )
    };
    assert_eq!(totals(&diff.before), r#"["CNY 380.00"] Some("7") 6 Some("6")"#);
    assert_eq!(totals(&diff.after), r#"["CNY 510.00"] Some("11") 8 Some("11")"#);
    // The same again counts nothing, and misses what it missed.
    shop.drop_files(&[("again.csv", TOMORROW)]);
    let again = &shop.steps()[2].diff;
    assert_eq!(
        (again.new, again.changed, again.same, again.vanished),
        (0, 0, 5, 1)
    );
    assert_eq!(again.before, again.after);
}

#[test]
fn the_demo_is_no_step_and_does_not_come_back() {
    let mut shop = Shop::open();
    assert!(!shop.engine.undo(), "there is nothing to take back in the demo");
    shop.drop_files(&[("orders.csv", TODAY)]);
    shop.command(Command::Undo);
    assert_eq!(shop.cockpit(&View::default()).source, DataSource::Empty);
    shop.reload();
    assert_eq!(shop.cockpit(&View::default()).source, DataSource::Empty);
    shop.command(Command::Redo);
    assert_eq!(shop.cockpit(&View::default()).lines, 6);
}

#[test]
fn at_least_twenty_steps_can_be_taken_back() {
    let mut shop = Shop::open();
    let mut screens = Vec::new();
    for day in 1..=40 {
        let text = format!("{HEADER}{day},2026-06-01 10:00:00,,paid,A,{day},1.00,,CNY,Tmall,,S\n");
        shop.drop_files(&[("a.csv", &text)]);
        screens.push(shop.cockpit(&View::default()).lines);
    }
    let mut undone = 0;
    while shop.engine.undo() {
        undone += 1;
        assert_eq!(shop.cockpit(&View::default()).lines, screens[39 - undone]);
    }
    assert_eq!(undone, 32);
}

/// Something that a user does.
#[derive(Clone, Debug)]
enum Act {
    /// Drops files: of each, its lines as (order, SKU, status, quantity, day) or its levels as (SKU, count).
    Drop(Vec<File>),
    Undo,
    Redo,
    Reload,
}

#[derive(Clone, Debug)]
enum File {
    Orders(Vec<(u8, u8, u8, u8, u8)>),
    Stock(Vec<(u8, u8)>),
}

fn act() -> impl Strategy<Value = Act> {
    let line = (0_u8..12, 0_u8..3, 0_u8..4, 1_u8..4, 1_u8..9);
    let file = prop_oneof![
        3 => prop::collection::vec(line, 1..50).prop_map(File::Orders),
        1 => prop::collection::vec((0_u8..5, 0_u8..9), 1..6).prop_map(File::Stock),
    ];
    prop_oneof![
        5 => prop::collection::vec(file, 1..3).prop_map(Act::Drop),
        4 => Just(Act::Undo),
        3 => Just(Act::Redo),
        1 => Just(Act::Reload),
    ]
}

/// The text of a file; some orders have more lines than are walked one by one.
fn text(file: &File) -> String {
    let mut text = String::new();
    match file {
        File::Orders(lines) => {
            text.push_str(HEADER);
            for (order, sku, status, quantity, day) in lines {
                let status = ["unpaid", "paid", "shipped", "cancelled"][usize::from(*status)];
                let order = if *order > 8 { 9 } else { *order };
                let _ = writeln!(
                    text,
                    "{order},2026-06-{day:02} 1{order}:00:00,2026-06-{day:02} 20:00:00,{status},S{sku},{quantity},{quantity}0.00,,CNY,C{},P{sku},X",
                    order % 2
                );
            }
        }
        File::Stock(levels) => {
            text.push_str("sku,warehouse,available,on hand\n");
            for (sku, count) in levels {
                let _ = writeln!(text, "S{sku},W,{count},{count}");
            }
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever is dropped, taken back, done again and reloaded: the tables are those of the steps that stand.
    #[test]
    fn the_tables_are_those_of_the_steps_that_stand(acts in prop::collection::vec(act(), 1..14)) {
        let mut shop = Shop::open();
        let (mut steps, mut standing): (Vec<Vec<String>>, usize) = (Vec::new(), 0);
        let drop_all = |shop: &mut Shop, texts: &[String]| {
            let names: Vec<String> = (0..texts.len()).map(|at| format!("{at}.csv")).collect();
            let files: Vec<(&str, &str)> = names.iter().zip(texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
            shop.drop_files(&files);
        };
        for act in acts {
            match act {
                Act::Drop(files) => {
                    steps.truncate(standing);
                    steps.push(files.iter().map(text).collect());
                    standing = steps.len();
                    drop_all(&mut shop, &steps[standing - 1]);
                }
                Act::Undo => {
                    shop.command(Command::Undo);
                    standing = standing.saturating_sub(1);
                }
                Act::Redo => {
                    shop.command(Command::Redo);
                    standing = steps.len().min(standing + 1);
                }
                Act::Reload => shop.reload(),
            }
            if steps.is_empty() {
                continue;
            }
            let mut plain = Shop::open();
            for texts in &steps[..standing] {
                drop_all(&mut plain, texts);
            }
            let expect = if standing == 0 { None } else { Some(plain.cockpit(&View::default())) };
            let is = shop.cockpit(&View::default());
            match expect {
                None => prop_assert_eq!(is.source, DataSource::Empty),
                Some(expect) => prop_assert_eq!(is, expect),
            }
            let stand = shop.steps().iter().filter(|step| step.stands).count();
            prop_assert_eq!((stand, shop.steps().len()), (standing, steps.len()));
        }
    }
}
