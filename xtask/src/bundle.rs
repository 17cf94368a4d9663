//! dist/: building it, serving it, rebuilding it on change.

use crate::setup::{self, Tools};
use crate::{Result, place, run, serve as server, size};
use std::env;
use std::net::TcpListener;
use std::process::Command;

const PORT: u16 = 8080;

/// `cargo xtask build`.
pub fn build() -> Result {
    let tools = setup::build_tools()?;
    run::shown(&mut release(&tools))?;
    let payload = size::weigh(&place::dist())?;
    print!("{}", payload.table());
    payload.within_budget()
}

/// `cargo xtask serve`.
pub fn serve() -> Result {
    // A taken port is worth knowing before minutes of building; the port opens when there is something to serve.
    drop(listen()?);
    let tools = setup::build_tools()?;
    run::shown(&mut release(&tools))?;
    let listener = listen()?;
    let address = listener
        .local_addr()
        .map_err(|e| format!("the server has no address: {e}"))?;
    println!("http://{address}");
    server::run(&listener, &place::dist())
}

/// `cargo xtask dev`.
pub fn dev() -> Result {
    drop(listen()?);
    let tools = setup::build_tools()?;
    // A folder of its own: dist/ always holds a release.
    let mut trunk = trunk(&tools, "serve");
    trunk.args(["--dist", "target/dev"]);
    trunk.arg("--port").arg(port()?.to_string());
    // No sources of the page; Trunk refuses to ignore what does not exist.
    let aside = [".git", "dist", "docs", "target", "tests", "xtask"].map(|name| place::root().join(name));
    for folder in aside.iter().filter(|folder| folder.exists()) {
        trunk.arg("--ignore").arg(folder);
    }
    run::shown(&mut trunk)
}

/// The command that builds the release.
pub fn release(tools: &Tools) -> Command {
    let mut trunk = trunk(tools, "build");
    trunk.arg("--release");
    trunk
}

/// Trunk, and the cargo it calls, without the network: the set-up has fetched everything.
fn trunk(tools: &Tools, subcommand: &str) -> Command {
    let mut trunk = tools.command("trunk");
    trunk
        .env("CARGO_NET_OFFLINE", "true")
        .args([subcommand, "--offline", "--skip-version-check"]);
    trunk
}

fn port() -> Result<u16> {
    match env::var("PORT") {
        Err(_) => Ok(PORT),
        Ok(text) => text
            .parse()
            .map_err(|_| format!("PORT is `{text}`, not a port number")),
    }
}

fn listen() -> Result<TcpListener> {
    let port = port()?;
    TcpListener::bind(("127.0.0.1", port))
        .map_err(|e| format!("cannot serve on port {port}: {e}; set PORT to another one"))
}
