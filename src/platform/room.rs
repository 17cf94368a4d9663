//! The browser's storage: how much room there is, whether it is safe, and its words when it fails.

use crate::keep::Fault;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, StorageEstimate, StorageManager};

/// The storage of this address, by the `navigator` of a window or worker; `None` where it is not offered
/// (pages that came over plain HTTP have none).
pub fn storage(navigator: &JsValue) -> Option<StorageManager> {
    let storage = js_sys::Reflect::get(navigator, &"storage".into()).ok()?;
    (!storage.is_undefined() && !storage.is_null()).then(|| storage.unchecked_into())
}

/// The `navigator` of this window or worker.
pub fn navigator() -> JsValue {
    js_sys::Reflect::get(&js_sys::global(), &"navigator".into()).unwrap_or(JsValue::UNDEFINED)
}

/// Bytes that this address takes and may take, and whether the browser promised never to clear them.
pub async fn room() -> (Option<(u64, u64)>, Option<bool>) {
    let Some(storage) = storage(&navigator()) else {
        return (None, None);
    };
    let mut persistent = None;
    if let Ok(asked) = storage.persisted() {
        persistent = JsFuture::from(asked)
            .await
            .ok()
            .map(|promised| promised.is_truthy());
    }
    let mut room = None;
    if let Ok(asked) = storage.estimate()
        && let Ok(estimate) = JsFuture::from(asked).await
    {
        let estimate: StorageEstimate = estimate.unchecked_into();
        room = estimate.get_usage().zip(estimate.get_quota());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bytes are whole, not negative and far below 2⁵³"
    )]
    let whole = |(usage, quota): (f64, f64)| (usage as u64, quota as u64);
    (room.map(whole), persistent)
}

/// Whether `error` is the one that browsers call `name`.
pub fn is_called(error: &JsValue, name: &str) -> bool {
    error
        .dyn_ref::<DomException>()
        .is_some_and(|error| error.name() == name)
}

/// `error` of a storage, as the keeper knows it.
pub fn fault(error: &JsValue) -> Fault {
    if is_called(error, "QuotaExceededError") {
        return Fault::Full;
    }
    let words = error
        .dyn_ref::<DomException>()
        .map(DomException::message)
        .or_else(|| {
            error
                .dyn_ref::<js_sys::Error>()
                .map(|error| error.message().into())
        });
    Fault::Failed(words.unwrap_or_default())
}
