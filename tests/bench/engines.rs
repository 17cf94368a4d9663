//! The engines, and the site that each is loaded from.

use std::fs;
use std::path::Path;
use std::process::Command;

/// An engine.
pub struct Engine {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its name in the table.
    pub title: &'static str,
    /// Module of `engines/` that speaks to it.
    pub adapter: &'static str,
    /// What follows the address of the page.
    pub query: &'static str,
    /// Files of its package that it loads by address, and the folder of the site for them.
    files: &'static [(&'static str, &'static str)],
}

const DUCKDB: &[(&str, &str)] = &[
    ("@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js", "duckdb"),
    ("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm", "duckdb"),
    ("@duckdb/duckdb-wasm/dist/duckdb-browser-coi.worker.js", "duckdb"),
    (
        "@duckdb/duckdb-wasm/dist/duckdb-browser-coi.pthread.worker.js",
        "duckdb",
    ),
    ("@duckdb/duckdb-wasm/dist/duckdb-coi.wasm", "duckdb"),
];

/// All, ours first.
pub const ENGINES: &[Engine] = &[
    Engine {
        name: "stockpit",
        title: "Stockpit",
        adapter: "stockpit",
        query: "",
        files: &[],
    },
    Engine {
        name: "duckdb",
        title: "DuckDB-Wasm, threads",
        adapter: "duckdb",
        query: "&bundle=coi",
        files: DUCKDB,
    },
    Engine {
        name: "duckdb-eh",
        title: "DuckDB-Wasm, one thread",
        adapter: "duckdb",
        query: "&bundle=eh",
        files: DUCKDB,
    },
    Engine {
        name: "crossfilter",
        title: "crossfilter2 + PapaParse",
        adapter: "crossfilter",
        query: "",
        files: &[],
    },
    Engine {
        name: "arquero",
        title: "Arquero",
        adapter: "arquero",
        query: "",
        files: &[],
    },
    Engine {
        name: "perspective",
        title: "Perspective",
        adapter: "perspective",
        query: "",
        files: &[
            (
                "@perspective-dev/client/dist/wasm/perspective-js.wasm",
                "perspective",
            ),
            (
                "@perspective-dev/server/dist/wasm/perspective-server.wasm",
                "perspective",
            ),
        ],
    },
];

/// Puts page, adapters with their packages, and what they load into `site`.
pub fn build(root: &Path, work: &Path, engines: &[&Engine], site: &Path) {
    let here = root.join("tests/bench");
    let modules = work.join("npm/node_modules");
    for name in ["page.html", "harness.js"] {
        copy(&here.join(name), &site.join(name));
    }
    let dist = root.join("dist");
    if dist.is_dir() {
        copy_all(&dist, &site.join("dist"));
    }
    for engine in engines {
        for (file, folder) in engine.files {
            let name = Path::new(file).file_name().expect("a file has a name");
            copy(&modules.join(file), &site.join("vendor").join(folder).join(name));
        }
        let out = site.join("engines").join(format!("{}.js", engine.adapter));
        let bundled = Command::new(modules.join(".bin/esbuild"))
            .arg(here.join("engines").join(format!("{}.js", engine.adapter)))
            .args([
                "--bundle",
                "--minify",
                "--format=esm",
                "--target=chrome130",
                "--log-level=warning",
            ])
            .arg(format!("--outfile={}", out.display()))
            .env("NODE_PATH", &modules)
            .status();
        let bundled = bundled.unwrap_or_else(|error| panic!("no packages, run `cargo xtask bench`: {error}"));
        assert!(bundled.success(), "{} was not bundled", engine.name);
    }
}

/// Bytes of wasm and scripts among `asked` after gzip -9: what the engine needs before it can answer.
pub fn payload(site: &Path, asked: &[String]) -> u64 {
    let mut files: Vec<&String> = asked
        .iter()
        .filter(|path| path.ends_with(".js") || path.ends_with(".wasm"))
        .filter(|path| *path != "harness.js")
        .collect();
    files.sort();
    files.dedup();
    files.iter().map(|path| gzip(&site.join(path))).sum()
}

fn gzip(file: &Path) -> u64 {
    let output = Command::new("gzip").args(["-9", "-n", "-c"]).arg(file).output();
    output.expect("gzip is installed").stdout.len() as u64
}

fn copy(from: &Path, to: &Path) {
    let folder = to.parent().expect("a file lies in a folder");
    fs::create_dir_all(folder).expect("the site can be written");
    fs::copy(from, to).unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask bench`", from.display()));
}

fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("dist/ can be listed").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_all(&path, &target);
        } else {
            copy(&path, &target);
        }
    }
}
