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
fn lines_of_one_order_are_no_rows() {
    let text = r#"{"order": {"id": 1, "name": "x", "a": 1, "b": 2, "c": 3, "line_items": [{"sku": "A", "quantity": 1}]}}"#;
    assert!(matches!(JsonRows::of(text, 100), Err(JsonFault::NoRows)));
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
        &format!("{}\n{{\"order_id\": \"A2\", ", line("A1")),
        "failed unknown generic [UTF-8 ] 0/0/0 BadJson(2, 20)",
    );
}
