//! Real exports beside the repository, and the values they must give.

use serde_json::Value;
use std::path::PathBuf;

/// Paths of exports of `../shared/data`; `None`, with a notice, where one is not here. They are never part of
/// the repository.
pub fn exports(names: &[&str]) -> Option<Vec<PathBuf>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    if let Some(missing) = paths.iter().find(|path| !path.is_file()) {
        println!("skipped: {} is not here", missing.display());
        return None;
    }
    let whole = |path: PathBuf| path.canonicalize().expect("a file that is here has a path");
    Some(paths.into_iter().map(whole).collect())
}

/// A file of golden values.
pub fn golden(name: &str) -> Option<Value> {
    let path = exports(&[name])?.remove(0);
    let text = std::fs::read_to_string(&path).expect("golden values can be read");
    Some(serde_json::from_str(&text).expect("golden values are JSON"))
}

/// A golden value as text.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A decimal without what does not change its value: `71673394.00` and `71673394.0` are equal.
pub fn plain(decimal: &str) -> String {
    if !decimal.contains('.') {
        return decimal.to_owned();
    }
    decimal.trim_end_matches('0').trim_end_matches('.').to_owned()
}
