use super::*;
use crate::model::{LineId, OrderBatch, OrderLine, StockBatch, StockLevel};

/// 2026-03-01 12:00 in Shanghai.
const NOON: i64 = 1_772_337_600_000;

/// Order, source, day, SKU, units, amount, status, hours until payment.
type Row = (
    &'static str,
    &'static str,
    i64,
    &'static str,
    i64,
    i64,
    Status,
    i64,
);

fn orders(rows: &[Row]) -> OrderTable {
    let mut batch = OrderBatch::default();
    for (order_id, source, day, sku, units, amount, status, hours) in rows {
        let mut dims = [""; Dim::COUNT];
        dims[Dim::Sku.index()] = sku;
        let created = NOON + day * DAY_MILLIS;
        batch.push(&OrderLine {
            source,
            order_id,
            line_id: LineId::Counted,
            created_at: UtcMillis(created),
            paid_at: Some(UtcMillis(created + hours * 3_600_000)),
            // Half a day after it was ordered, so that what was paid for later was shipped unpaid.
            shipped_at: (*hours > 12).then_some(UtcMillis(created + DAY_MILLIS / 2)),
            updated_at: None,
            status: *status,
            title: "t",
            quantity: Some(Fixed::from_units(*units)),
            amount: Some(Fixed::from_units(*amount)),
            paid_amount: None,
            refund_amount: None,
            currency: "CNY",
            city: "",
            customer: 0,
            dims,
        });
    }
    let mut table = OrderTable::default();
    table.take(batch);
    table
}

fn stock(rows: &[(&str, &str, i64)]) -> StockTable {
    let mut batch = StockBatch::default();
    for (sku, warehouse, available) in rows {
        batch.push(&StockLevel {
            source: "s",
            sku,
            warehouse,
            title: "",
            category: "",
            brand: "",
            on_hand: None,
            available: Some(Fixed::from_units(*available)),
            inbound: None,
            unit_cost: None,
            arrives: None,
            as_of: None,
        });
    }
    let mut table = StockTable::default();
    table.merge(&batch);
    table
}

/// All findings of something, a line each: id, count/of, cases.
fn shown(orders: &OrderTable, stock: &StockTable) -> String {
    let now = UtcMillis(NOON + 30 * DAY_MILLIS);
    let findings = quality(orders, stock, Zone::default(), now, 3);
    let line = |finding: &Finding| {
        let cases: Vec<String> = finding
            .cases
            .iter()
            .map(|case| format!("{}={}", case.key, case.value))
            .collect();
        let (id, count, of) = (finding.check.id(), finding.count, finding.of);
        format!("{id} {count}/{of} {}\n", cases.join(", "))
    };
    findings
        .iter()
        .filter(|finding| finding.count > 0)
        .map(line)
        .collect()
}

const PAID: Status = Status::Paid;

#[test]
fn nothing_is_odd_about_nothing() {
    assert!(
        quality(
            &OrderTable::default(),
            &StockTable::default(),
            Zone::default(),
            UtcMillis(NOON),
            3
        )
        .is_empty()
    );
    let fine = orders(&[("1", "s", 0, "a", 1, 5, PAID, 1)]);
    assert_eq!(shown(&fine, &stock(&[("a", "", 3)])), "");
}

#[test]
fn each_oddity_is_found() {
    let mut rows: Vec<Row> = Vec::new();
    // Day 3 is missing, of ten.
    for day in (0..10).filter(|day| *day != 3) {
        rows.push((
            ["d0", "d1", "d2", "", "d4", "d5", "d6", "d7", "d8", "d9"][day],
            "s",
            i64::try_from(day).unwrap(),
            "AB-01",
            1,
            10,
            PAID,
            1,
        ));
    }
    rows.push(("dear", "s", 5, "AB-01", 1, 100, PAID, 1));
    rows.push(("cheap", "s", 5, "AB-01", 10, 10, PAID, 1));
    rows.push(("d1", "erp", 1, "AB-01", 1, 10, PAID, 1));
    rows.push(("early", "s", 6, "AB-01", 2, 20, PAID, -2));
    rows.push(("unpaid", "s", 6, "AB-01", 1, 10, PAID, 24));
    rows.push(("twice", "s", 6, "AB-01", 1, 11, PAID, 1));
    rows.push(("twice", "s", 6, "AB-01", 1, 11, PAID, 1));
    rows.push(("two of it", "s", 6, "AB-01", 1, 11, PAID, 1));
    rows.push(("two of it", "s", 6, "AB-01", 2, 22, PAID, 1));
    rows.push(("again", "s", 1, "AB-01", 1, 10, PAID, 1));
    rows.push(("again", "s", 8, "other", 1, 10, PAID, 1));
    rows.push(("ahead", "s", 99, "AB-01", 1, 10, PAID, 1));
    rows.push(("nameless", "s", 6, "", 1, 10, PAID, 1));
    rows.push(("x", "s", 6, "orphan", 4, 40, PAID, 1));
    rows.push(("y", "s", 6, "cancelled", 4, 40, Status::Cancelled, 1));
    for id in [
        "123456789012345000",
        "223456789012345000",
        "323456789012345000",
        "423456789012345000",
    ] {
        rows.push((id, "s", 7, "AB-01", 1, 10, PAID, 1));
    }
    let table = orders(&rows);
    let stock = stock(&[
        ("ab01", "", 5),
        ("never", "east", 7),
        ("less", "west", -2),
        ("cancelled", "", 1),
    ]);
    assert_eq!(
        shown(&table, &stock),
        "orders-in-two-sources 1/25 d1=s · erp\n\
         rounded-order-ids 4/25 123456789012345000=, 223456789012345000=, 323456789012345000=\n\
         collided-order-ids 1/25 again=2026-03-02 · 2026-03-09\n\
         negative-stock 1/4 less=-2 · west\n\
         sold-without-stock 3/3 AB-01=35, orphan=4, other=1\n\
         spelled-otherwise 1/3 AB-01=ab01\n\
         stock-never-sold 3/4 never=7, ab01=5, less=-2\n\
         missing-days 1/10 2026-03-04=\n\
         impossible-times 1/28 ahead=2026-06-08 12:00\n\
         out-of-order 2/28 unpaid=2026-03-08 12:00 > 2026-03-08 00:00, early=2026-03-07 12:00 > 2026-03-07 10:00\n\
         price-outliers 2/27 dear=AB-01: 100 / 10, cheap=AB-01: 1 / 10\n\
         repeated-lines 1/28 twice=AB-01\n\
         without-sku 1/28 nameless=t\n"
    );
}

#[test]
fn a_few_ids_that_end_in_zeros_are_chance() {
    let one = orders(&[("123456789012345000", "s", 0, "a", 1, 5, PAID, 1)]);
    assert_eq!(shown(&one, &StockTable::default()), "");
}

#[test]
fn a_shop_that_rarely_sells_misses_no_day() {
    let rows = [("1", 0), ("2", 4), ("3", 8), ("4", 12)].map(|(id, day)| (id, "s", day, "a", 1, 5, PAID, 1));
    assert_eq!(shown(&orders(&rows), &StockTable::default()), "");
}

#[test]
fn removed_lines_are_not_looked_at() {
    let mut table = orders(&[
        ("1", "s", 0, "", 1, 5, PAID, 1),
        ("2", "s", 0, "a", 1, 5, PAID, 1),
    ]);
    table.remove(0);
    assert_eq!(shown(&table, &StockTable::default()), "");
}

#[test]
fn ruined_numbers_that_were_refused_are_told_with_their_files() {
    assert_eq!(ruined([].into_iter(), 7, 3), None);
    let refused = [
        ("3.5E+16", "a.csv"),
        ("358392017482951000", "a.csv"),
        ("4E+16", "b.csv"),
    ];
    let finding = ruined(refused.into_iter(), 7, 2).unwrap();
    assert_eq!((finding.count, finding.of, finding.cases.len()), (3, 10, 2));
    assert_eq!(finding.cases[1].key, "358392017482951000");
}
