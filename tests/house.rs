//! The rules of the house, as the crate docs of `src/lib.rs` state them: which room may use which, which
//! crates a room may name, where text for people and colours live. The checker itself is tested on small
//! strings at the end: it can fail.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where it is wrong")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

// ---- the table

/// A room that may be used, and which of its items; none named: all.
type Use = (&'static str, &'static [&'static str]);

const ARRANGE: Use = ("arrange", &[]);
const TIME: Use = ("time", &[]);
const MONEY: Use = ("money", &[]);
const MODEL: Use = ("model", &[]);
const MODEL_IDS: Use = ("model", &["Dim", "Status"]);
const PROTOCOL: Use = ("protocol", &[]);
const REPORT: Use = (
    "protocol",
    &[
        "Choice",
        "ColumnReport",
        "Decision",
        "FileKind",
        "FileReport",
        "FileState",
        "Gap",
        "Note",
        "PersonalColumn",
        "Preview",
        "Problem",
        "Reading",
        "RefusalGroup",
        "RefusedRow",
        "Sight",
        "SightColumn",
        "Use",
    ],
);
const STORED: Use = ("protocol", &["FileKind", "Keeping", "Kept", "SourceInfo"]);
const FEEDS: Use = (
    "protocol",
    &["FeedProblem", "FeedStatus", "FileMark", "LiveStatus", "Secret"],
);
const VIEW_REQUEST: Use = ("protocol", &["KeySet", "Measure", "TimeRange", "View"]);
const RULES: Use = ("protocol", &["RuleFault", "RuleWhy", "Severity"]);
const FORMAT: Use = ("format", &[]);
const LANGUAGE: Use = ("format", &["Lang"]);
const QUERY: Use = ("query", &[]);
const CHART: Use = ("chart", &[]);

/// Each room and what it may use besides itself: the table of the crate docs, which
/// [`the_crate_docs_hold_the_same_table`] keeps equal.
const ROOMS: &[(&str, &[Use])] = &[
    ("arrange", &[]),
    ("time", &[MONEY]),
    ("money", &[TIME]),
    ("model", &[TIME, MONEY]),
    ("protocol", &[TIME, MONEY, MODEL_IDS]),
    ("format", &[TIME, MONEY, PROTOCOL]),
    ("locale", &[FORMAT, MODEL_IDS, PROTOCOL]),
    ("ingest", &[ARRANGE, TIME, MONEY, MODEL, REPORT]),
    ("query", &[TIME, MODEL, VIEW_REQUEST]),
    ("metric", &[ARRANGE, TIME, MONEY, MODEL, QUERY, PROTOCOL]),
    ("alert", &[ARRANGE, TIME, MONEY, RULES]),
    ("sim", &[ARRANGE, TIME, MONEY, MODEL]),
    ("keep", &[TIME, MONEY, MODEL, STORED]),
    ("feed", &[ARRANGE, TIME, ("ingest", &[]), FEEDS]),
    (
        "engine",
        &[
            ARRANGE,
            TIME,
            MONEY,
            MODEL,
            PROTOCOL,
            FORMAT,
            ("locale", &[]),
            ("ingest", &[]),
            QUERY,
            ("metric", &[]),
            ("alert", &[]),
            ("sim", &[]),
            ("keep", &[]),
        ],
    ),
    ("chart", &[TIME, MONEY, PROTOCOL, FORMAT]),
    ("state", &[TIME, MODEL_IDS, PROTOCOL, LANGUAGE]),
    (
        "platform",
        &[
            TIME,
            LANGUAGE,
            PROTOCOL,
            CHART,
            ("keep", &[]),
            ("ingest", &[]),
            ("feed", &[]),
            ("engine", &[]),
        ],
    ),
    (
        "ui",
        &[
            TIME,
            MONEY,
            MODEL_IDS,
            FORMAT,
            ("locale", &[]),
            PROTOCOL,
            CHART,
            ("state", &[]),
            ("platform", &[]),
            ("sim", &["SHOP"]),
        ],
    ),
];

/// The binaries only start a room.
const BINARIES: &[(&str, &[Use])] = &[
    ("src/main.rs", &[("ui", &[])]),
    ("src/bin/engine.rs", &[("platform", &[])]),
    ("src/bin/reader.rs", &[("platform", &[])]),
    ("src/bin/library.rs", &[("platform", &[])]),
];

/// Crates that only some rooms may name.
const CRATES: &[(&str, &[&str])] = &[
    ("web_sys", &["platform"]),
    ("js_sys", &["platform"]),
    ("wasm_bindgen", &["platform"]),
    ("wasm_bindgen_futures", &["platform"]),
    ("gloo", &["platform"]),
    ("mqtt_proto", &["feed"]),
    ("xxhash_rust", &["keep", "feed"]),
    ("plotters_canvas", &["platform"]),
    ("console_error_panic_hook", &["platform", "ui"]),
    ("leptos", &["ui"]),
    ("plotters", &["chart"]),
    ("csv_core", &["ingest"]),
    ("calamine", &["ingest"]),
    ("zip", &["ingest"]),
    ("encoding_rs", &["ingest"]),
    ("simdutf8", &["ingest"]),
];

/// The rooms that may touch the world outside; all others are core: no IO, no clock, no chance.
const OUTSIDE: &[&str] = &["platform", "ui"];

/// Clocks and doors that no core room opens.
const FORBIDDEN: &[&[&str]] = &[
    &["Instant"],
    &["SystemTime"],
    &["Utc", "now"],
    &["Local", "now"],
    &["chrono", "Local"],
    &["std", "env"],
    &["std", "fs"],
    &["std", "net"],
    &["std", "process"],
    &["std", "thread"],
    &["getrandom"],
    &["rand"],
];

/// Where Chinese stands in string literals outside of `locale`, and why.
const CHINESE: &[(&str, &str)] = &[
    (
        "src/format/",
        "万 and 亿, days and ago: text of numbers and times for people is its task",
    ),
    (
        "src/chart/tiles.rs",
        "places of the map, by the names that order lines carry",
    ),
    (
        "src/ingest/",
        "words that exports use: headers, statuses, places, currencies",
    ),
    (
        "src/sim/",
        "goods, places and states of the demo shop: data, as if from a file",
    ),
    (
        "src/ui/dialogs.rs",
        "a language is called by its own name in every language",
    ),
];

// ---- the rules

#[test]
fn rooms_use_only_what_the_table_allows() {
    let house = House::read();
    assert!(
        house.files.len() > 60,
        "only {} files were read",
        house.files.len()
    );
    none(
        house
            .files
            .iter()
            .flat_map(|file| edges(&file.path, &file.tokens)),
    );
}

#[test]
fn rooms_name_only_their_crates_and_the_core_no_clock_or_io() {
    none(
        House::read()
            .files
            .iter()
            .flat_map(|file| crates(&file.path, &file.tokens)),
    );
}

#[test]
fn text_for_people_lives_in_locale() {
    let house = House::read();
    none(
        house
            .files
            .iter()
            .flat_map(|file| chinese(&file.path, &file.tokens)),
    );
    for (place, _) in CHINESE {
        let needed = |file: &File| file.path.starts_with(place) && file.tokens.iter().any(is_chinese);
        assert!(
            house.files.iter().any(needed),
            "{place} is allowed Chinese and has none: take it off the list"
        );
    }
}

#[test]
fn colours_are_tokens() {
    let files = files_under(&root().join("style"), "css");
    assert!(files.iter().any(|file| file.ends_with("tokens.css")), "{files:?}");
    let others = files.iter().filter(|file| !file.ends_with("tokens.css"));
    none(others.flat_map(|file| colours(&relative(file), &read(file))));
}

#[test]
fn the_crate_docs_hold_the_same_table() {
    let docs = documented(&read(&root().join("src/lib.rs")));
    let here: BTreeMap<String, BTreeSet<String>> = ROOMS
        .iter()
        .map(|(room, uses)| {
            (
                (*room).to_owned(),
                uses.iter().map(|(room, _)| (*room).to_owned()).collect(),
            )
        })
        .collect();
    assert_eq!(
        docs, here,
        "left: the table in src/lib.rs; right: ROOMS in tests/house.rs"
    );
}

/// The fuzzer is a workspace of its own, which nothing else builds: its lock file has to follow by hand
/// (`cargo update --manifest-path tests/fuzz/Cargo.toml --workspace`).
#[test]
fn the_fuzzer_is_locked_to_what_the_page_is_made_of() {
    let [manifest, lock, own] =
        ["Cargo.toml", "Cargo.lock", "tests/fuzz/Cargo.lock"].map(|name| read(&root().join(name)));
    let (lock, own) = (locked(&lock), locked(&own));
    let direct = dependencies(&manifest);
    assert!(direct.len() > 20, "{direct:?}");
    none(direct.iter().filter_map(|name| {
        let (ours, its) = (lock.get(name)?, own.get(name));
        let is_there = its.is_some_and(|its| !its.is_disjoint(ours));
        (!is_there).then(|| format!("{name}: {ours:?} here, {its:?} in tests/fuzz/Cargo.lock"))
    }));
}

#[test]
fn every_room_stands_in_the_table() {
    let lib = lex(&read(&root().join("src/lib.rs")));
    let declared = lib
        .windows(2)
        .filter(|pair| pair[0].is("mod"))
        .map(|pair| pair[1].text.clone());
    let declared: BTreeSet<String> = declared.collect();
    let known: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(declared, known);
}

// ---- files

struct File {
    path: String,
    tokens: Vec<Token>,
}

struct House {
    files: Vec<File>,
}

impl House {
    /// All sources without comments and tests.
    fn read() -> Self {
        let mut files = Vec::new();
        let mut tests: Vec<String> = Vec::new();
        for path in files_under(&root().join("src"), "rs") {
            let path = relative(&path);
            let (tokens, modules) = without_tests(lex(&read(&root().join(&path))));
            tests.extend(modules.iter().map(|module| module.file_of(&path)));
            files.push(File { path, tokens });
        }
        // A test module in a file of its own, and what lies below it.
        files.retain(|file| {
            let of = |test: &String| {
                file.path == format!("{test}.rs") || file.path.starts_with(&format!("{test}/"))
            };
            !tests.iter().any(of)
        });
        Self { files }
    }
}

/// What a manifest depends on, but for tests and build scripts.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let (mut names, mut is_meant) = (BTreeSet::new(), false);
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let (before, name) = section.split_once("dependencies").unwrap_or((section, "-"));
            is_meant = name.is_empty() && (before.is_empty() || before.ends_with('.'));
            let one = name
                .strip_prefix('.')
                .filter(|_| before.is_empty() || before.ends_with('.'));
            names.extend(one.map(str::to_owned));
        } else if let Some((name, _)) = line
            .split_once('=')
            .filter(|_| is_meant && !line.starts_with('#'))
        {
            names.insert(name.trim().to_owned());
        }
    }
    names
}

/// Versions of each package of a lock file.
fn locked(lock: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let value = |line: &str, key: &str| {
        let rest = line.strip_prefix(key)?.strip_prefix(" = \"")?;
        Some(rest.strip_suffix('"')?.to_owned())
    };
    let mut name = String::new();
    for line in lock.lines() {
        if let Some(said) = value(line, "name") {
            name = said;
        } else if let Some(version) = value(line, "version") {
            all.entry(std::mem::take(&mut name)).or_default().insert(version);
        }
    }
    all
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
        .replace('\\', "/")
}

fn files_under(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            files.extend(files_under(&path, ending));
        } else if path.extension().is_some_and(|found| found == ending) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Fails with all violations at once.
#[track_caller]
fn none(violations: impl Iterator<Item = String>) {
    let violations: Vec<String> = violations.collect();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

// ---- Rust, as far as needed

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// One sign, or `::`.
    Sign,
    /// Content of a string or character literal.
    Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    kind: Kind,
    text: String,
    line: usize,
}

impl Token {
    fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text == text
    }
}

/// Tokens of `source` without comments and lifetimes.
fn lex(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |place: usize| chars.get(place).copied().unwrap_or('\0');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let (mut here, mut line) = (0, 1);
    while here < chars.len() {
        let start = here;
        let first = at(here);
        let mut push = |kind, text: String| tokens.push(Token { kind, text, line });
        if first == '/' && at(here + 1) == '/' {
            while here < chars.len() && at(here) != '\n' {
                here += 1;
            }
        } else if first == '/' && at(here + 1) == '*' {
            let mut depth = 0;
            loop {
                match (at(here), at(here + 1)) {
                    ('/', '*') => (depth, here) = (depth + 1, here + 2),
                    ('*', '/') => (depth, here) = (depth - 1, here + 2),
                    _ => here += 1,
                }
                if depth == 0 || here >= chars.len() {
                    break;
                }
            }
        } else if let Some((hashes, open)) = raw_string(&at, here) {
            let end: String = format!("\"{}", "#".repeat(hashes));
            here = open + 1;
            let from = here;
            while here < chars.len() && !end.chars().enumerate().all(|(by, c)| at(here + by) == c) {
                here += 1;
            }
            push(Kind::Text, chars[from..here.min(chars.len())].iter().collect());
            here += end.len();
        } else if first == '"' || (first == 'b' && at(here + 1) == '"') {
            here += if first == 'b' { 2 } else { 1 };
            let from = here;
            while here < chars.len() && at(here) != '"' {
                here += if at(here) == '\\' { 2 } else { 1 };
            }
            push(Kind::Text, chars[from..here.min(chars.len())].iter().collect());
            here += 1;
        } else if first == '\'' && (at(here + 1) == '\\' || at(here + 2) == '\'') {
            let from = here + 1;
            here = if at(from) == '\\' { from + 2 } else { from + 1 };
            while here < chars.len() && at(here) != '\'' {
                here += 1;
            }
            push(Kind::Text, chars[from..here.min(chars.len())].iter().collect());
            here += 1;
        } else if first == '\'' {
            here += 1;
            while is_word(at(here)) {
                here += 1;
            }
        } else if is_word(first) {
            while is_word(at(here)) {
                here += 1;
            }
            push(Kind::Word, chars[start..here].iter().collect());
        } else {
            let length = if first == ':' && at(here + 1) == ':' { 2 } else { 1 };
            here += length;
            if !first.is_whitespace() {
                push(Kind::Sign, chars[start..here].iter().collect());
            }
        }
        line += chars[start..here.min(chars.len())]
            .iter()
            .filter(|c| **c == '\n')
            .count();
    }
    tokens
}

/// Number of hashes and place of the opening quote of a raw string that begins at `here`.
fn raw_string(at: &impl Fn(usize) -> char, here: usize) -> Option<(usize, usize)> {
    let r = if at(here) == 'b' { here + 1 } else { here };
    if at(r) != 'r' {
        return None;
    }
    let hashes = (r + 1..).take_while(|place| at(*place) == '#').count();
    let open = r + 1 + hashes;
    (at(open) == '"').then_some((hashes, open))
}

/// A `mod name;` under `#[cfg(test)]`.
struct TestModule {
    name: String,
    path: Option<String>,
}

impl TestModule {
    /// Its file without ending, declared in `path`.
    fn file_of(&self, path: &str) -> String {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = name.trim_end_matches(".rs");
        match &self.path {
            Some(file) => format!("{folder}/{}", file.trim_end_matches(".rs")),
            None if ["mod", "lib", "main"].contains(&stem) => format!("{folder}/{}", self.name),
            None => format!("{folder}/{stem}/{}", self.name),
        }
    }
}

/// `tokens` without the items under `#[cfg(test)]`, and the modules among those that have a file.
fn without_tests(tokens: Vec<Token>) -> (Vec<Token>, Vec<TestModule>) {
    let begins = |at: usize, texts: &[&str]| {
        texts
            .iter()
            .enumerate()
            .all(|(by, text)| tokens.get(at + by).is_some_and(|token| token.is(text)))
    };
    let (mut kept, mut modules) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        if !begins(at, &["#", "[", "cfg", "(", "test", ")", "]"]) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += 7;
        let mut path = None;
        while begins(at, &["#", "["]) {
            if begins(at + 2, &["path", "="]) {
                path = tokens.get(at + 4).map(|token| token.text.clone());
            }
            at = closing(&tokens, at + 1) + 1;
        }
        let item = at;
        while at < tokens.len() && !tokens[at].is(";") && !tokens[at].is("{") {
            at = if tokens[at].is("(") || tokens[at].is("[") {
                closing(&tokens, at) + 1
            } else {
                at + 1
            };
        }
        if begins(at, &[";"]) {
            let of = |place: usize| tokens[place].is("mod").then(|| tokens.get(place + 1)).flatten();
            modules.extend((item..at).find_map(of).map(|name| TestModule {
                name: name.text.clone(),
                path,
            }));
            at += 1;
        } else {
            at = closing(&tokens, at) + 1;
        }
    }
    (kept, modules)
}

/// Place of the bracket that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_i32;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.kind == Kind::Sign {
            depth += match token.text.as_str() {
                "(" | "[" | "{" => 1,
                ")" | "]" | "}" => -1,
                _ => 0,
            };
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}

/// A path as written, its groups multiplied out, and the inline modules it stands in.
#[derive(Debug)]
struct Named {
    parts: Vec<String>,
    inside: Vec<String>,
    line: usize,
}

fn paths(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut inside: Vec<(String, i32)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        match token.text.as_str() {
            "{" if token.kind == Kind::Sign => depth += 1,
            "}" if token.kind == Kind::Sign => {
                depth -= 1;
                inside.retain(|(_, at)| *at <= depth);
            }
            "mod" if tokens.get(at + 2).is_some_and(|next| next.is("{")) => {
                inside.push((tokens[at + 1].text.clone(), depth + 1));
            }
            _ => {}
        }
        let continues = at > 0 && tokens[at - 1].is("::");
        if token.kind == Kind::Word && !continues {
            let mut trees = Vec::new();
            at = tree(tokens, at, &[], &mut trees);
            let names = || inside.iter().map(|(name, _)| name.clone()).collect();
            found.extend(trees.into_iter().map(|parts| Named {
                parts,
                inside: names(),
                line: token.line,
            }));
        } else {
            at += 1;
        }
    }
    found
}

/// Reads the path or use-tree at `at` into `trees`; yields the place behind it.
fn tree(tokens: &[Token], mut at: usize, before: &[String], trees: &mut Vec<Vec<String>>) -> usize {
    let mut parts = before.to_vec();
    while let Some(token) = tokens.get(at) {
        if token.is("{") && parts.len() > before.len() {
            at += 1;
            while tokens.get(at).is_some_and(|token| !token.is("}")) {
                let word = tokens[at].kind == Kind::Word || tokens[at].is("*");
                at = if word {
                    tree(tokens, at, &parts, trees)
                } else {
                    at + 1
                };
            }
            return at + 1;
        }
        let word = token.kind == Kind::Word || token.is("*");
        if !word {
            break;
        }
        parts.push(token.text.clone());
        at += 1;
        if !tokens.get(at).is_some_and(|token| token.is("::")) {
            break;
        }
        at += 1;
    }
    trees.push(parts);
    at
}

// ---- checks

/// Module path of a file of the library; `None` for the binaries.
fn module_of(path: &str) -> Option<Vec<String>> {
    let inner = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    if inner == "main" || inner.starts_with("bin/") {
        return None;
    }
    let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    Some(parts)
}

/// The path from the crate's root, where it leads there.
fn from_root(named: &Named, module: &[String]) -> Option<Vec<String>> {
    let mut here: Vec<String> = module.iter().chain(&named.inside).cloned().collect();
    let mut parts = named.parts.iter();
    let mut rest = match named.parts.first()?.as_str() {
        "crate" | "stockpit" => {
            here.clear();
            parts.next();
            parts
        }
        "self" => {
            parts.next();
            parts
        }
        "super" => parts,
        _ => return None,
    }
    .peekable();
    while rest.peek().is_some_and(|part| *part == "super") {
        here.pop();
        rest.next();
    }
    here.extend(rest.cloned());
    Some(here)
}

/// Uses of rooms that the table does not allow.
fn edges(path: &str, tokens: &[Token]) -> Vec<String> {
    let module = module_of(path);
    let own = module.as_ref().and_then(|module| module.first().cloned());
    let uses = match &own {
        Some(room) => ROOMS.iter().find(|(name, _)| name == room).map(|(_, uses)| *uses),
        None => BINARIES
            .iter()
            .find(|(name, _)| *name == path)
            .map(|(_, uses)| *uses),
    };
    if path == "src/lib.rs" {
        return Vec::new();
    }
    let Some(uses) = uses else {
        return vec![format!("{path}: no such room in the table")];
    };
    let check = |named: &Named| {
        let target = from_root(named, module.as_deref().unwrap_or_default())?;
        let room = target.first()?;
        if Some(room) == own.as_ref() || (own.is_none() && named.parts[0] != "stockpit") {
            return None;
        }
        let item = target.get(1).map(String::as_str);
        let allowed = uses.iter().any(|(name, items)| {
            name == room && (items.is_empty() || item.is_some_and(|item| items.contains(&item)))
        });
        let what = target.iter().take(2).cloned().collect::<Vec<_>>().join("::");
        let who = own.as_deref().unwrap_or(path);
        (!allowed).then(|| format!("{path}:{}: `{who}` may not use `{what}`", named.line))
    };
    let mut found: Vec<String> = paths(tokens).iter().filter_map(check).collect();
    found.dedup();
    found
}

/// Crates, clocks and doors named where they must not be.
fn crates(path: &str, tokens: &[Token]) -> Vec<String> {
    let room = module_of(path).and_then(|module| module.first().cloned());
    let of = |rooms: &[&str]| room.as_deref().is_some_and(|room| rooms.contains(&room));
    let check = |named: &Named| {
        let line = named.line;
        let first = named.parts[0].as_str();
        let reserved = CRATES
            .iter()
            .find(|(name, rooms)| *name == first && named.parts.len() > 1 && !of(rooms));
        if let Some((name, rooms)) = reserved {
            return Some(format!(
                "{path}:{line}: only {} may name `{name}`",
                rooms.join(" and ")
            ));
        }
        let parts: Vec<&str> = named.parts.iter().map(String::as_str).collect();
        let door = |door: &&&[&str]| parts.windows(door.len()).any(|window| window == **door);
        let door = FORBIDDEN.iter().find(door).filter(|_| !of(OUTSIDE))?;
        Some(format!("{path}:{line}: the core names no `{}`", door.join("::")))
    };
    paths(tokens).iter().filter_map(check).collect()
}

fn is_chinese(token: &Token) -> bool {
    let chinese = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..);
    token.kind == Kind::Text && token.text.chars().any(chinese)
}

/// Literals with Chinese, Japanese or Korean text where none belongs.
fn chinese(path: &str, tokens: &[Token]) -> Vec<String> {
    if path.starts_with("src/locale/") || CHINESE.iter().any(|(place, _)| path.starts_with(place)) {
        return Vec::new();
    }
    let found = tokens.iter().filter(|token| is_chinese(token));
    found
        .map(|token| format!("{path}:{}: \"{}\" belongs in locale", token.line, token.text))
        .collect()
}

/// Colours in a style sheet that are no tokens.
fn colours(path: &str, css: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut comment = false;
    for (line, text) in (1..).zip(css.lines()) {
        let mut bare = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(if comment { "*/" } else { "/*" }) {
            if !comment {
                bare.push_str(&rest[..at]);
            }
            (rest, comment) = (&rest[at + 2..], !comment);
        }
        if !comment {
            bare.push_str(rest);
        }
        // What stands before the colon of a declaration, or opens a block, is no value.
        let value = if bare.trim_end().ends_with('{') {
            ""
        } else {
            bare.split_once(':').map_or(bare.as_str(), |(_, value)| value)
        };
        let hex = value.split('#').skip(1).any(|rest| {
            let digits = rest
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect::<String>();
            matches!(digits.len(), 3 | 4 | 6 | 8) && digits.chars().all(|c| c.is_ascii_hexdigit())
        });
        let function = [
            "rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(",
        ];
        if hex || function.iter().any(|name| value.contains(name)) {
            found.push(format!(
                "{path}:{line}: `{}` belongs in style/tokens.css",
                bare.trim()
            ));
        }
    }
    found
}

/// Rooms and what they may use, by the table of the crate docs.
fn documented(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let known: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    let words = |cell: &str| -> Vec<String> {
        let words = cell.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words
            .filter(|word| known.contains(word))
            .map(str::to_owned)
            .collect()
    };
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in source.lines().filter_map(|line| line.strip_prefix("//! | ")) {
        let cells: Vec<&str> = line.split('|').collect();
        let (Some(module), Some(uses)) = (cells.first(), cells.get(2)) else {
            continue;
        };
        let mut rooms = words(module);
        rooms.dedup();
        for room in &rooms {
            let mut may: BTreeSet<String> = words(uses).into_iter().collect();
            if uses.contains("all above") {
                may.extend(table.keys().cloned());
            }
            if uses.contains("each other") {
                may.extend(rooms.iter().filter(|other| *other != room).cloned());
            }
            table.insert(room.clone(), may);
        }
    }
    table
}

// ---- the checker can fail

#[track_caller]
fn finds(found: &[String], expect: &[&str]) {
    assert_eq!(found.len(), expect.len(), "{found:#?}");
    for (found, expect) in found.iter().zip(expect) {
        assert!(found.contains(expect), "{found:?} does not say {expect:?}");
    }
}

#[test]
fn forbidden_uses_are_found_however_written() {
    for (path, source, expect) in [
        (
            "src/model/orders.rs",
            "use crate::engine::Engine;",
            &["orders.rs:1: `model` may not use `engine::Engine`"][..],
        ),
        (
            "src/model/orders.rs",
            "\nfn f() { super::super::chart::spark(); }",
            &["orders.rs:2: `model` may not use `chart::spark`"],
        ),
        (
            "src/model/mod.rs",
            "use super::query;",
            &["`model` may not use `query`"],
        ),
        (
            "src/money.rs",
            "use super::format::Lang;",
            &["`money` may not use `format::Lang`"],
        ),
        (
            "src/ui/app.rs",
            "use crate::{engine::Engine, state::{self, State}};",
            &["`ui` may not use `engine::Engine`"],
        ),
        (
            "src/ui/app.rs",
            "mod inner { use super::super::super::ingest; }",
            &["`ui` may not use `ingest`"],
        ),
        (
            "src/protocol/view.rs",
            "use crate::model::{Dim, OrderTable};",
            &["`protocol` may not use `model::OrderTable`"],
        ),
        (
            "src/protocol/view.rs",
            "use crate::model::*;",
            &["`protocol` may not use `model::*`"],
        ),
        (
            "src/state/mod.rs",
            "type A = Vec<crate::format::Parts>;",
            &["`state` may not use `format::Parts`"],
        ),
        (
            "src/query/mod.rs",
            "use crate::nowhere::X;",
            &["`query` may not use `nowhere::X`"],
        ),
        ("src/cellar/mod.rs", "", &["no such room"]),
        (
            "src/main.rs",
            "fn main() { stockpit::engine::run(); }",
            &["may not use `engine::run`"],
        ),
    ] {
        finds(&edges(path, &without_tests(lex(source)).0), expect);
    }
}

#[test]
fn allowed_uses_comments_strings_and_tests_pass() {
    for (path, source) in [
        (
            "src/model/orders.rs",
            "use crate::time::Span; use super::Dict; use self::inner::X; use super::super::money::Fixed;",
        ),
        (
            "src/model/orders.rs",
            "// crate::engine\n/* crate::ui /* crate::chart */ crate::engine */ const A: &str = \"crate::engine\";",
        ),
        (
            "src/model/orders.rs",
            "const A: &str = r#\"\" crate::engine \"#; const B: char = '\"'; fn f<'a>(_: &'a str) {} const C: &str = \"crate::ui\";",
        ),
        (
            "src/state/action.rs",
            "#[cfg(test)]\n#[expect(dead_code, reason = \"x\")]\nmod tests { use crate::engine::Engine; fn f() { if a[0] {} } }",
        ),
        ("src/state/action.rs", "#[cfg(test)] use crate::engine::Engine;"),
        (
            "src/protocol/mod.rs",
            "pub use view::{Cockpit, Kpi}; use crate::model::Dim; fn f() { Dim::ALL; }",
        ),
        (
            "src/ui/widgets.rs",
            "mod inner { pub use super::super::platform; use super::engine; }",
        ),
        (
            "src/main.rs",
            "fn main() { #[cfg(target_arch = \"wasm32\")] stockpit::ui::mount(); }",
        ),
    ] {
        finds(&edges(path, &without_tests(lex(source)).0), &[]);
    }
}

#[test]
fn crates_and_clocks_are_found() {
    for (path, source, expect) in [
        (
            "src/ui/app.rs",
            "fn f() { web_sys::window(); }",
            &["only platform may name `web_sys`"][..],
        ),
        (
            "src/ui/app.rs",
            "pub use leptos::web_sys::Element; use leptos::{prelude::*, web_sys::File};",
            &[],
        ),
        (
            "src/state/mod.rs",
            "use leptos::prelude::*;",
            &["only ui may name `leptos`"],
        ),
        (
            "src/chart/mod.rs",
            "use js_sys::Array; use wasm_bindgen::prelude::*;",
            &["`js_sys`", "`wasm_bindgen`"],
        ),
        (
            "src/platform/clock.rs",
            "use gloo::timers; fn f() { js_sys::Date::now(); std::time::Instant::now(); }",
            &[],
        ),
        (
            "src/engine/mod.rs",
            "use std::time::{Duration, Instant};",
            &["the core names no `Instant`"],
        ),
        (
            "src/engine/mod.rs",
            "fn f() { chrono::Utc::now(); std::fs::read(path); }",
            &["no `Utc::now`", "no `std::fs`"],
        ),
        (
            "src/sim/mod.rs",
            "use std::{collections::BTreeMap, net::TcpStream};",
            &["no `std::net`"],
        ),
        (
            "src/time.rs",
            "//! Instants.\nuse chrono::{TimeZone, Utc}; fn f() { Utc.timestamp(0); }",
            &[],
        ),
    ] {
        finds(&crates(path, &without_tests(lex(source)).0), expect);
    }
}

#[test]
fn stray_chinese_is_found() {
    for (path, source, expect) in [
        (
            "src/ui/app.rs",
            "\nlet a = \"订单\";",
            &["app.rs:2: \"订单\""][..],
        ),
        (
            "src/ui/header.rs",
            "let a = x.join(\"、\"); let b = '，';",
            &["、", "，"],
        ),
        ("src/model/mod.rs", "/// 抖音\n// 天猫\nlet a = \"Amazon\";", &[]),
        (
            "src/state/address.rs",
            "#[cfg(test)] mod tests { const A: &str = \"抖音\"; }",
            &[],
        ),
        ("src/locale/page.rs", "const A: &str = \"订单\";", &[]),
    ] {
        finds(&chinese(path, &without_tests(lex(source)).0), expect);
    }
}

#[test]
fn stray_colours_are_found() {
    for (css, expect) in [
        (".a {\n  color: #fff;\n}", &["main.css:2"][..]),
        (".a { border: 1px solid #12ab34; }", &["main.css:1"]),
        ("#add {\n  color: var(--hi);\n}", &[]),
        ("/* #fff\n#000 */\n.a::before {\n  content: \"#1\";\n}", &[]),
        (
            ".a {\n  box-shadow: 0 0 1px rgba(0, 0, 0, 0.5);\n}",
            &["main.css:2"],
        ),
    ] {
        finds(&colours("main.css", css), expect);
    }
}

#[test]
fn test_modules_in_files_of_their_own_are_left_out() {
    let source = "#[cfg(test)]\n#[path = \"date_tests.rs\"]\nmod tests;\n#[cfg(test)] mod shape;";
    for (path, expect) in [
        (
            "src/ingest/date.rs",
            ["src/ingest/date_tests", "src/ingest/date/shape"],
        ),
        ("src/sim/mod.rs", ["src/sim/date_tests", "src/sim/shape"]),
    ] {
        let modules = without_tests(lex(source)).1;
        let files: Vec<String> = modules.iter().map(|module| module.file_of(path)).collect();
        assert_eq!(files, expect);
    }
}

#[test]
fn manifests_and_locks_are_read() {
    let manifest = "[dependencies]\na = \"1\"\n# b = 2\nc = { version = \"1\" }\n[dependencies.d]\nversion = \"1\"\n\
        [target.'cfg(x)'.dependencies]\ne = \"1\"\n[target.'cfg(x)'.dev-dependencies]\nf = \"1\"\n[build-dependencies]\ng = \"1\"\n\
        [dev-dependencies.h]\nversion = \"1\"\n[target.'cfg(x)'.dependencies.i]\nversion = \"1\"\n";
    let names: Vec<String> = dependencies(manifest).into_iter().collect();
    assert_eq!(names, ["a", "c", "d", "e", "i"].map(str::to_owned));
    let lock = "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0\"\n[[package]]\nname = \"a\"\nversion = \"2.0\"\n";
    let versions: Vec<String> = locked(lock).remove("a").into_iter().flatten().collect();
    assert_eq!(versions, ["1.0", "2.0"].map(str::to_owned));
}

#[test]
fn the_docs_table_is_read() {
    let source = "//! | module | holds | may use | never |\n//! | --- | --- | --- | --- |\n\
        //! | [`time`], [`money`] | days | each other | a clock |\n//! | [`model`] | tables | time, money | IO |\n\
        //! | [`format`](mod@format) | text | protocol's view, `model`'s ids | |\n//! | `ui` | pages | all above | |\n";
    let table = documented(source);
    let of = |room: &str| table[room].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("time"), ["money"]);
    assert_eq!(of("format"), ["model", "protocol"]);
    assert_eq!(of("ui"), ["format", "model", "money", "time"]);
}
