//! JSON exports: an array of flat objects, or an object that holds one.
//!
//! Numbers stay the text they are in the file and never become floats.

use super::records::{Cut, Row};
use super::sample::{ROWS, Sample};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Objects in objects that are looked into for the rows: `{"payload": {"Orders": […]}}`.
const DEPTH: usize = 3;
/// An object with more plain values than this is a record itself: the array in it holds the lines of
/// one order, which say nothing without it.
const ENVELOPE: usize = 4;

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
    rows: Vec<&'a RawValue>,
    /// Keys in order of first sight.
    pub headers: Vec<String>,
    columns: rustc_hash::FxHashMap<String, usize>,
    /// Values that are objects or arrays.
    pub nested: u64,
}

impl<'a> JsonRows<'a> {
    /// Finds the rows in `text`.
    ///
    /// # Errors
    /// [`JsonFault`] for text that is no JSON or holds no rows.
    pub(super) fn of(text: &'a str, most_columns: usize) -> Result<Self, JsonFault> {
        let root: &RawValue = serde_json::from_str(text).map_err(|error| {
            let place = |at: usize| u64::try_from(at).unwrap_or(u64::MAX);
            JsonFault::Bad(place(error.line()), place(error.column()))
        })?;
        let rows = largest_array(root, DEPTH).ok_or(JsonFault::NoRows)?;
        let mut found = Self {
            text,
            rows,
            headers: Vec::new(),
            columns: Default::default(),
            nested: 0,
        };
        for at in 0..found.rows.len() {
            for (key, value) in found.members(at) {
                if matches!(first(value), b'{' | b'[') {
                    found.nested += 1;
                } else if !found.columns.contains_key(key.as_ref()) {
                    found
                        .columns
                        .insert(key.clone().into_owned(), found.headers.len());
                    found.headers.push(key.into_owned());
                }
            }
            if found.headers.len() > most_columns {
                return Err(JsonFault::TooManyColumns(
                    u64::try_from(found.headers.len()).unwrap_or(u64::MAX),
                ));
            }
        }
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
        for (at, raw) in self.rows.iter().enumerate() {
            // A raw value is a part of the text, so their addresses tell its place.
            let start = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
            let between = self.text.as_bytes().get(counted..start).unwrap_or_default();
            line += between.iter().map(|b| u64::from(*b == b'\n')).sum::<u64>();
            counted = counted.max(start);
            cells.clear();
            cells.resize(self.headers.len(), Cow::Borrowed(""));
            for (key, value) in self.members(at) {
                let place = self
                    .columns
                    .get(key.as_ref())
                    .and_then(|column| cells.get_mut(*column));
                if let (Some(place), Some(cell)) = (place, cell(value)) {
                    *place = cell;
                }
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
        Ok(())
    }

    fn members(&self, at: usize) -> Vec<(Cow<'a, str>, &'a RawValue)> {
        self.rows
            .get(at)
            .and_then(|raw| serde_json::from_str::<Members<'a>>(raw.get()).ok())
            .unwrap_or_default()
            .0
    }
}

/// The elements of the largest array of objects in `value`.
fn largest_array(value: &RawValue, depth: usize) -> Option<Vec<&RawValue>> {
    match first(value) {
        b'[' => {
            let rows: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
            let is_rows = rows.first().is_some_and(|row| first(row) == b'{');
            is_rows.then(|| rows.into_iter().filter(|row| first(row) == b'{').collect())
        }
        b'{' if depth > 0 => {
            let members = serde_json::from_str::<Members<'_>>(value.get()).ok()?.0;
            let is_plain = |value: &RawValue| !matches!(first(value), b'{' | b'[');
            if members.iter().filter(|(_, value)| is_plain(value)).count() > ENVELOPE {
                return None;
            }
            let arrays = members
                .into_iter()
                .filter_map(|(_, member)| largest_array(member, depth - 1));
            // Of equal ones the first.
            arrays.reduce(|best, next| if next.len() > best.len() { next } else { best })
        }
        _ => None,
    }
}

fn first(value: &RawValue) -> u8 {
    value.get().as_bytes().first().copied().unwrap_or(0)
}

/// Text of a value; `None` for nested ones.
fn cell(value: &RawValue) -> Option<Cow<'_, str>> {
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
