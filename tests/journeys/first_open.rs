//! The first minute: before any file is dropped, a labelled demo shop is alive.

use crate::browser::Browser;
use crate::site::Site;
use crate::{dist, within};

#[tokio::test]
async fn the_first_open_is_alive() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open(&site.url("index.html")).await;

        // From the first moment on: no number of the demo without its label, no cockpit without numbers.
        let labelled = "return !!document.querySelector('[data-role=demo]')?.innerText";
        assert_eq!(
            browser.js(labelled).await,
            true,
            "the page is ready and shows no demo"
        );
        for metric in ["gmv", "orders", "aov_order", "stockout_skus", "days_of_cover", "orders_created", "stock_on_hand"] {
            assert!(!browser.metric(metric).await.is_empty(), "{metric} has no value");
        }
        for chart in ["sales-over-time", "top-skus", "sales-by-channel", "sales-by-category", "sales-by-region"] {
            assert!(!browser.table(chart).await.is_empty(), "{chart} has no row");
        }
        // It goes on moving: the clock each second, orders within five.
        let moves = async |what: &str, seconds: u64, value: &str| {
            let now = browser.text(&format!("return {value}")).await;
            browser
                .until(what, seconds, &format!("return {value} !== '{now}'"))
                .await;
        };
        moves(
            "the clock goes",
            3,
            "document.querySelector('time.clock').innerText",
        )
        .await;
        moves(
            "orders arrive",
            5,
            "document.querySelector('[data-metric=orders_created]').dataset.value",
        )
        .await;

        // No canvas with a box stays empty.
        let empty = "return [...document.querySelectorAll('canvas:not(.hit)')].filter(c => c.clientWidth * c.clientHeight > 0)
            .filter(c => !c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v))
            .map(c => c.closest('[data-chart],[data-metric]')?.outerHTML.slice(0, 80))";
        assert_eq!(browser.js(empty).await.as_array().map(Vec::len), Some(0), "{}", browser.js(empty).await);
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn language_and_theme_are_kept() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let look = "const r = document.documentElement;
            return [r.lang, r.dataset.theme, document.querySelector('[data-role=demo]').innerText,
                    getComputedStyle(document.body).backgroundColor].join('|')";

        let mut seen = Vec::new();
        for (lang, tag, theme, demo) in [
            ("zh", "zh-CN", "light", "演示数据"),
            ("en", "en", "dark", "Demo data"),
        ] {
            browser.click("[data-role=settings]").await;
            browser
                .click(&format!("[data-role=dialog] [data-choice='lang:{lang}']"))
                .await;
            browser
                .click(&format!("[data-role=dialog] [data-choice='theme:{theme}']"))
                .await;
            browser.press("Escape", 27).await;
            browser
                .until(
                    "the settings close",
                    5,
                    "return !document.querySelector('[data-role=dialog]')",
                )
                .await;
            let here = browser.text(look).await;
            assert!(here.starts_with(&format!("{tag}|{theme}|{demo}|")), "{here}");
            // Canvases follow too: a spark is drawn in the colour of numbers.
            let spark = format!(
                "const c = document.querySelector('canvas.spark');
                 const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
                 let sum = 0, n = 0;
                 for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200) {{ sum += d[i]; n += 1; }}
                 return (sum / n > 130) === {}",
                theme == "dark"
            );
            browser.until("the canvases have the theme", 5, &spark).await;
            browser.reload().await;
            assert_eq!(browser.text(look).await, here, "a reload changes the look");
            seen.push(here);
        }
        let ground = |look: &String| look.rsplit_once('|').map(|(_, colour)| colour.to_owned());
        assert_ne!(
            ground(&seen[0]),
            ground(&seen[1]),
            "dark and light have the same ground"
        );
        browser.no_errors().await;
    })
    .await;
}
