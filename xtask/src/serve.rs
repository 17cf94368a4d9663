//! A small static HTTP/1.1 server for dist/, for this machine only.
//!
//! One thread and one request a connection; whatever a client sends, only its own connection ends.

use crate::{Result, mime};
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// Longest request head that is read.
const HEAD_LIMIT_BYTES: usize = 32 * 1024;
/// A client that neither sends nor takes anything for so long is gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// Serves `root` until the process ends.
pub fn run(listener: &TcpListener, root: &Path) -> Result {
    let root = root
        .canonicalize()
        .map_err(|e| format!("cannot serve {}: {e}", root.display()))?;
    loop {
        let Ok((stream, _)) = listener.accept() else {
            // Out of file handles, say: the next moment may be better.
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        let root = root.clone();
        // Where no thread can be had, the connection closes and the client tries again.
        let _ = std::thread::Builder::new().spawn(move || {
            // A client that goes away mid-answer is its own business.
            let _ = talk(&stream, &root);
        });
    }
}

fn talk(mut stream: &TcpStream, root: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let head = read_head(stream)?;
    if head.is_empty() {
        return Ok(()); // Browsers open connections ahead of need and close them unused.
    }
    let answer = answer(&head, root);
    stream.write_all(answer.head().as_bytes())?;
    match answer.body {
        Body::None => {}
        Body::Text(text) => stream.write_all(text.as_bytes())?,
        Body::File(file, length) => {
            // No more than announced, should the file grow meanwhile.
            io::copy(&mut file.take(length), &mut stream)?;
        }
    }
    // Closing with unread input resets the connection and may take the answer with it.
    stream.shutdown(std::net::Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    io::copy(&mut stream.take(1 << 20), &mut io::sink())?;
    Ok(())
}

/// Everything up to the empty line; cut off at the limit.
fn read_head(mut stream: &TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 4096];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") && head.len() < HEAD_LIMIT_BYTES {
        match stream.read(&mut chunk)? {
            0 => break,
            n => head.extend_from_slice(&chunk[..n]),
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

enum Body {
    None,
    Text(&'static str),
    File(File, u64),
}

struct Answer {
    status: &'static str,
    /// `Name: value` lines.
    headers: Vec<String>,
    body: Body,
}

impl Answer {
    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {}\r\n", self.status);
        // Always ask again: a rebuilt dist/ must never meet yesterday's files.
        let common = [
            "Cache-Control: no-cache",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
        ];
        for line in self.headers.iter().map(String::as_str).chain(common) {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head + "\r\n"
    }

    fn text(status: &'static str, text: &'static str, more: Option<&str>, head_only: bool) -> Self {
        let mut headers = vec![
            "Content-Type: text/plain; charset=utf-8".to_owned(),
            format!("Content-Length: {}", text.len()),
        ];
        headers.extend(more.map(str::to_owned));
        Self {
            status,
            headers,
            body: if head_only { Body::None } else { Body::Text(text) },
        }
    }
}

fn answer(head: &str, root: &Path) -> Answer {
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or("").split(' ');
    let (method, target, version) = (words.next(), words.next(), words.next());
    let head_only = method == Some("HEAD");
    let Some(target) = target.filter(|_| version.is_some_and(|v| v.starts_with("HTTP/1."))) else {
        return Answer::text("400 Bad Request", "That is no HTTP/1.1 request.\n", None, false);
    };
    if !head.contains("\r\n\r\n") {
        let status = "431 Request Header Fields Too Large";
        return Answer::text(
            status,
            "The request's head is cut off or too long.\n",
            None,
            head_only,
        );
    }
    if !matches!(method, Some("GET" | "HEAD")) {
        let status = "405 Method Not Allowed";
        return Answer::text(status, "Only GET and HEAD.\n", Some("Allow: GET, HEAD"), false);
    }
    let Some((file, path)) = relative(target).and_then(|path| open(root, &path)) else {
        return Answer::text("404 Not Found", "There is no such file.\n", None, head_only);
    };
    let Ok(meta) = file.metadata() else {
        return Answer::text(
            "500 Internal Server Error",
            "The file cannot be read.\n",
            None,
            head_only,
        );
    };
    let changed = meta
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let tag = format!(
        "\"{:x}-{:x}\"",
        meta.len(),
        changed.unwrap_or_default().as_nanos()
    );
    let known = lines
        .filter_map(|line| line.split_once(':'))
        .any(|(name, value)| name.eq_ignore_ascii_case("if-none-match") && value.contains(&tag));
    let mut headers = vec![format!("ETag: {tag}")];
    if known {
        return Answer {
            status: "304 Not Modified",
            headers,
            body: Body::None,
        };
    }
    headers.push(format!("Content-Type: {}", mime::of(&path)));
    headers.push(format!("Content-Length: {}", meta.len()));
    let body = if head_only {
        Body::None
    } else {
        Body::File(file, meta.len())
    };
    Answer {
        status: "200 OK",
        headers,
        body,
    }
}

/// Opens a file below `root`; a link that leads outside is not below it.
fn open(root: &Path, path: &Path) -> Option<(File, PathBuf)> {
    let path = root.join(path).canonicalize().ok()?;
    if !path.starts_with(root) || !path.is_file() {
        return None;
    }
    Some((File::open(&path).ok()?, path))
}

/// The file a request target names, relative to the served folder; `None` for whatever does not stay inside it.
fn relative(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?;
    // Proxies send the absolute form.
    let path = match path.strip_prefix("http://") {
        Some(rest) => &rest[rest.find('/').unwrap_or(rest.len())..],
        None => path,
    };
    let decoded = decode(path)?;
    if !decoded.starts_with('/') && !decoded.is_empty() {
        return None;
    }
    let mut file = PathBuf::new();
    for part in decoded.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." || part.contains(['\\', '\0', ':']) {
            return None;
        }
        file.push(part);
    }
    if decoded.ends_with('/') || decoded.is_empty() {
        file.push("index.html");
    }
    Some(file)
}

/// Percent-decoding; `None` for a broken escape or what is no UTF-8 afterwards.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_targets() {
        for (target, expect) in [
            ("/", Some("index.html")),
            ("/index.html?v=1#top", Some("index.html")),
            ("/a%20b/%E4%B8%AD.csv", Some("a b/中.csv")),
            ("/sub/", Some("sub/index.html")),
            ("//a/./b.js", Some("a/b.js")),
            ("http://127.0.0.1:8080/a.js", Some("a.js")),
            ("http://127.0.0.1:8080", Some("index.html")),
            ("/../secret", None),
            ("/a/%2e%2e/%2E%2E/secret", None),
            ("/..%2fsecret", None),
            ("/..\\secret", None),
            ("/a%00b", None),
            ("/%zz", None),
            ("/%f", None),
            ("/%ff", None),
            ("*", None),
        ] {
            assert_eq!(relative(target), expect.map(PathBuf::from), "{target}");
        }
    }

    #[test]
    fn answers() {
        let root = std::env::temp_dir().join(format!("stockpit-serve-{}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        let root = root.canonicalize().unwrap();
        std::fs::write(root.join("index.html"), "<p>").unwrap();
        for (request, status) in [
            ("GET / HTTP/1.1\r\n\r\n", "200"),
            ("HEAD /index.html HTTP/1.0\r\n\r\n", "200"),
            ("GET /missing HTTP/1.1\r\n\r\n", "404"),
            ("GET /../x HTTP/1.1\r\n\r\n", "404"),
            ("POST / HTTP/1.1\r\n\r\n", "405"),
            ("GET /\r\n\r\n", "400"),
            ("GET / HTTP/2\r\n\r\n", "400"),
            ("\u{fffd}\0", "400"),
            ("GET / HTTP/1.1\r\nEndless: ", "431"),
        ] {
            let answer = answer(request, &root);
            assert_eq!(&answer.status[..3], status, "{request}");
            assert!(answer.head().ends_with("\r\n\r\n"));
        }
        let first = answer("GET / HTTP/1.1\r\n\r\n", &root);
        assert!(
            first
                .head()
                .contains("Content-Type: text/html; charset=utf-8\r\nContent-Length: 3\r\n")
        );
        let tag = first.headers[0].strip_prefix("ETag: ").unwrap();
        let again = answer(
            &format!("GET / HTTP/1.1\r\nif-none-match: W/{tag}\r\n\r\n"),
            &root,
        );
        assert_eq!(again.status, "304 Not Modified");
        std::fs::remove_dir_all(&root).unwrap();
    }
}
