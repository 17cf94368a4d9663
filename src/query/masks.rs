//! Which lines pass which clauses: the selection, kept from one view to the next.

use super::Clauses;
use crate::model::{Dim, OrderTable};

/// The clauses a client does not look at, one bit each; see [`Masks::OWN_ALL`].
pub type Own = u16;

/// For each line the set of clauses it fails, one bit a clause: 2 bytes a line.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    clauses: Clauses,
    tests: Vec<Test>,
    failed: Vec<u16>,
}

/// A clause in the table's codes.
#[derive(Clone, Debug)]
struct Test {
    bit: u16,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// Whether each code passes.
    Codes(Dim, Vec<bool>),
    /// Values that pass, both ends included.
    Values(super::Amount, i64, i64),
}

/// A line whose set of failed clauses changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Which.
    pub row: u32,
    /// What it fails from now on.
    pub failed: u16,
}

/// What a change of clauses does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Lines that are still to be flipped.
    Few(Vec<Flip>),
    /// So many lines that they were flipped at once; the bits that differ on any.
    Many(u16),
}

impl Masks {
    /// Bit of a line that is not there (yet, or any more). No client overlooks it.
    pub const GONE: u16 = 1 << 15;
    /// A client that looks at no clause.
    pub const OWN_ALL: Own = !Self::GONE;
    /// A client that looks at the clauses that a stock level has too.
    pub const OWN_NOT_OF_STOCK: Own = {
        let (mut own, mut at) = (Self::OWN_ALL, 0);
        while at < Dim::COUNT {
            if Dim::ALL[at].is_of_stock() {
                own &= !Self::own(Dim::ALL[at]);
            }
            at += 1;
        }
        own
    };

    /// A client of `dim` does not look at the clause on it.
    pub const fn own(dim: Dim) -> Own {
        1 << dim.index()
    }

    /// A client of a decimal does not look at its clause.
    pub const fn own_amount(amount: super::Amount) -> Own {
        1 << (Dim::COUNT + amount as usize)
    }

    /// The clauses that hold.
    pub fn clauses(&self) -> &Clauses {
        &self.clauses
    }

    /// What line `row` fails; [`Self::GONE`] beyond the end.
    pub fn failed(&self, row: usize) -> u16 {
        self.failed.get(row).copied().unwrap_or(Self::GONE)
    }

    /// Whether line `row` passes every clause but those of `own`.
    pub fn passes(&self, row: usize, own: Own) -> bool {
        self.failed(row) & !own == 0
    }

    /// What the lines fail, one after the other.
    pub fn all(&self) -> &[u16] {
        &self.failed
    }

    /// Tests all lines anew: the plain way.
    pub fn scan(clauses: &Clauses, table: &OrderTable) -> Self {
        let mut masks = Self {
            clauses: clauses.clone(),
            tests: tests(clauses, table),
            failed: vec![0; table.columns().len()],
        };
        let rows = 0..table.columns().len();
        // Without a clause all lines pass, but those that are gone.
        if !masks.tests.is_empty() || !table.removed().is_blank() {
            masks.failed = rows.map(|row| masks.test(table, row)).collect();
        }
        masks
    }

    /// What line `row` fails under the clauses that hold. Codes that came after the clauses were set are
    /// looked up, so texts may be new.
    pub fn test(&self, table: &OrderTable, row: usize) -> u16 {
        let columns = table.columns();
        let mut failed = if table.removed().get(row) { Self::GONE } else { 0 };
        for test in &self.tests {
            let passes = match &test.what {
                What::Codes(dim, passes) => {
                    let code = columns.dim(*dim).get(row);
                    passes
                        .get(code as usize)
                        .copied()
                        .unwrap_or_else(|| self.clauses.passes(*dim, columns.dict(*dim).text(code)))
                }
                What::Values(amount, from, to) => amount
                    .of(columns)
                    .get(row)
                    .is_some_and(|value| (*from..=*to).contains(&value)),
            };
            if !passes {
                failed |= test.bit;
            }
        }
        failed
    }

    /// Changes the clauses. Where at most `few` lines fail others than before they are the answer,
    /// ascending, and not yet flipped: whoever keeps running totals calls [`Self::flip`] one by one.
    pub fn change(&mut self, clauses: &Clauses, table: &OrderTable, few: usize) -> Change {
        let changed = self.clauses.differs_in(clauses);
        if changed == 0 {
            return Change::Few(Vec::new());
        }
        self.clauses = clauses.clone();
        self.tests = tests(clauses, table);
        // Only the clauses that changed are tested, column by column.
        let mut next: Vec<u16> = self.failed.iter().map(|failed| failed & !changed).collect();
        for test in self.tests.iter().filter(|test| test.bit & changed != 0) {
            match &test.what {
                What::Codes(dim, passes) => {
                    let bits: Vec<u16> = passes
                        .iter()
                        .map(|passes| u16::from(!passes) * test.bit)
                        .collect();
                    let codes = table.columns().dim(*dim);
                    mark(&mut next, codes, &bits, test.bit);
                }
                What::Values(amount, from, to) => {
                    for (failed, value) in next.iter_mut().zip(amount.of(table.columns()).iter()) {
                        let passes = value != crate::model::Ints::NONE && (*from..=*to).contains(&value);
                        *failed |= u16::from(!passes) * test.bit;
                    }
                }
            }
        }
        let pairs = || self.failed.iter().zip(&next);
        let flips = pairs().map(|(old, new)| usize::from(old != new)).sum::<usize>();
        if flips > few {
            let bits = pairs().fold(0, |bits, (old, new)| bits | (old ^ new));
            self.failed = next;
            return Change::Many(bits);
        }
        let flips = (0_u32..).zip(pairs()).filter(|(_, (old, new))| old != new);
        Change::Few(
            flips
                .map(|(row, (_, failed))| Flip { row, failed: *failed })
                .collect(),
        )
    }

    /// Bits that some line may fail: the clauses that hold, and lines that are gone.
    pub fn active(&self, table: &OrderTable) -> u16 {
        let gone = if table.removed().is_empty() { 0 } else { Self::GONE };
        self.tests.iter().fold(gone, |bits, test| bits | test.bit)
    }

    /// Line `row` fails `failed` from now on; the row after the last one is a new line.
    pub fn flip(&mut self, row: u32, failed: u16) {
        let at = row as usize;
        if at >= self.failed.len() {
            self.failed.resize(at + 1, Self::GONE);
        }
        self.failed[at] = failed;
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.failed.capacity() * 2
    }
}

/// Adds to each line the bit of its code.
fn mark(failed: &mut [u16], codes: &crate::model::Codes, bits: &[u16], fail: u16) {
    use crate::model::Codes;
    fn run<C: Copy + Into<u32>>(failed: &mut [u16], codes: &[C], bits: &[u16], fail: u16) {
        for (failed, code) in failed.iter_mut().zip(codes) {
            *failed |= bits.get((*code).into() as usize).copied().unwrap_or(fail);
        }
    }
    match codes {
        Codes::Zero(_) => {
            let bit = bits.first().copied().unwrap_or(fail);
            failed.iter_mut().for_each(|failed| *failed |= bit);
        }
        Codes::U8(codes) => run(failed, codes, bits, fail),
        Codes::U16(codes) => run(failed, codes, bits, fail),
        Codes::U32(codes) => run(failed, codes, bits, fail),
    }
}

fn tests(clauses: &Clauses, table: &OrderTable) -> Vec<Test> {
    let columns = table.columns();
    let keys = clauses.keys.iter().filter(|(_, set)| !set.is_open());
    let keys = keys.map(|(dim, set)| Test {
        bit: Masks::own(*dim),
        what: What::Codes(*dim, super::passing_codes(set, columns.dict(*dim))),
    });
    let ranges = clauses.ranges.iter().map(|(amount, (from, to))| Test {
        bit: Masks::own_amount(*amount),
        what: What::Values(*amount, *from, *to),
    });
    keys.chain(ranges).collect()
}
