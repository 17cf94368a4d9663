//! One program for all targets, so that only one is linked: STOCKPIT_FUZZ names the one to run.

#![no_main]

#[path = "../targets.rs"]
mod targets;

use std::alloc::System;
use std::sync::LazyLock;

#[global_allocator]
static MEMORY: cap::Cap<System> = cap::Cap::new(System, targets::MOST_MEMORY);

static TARGET: LazyLock<targets::Target> = LazyLock::new(|| {
    let name = std::env::var("STOCKPIT_FUZZ").unwrap_or_default();
    let target = targets::ALL.iter().find(|(known, _)| *known == name);
    target
        .unwrap_or_else(|| panic!("STOCKPIT_FUZZ names no target: {name:?}"))
        .1
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| TARGET(input));
