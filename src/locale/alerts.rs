//! Text of alerts.

use super::{fill, pick};
use crate::format::{self, Lang};
use crate::protocol::AlertLine;

/// What a rule warns of; a rule of one's own by its id.
pub fn alert_name(rule: &str, lang: Lang) -> &str {
    let (zh, en) = match rule {
        "oversell" => ("超卖", "Oversold"),
        "stock_out" => ("断货", "Out of stock"),
        "low_cover" => ("库存告急", "Running out"),
        "stock_negative" => ("库存为负", "Stock below zero"),
        "slow_moving" => ("滞销", "Slow-moving"),
        "ship_deadline" => ("发货将超时", "Shipping late"),
        "refund_surge" => ("退款突增", "Refund surge"),
        "sales_spike" => ("爆单", "Order burst"),
        "sales_drop" => ("订单骤降", "Orders dropped"),
        "sales_drift" => ("订单缓变", "Orders drifting"),
        "price_low" => ("价格异常低", "Price far too low"),
        "price_below_cost" => ("低于成本", "Sold below cost"),
        "feed_stale" => ("断流", "Feed stale"),
        own => (own, own),
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// What is the matter and what to do, in one sentence; `at_risk`: the money, `receipt`: the day on which more is
/// expected, both as people read them.
pub fn alert_sentence(line: &AlertLine, at_risk: Option<&str>, receipt: Option<&str>, lang: Lang) -> String {
    let quantity = |value: f64| format::quantity(value, lang).to_string();
    let (seen, usual) = line.evidence.unwrap_or_default();
    let percent = |rate: f64| format::percent(rate, 1).to_string();
    let (template, parts) = match (line.rule.as_str(), at_risk) {
        ("oversell", _) => (
            pick(
                lang,
                "多卖了 {0} 件：调拨、补货，或尽早告诉买家。",
                "{0} units sold beyond stock: transfer, restock, or tell the buyers.",
            ),
            vec![quantity(line.value)],
        ),
        ("stock_out", Some(risk)) => (
            pick(
                lang,
                "已售完，每断一天少卖约 {0}。",
                "Nothing left; each day without it costs about {0}.",
            ),
            vec![risk.to_owned()],
        ),
        ("stock_out", None) => (
            pick(lang, "已售完，仍有需求。", "Nothing left, and still asked for."),
            Vec::new(),
        ),
        ("low_cover", risk) => (
            match (receipt, risk) {
                (Some(_), Some(_)) => pick(
                    lang,
                    "还能卖 {0}，撑不到 {2} 的到货，期间少卖约 {1}：催提前到货，或从别处补。",
                    "Lasts {0} and runs out before the receipt of {2}; about {1} go unsold until then: have it come sooner.",
                ),
                (Some(_), None) => pick(
                    lang,
                    "还能卖 {0}，{2} 到货：盯住到货，晚了就断。",
                    "Lasts {0}, and more comes on {2}: see that it is not late.",
                ),
                (None, Some(_)) => pick(
                    lang,
                    "还能卖 {0}，到货前少卖约 {1}：催到货或补货。",
                    "Lasts {0}; about {1} go unsold before more comes: restock.",
                ),
                (None, None) => pick(lang, "还能卖 {0}：催到货或补货。", "Lasts {0}: restock."),
            },
            vec![
                format::cover(line.value, lang).to_string(),
                risk.unwrap_or_default().to_owned(),
                receipt.unwrap_or_default().to_owned(),
            ],
        ),
        ("stock_negative", _) => (
            pick(
                lang,
                "账面在库 {0} 件：盘点，或补录入库。",
                "The books say {0} on hand: count it, or enter what came in.",
            ),
            vec![quantity(line.value)],
        ),
        ("slow_moving", _) => (
            pick(
                lang,
                "按现在的速度要卖半年以上：促销、调拨或清仓。",
                "At this pace it lasts more than half a year: promote, transfer or clear.",
            ),
            Vec::new(),
        ),
        ("ship_deadline", _) => (
            pick(
                lang,
                "{0} 单付款超过 36 小时仍未发货，最早的已等 {1} 小时。",
                "{0} orders paid over 36 hours ago are not shipped; the oldest waits for {1} hours.",
            ),
            vec![quantity(seen), quantity(line.value.floor())],
        ),
        ("refund_surge", _) => (
            pick(
                lang,
                "近 7 天 {0} 的订单退款，此前四周 {1}：看看是哪个商品。",
                "{0} of orders were refunded in 7 days, {1} in the four weeks before: find the goods.",
            ),
            vec![percent(seen), percent(usual)],
        ),
        ("sales_spike", _) => (
            pick(
                lang,
                "上一时段 {0} 单，平时 {1} 单：确认库存和发货人手。",
                "{0} orders in the last period, {1} as a rule: check stock and hands.",
            ),
            vec![quantity(seen), quantity(usual)],
        ),
        ("sales_drop", _) => (
            pick(
                lang,
                "上一时段 {0} 单，平时 {1} 单：检查店铺、支付和投放。",
                "{0} orders in the last period, {1} as a rule: check shop, payment and ads.",
            ),
            vec![quantity(seen), quantity(usual)],
        ),
        ("sales_drift", _) => (
            pick(
                lang,
                "最近一段 {0} 单，按近期走势应有 {1} 单：看看是渠道、投放还是商品在变。",
                "{0} orders of late where the trend says {1}: see which channel, ads or goods changed.",
            ),
            vec![quantity(seen), quantity(usual)],
        ),
        ("price_low", _) => (
            pick(
                lang,
                "最近几小时平均卖 {0} 一件，平时 {1}：核对标价、券和活动。",
                "Sold at {0} a unit in the last hours, {1} as a rule: check price, coupons and promotions.",
            ),
            vec![quantity(seen), quantity(usual)],
        ),
        ("price_below_cost", _) => (
            pick(
                lang,
                "最近几小时平均卖 {0} 一件，成本 {1}，卖一件亏一件：先改价或下架。",
                "Sold at {0} a unit in the last hours, and a unit costs {1}: mend the price or take it off.",
            ),
            vec![quantity(seen), quantity(usual)],
        ),
        ("feed_stale", _) => (
            pick(
                lang,
                "数据源已静默 {0} 个周期，与它有关的数暂停更新：检查网络和授权。",
                "Silent for {0} times its interval; what depends on it stands still: check network and access.",
            ),
            vec![quantity(line.value.floor())],
        ),
        _ => ("{0}", vec![quantity(line.value)]),
    };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    fill(template, &parts)
}

/// The number that an alert is about, and its unit.
pub fn alert_figure(line: &AlertLine, lang: Lang) -> (String, &'static str) {
    let (seen, _) = line.evidence.unwrap_or_default();
    let quantity = |value: f64| format::quantity(value, lang).to_string();
    match line.rule.as_str() {
        "oversell" => (quantity(-line.value), pick(lang, "件可售", "to sell")),
        "stock_out" => (quantity(line.value), pick(lang, "件可售", "to sell")),
        "low_cover" | "slow_moving" => (
            format::cover(line.value, lang).to_string(),
            pick(lang, "可售", "of cover"),
        ),
        "stock_negative" => (quantity(line.value), pick(lang, "件在库", "on hand")),
        "ship_deadline" => (quantity(seen), pick(lang, "单未发", "not shipped")),
        "refund_surge" => (
            format::percent(seen, 1).to_string(),
            pick(lang, "退款率", "refunded"),
        ),
        "price_low" | "price_below_cost" => (quantity(seen), pick(lang, "每件", "a unit")),
        "sales_spike" | "sales_drop" | "sales_drift" => (quantity(seen), pick(lang, "单", "orders")),
        _ => (quantity(line.value), ""),
    }
}

/// What can be done about it, best first.
pub fn alert_options(line: &AlertLine, lang: Lang) -> Vec<String> {
    let mut options = Vec::new();
    // Goods that lie elsewhere need no purchase.
    let spare = line
        .places
        .iter()
        .find(|(name, units)| *name != line.warehouse && *units > 0.0);
    let is_short = matches!(line.rule.as_str(), "oversell" | "stock_out" | "low_cover");
    if let Some((name, units)) = spare.filter(|_| is_short && !line.warehouse.is_empty()) {
        let units = if line.rule == "oversell" {
            line.value.min(*units)
        } else {
            *units
        };
        let template = pick(lang, "从{0}调 {1} 件", "Transfer {1} units from {0}");
        options.push(fill(
            template,
            &[name, &format::quantity(units, lang).to_string()],
        ));
    }
    let more: &[(&str, &str)] = match line.rule.as_str() {
        "oversell" => &[
            ("暂停商品链接，止住新增", "Pause the listing: no more of these"),
            (
                "联系买家：改发、延期或退款",
                "Tell the buyers: substitute, delay or refund",
            ),
        ],
        "stock_out" | "low_cover" => &[
            (
                "催在途到货，或加急采购",
                "Chase what is on its way, or buy in haste",
            ),
            ("暂停投放，推荐替代款", "Stop the ads, offer a substitute"),
        ],
        "ship_deadline" => &[
            ("先发最早付款的订单", "Ship those paid first, first"),
            ("加派人手，或转单到别的仓", "More hands, or another warehouse"),
        ],
        "sales_drop" => &[
            ("检查店铺、商品链接与支付", "Check shop, listings and payment"),
            ("检查投放与价格", "Check ads and prices"),
        ],
        "price_low" | "price_below_cost" => &[
            ("先下架或改价，再查原因", "Take it off or mend the price first"),
            ("核对券与活动的叠加", "Check how coupons and promotions add up"),
        ],
        "feed_stale" => &[
            (
                "检查网络、授权与对方服务",
                "Check network, access and their service",
            ),
            ("先导入最近的文件顶上", "Drop a recent export meanwhile"),
        ],
        _ => &[],
    };
    options.extend(more.iter().map(|(zh, en)| pick(lang, zh, en).to_owned()));
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids of the default rules; a test of the engine holds that these are all.
    const RULES: [&str; 13] = [
        "sales_drift",
        "price_low",
        "price_below_cost",
        "oversell",
        "stock_out",
        "low_cover",
        "stock_negative",
        "slow_moving",
        "ship_deadline",
        "refund_surge",
        "sales_spike",
        "sales_drop",
        "feed_stale",
    ];

    #[test]
    fn every_rule_has_its_words() {
        for rule in RULES {
            for lang in [Lang::Zh, Lang::En] {
                assert_ne!(alert_name(rule, lang), rule);
                for (risk, receipt) in [
                    (None, None),
                    (Some("¥1.2万"), None),
                    (None, Some("12月5日")),
                    (Some("¥3"), Some("12月5日")),
                ] {
                    let line = AlertLine {
                        rule: rule.to_owned(),
                        value: 2.5,
                        evidence: Some((12.0, 4.0)),
                        ..AlertLine::default()
                    };
                    let sentence = alert_sentence(&line, risk, receipt, lang);
                    assert_eq!(
                        sentence.contains("12月5日"),
                        receipt.is_some() && rule == "low_cover"
                    );
                    assert!(!sentence.contains('{') && sentence.len() > 8, "{sentence}");
                    assert!(!alert_figure(&line, lang).0.is_empty());
                }
            }
        }
        let line = AlertLine {
            rule: "oversell".to_owned(),
            warehouse: "东仓".to_owned(),
            value: 312.0,
            places: vec![("南仓".to_owned(), 2140.0), ("东仓".to_owned(), -312.0)],
            ..AlertLine::default()
        };
        assert_eq!(alert_figure(&line, Lang::Zh).0, "−312");
        assert_eq!(alert_options(&line, Lang::Zh)[0], "从南仓调 312 件");
        assert_eq!(alert_name("my-rule", Lang::En), "my-rule");
    }
}
