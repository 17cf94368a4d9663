use crate::model::{Dim, LineId, OrderBatch, OrderColumns, OrderLine, OrderTable, Status};
use crate::money::Fixed;
use crate::time::UtcMillis;

/// A line in a few words; what it does not say is blank.
#[derive(Clone, Copy)]
struct Row {
    order: &'static str,
    line: LineId<'static>,
    at: Option<i64>,
    status: Status,
    sku: &'static str,
    units: i64,
    amount: Option<i64>,
    paid: Option<i64>,
    refund: Option<i64>,
    region: &'static str,
}

const WHOLE: Row = Row {
    order: "1",
    line: LineId::Whole,
    at: Some(1000),
    status: Status::Shipped,
    sku: "",
    units: 3,
    amount: Some(100),
    paid: Some(100),
    refund: Some(0),
    region: "浙江",
};

const ITEM: Row = Row {
    order: "1",
    line: LineId::Counted,
    at: None,
    status: Status::Paid,
    sku: "A",
    units: 1,
    amount: Some(60),
    paid: None,
    refund: None,
    region: "",
};

fn batch(rows: &[Row]) -> OrderBatch {
    let mut batch = OrderBatch::default();
    for row in rows {
        let mut dims = [""; Dim::COUNT];
        dims[Dim::Sku.index()] = row.sku;
        dims[Dim::Region.index()] = row.region;
        batch.push(&OrderLine {
            source: "taobao",
            order_id: row.order,
            line_id: row.line,
            created_at: row.at.map_or(OrderLine::NO_TIME, UtcMillis),
            paid_at: None,
            shipped_at: None,
            updated_at: None,
            status: row.status,
            title: "",
            quantity: Some(Fixed::from_units(row.units)),
            amount: row.amount.map(Fixed::from_units),
            paid_amount: row.paid.map(Fixed::from_units),
            refund_amount: row.refund.map(Fixed::from_units),
            currency: "",
            city: "",
            customer: 0,
            dims,
        });
    }
    batch
}

/// What counts, a line each, sorted: order, SKU, time, status, units, amount, paid, refund, region.
fn shown(table: &OrderTable) -> Vec<String> {
    let c = table.columns();
    let number = |raw: i64| match raw {
        OrderColumns::NONE => "·".to_owned(),
        raw => Fixed::from_raw(raw).to_string(),
    };
    let mut lines: Vec<String> = (0..c.len())
        .filter(|row| !table.removed().get(*row))
        .map(|row| {
            format!(
                "{} {} @{} {} ×{} ={} paid {} back {} {}",
                c.orders.text(c.order.get(row)),
                c.dict(Dim::Sku).text(c.dim(Dim::Sku).get(row)),
                c.created_at.raw(row),
                c.dict(Dim::Status).text(c.dim(Dim::Status).get(row)),
                number(c.quantity.raw(row)),
                number(c.amount.raw(row)),
                number(c.paid_amount.raw(row)),
                number(c.refund_amount.raw(row)),
                c.dict(Dim::Region).text(c.dim(Dim::Region).get(row)),
            )
        })
        .collect();
    lines.sort();
    lines
}

fn table(batches: &[&[Row]]) -> OrderTable {
    let mut table = OrderTable::default();
    for rows in batches {
        table.take(batch(rows));
    }
    table
}

const OTHER: Row = Row {
    sku: "B",
    units: 2,
    amount: Some(90),
    ..ITEM
};

#[test]
fn lines_take_the_place_of_their_order_whichever_comes_first() {
    let expect = [
        "1 A @1000 shipped ×1 =60 paid 40 back 0 浙江",
        "1 B @1000 shipped ×2 =90 paid 60 back 0 浙江",
    ];
    for batches in [
        &[&[WHOLE][..], &[ITEM, OTHER]][..],
        &[&[ITEM, OTHER], &[WHOLE]],
        &[&[ITEM, OTHER, WHOLE]],
        &[&[WHOLE, ITEM, OTHER]],
        &[&[ITEM], &[WHOLE], &[ITEM, OTHER]],
        &[&[WHOLE], &[ITEM], &[OTHER]],
    ] {
        let table = table(batches);
        assert_eq!(shown(&table), expect);
        assert_eq!((table.len(), table.order_count()), (2, 1));
        // What is kept of it comes back as it is.
        let kept = OrderBatch::from_columns(table.columns().clone()).unwrap_or_default();
        let mut back = OrderTable::default();
        back.take(kept);
        assert_eq!(shown(&back), expect);
    }
}

#[test]
fn files_that_come_again_change_nothing() {
    let mut table = table(&[&[WHOLE], &[ITEM, OTHER]]);
    let before = shown(&table);
    for rows in [&[WHOLE][..], &[ITEM, OTHER], &[OTHER]] {
        let merge = table.merge(&batch(rows));
        assert_eq!((merge.new, merge.updated, merge.same), (0, 0, rows.len() as u64));
        assert_eq!(shown(&table), before);
    }
}

#[test]
fn a_later_version_of_the_order_moves_its_lines() {
    let mut table = table(&[&[WHOLE], &[ITEM, OTHER]]);
    let later = Row {
        status: Status::Completed,
        paid: Some(50),
        refund: Some(5),
        region: "四川",
        ..WHOLE
    };
    let merge = table.merge(&batch(&[later]));
    assert_eq!((merge.new, merge.updated, merge.same), (0, 1, 0));
    assert_eq!(
        shown(&table),
        [
            "1 A @1000 completed ×1 =60 paid 20 back 2 四川",
            "1 B @1000 completed ×2 =90 paid 30 back 3 四川",
        ]
    );
}

#[test]
fn lines_without_a_time_wait_for_their_order() {
    let mut table = table(&[&[ITEM, Row { order: "2", ..OTHER }]]);
    assert_eq!((shown(&table), table.len()), (vec![], 0));
    table.merge(&batch(&[WHOLE]));
    assert_eq!(shown(&table), ["1 A @1000 shipped ×1 =60 paid 100 back 0 浙江"]);
}

#[test]
fn what_a_line_says_itself_holds() {
    let own = Row {
        at: Some(900),
        status: Status::Refunded,
        paid: Some(55),
        refund: Some(55),
        ..ITEM
    };
    let other = Row {
        at: Some(900),
        paid: Some(40),
        refund: Some(0),
        ..OTHER
    };
    for batches in [&[&[WHOLE][..], &[own, other]][..], &[&[own, other], &[WHOLE]]] {
        assert_eq!(
            shown(&table(batches)),
            [
                "1 A @900 refunded ×1 =60 paid 55 back 55 浙江",
                "1 B @900 shipped ×2 =90 paid 40 back 0 浙江",
            ]
        );
    }
}

#[test]
fn shares_add_up_to_the_last_step() {
    let thirds = ["A", "B", "C"].map(|sku| Row {
        sku,
        amount: Some(1),
        ..ITEM
    });
    let table = table(&[&[WHOLE], &thirds]);
    let c = table.columns();
    let paid: i64 = (0..c.len())
        .filter(|row| !table.removed().get(*row))
        .map(|row| c.paid_amount.raw(row))
        .sum();
    assert_eq!(Fixed::from_raw(paid), Fixed::from_units(100));
}

#[test]
fn an_order_of_many_lines_meets_too() {
    let skus: Vec<&'static str> = (0..40)
        .map(|at| &*Box::leak(format!("S{at}").into_boxed_str()))
        .collect();
    let items: Vec<Row> = skus.iter().map(|sku| Row { sku, ..ITEM }).collect();
    for batches in [&[&[WHOLE][..], &items][..], &[&items, &[WHOLE]]] {
        let table = table(batches);
        assert_eq!((shown(&table).len(), table.len()), (40, 40));
    }
}
