//! A name that one tab at a time holds (Web Locks).

use super::room::navigator;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

// web-sys has these only among its unstable ones.
#[wasm_bindgen]
extern "C" {
    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &js_sys::Object,
        granted: &js_sys::Function,
    ) -> Result<js_sys::Promise, JsValue>;
}

/// A lock that was asked for. The browser frees it when this tab ends, however it ends.
#[derive(Clone)]
pub struct Lock(Rc<Inner>);

#[derive(Default)]
struct Inner {
    is_held: Cell<bool>,
    release: RefCell<Option<js_sys::Function>>,
}

impl Lock {
    /// Asks for `name`; with `steal`, whoever holds it loses it. `granted` is called once this tab holds it,
    /// `lost` if another one steals it. `None` where the browser has no locks.
    pub fn ask(
        name: &str,
        steal: bool,
        granted: impl FnOnce() + 'static,
        lost: impl FnOnce() + 'static,
    ) -> Option<Self> {
        let manager = js_sys::Reflect::get(&navigator(), &"locks".into()).ok()?;
        if manager.is_undefined() || manager.is_null() {
            return None;
        }
        let lock = Self(Rc::default());
        let held = lock.clone();
        let on_grant = Closure::once_into_js(move |_: JsValue| {
            held.0.is_held.set(true);
            // Held until this promise is kept.
            let until = js_sys::Promise::new(&mut |release, _| {
                held.0.release.replace(Some(release));
            });
            granted();
            until
        });
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"steal".into(), &steal.into()).ok()?;
        let manager: LockManager = manager.unchecked_into();
        let asked = manager.request(name, &options, on_grant.unchecked_ref()).ok()?;
        let stolen = lock.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let ended = wasm_bindgen_futures::JsFuture::from(asked).await;
            if ended.is_err() && stolen.0.is_held.replace(false) {
                lost();
            }
        });
        Some(lock)
    }

    /// Whether this tab holds it now.
    pub fn is_held(&self) -> bool {
        self.0.is_held.get()
    }

    /// Gives it back.
    pub fn release(&self) {
        self.0.is_held.set(false);
        if let Some(release) = self.0.release.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}
