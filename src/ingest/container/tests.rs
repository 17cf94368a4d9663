//! Containers, written here by libraries of their own kind or byte by byte.

use super::{Limits, read_within};
use crate::ingest::testing::shown;
use crate::ingest::{Imported, Intake, Options, ReadNews, ReadTask};
use crate::protocol::Problem;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::future::Future;
use std::io::{Cursor, Write};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use zip::write::SimpleFileOptions;

/// Runs what never waits.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing here waits"),
    }
}

/// Reads all parts of a file.
fn read_with(name: &str, bytes: &[u8], limits: Limits) -> Vec<Imported> {
    let options = Options {
        salt: 7,
        ..Options::default()
    };
    let task = ReadTask::new(name.to_owned(), bytes.len() as u64, None, &options);
    let (mut parts, mut intake) = (Vec::new(), Intake::default());
    let mut hand = async |news: ReadNews| match news {
        ReadNews::Block(block) => intake.enter(block),
        ReadNews::Again => intake = Intake::default(),
        ReadNews::Done(read) => parts.push(std::mem::take(&mut intake).finish(read)),
        ReadNews::Progress { bytes: done, .. } => {
            assert!(done <= bytes.len() as u64, "{done} of {}", bytes.len())
        }
        other => panic!("{other:?}"),
    };
    block_on(read_within(
        bytes.to_vec(),
        &task,
        options.decoders,
        limits,
        &mut hand,
    ));
    parts
}

fn read(name: &str, bytes: &[u8]) -> Vec<Imported> {
    read_with(name, bytes, Limits::default())
}

/// Parts as text: name, then what [`shown`] says.
fn all(parts: &[Imported]) -> String {
    let part = |part: &Imported| format!("{}\n{}", part.report.name, shown(part));
    parts.iter().map(part).collect()
}

fn failures(parts: &[Imported]) -> Vec<(String, Option<Problem>)> {
    let part = |part: &Imported| (part.report.name.clone(), part.report.failure.clone());
    parts.iter().map(part).collect()
}

/// An archive of entries: name, content.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const ORDERS: &str = "order id,order date,status,sku,quantity,amount\n\
    A-1,2026-03-01 10:00:00,completed,S-1,2,19.98\nA-2,2026-03-02 11:30:00,completed,S-2,1,5\n";

/// A workbook as a spreadsheet writes it: a title above the header, dates as serials, ids as text.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let sheet = book.add_worksheet().set_name("订单报表").unwrap();
    sheet.write(0, 0, "三月订单").unwrap();
    for (at, name) in (0..).zip([
        "订单编号",
        "订单创建时间",
        "订单状态",
        "商家编码",
        "数量",
        "买家实付金额",
    ]) {
        sheet.write(2, at, name).unwrap();
    }
    for row in 0..3_u32 {
        let at = row + 3;
        sheet.write(at, 0, format!("351531314732900{row:02}")).unwrap();
        let date = ExcelDateTime::parse_from_str(&format!("2026-03-0{}T10:00:00", row + 1)).unwrap();
        sheet.write_with_format(at, 1, &date, &time).unwrap();
        sheet.write(at, 2, "交易成功").unwrap();
        sheet.write(at, 3, format!("S-{row}")).unwrap();
        sheet.write(at, 4, row + 1).unwrap();
        sheet.write(at, 5, 6.66 * f64::from(row + 1)).unwrap();
    }
    let stock = book.add_worksheet().set_name("库存").unwrap();
    for (at, name) in (0..).zip(["sku", "warehouse", "on hand"]) {
        stock.write(0, at, name).unwrap();
    }
    stock.write(1, 0, "S-1").unwrap();
    stock.write(1, 1, "上海仓").unwrap();
    stock.write(1, 2, 12).unwrap();
    let hidden = book.add_worksheet().set_name("草稿").unwrap();
    hidden.write(0, 0, "x").unwrap();
    hidden.set_hidden(true);
    book.add_worksheet().set_name("空").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn each_sheet_of_a_workbook_is_a_part() {
    assert_eq!(
        all(&read("export.xlsx", &workbook())),
        "export.xlsx › 订单报表\n\
         done orders tmall [ XLSX] 3/3/0\n\
         note PaidClockIsCreated\n\
         note HiddenSheets(1, \"草稿\")\n\
         35153131473290000/~0 03-01T10:00 paid 03-01T10:00 completed ×1 =6.66 paid 6.66 refund · CNY sku=S-0\n\
         35153131473290001/~0 03-02T10:00 paid 03-02T10:00 completed ×2 =13.32 paid 13.32 refund · CNY sku=S-1\n\
         35153131473290002/~0 03-03T10:00 paid 03-03T10:00 completed ×3 =19.98 paid 19.98 refund · CNY sku=S-2\n\
         export.xlsx › 库存\n\
         done stock generic [ XLSX] 1/1/0\n\
         S-1@上海仓 12 available · inbound ·\n"
    );
}

/// A sheet of order lines with these cells.
fn sheet(rows: &[[Cell; 6]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let time = Format::new().set_num_format("yyyy/m/d h:mm");
    let sheet = book.add_worksheet();
    for (at, name) in (0..).zip(["order id", "order date", "status", "sku", "quantity", "amount"]) {
        sheet.write(0, at, name).unwrap();
    }
    for (line, row) in (1..).zip(rows) {
        for (at, cell) in (0..).zip(row) {
            match cell {
                Cell::No => {}
                Cell::Text(text) => drop(sheet.write(line, at, *text).unwrap()),
                Cell::Number(number) => drop(sheet.write(line, at, *number).unwrap()),
                Cell::Time(time_of) => {
                    let at_time = ExcelDateTime::parse_from_str(time_of).unwrap();
                    sheet.write_with_format(line, at, &at_time, &time).unwrap();
                }
                Cell::Formula(formula, result) => {
                    let formula = rust_xlsxwriter::Formula::new(*formula).set_result(*result);
                    sheet.write_formula(line, at, formula).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// What stands in a cell.
#[derive(Clone, Copy)]
enum Cell {
    No,
    Text(&'static str),
    Number(f64),
    Time(&'static str),
    Formula(&'static str, &'static str),
}

#[test]
fn cells_mean_what_the_sheet_shows() {
    use Cell::{Formula, No, Number, Text, Time};
    let done = Text("completed");
    let rows = [
        [
            Text("A-1"),
            Time("2026-03-01T10:00:30"),
            done,
            Text("S-1"),
            Number(2.0),
            Number(3.0 * 6.66),
        ],
        // A date written as text, a number written as text, a formula with its result.
        [
            Text("A-2"),
            Text("2026/3/2 9:05"),
            done,
            Text("S-1"),
            Text("1"),
            Formula("=1+2", "3"),
        ],
        // An id of too many digits that was kept as a number is lost; one of 12 is not.
        [
            Number(35_153_131_473_293_579.0),
            Time("2026-03-03T00:00:00"),
            done,
            Text("S-1"),
            Number(1.0),
            Number(1.0),
        ],
        [
            Number(202_603_030_001.0),
            Time("2026-03-03T00:00:00"),
            done,
            Text("S-1"),
            Number(1.0),
            Number(1.0),
        ],
        [
            Text("A-5"),
            Time("2026-03-04T00:00:00"),
            done,
            Formula("=A99", "#REF!"),
            Number(1.0),
            Number(1.0),
        ],
        [No, No, No, No, No, No],
        [
            Text("A-6"),
            Time("2026-03-05T23:59:59"),
            done,
            Text("S-2"),
            Number(1.0),
            No,
        ],
    ];
    assert_eq!(
        all(&read("orders.xlsx", &sheet(&rows))),
        "orders.xlsx\n\
         partial orders generic [ XLSX] 6/5/1\n\
         note WithoutAmount(1)\n\
         note PaidClockIsCreated\n\
         note CurrencyAssumed(\"\")\n\
         refused 4: order id \"3.515313147329358E+16\" RuinedIdentifier\n\
         A-1/~0 03-01T10:00 paid 03-01T10:00 completed ×2 =19.98 paid · refund ·  sku=S-1\n\
         A-2/~0 03-02T09:05 paid 03-02T09:05 completed ×1 =3 paid · refund ·  sku=S-1\n\
         202603030001/~0 03-03T00:00 paid 03-03T00:00 completed ×1 =1 paid · refund ·  sku=S-1\n\
         A-5/~0 03-04T00:00 paid 03-04T00:00 completed ×1 =1 paid · refund · \n\
         A-6/~0 03-05T23:59 paid 03-05T23:59 completed ×1 =· paid · refund ·  sku=S-2\n"
    );
}

#[test]
fn xls_has_merged_cells_and_hidden_sheets() {
    let bytes = include_bytes!("../../../tests/fixtures/workbooks/orders.xls");
    assert_eq!(
        all(&read("orders.csv", bytes)),
        "orders.csv\n\
         done orders generic [ XLS] 3/3/0\n\
         note PaidClockIsCreated\n\
         note CurrencyAssumed(\"\")\n\
         note HiddenSheets(1, \"草稿\")\n\
         A-1/~0 03-01T10:00 paid 03-01T10:00 completed ×2 =19.98 paid · refund ·  sku=S-1\n\
         A-1/~0 03-01T10:00 paid 03-01T10:00 completed ×1 =5 paid · refund ·  sku=S-2\n\
         A-2/~0 03-02T11:30 paid 03-02T11:30 completed ×3 =0.3 paid · refund ·  sku=S-3\n"
    );
}

/// An `.ods` workbook of one sheet with this content.
fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\">\
         <office:body><office:spreadsheet><table:table table:name=\"Orders\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        (
            "META-INF/manifest.xml",
            b"<manifest:manifest xmlns:manifest=\"m\"></manifest:manifest>",
        ),
        ("content.xml", content.as_bytes()),
    ])
}

fn ods_row(cells: &[&str]) -> String {
    let text = |cell: &&str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>")
    };
    format!(
        "<table:table-row>{}</table:table-row>",
        cells.iter().map(text).collect::<String>()
    )
}

#[test]
fn ods_is_read_and_what_has_no_end_is_damaged() {
    let header = ods_row(&["order id", "order date", "status", "sku", "quantity", "amount"]);
    let line = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>A-1</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2026-03-01T10:00:00\"><text:p>1.3.26</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>completed</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>S-1</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"float\" office:value=\"2\"><text:p>2</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"float\" office:value=\"19.98\"><text:p>20</text:p></table:table-cell>\
        </table:table-row>";
    assert_eq!(
        all(&read("orders.ods", &ods(&format!("{header}{line}")))),
        "orders.ods\n\
         done orders generic [ ODS] 1/1/0\n\
         note PaidClockIsCreated\n\
         note CurrencyAssumed(\"\")\n\
         A-1/~0 03-01T10:00 paid 03-01T10:00 completed ×2 =19.98 paid · refund ·  sku=S-1\n"
    );
    let open = ods(&format!(
        "{header}{line}</table:table><table:table table:name=\"Open\">"
    ));
    let open = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", &unpack(&open, "content.xml")[..400]),
    ]);
    assert_eq!(
        failures(&read("open.ods", &open)),
        [("open.ods".to_owned(), Some(Problem::Damaged("ods".to_owned())))]
    );
}

#[test]
fn merged_cells_of_ods_are_of_each_row_and_repeated_ones_are_bounded() {
    let header = ods_row(&["order id", "order date", "status", "sku", "quantity", "amount"]);
    // One order of two lines, its id, its date and its amount in merged cells; a remark on one of them.
    let merged = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let first = merged(
        "<table:table-cell table:number-rows-spanned=\"2\" table:number-columns-spanned=\"1\" office:value-type=\"string\">\
         <office:annotation><text:p>ask them</text:p></office:annotation><text:p>A-1</text:p></table:table-cell>\
         <table:table-cell table:number-rows-spanned=\"2\" office:value-type=\"date\" office:date-value=\"2026-03-01\"/>\
         <table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"1\"><text:p>completed</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"string\"><text:p>S&amp;1</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"float\" office:value=\"2\"/>\
         <table:table-cell table:number-rows-spanned=\"2\" office:value-type=\"float\" office:value=\"19.98\"/>\
         <table:table-cell table:number-columns-repeated=\"16378\"/>",
    );
    let second = merged(
        "<table:covered-table-cell table:number-columns-repeated=\"2\"/>\
         <table:table-cell office:value-type=\"string\"><text:p>completed</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"string\"><text:p>S-2</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"float\" office:value=\"1\"/><table:covered-table-cell/>",
    );
    let rest = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    assert_eq!(
        all(&read(
            "orders.ods",
            &ods(&format!("{header}{first}{second}{rest}"))
        )),
        "orders.ods\n\
         done orders generic [ ODS] 2/2/0\n\
         note WithoutAmount(1)\n\
         note PaidClockIsCreated\n\
         note CurrencyAssumed(\"\")\n\
         A-1/~0 03-01T00:00 paid 03-01T00:00 completed ×2 =19.98 paid · refund ·  sku=S&1\n\
         A-1/~0 03-01T00:00 paid 03-01T00:00 completed ×1 =· paid · refund ·  sku=S-2\n"
    );
    let bomb = second.replace(
        "<table:table-row>",
        "<table:table-row table:number-rows-repeated=\"1048570\">",
    );
    let bomb = bomb.replace("S-2", &"S-2".repeat(30));
    assert_eq!(
        failures(&read("bomb.ods", &ods(&format!("{header}{first}{bomb}")))),
        [("bomb.ods".to_owned(), Some(Problem::Bomb(250)))]
    );
}

#[test]
fn a_compound_file_whose_sectors_run_in_a_circle_is_damaged() {
    let sound = include_bytes!("../../../tests/fixtures/workbooks/orders.xls");
    assert!(super::compound::is_sound(sound));
    // Where the table of sectors begins: what follows the first of the directory is the first of the directory.
    let start = |at: usize| u32::from_le_bytes(*sound[at..].first_chunk::<4>().unwrap());
    let (table, directory) = (start(76), start(48));
    let place = (table as usize + 1) * 512 + directory as usize * 4;
    for next in [directory, 0xFFFF_0000] {
        let mut bytes = sound.to_vec();
        bytes[place..place + 4].copy_from_slice(&next.to_le_bytes());
        assert!(!super::compound::is_sound(&bytes));
        assert_eq!(
            failures(&read("x.xls", &bytes)),
            [("x.xls".to_owned(), Some(Problem::Damaged("xls".to_owned())))]
        );
    }
}

/// Content of an entry.
fn unpack(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut content = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_name(name).unwrap(), &mut content).unwrap();
    content
}

const PAGE: &str = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><style>td { color: red }</style>\
    <!-- <table><tr><td>no</td></tr></table> --></head><body><TABLE border=1>\n\
    <tr><th>订单编号</th><th>订单创建时间<th>订单状态</th><th>商家编码</th><th>数量</th><th>买家实付金额</th></tr>\n\
    <tr><td rowspan=2 style='mso-number-format:\"\\@\"'>\t35153131473290001 </td><td rowspan=\"2\">2026-03-01 10:00:00</td>\
    <td>交易成功</td><td>A&amp;B&#45;1&nbsp;</td><td>2</td><td>&yen;1,019.98</td></tr>\n\
    <tr><td>交易成功</td><td>S<br>2</td><td>1</td><td>5</td></tr>\n\
    <tr><td>35153131473290002</td><td>2026-03-02 10:00:00</td><td colspan=2>交易关闭</td><td>1</td><td>7</td></tr>\n";

#[test]
fn tables_of_pages_are_read_in_any_encoding() {
    let page = format!("{PAGE}</TABLE></body></html>");
    let (gbk, ..) = encoding_rs::GBK.encode(&page);
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(page.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let expect = |encoding: &str| {
        format!(
            "export.xls\n\
             done orders tmall [{encoding} HTML] 3/3/0\n\
             note PaidClockIsCreated\n\
             35153131473290001/~0 03-01T10:00 paid 03-01T10:00 completed ×2 =1019.98 paid 1019.98 refund · CNY sku=A&B-1\n\
             35153131473290001/~0 03-01T10:00 paid 03-01T10:00 completed ×1 =5 paid 5 refund · CNY sku=S 2\n\
             35153131473290002/~0 03-02T10:00 paid · cancelled ×1 =7 paid 7 refund · CNY\n"
        )
    };
    for (encoding, bytes) in [
        ("UTF-8", page.as_bytes()),
        ("GB18030", &gbk),
        ("UTF-16LE", &utf16),
    ] {
        assert_eq!(all(&read("export.xls", bytes)), expect(encoding));
    }
}

#[test]
fn a_page_that_breaks_off_loses_its_last_row_alone() {
    let cut = PAGE.len() - 30;
    assert_eq!(
        all(&read("export.xls", &PAGE.as_bytes()[..cut])),
        "export.xls\n\
         partial orders tmall [UTF-8 HTML] 3/2/1\n\
         note PaidClockIsCreated\n\
         refused 5: 订单状态 \"交易关闭<\" CutOff\n\
         35153131473290001/~0 03-01T10:00 paid 03-01T10:00 completed ×2 =1019.98 paid 1019.98 refund · CNY sku=A&B-1\n\
         35153131473290001/~0 03-01T10:00 paid 03-01T10:00 completed ×1 =5 paid 5 refund · CNY sku=S 2\n"
    );
    assert_eq!(
        failures(&read(
            "login.html",
            b"<!DOCTYPE html><html><body><p>Please log in</p></body></html>"
        )),
        [(
            "login.html".to_owned(),
            Some(Problem::NotATable("html".to_owned()))
        )]
    );
}

#[test]
fn archives_hold_parts_and_archives_one_level_deep() {
    let inner = archive(&[("b.csv", ORDERS.replace("A-", "B-").as_bytes())]);
    let deep = archive(&[("inner.zip", &inner)]);
    let outer = archive(&[
        ("订单/a.csv", ORDERS.as_bytes()),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("inner.zip", &inner),
        ("deep.zip", &deep),
        ("__MACOSX/._a.csv", b"\0\x05"),
        ("book.xlsx", &workbook()),
    ]);
    let parts = read("export.zip", &outer);
    let kept = |part: &Imported| {
        (
            part.report.name.clone(),
            part.report.accepted,
            part.report.failure.clone(),
        )
    };
    let name = |name: &str| format!("export.zip › {name}");
    assert_eq!(
        parts.iter().map(kept).collect::<Vec<_>>(),
        [
            (name("订单/a.csv"), 2, None),
            (name("picture.png"), 0, Some(Problem::NotATable("png".to_owned()))),
            (name("inner.zip › b.csv"), 2, None),
            (name("deep.zip › inner.zip"), 0, Some(Problem::TooDeep)),
            (name("book.xlsx › 订单报表"), 3, None),
            (name("book.xlsx › 库存"), 1, None),
        ]
    );
}

#[test]
fn names_of_chinese_windows_are_decoded() {
    let mut bytes = archive(&[("aaaa.csv", ORDERS.as_bytes())]);
    // 订单 in GBK, where the name stands, twice.
    for at in 0..bytes.len() - 8 {
        if &bytes[at..at + 8] == b"aaaa.csv" {
            bytes[at..at + 4].copy_from_slice(b"\xB6\xA9\xB5\xA5");
        }
    }
    assert_eq!(
        failures(&read("x.zip", &bytes)),
        [("x.zip › 订单.csv".to_owned(), None)]
    );
}

/// Says of the entries from `from` on that they have a password.
fn lock(bytes: &mut [u8], from: usize) {
    for (mark, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let starts: Vec<usize> = (0..bytes.len() - 4)
            .filter(|at| &bytes[*at..at + 4] == mark)
            .collect();
        for at in starts.into_iter().skip(from) {
            bytes[at + flags] |= 1;
        }
    }
}

#[test]
fn passwords_are_named() {
    let entries: [(&str, &[u8]); 2] = [("a.csv", ORDERS.as_bytes()), ("b.csv", ORDERS.as_bytes())];
    let locked = |kind: &str| Some(Problem::Locked(kind.to_owned()));
    let mut all_locked = archive(&entries);
    lock(&mut all_locked, 0);
    assert_eq!(
        failures(&read("x.zip", &all_locked)),
        [("x.zip".to_owned(), locked("zip"))]
    );
    let mut one_locked = archive(&entries);
    lock(&mut one_locked, 1);
    assert_eq!(
        failures(&read("x.zip", &one_locked)),
        [
            ("x.zip › a.csv".to_owned(), None),
            ("x.zip › b.csv".to_owned(), locked("zip"))
        ]
    );
    let package: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let book = [
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(),
        &[0; 600],
        &package,
    ]
    .concat();
    assert_eq!(
        failures(&read("x.xlsx", &book)),
        [("x.xlsx".to_owned(), locked("xlsx"))]
    );
}

#[test]
fn what_is_broken_or_empty_says_so() {
    let damaged = |kind: &str| Some(Problem::Damaged(kind.to_owned()));
    let zip = archive(&[("a.csv", ORDERS.as_bytes())]);
    for (bytes, expect) in [
        (zip[..zip.len() / 2].to_vec(), damaged("zip")),
        (archive(&[]), Some(Problem::NothingInside)),
        (archive(&[("xl/workbook.xml", b"<x")]), damaged("xlsx")),
        (
            archive(&[("word/document.xml", b"<x")]),
            Some(Problem::NotATable("docx".to_owned())),
        ),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more".to_vec(),
            damaged("xls"),
        ),
        (
            Workbook::new().save_to_buffer().unwrap(),
            Some(Problem::NothingInside),
        ),
    ] {
        assert_eq!(failures(&read("x", &bytes)), [("x".to_owned(), expect)]);
    }
}

#[test]
fn bombs_are_stopped_at_their_limits() {
    let limits = Limits {
        unpacked: 12 << 20,
        held: 8 << 20,
        ratio: 100,
        free: 1 << 20,
        parts: 3,
    };
    let zeros = vec![b'0'; 4 << 20];
    let mut noise = 1_u64;
    let mut large = |length: usize| {
        let mut csv = ORDERS.to_owned();
        while csv.len() < length {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            csv += &format!("A{noise},2026-03-01 10:00:00,completed,S-{},1,1\n", noise >> 40);
        }
        csv
    };
    let parts = read_with(
        "x.zip",
        &archive(&[("zeros.csv", &zeros), ("a.csv", ORDERS.as_bytes())]),
        limits,
    );
    assert_eq!(
        failures(&parts),
        [
            ("x.zip › zeros.csv".to_owned(), Some(Problem::Bomb(100))),
            ("x.zip › a.csv".to_owned(), None)
        ]
    );
    let both = [large(7 << 20), large(7 << 20)];
    let parts = read_with(
        "x.zip",
        &archive(&[("a.csv", both[0].as_bytes()), ("b.csv", both[1].as_bytes())]),
        limits,
    );
    assert_eq!(parts[1].report.failure, Some(Problem::Unpacks(12)));
    let csv = ORDERS.as_bytes();
    let parts = read_with(
        "x.zip",
        &archive(&[("a", csv), ("b", csv), ("c", csv), ("d", csv)]),
        limits,
    );
    assert_eq!(
        failures(&parts)[3],
        ("x.zip".to_owned(), Some(Problem::TooManyParts(3)))
    );
    // What is held as a whole has a limit of its own.
    let book = archive(&[
        ("xl/workbook.xml", b"<x/>"),
        ("xl/sharedStrings.xml", large(9 << 20).as_bytes()),
    ]);
    assert_eq!(
        failures(&read_with("x", &book, limits)),
        [("x".to_owned(), Some(Problem::Unpacks(8)))]
    );
}
