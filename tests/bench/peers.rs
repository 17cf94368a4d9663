//! Our engine and its peers on the same file, in headless Chromium, in turns: `cargo xtask bench`.
//!
//! Each engine of each round has a browser and a profile of its own, reads the same file from the disk and is asked the
//! same; the order is reversed every other round. An answer that differs from the oracle's ([`truth`]) fails the run.
//! What is measured is said in [`table`], what an engine is asked in `harness.js`, how each is used in `engines/`.

#![cfg_attr(
    target_arch = "wasm32",
    allow(dead_code, reason = "a browser has no browsers")
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a benchmark stops where it is wrong, and says what it measured"
)]

#[allow(dead_code, reason = "journeys tell stories")]
#[path = "../journeys/broadcaster.rs"]
mod broadcaster;
#[allow(dead_code, reason = "journeys drive more of it")]
#[path = "../journeys/browser.rs"]
mod browser;
#[allow(dead_code, reason = "journeys write files of their own")]
#[path = "../journeys/site.rs"]
mod site;

mod args;
mod data;
mod engines;
mod flow;
mod live;
mod memory;
mod page;
mod run;
#[allow(dead_code, reason = "a test holds bounds")]
mod score;
mod table;
mod truth;

use args::Args;
use engines::Engine;
use run::Outcome;
use serde_json::json;
use site::TempFolder;
use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if !given.iter().any(|word| word == "--bench") {
        println!("skipped: `cargo xtask bench` runs this");
        return ExitCode::SUCCESS;
    }
    if given.iter().any(|word| word == "--help") {
        println!("{}", args::HELP);
        return ExitCode::SUCCESS;
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if given.iter().any(|word| word == "alerts") {
        alerts(&root.join("target/bench"));
        return ExitCode::SUCCESS;
    }
    if let Some(at) = given.iter().position(|word| word == "live") {
        let parts = given.get(at + 1).map_or("abc", String::as_str);
        let is_right = live::bench(&root.join("dist"), &root.join("target/bench"), parts).await;
        return if is_right {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    match args::parse(&given) {
        Ok(args) => bench(&args).await,
        Err(sentence) => {
            eprintln!("error: {sentence}\n\n{}", args::HELP);
            ExitCode::FAILURE
        }
    }
}

/// Scores the default rules of alerts on eight weeks of the shop, after its first four.
fn alerts(work: &Path) {
    let score = score::score(score::Plan {
        seed: 618,
        days: (28, 84),
        every: (1_800_000, 10_000),
    });
    let text = score.table();
    fs::create_dir_all(work).expect("target/ can be written");
    fs::write(work.join("alerts.md"), &text).expect("the table can be kept");
    println!("bursts: {:?}\nfalse: {:?}\n\n{text}", score.told, score.wrong);
}

async fn bench(args: &Args) -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let work = root.join("target/bench");
    let mut engines: Vec<&Engine> = args.engines.clone();
    if !root.join("dist/stockpit-engine.js").is_file()
        && engines.iter().any(|engine| engine.name == "stockpit")
    {
        println!("NOTE: dist/ holds no stockpit-engine.js: our engine is not measured\n");
        engines.retain(|engine| engine.name != "stockpit");
    }
    let mut failed = false;
    for &lines in &args.lines {
        let site = TempFolder::new();
        let (file, clicks) = prepare(args, lines, &work, site.path());
        engines::build(&root, &work, &engines, site.path());

        let mut outcomes: Vec<Outcome> = Vec::new();
        for round in 0..args.rounds {
            let mut turn: Vec<&Engine> = engines.clone();
            if round % 2 == 1 {
                turn.reverse();
            }
            for engine in turn {
                let outcome = run::run(engine, lines, &file, site.path()).await;
                println!("  round {} of {}  {}", round + 1, args.rounds, outcome.line());
                failed |= outcome.is_wrong();
                outcomes.push(outcome);
            }
        }
        let all: Vec<_> = outcomes.iter().map(Outcome::json).collect();
        let kept = work.join(format!("results-{lines}.json"));
        fs::write(&kept, json!({ "lines": lines, "runs": all }).to_string()).expect("results can be kept");
        let text = table::markdown(lines, args.rounds, &engines, &outcomes);
        fs::write(work.join(format!("results-{lines}.md")), &text).expect("the table can be kept");
        println!("\n{text}");
        if engines.iter().any(|engine| engine.name == "stockpit") {
            let dist = root.join("dist");
            let (text, is_right) = page::bench(&dist, &file, lines, &clicks, args.rounds).await;
            fs::write(work.join(format!("page-{lines}.md")), &text).expect("the table can be kept");
            println!("\n{text}");
            failed |= !is_right;
        }
        for outcome in outcomes.iter().filter(|outcome| outcome.is_wrong()) {
            println!("WRONG: {}", outcome.wrong().join("\n       "));
        }
    }
    if failed {
        eprintln!("error: an answer was wrong");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Writes the file, what is asked and the right answers; yields where the file is, and what is clicked on the page.
fn prepare(args: &Args, lines: u64, work: &Path, site: &Path) -> (PathBuf, Vec<truth::Click>) {
    let start = Instant::now();
    let plan = truth::Plan::new(args.steps, args.batches);
    let more = (args.batches * truth::BATCH) as u64;
    fs::create_dir_all(work).expect("target/ can be written");
    let file = work.join(format!("orders-{lines}.csv"));
    // Written anew each time: what was left of an older generator must not be measured.
    let out = fs::File::create(&file).expect("target/ can be written");
    let (facts, feed) = data::write(lines, more, &mut BufWriter::new(out)).expect("the file can be written");
    let bytes = file.metadata().map_or(0, |meta| meta.len());
    let written = start.elapsed();

    let write = |name: &str, value: &serde_json::Value| {
        let path = site.join(name);
        fs::create_dir_all(path.parent().unwrap_or(site)).expect("the site can be written");
        fs::write(path, value.to_string()).expect("the site can be written");
    };
    let mut asked = plan.json();
    asked["batch"] = json!(truth::BATCH);
    write("plan.json", &asked);
    write(
        "truth.json",
        &plan.truth(&facts, lines as usize).into_iter().collect(),
    );
    let clicks = truth::clicks(&facts[..lines as usize]);
    let goods = data::goods();
    let objects: Vec<_> = feed
        .iter()
        .map(|line| line.object(&goods[usize::from(line.fact.sku)]))
        .collect();
    write(
        "batches.json",
        &json!(objects.chunks(truth::BATCH).collect::<Vec<_>>()),
    );
    println!(
        "{lines} lines, {:.1} MB, {:.0} bytes a line; written in {:.1} s, answers known after {:.1} s",
        bytes as f64 / 1e6,
        bytes as f64 / lines.max(1) as f64,
        written.as_secs_f64(),
        start.elapsed().as_secs_f64()
    );
    (file, clicks)
}
