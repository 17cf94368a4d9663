//! The engine without the page, as another program embeds it.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::{dist, within};
use serde_json::json;
use std::fs;

/// A page of another program.
const HOST: &str = r#"<!doctype html><html data-ready="true"><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="module">
  import { open } from './stockpit-engine.js';
  window.use = async work => {
    window.answer = null;
    try {
      window.answer = { value: await work(open) };
    } catch (error) {
      window.answer = { error: error.message };
    }
  };
</script>"#;

/// What a program does, and what it must get.
const USES: &[(&str, &str, &str)] = &[
    (
        "options that mean nothing are refused by name",
        "open => open({ zone: 'Mars/Olympus' })",
        r#"{"error":"unknown zone: Mars/Olympus"}"#,
    ),
    (
        // Nothing is waited for in between: lots are entered in the order in which they were given.
        "a file and rows enter in turn, bad rows are refused, later versions replace",
        "async open => {
           const engine = await open({ zone: 'Asia/Shanghai', currency: 'CNY' });
           const file = new File(['order_id,created_at,sku,quantity,amount,status\\nA1,2026-06-18 10:00:00,TEA,2,20.50,paid\\n'], 'a.csv');
           const row = { created_at: '2026-06-18 11:00:00', sku: 'CUP, \"blue\"', quantity: 1, status: 'paid' };
           const reports = await Promise.all([
             engine.ingest(file),
             engine.append([{ ...row, order_id: 'A2', amount: '7.25' }, { ...row, order_id: 'A3', amount: null, created_at: 'soon' }]),
             engine.append([{ ...row, order_id: 'A2', amount: '8.25' }, { ...row, order_id: 'A4', amount: 0.1 }]),
             engine.append([{ ...row, order_id: 'A4', amount: 0.1 }]),
           ]);
           const { views } = await engine.query({ views: {
             all: { measures: ['gmv', 'orders_created'] },
             sku: { by: ['sku'], measures: ['gmv'], top: 1 } } });
           const said = reports.map(report => [report.state, report.accepted, report.rejected, report.duplicate].join(' '));
           return [...said, ...views.all.gmv, ...views.all.orders_created, views.sku.keys[0][0], ...views.sku.gmv, views.sku.others.gmv];
         }",
        r#"{"value":["done 1 0 0","partial 1 1 0","done 2 0 0","done 0 0 1",28.85,3,"TEA",20.5,8.35]}"#,
    ),
    (
        "rows that refute what was assumed of the first are read again",
        "async open => {
           const engine = await open();
           const rows = Array.from({ length: 6000 }, (_, at) => ({ order_id: 'A' + at, created_at: '02/03/2026 10:00:00', sku: 'S', quantity: 1, amount: 1 }));
           rows.push({ ...rows[0], order_id: 'B', created_at: '25/03/2026 10:00:00' });
           const { accepted } = await engine.append(rows);
           const { views } = await engine.query({ views: { day: { by: ['month'], measures: ['lines'] } } });
           return [accepted, ...views.day.lines];
         }",
        r#"{"value":[6001,6001]}"#,
    ),
    (
        "a file that is none is reported, and calls after the end are rejected",
        "async open => {
           const engine = await open();
           const { state } = await engine.ingest(new Blob([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 0])]), { name: 'x.png' });
           const { lines } = await engine.status();
           engine.close();
           return [state, lines, await engine.status().catch(error => error.message)];
         }",
        r#"{"value":["failed",0,"the engine was closed"]}"#,
    ),
];

#[tokio::test]
async fn a_program_embeds_the_engine() {
    let Some(dist) = dist() else { return };
    within(120, async {
        let folder = TempFolder::new();
        let host = folder.copy(&dist, "host");
        fs::write(host.join("host.html"), HOST).expect("a temporary file can be written");
        let site = Site::serve(folder.path());
        let browser = Browser::start().await;
        browser.open(&site.url("host/host.html")).await;
        browser
            .until("the module is there", 10, "return !!window.use")
            .await;
        for (what, work, expect) in USES {
            browser.js(&format!("window.use({work})")).await;
            let answer = browser
                .until(what, 30, "return window.answer && JSON.stringify(window.answer)")
                .await;
            assert_eq!(answer, json!(expect), "{what}");
        }
        browser.no_errors().await;
    })
    .await;
}
