//! What bytes of any kind must not do to the parts that read them. `cargo xtask fuzz` looks for bytes that do;
//! `tests/corpus.rs` gives each target what was found before, and its seeds.
//!
//! A target panics where something does not hold, and never otherwise.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use stockpit::engine::Engine;
use stockpit::engine::library::Call;
use stockpit::ingest::{
    Finish, Import, Imported, Intake, Options, ReadNews, ReadTask, Rows, Step, container_of, read_container,
};
use stockpit::keep::{self, Batch, Disk, Fault, Refused, SegmentKind, Store};
use stockpit::model::{NameColumns, StockColumns};
use stockpit::protocol::{
    ColumnReport, Command, FileId, FileKind, FileReport, Note, Settings, SourceInfo, Use, View,
};
use stockpit::time::{UtcMillis, Zone};
use xxhash_rust::xxh64::xxh64;

/// More memory than any input of some KB has a right to, in bytes. Both programs that run targets allocate
/// within it.
pub const MOST_MEMORY: usize = 256 << 20;

/// A target.
pub type Target = fn(&[u8]);

/// All targets by name.
pub const ALL: [(&str, Target); 6] = [
    ("csv", file),
    ("json", file),
    ("container", container),
    ("stored", stored),
    ("manifest", manifest),
    ("library", library),
];

/// Some day in June 2026.
const NOW: UtcMillis = UtcMillis(1_781_784_852_000);

// ---- files

/// How a file comes, from the first three bytes of an input. The line end after them is left out.
struct Coming<'a> {
    /// The size of every other chunk, and of those between.
    chunks: [usize; 2],
    /// Bytes that the hypothesis is made from.
    head: usize,
    options: Options,
    file: &'a [u8],
}

impl<'a> Coming<'a> {
    fn of(input: &'a [u8]) -> Option<Self> {
        let ([chunk, head, options], file) = input.split_first_chunk()?;
        Some(Self {
            chunks: [1 + usize::from(chunk & 31), 1 + 9 * usize::from(chunk >> 5)],
            head: [32, 200, 1000, 128 << 10][usize::from(head & 3)],
            options: Options {
                zone: Zone::named(["Asia/Shanghai", "America/Santiago"][usize::from(options & 1)]).unwrap(),
                currency: ["", "CNY"][usize::from(options >> 1 & 1)].to_owned(),
                salt: 7,
                ..Options::default()
            },
            file: file.strip_prefix(b"\n").unwrap_or(file),
        })
    }

    fn import(&self, mut cut: impl FnMut() -> usize) -> Imported {
        let size = self.file.len() as u64;
        let mut import = Import::new("x.csv", size, self.options.clone()).with_head(self.head);
        // Each time something is ruled out: encodings, quotes, and two things of a column.
        for _ in 0..64 {
            let mut rest = self.file;
            let mut step = Step::More;
            while step == Step::More && !rest.is_empty() {
                let (chunk, after) = rest.split_at(cut().min(rest.len()));
                step = import.push(chunk);
                rest = after;
            }
            if step == Step::Again {
                continue;
            }
            match import.finish() {
                Finish::Again(again) => import = again,
                Finish::Done(imported) => return imported,
            }
        }
        panic!("the file is read for ever");
    }
}

/// Headers of the columns that are read as quantities in stock.
fn quantities(report: &FileReport) -> Vec<&str> {
    let is_meant = |column: &&ColumnReport| matches!(&column.used, Use::Field(field) if ["on_hand", "available"].contains(&field.as_str()));
    let columns = report.columns.iter().filter(is_meant);
    columns.map(|column| column.header.as_str()).collect()
}

/// A file: read in chunks and in one, kept, shown.
fn file(input: &[u8]) {
    let Some(coming) = Coming::of(input) else { return };
    let mut at = 0;
    let imported = coming.import(|| {
        at = 1 - at;
        coming.chunks[1 - at]
    });
    let whole = coming.import(|| usize::MAX);
    assert_eq!(
        imported.report, whole.report,
        "where a file is cut makes no difference"
    );
    assert_eq!(imported.refused, whole.refused);
    assert_eq!(bytes_of(&imported.rows), bytes_of(&whole.rows));

    let report = &imported.report;
    let count = |n: usize| n as u64;
    assert_eq!(report.size, count(coming.file.len()));
    // One row beyond the line ends, which are of three kinds; an array has no rows between its objects.
    let most = coming
        .file
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r' | b'{'))
        .count();
    assert!(report.rows <= count(most) + 1, "{report:?}");
    assert_eq!(count(imported.refused.len()), report.rejected);
    assert_eq!(
        report.refusals.iter().map(|group| group.rows).sum::<u64>(),
        report.rejected
    );
    assert!(imported.refused.starts_with(&report.refused));
    let idle = report.notes.iter().map(|note| match note {
        Note::WithoutQuantity(rows) => *rows,
        _ => 0,
    });
    let idle: u64 = idle.sum();
    let held = match &imported.rows {
        Rows::None => 0,
        Rows::Orders(batch) => {
            assert_eq!(report.kind, FileKind::Orders);
            batch.columns().len()
        }
        Rows::Stock(batch) if report.kind == FileKind::Crosswalk => {
            assert!(batch.columns().is_empty());
            assert!(batch.idle <= report.accepted, "{report:?}");
            report.accepted.try_into().unwrap_or(usize::MAX)
        }
        Rows::Stock(batch) => {
            assert_eq!(report.kind, FileKind::Stock);
            let held = batch.columns().len();
            let levels = batch.added() + count(held);
            // A row with a column for each place is as many levels as it has counts: of none, it is none.
            let quantities = quantities(report);
            let columns = batch.columns();
            let is_place = |code: &u32| {
                let place = columns.warehouses.text(*code).trim();
                quantities.iter().any(|header| header.trim() == place)
            };
            if columns.warehouse.iter().all(is_place) {
                let range = report.accepted - idle..=report.accepted * count(quantities.len());
                assert!(range.contains(&levels), "{levels} levels: {report:?}");
            } else {
                assert_eq!(levels, report.accepted, "levels of one key are added up");
            }
            held.min(report.accepted.try_into().unwrap_or(usize::MAX))
        }
    };
    assert!(count(held) <= report.accepted, "{held} rows: {report:?}");
    if report.failure.is_none() {
        assert_eq!(report.rows, report.accepted + report.rejected, "{report:?}");
        let is_idle = report.kind == FileKind::Stock && idle == report.accepted;
        assert!(held > 0 || report.accepted == 0 || is_idle, "{report:?}");
    }
    if let Some((kind, bytes)) = bytes_of(&imported.rows) {
        keeps(kind, &bytes);
    }

    let mut engine = shop();
    let id = FileId::whole(0, 0);
    for _ in 0..2 {
        engine.finish(id, imported.clone(), 0, NOW);
    }
    engine.apply(Command::ExportRefused(id), NOW);
}

/// A workbook, an archive or a page: each part has a report, and its rows enter.
fn container(input: &[u8]) {
    // What the reader of old workbooks does with lengths that lie is known: it ends the worker, which is told.
    let is_fuzzed = std::env::var_os("STOCKPIT_FUZZ").is_some();
    let is_old = is_fuzzed && input.starts_with(b"\xD0\xCF\x11\xE0");
    if is_old || container_of(input).is_none() {
        return;
    }
    let options = Options {
        salt: 7,
        ..Options::default()
    };
    let task = ReadTask::new("x.zip".to_owned(), input.len() as u64, None, &options);
    let (mut parts, mut intake) = (Vec::new(), Intake::default());
    let mut hand = async |news: ReadNews| match news {
        ReadNews::Block(block) => intake.enter(block),
        ReadNews::Again => intake = Intake::default(),
        ReadNews::Done(part) => parts.push(std::mem::take(&mut intake).finish(part)),
        ReadNews::Progress { .. } => {}
        other => panic!("a container does not say {other:?}"),
    };
    now(read_container(input.to_vec(), &task, options.decoders, &mut hand));
    assert!(!parts.is_empty(), "no report");
    let mut engine = shop();
    for (part, imported) in (0..).zip(parts) {
        let report = &imported.report;
        assert!(report.failure.is_some() || report.rows > 0, "{report:?}");
        if report.failure.is_none() {
            assert_eq!(report.rows, report.accepted + report.rejected, "{report:?}");
        }
        assert_eq!(imported.refused.len() as u64, report.rejected);
        if let Some((kind, bytes)) = bytes_of(&imported.rows) {
            keeps(kind, &bytes);
        }
        engine.finish(FileId::whole(part, 0), imported, 0, NOW);
    }
}

/// The rows of a file, an input of `csv`, as they are stored.
#[allow(dead_code, reason = "the fuzzer needs no seeds of its own")]
pub fn stored_bytes(input: &[u8]) -> Option<Vec<u8>> {
    let coming = Coming::of(input)?;
    bytes_of(&coming.import(|| usize::MAX).rows).map(|(_, bytes)| bytes)
}

fn bytes_of(rows: &Rows) -> Option<(SegmentKind, Vec<u8>)> {
    match rows {
        Rows::None => None,
        Rows::Orders(batch) => Some((
            SegmentKind::Orders,
            joined(|at| keep::orders_chunk(batch.columns(), at)),
        )),
        Rows::Stock(batch) => Some((
            SegmentKind::Stock,
            joined(|at| keep::stock_chunk(batch.columns(), &batch.names, at)),
        )),
    }
}

fn joined(mut chunk: impl FnMut(usize) -> Option<Vec<u8>>) -> Vec<u8> {
    (0..).map_while(&mut chunk).flatten().collect()
}

/// An engine whose page has opened.
fn shop() -> Engine {
    let mut engine = Engine::new();
    let open = Command::Open {
        settings: Settings::default(),
        view: View::default(),
        request: 1,
        demo: None,
    };
    engine.apply(open, NOW);
    engine
}

// ---- what is kept

/// Stored rows: order lines after an even byte, levels after an odd one.
fn stored(input: &[u8]) {
    let Some((first, bytes)) = input.split_first() else {
        return;
    };
    let kind = if first % 2 == 0 {
        SegmentKind::Orders
    } else {
        SegmentKind::Stock
    };
    let Some(again) = taken(kind, bytes) else { return };
    keeps(kind, &again);
    let mut engine = shop();
    for bytes in [bytes, &again] {
        assert!(engine.restore(kind, bytes).is_ok());
        engine.screen(NOW);
    }
}

/// What was written is taken, and written the same again.
fn keeps(kind: SegmentKind, bytes: &[u8]) {
    let again = taken(kind, bytes);
    assert!(
        again.as_deref() == Some(bytes),
        "what was written changed when it was read"
    );
}

/// `bytes` as rows, as bytes; `None` for damage.
fn taken(kind: SegmentKind, bytes: &[u8]) -> Option<Vec<u8>> {
    let shown = |rows: &Rows| match rows {
        Rows::None => String::new(),
        Rows::Orders(batch) => format!("{:?}", batch.columns()),
        Rows::Stock(batch) => format!("{:?} {:?}", batch.columns(), batch.names),
    };
    let read = |bytes: &[u8]| match kind {
        SegmentKind::Orders => keep::orders(bytes).map(Rows::Orders),
        SegmentKind::Stock => keep::stock(bytes).map(Rows::Stock),
    };
    let rows = read(bytes).ok()?;
    let (_, again) = bytes_of(&rows)?;
    let same = read(&again).expect("what is written can be read");
    assert_eq!(shown(&rows), shown(&same));
    Some(again)
}

/// A disk: two manifests, a segment and the name of another. The first byte says which manifests get a right
/// checksum, the next two how many bytes they have.
fn manifest(input: &[u8]) {
    let Some(([control, a, b], rest)) = input.split_first_chunk() else {
        return;
    };
    let disk = Folder::default();
    let (a, rest) = rest.split_at(usize::from(*a).min(rest.len()));
    let (b, segment) = rest.split_at(usize::from(*b).min(rest.len()));
    for (name, bytes, bits) in [
        ("manifest-a", a, control & 3),
        ("manifest-b", b, control >> 2 & 3),
    ] {
        if bits == 3 {
            continue;
        }
        disk.put(name, signed(bytes, bits > 0));
    }
    disk.put("segment-0", segment.to_vec());
    disk.put(
        ["segment-7", "segment-18446744073709551615", "segment-x", "notes"][usize::from(control >> 4 & 3)],
        vec![],
    );
    let before = disk.files();
    let tidy = control & 64 > 0;
    let take = |piece: keep::Piece<'_>, bytes: &[u8]| match piece.kind {
        SegmentKind::Orders => keep::orders(bytes).map(|_| ()),
        SegmentKind::Stock => keep::stock(bytes).map(|_| ()),
    };
    let opened = match now(Store::open(disk.clone(), tidy, take)) {
        Ok(opened) => opened,
        Err(Refused::Newer(version)) => {
            assert!(version > 3, "version {version} is not newer");
            assert_eq!(disk.files(), before, "what a newer program wrote is left alone");
            return;
        }
        Err(Refused::Fault(fault)) => panic!("this disk has no faults: {fault}"),
    };
    let mut store = opened.store;
    let kept: Vec<SourceInfo> = store.sources().cloned().collect();
    assert_eq!(kept, opened.sources);
    let (_, _) = (store.bytes(), store.is_scattered());
    assert!(matches!(now(store.take_over()), Ok(true)));

    // Whatever was there: what is kept now stays.
    let source = SourceInfo {
        name: "new".to_owned(),
        kind: FileKind::Stock,
        accepted: 0,
        rejected: 0,
        read_at: NOW,
    };
    let empty = StockColumns::default();
    let batch = Batch {
        kind: SegmentKind::Stock,
        sources: vec![source.clone()],
        chunks: &mut |at| keep::stock_chunk(&empty, &NameColumns::default(), at),
        step: 0,
        stay: keep::Stay::Good,
    };
    now(store.commit(batch, &[])).expect("this disk has no faults");
    let again = now(Store::open(disk.clone(), true, take)).expect("it was opened before");
    assert!(again.lost.is_empty() && !again.lost_all);
    let mut expect = kept;
    expect.push(source);
    assert_eq!(again.sources, expect);
    now(keep::forget(disk.clone())).expect("this disk has no faults");
    let gone = now(Store::open(disk, true, take)).expect("nothing is newer");
    assert!(gone.sources.is_empty() && gone.lost.is_empty() && !gone.lost_all);
}

/// A manifest with its checksum made right.
fn signed(bytes: &[u8], right: bool) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if right && let Some((head, body)) = bytes.split_at_mut_checked(12) {
        head[4..].copy_from_slice(&xxh64(body, 0).to_le_bytes());
    }
    bytes
}

/// A disk in memory that does what it is asked.
#[derive(Clone, Debug, Default)]
struct Folder(Rc<RefCell<BTreeMap<String, Vec<u8>>>>);

impl Folder {
    fn put(&self, name: &str, bytes: Vec<u8>) {
        self.0.borrow_mut().insert(name.to_owned(), bytes);
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.0.borrow().clone()
    }
}

impl Disk for Folder {
    type File = String;

    async fn names(&self) -> Result<Vec<String>, Fault> {
        Ok(self.0.borrow().keys().cloned().collect())
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.0.borrow().get(name).cloned())
    }

    async fn create(&self, name: &str) -> Result<String, Fault> {
        self.put(name, Vec::new());
        Ok(name.to_owned())
    }

    async fn append(&self, file: &mut String, bytes: &[u8]) -> Result<(), Fault> {
        self.0.borrow_mut().entry(file.clone()).or_default().extend(bytes);
        Ok(())
    }

    async fn close(&self, _: String) -> Result<(), Fault> {
        Ok(())
    }

    async fn remove(&self, name: &str) -> Result<(), Fault> {
        self.0.borrow_mut().remove(name);
        Ok(())
    }
}

/// What is asked of such a disk is there at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("this disk keeps nobody waiting"),
    }
}

// ---- the library

/// Calls, one a line: a name, a space, JSON.
fn library(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut engine = Engine::new();
    engine.append(SOLD, NOW);
    for line in text.lines().take(8) {
        let (name, argument) = line.split_once(' ').unwrap_or((line, ""));
        let Ok(call) = Call::read(name, argument.to_owned()) else {
            continue;
        };
        let answer = engine.call(&call);
        assert!(
            answer.columns.len() <= input.len(),
            "more columns than were asked for"
        );
        let json = serde_json::from_str::<serde_json::Value>(&answer.json);
        assert!(
            matches!(call, Call::Ingest(_) | Call::Append) || json.is_ok_and(|json| json.is_object()),
            "{}",
            answer.json
        );
    }
}

/// What the shop of [`library`] has sold before.
const SOLD: &str = r#"[
{"order_id":"A1","created_at":"2026-06-11 09:30:00","channel":"a","sku":"S1","quantity":1,"amount":"10.50","status":"paid","customer_id":"c1"},
{"order_id":"A1","created_at":"2026-06-11 09:30:00","channel":"a","sku":"S2","quantity":2,"amount":"20.00","status":"paid","customer_id":"c1"},
{"order_id":"A2","created_at":"2026-06-17 23:59:59","channel":"b","sku":"S1","quantity":3,"amount":"31.50","status":"paid","customer_id":"c2"},
{"order_id":"A3","created_at":"2026-06-18 12:00:00","channel":"b","sku":"S2","quantity":4,"amount":"40.00","status":"cancelled","customer_id":"c1"}
]"#;
