//! Other tabs of this page: one is connected and keeps the rows, the others hear of it what comes (Broadcast Channel).

use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

/// What a tab says to all others.
pub enum TabWord {
    /// A tab of this number has come that may not write: what is not kept is to be kept, and
    /// [`TabWord::Welcome`] answers.
    Hello(f64),
    /// The tab of this number may read what is kept: the updates up to this one are in it.
    Welcome(f64, f64),
    /// What is kept has changed by more than updates, and is to be read anew: those up to this one are in it.
    Anew(f64),
    /// All updates so far are kept.
    Kept,
    /// Update of this number, of the source at this address: [`crate::feed::LiveNews`], as bytes.
    Rows(f64, String, js_sys::Uint8Array),
    /// How the source at this address fares, as bytes.
    Status(String, js_sys::Uint8Array),
    /// What the user wants of the source at this address: the page's command, as bytes.
    Wish(String, js_sys::Uint8Array),
    /// All rows are gone: the page begins anew, in each tab.
    Forget,
}

/// The way to the other tabs.
pub struct Tabs {
    channel: BroadcastChannel,
    /// The number of this tab.
    pub own: f64,
    /// Whether there are others, as far as is known: nobody else needs the rows.
    pub has_others: Cell<bool>,
    /// The last update that was said or heard.
    pub last: Cell<f64>,
    /// The update up to which rows were read from the disk.
    pub read: Cell<f64>,
    /// This tab waits for its welcome, before it reads what is kept.
    pub is_waiting: Cell<bool>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Tabs {
    /// Opens the way for tabs of the page called `name`; `None` where the browser has none.
    pub fn open(name: &str, tell: impl Fn(TabWord) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            if let Some(word) = word(&js_sys::Array::from(&message.data())) {
                tell(word);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self {
            channel,
            own: js_sys::Math::random(),
            has_others: Cell::new(false),
            last: Cell::new(0.0),
            read: Cell::new(0.0),
            is_waiting: Cell::new(false),
            _on_message: on_message,
        })
    }

    /// Says it to all other tabs.
    pub fn say(&self, word: TabWord) {
        let of = |kind: f64, first: f64, second: f64| {
            js_sys::Array::of3(&kind.into(), &first.into(), &second.into())
        };
        let about = |kind: f64, number: f64, url: String, bytes: &JsValue| {
            let message = of(kind, number, 0.0);
            message.push(&url.into());
            message.push(bytes);
            message
        };
        let message = match word {
            TabWord::Hello(tab) => of(0.0, tab, 0.0),
            TabWord::Welcome(tab, last) => of(1.0, last, tab),
            TabWord::Anew(last) => of(2.0, last, 0.0),
            TabWord::Kept => of(3.0, 0.0, 0.0),
            TabWord::Rows(number, url, bytes) => about(4.0, number, url, &bytes),
            TabWord::Status(url, bytes) => about(5.0, 0.0, url, &bytes),
            TabWord::Wish(url, bytes) => about(6.0, 0.0, url, &bytes),
            TabWord::Forget => of(7.0, 0.0, 0.0),
        };
        // Numbers, text and bytes can be cloned.
        let _ = self.channel.post_message(&message);
    }
}

fn word(message: &js_sys::Array) -> Option<TabWord> {
    let number = |at: u32| message.get(at).as_f64();
    let (first, second) = (number(1)?, number(2)?);
    let about = || {
        let bytes = message.get(4).dyn_into::<js_sys::Uint8Array>().ok()?;
        Some((message.get(3).as_string()?, bytes))
    };
    #[expect(clippy::cast_possible_truncation, reason = "kinds are small")]
    Some(match number(0)? as i32 {
        0 => TabWord::Hello(first),
        1 => TabWord::Welcome(second, first),
        2 => TabWord::Anew(first),
        3 => TabWord::Kept,
        4 => {
            let (url, bytes) = about()?;
            TabWord::Rows(first, url, bytes)
        }
        5 => {
            let (url, bytes) = about()?;
            TabWord::Status(url, bytes)
        }
        6 => {
            let (url, bytes) = about()?;
            TabWord::Wish(url, bytes)
        }
        7 => TabWord::Forget,
        _ => return None,
    })
}
