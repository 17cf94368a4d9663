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
mod sources;
mod stage;
mod stock;
mod top_skus;
mod widgets;

pub use app::mount;
use ctx::{Ctx, Part};
