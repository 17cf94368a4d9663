//! What the columns of a file are taken for, to be shown to who corrects it.

use super::decided::fingerprint;
use super::encoding::{Decoders, Encoding};
use super::layout::Layout;
use super::ledger::cut;
use super::region::province;
use super::stream::decoded;
use crate::protocol::{Choice, Reading, Sight, SightColumn};

/// Different values of a column that are shown, and characters of each.
const SAMPLES: usize = 3;
const SAMPLE: usize = 32;
/// Bytes of a file that are looked at in each encoding.
const START: usize = 4096;
/// Lines that are shown of them, and characters of each.
const LINES: usize = 2;
const LINE: usize = 96;

/// What the columns of `layout` are taken for. `encodings`: see [`readings`].
pub(super) fn sight(layout: &Layout, encodings: Vec<Reading>) -> Sight {
    let mapping = &layout.mapping;
    let column = |(at, (header, name)): (usize, (&String, &String))| {
        let (choice, decided) = mapping.choice(at);
        let mut samples: Vec<String> = Vec::new();
        if choice != Choice::Personal && mapping.may_be_shown(at) {
            for value in layout.sample.values(at) {
                let value = cut(value, SAMPLE);
                if samples.len() < SAMPLES && !samples.contains(&value) {
                    samples.push(value);
                }
            }
        } else if mapping.is_address(at) {
            let first = layout.sample.values(at).map(province);
            samples.extend(first.take(1).map(str::to_owned));
        }
        SightColumn {
            name: name.clone(),
            header: header.clone(),
            samples,
            is_guess: matches!(choice, Choice::Field(_)) && mapping.is_guess(at),
            choice,
            decided,
        }
    };
    let columns = layout.headers.iter().zip(&mapping.names);
    Sight {
        kind: mapping.meant,
        header: fingerprint(&mapping.names),
        columns: columns.enumerate().map(column).collect(),
        gaps: mapping.gaps(),
        // Others than plain text say their own.
        encodings: layout.dialect.map_or_else(Vec::new, |_| encodings),
    }
}

/// How the first lines of a file that begins with `head` look in each encoding that they may be in. None where a
/// byte order mark says which it is.
pub(super) fn readings(head: &[u8], decoders: Decoders) -> Vec<Reading> {
    if Encoding::of_mark(head).is_some() {
        return Vec::new();
    }
    let start = head.get(..START).unwrap_or(head);
    let mut readings: Vec<Reading> = Vec::new();
    for encoding in Encoding::PLAIN {
        // Another start, and the whole that is not of it: UTF-8 and GB18030 say so.
        if encoding.is_told() && decoded(encoding, decoders, head, false, true).is_err() {
            continue;
        }
        if let Ok(text) = decoded(encoding, decoders, start, false, true) {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            // What is plain in any encoding shows nothing.
            let telling = lines.clone().find(|line| !line.is_ascii());
            let first = lines.clone().next();
            let shown = first
                .into_iter()
                .chain(telling.filter(|line| Some(*line) != first));
            readings.push(Reading {
                encoding: encoding.name().to_owned(),
                lines: shown.take(LINES).map(|line| cut(line, LINE)).collect(),
            });
        }
    }
    readings
}
