//! The fuzz targets, given their seeds and every input that ever broke one. `cargo xtask fuzz` looks for more.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it is wrong"
)]

#[path = "fuzz/targets.rs"]
mod targets;

use std::alloc::System;
use std::path::Path;

#[global_allocator]
static MEMORY: cap::Cap<System> = cap::Cap::new(System, targets::MOST_MEMORY);

/// Runs a target on its inputs, fewer than which there must not be.
fn replay(name: &str, least: usize) {
    let (_, target) = targets::ALL
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a target");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/corpus")
        .join(name);
    let mut inputs: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    inputs.sort();
    assert!(
        inputs.len() >= least,
        "only {} inputs in {}",
        inputs.len(),
        folder.display()
    );
    for input in inputs {
        let bytes = std::fs::read(&input).unwrap();
        // A panic says what does not hold; this says for which input.
        let held = std::panic::catch_unwind(|| target(&bytes));
        assert!(held.is_ok(), "{}", input.display());
        // What is cut off anywhere is another input.
        for end in [bytes.len() / 2, bytes.len().saturating_sub(1)] {
            let held = std::panic::catch_unwind(|| target(&bytes[..end]));
            assert!(held.is_ok(), "{}, cut to {end} bytes", input.display());
        }
    }
}

#[test]
fn files_are_read_the_same_however_they_come() {
    replay("csv", 8);
    replay("json", 5);
}

#[test]
fn workbooks_archives_and_pages_give_reports() {
    replay("container", 6);
}

#[test]
fn stored_rows_are_rows_or_damage() {
    replay("stored", 4);
}

#[test]
fn a_store_opens_over_anything() {
    replay("manifest", 6);
}

#[test]
fn the_library_answers_every_call() {
    replay("library", 3);
}

/// Writes the seeds anew where `UPDATE_CORPUS` is set, after a change of the stored format.
#[test]
fn seeds_of_stored_rows() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    for (seed, first) in [("plain", 0), ("shopify", 0), ("gb18030", 0), ("stock", 1)] {
        let input = std::fs::read(corpus.join("csv").join(seed)).unwrap();
        let stored = targets::stored_bytes(&input).unwrap();
        let (file, bytes) = (corpus.join("stored").join(seed), [vec![first], stored].concat());
        if std::env::var_os("UPDATE_CORPUS").is_some() {
            std::fs::write(&file, &bytes).unwrap();
        }
        assert!(
            std::fs::read(&file).unwrap() == bytes,
            "{seed}: the stored format has changed"
        );
    }
}

#[test]
fn every_target_has_its_folder_and_no_folder_is_left_over() {
    let mut folders: Vec<_> =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
    let mut names = targets::ALL.map(|(name, _)| name);
    folders.sort();
    names.sort_unstable();
    assert_eq!(folders, names);
}
