//! Where things are: the repository, the cache of tools, the PATH made of both.

use crate::Result;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The repository's root: the folder above this package, as cargo names it at run time (a moved clone stays right).
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let package = PathBuf::from(package);
    package
        .parent()
        .map_or_else(|| package.clone(), Path::to_path_buf)
}

/// Where the built page lies.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Where steps leave their output.
pub fn logs() -> PathBuf {
    root().join("target").join("xtask")
}

/// The user's cache of tools, shared by every clone: a fresh one finds them there.
pub fn cache() -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let folder = if let Some(folder) = set("STOCKPIT_TOOLS") {
        folder
    } else if let Some(cache) = set("XDG_CACHE_HOME") {
        cache.join("stockpit-tools")
    } else if let Some(home) = env::home_dir() {
        home.join(".cache").join("stockpit-tools")
    } else {
        return Err("no home folder is known; set STOCKPIT_TOOLS to a folder for the tools".into());
    };
    std::path::absolute(&folder).map_err(|e| format!("{} is no usable folder: {e}", folder.display()))
}

/// The first file called `name` on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// PATH with `folders` in front.
pub fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&rest)))
        .map_err(|e| format!("the tools' folder cannot be put on PATH: {e}"))
}

/// Creates a folder and its parents.
pub fn make(folder: &Path) -> Result {
    std::fs::create_dir_all(folder).map_err(|e| format!("cannot create {}: {e}", folder.display()))
}

/// Removes a file or folder that may not be there.
pub fn remove(path: &Path) -> Result {
    let removed = match path.symlink_metadata() {
        Ok(meta) if meta.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(_) => return Ok(()),
    };
    removed.map_err(|e| format!("cannot remove {}: {e}", path.display()))
}

/// Puts a finished folder in its place, so that no other run ever sees half of it.
pub fn publish(made: &Path, place: &Path) -> Result {
    remove(place)?;
    std::fs::rename(made, place).map_err(|e| format!("cannot move {} into place: {e}", place.display()))
}

/// Reads a text file.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))
}

/// Writes a file.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result {
    std::fs::write(path, content).map_err(|e| format!("cannot write {}: {e}", path.display()))
}
