//! The hypothesis about a table of text: delimiter, header row, meaning of the columns.

use super::decided::{Decisions, is_decided};
use super::learnt::Learnt;
use super::mapping::{Mapping, header_score};
use super::records::{Dialect, MOST_CELLS};
use super::sample::Sample;
use std::cmp::Reverse;

/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 20;
/// Most columns an export may have.
pub(super) const MOST_COLUMNS: usize = 4096;
/// Score of a header that was decided about, which no words reach.
const DECIDED: usize = 1 << 20;
/// Delimiters of exports.
pub(super) const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// What a table looks like.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// `None` for JSON.
    pub dialect: Option<Dialect>,
    /// Records before the first data row.
    pub skip: usize,
    pub headers: Vec<String>,
    pub mapping: Mapping,
    pub sample: Sample,
    /// Two columns or more, and most rows have as many cells as the header.
    pub is_table: bool,
}

impl Layout {
    /// The layout under which `text`, the start of a file or all of it, makes most sense: the header
    /// that means most, then the rows that are most even. `None` without any record.
    #[inline(never)]
    pub(super) fn of_text(
        text: &str,
        whole: bool,
        learnt: &Learnt,
        decisions: Decisions<'_>,
    ) -> Option<Self> {
        let newline = if text.contains('\n') || !text.contains('\r') {
            b'\n'
        } else {
            b'\r'
        };
        let said = said_delimiter(text);
        // One that stands nowhere divides nothing, whichever it is.
        let stands = |delimiter: &u8| text.as_bytes().contains(delimiter);
        let first = said
            .or_else(|| DELIMITERS.into_iter().find(stands))
            .unwrap_or(DELIMITERS[0]);
        let may_be = |delimiter: &u8| *delimiter == first || said.is_none() && stands(delimiter);
        let delimiters = DELIMITERS.iter().copied().filter(may_be);
        let mut best: Option<(Rank, Dialect, Sample)> = None;
        for delimiter in delimiters {
            let quoting: &[bool] = match (delimiter, learnt.no_quotes) {
                (b'\t', true) => &[false],
                (b'\t', false) => &[true, false],
                _ => &[true],
            };
            for &quoting in quoting {
                let dialect = Dialect {
                    delimiter,
                    quoting,
                    newline,
                };
                let sample = Sample::of_text(text, dialect, whole);
                let Some((score, header)) = header_of(&sample, decisions) else {
                    continue;
                };
                let even = evenness(&sample, header);
                let columns = sample.rows.get(header).map_or(0, Vec::len);
                let rank = Rank {
                    score,
                    even,
                    header: Reverse(header),
                    columns,
                };
                if best.as_ref().is_none_or(|(best, ..)| rank > *best) {
                    best = Some((rank, dialect, sample));
                }
            }
        }
        let (
            Rank {
                even,
                header: Reverse(header),
                columns,
                ..
            },
            dialect,
            sample,
        ) = best?;
        let headers = sample.rows.get(header).cloned().unwrap_or_default();
        let other = if even == 0 && columns >= FEW {
            rows_divided_otherwise(text, whole, dialect, (header, columns))
        } else {
            None
        };
        let (dialect, even, sample) = other.unwrap_or((dialect, even, sample));
        let mut sample = sample.after(header);
        let is_table = columns >= 2 && even >= 500;
        let mut mapping = Mapping::of(&headers, &sample, decisions);
        let mut skip = header + 1;
        if mapping.is_description(&sample) {
            skip += 1;
            sample = sample.after(0);
            mapping = Mapping::of(&headers, &sample, decisions);
        }
        Some(Self {
            dialect: Some(dialect),
            skip,
            headers,
            mapping,
            sample,
            is_table,
        })
    }

    /// The layout of rows that name their cells.
    pub(super) fn of_keys(headers: Vec<String>, sample: Sample, decisions: Decisions<'_>) -> Self {
        let mapping = Mapping::of_paths(&headers, &sample, decisions);
        let is_table = headers.len() >= 2;
        Self {
            dialect: None,
            skip: 0,
            headers,
            mapping,
            sample,
            is_table,
        }
    }
}

/// How much sense a dialect makes of a text, what counts most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    score: usize,
    even: usize,
    header: Reverse<usize>,
    columns: usize,
}

/// Cells of the first line of `text`, by the delimiter that makes most.
pub(super) fn first_line_cells(text: &[u8]) -> usize {
    let line = text
        .split(|b| matches!(b, b'\n' | b'\r'))
        .next()
        .unwrap_or_default();
    let count = |delimiter: &u8| line.iter().filter(|b| *b == delimiter).count();
    DELIMITERS.iter().map(count).max().unwrap_or(0) + 1
}

/// The delimiter that a first line `sep=;` names.
fn said_delimiter(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim().trim_matches('"');
    let mark = line
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("sep="))
        .and(line.get(4..))?;
    match mark.as_bytes() {
        // Trimming took the tab.
        [] => Some(b'\t'),
        [delimiter] if DELIMITERS.contains(delimiter) => Some(*delimiter),
        _ => None,
    }
}

/// Columns that a table must have for its rows to be looked for under another delimiter.
const FEW: usize = 5;

/// The dialect under which the rows have about as many cells as the header has under its own: some exports
/// write commas above tabs.
fn rows_divided_otherwise(
    text: &str,
    whole: bool,
    dialect: Dialect,
    (header, columns): (usize, usize),
) -> Option<(Dialect, usize, Sample)> {
    DELIMITERS
        .iter()
        .filter(|delimiter| **delimiter != dialect.delimiter)
        .find_map(|delimiter| {
            let dialect = Dialect {
                delimiter: *delimiter,
                ..dialect
            };
            let sample = Sample::of_text(text, dialect, whole);
            let below = sample.rows.get(header + 1..).unwrap_or_default();
            let fits = |row: &&Vec<String>| row.len() * 2 > columns && row.len() <= columns + 1;
            let fitting = below.iter().filter(fits).count();
            (fitting * 2 > below.len()).then_some((dialect, fitting * 1000 / below.len().max(1), sample))
        })
}

/// Score and place of the row that is most likely the header; where no word is known, the first row
/// with two cells that are not empty.
pub(super) fn header_of(sample: &Sample, decisions: Decisions<'_>) -> Option<(usize, usize)> {
    let rows = || sample.rows.iter().take(HEADER_ROWS).enumerate();
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
    let decided = |row: &Vec<String>| if is_decided(decisions, row) { DECIDED } else { 0 };
    // Of equal rows the first: `max_by_key` would give the last.
    let scored = rows()
        .map(|(at, row)| (header_score(row) + decided(row), at))
        .max_by_key(|(score, at)| (*score, usize::MAX - at));
    match scored? {
        (0, _) => {
            let first = rows()
                .find(|(_, row)| filled(row) >= 2)
                .or_else(|| rows().find(|(_, row)| filled(row) >= 1));
            first.map(|(at, _)| (0, at))
        }
        found => Some(found),
    }
}

/// Rows in a thousand that have as many cells as the header. One-column rows are no table.
fn evenness(sample: &Sample, header: usize) -> usize {
    let width = sample.rows.get(header).map_or(0, Vec::len);
    let below = sample.rows.get(header + 1..).unwrap_or_default();
    if !(2..=MOST_CELLS).contains(&width) {
        return 0;
    }
    // Some exports end each row with a comma that the header has not.
    let is_even = |row: &&Vec<String>| {
        row.len() == width || row.len() > width && row[width..].iter().all(String::is_empty)
    };
    let even = below.iter().filter(is_even).count();
    if below.is_empty() {
        1000
    } else {
        even * 1000 / below.len()
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
