//! The standard library of wasm32, from rustup or, where its server is out of reach, built from Debian's source.
//!
//! Debian packages the library's source with its vendored crates in exactly rustc's version. What is built lies in
//! the cache, never in rustup's own folder (a later `rustup target add` would give two `core`s), and builds find it
//! through the git-ignored `.cargo/local.toml`.

use crate::{Result, apt, place, run, setup};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The target of page and engine.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Adding a target takes seconds where rustup's server answers; a closed network may swallow packets for minutes.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);
/// Debian's suite that offers current compilers to the stable release.
const SUITE: &str = "trixie-backports";
/// First line of a settings file that is ours to rewrite and remove.
const MARK: &str = "# Written by `cargo xtask`; it rewrites and removes this file.";

/// Makes sure that wasm32 code compiles.
pub fn ready(cache: &Path) -> Result {
    let forced = env::var("STOCKPIT_WASM_STD").is_ok_and(|way| way == "debian");
    if !forced && rustup_has_it() {
        return forget_local();
    }
    let rustc = ask_rustc(&["--version"])?;
    let version = rustc.split_whitespace().nth(1).unwrap_or("unknown").to_owned();
    let sysroot = cache.join(format!("sysroot-{version}"));
    if stamp(&sysroot).is_some_and(|stamp| stamp == rustc) {
        return point_to(&sysroot);
    }
    if !forced && place::on_path("rustup").is_some() {
        let added = run::step_noting(&format!("rustup target add {TARGET}"), || {
            let mut rustup = run::command("rustup");
            rustup.args(["target", "add", TARGET]).current_dir(place::root());
            let log = place::logs().join("rustup.log");
            let added = run::logged_within(&mut rustup, &log, RUSTUP_LIMIT).is_ok() && rustup_has_it();
            Ok((added, if added { "" } else { "not possible here" }.to_owned()))
        })?;
        if added {
            return forget_local();
        }
    }
    let (system, codename) = apt::system();
    let archive = apt::debian_archive(&codename)
        .filter(|_| system == "debian")
        .ok_or_else(setup::no_wasm_std)?;

    let work = cache.join(format!("sysroot-{version}.new"));
    place::remove(&work)?;
    let library = run::step(&format!("download rust-src {version}"), || {
        download(&work, &archive, &version)
    })?;
    run::step("build the standard library of wasm32 from it", || {
        let made = build(&work, &library)?;
        // The stamp goes in before the folder gets its name: a sysroot with a stamp is a whole one.
        place::write(&made.join("stamp"), &rustc)?;
        place::publish(&made, &sysroot)
    })?;
    place::remove(&work)?;
    point_to(&sysroot)
}

/// Whether the active toolchain brings the library itself.
fn rustup_has_it() -> bool {
    ask_rustc(&["--print", "target-libdir", "--target", TARGET])
        .is_ok_and(|folder| has_library(Path::new(&folder), "libcore-"))
}

fn has_library(folder: &Path, prefix: &str) -> bool {
    let names = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name());
    names
        .into_iter()
        .any(|name| name.to_string_lossy().starts_with(prefix))
}

fn ask_rustc(args: &[&str]) -> Result<String> {
    run::answer(run::command("rustc").args(args).current_dir(place::root()))
        .ok_or_else(|| format!("`rustc {}` failed", args.join(" ")))
}

/// The compiler a finished sysroot was built with.
fn stamp(sysroot: &Path) -> Option<String> {
    has_library(&libraries(sysroot), "libstd-")
        .then(|| place::read(&sysroot.join("stamp")).ok())
        .flatten()
}

fn libraries(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

fn local_file() -> PathBuf {
    place::root().join(".cargo").join("local.toml")
}

/// Lets every cargo call in this clone take the library from `sysroot`.
fn point_to(sysroot: &Path) -> Result {
    let text = format!(
        "{MARK}\n# rustup could not provide {TARGET}; its standard library was built from Debian's source.\n\
         [target.{TARGET}]\nrustflags = ['--sysroot={}']\n",
        sysroot.display()
    );
    // Unchanged settings keep their time stamp and cargo its cache.
    if fs::read_to_string(local_file()).is_ok_and(|old| old == text) {
        return Ok(());
    }
    place::write(&local_file(), text)
}

/// Removes our settings once rustup provides the target; somebody else's file stays.
fn forget_local() -> Result {
    match fs::read_to_string(local_file()) {
        Ok(text) if text.starts_with(MARK) => place::remove(&local_file()),
        _ => Ok(()),
    }
}

/// Fetches and unpacks the library's source with package lists of its own: nothing of the machine's apt changes.
fn download(work: &Path, archive: &apt::Source, version: &str) -> Result<PathBuf> {
    for folder in ["apt/lists/partial", "apt/cache/archives/partial", "source"] {
        place::make(&work.join(folder))?;
    }
    let candidates = archive.keyring.iter().cloned().chain(
        ["gpg", "pgp"]
            .map(|ending| PathBuf::from(format!("/usr/share/keyrings/debian-archive-keyring.{ending}"))),
    );
    let keyring = candidates
        .into_iter()
        .find(|file| file.is_file())
        .ok_or("no keyring of Debian's archive was found: install debian-archive-keyring")?;
    let list = work.join("apt/sources.list");
    let entry = format!(
        "deb [signed-by={}] {} {SUITE} main\n",
        keyring.display(),
        archive.uri
    );
    place::write(&list, entry)?;

    let apt = |args: &[&str]| {
        let mut command = run::command("apt-get");
        let mut option = |name: &str, value: &Path| {
            command.arg("-o").arg(format!("{name}={}", value.display()));
        };
        option("Dir::Etc::SourceList", &list);
        option("Dir::Etc::SourceParts", Path::new("/dev/null"));
        option("Dir::State::Lists", &work.join("apt/lists"));
        option("Dir::Cache", &work.join("apt/cache"));
        option("Acquire::Languages", Path::new("none"));
        // apt's own user may not enter a folder of ours.
        option("APT::Sandbox::User", Path::new("root"));
        command.current_dir(work).args(args);
        command
    };
    let log = place::logs().join("rust-src.log");
    run::logged(&mut apt(&["-qq", "update"]), &log, 15)?;
    run::logged(
        &mut apt(&["-qq", "download", &format!("rust-src={version}*")]),
        &log,
        15,
    )
    .map_err(|sentence| {
        format!("Debian's {SUITE} offers no rust-src {version}, the version of this rustc ({sentence})")
    })?;
    unpack(work)?;
    let unpacked = work.join("source/usr/src");
    fs::read_dir(&unpacked)
        .ok()
        .and_then(|mut folders| folders.next()?.ok())
        .map(|folder| folder.path().join("library"))
        .filter(|library| library.join("std/Cargo.toml").is_file())
        .ok_or_else(|| format!("rust-src has no library below {}", unpacked.display()))
}

/// Unpacks only the library, the part that is compiled.
fn unpack(work: &Path) -> Result {
    let package = fs::read_dir(work)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == "deb"))
        .ok_or("apt-get downloaded no package")?;
    let failed = |e: std::io::Error| format!("cannot unpack {}: {e}", package.display());
    let mut reader = Command::new("dpkg-deb");
    let mut reader = reader
        .arg("--fsys-tarfile")
        .arg(&package)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let stream = reader.stdout.take().ok_or("dpkg-deb has no output")?;
    let mut tar = Command::new("tar");
    tar.args(["--extract", "--wildcards", "--directory"])
        .arg(work.join("source"));
    let unpacked = tar
        .arg("./usr/src/rustc-*/library")
        .stdin(stream)
        .status()
        .map_err(failed)?;
    let read = reader.wait().map_err(failed)?;
    if unpacked.success() && read.success() {
        Ok(())
    } else {
        Err(format!("cannot unpack {}", package.display()))
    }
}

/// Compiles the library with an empty crate and lays it out as a sysroot below `work`.
fn build(work: &Path, library: &Path) -> Result<PathBuf> {
    let seed = work.join("seed");
    place::make(&seed.join("src"))?;
    let manifest = "[package]\nname = \"seed\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
                    [profile.release]\nopt-level = 3\ncodegen-units = 1\n";
    place::write(&seed.join("Cargo.toml"), manifest)?;
    place::write(&seed.join("src/lib.rs"), "#![no_std]\n")?;
    let mut cargo = run::outside("cargo", &seed);
    cargo.args(["build", "--release", "--target", TARGET]);
    cargo.arg("-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test");
    // What rustc's own build does for a released toolchain; without embedded bitcode fat LTO fails.
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("__CARGO_TESTS_ONLY_SRC_ROOT", library);
    cargo.env("RUSTFLAGS", "-Cembed-bitcode=yes -Zforce-unstable-if-unmarked");
    cargo.env("CARGO_TARGET_DIR", seed.join("target"));
    run::logged(&mut cargo, &place::logs().join("wasm-std.log"), 30)?;

    let sysroot = work.join("sysroot");
    let to = libraries(&sysroot);
    place::make(&to)?;
    let from = seed.join("target").join(TARGET).join("release/deps");
    let built = fs::read_dir(&from).map_err(|e| format!("cannot read {}: {e}", from.display()))?;
    for file in built.flatten().map(|entry| entry.path()) {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libseed-") {
            fs::copy(&file, to.join(&name)).map_err(|e| format!("cannot copy {name}: {e}"))?;
        }
    }
    Ok(sysroot)
}
