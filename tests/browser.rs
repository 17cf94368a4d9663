//! What only a browser can show: storage, address, canvas and box of the platform.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it is wrong"
)]

use std::cell::Cell;
use std::rc::Rc;
use stockpit::chart;
use stockpit::format::Lang;
use stockpit::platform::{self, SizeWatch};
use stockpit::state::{Preferences, Theme};
use stockpit::time::Zone;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, HtmlCanvasElement, Window};

wasm_bindgen_test_configure!(run_in_browser);

fn window() -> Window {
    web_sys::window().unwrap()
}

fn document() -> Document {
    window().document().unwrap()
}

/// A canvas of 120 × 40 CSS pixels in the page.
fn canvas() -> HtmlCanvasElement {
    let canvas: HtmlCanvasElement = document().create_element("canvas").unwrap().dyn_into().unwrap();
    canvas
        .set_attribute("style", "display: block; width: 120px; height: 40px")
        .unwrap();
    document().body().unwrap().append_child(&canvas).unwrap();
    canvas
}

/// Number of pixels that are not transparent.
fn painted(canvas: &HtmlCanvasElement) -> usize {
    // Without web-sys' types for image data, which the page does not need.
    let context = canvas.get_context("2d").unwrap().unwrap();
    let read: js_sys::Function = js_sys::Reflect::get(&context, &"getImageData".into())
        .unwrap()
        .unchecked_into();
    let arguments = [0, 0, canvas.width(), canvas.height()].map(JsValue::from);
    let image = read.apply(&context, &arguments.iter().collect()).unwrap();
    let data: js_sys::Uint8ClampedArray = js_sys::Reflect::get(&image, &"data".into())
        .unwrap()
        .unchecked_into();
    data.to_vec().chunks(4).filter(|pixel| pixel[3] > 0).count()
}

async fn wait(millis: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&done, millis)
            .unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

#[wasm_bindgen_test]
fn preferences_survive_the_storage() {
    let mut preferences = Preferences {
        lang: Lang::En,
        theme: Theme::Light,
        ..Preferences::default()
    };
    preferences.settings.zone = "Asia/Kolkata".to_owned();
    platform::save("test", &preferences);
    assert_eq!(platform::load("test"), Some(preferences));
    assert_eq!(platform::load::<Preferences>("test of something else"), None);
    // What an older or newer page kept is no trouble.
    platform::save("test", &["not", "preferences"]);
    assert_eq!(platform::load::<Preferences>("test"), None);
    window()
        .local_storage()
        .unwrap()
        .unwrap()
        .remove_item("test")
        .unwrap();
}

#[wasm_bindgen_test]
fn the_address_holds_a_query_without_history() {
    let before = (
        platform::read_address(),
        window().history().unwrap().length().unwrap(),
    );
    for query in [
        "t=7d&channel=%E6%8A%96%E9%9F%B3",
        "-status=cancelled&data=a.csv%2Cb.json",
        "",
    ] {
        platform::write_address(query);
        assert_eq!(platform::read_address(), query);
    }
    platform::write_address(&before.0);
    assert_eq!(window().history().unwrap().length().unwrap(), before.1);
}

#[wasm_bindgen_test]
fn addresses_are_resolved_against_the_page() {
    let origin = window().location().origin().unwrap();
    for (address, expect) in [
        ("orders.csv", Some(format!("{origin}/orders.csv"))),
        (
            "./data/stock.json?v=2",
            Some(format!("{origin}/data/stock.json?v=2")),
        ),
        (
            "https://example.com/a b.csv",
            Some("https://example.com/a%20b.csv".to_owned()),
        ),
        ("https://[", None),
    ] {
        assert_eq!(platform::resolve(address), expect, "{address}");
    }
}

#[wasm_bindgen_test]
async fn a_folder_without_a_manifest_has_none() {
    assert_eq!(platform::fetch_manifest().await, None);
}

#[wasm_bindgen_test]
fn the_language_is_a_tag() {
    let tag = platform::language();
    assert!(tag.len() >= 2 && tag.is_ascii(), "{tag}");
}

#[wasm_bindgen_test]
fn charts_reach_the_pixels_of_a_canvas() {
    let canvas = canvas();
    let frame = || platform::measure_frame(&canvas, Lang::Zh, Zone::default());
    let draw = |values: &[f64]| {
        let frame = frame().expect("a canvas in the page has a box");
        platform::paint(&canvas, &frame, |area, frame| {
            assert!(chart::spark(area, frame, values).is_ok());
        });
        (frame.width, frame.height)
    };
    let ratio = platform::device_ratio();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred pixels"
    )]
    let device = |css: f64| (css * ratio).round() as u32;
    assert_eq!(draw(&[1.0, 4.0, 2.0, 8.0]), (device(120.0), device(40.0)));
    assert_eq!((canvas.width(), canvas.height()), (device(120.0), device(40.0)));
    let line = painted(&canvas);
    assert!(line > 100, "only {line} pixels are painted");
    // Drawn anew, not over.
    draw(&[1.0, 4.0, 2.0, 8.0]);
    assert_eq!(painted(&canvas), line);
    draw(&[]);
    assert_eq!(painted(&canvas), 0);

    // Without a box there is nothing to draw on.
    canvas.set_attribute("style", "display: none").unwrap();
    assert_eq!(frame(), None);
    canvas.remove();
}

#[wasm_bindgen_test]
async fn a_watch_tells_of_changes_until_dropped() {
    let canvas = canvas();
    let count = Rc::new(Cell::new(0));
    let counted = Rc::clone(&count);
    let watch =
        SizeWatch::new(&canvas, move || counted.set(counted.get() + 1)).expect("the browser can tell");
    wait(200).await;
    assert_eq!(count.get(), 1, "it tells of the first box");
    canvas
        .set_attribute("style", "display: block; width: 200px; height: 40px")
        .unwrap();
    wait(200).await;
    assert_eq!(count.get(), 2, "it tells of a change");
    drop(watch);
    canvas
        .set_attribute("style", "display: block; width: 300px; height: 40px")
        .unwrap();
    wait(200).await;
    assert_eq!(count.get(), 2, "it is silent once dropped");
    canvas.remove();
}

#[wasm_bindgen_test]
fn what_a_user_waits_for_is_measured() {
    platform::measure("stockpit:test", platform::performance_now() - 5.0);
    let found = window()
        .performance()
        .unwrap()
        .get_entries_by_name("stockpit:test");
    assert_eq!(found.length(), 1);
    let lasted = js_sys::Reflect::get(&found.get(0), &"duration".into())
        .unwrap()
        .as_f64()
        .unwrap_or_default();
    assert!(lasted >= 5.0, "{lasted}");
}

/// A page may not write files of the origin: here it is the database that keeps.
#[wasm_bindgen_test]
async fn the_database_keeps_where_files_cannot() {
    use stockpit::keep::Disk;
    let folder = format!("test-{}", js_sys::Date::now());
    let disk = platform::BrowserDisk::open(&folder)
        .await
        .expect("a browser has a database");
    assert_eq!(disk.names().await, Ok(Vec::new()));
    for (name, parts) in [
        ("segment-1", ["ab", "cd"]),
        ("manifest-a", ["", "e"]),
        ("segment-1", ["x", "y"]),
    ] {
        let mut file = disk.create(name).await.unwrap();
        for part in parts {
            disk.append(&mut file, part.as_bytes()).await.unwrap();
        }
        disk.close(file).await.unwrap();
    }
    // Another visit.
    let disk = platform::BrowserDisk::open(&folder).await.unwrap();
    assert_eq!(disk.names().await.unwrap(), ["manifest-a", "segment-1"]);
    assert_eq!(disk.read("segment-1").await, Ok(Some(b"xy".to_vec())));
    assert_eq!(disk.read("segment-2").await, Ok(None));
    disk.remove("segment-1").await.unwrap();
    disk.remove("segment-1").await.unwrap();
    assert_eq!(disk.names().await.unwrap(), ["manifest-a"]);
    // A file that is not closed leaves what was there.
    let mut file = disk.create("manifest-a").await.unwrap();
    disk.append(&mut file, b"half").await.unwrap();
    drop(file);
    assert_eq!(disk.read("manifest-a").await, Ok(Some(b"e".to_vec())));
    disk.remove_all().await.unwrap();
    let disk = platform::BrowserDisk::open(&folder).await.unwrap();
    assert_eq!(disk.names().await, Ok(Vec::new()));
}
