//! The page, and the seam at which it is cut in two.
//!
//! A release splits [`screens`], and what only it calls, off into a file of its own (`cargo xtask hook`). Its seam
//! stands here, not in the library: the linker keeps an exported function in every binary that could see it.

#[cfg(target_arch = "wasm32")]
use stockpit::ui;
#[cfg(target_arch = "wasm32")]
use wasm_split_helpers::SplitLoaderError;

/// The screens beside the cockpit, from their file.
#[cfg(all(target_arch = "wasm32", not(debug_assertions)))]
#[wasm_split_helpers::wasm_split(screens, fallible)]
fn screens() -> Result<ui::Screens, SplitLoaderError> {
    Ok(ui::Screens::all())
}

/// The screens beside the cockpit: a debug build is one file.
#[cfg(all(target_arch = "wasm32", debug_assertions))]
async fn screens() -> Result<ui::Screens, SplitLoaderError> {
    Ok(ui::Screens::all())
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    ui::mount(|| Box::pin(async { screens().await.ok() }));
}
