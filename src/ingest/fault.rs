//! Why a row did not get through.

use super::learnt::Amend;
use crate::protocol::Problem;

/// A row that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is refused: the column at fault, what stood there, why.
    Refused(Option<usize>, String, Problem),
    /// It is the hypothesis that is wrong, not the row.
    Amend(Amend),
}

impl Fault {
    /// A refusal for what stands in `column`.
    pub(super) fn cell(column: usize, value: &str, problem: Problem) -> Self {
        Self::Refused(Some(column), value.to_owned(), problem)
    }
}
