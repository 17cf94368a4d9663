//! Clauses: what the user wants to see, on any dimension or decimal.

use super::Masks;
use crate::model::{Dict, Dim, Ints, OrderColumns};
use crate::protocol::KeySet;
use std::collections::BTreeMap;

/// A decimal of an order line that can be filtered by range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Amount {
    /// Value at list price.
    Amount,
    /// Units.
    Quantity,
    /// Paid by the buyer.
    Paid,
}

impl Amount {
    /// All.
    pub const ALL: [Self; 3] = [Self::Amount, Self::Quantity, Self::Paid];

    /// Its column.
    pub const fn of(self, columns: &OrderColumns) -> &Ints {
        match self {
            Self::Amount => &columns.amount,
            Self::Quantity => &columns.quantity,
            Self::Paid => &columns.paid_amount,
        }
    }

    /// Name in queries.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Quantity => "quantity",
            Self::Paid => "paid_amount",
        }
    }
}

/// All clauses; a line must pass each. Time is not among them: every client has its own window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clauses {
    /// Keys and texts by dimension.
    pub keys: BTreeMap<Dim, KeySet>,
    /// Raw values that pass, both ends included; a line that does not say its value fails.
    pub ranges: BTreeMap<Amount, (i64, i64)>,
}

impl Clauses {
    /// Whether every line passes.
    pub fn is_open(&self) -> bool {
        self.ranges.is_empty() && self.keys.values().all(KeySet::is_open)
    }

    /// Bits of the clauses that are not the same in `other`.
    pub fn differs_in(&self, other: &Self) -> u16 {
        let keys = Dim::ALL
            .into_iter()
            .filter(|dim| self.keys.get(dim) != other.keys.get(dim))
            .map(Masks::own);
        let ranges = Amount::ALL
            .into_iter()
            .filter(|amount| self.ranges.get(amount) != other.ranges.get(amount))
            .map(Masks::own_amount);
        keys.chain(ranges).fold(0, |bits, bit| bits | bit)
    }

    /// Whether a line with this key of `dim` passes the clause on it.
    pub fn passes(&self, dim: Dim, key: &str) -> bool {
        let Some(set) = self.keys.get(&dim).filter(|set| !set.is_open()) else {
            return true;
        };
        let mut dict = Dict::new(dim.folds_case());
        let code = dict.intern(key) as usize;
        passing_codes(set, &dict).get(code).copied().unwrap_or(false)
    }
}

/// For each code of `dict` whether `set` lets it pass.
pub(crate) fn passing_codes(set: &KeySet, dict: &Dict) -> Vec<bool> {
    let search = set.search.trim().to_lowercase();
    let found: Vec<bool> = dict
        .texts()
        .map(|text| search.is_empty() || text.to_lowercase().contains(&search))
        .collect();
    if set.keys.is_empty() {
        return found;
    }
    let mut named = vec![false; dict.len()];
    for key in &set.keys {
        if let Some(named) = dict.code(key).and_then(|code| named.get_mut(code as usize)) {
            *named = true;
        }
    }
    let passes = |(named, found)| found && named != set.exclude;
    named.into_iter().zip(found).map(passes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_search_join() {
        let mut dict = Dict::new(true);
        for text in ["Kurta blue", "kurta red", "Saree"] {
            dict.intern(text);
        }
        let set = |keys: &[&str], exclude: bool, search: &str| KeySet {
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            exclude,
            search: search.to_owned(),
        };
        for (set, expect) in [
            (set(&[], false, ""), [true; 4]),
            (set(&[], true, ""), [true; 4]),
            (set(&["SAREE", "?"], false, ""), [false, false, false, true]),
            (set(&["saree"], true, ""), [true, true, true, false]),
            (set(&[], false, " KURTA"), [false, true, true, false]),
            (set(&["kurta red"], true, "kurta"), [false, true, false, false]),
        ] {
            assert_eq!(passing_codes(&set, &dict), expect, "{set:?}");
            let clauses = Clauses {
                keys: BTreeMap::from([(Dim::Category, set)]),
                ..Clauses::default()
            };
            let one_by_one: Vec<bool> = dict
                .texts()
                .map(|text| clauses.passes(Dim::Category, text))
                .collect();
            assert_eq!(one_by_one, expect);
        }
    }
}
