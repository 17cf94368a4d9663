//! Files that come by themselves: an address that answers, is silent, fails and wants a token; a watched folder.

use crate::browser::Browser;
use crate::site::Site;
use crate::{dist, within};
use fantoccini::Locator;
use serde_json::json;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const TOKEN: &str = "Bearer 5f3a-shop";

/// Orders 0 to `count`.
fn orders(count: u32) -> String {
    let mut text = "order id,created,status,sku,qty,amount,currency\n".to_owned();
    for order in 0..count {
        let _ = writeln!(text, "{order},2026-06-01 10:00:00,paid,S1,1,10.00,CNY");
    }
    text
}

/// What the server does.
#[derive(Clone, Debug, Default, PartialEq)]
enum Mood {
    #[default]
    Serves,
    /// 503, come back after so many seconds.
    Busy(u32),
    /// It closes every connection at once.
    Drops,
    /// It asks people to sign in.
    Page,
}

/// What was asked.
#[derive(Clone, Debug)]
struct Asked {
    at: Instant,
    method: String,
    is_conditional: bool,
    is_let_in: bool,
    status: u16,
}

#[derive(Default)]
struct Inner {
    mood: Mutex<Mood>,
    body: Mutex<String>,
    asked: Mutex<Vec<Asked>>,
    closing: AtomicBool,
}

/// A shop's server on a port, and so an origin, of its own: it wants a token, knows `ETag`, and lets pages read.
struct Shop {
    address: SocketAddr,
    inner: Arc<Inner>,
    thread: Option<JoinHandle<()>>,
}

impl Shop {
    fn open(body: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let inner = Arc::new(Inner {
            body: Mutex::new(body),
            ..Inner::default()
        });
        let shared = Arc::clone(&inner);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.closing.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&shared);
                thread::spawn(move || stream.and_then(|stream| shared.answer(stream)));
            }
        });
        Self {
            address,
            inner,
            thread: Some(thread),
        }
    }

    fn url(&self) -> String {
        format!("http://{}/orders.csv", self.address)
    }

    fn is(&self, mood: Mood) {
        *self.inner.mood.lock().expect("no panic holds it") = mood;
    }

    fn has(&self, body: String) {
        *self.inner.body.lock().expect("no panic holds it") = body;
    }

    /// Gets, without the questions whether one may get.
    fn gets(&self) -> Vec<Asked> {
        let asked = self.inner.asked.lock().expect("no panic holds it");
        asked
            .iter()
            .filter(|asked| asked.method == "GET")
            .cloned()
            .collect()
    }

    /// Waits for the next `count` gets that were answered with `status`.
    async fn answers(&self, status: u16, count: usize) {
        let before = self.gets().len();
        let end = Instant::now() + Duration::from_secs(40);
        while self
            .gets()
            .iter()
            .skip(before)
            .filter(|asked| asked.status == status)
            .count()
            < count
        {
            assert!(
                Instant::now() < end,
                "no {count} answers {status}: {:#?}",
                self.gets()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.inner.closing.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Inner {
    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut head = BufReader::new(stream.try_clone()?).lines();
        let request = head.next().transpose()?.unwrap_or_default();
        let mut headers = Vec::new();
        for line in head {
            let line = line?;
            if line.is_empty() {
                break;
            }
            headers.push(line);
        }
        let header = |name: &str| {
            let is = |line: &&String| line.to_ascii_lowercase().starts_with(&format!("{name}:"));
            headers
                .iter()
                .find(is)
                .and_then(|line| Some(line.split_once(':')?.1.trim().to_owned()))
        };
        let method = request.split(' ').next().unwrap_or_default().to_owned();
        if method.is_empty() {
            // A connection ahead of need.
            return Ok(());
        }
        let body = self.body.lock().expect("no panic holds it").clone();
        let tag = format!("\"{}\"", body.len());
        let mood = self.mood.lock().expect("no panic holds it").clone();
        let is_let_in = header("authorization").as_deref() == Some(TOKEN);
        let is_known = header("if-none-match").as_deref() == Some(&tag);
        let (status, more, body) = match (method.as_str(), mood) {
            ("OPTIONS", _) => (204, String::new(), String::new()),
            (_, Mood::Drops) => (0, String::new(), String::new()),
            (_, Mood::Busy(secs)) => (503, format!("Retry-After: {secs}\r\n"), "busy".to_owned()),
            (_, Mood::Page) => (
                200,
                "Content-Type: text/html\r\n".to_owned(),
                "<h1>Sign in</h1>".to_owned(),
            ),
            _ if !is_let_in => (401, String::new(), "who are you".to_owned()),
            _ if is_known => (304, format!("ETag: {tag}\r\n"), String::new()),
            _ => (200, format!("ETag: {tag}\r\nContent-Type: text/csv\r\n"), body),
        };
        self.asked.lock().expect("no panic holds it").push(Asked {
            at: Instant::now(),
            method,
            is_conditional: header("if-none-match").is_some(),
            is_let_in,
            status,
        });
        if status == 0 {
            return stream.shutdown(std::net::Shutdown::Both);
        }
        // ETag is not exposed: the page must not need it.
        write!(
            stream,
            "HTTP/1.1 {status} Said\r\n{more}Content-Length: {}\r\nConnection: close\r\n\
             Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: Authorization\r\n\
             Access-Control-Expose-Headers: Retry-After\r\n\r\n{body}",
            body.len()
        )
    }
}

impl Browser {
    /// Waits until the one source is in `state`, with `problem`, which is empty for none.
    pub async fn source_becomes(&self, state: &str, problem: &str) {
        let script = format!(
            "const s = document.querySelector('[data-role=sources] [data-role=source]')?.dataset;
             return s && s.state === '{state}' && (s.problem ?? '') === '{problem}'"
        );
        let what = format!("the source is {state} {problem}");
        let end = Instant::now() + Duration::from_secs(40);
        while self.js(&script).await != json!(true) {
            if Instant::now() > end {
                let is = "return JSON.stringify(document.querySelector('[data-role=sources] [data-role=source]')?.dataset)";
                let is = self.text(is).await;
                self.give_up(&format!("not: {what}; it is {is}")).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Writes over what a field holds.
    pub async fn fill(&self, role: &str, text: &str) {
        let field = self
            .client
            .find(Locator::Css(&format!("[data-role={role}]")))
            .await;
        let field = field.unwrap_or_else(|error| panic!("{role}: {error}"));
        field.clear().await.expect("a field can be cleared");
        field.send_keys(text).await.expect("a field can be written");
    }

    pub async fn open_sources(&self) {
        self.click("[data-role=sources-open]").await;
        self.until(
            "the dialog",
            5,
            "return !!document.querySelector('[data-role=sources]')",
        )
        .await;
    }

    /// Waits for so many orders: a folder is looked at twice before a file is read.
    pub async fn orders_become(&self, count: u32) {
        let end = Instant::now() + Duration::from_secs(40);
        loop {
            let seen = self.metric("orders_created").await;
            if seen == count.to_string() {
                return;
            }
            if Instant::now() >= end {
                self.give_up(&format!("{count} orders, but {seen}")).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn step_count(&self) -> u64 {
        let steps = self
            .js("return document.querySelectorAll('[data-role=step]').length")
            .await;
        steps.as_u64().unwrap_or_default()
    }

    /// Errors of the page itself; what the network did stands in the browser's log, as it must.
    pub async fn no_page_errors(&self) {
        let errors = self.js("return window.seen.errors").await;
        assert_eq!(errors, json!([]));
    }
}

#[tokio::test]
async fn an_address_is_read_again_and_again_through_all_weathers() {
    let Some(dist) = dist() else { return };
    within(300, async {
        let (site, shop) = (Site::serve(&dist), Shop::open(orders(10)));
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.open_sources().await;
        browser.fill("source-url", "shop.example").await;
        browser.fill("source-url", "ftp://shop.example/a.csv").await;
        browser.click("[data-role=source-add]").await;
        browser
            .until(
                "no address",
                5,
                "return !!document.querySelector('[data-role=source-form-error]:not(.hidden)')",
            )
            .await;

        browser.fill("source-url", &shop.url()).await;
        browser.fill("source-interval", "0.05").await;
        browser.fill("source-token", TOKEN).await;
        browser.click("[data-role=source-add]").await;
        browser.source_becomes("ok", "").await;
        browser.orders_become(10).await;
        assert_eq!(browser.step_count().await, 1);

        // Nothing new: the browser asks with the tag that the page cannot see, and the age is renewed.
        shop.answers(304, 3).await;
        browser.source_becomes("ok", "").await;
        let age = "return Number(document.querySelector('[data-role=source]').dataset.ageSecs)";
        assert!(browser.js(age).await.as_i64().is_some_and(|age| age <= 6));
        let gets = shop.gets();
        assert!(gets.iter().all(|asked| asked.is_let_in), "{gets:#?}");
        assert!(gets.iter().skip(1).all(|asked| asked.is_conditional), "{gets:#?}");
        assert_eq!(browser.step_count().await, 1, "what is known is no step");

        // New content joins the step.
        shop.has(orders(12));
        browser.orders_become(12).await;
        assert_eq!(browser.step_count().await, 1);

        // The server says when to come back.
        shop.is(Mood::Busy(8));
        browser.source_becomes("error", "server").await;
        let busy = shop.gets().last().map(|asked| asked.at).expect("it was asked");
        shop.is(Mood::Serves);
        shop.answers(304, 1).await;
        let waited = shop
            .gets()
            .iter()
            .find(|asked| asked.at > busy)
            .map(|asked| asked.at - busy);
        let waited = waited.expect("it was asked again");
        assert!(
            waited >= Duration::from_secs(8),
            "it was asked again after {waited:?}"
        );
        browser.source_becomes("ok", "").await;

        // It vanishes: failing first, stale after two intervals, with its rows in place.
        shop.is(Mood::Drops);
        browser.source_becomes("error", "unreachable").await;
        browser.source_becomes("stale", "unreachable").await;
        browser.orders_become(12).await;
        let mark = "return document.querySelector('.sources [data-feed]')?.dataset.feed";
        assert_eq!(browser.text(mark).await, "stale", "the bottom line tells it");
        shop.is(Mood::Page);
        browser.click("[data-role=source-fetch]").await;
        browser.source_becomes("stale", "web-page").await;
        shop.is(Mood::Serves);
        browser.click("[data-role=source-fetch]").await;
        browser.source_becomes("ok", "").await;

        // The token is nowhere but in memory: after a reload it is asked for, and nothing is sent before.
        let traces =
            "return [location.href, JSON.stringify({ ...localStorage }), document.body.outerHTML].join(' ')";
        assert!(!browser.text(traces).await.contains("5f3a"), "the token shows");
        browser.reload().await;
        let before = shop.gets().len();
        browser.open_sources().await;
        browser.source_becomes("paused", "no-token").await;
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert_eq!(shop.gets().len(), before, "it was asked without its token");
        browser.fill("source-token-again", "Bearer wrong").await;
        browser.click("[data-role=source-resume]").await;
        browser.source_becomes("error", "denied").await;

        // The same address with the right one, remembered: it goes on by itself.
        browser.fill("source-url", &shop.url()).await;
        browser.fill("source-interval", "0.05").await;
        browser.fill("source-token", TOKEN).await;
        browser.click("[data-role=source-remember]").await;
        browser.click("[data-role=source-add]").await;
        browser.source_becomes("ok", "").await;
        browser.orders_become(12).await;
        browser.reload().await;
        browser.orders_become(12).await;
        browser.open_sources().await;
        browser.source_becomes("ok", "").await;

        // Paused, it is left alone; removed, its rows stay.
        browser.click("[data-role=source-pause]").await;
        browser.source_becomes("paused", "").await;
        let before = shop.gets().len();
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(shop.gets().len(), before, "a paused source was asked");
        browser.click("[data-role=source-remove]").await;
        let said = browser
            .until(
                "it is removed",
                5,
                "return document.querySelector('[data-role=source-removed]:not(.hidden)')?.innerText",
            )
            .await;
        assert!(
            said.as_str().is_some_and(|said| said.contains("orders.csv")),
            "{said}"
        );
        browser.orders_become(12).await;
        let kept = "return localStorage['stockpit.feeds.v1']";
        assert_eq!(browser.text(kept).await, "[]");
        browser.no_page_errors().await;
    })
    .await;
}

/// A folder of the origin stands in for one of the device: its handle is of the same kind.
const PICKER: &str = "
    const inbox = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('inbox', { create: true });
    window.showDirectoryPicker = inbox;
    window.put = async (name, text) => {
        const file = await (await inbox()).getFileHandle(name, { create: true });
        const writing = await file.createWritable();
        await writing.write(text);
        await writing.close();
        return true;
    };";

#[tokio::test]
async fn a_folder_is_watched() {
    let Some(dist) = dist() else { return };
    within(180, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser
            .cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": PICKER }))
            .await;
        browser.open_demo(&site.url("")).await;
        let put = async |name: &str, text: String| {
            let script = format!("return window.put({}, {})", json!(name), json!(text));
            assert_eq!(browser.js(&script).await, json!(true));
        };
        browser.open_sources().await;
        browser.click("[data-role=folder-add]").await;
        browser.source_becomes("ok", "").await;
        put("photo.png", "no export".to_owned()).await;
        put("orders.csv", orders(10)).await;
        browser.orders_become(10).await;
        put("orders.csv", orders(12)).await;
        browser.orders_become(12).await;
        assert_eq!(browser.step_count().await, 1);
        // One that cannot be read is told, and troubles no other.
        put("notes.csv", "dear diary\nnothing sold\n".to_owned()).await;
        browser.source_becomes("ok", "content").await;
        put("more.csv", orders(15)).await;
        browser.orders_become(15).await;
        let kept = "return document.querySelector('[data-role=kept]')?.dataset.state === 'kept'";
        browser.until("its rows stay in the browser", 10, kept).await;

        // After a reload the browser still lets the page read it; what was read is not read again.
        browser.reload().await;
        browser.orders_become(15).await;
        browser.open_sources().await;
        browser.source_becomes("ok", "").await;
        put("orders.csv", orders(16)).await;
        browser.orders_become(16).await;
        // The numbers come before the report.
        let names = "return [...document.querySelectorAll('[data-role=import-file]')].map(f => f.dataset.name).join()";
        let names = browser.until("a report", 10, &format!("{names} || null")).await;
        assert_eq!(names, json!("orders.csv"), "only what has changed is read");
        browser.click("[data-role=source-remove]").await;
        browser.orders_become(16).await;
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn a_browser_without_folders_says_so() {
    let Some(dist) = dist() else { return };
    within(60, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        let source = "delete window.showDirectoryPicker; delete Window.prototype.showDirectoryPicker";
        browser
            .cdp(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": source }),
            )
            .await;
        browser.open_demo(&site.url("")).await;
        browser.open_sources().await;
        let is_off = "return document.querySelector('[data-role=folder-add]').disabled";
        assert_eq!(browser.js(is_off).await, json!(true));
        browser.no_errors().await;
    })
    .await;
}
