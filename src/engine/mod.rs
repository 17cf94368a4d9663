//! The engine: owns every row, takes commands, gives events. Runs in the worker; tests run it plainly.
//!
//! Rule: `apply(Command, now) → Vec<Event>`; it reads no clock and does no IO. The host feeds it the
//! bytes of files through [`Import`] and hands the result to [`Engine::finish`].

mod cockpit;
mod demo;
mod window;

use crate::ingest::{Import, Imported, Options, Rows};
use crate::keep::{self, Damage, SegmentKind};
use crate::model::{Merge, OrderTable, StockTable};
use crate::protocol::{
    Command, DataSource, Event, FileId, FileState, Problem, RefusedRow, Settings, SourceInfo, View,
};
use crate::time::{UtcMillis, Zone};
use demo::Demo;
use std::collections::BTreeMap;

/// Hashes of customers differ between installations of the page only by this; it keeps a reader of
/// exported numbers from looking names up, not a holder of the files.
const SALT: u64 = 0x5350_4954_2026_0618;

/// Ground state (tables and settings) and the view that is asked for.
#[derive(Debug, Default)]
pub struct Engine {
    settings: Settings,
    orders: OrderTable,
    stock: StockTable,
    sources: Vec<SourceInfo>,
    refused: BTreeMap<FileId, Refused>,
    demo: Option<Demo>,
    /// Whether the page has said what to open: before, there is nothing to show.
    opened: bool,
    view: View,
    request: u32,
}

/// What came of a file, in the order in which it is to be told.
#[derive(Debug)]
pub struct Entered {
    /// The screen with its rows, if there are any.
    pub screen: Vec<Event>,
    /// What changed the tables, to be kept before the report is given: a file that is told done is kept.
    pub change: Option<(Rows, SourceInfo)>,
    /// The report.
    pub report: Event,
}

#[derive(Debug)]
struct Refused {
    name: String,
    rows: Vec<RefusedRow>,
}

impl Engine {
    /// An empty engine.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does what `command` asks. [`Command::Import`] and [`Command::Cancel`] are the host's: it reads. So is
    /// what [`Command::Forget`] asks beyond the engine.
    pub fn apply(&mut self, command: Command, now: UtcMillis) -> Vec<Event> {
        match command {
            Command::Open {
                settings,
                view,
                request,
                demo,
            } => {
                self.opened = true;
                self.settings = settings;
                (self.view, self.request) = (view, request);
                if let Some(time) = demo.filter(|_| self.source() == DataSource::Empty) {
                    self.view.time = time;
                    self.demo = Some(Demo::open(now));
                    self.advance_demo(now);
                }
                vec![self.cockpit(now)]
            }
            Command::Show { view, request } => {
                (self.view, self.request) = (view, request);
                self.screen(now)
            }
            Command::Configure(settings) => {
                self.settings = settings;
                self.screen(now)
            }
            Command::Tick => {
                if self.demo.is_none() {
                    // Files do not move; the page's clock needs no engine.
                    return Vec::new();
                }
                self.advance_demo(now);
                vec![self.cockpit(now)]
            }
            Command::ExportRefused(id) => self.export_refused(id),
            Command::Forget => {
                self.clear();
                self.refused.clear();
                Vec::new()
            }
            Command::Import { .. } | Command::Cancel { .. } => Vec::new(),
        }
    }

    /// Starts reading a file.
    pub fn import(&self, name: &str, size: u64) -> Import {
        let options = Options {
            zone: self.zone(),
            currency: self.settings.currency.clone(),
            salt: SALT,
        };
        Import::new(name, size, options)
    }

    /// [`Engine::enter`] where nothing is kept: all that is to be told.
    pub fn finish(&mut self, id: FileId, imported: Imported, millis: u64, now: UtcMillis) -> Vec<Event> {
        let entered = self.enter(id, imported, millis, now);
        entered
            .screen
            .into_iter()
            .chain(std::iter::once(entered.report))
            .collect()
    }

    /// Enters what a file held, as one step. The first rows of one's own end the demo.
    pub fn enter(&mut self, id: FileId, imported: Imported, millis: u64, now: UtcMillis) -> Entered {
        let Imported {
            mut report,
            rows,
            refused,
        } = imported;
        report.millis = millis;
        let merge = match &rows {
            Rows::Orders(batch) => {
                self.end_demo();
                Some(self.orders.merge(batch))
            }
            Rows::Stock(batch) => {
                self.end_demo();
                Some(self.stock.merge(batch))
            }
            Rows::None => None,
        };
        let mut change = None;
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
            change = (report.accepted > 0).then(|| (rows, source.clone()));
            self.name_source(source);
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
        // The numbers first: who waits for the report reads them right after.
        let screen = if merge.is_some() {
            self.screen(now)
        } else {
            Vec::new()
        };
        Entered {
            screen,
            change,
            report: Event::Report {
                id,
                report: Box::new(report),
            },
        }
    }

    /// Enters rows that were kept. To be called before anything is shown, in the order in which they came.
    ///
    /// # Errors
    /// `bytes` are no such rows; none of them was entered.
    pub fn restore(&mut self, kind: SegmentKind, bytes: &[u8]) -> Result<(), Damage> {
        match kind {
            SegmentKind::Orders => self.orders.merge(&keep::orders(bytes)?),
            SegmentKind::Stock => self.stock.merge(&keep::stock(bytes)?),
        };
        Ok(())
    }

    /// Names a file whose rows are here; an earlier one of the same name and kind is named no more.
    pub fn name_source(&mut self, source: SourceInfo) {
        self.sources
            .retain(|old| old.name != source.name || old.kind != source.kind);
        self.sources.push(source);
    }

    /// All rows of one kind as they are kept, part `at` of them; `None` after the last.
    pub fn kept_chunk(&self, kind: SegmentKind, at: usize) -> Option<Vec<u8>> {
        match kind {
            SegmentKind::Orders => keep::orders_chunk(self.orders.columns(), at),
            SegmentKind::Stock => keep::stock_chunk(self.stock.columns(), at),
        }
    }

    /// Files whose rows are here.
    pub fn sources(&self) -> &[SourceInfo] {
        &self.sources
    }

    /// Drops all rows.
    pub fn clear(&mut self) {
        (self.orders, self.stock) = (OrderTable::default(), StockTable::default());
        self.sources.clear();
        self.demo = None;
    }

    /// Tells of a file that could not be read to its end; nothing of it was entered.
    pub fn broken_off(id: FileId, import: Import, problem: Problem, millis: u64) -> Event {
        let mut report = import.failed_reading(String::new());
        if problem == Problem::Cancelled {
            report.state = FileState::Cancelled;
        }
        report.failure = Some(problem);
        report.millis = millis;
        Event::Report { id, report }
    }

    /// The screen, once the page has opened.
    pub fn screen(&self, now: UtcMillis) -> Vec<Event> {
        self.opened.then(|| self.cockpit(now)).into_iter().collect()
    }

    fn source(&self) -> DataSource {
        if self.demo.is_some() {
            DataSource::Demo
        } else if self.orders.columns().is_empty() && self.stock.columns().is_empty() {
            DataSource::Empty
        } else {
            DataSource::Files
        }
    }

    fn zone(&self) -> Zone {
        if self.demo.is_some() {
            return Demo::zone();
        }
        Zone::named(&self.settings.zone).unwrap_or_default()
    }

    fn end_demo(&mut self) {
        if self.demo.take().is_some() {
            (self.orders, self.stock) = (OrderTable::default(), StockTable::default());
            // The demo's day and filters mean nothing in one's own data; the page leaves them too.
            self.view = View {
                measure: self.view.measure,
                ..View::default()
            };
        }
    }

    fn advance_demo(&mut self, now: UtcMillis) {
        if let Some(demo) = &mut self.demo {
            let happened = demo.advance(now);
            self.orders.merge(&happened.orders);
            self.stock.merge(&happened.stock);
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
