//! `cargo xtask bench`: our engine and its peers, measured side by side.

use crate::{Result, browser, bundle, place, run, setup};
use std::path::{Path, PathBuf};

/// Installs the peers, builds the release and runs the measurement with `options`.
pub fn run(options: &[&str]) -> Result {
    // Before minutes of building: a missing browser.
    let browser = browser::ready()?;
    let tools = setup::build_tools()?;
    // Rules have no page, and a live source has no peers.
    let has = |word| options.contains(&word);
    if !has("live") && !has("alerts") {
        peers()?;
    }
    if !has("alerts") {
        run::shown(&mut bundle::release(&tools))?;
    }
    let mut cargo = tools.command("cargo");
    cargo
        .args([
            "bench",
            "--locked",
            "--package",
            "stockpit",
            "--bench",
            "peers",
            "--",
        ])
        .args(options);
    browser.lend(&mut cargo);
    run::shown(&mut cargo)
}

/// The peers in target/, as the lock file names them; installed where it has changed since.
fn peers() -> Result {
    let folder = place::root().join("target/bench/npm");
    place::make(&folder)?;
    let names = ["package.json", "package-lock.json"];
    let there = |name: &str| place::root().join("tests/bench").join(name);
    let stamp = folder.join("installed.json");
    let wanted = place::read(&there("package-lock.json"))?;
    if place::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    place::remove(&stamp)?;
    for name in names {
        place::write(&folder.join(name), place::read(&there(name))?)?;
    }
    run::step("peers from npm", || install(&folder))?;
    place::write(&stamp, wanted)
}

fn install(folder: &Path) -> Result {
    let npm = place::on_path("npm").unwrap_or_else(|| PathBuf::from("npm"));
    let mut command = run::outside(npm, folder);
    // No script of a package needs to run.
    command.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    run::logged(&mut command, &folder.join("npm.log"), 20)
}
