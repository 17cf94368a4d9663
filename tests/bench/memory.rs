//! Memory of the tab, read off the system while an engine works.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const EVERY: Duration = Duration::from_millis(25);
/// Processes are listed anew each so many samples.
const LIST: u32 = 20;

/// Samples of one moment's memory: milliseconds since 1970, bytes of the process's own and all that are resident.
#[derive(Clone, Copy, Debug)]
struct Sample {
    epoch_ms: f64,
    own: u64,
    resident: u64,
}

/// Watches the renderers below this process until asked to stop.
pub struct Watch {
    over: Arc<AtomicBool>,
    thread: JoinHandle<HashMap<u32, Vec<Sample>>>,
}

/// What the tab's process held.
#[derive(Clone, Debug, Default)]
pub struct Memory(Vec<Sample>);

impl Watch {
    /// Starts to watch.
    pub fn start() -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&over);
        let thread = thread::spawn(move || {
            let mut seen: HashMap<u32, Vec<Sample>> = HashMap::new();
            let (mut renderers, mut turn) = (Vec::new(), 0);
            while !stop.load(Ordering::Relaxed) {
                if turn % LIST == 0 {
                    renderers = find(std::process::id());
                }
                turn += 1;
                for &process in &renderers {
                    if let Some(sample) = sample(process) {
                        seen.entry(process).or_default().push(sample);
                    }
                }
                thread::sleep(EVERY);
            }
            seen
        });
        Self { over, thread }
    }

    /// Stops; the tab's process is the one that held most (a browser keeps an empty one in reserve).
    pub fn stop(self) -> Memory {
        self.over.store(true, Ordering::Relaxed);
        let seen = self.thread.join().unwrap_or_default();
        let most = |samples: &Vec<Sample>| samples.iter().map(|sample| sample.own).max();
        Memory(seen.into_values().max_by_key(most).unwrap_or_default())
    }
}

impl Memory {
    /// Most bytes of its own, and most resident with what it shares, between two moments.
    pub fn peak(&self, from_ms: f64, to_ms: f64) -> (u64, u64) {
        let within = || self.within(from_ms, to_ms);
        (
            within().map(|sample| sample.own).max().unwrap_or(0),
            within().map(|sample| sample.resident).max().unwrap_or(0),
        )
    }

    /// Bytes of its own in the middle of the samples between two moments; 0 of none.
    pub fn median(&self, from_ms: f64, to_ms: f64) -> u64 {
        let mut own: Vec<u64> = self.within(from_ms, to_ms).map(|sample| sample.own).collect();
        own.sort_unstable();
        own.get(own.len() / 2).copied().unwrap_or(0)
    }

    /// Bytes of its own that come with each millisecond between two moments, by least squares.
    pub fn slope(&self, from_ms: f64, to_ms: f64) -> f64 {
        let points = || {
            self.within(from_ms, to_ms)
                .map(|sample| (sample.epoch_ms - from_ms, sample.own as f64))
        };
        let count = points().count().max(1) as f64;
        let (x, y) = points().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x / count, sum.1 + y / count));
        let (over, under) = points().fold((0.0, 0.0), |sum, point| {
            let (dx, dy) = (point.0 - x, point.1 - y);
            (sum.0 + dx * dy, sum.1 + dx * dx)
        });
        if under > 0.0 { over / under } else { 0.0 }
    }

    /// Milliseconds since 1970 and bytes of its own, one a second.
    pub fn each_second(&self) -> Vec<(f64, u64)> {
        let mut all: Vec<(f64, u64)> = Vec::new();
        for sample in &self.0 {
            if all.last().is_none_or(|last| sample.epoch_ms - last.0 >= 1_000.0) {
                all.push((sample.epoch_ms, sample.own));
            }
        }
        all
    }

    fn within(&self, from_ms: f64, to_ms: f64) -> impl Iterator<Item = &Sample> {
        let is_within = move |sample: &&Sample| (from_ms..=to_ms).contains(&sample.epoch_ms);
        self.0.iter().filter(is_within)
    }
}

/// Renderers among the descendants of `root`.
fn find(root: u32) -> Vec<u32> {
    let mut parents = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // "pid (name) state parent …", and a name may hold anything.
        let parent = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1));
        if let Some(parent) = parent.and_then(|parent| parent.parse::<u32>().ok()) {
            parents.insert(process, parent);
        }
    }
    let is_below = |process: u32| {
        let mut at = process;
        while let Some(parent) = parents.get(&at) {
            if *parent == root {
                return true;
            }
            at = *parent;
        }
        false
    };
    let is_renderer = |process: u32| {
        let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains("--type=renderer")
    };
    let mut found: Vec<u32> = parents
        .keys()
        .copied()
        .filter(|p| is_below(*p) && is_renderer(*p))
        .collect();
    found.sort_unstable();
    found
}

fn sample(process: u32) -> Option<Sample> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes * 1024)
    };
    let epoch_ms = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs_f64() * 1e3;
    Some(Sample {
        epoch_ms,
        own: field("RssAnon:")? + field("RssShmem:")?,
        resident: field("VmRSS:")?,
    })
}
