use super::super::testing::{import, shown};

#[track_caller]
fn check(text: &str, expect: &str) {
    let got = shown(&import(text.as_bytes(), 1 << 20));
    let expect: Vec<&str> = expect.lines().map(str::trim).collect();
    assert_eq!(got.lines().collect::<Vec<_>>(), expect);
}

/// A header, whatever its rows, is read as this kind.
#[track_caller]
fn kind(text: &str, expect: &str) {
    assert_eq!(
        import(text.as_bytes(), 1 << 20).report.kind.id(),
        expect,
        "{text}"
    );
}

#[test]
fn goods_sets_and_barcodes() {
    check(
        "平台SKU,仓库SKU,条码,数量\nP1,W1,6901,1\nP2,W1,6901,\nSET,W1,6901,2\nSET,W2,6902,1\n,W3,6903,\nP1,W1,6901,1\n",
        "done crosswalk generic [UTF-8 CSV ,] 6/6/0
         note NamesRepeated(1)
         P1 = 1×W1
         P2 = ·×W1
         SET = 2×W1
         SET = 1×W2
         6901 = ·×W1
         6902 = ·×W2
         6903 = ·×W3",
    );
}

#[test]
fn a_set_has_its_own_barcode_where_all_its_rows_have_the_same() {
    check(
        "bundle sku\tcomponent sku\tqty\tbarcode\nKIT\tA\t1\t500\nKIT\tB\t3\t500\n",
        "done crosswalk generic [UTF-8 TSV] 2/2/0
         KIT = 1×A
         KIT = 3×B
         500 = ·×KIT",
    );
}

#[test]
fn what_contradicts_itself_or_says_nothing_is_told() {
    check(
        "店铺,商家编码,ERP编码,组合数量\n甲,P1,W1,1\n甲,P1,W1,2\n,P2,W1,\n,P2,W2,\n,P3,,\n,P4,W4,0\n,P5,W5,many\n,P6,W6,2000000\n,W7,W7,\n,6.9E+12,W8,\n,,,\n",
        "partial crosswalk generic [UTF-8 CSV ,] 10/5/5
         note NamesClash(1, \"P1\")
         note SetsOfOne(1, \"P2\")
         note BlankRows(1)
         refused 6: ERP编码 \"\" Missing
         refused 7: 组合数量 \"0\" NotANumber
         refused 8: 组合数量 \"many\" NotANumber
         refused 9: 组合数量 \"2000000\" NumberTooLarge
         refused 11: 商家编码 \"6.9E+12\" RuinedIdentifier
         P1 = 2×W1 in 甲
         P2 = ·×W1
         P2 = ·×W2",
    );
}

#[test]
fn without_a_warehouse_sku_the_barcode_names_the_sold_one() {
    check(
        "SKU,Barcode\nA,100\nB,200\nC,200\nD,4.0E+12\n",
        "partial crosswalk generic [UTF-8 CSV ,] 4/3/1
         note NamesClash(1, \"200\")
         note RuinedSkus(1)
         refused 5: Barcode \"\" Missing
         100 = ·×A",
    );
}

#[test]
fn names_of_ids() {
    check(
        r#"{"inventory_items":[{"id":39072856,"sku":"GREEN","created_at":"2018-05-07T15:33:38-04:00","tracked":true},{"id":7,"sku":"","created_at":"2018-05-07T15:33:38-04:00","tracked":true}]}"#,
        "partial crosswalk shopify-inventory-items [UTF-8 JSON] 2/1/1
         refused 1: sku \"\" Missing
         39072856 = ·×GREEN",
    );
    check(
        r#"{"locations":[{"id":487838322,"name":"Fifth Avenue","address1":null,"country_code":"US","country_name":"United States","province_code":null}]}"#,
        "done crosswalk shopify-locations [UTF-8 JSON] 1/1/0
         place 487838322 = ·×Fifth Avenue",
    );
    check(
        r#"{"variants":[{"id":1,"sku":"PINK","inventory_item_id":808950810,"inventory_quantity":10,"inventory_management":"shopify","compare_at_price":null,"title":"Pink"}]}"#,
        "done stock shopify-variants [UTF-8 JSON] 1/1/0
         PINK@ 10 available · inbound ·
         808950810 = ·×PINK",
    );
    check(
        r#"{"inventory_levels":[{"inventory_item_id":1,"location_id":2,"available":27,"updated_at":"2018-05-07T15:33:38-04:00"}]}"#,
        "done stock shopify-levels [UTF-8 JSON] 1/1/0
         note UnderIds(1, 1)
         1@2 · available 27 inbound ·",
    );
}

#[test]
fn neither_orders_nor_stock_nor_lists_of_products_are_taken_for_one() {
    kind("平台商品编码,仓库货品编码\nA,B\n", "crosswalk");
    kind(
        "Platform SKU,Warehouse SKU,Channel,Created At\nA,B,Amazon,2026-01-02\n",
        "crosswalk",
    );
    kind("平台SKU,仓库,仓库SKU\nA,East,B\n", "crosswalk");
    kind("平台SKU,仓库,仓库SKU,数量\nA,East,B,5\n", "stock");
    kind("商家编码,货品编码,条码\nA,B,1\n", "crosswalk");
    kind(
        "商家编码,条码,货品编号,货品名称,仓库,库存\nA,1,B,x,East,5\n",
        "stock",
    );
    kind("仓库SKU,平台SKU,可用库存\nB,A,5\n", "stock");
    kind("商家编码,货品编号,数量\nA,B,5\n", "stock");
    kind("sku,barcode,on hand\nA,1,5\n", "stock");
    kind("sku,barcode,Main warehouse,Shop\nA,1,5,6\n", "stock");
    kind(
        "order id,created at,sku,barcode,qty,amount\n1,2026-01-02,A,1,2,3.5\n",
        "orders",
    );
    kind(
        "订单编号,下单时间,平台SKU,仓库SKU,数量,金额\n1,2026-01-02,A,B,2,3.5\n",
        "orders",
    );
    kind("sku,barcode,name,price\nA,1,x,3.5\n", "unknown");
}
