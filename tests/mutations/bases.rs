//! What is mutated: one export of each format, written here, and those that lie beside the repository.

use super::chance::Chance;
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

/// A file: its name and its bytes.
pub type File = (String, Vec<u8>);

const HEADER: [&str; 9] = [
    "order id",
    "line id",
    "order date",
    "paid at",
    "status",
    "sku",
    "title",
    "quantity",
    "amount",
];

/// Order lines as cells.
fn cells(rows: usize) -> Vec<[String; 9]> {
    let mut chance = Chance::new(rows as u64);
    (0..rows)
        .map(|row| {
            let (day, quantity) = (1 + row % 28, 1 + chance.below(4));
            [
                format!("35839201748{:07}", 1_234_567 + row * 7_919 / 2),
                format!("L-{row}"),
                format!("2026-05-{day:02} 10:{:02}:00", row % 60),
                format!("2026-05-{day:02} 11:{:02}:00", row % 60),
                ["completed", "cancelled", "paid", "shipped"][chance.below(4)].to_owned(),
                format!("SKU-{}", chance.below(12)),
                ["Cup, blue", "Großer Deckel", "保温杯 500ml", "Bottle \"Pro\""][chance.below(4)].to_owned(),
                quantity.to_string(),
                format!("{}.{:02}", quantity * 9, chance.below(100)),
            ]
        })
        .collect()
}

fn text(header: &[&str], rows: &[[String; 9]], delimiter: char, end: &str) -> String {
    let quoted = |cell: &str| {
        if cell.contains([delimiter, '"', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    let line = |cells: Vec<String>| cells.join(&delimiter.to_string()) + end;
    let mut text = line(header.iter().map(|cell| (*cell).to_owned()).collect());
    for row in rows {
        text.push_str(&line(row.iter().map(|cell| quoted(cell)).collect()));
    }
    text
}

fn stock(rows: usize) -> String {
    let mut text = "SKU,Title,Warehouse,On hand,Available,Incoming\n".to_owned();
    for row in 0..rows {
        text.push_str(&format!(
            "SKU-{},Cup,{},{},{},0\n",
            row % 12,
            ["East", "West"][row / 12 % 2],
            row * 3,
            row
        ));
    }
    text
}

/// One object a row, with `between` them.
fn objects(rows: &[[String; 9]], between: &str) -> String {
    let object = |row: &[String; 9]| {
        let members: Vec<String> = (HEADER.iter().zip(row))
            .map(|(key, cell)| format!("{:?}: {cell:?}", key.replace(' ', "_")))
            .collect();
        format!("{{{}}}", members.join(", "))
    };
    rows.iter().map(object).collect::<Vec<_>>().join(between)
}

/// Orders with their lines inside.
fn nested(rows: &[[String; 9]]) -> String {
    let order = |row: &[String; 9]| {
        let [id, line, created, _, status, sku, title, quantity, amount] = row;
        format!(
            "{{\"id\": {id}, \"created_at\": {created:?}, \"status\": {status:?}, \"total\": \"{amount}\", \"currency\": \"EUR\",\n\
             \"shipping_address\": {{\"city\": \"Köln\", \"province\": \"NRW\"}}, \"line_items\": [\
             {{\"id\": {line:?}, \"sku\": {sku:?}, \"name\": {title:?}, \"quantity\": {quantity}, \"price\": 9.5}},\
             {{\"id\": \"{line}b\", \"sku\": \"SKU-1\", \"name\": \"Lid\", \"quantity\": 1, \"price\": 1}}]}}"
        )
    };
    let orders: Vec<String> = rows.iter().map(order).collect();
    format!(
        "{{\"payload\": {{\"ok\": true, \"orders\": [\n{}\n], \"next\": null}}}}",
        orders.join(",\n")
    )
}

fn workbook(rows: &[[String; 9]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, name) in (0..).zip(HEADER) {
        sheet.write(0, at, name).unwrap();
    }
    for (line, row) in (1..).zip(rows) {
        for (at, cell) in (0..).zip(row) {
            match cell.parse::<f64>() {
                Ok(number) if at > 6 => sheet.write(line, at, number).unwrap(),
                _ => sheet.write(line, at, cell).unwrap(),
            };
        }
    }
    sheet
        .merge_range(40, 0, 42, 0, "merged", &rust_xlsxwriter::Format::new())
        .unwrap();
    let other = book.add_worksheet();
    for (row, (sku, left)) in (0..).zip([("sku", "on hand"), ("SKU-1", "7"), ("SKU-2", "9")]) {
        other.write(row, 0, sku).unwrap();
        other.write(row, 1, left).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn page(rows: &[[String; 9]]) -> String {
    let row = |cells: Vec<String>, tag: &str| {
        let cells: String = cells
            .iter()
            .map(|cell| format!("<{tag} colspan=1>{cell}</{tag}>"))
            .collect();
        format!("<tr>{cells}</tr>\n")
    };
    let head = row(HEADER.map(str::to_owned).to_vec(), "th");
    let body: String = rows.iter().map(|cells| row(cells.to_vec(), "td")).collect();
    format!("<html><meta charset=utf-8><body><table border=1>{head}{body}</table></body></html>")
}

fn ods(rows: &[[String; 9]]) -> Vec<u8> {
    let cell = |cell: &str| {
        let cell = cell.replace('&', "&amp;").replace('<', "&lt;");
        format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>")
    };
    let row = |cells: Vec<&str>| {
        let cells: String = cells.into_iter().map(cell).collect();
        format!("<table:table-row table:number-rows-repeated=\"1\">{cells}</table:table-row>")
    };
    let body: String = rows
        .iter()
        .map(|cells| row(cells.iter().map(String::as_str).collect()))
        .collect();
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
         <office:body><office:spreadsheet><table:table table:name=\"Orders\">{}{body}</table:table></office:spreadsheet></office:body>\
         </office:document-content>",
        row(HEADER.to_vec())
    );
    archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

/// A ZIP archive of entries: name, content.
pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// Our own exports.
pub fn own() -> Vec<File> {
    let rows = cells(300);
    let few = rows.get(..60).unwrap();
    let csv = text(&HEADER, &rows, ',', "\n");
    let chinese = [
        "订单编号",
        "子订单编号",
        "订单创建时间",
        "订单付款时间",
        "订单状态",
        "商家编码",
        "宝贝标题",
        "购买数量",
        "金额",
    ];
    let gbk = text(&chinese, &rows, ',', "\r\n").replace("completed", "交易成功");
    let german = text(&HEADER, &rows, ';', "\r\n")
        .replace('.', ",")
        .replace("保温杯", "Becher");
    let (xlsx, inner) = (workbook(few), archive(&[("c.csv", csv.as_bytes())]));
    let file = |name: &str, bytes: Vec<u8>| (name.to_owned(), bytes);
    vec![
        file("comma.csv", csv.clone().into_bytes()),
        file("tabs.tsv", text(&HEADER, &rows, '\t', "\n").into_bytes()),
        file(
            "german.csv",
            encoding_rs::WINDOWS_1252.encode(&german).0.into_owned(),
        ),
        file("gbk.csv", encoding_rs::GBK.encode(&gbk).0.into_owned()),
        file("utf16.csv", utf_16(&csv)),
        file("cr.csv", text(&HEADER, &rows, '|', "\r").into_bytes()),
        file("stock.csv", stock(200).into_bytes()),
        file("array.json", format!("[{}]", objects(&rows, ",\n")).into_bytes()),
        file("nested.json", nested(few).into_bytes()),
        file("lines.json", objects(&rows, "\n").into_bytes()),
        file("orders.xlsx", xlsx.clone()),
        file(
            "orders.xls",
            include_bytes!("../fixtures/workbooks/orders.xls").to_vec(),
        ),
        file("orders.ods", ods(few)),
        file("page.xls", page(&rows).into_bytes()),
        file(
            "several.zip",
            archive(&[
                ("a.csv", csv.as_bytes()),
                ("in/b.zip", &inner),
                ("c.xlsx", &xlsx),
                ("d.json", nested(few).as_bytes()),
            ]),
        ),
    ]
}

/// Those that lie beside the repository, if they are here.
pub fn shared() -> Vec<File> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    let mut files = Vec::new();
    for folder in [folder.clone(), folder.join("transcribed")] {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            println!("skipped: {} is not here", folder.display());
            continue;
        };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let is_data = |path: &&PathBuf| {
            let end = path.extension().and_then(|end| end.to_str());
            matches!(end, Some("csv" | "tsv" | "json"))
        };
        let read = |path: &Path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(path).unwrap(),
            )
        };
        files.extend(paths.iter().filter(is_data).map(|path| read(path)));
    }
    files
}
