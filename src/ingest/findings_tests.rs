//! What was found in real exports, one test a finding.

use super::testing::{columns, import, shown};

/// What came of a file: the report's line, notes, refusals and rows.
#[track_caller]
fn check(text: &str, expect: &str) {
    let got = shown(&import(text.as_bytes(), 1 << 20));
    let got: Vec<&str> = got.lines().map(str::trim).collect();
    let expect: Vec<&str> = expect.lines().map(str::trim).collect();
    assert_eq!(got, expect);
}

#[test]
fn no_profile_demands_the_whole_header() {
    check(
        "支付单号,商品标题,订单编号,买家实付金额,订单创建时间,自选列\n9,杯,1,5,2026-04-05,x\n",
        "done orders tmall [UTF-8 CSV ,] 1/1/0
         note WithoutQuantity(1)
         note PaidClockIsCreated
         note StatusAssumedPaid
         1/whole order 04-05T00:00 paid 04-05T00:00 paid ×· =5 paid 5 refund · CNY",
    );
}

#[test]
fn headers_are_brought_to_one_spelling() {
    let got = columns(&import(
        "\u{FEFF}订单编号\u{3000},\u{200B}订单付款时间 ,总金额（元）,订单创建时间,买家支付宝帐号\n1,,5,2026-04-05,x\n".as_bytes(),
        1 << 20,
    ));
    let used: Vec<&str> = got.lines().filter_map(|line| line.split(": ").nth(1)).collect();
    let used: Vec<&str> = used.iter().filter_map(|used| used.split(' ').next()).collect();
    assert_eq!(used, ["order_id", "paid_at", "amount", "created_at", "personal"]);
}

#[test]
fn headers_stand_below_preambles_and_above_descriptions() {
    let line = "1/~0 04-05T00:00 paid 04-05T00:00 paid ×2 =5 paid · refund · CNY sku=A";
    let notes = "note PaidClockIsCreated\nnote StatusAssumedPaid";
    check(
        "店铺,某店\n导出时间,2026-04-06\n\n订单编号,下单时间,商家编码,数量,金额,备注二\n平台单号,下单的时间,编码,件,收入+支出,\n\
         1,2026-04-05,A,2,5,\n合计,,,2,5,\n共 1 条\n",
        &format!("done orders generic [UTF-8 CSV ,] 1/1/0\n{notes}\nnote Asides(2)\n{line}"),
    );
    // A total of a stock list is no SKU.
    check(
        "SKU,仓库,库存\nA,杭州,2\n合计,,2\n",
        "done stock generic [UTF-8 CSV ,] 1/1/0
         note Asides(1)
         A@杭州 2 available · inbound ·",
    );
}

#[test]
fn a_cell_longer_than_any_spreadsheet_holds_is_an_open_quote() {
    let long = "x".repeat(200_000);
    // A column that is not read may hold what it likes.
    check(
        &format!(
            "订单编号,下单时间,商家编码,数量,金额,详情页\n1,2026-04-05,A,2,5,{long}\n2,2026-04-05,{long},2,5,\n"
        ),
        "partial orders generic [UTF-8 CSV ,] 2/1/1
         note PaidClockIsCreated
         note StatusAssumedPaid
         refused 3: 商家编码 \"\" RowTooLong
         1/~0 04-05T00:00 paid 04-05T00:00 paid ×2 =5 paid · refund · CNY sku=A",
    );
}

#[test]
fn a_header_may_stand_twice() {
    let got = columns(&import(
        "订单号,归属店铺,分销员,订单创建时间,订单实付金额,全部商品名称,分销员\n1,店,,2026-04-05,5,杯,x\n"
            .as_bytes(),
        1 << 20,
    ));
    assert_eq!(
        got.lines()
            .filter(|line| line.starts_with("分销员: personal"))
            .count(),
        2
    );
}

#[test]
fn identifiers_are_one_however_they_are_wrapped() {
    let file = |id: &str| format!("订单编号,下单时间,商家编码,数量,金额\n{id},2026-04-05,{id},1,5\n");
    for id in [
        "35153131473290001",
        "=\"35153131473290001\"",
        "\"=\"\"35153131473290001\"\"\"",
        "\"\t35153131473290001\"",
        "'35153131473290001",
        "35153131473290001.0",
    ] {
        let got = shown(&import(file(id).as_bytes(), 1 << 20));
        let line = got.lines().last().unwrap_or_default();
        assert!(line.starts_with("35153131473290001/~0 "), "{id}: {line}");
        assert!(line.ends_with("sku=35153131473290001"), "{id}: {line}");
    }
}

#[test]
fn ruined_identifiers_join_nothing() {
    check(
        "订单编号,下单时间,商家编码,数量,金额\n3.51531E+16,2026-04-05,A,1,5\n2,2026-04-05,6.9E+12,1,5\n3,2026-04-05,12E5,1,5\n",
        "partial orders generic [UTF-8 CSV ,] 3/2/1
         note PaidClockIsCreated
         note StatusAssumedPaid
         note RuinedSkus(1)
         refused 2: 订单编号 \"3.51531E+16\" RuinedIdentifier
         2/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =5 paid · refund · CNY
         3/~0 04-05T00:00 paid 04-05T00:00 paid ×1 =5 paid · refund · CNY sku=12E5",
    );
}

#[test]
fn a_row_a_unit_is_one_unit() {
    check(
        "orderItemId,orderNumber,sellerSku,createTime,itemName,unitPrice,paidPrice,sellerDiscountTotal,status,refundAmount\n\
         1,77,A,02 Jan 2026 13:05,Cup,10.00,8.00,-2.00,delivered,\n2,77,A,02 Jan 2026 13:05,Cup,10.00,8.00,-2.00,returned,8.00\n",
        "done orders lazada [UTF-8 CSV ,] 2/2/0
         note PaidClockIsCreated
         note CurrencyAssumed(\"\")
         77/1 01-02T13:05 paid 01-02T13:05 completed ×1 =10 paid 8 refund ·  sku=A
         77/2 01-02T13:05 paid 01-02T13:05 refunded ×1 =10 paid 8 refund 8  sku=A",
    );
}

#[test]
fn several_goods_in_one_cell_are_of_no_sku() {
    check(
        "主订单编号,子订单编号,选购商品,商家编码,商品数量,商品金额,订单应付金额,订单提交时间,订单状态\n\
         1,1,杯,A,1,69,69,2026-08-01 10:00:00,已发货\n2,2a;2b,杯;盖,A;B,5,108.90,58.90,2026-08-01 11:00:00,已发货\n",
        "done orders douyin [UTF-8 CSV ,] 2/2/0
         note PaidClockIsCreated
         note JoinedGoods(1)
         1/1 08-01T10:00 paid 08-01T10:00 shipped ×1 =69 paid 69 refund · CNY sku=A
         2/2a;2b 08-01T11:00 paid 08-01T11:00 shipped ×5 =108.9 paid 58.9 refund · CNY",
    );
}

#[test]
fn commas_may_stand_above_tabs() {
    check(
        "Order ID,Order Substatus,Seller SKU,Quantity,SKU Subtotal Before Discount,Created Time\n\
         584697260225950001\tTo ship\tA\t1\t130\t25/06/2026 13:03:57\n",
        "done orders tiktok [UTF-8 TSV] 1/1/0
         note PaidClockIsCreated
         note StatusAssumedPaid
         note CurrencyAssumed(\"\")
         584697260225950001/~0 06-25T13:03 paid 06-25T13:03 paid ×1 =130 paid · refund ·  sku=A",
    );
}
