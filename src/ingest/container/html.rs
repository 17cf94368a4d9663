//! Tables of web pages, which back offices call `.xls`.
//!
//! A tokenizer of tags of its own: parsers of whole pages are larger than all other reading together, and hold a
//! page as a tree; here a row is read at a time, and whatever is no row is passed over.

use super::grid::{self, About, Cells, Grid, Next, Rows};
use super::tags::{Id, Tags, Token, number, push_text};
use super::{Parts, Place, not_text};
use crate::ingest::learnt::Learnt;
use crate::ingest::records::MOST_CELLS;
use crate::ingest::stream::{assume, decoded};
use crate::ingest::{Encoding, ReadNews};
use crate::protocol::Problem;
use std::collections::BTreeMap;

/// Most columns that one cell covers.
const MOST_SPAN: usize = 1000;

/// Whether a page begins with `head`, in any encoding that leaves ASCII letters in their order.
pub(super) fn is_html(head: &[u8]) -> bool {
    let ascii: Vec<u8> = head
        .iter()
        .copied()
        .filter(|byte| *byte != 0 && *byte < 0x80)
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    let text = ascii.trim_ascii_start();
    let has = |tag: &[u8]| text.windows(tag.len()).any(|window| window == tag);
    match text {
        [b'<', b'?', ..] => has(b"<html"),
        [b'<', b'!' | b'a'..=b'z', ..] => {
            [
                b"<!doctype html".as_slice(),
                b"<html",
                b"<head",
                b"<body",
                b"<meta",
                b"<table",
            ]
            .iter()
            .any(|tag| text.starts_with(tag) || text.starts_with(b"<!--") && has(tag))
                || has(b"<table")
                || has(b"<tr")
        }
        _ => false,
    }
}

/// Tells each table of a page.
///
/// # Errors
/// Why there is none.
pub(super) async fn read<H: AsyncFnMut(ReadNews)>(
    parts: &mut Parts<'_, H>,
    place: &Place,
    bytes: &[u8],
) -> Result<(), Problem> {
    let decoders = parts.options.decoders;
    let marked = Encoding::of_mark(bytes);
    let body = bytes
        .get(marked.map_or(0, |(_, length)| length)..)
        .unwrap_or_default();
    let by_mark = marked
        .and_then(|(encoding, _)| Some((encoding, decoded(encoding, decoders, body, true, false).ok()?)));
    let (encoding, text) = by_mark
        .or_else(|| assume(body, decoders, true, &Learnt::default()))
        .ok_or_else(|| not_text(bytes))?;
    let tables = tables(&text);
    let (several, mut told) = (tables.len() > 1, 0);
    for (number, (start, end)) in (1..).zip(tables) {
        parts.has_room()?;
        let name = if several {
            place.inner(&format!("#{number}"))
        } else {
            place.name.clone()
        };
        let mut grid = HtmlTable {
            text: text.get(..end).unwrap_or_default(),
            start,
            line: 1 + text
                .as_bytes()
                .iter()
                .take(start)
                .map(|b| u64::from(*b == b'\n'))
                .sum::<u64>(),
        };
        let about = About {
            format: "HTML",
            encoding: Some(encoding),
            ..About::default()
        };
        match grid::read(parts, place, &name, &mut grid, about).await {
            Ok(is_table) => told += u32::from(is_table),
            Err(problem) => {
                told += 1;
                parts.fail(&name, place.bytes, problem).await;
            }
        }
    }
    if told == 0 {
        // A page to log in at, say.
        return Err(Problem::NotATable("html".to_owned()));
    }
    Ok(())
}

/// Where tables that hold no other table begin and end; rows outside of any count as a table.
fn tables(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut start, mut has_rows) = (Vec::new(), None, false);
    let mut tags = Tags::new(text, 0);
    while let Some(token) = tags.next() {
        let Token::Tag { name, is_end, at, .. } = token else {
            continue;
        };
        match (name.id(), is_end) {
            (Id::Table, false) => start = Some(at),
            (Id::Table, true) => {
                if let Some(start) = start.take() {
                    found.push((start, tags.at));
                }
            }
            (Id::Row, false) => has_rows = true,
            _ => {}
        }
    }
    if let Some(start) = start {
        found.push((start, text.len()));
    }
    if found.is_empty() && has_rows {
        found.push((0, text.len()));
    }
    found
}

struct HtmlTable<'a> {
    /// The page, up to the end of the table.
    text: &'a str,
    start: usize,
    line: u64,
}

impl Grid for HtmlTable<'_> {
    fn rows(&mut self) -> Result<Box<dyn Rows + '_>, Problem> {
        Ok(Box::new(HtmlRows {
            tags: Tags::new(self.text, self.start),
            counted: self.start,
            line: self.line,
            is_open: false,
            spans: BTreeMap::new(),
        }))
    }
}

struct HtmlRows<'a> {
    tags: Tags<'a>,
    /// Bytes whose line ends are in `line`.
    counted: usize,
    line: u64,
    /// The tag that began the next row has been read.
    is_open: bool,
    /// Columns that a cell of a row above covers: how many rows more, and its text.
    spans: BTreeMap<usize, (usize, String)>,
}

impl Rows for HtmlRows<'_> {
    fn next(&mut self, row: &mut Cells) -> Result<Next, Problem> {
        // The column to come, the one being written, and the row's own spans.
        let (mut column, mut open) = (0, None);
        let mut below: Vec<(usize, usize, usize)> = Vec::new();
        let mut is_row = std::mem::take(&mut self.is_open);
        let next = loop {
            let Some(token) = self.tags.next() else {
                // The page ends within the row: `</table>` ends it too.
                break if is_row && !self.tags.is_closed {
                    Next::CutOff
                } else {
                    Next::End
                };
            };
            match token {
                Token::Text(text) => {
                    if let Some(cell) = open.and_then(|at| row.cells_mut(at)) {
                        push_text(text, cell);
                    }
                }
                Token::Tag {
                    name,
                    is_end,
                    attributes,
                    at,
                } => match (name.id(), is_end) {
                    (Id::Row, false) if is_row && column > 0 => {
                        self.is_open = true;
                        self.count_to(at);
                        break Next::Row;
                    }
                    (Id::Row, false) => {
                        is_row = true;
                        self.count_to(at);
                        row.line = self.line;
                    }
                    (Id::Row | Id::Table, true) if is_row && column > 0 => break Next::Row,
                    (Id::Row | Id::Table, true) => (is_row, open) = (false, None),
                    (Id::Cell, false) => {
                        is_row = true;
                        while self.covers(column) {
                            column += 1;
                        }
                        let span = |name| number(attributes, name).clamp(1, MOST_SPAN);
                        let (wide, high) = (span("colspan"), span("rowspan"));
                        let _ = row.cell(column);
                        open = Some(column);
                        if high > 1 && column < MOST_CELLS {
                            below.push((column, wide, high - 1));
                        }
                        column += wide;
                    }
                    (Id::Cell, true) => open = None,
                    (Id::Break, _) => {
                        if let Some(cell) = open.and_then(|at| row.cells_mut(at)) {
                            cell.push(' ');
                        }
                    }
                    _ => {}
                },
            }
        };
        if row.line == 0 {
            row.line = self.line;
        }
        if next == Next::End {
            return Ok(Next::End);
        }
        for (at, (_, text)) in &self.spans {
            if let Some(cell) = row.cell(*at) {
                cell.push_str(text);
            }
        }
        self.spans.retain(|_, (rows, _)| {
            *rows -= 1;
            *rows > 0
        });
        for (column, wide, rows) in below {
            let text = row.get(column).trim().to_owned();
            // Amounts would be counted once a row.
            let is_amount =
                text.len() < 10 && text.bytes().all(|b| b.is_ascii_digit() || b".,-".contains(&b));
            for at in column..column + wide {
                let text = if at == column && !is_amount {
                    text.clone()
                } else {
                    String::new()
                };
                self.spans.insert(at, (rows, text));
            }
        }
        Ok(next)
    }
}

impl HtmlRows<'_> {
    fn covers(&self, column: usize) -> bool {
        self.spans.contains_key(&column)
    }

    fn count_to(&mut self, at: usize) {
        let between = self
            .tags
            .text
            .as_bytes()
            .get(self.counted..at)
            .unwrap_or_default();
        self.line += between.iter().map(|b| u64::from(*b == b'\n')).sum::<u64>();
        self.counted = self.counted.max(at);
    }
}
