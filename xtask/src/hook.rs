//! What Trunk leaves to be done after a build, before it publishes dist/.
//!
//! Trunk starts the page from an inline script, which a strict Content-Security-Policy refuses: inline scripts move
//! into files. It gives the workers' files no hash, so that a cached engine could meet a newer page: they are named
//! after their content, the page is told the engine's name in `<meta name="stockpit-engine">`, and the engine's loader
//! says the reader's name in a global variable. Page and engine are cut in two ([`cut`]). Files that Trunk has put under Subresource Integrity are not touched.

use crate::{Result, cut, names, place};
use std::env;
use std::path::{Path, PathBuf};

/// `cargo xtask hook`, called by Trunk.
pub fn run() -> Result {
    let staging = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let staging = staging.ok_or("`hook` is called by Trunk after a build, see Trunk.toml")?;
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    let page = staging.join("index.html");

    let mut html = place::read(&page)?;
    if release {
        // Reloading after each change needs no hash, and stable names keep the debugger's break points.
        html = name_engine(&staging, &html, &cut::engine(&staging)?)?;
        html = cut::page(&staging, &html)?;
    }
    let (html, scripts) = extract_scripts(&html);
    for script in scripts {
        place::write(&staging.join(script.name), script.text)?;
    }
    place::write(&page, html)
}

/// A file made of an inline script.
#[derive(Debug, PartialEq)]
struct Script {
    name: String,
    text: String,
}

/// Replaces each inline script by a reference to a file beside the page. Data blocks (`type="application/json"`,
/// import maps) are no scripts to a policy and stay.
fn extract_scripts(html: &str) -> (String, Vec<Script>) {
    let mut out = String::with_capacity(html.len());
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some(found) = next_script(rest) {
        out.push_str(found.before);
        rest = found.after;
        let kind = attribute(found.attributes, "type");
        let runs = matches!(kind, None | Some("" | "module" | "text/javascript"));
        if !runs || attribute(found.attributes, "src").is_some() {
            out.push_str(&format!("<script{}>{}</script>", found.attributes, found.text));
            continue;
        }
        let text = format!("{}\n", without_placeholders(found.text).trim());
        let name = format!("boot-{}.js", hash(text.as_bytes()));
        out.push_str(&format!("<script{} src=\"./{name}\"></script>", found.attributes));
        scripts.push(Script { name, text });
    }
    out.push_str(rest);
    (out, scripts)
}

struct Found<'a> {
    before: &'a str,
    attributes: &'a str,
    text: &'a str,
    after: &'a str,
}

/// The next script element outside comments.
fn next_script(html: &str) -> Option<Found<'_>> {
    let mut from = 0;
    loop {
        let start = from + html[from..].find("<script")?;
        if let Some(comment) = html[from..]
            .find("<!--")
            .map(|at| from + at)
            .filter(|at| *at < start)
        {
            from = comment + html[comment..].find("-->")?;
            continue;
        }
        let open = start + "<script".len();
        let inner = open + html[open..].find('>')? + 1;
        let end = inner + html[inner..].find("</script>")?;
        return Some(Found {
            before: &html[..start],
            attributes: &html[open..inner - 1],
            text: &html[inner..end],
            after: &html[end + "</script>".len()..],
        });
    }
}

/// The value of an attribute written `name="value"`.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = attributes.split_once(&format!(" {name}=\""))?;
    Some(value.split_once('"')?.0)
}

/// `trunk serve` fills the address of its reload socket into index.html alone, so a script in a file asks the page.
fn without_placeholders(script: &str) -> String {
    script
        .replace("'{{__TRUNK_ADDRESS__}}'", "window.location.host")
        .replace("{{__TRUNK_WS_BASE__}}", "/")
}

/// The engine for programs, from public/, and the loader of its worker, as Trunk names it.
const LIBRARY: (&str, &str) = ("stockpit-engine.js", "library_loader.js");

/// The loader of the worker that reads files, as Trunk names it.
const READER: &str = "reader_loader.js";
/// The global variable in which the engine looks for it (src/platform/reader_link.rs).
const READER_VARIABLE: &str = "stockpitReader";

/// Names the workers' files after their content, the reader's first, since the loaders of the others name it; the
/// engine's own begin with `engine` already.
fn name_engine(staging: &Path, html: &str, engine: &str) -> Result<String> {
    let loader = engine_loader(html).ok_or(
        "index.html needs <meta name=\"stockpit-engine\" content=\"./engine_loader.js\" />, \
         else the page cannot find its worker",
    )?;
    let reader = name_worker(staging, READER)?;
    let tell = |loader: &str| {
        let text = place::read(&staging.join(loader))?;
        // Imports come first wherever they stand, the worker starts only after this.
        let text = format!("globalThis.{READER_VARIABLE} = './{reader}';\n{text}");
        place::write(&staging.join(loader), text)
    };
    tell(loader)?;
    let module = (format!("{}.js", base(loader)?), format!("{engine}.js"));
    let named = rename(staging, loader.trim_end_matches(".js"), "js", &[module])?;
    let (module, library_loader) = LIBRARY;
    let library = staging.join(module);
    let text = place::read(&library)?;
    if !text.contains(library_loader) {
        return Err(format!("{module} does not mention {library_loader}"));
    }
    tell(library_loader)?;
    let named_library = name_worker(staging, library_loader)?;
    place::write(&library, text.replace(library_loader, &named_library))?;
    Ok(html.replacen(&format!("\"./{loader}\""), &format!("\"./{named}\""), 1))
}

/// Renames a worker's wasm, module and loader, innermost first, since each names the one before; the loader's name.
fn name_worker(staging: &Path, loader: &str) -> Result<String> {
    let base = base(loader)?;
    let [wasm, module] = [format!("{base}_bg.wasm"), format!("{base}.js")].map(|name| staging.join(name));
    let whole =
        std::fs::read(&wasm).map_err(|e| format!("the worker's build has no {}: {e}", wasm.display()))?;
    let (short, script) = names::shorten(&whole, &place::read(&module)?)?;
    place::write(&wasm, short)?;
    place::write(&module, script)?;
    let wasm = (
        format!("{base}_bg.wasm"),
        rename(staging, &format!("{base}_bg"), "wasm", &[])?,
    );
    let module = (format!("{base}.js"), rename(staging, base, "js", &[wasm])?);
    rename(staging, &format!("{base}_loader"), "js", &[module])
}

/// What the names of a worker's files begin with.
fn base(loader: &str) -> Result<&str> {
    let base = loader.strip_suffix("_loader.js");
    base.ok_or_else(|| format!("a worker's loader is called …_loader.js, not {loader}"))
}

/// The loader the page names, as `engine_loader.js`.
fn engine_loader(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<meta name=\"stockpit-engine\"")?;
    attribute(rest.split_once('>')?.0, "content")?.strip_prefix("./")
}

/// Gives a file the hash of its content as part of its name, after replacing the names it mentions.
fn rename(staging: &Path, stem: &str, ending: &str, mentions: &[(String, String)]) -> Result<String> {
    let old = staging.join(format!("{stem}.{ending}"));
    let mut content =
        std::fs::read(&old).map_err(|e| format!("the worker's build has no {}: {e}", old.display()))?;
    for (from, to) in mentions {
        let text = String::from_utf8(content).map_err(|_| format!("{} is no text", old.display()))?;
        if !text.contains(from.as_str()) {
            return Err(format!(
                "{} does not mention {from}: has Trunk's output changed?",
                old.display()
            ));
        }
        content = text.replace(from.as_str(), to).into_bytes();
    }
    let name = format!("{stem}-{}.{ending}", hash(&content));
    place::write(&staging.join(&name), content)?;
    place::remove(&old)?;
    Ok(name)
}

/// FNV-1a: tells versions apart and, unlike std's hasher, stays the same with every compiler.
pub fn hash(content: &[u8]) -> String {
    let hash = content.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: &str, texts: &[&str]) {
        let (out, scripts) = extract_scripts(html);
        let mut expect = expect.to_owned();
        for script in &scripts {
            expect = expect.replacen('@', &script.name, 1);
            assert_eq!(script.name, format!("boot-{}.js", hash(script.text.as_bytes())));
        }
        assert_eq!(out, expect);
        assert_eq!(scripts.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), texts);
    }

    #[test]
    fn inline_scripts_move_into_files() {
        check(
            "<head>\n<script type=\"module\">\nimport init from './a.js';\n</script></head>",
            "<head>\n<script type=\"module\" src=\"./@\"></script></head>",
            &["import init from './a.js';\n"],
        );
        check(
            "<script>1</script>–<script>2</script>",
            "<script src=\"./@\"></script>–<script src=\"./@\"></script>",
            &["1\n", "2\n"],
        );
        check(
            "<script>const a = '{{__TRUNK_ADDRESS__}}', b = '{{__TRUNK_WS_BASE__}}';</script>",
            "<script src=\"./@\"></script>",
            &["const a = window.location.host, b = '/';\n"],
        );
        for unchanged in [
            "",
            "<p>no script</p>",
            "<script src=\"./a.js\"></script>",
            "<script type=\"application/json\">{}</script>",
            "<!-- <script>1</script> --><p>",
            "<!-- <script>1</script>",
            "<script>never closed",
        ] {
            check(unchanged, unchanged, &[]);
        }
    }

    #[test]
    fn engine_files_are_named_after_their_content() {
        let staging = env::temp_dir().join(format!("stockpit-hook-{}", std::process::id()));
        place::make(&staging).unwrap();
        let file = |name: &str, text: &str| place::write(&staging.join(name), text).unwrap();
        file("engine_loader.js", "import init from './engine.js';await init();");
        file("reader_bg.wasm", "\0asm\x01\0\0\0\0\x01r");
        file("reader.js", "fetch(new URL('reader_bg.wasm', import.meta.url))");
        file("reader_loader.js", "import init from './reader.js';await init();");
        file("library_bg.wasm", "\0asm\x01\0\0\0\0\x01l");
        file("library.js", "fetch(new URL('library_bg.wasm', import.meta.url))");
        file(
            "library_loader.js",
            "import init from './library.js';await init();",
        );
        let (library, _) = LIBRARY;
        file(
            library,
            "new Worker(new URL('./library_loader.js', import.meta.url))",
        );
        let meta = "<meta name=\"stockpit-engine\" content=\"./engine_loader.js\" />";

        let html = name_engine(&staging, meta, "engine-1").unwrap();
        let loader = engine_loader(&html).unwrap();
        let text = place::read(&staging.join(loader)).unwrap();
        let (said, starts) = text.split_once('\n').unwrap();
        assert_eq!(starts, "import init from './engine-1.js';await init();");
        let reader = said.strip_prefix("globalThis.stockpitReader = './").unwrap();
        let reader = reader.strip_suffix("';").unwrap();
        let reader_text = place::read(&staging.join(reader)).unwrap();
        assert!(
            reader_text.starts_with("import init from './reader-"),
            "{reader_text}"
        );
        let module = place::read(&staging.join(library)).unwrap();
        let loader = module.strip_prefix("new Worker(new URL('./").unwrap();
        let loader = loader.strip_suffix("', import.meta.url))").unwrap();
        let text = place::read(&staging.join(loader)).unwrap();
        assert!(
            text.starts_with(&format!("{said}\nimport init from './library-")),
            "{text}"
        );
        assert_eq!(
            std::fs::read_dir(&staging).unwrap().count(),
            8,
            "the old names are gone"
        );

        assert!(name_engine(&staging, "<p>no meta</p>", "engine-1").is_err());
        assert!(name_engine(&staging, meta, "engine-1").is_err(), "no files left");
        place::remove(&staging).unwrap();
    }
}
