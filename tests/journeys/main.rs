//! Journeys of a user through the release build, in headless Chromium.
//!
//! `cargo xtask test journeys` runs them. By hand: `STOCKPIT_DIST=$PWD/dist cargo test --test journeys --
//! --test-threads=1`, with the driver on PATH or named in `CHROMEDRIVER`. Without `STOCKPIT_DIST` each says that
//! it was skipped. Values are read off the DOM (DESIGN §6), never off the pixels.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops where it is wrong, and says what it measured"
)]

mod broadcaster;
mod browser;
mod cockpit;
mod mosquitto;
mod shared;
mod site;
mod two_shops;

mod brokers;
mod brushing;
mod containers;
mod drill;
mod dropping;
mod embedding;
mod first_open;
mod goldens;
mod goods;
mod history;
mod hosting;
mod keeping;
mod live;
mod mapping;
mod reaching;
mod reporting;
mod rules;
mod screens;
mod sources;
mod streams;
mod tabs;
mod wall;
mod wrong_files;

use std::path::PathBuf;
use std::time::Duration;

/// The release build; `None`, with a notice, where none is named.
fn dist() -> Option<PathBuf> {
    let dist = std::env::var_os("STOCKPIT_DIST").map(PathBuf::from);
    let Some(dist) = dist.filter(|dist| !dist.as_os_str().is_empty()) else {
        println!("skipped: STOCKPIT_DIST does not name a release build");
        return None;
    };
    assert!(
        dist.join("index.html").is_file(),
        "{} holds no index.html",
        dist.display()
    );
    Some(dist)
}

/// Walks a journey in at most `seconds`.
async fn within(seconds: u64, journey: impl Future<Output = ()>) {
    let walked = tokio::time::timeout(Duration::from_secs(seconds), journey).await;
    assert!(walked.is_ok(), "the journey was not at its end after {seconds} s");
}
