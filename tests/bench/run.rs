//! One engine in one fresh browser.

use super::browser::Browser;
use super::engines::{self, Engine};
use super::memory::{Memory, Watch};
use super::site::Site;
use fantoccini::Locator;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// Clocks of a page that is isolated run to 5 µs, else to 100: brush steps are shorter.
const ISOLATED: &str = "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Embedder-Policy: require-corp\r\n\
                        Cross-Origin-Resource-Policy: same-origin\r\n";
/// Between the page being ready and the file being chosen.
pub const CHOOSING: Duration = Duration::from_millis(1_500);
/// Each question is a task of the page.
const POLL: Duration = Duration::from_millis(500);

/// What came of a run.
pub struct Outcome {
    /// Who ran.
    pub engine: &'static str,
    lines: u64,
    page: Value,
    payload: u64,
    memory: Memory,
    failure: Option<String>,
}

/// Runs `engine` on `file`.
pub async fn run(engine: &Engine, lines: u64, file: &Path, site: &Path) -> Outcome {
    let server = Site::serve_with(site, ISOLATED);
    let browser = Browser::start().await;
    let watch = Watch::start();
    let address = server.url(&format!("page.html?engine={}{}", engine.adapter, engine.query));
    // 1,000,000 lines in 15 minutes is ten times the slowest.
    let limit = Duration::from_secs(900.max(lines / 2_000));
    let walked = walk(&browser, &address, file, limit).await;
    // What loaded until the plan was through.
    let asked = server.asked();
    let memory = watch.stop();
    let (page, failure) = match walked {
        Ok(page) => (page, None),
        Err((page, sentence)) => (page, Some(sentence)),
    };
    Outcome {
        engine: engine.name,
        lines,
        page,
        payload: engines::payload(site, &asked),
        memory,
        failure,
    }
}

async fn walk(
    browser: &Browser,
    address: &str,
    file: &Path,
    limit: Duration,
) -> Result<Value, (Value, String)> {
    let words = |error: fantoccini::error::CmdError| (Value::Null, error.to_string());
    browser.client.goto(address).await.map_err(words)?;
    reach(browser, "ready", Duration::from_secs(120)).await?;
    // Nobody chooses a file within a second of seeing the page; what an engine does meanwhile is its own affair.
    tokio::time::sleep(CHOOSING).await;
    let input = browser.client.find(Locator::Css("input")).await.map_err(words)?;
    input
        .send_keys(&file.display().to_string())
        .await
        .map_err(words)?;
    reach(browser, "done", limit).await
}

/// Waits until the page is in `phase` or done.
async fn reach(browser: &Browser, phase: &str, limit: Duration) -> Result<Value, (Value, String)> {
    let end = Instant::now() + limit;
    let mut last = Value::Null;
    loop {
        match browser.client.execute("return window.bench", Vec::new()).await {
            Ok(bench) => last = bench,
            // A page that is busy for half a minute answers later; one that died, never.
            Err(error) => {
                let sentence = error.to_string();
                if !sentence.contains("timeout") {
                    return Err((last, sentence));
                }
            }
        }
        let here = last["phase"].as_str().unwrap_or_default();
        if here == phase || here == "done" {
            return Ok(last);
        }
        if Instant::now() >= end {
            return Err((
                last.clone(),
                format!("was still at `{here}` after {} s", limit.as_secs()),
            ));
        }
        tokio::time::sleep(POLL).await;
    }
}

impl Outcome {
    /// Answers that were not the oracle's.
    pub fn wrong(&self) -> Vec<String> {
        let all = self.page["wrong"].as_array().into_iter().flatten();
        all.filter_map(|sentence| Some(format!("{}, {}", self.engine, sentence.as_str()?)))
            .collect()
    }

    /// Whether an answer was wrong, or the file was read to another number of lines.
    pub fn is_wrong(&self) -> bool {
        let lines = &self.page["stages"]["first"]["lines"];
        !self.wrong().is_empty() || lines.as_u64().is_some_and(|lines| lines != self.lines)
    }

    /// What did not work, in one line.
    pub fn errors(&self) -> Option<String> {
        let stages = self.page["errors"].as_object().into_iter().flatten();
        let mut all: Vec<String> = stages
            .map(|(stage, text)| {
                format!(
                    "{stage}: {}",
                    text.as_str().unwrap_or_default().lines().next().unwrap_or("")
                )
            })
            .collect();
        all.extend(
            self.failure
                .as_ref()
                .map(|words| words.lines().next().unwrap_or("").to_owned()),
        );
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// A number of a stage.
    pub fn number(&self, stage: &str, name: &str) -> Option<f64> {
        self.page["stages"][stage][name].as_f64()
    }

    /// Times of the steps of a stage, in milliseconds. Of a brush: of the way whose p95 is least, with its name.
    pub fn steps(&self, stage: &str) -> Option<Vec<f64>> {
        let stage = &self.page["stages"][stage];
        let list = |value: &Value| -> Option<Vec<f64>> {
            let all: Vec<f64> = value["ms"].as_array()?.iter().filter_map(Value::as_f64).collect();
            (!all.is_empty()).then_some(all)
        };
        list(stage).or_else(|| {
            let ways = stage.as_object()?.values().filter_map(list);
            ways.min_by(|a, b| super::table::quantile(a, 0.95).total_cmp(&super::table::quantile(b, 0.95)))
        })
    }

    /// Longest the main thread was kept, in milliseconds, over all stages.
    pub fn blocked(&self) -> Option<f64> {
        let stages = self.page["blocked"].as_object()?.values();
        let longest = stages.filter_map(|stage| {
            let (gap, task) = (stage["gap_ms"].as_f64()?, stage["longest_ms"].as_f64()?);
            Some(gap.max(task))
        });
        longest.max_by(f64::total_cmp)
    }

    /// Most memory of its own that the tab held: until the first answers, and over all stages. In bytes.
    pub fn peaks(&self) -> Option<(u64, u64)> {
        let epochs = self.page["epochs"].as_object()?;
        let moment = |stage: &str, at: usize| epochs.get(stage).and_then(|epoch| epoch[at].as_f64());
        let from = moment("first", 0)?;
        let end = epochs
            .values()
            .filter_map(|epoch| epoch[1].as_f64())
            .max_by(f64::total_cmp)?;
        Some((
            self.memory.peak(from, moment("first", 1)?).0,
            self.memory.peak(from, end).0,
        ))
    }

    /// Bytes of what it needs, after gzip -9.
    pub fn payload(&self) -> u64 {
        self.payload
    }

    /// One line for the terminal.
    pub fn line(&self) -> String {
        let ms = |stage: &str, name: &str| {
            self.number(stage, name)
                .map_or("–".to_owned(), |ms| format!("{ms:.0} ms"))
        };
        format!(
            "{:<12} ingest {:>9}, cockpit {:>8}{}",
            self.engine,
            ms("first", "ingest_ms"),
            ms("first", "cockpit_ms"),
            self.errors()
                .map(|errors| format!("  ({errors})"))
                .unwrap_or_default()
        )
    }

    /// All of it.
    pub fn json(&self) -> Value {
        let (first, whole) = self.peaks().unwrap_or_default();
        json!({
            "engine": self.engine,
            "page": self.page,
            "payload_bytes": self.payload,
            "peak_first_bytes": first,
            "peak_bytes": whole,
            "peak_resident_bytes": self.memory.peak(0.0, f64::MAX).1,
            "failure": self.failure,
        })
    }
}
