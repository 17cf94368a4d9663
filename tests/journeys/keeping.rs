//! What stays in the browser: reloads, kills, other tabs, damage, and forgetting it all.

use crate::browser::Browser;
use crate::shared::{exports, golden, text};
use crate::site::{Site, TempFolder};
use crate::wrong_files::orders;
use crate::{dist, within};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const STATE: &str = "document.querySelector('[data-role=kept]')?.dataset.state";

impl Browser {
    /// Waits until the page says of its rows that they are `state`.
    async fn keeping_becomes(&self, state: &str) {
        let script = format!("return {STATE} === '{state}'");
        if self.until_or_not(10, &script).await {
            return;
        }
        let is = self.text(&format!("return {STATE}")).await;
        self.give_up(&format!("rows are {is}, not {state}")).await;
    }

    async fn until_or_not(&self, seconds: u64, script: &str) -> bool {
        let end = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < end {
            if self.js(script).await == json!(true) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    }

    /// Orders on the screen; 0 on an empty or demo screen.
    async fn own_orders(&self) -> u64 {
        let script = "return document.querySelector('[data-role=demo]') ? '0'
            : document.querySelector('[data-metric=orders_created]')?.dataset.value";
        self.text(script).await.parse().unwrap_or(0)
    }
}

#[tokio::test]
async fn goldens_hold_after_a_reload() {
    let Some(dist) = dist() else { return };
    let files = exports(&[
        "amazon-india/Amazon Sale Report.csv",
        "amazon-india/Sale Report.csv",
    ]);
    let golden = golden("amazon-india/golden.amazon_sale_report.json");
    let (Some(files), Some(golden)) = (files, golden) else {
        return;
    };
    within(180, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.choose(&files).await;
        browser.imported(2, 120).await;
        browser.enter().await;
        browser.keeping_becomes("kept").await;
        let expect = [
            ("gmv", text(&golden["total_amount"])),
            ("units_created", text(&golden["total_quantity"])),
            ("orders_created", text(&golden["distinct_orders"])),
            ("stock_on_hand", "242369".to_owned()),
            ("active_skus", text(&golden["distinct_skus"])),
        ];
        browser.metrics_become(&expect).await;
        let before = browser.metrics().await;
        let imported = browser.js("return performance.getEntriesByName('stockpit:ingest').map(m => Math.round(m.duration))");
        let imported = imported.await;

        browser.reload().await;
        // From the first moment: no demo in between.
        assert_eq!(browser.metrics().await, before, "a reload changes a number");
        browser.metrics_become(&expect).await;
        browser.keeping_becomes("kept").await;
        let restored = browser.js(
            "const m = performance.getEntriesByName('stockpit:restore')[0];
             return m ? Math.round(m.duration) : null",
        );
        let bytes = "return document.querySelector('[data-role=kept]').dataset.bytes";
        let bytes: u64 = browser.text(bytes).await.parse().expect("bytes are a number");
        println!(
            "imported in {imported} ms, restored in {} ms; {bytes} bytes kept, {} a row",
            restored.await,
            bytes / (128_975 + 9_173)
        );
        let sources = "return [...document.querySelectorAll('.sources .source')].map(s => s.innerText).sort().join('|')";
        assert_eq!(browser.text(sources).await, "Amazon Sale Report.csv|Sale Report.csv");

        // And they are the same rows: the same files change nothing.
        browser.choose(&files).await;
        let cards = browser.imported(2, 120).await;
        let mut counts: Vec<[&str; 3]> = cards.iter().map(crate::cockpit::Card::counts).collect();
        counts.sort_unstable();
        assert_eq!(counts, [["0", "128975", "0"], ["0", "9173", "98"]]);
        browser.no_errors().await;
    })
    .await;
}

/// Lines of a file whose orders are called after it.
fn lines(name: &str, count: usize) -> String {
    let mut text = String::from("order id,order date,sku,quantity,amount,currency,title\n");
    for line in 0..count {
        let _ = writeln!(
            text,
            "{name}-{line},2026-03-{:02},SKU-{},1,19.99,EUR,Some goods of kind {}",
            line % 28 + 1,
            line % 5_000,
            line % 5_000
        );
    }
    text
}

/// How a tab ends in the middle of something.
#[derive(Clone, Copy, Debug)]
enum End {
    Reload,
    Crash,
    Leave,
}

#[tokio::test]
async fn nothing_confirmed_is_lost_at_twenty_random_moments() {
    let Some(dist) = dist() else { return };
    // Files of different sizes: each ends at another moment of each run.
    const LINES: [usize; 4] = [70_000, 250_000, 20_000, 150_000];
    within(300, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let mut browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let files: Vec<PathBuf> = LINES
            .iter()
            .enumerate()
            .map(|(at, count)| folder.write(&format!("f{at}.csv"), lines(&format!("F{at}"), *count)))
            .collect();

        // One whole run first: how long it takes, and that it works.
        let started = browser.js("return performance.now()").await.as_f64().unwrap();
        browser.choose(&files).await;
        browser.imported(LINES.len(), 60).await;
        let ended = browser.js("return Math.max(...Object.values(seen.ends))").await;
        let whole = ended.as_f64().unwrap() - started;
        forget(&browser).await;

        let mut chance = Chance(0x5EED_2026);
        let (mut confirmed_in_all, mut partly) = (0, 0);
        for round in 0..20 {
            let end = [End::Reload, End::Crash, End::Leave][round % 3];
            browser.choose(&files).await;
            // Half of them anywhere in the run, half of them while rows are being written.
            let moment = if round % 2 == 0 {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds")]
                let limit = whole as u64;
                format!("true, {}", chance.below(limit))
            } else {
                let cards = chance.below(LINES.len() as u64);
                format!("done().length >= {cards} && {STATE} === 'writing', {}", chance.below(12))
            };
            let confirmed = format!(
                "const done = () => [...document.querySelectorAll('[data-role=import-file][data-state=done]')]
                   .map(f => Number(f.dataset.name[1]));
                 return new Promise(resolve => {{
                   const from = performance.now();
                   const look = () => {{
                     const [ripe, pause] = [{moment}];
                     if (ripe || performance.now() - from > 5000) setTimeout(() => resolve(done()), pause);
                     else setTimeout(look, 1);
                   }};
                   look();
                 }})"
            );
            let confirmed: Vec<usize> =
                serde_json::from_value(browser.js(&confirmed).await).expect("numbers of files");
            match end {
                End::Reload => browser.reload().await,
                End::Crash => {
                    browser = browser.crash().await;
                    browser.open(&site.url("")).await;
                }
                End::Leave => {
                    browser.client.goto("about:blank").await.expect("a page can be left");
                    browser.open(&site.url("")).await;
                }
            }
            let here = browser.own_orders().await;
            let there = whole_files(usize::try_from(here).unwrap(), &LINES)
                .unwrap_or_else(|| panic!("round {round} ({end:?}): {here} orders are no whole files"));
            for file in &confirmed {
                assert!(
                    there.contains(file),
                    "round {round} ({end:?}): file {file} was done and is gone; {here} orders are here"
                );
            }
            let lost = browser
                .js("return !!document.querySelector('[data-role=kept-lost]')")
                .await;
            assert_eq!(lost, json!(false), "round {round} ({end:?}): a kill is told as damage");
            confirmed_in_all += confirmed.len();
            partly += usize::from(!there.is_empty() && there.len() < LINES.len());
            println!("round {round} ({end:?}) [{moment}]: done {confirmed:?}, here {there:?}");
            if here > 0 {
                forget(&browser).await;
            }
        }
        println!(
            "a whole run takes {whole:.0} ms; {confirmed_in_all} files were done before a kill, {partly} of 20 kills came between two files"
        );
        assert!(partly >= 5, "hardly any kill came in the middle: {partly}");
    })
    .await;
}

/// Which files make up `orders`; their sizes are such that no two sets of files have the same.
fn whole_files(orders: usize, lines: &[usize]) -> Option<Vec<usize>> {
    (0_u32..1 << lines.len())
        .map(|set| {
            (0..lines.len())
                .filter(|at| set >> at & 1 == 1)
                .collect::<Vec<_>>()
        })
        .find(|set| set.iter().map(|at| lines[*at]).sum::<usize>() == orders)
}

/// Seeded, so that a failure can be walked again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

/// What of all that is kept is there.
pub const LEFT: &str =
    "return (async () => { const root = await navigator.storage.getDirectory(); const names = [];
    for await (const folder of root.values()) for await (const name of folder.keys()) names.push(name);
    return names.join(' ') + Object.keys(localStorage).join(' ') })()";

/// Removes all by the page's own way; the demo is back afterwards.
pub async fn forget(browser: &Browser) {
    if browser
        .js("return !!document.querySelector('.import:not(.hidden)')")
        .await
        == json!(true)
    {
        browser.enter().await;
    }
    browser.click("[data-role=kept]").await;
    browser.click("[data-role=forget]").await;
    browser.click("[data-role=forget-confirm]").await;
    let again = "return document.documentElement.dataset.ready === 'true'
        && !!document.querySelector('[data-role=demo]')";
    assert!(
        browser.until_or_not(20, again).await,
        "the demo is not back: {}",
        browser.text(&format!("return {STATE} || 'no state'")).await
    );
}

#[tokio::test]
async fn everything_is_forgotten() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser
            .enter_with(&[folder.write("a.csv", orders(300))], 30)
            .await;
        browser.keeping_becomes("kept").await;
        browser.click("[data-role=kept]").await;
        let room = browser
            .text("return document.querySelector('[data-role=room]').innerText")
            .await;
        assert!(room.contains('B'), "the room is told: {room}");
        browser.press("Escape", 27).await;
        browser.click("[data-role=settings]").await;
        browser.click("[data-choice='theme:light']").await;
        browser.press("Escape", 27).await;

        forget(&browser).await;
        assert_eq!(browser.text(LEFT).await, "", "something is left");
        browser.reload().await;
        let demo = "return !!document.querySelector('[data-role=demo]')";
        assert_eq!(browser.js(demo).await, json!(true));
        assert_eq!(
            browser
                .text("return document.documentElement.dataset.theme")
                .await,
            "dark"
        );
        // And it goes on as on the first day.
        browser.enter_with(&[folder.write("b.csv", orders(20))], 30).await;
        browser.reload().await;
        browser
            .metrics_become(&[("orders_created", "20".to_owned())])
            .await;
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn a_second_tab_reads_and_does_not_write() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser
            .enter_with(&[folder.write("a.csv", orders(300))], 30)
            .await;
        browser.keeping_becomes("kept").await;
        let first = browser.client.window().await.expect("a tab has a name");

        let second = browser
            .client
            .new_window(true)
            .await
            .expect("a second tab opens")
            .handle;
        browser
            .client
            .switch_to_window(second)
            .await
            .expect("a tab can be chosen");
        browser.open(&site.url("")).await;
        browser
            .metrics_become(&[("orders_created", "300".to_owned())])
            .await;
        browser.keeping_becomes("other-tab").await;
        // What it reads is on its screen, and the first tab's rows stay as they are.
        let more = orders(50).replace("A-", "B-");
        browser.enter_with(&[folder.write("b.csv", more)], 30).await;
        browser
            .metrics_become(&[("orders_created", "350".to_owned())])
            .await;
        browser.keeping_becomes("other-tab").await;

        // The first tab closes: the second keeps from now on, with what it had read.
        browser
            .client
            .switch_to_window(first)
            .await
            .expect("a tab can be chosen");
        browser.client.close_window().await.expect("a tab can be closed");
        let left = browser.client.windows().await.expect("tabs have names").remove(0);
        browser
            .client
            .switch_to_window(left)
            .await
            .expect("a tab can be chosen");
        browser.keeping_becomes("kept").await;
        browser.reload().await;
        browser
            .metrics_become(&[("orders_created", "350".to_owned())])
            .await;
        browser.keeping_becomes("kept").await;
    })
    .await;
}

#[tokio::test]
async fn damage_is_told_with_the_file() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let files = [
            folder.write("first.csv", orders(300)),
            folder.write("second.csv", orders(40).replace("A-", "B-")),
        ];
        browser.enter_with(&files, 30).await;
        browser.keeping_becomes("kept").await;

        // A file without the page, so that nothing holds the folder open.
        browser
            .client
            .goto(&site.url("stockpit.json"))
            .await
            .expect("a file beside the page");
        let damage = "return (async () => { const root = await navigator.storage.getDirectory();
            for await (const folder of root.values()) {
              const file = await folder.getFileHandle('segment-0');
              const to = await file.createWritable({ keepExistingData: true });
              await to.write({ type: 'write', position: 200, data: new Uint8Array([1, 2, 3, 4]) });
              await to.close();
              return folder.name;
            } })()";
        let name = browser.text(damage).await;
        assert!(name.starts_with("stockpit-"), "{name}");

        browser.open(&site.url("")).await;
        browser
            .metrics_become(&[("orders_created", "40".to_owned())])
            .await;
        let told = browser
            .text("return document.querySelector('[data-role=kept-lost]')?.innerText")
            .await;
        assert!(
            told.contains("first.csv") && !told.contains("second.csv"),
            "{told}"
        );
        // Dropped again, all is well.
        browser.enter_with(&files[..1], 30).await;
        browser.reload().await;
        browser
            .metrics_become(&[("orders_created", "340".to_owned())])
            .await;
        let told = browser
            .js("return !!document.querySelector('[data-role=kept-lost]')")
            .await;
        assert_eq!(told, Value::Bool(false));
    })
    .await;
}
