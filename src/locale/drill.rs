//! Text of drills.

use super::pick;
use crate::format::Lang;
use crate::protocol::Mishap;

/// What a drill says.
pub struct DrillText {
    /// Over the way to begin one.
    pub title: &'static str,
    /// What it is for.
    pub hint: &'static str,
    /// The button that begins it.
    pub begin: &'static str,
    /// Over the whole screen.
    pub banner: &'static str,
    /// What holds while it lasts.
    pub note: &'static str,
    /// The button that ends it.
    pub end: &'static str,
}

/// Text of drills in a language.
pub fn drill_text(lang: Lang) -> DrillText {
    DrillText {
        title: pick(lang, "演练", "Drill"),
        hint: pick(
            lang,
            "用模拟店铺演练大促：爆单、断货、断流随时可触发。你的数据原样等候，演练内容不保存。",
            "Rehearse a promotion with a simulated shop: bursts, run-outs and outages at a click. Your own rows wait untouched, and nothing of the drill is kept.",
        ),
        begin: pick(lang, "开始演练", "Start a drill"),
        banner: pick(lang, "演练中 · 非真实数据", "DRILL · not real data"),
        note: pick(
            lang,
            "模拟店铺，6 月 17 日 15:00 起；不保存，结束后恢复你的数据。",
            "A simulated shop, from 17 June, 15:00; nothing is kept, and your own numbers come back at the end.",
        ),
        end: pick(lang, "结束演练", "End the drill"),
    }
}

/// The name of a mishap, and what it does.
pub fn mishap_text(mishap: Mishap, lang: Lang) -> (&'static str, &'static str) {
    let (zh, en) = match mishap {
        Mishap::Burst => (
            ("爆单", "三分钟内每分钟多约 90 单。"),
            ("Burst", "About 90 more orders a minute, for three minutes."),
        ),
        Mishap::StockOut => (
            ("断货", "卖得最好的商品全部损坏，且已多卖 40 件。"),
            (
                "Run-out",
                "What sells best is all damaged, and 40 units are oversold.",
            ),
        ),
        Mishap::Duplicates => (
            ("重复", "最近 30 批再发一遍：数字不应变化。"),
            (
                "Duplicates",
                "The last 30 batches come again: no number may change.",
            ),
        ),
        Mishap::Disorder => (
            ("乱序", "30 秒内批次颠倒到达。"),
            ("Disorder", "For 30 seconds batches come in the wrong order."),
        ),
        Mishap::Silence => (
            ("静默", "连接还在，但一分钟不发任何消息。"),
            ("Silence", "The connection stands, and says nothing for a minute."),
        ),
        Mishap::Restart => (
            ("重启", "服务器断开，几秒后恢复。"),
            ("Restart", "The server goes away, and is back after some seconds."),
        ),
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
