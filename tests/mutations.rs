//! A thousand damaged files: none panics, hangs or fills the memory, and each gives a report. What rows do get in
//! leave the engine as if it had been told of them at once.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops where it is wrong"
)]

#[path = "mutations/bases.rs"]
mod bases;
#[path = "mutations/chance.rs"]
mod chance;
#[path = "mutations/mutate.rs"]
mod mutate;

use chance::Chance;
use std::alloc::System;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use stockpit::engine::{Added, Engine, Entered};
use stockpit::ingest::{
    CONTAINER_HEAD, Finish, Import, Imported, Intake, Options, ReadNews, ReadTask, Rows, Step, container_of,
    read_container,
};
use stockpit::keep::{SegmentKind, orders_chunk, stock_chunk};
use stockpit::protocol::{Cockpit, Command, Event, FileId, FileState, Settings, View};
use stockpit::time::UtcMillis;

/// Files.
const FILES: usize = 1000;
/// Longest that one may take.
const LONGEST: Duration = Duration::from_secs(10);
/// Most memory that reading one may take, of the 2 GB that the reader has (build.rs): no file here has more than
/// some MB, and there may be ones a hundred times as large.
const MOST_MEMORY: usize = 512 << 20;
/// Files after which an engine is held against one that was told of them at once.
const ROUND: usize = 100;
/// Some day in June 2026.
const NOW: UtcMillis = UtcMillis(1_781_784_852_000);

#[global_allocator]
static MEMORY: cap::Cap<System> = cap::Cap::new(System, usize::MAX);

fn options() -> Options {
    Options {
        salt: 7,
        ..Options::default()
    }
}

/// Reads a file as the reader's worker does, in chunks of odd sizes.
fn read(name: &str, bytes: &[u8], chance: &mut Chance) -> Vec<Imported> {
    if container_of(&bytes[..bytes.len().min(CONTAINER_HEAD)]).is_some() {
        return parts(name, bytes.to_vec());
    }
    let size = {
        let most = [7, 1000, 70_000, 300_000][chance.below(4)];
        1 + chance.below(most)
    };
    let mut import = Import::new(name, bytes.len() as u64, options());
    for _ in 0..64 {
        let step = bytes
            .chunks(size)
            .map(|chunk| import.push(chunk))
            .find(|step| *step != Step::More);
        if step == Some(Step::Again) {
            continue;
        }
        match import.finish() {
            Finish::Again(again) => import = again,
            Finish::Done(imported) => return vec![imported],
        }
    }
    panic!("the file is read for ever");
}

fn parts(name: &str, bytes: Vec<u8>) -> Vec<Imported> {
    let task = ReadTask::new(name.to_owned(), bytes.len() as u64, None, &options());
    let (mut parts, mut intake) = (Vec::new(), Intake::default());
    let mut hand = async |news: ReadNews| match news {
        ReadNews::Block(block) => intake.enter(block),
        ReadNews::Again => intake = Intake::default(),
        ReadNews::Done(part) => parts.push(std::mem::take(&mut intake).finish(part)),
        _ => {}
    };
    {
        let reading = pin!(read_container(bytes, &task, options().decoders, &mut hand));
        let polled = reading.poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(polled, Poll::Ready(())), "nothing here waits");
    }
    parts
}

/// An engine with the rows of some files, and these rows as a browser keeps them.
struct Shop {
    engine: Engine,
    files: u32,
    kept: Vec<(SegmentKind, Vec<u8>)>,
}

impl Shop {
    fn open() -> Self {
        let mut engine = Engine::new();
        let settings = Settings {
            zone: "Asia/Shanghai".to_owned(),
            ..Settings::default()
        };
        engine.apply(
            Command::Open {
                settings,
                view: View::default(),
                request: 0,
                demo: None,
            },
            NOW,
        );
        Self {
            engine,
            files: 0,
            kept: Vec::new(),
        }
    }

    fn enter(&mut self, imported: Imported) {
        self.files += 1;
        let Entered { change, .. } = self.engine.enter(FileId::whole(self.files, 0), imported, 1, NOW);
        let Some(Added { kind, rows, .. }) = change else {
            return;
        };
        let bytes = match rows {
            None => all(|at| self.engine.kept_chunk(kind, at)),
            Some(Rows::Orders(batch)) => all(|at| orders_chunk(batch.columns(), at)),
            Some(Rows::Stock(batch)) => all(|at| stock_chunk(batch.columns(), &batch.names, at)),
            Some(Rows::None) => panic!("no rows are no change"),
        };
        self.kept.push((kind, bytes));
    }

    fn show(&mut self) -> Vec<Cockpit> {
        let view = View::default();
        let events = self.engine.apply(Command::Show { view, request: 1 }, NOW);
        let cockpits = events.into_iter().filter_map(|event| match event {
            // Files that brought nothing new are named too, and not kept.
            Event::Cockpit { cockpit, .. } => Some(Cockpit {
                sources: Vec::new(),
                ..*cockpit
            }),
            _ => None,
        });
        cockpits.collect()
    }

    /// An engine that is told of all rows before it shows anything.
    fn plain(&self) -> Self {
        let mut plain = Self::open();
        for (kind, bytes) in &self.kept {
            plain.engine.restore(*kind, bytes).expect("what is kept is whole");
        }
        plain
    }
}

fn all(chunk: impl Fn(usize) -> Option<Vec<u8>>) -> Vec<u8> {
    (0..).map_while(chunk).flatten().collect()
}

/// Holds two answers against each other, and tells the first line in which they differ.
#[track_caller]
fn same(shown: &[Cockpit], plain: &[Cockpit], about: &str) {
    if shown == plain {
        return;
    }
    let [shown, plain] = [shown, plain].map(|cockpits| format!("{cockpits:#?}"));
    let mut lines = (1..).zip(shown.lines().zip(plain.lines()));
    let differing = lines.find(|(_, (one, other))| one != other);
    panic!("told one by one and at once, {about}: {differing:?}");
}

#[test]
fn a_thousand_damaged_files_give_a_report_each() {
    let set = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|number| number.parse::<usize>().ok())
    };
    // MUTATIONS=40000 looks at more of them, ONLY=17 at one.
    let (only, count) = (set("ONLY"), set("MUTATIONS").unwrap_or(FILES));
    let files = [bases::own(), bases::shared()].concat();
    let mut shop = Shop::open();
    let (mut slowest, mut largest, mut states) = ((Duration::ZERO, 0), (0, 0), [0_u32; 3]);
    let mut peak = MEMORY.max_allocated();
    for number in 0..count {
        if only.is_some_and(|only| only != number) {
            continue;
        }
        let mut chance = Chance::new(number as u64);
        let (name, base) = &files[number % files.len()];
        let (bytes, told) = mutate::mutate(base, &mut chance);
        let about = format!("file {number}: {name}, {} bytes; {told}", bytes.len());
        if std::env::var_os("TELL").is_some() {
            println!("{about}");
        }
        let before = MEMORY.allocated();
        // Beyond it the test ends here, and TELL says at which file.
        MEMORY.set_limit(before + MOST_MEMORY).unwrap();
        let began = Instant::now();
        let imported = catch_unwind(AssertUnwindSafe(|| read(name, &bytes, &mut chance)));
        let took = began.elapsed();
        MEMORY.set_limit(usize::MAX).unwrap();
        slowest = slowest.max((took, number));
        assert!(took < LONGEST, "{took:?} for {about}");
        // Only a new peak is seen.
        if MEMORY.max_allocated() > peak {
            largest = largest.max((MEMORY.max_allocated() - before, number));
        }
        let Ok(imported) = imported else { panic!("{about}") };
        assert!(!imported.is_empty(), "no report: {about}");
        for part in imported {
            let report = &part.report;
            assert!(report.failure.is_some() || report.rows > 0, "{about}: {report:?}");
            // What failed says why, as a whole or row by row.
            let is_told = report.failure.is_some() || !report.refusals.is_empty();
            assert!(
                report.state != FileState::Failed || is_told,
                "{about}: {report:?}"
            );
            if report.failure.is_none() {
                assert_eq!(report.rows, report.accepted + report.rejected, "{about}");
            }
            states[match report.state {
                FileState::Done => 0,
                FileState::Partial => 1,
                _ => 2,
            }] += 1;
            shop.enter(part);
        }
        let began = Instant::now();
        let shown = shop.show();
        assert!(began.elapsed() < LONGEST, "the engine: {about}");
        if (number + 1).is_multiple_of(ROUND) {
            let mut plain = shop.plain();
            same(&shown, &plain.show(), &about);
            shop = Shop::open();
        }
        peak = MEMORY.max_allocated();
    }
    println!("{states:?} done, partial, failed; slowest {slowest:?}; largest {largest:?}");
}
