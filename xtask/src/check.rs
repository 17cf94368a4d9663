//! `cargo xtask test`: everything that must hold, one line a step, stopping at the first that does not.

use crate::browser::Browser;
use crate::setup::Tools;
use crate::{Result, browser, bundle, place, run, setup, size, wasm_std};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Where the wasm-bindgen tests may live; without such a file those in the library run.
const BROWSER_TESTS: [&str; 2] = ["tests/browser.rs", "tests/browser/main.rs"];

/// Runs the steps whose name contains `part`; an empty one means all.
pub fn run(part: &str) -> Result {
    let chosen: Vec<_> = STEPS.iter().filter(|(name, _)| name.contains(part)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        return Err(format!(
            "no step is called `{part}`; there are: {}",
            names.join(", ")
        ));
    }
    let start = Instant::now();
    let tools = setup::build_tools()?;
    setup::components()?;
    // Before all else: a missing browser should not show after minutes of compiling.
    let needed = chosen.iter().any(|(name, _)| IN_BROWSER.contains(name));
    let browser = if needed { Some(browser::ready()?) } else { None };
    let machine = Machine { tools, browser };
    for (name, step) in chosen {
        let log = place::logs().join(format!("{}.log", name.replace(' ', "-")));
        run::step_noting(name, || Ok(((), step(&machine, &log)?)))
            .map_err(|sentence| format!("`{name}` failed: {sentence}"))?;
    }
    println!("everything holds, {} s", start.elapsed().as_secs());
    Ok(())
}

struct Machine {
    tools: Tools,
    /// There when one of the steps [`IN_BROWSER`] is to run.
    browser: Option<Browser>,
}

/// The steps that drive a browser.
const IN_BROWSER: [&str; 2] = ["browser tests", "journeys"];

/// A step writes its output to a log and yields a remark.
type Step = fn(&Machine, &Path) -> Result<String>;

const STEPS: [(&str, Step); 8] = [
    ("format", |m, log| plain(cargo(m, "fmt --all --check"), log)),
    ("clippy native", |m, log| {
        plain(
            cargo(m, "clippy --locked --workspace --all-targets -- -D warnings"),
            log,
        )
    }),
    ("clippy wasm32", |m, log| {
        let mut clippy = cargo(m, "clippy --locked --package stockpit --lib --bins --target");
        clippy.arg(wasm_std::TARGET);
        if has_browser_tests() {
            clippy.args(["--test", "browser"]);
        }
        clippy.args(["--", "-D", "warnings"]);
        plain(clippy, log)
    }),
    ("native tests", |m, log| {
        let mut tests = cargo(m, "test --locked --workspace");
        // Without it the journeys skip: they come below, against the release.
        tests.env_remove("STOCKPIT_DIST");
        counted(tests, log)
    }),
    ("release build", |m, log| plain(bundle::release(&m.tools), log)),
    ("size budget", |_, _| {
        let payload = size::weigh(&place::dist())?;
        payload.within_budget().map(|()| payload.verdict())
    }),
    ("browser tests", browser_tests),
    ("journeys", |m, log| {
        let mut journeys = cargo(
            m,
            "test --locked --package stockpit --test journeys -- --test-threads=1",
        );
        journeys.env("STOCKPIT_DIST", place::dist());
        counted(with_browser(journeys, m), log)
    }),
];

fn cargo(machine: &Machine, line: &str) -> Command {
    let mut cargo = machine.tools.command("cargo");
    cargo.args(line.split(' '));
    cargo
}

fn plain(mut command: Command, log: &Path) -> Result<String> {
    run::logged(&mut command, log, 200).map(|()| String::new())
}

/// A suite that runs nothing holds nothing: it fails.
fn counted(mut command: Command, log: &Path) -> Result<String> {
    run::logged(&mut command, log, 200)?;
    match passed(&place::read(log)?) {
        0 => Err(format!("not one test ran; see {}", log.display())),
        count => Ok(format!("{count} passed")),
    }
}

/// The sum over all `test result: ok. 12 passed; …` lines.
fn passed(log: &str) -> usize {
    let count = |line: &str| -> Option<usize> {
        line.split_once("test result: ok. ")?
            .1
            .split_once(" passed")?
            .0
            .parse()
            .ok()
    };
    log.lines().filter_map(count).sum()
}

fn has_browser_tests() -> bool {
    BROWSER_TESTS
        .iter()
        .any(|file| place::root().join(file).is_file())
}

fn browser_tests(machine: &Machine, log: &Path) -> Result<String> {
    let mut tests = cargo(machine, "test --locked --package stockpit --target");
    tests.arg(wasm_std::TARGET);
    if has_browser_tests() {
        tests.args(["--test", "browser"]);
    } else {
        tests.arg("--lib");
    }
    // The runner would prefer other browsers' drivers if the environment names them.
    for other in ["GECKODRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"] {
        tests.env_remove(other).env_remove(format!("{other}_REMOTE"));
    }
    let mut tests = with_browser(tests, machine);
    tests.env_remove("CHROMEDRIVER_REMOTE");
    if let Some(chosen) = machine
        .browser
        .as_ref()
        .and_then(|browser| browser.chosen.as_ref())
    {
        tests.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings_for(chosen)?);
    }
    counted(tests, log)
}

fn with_browser(mut command: Command, machine: &Machine) -> Command {
    if let Some(browser) = &machine.browser {
        browser.lend(&mut command);
    }
    command
}

/// webdriver.json with the browser the user chose.
fn settings_for(browser: &Path) -> Result<PathBuf> {
    let settings = place::read(&place::root().join("webdriver.json"))?;
    let binary = browser
        .display()
        .to_string()
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    let file = place::logs().join("webdriver.json");
    place::write(
        &file,
        settings.replacen("\"args\"", &format!("\"binary\": \"{binary}\",\n    \"args\""), 1),
    )?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_tests_are_summed() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n";
        for (log, expect) in [
            (line.repeat(2), 24),
            (format!("running 1 test\n\x1b[0m{line}"), 12),
            ("no tests to run!".to_owned(), 0),
            ("test result: FAILED. 3 passed; 1 failed".to_owned(), 0),
        ] {
            assert_eq!(passed(&log), expect, "{log}");
        }
    }
}
