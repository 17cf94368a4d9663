//! Text of rules of alerts.

use super::{fill, pick};
use crate::format::Lang;
use crate::protocol::{Past, Quiet, RuleWhy};

/// What rules can look at: name in rules, in Chinese and English, unit in both, and what it is of (`shop`, `good`,
/// `place`, `source`). In the order in which they are offered.
pub const RULE_METRICS: [[&str; 6]; 39] = [
    ["cover_days", "可售天数", "days of cover", "天", "days", "good"],
    ["available", "可售件数", "units to sell", "件", "units", "good"],
    [
        "runout_risk",
        "到货前断货概率",
        "risk of running out before more comes",
        "（0–1）",
        "(0–1)",
        "good",
    ],
    [
        "receipt_days",
        "距下次到货天数",
        "days until the next receipt",
        "天",
        "days",
        "good",
    ],
    ["pace", "日均销量", "units sold a day", "件/天", "a day", "good"],
    ["stock_value", "库存金额", "value of the stock", "", "", "good"],
    [
        "loss_per_day",
        "断货每天损失",
        "sales lost a day without it",
        "",
        "",
        "good",
    ],
    [
        "loss_soon",
        "到货前损失",
        "sales lost before more comes",
        "",
        "",
        "good",
    ],
    [
        "sales_class",
        "销售等级（1=A）",
        "sales class (1 = A)",
        "",
        "",
        "good",
    ],
    [
        "price_ratio",
        "近几小时售价与平时之比",
        "price of the last hours over the usual one",
        "倍",
        "times",
        "good",
    ],
    [
        "price",
        "近几小时每件售价",
        "price of the last hours",
        "",
        "",
        "good",
    ],
    ["price_usual", "平时每件售价", "usual price", "", "", "good"],
    [
        "price_loss",
        "比平时少收",
        "brought less than usually",
        "",
        "",
        "good",
    ],
    [
        "price_to_cost",
        "近几小时售价与成本之比",
        "price of the last hours over the cost",
        "倍",
        "times",
        "good",
    ],
    ["unit_cost", "每件成本", "cost of a unit", "", "", "good"],
    [
        "cost_loss",
        "比成本少收",
        "brought less than it cost",
        "",
        "",
        "good",
    ],
    [
        "oversell_units",
        "超卖件数",
        "units oversold",
        "件",
        "units",
        "place",
    ],
    ["oversell_value", "超卖金额", "value oversold", "", "", "place"],
    ["on_hand", "在库件数", "units on hand", "件", "units", "place"],
    [
        "burst",
        "几分钟内订单突增（−log₁₀ 偶然概率）",
        "leap of orders within minutes (−log₁₀ of chance)",
        "",
        "",
        "shop",
    ],
    [
        "burst_ratio",
        "几分钟内订单与应有之比",
        "orders within minutes over the expected",
        "倍",
        "times",
        "shop",
    ],
    [
        "burst_seen",
        "几分钟内订单",
        "orders within minutes",
        "单",
        "orders",
        "shop",
    ],
    [
        "burst_usual",
        "几分钟内应有订单",
        "orders expected within minutes",
        "单",
        "orders",
        "shop",
    ],
    [
        "orders_z",
        "订单偏离平时（标准差）",
        "orders against the usual (standard deviations)",
        "σ",
        "σ",
        "shop",
    ],
    [
        "orders_ratio",
        "订单与平时之比",
        "orders over the usual",
        "倍",
        "times",
        "shop",
    ],
    [
        "orders_seen",
        "上一时段订单",
        "orders of the last period",
        "单",
        "orders",
        "shop",
    ],
    [
        "orders_usual",
        "平时同时段订单",
        "usual orders of the period",
        "单",
        "orders",
        "shop",
    ],
    [
        "orders_drift",
        "订单缓变（EWMA）",
        "drift of orders (EWMA)",
        "σ",
        "σ",
        "shop",
    ],
    [
        "drift_seen",
        "最近一段订单",
        "orders of late",
        "单",
        "orders",
        "shop",
    ],
    [
        "drift_usual",
        "按走势应有订单",
        "orders by the trend",
        "单",
        "orders",
        "shop",
    ],
    [
        "hour",
        "时段（0–23 点）",
        "hour of the day (0–23)",
        "点",
        "h",
        "shop",
    ],
    [
        "unshipped_hours",
        "最早未发货订单已等",
        "the oldest unshipped order waits",
        "小时",
        "hours",
        "shop",
    ],
    [
        "unshipped_orders",
        "超时未发货订单",
        "late unshipped orders",
        "单",
        "orders",
        "shop",
    ],
    [
        "unshipped_value",
        "超时未发货金额",
        "value of late unshipped orders",
        "",
        "",
        "shop",
    ],
    [
        "refund_surge",
        "退款率与此前之比（下限）",
        "refund rate over the one before (lower bound)",
        "倍",
        "times",
        "shop",
    ],
    [
        "refund_rate",
        "近 7 天退款率",
        "refund rate of 7 days",
        "（0–1）",
        "(0–1)",
        "shop",
    ],
    [
        "refund_usual",
        "此前四周退款率",
        "refund rate of the four weeks before",
        "（0–1）",
        "(0–1)",
        "shop",
    ],
    [
        "feed_age",
        "数据源静默（周期数）",
        "silence of a source (its intervals)",
        "个周期",
        "intervals",
        "source",
    ],
    [
        "feed_minutes",
        "数据源静默",
        "silence of a source",
        "分钟",
        "minutes",
        "source",
    ],
];

/// Name and unit of what rules can look at, and what it is of; anything else by its own name.
pub fn rule_metric(id: &str, lang: Lang) -> (&str, &'static str, &'static str) {
    let known = RULE_METRICS.iter().find(|known| known[0] == id);
    known.map_or((id, "", ""), |[_, zh, en, zh_unit, en_unit, of]| {
        (pick(lang, zh, en), pick(lang, zh_unit, en_unit), *of)
    })
}

/// What a rule is evaluated for: the finest of what it names.
pub fn rule_scope(condition: &str, lang: Lang) -> &'static str {
    let names = |of: &str| words(condition).any(|word| rule_metric(word, lang).2 == of);
    if names("source") {
        pick(lang, "每个数据源", "by source")
    } else if names("place") {
        pick(lang, "按 SKU × 仓库", "by SKU × warehouse")
    } else if names("good") {
        pick(lang, "按 SKU", "by SKU")
    } else {
        pick(lang, "全店", "for the shop")
    }
}

/// A condition in words.
pub fn condition_text(condition: &str, lang: Lang) -> String {
    let (mut text, mut unit) = (String::new(), "");
    let spaced = lang == Lang::En;
    for word in words(condition) {
        let said = match word {
            "<" => pick(lang, "低于", "below"),
            "<=" => pick(lang, "不高于", "at most"),
            ">" => pick(lang, "高于", "above"),
            ">=" => pick(lang, "不低于", "at least"),
            "and" => pick(lang, "，且", "and"),
            "or" => pick(lang, "，或", "or"),
            "lead_time" => pick(lang, "备货期（lead_time）", "the lead time (lead_time)"),
            word => {
                let (name, of, _) = rule_metric(word, lang);
                if !of.is_empty() || name != word {
                    unit = of;
                }
                name
            }
        };
        // Chinese stands without blanks, but for names and numbers side by side.
        let touches =
            text.ends_with(|c: char| c.is_ascii_alphanumeric()) && said.starts_with(|c: char| c.is_ascii());
        let is_number = said.ends_with(|c: char| c.is_ascii_digit());
        if !text.is_empty() && (spaced || touches || is_number || "+-*/".contains(word)) {
            text.push(' ');
        }
        text.push_str(said);
        if word.parse::<f64>().is_ok() && !unit.is_empty() {
            text.push(' ');
            text.push_str(unit);
        }
    }
    text
}

/// Words of a condition: names, numbers, signs.
fn words(condition: &str) -> impl Iterator<Item = &str> {
    let mut rest = condition;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let first = rest.chars().next()?;
        let end = match first {
            '<' | '>' => 1 + usize::from(rest[1..].starts_with('=')),
            '-' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                rest[1..].find(|c| !is_name(c)).map_or(rest.len(), |end| end + 1)
            }
            c if is_name(c) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (word, left) = rest.split_at(end);
        rest = left;
        Some(word)
    })
}

/// A time of a rule (`10m`) in words.
pub fn rule_time(time: &str, lang: Lang) -> String {
    let Some((number, unit)) = time.len().checked_sub(1).and_then(|at| time.split_at_checked(at)) else {
        return String::new();
    };
    let unit = match unit {
        "s" => pick(lang, "秒", "s"),
        "m" => pick(lang, "分钟", "min"),
        "h" => pick(lang, "小时", "h"),
        "d" => pick(lang, "天", "d"),
        _ => return time.to_owned(),
    };
    format!("{number} {unit}")
}

/// A rule in one sentence: when it fires, of what, when it is over. `parts` are those of its line: fires, clears (what
/// it takes to be over, also if the line does not say), hold, keep, grave.
pub fn rule_sentence(parts: [&str; 5], lang: Lang) -> String {
    let [fires, clears, hold, keep, grave] = parts;
    let when = condition_text(fires, lang);
    let mut text = match hold {
        "" => when,
        hold => fill(
            pick(lang, "{0}，持续 {1}", "{0} for {1}"),
            &[&when, &rule_time(hold, lang)],
        ),
    };
    text.push_str(pick(lang, "，", ", "));
    text.push_str(rule_scope(fires, lang));
    text.push_str(pick(lang, "；", "; "));
    if clears.is_empty() {
        text.push_str(pick(
            lang,
            "回到界线以内两成五（下限）或两成（上限）后恢复",
            "over once a quarter above a lower bound, a fifth below an upper one",
        ));
    } else {
        let over = condition_text(clears, lang);
        text.push_str(&fill(pick(lang, "{0}后恢复", "over once {0}"), &[&over]));
    }
    if !keep.is_empty() {
        let template = pick(lang, "，并保持 {0}", ", for {0}");
        text.push_str(&fill(template, &[&rule_time(keep, lang)]));
    }
    if !grave.is_empty() {
        let template = pick(lang, "；{0}时为 P1", "; P1 if {0}");
        text.push_str(&fill(template, &[&condition_text(grave, lang)]));
    }
    text
}

/// What is wrong with a rule, and what to write; `part` is what stands there.
pub fn fault_text(why: RuleWhy, part: &str, lang: Lang) -> String {
    let template = match why {
        RuleWhy::Line => pick(
            lang,
            "“{0}”既不是规则（名称: 条件），也不是常数（名称 = 数）",
            "“{0}” is neither a rule (name: condition) nor a constant (name = number)",
        ),
        RuleWhy::Id => pick(
            lang,
            "规则名不能为空，也不能含空格：“{0}”",
            "A rule needs a name without blanks: “{0}”",
        ),
        RuleWhy::Taken => pick(lang, "已有名为“{0}”的规则", "There is a rule named “{0}” already"),
        RuleWhy::Value => pick(
            lang,
            "这里应是数字或指标名，现在是“{0}”",
            "A number or a metric should stand here, not “{0}”",
        ),
        RuleWhy::Name => pick(
            lang,
            "没有叫“{0}”的指标或常数",
            "No metric and no constant is called “{0}”",
        ),
        RuleWhy::Bracket => pick(lang, "括号没有闭合：“{0}”", "A bracket is not closed: “{0}”"),
        RuleWhy::Rest => pick(
            lang,
            "“{0}”多余：条件到这里已经完整",
            "“{0}” is too much: the condition is whole before it",
        ),
        RuleWhy::Comparison => pick(
            lang,
            "“{0}”没有比较：写 <、<=、> 或 >=",
            "“{0}” compares nothing: use <, <=, > or >=",
        ),
        RuleWhy::Deep => pick(lang, "括号嵌套太深：“{0}”", "Brackets nest too deep: “{0}”"),
        RuleWhy::Subject => pick(
            lang,
            "“{0}”没有指标，或把数据源与其他指标混在一起",
            "“{0}” names no metric, or a source's beside another",
        ),
        RuleWhy::Scope => pick(
            lang,
            "“{0}”比规则的对象更细，无法判断",
            "“{0}” is of something finer than the rule",
        ),
        RuleWhy::Part => pick(
            lang,
            "看不懂“{0}”：可用 clear、for、keep、P1–P3、P1 if、mutes、off",
            "“{0}” is no part of a rule: clear, for, keep, P1 to P3, P1 if, mutes, off",
        ),
        RuleWhy::Time => pick(
            lang,
            "“{0}”不是时长：写 90s、10m、2h 或 3d",
            "“{0}” is no time: write 90s, 10m, 2h or 3d",
        ),
        RuleWhy::Mutes => pick(
            lang,
            "没有叫“{0}”的规则可以抑制",
            "There is no rule “{0}” to mute",
        ),
    };
    fill(template, &[part])
}

/// How long something lasted: its two largest units.
pub fn length_text(millis: i64, lang: Lang) -> String {
    let minutes = millis.max(0) / 60_000;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let units = [
        (days, pick(lang, "天", "d")),
        (hours, pick(lang, "小时", "h")),
        (minutes, pick(lang, "分钟", "min")),
    ];
    let said = units.into_iter().skip_while(|unit| unit.0 == 0).take(2);
    let parts: Vec<String> = said
        .filter(|unit| unit.0 > 0)
        .map(|(number, unit)| format!("{number} {unit}"))
        .collect();
    if parts.is_empty() {
        format!("0 {}", pick(lang, "分钟", "min"))
    } else {
        parts.join(" ")
    }
}

/// How long a silence is to be.
pub fn quiet_text(quiet: Quiet, lang: Lang) -> &'static str {
    match quiet {
        Quiet::Hour => pick(lang, "1 小时", "For an hour"),
        Quiet::Day => pick(lang, "到今天结束", "To the end of the day"),
        Quiet::Over => pick(lang, "到恢复为止", "Until it is over"),
    }
}

/// What a rule was replayed over; `looks` times.
pub fn past_text(past: Past, looks: &str, is_one: bool, lang: Lang) -> String {
    let template = match past {
        Past::Nothing => pick(
            lang,
            "还没有可以回放的数据。",
            "There is nothing loaded to replay.",
        ),
        Past::Unsaid => pick(
            lang,
            "这条规则看的指标没有历史：导出文件只说现在的状态，没有说当时的。",
            "What this rule looks at has no past: exports say how it is now, not how it was then.",
        ),
        Past::Lines if looks == "0" => pick(
            lang,
            "历史太短：至少需要四周订单，才知道平时是多少。",
            "Too little history: it takes four weeks of orders to know what is usual.",
        ),
        Past::Stock if looks == "0" => pick(lang, "还没有库存数据。", "No stock is known yet."),
        Past::Lines => pick(
            lang,
            "按订单明细回放，共看 {0} 次。",
            "Replayed over the order lines: looked {0} times.",
        ),
        Past::Stock if is_one => pick(
            lang,
            "库存只有一次快照，只能看这一刻；之后每次导入库存都会记下，可回放的时间就长了。",
            "Stock is known of one moment only, so only that is tried; every later stock file adds to what can be replayed.",
        ),
        Past::Stock => pick(
            lang,
            "在每次得知库存的时刻回放，共看 {0} 次；两次之间发生了什么并不知道。",
            "Replayed each time that stock was said: looked {0} times; what happened between is not known.",
        ),
    };
    fill(template, &[looks])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_in_both_languages() {
        let low = ["cover_days < 3", "cover_days >= 4", "10m", "", ""];
        assert_eq!(
            rule_sentence(low, Lang::En),
            "days of cover below 3 days for 10 min, by SKU; over once days of cover at least 4 days"
        );
        assert_eq!(
            rule_sentence(low, Lang::Zh),
            "可售天数低于 3 天，持续 10 分钟，按 SKU；可售天数不低于 4 天后恢复"
        );
        let over = ["oversell_units>0 and hour < 6", "", "", "1h", "sales_class <= 1"];
        let text = rule_sentence(over, Lang::En);
        assert!(
            text.contains("by SKU × warehouse") && text.ends_with("P1 if sales class (1 = A) at most 1"),
            "{text}"
        );
        assert_eq!(
            condition_text("(a + 2) * 3 > é", Lang::En),
            "( a + 2 ) * 3 above é"
        );
        assert_eq!(
            condition_text("hour <= -4 or hour >= 8 * 1.25", Lang::Zh),
            "时段（0–23 点）不高于 -4 点，或时段（0–23 点）不低于 8 点 * 1.25 点"
        );
        assert_eq!(rule_time("é", Lang::En), "");
        let lengths = [90_000_000, 172_800_000, 5_400_000, 1_000].map(|millis| length_text(millis, Lang::En));
        assert_eq!(lengths, ["1 d 1 h", "2 d", "1 h 30 min", "0 min"]);
    }

    #[test]
    fn every_fault_says_what_to_write() {
        for why in [RuleWhy::Line, RuleWhy::Time, RuleWhy::Scope, RuleWhy::Mutes] {
            for lang in [Lang::Zh, Lang::En] {
                let text = fault_text(why, "x9", lang);
                assert!(text.contains("x9") && !text.contains('{'), "{text}");
            }
        }
    }
}
