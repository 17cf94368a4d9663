//! A plain static server, and folders that go away.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use tiny_http::{Header, Response, Server};

/// A folder served on a free port until dropped.
pub struct Site {
    server: Arc<Server>,
    port: u16,
    threads: Vec<JoinHandle<()>>,
}

/// Requests answered at once: a page asks for a handful of files.
const THREADS: usize = 4;

impl Site {
    /// Serves `folder`.
    pub fn serve(folder: &Path) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let port = server
            .server_addr()
            .to_ip()
            .expect("an address of the internet")
            .port();
        let threads = (0..THREADS).map(|_| {
            let (server, folder) = (Arc::clone(&server), folder.to_owned());
            thread::spawn(move || {
                // An error is the end of the server.
                while let Ok(request) = server.recv() {
                    let answer = answer(&folder, request.url());
                    // Fails where the browser went away, which is its right.
                    let _ = request.respond(answer);
                }
            })
        });
        let threads = threads.collect();
        Self {
            server,
            port,
            threads,
        }
    }

    /// Address of `path`, which begins without a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.server.unblock();
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

type Answer = Response<std::io::Cursor<Vec<u8>>>;

fn answer(folder: &Path, url: &str) -> Answer {
    let path = url
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_start_matches('/');
    let inside = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let mut file = folder.join(path);
    if path.is_empty() || path.ends_with('/') {
        file.push("index.html");
    }
    let Some(bytes) = fs::read(&file).ok().filter(|_| inside) else {
        return Response::from_string("not here").with_status_code(404);
    };
    let header = |name: &str, value: &str| Header::from_bytes(name, value).expect("a plain header");
    Response::from_data(bytes)
        .with_header(header("Content-Type", media_type(&file)))
        .with_header(header("Cache-Control", "no-store"))
}

fn media_type(file: &Path) -> &'static str {
    match file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "csv" => "text/csv",
        _ => "application/octet-stream",
    }
}

/// A folder that goes away when dropped.
pub struct TempFolder(PathBuf);

impl TempFolder {
    /// A new one.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "stockpit-journeys-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        Self(folder)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).expect("a temporary file can be written");
        path
    }

    /// Copies the files of `from` into its sub-folder `name`.
    pub fn copy(&self, from: &Path, name: &str) -> PathBuf {
        let to = self.0.join(name);
        copy(from, &to);
        to
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // A browser that still closes may hold on to its profile for a moment.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a temporary folder can be made");
    for entry in fs::read_dir(from).expect("the release build can be listed") {
        let path = entry.expect("the release build can be listed").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}
