use super::*;
use proptest::prelude::*;

fn split(dialect: Dialect, pieces: &[&str]) -> String {
    let mut records = Records::new(dialect);
    let mut shown = String::new();
    let mut each = |record: Record<'_>| -> Result<(), ()> {
        let (row, end) = match record {
            Record::Row(row) => (row, ""),
            Record::TooLong(line) => {
                shown.push_str(&format!("{line}: too long\n"));
                return Ok(());
            }
            Record::Last { row, open: false } => (row, " …"),
            Record::Last { row, open: true } => (row, " \"…"),
        };
        shown.push_str(&format!(
            "{}: {:?}{end}\n",
            row.line,
            row.cells().collect::<Vec<_>>()
        ));
        Ok(())
    };
    for piece in pieces {
        records.feed(piece, &mut each).unwrap();
    }
    records.finish(&mut each).unwrap();
    shown
}

#[track_caller]
fn check(dialect: Dialect, text: &str, expect: &str) {
    let expect: String = expect.lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(split(dialect, &[text]), expect);
    for cut in 0..text.len() {
        let (left, right) = text.split_at(cut);
        assert_eq!(split(dialect, &[left, right]), expect, "cut at {cut}");
    }
}

const COMMA: Dialect = Dialect {
    delimiter: b',',
    quoting: true,
    newline: b'\n',
};

#[test]
fn records_know_their_lines() {
    check(
        COMMA,
        "a,b\r\n\r\n1,\"two\nlines\"\n\n\n2,\"say \"\"hi\"\"\"\n3\n",
        r#"1: ["a", "b"]
           3: ["1", "two\nlines"]
           7: ["2", "say \"hi\""]
           8: ["3"]"#,
    );
    check(
        Dialect {
            newline: b'\r',
            ..COMMA
        },
        "a,b\r1,2\r\r3,4\r",
        r#"1: ["a", "b"]
           2: ["1", "2"]
           4: ["3", "4"]"#,
    );
    check(
        Dialect {
            delimiter: b'\t',
            quoting: false,
            ..COMMA
        },
        "a\t\"b\n1\t2\"\n",
        r#"1: ["a", "\"b"]
           2: ["1", "2\""]"#,
    );
}

#[test]
fn ends_are_told() {
    check(COMMA, "a,b\n1,2", "1: [\"a\", \"b\"]\n2: [\"1\", \"2\"] …");
    check(
        COMMA,
        "a,b\n1,\"2\nx",
        "1: [\"a\", \"b\"]\n2: [\"1\", \"2\\nx\"] \"…",
    );
    check(COMMA, "a,b\n1,\"2\"", "1: [\"a\", \"b\"]\n2: [\"1\", \"2\"] …");
    check(COMMA, "a,b\n1,", "1: [\"a\", \"b\"]\n2: [\"1\", \"\"] …");
    check(COMMA, "", "");
}

#[test]
fn long_records_are_skipped() {
    let long = "x".repeat(LONGEST + 10);
    assert_eq!(
        split(COMMA, &[&format!("a\n{long}\nb\n")]),
        "1: [\"a\"]\n2: too long\n3: [\"b\"]\n"
    );
    let wide = ",".repeat(MOST_CELLS * 3);
    assert_eq!(
        split(COMMA, &[&format!("a\n{wide}\nb\n")]),
        "1: [\"a\"]\n2: too long\n3: [\"b\"]\n"
    );
}

/// What csv-core alone makes of `text`: cells of each record.
fn by_csv_core(dialect: Dialect, text: &str) -> Vec<Vec<String>> {
    let mut reader = ReaderBuilder::new()
        .delimiter(dialect.delimiter)
        .quoting(dialect.quoting)
        .build();
    let (mut input, mut records) = (text.as_bytes(), Vec::new());
    let (mut cells, mut ends) = ([0; 1000], [0; 1000]);
    let (mut filled, mut counted) = (0, 0);
    loop {
        let (result, read, written, found) =
            reader.read_record(input, &mut cells[filled..], &mut ends[counted..]);
        (filled, counted) = (filled + written, counted + found);
        input = &input[read..];
        match result {
            ReadRecordResult::Record => {
                let cell = |at: usize| &cells[if at == 0 { 0 } else { ends[at - 1] }..ends[at]];
                let text = |at| super::super::ident::trim(std::str::from_utf8(cell(at)).unwrap()).to_owned();
                records.push((0..counted).map(text).collect());
                (filled, counted) = (0, 0);
            }
            ReadRecordResult::End => return records,
            ReadRecordResult::InputEmpty => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Line and cells of each record.
fn gather(dialect: Dialect, pieces: &[&str]) -> Vec<(u64, Vec<String>)> {
    let (mut records, mut found) = (Records::new(dialect), Vec::new());
    let mut each = |record: Record<'_>| -> Result<(), ()> {
        let (Record::Row(row) | Record::Last { row, .. }) = record else {
            panic!("{record:?}")
        };
        found.push((row.line, row.cells().map(str::to_owned).collect()));
        Ok(())
    };
    for piece in pieces {
        records.feed(piece, &mut each).unwrap();
    }
    records.finish(&mut each).unwrap();
    found
}

proptest! {
    #[test]
    fn records_are_what_csv_core_says(
        parts in proptest::collection::vec(
            prop_oneof![
                3 => "[ -~]{0,40}",
                3 => "[广东省é,;\t|\" ]{0,6}",
                4 => prop_oneof![
                    Just(","), Just(";"), Just("\t"), Just("|"), Just("\""), Just("\"\""),
                    Just("\n"), Just("\r"), Just("\r\n"), Just("\",\""), Just("\"\n\"")
                ].prop_map(str::to_owned),
            ],
            0..60,
        ),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')],
        quoting in any::<bool>(),
        newline in prop_oneof![Just(b'\n'), Just(b'\r')],
        every in 1_usize..9,
    ) {
        let dialect = Dialect { delimiter, quoting, newline };
        let text = parts.concat();
        let whole = gather(dialect, &[&text]);
        // In pieces of one character no record is whole: all goes the slow way.
        let single: Vec<String> = text.chars().map(String::from).collect();
        let single: Vec<&str> = single.iter().map(String::as_str).collect();
        prop_assert_eq!(&whole, &gather(dialect, &single));
        let pieces: Vec<String> = parts.chunks(every).map(|parts| parts.concat()).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        prop_assert_eq!(&whole, &gather(dialect, &pieces));
        let cells: Vec<Vec<String>> = whole.into_iter().map(|(_, cells)| cells).collect();
        prop_assert_eq!(cells, by_csv_core(dialect, &text));
    }
}
