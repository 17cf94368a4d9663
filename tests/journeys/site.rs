//! A plain static server, and folders that go away.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A folder served on a free port until dropped.
///
/// One thread and one answer a connection. (tiny_http's pool can leave the fifth of five connections that a
/// browser opens at once without a thread, for as long as the other four are kept alive.)
pub struct Site {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    closing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    /// Serves `folder` as any host does.
    pub fn serve(folder: &Path) -> Self {
        Self::serve_with(folder, "")
    }

    /// Serves `folder` with further `headers`, each ended by a line break.
    pub fn serve_with(folder: &Path, headers: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let closing = Arc::new(AtomicBool::new(false));
        let (closed, folder) = (Arc::clone(&closing), folder.to_owned());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&asked);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if closed.load(Ordering::Relaxed) {
                    return;
                }
                let (folder, note) = (folder.clone(), Arc::clone(&note));
                // A connection fails where the browser went away, which is its right.
                thread::spawn(move || stream.and_then(|stream| answer(&folder, headers, &note, stream)));
            }
        });
        Self {
            address,
            asked,
            closing,
            thread: Some(thread),
        }
    }

    /// Paths that were asked for and found, in order.
    #[allow(dead_code, reason = "the benchmark weighs them")]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().map(|asked| asked.clone()).unwrap_or_default()
    }

    /// Address of `path`, which begins without a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(
    folder: &Path,
    headers: &str,
    asked: &Mutex<Vec<String>>,
    mut stream: TcpStream,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_write_timeout(Some(Duration::from_secs(30)))?;
    let mut head = BufReader::new(stream.try_clone()?).lines();
    let request = head.next().transpose()?.unwrap_or_default();
    for line in head {
        if line?.is_empty() {
            break;
        }
    }
    let url = request.split(' ').nth(1).unwrap_or_default();
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_start_matches('/');
    let inside = |part: Component| matches!(part, Component::Normal(_));
    let mut file = folder.join(path);
    if path.is_empty() || path.ends_with('/') {
        file.push("index.html");
    }
    let found = fs::read(&file)
        .ok()
        .filter(|_| Path::new(path).components().all(inside));
    let (status, bytes) = match found {
        Some(bytes) => {
            if let Ok(mut asked) = asked.lock() {
                asked.push(path.to_owned());
            }
            ("200 OK", bytes)
        }
        None => ("404 Not Found", b"not here".to_vec()),
    };
    let (kind, length) = (media_type(&file), bytes.len());
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n{headers}\r\n"
    )?;
    stream.write_all(&bytes)
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
