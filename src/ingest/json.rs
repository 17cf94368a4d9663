//! JSON exports: an array of records, an object that holds one, one record, or records one after the other.
//!
//! A record that holds an array of its lines gives a row for each of them. Of nested objects only what
//! can be used is read: amounts with their currency, the province and city of an address, stock figures.
//! Columns of nested values are named by their path: `line_items.sku`, `shipping_address.city`. Numbers
//! stay the text they are in the file and never become floats.

use super::field::Field;
use super::header::HeaderKey;
use super::records::{Cut, Row};
use super::sample::{ROWS, Sample};
use super::synonyms::meanings;
use crate::model::Dim;
use crate::money::Fixed;
use crate::protocol::Problem;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Objects in objects that are looked into for the rows: `{"payload": {"Orders": […]}}`.
const DEPTH: usize = 3;
/// An object with more plain values than this is a record itself: the array in it holds the lines of
/// one order, which say nothing without it.
const ENVELOPE: usize = 4;
/// What was given back for an order, added up: a column of this name, on its first row.
const REFUNDS: &str = "refunds";

/// Why there are no rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonFault {
    /// Not valid, at this line and column.
    Bad(u64, u64),
    /// No array of objects in it.
    NoRows,
    /// More columns than any export has.
    TooManyColumns(u64),
}

/// The rows of a JSON file.
pub(super) struct JsonRows<'a> {
    text: &'a str,
    /// What could not be read: the line on which it starts, and why.
    pub broken: Vec<(u64, Problem)>,
    records: Vec<&'a RawValue>,
    /// Values of the objects around the records, which hold for each of them.
    around: Vec<(String, Cow<'a, str>)>,
    /// The member of a record that holds its lines.
    lines: Option<String>,
    /// Keys in order of first sight.
    pub headers: Vec<String>,
    columns: rustc_hash::FxHashMap<String, usize>,
    /// Values that are objects or arrays and were left out.
    pub nested: u64,
}

impl<'a> JsonRows<'a> {
    /// Finds the rows in `text`.
    ///
    /// # Errors
    /// [`JsonFault`] for text that is no JSON or holds no rows.
    pub(super) fn of(text: &'a str, most_columns: usize) -> Result<Self, JsonFault> {
        let (Found { records, around }, broken) = parsed(text)?;
        let lines = lines_of(&records);
        let mut found = Self {
            text,
            broken,
            records,
            around,
            lines,
            headers: Vec::new(),
            columns: Default::default(),
            nested: 0,
        };
        let (mut headers, mut columns) = (Vec::new(), rustc_hash::FxHashMap::default());
        let mut known: rustc_hash::FxHashMap<String, bool> = Default::default();
        let mut uses = |path: &str| {
            known.get(path).copied().unwrap_or_else(|| {
                let is_used = is_used(path);
                // Keys of a file are few; those of a broken one must not fill the memory.
                if known.len() < 10_000 {
                    known.insert(path.to_owned(), is_used);
                }
                is_used
            })
        };
        for at in 0..found.records.len() {
            let mut name = |header: Cow<'_, str>, _: Cow<'_, str>| {
                if !columns.contains_key(header.as_ref()) {
                    columns.insert(header.clone().into_owned(), headers.len());
                    headers.push(header.into_owned());
                }
            };
            let record = found.record(at);
            found.nested += found.plain(&record, &mut uses, &mut name);
            for line in found.lines_in(&record) {
                found.nested += found.of_line(&line, &mut uses, &mut name);
            }
            if headers.len() > most_columns {
                let columns = u64::try_from(headers.len()).unwrap_or(u64::MAX);
                return Err(JsonFault::TooManyColumns(columns));
            }
        }
        (found.headers, found.columns) = (headers, columns);
        if found.headers.is_empty() {
            Err(JsonFault::NoRows)
        } else {
            Ok(found)
        }
    }

    /// The first rows.
    pub(super) fn sample(&self) -> Sample {
        let mut rows = Vec::new();
        let done: Result<(), ()> = self.each(|row| {
            rows.push(row.cells().map(str::to_owned).collect());
            if rows.len() < ROWS { Ok(()) } else { Err(()) }
        });
        // An early end is what the limit is for.
        let _ = done;
        Sample { rows }
    }

    /// Gives all rows, their cells in the order of the headers.
    ///
    /// # Errors
    /// What `each` returns.
    pub(super) fn each<E>(&self, mut each: impl FnMut(&Row<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut cells: Vec<Cow<'_, str>> = Vec::new();
        let (mut text, mut cuts) = (String::new(), Vec::new());
        let (mut line, mut counted) = (1_u64, 0_usize);
        let refunds = self.columns.get(REFUNDS).copied();
        for (at, raw) in self.records.iter().enumerate() {
            // A raw value is a part of the text, so their addresses tell its place.
            let start = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
            let between = self.text.as_bytes().get(counted..start).unwrap_or_default();
            line += between.iter().map(|b| u64::from(*b == b'\n')).sum::<u64>();
            counted = counted.max(start);
            let record = self.record(at);
            let lines = self.lines_in(&record);
            for row in 0..lines.len().max(1) {
                cells.clear();
                cells.resize(self.headers.len(), Cow::Borrowed(""));
                let mut enter = |header: Cow<'_, str>, cell: Cow<'a, str>| {
                    let column = self.columns.get(header.as_ref());
                    if let Some(place) = column.and_then(|column| cells.get_mut(*column)) {
                        *place = cell;
                    }
                };
                // What is of no use has no column.
                let mut uses = |_: &str| true;
                self.plain(&record, &mut uses, &mut enter);
                if let Some(line) = lines.get(row) {
                    self.of_line(line, &mut uses, &mut enter);
                }
                if row > 0
                    && let Some(place) = refunds.and_then(|at| cells.get_mut(at))
                {
                    *place = Cow::Borrowed("");
                }
                text.clear();
                cuts.clear();
                for cell in &cells {
                    let start = text.len();
                    text.push_str(cell);
                    cuts.push(Cut::new(start, text.len()));
                }
                each(&Row::new(&text, &cuts, line))?;
            }
        }
        Ok(())
    }

    fn record(&self, at: usize) -> Vec<Member<'a>> {
        self.records.get(at).map(|raw| members(raw)).unwrap_or_default()
    }

    /// The lines of a record; none where it has none.
    fn lines_in(&self, record: &[Member<'a>]) -> Vec<Vec<Member<'a>>> {
        let Some(name) = &self.lines else {
            return Vec::new();
        };
        let lines = record
            .iter()
            .find(|(key, value)| key.as_ref() == name && first(value) == b'[');
        let lines = lines.and_then(|(_, value)| serde_json::from_str::<Vec<&RawValue>>(value.get()).ok());
        let lines = lines.unwrap_or_default().into_iter();
        lines.filter(|line| first(line) == b'{').map(members).collect()
    }

    /// Gives what a record says of itself, and how many of its values were left out.
    fn plain(
        &self,
        record: &[Member<'a>],
        uses: &mut impl FnMut(&str) -> bool,
        enter: &mut impl FnMut(Cow<'_, str>, Cow<'a, str>),
    ) -> u64 {
        for (header, cell) in &self.around {
            enter(Cow::Borrowed(header), cell.clone());
        }
        let mut left_out = 0;
        for (key, value) in record {
            let is_lines = self.lines.as_deref() == Some(key.as_ref());
            if let Some(cell) = cell(value) {
                enter(Cow::Borrowed(key), cell);
            } else if is_lines {
            } else if key == REFUNDS
                && let Some(sum) = given_back(value)
            {
                enter(Cow::Borrowed(REFUNDS), Cow::Owned(sum));
            } else if !nested(key, value, uses, enter) {
                left_out += 1;
            }
        }
        left_out
    }

    /// Gives what a line of a record says of itself, and how many of its values were left out.
    fn of_line(
        &self,
        line: &[Member<'a>],
        uses: &mut impl FnMut(&str) -> bool,
        enter: &mut impl FnMut(Cow<'_, str>, Cow<'a, str>),
    ) -> u64 {
        let name = self.lines.as_deref().unwrap_or("");
        let mut left_out = 0;
        let mut path = String::new();
        for (key, value) in line {
            path.clear();
            path.push_str(name);
            path.push('.');
            path.push_str(key);
            match cell(value) {
                Some(cell) => enter(Cow::Borrowed(&path), cell),
                None => left_out += u64::from(!nested(&path, value, uses, enter)),
            }
        }
        left_out
    }
}

/// The records of `text`, and what could not be read.
fn parsed(text: &str) -> Result<(Found<'_>, Vec<(u64, Problem)>), JsonFault> {
    let error = match serde_json::from_str::<&RawValue>(text) {
        Ok(root) => {
            let found = largest_array(root, DEPTH).ok_or(JsonFault::NoRows)?;
            return Ok((found, Vec::new()));
        }
        Err(error) => error,
    };
    let found = one_after_the_other(text).or_else(|| rest_of_array(text, &error));
    found
        .filter(|(found, _)| !found.records.is_empty())
        .ok_or_else(|| {
            let place = |at: usize| u64::try_from(at).unwrap_or(u64::MAX);
            JsonFault::Bad(place(error.line()), place(error.column()))
        })
}

/// Records one after the other, mostly one a line: lines that hold none are broken, and stop no other. `None` where
/// the text is something else.
fn one_after_the_other(text: &str) -> Option<(Found<'_>, Vec<(u64, Problem)>)> {
    let (mut records, mut broken) = (Vec::new(), Vec::new());
    let take = |value: &RawValue| first(value) == b'{';
    let (mut whole, mut begins_whole) = (0_u64, false);
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\0'));
        if line.is_empty() {
            continue;
        }
        let before = records.len();
        let mut values = serde_json::Deserializer::from_str(line).into_iter::<&RawValue>();
        let is_whole = values.by_ref().all(|value| match value {
            Ok(value) => {
                records.extend(take(value).then_some(value));
                true
            }
            Err(_) => false,
        });
        if is_whole && records.len() > before {
            begins_whole |= broken.is_empty();
            whole += 1;
        } else {
            records.truncate(before);
            broken.push((number, Problem::BrokenRecord));
        }
        // Records of several lines each, or an array.
        if !begins_whole && broken.len() as u64 > 20 + whole {
            break;
        }
    }
    if begins_whole || whole > 0 && broken.len() as u64 <= whole {
        return Some((
            Found {
                records,
                around: Vec::new(),
            },
            broken,
        ));
    }
    // Of several lines each: up to the first that is broken.
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let mut records: Vec<&RawValue> = Vec::new();
    let mut end = 0;
    while let Some(Ok(value)) = values.next() {
        records.extend(take(value).then_some(value));
        end = values.byte_offset();
    }
    let rest = text.get(end..).unwrap_or_default();
    let start = end + rest.len() - rest.trim_start().len();
    let problem = if rest.trim_start().starts_with('{') {
        Problem::CutOff
    } else {
        Problem::BrokenRecord
    };
    let broken = (start < text.len()).then(|| (line_of(text, start), problem));
    (!records.is_empty()).then(|| {
        (
            Found {
                records,
                around: Vec::new(),
            },
            broken.into_iter().collect(),
        )
    })
}

/// The elements of an array that is cut off, or in which some are broken; `None` where the fault lies in no array.
///
/// Up to the fault the text is JSON, so that what is open there is known: the outermost array holds the records.
fn rest_of_array<'a>(text: &'a str, error: &serde_json::Error) -> Option<(Found<'a>, Vec<(u64, Problem)>)> {
    let fault = place_of(text, error.line(), error.column());
    let mut brackets = Brackets::new(text, 0);
    let (mut open, mut array): (Vec<u8>, Option<usize>) = (Vec::new(), None);
    while let Some((at, bracket)) = brackets.next().filter(|(at, _)| *at < fault) {
        match bracket {
            b'[' | b'{' => {
                if bracket == b'[' && array.is_none() {
                    array = Some(at);
                }
                open.push(bracket);
            }
            _ => {
                open.pop();
                if !open.contains(&b'[') {
                    array = None;
                }
            }
        }
    }
    let array = array?;
    let depth = open
        .iter()
        .position(|bracket| *bracket == b'[')
        .filter(|depth| *depth <= DEPTH)?;
    let mut around = Vec::new();
    for (start, _) in text.get(..array)?.match_indices('{').take(depth) {
        let inner = text.get(start..array)?;
        around.extend(members_before(inner));
    }
    let (records, broken) = elements(text, array + 1);
    Some((Found { records, around }, broken))
}

/// The plain members with a meaning at the front of an object that is not whole.
fn members_before(object: &str) -> Vec<(String, Cow<'_, str>)> {
    let (mut found, mut rest) = (Vec::new(), object.get(1..).unwrap_or_default());
    loop {
        let mut pieces = serde_json::Deserializer::from_str(rest).into_iter::<Text<'_>>();
        let Some(Ok(key)) = pieces.next() else {
            return found;
        };
        let after = rest.get(pieces.byte_offset()..).unwrap_or_default().trim_start();
        let Some(after) = after.strip_prefix(':') else {
            return found;
        };
        let mut values = serde_json::Deserializer::from_str(after).into_iter::<&RawValue>();
        let Some(Ok(value)) = values.next() else {
            return found;
        };
        if let Some(cell) = cell(value).filter(|_| !meanings(&HeaderKey::of(&key.0)).is_empty()) {
            found.push((key.0.into_owned(), cell));
        }
        let after = after.get(values.byte_offset()..).unwrap_or_default().trim_start();
        rest = after.strip_prefix(',').unwrap_or_default();
    }
}

/// The elements from byte `from` on, told apart by their brackets alone: those that are whole, and those that are not.
fn elements(text: &str, from: usize) -> (Vec<&RawValue>, Vec<(u64, Problem)>) {
    let (mut records, mut broken) = (Vec::new(), Vec::new());
    let (mut depth, mut start) = (0_usize, from);
    let (mut line, mut counted) = (1_u64, 0_usize);
    let mut refuse = |at: usize, problem| {
        let between = text.as_bytes().get(counted..at).unwrap_or_default();
        line += between.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        counted = counted.max(at);
        broken.push((line, problem));
    };
    for (at, bracket) in Brackets::new(text, from) {
        match bracket {
            b'{' | b'[' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            _ if depth == 0 => return (records, broken),
            _ => {
                depth -= 1;
                if depth > 0 {
                    continue;
                }
                match serde_json::from_str::<&RawValue>(text.get(start..=at).unwrap_or_default()) {
                    Ok(value) if first(value) == b'{' => records.push(value),
                    Ok(_) => {}
                    Err(_) => refuse(start, Problem::BrokenRecord),
                }
                start = at + 1;
            }
        }
    }
    // No end of the array: what is left is a part of an element, or nothing.
    let rest = text.get(start..).unwrap_or_default();
    let blank = rest.len()
        - rest
            .trim_start_matches(|c: char| c.is_whitespace() || c == ',')
            .len();
    refuse(start + blank.min(rest.len()), Problem::CutOff);
    (records, broken)
}

/// The brackets of a text that stand in no string.
struct Brackets<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Brackets<'a> {
    const fn new(text: &'a str, at: usize) -> Self {
        Self {
            bytes: text.as_bytes(),
            at,
        }
    }
}

impl Iterator for Brackets<'_> {
    type Item = (usize, u8);

    fn next(&mut self) -> Option<(usize, u8)> {
        let mut is_string = false;
        loop {
            let byte = *self.bytes.get(self.at)?;
            let at = self.at;
            self.at += 1;
            match byte {
                b'"' => is_string = !is_string,
                b'\\' if is_string => self.at += 1,
                // No string goes on over a line end: what was opened was not meant to be.
                b'\n' => is_string = false,
                b'{' | b'}' | b'[' | b']' if !is_string => return Some((at, byte)),
                _ => {}
            }
        }
    }
}

/// The byte at a line and a column, as errors name them: from 1, in bytes.
fn place_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    start + column
}

fn line_of(text: &str, at: usize) -> u64 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    1 + before.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>()
}

/// Gives what can be used of a nested value; false where that is nothing.
fn nested<'a>(
    path: &str,
    value: &'a RawValue,
    uses: &mut impl FnMut(&str) -> bool,
    enter: &mut impl FnMut(Cow<'_, str>, Cow<'a, str>),
) -> bool {
    if first(value) != b'{' {
        return false;
    }
    let members = members(value);
    let named = |names: &[&str]| {
        let is_it = |key: &str| names.iter().any(|name| key.eq_ignore_ascii_case(name));
        let mut found = members.iter().filter(|(key, _)| is_it(key));
        found.find_map(|(_, value)| cell(value))
    };
    let currency = || named(&["currencycode", "currency_code", "currency"]);
    if let Some((amount, currency)) = named(&["amount", "value"]).zip(currency()) {
        enter(Cow::Borrowed(path), amount);
        enter(Cow::Owned(format!("{path}.currency")), currency);
        return true;
    }
    let mut any = false;
    let mut whole = String::new();
    for (key, value) in &members {
        let Some(cell) = cell(value) else { continue };
        whole.clear();
        whole.push_str(path);
        whole.push('.');
        whole.push_str(key);
        if uses(&whole) {
            enter(Cow::Borrowed(&whole), cell);
            any = true;
        }
    }
    any
}

/// Whether a nested value at `path` is of use: a place where the goods go, or a figure of stock.
fn is_used(path: &str) -> bool {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = parent.to_ascii_lowercase();
    // Where the goods go, not who pays.
    if parent.contains("billing") {
        return false;
    }
    let is_place = ["shipping", "address", "recipient"]
        .iter()
        .any(|word| parent.contains(word));
    meanings(&HeaderKey::of(key))
        .iter()
        .any(|meaning| match meaning.field {
            Field::City | Field::Dim(Dim::Region) => is_place,
            Field::OnHand | Field::Available | Field::Inbound => !is_place,
            _ => false,
        })
}

/// What the elements of `refunds` say in `total`, without its sign.
fn given_back(value: &RawValue) -> Option<String> {
    let all: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    let totals = all.into_iter().map(|refund| {
        let total = members(refund).into_iter().find(|(key, _)| key == "total")?;
        Fixed::parse(&cell(total.1)?).ok()
    });
    let mut sum = Fixed::ZERO;
    for total in totals {
        sum = sum.saturating_add(total?.0.abs());
    }
    (sum > Fixed::ZERO).then(|| sum.to_string())
}

/// The member that holds the lines of records: of the arrays whose objects say how many of what, the one with
/// most of them.
fn lines_of(records: &[&RawValue]) -> Option<String> {
    let mut arrays: Vec<(String, usize)> = Vec::new();
    for record in records {
        for (key, value) in members(record) {
            if first(value) != b'[' {
                continue;
            }
            let Ok(lines) = serde_json::from_str::<Vec<&RawValue>>(value.get()) else {
                continue;
            };
            if !lines.first().is_some_and(|line| is_line(line)) {
                continue;
            }
            match arrays.iter_mut().find(|(known, _)| *known == key) {
                Some((_, count)) => *count += lines.len(),
                None => arrays.push((key.into_owned(), lines.len())),
            }
        }
    }
    // Of equal ones the first.
    let most = arrays
        .into_iter()
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    most.map(|(key, _)| key)
}

/// Whether an object says how many of what.
fn is_line(value: &RawValue) -> bool {
    let (mut counts, mut names) = (false, false);
    for (key, _) in members(value) {
        for meaning in meanings(&HeaderKey::of(&key)) {
            counts |= meaning.field == Field::Quantity;
            names |= matches!(meaning.field, Field::Sku | Field::Title);
        }
    }
    counts && names
}

/// Records of a file, and what the objects around them say.
struct Found<'a> {
    records: Vec<&'a RawValue>,
    around: Vec<(String, Cow<'a, str>)>,
}

/// The elements of the largest array of objects in `value`, or `value` itself where it is a record.
fn largest_array(value: &RawValue, depth: usize) -> Option<Found<'_>> {
    match first(value) {
        b'[' => {
            let records: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
            let is_rows = records.first().is_some_and(|row| first(row) == b'{');
            let records = records.into_iter().filter(|row| first(row) == b'{').collect();
            is_rows.then(|| Found {
                records,
                around: Vec::new(),
            })
        }
        b'{' if depth > 0 => {
            let members = members(value);
            let is_plain = |value: &RawValue| !matches!(first(value), b'{' | b'[');
            if members.iter().filter(|(_, value)| is_plain(value)).count() > ENVELOPE {
                return Some(Found {
                    records: vec![value],
                    around: Vec::new(),
                });
            }
            let arrays = members
                .iter()
                .filter_map(|(_, member)| largest_array(member, depth - 1));
            // Of equal ones the first.
            let mut found = arrays.reduce(|best, next| {
                if next.records.len() > best.records.len() {
                    next
                } else {
                    best
                }
            })?;
            for (key, value) in &members {
                if let Some(cell) = cell(value).filter(|_| !meanings(&HeaderKey::of(key)).is_empty()) {
                    found.around.push((key.clone().into_owned(), cell));
                }
            }
            Some(found)
        }
        _ => None,
    }
}

/// Key and value.
pub(super) type Member<'a> = (Cow<'a, str>, &'a RawValue);

pub(super) fn members(value: &RawValue) -> Vec<Member<'_>> {
    serde_json::from_str::<Members<'_>>(value.get())
        .unwrap_or_default()
        .0
}

pub(super) fn first(value: &RawValue) -> u8 {
    value.get().as_bytes().first().copied().unwrap_or(0)
}

/// Text of a value; `None` for nested ones.
pub(super) fn cell(value: &RawValue) -> Option<Cow<'_, str>> {
    match first(value) {
        b'{' | b'[' => None,
        b'n' => Some(Cow::Borrowed("")),
        b'"' => Some(serde_json::from_str::<Text<'_>>(value.get()).map_or(Cow::Borrowed(""), |text| text.0)),
        _ => Some(Cow::Borrowed(value.get())),
    }
}

/// A text that is borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object, as they come.
#[derive(Default)]
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    members.push((key.0, value));
                }
                Ok(Members(members))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Members<'de>, A::Error> {
                Ok(Members::default())
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
