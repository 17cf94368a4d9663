//! Files that know goods and places by ids only: their report says so until the names are here.

use super::Engine;
use crate::model::{Dict, Named, StockBatch, StockTable};
use crate::protocol::{Event, FileId, FileReport, Note};

/// So many reports are kept up.
const MOST: usize = 32;

/// A report that speaks of ids, and these.
#[derive(Debug)]
pub(super) struct Unnamed {
    pub id: FileId,
    report: FileReport,
    goods: Dict,
    places: Dict,
}

impl Unnamed {
    /// The one of a file, if it knows anything by ids only.
    pub(super) fn of(id: FileId, report: &FileReport, batch: &StockBatch) -> Option<Self> {
        let speaks = report.notes.iter().any(|note| matches!(note, Note::UnderIds(..)));
        speaks.then(|| Self {
            id,
            report: report.clone(),
            goods: batch.columns().skus.clone(),
            places: batch.columns().warehouses.clone(),
        })
    }

    /// Has `report`, that of its file, say what has no name yet, and keeps it.
    pub(super) fn tell(&mut self, stock: &StockTable, report: &mut FileReport) {
        let unknown = |dict: &Dict, of: Named| {
            let ids = dict.texts().skip(1).filter(|id| !stock.names().says(of, id));
            ids.count() as u64
        };
        let now = Note::UnderIds(
            unknown(&self.goods, Named::Goods),
            unknown(&self.places, Named::Place),
        );
        report.notes.retain(|note| !matches!(note, Note::UnderIds(..)));
        if now != Note::UnderIds(0, 0) {
            report.notes.insert(0, now);
        }
        self.report.clone_from(report);
    }
}

impl Engine {
    /// The reports of earlier files that file `id` gave names to.
    pub(super) fn renamed(&mut self, id: FileId) -> Vec<Event> {
        let old = self.unnamed.len().saturating_sub(MOST);
        self.unnamed.drain(..old);
        let mut events = Vec::new();
        for unnamed in self.unnamed.iter_mut().filter(|unnamed| unnamed.id != id) {
            let mut report = unnamed.report.clone();
            let before = report.notes.clone();
            unnamed.tell(&self.stock, &mut report);
            if report.notes != before {
                events.push(Event::Report {
                    id: unnamed.id,
                    report: Box::new(report),
                });
            }
        }
        events
    }
}
