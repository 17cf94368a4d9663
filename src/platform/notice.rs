//! Notifications of the browser, and marks on its tab and on the app's icon.

use super::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Whether the page may notify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// This browser has none, or not for this address.
    Missing,
    /// It was not asked.
    Unasked,
    /// The user said no: only the browser's own settings change that.
    Denied,
    /// Yes.
    Granted,
}

/// Whether the page may notify.
pub fn notice_leave() -> Leave {
    let is_there = window().is_some_and(|window| {
        window.is_secure_context()
            && js_sys::Reflect::has(&window, &JsValue::from_str("Notification")).unwrap_or(false)
    });
    if !is_there {
        return Leave::Missing;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Leave::Granted,
        NotificationPermission::Denied => Leave::Denied,
        _ => Leave::Unasked,
    }
}

/// Asks the user, who has just clicked; `answer` gets what they said.
pub fn ask_for_notices(answer: impl FnOnce(Leave) + 'static) {
    let Ok(asked) = Notification::request_permission() else {
        return answer(notice_leave());
    };
    wasm_bindgen_futures::spawn_local(async move {
        let _ = JsFuture::from(asked).await;
        answer(notice_leave());
    });
}

/// Notifies; `is_urgent`: until the user closes it. A click on it brings the page to the front.
pub fn notify(title: &str, body: &str, is_urgent: bool) {
    if notice_leave() != Leave::Granted {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(body);
    // The next one takes its place: they do not pile up.
    options.set_tag("stockpit");
    options.set_require_interaction(is_urgent);
    // Browsers of phones refuse; what is said stands on the page.
    let Ok(notice) = Notification::new_with_options(title, &options) else {
        return;
    };
    let clicked = notice.clone();
    let on_click = Closure::once_into_js(move || {
        if let Some(window) = window() {
            let _ = window.focus();
        }
        clicked.close();
    });
    notice.set_onclick(on_click.dyn_ref());
}

/// Puts `count` on the tab's icon and, where the page is installed, on the app's; 0: none.
pub fn set_badge(count: usize) {
    let Some(window) = window() else { return };
    let navigator = window.navigator();
    let call = |name: &str, count: Option<usize>| {
        let method = js_sys::Reflect::get(&navigator, &name.into()).ok();
        let Some(method) = method.and_then(|method| method.dyn_into::<js_sys::Function>().ok()) else {
            return;
        };
        #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
        let arguments: js_sys::Array = count
            .map(|count| JsValue::from_f64(count as f64))
            .into_iter()
            .collect();
        // It may refuse outside an installed page.
        if let Ok(promise) = method.apply(&navigator, &arguments)
            && let Ok(promise) = promise.dyn_into::<js_sys::Promise>()
        {
            wasm_bindgen_futures::spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            });
        }
    };
    match count {
        0 => call("clearAppBadge", None),
        count => call("setAppBadge", Some(count)),
    }
    let link = document().and_then(|document| document.query_selector("link[rel=icon]").ok().flatten());
    let Some(link) = link else { return };
    if !link.has_attribute("data-own") {
        let own = link.get_attribute("href").unwrap_or_default();
        let _ = link.set_attribute("data-own", &own);
    }
    let icon = match count {
        0 => link.get_attribute("data-own").unwrap_or_default(),
        count => icon(count),
    };
    let _ = link.set_attribute("href", &icon);
}

/// A filled block with a number.
fn icon(count: usize) -> String {
    let text = if count > 99 {
        "99".to_owned()
    } else {
        count.to_string()
    };
    format!(
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' \
         fill='rgb(212,52,60)'/><text x='16' y='23' font-family='sans-serif' font-size='20' font-weight='700' \
         text-anchor='middle' fill='white'>{text}</text></svg>"
    )
}
