//! The browser and its driver for the tests.

use crate::{Result, apt, place, run};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian's packages; the fonts because without them Chinese shows as boxes.
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];
/// The broker that some journeys listen to; its package has the same name.
const BROKER: &str = "mosquitto";
const BROWSERS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

/// Chromium and its driver.
pub struct Browser {
    /// The driver's program.
    pub driver: PathBuf,
    /// The browser's program, where the user names one; else the driver finds it by itself.
    pub chosen: Option<PathBuf>,
}

impl Browser {
    /// Names both to what `command` runs.
    pub fn lend(&self, command: &mut Command) {
        command.env("CHROMEDRIVER", &self.driver);
        command.envs(self.chosen.iter().map(|chosen| ("CHROMIUM", chosen)));
    }
}

/// Finds the browser, or installs Debian's. Elsewhere `chromium` may be a snap, which a driver cannot start from a
/// test's folder: there only what is on PATH counts.
pub fn ready() -> Result<Browser> {
    broker();
    if let Some(browser) = find()? {
        return Ok(browser);
    }
    if apt::system().0 == "debian" {
        run::step(&format!("install {}", PACKAGES.join(", ")), || {
            apt::install(&PACKAGES)
        })?;
    }
    find()?.ok_or_else(|| {
        "the browser tests need Chromium or Chrome and the chromedriver of the same version: put both on PATH, \
         or name them in CHROMIUM and CHROMEDRIVER"
            .into()
    })
}

/// Installs Debian's Mosquitto where there is none; journeys that need it say so where that fails.
fn broker() {
    let is_here = place::on_path(BROKER).is_some() || Path::new("/usr/sbin").join(BROKER).is_file();
    if !is_here && apt::system().0 == "debian" {
        let installed = run::step(&format!("install {BROKER}"), || apt::install(&[BROKER]));
        if let Err(sentence) = installed {
            println!("no {BROKER}: {sentence}");
        }
    }
}

fn find() -> Result<Option<Browser>> {
    let named = |variable: &str| match env::var_os(variable).filter(|value| !value.is_empty()) {
        None => Ok(None),
        Some(value) if PathBuf::from(&value).is_file() => Ok(Some(PathBuf::from(value))),
        Some(value) => Err(format!("{variable} names {}, which is no file", value.display())),
    };
    let chosen = named("CHROMIUM")?;
    let driver = named("CHROMEDRIVER")?.or_else(|| place::on_path("chromedriver"));
    let browser = chosen.is_some() || BROWSERS.iter().any(|name| place::on_path(name).is_some());
    Ok(driver
        .filter(|_| browser)
        .map(|driver| Browser { driver, chosen }))
}
