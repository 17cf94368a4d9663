//! Headless Chromium, driven through its driver.

use crate::site::TempFolder;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How often a page is asked whether it is there yet.
const POLL: Duration = Duration::from_millis(100);
/// How long an element may take to appear before a click.
const CLICK: Duration = Duration::from_secs(10);

/// Runs in every document before anything of the page: notes errors, long tasks, and when files end.
const WATCH: &str = r"
if (!window.seen) {
  const seen = (window.seen = { errors: [], tasks: [], frames: [], ends: {} });
  const note = (kind, text) => seen.errors.push(kind + ': ' + text);
  addEventListener('error', e => note('error', e.message || (e.target && (e.target.src || e.target.href))), true);
  addEventListener('unhandledrejection', e => note('rejection', e.reason));
  document.addEventListener('securitypolicyviolation', e => note('policy', e.violatedDirective + ' ' + e.blockedURI));
  const say = console.error;
  console.error = (...args) => { note('console', args.join(' ')); say.apply(console, args); };
  new PerformanceObserver(list => {
    for (const task of list.getEntries()) seen.tasks.push([Math.round(task.startTime), Math.round(task.duration)]);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver(list => {
    for (const frame of list.getEntries()) {
      const ran = frame.scripts.map(s => s.invoker.replace(/.*[/]/, '') + ' ' + Math.round(s.duration));
      seen.frames.push(Math.round(frame.startTime) + ': ' + (ran.join(', ') || 'no script'));
    }
  }).observe({ type: 'long-animation-frame', buffered: true });
  const over = new Set(['done', 'partial', 'failed', 'needs-mapping', 'cancelled']);
  new MutationObserver(changes => {
    for (const { target } of changes) {
      if (over.has(target.dataset.state) && target.dataset.role === 'import-file') {
        seen.ends[target.dataset.name] ??= performance.now();
      }
    }
  }).observe(document, { subtree: true, attributeFilter: ['data-state'] });
}";

/// A browser with one tab and a profile of its own; ends with its driver when dropped.
pub struct Browser {
    /// The session.
    pub client: Client,
    // Dropped before the profile.
    _driver: Driver,
    _profile: TempFolder,
}

impl Browser {
    /// Starts one, 1920 × 1080.
    pub async fn start() -> Self {
        Self::start_in(TempFolder::new()).await
    }

    /// Crashes the whole browser, without a word to any page, and starts another one with the same profile.
    pub async fn crash(self) -> Self {
        let crash = json!({ "cmd": "Browser.crash", "params": {} });
        // Nobody is left to answer.
        let _ = self
            .client
            .issue_cmd(Post {
                path: "goog/cdp/execute",
                body: crash,
            })
            .await;
        let Self {
            client,
            _driver: driver,
            _profile: profile,
        } = self;
        drop((client, driver));
        Self::start_in(profile).await
    }

    async fn start_in(profile: TempFolder) -> Self {
        let driver = Driver::start();
        let mut refused = String::new();
        // A machine that also compiles starts a browser slowly; the driver then gives up too early.
        for _ in 0..3 {
            let address = format!("http://127.0.0.1:{}", driver.port);
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder
                .capabilities(capabilities(profile.path()))
                .connect(&address)
                .await
            {
                Ok(client) => {
                    let browser = Self {
                        client,
                        _driver: driver,
                        _profile: profile,
                    };
                    browser.resize(1920, 1080).await;
                    browser
                        .cdp(
                            "Page.addScriptToEvaluateOnNewDocument",
                            json!({ "source": WATCH }),
                        )
                        .await;
                    return browser;
                }
                Err(error) => refused = error.to_string(),
            }
        }
        panic!("the driver starts no browser: {refused}");
    }

    /// Opens `url` and waits until the page is interactive.
    pub async fn open(&self, url: &str) {
        self.client
            .goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
        self.ready().await;
    }

    /// Waits until the page is interactive.
    pub async fn ready(&self) {
        self.until(
            "the page is ready",
            30,
            "return document.documentElement.dataset.ready === 'true'",
        )
        .await;
    }

    /// Loads the page anew.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("a page can be loaded anew");
        self.ready().await;
    }

    /// What `script` returns.
    pub async fn js(&self, script: &str) -> Value {
        let answer = self.client.execute(script, Vec::new()).await;
        answer.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// What `script` returns, as text; empty where it is no text.
    pub async fn text(&self, script: &str) -> String {
        self.js(script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until `script` returns something true, and yields it.
    pub async fn until(&self, what: &str, seconds: u64, script: &str) -> Value {
        self.until_slowly(what, seconds, POLL, script).await
    }

    /// Waits, asking only each `pause`: each question is a task of the page.
    pub async fn until_slowly(&self, what: &str, seconds: u64, pause: Duration, script: &str) -> Value {
        let end = Instant::now() + Duration::from_secs(seconds);
        loop {
            let answer = self.js(script).await;
            if !matches!(answer, Value::Null | Value::Bool(false)) {
                return answer;
            }
            if Instant::now() >= end {
                self.give_up(&format!("not after {seconds} s: {what}")).await;
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// Stops the journey with what the page knows of its troubles.
    pub async fn give_up(&self, what: &str) -> ! {
        let files = self.js(
            "return [...document.querySelectorAll('[data-role=import-file]')]
               .map(file => Object.values(file.dataset).join(' ') + ' ' + file.innerText.replaceAll('\\n', ' '))",
        );
        let (files, errors) = (files.await, self.errors().await);
        panic!(
            "{what}\n  at {}\n  files: {files}\n  errors: {errors:?}",
            self.address().await
        );
    }

    /// Clicks the first visible element of `selector` with the pointer, once there is one.
    pub async fn click(&self, selector: &str) {
        let end = Instant::now() + CLICK;
        loop {
            let tried = self.try_click(selector).await;
            match tried {
                Ok(()) => return,
                Err(why) if Instant::now() >= end => {
                    self.give_up(&format!("cannot click {selector}: {why}")).await
                }
                // Rows move while numbers arrive: look again.
                Err(_) => tokio::time::sleep(POLL).await,
            }
        }
    }

    async fn try_click(&self, selector: &str) -> Result<(), String> {
        let words = |error: fantoccini::error::CmdError| error.to_string();
        for element in self
            .client
            .find_all(Locator::Css(selector))
            .await
            .map_err(words)?
        {
            if element.is_displayed().await.map_err(words)? {
                return element.click().await.map_err(words);
            }
        }
        Err("no such element is visible".to_owned())
    }

    /// Presses `key`, by its name and code, wherever the focus is.
    pub async fn press(&self, key: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            let text = if key == "Enter" && kind == "keyDown" {
                "\r"
            } else {
                ""
            };
            let event =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
            self.cdp("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Moves the pressed pointer along `places`.
    pub async fn drag(&self, places: &[(f64, f64)]) {
        let mouse = async |kind: &str, (x, y): (f64, f64), buttons: u32| {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1 });
            self.cdp("Input.dispatchMouseEvent", event).await;
        };
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return;
        };
        mouse("mouseMoved", *first, 0).await;
        mouse("mousePressed", *first, 1).await;
        for place in &places[1..] {
            mouse("mouseMoved", *place, 1).await;
        }
        mouse("mouseReleased", *last, 0).await;
    }

    /// Makes the page `width` × `height` CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let phone = width < 600;
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.cdp("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// The address bar.
    pub async fn address(&self) -> String {
        self.client
            .current_url()
            .await
            .map(|url| url.to_string())
            .unwrap_or_default()
    }

    /// Errors of the page and, by the browser's log, of its worker and of what it could not load.
    pub async fn errors(&self) -> Vec<String> {
        let page = self
            .js("return window.seen ? window.seen.errors : ['the page is not watched']")
            .await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut errors: Vec<String> = page.as_array().into_iter().flatten().map(text).collect();
        let log = self
            .client
            .issue_cmd(Post {
                path: "se/log",
                body: json!({ "type": "browser" }),
            })
            .await;
        let log = log.unwrap_or_else(|error| panic!("no log: {error}"));
        let severe = |entry: &&Value| entry["level"] == "SEVERE";
        let message = |entry: &Value| format!("log: {}", text(&entry["message"]));
        errors.extend(log.as_array().into_iter().flatten().filter(severe).map(message));
        errors
    }

    /// A command of the browser's own protocol.
    pub async fn cdp(&self, method: &str, params: Value) -> Value {
        let body = json!({ "cmd": method, "params": params });
        let answer = self
            .client
            .issue_cmd(Post {
                path: "goog/cdp/execute",
                body,
            })
            .await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }
}

/// A command of the session that WebDriver does not know.
#[derive(Debug)]
struct Post {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

/// The flags of webdriver.json, with a profile of its own and all logs.
fn capabilities(profile: &Path) -> Map<String, Value> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("webdriver.json");
    let text = std::fs::read_to_string(file).expect("webdriver.json can be read");
    let mut all: Map<String, Value> = serde_json::from_str(&text).expect("webdriver.json is an object");
    let options = &mut all["goog:chromeOptions"];
    let own = [
        "--window-size=1920,1080".to_owned(),
        format!("--user-data-dir={}", profile.display()),
    ];
    let flags = options["args"].as_array_mut().expect("webdriver.json has flags");
    flags.extend(own.map(Value::from));
    if let Some(chosen) = std::env::var("CHROMIUM").ok().filter(|chosen| !chosen.is_empty()) {
        options["binary"] = Value::from(chosen);
    }
    all.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
    all.insert(
        "timeouts".to_owned(),
        json!({ "pageLoad": 60_000, "script": 30_000 }),
    );
    all
}

/// The driver's process.
struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts it on a port that it chooses; another program may be quicker to take that.
    fn start() -> Self {
        let mut attempts = (0..5).filter_map(|_| Self::try_start());
        attempts.next().expect("the driver names its port")
    }

    fn try_start() -> Option<Self> {
        let program = std::env::var("CHROMEDRIVER")
            .ok()
            .filter(|program| !program.is_empty());
        let program = program.unwrap_or_else(|| "chromedriver".to_owned());
        let mut command = Command::new(&program);
        command.args(["--port=0", "--log-level=SEVERE"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let output = process.stdout.take().expect("its output was asked for");
        let (found, port) = mpsc::channel();
        // Reads to the end: a full pipe would stop the driver.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // "Starting … on port 0", then "… was started successfully on port 40123."
                let port = line
                    .rsplit_once("on port ")
                    .and_then(|(_, port)| port.trim_end_matches('.').parse().ok());
                if let Some(port) = port.filter(|port: &u16| *port != 0) {
                    let _ = found.send(port);
                }
            }
        });
        let mut driver = Self { process, port: 0 };
        driver.port = port.recv_timeout(Duration::from_secs(30)).ok()?;
        Some(driver)
    }

    /// Asks it to close its browsers and end.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(
            stream,
            "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        )?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Also after a failure: the journey's future is dropped, and no browser may outlive it.
        let _ = self.shut_down();
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(POLL);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
