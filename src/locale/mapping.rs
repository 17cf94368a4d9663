//! Text of the correction of columns.

use super::pick;
use crate::format::Lang;
use crate::protocol::Gap;

/// What a file lacks, and what follows.
pub const fn gap_text(gap: Gap, lang: Lang) -> &'static str {
    match gap {
        Gap::OrderId => pick(lang, "没有订单号：读不了", "no order id: cannot be read"),
        Gap::Time => pick(lang, "没有下单时间：读不了", "no order time: cannot be read"),
        Gap::Sku => pick(lang, "没有 SKU：读不了", "no SKU: cannot be read"),
        Gap::Level => pick(lang, "没有库存数量：读不了", "no stock quantity: cannot be read"),
        Gap::Quantity => pick(lang, "没有件数：件数为空", "no quantity: units stay empty"),
        Gap::Amount => pick(lang, "没有金额：GMV 为空", "no amount: GMV stays empty"),
        Gap::Goods => pick(
            lang,
            "没有 SKU：没有按 SKU 的数字，也对不上库存",
            "no SKU: nothing by SKU, and no match with stock",
        ),
        Gap::Status => pick(
            lang,
            "没有状态和付款时间：都按已付款计",
            "no status or payment time: all lines count as paid",
        ),
        Gap::Place => pick(
            lang,
            "没有仓库：算作一个地方",
            "no warehouse: all counts as one place",
        ),
    }
}
