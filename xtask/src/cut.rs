//! The page and the engine, each cut in two: what the first cockpit needs, and what comes after it (`src/main.rs`,
//! `src/bin/engine.rs`).
//!
//! Trunk has bound them whole. Here each is begun again from what the linker wrote: `wasm-split-cli` moves all that
//! only the other side of the seam calls, data too, into a file of its own, wasm-bindgen binds the rest, and wasm-opt
//! makes both small, as [`names`] does. Trunk's own files are then replaced under new names, since they would be twice as large.

use crate::hook::hash;
use crate::{Result, names, place, run, wasm_std};
use std::env;
use std::path::{Path, PathBuf};

/// What is cut.
struct Binary {
    /// Its name.
    name: &'static str,
    /// The folder that its profile is built into.
    profile: &'static str,
    /// What stands behind the seam, as the seam names it.
    beside: &'static str,
    /// How both parts are made small.
    passes: &'static [&'static str],
}

const PAGE: Binary = Binary {
    name: "stockpit",
    profile: "page",
    beside: "screens",
    // In this order it is smaller than by the last alone.
    passes: &["-O2", "-Oz"],
};

/// It counts rows: fast goes before small.
const ENGINE: Binary = Binary {
    name: "engine",
    profile: "release",
    beside: "later",
    passes: &["-O3", "--converge"],
};

/// What the splitter calls the script that fetches the other side.
const LINK: &str = "__wasm_split.js";
/// What rustc builds for. The splitter's output no longer says so itself.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Replaces the page that lies in `staging` by one in two parts, and its names in `html`.
pub fn page(staging: &Path, html: &str) -> Result<String> {
    let whole = stem(staging)?;
    let stem = PAGE.cut(staging, &whole)?;
    announced(&html.replace(&whole, &stem), &stem)
}

/// Replaces the engine that lies in `staging` by one in two parts. How the names of its files begin.
pub fn engine(staging: &Path) -> Result<String> {
    ENGINE.cut(staging, ENGINE.name)
}

impl Binary {
    /// Replaces the files in `staging` that begin with `whole` by those of two parts, and says how their names begin.
    fn cut(&self, staging: &Path, whole: &str) -> Result<String> {
        let name = self.name;
        let work = place::logs().join(format!("cut-{name}"));
        place::remove(&work)?;
        place::make(&work)?;
        let log = place::logs().join(format!("cut-{name}.log"));
        let tool = |program: &str, args: &[&str]| {
            let mut command = run::command(program);
            run::logged(command.current_dir(&work).args(args), &log, 15)
        };
        let linked = self.linked()?.display().to_string();
        tool(
            "wasm-split-cli",
            &[&linked, ".", "--target", "web", "--out-name", name],
        )?;
        let module = format!("{name}.wasm");
        let bound = [
            "--target",
            "web",
            "--keep-lld-exports",
            "--no-typescript",
            "--out-dir",
            "bound",
            &module,
        ];
        tool("wasm-bindgen", &bound)?;
        let small = |from: &str, to: &str| {
            let args = [self.passes, &[from, "-o", to], &FEATURES[..]].concat();
            tool("wasm-opt", &args)
        };
        small(&format!("bound/{name}_bg.wasm"), "first.wasm")?;
        small(&self.split(), "beside.wasm")?;

        let read = |name: &str| {
            let file = work.join(name);
            std::fs::read(&file).map_err(|e| format!("cannot read {}: {e}", file.display()))
        };
        let glue = place::read(&work.join(format!("bound/{name}.js")))?;
        let (first, glue) = names::shorten(&read("first.wasm")?, &glue)?;
        let beside = read("beside.wasm")?;
        let link = place::read(&work.join(LINK))?;
        // One hash for all: the two scripts name each other.
        let all = [&first, &beside, glue.as_bytes(), link.as_bytes()].concat();
        let stem = format!("{name}-{}", hash(&all));
        let (glue, link) = self.named(&glue, &link, &stem)?;
        for ending in [".js", "_bg.wasm"] {
            place::remove(&staging.join(format!("{whole}{ending}")))?;
        }
        place::write(&staging.join(format!("{stem}_bg.wasm")), first)?;
        place::write(&staging.join(self.beside(&stem)), beside)?;
        place::write(&staging.join(format!("{stem}.js")), glue)?;
        place::write(&staging.join(format!("{stem}_link.js")), link)?;
        Ok(stem)
    }

    /// What the splitter calls the other side.
    fn split(&self) -> String {
        format!("split_{}.wasm", self.beside)
    }

    /// What it is called with us.
    fn beside(&self, stem: &str) -> String {
        format!("{stem}_{}.wasm", self.beside)
    }

    /// What the linker wrote: this program lies in the same target folder.
    fn linked(&self) -> Result<PathBuf> {
        let program = env::current_exe().map_err(|e| format!("this program does not know its place: {e}"))?;
        let target = program.ancestors().nth(2).unwrap_or(&program);
        Ok(target
            .join(wasm_std::TARGET)
            .join(self.profile)
            .join(format!("{}.wasm", self.name)))
    }

    /// wasm-bindgen's script and the splitter's, which name files that begin with `stem`.
    fn named(&self, glue: &str, link: &str, stem: &str) -> Result<(String, String)> {
        let name = self.name;
        let replace = |text: &str, from: &str, to: &str| {
            if text.contains(from) {
                Ok(text.replacen(from, to, 1))
            } else {
                Err(format!("no `{from}` in what the tools wrote: have they changed?"))
            }
        };
        let glue = replace(
            glue,
            &format!("from \"./{LINK}\""),
            &format!("from \"./{stem}_link.js\""),
        )?;
        let glue = replace(&glue, &format!("'{name}_bg.wasm'"), &format!("'{stem}_bg.wasm'"))?;
        let link = replace(link, &format!("\"./{name}.js\""), &format!("\"./{stem}.js\""))?;
        let link = replace(
            &link,
            &format!("\"./{}\"", self.split()),
            &format!("\"./{}\"", self.beside(stem)),
        )?;
        // Some hosts do not know Wasm's media type, which streaming insists on.
        let streaming = "WebAssembly.instantiateStreaming(src, imports)";
        let bytes = "WebAssembly.instantiate(await (await src).arrayBuffer(), imports)";
        Ok((glue, replace(&link, streaming, bytes)?))
    }
}

/// How the names of the page's files begin, as Trunk gave them.
fn stem(staging: &Path) -> Result<String> {
    let entries =
        std::fs::read_dir(staging).map_err(|e| format!("cannot read {}: {e}", staging.display()))?;
    let names = entries
        .flatten()
        .map(|entry| entry.file_name().display().to_string());
    let mut stems = names.filter_map(|name| Some(name.strip_suffix("_bg.wasm")?.to_owned()));
    stems
        .find(|stem| stem.starts_with(&format!("{}-", PAGE.name)))
        .ok_or_else(|| format!("Trunk left no {}-…_bg.wasm: have its names changed?", PAGE.name))
}

/// `html` with the link script announced beside the page's own, which waits for it.
fn announced(html: &str, stem: &str) -> Result<String> {
    let page = format!("<link rel=\"modulepreload\" href=\"./{stem}.js\"");
    let link = format!("<link rel=\"modulepreload\" href=\"./{stem}_link.js\" crossorigin=\"anonymous\">");
    match html.split_once(&page) {
        Some((before, after)) => Ok(format!("{before}{link}{page}{after}")),
        None => Err(format!("the page does not begin {page} …: has Trunk changed?")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_name_the_files_of_their_build() {
        let glue = "import * as import1 from \"./__wasm_split.js\"\n\"./__wasm_split.js\": import1\nURL('stockpit_bg.wasm', x)";
        let link = "import { initSync } from \"./stockpit.js\";\nfetch(new URL(\"./split_screens.wasm\", x));\n\
                    async (imports) => (WebAssembly.instantiateStreaming(src, imports))";
        let (glue_named, link_named) = PAGE.named(glue, link, "stockpit-1").unwrap();
        assert_eq!(
            glue_named,
            "import * as import1 from \"./stockpit-1_link.js\"\n\"./__wasm_split.js\": import1\nURL('stockpit-1_bg.wasm', x)",
            "what the module imports from keeps its name"
        );
        assert!(
            link_named.starts_with("import { initSync } from \"./stockpit-1.js\";\n"),
            "{link_named}"
        );
        assert!(
            link_named.contains("(\"./stockpit-1_screens.wasm\", x)"),
            "{link_named}"
        );
        assert!(!link_named.contains("Streaming"), "{link_named}");
        assert!(PAGE.named("", link, "s").is_err() && PAGE.named(glue, "", "s").is_err());
    }

    #[test]
    fn the_page_announces_both_scripts() {
        let html =
            "<head><link rel=\"modulepreload\" href=\"./stockpit-1.js\" crossorigin=\"anonymous\"></head>";
        let both = announced(html, "stockpit-1").unwrap();
        assert_eq!(both.matches("modulepreload").count(), 2);
        assert!(both.contains("href=\"./stockpit-1_link.js\""), "{both}");
        assert!(announced("<head></head>", "stockpit-1").is_err());
    }
}
