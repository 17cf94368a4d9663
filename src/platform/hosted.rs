//! What lies beside the page on its server.

use super::window;
use gloo::net::http::Request;

/// Text of `stockpit.json` in the page's folder; `None` where there is none.
pub async fn fetch_manifest() -> Option<String> {
    let answer = Request::get("./stockpit.json").send().await.ok()?;
    // Servers that answer every path with a page are common.
    let html = answer
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.starts_with("text/html"));
    if answer.ok() && !html {
        answer.text().await.ok()
    } else {
        None
    }
}

/// Whether `url` is of the host, and port, that the page came from.
pub fn is_own_host(url: &str) -> bool {
    let own = window().and_then(|window| window.location().host().ok());
    let host = web_sys::Url::new(url).ok().map(|url| url.host());
    own.is_some() && own == host
}

/// A name by which a broker may know this browser: letters and digits that no other has.
pub fn client_name() -> String {
    format!("stockpit{:013}", (js_sys::Math::random() * 1e13).floor())
}

/// `address` made absolute against the page's own; `None` if it is none.
pub fn resolve(address: &str) -> Option<String> {
    let base = window()?.location().href().ok()?;
    web_sys::Url::new_with_base(address, &base)
        .ok()
        .map(|url| url.href())
}
