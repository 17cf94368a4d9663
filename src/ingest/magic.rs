//! Files that are no text, told by their first bytes.

const MAGIC: [(&[u8], &str); 20] = [
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xFF\xD8\xFF", "jpeg"),
    (b"GIF8", "gif"),
    (b"%PDF-", "pdf"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "xls"),
    (b"\x1F\x8B", "gzip"),
    (b"Rar!\x1A\x07", "rar"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"BZh", "bzip2"),
    (b"\xFD7zXZ\0", "xz"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\0asm", "wasm"),
    (b"\x7FELF", "program"),
    (b"MZ\x90\0", "program"),
    (b"PAR1", "parquet"),
    (b"RIFF", "media"),
    (b"ID3", "media"),
    (b"OggS", "media"),
    (b"{\\rtf", "rtf"),
];

/// Short id of the kind of file that starts with `head`, if that is no text: `png`, `xlsx`, `html` …
pub(super) fn not_text(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let holds = |name: &[u8]| head.windows(name.len()).take(4096).any(|window| window == name);
        // The list of parts comes first in what spreadsheets write; bit 0 of the flags means a password.
        let is_workbook = holds(b"[Content_Types].xml") || holds(b"xl/");
        return Some(
            match (is_workbook, head.get(6).is_some_and(|flags| flags & 1 == 1)) {
                (true, _) => "xlsx",
                (false, true) => "zip-locked",
                (false, false) => "zip",
            },
        );
    }
    if let Some((_, id)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(id);
    }
    let start = head.get(..head.len().min(1024)).unwrap_or_default();
    let text = start.trim_ascii_start();
    let begins = |tag: &[u8]| {
        text.get(..tag.len())
            .is_some_and(|bytes| bytes.eq_ignore_ascii_case(tag))
    };
    if [
        b"<!doctype".as_slice(),
        b"<html",
        b"<table",
        b"<head",
        b"<meta",
        b"<body",
    ]
    .iter()
    .any(|tag| begins(tag))
    {
        return Some("html");
    }
    if begins(b"<?xml") {
        return Some("xml");
    }
    // Text has no zero bytes, and next to no other control characters.
    let window = head.get(..head.len().min(65_536)).unwrap_or_default();
    let odd = window
        .iter()
        .filter(|b| matches!(b, 0x01..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F))
        .count();
    (window.contains(&0) || odd * 50 > window.len()).then_some("binary")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_programs_are_no_text() {
        for (head, expect) in [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), Some("png")),
            (b"%PDF-1.7", Some("pdf")),
            (
                b"PK\x03\x04\x14\0\x06\0\x08\0\0\0\0\0[Content_Types].xml",
                Some("xlsx"),
            ),
            (b"PK\x03\x04\x14\0\x01\0\x08\0orders.csv", Some("zip-locked")),
            (b"PK\x03\x04\x14\0\0\0\x08\0orders.csv", Some("zip")),
            (b"\n <TABLE border=1>", Some("html")),
            (b"a,b\n1,\0", Some("binary")),
            (b"Order ID,Date\n1,2\n", None),
            (b"", None),
            ("订单编号,总金额".as_bytes(), None),
        ] {
            assert_eq!(not_text(head), expect);
        }
    }
}
