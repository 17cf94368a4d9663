//! Several tabs of the page: one is connected, all show the same, and none is missed when it closes.

use crate::broadcaster::Broadcaster;
use crate::browser::Browser;
use crate::keeping::{LEFT, forget};
use crate::mosquitto::{Mosquitto, Publisher, USER};
use crate::site::{Site, TempFolder};
use crate::{dist, within};
use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

fn order(number: usize) -> Value {
    json!({
        "order_id": format!("N{number}"), "line_id": "1", "sku": "S1", "quantity": 1, "unit_price": "10.00",
        "created_at": "2026-06-01T10:00:00+08:00", "status": "paid", "currency": "CNY",
    })
}

/// Batch n is order n; there are as many as are told so far.
fn numbered(told: &Arc<AtomicUsize>) -> Broadcaster {
    let most = Arc::clone(told);
    Broadcaster::open(move |guest, closing| {
        let mut next = usize::try_from(guest.resume_after()).unwrap_or(0) + 1;
        let mut pause = 0;
        while !closing.load(Ordering::Relaxed) {
            let is_said = if next <= most.load(Ordering::SeqCst) {
                next += 1;
                let batch = json!({ "type": "batch", "seq": next - 1, "orders": [order(next - 1)] });
                guest.say(batch.to_string())
            } else {
                pause += 1;
                let beat = json!({ "type": "heartbeat", "seq": next - 1 });
                pause % 20 > 0 || guest.say(beat.to_string())
            };
            if !is_said {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    })
}

impl Browser {
    /// Opens `url` in another tab, which is the current one from then on.
    async fn second_tab(&self, url: &str) -> WindowHandle {
        let second = self.client.new_window(true).await.expect("a second tab opens");
        self.to_tab(second.handle.clone()).await;
        self.open(url).await;
        second.handle
    }

    async fn to_tab(&self, tab: WindowHandle) {
        let chosen = self.client.switch_to_window(tab).await;
        chosen.expect("a tab can be chosen");
    }

    /// Closes the current tab and goes to `left`.
    async fn close_tab(&self, left: WindowHandle) {
        self.client.close_window().await.expect("a tab can be closed");
        self.to_tab(left).await;
    }
}

#[tokio::test]
async fn one_tab_is_connected_and_all_show_the_same() {
    let Some(dist) = dist() else { return };
    within(150, async {
        let told = Arc::new(AtomicUsize::new(40));
        let server = numbered(&told);
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.follow(&server.url(), "").await;
        browser.orders_become(40).await;
        browser.press("Escape", 27).await;
        let first = browser.client.window().await.expect("a tab has a name");

        // Nothing of it is kept yet; the second tab has it all the same, and hears what comes.
        let second = browser.second_tab(&site.url("")).await;
        browser.orders_become(40).await;
        told.store(60, Ordering::SeqCst);
        browser.orders_become(60).await;
        browser.open_sources().await;
        browser.source_becomes("ok", "").await;
        browser.press("Escape", 27).await;
        browser.to_tab(first.clone()).await;
        browser.orders_become(60).await;

        // A file that is dropped into the one is in the other.
        let rows: String = (0..10)
            .map(|at| format!("F{at},1,S1,1,10.00,2026-06-01T10:00:00+08:00,paid,CNY\n"))
            .collect();
        let table = format!("order_id,line_id,sku,quantity,unit_price,created_at,status,currency\n{rows}");
        browser.enter_with(&[folder.write("more.csv", table)], 30).await;
        browser.orders_become(70).await;
        browser.to_tab(second.clone()).await;
        browser.orders_become(70).await;

        // The connected tab closes with rows that are not kept: the other goes on after the last of them.
        told.store(90, Ordering::SeqCst);
        browser.orders_become(100).await;
        browser.to_tab(first).await;
        browser.orders_become(100).await;
        assert_eq!(
            server.hellos().len(),
            1,
            "one is connected: {:?}",
            server.hellos()
        );
        browser.close_tab(second).await;
        told.store(120, Ordering::SeqCst);
        browser.orders_become(130).await;
        let hellos = server.hellos();
        assert_eq!(hellos.len(), 2, "{hellos:?}");
        assert!(hellos[1]["resume_after"].as_u64() >= Some(90), "{hellos:?}");
        assert_eq!(server.most_at_once(), 1);
        browser
            .until(
                "its rows are kept",
                60,
                "return document.querySelector('[data-role=kept]')?.dataset.state === 'kept'",
            )
            .await;
        browser.reload().await;
        browser.orders_become(130).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_broker_said_outlives_the_tab_that_heard_it() {
    let Some(dist) = dist() else { return };
    let Some(broker) = Mosquitto::start() else { return };
    within(120, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.open_sources().await;
        browser.click("[data-role=source-remember]").await;
        let url = Mosquitto::url(broker.socket, "shop/#");
        browser
            .follow_again(&url, &format!("{}:{}", USER.0, USER.1))
            .await;
        browser.source_becomes("ok", "").await;
        browser.press("Escape", 27).await;
        let first = browser.client.window().await.expect("a tab has a name");
        let second = browser.second_tab(&site.url("")).await;
        let mut publisher = Publisher::new(&broker);
        for number in 1..=25 {
            publisher.say("shop/orders", &order(number).to_string());
        }
        browser.orders_become(25).await;
        browser.to_tab(first).await;
        browser.orders_become(25).await;
        // It was acknowledged, and is kept nowhere but in the other tab.
        browser.close_tab(second).await;
        for number in 26..=50 {
            publisher.say("shop/orders", &order(number).to_string());
        }
        browser.orders_become(50).await;
        browser.open_sources().await;
        browser.source_becomes("ok", "").await;
    })
    .await;
}

impl Browser {
    /// Follows `url`; the dialog is open.
    async fn follow_again(&self, url: &str, token: &str) {
        self.fill("source-url", url).await;
        self.fill("source-token", token).await;
        self.click("[data-role=source-add]").await;
    }
}

#[tokio::test]
async fn what_nobody_sends_again_outlives_the_tab() {
    let Some(dist) = dist() else { return };
    within(120, async {
        // Each order is said once, to whoever is there, and never again.
        let (told, said) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (most, guests) = (Arc::clone(&told), Arc::new(AtomicUsize::new(0)));
        let came = Arc::clone(&guests);
        let server = Broadcaster::open(move |guest, closing| {
            let own = came.fetch_add(1, Ordering::SeqCst) + 1;
            let mut pause = 0;
            while !closing.load(Ordering::Relaxed) {
                let next = said.load(Ordering::SeqCst) + 1;
                pause += 1;
                // What is said to a guest who has just left seems to arrive.
                let is_last = own == came.load(Ordering::SeqCst);
                let is_there = if is_last && next <= most.load(Ordering::SeqCst) {
                    said.store(next, Ordering::SeqCst);
                    guest.say(json!([order(next)]).to_string())
                } else {
                    pause % 20 > 0 || guest.say(json!({ "type": "heartbeat" }).to_string())
                };
                if !is_there {
                    return;
                }
                thread::sleep(Duration::from_millis(10));
            }
        });
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.follow(&server.url(), "").await;
        browser.source_becomes("ok", "").await;
        browser.press("Escape", 27).await;
        for (tab, (orders, wait)) in (1..).zip([(30, 2_500), (60, 0), (90, 2_500), (120, 0)]) {
            while guests.load(Ordering::SeqCst) < tab {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            told.store(orders, Ordering::SeqCst);
            browser
                .orders_become(u32::try_from(orders).expect("it is small"))
                .await;
            println!("{orders} are here");
            // Drafts follow each other, and rows come in between.
            tokio::time::sleep(Duration::from_millis(wait)).await;
            let blank = browser.client.new_window(true).await.expect("a tab opens");
            browser.client.close_window().await.expect("a tab can be closed");
            browser.to_tab(blank.handle).await;
            browser.open(&site.url("")).await;
            browser
                .orders_become(u32::try_from(orders).expect("it is small"))
                .await;
        }
        let lost = "return !!document.querySelector('[data-role=kept-lost]')";
        assert_eq!(browser.js(lost).await, json!(false));
    })
    .await;
}

#[tokio::test]
async fn a_source_of_one_tab_is_one_of_all() {
    let Some(dist) = dist() else { return };
    within(150, async {
        let told = Arc::new(AtomicUsize::new(40));
        let server = numbered(&told);
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let first = browser.client.window().await.expect("a tab has a name");
        let second = browser.second_tab(&site.url("")).await;
        // The first tab keeps and so is the one that connects, with a token that it did not ask for.
        browser.follow(&server.url(), "once").await;
        browser.orders_become(40).await;
        browser.source_becomes("ok", "").await;
        browser.to_tab(first.clone()).await;
        browser.orders_become(40).await;
        let hellos = server.hellos();
        assert_eq!(
            (hellos.len(), &hellos[0]["token"]),
            (1, &json!("once")),
            "{hellos:?}"
        );

        // Stopped in the one that is not connected.
        browser.to_tab(second.clone()).await;
        browser.click("[data-role=source-pause]").await;
        browser.source_becomes("paused", "").await;
        browser.to_tab(first.clone()).await;
        browser.open_sources().await;
        browser.source_becomes("paused", "").await;
        told.store(50, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        browser.orders_become(40).await;
        browser.to_tab(second.clone()).await;
        browser.click("[data-role=source-fetch]").await;
        browser.orders_become(50).await;
        browser.to_tab(first.clone()).await;
        browser.source_becomes("ok", "").await;
        let hellos = server.hellos();
        assert_eq!(hellos.len(), 2, "{hellos:?}");
        assert_eq!(hellos[1]["resume_after"], json!(40), "{hellos:?}");

        // Stopped, it stays so when another tab goes on.
        browser.click("[data-role=source-pause]").await;
        browser.source_becomes("paused", "").await;
        browser.to_tab(second.clone()).await;
        browser.source_becomes("paused", "").await;
        browser.to_tab(first).await;
        browser.close_tab(second.clone()).await;
        browser
            .until(
                "this tab keeps",
                40,
                "return document.querySelector('[data-role=kept]')?.dataset.state === 'kept'",
            )
            .await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!(server.hellos().len(), 2, "{:?}", server.hellos());

        // Removed in another one.
        let third = browser.second_tab(&site.url("")).await;
        browser.orders_become(50).await;
        browser.open_sources().await;
        browser.source_becomes("paused", "no-token").await;
        browser.click("[data-role=source-remove]").await;
        browser.to_tab(second).await;
        let none = "return !!document.querySelector('[data-role=sources]')
            && !document.querySelector('[data-role=sources] [data-role=source]')";
        browser.until("the source is gone", 10, none).await;
        browser.orders_become(50).await;
        browser.to_tab(third).await;
        let kept = "return localStorage['stockpit.feeds.v1']";
        assert_eq!(browser.text(kept).await, "[]");
        assert_eq!(server.hellos().len(), 2, "{:?}", server.hellos());
    })
    .await;
}

#[tokio::test]
async fn what_one_tab_forgets_all_forget() {
    let Some(dist) = dist() else { return };
    within(150, async {
        let told = Arc::new(AtomicUsize::new(40));
        let server = numbered(&told);
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let first = browser.client.window().await.expect("a tab has a name");
        let second = browser.second_tab(&site.url("")).await;
        // Whether it is the one that keeps, or another one.
        for (round, (own, other)) in [(second.clone(), first.clone()), (first, second)]
            .into_iter()
            .enumerate()
        {
            browser.to_tab(other.clone()).await;
            browser.click("[data-role=settings]").await;
            browser.click("[data-choice='theme:light']").await;
            browser.press("Escape", 27).await;
            browser.follow(&server.url(), "").await;
            browser.orders_become(40).await;
            browser.press("Escape", 27).await;
            browser.to_tab(own.clone()).await;
            browser.orders_become(40).await;
            let word = "return !document.querySelector('[data-role=kept]').classList.contains('hidden')";
            browser.until("it says whether rows are kept", 40, word).await;
            forget(&browser).await;
            for tab in [other, own] {
                browser.to_tab(tab).await;
                let again = "return document.documentElement.dataset.ready === 'true'
                    && !!document.querySelector('[data-role=demo]')
                    && document.documentElement.dataset.theme === 'dark'";
                browser.until("the tab begins anew", 20, again).await;
            }
            let hellos = server.hellos().len();
            tokio::time::sleep(Duration::from_millis(2_500)).await;
            assert_eq!(browser.text(LEFT).await, "", "something is left");
            assert_eq!((hellos, server.hellos().len()), (round + 1, round + 1));
        }
        browser.no_page_errors().await;
    })
    .await;
}
