//! Sheets of an OpenDocument workbook, read row by row from its one text.
//!
//! A reader of its own: a sheet of two cells may say that each stands a million times, and readers that build the
//! sheet as a whole build all of them. Merged cells are given to the rows that they cover.

use super::archive::Zip;
use super::book::Kind;
use super::cell::Value;
use super::grid::{Cells, Grid, Next, Rows};
use super::meter::{Limits, Meter};
use super::tags::{push_text, tag_length};
use crate::ingest::records::MOST_CELLS;
use crate::protocol::Problem;

/// Rows of the longest sheets.
const MOST_ROWS: u64 = 1 << 20;

/// A workbook, as text.
pub(super) struct Ods {
    content: String,
    limits: Limits,
}

/// A sheet of it.
#[derive(Clone, Debug)]
pub(super) struct OdsTable {
    pub name: String,
    pub is_hidden: bool,
    start: usize,
    end: usize,
}

impl Ods {
    /// # Errors
    /// What keeps it from being read.
    pub(super) fn open(zip: &mut Zip<'_>, meter: &mut Meter) -> Result<Self, Problem> {
        let mut text = |name: &str| {
            let damaged = || Kind::Ods.damaged();
            let at = zip.index_for_name(name).ok_or_else(damaged)?;
            let mut entry = zip.by_index(at).map_err(|_| damaged())?;
            let packed = entry.compressed_size();
            meter.read_whole(&mut entry, packed, "ods")
        };
        let manifest = text("META-INF/manifest.xml").unwrap_or_default();
        let mark = b"encryption-data";
        if manifest.windows(mark.len()).any(|window| window == mark) {
            return Err(Problem::Locked("ods".to_owned()));
        }
        let content = String::from_utf8(text("content.xml")?).map_err(|_| Kind::Ods.damaged())?;
        if content.contains("<office:spreadsheet") {
            Ok(Self {
                content,
                limits: meter.limits,
            })
        } else {
            Err(Kind::Ods.damaged())
        }
    }

    /// Its sheets.
    ///
    /// # Errors
    /// [`Problem::Damaged`] where one has no end.
    pub(super) fn tables(&self) -> Result<Vec<OdsTable>, Problem> {
        let (mut tables, mut hidden, mut style): (Vec<OdsTable>, Vec<&str>, &str) = Default::default();
        let mut depth = 0_u32;
        let mut tags = XmlTags::new(&self.content, 0);
        while let Some(tag) = tags.next() {
            match (tag.name, tag.is_end) {
                ("style:style", false) => style = tag.attribute("style:name").unwrap_or(""),
                ("style:table-properties", false) if tag.attribute("table:display") == Some("false") => {
                    hidden.push(style);
                }
                ("table:table", false) if !tag.is_closed => {
                    depth += 1;
                    if depth == 1 {
                        let mut name = String::new();
                        push_text(tag.attribute("table:name").unwrap_or(""), &mut name);
                        let style = tag.attribute("table:style-name").unwrap_or("");
                        tables.push(OdsTable {
                            name,
                            is_hidden: hidden.contains(&style),
                            start: tags.at,
                            end: 0,
                        });
                    }
                }
                ("table:table", true) => {
                    depth = depth.saturating_sub(1);
                    if let Some(table) = tables.last_mut().filter(|_| depth == 0) {
                        table.end = tag.at;
                    }
                }
                _ => {}
            }
        }
        if depth > 0 {
            return Err(Kind::Ods.damaged());
        }
        Ok(tables)
    }

    pub(super) fn sheet(&self, table: &OdsTable) -> OdsSheet<'_> {
        OdsSheet {
            text: self.content.get(..table.end).unwrap_or_default(),
            start: table.start,
            // What comes out by repeating is bounded as what comes out of an archive is.
            most: (self.content.len() as u64)
                .saturating_mul(self.limits.ratio)
                .max(self.limits.free),
            ratio: self.limits.ratio,
        }
    }
}

pub(super) struct OdsSheet<'a> {
    /// The text, up to the end of the sheet.
    text: &'a str,
    start: usize,
    most: u64,
    ratio: u64,
}

impl Grid for OdsSheet<'_> {
    fn rows(&mut self) -> Result<Box<dyn Rows + '_>, Problem> {
        Ok(Box::new(OdsRows {
            tags: XmlTags::new(self.text, self.start),
            row: 0,
            again: 0,
            last: Vec::new(),
            merged: Vec::new(),
            timed: Vec::new(),
            out: 0,
            most: self.most,
            ratio: self.ratio,
        }))
    }
}

struct OdsRows<'a> {
    tags: XmlTags<'a>,
    /// Rows that were given or passed over.
    row: u64,
    /// How many times the last row is to be given again.
    again: u64,
    last: Vec<(usize, String)>,
    /// Cells that rows below are covered by: column, last row, text.
    merged: Vec<(usize, u64, String)>,
    timed: Vec<bool>,
    /// Bytes given.
    out: u64,
    most: u64,
    ratio: u64,
}

impl Rows for OdsRows<'_> {
    fn next(&mut self, row: &mut Cells) -> Result<Next, Problem> {
        if self.again > 0 {
            self.again -= 1;
            for (at, text) in &self.last {
                if let Some(cell) = row.cell(*at) {
                    cell.push_str(text);
                }
            }
            return self.give(row);
        }
        while let Some(tag) = self.tags.next() {
            if tag.name != "table:table-row" || tag.is_end {
                continue;
            }
            let times = tag.number("table:number-rows-repeated");
            let has_cells = !tag.is_closed && self.cells(row);
            if !has_cells {
                // Nothing in it, however often.
                self.row = self.row.saturating_add(times);
                row.clear();
                continue;
            }
            self.again = times - 1;
            self.last.clear();
            if self.again > 0 {
                let texts = (0..row.len()).map(|at| (at, row.get(at).to_owned()));
                self.last = texts.filter(|(_, text)| !text.is_empty()).collect();
            }
            return self.give(row);
        }
        Ok(Next::End)
    }
}

impl OdsRows<'_> {
    fn give(&mut self, row: &mut Cells) -> Result<Next, Problem> {
        let at = self.row;
        self.row += 1;
        if self.row > MOST_ROWS {
            return Ok(Next::End);
        }
        row.line = self.row;
        self.merged.retain(|(_, last, _)| *last >= at);
        for (column, _, text) in &self.merged {
            if row.get(*column).is_empty()
                && let Some(cell) = row.cell(*column)
            {
                cell.push_str(text);
            }
        }
        self.out += row.len() as u64 + row.bytes() as u64;
        if self.out > self.most {
            return Err(Problem::Bomb(self.ratio));
        }
        Ok(Next::Row)
    }

    /// Reads the cells of a row up to its end; whether one of them says something.
    fn cells(&mut self, row: &mut Cells) -> bool {
        let (mut column, mut any) = (0_usize, false);
        while let Some(tag) = self.tags.next() {
            match (tag.name, tag.is_end) {
                ("table:table-row", _) => break,
                ("table:table-cell" | "table:covered-table-cell", false) => {}
                _ => continue,
            }
            let times = usize::try_from(tag.number("table:number-columns-repeated")).unwrap_or(usize::MAX);
            let mut text = String::new();
            let is_of_each = self.cell(&tag, column, &mut text);
            if !text.is_empty() && column < MOST_CELLS {
                any = true;
                for at in column..column.saturating_add(times).min(MOST_CELLS) {
                    if let Some(cell) = row.cell(at) {
                        cell.push_str(&text);
                    }
                }
                let rows = tag.number("table:number-rows-spanned");
                if rows > 1 && is_of_each {
                    self.merged
                        .push((column, self.row.saturating_add(rows - 1), text));
                }
            }
            column = column.saturating_add(times);
        }
        any
    }

    /// Appends what the cell that begins with `tag` says, and reads up to its end; whether each row that it covers
    /// has it.
    fn cell(&mut self, tag: &XmlTag<'_>, column: usize, text: &mut String) -> bool {
        let mut words = String::new();
        if !tag.is_closed {
            self.words(&mut words);
        }
        let number = || tag.attribute("office:value").and_then(|value| value.parse().ok());
        let value = match tag.attribute("office:value-type") {
            Some("float" | "currency" | "percentage") => number().map_or(Value::Empty, Value::Number),
            Some("boolean") => Value::Bool(tag.attribute("office:boolean-value") == Some("true")),
            Some("date") => Value::Text(tag.attribute("office:date-value").unwrap_or("")),
            Some("time") => Value::Text(tag.attribute("office:time-value").unwrap_or("")),
            _ => {
                if let Some(said) = tag.attribute("office:string-value") {
                    words.clear();
                    push_text(said, &mut words);
                }
                Value::Text(&words)
            }
        };
        if column >= MOST_CELLS {
            return false;
        }
        if self.timed.len() <= column {
            self.timed.resize(column + 1, false);
        }
        if let Some(timed) = self.timed.get_mut(column) {
            value.write(timed, text);
        }
        value.is_of_each_row()
    }

    /// The words of a cell, up to its end, without what somebody remarked on it.
    fn words(&mut self, words: &mut String) {
        let mut aside = false;
        loop {
            let text = self.tags.text();
            if !aside {
                push_text(text, words);
            }
            let Some(tag) = self.tags.next() else { return };
            match (tag.name, tag.is_end) {
                ("office:annotation", is_end) => aside = !is_end && !tag.is_closed,
                ("table:table-cell" | "table:covered-table-cell" | "table:table-row", _) => return,
                ("text:p" | "text:s" | "text:tab" | "text:line-break", false)
                    if !aside && !words.is_empty() =>
                {
                    words.push(' ');
                }
                _ => {}
            }
        }
    }
}

/// A tag of an XML text.
struct XmlTag<'a> {
    name: &'a str,
    attributes: &'a str,
    is_end: bool,
    /// It is its own end.
    is_closed: bool,
    /// Where it begins.
    at: usize,
}

impl<'a> XmlTag<'a> {
    fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        loop {
            let (found, after) = rest.split_once('=')?;
            let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let (value, next) = after.get(1..)?.split_once(quote)?;
            if found.trim() == name {
                return Some(value);
            }
            rest = next;
        }
    }

    /// A count; 1 where there is none.
    fn number(&self, name: &str) -> u64 {
        let number = self.attribute(name).and_then(|value| value.parse().ok());
        number.unwrap_or(1).max(1)
    }
}

/// The tags of an XML text, one after the other.
struct XmlTags<'a> {
    all: &'a str,
    at: usize,
}

impl<'a> XmlTags<'a> {
    const fn new(all: &'a str, at: usize) -> Self {
        Self { all, at }
    }

    fn rest(&self) -> &'a str {
        self.all.get(self.at..).unwrap_or_default()
    }

    /// The text before the next tag.
    fn text(&mut self) -> &'a str {
        let rest = self.rest();
        let text = rest
            .get(..rest.find('<').unwrap_or(rest.len()))
            .unwrap_or_default();
        self.at += text.len();
        text
    }

    fn next(&mut self) -> Option<XmlTag<'a>> {
        self.text();
        let (at, inner) = (self.at, self.rest().strip_prefix('<')?);
        let length = tag_length(inner);
        self.at += 1 + length;
        let tag = inner.get(..length.saturating_sub(1)).unwrap_or_default();
        let is_end = tag.starts_with('/');
        let tag = tag.trim_start_matches('/');
        let is_closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let named = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(named);
        Some(XmlTag {
            name,
            attributes,
            is_end,
            is_closed,
            at,
        })
    }
}
