//! The engine: owns every row, takes commands, gives events. Runs in the worker; tests run it plainly.
//!
//! Rule: `apply(Command, now) → Vec<Event>`; it reads no clock and does no IO. The host feeds it the
//! bytes of files through [`Import`] and hands the result to [`Engine::finish`].

mod catalogue;
mod cockpit;
mod demo;
mod drill;
mod history;
pub mod library;
mod live;
mod unnamed;
mod watch;
mod window;

pub use drill::{Drill, Said};
pub use live::Waits;
pub use watch::SourceHealth;

use crate::ingest::{Decoders, Head, Import, Imported, Options, Rows, push_cell};
use crate::keep::{Damage, KeptStep, SegmentKind};
use crate::metric::{Goods, Live, quality, ruined};
use crate::model::{Dim, Merge, OrderBatch, OrderTable, StockTable};
use crate::protocol::{
    Command, DataSource, Decision, Event, FileId, FileReport, Finding, Problem, RefusedRow, Settings,
    SourceInfo, View,
};
use crate::query::Clauses;
use crate::time::{Grain, UtcMillis, Zone};
use catalogue::Catalogue;
use demo::Demo;
use history::History;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;
use unnamed::Unnamed;
use watch::Watch;

/// Hashes of customers differ between installations of the page only by this; it keeps a reader of
/// exported numbers from looking names up, not a holder of the files.
const SALT: u64 = 0x5350_4954_2026_0618;

/// Rows of a file that are its head.
const HEAD_ROWS: u64 = 300;
/// Cases of a finding on screen.
const CASES_SHOWN: usize = 5;
/// Cases of a finding in its export.
const CASES_EXPORTED: usize = 100_000;

/// Ground state (tables and settings) and the view that is asked for.
#[derive(Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Default))]
pub struct Engine {
    settings: Settings,
    orders: OrderTable,
    stock: StockTable,
    /// Derived from the stock table; see [`Engine::goods`].
    goods: RefCell<Rc<Goods>>,
    sources: Vec<SourceInfo>,
    history: History,
    /// What live sources brought.
    fed: live::Live,
    refused: BTreeMap<FileId, Refused>,
    unnamed: Vec<Unnamed>,
    demo: Option<Demo>,
    /// Whether the page has said what to open: before, there is nothing to show.
    opened: bool,
    view: View,
    request: u32,
    /// The present of the orders on the screen.
    shown_at: UtcMillis,
    live: RefCell<Live>,
    catalogue: Catalogue,
    calendar: RefCell<library::Calendar>,
    watch: Watch,
    past: watch::StockPast,
    decoders: Decoders,
    /// What was decided by hand about the columns of files.
    decisions: Vec<Decision>,
}

/// Who brings rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The user: a step of history, whatever it brings.
    Drop,
    /// A source that comes by itself: a step if it brings news.
    Feed,
    /// Sources that stay connected: one step between two drops.
    Live,
    /// A program that uses the engine as a library: no step.
    Program,
}

/// What came of a file, in the order in which it is to be told.
#[derive(Debug)]
pub struct Entered {
    /// The screen with its rows, if there are any.
    pub screen: Vec<Event>,
    /// What changed the tables, to be kept before the report is given: a file that is told done is kept.
    pub change: Option<Added>,
    /// The steps, if there are rows: to be told once the change is kept.
    pub steps: Option<Event>,
    /// The report.
    pub report: Event,
}

/// Rows that have just entered the tables.
#[derive(Debug)]
pub struct Added {
    /// What they are.
    pub kind: SegmentKind,
    /// The rows; `None`: they are all rows of their kind, see [`Engine::kept_chunk`].
    pub rows: Option<Rows>,
    /// Where they are from.
    pub source: SourceInfo,
    /// Number of the step that they are part of; 0: of none.
    pub step: u64,
    /// All steps, the rows' own among them.
    pub steps: Vec<KeptStep>,
}

#[derive(Debug)]
struct Refused {
    name: String,
    rows: Vec<RefusedRow>,
}

impl Engine {
    /// An empty engine, off the browser.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty engine that reads encodings other than UTF-8 through `decoders`.
    pub fn with_decoders(decoders: Decoders) -> Self {
        Self {
            settings: Settings::default(),
            orders: OrderTable::default(),
            stock: StockTable::default(),
            goods: RefCell::default(),
            sources: Vec::new(),
            history: History::default(),
            fed: live::Live::default(),
            refused: BTreeMap::new(),
            unnamed: Vec::new(),
            demo: None,
            opened: false,
            view: View::default(),
            request: 0,
            shown_at: UtcMillis::default(),
            live: RefCell::default(),
            catalogue: Catalogue::default(),
            calendar: RefCell::default(),
            watch: Watch::default(),
            past: watch::StockPast::default(),
            decoders,
            decisions: Vec::new(),
        }
    }

    /// Does what `command` asks. [`Command::Import`], [`Command::Preview`], [`Command::Cancel`] and feeds are the
    /// host's: it reads. So is
    /// what [`Command::Forget`] asks beyond the engine.
    pub fn apply(&mut self, command: Command, now: UtcMillis) -> Vec<Event> {
        if !command.is_shown() {
            return self.serve(command, now);
        }
        let mut events = Vec::new();
        self.show(command, now, &mut |event| events.push(event));
        events
    }

    /// [`Engine::apply`] for what the first screen needs ([`Command::is_shown`]); all else is left alone. Tells each event
    /// as soon as it is known: the numbers that a click is watched for go before what draws the charts is counted.
    pub fn show(&mut self, command: Command, now: UtcMillis, tell: &mut dyn FnMut(Event)) {
        match command {
            Command::Show { view, request } => {
                // Where other lines pass than before all is counted anew; else the screen is there at once.
                let is_cut_anew = view.filters != self.view.filters;
                (self.view, self.request) = (view, request);
                if self.opened {
                    let screen = self.cockpit_led(now, is_cut_anew.then_some(&mut *tell));
                    tell(screen);
                }
            }
            Command::Open {
                settings,
                view,
                request,
                demo,
            } => {
                self.opened = true;
                self.settings = settings;
                (self.view, self.request) = (view, request);
                self.open_rules();
                // Steps that were all taken back can be done again: they are no empty shop.
                let is_empty = self.source() == DataSource::Empty && self.history.is_empty();
                if let Some(time) = demo.filter(|_| is_empty) {
                    self.view.time = time;
                    self.demo = Some(Demo::open(now));
                    self.watch.forget();
                    self.advance_demo(now);
                }
                if !self.history.is_empty() {
                    tell(self.steps());
                }
                tell(self.cockpit(now));
            }
            Command::Configure(settings) => {
                self.settings = settings;
                self.screen(now).into_iter().for_each(tell);
            }
            Command::Tick if self.demo.is_some() => {
                self.advance_demo(now);
                tell(self.cockpit(now));
            }
            // Files do not move. Where a source is heard a minute without orders is news too: a day may have begun.
            Command::Tick => {
                let minute = |at: UtcMillis| at.0.div_euclid(60_000);
                if self.opened && minute(self.as_of(now)) != minute(self.shown_at) {
                    tell(self.cockpit(now));
                }
            }
            Command::Restore(record) => self.watch.kept = Some(record),
            Command::Rules(text) => tell(self.rules(text.as_deref())),
            Command::Decide(decisions) => self.decisions = decisions,
            _ => {}
        }
    }

    /// [`Engine::apply`] for all that the first screen does not need.
    pub fn serve(&mut self, command: Command, now: UtcMillis) -> Vec<Event> {
        match command {
            Command::Undo | Command::Redo => {
                let is_done = match command {
                    Command::Undo => self.undo(),
                    _ => self.redo(),
                };
                if !is_done {
                    return Vec::new();
                }
                let mut events = self.screen(now);
                events.push(self.steps());
                events
            }
            Command::Try { text, rule, request } => {
                let told = self.try_rule(&text, &rule, request, now);
                told.into_iter().collect()
            }
            Command::Silence {
                rule,
                warehouse,
                sku,
                quiet,
            } => {
                self.silence([&rule, &warehouse, &sku], quiet, now);
                Vec::new()
            }
            Command::Acknowledge {
                rule,
                warehouse,
                sku,
                owner,
            } => {
                self.acknowledge(&rule, &warehouse, &sku, &owner, now);
                Vec::new()
            }
            Command::Prove(subject) => {
                let [rule, warehouse, sku] = &subject;
                let course = self.proof(rule, warehouse, sku, self.shop_time(now));
                vec![Event::Proof {
                    subject,
                    course: course.map(Box::new),
                }]
            }
            Command::ExportRefused(id) => self.export_refused(id),
            Command::Check => vec![Event::Checked(self.findings(CASES_SHOWN, now))],
            Command::ExportFindings => vec![self.export_findings(now)],
            Command::Forget => {
                self.clear();
                self.refused.clear();
                Vec::new()
            }
            // Those of the first screen, and the host's.
            _ => Vec::new(),
        }
    }

    /// Starts reading a file.
    pub fn import(&self, name: &str, size: u64) -> Import {
        Import::new(name, size, self.reading())
    }

    /// How files are read.
    pub fn reading(&self) -> Options {
        Options {
            zone: self.zone(),
            currency: self.settings.currency.clone(),
            salt: SALT,
            decoders: self.decoders,
            decisions: self.decisions.clone(),
            head: None,
        }
    }

    /// Makes room for order lines to come, before they do: to be called between two batches, when nobody waits.
    /// Whether any was made.
    pub fn make_room(&mut self) -> bool {
        self.orders.make_room()
    }

    /// How the head of a file is read that turned out to be in `encoding`, where `draft` has just been decided.
    pub fn previewing(&self, draft: Option<Decision>, encoding: &str) -> Options {
        let mut options = self.reading();
        options.decisions.splice(0..0, draft);
        options.head = Some(Head::new(HEAD_ROWS, encoding));
        options
    }

    /// [`Engine::enter`] where nothing is kept: all that is to be told.
    pub fn finish(&mut self, id: FileId, imported: Imported, millis: u64, now: UtcMillis) -> Vec<Event> {
        let entered = self.enter(id, imported, millis, now);
        entered
            .screen
            .into_iter()
            .chain(entered.steps)
            .chain(std::iter::once(entered.report))
            .collect()
    }

    /// Enters what a file held, whole; the files of one drop are one step of history. The first rows of one's
    /// own end the demo.
    pub fn enter(&mut self, id: FileId, imported: Imported, millis: u64, now: UtcMillis) -> Entered {
        self.enter_as(id, imported, millis, now, Origin::Drop)
    }

    /// [`Engine::enter`] for what came by itself: where it brings nothing new it is no step and no screen.
    pub fn refresh(&mut self, id: FileId, imported: Imported, millis: u64, now: UtcMillis) -> Entered {
        self.enter_as(id, imported, millis, now, Origin::Feed)
    }

    /// One copy for both: it is half of the engine.
    #[inline(never)]
    fn enter_as(
        &mut self,
        id: FileId,
        imported: Imported,
        millis: u64,
        now: UtcMillis,
        origin: Origin,
    ) -> Entered {
        let (report, mut change, source) = self.take(id, imported, millis, now, origin);
        let is_news = match origin {
            Origin::Feed => source.is_some(),
            _ => report.accepted + report.duplicate > 0,
        };
        // The numbers first: who waits for the report reads them right after.
        let mut screen = if is_news { self.screen(now) } else { Vec::new() };
        screen.extend(self.renamed(id));
        let steps = source.map(|source| {
            self.end_file(source);
            self.steps()
        });
        if let Some(change) = &mut change {
            (change.step, change.steps) = (self.current_step(), self.kept_steps());
        }
        Entered {
            screen,
            change,
            steps,
            report: Event::Report {
                id,
                report: Box::new(report),
            },
        }
    }

    /// Enters what a file held: its report, what it added, and where its rows are from if there are any.
    fn take(
        &mut self,
        id: FileId,
        imported: Imported,
        millis: u64,
        now: UtcMillis,
        origin: Origin,
    ) -> (FileReport, Option<Added>, Option<SourceInfo>) {
        let Imported {
            mut report,
            rows,
            refused,
            ..
        } = imported;
        report.millis = millis;
        let (mut added, mut begun) = (None, None);
        if !matches!(rows, Rows::None) {
            self.end_demo();
            if origin != Origin::Program {
                begun = Some(self.begin_step(id.batch, now, origin));
            }
        }
        let merge = match rows {
            Rows::Orders(batch) => {
                let merge = if self.orders.columns().is_empty() {
                    let merge = self.enter_orders(batch);
                    added = Some((SegmentKind::Orders, None));
                    merge
                } else {
                    let merge = self.merge_orders(&batch);
                    added = Some((SegmentKind::Orders, Some(Rows::Orders(batch))));
                    merge
                };
                Some(merge)
            }
            Rows::Stock(batch) => {
                let merge = self.merge_stock(&batch, now);
                self.unnamed.extend(Unnamed::of(id, &report, &batch));
                added = Some((SegmentKind::Stock, Some(Rows::Stock(batch))));
                Some(merge)
            }
            Rows::None => None,
        };
        let (mut change, mut named) = (None, None);
        if let Some(Merge { new, updated, same }) = merge {
            report.accepted = new + updated;
            report.duplicate = same;
            let source = SourceInfo {
                name: report.name.clone(),
                kind: report.kind,
                accepted: report.accepted + report.duplicate,
                rejected: report.rejected,
                read_at: now,
            };
            change = added.filter(|_| report.accepted > 0).map(|(kind, rows)| Added {
                kind,
                rows,
                source: source.clone(),
                step: 0,
                steps: Vec::new(),
            });
            match (origin, begun) {
                (Origin::Feed, Some(begun)) if report.accepted == 0 => {
                    self.end_step_without(begun);
                    history::renew(&mut self.sources, &source);
                }
                (Origin::Program, _) => {
                    self.name_source(source.clone());
                    named = Some(source);
                }
                _ => {
                    history::name(&mut self.sources, source.clone());
                    named = Some(source);
                }
            }
        }
        if let Some(unnamed) = self.unnamed.last_mut().filter(|unnamed| unnamed.id == id) {
            unnamed.tell(&self.stock, &mut report);
        }
        if !refused.is_empty() {
            self.refused.insert(
                id,
                Refused {
                    name: report.name.clone(),
                    rows: refused,
                },
            );
        }
        (report, change, named)
    }

    /// Enters rows that were kept. To be called before anything is shown, in the order in which they came.
    ///
    /// # Errors
    /// `bytes` are no such rows; none of them was entered.
    pub fn restore(&mut self, kind: SegmentKind, bytes: &[u8]) -> Result<(), Damage> {
        self.restore_step(0, kind, bytes, &[])
    }

    /// Names a file of no step whose rows are here; an earlier one of the same name and kind is named no more.
    pub fn name_source(&mut self, source: SourceInfo) {
        self.history.settle_source(source.clone());
        history::name(&mut self.sources, source);
    }

    /// All rows of one kind as they are kept, part `at` of them; `None` after the last.
    pub fn kept_chunk(&self, kind: SegmentKind, at: usize) -> Option<Vec<u8>> {
        live::chunk(kind, &self.orders, &self.stock, at)
    }

    /// Files whose rows are here.
    pub fn sources(&self) -> &[SourceInfo] {
        &self.sources
    }

    /// Drops all rows.
    pub fn clear(&mut self) {
        self.drop_rows();
        self.sources.clear();
        self.history = History::default();
        let followed = std::mem::take(&mut self.fed).followed;
        self.fed.followed = followed;
        self.unnamed.clear();
        self.demo = None;
        self.watch.forget();
    }

    /// Enters order lines and tells all that keeps running totals of them.
    fn enter_orders(&mut self, batch: OrderBatch) -> Merge {
        if self.orders.columns().is_empty() {
            self.take_orders(batch)
        } else {
            self.merge_orders(&batch)
        }
    }

    fn drop_rows(&mut self) {
        (self.orders, self.stock) = (OrderTable::default(), StockTable::default());
        self.past = watch::StockPast::default();
        self.goods = RefCell::default();
        self.live.get_mut().reset(&self.orders);
        self.catalogue.forget();
    }

    /// The stock's goods by their names, as of now.
    fn goods(&self) -> Rc<Goods> {
        let mut goods = self.goods.borrow_mut();
        if !goods.is_of(&self.stock) {
            *goods = Rc::new(Goods::new(&self.stock));
        }
        Rc::clone(&goods)
    }

    /// Brings all that is derived up to the tables, settings and view.
    fn follow(&mut self) {
        let zone = self.zone();
        self.catalogue.follow(&self.orders, zone);
        let mut keys = self.view.filters.clone();
        // Whichever of its names a good was clicked under.
        let goods = self.goods();
        if let Some(set) = keys.get_mut(&Dim::Sku).filter(|_| goods.has_names()) {
            *set = goods.names_of(set);
        }
        let clauses = Clauses {
            keys,
            ..Clauses::default()
        };
        let live = self.live.get_mut();
        live.begin();
        live.select(&self.orders, &clauses);
    }

    /// The screen, once the page has opened.
    pub fn screen(&mut self, now: UtcMillis) -> Vec<Event> {
        if self.opened {
            vec![self.cockpit(now)]
        } else {
            Vec::new()
        }
    }

    fn source(&self) -> DataSource {
        if self.is_drill() {
            DataSource::Drill
        } else if self.demo.is_some() {
            DataSource::Demo
        } else if self.orders.columns().is_empty() && self.stock.is_empty() {
            DataSource::Empty
        } else {
            DataSource::Files
        }
    }

    fn zone(&self) -> Zone {
        if self.demo.is_some() {
            return Demo::zone();
        }
        let zone = Zone::named(&self.settings.zone).unwrap_or_default();
        // Where lines say no hour they stand at midnight, and belong to the day they say.
        match self.catalogue.finest_grain() {
            Grain::Day => zone,
            _ => zone.with_day_starting(self.settings.day_starts),
        }
    }

    fn end_demo(&mut self) {
        if !self.is_drill() && self.demo.take().is_some() {
            self.drop_rows();
            // The demo's day and filters mean nothing in one's own data; the page leaves them too.
            self.view = View {
                measure: self.view.measure,
                ..View::default()
            };
            self.watch.forget();
        }
    }

    fn advance_demo(&mut self, now: UtcMillis) {
        if let Some(demo) = self.demo.as_mut().filter(|demo| !demo.is_drill()) {
            let (happened, at) = (demo.advance(now), demo.clock(now));
            self.enter_orders(happened.orders);
            self.merge_stock(&happened.stock, at);
        }
    }

    /// What is odd about one's own rows; nothing is odd about the demo's.
    fn findings(&self, most: usize, now: UtcMillis) -> Vec<Finding> {
        if self.demo.is_some() {
            return Vec::new();
        }
        let refused = self.refused.values().flat_map(|refused| {
            let rows = refused.rows.iter();
            let rows = rows.filter(|row| row.problem == Problem::RuinedIdentifier);
            rows.map(|row| (row.value.as_str(), refused.name.as_str()))
        });
        let lines = self.orders.len() as u64;
        let mut findings = quality(&self.orders, &self.stock, self.zone(), now, most);
        findings.extend(ruined(refused, lines, most));
        findings.sort_by_key(|finding| finding.check);
        findings
    }

    fn export_findings(&self, now: UtcMillis) -> Event {
        let mut text = String::from("check,count,of,key,value\r\n");
        for finding in self.findings(CASES_EXPORTED, now) {
            let (check, count, of) = (finding.check.id(), finding.count, finding.of);
            for case in &finding.cases {
                // Writing to a string does not fail.
                let _ = write!(text, "{check},{count},{of},");
                push_cell(&mut text, &case.key);
                text.push(',');
                push_cell(&mut text, &case.value);
                text.push_str("\r\n");
            }
        }
        Event::Download {
            name: "data-check.csv".to_owned(),
            text,
        }
    }

    fn export_refused(&self, id: FileId) -> Vec<Event> {
        let Some(refused) = self.refused.get(&id) else {
            return Vec::new();
        };
        let stem = refused
            .name
            .rsplit_once('.')
            .map_or(refused.name.as_str(), |(stem, _)| stem);
        let text = crate::ingest::refused_csv(&refused.rows);
        vec![Event::Download {
            name: format!("{stem}.refused.csv"),
            text,
        }]
    }
}
