//! Live sources, in the worker that reads: connections, and what comes of them as rows for the engine's worker.
//!
//! A message is put aside as it comes and read in turns of a few milliseconds, so that the connection is always served.
//! Rows are handed over when the engine has entered the ones before: the more comes, the more go at once. What waits is
//! bounded.

use super::broker::{Broker, Brokered};
use super::clock::{now, wait};
use super::decoder::decoders;
use super::socket::{Socket, SocketEvent};
use super::source::words;
use super::stream::{Stream, Streamed};
use crate::feed::{
    Batch, Envelope, EventStream, Live, LiveNews, LiveTask, Login, MqttEvent, Need, PROTOCOL, StreamEvent,
    Turns, Wire, envelope,
};
use crate::ingest::{Events, FileRead, Options, ReadEnd, ReadTask, RowsRead, Step};
use crate::protocol::{
    FeedProblem, FeedStatus, Problem, Secret, broker, decode, encode, is_broker, is_drill,
};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

/// How often it is looked what a source needs.
const TICK_MILLIS: u32 = 200;
/// Least time between two words on how a source fares while nothing of note happens.
const TELL_MILLIS: i64 = 1_000;
/// A turn of reading.
const TURN_MILLIS: i64 = 8;
/// Time between two updates of the screen: the least, the most, and from where on it is told.
const PACE_MILLIS: (i64, i64) = (50, 5_000);
const COARSE_MILLIS: i64 = 1_000;
/// How long a broker may take to forget us.
pub const LEAVE_MILLIS: u32 = 10_000;
/// Most bytes of one message.
const MOST_MESSAGE: u32 = 16 << 20;
/// Most bytes that wait to be read.
const MOST_QUEUED: usize = 32 << 20;
/// Most rows that wait to be handed over.
const MOST_ROWS: u64 = 50_000;

/// All live sources.
pub struct LiveHost {
    scope: DedicatedWorkerGlobalScope,
    sources: RefCell<Vec<Rc<Source>>>,
    is_ticking: Cell<bool>,
}

/// A message that waits to be read.
enum Message {
    Text(String),
    Bytes(Vec<u8>),
}

impl Message {
    /// Text is text, however it is sent.
    fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Bytes(error.into_bytes()),
        }
    }

    const fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// A message in the queue, with what a broker says of it.
struct Queued {
    message: Message,
    topic: String,
    /// The number to acknowledge it by: until then the broker has it too.
    number: Option<u16>,
}

impl Queued {
    /// One that does not come from a broker.
    const fn plain(message: Message) -> Self {
        Self {
            message,
            topic: String::new(),
            number: None,
        }
    }
}

/// A connection.
enum Line {
    Socket(Socket),
    Broker(Broker),
    Stream(#[expect(dead_code, reason = "the stream is closed with it")] Stream),
    /// To the server of a drill.
    Wire,
}

struct Source {
    scope: DedicatedWorkerGlobalScope,
    id: u32,
    task: ReadTask,
    options: Options,
    url: String,
    token: Option<(String, Secret)>,
    client: Option<String>,
    live: RefCell<Live<String>>,
    /// Batches of a broker, of which each topic has numbers of its own.
    turns: RefCell<Turns<String>>,
    /// Whoever publishes sends heartbeats: that the broker lives is not enough then.
    is_beating: Cell<bool>,
    line: RefCell<Option<Line>>,
    events_read: RefCell<EventStream>,
    queue: RefCell<VecDeque<Queued>>,
    queued: Cell<usize>,
    events: RefCell<Events>,
    reads: RefCell<Vec<FileRead>>,
    is_reading: Cell<bool>,
    /// Handed over and not entered yet, since then.
    handed: Cell<Option<i64>>,
    /// When the last update was handed over, and the time to the next.
    last: Cell<i64>,
    pace: Cell<i64>,
    told: RefCell<(FeedStatus, i64)>,
}

impl LiveHost {
    /// None yet.
    pub fn new(scope: &DedicatedWorkerGlobalScope) -> Rc<Self> {
        Rc::new(Self {
            scope: scope.clone(),
            sources: RefCell::default(),
            is_ticking: Cell::new(false),
        })
    }

    /// Takes a task, as bytes.
    pub fn receive(self: &Rc<Self>, task: &[u8]) {
        match decode::<LiveTask>(task) {
            None => {}
            Some(LiveTask::Follow {
                id,
                task,
                url,
                token,
                client,
                resume,
                is_paused,
            }) => {
                let source = Source::new(&self.scope, id, *task, (url, token, client), resume);
                if is_paused {
                    source.live.borrow_mut().pause();
                }
                let mut sources = self.sources.borrow_mut();
                sources.retain(|known| known.id != id);
                sources.push(Rc::new(source));
                drop(sources);
                self.tick();
            }
            Some(LiveTask::Leave { url, token, client }) => leave(&url, token.as_ref(), client),
            Some(LiveTask::Ask(id)) => self.change(id, |live| live.ask(now())),
            Some(LiveTask::Pause(id)) => self.change(id, Live::pause),
            Some(LiveTask::Remove(id)) => self.sources.borrow_mut().retain(|known| known.id != id),
            Some(LiveTask::Rest) => {
                for source in self.sources.take() {
                    // What a broker still has comes again.
                    source.drop_line();
                    source.read_all();
                    source.post_rows();
                }
            }
            Some(LiveTask::Tell) => {
                for source in self.sources.borrow().iter() {
                    source.told.take();
                    source.tell(true);
                }
            }
            Some(LiveTask::Entered(id, millis)) => {
                if let Some(source) = self.source(id) {
                    source.entered(millis);
                }
            }
            Some(LiveTask::Wire(id, wire)) => {
                if let Some(source) = self.source(id) {
                    source.wired(wire);
                }
            }
            Some(LiveTask::Resume(id, resume)) => {
                if let Some(source) = self.source(id) {
                    source.forget();
                    source.live.borrow_mut().resume(resume);
                }
            }
        }
    }

    fn source(&self, id: u32) -> Option<Rc<Source>> {
        self.sources.borrow().iter().find(|known| known.id == id).cloned()
    }

    fn change(&self, id: u32, change: impl FnOnce(&mut Live<String>)) {
        if let Some(source) = self.source(id) {
            change(&mut source.live.borrow_mut());
            source.look();
            source.tell(true);
        }
    }

    /// Looks after all sources for as long as there are any.
    fn tick(self: &Rc<Self>) {
        if self.is_ticking.replace(true) {
            return;
        }
        let host = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            loop {
                let sources = host.sources.borrow().clone();
                if sources.is_empty() {
                    break;
                }
                for source in sources {
                    source.look();
                    source.take_ready();
                    source.hand_over();
                    source.tell(false);
                }
                wait(TICK_MILLIS).await;
            }
            host.is_ticking.set(false);
        });
    }
}

impl Source {
    fn new(
        scope: &DedicatedWorkerGlobalScope,
        id: u32,
        task: ReadTask,
        (url, token, client): (String, Option<(String, Secret)>, Option<String>),
        resume: Option<u64>,
    ) -> Self {
        let options = task.options(decoders());
        Self {
            scope: scope.clone(),
            id,
            url,
            token,
            client,
            live: RefCell::new(Live::new(id, resume, now())),
            turns: RefCell::default(),
            is_beating: Cell::new(false),
            line: RefCell::default(),
            events_read: RefCell::default(),
            queue: RefCell::default(),
            queued: Cell::new(0),
            events: RefCell::new(Events::new(options.clone())),
            reads: RefCell::default(),
            is_reading: Cell::new(false),
            handed: Cell::new(None),
            last: Cell::new(0),
            pace: Cell::new(PACE_MILLIS.0),
            told: RefCell::new((FeedStatus::default(), 0)),
            task,
            options,
        }
    }

    /// Does what it needs now.
    fn look(self: &Rc<Self>) {
        let need = self.live.borrow_mut().need(now(), js_sys::Math::random());
        match need {
            Need::Nothing => self.ping(),
            Need::Disconnect => self.disconnect(),
            Need::Connect => {
                self.disconnect();
                self.connect();
                self.tell(true);
            }
        }
    }

    /// The connection is no more. What a broker still has it sends again on the next one.
    fn drop_line(&self) {
        self.line.take();
        let mut queue = self.queue.borrow_mut();
        queue.retain(|queued| queued.number.is_none());
        self.queued
            .set(queue.iter().map(|queued| queued.message.len()).sum());
    }

    fn disconnect(&self) {
        self.drop_line();
        if !self.live.borrow().is_numbered() {
            // Nobody can send it again.
            self.read_all();
        }
        self.queue.borrow_mut().clear();
        self.queued.set(0);
    }

    fn connect(self: &Rc<Self>) {
        let opened = if is_drill(&self.url) {
            self.post(&LiveNews::Wire(self.id, Wire::Dial));
            Ok(Line::Wire)
        } else if let Some(url) = self.url.strip_prefix("sse+") {
            self.open_stream(url).map(Line::Stream)
        } else if let Some((url, topic)) = broker(&self.url) {
            self.open_broker(url, topic).map(Line::Broker)
        } else {
            self.open_socket(&self.url, &[]).map(Line::Socket)
        };
        match opened {
            Ok(line) => {
                self.line.replace(Some(line));
            }
            Err(error) => {
                let is_plain = self.url.contains("ws://") && self.scope.location().protocol() == "https:";
                let problem = if is_plain {
                    FeedProblem::Insecure
                } else {
                    FeedProblem::Unreadable(words(&error))
                };
                self.live.borrow_mut().stop(problem, now());
            }
        }
    }

    fn open_socket(self: &Rc<Self>, url: &str, protocols: &[&str]) -> Result<Socket, JsValue> {
        let source = Rc::downgrade(self);
        let tell = move |event| {
            if let Some(source) = Weak::upgrade(&source) {
                source.happened(event);
            }
        };
        Socket::open(url, protocols, tell)
    }

    fn open_broker(self: &Rc<Self>, url: &str, topic: &str) -> Result<Broker, JsValue> {
        let source = Rc::downgrade(self);
        let tell = move |event| {
            if let Some(source) = Weak::upgrade(&source) {
                source.brokered(event);
            }
        };
        let login = login(self.token.as_ref(), self.client.clone());
        Broker::open(url, topic, login, tell)
    }

    fn open_stream(self: &Rc<Self>, url: &str) -> Result<Stream, JsValue> {
        let source = Rc::downgrade(self);
        let tell = move |event| {
            if let Some(source) = Weak::upgrade(&source) {
                source.streamed(event);
            }
        };
        self.events_read.borrow_mut().cut();
        let taken = self.live.borrow().taken();
        let last = taken.map_or_else(
            || self.events_read.borrow().last_id().to_owned(),
            |seq| seq.to_string(),
        );
        let header = self.token.as_ref().map(|(name, token)| (name.as_str(), token));
        Stream::open(&self.scope, url, header, &last, tell)
    }

    fn happened(self: &Rc<Self>, event: SocketEvent) {
        match event {
            SocketEvent::Opened => {
                let resume = self.live.borrow_mut().opened(now());
                let token = self.token.as_ref().map(|(_, token)| token);
                match self.line.borrow().as_ref() {
                    Some(Line::Socket(socket)) => socket.send(&hello(resume, token)),
                    Some(Line::Wire) => {
                        self.post(&LiveNews::Wire(self.id, Wire::Text(hello(resume, None))));
                    }
                    _ => {}
                }
            }
            SocketEvent::Text(text) => {
                if text.length() > MOST_MESSAGE {
                    self.too_large();
                } else {
                    self.put(Queued::plain(Message::Text(String::from(text))));
                }
                return;
            }
            SocketEvent::Bytes(bytes) => {
                if bytes.byte_length() > MOST_MESSAGE {
                    self.too_large();
                } else {
                    let bytes = js_sys::Uint8Array::new(&bytes).to_vec();
                    self.put(Queued::plain(Message::of(bytes)));
                }
                return;
            }
            SocketEvent::Closed(code, words) => self.ended(Some(code), &words),
        }
        self.tell(true);
    }

    /// Takes what comes over the wire, unless it was cut meanwhile.
    fn wired(self: &Rc<Self>, wire: Wire) {
        if !matches!(*self.line.borrow(), Some(Line::Wire)) {
            return;
        }
        match wire {
            Wire::Dial => {}
            Wire::Opened => self.happened(SocketEvent::Opened),
            Wire::Closed(code) => self.happened(SocketEvent::Closed(code, String::new())),
            Wire::Text(text) => {
                self.put(Queued::plain(Message::Text(text)));
            }
        }
    }

    /// The connection is at its end.
    fn ended(&self, code: Option<u16>, words: &str) {
        self.drop_line();
        self.read_all();
        let mut live = self.live.borrow_mut();
        live.closed(code, words, now(), js_sys::Math::random());
    }

    /// Takes what a broker says.
    fn brokered(self: &Rc<Self>, event: Brokered) {
        let event = match event {
            Brokered::Said(event) => event,
            Brokered::Closed(code, words) => {
                self.ended(Some(code), &words);
                return self.tell(true);
            }
        };
        match event {
            MqttEvent::Message {
                topic,
                payload,
                number,
            } => {
                self.put(Queued {
                    message: Message::of(payload),
                    topic,
                    number,
                });
                return;
            }
            MqttEvent::Subscribed => {
                self.live.borrow_mut().opened(now());
                self.lives();
            }
            MqttEvent::Alive => self.lives(),
            MqttEvent::TooLarge => self.too_large(),
            MqttEvent::Refused(packet, code) => self.ended(Some(4_000 + code), packet),
            MqttEvent::Busy => self.ended(Some(1013), "CONNACK"),
            MqttEvent::Broken => self.ended(Some(1002), "MQTT"),
        }
        self.tell(true);
    }

    /// The broker lives; whoever publishes may not, where that is what is to be heard.
    fn lives(&self) {
        if !self.is_beating.get() {
            self.live.borrow_mut().heartbeat(None, now());
        }
    }

    /// Asks a broker that is silent for a sign of life.
    fn ping(self: &Rc<Self>) {
        let silence = match self.line.borrow().as_ref() {
            Some(Line::Broker(broker)) => broker.tick(),
            _ => None,
        };
        if let Some(silence) = silence {
            self.brokered(Brokered::Said(silence));
        }
    }

    /// Takes what a stream says.
    fn streamed(self: &Rc<Self>, event: Streamed) {
        match event {
            Streamed::Opened => {
                self.live.borrow_mut().opened(now());
            }
            Streamed::Bytes(bytes) => {
                let mut events = Vec::new();
                self.events_read
                    .borrow_mut()
                    .push(&bytes, &mut |event| events.push(event));
                for event in events {
                    match event {
                        StreamEvent::Message(text) => {
                            self.put(Queued::plain(Message::Text(text)));
                        }
                        StreamEvent::Comment => self.live.borrow_mut().heartbeat(None, now()),
                        StreamEvent::TooLarge => self.too_large(),
                    }
                }
                return;
            }
            Streamed::Status(status) => {
                self.line.take();
                let problem = FeedProblem::Status(status);
                let mut live = self.live.borrow_mut();
                if problem.may_pass() {
                    live.failed(problem, now(), js_sys::Math::random());
                } else {
                    live.stop(problem, now());
                }
            }
            Streamed::Ended => self.ended(Some(1006), ""),
        }
        self.tell(true);
    }

    fn too_large(&self) {
        let problem = FeedProblem::TooLarge(u64::from(MOST_MESSAGE >> 20));
        self.live.borrow_mut().broken(problem);
        self.tell(true);
    }

    /// Puts a message aside, to be read in its turn.
    fn put(self: &Rc<Self>, message: Queued) {
        self.live.borrow_mut().arrived(now());
        let queued = self.queued.get() + message.message.len();
        if queued > MOST_QUEUED {
            let mut live = self.live.borrow_mut();
            if live.is_numbered() || message.number.is_some() {
                live.too_fast(now());
                drop(live);
                // What is here is in order; what follows it comes again.
                self.drop_line();
            } else {
                live.dropped(1);
            }
        } else {
            self.queued.set(queued);
            self.queue.borrow_mut().push_back(message);
        }
        self.start_reading();
    }

    fn start_reading(self: &Rc<Self>) {
        if self.is_reading.replace(true) {
            return;
        }
        let source = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            while source.read_turn() {
                wait(0).await;
            }
            source.is_reading.set(false);
        });
    }

    /// Reads for some milliseconds; whether there is more to be read now.
    fn read_turn(self: &Rc<Self>) -> bool {
        let end = now().0 + TURN_MILLIS;
        let mut is_more = false;
        while !self.is_full() {
            let Some(message) = self.next() else {
                self.live.borrow_mut().drained();
                break;
            };
            self.read(message);
            if now().0 >= end {
                is_more = true;
                break;
            }
        }
        self.hand_over();
        is_more
    }

    /// Reads all that is here: it came before the connection ended.
    fn read_all(&self) {
        while let Some(message) = self.next() {
            self.read(message);
        }
    }

    fn next(&self) -> Option<Queued> {
        let message = self.queue.borrow_mut().pop_front()?;
        self.queued.set(self.queued.get() - message.message.len());
        Some(message)
    }

    fn is_full(&self) -> bool {
        self.events.borrow().rows() > MOST_ROWS || self.reads.borrow().len() > 512
    }

    /// Reads a message, which is acknowledged then: its rows wait to be handed over, and do not wait for its connection.
    fn read(&self, queued: Queued) {
        let Queued {
            message,
            topic,
            number,
        } = queued;
        match message {
            Message::Bytes(bytes) => self.read_plain(&bytes),
            Message::Text(text) => self.read_text(text, &topic),
        }
        if let (Some(Line::Broker(broker)), Some(number)) = (self.line.borrow().as_ref(), number) {
            broker.acknowledge(number);
        }
    }

    fn read_text(&self, text: String, topic: &str) {
        let is_brokered = !topic.is_empty();
        let mut live = self.live.borrow_mut();
        match envelope(&text) {
            Envelope::Batch(Batch { seq, .. }) if is_brokered => {
                live.good(now());
                drop(live);
                self.turns.borrow_mut().put(topic, seq, text, now());
                self.take_ready();
            }
            Envelope::Batch(Batch { seq, .. }) => {
                live.batch(seq, text, now());
                drop(live);
                self.take_ready();
            }
            Envelope::Heartbeat(seq) => {
                self.is_beating.set(is_brokered);
                live.heartbeat(seq, now());
            }
            Envelope::Reset => {
                live.reset(now());
                self.turns.borrow_mut().reset(topic);
            }
            Envelope::Hello(name) if name == PROTOCOL => live.good(now()),
            Envelope::Hello(name) => live.broken(FeedProblem::Protocol(name)),
            Envelope::Error(words) => live.broken(FeedProblem::Told(words)),
            Envelope::Broken => live.broken(FeedProblem::Content(Problem::BrokenRecord)),
            Envelope::Plain => {
                drop(live);
                self.read_plain(text.as_bytes());
            }
        }
    }

    /// Takes the batches whose turn it is.
    fn take_ready(&self) {
        loop {
            let ready = self.live.borrow_mut().ready(now()).map(|(_, text)| text);
            let mut turns = self.turns.borrow_mut();
            let ready = ready.or_else(|| turns.ready(now()));
            let missing = turns.missing();
            drop(turns);
            if is_broker(&self.url) {
                self.live.borrow_mut().missing(missing);
            }
            let Some(text) = ready else { return };
            let Envelope::Batch(batch) = envelope(&text) else {
                continue;
            };
            let mut events = self.events.borrow_mut();
            let (rows, (refused, _)) = (events.rows(), events.rejected());
            let at = batch.at.and_then(|at| self.options.zone.parse(at));
            let arrays = [
                batch.orders.is_none_or(|array| events.orders(array)),
                batch.stock.is_none_or(|array| events.stock(array, at)),
                batch.inbound.is_none_or(|array| events.inbound(array, at)),
            ];
            let (rows, refused_now) = (events.rows() - rows, events.rejected().0 - refused);
            let why = events.rejected().1;
            drop(events);
            let mut live = self.live.borrow_mut();
            live.rows(rows - refused_now, refused_now, now());
            if arrays.contains(&false) {
                live.broken(FeedProblem::Content(Problem::BrokenRecord));
            } else if let Some(why) = why.filter(|_| rows > 0 && rows == refused_now) {
                live.broken(FeedProblem::Content(why));
            }
        }
    }

    /// Reads rows without an envelope, as a file of their own.
    fn read_plain(&self, bytes: &[u8]) {
        let mut reader = self.task.reader(decoders());
        let read = loop {
            if reader.push(bytes) == Step::Again {
                continue;
            }
            let mut blocks = reader.take_blocks();
            match reader.finish() {
                ReadEnd::Again(next) => reader = next,
                ReadEnd::Done(mut read) => {
                    if let RowsRead::Orders(rest) = &mut read.rows {
                        blocks.append(rest);
                        *rest = blocks;
                    }
                    break read;
                }
            }
        };
        let mut live = self.live.borrow_mut();
        match read.report.failure.clone() {
            Some(problem) => live.broken(FeedProblem::Content(problem)),
            None => {
                live.good(now());
                live.rows(read.report.accepted, read.report.rejected, now());
                drop(live);
                self.gather();
                self.reads.borrow_mut().push(read);
            }
        }
    }

    /// Puts the events so far behind what was read before.
    fn gather(&self) {
        if self.events.borrow().rows() == 0 {
            return;
        }
        let next = Events::new(self.options.clone());
        let events = self.events.replace(next);
        self.reads.borrow_mut().extend(events.finish(&self.task.name));
    }

    /// Hands over what was read, unless the engine is still at the last of it or it would come too soon.
    fn hand_over(self: &Rc<Self>) {
        let at = now().0;
        if self.handed.get().is_some() || (0..self.pace.get()).contains(&(at - self.last.get())) {
            return;
        }
        if self.post_rows() {
            self.handed.set(Some(at));
            self.last.set(at);
        }
    }

    /// Whether there were any.
    fn post_rows(&self) -> bool {
        self.gather();
        let reads = self.reads.take();
        if reads.is_empty() {
            return false;
        }
        let seq = self.live.borrow().taken();
        let id = self.id;
        self.post(&LiveNews::Update { id, reads, seq });
        true
    }

    /// The engine has entered all that was handed over, in so many milliseconds.
    fn entered(self: &Rc<Self>, millis: i64) {
        let waited = self.handed.take().map_or(0, |handed| now().0 - handed);
        // As much time for all else as for this.
        let pace = waited.max(millis).saturating_mul(2);
        self.pace.set(pace.clamp(PACE_MILLIS.0, PACE_MILLIS.1));
        let coarse = Some(self.pace.get()).filter(|pace| *pace > COARSE_MILLIS);
        self.live.borrow_mut().coarse(coarse);
        let source = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            let left = source.last.get() + source.pace.get() - now().0;
            wait(u32::try_from(left).unwrap_or(0)).await;
            source.hand_over();
            source.start_reading();
        });
    }

    /// What was read and not handed over is of no use any more.
    fn forget(&self) {
        self.disconnect();
        self.events.replace(Events::new(self.options.clone()));
        self.reads.borrow_mut().clear();
    }

    /// Tells how it fares, if that changed; at once where it is of note.
    fn tell(&self, is_of_note: bool) {
        let status = self.live.borrow().status();
        let at = now().0;
        let (told, when) = self.told.take();
        let is_soon = (0..TELL_MILLIS).contains(&(at - when));
        if told == status || (!is_of_note && is_soon) {
            self.told.replace((told, when));
            return;
        }
        self.post(&LiveNews::Status(Box::new(status.clone())));
        self.told.replace((status, at));
    }

    fn post(&self, news: &LiveNews) {
        let bytes = js_sys::Uint8Array::from(encode(news).as_slice());
        // Fails only if the engine is gone.
        let _ = self
            .scope
            .post_message_with_transfer(&bytes, &js_sys::Array::of1(&bytes.buffer()));
    }
}

/// Who we are to a broker.
fn login(token: Option<&(String, Secret)>, client: Option<String>) -> Login {
    let user = token.map(|(_, Secret(token))| {
        let (name, password) = token.split_once(':').unwrap_or((token, ""));
        (name.to_owned(), password.to_owned())
    });
    Login {
        client,
        user,
        is_leaving: false,
    }
}

/// Has the broker of a source that is no more forget what it keeps for us, on a connection for just that.
fn leave(url: &str, token: Option<&(String, Secret)>, client: Option<String>) {
    let login = Login {
        is_leaving: true,
        ..login(token, client)
    };
    let opened = broker(url).map(|(url, topic)| Broker::open(url, topic, login, |_| {}));
    // Whoever is not there cannot be told.
    if let Some(Ok(broker)) = opened {
        wasm_bindgen_futures::spawn_local(async move {
            wait(LEAVE_MILLIS).await;
            drop(broker);
        });
    }
}

/// The first message of a connection.
fn hello(resume: Option<u64>, token: Option<&Secret>) -> String {
    let resume = resume.map_or_else(|| "null".to_owned(), |seq| seq.to_string());
    let token = token.map_or_else(String::new, |Secret(token)| {
        let quoted = js_sys::JSON::stringify(&token.as_str().into());
        format!(r#","token":{}"#, String::from(quoted.unwrap_or_default()))
    });
    format!(r#"{{"type":"hello","protocol":"{PROTOCOL}","resume_after":{resume}{token}}}"#)
}
