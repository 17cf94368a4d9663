//! The page, cut in two: what the first cockpit needs, and the screens beside it (`src/main.rs`).
//!
//! Trunk has bound the page whole. Here it is begun again from what the linker wrote: `wasm-split-cli` moves all that
//! only the other side of the seam calls, data too, into a file of its own, wasm-bindgen binds the rest, and wasm-opt
//! makes both small, as [`names`] does. Trunk's own files are then replaced under new names, since they would be twice as large.

use crate::hook::hash;
use crate::{Result, names, place, run, wasm_std};
use std::env;
use std::path::{Path, PathBuf};

/// The name of the page's binary, and how its files begin.
const PAGE: &str = "stockpit";
/// What the splitter calls the script that fetches the other side.
const LINK: &str = "__wasm_split.js";
/// What it calls the other side, and how its file ends with us.
const SCREENS: (&str, &str) = ("split_screens.wasm", "_screens.wasm");
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
    let work = place::logs().join("cut");
    place::remove(&work)?;
    place::make(&work)?;
    let log = place::logs().join("cut.log");
    let tool = |program: &str, args: &[&str]| {
        let mut command = run::command(program);
        run::logged(command.current_dir(&work).args(args), &log, 15)
    };
    let linked = linked()?.display().to_string();
    tool(
        "wasm-split-cli",
        &[&linked, ".", "--target", "web", "--out-name", PAGE],
    )?;
    let bound = [
        "--target",
        "web",
        "--keep-lld-exports",
        "--no-typescript",
        "--out-dir",
        "bound",
        "stockpit.wasm",
    ];
    tool("wasm-bindgen", &bound)?;
    let small = |from: &str, to: &str| {
        // In this order it is smaller than by the last alone.
        let args = [&["-O2", "-Oz", from, "-o", to], &FEATURES[..]].concat();
        tool("wasm-opt", &args)
    };
    small("bound/stockpit_bg.wasm", "page.wasm")?;
    small(SCREENS.0, "screens.wasm")?;

    let read = |name: &str| {
        let file = work.join(name);
        std::fs::read(&file).map_err(|e| format!("cannot read {}: {e}", file.display()))
    };
    let glue = place::read(&work.join("bound/stockpit.js"))?;
    let (page, glue) = names::shorten(&read("page.wasm")?, &glue)?;
    let wasm = [page, read("screens.wasm")?];
    let link = place::read(&work.join(LINK))?;
    // One hash for all: the two scripts name each other.
    let all = [&wasm[0], &wasm[1], glue.as_bytes(), link.as_bytes()].concat();
    let stem = format!("{PAGE}-{}", hash(&all));
    let (glue, link) = named(&glue, &link, &stem)?;
    let [page, screens] = wasm;
    place::write(&staging.join(format!("{stem}_bg.wasm")), page)?;
    place::write(&staging.join(format!("{stem}{}", SCREENS.1)), screens)?;
    place::write(&staging.join(format!("{stem}.js")), glue)?;
    place::write(&staging.join(format!("{stem}_link.js")), link)?;
    for ending in [".js", "_bg.wasm"] {
        place::remove(&staging.join(format!("{whole}{ending}")))?;
    }
    announced(&html.replace(&whole, &stem), &stem)
}

/// The page as the linker wrote it: this program lies in the same target folder.
fn linked() -> Result<PathBuf> {
    let program = env::current_exe().map_err(|e| format!("this program does not know its place: {e}"))?;
    let target = program.ancestors().nth(2).unwrap_or(&program);
    Ok(target
        .join(wasm_std::TARGET)
        .join("page")
        .join(format!("{PAGE}.wasm")))
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
        .find(|stem| stem.starts_with(&format!("{PAGE}-")))
        .ok_or_else(|| format!("Trunk left no {PAGE}-…_bg.wasm: have its names changed?"))
}

/// wasm-bindgen's script and the splitter's, which name files that begin with `stem`.
fn named(glue: &str, link: &str, stem: &str) -> Result<(String, String)> {
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
    let glue = replace(&glue, &format!("'{PAGE}_bg.wasm'"), &format!("'{stem}_bg.wasm'"))?;
    let link = replace(link, &format!("\"./{PAGE}.js\""), &format!("\"./{stem}.js\""))?;
    let link = replace(
        &link,
        &format!("\"./{}\"", SCREENS.0),
        &format!("\"./{stem}{}\"", SCREENS.1),
    )?;
    // Some hosts do not know Wasm's media type, which streaming insists on.
    let streaming = "WebAssembly.instantiateStreaming(src, imports)";
    let bytes = "WebAssembly.instantiate(await (await src).arrayBuffer(), imports)";
    Ok((glue, replace(&link, streaming, bytes)?))
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
        let (glue_named, link_named) = named(glue, link, "stockpit-1").unwrap();
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
        assert!(named("", link, "s").is_err() && named(glue, "", "s").is_err());
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
