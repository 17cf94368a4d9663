//! MQTT 3.1.1 as one that listens: bytes of a connection into messages, and what has to be answered.
//!
//! ```text
//!   open ──CONNECT──▶ CONNACK ──SUBSCRIBE──▶ SUBACK: subscribed ──▶ PUBLISH … ──acknowledge──▶ PUBACK
//! ```
//!
//! One of these is one connection. Where its bytes are cut makes no difference: frames of a WebSocket are no borders of
//! packets. A message of QoS 1 is acknowledged once it is taken for good, on the connection on which it came and on no
//! other; until then the broker has it, and sends it again after a broken connection, before what came meanwhile.

use crate::time::UtcMillis;
use mqtt_proto::v3::{
    Connack, Connect, ConnectReturnCode, Header, Packet, PacketType, Publish, Suback, Subscribe,
    SubscribeReturnCode,
};
use mqtt_proto::{Error, Pid, QoS, QosPid, TopicFilter};

/// Seconds without a word of ours after which a broker gives the connection up.
const KEEP_ALIVE_SECS: u16 = 60;
/// After so long without a word of ours a broker is asked for a sign of life, and given up where it then says nothing
/// for so long.
const PING_MILLIS: i64 = 20_000;
const PONG_MILLIS: i64 = 15_000;
/// Most bytes of one packet.
const MOST: usize = 16 << 20;
/// Number of the one subscription: numbers of ours and those of the broker do not meet.
const SUBSCRIPTION: u16 = 1;

/// Who we are to a broker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The name by which a broker keeps what comes while we are away; `None`: it keeps nothing, and messages come with
    /// QoS 0.
    pub client: Option<String>,
    /// User name and password.
    pub user: Option<(String, String)>,
    /// Only to have the broker forget what it keeps under that name.
    pub is_leaving: bool,
}

/// One connection to a broker.
#[derive(Debug)]
pub struct Mqtt {
    topic: String,
    login: Login,
    heard: Vec<u8>,
    /// Bytes that are still to come of a packet that is too large, and are not read.
    skip: usize,
    said: Vec<u8>,
    is_subscribed: bool,
    /// When the broker was asked for a sign of life, and has not given one.
    asked: Option<UtcMillis>,
    /// When something was said last: a broker gives up who is silent, however much it says itself.
    said_at: UtcMillis,
}

/// What a broker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MqttEvent {
    /// The topic is subscribed.
    Subscribed,
    /// A message.
    Message {
        /// What it is about.
        topic: String,
        /// What it says.
        payload: Vec<u8>,
        /// The number to acknowledge it by, if it wants to be.
        number: Option<u16>,
    },
    /// A message that is larger than is read. It is acknowledged, or it would come for ever.
    TooLarge,
    /// The broker lives.
    Alive,
    /// It will not have us: the packet that says so, and its code.
    Refused(&'static str, u16),
    /// It is busy, and may have us later.
    Busy,
    /// It speaks something else, or nothing any more: the connection is of no use.
    Broken,
}

impl Mqtt {
    /// A connection that is about to listen to `topic`, a filter in which `+` and `#` stand for any.
    pub fn new(topic: &str, login: Login, now: UtcMillis) -> Self {
        Self {
            topic: topic.to_owned(),
            login,
            heard: Vec::new(),
            skip: 0,
            said: Vec::new(),
            is_subscribed: false,
            asked: None,
            said_at: now,
        }
    }

    /// Whether the broker keeps what is not acknowledged, and sends it again.
    pub const fn is_kept(&self) -> bool {
        self.login.client.is_some()
    }

    /// The connection stands. Yields whether topic, name and password can be said at all.
    pub fn open(&mut self, now: UtcMillis) -> bool {
        let mut connect = Connect::new(
            self.login.client.as_deref().unwrap_or_default().into(),
            KEEP_ALIVE_SECS,
        );
        connect.clean_session = !self.is_kept() || self.login.is_leaving;
        if let Some((name, password)) = &self.login.user {
            connect.username = Some(name.as_str().into());
            connect.password = Some(password.clone().into_bytes().into());
        }
        self.said_at = now;
        let is_topic = TopicFilter::try_from(self.topic.as_str()).is_ok();
        is_topic && self.say(&Packet::Connect(connect))
    }

    /// How many bytes are to be sent.
    pub const fn waits(&self) -> usize {
        self.said.len()
    }

    /// Bytes that are to be sent now, if any.
    pub fn take_said(&mut self, now: UtcMillis) -> Option<Vec<u8>> {
        let said = Some(std::mem::take(&mut self.said)).filter(|said| !said.is_empty());
        if said.is_some() {
            self.said_at = now;
        }
        said
    }

    /// The message of this number, which came on this connection, is taken for good.
    pub fn acknowledge(&mut self, number: u16) {
        if let Ok(number) = Pid::try_from(number) {
            self.say(&Packet::Puback(number));
        }
    }

    /// Time passes: asks for a sign of life, and says [`MqttEvent::Broken`] where none comes.
    pub fn tick(&mut self, now: UtcMillis) -> Option<MqttEvent> {
        if !self.is_subscribed {
            return None;
        }
        match self.asked {
            // A clock that was set back asks anew.
            Some(asked) if (0..=PONG_MILLIS).contains(&(now.0 - asked.0)) => None,
            Some(asked) if now.0 >= asked.0 => Some(MqttEvent::Broken),
            None if (0..=PING_MILLIS).contains(&(now.0 - self.said_at.0)) => None,
            _ => {
                self.asked = Some(now);
                self.say(&Packet::Pingreq);
                None
            }
        }
    }

    /// Reads the next bytes.
    pub fn push(&mut self, bytes: &[u8], tell: &mut dyn FnMut(MqttEvent)) {
        // Whoever sends lives, even where its answer stands behind much else.
        self.asked = None;
        let passed = self.skip.min(bytes.len());
        self.skip -= passed;
        let mut heard = std::mem::take(&mut self.heard);
        heard.extend_from_slice(bytes.get(passed..).unwrap_or_default());
        let mut start = 0;
        loop {
            match self.packet(heard.get(start..).unwrap_or_default(), tell) {
                Ok(Some(length)) => start += length,
                Ok(None) => break,
                Err(_) => {
                    tell(MqttEvent::Broken);
                    return;
                }
            }
        }
        self.skip += start.saturating_sub(heard.len());
        heard.drain(..start.min(heard.len()));
        self.heard = heard;
    }

    /// Reads the first packet of `bytes`, of which it yields the length; `None` where it is not here as a whole.
    fn packet(&mut self, bytes: &[u8], tell: &mut dyn FnMut(MqttEvent)) -> Result<Option<usize>, Error> {
        let header = match Header::decode(bytes) {
            Err(error) if error.is_eof() => return Ok(None),
            header => header?,
        };
        let length = bytes.iter().skip(1).take_while(|byte| **byte > 0x7F).count() + 1;
        let (head, whole) = (1 + length, 1 + length + header.remaining_len as usize);
        if whole > MOST {
            let known = self.too_large(header, bytes.get(head..).unwrap_or_default(), tell);
            return Ok(known?.then_some(whole));
        }
        let Some(body) = bytes.get(head..whole) else {
            return Ok(None);
        };
        match header.typ {
            PacketType::Connack => self.connected(Connack::decode(body, &mut 0)?, tell),
            PacketType::Suback => {
                let answer = Suback::decode(body, &mut 0, header)?;
                if answer.topics.contains(&SubscribeReturnCode::Failure) {
                    tell(MqttEvent::Refused("SUBACK", 128));
                } else {
                    self.is_subscribed = true;
                    tell(MqttEvent::Subscribed);
                }
            }
            PacketType::Publish => {
                let message = Publish::decode(body, &mut 0, header)?;
                tell(MqttEvent::Message {
                    topic: message.topic_name.to_string(),
                    payload: message.payload.to_vec(),
                    number: number(message.qos_pid),
                });
            }
            PacketType::Pingresp => tell(MqttEvent::Alive),
            // What only we would say.
            _ => return Err(Error::InvalidHeader),
        }
        Ok(Some(whole))
    }

    fn connected(&mut self, answer: Connack, tell: &mut dyn FnMut(MqttEvent)) {
        match answer.code {
            // Now it has forgotten us.
            ConnectReturnCode::Accepted if self.login.is_leaving => {
                self.say(&Packet::Disconnect);
            }
            ConnectReturnCode::Accepted => {
                let (wish, number) = (
                    if self.is_kept() { QoS::Level1 } else { QoS::Level0 },
                    Pid::try_from(SUBSCRIPTION),
                );
                // Also where the broker knows it still: that changes nothing, and it may have forgotten.
                if let (Ok(number), Ok(filter)) = (number, TopicFilter::try_from(self.topic.as_str())) {
                    self.say(&Packet::Subscribe(Subscribe::new(number, vec![(filter, wish)])));
                }
            }
            ConnectReturnCode::ServerUnavailable => tell(MqttEvent::Busy),
            code => tell(MqttEvent::Refused("CONNACK", code as u16)),
        }
    }

    /// Acknowledges a packet that is passed over; false where too little of it is here to know how.
    fn too_large(
        &mut self,
        header: Header,
        body: &[u8],
        tell: &mut dyn FnMut(MqttEvent),
    ) -> Result<bool, Error> {
        if header.typ != PacketType::Publish {
            return Err(Error::InvalidHeader);
        }
        let Some((length, rest)) = body.split_first_chunk::<2>() else {
            return Ok(false);
        };
        let Some(end) = rest.get(usize::from(u16::from_be_bytes(*length))..) else {
            return Ok(false);
        };
        if header.qos != QoS::Level0 {
            let Some((number, _)) = end.split_first_chunk::<2>() else {
                return Ok(false);
            };
            self.acknowledge(u16::from_be_bytes(*number));
        }
        tell(MqttEvent::TooLarge);
        Ok(true)
    }

    fn say(&mut self, packet: &Packet) -> bool {
        let bytes = packet.encode();
        bytes.is_ok_and(|bytes| {
            self.said.extend_from_slice(bytes.as_ref());
            true
        })
    }
}

/// The number to acknowledge a message by. One of QoS 2 does not come to who asked for 1.
fn number(qos: QosPid) -> Option<u16> {
    match qos {
        QosPid::Level1(number) => Some(number.value()),
        QosPid::Level0 | QosPid::Level2(_) => None,
    }
}

#[cfg(test)]
#[path = "mqtt_tests.rs"]
mod tests;
