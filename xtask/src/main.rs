//! `cargo xtask`: set-up, build, serve and test, with no dependency but std.
//!
//! [`setup`] makes the machine ready (tools in a cache folder of the user, [`wasm_std`], [`browser`]); [`bundle`] runs
//! Trunk, which calls back into [`hook`], [`cut`] and [`names`]; [`size`] weighs the result, [`serve`] serves it, [`check`] runs every test, [`bench`] measures, [`fuzz`] looks for inputs that break it.
//! Every command installs what it needs and is missing, so there is nothing to do first.

mod apt;
mod bench;
mod browser;
mod bundle;
mod check;
mod cut;
mod fuzz;
mod hook;
mod mime;
mod names;
mod place;
mod run;
mod serve;
mod setup;
mod size;
mod wasm_std;

use std::process::ExitCode;

/// What every step yields: a value, or one sentence for the person at the terminal.
type Result<T = ()> = std::result::Result<T, String>;

const HELP: &str = "\
Usage: cargo xtask <command>

  serve         build the release and serve it on http://127.0.0.1:8080 (PORT overrides)
  test [part]   format, lints, native tests, release build, size budget, browser tests, journeys;
                a part runs only the steps whose name contains it, e.g. `test clippy`
  build         build the release into dist/ and weigh it against the budget
  bench [opts]  our engine beside DuckDB-Wasm, crossfilter2, Arquero and Perspective on one file, in
                turns, answers checked; `bench --help` names sizes, rounds and engines; `bench live`
                measures live sources, `bench alerts` the default rules of alerts
  fuzz [targets] [--secs N]
                look for inputs that break what reads bytes (csv, json, stored, manifest, library),
                for 60 s over all; needs a C++ compiler. What it finds enters tests/fuzz/corpus
  dev           serve an unoptimised build on the same port and rebuild on every change
  setup         only install what is missing
  help          this text

Each command first installs what it needs: tools go to STOCKPIT_TOOLS, else to
stockpit-tools in the user's cache folder (XDG_CACHE_HOME or ~/.cache). A bare machine
takes about ten minutes once, afterwards the check takes a second.

  CHROMIUM, CHROMEDRIVER     browser and driver for `test`, where they are not on PATH
  STOCKPIT_WASM_STD=debian   build wasm32's standard library from Debian's source package
                             even where rustup could add it";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => bundle::serve(),
        ["test"] => check::run(""),
        ["test", part] => check::run(part),
        ["build"] => bundle::build(),
        ["dev"] => bundle::dev(),
        ["setup"] => setup::run(),
        ["bench", ref options @ ..] => bench::run(options),
        ["fuzz", ref options @ ..] => fuzz::run(options),
        ["hook"] => hook::run(),
        ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        [] => Err(format!("a command is missing\n\n{HELP}")),
        _ => Err(format!("unknown command `{}`\n\n{HELP}", args.join(" "))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}
