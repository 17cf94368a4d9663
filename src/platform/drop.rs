//! Files that a user drops or chooses.

use wasm_bindgen::prelude::*;
use web_sys::{DragEvent, File, FileList};

/// A chosen file, unread.
#[derive(Clone, Debug)]
pub struct PickedFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// The browser's handle.
    pub handle: File,
}

impl PickedFile {
    /// What a message carries.
    pub fn as_js(&self) -> &JsValue {
        &self.handle
    }
}

/// Files of a file input, which is emptied so that the same file can be chosen again.
pub fn picked_files(event: &web_sys::Event) -> Vec<PickedFile> {
    let input = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(input) = input else { return Vec::new() };
    let files = all(input.files());
    input.set_value("");
    files
}

impl PickedFile {
    /// Its first `bytes` as text, all of it if there are fewer; empty where the browser cannot read it.
    pub async fn text(&self, bytes: u32) -> String {
        let start = self.handle.slice_with_f64_and_f64(0.0, f64::from(bytes));
        let Ok(start) = start else { return String::new() };
        let text = wasm_bindgen_futures::JsFuture::from(start.text()).await;
        text.ok().and_then(|text| text.as_string()).unwrap_or_default()
    }
}

fn all(list: Option<FileList>) -> Vec<PickedFile> {
    let Some(list) = list else { return Vec::new() };
    let files = (0..list.length()).filter_map(|at| list.get(at));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size in bytes is whole and positive"
    )]
    files
        .map(|handle| PickedFile {
            name: handle.name(),
            size: handle.size() as u64,
            handle,
        })
        .collect()
}

/// Watches files dragged over any part of the page: `hover` gets their number while they are over it and
/// `None` when they leave, `dropped` gets the files.
pub fn on_document_drop(
    hover: impl Fn(Option<u32>) + Clone + 'static,
    dropped: impl Fn(Vec<PickedFile>) + 'static,
) {
    let Some(document) = super::document() else { return };
    let listen = |name: &str, handler: Closure<dyn FnMut(DragEvent)>| {
        // Cannot fail for a plain listener.
        let _ = document.add_event_listener_with_callback(name, handler.as_ref().unchecked_ref());
        handler.forget();
    };
    let over = hover.clone();
    let on_over = move |event: DragEvent| {
        if let Some(count) = files_over(&event) {
            event.prevent_default();
            over(Some(count));
        }
    };
    listen("dragenter", Closure::new(on_over.clone()));
    listen("dragover", Closure::new(on_over));
    let left = hover.clone();
    listen(
        "dragleave",
        Closure::new(move |event: DragEvent| {
            // Leaving for another element of the page names it; leaving the page names none.
            if event.related_target().is_none() {
                left(None);
            }
        }),
    );
    listen(
        "drop",
        Closure::new(move |event: DragEvent| {
            hover(None);
            if files_over(&event).is_some() {
                event.prevent_default();
                dropped(all(event.data_transfer().and_then(|transfer| transfer.files())));
            }
        }),
    );
}

/// How many files hang on the pointer; `None` where it drags something else.
fn files_over(event: &DragEvent) -> Option<u32> {
    let transfer = event.data_transfer()?;
    let types = transfer.types();
    let files = types
        .iter()
        .any(|kind| kind.as_string().as_deref() == Some("Files"));
    files.then(|| transfer.items().length())
}
