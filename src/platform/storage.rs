//! Small settings kept in the browser.

use gloo::storage::{LocalStorage, Storage};
use serde::{Serialize, de::DeserializeOwned};

/// What was kept under `key`, if it can still be read.
pub fn load<T: DeserializeOwned>(key: &str) -> Option<T> {
    LocalStorage::get(key).ok()
}

/// Keeps `value` under `key`. A browser that refuses (private mode, quota) only forgets it on reload.
pub fn save<T: Serialize>(key: &str, value: &T) {
    let _ = LocalStorage::set(key, value);
}
