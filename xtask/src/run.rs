//! Running other programs: quietly into a log, within a time limit, with an environment that is ours.

use crate::{Result, place};
use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A command without what `cargo run` and the caller's shell would leak into it: RUSTFLAGS in the environment would
/// replace the flags of `.cargo/local.toml` (and with them wasm32's std), NO_COLOR=1 is a syntax error to Trunk.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    for name in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "NO_COLOR",
    ] {
        command.env_remove(name);
    }
    command
}

/// A command for the cache: also without this repository's cargo settings, which a tool must not inherit.
pub fn outside(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = command(program);
    command
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("CARGO_BUILD_TARGET_DIR");
    command
        .env_remove("CARGO_BUILD_RUSTFLAGS")
        .env_remove("CARGO_BUILD_BUILD_DIR");
    command
}

/// The trimmed standard output of a command that succeeds, else nothing.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command with its output on the terminal.
pub fn shown(command: &mut Command) -> Result {
    let status = command.status().map_err(|e| cannot_start(command, &e))?;
    succeeded(command, status)
}

/// Runs a command with its output in `log`. A failure prints the log's last `tail` lines and says where the rest is.
pub fn logged(command: &mut Command, log: &Path, tail: usize) -> Result {
    let status = start_logged(command, log)?
        .wait()
        .map_err(|e| format!("lost a command: {e}"))?;
    succeeded(command, status).map_err(|sentence| with_log(&sentence, log, tail))
}

/// As [`logged`], but kills the command after `limit`: for downloads that may hang on a closed network.
pub fn logged_within(command: &mut Command, log: &Path, limit: Duration) -> Result {
    let mut child = start_logged(command, log)?;
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return succeeded(command, status),
            Ok(None) if start.elapsed() < limit => std::thread::sleep(Duration::from_millis(50)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "`{}` took longer than {} s",
                    name(command),
                    limit.as_secs()
                ));
            }
            Err(e) => return Err(format!("lost a command: {e}")),
        }
    }
}

/// Does one step and tells its name and duration on one line.
pub fn step<T>(name: &str, action: impl FnOnce() -> Result<T>) -> Result<T> {
    step_noting(name, || action().map(|value| (value, String::new())))
}

/// As [`step`], with a remark at the line's end.
pub fn step_noting<T>(name: &str, action: impl FnOnce() -> Result<(T, String)>) -> Result<T> {
    let live = std::io::stdout().is_terminal();
    if live {
        print!("{name:<44} …");
        let _ = std::io::stdout().flush();
    }
    let start = Instant::now();
    let outcome = action();
    let seconds = start.elapsed().as_secs_f64();
    if live {
        print!("\r");
    }
    match outcome {
        Ok((value, remark)) => {
            println!("{}", format!("{name:<44} {seconds:>6.1} s  {remark}").trim_end());
            Ok(value)
        }
        Err(sentence) => {
            println!("{name:<44} {seconds:>6.1} s  FAILED");
            Err(sentence)
        }
    }
}

fn start_logged(command: &mut Command, log: &Path) -> Result<std::process::Child> {
    let file = File::create(log).map_err(|e| format!("cannot write {}: {e}", log.display()))?;
    let twin = file
        .try_clone()
        .map_err(|e| format!("cannot write {}: {e}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file).stderr(twin);
    command.spawn().map_err(|e| cannot_start(command, &e))
}

fn with_log(sentence: &str, log: &Path, tail: usize) -> String {
    let text = place::read(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines[lines.len().saturating_sub(tail)..] {
        eprintln!("{line}");
    }
    format!("{sentence}; its whole output is in {}", log.display())
}

fn succeeded(command: &Command, status: ExitStatus) -> Result {
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed ({status})", name(command)))
    }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("cannot start `{}`: {error}", command.get_program().display())
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let mut words = vec![program.to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .take(6)
            .map(|arg| arg.to_string_lossy().into_owned()),
    );
    words.join(" ")
}
