use super::*;
use proptest::prelude::*;

#[track_caller]
fn check(cell: &str, decimal: Decimal, expect: Result<Option<&str>, NumberFault>) {
    let got = read(cell, decimal).map(|number| number.map(|n| n.value.to_string()));
    assert_eq!(
        got,
        expect.map(|value| value.map(str::to_owned)),
        "{cell:?} {decimal:?}"
    );
}

#[test]
fn numbers_of_exports() {
    for (cell, expect) in [
        ("647.62", "647.62"),
        ("5.0", "5"),
        ("-3", "-3"),
        ("1,234.56", "1234.56"),
        ("12,345", "12345"),
        ("1,23,456.78", "123456.78"),
        ("12,34,567", "1234567"),
        ("￥1,234.50", "1234.5"),
        ("¥ 12", "12"),
        ("$1,433.66", "1433.66"),
        ("-$5.00", "-5"),
        ("$-5.00", "-5"),
        ("₹ 1,299.00", "1299"),
        ("Rs. 500", "500"),
        ("Rs.500", "500"),
        ("INR 329.00", "329"),
        ("329.00 INR", "329"),
        ("0元", "0"),
        ("3件", "3"),
        ("499.00（系统计算中，该值仅供参考）", "499"),
        ("(12.50)", "-12.5"),
        ("（12.50）", "-12.5"),
        ("12.50-", "-12.5"),
        ("−7", "-7"),
        ("+7", "7"),
        ("１２．５", "12.5"),
        ("1 433.66", "1433.66"),
        ("1'433.66", "1433.66"),
        ("\t12.90", "12.9"),
        ("=\"12.90\"", "12.9"),
        ("'12", "12"),
        (".5", "0.5"),
        ("1.5E+3", "1500"),
        ("0.00015", "0.0002"),
        ("99999999999", "99999999999"),
    ] {
        check(cell, Decimal::Point, Ok(Some(expect)));
    }
    for (cell, expect) in [
        ("12,50", "12.5"),
        ("1.234,56", "1234.56"),
        ("1.234", "1234"),
        ("12", "12"),
        ("€ 3,5", "3.5"),
    ] {
        check(cell, Decimal::Comma, Ok(Some(expect)));
    }
}

#[test]
fn nothing_is_none() {
    for cell in [
        "",
        " ",
        "-",
        "——",
        "无退款申请",
        "没有申请退款",
        "not stocked",
        "NaN",
        "null",
        "=\"\"",
        "N/A",
    ] {
        check(cell, Decimal::Point, Ok(None));
    }
}

#[test]
fn what_is_no_number() {
    use NumberFault::{NotANumber, OtherDecimal, SpreadsheetError, TooLarge};
    for (cell, fault) in [
        ("abc", NotANumber),
        ("12a", NotANumber),
        ("1.2.3", NotANumber),
        ("--5", NotANumber),
        ("5%", NotANumber),
        ("12,34", OtherDecimal),
        ("1.234,56", OtherDecimal),
        ("1,2345", OtherDecimal),
        ("12,3,456", NotANumber),
        ("#REF!", SpreadsheetError),
        ("#N/A", SpreadsheetError),
        ("35153131473290001", TooLarge),
        ("1E+30", TooLarge),
        ("2026-04-01", NotANumber),
    ] {
        check(cell, Decimal::Point, Err(fault));
    }
}

#[test]
fn cells_name_currencies() {
    for (cell, expect) in [
        ("￥12.00", Some("CNY")),
        ("$1,433.66", Some("USD")),
        ("329 INR", Some("INR")),
        ("12.0", None),
        ("abc", None),
    ] {
        assert_eq!(currency_in(cell), expect, "{cell:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_fixed_prints_is_read_back(raw in -1_000_000_000_000_000_i64..=1_000_000_000_000_000) {
        let value = Fixed::from_raw(raw);
        let got = read(&value.to_string(), Decimal::Point).ok().flatten();
        prop_assert_eq!(got.map(|n| (n.value, n.rounded)), Some((value, false)));
    }

    #[test]
    fn any_text_is_survived(text in ".{0,24}") {
        let _ = read(&text, Decimal::Point);
        let _ = read(&text, Decimal::Comma);
    }
}
