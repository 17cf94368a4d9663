//! The pinned tools, each in a folder of the cache that names its version.

use crate::{Result, apt, place, run, wasm_std};
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Equal to the crate in Cargo.lock: the two halves speak a private protocol that changes with every release.
const WASM_BINDGEN: &str = "0.2.130";
/// Equal to Trunk.toml's expectations; 0.22 wants a newer compiler.
const TRUNK: &str = "0.21.14";
/// Brings `wasm-opt` 132, also named in Trunk.toml.
const BINARYEN: &str = "132.0.0";

/// Cuts the page in two; speaks with `wasm_split_helpers` of Cargo.lock, which Leptos brings.
const WASM_SPLIT: &str = "0.2.4";

/// Trunk is I/O and processes: compiling it without optimisation saves two of six minutes.
const FAST_COMPILE: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "false"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];

/// A machine that is ready to build.
pub struct Tools {
    path: OsString,
}

impl Tools {
    /// A command in the repository that finds the pinned tools first.
    pub fn command(&self, program: &str) -> Command {
        let mut command = run::command(program);
        command.env("PATH", &self.path).current_dir(place::root());
        command
    }
}

/// `cargo xtask setup`.
pub fn run() -> Result {
    build_tools()?;
    let cache = place::cache()?;
    println!(
        "wasm-bindgen {WASM_BINDGEN}, trunk {TRUNK}, binaryen {BINARYEN} and wasm-split {WASM_SPLIT} are ready in {}",
        cache.display()
    );
    Ok(())
}

/// Makes sure of everything a build needs. Costs about a second when nothing is missing.
pub fn build_tools() -> Result<Tools> {
    let lock = place::read(&place::root().join("Cargo.lock"))
        .map_err(|_| "Cargo.lock is missing: run `cargo generate-lockfile` and commit it".to_owned())?;
    agree(&lock)?;
    let cache = place::cache()?;
    place::make(&cache)?;
    place::make(&place::logs())?;
    let _turn = take_turn(&cache)?;

    wasm_std::ready(&cache)?;
    let mut folders = Vec::new();
    for (tool, version, install) in TOOLS {
        folders.push(tool_ready(&cache, tool, version, install)?);
    }
    let tools = Tools {
        path: place::path_with(&folders)?,
    };
    // Trunk runs offline. It asks cargo about the packages of every platform, so all of them have to be here.
    let mut fetch = tools.command("cargo");
    fetch.args(["fetch", "--locked"]);
    run::logged(&mut fetch, &place::logs().join("fetch.log"), 15)?;
    Ok(tools)
}

/// Makes sure of rustfmt and clippy, which a minimal rustup lacks.
pub fn components() -> Result {
    for (name, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let mut version = run::command("cargo");
        if run::answer(version.args([subcommand, "--version"])).is_none() {
            run::step(&format!("install {name}"), || {
                let log = place::logs().join("component.log");
                run::logged(run::command("rustup").args(["component", "add", name]), &log, 15)
            })?;
        }
    }
    Ok(())
}

/// Installs a version of a tool into a folder.
type Install = fn(version: &str, folder: &Path) -> Result;

const TOOLS: [(&str, &str, Install); 4] = [
    ("wasm-bindgen", WASM_BINDGEN, install_wasm_bindgen),
    ("trunk", TRUNK, install_trunk),
    ("wasm-opt", BINARYEN, install_binaryen),
    ("wasm-split-cli", WASM_SPLIT, install_wasm_split),
];

/// The folder with the tool's program. A tool counts as installed when it answers with its version, so that neither
/// half an install nor one for another machine is taken for it.
fn tool_ready(cache: &Path, tool: &str, version: &str, install: Install) -> Result<PathBuf> {
    let (name, programs) = match tool {
        "wasm-opt" => (format!("binaryen-{version}"), "node_modules/.bin"),
        _ => (format!("{tool}-{version}"), "bin"),
    };
    let folder = cache.join(&name);
    let works = |folder: &Path| {
        let mut program = Command::new(folder.join(programs).join(tool));
        match tool {
            // It does not know its version; the folder's name does.
            "wasm-split-cli" => run::answer(program.arg("--help")).is_some(),
            _ => run::answer(program.arg("--version")).is_some_and(|text| names_version(&text, version)),
        }
    };
    if !works(&folder) {
        run::step(&format!("install {name}"), || {
            let fresh = cache.join(format!("{name}.new"));
            place::remove(&fresh)?;
            place::make(&fresh)?;
            install(version, &fresh)?;
            if !works(&fresh) {
                return Err(format!("{name} was installed but does not run"));
            }
            place::publish(&fresh, &folder)
        })?;
    }
    Ok(folder.join(programs))
}

fn install_wasm_bindgen(version: &str, folder: &Path) -> Result {
    // Its lock file may name a crate that a registry no longer offers.
    let install = |more: &[&str], tail| cargo_install("wasm-bindgen-cli", version, folder, more, &[], tail);
    install(&["--locked"], 0).or_else(|_| install(&[], 15))
}

fn install_trunk(version: &str, folder: &Path) -> Result {
    // Without its features it can neither download nor look for updates: both are unwanted here.
    cargo_install(
        "trunk",
        version,
        folder,
        &["--locked", "--no-default-features"],
        &FAST_COMPILE,
        15,
    )
}

fn install_wasm_split(version: &str, folder: &Path) -> Result {
    let more = ["--locked", "--features", "build-binary"];
    cargo_install(
        "wasm_split_cli_support",
        version,
        folder,
        &more,
        &FAST_COMPILE,
        15,
    )
}

fn cargo_install(
    package: &str,
    version: &str,
    folder: &Path,
    more: &[&str],
    settings: &[(&str, &str)],
    tail: usize,
) -> Result {
    let mut cargo = run::outside("cargo", folder);
    cargo
        .args(["install", package, "--version", version, "--root"])
        .arg(folder)
        .args(more);
    cargo.envs(settings.iter().copied());
    run::logged(&mut cargo, &place::logs().join(format!("{package}.log")), tail)
}

fn install_binaryen(version: &str, folder: &Path) -> Result {
    if place::on_path("node").is_none() || place::on_path("npm").is_none() {
        return Err("node and npm are missing: wasm-opt comes from npm's binaryen".into());
    }
    let mut npm = run::outside("npm", folder);
    npm.args([
        "install",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--prefix",
    ])
    .arg(folder);
    npm.arg(format!("binaryen@{version}"));
    run::logged(&mut npm, &place::logs().join("binaryen.log"), 15)
}

/// Only one set-up at a time writes to the cache; the lock ends with the process, however it ends.
fn take_turn(cache: &Path) -> Result<File> {
    let unlockable = |e: std::io::Error| format!("cannot lock {}: {e}", cache.display());
    let file = File::create(cache.join(".lock")).map_err(unlockable)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            println!("waiting for another set-up to finish");
            file.lock().map_err(unlockable)?;
        }
        Err(TryLockError::Error(e)) => return Err(unlockable(e)),
    }
    Ok(file)
}

/// Refuses a Cargo.lock whose wasm-bindgen is not the pinned one.
fn agree(lock: &str) -> Result {
    match locked_version(lock, "wasm-bindgen") {
        Some(WASM_BINDGEN) => Ok(()),
        Some(other) => Err(format!(
            "Cargo.lock has wasm-bindgen {other}, the tools are pinned to {WASM_BINDGEN}: change \
             xtask/src/setup.rs and Trunk.toml together with Cargo.toml"
        )),
        None => Err("Cargo.lock has no wasm-bindgen".into()),
    }
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock
        .lines()
        .skip_while(|line| *line != format!("name = \"{package}\""));
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Whether a tool's answer names the version; binaryen's package 132.0.0 calls itself 132.
fn names_version(text: &str, version: &str) -> bool {
    text.split_whitespace()
        .any(|word| word == version || version.strip_suffix(".0.0") == Some(word))
}

/// A sentence for machines where neither rustup nor Debian can help.
pub fn no_wasm_std() -> String {
    let system = apt::system().0;
    format!(
        "the standard library of {target} is missing: `rustup target add {target}` did not work, and this is no \
         Debian with a package archive to build it from (system: {system}); let rustup reach its server, or name a \
         mirror of it in RUSTUP_DIST_SERVER, and run this again",
        target = wasm_std::TARGET,
        system = if system.is_empty() { "unknown" } else { &system },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_a_lock_file() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        for (package, expect) in [
            ("wasm-bindgen", Some("0.2.130")),
            ("wasm-bindgen-futures", Some("0.4.80")),
            ("wasm", None),
        ] {
            assert_eq!(locked_version(lock, package), expect, "{package}");
        }
        assert!(agree(lock).is_ok());
        assert!(agree(&lock.replace("0.2.130", "0.2.131")).is_err_and(|e| e.contains("0.2.131")));
    }

    #[test]
    fn versions_in_answers() {
        for (text, version, expect) in [
            ("trunk 0.21.14", "0.21.14", true),
            ("trunk 0.21.1", "0.21.14", false),
            ("wasm-opt version 132 (version_132)", "132.0.0", true),
            ("wasm-opt version 108", "132.0.0", false),
            ("", "132.0.0", false),
        ] {
            assert_eq!(names_version(text, version), expect, "{text}");
        }
    }

    #[test]
    fn trunk_expects_the_same_tools() {
        let trunk = include_str!("../../Trunk.toml");
        assert!(trunk.contains(&format!("wasm_bindgen = \"{WASM_BINDGEN}\"")));
        assert!(trunk.contains(&format!(
            "wasm_opt = \"version_{}\"",
            BINARYEN.trim_end_matches(".0.0")
        )));
    }
}
