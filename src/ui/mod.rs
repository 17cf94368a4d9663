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
mod herald;
mod history;
mod import;
mod kept;
mod kpis;
mod loudness;
mod mapping;
mod mappings;
mod provinces;
mod quality;
mod rules;
mod sales;
mod screens;
mod silence;
mod sources;
mod stage;
mod stock;
mod top_skus;
mod trial;
mod troubles;
mod widgets;

pub use app::mount;
use ctx::{Ctx, Part};
pub use screens::Screens;
