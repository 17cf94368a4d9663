//! Names and definitions of metrics: what `metric` computes, in words.

use super::pick;
use crate::format::Lang;
use crate::protocol::MetricId;

/// Name of a metric.
pub const fn metric_name(id: MetricId, lang: Lang) -> &'static str {
    match id {
        MetricId::Gmv => pick(lang, "GMV", "GMV"),
        MetricId::PaidAmount => pick(lang, "支付金额", "Paid amount"),
        MetricId::NetSales => pick(lang, "净销售额", "Net sales"),
        MetricId::AovOrder => pick(lang, "笔单价", "AOV"),
        MetricId::OrdersCreated => pick(lang, "下单数", "Orders created"),
        MetricId::Orders => pick(lang, "支付订单", "Paid orders"),
        MetricId::UnitsCreated => pick(lang, "下单件数", "Units created"),
        MetricId::Units => pick(lang, "支付件数", "Paid units"),
        MetricId::CancelRate => pick(lang, "取消率", "Cancel rate"),
        MetricId::RefundRate => pick(lang, "退款率", "Refund rate"),
        MetricId::ActiveSkus => pick(lang, "动销 SKU", "SKUs sold"),
        MetricId::StockOnHand => pick(lang, "实物库存", "Stock on hand"),
        MetricId::StockoutSkus => pick(lang, "缺货 SKU", "SKUs out of stock"),
        MetricId::StockSkus => pick(lang, "库存 SKU", "SKUs in stock file"),
        MetricId::DaysOfCover => pick(lang, "可售天数", "Days of cover"),
        MetricId::Inbound => pick(lang, "在途", "Inbound"),
        MetricId::OversellUnits => pick(lang, "超卖件数", "Oversold units"),
    }
}

/// Name of a metric beside a larger one of its kind.
pub const fn metric_short(id: MetricId, lang: Lang) -> &'static str {
    match id {
        MetricId::PaidAmount => pick(lang, "支付", "Paid"),
        MetricId::NetSales => pick(lang, "净额", "Net"),
        MetricId::OrdersCreated => pick(lang, "下单", "Created"),
        MetricId::UnitsCreated => pick(lang, "下单件", "Ordered"),
        MetricId::Units => pick(lang, "支付件", "Units"),
        MetricId::OversellUnits => pick(lang, "超卖", "Oversold"),
        MetricId::StockOnHand => pick(lang, "库存", "On hand"),
        MetricId::CancelRate => pick(lang, "取消率", "Cancel"),
        MetricId::ActiveSkus => pick(lang, "动销", "Sold"),
        _ => metric_name(id, lang),
    }
}

/// What a metric counts, by which clock, and its edge cases.
pub const fn metric_definition(id: MetricId, lang: Lang) -> &'static str {
    match id {
        MetricId::Gmv => pick(
            lang,
            "全部已下单行按标价的金额之和（下单时间），含未付款、已取消和已退货；优惠、运费前。标价金额取文件的行金额，没有时为单价 × 件数。没有金额的行不计，报告里写明行数。币种分开，从不相加。",
            "Sum of all created lines at list price (order time), unpaid, cancelled and returned ones included; before discounts and freight. The line's own amount in the file, else price × quantity. Lines without an amount are left out and counted in the report. Currencies are kept apart, never added.",
        ),
        MetricId::PaidAmount => pick(
            lang,
            "付款时间落在区间内的行，买家实付之和，不扣退款。文件没有实付列时用行金额；没有付款时间列时，状态说明已付款的行按下单时间计。",
            "Paid by buyers on lines whose payment falls in the range, refunds not deducted. Without a paid column the line amount; without a payment time, lines whose status implies payment count at their order time.",
        ),
        MetricId::NetSales => pick(
            lang,
            "支付金额 − 退款金额。文件不写退款时间，退款记在付款日。可为负。",
            "Paid amount − refunds. Exports do not say when a refund happened, so it is booked on the day of payment. May be negative.",
        ),
        MetricId::AovOrder => pick(
            lang,
            "支付金额 ÷ 支付订单数（笔单价，不是按买家的客单价）。多币种时每个币种除以该币种的订单数。",
            "Paid amount ÷ paid orders (per order, not per customer). With several currencies, each is divided by the orders paid in it.",
        ),
        MetricId::OrdersCreated => pick(
            lang,
            "下单时间落在区间内的不同订单号数，含未付款和已取消。",
            "Different orders created in the range, unpaid and cancelled ones included.",
        ),
        MetricId::Orders => pick(
            lang,
            "付款时间落在区间内的不同订单号数；之后取消的仍计（见取消率）。拆成多个包裹仍是 1 单。",
            "Different orders paid in the range; later cancellations stay in (see cancel rate). Split parcels are one order.",
        ),
        MetricId::UnitsCreated => pick(
            lang,
            "全部已下单行的件数之和（下单时间），退货行为负。",
            "Units on all lines created in the range; return lines are negative.",
        ),
        MetricId::Units => pick(
            lang,
            "付款时间落在区间内的行的件数之和。",
            "Units on lines paid in the range.",
        ),
        MetricId::CancelRate => pick(
            lang,
            "有取消行的订单 ÷ 下单数（下单时间）。导出文件不说是谁取消的，所以包含买家取消；平台考核的卖家取消率会更低。",
            "Orders with a cancelled line ÷ orders created (order time). Exports do not say who cancelled, so buyers' cancellations are in; a platform's seller-caused rate is lower.",
        ),
        MetricId::RefundRate => pick(
            lang,
            "有成功退款的订单 ÷ 支付订单数，按付款时间归集。不满 15 天的区间仍会上升，标为未成熟。",
            "Orders with a successful refund ÷ paid orders, by payment time. A range younger than 15 days can still rise and is marked early.",
        ),
        MetricId::ActiveSkus => pick(
            lang,
            "下单时间落在区间内、至少有一行的不同 SKU 数。",
            "Different SKUs with at least one line created in the range.",
        ),
        MetricId::StockOnHand => pick(
            lang,
            "实物库存之和 = 可售 + 占用 + 不可用；在途不含。没有实物列时用可售数。只受 SKU、仓库、品类、品牌筛选影响。",
            "Sum on hand = available + committed + unavailable; inbound is outside. Without that column, what can be sold. Filtered by SKU, warehouse, category and brand only.",
        ),
        MetricId::StockoutSkus => pick(
            lang,
            "库存文件中，所选仓库合计可售 ≤ 0 的 SKU 数。没有销量的也计；断货清单只列在卖的。",
            "SKUs of the stock file whose sellable units over all chosen warehouses are ≤ 0, with or without sales; the run-out list shows those that sell.",
        ),
        MetricId::StockSkus => pick(
            lang,
            "库存文件中有数量的不同 SKU 数。",
            "Different SKUs with a quantity in the stock file.",
        ),
        MetricId::DaysOfCover => pick(
            lang,
            "可售件数 ÷ 日均支付件数，取数据最近 28 天（不足则按实有天数），只算有库存行的 SKU。没有销量时不定义。断货天没有从日均中剔除：文件里没有历史库存。",
            "Sellable units ÷ mean daily paid units of the last 28 days of data (fewer if it is younger), over SKUs with a stock row. Not defined without sales. Days out of stock are not taken out of the mean: files hold no past stock.",
        ),
        MetricId::Inbound => pick(
            lang,
            "在途件数之和，在实物库存之外。文件不写时不定义。",
            "Units on their way in, outside of stock on hand. Not defined where files do not say.",
        ),
        MetricId::OversellUnits => pick(
            lang,
            "每个 SKU × 仓库 max(0, −可售) 之和。负数从不截为 0。",
            "Sum over SKU × warehouse of max(0, −available). Negative availability is never cut to 0.",
        ),
    }
}
