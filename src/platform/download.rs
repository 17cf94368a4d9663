//! Files for the user.

use super::document;
use wasm_bindgen::{JsCast, JsValue};

/// Offers `text` as a file called `name`. Nothing leaves the device: the bytes come from a blob.
pub fn download(name: &str, text: &str) {
    let _ = try_download(name, text);
}

fn try_download(name: &str, text: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let options = web_sys::BlobPropertyBag::new();
    let kinds = [
        (".json", "application/json"),
        (".txt", "text/plain;charset=utf-8"),
    ];
    let kind = kinds.iter().find(|kind| name.ends_with(kind.0));
    options.set_type(kind.map_or("text/csv;charset=utf-8", |kind| kind.1));
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let document = document().ok_or(JsValue::NULL)?;
    let link: web_sys::HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}
