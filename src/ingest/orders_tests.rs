use super::super::testing::{import, shown};
use super::*;

/// What came of a file: notes and lines.
#[track_caller]
fn check(text: &str, expect: &str) {
    let got = shown(&import(text.as_bytes(), 1 << 20));
    let got: Vec<&str> = got.lines().skip(1).map(str::trim).collect();
    let expect: Vec<&str> = expect.lines().map(str::trim).collect();
    assert_eq!(got, expect);
}

#[test]
fn without_a_status_payment_tells() {
    check(
        "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间 ,退款金额\n\
         =\"1\",178.8,0.0,2020-02-21 00:00:00,,0.0\n\
         =\"2\",21.0,21.0,2020-02-20 23:59:54,2020-02-21 00:00:02,0.0\n\
         =\"3\",37.0,37.0,2020-02-20 23:59:54,2020-02-21 00:00:02,无退款申请\n\
         =\"4\",37.0,37.0,2020-02-20 23:59:54,2020-02-21 00:00:02,12\n",
        "note WithoutQuantity(4)
         1/whole order 02-21T00:00 paid · created ×· =178.8 paid 0 refund 0 CNY
         2/whole order 02-20T23:59 paid 02-21T00:00 paid ×· =21 paid 21 refund 0 CNY
         3/whole order 02-20T23:59 paid 02-21T00:00 paid ×· =37 paid 37 refund · CNY
         4/whole order 02-20T23:59 paid 02-21T00:00 refunded ×· =37 paid 37 refund 12 CNY",
    );
}

#[test]
fn returns_are_negative_lines() {
    check(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n\
         1,A,2,01-12-2010 08:26,2.55\nC1,A,-2,25-12-2010 08:26,2.55\n1,A,2,01-12-2010 08:26,0.00015\n",
        "note Rounded(1)
         note PaidClockIsCreated
         note StatusAssumedPaid
         note ReturnLines(1)
         note CurrencyAssumed(\"\")
         1/~0 12-01T08:26 paid 12-01T08:26 paid ×2 =5.1 paid · refund ·  sku=A
         C1/~0 12-25T08:26 paid 12-25T08:26 refunded ×-2 =-5.1 paid 0 refund 5.1  sku=A
         1/~1 12-01T08:26 paid 12-01T08:26 paid ×2 =0.0004 paid · refund ·  sku=A",
    );
}

#[test]
fn cells_of_the_whole_order_stand_on_its_first_row() {
    check(
        "Name,Financial Status,Paid at,Fulfillment Status,Currency,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Refunded Amount\n\
         #1,paid,2026-04-05 21:06:21 +0800,fulfilled,EUR,2026-04-05 21:06:21 +0800,1,Cup,5,,0.00\n\
         #1,,,,,2026-04-05 21:06:21 +0800,2,Tea,3,T1,\n\
         #2,pending,,unfulfilled,EUR,2026-04-05 21:06:21 +0400,1,Cup,5,,0.00\n",
        "#1/~0 04-05T21:06 paid 04-05T21:06 shipped ×1 =5 paid · refund 0 EUR sku=Cup
         #1/~0 04-05T21:06 paid 04-05T21:06 shipped ×2 =6 paid · refund · EUR sku=T1
         #2/~0 04-06T01:06 paid · created ×1 =5 paid · refund 0 EUR sku=Cup",
    );
}

#[test]
fn after_sales_refund_whole_lines() {
    check(
        "\u{FEFF}主订单编号,子订单编号,商品数量,订单应付金额,订单提交时间,订单状态,售后状态\n\
         \"\t69\",\"\t691\",1,28.90,2026-09-22 00:54:10,已完成,退款成功\n\
         \"\t70\",\"\t701\",1,15.90,2026-09-22 00:54:10,已发货,-\n",
        "note PaidClockIsCreated
         69/691 09-22T00:54 paid 09-22T00:54 refunded ×1 =28.9 paid 28.9 refund 28.9 CNY
         70/701 09-22T00:54 paid 09-22T00:54 shipped ×1 =15.9 paid 15.9 refund · CNY",
    );
}

#[test]
fn an_amount_of_the_order_counts_once() {
    check(
        "Order ID,Order Date,SKU,Order Total (USD),Status\n\
         1,2026-04-05,A,\"$1,000.00\",Delivered\n1,2026-04-05,B,\"$1,000.00\",Delivered\n2,2026-04-05,B,5,Teleported\n",
        "note WithoutAmount(1)
         note WithoutQuantity(3)
         note PaidClockIsCreated
         note UnknownStatus(1, \"Teleported\")
         1/~0 04-05T00:00 paid 04-05T00:00 completed ×· =1000 paid · refund · USD sku=A
         1/~0 04-05T00:00 paid 04-05T00:00 completed ×· =· paid · refund · USD sku=B
         2/~0 04-05T00:00 paid 04-05T00:00 paid ×· =5 paid · refund · USD sku=B",
    );
}

#[test]
fn currencies_are_named_by_rows_headers_or_signs() {
    let of = |text: &str| {
        let imported = import(text.as_bytes(), 1 << 20);
        match imported.rows {
            super::super::Rows::Orders(batch) => batch
                .columns()
                .currency
                .iter()
                .map(|code| batch.columns().currencies.text(code).to_owned())
                .collect(),
            _ => Vec::new(),
        }
    };
    let expect = |codes: &[&str]| {
        codes
            .iter()
            .map(|code| (*code).to_owned())
            .collect::<Vec<String>>()
    };
    assert_eq!(
        of("Order ID,Date,Amount,currency\n1,2026-04-05,5,INR\n2,2026-04-05,,\n3,2026-04-05,5,usd\n"),
        expect(&["INR", "", "USD"])
    );
    assert_eq!(
        of("Order ID,Date,Amount (PHP)\n1,2026-04-05,5\n"),
        expect(&["PHP"])
    );
    assert_eq!(of("Order ID,Date,Amount\n1,2026-04-05,€5\n"), expect(&["EUR"]));
    assert_eq!(of("订单号,下单时间,金额\n1,2026-04-05,5\n"), expect(&["CNY"]));
    assert_eq!(of("Order ID,Date,Amount\n1,2026-04-05,5\n"), expect(&[""]));
}

#[test]
fn spreadsheet_days_are_dates_where_all_are() {
    check(
        "订单号,下单时间,金额\n1,46300.5,5\n2,46301,5\n",
        "note WithoutQuantity(2)
         note PaidClockIsCreated
         note StatusAssumedPaid
         1/~0 10-05T12:00 paid 10-05T12:00 paid ×· =5 paid · refund · CNY
         2/~0 10-06T00:00 paid 10-06T00:00 paid ×· =5 paid · refund · CNY",
    );
}

#[test]
fn customers_are_hashed_with_salt() {
    assert_eq!(hash(7, "17850"), hash(7, "17850"));
    assert_ne!(hash(7, "17850"), hash(8, "17850"));
    assert_ne!(hash(7, "17850"), hash(7, "17851"));
    assert_eq!(hash(7, ""), 0);
}

#[test]
fn what_is_told_of_the_order_counts_once() {
    check(
        "订单号,商品名称,订购数量,下单时间,商家应收,订单状态,京东价\n\
         J1,杯,2,2026-02-20,499.00（系统计算中，该值仅供参考）,完成,200\n\
         J1,盖,1,2026-02-20,499.00（系统计算中，该值仅供参考）,完成,99\n\
         J2,盖,1,2026-02-20,99.00,完成,99\n",
        "note PaidClockIsCreated
         J1/~0 02-20T00:00 paid 02-20T00:00 completed ×2 =400 paid 499 refund · CNY
         J1/~1 02-20T00:00 paid 02-20T00:00 completed ×1 =99 paid 0 refund · CNY
         J2/~0 02-20T00:00 paid 02-20T00:00 completed ×1 =99 paid 99 refund · CNY",
    );
}
