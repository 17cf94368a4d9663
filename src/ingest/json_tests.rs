use super::super::testing::{import, shown};
use super::*;

#[track_caller]
fn check(text: &str, expect: &str) {
    let got = shown(&import(text.as_bytes(), 1 << 20));
    let got: Vec<&str> = got.lines().map(str::trim).collect();
    let expect: Vec<&str> = expect.lines().map(str::trim).collect();
    assert_eq!(got, expect);
}

#[test]
fn rows_are_objects_of_an_array() {
    let rows = "[{\"order_id\": \"A1\", \"date\": \"2026-04-05\", \"amount\": 0.1, \"buyer\": {\"name\": \"x\"}},\n\
                {\"order_id\": 35153131473290001, \"amount\": 12345678901.1234, \"date\": \"2026-04-05\", \"sku\": \"\\u88d9\"},\n\
                {\"order_id\": null, \"date\": \"2026-04-05\"}]";
    let expect = "partial orders generic [UTF-8 JSON] 3/2/1
         note WithoutQuantity(2)
         note PaidClockIsCreated
         note StatusAssumedPaid
         note CurrencyAssumed(\"\")
         note NestedValues(1)
         refused 3: order_id \"\" Missing
         A1/~0 04-05T00:00 paid 04-05T00:00 paid ×· =0.1 paid · refund ·
         35153131473290001/~0 04-05T00:00 paid 04-05T00:00 paid ×· =12345678901.1234 paid · refund ·  sku=裙";
    check(rows, expect);
    check(
        &format!(
            "{{\"ok\": true, \"none\": [], \"data\": {{\"orders\": {rows}, \"more\": [{{\"a\": 1}}]}}}}"
        ),
        expect,
    );
    check(&format!("\u{FEFF} {rows}\n"), expect);
}

#[test]
fn lines_of_an_order_are_rows_of_their_own() {
    check(
        r#"{"order": {"order_id": "A1", "created_at": "2026-04-05", "status": "paid", "total": "35.00", "currency": "EUR",
            "customer": {"first_name": "Claire", "city": "Lyon"},
            "shipping_address": {"first_name": "Claire", "address1": "x", "city": "Köln", "province": "NRW"},
            "tax_lines": [{"price": "1.94", "title": "Tax"}],
            "line_items": [
                {"id": 7, "sku": "A", "name": "Cup", "quantity": 2, "price": "10.00", "properties": []},
                {"id": 8, "sku": "B", "name": "Lid", "quantity": 1, "unit": {"amount": "15.00", "currency_code": "EUR"}, "price": 15}
            ], "refunds": [{"id": 1, "total": "-10.00"}, {"total": -1.5}]}}"#,
        "done orders generic [UTF-8 JSON] 2/2/0
         note PaidClockIsCreated
         note NestedValues(3)
         A1/~0 04-05T00:00 paid 04-05T00:00 paid ×2 =20 paid · refund 11.5 EUR region=NRW sku=A
         A1/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =15 paid · refund · EUR region=NRW sku=B",
    );
}

#[test]
fn what_stands_around_the_rows_is_of_each() {
    check(
        r#"{"payload": {"AmazonOrderId": "1-2", "NextToken": "x", "OrderItems": [
            {"OrderItemId": "7", "SellerSKU": "A", "QuantityOrdered": 2, "ItemPrice": {"CurrencyCode": "JPY", "Amount": "25.99"}}]}}"#,
        "done orders amazon-spapi-items [UTF-8 JSON] 1/1/0
         note WaitingLines(1)
         1-2/7 · paid · created ×2 =25.99 paid · refund · JPY sku=A",
    );
}

#[test]
fn keys_are_joined_in_order_of_first_sight() {
    let rows = JsonRows::of(r#"[{"b": 1, "a": [1]}, {"c": 2, "b": "x"}, 7]"#, 100).ok();
    let rows = rows.unwrap_or_else(|| panic!("rows"));
    assert_eq!(
        (rows.headers.clone(), rows.nested),
        (vec!["b".to_owned(), "c".to_owned()], 1)
    );
    assert_eq!(rows.sample().rows, [["1", ""], ["x", "2"]]);
    assert!(matches!(
        JsonRows::of(r#"[{"b": 1, "a": 1}]"#, 1),
        Err(JsonFault::TooManyColumns(2))
    ));
}

#[test]
fn values_one_after_the_other_are_rows_too() {
    let line = |id: &str| {
        format!(
            "{{\"order_id\": \"{id}\", \"date\": \"2026-04-05\",\"amount\": 0.1, \"quantity\": 1, \"status\": \"paid\"}}"
        )
    };
    let expect = |state: &str, rest: &str| {
        format!(
            "{state}
             note PaidClockIsCreated
             note CurrencyAssumed(\"\")
             {rest}A1/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =0.1 paid · refund ·
             A2/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =0.1 paid · refund ·"
        )
    };
    let two = "done orders generic [UTF-8 JSON] 2/2/0";
    for between in ["\n", "\r\n", "\n\n", " "] {
        check(
            &format!("{}{between}{}{between}", line("A1"), line("A2")),
            &expect(two, ""),
        );
    }
    // Lines are told as they stand in the file.
    check(
        &format!("{}\n{}\n\n{}\n", line("A1"), line("A2"), line("")),
        &expect(
            "partial orders generic [UTF-8 JSON] 3/2/1",
            "refused 4: order_id \"\" Missing\n",
        ),
    );
    check(
        "{\"order_id\": \"A2\", ",
        "failed unknown generic [UTF-8 ] 0/0/0 BadJson(1, 19)",
    );
    check(
        "{a}\n{b}\n",
        "failed unknown generic [UTF-8 ] 0/0/0 BadJson(1, 2)",
    );
}

const LINE: &str = "{\"order_id\": \"A1\", \"date\": \"2026-04-05\", \"amount\": 0.1, \"quantity\": 1, \"status\": \"paid\"}";
const READ: &str = "note PaidClockIsCreated\nnote CurrencyAssumed(\"\")\n";

/// Two rows, of orders A1 and A2.
fn two(refused: &str) -> String {
    let row = |id: &str| format!("{id}/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =0.1 paid · refund ·");
    format!(
        "partial orders generic [UTF-8 JSON] 3/2/1\n{READ}{refused}\n{}\n{}",
        row("A1"),
        row("A2")
    )
}

#[test]
fn a_broken_line_is_a_row_that_is_refused() {
    let other = LINE.replace("A1", "A2");
    for (text, line) in [
        (format!("{LINE}\n{{\"order_id\": \"A3\", \n{other}\n"), 2),
        (format!("{LINE}\n\n\u{FEFF}{other}\n{{\"order_id\": \"A3\", "), 4),
        (
            format!("<!-- log -->{LINE}\n{LINE}\n{other}").replacen("<!-- log -->", "{", 1),
            1,
        ),
        (format!("{LINE}\nnull\n{other}\n"), 2),
        (format!("{LINE}\n{LINE},\n{other}\n"), 2),
    ] {
        check(&text, &two(&format!("refused {line}:  \"\" BrokenRecord")));
    }
}

#[test]
fn an_array_that_is_cut_off_keeps_the_rows_before_the_cut() {
    let other = LINE.replace("A1", "A2");
    let cut = |line: u32| two(&format!("refused {line}:  \"\" CutOff"));
    check(&format!("[{LINE},\n{other},\n{{\"order_id\": \"A3, ["), &cut(3));
    check(&format!("[\n  {LINE},\n  {other},\n"), &cut(4));
    check(&format!("[{LINE},{other}"), &cut(1));
    check(
        &format!(
            "{{\"ok\": true, \"none\": [{{\"a\": 1}}], \"data\": {{\"orders\": [{LINE},\n{other},\n{{\"lines\": [{{\"order_id\": 1}}"
        ),
        &cut(3),
    );
    // What stands around the rows is of each, cut off or not.
    check(
        &format!("{{\"currency\": \"EUR\", \"orders\": [{LINE},\n{other},\n{{"),
        &cut(3)
            .replace("note CurrencyAssumed(\"\")\n", "")
            .replace("refund ·", "refund · EUR"),
    );
    // One element is broken, and the others are not.
    let broken = LINE.replace(": 0.1", ": 0.1.1");
    check(
        &format!("[\n{LINE},\n{broken},\n{other}\n]"),
        &two("refused 3:  \"\" BrokenRecord"),
    );
    check(
        "[{\"order_id\": ",
        "failed unknown generic [UTF-8 ] 0/0/0 BadJson(1, 14)",
    );
}
