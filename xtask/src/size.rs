//! What a first visit downloads, weighed against the budget.

use crate::{Result, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Bytes of Wasm, scripts, styles and page together, as gzip sends them: the whole app before the first cockpit.
const BUDGET_BYTES: usize = 1_000_000;
const COUNTED: [&str; 4] = ["wasm", "js", "css", "html"];

/// One file of dist/.
struct Item {
    name: String,
    raw: u64,
    gzip: usize,
    counted: bool,
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
        items.push(Item {
            name: file.strip_prefix(dist).unwrap_or(&file).display().to_string(),
            raw,
            gzip: gzip(&file)?,
            counted: file
                .extension()
                .is_some_and(|ending| COUNTED.iter().any(|counted| ending == *counted)),
        });
    }
    items.sort_by(|a, b| {
        b.counted
            .cmp(&a.counted)
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
            let note = if item.counted { "" } else { " (not counted)" };
            table += &format!("{:>12} {:>12}  {}{note}\n", item.raw, item.gzip, item.name);
        }
        let raw: u64 = self
            .items
            .iter()
            .filter(|item| item.counted)
            .map(|item| item.raw)
            .sum();
        table + &format!("{raw:>12} {:>12}  {}\n", self.total(), self.verdict())
    }

    /// An error over budget, and for a dist/ without the app, which would weigh nothing.
    pub fn within_budget(&self) -> Result {
        if !self.items.iter().any(|item| item.name.ends_with(".wasm")) {
            return Err("dist/ holds no wasm file: the build did not produce the app".into());
        }
        if self.total() <= BUDGET_BYTES {
            Ok(())
        } else {
            Err(self.verdict())
        }
    }

    /// The sum in words.
    pub fn verdict(&self) -> String {
        let total = self.total();
        let (word, rest) = if total <= BUDGET_BYTES {
            ("below", "")
        } else {
            ("OVER", "; see `cargo xtask build`")
        };
        let share = total * 100 / BUDGET_BYTES;
        format!(
            "app {word} budget: {} of {} KB gzip ({share} %){rest}",
            total.div_ceil(1000),
            BUDGET_BYTES / 1000
        )
    }

    fn total(&self) -> usize {
        self.items
            .iter()
            .filter(|item| item.counted)
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
        let item = |name: &str, gzip, counted| Item {
            name: name.into(),
            raw: 2 * gzip as u64,
            gzip,
            counted,
        };
        for (items, fits) in [
            (
                vec![
                    item("a.wasm", 999_999, true),
                    item("i.html", 1, true),
                    item("sample.csv", 9, false),
                ],
                true,
            ),
            (
                vec![item("a.wasm", 999_999, true), item("i.html", 2, true)],
                false,
            ),
            (vec![item("i.html", 2, true)], false),
        ] {
            let payload = Payload { items };
            assert_eq!(payload.within_budget().is_ok(), fits, "{}", payload.table());
        }
    }
}
