//! The document: its root attributes, keys and language.

use super::{document, window};
use wasm_bindgen::prelude::*;
use web_sys::KeyboardEvent;

/// Sets `name` on the root element.
pub fn set_root(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // Fails only for a name that is no name.
        let _ = root.set_attribute(name, value);
    }
}

/// Sets the title of the window.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// The browser's language tag.
pub fn language() -> String {
    window()
        .and_then(|window| window.navigator().language())
        .unwrap_or_default()
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Calls `changed` with whether the page is hidden, whenever that changes, and with yes when it is left.
pub fn on_hidden(changed: impl Fn(bool) + 'static) {
    let Some(document) = document() else { return };
    let own = document.clone();
    let handler = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        changed(own.hidden() || event.type_() == "pagehide");
    });
    let listen = |target: &web_sys::EventTarget, kind: &str| {
        let _ = target.add_event_listener_with_callback(kind, handler.as_ref().unchecked_ref());
    };
    listen(&document, "visibilitychange");
    if let Some(window) = window() {
        listen(&window, "pagehide");
    }
    handler.forget();
}

/// Calls `left` when the page is closed or loaded anew, and holds it back for the milliseconds that it yields: its workers
/// end with it, and may have something to write. A page that comes back after all is loaded anew.
pub fn on_leave(left: impl Fn() -> f64 + 'static) {
    let Some((window, clock)) = window().and_then(|window| Some((window.clone(), window.performance()?)))
    else {
        return;
    };
    let handler = Closure::<dyn FnMut()>::new(move || {
        let end = clock.now() + left();
        // There is no other way: the document goes as soon as this returns.
        while clock.now() < end {}
    });
    let back = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| {
        let is_back = js_sys::Reflect::get(&event, &"persisted".into());
        if is_back.is_ok_and(|is_back| is_back.is_truthy()) {
            reload();
        }
    });
    let _ = window.add_event_listener_with_callback("pagehide", handler.as_ref().unchecked_ref());
    let _ = window.add_event_listener_with_callback("pageshow", back.as_ref().unchecked_ref());
    handler.forget();
    back.forget();
}

/// Calls `pressed` for each key pressed anywhere, by its name.
pub fn on_key(pressed: impl Fn(String) + 'static) {
    let Some(document) = document() else { return };
    let handler = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| pressed(event.key()));
    let _ = document.add_event_listener_with_callback("keydown", handler.as_ref().unchecked_ref());
    handler.forget();
}

/// Calls `pressed` with whether Shift is down for Ctrl+Z and Ctrl+Shift+Z (or ⌘), unless a field has the focus:
/// there they are the field's own.
pub fn on_undo_key(pressed: impl Fn(bool) + 'static) {
    let Some(document) = document() else { return };
    let handler = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        let is_meant = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
        if !is_meant || !event.key().eq_ignore_ascii_case("z") {
            return;
        }
        let target = event
            .target()
            .and_then(|to| to.dyn_into::<web_sys::Element>().ok());
        let fields = "input:not([type=file]), textarea, select, [contenteditable]";
        if target.is_some_and(|element| element.matches(fields).unwrap_or(false)) {
            return;
        }
        event.prevent_default();
        pressed(event.shift_key());
    });
    let _ = document.add_event_listener_with_callback("keydown", handler.as_ref().unchecked_ref());
    handler.forget();
}

/// Opens the file chooser of the page.
pub fn choose_files() {
    let input =
        document().and_then(|document| document.query_selector("input[data-role=import]").ok().flatten());
    if let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok()) {
        input.click();
    }
}

/// Marks what a user waits for as a User Timing measure, from `start` (a `performance.now()`) to now.
pub fn measure(name: &str, start: f64) {
    let Some(performance) = window().and_then(|window| window.performance()) else {
        return;
    };
    let options = js_sys::Object::new();
    let set = |key: &str, value: f64| js_sys::Reflect::set(&options, &key.into(), &value.into());
    if set("start", start).is_ok() && set("end", performance.now()).is_ok() {
        let measure = js_sys::Reflect::get(&performance, &"measure".into());
        if let Some(measure) = measure
            .ok()
            .and_then(|measure| measure.dyn_into::<js_sys::Function>().ok())
        {
            let _ = measure.call2(&performance, &name.into(), &options);
        }
    }
}

/// `performance.now()`, for [`measure`].
pub fn performance_now() -> f64 {
    window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// Place of the pointer in the box of the element that `event` was listened for on, CSS pixels.
pub fn pointer_place(event: &web_sys::PointerEvent) -> Option<(f64, f64)> {
    let element: web_sys::Element = event.current_target()?.dyn_into().ok()?;
    let bounds = element.get_bounding_client_rect();
    Some((
        f64::from(event.client_x()) - bounds.left(),
        f64::from(event.client_y()) - bounds.top(),
    ))
}

/// Puts the focus on the first thing of `selector` that takes it.
pub fn focus(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Keeps the pointer's events on the element that `event` was listened for on.
pub fn capture_pointer(event: &web_sys::PointerEvent) {
    if let Some(element) = event
        .current_target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
    {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}
