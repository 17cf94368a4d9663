use super::super::testing::{import, shown};
use super::super::unread;
use super::*;
use crate::protocol::Problem;
use crate::protocol::{FileState, Note};
use encoding_rs::{GB18030, WINDOWS_1252};
use proptest::prelude::*;
use std::time::{Duration, Instant};

const ORDERS: &str = "Order ID,Date,SKU,Qty,Amount\nA1,2026-04-05,S1,1,9.50\nA2,2026-04-06,S2,2,19\n";
const READ: &str = "A1/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =9.5 paid · refund ·  sku=S1\n\
                    A2/~0 04-06T00:00 paid 04-06T00:00 paid ×2 =19 paid · refund ·  sku=S2\n";

/// The lines of what came of `bytes` that are not notes.
#[track_caller]
fn check(bytes: &[u8], expect: &str) {
    let got = shown(&import(bytes, 1 << 20));
    let got: Vec<&str> = got
        .lines()
        .filter(|line| !line.starts_with("note"))
        .map(str::trim)
        .collect();
    let expect: Vec<&str> = expect.lines().map(str::trim).collect();
    assert_eq!(got, expect);
}

#[test]
fn delimiters_and_line_ends() {
    for (from, to, format) in [
        (",", ",", "CSV ,"),
        (",", ";", "CSV ;"),
        (",", "\t", "TSV"),
        (",", "|", "CSV |"),
    ] {
        let text = ORDERS.replace(from, to);
        let expect = format!("done orders generic [UTF-8 {format}] 2/2/0\n{READ}");
        check(text.as_bytes(), &expect);
        check(text.replace('\n', "\r\n").as_bytes(), &expect);
        check(text.replace('\n', "\r").as_bytes(), &expect);
        check(format!("\u{FEFF}{text}").as_bytes(), &expect);
        check(format!("sep={to}\r\n{text}").as_bytes(), &expect);
        check(text.trim_end().as_bytes(), &expect);
    }
}

#[test]
fn encodings() {
    let text = "订单编号,订单创建时间,总金额,店铺名称\n1,2020-02-21 10:00:00,178.8,旗舰店\n";
    let line = "1/~0 02-21T10:00 paid 02-21T10:00 paid ×· =178.8 paid · refund · CNY shop=旗舰店";
    let expect = |encoding: &str| format!("done orders generic [{encoding} CSV ,] 1/1/0\n{line}");
    check(text.as_bytes(), &expect("UTF-8"));
    check(&GB18030.encode(text).0, &expect("GB18030"));
    for (mark, name) in [([0xFF, 0xFE], "UTF-16LE"), ([0xFE, 0xFF], "UTF-16BE")] {
        let code = |unit: u16| {
            if mark[0] == 0xFF {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        };
        let bytes: Vec<u8> = mark
            .into_iter()
            .chain(text.encode_utf16().flat_map(code))
            .collect();
        check(&bytes, &expect(name));
    }
    let western = ORDERS.replace("S1", "Größe £");
    check(
        &WINDOWS_1252.encode(&western).0,
        &format!(
            "done orders generic [windows-1252 CSV ,] 2/2/0\n{}",
            READ.replace("S1", "Größe £")
        ),
    );
}

/// Rows enough that the head of a file does not hold them all.
fn long(first: &str, rows: usize, row: impl Fn(usize) -> String, last: &str) -> Vec<u8> {
    let mut text = format!("{first}\n");
    for at in 0..rows {
        text.push_str(&row(at));
        text.push('\n');
    }
    text.push_str(last);
    text.into_bytes()
}

fn plain(at: usize) -> String {
    format!("A{at},2026-04-05,S{at},1,9.50")
}

#[test]
fn an_encoding_is_decided_by_the_last_byte() {
    let header = "Order ID,Date,SKU,Qty,Amount";
    let ascii = long(header, 20_000, plain, "");
    for (tail, encoding) in [
        ("X,2026-04-05,裙子,1,1\n".as_bytes().to_vec(), "UTF-8"),
        (GB18030.encode("X,2026-04-05,裙子,1,1\n").0.to_vec(), "GB18030"),
        (b"X,2026-04-05,caf\xE9,1,1\n".to_vec(), "windows-1252"),
        // Valid GB18030, but no Chinese: an accented letter takes the next one with it.
        (b"X,2026-04-05,th\xE9r\xE8se,1,1\n".to_vec(), "windows-1252"),
    ] {
        let bytes = [ascii.clone(), tail].concat();
        for chunk in [1 << 20, 4097] {
            let imported = import(&bytes, chunk);
            assert_eq!(imported.report.encoding, encoding);
            assert_eq!(
                (imported.report.state, imported.report.accepted),
                (FileState::Done, 20_001)
            );
        }
    }
}

#[test]
fn the_order_of_day_and_month_is_decided_by_the_last_row() {
    let header = "Order ID,Date,SKU,Qty,Amount";
    let row = |at: usize| format!("A{at},03/04/2026,S,1,1");
    let read = |last: &str| import(&long(header, 20_000, row, last), 1 << 16);
    let first = |imported: &Imported| {
        shown(imported)
            .lines()
            .find(|line| line.starts_with("A0/"))
            .map(str::to_owned)
    };
    let assumed = read("Z,03/04/2026,S,1,1\n");
    assert!(first(&assumed).is_some_and(|line| line.starts_with("A0/~0 04-03T")));
    assert!(
        assumed
            .report
            .notes
            .contains(&Note::AmbiguousDates("DD/MM/YYYY".into()))
    );
    let month_first = read("Z,03/25/2026,S,1,1\n");
    assert!(first(&month_first).is_some_and(|line| line.starts_with("A0/~0 03-04T")));
    assert!(
        !month_first
            .report
            .notes
            .iter()
            .any(|note| matches!(note, Note::AmbiguousDates(_)))
    );
    assert_eq!(month_first.report.state, FileState::Done);
    let day_first = read("Z,25/03/2026,S,1,1\n");
    assert!(first(&day_first).is_some_and(|line| line.starts_with("A0/~0 04-03T")));
    // Both at once cannot be: the row that comes second is refused.
    let both = read("Y,25/03/2026,S,1,1\nZ,03/25/2026,S,1,1\n");
    assert_eq!((both.report.rejected, both.report.accepted), (1, 20_001));
    assert_eq!(both.refused[0].problem, Problem::NotADate);
}

#[test]
fn a_decimal_comma_is_decided_by_the_last_row() {
    let row = |at: usize| format!("A{at};2026-04-05;S;1;1.500");
    let imported = import(
        &long(
            "Order ID;Date;SKU;Qty;Amount",
            20_000,
            row,
            "Z;2026-04-05;S;1;12,50\n",
        ),
        1 << 16,
    );
    assert_eq!(
        (imported.report.state, imported.report.accepted),
        (FileState::Done, 20_001)
    );
    assert!(shown(&imported).contains("A0/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =1500 "));
}

#[test]
fn quotes_in_titles_of_flat_files_are_no_quotes() {
    let row = |at: usize| format!("A{at}\t2026-04-05\tS{at}\t1\t9.50\t");
    let bytes = long(
        "order-id\tpurchase-date\tsku\tquantity\titem-price\tproduct-name",
        20_000,
        row,
        "Z\t2026-04-05\tS\t1\t1\t\"Big\" sign\nY\t2026-04-05\tS\t1\t1\t\"open\nX\t2026-04-05\tS\t1\t1\t\n",
    );
    let imported = import(&bytes, 1 << 16);
    assert_eq!(
        (imported.report.state, imported.report.accepted),
        (FileState::Done, 20_003)
    );
}

#[test]
fn files_that_are_no_tables() {
    let failed = |problem: &str| format!("failed unknown generic [ ] 0/0/0 {problem}");
    check(b"", &failed("EmptyFile"));
    check(b"\xEF\xBB\xBF", &failed("EmptyFile"));
    check(b" \n\n ", &failed("EmptyFile"));
    check(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        &failed("NotATable(\"png\")"),
    );
    check(
        b"PK\x03\x04\x14\0\x06\0\x08\0\0\0\0\0[Content_Types].xml",
        &failed("NotATable(\"xlsx\")"),
    );
    check(
        b"<html><table><tr><td>1</td></tr></table></html>",
        &failed("NotATable(\"html\")"),
    );
    check(
        b"[1,2,3]",
        "failed unknown generic [UTF-8 ] 0/0/0 JsonWithoutRows",
    );
    check(
        b"{\"a\": 1,}",
        "failed unknown generic [UTF-8 ] 0/0/0 BadJson(1, 9)",
    );
    check(
        b"Order ID,Date,SKU,Qty,Amount\n",
        "failed orders generic [UTF-8 CSV ,] 0/0/0 NoRows",
    );
    check(
        b"Order ID,Date,SKU,Qty,Amount",
        "failed orders generic [UTF-8 CSV ,] 0/0/0 NoRows",
    );
    check(
        b"just a line of words\nand another\n",
        "failed unknown generic [UTF-8 CSV ,] 1/0/0 UnknownHeader",
    );
    check(
        b"foo,bar\n1,2\n3,4\n",
        "needs-mapping unknown generic [UTF-8 CSV ,] 2/0/0 UnknownHeader",
    );
    // Nothing under `Date` is a date.
    check(
        b"Order ID,Date,Qty\n1,a,1\n2,b,1\n3,c,1\n4,d,1\n5,e,1\n",
        "needs-mapping unknown generic [UTF-8 CSV ,] 5/0/0 UnknownHeader",
    );
    check(
        b"sku,title,price\nA,B,1\n",
        "failed unknown generic [UTF-8 CSV ,] 1/0/0 NotOrdersNorStock",
    );
    // Sales by day are no stock.
    check(
        b"date,sku,quantity\n2026-04-05,A,1\n",
        "needs-mapping unknown generic [UTF-8 CSV ,] 1/0/0 UnknownHeader",
    );
}

#[test]
fn rows_that_cannot_be_read_are_data() {
    check(
        "Order ID,Date,SKU,Qty,Amount\n\
         A1,2026-04-05,S1,1,9.50\n\
         ,2026-04-05,S1,1,9.50\n\
         3.5E+16,2026-04-05,S1,1,9.50\n\
         #REF!,2026-04-05,S1,1,9.50\n\
         A2,2026/6/31 25:10,S1,1,9.50\n\
         A3,,S1,1,9.50\n\
         A4,2026-04-05,S1,one,9.50\n\
         A5,2026-04-05,S1,1,#N/A\n\
         A6,2026-04-05,S1,1,9999999999999\n\
         ,,,,\n\
         A7,2026-04-05,S1,1,9.50,extra\n\
         A8,2026-04-05\n\
         \"A9\",2026-04-05,\"two\nlines\",1,9.50\n\
         A10,2026-04-05,S1,x,9.50\n"
            .as_bytes(),
        "partial orders generic [UTF-8 CSV ,] 13/4/9
         refused 3: Order ID \"\" Missing
         refused 4: Order ID \"3.5E+16\" RuinedIdentifier
         refused 5: Order ID \"#REF!\" SpreadsheetError
         refused 6: Date \"2026/6/31 25:10\" NotADate
         refused 7: Date \"\" Missing
         refused 8: Qty \"one\" NotANumber
         refused 9: Amount \"#N/A\" SpreadsheetError
         refused 10: Amount \"9999999999999\" NumberTooLarge
         refused 16: Qty \"x\" NotANumber
         A1/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =9.5 paid · refund ·  sku=S1
         A7/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =9.5 paid · refund ·  sku=S1
         A8/~0 04-05T00:00 paid 04-05T00:00 paid ×· =· paid · refund ·
         A9/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =9.5 paid · refund ·  sku=two
         lines",
    );
}

#[test]
fn a_file_cut_off_loses_its_last_row_only() {
    let head = "done orders generic [UTF-8 CSV ,]";
    let partial = "partial orders generic [UTF-8 CSV ,] 2/1/1";
    let first = READ.lines().next().unwrap_or_default();
    let whole = ORDERS.trim_end();
    check(whole.as_bytes(), &format!("{head} 2/2/0\n{READ}"));
    let cut = |text: &str, column: &str, value: &str| {
        check(
            text.as_bytes(),
            &format!("{partial}\nrefused 3: {column} {value:?} CutOff\n{first}"),
        );
    };
    cut(
        "Order ID,Date,SKU,Qty,Amount\nA1,2026-04-05,S1,1,9.50\nA2,2026-04-06,S",
        "SKU",
        "S",
    );
    cut(
        "Order ID,Date,SKU,Qty,Amount\nA1,2026-04-05,S1,1,9.50\nA",
        "Order ID",
        "A",
    );
    cut(
        "Order ID,Date,SKU,Qty,Amount\nA1,2026-04-05,S1,1,9.50\nA2,2026-04-06,S2,2,\"19",
        "Amount",
        "19",
    );
}

#[test]
fn a_cut_shows_nothing_of_people() {
    let text = "Order ID,Date,Amount,Customer Name,City\nA1,2026-04-05,5,Claire,X\nA2,2026-04-05,5,Cla";
    let imported = import(text.as_bytes(), 1 << 20);
    assert_eq!(
        (
            imported.refused[0].column.as_str(),
            imported.refused[0].value.as_str()
        ),
        ("Customer Name", "")
    );
    assert!(!format!("{imported:?}").contains("Cla"));
}

#[test]
fn headers_are_found_below_a_preamble() {
    let text = format!("Sales report\nSeller ID : x\n\n{ORDERS}");
    check(
        text.as_bytes(),
        &format!("done orders generic [UTF-8 CSV ,] 2/2/0\n{READ}"),
    );
}

#[test]
fn a_hundred_thousand_columns_are_counted_fast() {
    let start = Instant::now();
    let header: String = (0..100_000).map(|at| format!("column {at},")).collect();
    check(
        header.as_bytes(),
        "failed unknown generic [UTF-8 ] 0/0/0 TooManyColumns(100001)",
    );
    let rows = format!("{header}\n{}\n", "1,".repeat(100_000));
    let problem = import(rows.as_bytes(), 4096).report.failure;
    assert_eq!(problem, Some(Problem::TooManyColumns(100_001)));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn a_line_of_fifty_megabytes_is_refused_fast() {
    let start = Instant::now();
    let line = vec![b'x'; 50 << 20];
    assert_eq!(import(&line, 1 << 20).report.failure, Some(Problem::RowTooLong));
    // In the midst of a file it is one refused row.
    let bytes = [
        b"Order ID,Date,SKU,Qty,Amount\nA1,2026-04-05,S1,1,9.50\n".as_slice(),
        &line,
        b"\nA2,2026-04-06,S2,2,19\n",
    ];
    let imported = import(&bytes.concat(), 1 << 20);
    assert_eq!((imported.report.accepted, imported.report.rejected), (2, 1));
    assert_eq!(
        (imported.refused[0].line, &imported.refused[0].problem),
        (3, &Problem::RowTooLong)
    );
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
}

#[test]
fn random_bytes_are_no_table() {
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let bytes: Vec<u8> = (0..1 << 20).map(|_| next()).collect();
    check(&bytes, "failed unknown generic [ ] 0/0/0 NotATable(\"binary\")");
}

#[test]
fn a_file_that_breaks_off_leaves_nothing() {
    let report = unread("x.csv", 10, Problem::Unreadable("gone".into()));
    assert_eq!((report.state, report.accepted), (FileState::Failed, 0));
    assert_eq!(report.failure, Some(Problem::Unreadable("gone".into())));
}

#[test]
fn rows_are_counted_on_the_way() {
    let bytes = long("Order ID,Date,SKU,Qty,Amount", 20_000, plain, "");
    let mut import = Import::new("x.csv", bytes.len() as u64, Options::default());
    assert_eq!(import.push(&bytes), Step::More);
    assert_eq!(import.rows(), 20_000);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300), chunk in 1_usize..50) {
        prop_assert_eq!(shown(&import(&bytes, 1 << 20)), shown(&import(&bytes, chunk)));
    }

    #[test]
    fn any_cells_are_survived(cells in proptest::collection::vec("[-+=0-9.,;:/\" aA元\n\r\t#]{0,12}", 5..40), chunk in 1_usize..50) {
        let mut text = String::from("Order ID,Date,SKU,Qty,Amount\n");
        for row in cells.chunks(5) {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        let whole = import(text.as_bytes(), 1 << 20);
        if whole.report.failure.is_none() {
            prop_assert_eq!(whole.report.rows, whole.report.accepted + whole.report.rejected);
        }
        prop_assert_eq!(shown(&whole), shown(&import(text.as_bytes(), chunk)));
    }
}
