//! What is built beside the crate's own source: zones, and the bound of the reader's memory.
//!
//! The zones of `chrono-tz` that `.cargo/config.toml` names, written small: what changes when, and nothing else.
//!
//! Its own tables hold 24 bytes a change, with names, from 1883 on: a tenth of the page. See `src/time/zones.rs`.

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

/// Changes before 1970 are left out, those after have no rule yet.
const END: i64 = 4_102_444_800; // 2100-01-01
const DAY: i64 = 86_400;
/// All changes fall on quarters of an hour.
const QUARTER: i64 = 900;

/// Most memory of the reader, in bytes: a file that wants more ends the worker that reads it, and nothing else.
const READER_MEMORY: u64 = 2 << 30;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_CFG_TARGET_FAMILY").is_some_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bin=reader=--max-memory={READER_MEMORY}");
        // Both are cut in two after this, which moves what their code and data name (`cargo xtask hook`).
        println!("cargo::rustc-link-arg-bin=stockpit=--emit-relocs");
        println!("cargo::rustc-link-arg-bin=engine=--emit-relocs");
    }
    println!("cargo::rerun-if-env-changed=CHRONO_TZ_TIMEZONE_FILTER");
    let mut zones = String::from("const ZONES: &[Written] = &[\n");
    for zone in TZ_VARIANTS {
        let (mut waits, mut distances) = (String::new(), String::new());
        push(&mut distances, 64 + distance(zone, 0)?)?;
        let mut last = 0;
        for day in (0..END).step_by(usize::try_from(DAY)?) {
            let end = day + DAY;
            if distance(zone, day)? == distance(zone, end)? {
                continue;
            }
            let quarters = 1..=DAY / QUARTER;
            let changed = |quarter: &i64| {
                let at = day + quarter * QUARTER;
                distance(zone, at).ok() != distance(zone, at - QUARTER).ok()
            };
            for at in quarters.filter(changed).map(|quarter| day / QUARTER + quarter) {
                // Seven bits a byte, the lowest first; the last byte has no eighth.
                let mut wait = at - last;
                while wait >= 0x80 {
                    push(&mut waits, wait % 0x80 + 0x80)?;
                    wait /= 0x80;
                }
                push(&mut waits, wait)?;
                push(&mut distances, 64 + distance(zone, at * QUARTER)?)?;
                last = at;
            }
        }
        writeln!(
            zones,
            "    Written {{ name: {:?}, waits: b\"{waits}\", distances: b\"{distances}\" }},",
            zone.name()
        )?;
    }
    zones.push_str("];\n");
    let usual = TZ_VARIANTS.iter().position(|zone| *zone == Tz::Asia__Shanghai);
    let usual = usual.ok_or("Asia/Shanghai is compiled in")?;
    writeln!(
        zones,
        "/// Place of Asia/Shanghai.\nconst USUAL: usize = {usual};"
    )?;
    let folder = std::env::var_os("OUT_DIR").ok_or("Cargo names a folder")?;
    std::fs::write(Path::new(&folder).join("zones.rs"), zones)?;
    Ok(())
}

fn push(bytes: &mut String, value: i64) -> Result<(), Box<dyn Error>> {
    Ok(write!(bytes, "\\x{:02x}", u8::try_from(value)?)?)
}

/// Distance of `zone` from UTC in quarters of an hour.
fn distance(zone: Tz, seconds: i64) -> Result<i64, Box<dyn Error>> {
    let at: DateTime<Utc> = DateTime::from_timestamp(seconds, 0).ok_or("a date of the calendar")?;
    let distance = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    let seconds = i64::from(distance.local_minus_utc());
    if seconds % QUARTER == 0 {
        Ok(seconds / QUARTER)
    } else {
        Err(format!("{zone} is {seconds} s from UTC at {at}").into())
    }
}
