//! A range of time, drawn over all of it.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::wrong_files::orders;
use crate::{dist, within};
use serde_json::Value;

#[tokio::test]
async fn a_drag_narrows_and_a_click_clears() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.enter_with(&[folder.write("orders.csv", orders(2_800))], 30).await;
        browser.metrics_become(&[("orders_created", "2800".to_owned())]).await;

        // A hundred orders a day, on 28 days.
        let (left, width, middle) = brush(&browser).await;
        let at = |share: f64| (left + width * share, middle);
        browser.drag(&[at(0.3), at(0.4), at(0.5), at(0.6)]).await;
        browser.until("the address names the range", 5, "return /[?&]t=\\d+-\\d+/.test(location.search)").await;
        let fewer = "const all = +document.querySelector('[data-metric=orders_created]').dataset.value; return all > 0 && all < 2000 && all";
        let orders = browser.until("the numbers follow", 5, fewer).await;
        assert_eq!(orders.as_i64().unwrap_or_default() % 100, 0, "the range is of whole days: {orders}");

        browser.drag(&[at(0.9)]).await;
        browser.until("a click beside the window clears it", 5, "return !location.search.includes('t=')").await;
        browser.metrics_become(&[("orders_created", "2800".to_owned())]).await;
        browser.no_errors().await;
    })
    .await;
}

/// Left edge, width and middle of the brush.
async fn brush(browser: &Browser) -> (f64, f64, f64) {
    let script = "const b = document.querySelector('canvas[data-role=brush]')?.getBoundingClientRect();
        return b && b.width > 100 && [b.left, b.width, b.top + b.height / 2]";
    let place = browser.until("the brush has a box", 5, script).await;
    let part = |at: usize| place.get(at).and_then(Value::as_f64).unwrap_or_default();
    (part(0), part(1), part(2))
}
