//! The worker: hosts the engine for programs.

fn main() {
    #[cfg(target_arch = "wasm32")]
    stockpit::platform::host_library();
}
