//! What a first visit downloads, weighed against the budget.

use crate::{Result, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Bytes of Wasm, scripts, styles and page together, as gzip sends them: the whole app before the first cockpit.
const BUDGET_BYTES: usize = 1_000_000;
const COUNTED: [&str; 4] = ["wasm", "js", "css", "html"];
/// Bytes of the worker that reads files, as gzip sends them: they come with the first file or live source. Live sources
/// are in it, since they need its parsers: sockets, streams and the protocol.
const READER_BYTES: usize = 720_000;
/// How the names of its files begin.
const READER: &str = "reader";
/// How the names of the page's and the engine's other parts end, which come once the cockpit stands.
const BESIDE: [&str; 2] = ["_screens.wasm", "_later.wasm"];
/// How those of the engine for programs begin, which the page never asks for.
const LIBRARY: [&str; 2] = ["library", "stockpit-engine"];

/// One file of dist/.
struct Item {
    name: String,
    raw: u64,
    gzip: usize,
    part: Part,
}

/// What a file is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// What comes before the first cockpit.
    App,
    /// What comes with the first file.
    Reader,
    /// What comes once the cockpit stands.
    Beside,
    /// Data, pictures, what is for programs.
    None,
}

impl Part {
    fn of(name: &str) -> Self {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let is_of = |name: &&str| {
            let rest = stem.strip_prefix(*name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
        };
        if !COUNTED.contains(&ending) || LIBRARY.iter().any(is_of) {
            Self::None
        } else if is_of(&READER) {
            Self::Reader
        } else if BESIDE.iter().any(|ending| name.ends_with(ending)) {
            Self::Beside
        } else {
            Self::App
        }
    }
}

/// The files of dist/ with their sizes in bytes, the app's own first.
pub struct Payload {
    items: Vec<Item>,
}

/// Weighs every file below `dist`.
pub fn weigh(dist: &Path) -> Result<Payload> {
    let mut items = Vec::new();
    for file in files(dist)? {
        let raw = file
            .metadata()
            .map_err(|e| format!("cannot read {}: {e}", file.display()))?
            .len();
        let name = file.strip_prefix(dist).unwrap_or(&file).display().to_string();
        items.push(Item {
            raw,
            gzip: gzip(&file)?,
            part: Part::of(&name),
            name,
        });
    }
    items.sort_by(|a, b| {
        a.part
            .cmp(&b.part)
            .then(b.gzip.cmp(&a.gzip))
            .then(a.name.cmp(&b.name))
    });
    Ok(Payload { items })
}

impl Payload {
    /// One line a file and the sum.
    pub fn table(&self) -> String {
        let mut table = format!("{:>12} {:>12}  file\n", "raw", "gzip -9");
        for item in &self.items {
            let note = match item.part {
                Part::App => "",
                Part::Reader => " (with the first file)",
                Part::Beside => " (after the cockpit)",
                Part::None => " (not counted)",
            };
            table += &format!("{:>12} {:>12}  {}{note}\n", item.raw, item.gzip, item.name);
        }
        let raw: u64 = self
            .items
            .iter()
            .filter(|item| item.part == Part::App)
            .map(|item| item.raw)
            .sum();
        let app = format!("{raw:>12} {:>12}  ", self.total(Part::App));
        table + &app + &self.verdict() + "\n"
    }

    /// An error over budget, and for a dist/ without the app, which would weigh nothing.
    pub fn within_budget(&self) -> Result {
        if !self.items.iter().any(|item| item.name.ends_with(".wasm")) {
            return Err("dist/ holds no wasm file: the build did not produce the app".into());
        }
        if self.total(Part::App) <= BUDGET_BYTES && self.total(Part::Reader) <= READER_BYTES {
            Ok(())
        } else {
            Err(self.verdict())
        }
    }

    /// The sum in words.
    pub fn verdict(&self) -> String {
        let budgets = [
            ("app", Part::App, BUDGET_BYTES),
            ("reader", Part::Reader, READER_BYTES),
        ];
        let words = budgets.map(|(name, part, budget)| {
            let total = self.total(part);
            let (word, rest) = if total <= budget {
                ("below", "")
            } else {
                ("OVER", "; see `cargo xtask build`")
            };
            let share = total * 100 / budget;
            format!(
                "{name} {word} budget: {} of {} KB gzip ({share} %){rest}",
                total.div_ceil(1000),
                budget / 1000
            )
        });
        words.join(" · ")
    }

    fn total(&self, part: Part) -> usize {
        self.items
            .iter()
            .filter(|item| item.part == part)
            .map(|item| item.gzip)
            .sum()
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |e: std::io::Error| format!("cannot read {}: {e}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// The size after `gzip -9`, by the program itself.
fn gzip(file: &Path) -> Result<usize> {
    let mut gzip = run::command("gzip");
    let output = gzip
        .args(["-9", "-n", "-c"])
        .arg(file)
        .stderr(Stdio::inherit())
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(output.stdout.len()),
        Ok(output) => Err(format!("gzip failed on {} ({})", file.display(), output.status)),
        Err(e) => Err(format!("cannot start gzip: {e}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_app_counts() {
        let item = |name: &str, gzip| Item {
            name: name.into(),
            raw: 2 * gzip as u64,
            gzip,
            part: Part::of(name),
        };
        for (items, fits) in [
            (
                vec![
                    item("a.wasm", 999_999),
                    item("i.html", 1),
                    item("sample.csv", 9),
                    item("reader_bg-0a.wasm", 599_999),
                    item("reader-0a.js", 1),
                ],
                true,
            ),
            (vec![item("a.wasm", 999_999), item("i.html", 2)], false),
            (
                vec![item("a.wasm", 1), item("reader_loader-0a.js", 720_001)],
                false,
            ),
            (vec![item("a.wasm", 1), item("readers.js", 999_999)], true),
            (vec![item("a.wasm", 1), item("a_screens.wasm", 999_999)], true),
            (vec![item("a.wasm", 2), item("readers.js", 999_999)], false),
            (vec![item("i.html", 2)], false),
        ] {
            let payload = Payload { items };
            assert_eq!(payload.within_budget().is_ok(), fits, "{}", payload.table());
        }
    }
}
