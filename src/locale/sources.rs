//! Text of sources that come by themselves.

use super::{fill, pick, problem_text};
use crate::format::Lang;
use crate::protocol::{FeedProblem, FeedState};

/// What a source is worth.
pub const fn feed_state_name(state: FeedState, lang: Lang) -> &'static str {
    match state {
        FeedState::Loading => pick(lang, "首次读取", "first look"),
        FeedState::Ok => pick(lang, "正常", "up to date"),
        FeedState::Stale => pick(lang, "已过期", "stale"),
        FeedState::Error => pick(lang, "出错", "failing"),
        FeedState::Paused => pick(lang, "已暂停", "paused"),
    }
}

/// How often a source is looked at; `None`: once.
pub fn every_text(millis: Option<i64>, lang: Lang) -> String {
    let with = |zh, en, number: i64| fill(pick(lang, zh, en), &[&number.to_string()]);
    match millis {
        None => pick(lang, "取一次", "once").to_owned(),
        Some(millis) if millis % 60_000 != 0 && millis < 600_000 => {
            with("每 {0} 秒", "every {0} s", millis / 1_000)
        }
        Some(millis) => with("每 {0} 分钟", "every {0} min", millis / 60_000),
    }
}

/// Why nothing came of a look, and what to do.
pub fn feed_problem_text(problem: &FeedProblem, lang: Lang) -> String {
    let text = |zh, en| pick(lang, zh, en).to_owned();
    let with = |zh, en, part: &str| fill(pick(lang, zh, en), &[part]);
    match problem {
        FeedProblem::Unreachable => text(
            "没有得到回答。浏览器不说明原因：可能没有网络、域名不存在、对方拒绝或中断，也可能对方没有允许本页跨域读取（CORS）。请先在新标签页打开这个地址；能打开，就请对方加上 Access-Control-Allow-Origin（用了请求头还要 Access-Control-Allow-Headers）",
            "No answer, and a browser does not say why: no network, no such host, refused, cut off, or the server does not let this page read it (CORS). Open the address in a new tab; if that works, its server has to send Access-Control-Allow-Origin (and Access-Control-Allow-Headers where a header is sent)",
        ),
        FeedProblem::Insecure => text(
            "本页是 HTTPS，浏览器不允许它读取 http:// 的地址。请改用 https://，或把数据放到本页所在的服务器",
            "This page came over HTTPS, and browsers do not let it read http:// addresses. Use https://, or put the file on the page's own server",
        ),
        FeedProblem::Timeout => text(
            "30 秒没有收到数据。服务器可能太忙；会自动再试",
            "Nothing came for 30 seconds. The server may be busy; it is tried again by itself",
        ),
        FeedProblem::Status(401 | 403) => text(
            "服务器不认这个令牌，或没有权限（HTTP 401/403）。请检查请求头名称和令牌（如 Bearer …），移除后重新添加",
            "The server does not accept the token, or it gives no access (HTTP 401/403). Check header and token (such as Bearer …) and add the source again",
        ),
        FeedProblem::Status(404 | 410) => text(
            "这个地址没有文件（HTTP 404）。请检查地址",
            "Nothing lies at this address (HTTP 404). Check it",
        ),
        FeedProblem::Status(429) => text(
            "服务器要求放慢（HTTP 429）。会按它要求的时间再试；请把间隔调长",
            "The server asks for fewer requests (HTTP 429). It is tried again when the server says; choose a longer interval",
        ),
        FeedProblem::Status(status) if *status >= 500 => with(
            "服务器出错（HTTP {0}）。会自动再试，间隔逐次加长",
            "The server failed (HTTP {0}). It is tried again by itself, less and less often",
            &status.to_string(),
        ),
        FeedProblem::Status(status) => with(
            "服务器回答 HTTP {0}。请检查地址和权限",
            "The server answered HTTP {0}. Check address and access",
            &status.to_string(),
        ),
        FeedProblem::Redirected => text(
            "这个地址转向别处；为了不把令牌交给别人，没有跟过去。请填最终的地址",
            "The address leads elsewhere, where the token was not sent. Give the address where it ends",
        ),
        FeedProblem::TooLarge(limit) => with(
            "超过 {0} MB，已停止读取。请缩小导出的时间范围",
            "More than {0} MB: reading was stopped. Export a shorter range",
            &limit.to_string(),
        ),
        FeedProblem::WebPage => text(
            "得到的是网页，不是数据，多半是登录页。请填导出文件本身的地址，或加上令牌",
            "A web page came instead of data, most likely one to sign in. Give the address of the export itself, or a token",
        ),
        FeedProblem::Content(problem) => with(
            "内容读不了：{0}。导入报告里有详情",
            "What came cannot be read: {0}. The import report tells more",
            &problem_text(problem, lang),
        ),
        FeedProblem::NoToken => text(
            "令牌没有保存在这台设备上，请再输入一次",
            "The token was not kept on this device: enter it again",
        ),
        FeedProblem::NoFolder => text(
            "文件夹不在了：被移动、改名或删除。请移除后重新添加",
            "The folder is gone: moved, renamed or deleted. Remove it and add it again",
        ),
        FeedProblem::NotAllowed => text(
            "浏览器不再允许本页读取这个文件夹。请点“继续”再授权",
            "The browser no longer lets this page read the folder. Pause and resume it to allow it again",
        ),
        FeedProblem::Unreadable(words) => with(
            "浏览器没能完成（{0}）；会自动再试",
            "The browser could not do it ({0}); it is tried again by itself",
            words,
        ),
    }
}
