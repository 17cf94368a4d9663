//! Text of the data check.

use super::pick;
use crate::format::Lang;
use crate::protocol::Check;

/// What a check counts.
pub const fn check_name(check: Check, lang: Lang) -> &'static str {
    match check {
        Check::OrdersInTwoSources => pick(
            lang,
            "订单号同时出现在两个来源",
            "Order ids that two sources have",
        ),
        Check::RoundedOrderIds => pick(
            lang,
            "订单号尾部被表格软件清零",
            "Order ids whose last digits a spreadsheet set to zero",
        ),
        Check::RuinedOrderIds => pick(
            lang,
            "被表格软件毁掉、没有读入的单号",
            "Order ids ruined by a spreadsheet and refused",
        ),
        Check::CollidedOrderIds => pick(
            lang,
            "同一单号下有相隔一天以上的下单时间",
            "Order ids with order times more than a day apart",
        ),
        Check::NegativeStock => pick(lang, "库存为负（超卖）", "Stock below zero (oversold)"),
        Check::SoldWithoutStock => pick(lang, "卖过但没有库存行的 SKU", "SKUs sold without a stock row"),
        Check::SpelledOtherwise => pick(
            lang,
            "与库存 SKU 只差写法",
            "SKUs that stock only spells otherwise",
        ),
        Check::StockNeverSold => pick(lang, "有库存但从未卖过的 SKU", "SKUs in stock that never sold"),
        Check::MissingDays => pick(lang, "没有订单的日子", "Days without orders"),
        Check::ImpossibleTimes => pick(lang, "不可能的下单时间", "Impossible order times"),
        Check::OutOfOrder => pick(
            lang,
            "付款或发货早于下单，或发货早于付款",
            "Paid or shipped before ordered, or shipped before paid",
        ),
        Check::PriceOutliers => pick(
            lang,
            "单价偏离中位数十倍以上",
            "Prices ten times off their SKU's median",
        ),
        Check::RepeatedLines => pick(
            lang,
            "同一订单里完全相同的行",
            "Lines that say the same as another of their order",
        ),
        Check::WithoutSku => pick(lang, "没有 SKU 的订单行", "Order lines without a SKU"),
        Check::UnusedNames => pick(
            lang,
            "对照表里没有卖过也没有库存的名称",
            "Crosswalk names that nobody sells or stocks",
        ),
        Check::BrokenSets => pick(
            lang,
            "对照表里包含自身或过大的组合",
            "Crosswalk sets that contain themselves or too much",
        ),
    }
}

/// What to do about it.
pub const fn check_advice(check: Check, lang: Lang) -> &'static str {
    match check {
        Check::OrdersInTwoSources => pick(
            lang,
            "平台导出和 ERP 导出的同一批订单会算两遍，请只留一个来源。",
            "A platform's export and the ERP's of the same orders count twice: keep one of them.",
        ),
        Check::RoundedOrderIds => pick(
            lang,
            "这些文件在表格软件里另存过。请从后台重新下载原始文件，直接拖入。",
            "These files were saved by a spreadsheet. Download the original again and drop it as it is.",
        ),
        Check::RuinedOrderIds => pick(
            lang,
            "丢失的位数找不回来：请从后台重新下载原始文件，不经表格软件直接拖入。",
            "The lost digits cannot be had back: download the original and drop it unopened.",
        ),
        Check::CollidedOrderIds => pick(
            lang,
            "不同订单被并成了一单：单号被舍入过，或店铺重复使用单号。",
            "Different orders became one: their ids were rounded, or the shop uses ids again.",
        ),
        Check::NegativeStock => pick(
            lang,
            "已卖出的比有的多：尽快补货、调拨或联系买家。",
            "More is sold than there is: restock, transfer, or tell the buyers.",
        ),
        Check::SoldWithoutStock => pick(
            lang,
            "拖入这些 SKU 所在仓库的库存文件；仓库用别的编码时，再拖入一张 SKU 对照表。在此之前可售天数不含它们。",
            "Drop the stock file of their warehouse, and a SKU crosswalk where it calls them otherwise; days of cover leave them out until then.",
        ),
        Check::SpelledOtherwise => pick(
            lang,
            "两边写法不同就对不上：请统一编码，或拖入一张 SKU 对照表。",
            "Spelled in two ways they do not meet: settle on one code, or drop a SKU crosswalk.",
        ),
        Check::StockNeverSold => pick(
            lang,
            "可能是滞销，也可能缺一份订单文件。",
            "Dead stock, or an order file is missing.",
        ),
        Check::MissingDays => pick(
            lang,
            "停业的日子之外，多半是缺了那天的导出。",
            "Unless the shop was closed, the export of that day is missing.",
        ),
        Check::ImpossibleTimes => pick(
            lang,
            "检查日期格式和电脑的时区。",
            "Check the date format and the time zone.",
        ),
        Check::OutOfOrder => pick(
            lang,
            "时间来自不同时区或不同系统时会这样；货到付款本来就先发货。",
            "Happens where times come from different zones or systems; cash on delivery ships first.",
        ),
        Check::PriceOutliers => pick(
            lang,
            "改价、赠品，或者金额少了小数点。",
            "A changed price, a gift, or an amount that lost its decimal point.",
        ),
        Check::RepeatedLines => pick(
            lang,
            "确实买了两件分两行，还是行被复制过？导出时勾选子订单号就能分清。",
            "Two of the same, or a row that was copied? With the line id column nobody has to ask.",
        ),
        Check::WithoutSku => pick(
            lang,
            "导出时勾选商家编码，单品数据才完整。",
            "Tick the SKU column when exporting, so that numbers by product are whole.",
        ),
        Check::UnusedNames => pick(
            lang,
            "编码写错、已下架，或者对应的订单、库存文件还没拖进来。",
            "Misspelled, delisted, or their order or stock file is not here yet.",
        ),
        Check::BrokenSets => pick(
            lang,
            "这些组合没有展开：请检查对照表里它们的组成。",
            "They are not taken apart: check what the crosswalk says they are made of.",
        ),
    }
}
