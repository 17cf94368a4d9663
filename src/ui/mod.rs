//! The page: Leptos components.
//!
//! Rule: pages compose, panels know the state, widgets take values and give callbacks. No logic beyond
//! what to show; nothing of the engine but its view data.

mod act;
mod alerts;
mod app;
mod breakdown;
mod ctx;
mod dialogs;
mod drill;
mod footer;
mod header;
mod history;
mod import;
mod kept;
mod kpis;
mod mapping;
mod mappings;
mod provinces;
mod quality;
mod sales;
mod screens;
mod sources;
mod stage;
mod stock;
mod top_skus;
mod troubles;
mod widgets;

pub use app::mount;
use ctx::{Ctx, Part};
/// What cuts the page in two (`src/main.rs`).
pub use leptos::wasm_split as split;
pub use screens::Screens;
