//! A connection that stays open (WebSocket).

use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// What happens to a socket.
pub enum SocketEvent {
    /// It stands.
    Opened,
    /// Text has come.
    Text(js_sys::JsString),
    /// Bytes have come.
    Bytes(js_sys::ArrayBuffer),
    /// It is closed, with this code and these words.
    Closed(u16, String),
}

/// A socket. It is closed with this, and then tells nothing more.
pub struct Socket {
    socket: WebSocket,
    _closures: [Closure<dyn FnMut(JsValue)>; 3],
}

impl Socket {
    /// Opens a connection to `url` in one of `protocols`, none for any.
    ///
    /// # Errors
    /// What the browser says of an address that it does not even try.
    pub fn open(
        url: &str,
        protocols: &[&str],
        tell: impl Fn(SocketEvent) + 'static,
    ) -> Result<Self, JsValue> {
        let names: js_sys::Array = protocols.iter().map(|name| JsValue::from_str(name)).collect();
        let socket = WebSocket::new_with_str_sequence(url, &names)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let tell = Rc::new(tell);
        let told = Rc::clone(&tell);
        let on_open = Closure::<dyn FnMut(JsValue)>::new(move |_| told(SocketEvent::Opened));
        let told = Rc::clone(&tell);
        let on_message = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let data = event.unchecked_into::<MessageEvent>().data();
            match data.dyn_into::<js_sys::JsString>() {
                Ok(text) => told(SocketEvent::Text(text)),
                Err(data) => {
                    if let Ok(bytes) = data.dyn_into::<js_sys::ArrayBuffer>() {
                        told(SocketEvent::Bytes(bytes));
                    }
                }
            }
        });
        let on_close = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let event: CloseEvent = event.unchecked_into();
            tell(SocketEvent::Closed(event.code(), event.reason()));
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self {
            socket,
            _closures: [on_open, on_message, on_close],
        })
    }

    /// Sends bytes; what is not open any more tells so by itself.
    pub fn send_bytes(&self, bytes: &[u8]) {
        let _ = self.socket.send_with_u8_array(bytes);
    }

    /// Sends text; what is not open any more tells so by itself.
    pub fn send(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
