//! Which files of a watched folder are new and there whole.

use crate::protocol::FileMark;
use crate::time::UtcMillis;
use std::collections::BTreeMap;

/// A file written in the last moments may still be written to.
const QUIET_MILLIS: i64 = 2_000;

/// Endings of names that are read; others are none of our files.
const ENDINGS: [&str; 11] = [
    "csv", "tsv", "txt", "xlsx", "xls", "ods", "json", "ndjson", "jsonl", "zip", "xlsm",
];

/// A folder that is looked at again and again.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// What has been read: size and time by name.
    read: BTreeMap<String, (u64, UtcMillis)>,
    /// Sizes at the last look.
    sizes: BTreeMap<String, u64>,
}

impl Folder {
    /// A folder of which `read` has been read before.
    pub fn new(read: Vec<FileMark>) -> Self {
        Self {
            read: read
                .into_iter()
                .map(|mark| (mark.name, (mark.size, mark.modified)))
                .collect(),
            sizes: BTreeMap::new(),
        }
    }

    /// Of the files that are there now those to be read, in the order in which they were written. A file has to
    /// have the size it had at the last look and to be two seconds old: others are still being written.
    pub fn look(&mut self, found: Vec<FileMark>, now: UtcMillis) -> Vec<FileMark> {
        let found: Vec<FileMark> = found.into_iter().filter(|mark| is_ours(&mark.name)).collect();
        let sizes: BTreeMap<String, u64> = found.iter().map(|mark| (mark.name.clone(), mark.size)).collect();
        // Those that are gone are forgotten: if they come back, they are new.
        self.read.retain(|name, _| sizes.contains_key(name));
        let mut ready = found;
        ready.retain(|mark| {
            let is_still = self.sizes.get(&mark.name) == Some(&mark.size);
            let age = now.0.saturating_sub(mark.modified.0);
            // What is from the future is as old as can be known: some drives have a clock of their own.
            let is_quiet = !(0..QUIET_MILLIS).contains(&age);
            is_still && is_quiet && self.read.get(&mark.name) != Some(&(mark.size, mark.modified))
        });
        ready.sort_by(|a, b| (a.modified, &a.name).cmp(&(b.modified, &b.name)));
        self.sizes = sizes;
        ready
    }

    /// A file has been read as it was.
    pub fn has_read(&mut self, mark: FileMark) {
        self.read.insert(mark.name, (mark.size, mark.modified));
    }

    /// All that has been read and is still there, by name.
    pub fn read(&self) -> Vec<FileMark> {
        let mark = |(name, (size, modified)): (&String, &(u64, UtcMillis))| FileMark {
            name: name.clone(),
            size: *size,
            modified: *modified,
        };
        self.read.iter().map(mark).collect()
    }
}

/// Whether a file of this name may be an export: no hidden file, no lock file of a spreadsheet, no half download.
fn is_ours(name: &str) -> bool {
    let is_aside = name.starts_with('.') || name.starts_with("~$");
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    !is_aside && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(files: &[(&str, u64, i64)]) -> Vec<FileMark> {
        let mark = |(name, size, modified): &(&str, u64, i64)| FileMark {
            name: (*name).to_owned(),
            size: *size,
            modified: UtcMillis(modified * 1_000),
        };
        files.iter().map(mark).collect()
    }

    /// Looks at `files` at `secs`, reads what is ready, and yields its names.
    fn look(folder: &mut Folder, secs: i64, files: &[(&str, u64, i64)]) -> Vec<String> {
        let ready = folder.look(marks(files), UtcMillis(secs * 1_000));
        for mark in &ready {
            folder.has_read(mark.clone());
        }
        ready.into_iter().map(|mark| mark.name).collect()
    }

    #[test]
    fn files_are_read_once_they_are_whole_and_again_once_they_change() {
        let mut folder = Folder::default();
        for (secs, files, expect) in [
            (10, vec![("a.csv", 5, 1)], vec![]),
            // The second look shows that it rests.
            (15, vec![("a.csv", 5, 1), ("b.csv", 1, 15)], vec!["a.csv"]),
            // It grows; then it is too young; then it is whole.
            (20, vec![("a.csv", 5, 1), ("b.csv", 9, 20)], vec![]),
            (21, vec![("a.csv", 5, 1), ("b.csv", 9, 20)], vec![]),
            (23, vec![("a.csv", 5, 1), ("b.csv", 9, 20)], vec!["b.csv"]),
            (28, vec![("a.csv", 5, 1), ("b.csv", 9, 20)], vec![]),
            // The same size, written anew.
            (33, vec![("a.csv", 5, 29), ("b.csv", 9, 20)], vec!["a.csv"]),
            // Gone, and back.
            (38, vec![("b.csv", 9, 20)], vec![]),
            (43, vec![("a.csv", 5, 29), ("b.csv", 9, 20)], vec![]),
            (48, vec![("a.csv", 5, 29), ("b.csv", 9, 20)], vec!["a.csv"]),
            // In the order in which they were written, the last one last.
            (53, vec![("b.csv", 8, 51), ("a.csv", 7, 50)], vec![]),
            (
                58,
                vec![("b.csv", 8, 51), ("a.csv", 7, 50)],
                vec!["a.csv", "b.csv"],
            ),
            // From the future.
            (60, vec![("a.csv", 7, 99), ("b.csv", 8, 51)], vec!["a.csv"]),
        ] {
            assert_eq!(look(&mut folder, secs, &files), expect, "at {secs} s");
        }
    }

    #[test]
    fn what_was_read_before_a_reload_is_not_read_again() {
        let mut folder = Folder::new(marks(&[("a.csv", 5, 1), ("b.csv", 5, 1)]));
        let files = [("a.csv", 5, 1), ("b.csv", 6, 2), ("c.csv", 5, 3)];
        look(&mut folder, 10, &files);
        assert_eq!(look(&mut folder, 20, &files), ["b.csv", "c.csv"]);
        assert_eq!(folder.read(), marks(&files));
    }

    #[test]
    fn only_exports_are_ours() {
        for (name, expect) in [
            ("orders.csv", true),
            ("ORDERS.XLSX", true),
            ("导出.json", true),
            ("a.b.ndjson", true),
            ("photo.png", false),
            ("csv", false),
            (".orders.csv", false),
            ("~$orders.xlsx", false),
            ("orders.csv.crdownload", false),
            ("orders.csv.part", false),
        ] {
            assert_eq!(is_ours(name), expect, "{name}");
        }
    }
}
