//! Small settings kept in the browser, and its promise to keep what is kept.

use super::window;
use gloo::storage::{LocalStorage, Storage};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen_futures::JsFuture;

/// What was kept under `key`, if it can still be read.
pub fn load<T: DeserializeOwned>(key: &str) -> Option<T> {
    LocalStorage::get(key).ok()
}

/// Keeps `value` under `key`. A browser that refuses (private mode, quota) only forgets it on reload.
pub fn save<T: Serialize>(key: &str, value: &T) {
    let _ = LocalStorage::set(key, value);
}

/// Forgets what was kept under `key`.
pub fn remove(key: &str) {
    LocalStorage::delete(key);
}

/// Asks the browser never to clear by itself what this address keeps; `answer` gets what it says, and
/// nothing where it cannot be asked.
pub fn ask_to_persist(answer: impl FnOnce(bool) + 'static) {
    let Some(storage) = window().and_then(|window| super::room::storage(&window.navigator())) else {
        return;
    };
    let Ok(asked) = storage.persist() else { return };
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(promised) = JsFuture::from(asked).await {
            answer(promised.is_truthy());
        }
    });
}
