//! Text about what stays in the browser.

use super::{fill, pick};
use crate::format::Lang;
use crate::protocol::Keeping;

/// Whether rows survive the page, in a word or two.
pub const fn keeping_short(keeping: &Keeping, lang: Lang) -> &'static str {
    match keeping {
        Keeping::Nothing => pick(lang, "没有要保存的", "Nothing to keep"),
        Keeping::Kept => pick(lang, "已保存在本机", "Kept on this device"),
        Keeping::Writing => pick(lang, "正在保存", "Saving"),
        Keeping::NoStorage => pick(lang, "未保存：浏览器不提供存储", "Not kept: no storage"),
        Keeping::Full => pick(lang, "未保存：空间不足", "Not kept: no room"),
        Keeping::OtherTab => pick(lang, "由另一个标签页保存", "Kept by another tab"),
        Keeping::Newer(_) => pick(lang, "未保存：已有新版数据", "Not kept: newer version"),
        Keeping::Failed(_) => pick(lang, "未保存：写入失败", "Not kept: writing failed"),
    }
}

/// What that means, and what to do.
pub fn keeping_text(keeping: &Keeping, lang: Lang) -> String {
    let text = |zh, en| pick(lang, zh, en).to_owned();
    let with = |zh, en, part: &str| fill(pick(lang, zh, en), &[part]);
    match keeping {
        Keeping::Nothing => text(
            "还没有你的数据。导入的订单和库存会保存在这个浏览器里，下次打开直接恢复。",
            "There are no rows of yours yet. Orders and stock that you import stay in this browser and are there when you come back.",
        ),
        Keeping::Kept => text(
            "导入的数据都保存在这个浏览器里，下次打开直接恢复，不用再拖文件。",
            "All rows that you imported stay in this browser: they are there when you come back, without a file.",
        ),
        Keeping::Writing => text(
            "正在写入。写完之前关闭页面，会恢复到写入前的状态。",
            "Rows are being written. Close the page before that is done, and what was kept before is still there.",
        ),
        Keeping::NoStorage => text(
            "浏览器没有给这个页面存储空间（无痕窗口常见）。数据只在内存里，关闭后需要重新导入。",
            "The browser gives this page no storage (private windows do that). Rows are in memory only: import again after closing.",
        ),
        Keeping::Full => text(
            "浏览器给的空间用完了。最近导入的数据只在内存里；清理磁盘或其他网站的数据后再导入一个文件，会一起保存。",
            "The browser's space is used up. The last rows are in memory only; free some space, and they are kept with the next file that you import.",
        ),
        Keeping::OtherTab => text(
            "另一个标签页打开着同一个驾驶舱，由它保存。这里导入的数据只在内存里；关掉那个标签页再重新载入，就由这里保存。",
            "This cockpit is open in another tab, which keeps the rows. What you import here is in memory only; close the other tab and reload to keep rows from here.",
        ),
        Keeping::Newer(version) => with(
            "这里保存着新版页面的数据（格式 {0}），旧版读不了，也不会改动。请清除页面缓存后重新载入。",
            "A newer version of this page keeps rows here (format {0}). This one cannot read them and leaves them alone: reload without the cache.",
            &version.to_string(),
        ),
        Keeping::Failed(words) => with(
            "浏览器没能读写保存的数据：{0}。已导入的数据在内存里。",
            "The browser failed to read or write what is kept: {0}. Rows that you imported are in memory.",
            words,
        ),
    }
}
