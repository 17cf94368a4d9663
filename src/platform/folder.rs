//! Folders of the device that a user lets the page read (File System Access), and their handles between visits.

use super::database::Database;
use crate::keep::Disk;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::FileSystemDirectoryHandle;

/// Name of the database that keeps the handles.
const DATABASE: &str = "stockpit-folders";
const PICKER: &str = "showDirectoryPicker";

/// A folder that the user chose.
#[derive(Clone, Debug)]
pub struct FolderHandle(FileSystemDirectoryHandle);

/// Whether this browser lets a page read a folder at all.
pub fn can_pick_folder() -> bool {
    super::window().is_some_and(|window| method(&window, PICKER).is_some())
}

/// Asks the user for a folder; `None` where they choose none. To be called in answer to a click.
pub async fn pick_folder() -> Option<FolderHandle> {
    let window = super::window()?;
    let picked = method(&window, PICKER)?.call0(&window).ok()?;
    let picked = JsFuture::from(picked.dyn_into::<js_sys::Promise>().ok()?).await;
    picked.ok().map(|handle| FolderHandle(handle.unchecked_into()))
}

impl FolderHandle {
    /// Its name.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// What a message carries.
    pub fn as_js(&self) -> &JsValue {
        &self.0
    }

    /// Whether the page may read it. With `ask` the browser asks the user, in answer to a click.
    pub async fn is_allowed(&self, ask: bool) -> bool {
        let name = if ask {
            "requestPermission"
        } else {
            "queryPermission"
        };
        // Where nobody can be asked, nobody has to be.
        let Some(method) = method(&self.0, name) else {
            return true;
        };
        let answer = method.call0(&self.0).ok();
        match answer.and_then(|answer| answer.dyn_into::<js_sys::Promise>().ok()) {
            Some(answer) => JsFuture::from(answer)
                .await
                .is_ok_and(|answer| answer.as_string().as_deref() == Some("granted")),
            None => false,
        }
    }

    /// Keeps it as `key` for the next visit.
    pub async fn keep(&self, key: &str) {
        if let Some(database) = Database::open(DATABASE).await {
            database.keep_value(key, &self.0).await;
        }
    }

    /// The one kept as `key`.
    pub async fn kept(key: &str) -> Option<Self> {
        let value = Database::open(DATABASE).await?.value(key).await?;
        Some(Self(value.unchecked_into()))
    }

    /// Keeps none any longer.
    pub async fn forget_all() {
        if let Some(database) = Database::open(DATABASE).await {
            let _ = database.remove_all().await;
        }
    }

    /// Keeps it no longer.
    pub async fn forget(key: &str) {
        if let Some(database) = Database::open(DATABASE).await {
            // What cannot be removed is a handle without a source: nobody asks for it.
            let _ = database.remove(key).await;
        }
    }
}

/// Method `name` of `object`, if it has one.
fn method(object: &JsValue, name: &str) -> Option<js_sys::Function> {
    js_sys::Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}
