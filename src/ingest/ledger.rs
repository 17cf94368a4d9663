//! What became of the rows: counts, refusals, notes.

use super::fault::Fault;
use super::learnt::Amend;
use crate::arrange::arrange;
use crate::protocol::{Note, Problem, RefusalGroup, RefusedRow};
use crate::time::UtcMillis;

/// Refused rows that are kept for the download.
pub(super) const MOST_REFUSED: usize = 1_000_000;

/// Counts of one reading of a file.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    headers: Vec<String>,
    /// Data rows, refused ones included, blank ones not.
    pub rows: u64,
    pub rejected: u64,
    pub blank: u64,
    pub extra: u64,
    pub nested: u64,
    pub rounded: u64,
    pub without_amount: u64,
    pub without_quantity: u64,
    pub returns: u64,
    pub joined: u64,
    pub ruined_skus: u64,
    pub asides: u64,
    pub waiting: u64,
    pub paid_is_created: bool,
    pub status_assumed: bool,
    pub currency_assumed: Option<String>,
    unknown_status: Option<(u64, String)>,
    span: Option<(UtcMillis, UtcMillis)>,
    groups: Vec<RefusalGroup>,
    pub refused: Vec<RefusedRow>,
}

impl Ledger {
    pub(super) fn new(headers: Vec<String>) -> Self {
        Self {
            headers,
            ..Self::default()
        }
    }

    /// Enters the outcome of one data row.
    ///
    /// # Errors
    /// An amendment is handed on: it is no outcome.
    pub(super) fn enter(&mut self, line: u64, outcome: Result<(), Fault>) -> Result<(), Amend> {
        match outcome {
            Ok(()) => {}
            Err(Fault::Amend(amend)) => return Err(amend),
            Err(Fault::Refused(column, value, problem)) => self.refuse(line, column, &value, problem),
        }
        self.rows += 1;
        Ok(())
    }

    /// Enters records that could not be read at all, each at its line.
    pub(super) fn enter_broken(&mut self, broken: &[(u64, Problem)]) {
        for (line, problem) in broken {
            self.refuse(*line, None, "", problem.clone());
            self.rows += 1;
        }
        if !broken.is_empty() {
            arrange(&mut self.refused, |a, b| a.line.cmp(&b.line));
        }
    }

    /// Order time of an accepted line.
    pub(super) fn saw(&mut self, at: UtcMillis) {
        self.span = Some(
            self.span
                .map_or((at, at), |(from, to)| (from.min(at), to.max(at))),
        );
    }

    /// A status word that is not known.
    pub(super) fn saw_unknown_status(&mut self, word: &str) {
        self.unknown_status.get_or_insert_with(|| (0, cut(word, 80))).0 += 1;
    }

    /// First and last order time.
    pub(super) const fn span(&self) -> Option<(UtcMillis, UtcMillis)> {
        self.span
    }

    /// Refused rows by column and reason, most first, ties as they came.
    pub(super) fn groups(&self) -> Vec<RefusalGroup> {
        let mut groups = self.groups.clone();
        arrange(&mut groups, |a, b| b.rows.cmp(&a.rows));
        groups
    }

    /// All that is worth saying, in a fixed order.
    pub(super) fn notes(&self, assumed_dates: &[String], stock_rows_added: u64) -> Vec<Note> {
        let count = |count: u64, note: fn(u64) -> Note| (count > 0).then(|| note(count));
        let mut notes: Vec<Note> = Vec::new();
        notes.extend(count(self.without_amount, Note::WithoutAmount));
        notes.extend(count(self.without_quantity, Note::WithoutQuantity));
        notes.extend(count(self.rounded, Note::Rounded));
        notes.extend(self.paid_is_created.then_some(Note::PaidClockIsCreated));
        notes.extend(self.status_assumed.then_some(Note::StatusAssumedPaid));
        notes.extend(
            self.unknown_status
                .clone()
                .map(|(rows, word)| Note::UnknownStatus(rows, word)),
        );
        notes.extend(count(self.returns, Note::ReturnLines));
        notes.extend(count(self.joined, Note::JoinedGoods));
        notes.extend(count(self.ruined_skus, Note::RuinedSkus));
        notes.extend(count(self.waiting, Note::WaitingLines));
        notes.extend(count(stock_rows_added, Note::StockRowsAdded));
        notes.extend(assumed_dates.iter().cloned().map(Note::AmbiguousDates));
        notes.extend(self.currency_assumed.clone().map(Note::CurrencyAssumed));
        notes.extend(count(self.extra, Note::ExtraCells));
        notes.extend(count(self.blank, Note::BlankRows));
        notes.extend(count(self.asides, Note::Asides));
        notes.extend(count(self.nested, Note::NestedValues));
        notes
    }

    fn refuse(&mut self, line: u64, column: Option<usize>, value: &str, problem: Problem) {
        self.rejected += 1;
        let column = column
            .and_then(|at| self.headers.get(at))
            .cloned()
            .unwrap_or_default();
        let value = cut(value, 80);
        match self
            .groups
            .iter_mut()
            .find(|group| group.column == column && group.problem == problem)
        {
            Some(group) => group.rows += 1,
            None => self.groups.push(RefusalGroup {
                rows: 1,
                column: column.clone(),
                problem: problem.clone(),
                example: value.clone(),
            }),
        }
        if self.refused.len() < MOST_REFUSED {
            self.refused.push(RefusedRow {
                line,
                column,
                value,
                problem,
            });
        }
    }
}

/// The first `most` characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
