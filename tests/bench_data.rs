//! The file that engines are measured on is one that the importer understands as a whole: else ours would be measured
//! at something else than its peers.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::panic,
    reason = "a test stops where it is wrong"
)]

#[allow(dead_code, reason = "the benchmark uses the rest")]
#[path = "bench/data.rs"]
mod data;

use data::{Fact, Line};
use std::collections::BTreeSet;
use stockpit::ingest::{Finish, Import, Imported, Options, Rows, Step};
use stockpit::model::{Dim, OrderBatch, OrderTable, Status};
use stockpit::protocol::{FileState, Use};
use stockpit::time::Zone;

const LINES: u64 = 20_000;

fn file(more: u64) -> (Vec<u8>, Vec<Fact>, Vec<Line>) {
    let mut bytes = Vec::new();
    match data::write(LINES, more, &mut bytes) {
        Ok((facts, feed)) => (bytes, facts, feed),
        Err(error) => panic!("{error}"),
    }
}

/// Reads the file in one pass, or fails.
fn import(bytes: &[u8]) -> (Imported, OrderBatch) {
    let options = Options {
        zone: Zone::default(),
        currency: "CNY".to_owned(),
        salt: 7,
        ..Options::default()
    };
    let mut import = Import::new("orders.csv", bytes.len() as u64, options);
    for chunk in bytes.chunks(1 << 20) {
        assert_eq!(import.push(chunk), Step::More, "the file is read again");
    }
    let Finish::Done(mut imported) = import.finish() else {
        panic!("the file is read again");
    };
    match std::mem::replace(&mut imported.rows, Rows::None) {
        Rows::Orders(batch) => (imported, batch),
        other => panic!("no orders: {other:?}"),
    }
}

#[test]
fn every_row_is_taken_and_every_column_kept() {
    let (bytes, facts, _) = file(0);
    let (imported, batch) = import(&bytes);
    let report = &imported.report;
    assert_eq!(report.state, FileState::Done);
    assert_eq!((report.rows, report.rejected), (LINES, 0));
    assert_eq!(report.columns.len(), 16);
    for column in &report.columns {
        assert!(matches!(column.used, Use::Field(_)), "{column:?}");
    }

    let columns = batch.columns();
    assert_eq!(columns.len(), facts.len());
    for (row, fact) in facts.iter().enumerate() {
        // Exact money is counted in 1/10,000.
        assert_eq!(columns.amount.raw(row), fact.cents() as i64 * 100, "row {row}");
        assert_eq!(
            columns.quantity.raw(row),
            i64::from(fact.quantity) * 10_000,
            "row {row}"
        );
        let local = data::START_MS + i64::from(fact.second) * 1_000 - 8 * 3_600_000;
        assert_eq!(columns.created_at.raw(row), local, "row {row}");
    }
    let keys = |dim: Dim| columns.dim(dim).iter().collect::<BTreeSet<_>>().len();
    assert_eq!(keys(Dim::Channel), data::CHANNELS.len());
    assert_eq!(keys(Dim::Region), data::PROVINCES.len());
    assert_eq!(keys(Dim::Category), data::CATEGORIES.len());
    assert_eq!(keys(Dim::Status), Status::ALL.len());
    assert_eq!(keys(Dim::Shop), 20);
}

#[test]
fn no_line_replaces_another() {
    let (bytes, ..) = file(0);
    let (_, batch) = import(&bytes);
    let mut table = OrderTable::default();
    let merge = table.merge(&batch);
    assert_eq!((merge.new, merge.updated, merge.same), (LINES, 0, 0));
}

#[test]
fn the_stream_goes_on_where_the_file_ends() {
    let (_, facts, feed) = file(3_000);
    assert_eq!(facts.len() as u64, LINES + 3_000);
    assert_eq!(feed.len(), 3_000);
    let (file, stream) = facts.split_at(LINES as usize);
    let last = file.last().map(|fact| (fact.order, fact.second));
    let first = stream.first().map(|fact| (fact.order, fact.second));
    assert!(last < first && last.map(|(order, _)| order) < first.map(|(order, _)| order));
    assert!(facts.is_sorted_by_key(|fact| (fact.order, fact.second)));
    // An order's lines differ in their SKU, and share all that is said of the order.
    for order in facts.chunk_by(|a, b| a.order == b.order) {
        let skus: BTreeSet<u16> = order.iter().map(|fact| fact.sku).collect();
        assert_eq!(skus.len(), order.len());
        let whole = |fact: &Fact| (fact.second, fact.channel, fact.province, fact.status);
        assert!(order.iter().all(|fact| whole(fact) == whole(&order[0])));
    }
}

#[test]
fn a_line_is_as_long_as_planned() {
    let (bytes, ..) = file(0);
    let mean = bytes.len() as f64 / LINES as f64;
    assert!((190.0..205.0).contains(&mean), "{mean} bytes a line");
}
