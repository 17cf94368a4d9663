use super::super::testing::{import, shown};

#[track_caller]
fn check(text: &str, expect: &str) {
    let got = shown(&import(text.as_bytes(), 1 << 20));
    let expect: Vec<&str> = expect.lines().map(str::trim).collect();
    assert_eq!(got.lines().collect::<Vec<_>>(), expect);
}

#[test]
fn bins_are_added_and_bad_rows_refused() {
    check(
        "index,SKU Code,Stock\n0,A,5.0\n1,A,2\n2,,3\n3,#REF!,0.0\n4,B,\n5,C,many\n6,6.9E+12,1\n",
        "partial stock generic [UTF-8 CSV ,] 7/3/4
         note WithoutQuantity(1)
         note StockRowsAdded(1)
         refused 4: SKU Code \"\" Missing
         refused 5: SKU Code \"#REF!\" SpreadsheetError
         refused 7: Stock \"many\" NotANumber
         refused 8: SKU Code \"6.9E+12\" RuinedIdentifier
         A@ 7 available · inbound ·
         B@ · available · inbound ·",
    );
}

#[test]
fn goods_without_sku_are_named_by_their_handle() {
    check(
        "Handle,Option1 Value,Option2 Value,SKU,Location,Incoming,Available,On hand\n\
         cup,Default Title,,,\"Tartu mnt 50-4, Tallinn\",1,-2,0\ntea,250ml,green,,Shop,not stocked,not stocked,not stocked\n\
         tea,1l,,T1,Shop,0,4,5\n,,,,Shop,0,4,5\n",
        "partial stock shopify-inventory [UTF-8 CSV ,] 4/3/1
         note WithoutQuantity(1)
         refused 5: SKU \"\" Missing
         cup@Tartu mnt 50-4, Tallinn 0 available -2 inbound 1
         tea / 250ml / green@Shop · available · inbound ·
         T1@Shop 5 available 4 inbound 0",
    );
}

#[test]
fn what_is_on_its_way_is_added_up() {
    check(
        "商品编码,仓储方,主仓实际库存数,公有可用数,采购在途数,调拨在途数,统计日期\n1.0,义乌仓,\"1,200\",900,30,12,2026-09-22\n",
        "done stock jushuitan-stock [UTF-8 CSV ,] 1/1/0
         1@义乌仓 1200 available 900 inbound 42",
    );
}

#[test]
fn costs_and_the_next_receipt_are_read() {
    check(
        "商品编码,仓库,实际库存,在途,成本价,预计到货时间\nA,东仓,5,20,¥12.345,2026-12-05\nA,东仓,1,0,12.5,2026-12-01\n\
         B,东仓,7,3,,\nC,东仓,1,3,dear,\nD,东仓,1,3,1,soon\n",
        "partial stock generic [UTF-8 CSV ,] 5/3/2
         note StockRowsAdded(1)
         refused 5: 成本价 \"dear\" NotANumber
         refused 6: 预计到货时间 \"soon\" NotADate
         A@东仓 6 available · inbound 20 cost 12.5 due 12-05T00:00
         B@东仓 7 available · inbound 3",
    );
    check(
        "Product SKU,Warehouse Name,Qty On Hand,Unit Cost,Expected Arrival Date\nA,East,5,4.25,2026-12-05T08:30:00Z\n",
        "done stock generic [UTF-8 CSV ,] 1/1/0
         A@East 5 available · inbound · cost 4.25 due 12-05T16:30",
    );
    // What a line of an order cost its seller is read into nothing.
    let import = import(
        b"Order ID,Date,SKU,Qty,Price,Unit Cost,Expected Date\n1,2026-12-05,A,2,9.50,4,2026-12-07\n",
        1 << 20,
    );
    let used = super::super::testing::columns(&import);
    assert!(
        used.contains("Unit Cost: - ") && used.contains("Expected Date: - "),
        "{used}"
    );
}

#[test]
fn a_column_a_place_in_the_old_shopify_layout() {
    check(
        "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,SKU,\"Tartu mnt 50-4, Tallinn\",Riga\n\
         cup,Cup,Title,Default Title,,,,,,7,not stocked\n\
         tea,Tea,Size,250ml,,,,,T1,-2,4\n\
         pot,Pot,Size,1l,,,,,P1,not stocked,not stocked\n",
        "done stock shopify-inventory-wide [UTF-8 CSV ,] 3/3/0
         note WithoutQuantity(1)
         cup@Tartu mnt 50-4, Tallinn · available 7 inbound ·
         T1@Tartu mnt 50-4, Tallinn · available -2 inbound ·
         T1@Riga · available 4 inbound ·",
    );
}

#[test]
fn a_column_a_place_in_lists_of_ones_own() {
    check(
        "SKU,Name,Price,杭州仓,成都仓,Weight\nA,Cup,9.50,10,,0.3\nB,Lid,3,0,5,0.1\n",
        "done stock generic [UTF-8 CSV ,] 2/2/0
         A@杭州仓 10 available · inbound ·
         B@杭州仓 0 available · inbound ·
         B@成都仓 5 available · inbound ·",
    );
    // Names that say nothing: what counts is that there are many, or that they add up.
    check(
        "SKU,Jaypore,Okhai,Ajio\nA,1,2,\nB,0,1.5,4\n",
        "done stock generic [UTF-8 CSV ,] 2/2/0
         A@Jaypore 1 available · inbound ·
         A@Okhai 2 available · inbound ·
         B@Jaypore 0 available · inbound ·
         B@Okhai 1.5 available · inbound ·
         B@Ajio 4 available · inbound ·",
    );
    check(
        "SKU,Stock,Jaypore,Okhai\nA,3,1,2\nB,1,0,1\n",
        "done stock generic [UTF-8 CSV ,] 2/2/0
         A@Jaypore 1 available · inbound ·
         A@Okhai 2 available · inbound ·
         B@Jaypore 0 available · inbound ·
         B@Okhai 1 available · inbound ·",
    );
    check(
        "SKU,Stock,Nicotine,Puffs\nA,3,1,2\nB,1,9,1\n",
        "done stock generic [UTF-8 CSV ,] 2/2/0
         A@ 3 available · inbound ·
         B@ 1 available · inbound ·",
    );
}

#[test]
fn pairs_of_a_place_and_its_quantity() {
    check(
        "SKU,Quantity,Location_1,Qty_1,Location_2,Qty_2\nA,7,Z,5,Y,2\nB,1,Z,1,,\n",
        "done stock generic [UTF-8 CSV ,] 2/2/0
         A@Z 5 available · inbound ·
         A@Y 2 available · inbound ·
         B@Z 1 available · inbound ·",
    );
}

#[test]
fn a_town_whose_name_begins_like_a_length_is_a_place() {
    check(
        "SKU,长沙仓,杭州仓,箱长(cm),宽度\nA,10,4,30,20\nB,,5,31,21\n",
        "done stock generic [UTF-8 CSV ,] 2/2/0
         A@长沙仓 10 available · inbound ·
         A@杭州仓 4 available · inbound ·
         B@杭州仓 5 available · inbound ·",
    );
}
