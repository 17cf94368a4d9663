//! The address bar.

use super::window;

/// The query of the page's address, without `?`.
pub fn read_address() -> String {
    let search = window()
        .and_then(|window| window.location().search().ok())
        .unwrap_or_default();
    search.trim_start_matches('?').to_owned()
}

/// Puts `query` into the address bar without a new entry in the history.
pub fn write_address(query: &str) {
    let Some(window) = window() else { return };
    if read_address() == query {
        return;
    }
    let path = window.location().pathname().unwrap_or_default();
    let hash = window.location().hash().unwrap_or_default();
    let address = if query.is_empty() {
        format!("{path}{hash}")
    } else {
        format!("{path}?{query}{hash}")
    };
    if let Ok(history) = window.history() {
        // A page opened from a file has no history to write; the view is then just not in its address.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}
