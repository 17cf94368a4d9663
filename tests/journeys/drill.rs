//! A drill: a simulated shop over one's own, and nothing left of it.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::wrong_files::orders;
use crate::{dist, within};
use serde_json::json;

impl Browser {
    async fn does(&self, mishap: &str) {
        self.click(&format!("[data-role=drill-mishap][data-key={mishap}]"))
            .await;
    }

    /// Waits for the state of the one source in the bottom line.
    async fn mark_becomes(&self, state: &str, seconds: u64) {
        let script =
            format!("return document.querySelector('footer .source[data-feed]')?.dataset.feed === '{state}'");
        self.until(&format!("the source is {state}"), seconds, &script)
            .await;
    }
}

#[tokio::test]
async fn a_drill_rehearses_and_leaves_nothing() {
    let Some(dist) = dist() else { return };
    within(180, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser
            .enter_with(&[folder.write("orders.csv", orders(60))], 30)
            .await;
        let own = [("orders_created", "60".to_owned())];
        browser.metrics_become(&own).await;
        let steps = "return document.querySelectorAll('[data-role=step]').length";
        let steps_before = browser.js(steps).await;
        let alerts = "return JSON.stringify(localStorage)";
        let kept_before = browser.text(alerts).await;

        browser.open_sources().await;
        browser.click("[data-role=drill-start]").await;
        browser
            .until("it says so", 20, "return !!document.querySelector('[data-role=drill]')")
            .await;
        browser.mark_becomes("ok", 30).await;
        let comes = "return +document.querySelector('[data-metric=orders_created]').dataset.value > 200";
        browser.until("the shop of the drill shows", 20, comes).await;
        let spike = "return !!document.querySelector('[data-role=alert][data-rule=sales_spike]')";
        assert_eq!(browser.js(spike).await, json!(false));
        browser.does("burst").await;
        browser.until("the burst is told", 60, spike).await;
        for mishap in ["duplicates", "disorder", "restart"] {
            browser.does(mishap).await;
        }
        tokio::time::sleep(std::time::Duration::from_secs(6)).await;
        browser.mark_becomes("ok", 30).await;
        browser.does("silence").await;
        browser.mark_becomes("stale", 45).await;

        browser.click("[data-role=drill-end]").await;
        browser.metrics_become(&own).await;
        let left = "return document.querySelectorAll('[data-role=drill], .cockpit.drill, footer .source[data-feed]').length";
        assert_eq!(browser.js(left).await, json!(0));
        assert_eq!(browser.js(steps).await, steps_before);
        browser
            .until("the alerts are the own ones", 10, &format!("{} ", spike.replace("!!", "!")))
            .await;
        assert!(!browser.text(alerts).await.contains("drill"), "{kept_before}");
        browser.reload().await;
        browser.metrics_become(&own).await;
        browser.no_page_errors().await;
    })
    .await;
}
