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
use stockpit::ingest::{Decoder, Encoding, Finish, Import, NotThis, Options, Rows, Step};
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

const CHINESE: &str = "订单编号,𠮷€é,总金额\r\n";
const WESTERN: &str = "Größe;Prix £ – café\r\n";
/// [`CHINESE`] in GB18030: characters of two bytes, and of four.
const GB: &[u8] = b"\xB6\xA9\xB5\xA5\xB1\xE0\xBA\xC5,\x954\xB25\xA2\xE3\xA8\xA6,\xD7\xDC\xBD\xF0\xB6\xEE\r\n";
/// [`WESTERN`] in windows-1252.
const CP1252: &[u8] = b"Gr\xF6\xDFe;Prix \xA3 \x96 caf\xE9\r\n";

fn decoder(encoding: Encoding) -> Box<dyn Decoder> {
    platform::decoders()
        .decoder(encoding)
        .expect("the browser knows the encoding")
}

fn decode(encoding: Encoding, chunks: &[&[u8]]) -> Result<String, NotThis> {
    let mut decoder = decoder(encoding);
    // What was there before has to be gone.
    let (mut all, mut text) = (String::new(), "old".to_owned());
    for chunk in chunks {
        decoder.decode(chunk, false, &mut text)?;
        all += &text;
    }
    decoder.decode(&[], true, &mut text)?;
    Ok(all + &text)
}

#[wasm_bindgen_test]
fn the_browser_decodes_text_wherever_it_is_cut() {
    let wide: Vec<u16> = CHINESE.encode_utf16().collect();
    let little: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = wide.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    for (encoding, bytes, expect) in [
        (Encoding::Gb18030, GB, CHINESE),
        (Encoding::Windows1252, CP1252, WESTERN),
        (Encoding::Utf16Le, &little, CHINESE),
        (Encoding::Utf16Be, &big, CHINESE),
    ] {
        for cut in 0..=bytes.len() {
            let (left, right) = bytes.split_at(cut);
            for chunks in [&[left, right][..], &[left, &[], right]] {
                assert_eq!(
                    decode(encoding, chunks).as_deref(),
                    Ok(expect),
                    "{encoding:?} cut at {cut}"
                );
            }
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(
            decode(encoding, &single).as_deref(),
            Ok(expect),
            "{encoding:?} byte by byte"
        );
        // The last bytes may come with the word that they are.
        let mut text = String::new();
        assert_eq!(decoder(encoding).decode(bytes, true, &mut text), Ok(()));
        assert_eq!(text, expect);
    }
}

#[wasm_bindgen_test]
fn the_browser_refuses_what_is_not_gb18030_and_mends_the_rest() {
    for bytes in [
        &b"price \xFF10"[..],
        b"price \xA310",
        // Cut inside a character of two bytes, and of four.
        b"\xB6\xA9\xB5",
        b"\xB6\xA9\x95\x34\xD2",
    ] {
        for cut in 0..=bytes.len() {
            let (left, right) = bytes.split_at(cut);
            assert_eq!(
                decode(Encoding::Gb18030, &[left, right]),
                Err(NotThis),
                "{bytes:x?} cut at {cut}"
            );
        }
    }
    // Marks are characters here; half a character at the end is one that is not known.
    for (encoding, bytes, expect) in [
        (Encoding::Gb18030, &b"\x84\x31\x95\x33a"[..], "\u{FEFF}a"),
        (Encoding::Utf16Le, b"\xFF\xFEa\0", "\u{FEFF}a"),
        (Encoding::Utf16Be, b"\xFE\xFF\0a", "\u{FEFF}a"),
        (Encoding::Utf16Le, b"a\0b", "a\u{FFFD}"),
        (Encoding::Utf16Be, b"\0a\xD8\x42", "a\u{FFFD}"),
        (Encoding::Windows1252, b"\x80\x81", "€\u{81}"),
    ] {
        for cut in 0..=bytes.len() {
            let (left, right) = bytes.split_at(cut);
            assert_eq!(
                decode(encoding, &[left, right]).as_deref(),
                Ok(expect),
                "{encoding:?} {bytes:x?} cut at {cut}"
            );
        }
    }
}

#[wasm_bindgen_test]
fn long_text_is_decoded_in_pieces_that_meet() {
    // Three megabytes: cut inside a character at any power of two.
    let rows = 3 << 20;
    let mut bytes = vec![b'x'];
    bytes.extend(GB.iter().cycle().take(rows / GB.len() * GB.len()));
    let text = decode(Encoding::Gb18030, &[&bytes]).unwrap();
    let expect = format!("x{}", CHINESE.repeat(rows / GB.len()));
    assert_eq!(text.len(), expect.len());
    assert!(text == expect);
}

#[wasm_bindgen_test]
fn an_export_in_gb18030_is_read_through_the_browser() {
    // 订单编号,商品编码,数量,下单时间 and one line.
    let head = b"\xB6\xA9\xB5\xA5\xB1\xE0\xBA\xC5,\xC9\xCC\xC6\xB7\xB1\xE0\xC2\xEB,\xCA\xFD\xC1\xBF,\xCF\xC2\xB5\xA5\xCA\xB1\xBC\xE4\n";
    let bytes = [&head[..], b"A-1,K-9,3,2026-06-18 10:00:00\n"].concat();
    let options = Options {
        zone: Zone::default(),
        currency: String::new(),
        salt: 7,
        decoders: platform::decoders(),
        decisions: Vec::new(),
        head: None,
    };
    let mut import = Import::new("orders.csv", bytes.len() as u64, options);
    for chunk in bytes.chunks(1) {
        assert_eq!(import.push(chunk), Step::More);
    }
    let Finish::Done(imported) = import.finish() else {
        panic!("read again");
    };
    assert_eq!(imported.report.encoding, "GB18030");
    let Rows::Orders(batch) = imported.rows else {
        panic!("no orders: {:?}", imported.report);
    };
    assert_eq!(batch.columns().len(), 1);
}
