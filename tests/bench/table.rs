//! Medians of all rounds, as markdown.

use super::engines::Engine;
use super::run::Outcome;
use std::fmt::Write as _;

/// What is measured: name, unit, digits, whether more is better, and how it is read off a run.
type Measure = (
    &'static str,
    &'static str,
    usize,
    bool,
    fn(&Outcome) -> Option<f64>,
);

const MEASURES: &[Measure] = &[
    ("ingest: file chosen → loaded", "k lines/s", 0, true, |run| {
        Some(run.number("first", "lines")? / run.number("first", "ingest_ms")?)
    }),
    ("file chosen → seven answers right", "ms", 0, false, |run| {
        run.number("first", "whole_ms")
    }),
    ("seven views, first time", "ms", 1, false, |run| {
        run.number("first", "cockpit_ms")
    }),
    ("filter → seven views, median", "ms", 1, false, |run| {
        Some(quantile(&run.steps("toggles")?, 0.5))
    }),
    ("brush alone, p50", "ms", 2, false, |run| {
        Some(quantile(&run.steps("brush")?, 0.5))
    }),
    ("brush alone, p95", "ms", 2, false, |run| {
        Some(quantile(&run.steps("brush")?, 0.95))
    }),
    ("brush beside a filter, p50", "ms", 2, false, |run| {
        Some(quantile(&run.steps("linked")?, 0.5))
    }),
    ("brush beside a filter, p95", "ms", 2, false, |run| {
        Some(quantile(&run.steps("linked")?, 0.95))
    }),
    ("stream, every view fresh", "k lines/s", 1, true, |run| {
        Some(run.number("stream", "lines")? / run.steps("stream")?.iter().sum::<f64>())
    }),
    ("stream refresh, p50", "ms", 1, false, |run| {
        Some(quantile(&run.steps("stream")?, 0.5))
    }),
    ("stream refresh, p95", "ms", 1, false, |run| {
        Some(quantile(&run.steps("stream")?, 0.95))
    }),
    ("main thread kept, longest", "ms", 0, false, Outcome::blocked),
    ("scripts and wasm, gzip −9", "KB", 0, false, |run| {
        Some(run.payload() as f64 / 1e3)
    }),
    (
        "peak memory of the tab, until the first answers",
        "MB",
        0,
        false,
        |run| Some(run.peaks()?.0 as f64 / 1e6),
    ),
    ("peak memory of the tab, all", "MB", 0, false, |run| {
        Some(run.peaks()?.1 as f64 / 1e6)
    }),
];

/// The table of one size. Ratios: how many times ours is better than the best peer.
pub fn markdown(lines: u64, rounds: usize, engines: &[&Engine], outcomes: &[Outcome]) -> String {
    let mut text = format!(
        "### {} lines, medians of {rounds}\n\n| measure |",
        thousands(lines)
    );
    for engine in engines {
        let _ = write!(text, " {} |", engine.title);
    }
    let has_ours = engines.iter().any(|engine| engine.name == "stockpit");
    text.push_str(if has_ours {
        " ours to the best peer |\n|---|"
    } else {
        "\n|---|"
    });
    text.push_str(&"---:|".repeat(engines.len() + usize::from(has_ours)));
    for (name, unit, digits, more_is_better, read) in MEASURES {
        let values: Vec<Option<f64>> = engines
            .iter()
            .map(|engine| {
                let runs = outcomes
                    .iter()
                    .filter(|run| run.engine == engine.name && !run.is_wrong());
                let all: Vec<f64> = runs.filter_map(read).filter(|value| value.is_finite()).collect();
                (!all.is_empty()).then(|| quantile(&all, 0.5))
            })
            .collect();
        let _ = write!(text, "\n| {name}, {unit} |");
        for value in &values {
            let _ = match value {
                Some(value) => write!(text, " {value:.digits$} |"),
                None => write!(text, " – |"),
            };
        }
        if has_ours {
            let mine = |engine: &&Engine| engine.name == "stockpit";
            let ours = engines.iter().position(mine).and_then(|at| values[at]);
            let peers = engines.iter().zip(&values).filter(|(engine, _)| !mine(engine));
            let peers = peers.filter_map(|(_, value)| *value);
            let best = if *more_is_better {
                peers.max_by(f64::total_cmp)
            } else {
                peers.min_by(f64::total_cmp)
            };
            let _ = match (ours, best) {
                (Some(ours), Some(best)) if *more_is_better => write!(text, " {:.2} × |", ours / best),
                (Some(ours), Some(best)) => write!(text, " {:.2} × |", best / ours),
                _ => write!(text, " – |"),
            };
        }
    }
    text.push('\n');
    for engine in engines {
        let mut errors: Vec<String> = outcomes
            .iter()
            .filter(|run| run.engine == engine.name)
            .filter_map(Outcome::errors)
            .collect();
        errors.dedup();
        for error in errors {
            let _ = write!(text, "\n{}: {error}\n", engine.title);
        }
    }
    text
}

/// The value below which `share` of `values` lie: the nearest rank. NaN for none.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// A count with its thousands set apart.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
