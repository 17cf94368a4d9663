//! A column of dates.

use super::clock::Clock;
use super::date::{self, DateWritten, DayOrder, Written};
use super::fault::Fault;
use super::learnt::{Amend, Learnt};
use super::records::Row;
use super::sample::Sample;
use super::stamps::Stamps;
use crate::protocol::Problem;
use crate::time::UtcMillis;

/// Reads the cells of one column.
///
/// The order of day and month is decided by the whole column: a number above 12 proves it. Until one
/// comes the habit of its way of writing is assumed ([`Written::habit`]), and said so at the end.
#[derive(Debug)]
pub(super) struct Times {
    pub column: usize,
    order: DayOrder,
    proved: bool,
    /// The column holds spreadsheet day numbers.
    serial: bool,
    /// A value that reads differently in the other order.
    ambiguous: Option<DateWritten>,
    stamps: Stamps,
    last: String,
    last_at: Option<UtcMillis>,
}

impl Times {
    pub(super) fn new(column: usize, sample: &Sample, learnt: &Learnt) -> Self {
        let written = || sample.values(column).filter_map(date::read);
        let proof = learnt
            .order(column)
            .or_else(|| written().find_map(|written| written.date.proves()));
        let habit = written()
            .find(|written| matches!(written.date, DateWritten::Either { .. }))
            .map(Written::habit);
        let mut values = sample
            .values(column)
            .filter(|value| !date::is_nothing(value))
            .peekable();
        Self {
            column,
            order: proof.or(habit).unwrap_or(DayOrder::DayFirst),
            proved: proof.is_some(),
            serial: values.peek().is_some() && values.all(|value| date::serial(value).is_some()),
            ambiguous: None,
            stamps: Stamps::default(),
            last: String::new(),
            last_at: None,
        }
    }

    /// The instant in the column's cell of `row`; `None` where it is empty.
    ///
    /// # Errors
    /// What is no date, or a date that refutes the order assumed.
    #[inline]
    pub(super) fn read(&mut self, row: &Row<'_>, clock: &mut Clock) -> Result<Option<UtcMillis>, Fault> {
        let raw = row.raw(self.column);
        if raw.is_empty() {
            return Ok(None);
        }
        match self.stamps.instant(raw) {
            Some(at) => Ok(Some(at)),
            None => self.read_text(row.cell(self.column), clock),
        }
    }

    /// The same for text that stands in for the cell.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) fn read_text(&mut self, cell: &str, clock: &mut Clock) -> Result<Option<UtcMillis>, Fault> {
        if cell.is_empty() {
            return Ok(None);
        }
        // Rows of one time stand together, and many exports give days only.
        if cell == self.last {
            return Ok(self.last_at);
        }
        let at = self.instant(cell, clock)?;
        self.last.clear();
        self.last.push_str(cell);
        self.last_at = at;
        Ok(at)
    }

    /// The pattern assumed, if nothing in the file proved it and it made a difference.
    pub(super) fn assumed(&self) -> Option<String> {
        self.ambiguous
            .filter(|_| !self.proved)
            .and_then(|date| date.pattern(self.order))
    }

    fn instant(&mut self, cell: &str, clock: &mut Clock) -> Result<Option<UtcMillis>, Fault> {
        let not_a_date = || Fault::cell(self.column, cell, Problem::NotADate);
        let serial = if self.serial { date::serial(cell) } else { None };
        let Some(written) = serial.or_else(|| date::read(cell)) else {
            return if date::is_nothing(cell) {
                Ok(None)
            } else {
                Err(not_a_date())
            };
        };
        match written.date.proves() {
            Some(order) if order == self.order => self.proved = true,
            Some(order) if !self.proved => return Err(Fault::Amend(Amend::Order(self.column, order))),
            _ => {}
        }
        let days = written.date.days(self.order).ok_or_else(not_a_date)?;
        if !self.proved && self.ambiguous.is_none() && written.date.days(self.order.other()) != Some(days) {
            self.ambiguous = Some(written.date);
        }
        let at = match written.offset_minutes {
            Some(offset) => Clock::instant_at(days, written.millis, offset),
            None => clock.instant(days, written.millis),
        };
        // What the date proves of the column is noted now; of further cells of it nothing new can be.
        if written.offset_minutes.is_some() || clock.is_even(days) {
            self.stamps.learn(cell.as_bytes(), written.millis, at);
        }
        Ok(Some(at))
    }
}
