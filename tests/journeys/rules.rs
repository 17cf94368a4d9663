//! Rules of alerts on the page: edited, taken back, kept, exported and imported; tried on the past; silenced.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::{dist, within};
use fantoccini::Locator;
use serde_json::json;
use std::fs;
use std::path::Path;
use std::time::Duration;

const RULES: &str = "[...document.querySelectorAll('[data-role=rule]')]";

impl Browser {
    async fn open_rules(&self) {
        self.click("[data-role=rules-open]").await;
        self.until("the rules are listed", 10, &format!("return {RULES}.length > 5"))
            .await;
    }

    /// Writes into a field of the form as a user does.
    async fn fill_rule(&self, part: &str, text: &str) {
        let script = format!(
            "const field = document.querySelector('[data-role=rule-{part}]');
             if (!field) return false;
             field.value = {};
             field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', {{ bubbles: true }}));
             return true",
            json!(text)
        );
        self.until(&format!("{part} can be filled in"), 10, &script).await;
    }

    async fn import_rules(&self, path: &Path) {
        let input = Locator::Css("input[data-role=rules-import]");
        let input = self.client.find(input).await.expect("a file input");
        let path = path.display().to_string();
        input.send_keys(&path).await.expect("a file can be chosen");
    }

    async fn rules_are(&self, what: &str, condition: &str) {
        self.until(what, 15, &format!("const rules = {RULES}; return {condition}"))
            .await;
    }
}

#[tokio::test]
async fn rules_are_edited_kept_and_taken_along() {
    let Some(dist) = dist() else { return };
    within(180, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.open_rules().await;
        browser.rules_are("the defaults", "rules.length === 13").await;

        // Off, and back to what was.
        let low = "rules.find(rule => rule.dataset.rule === 'low_cover').dataset.on";
        browser.click("[data-rule=low_cover] [data-role=rule-on]").await;
        browser.rules_are("it is off", &format!("{low} === 'false'")).await;
        browser.click("[data-role=rules-back]").await;
        browser.rules_are("it is on again", &format!("{low} === 'true'")).await;

        // What is wrong is told in its field, and cannot be saved.
        browser.click("[data-role=rule-add]").await;
        browser.fill_rule("id", "mine").await;
        browser.fill_rule("metric", "available").await;
        browser.fill_rule("bound", "lots").await;
        let wrong = "const wrong = document.querySelector('[data-role=rule-wrong]');
            return wrong?.dataset.part === 'fires' && wrong.dataset.why === 'name' && wrong.innerText.includes('lots')
                && document.querySelector('[data-role=rule-save]').disabled";
        browser.until("the fault stands at its place", 10, wrong).await;
        browser.fill_rule("bound", "100000").await;
        browser.fill_rule("hold", "soon").await;
        let wrong = "return document.querySelector('[data-role=rule-wrong]')?.dataset.part === 'hold'";
        browser.until("another fault at another place", 10, wrong).await;
        browser.fill_rule("hold", "").await;
        // Of all goods at once, so that it stands high in the rail.
        browser.fill_rule("severity", "P1").await;
        let said = "const said = document.querySelector('[data-role=rule-preview]').innerText;
            return said.includes('100000') && said.includes('SKU') && said.includes('125000')
                && !document.querySelector('[data-role=rule-wrong]') && !document.querySelector('[data-role=rule-save]').disabled";
        browser.until("the rule in words", 10, said).await;
        browser.click("[data-role=rule-save]").await;
        browser.rules_are("it is listed", "rules.length === 14 && rules[13].dataset.rule === 'mine'").await;
        browser.press("Escape", 27).await;
        let fires = "return !!document.querySelector('[data-role=alert][data-rule=mine]')";
        browser.until("it fires at once", 15, fires).await;

        // It is there after a reload, and goes out as a file.
        browser.reload().await;
        browser.open_rules().await;
        browser.rules_are("it was kept", "rules.some(rule => rule.dataset.rule === 'mine')").await;
        let downloads = folder.path().join("downloads");
        fs::create_dir(&downloads).expect("a temporary folder can be made");
        let behaviour = json!({ "behavior": "allow", "downloadPath": downloads.display().to_string() });
        browser.cdp("Browser.setDownloadBehavior", behaviour).await;
        browser.click("[data-role=rules-export]").await;
        let file = downloads.join("stockpit-rules.txt");
        for _ in 0..100 {
            if file.is_file() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let text = fs::read_to_string(&file).expect("the file of the rules");
        assert!(text.starts_with("# stockpit rules\n"), "{text}");
        assert!(text.contains("\nmine: available < 100000; P1\n"), "{text}");

        // A wrong file names line and part, and changes nothing.
        let bad = folder.write("bad.txt", text.replace("on_hand < 0", "on_hand << 0"));
        browser.import_rules(&bad).await;
        let line = text.lines().position(|line| line.starts_with("stock_negative")).expect("a rule") + 1;
        let told = format!(
            "const wrong = document.querySelector('[data-role=rules-wrong]');
             return wrong?.dataset.line === '{line}' && wrong.innerText.includes('<') && {RULES}.length === 14"
        );
        browser.until("what is wrong where", 10, &told).await;

        // Back to the defaults; dropped on the page, the file brings them back.
        browser.click("[data-role=rules-default]").await;
        browser.rules_are("the defaults again", "rules.length === 13").await;
        browser.press("Escape", 27).await;
        browser.choose(std::slice::from_ref(&file)).await;
        browser.rules_are("the file's rules", "rules.length === 14").await;
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn a_rule_is_tried_and_its_bound_dragged() {
    let Some(dist) = dist() else { return };
    within(120, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.open_rules().await;
        browser
            .click("[data-rule=sales_spike] [data-role=rule-edit]")
            .await;
        let trial = "const trial = document.querySelector('[data-role=trial]')?.dataset;
            return trial?.done === 'true' && trial.past === 'lines' && +trial.looks > 100 && +trial.fired";
        browser
            .until(
                "it was replayed",
                20,
                &format!("const fired = (() => {{ {trial} }})(); return fired !== false && [fired]"),
            )
            .await;
        browser.fill_rule("more", "").await;
        browser.fill_rule("bound", "-50").await;
        let fired = |condition: &str| {
            format!(
                "const trial = document.querySelector('[data-role=trial]').dataset;
                 const bound = document.querySelector('[data-role=rule-bound]').value;
                 return trial.done === 'true' && ({condition}) && [trial.fired, bound]"
            )
        };
        browser
            .until("all the time", 20, &fired("trial.fired === '1'"))
            .await;
        browser.fill_rule("bound", "4").await;

        // By keyboard, and by the pointer from wherever to the top: only the highest bursts reach so far.
        let focus = "document.querySelector('[data-role=trial-bound]').focus(); return true";
        browser.js(focus).await;
        browser.press("ArrowUp", 38).await;
        browser.until("a step up", 10, &fired("+bound > 4")).await;
        let place = browser
            .js("const slider = document.querySelector('[data-role=trial-bound]');
                 slider.scrollIntoView();
                 const box = slider.getBoundingClientRect();
                 return [box.x + box.width / 2, box.y, box.height]")
            .await;
        let [x, y, height] = [0, 1, 2].map(|at| place[at].as_f64().expect("a number"));
        let before = browser
            .js("return +document.querySelector('[data-role=rule-bound]').value")
            .await;
        browser
            .drag(&[(x, y + height * 0.7), (x, y + height * 0.4), (x, y + 12.0)])
            .await;
        let before = before.as_f64().expect("a bound");
        browser
            .until(
                "dragged to the top",
                15,
                &fired(&format!("+bound > 2 * {before} && +trial.fired < 5")),
            )
            .await;

        // What no export says of the past is said to have none.
        browser.click("[data-role=rule-cancel]").await;
        browser
            .click("[data-rule=refund_surge] [data-role=rule-edit]")
            .await;
        let none = "return document.querySelector('[data-role=trial]')?.dataset.past === 'unsaid'
            && document.querySelector('[data-role=trial-words]').innerText.length > 20";
        browser.until("no past", 10, none).await;
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn an_alert_is_silenced_and_speaks_again() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let first =
            "const alert = document.querySelector('[data-role=alert]'); return alert && alert.dataset.rule";
        let rule = browser.until("an alert", 15, first).await;
        let rule = rule.as_str().expect("a rule").to_owned();
        let card = format!("[data-role=alert][data-rule={rule}]");
        browser.click(&format!("{card} [data-role=silence]")).await;
        browser.click("[data-role=silence-for][data-quiet=hour]").await;
        let silent = |is: bool| format!("return document.querySelector('{card}')?.dataset.silent === '{is}'");
        browser.until("it is silent", 10, &silent(true)).await;
        browser.reload().await;
        browser.until("the demo begins anew", 15, first).await;
        browser.click(&format!("{card} [data-role=silence]")).await;
        browser.click("[data-role=silence-for][data-quiet=over]").await;
        browser.until("it is silent", 10, &silent(true)).await;
        browser.click(&format!("{card} [data-role=silence]")).await;
        browser
            .click("[data-role=silence-line] [data-role=silence-end]")
            .await;
        browser.until("it speaks again", 10, &silent(false)).await;
        browser.no_errors().await;
    })
    .await;
}
