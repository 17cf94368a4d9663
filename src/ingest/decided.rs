//! What a person decided about files with this header: stronger than any profile and any guess.

use super::field::Field;
use super::header::HeaderKey;
use super::synonyms::Meaning;
use crate::arrange::arrange;
use crate::protocol::{Choice, Decision, FileKind};

/// Headers that are so much alike, in a thousand, are of the same export with a column more or less.
const ALIKE: usize = 800;

/// Names of columns as decisions know them: the normalised header, and for the second of a name ` 2` behind it.
pub(super) fn names(keys: &[HeaderKey]) -> Vec<String> {
    let name = |(at, key): (usize, &HeaderKey)| {
        let before = keys
            .iter()
            .take(at)
            .filter(|other| other.full == key.full)
            .count();
        if before == 0 {
            key.full.clone()
        } else {
            format!("{} {}", key.full, before + 1)
        }
    };
    keys.iter().enumerate().map(name).collect()
}

/// The fingerprint of a header: the names of its columns in order, whatever order they stand in.
pub(super) fn fingerprint(names: &[String]) -> Vec<String> {
    let is_named = |name: &&String| !name.is_empty() && !name.starts_with(' ');
    let mut all: Vec<String> = names.iter().filter(is_named).cloned().collect();
    arrange(&mut all, Ord::cmp);
    all
}

/// What was decided.
#[derive(Clone, Copy, Debug)]
pub(super) enum Decisions<'a> {
    /// About some headers, the first being the strongest.
    Some(&'a [Decision]),
    /// About this file, whatever its header reads.
    This(&'a Decision),
}

/// The decision about a header: the first about just these names, else the one most like it, if it is much alike.
fn find<'a>(decisions: Decisions<'a>, names: &[String]) -> Option<&'a Decision> {
    let decisions = match decisions {
        Decisions::This(decision) => return Some(decision),
        Decisions::Some([]) => return None,
        Decisions::Some(some) => some,
    };
    let header = fingerprint(names);
    let same = decisions.iter().find(|decision| decision.is_about(&header));
    same.or_else(|| {
        let alike = decisions
            .iter()
            .map(|decision| (decision.likeness(&header), decision));
        let best = alike.max_by_key(|(likeness, _)| *likeness);
        best.filter(|(likeness, _)| *likeness >= ALIKE)
            .map(|(_, decision)| decision)
    })
}

/// Whether some decision is about just the header of these `cells`.
pub(super) fn is_decided(decisions: Decisions<'_>, cells: &[String]) -> bool {
    let (Decisions::Some(decisions @ [_, ..]), [_, _, ..]) = (decisions, cells) else {
        return false;
    };
    let keys: Vec<HeaderKey> = cells.iter().map(|cell| HeaderKey::of(cell)).collect();
    let header = fingerprint(&names(&keys));
    decisions.iter().any(|decision| decision.is_about(&header))
}

/// What is decided of the columns of one file.
#[derive(Clone, Debug)]
pub(super) struct ByHand<'a> {
    /// The decision, if there is one about this file.
    pub decision: Option<&'a Decision>,
    /// What it says of each column.
    pub choices: Vec<Option<Choice>>,
}

impl<'a> ByHand<'a> {
    pub(super) fn of(decisions: Decisions<'a>, names: &[String]) -> Self {
        let decision = find(decisions, names);
        let choice = |name: &String| decision.and_then(|decision| decision.column(name).cloned());
        Self {
            decision,
            choices: names.iter().map(choice).collect(),
        }
    }

    /// The kind that is decided.
    pub(super) fn kind(&self) -> FileKind {
        self.decision.map_or(FileKind::Unknown, |decision| decision.kind)
    }

    /// Whether anything is decided of `column`.
    pub(super) fn has(&self, column: usize) -> bool {
        matches!(self.choices.get(column), Some(Some(_)))
    }

    /// The field that `column` is given.
    pub(super) fn field(&self, column: usize) -> Option<Field> {
        match self.choices.get(column) {
            Some(Some(Choice::Field(id))) => Field::named(id),
            _ => None,
        }
    }

    /// Columns that are given one of `fields`, in their order.
    pub(super) fn columns(&self, fields: &[Field]) -> Vec<(Field, usize)> {
        let all = (0..self.choices.len()).filter_map(|at| Some((self.field(at)?, at)));
        all.filter(|(field, _)| fields.contains(field)).collect()
    }

    /// Lets columns mean what is decided. A field that some column is given is no other column's any more.
    pub(super) fn overrule(&self, columns: &mut [Vec<Meaning>]) {
        let given: Vec<Field> = (0..self.choices.len()).filter_map(|at| self.field(at)).collect();
        for (at, meanings) in columns.iter_mut().enumerate() {
            if let Some(field) = self.field(at) {
                *meanings = vec![Meaning { field, rank: 0 }];
            } else if self.has(at) {
                meanings.clear();
            } else {
                meanings.retain(|meaning| !given.contains(&meaning.field));
            }
        }
    }
}

#[cfg(test)]
#[path = "decided_tests.rs"]
mod tests;
