//! `cargo xtask fuzz`: looks for inputs that break what reads bytes, guided by the code they reach.
//!
//! libFuzzer on the stable compiler: what cargo-fuzz asks of a nightly one are sanitizers, and code without
//! `unsafe` gains little by them. Arithmetic that overflows counts as broken, and so does a check of the
//! target that does not hold (tests/fuzz/targets.rs).

use crate::{Result, place, run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// As in tests/fuzz/targets.rs.
const TARGETS: [&str; 6] = ["csv", "json", "container", "stored", "manifest", "library"];

/// Seconds over all targets.
const SECONDS: u64 = 60;

/// Counts edges that are passed, and tells the fuzzer what is compared with what.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=4";

/// Runs the targets that `options` name, or all.
pub fn run(options: &[&str]) -> Result {
    let (targets, seconds) = chosen(options)?;
    compiler()?;
    place::make(&place::logs())?;
    let fuzzer = run::step("fuzzer", build)?;
    let each = (seconds / targets.len() as u64).max(1);
    for target in targets {
        run::step_noting(target, || Ok(((), fuzz(&fuzzer, target, each)?)))?;
    }
    Ok(())
}

/// Names of targets, and seconds.
fn chosen<'a>(options: &[&'a str]) -> Result<(Vec<&'a str>, u64)> {
    let (mut targets, mut seconds) = (Vec::new(), SECONDS);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        if *option == "--secs" {
            let number = options.next().and_then(|number| number.parse().ok());
            seconds = number.ok_or("--secs needs a number of seconds")?;
        } else if TARGETS.contains(option) {
            targets.push(*option);
        } else {
            return Err(format!(
                "no target is called `{option}`; there are: {}",
                TARGETS.join(", ")
            ));
        }
    }
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    Ok((targets, seconds))
}

/// libFuzzer is C++.
fn compiler() -> Result {
    let named = std::env::var_os("CXX").is_some_and(|name| !name.is_empty());
    if named || place::on_path("c++").is_some() {
        return Ok(());
    }
    Err("libFuzzer needs a C++ compiler: install g++ or clang, or set CXX".to_owned())
}

/// The program of all targets, built in a folder of its own: its flags are no others'.
fn build() -> Result<PathBuf> {
    let mut rustc = run::command("rustc");
    let version = run::answer(rustc.arg("-vV")).ok_or("`rustc -vV` gives no answer")?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .ok_or("`rustc -vV` names no host")?;
    let folder = folder();
    let mut cargo = run::command("cargo");
    cargo
        .current_dir(place::root())
        .args([
            "build",
            "--release",
            "--locked",
            "--manifest-path",
            "tests/fuzz/Cargo.toml",
        ])
        // A named target: build scripts and macros are compiled without the flags.
        .args(["--target", host, "--target-dir"])
        .arg(&folder)
        .env("RUSTFLAGS", FLAGS);
    run::logged(&mut cargo, &place::logs().join("fuzz-build.log"), 100)?;
    let name = format!("stockpit-fuzz{}", std::env::consts::EXE_SUFFIX);
    Ok(folder.join(host).join("release").join(name))
}

fn folder() -> PathBuf {
    place::root().join("target/fuzz")
}

/// One target: what it did in `seconds`, or the input that broke it.
fn fuzz(fuzzer: &Path, target: &str, seconds: u64) -> Result<String> {
    let seeds = place::root().join("tests/fuzz/corpus").join(target);
    let work = folder().join("work").join(target);
    let found = folder().join("found").join(target);
    // What an earlier run found is in the corpus, or was thrown out of it.
    place::remove(&found)?;
    place::make(&found)?;
    place::make(&work)?;
    let log = place::logs().join(format!("fuzz-{target}.log"));
    let mut command = one(fuzzer, target);
    command
        .arg("-max_len=4096")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(format!(
            "-dict={}",
            place::root().join("tests/fuzz/words.dict").display()
        ))
        .args([&work, &seeds]);
    let outcome = run::logged(&mut command, &log, 30);
    match broken_by(&found) {
        Some(input) => Err(kept(fuzzer, target, &input, &seeds)?),
        None => outcome.map(|()| place::read(&log).map_or_else(|_| String::new(), |log| summary(&log))),
    }
}

fn one(fuzzer: &Path, target: &str) -> Command {
    let mut command = run::command(fuzzer);
    // Seconds for one input, MB for all: what reads a file of some KB has no right to more.
    command
        .args(["-timeout=10", "-rss_limit_mb=1024"])
        .env("STOCKPIT_FUZZ", target);
    command
}

/// An input that libFuzzer wrote down: crash-…, timeout-…, oom-…
fn broken_by(found: &Path) -> Option<PathBuf> {
    let inputs = std::fs::read_dir(found).ok()?.flatten().map(|entry| entry.path());
    inputs
        .filter(|path| !path.to_string_lossy().contains("slow-unit"))
        .min()
}

/// Puts the input into the corpus, as small as it gets in a few seconds: a sentence that says so.
fn kept(fuzzer: &Path, target: &str, input: &Path, seeds: &Path) -> Result<String> {
    let name = input.file_name().unwrap_or_default();
    let seed = seeds.join(name);
    let log = place::logs().join(format!("fuzz-{target}-smaller.log"));
    let smaller = folder().join("smaller");
    place::remove(&smaller)?;
    // Only crashes are made smaller. (It refuses -max_len here.)
    if name.to_string_lossy().starts_with("crash-") {
        let mut shrink = one(fuzzer, target);
        shrink
            .args(["-minimize_crash=1", "-max_total_time=5"])
            .arg(format!("-exact_artifact_path={}", smaller.display()))
            .arg(input);
        let _ = run::answer(&mut shrink);
    }
    // The smaller one only where it breaks the target too.
    let is_smaller = smaller.is_file() && run::logged(one(fuzzer, target).arg(&smaller), &log, 0).is_err();
    let kept = if is_smaller { smaller.as_path() } else { input };
    std::fs::copy(kept, &seed).map_err(|e| format!("cannot write {}: {e}", seed.display()))?;
    Ok(format!(
        "target `{target}` is broken by tests/fuzz/corpus/{target}/{}; `cargo test --test corpus` gives it the same",
        name.display()
    ))
}

/// `#3794 DONE cov: 7272 ft: 18889 corp: 721/175Kb lim: 418 exec/s: 421 rss: 42Mb` in words.
fn summary(log: &str) -> String {
    let Some(line) = log.lines().rfind(|line| line.contains("DONE ")) else {
        return String::new();
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let after = |name: &str| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1).copied()
    };
    match (words.first(), after("exec/s:"), after("cov:")) {
        (Some(runs), Some(speed), Some(edges)) => format!(
            "{} inputs, {speed} a second, {edges} edges",
            runs.trim_start_matches('#')
        ),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_those_that_there_are() {
        let root = place::root();
        let code = place::read(&root.join("tests/fuzz/targets.rs")).unwrap_or_default();
        let list = code
            .split_once("pub const ALL")
            .and_then(|(_, rest)| rest.split_once("];"))
            .map_or("", |(list, _)| list);
        let names: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        assert_eq!(names, TARGETS);
    }

    #[test]
    fn options_are_targets_and_seconds() {
        assert_eq!(chosen(&[]), Ok((TARGETS.to_vec(), SECONDS)));
        assert_eq!(chosen(&["json", "--secs", "5"]), Ok((vec!["json"], 5)));
        for wrong in [&["xml"][..], &["--secs"], &["--secs", "long"]] {
            assert!(chosen(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_last_line_of_a_run_is_told() {
        let log = "#9\tINITED cov: 1\n#3794\tDONE   cov: 7272 ft: 18889 corp: 721/175Kb lim: 418 exec/s: 421 rss: 42Mb\nDone\n";
        assert_eq!(summary(log), "3794 inputs, 421 a second, 7272 edges");
        assert_eq!(summary(""), "");
    }
}
