//! A connection to a broker: MQTT over a WebSocket.

use super::clock::{now, wait};
use super::socket::{Socket, SocketEvent};
use crate::feed::{Login, Mqtt, MqttEvent};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What happens to it.
pub enum Brokered {
    /// The broker says so.
    Said(MqttEvent),
    /// The connection is closed, with this code and these words.
    Closed(u16, String),
}

/// A connection. It is closed with this, and then tells nothing more.
pub struct Broker(Rc<Inner>);

struct Inner {
    mqtt: RefCell<Mqtt>,
    socket: RefCell<Option<Socket>>,
    is_left: Cell<bool>,
    is_flushing: Cell<bool>,
}

/// Acknowledgements go together, after so many milliseconds or as soon as there are so many bytes of them: a frame for
/// each costs both ends more than the message.
const TOGETHER: (u32, usize) = (8, 64);

impl Broker {
    /// Opens a connection to `url` and listens there to `topic`, percent-encoded.
    ///
    /// # Errors
    /// What the browser says of an address that it does not even try.
    pub fn open(
        url: &str,
        topic: &str,
        login: Login,
        tell: impl Fn(Brokered) + 'static,
    ) -> Result<Self, JsValue> {
        let topic = String::from(js_sys::decode_uri_component(topic)?);
        let inner = Rc::new(Inner {
            mqtt: RefCell::new(Mqtt::new(&topic, login, now())),
            socket: RefCell::default(),
            is_left: Cell::new(false),
            is_flushing: Cell::new(false),
        });
        let told = Rc::downgrade(&inner);
        let on_event = move |event| {
            let Some(inner) = told.upgrade() else { return };
            inner.happened(event, &|event| {
                if !inner.is_left.get() {
                    tell(event);
                }
            });
        };
        let socket = Socket::open(url, &["mqtt"], on_event)?;
        inner.socket.replace(Some(socket));
        Ok(Self(inner))
    }

    /// The message of this number is taken for good; said together with others, in a moment.
    pub fn acknowledge(&self, number: u16) {
        let mut mqtt = self.0.mqtt.borrow_mut();
        mqtt.acknowledge(number);
        let is_much = mqtt.waits() >= TOGETHER.1;
        drop(mqtt);
        if is_much {
            self.0.flush();
        } else if !self.0.is_flushing.replace(true) {
            let inner = Rc::clone(&self.0);
            wasm_bindgen_futures::spawn_local(async move {
                wait(TOGETHER.0).await;
                inner.is_flushing.set(false);
                inner.flush();
            });
        }
    }

    /// Time passes: what the broker's silence says, if anything.
    pub fn tick(&self) -> Option<MqttEvent> {
        let silence = self.0.mqtt.borrow_mut().tick(now());
        self.0.flush();
        silence
    }
}

impl Inner {
    fn happened(&self, event: SocketEvent, tell: &dyn Fn(Brokered)) {
        match event {
            SocketEvent::Opened => {
                if self.mqtt.borrow_mut().open(now()) {
                    self.flush();
                } else {
                    tell(Brokered::Said(MqttEvent::Refused("SUBSCRIBE", 128)));
                }
            }
            SocketEvent::Bytes(bytes) => {
                let bytes = js_sys::Uint8Array::new(&bytes).to_vec();
                let mut events = Vec::new();
                let mut mqtt = self.mqtt.borrow_mut();
                mqtt.push(&bytes, &mut |event| events.push(event));
                drop(mqtt);
                self.flush();
                for event in events {
                    tell(Brokered::Said(event));
                }
            }
            SocketEvent::Text(_) => tell(Brokered::Said(MqttEvent::Broken)),
            SocketEvent::Closed(code, words) => tell(Brokered::Closed(code, words)),
        }
    }

    fn flush(&self) {
        let said = self.mqtt.borrow_mut().take_said(now());
        if let (Some(said), Some(socket)) = (said, self.socket.borrow().as_ref()) {
            socket.send_bytes(&said);
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.0.is_left.set(true);
        self.0.socket.take();
    }
}
