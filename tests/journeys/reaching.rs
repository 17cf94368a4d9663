//! Every screen and every way in: walls, phones, the keyboard.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::wrong_files::orders;
use crate::{dist, within};

/// How far the page's content exceeds the window, in CSS pixels: to the right and downwards.
const EXCESS: &str = "const s = document.scrollingElement; return [s.scrollWidth - innerWidth, s.scrollHeight - innerHeight].join(' ')";

#[tokio::test]
async fn walls_show_all_and_phones_scroll_one_way() {
    let Some(dist) = dist() else { return };
    within(120, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        fits(&browser, "demo").await;
        browser
            .enter_with(&[folder.write("orders.csv", orders(2_000))], 30)
            .await;
        fits(&browser, "own file").await;
        browser.no_errors().await;
    })
    .await;
}

async fn fits(browser: &Browser, of: &str) {
    for (width, height, wall) in [
        (1920, 1080, true),
        (3840, 2160, true),
        (1180, 820, false),
        (390, 844, false),
    ] {
        browser.resize(width, height).await;
        let size = format!("return innerWidth === {width} && innerHeight === {height}");
        browser.until("the page has its size", 5, &size).await;
        // Lists fit themselves to their boxes in the frames after.
        let settled = format!(
            "const now = (() => {{ {EXCESS} }})(); const same = window.excess === now; window.excess = now; return same"
        );
        browser.until("the page settles", 5, &settled).await;
        let excess = browser.text(EXCESS).await;
        println!("{of} at {width}×{height}: exceeds by {excess} (right, down)");
        let mut parts = excess
            .split(' ')
            .map(|part| part.parse::<i64>().unwrap_or(i64::MAX));
        let (right, down) = (parts.next().unwrap_or(i64::MAX), parts.next().unwrap_or(i64::MAX));
        assert!(right <= 0, "{of} at {width}×{height} scrolls sideways by {right}");
        assert!(
            !wall || down <= 0,
            "{of} at {width}×{height} scrolls down by {down}"
        );
        assert!(
            !browser.metric("gmv").await.is_empty(),
            "{of} at {width}×{height} shows no number"
        );
    }
    browser.resize(1920, 1080).await;
}

#[tokio::test]
async fn a_definition_opens_and_closes_by_keyboard() {
    let Some(dist) = dist() else { return };
    within(60, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let focused = "return !!document.activeElement.closest('[data-metric=gmv]')";
        for _ in 0..40 {
            if browser.js(focused).await == true {
                break;
            }
            browser.press("Tab", 9).await;
        }
        assert_eq!(browser.js(focused).await, true, "Tab does not reach a number");
        browser.press("Enter", 13).await;
        let words = browser
            .until(
                "the definition opens",
                5,
                "return document.querySelector('[data-definition=gmv]')?.innerText",
            )
            .await;
        assert!(words.as_str().unwrap_or_default().len() > 40, "{words}");
        browser.press("Escape", 27).await;
        browser
            .until(
                "Escape closes it",
                5,
                "return !document.querySelector('[data-role=dialog]')",
            )
            .await;

        // By pointer too, on the number itself.
        browser.click("[data-metric=days_of_cover] .kpi-figure").await;
        browser
            .until(
                "the definition opens",
                5,
                "return document.querySelector('[data-definition=days_of_cover]')",
            )
            .await;
        browser.click("[data-role=dialog] [data-role=close]").await;
        browser
            .until(
                "it closes",
                5,
                "return !document.querySelector('[data-role=dialog]')",
            )
            .await;
        browser.no_errors().await;
    })
    .await;
}
