//! Which files of a watched folder are new and there whole.

use crate::arrange::arrange;
use crate::protocol::FileMark;
use crate::time::UtcMillis;

/// A file written in the last moments may still be written to.
const QUIET_MILLIS: i64 = 2_000;

/// Endings of names that are read; others are none of our files.
const ENDINGS: [&str; 11] = [
    "csv", "tsv", "txt", "xlsx", "xls", "ods", "json", "ndjson", "jsonl", "zip", "xlsm",
];

/// A folder that is looked at again and again. It holds as many files as people put into a folder: lists will do.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// What has been read, as it was.
    read: Vec<FileMark>,
    /// What was there at the last look.
    seen: Vec<FileMark>,
}

impl Folder {
    /// A folder of which `read` has been read before.
    pub const fn new(read: Vec<FileMark>) -> Self {
        Self {
            read,
            seen: Vec::new(),
        }
    }

    /// Of the files that are there now those to be read, in the order in which they were written. A file has to
    /// have the size it had at the last look and to be two seconds old: others are still being written.
    pub fn look(&mut self, found: Vec<FileMark>, now: UtcMillis) -> Vec<FileMark> {
        let mut found = found;
        found.retain(|mark| is_ours(&mark.name));
        arrange(&mut found, |a, b| {
            (a.modified, &a.name).cmp(&(b.modified, &b.name))
        });
        // Those that are gone are forgotten: if they come back, they are new.
        self.read
            .retain(|mark| found.iter().any(|found| found.name == mark.name));
        let is_ready = |mark: &&FileMark| {
            let is_still = |seen: &FileMark| seen.size == mark.size && seen.name == mark.name;
            let age = now.0.saturating_sub(mark.modified.0);
            // What is from the future is as old as can be known: some drives have a clock of their own.
            let is_quiet = !(0..QUIET_MILLIS).contains(&age);
            is_quiet && !self.read.contains(mark) && self.seen.iter().any(is_still)
        };
        let ready = found.iter().filter(is_ready).cloned().collect();
        self.seen = found;
        ready
    }

    /// A file has been read as it was.
    pub fn has_read(&mut self, mark: FileMark) {
        self.read.retain(|read| read.name != mark.name);
        self.read.push(mark);
    }

    /// All that has been read and is still there.
    pub fn read(&self) -> &[FileMark] {
        &self.read
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
        let mut read = folder.read().to_vec();
        read.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(read, marks(&files));
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
