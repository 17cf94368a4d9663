//! The browser: worker, files, storage, canvas, clock, address.
//!
//! Rule: the only module that names web-sys and js-sys; it moves bytes and draws, and decides nothing.
//! One browser capability a file.

mod address;
mod broker;
mod canvas;
mod clock;
mod database;
mod decoder;
mod disk;
mod download;
mod drop;
mod engine_host;
mod engine_link;
mod feeds;
mod fetch;
mod folder;
mod frames;
mod hosted;
mod keeping;
mod library_host;
mod live_feeds;
mod live_host;
mod live_link;
mod lock;
mod notice;
mod origin_files;
mod page;
mod reader_host;
mod reader_link;
mod room;
mod socket;
mod sound;
mod source;
mod storage;
mod stream;
mod tabs;
mod turns;

pub use address::{read_address, write_address};
pub use canvas::{CanvasArea, SizeWatch, device_ratio, measure_frame, paint, rem_token, root_px};
pub use clock::{every_second, iso, minute_of_day, now, soon, when_idle};
pub use decoder::decoders;
pub use disk::BrowserDisk;
pub use download::download;
pub use drop::{PickedFile, on_document_drop, picked_files};
pub use engine_host::{Later, host_engine};
pub use engine_link::EngineLink;
pub use folder::{FolderHandle, can_pick_folder, pick_folder};
pub use hosted::{client_name, fetch_manifest, is_own_host, resolve};
pub use library_host::host_library;
pub use notice::{Leave, ask_for_notices, notice_leave, notify, set_badge};
pub use page::{
    capture_pointer, choose_files, focus, language, measure, on_hidden, on_key, on_leave, on_undo_key,
    performance_now, pointer_place, reload, set_root, set_title,
};
pub use reader_host::host_reader;
pub use sound::{SoundState, can_speak, chime, sound_state, speak, wake_sound, wake_sound_on_click};
pub use storage::{ask_to_persist, load, remove, save};
pub use turns::{before_paint, in_turn};

use wasm_bindgen::JsCast;

/// The window; `None` in a worker.
fn window() -> Option<web_sys::Window> {
    js_sys::global().dyn_into().ok()
}

fn document() -> Option<web_sys::Document> {
    window()?.document()
}
