//! The worker: reads files for the engine.

fn main() {
    #[cfg(target_arch = "wasm32")]
    stockpit::platform::host_reader();
}
