//! A column of numbers.

use super::fault::Fault;
use super::learnt::{Amend, Learnt};
use super::number::{self, Decimal, Number, NumberFault};
use super::records::Row;
use super::sample::Sample;

/// Reads the cells of one column. Its decimal mark is decided by the whole column.
#[derive(Debug)]
pub(super) struct Numbers {
    pub column: usize,
    decimal: Decimal,
    proved: bool,
}

impl Numbers {
    /// `habit` is the mark to assume while nothing proves one.
    pub(super) fn new(column: usize, sample: &Sample, learnt: &Learnt, habit: Decimal) -> Self {
        let proves = |value: &str, decimal: Decimal| match number::read(value, decimal) {
            Ok(Some(number)) if number.decides => Some(decimal),
            Err(NumberFault::OtherDecimal) => Some(decimal.other()),
            _ => None,
        };
        let proof = learnt.decimal(column).or_else(|| {
            sample
                .values(column)
                .find_map(|value| proves(value, Decimal::Point))
        });
        Self {
            column,
            decimal: proof.unwrap_or(habit),
            proved: proof.is_some(),
        }
    }

    /// The number in the column's cell of `row`; `None` where it says nothing.
    ///
    /// # Errors
    /// What is no number, or a number that refutes the decimal mark assumed.
    pub(super) fn read(&mut self, row: &Row<'_>) -> Result<Option<Number>, Fault> {
        if let Some(number) = number::plain(row.raw(self.column), self.decimal) {
            self.proved |= number.decides;
            return Ok(Some(number));
        }
        let cell = row.cell(self.column);
        match number::read(cell, self.decimal) {
            Ok(number) => {
                self.proved = self.proved || number.is_some_and(|number| number.decides);
                Ok(number)
            }
            Err(NumberFault::OtherDecimal) if !self.proved => {
                Err(Fault::Amend(Amend::Decimal(self.column, self.decimal.other())))
            }
            Err(fault) => Err(Fault::cell(self.column, cell, fault.problem())),
        }
    }
}
