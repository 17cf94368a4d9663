//! What is told about a file.

use super::encoding::Encoding;
use super::layout::Layout;
use super::ledger::cut;
use super::region::province;
use super::table::Table;
use crate::protocol::{ColumnReport, FileKind, FileReport, FileState, Note, Problem};

/// How reading a file ended.
pub(super) struct Outcome {
    pub name: String,
    pub size: u64,
    pub encoding: Option<Encoding>,
    /// Why the file as a whole failed.
    pub problem: Option<Problem>,
}

/// The report of a file that could not be read to its end; no row of it is taken.
pub fn unread(name: &str, size: u64, problem: Problem) -> Box<FileReport> {
    let is_cancelled = problem == Problem::Cancelled;
    let outcome = Outcome {
        name: name.to_owned(),
        size,
        encoding: None,
        problem: Some(problem),
    };
    let mut report = report(outcome, None);
    if is_cancelled {
        report.state = FileState::Cancelled;
    }
    Box::new(report)
}

/// The report of a file.
pub(super) fn report(outcome: Outcome, table: Option<&Table>) -> FileReport {
    let layout = table.map(|table| &table.layout);
    let ledger = table.map(|table| &table.ledger);
    let is_read = table.is_some_and(Table::is_readable);
    let rows = match (ledger, layout) {
        (Some(ledger), _) if is_read => ledger.rows,
        (_, Some(layout)) => u64::try_from(layout.sample.rows.len()).unwrap_or(0),
        _ => 0,
    };
    let rejected = ledger.map_or(0, |ledger| ledger.rejected);
    let accepted = if is_read { rows - rejected } else { 0 };
    let problem = outcome.problem.or_else(|| (rows == 0).then_some(Problem::NoRows));
    FileReport {
        name: outcome.name,
        size: outcome.size,
        state: state(problem.as_ref(), layout, accepted, rejected),
        kind: layout.map_or(FileKind::Unknown, |layout| layout.mapping.kind),
        profile: layout
            .and_then(|layout| layout.mapping.profile)
            .map_or("generic", |profile| profile.id)
            .to_owned(),
        encoding: outcome.encoding.map_or("", Encoding::name).to_owned(),
        format: layout.map_or_else(String::new, format_of),
        rows,
        accepted,
        duplicate: 0,
        rejected,
        columns: layout.map_or_else(Vec::new, columns),
        refusals: ledger.map_or_else(Vec::new, |ledger| ledger.groups()),
        refused: ledger.map_or_else(Vec::new, |ledger| {
            ledger.refused.iter().take(100).cloned().collect()
        }),
        failure: problem,
        notes: table.map_or_else(Vec::new, |table| {
            let mut notes = table.notes_on_names();
            notes.extend(
                table
                    .ledger
                    .notes(&table.assumed_dates(), table.stock_rows_added()),
            );
            notes.extend(table.doubtful_ids().map(|(ids, one)| Note::RoundedIds(ids, one)));
            notes
        }),
        span: ledger.and_then(|ledger| ledger.span()),
        millis: 0,
        decided: layout.and_then(|layout| layout.mapping.decided.clone()),
    }
}

fn state(problem: Option<&Problem>, layout: Option<&Layout>, accepted: u64, rejected: u64) -> FileState {
    match problem {
        Some(Problem::UnknownHeader) if layout.is_some_and(|layout| layout.is_table) => {
            FileState::NeedsMapping
        }
        Some(_) => FileState::Failed,
        None if accepted == 0 => FileState::Failed,
        None if rejected > 0 => FileState::Partial,
        None => FileState::Done,
    }
}

fn format_of(layout: &Layout) -> String {
    match layout.dialect.map(|dialect| dialect.delimiter) {
        None => "JSON".to_owned(),
        Some(b'\t') => "TSV".to_owned(),
        Some(delimiter) => format!("CSV {}", char::from(delimiter)),
    }
}

fn columns(layout: &Layout) -> Vec<ColumnReport> {
    let column = |(at, header): (usize, &String)| {
        let used = layout.mapping.used(at);
        let first = layout.sample.values(at).next().unwrap_or("");
        let example = if layout.mapping.is_address(at) {
            province(first).to_owned()
        } else if layout.mapping.may_be_shown(at) {
            cut(first, 40)
        } else {
            String::new()
        };
        ColumnReport {
            header: header.clone(),
            example,
            used,
        }
    };
    layout.headers.iter().enumerate().map(column).collect()
}
