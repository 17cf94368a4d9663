//! Text of sources that come by themselves.

use super::{fill, pick, problem_text};
use crate::format::Lang;
use crate::protocol::{FeedProblem, FeedState, is_broker, is_live};

/// What a source is worth.
pub const fn feed_state_name(state: FeedState, lang: Lang) -> &'static str {
    match state {
        FeedState::Loading => pick(lang, "首次读取", "first look"),
        FeedState::Ok => pick(lang, "正常", "up to date"),
        FeedState::Stale => pick(lang, "已过期", "stale"),
        FeedState::Error => pick(lang, "出错", "failing"),
        FeedState::Paused => pick(lang, "已暂停", "paused"),
        FeedState::Silent => pick(lang, "已连接，没有数据", "connected, no data"),
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

/// Why nothing came of a look at `address`, and what to do.
pub fn feed_problem_text(problem: &FeedProblem, address: &str, lang: Lang) -> String {
    let text = |zh, en| pick(lang, zh, en).to_owned();
    let with = |zh, en, part: &str| fill(pick(lang, zh, en), &[part]);
    match problem {
        FeedProblem::Unreachable if is_broker(address) => text(
            "没有连上，浏览器不说明原因：可能没有网络、主机名或端口不对、证书不受信任，也可能代理不转发 WebSocket。网页只能用 MQTT over WebSocket：请确认服务器开了这个监听（例如 Mosquitto 的 protocol websockets，常用路径 /mqtt），填的不是 1883、8883 这样的普通 MQTT 端口。会自动再试",
            "No connection, and a browser does not say why: no network, a wrong host or port, a certificate that is not trusted, or a proxy that passes no WebSockets on. A page speaks MQTT over WebSockets only: the broker needs a listener for that (such as `protocol websockets` of Mosquitto, often with the path /mqtt), which is not the port of plain MQTT (1883, 8883). It is tried again by itself",
        ),
        FeedProblem::Unreachable if is_live(address) && !address.starts_with("sse+") => text(
            "没有连上，浏览器不说明原因：可能没有网络、主机名、端口或路径不对、证书不受信任、代理不转发 WebSocket，也可能服务器不接受来自本页的连接（请求头 Origin）。请在服务器日志里查看有没有这次连接，把本页的来源加入允许名单。会自动再试",
            "No connection, and a browser does not say why: no network, a wrong host, port or path, a certificate that is not trusted, a proxy that passes no WebSockets on, or a server that takes none from this page (header Origin). See whether the server's log has the attempt, and let it accept this page's origin. It is tried again by itself",
        ),
        FeedProblem::Unreachable if is_live(address) => text(
            "没有得到回答，浏览器不说明原因：可能没有网络、域名不存在、对方拒绝或中断，也可能对方没有允许本页跨域读取（CORS）。事件流要发送 Access-Control-Allow-Origin，并在 Access-Control-Allow-Headers 里列出 Last-Event-ID 和令牌的请求头。会自动再试",
            "No answer, and a browser does not say why: no network, no such host, refused, cut off, or the server does not let this page read it (CORS). A stream of events has to send Access-Control-Allow-Origin, and to name Last-Event-ID and the token's header in Access-Control-Allow-Headers. It is tried again by itself",
        ),
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
        FeedProblem::Silent => text(
            "连接成功，但对方什么也没发：这不等于没有订单。请检查地址、主题和令牌",
            "Connected, and the server says nothing: that does not mean no orders. Check address, topic and token",
        ),
        FeedProblem::Closed(code, words) => fill(
            pick(
                lang,
                "对方断开了连接（{0} {1}）。会自动重连，断开期间的数据会补上",
                "The server closed the connection ({0} {1}). It is opened again by itself, and what was missed is asked for",
            ),
            &[&code.to_string(), words],
        ),
        FeedProblem::Refused(code, words) => fill(
            pick(
                lang,
                "对方不接受（{0} {1}），多半是令牌不对。已停止，不再重试；请检查令牌后重新添加",
                "The server refuses ({0} {1}), most likely because of the token. It is not tried again: check the token and add the source anew",
            ),
            &[&code.to_string(), words],
        ),
        FeedProblem::Protocol(name) => with(
            "对方用的协议是 {0}，这里不懂",
            "The server speaks {0}, which is not understood here",
            name,
        ),
        FeedProblem::Told(words) => with("对方报告出错：{0}", "The server reports a trouble: {0}", words),
        FeedProblem::Missing(batches) => with(
            "缺 {0} 批数据，对方已经没有了：数字可能偏少。请导入一份这段时间的导出补上",
            "{0} batches are missing, and the server no longer has them: numbers may be too low. Drop an export of that time",
            &batches.to_string(),
        ),
        FeedProblem::TooFast => text(
            "来得太快，先读完已收到的，再请对方从断开处续传；不会丢",
            "More comes than can be read: what is here is read first, then the rest is asked for again; nothing is lost",
        ),
        FeedProblem::Dropped(messages) => with(
            "来得太快，有 {0} 条没有读，对方也不能重发：请导入一份导出补上",
            "More came than can be read: {0} messages were not, and cannot be sent again. Drop an export of that time",
            &messages.to_string(),
        ),
        FeedProblem::OtherTab => text(
            "另一个标签页正在接收这个来源。关掉它，这里会接着收",
            "Another tab of this page follows this source. Close it, and this one goes on",
        ),
        FeedProblem::Unreadable(words) => with(
            "浏览器没能完成（{0}）；会自动再试",
            "The browser could not do it ({0}); it is tried again by itself",
            words,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_look_where_the_trouble_cannot_be() {
        for lang in [Lang::Zh, Lang::En] {
            let text = |address| feed_problem_text(&FeedProblem::Unreachable, address, lang);
            for (address, speaks_of, not_of) in [
                ("https://shop.example/orders.csv", "CORS", "WebSocket"),
                ("sse+https://shop.example/live", "Last-Event-ID", "WebSocket"),
                ("wss://shop.example/live", "Origin", "CORS"),
                ("mqtt+wss://shop.example/mqtt#shop/#", "8883", "CORS"),
            ] {
                let text = text(address);
                assert!(
                    text.contains(speaks_of) && !text.contains(not_of),
                    "{address}: {text}"
                );
            }
        }
    }
}
