//! Files in the origin private file system.

use super::room::{fault, is_called, navigator, storage};
use crate::keep::{Disk, Fault};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemRemoveOptions,
    FileSystemSyncAccessHandle,
};

/// A folder of it.
pub struct OriginFiles {
    root: FileSystemDirectoryHandle,
    folder: FileSystemDirectoryHandle,
    name: String,
}

/// A file being written.
pub struct Writing {
    handle: FileSystemSyncAccessHandle,
    /// Bytes written so far, as the browser counts: in floats, whose whole numbers end at 2⁵³.
    at: f64,
}

impl Drop for Writing {
    fn drop(&mut self) {
        // Also where writing broke off: an open handle locks the file.
        self.handle.close();
    }
}

impl OriginFiles {
    /// Opens or makes folder `name`; `None` where the browser has no such files, or not in this place: only a
    /// worker may write them as fast as rows arrive.
    pub async fn open(name: &str) -> Option<Self> {
        let storage = storage(&navigator())?;
        js_sys::Reflect::get(&storage, &"getDirectory".into())
            .ok()
            .filter(JsValue::is_function)?;
        let class = js_sys::Reflect::get(&js_sys::global(), &"FileSystemFileHandle".into()).ok()?;
        let class = js_sys::Reflect::get(&class, &"prototype".into()).ok()?;
        // Where it is missing, asking for it would throw.
        if !js_sys::Reflect::has(&class, &"createSyncAccessHandle".into()).ok()? {
            return None;
        }
        let root: FileSystemDirectoryHandle = JsFuture::from(storage.get_directory())
            .await
            .ok()?
            .unchecked_into();
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        let folder = JsFuture::from(root.get_directory_handle_with_options(name, &options))
            .await
            .ok()?;
        Some(Self {
            root,
            folder: folder.unchecked_into(),
            name: name.to_owned(),
        })
    }

    /// Removes the folder with all that is in it.
    pub async fn remove_all(self) -> Result<(), Fault> {
        let options = FileSystemRemoveOptions::new();
        options.set_recursive(true);
        JsFuture::from(self.root.remove_entry_with_options(&self.name, &options))
            .await
            .map_err(|error| fault(&error))?;
        Ok(())
    }

    async fn handle(&self, name: &str, create: bool) -> Result<FileSystemFileHandle, JsValue> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(create);
        let handle = JsFuture::from(self.folder.get_file_handle_with_options(name, &options)).await?;
        Ok(handle.unchecked_into())
    }
}

impl Disk for OriginFiles {
    type File = Writing;

    async fn names(&self) -> Result<Vec<String>, Fault> {
        let (mut names, keys) = (Vec::new(), self.folder.keys());
        loop {
            let step = keys.next().map_err(|error| fault(&error))?;
            let step = JsFuture::from(step).await.map_err(|error| fault(&error))?;
            let part = |key: &str| js_sys::Reflect::get(&step, &key.into()).unwrap_or(JsValue::UNDEFINED);
            if part("done").is_truthy() {
                return Ok(names);
            }
            names.extend(part("value").as_string());
        }
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        // Without a handle of its own: another tab may be writing other files, or reading this one.
        let read = async {
            let file = JsFuture::from(self.handle(name, false).await?.get_file()).await?;
            JsFuture::from(file.unchecked_into::<Blob>().array_buffer()).await
        };
        match read.await {
            Ok(buffer) => Ok(Some(js_sys::Uint8Array::new(&buffer).to_vec())),
            Err(error) if is_called(&error, "NotFoundError") => Ok(None),
            Err(error) => Err(fault(&error)),
        }
    }

    async fn create(&self, name: &str) -> Result<Writing, Fault> {
        let open = async {
            let handle = self.handle(name, true).await?;
            JsFuture::from(handle.create_sync_access_handle()).await
        };
        let handle: FileSystemSyncAccessHandle = open.await.map_err(|error| fault(&error))?.unchecked_into();
        let file = Writing { handle, at: 0.0 };
        file.handle.truncate_with_u32(0).map_err(|error| fault(&error))?;
        Ok(file)
    }

    async fn append(&self, file: &mut Writing, bytes: &[u8]) -> Result<(), Fault> {
        let options = FileSystemReadWriteOptions::new();
        options.set_at(file.at);
        // What fits in a 4 GB memory is a whole number to a float.
        #[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
        let length = bytes.len() as f64;
        let written = file
            .handle
            .write_with_u8_array_and_options(bytes, &options)
            .map_err(|error| fault(&error))?;
        if written < length {
            return Err(Fault::Full);
        }
        file.at += written;
        Ok(())
    }

    async fn close(&self, file: Writing) -> Result<(), Fault> {
        file.handle.flush().map_err(|error| fault(&error))
    }

    async fn remove(&self, name: &str) -> Result<(), Fault> {
        match JsFuture::from(self.folder.remove_entry(name)).await {
            Err(error) if !is_called(&error, "NotFoundError") => Err(fault(&error)),
            _ => Ok(()),
        }
    }
}
