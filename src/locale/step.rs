//! Text of the steps of import.

use super::{fill, key_name, pick};
use crate::format::{self, Lang};
use crate::model::Dim;
use crate::protocol::StepInfo;

/// Changes of status that are named one by one.
const STATUSES: usize = 4;

/// What a step changed, a sentence for each kind: lines, statuses, what vanished, stock, totals.
pub fn step_sentence(step: &StepInfo, lang: Lang) -> Vec<String> {
    let diff = &step.diff;
    let count = |n: u64| format::count(n, lang).to_string();
    let with = |zh, en, parts: &[&str]| fill(pick(lang, zh, en), parts);
    let mut sentences = Vec::new();
    if diff.new + diff.changed + diff.same > 0 {
        sentences.push(with(
            "订单行：+{0} 新增 · {1} 变化 · {2} 不变",
            "Order lines: +{0} new · {1} changed · {2} the same",
            &[&count(diff.new), &count(diff.changed), &count(diff.same)],
        ));
    }
    let mut changes: Vec<String> = Vec::new();
    for (from, to, lines) in diff.statuses.iter().take(STATUSES) {
        let name = |id: &str| key_name(Dim::Status, id, lang);
        changes.push(format!("{} → {} {}", name(from), name(to), count(*lines)));
    }
    let rest: u64 = diff.statuses.iter().skip(STATUSES).map(|(.., lines)| lines).sum();
    if rest > 0 {
        changes.push(with("其他状态 {0}", "other statuses {0}", &[&count(rest)]));
    }
    if diff.amounts > 0 {
        changes.push(with(
            "金额或件数 {0}",
            "amounts or quantities {0}",
            &[&count(diff.amounts)],
        ));
    }
    if !changes.is_empty() {
        let all = changes.join(" · ");
        sentences.push(with("变化：{0}", "Changed: {0}", &[&all]));
    }
    if diff.vanished > 0 {
        sentences.push(with(
            "{0} 行这次导出里没有了：保留，未删除",
            "{0} lines are missing from this export: they stay",
            &[&count(diff.vanished)],
        ));
    }
    if diff.stock_new + diff.stock_changed + diff.stock_same > 0 {
        sentences.push(with(
            "库存行：+{0} 新增 · {1} 变化 · {2} 不变",
            "Stock rows: +{0} new · {1} changed · {2} the same",
            &[
                &count(diff.stock_new),
                &count(diff.stock_changed),
                &count(diff.stock_same),
            ],
        ));
    }
    let [new, changed, same] = diff.names;
    if new + changed + same > 0 {
        sentences.push(with(
            "名称对照：+{0} 新增 · {1} 变化 · {2} 不变",
            "Names: +{0} new · {1} changed · {2} the same",
            &[&count(new), &count(changed), &count(same)],
        ));
    }
    let (before, after) = (&diff.before, &diff.after);
    let mut moved = Vec::new();
    for (currency, now) in &after.gmv {
        let old = before.gmv.iter().find(|(code, _)| code == currency);
        let old = old.map(|(_, old)| *old).unwrap_or_default();
        if old != *now {
            let money = [old, *now].map(|value| format::money_exact(value, currency).to_string());
            moved.push(format!("GMV {} → {}", money[0], money[1]));
        }
    }
    let quantity = |value: Option<_>| format::quantity(value.unwrap_or_default(), lang).to_string();
    let mut move_on = |zh, en, old: String, now: String| {
        if old != now {
            moved.push(with(zh, en, &[&old, &now]));
        }
    };
    let [old, now] = [before.units, after.units].map(quantity);
    move_on("件数 {0} → {1}", "units {0} → {1}", old, now);
    let [old, now] = [before.orders, after.orders].map(count);
    move_on("订单 {0} → {1}", "orders {0} → {1}", old, now);
    let [old, now] = [before.on_hand, after.on_hand].map(quantity);
    move_on("库存 {0} → {1}", "stock on hand {0} → {1}", old, now);
    if !moved.is_empty() {
        sentences.push(moved.join(" · "));
    }
    sentences
}
