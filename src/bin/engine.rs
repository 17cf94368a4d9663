//! The worker: hosts the engine. Like the page (`src/main.rs`) it is cut in two: what the first screen needs, and
//! [`later`], with what only that calls, in a file of its own.

#[cfg(target_arch = "wasm32")]
use stockpit::platform;
#[cfg(target_arch = "wasm32")]
use wasm_split_helpers::SplitLoaderError;

/// What comes after the first screen, from its file.
#[cfg(all(target_arch = "wasm32", not(debug_assertions)))]
#[wasm_split_helpers::wasm_split(later, fallible)]
fn later() -> Result<platform::Later, SplitLoaderError> {
    Ok(platform::Later::all())
}

/// What comes after the first screen: a debug build is one file.
#[cfg(all(target_arch = "wasm32", debug_assertions))]
async fn later() -> Result<platform::Later, SplitLoaderError> {
    Ok(platform::Later::all())
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    platform::host_engine(|| Box::pin(async { later().await.ok() }));
}
