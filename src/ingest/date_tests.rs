use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;

fn shown(written: Written, order: DayOrder) -> Option<String> {
    let day = NaiveDate::default() + TimeDelta::days(i64::from(written.date.days(order)?));
    let time = day.and_time(chrono::NaiveTime::MIN) + TimeDelta::milliseconds(i64::from(written.millis));
    let offset = written
        .offset_minutes
        .map_or(String::new(), |minutes| format!(" {minutes:+}"));
    Some(format!("{}{offset}", time.format("%Y-%m-%d %H:%M:%S%.f")))
}

#[track_caller]
fn check(cell: &str, order: DayOrder, expect: &str) {
    let got = read(cell)
        .and_then(|written| shown(written, order))
        .unwrap_or_else(|| "no date".into());
    assert_eq!(got, expect, "{cell:?} {order:?}");
}

#[test]
fn dates_of_exports() {
    use DayOrder::{DayFirst, MonthFirst};
    for (cell, expect) in [
        ("2026-04-05", "2026-04-05 00:00:00"),
        ("21 de julho de 2025 10:32 hs.", "2025-07-21 10:32:00"),
        ("3 de março de 2025", "2025-03-03 00:00:00"),
        ("9 de septiembre de 2025 23:01 h", "2025-09-09 23:01:00"),
        ("21. Juli 2025, 10:32 Uhr", "2025-07-21 10:32:00"),
        ("3. März 2025", "2025-03-03 00:00:00"),
        ("5-ene-2025", "2025-01-05 00:00:00"),
        ("5 dez 2025", "2025-12-05 00:00:00"),
        ("2026/10/3 10:00", "2026-10-03 10:00:00"),
        ("2026.4.5 9:07:03", "2026-04-05 09:07:03"),
        ("20260405", "2026-04-05 00:00:00"),
        ("20260405 130557", "2026-04-05 13:05:57"),
        ("2026年4月5日", "2026-04-05 00:00:00"),
        ("2026年4月5日 9时7分3秒", "2026-04-05 09:07:03"),
        ("2026-04-05T21:06:21Z", "2026-04-05 21:06:21 +0"),
        ("2026-04-05T21:06:21.250+05:30", "2026-04-05 21:06:21.250 +330"),
        ("2026-04-05 21:06:21 +0400", "2026-04-05 21:06:21 +240"),
        ("2008-01-10T11:00:00-05:00", "2008-01-10 11:00:00 -300"),
        ("2026-04-05 21:06:21 UTC", "2026-04-05 21:06:21 +0"),
        ("2026-04-05 12:06 AM", "2026-04-05 00:06:00"),
        ("2026-04-05 12:06 pm", "2026-04-05 12:06:00"),
        ("Jul-21-25", "2025-07-21 00:00:00"),
        ("02 Jan 2026 13:05", "2026-01-02 13:05:00"),
        ("Jan 2, 2026 1:05 PM", "2026-01-02 13:05:00"),
        ("Fri, 02 Jan 2026 13:05:01 GMT", "2026-01-02 13:05:01 +0"),
        ("21-Sept-69", "2069-09-21 00:00:00"),
        ("1-Dec-70", "1970-12-01 00:00:00"),
        ("\t2026-04-05 10:00:00", "2026-04-05 10:00:00"),
        ("=\"2026-04-05\"", "2026-04-05 00:00:00"),
        ("２０２６－０４－０５", "2026-04-05 00:00:00"),
        ("2024-02-29", "2024-02-29 00:00:00"),
    ] {
        check(cell, DayFirst, expect);
        check(cell, MonthFirst, expect);
    }
    check("01-12-2010 08:26", DayFirst, "2010-12-01 08:26:00");
    check("04-30-22", MonthFirst, "2022-04-30 00:00:00");
    check("25/06/2026 13:03:57", DayFirst, "2026-06-25 13:03:57");
    check("05/02/2026 2:49:19 PM", MonthFirst, "2026-05-02 14:49:19");
    check("31.12.2026", DayFirst, "2026-12-31 00:00:00");
}

#[test]
fn what_is_no_date() {
    for cell in [
        "2026/6/31",
        "2026-13-01",
        "2026-04-05 25:10",
        "2026-04-05 10:61",
        "2026/6/31 25:10",
        "2023-02-29",
        "32/13/2026",
        "abc",
        "12",
        "12.5",
        "1-2",
        "2026-04-05x",
        "2026-04-05 13:00 PM",
        "202604051",
        "1850-01-01",
        "45000",
        "10:00",
        "04-30-222",
        "Foo 2, 2026",
    ] {
        check(cell, DayOrder::DayFirst, "no date");
    }
    check("13/13/2026", DayOrder::DayFirst, "no date");
    check("04/30/2026", DayOrder::DayFirst, "no date");
}

#[test]
fn spreadsheets_count_days() {
    for (cell, expect) in [
        ("45000", Some("2023-03-15 00:00:00")),
        ("45000.5", Some("2023-03-15 12:00:00")),
        ("46300.333333333336", Some("2026-10-05 08:00:00")),
        ("25569", Some("1970-01-01 00:00:00")),
        ("25568", None),
        ("80001", None),
        ("2026-04-05", None),
        ("45000.", Some("2023-03-15 00:00:00")),
    ] {
        let got = serial(cell).and_then(|written| shown(written, DayOrder::DayFirst));
        assert_eq!(got.as_deref(), expect, "{cell:?}");
    }
}

#[test]
fn orders_are_proved_and_named() {
    let date = |cell: &str| read(cell).unwrap_or_else(|| panic!("{cell}"));
    assert_eq!(date("04-30-22").date.proves(), Some(DayOrder::MonthFirst));
    assert_eq!(date("30-04-22").date.proves(), Some(DayOrder::DayFirst));
    assert_eq!(date("04-05-22").date.proves(), None);
    assert_eq!(date("04-05-22").habit(), DayOrder::MonthFirst);
    assert_eq!(date("04/05/2022").habit(), DayOrder::DayFirst);
    assert_eq!(date("04/05/2022 2:00 PM").habit(), DayOrder::MonthFirst);
    assert_eq!(date("04.05.22").habit(), DayOrder::DayFirst);
    assert_eq!(
        date("04-05-22").date.pattern(DayOrder::MonthFirst).as_deref(),
        Some("MM-DD-YY")
    );
    assert_eq!(
        date("04/05/2022").date.pattern(DayOrder::DayFirst).as_deref(),
        Some("DD/MM/YYYY")
    );
}

#[test]
fn nothing_is_told_from_dates() {
    for cell in ["", " ", "-", "——", "0000-00-00 00:00:00", "NaT", "\t"] {
        assert!(is_nothing(cell), "{cell:?}");
    }
    assert!(!is_nothing("2026-04-05"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in ".{0,24}") {
        let _ = read(&text);
        let _ = serial(&text);
    }

    #[test]
    fn any_day_is_read_back(days in 0_i32..80_000) {
        let day = NaiveDate::default() + TimeDelta::days(i64::from(days));
        for pattern in ["%Y-%m-%d", "%Y/%-m/%-d", "%Y%m%d", "%d %b %Y", "%Y年%-m月%-d日"] {
            let written = read(&day.format(pattern).to_string());
            prop_assert_eq!(written.and_then(|w| w.date.days(DayOrder::DayFirst)), Some(days));
        }
    }
}
