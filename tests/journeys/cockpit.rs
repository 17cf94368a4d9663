//! What the page exposes (DESIGN §6), read off its DOM.

use crate::browser::Browser;
use crate::shared::plain;
use fantoccini::Locator;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long a click may take to reach the numbers; far more than it does, so that a busy machine passes.
const SETTLE: Duration = Duration::from_secs(10);

/// An imported file as its card says it.
#[derive(Clone, Debug, Default)]
pub struct Card {
    pub name: String,
    pub state: String,
    pub kind: String,
    pub accepted: String,
    pub duplicate: String,
    pub rejected: String,
    /// The sentence that says what came of it.
    pub outcome: String,
    /// All its text.
    pub text: String,
}

impl Card {
    /// Accepted, duplicate and refused rows.
    pub fn counts(&self) -> [&str; 3] {
        [&self.accepted, &self.duplicate, &self.rejected]
    }
}

impl Browser {
    /// Opens `url` as on the first visit, and waits for the demo shop.
    pub async fn open_demo(&self, url: &str) {
        // A page that is open would go on holding what it keeps.
        self.client.goto("about:blank").await.expect("a page can be left");
        let all = json!({ "origin": url, "storageTypes": "all" });
        self.cdp("Storage.clearDataForOrigin", all).await;
        self.open(url).await;
        let demo = "return !!document.querySelector('[data-role=demo]')";
        self.until("the demo shows", 10, demo).await;
    }

    /// Chooses files as a user does in the file chooser.
    pub async fn choose(&self, paths: &[PathBuf]) {
        let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let input = self
            .client
            .find(Locator::Css("input[data-role=import]"))
            .await
            .expect("a file input");
        input
            .send_keys(&paths.join("\n"))
            .await
            .expect("files can be chosen");
    }

    /// Waits until `count` files are there and have all ended, and yields them, newest drop first.
    pub async fn imported(&self, count: usize, seconds: u64) -> Vec<Card> {
        let script = format!(
            "const all = [...document.querySelectorAll('[data-role=import-file]')];
             return all.length >= {count} && all.every(f => f.dataset.state !== 'queued' && f.dataset.state !== 'reading')"
        );
        // Rarely: while a file loads, nothing but the page itself shall occupy the page.
        self.until_slowly(
            &format!("{count} files ended"),
            seconds,
            Duration::from_millis(500),
            &script,
        )
        .await;
        self.cards().await
    }

    /// The files of the report.
    pub async fn cards(&self) -> Vec<Card> {
        let cards = self.js(
            "return [...document.querySelectorAll('[data-role=import-file]')].map(f => {
               const outcome = f.querySelector('[data-role=outcome]');
               return { ...f.dataset, outcome: outcome ? outcome.innerText : '', text: f.innerText } })",
        );
        let card = |value: &Value| {
            let part = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            Card {
                name: part("name"),
                state: part("state"),
                kind: part("kind"),
                accepted: part("accepted"),
                duplicate: part("duplicate"),
                rejected: part("rejected"),
                outcome: part("outcome"),
                text: part("text"),
            }
        };
        cards.await.as_array().into_iter().flatten().map(card).collect()
    }

    /// Chooses files, sees them end and opens the cockpit.
    pub async fn enter_with(&self, paths: &[PathBuf], seconds: u64) -> Vec<Card> {
        self.choose(paths).await;
        let cards = self.imported(paths.len(), seconds).await;
        self.enter().await;
        cards
    }

    /// From the report to the cockpit.
    pub async fn enter(&self) {
        self.click("[data-role=enter]").await;
        self.until(
            "the cockpit shows",
            10,
            "return !!document.querySelector('[data-metric=gmv]')",
        )
        .await;
    }

    /// The canonical value of a metric: its tile, in the charts' currency.
    pub async fn metric(&self, id: &str) -> String {
        self.text(&format!(
            "const m = document.querySelector('[data-metric={id}]'); return m && m.dataset.value"
        ))
        .await
    }

    /// Waits until each metric has its value; what was not reached is told in full.
    #[track_caller]
    pub fn metrics_become<'a>(&'a self, expect: &'a [(&'a str, String)]) -> impl Future<Output = ()> + 'a {
        let place = std::panic::Location::caller();
        async move {
            let end = Instant::now() + SETTLE;
            loop {
                let mut wrong = Vec::new();
                for (id, value) in expect {
                    let found = self.metric(id).await;
                    if plain(&found) != plain(value) {
                        wrong.push(format!("{id} is {found}, not {value}"));
                    }
                }
                if wrong.is_empty() {
                    return;
                }
                if Instant::now() >= end {
                    self.give_up(&format!("{place}: {}", wrong.join("; "))).await;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }

    /// All metrics on screen, with their currency.
    pub async fn metrics(&self) -> Vec<String> {
        let all = self.js("return [...document.querySelectorAll('[data-metric]')]
               .map(m => [m.dataset.metric, m.dataset.currency, m.dataset.value].join(' '))");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        all.await.as_array().into_iter().flatten().map(text).collect()
    }

    /// Keys and plain values of the table behind a chart.
    pub async fn table(&self, chart: &str) -> Vec<(String, String)> {
        let script = format!(
            "return [...document.querySelectorAll('[data-chart=\"{chart}\"] table tr[data-key]')]
               .map(r => [r.dataset.key, r.dataset.value])"
        );
        let row = |row: &Value| {
            let part = |at: usize| row[at].as_str().unwrap_or_default();
            (part(0).to_owned(), plain(part(1)))
        };
        self.js(&script)
            .await
            .as_array()
            .into_iter()
            .flatten()
            .map(row)
            .collect()
    }

    /// Waits until the table behind a chart begins with `expect`.
    #[track_caller]
    pub fn table_becomes<'a>(
        &'a self,
        chart: &'a str,
        expect: &'a [(String, String)],
    ) -> impl Future<Output = ()> + 'a {
        let place = std::panic::Location::caller();
        async move {
            let end = Instant::now() + SETTLE;
            let expect: Vec<_> = expect
                .iter()
                .map(|(key, value)| (key.clone(), plain(value)))
                .collect();
            loop {
                let rows = self.table(chart).await;
                if rows.starts_with(&expect) {
                    return;
                }
                if Instant::now() >= end {
                    let first: Vec<_> = rows.iter().take(expect.len().max(3)).collect();
                    self.give_up(&format!("{place}: {chart} is\n{first:?}\n, not\n{expect:?}"))
                        .await;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }

    /// Fails if the page or its worker met an error.
    #[track_caller]
    pub fn no_errors(&self) -> impl Future<Output = ()> + '_ {
        let place = std::panic::Location::caller();
        async move {
            let errors = self.errors().await;
            assert!(errors.is_empty(), "{place}: {errors:#?}");
        }
    }
}
