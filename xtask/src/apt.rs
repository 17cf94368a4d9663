//! Debian's package sources, as this machine names them. No registry's address is written in the repository.

use crate::{Result, place, run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// One `deb` entry of the machine's apt sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Address of the archive, e.g. `http://host/debian` or `mirror+file:/…`.
    pub uri: String,
    /// Suite, e.g. `bookworm`.
    pub suite: String,
    /// Components, e.g. `main`.
    pub components: Vec<String>,
    /// The keyring the entry trusts; `None` where it names none or carries the key itself.
    pub keyring: Option<PathBuf>,
}

/// `ID` and `VERSION_CODENAME` of this machine; empty where unknown.
pub fn system() -> (String, String) {
    let text = place::read(Path::new("/etc/os-release")).unwrap_or_default();
    (os_field(&text, "ID"), os_field(&text, "VERSION_CODENAME"))
}

/// The archive of the running Debian, from the machine's own sources.
pub fn debian_archive(codename: &str) -> Option<Source> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    let parts = std::fs::read_dir("/etc/apt/sources.list.d")
        .into_iter()
        .flatten()
        .flatten();
    files.extend(parts.map(|entry| entry.path()));
    files.sort();
    let texts = files.iter().filter_map(|file| {
        let deb822 = file.extension()?.to_str()? == "sources";
        place::read(file).ok().map(|text| {
            if deb822 {
                parse_deb822(&text)
            } else {
                parse_list(&text)
            }
        })
    });
    archive_among(&texts.flatten().collect::<Vec<_>>(), codename)
}

/// Installs packages on Debian, as root or through sudo.
pub fn install(packages: &[&str]) -> Result {
    let root = run::answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if !root && place::on_path("sudo").is_none() {
        return Err(format!(
            "neither root nor sudo: have someone run `apt-get install {}`",
            packages.join(" ")
        ));
    }
    let apt = |args: &[&str]| {
        let mut command = run::command(if root { "apt-get" } else { "sudo" });
        if !root {
            command.arg("apt-get");
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
        command
    };
    place::make(&place::logs())?;
    let log = place::logs().join("apt.log");
    run::logged(&mut apt(&["-qq", "update"]), &log, 15)?;
    let mut install = apt(&["-qq", "install", "--yes", "--no-install-recommends"]);
    run::logged(install.args(packages), &log, 15)
}

fn os_field(text: &str, name: &str) -> String {
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    value.unwrap_or("").trim_matches(['"', '\'']).to_owned()
}

/// The entry of the running release itself: other repositories share neither its codename as suite nor `main`.
fn archive_among(sources: &[Source], codename: &str) -> Option<Source> {
    let names = [codename, "stable", "oldstable", "testing", "unstable", "sid"];
    let fits = |source: &&Source| {
        names.contains(&source.suite.as_str())
            && source.components.iter().any(|component| component == "main")
            && !source.uri.starts_with("cdrom:")
    };
    sources.iter().find(fits).cloned()
}

/// One-line style: `deb [option=value …] uri suite component …`.
fn parse_list(text: &str) -> Vec<Source> {
    let entry = |line: &str| {
        let rest = line.split('#').next()?.trim().strip_prefix("deb")?;
        let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
        let (options, rest) = match rest.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?,
            None => ("", rest),
        };
        let keyring = options
            .split_whitespace()
            .find_map(|option| option.strip_prefix("signed-by="));
        let mut words = rest.split_whitespace().map(str::to_owned);
        Some(Source {
            uri: words.next()?,
            suite: words.next()?,
            components: words.collect(),
            keyring: keyring.and_then(keyring_path),
        })
    };
    text.lines().filter_map(entry).collect()
}

/// deb822 style: paragraphs of `Field: value`, indented lines continue a value. One source for each URI and suite.
fn parse_deb822(text: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().chain([""]) {
        if line.starts_with('#') {
            continue;
        }
        if line.trim().is_empty() {
            sources.extend(paragraph(&fields));
            fields.clear();
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    sources
}

fn paragraph(fields: &[(String, String)]) -> Vec<Source> {
    let field = |name: &str| {
        fields
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let words = |name| {
        field(name)
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    if !words("types").iter().any(|kind| kind == "deb") || field("enabled").eq_ignore_ascii_case("no") {
        return Vec::new();
    }
    let mut sources = Vec::new();
    for uri in words("uris") {
        for suite in words("suites") {
            let components = words("components");
            sources.push(Source {
                uri: uri.clone(),
                suite,
                components,
                keyring: keyring_path(field("signed-by")),
            });
        }
    }
    sources
}

/// `Signed-By` may also hold a key's fingerprint or the key itself; only a file serves another suite.
fn keyring_path(value: &str) -> Option<PathBuf> {
    let first = value.split([',', ' ']).next().unwrap_or("");
    first.starts_with('/').then(|| PathBuf::from(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Vec<Source>, codename: &str, expect: Option<(&str, Option<&str>)>) {
        let archive = archive_among(&found, codename);
        let seen = archive
            .as_ref()
            .map(|s| (s.uri.as_str(), s.keyring.as_ref().and_then(|k| k.to_str())));
        assert_eq!(seen, expect, "{found:?}");
    }

    #[test]
    fn one_line_style() {
        for (text, expect) in [
            (
                "deb http://a/debian bookworm main\n",
                Some(("http://a/debian", None)),
            ),
            (
                "deb [ arch=amd64 signed-by=/k.gpg ] http://a/debian bookworm main contrib # note",
                Some(("http://a/debian", Some("/k.gpg"))),
            ),
            (
                "deb\tmirror+file:/etc/apt/m.list bookworm main",
                Some(("mirror+file:/etc/apt/m.list", None)),
            ),
            ("# deb http://a/debian bookworm main", None),
            ("deb-src http://a/debian bookworm main", None),
            ("deb http://a/debian-security bookworm-security main", None),
            ("deb http://vendor/linux/debian bookworm stable", None),
            ("deb cdrom:[Debian 12]/ bookworm main", None),
            ("deb [broken http://a/debian bookworm main\ndeb\ndeb x", None),
        ] {
            check(parse_list(text), "bookworm", expect);
        }
    }

    #[test]
    fn deb822_style() {
        let debian = "Types: deb deb-src\n# a remark\nURIs: http://a/debian\nSuites: trixie-updates trixie\n\
                      Components: main\nSigned-By: /k.pgp\n";
        let embedded = "Types: deb\nURIs: http://b/debian\nSuites:\n trixie\nComponents: main\n\
                        Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQ==\n";
        let security = "Types: deb\nURIs: http://s/\nSuites: trixie-security\nComponents: main";
        for (text, expect) in [
            (debian.to_owned(), Some(("http://a/debian", Some("/k.pgp")))),
            (
                format!("{security}\n\n{embedded}"),
                Some(("http://b/debian", None)),
            ),
            (format!("Enabled: no\n{debian}\n\n\n{security}"), None),
            (debian.replace("Types: deb deb-src", "Types: deb-src"), None),
            ("no field here\n continued\n".to_owned(), None),
        ] {
            check(parse_deb822(&text), "trixie", expect);
        }
    }

    #[test]
    fn os_release() {
        let text = "NAME=\"Debian\"\nVERSION_CODENAME=trixie\nID=debian\nID_LIKE=x\n";
        assert_eq!(
            (os_field(text, "ID"), os_field(text, "VERSION_CODENAME")),
            ("debian".into(), "trixie".into())
        );
        assert_eq!(os_field("NAME=a", "ID"), "");
    }
}
