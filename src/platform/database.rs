//! Files as records of an IndexedDB database, for browsers without files of the origin.
//!
//! A request is waited for with the two functions of a promise as its listeners. That is all that is needed
//! of the crates for it, whose channels and errors would be a part of every worker.

use super::room::fault;
use crate::keep::{Disk, Fault};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

const FILES: &str = "files";

/// A database of files.
pub struct Database {
    open: IdbDatabase,
}

/// A file being written: it becomes a record as a whole.
pub struct Record {
    name: String,
    bytes: Vec<u8>,
}

impl Database {
    /// Opens or makes the database `name`; `None` where the browser refuses.
    pub async fn open(name: &str) -> Option<Self> {
        let factory = js_sys::Reflect::get(&js_sys::global(), &"indexedDB".into()).ok()?;
        let factory: IdbFactory = factory.dyn_into().ok()?;
        let request = factory.open_with_u32(name, 1).ok()?;
        let made = request.clone();
        let make = Closure::once_into_js(move || {
            if let Ok(database) = made.result() {
                // If this fails, so does opening.
                let _ = database
                    .unchecked_into::<IdbDatabase>()
                    .create_object_store(FILES);
            }
        });
        request.set_onupgradeneeded(Some(make.unchecked_ref()));
        let open: IdbDatabase = answer(&request).await.ok()?.unchecked_into();
        open.object_store_names().contains(FILES).then(|| Self { open })
    }

    /// Removes all files. The database itself stays: to remove it waits for every tab that has it open.
    pub async fn remove_all(self) -> Result<(), Fault> {
        let removed = self.change(|files| files.clear().map(drop)).await;
        removed.map_err(|error| fault(&error))
    }

    /// The value kept as `key`; `None` where there is none.
    pub async fn value(&self, key: &str) -> Option<JsValue> {
        let (_, files) = self.files(IdbTransactionMode::Readonly).ok()?;
        let value = answer(&files.get(&JsValue::from_str(key)).ok()?).await.ok()?;
        (!value.is_undefined()).then_some(value)
    }

    /// Keeps `value`, which can be cloned, as `key`; or only until the page ends where the browser refuses.
    pub async fn keep_value(&self, key: &str, value: &JsValue) {
        let put = |files: &IdbObjectStore| files.put_with_key(value, &JsValue::from_str(key)).map(drop);
        let _ = self.change(put).await;
    }

    fn files(&self, mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
        let transaction = self.open.transaction_with_str_and_mode(FILES, mode)?;
        let files = transaction.object_store(FILES)?;
        Ok((transaction, files))
    }

    /// Does `change` in a transaction of its own and waits until it is durable.
    async fn change(
        &self,
        change: impl FnOnce(&IdbObjectStore) -> Result<(), JsValue>,
    ) -> Result<(), JsValue> {
        let (transaction, files) = self.files(IdbTransactionMode::Readwrite)?;
        let complete = settled(|kept, failed| {
            transaction.set_oncomplete(Some(kept));
            transaction.set_onabort(Some(failed));
        });
        change(&files)?;
        // The event of an abort says nothing; its transaction does.
        let done = JsFuture::from(complete).await;
        done.map(drop)
            .map_err(|event| transaction.error().map_or(event, JsValue::from))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.open.close();
    }
}

impl Disk for Database {
    type File = Record;

    async fn names(&self) -> Result<Vec<String>, Fault> {
        let names = async {
            let (_, files) = self.files(IdbTransactionMode::Readonly)?;
            answer(&files.get_all_keys()?).await
        };
        let names: js_sys::Array = names.await.map_err(|error| fault(&error))?.unchecked_into();
        Ok(names.iter().filter_map(|name| name.as_string()).collect())
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let read = async {
            let (_, files) = self.files(IdbTransactionMode::Readonly)?;
            answer(&files.get(&JsValue::from_str(name))?).await
        };
        let value = read.await.map_err(|error| fault(&error))?;
        Ok(value
            .dyn_ref::<js_sys::Uint8Array>()
            .map(js_sys::Uint8Array::to_vec))
    }

    async fn create(&self, name: &str) -> Result<Record, Fault> {
        Ok(Record {
            name: name.to_owned(),
            bytes: Vec::new(),
        })
    }

    async fn append(&self, file: &mut Record, bytes: &[u8]) -> Result<(), Fault> {
        file.bytes.extend(bytes);
        Ok(())
    }

    async fn close(&self, file: Record) -> Result<(), Fault> {
        let (key, value) = (
            JsValue::from_str(&file.name),
            js_sys::Uint8Array::from(file.bytes.as_slice()),
        );
        let written = self
            .change(|files| files.put_with_key(&value, &key).map(drop))
            .await;
        written.map_err(|error| fault(&error))
    }

    async fn remove(&self, name: &str) -> Result<(), Fault> {
        let key = JsValue::from_str(name);
        let removed = self.change(|files| files.delete(&key).map(drop)).await;
        removed.map_err(|error| fault(&error))
    }
}

/// What `request` answers.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let done = settled(|kept, failed| {
        request.set_onsuccess(Some(kept));
        request.set_onerror(Some(failed));
    });
    match JsFuture::from(done).await {
        Ok(_) => request.result(),
        Err(event) => Err(request.error().ok().flatten().map_or(event, JsValue::from)),
    }
}

/// A promise whose functions `listen` makes listeners.
fn settled(listen: impl Fn(&js_sys::Function, &js_sys::Function)) -> js_sys::Promise {
    js_sys::Promise::new(&mut |kept, failed| listen(&kept, &failed))
}
