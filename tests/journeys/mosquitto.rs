//! A real Mosquitto on free ports, somebody who publishes there, and a road to it that breaks.

use crate::broadcaster::Chance;
use crate::site::TempFolder;
use mqtt_proto::v3::{Connect, Packet, Publish};
use mqtt_proto::{Pid, QosPid, TopicName};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Who may come in.
pub const USER: (&str, &str) = ("shop", "pass:word");
/// Messages of a publisher that the broker has not acknowledged yet.
const WINDOW: usize = 20;

/// The broker; ends when dropped.
pub struct Mosquitto {
    process: Child,
    /// Where it speaks MQTT.
    pub plain: SocketAddr,
    /// Where it speaks MQTT over WebSocket.
    pub socket: SocketAddr,
    _folder: TempFolder,
}

fn run(program: &str) -> Option<Command> {
    let places = [
        "/usr/sbin",
        "/usr/bin",
        "/usr/local/sbin",
        "/usr/local/bin",
        "/opt/homebrew/sbin",
    ];
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::env::split_paths(&on_path).chain(places.map(Into::into));
    let found = folders.find(|folder| folder.join(program).is_file())?;
    let mut command = Command::new(found.join(program));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Some(command)
}

impl Mosquitto {
    /// Starts it; `None`, with a notice, where it is not installed.
    pub fn start() -> Option<Self> {
        let (Some(mut broker), Some(mut passwords)) = (run("mosquitto"), run("mosquitto_passwd")) else {
            println!("skipped: Mosquitto is not installed (Debian: mosquitto)");
            return None;
        };
        let free = || {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
            listener.local_addr().expect("a bound socket has an address")
        };
        let (plain, socket, folder) = (free(), free(), TempFolder::new());
        let users = folder.write("users", "");
        let made = passwords.arg("-b").arg(&users).args([USER.0, USER.1]).status();
        assert!(made.is_ok_and(|made| made.success()), "no file of passwords");
        // By default it drops what waits beyond 1,000 messages.
        let settings = format!(
            "user root\npassword_file {}\npersistence false\nmax_queued_messages 0\n\
             listener {} 127.0.0.1\nlistener {} 127.0.0.1\nprotocol websockets\n",
            users.display(),
            plain.port(),
            socket.port()
        );
        broker.arg("-c").arg(folder.write("mosquitto.conf", settings));
        let broker = Self {
            process: broker.spawn().expect("it can be started"),
            plain,
            socket,
            _folder: folder,
        };
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(plain).is_err() {
            assert!(Instant::now() < end, "Mosquitto does not listen");
            thread::sleep(Duration::from_millis(50));
        }
        Some(broker)
    }

    /// The address of a topic, for a page that goes there by `road`.
    pub fn url(road: SocketAddr, topic: &str) -> String {
        format!("mqtt+ws://{road}/mqtt#{topic}")
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Somebody who publishes with QoS 1.
pub struct Publisher {
    stream: TcpStream,
    number: u16,
    /// Messages that are not acknowledged yet.
    open: usize,
}

impl Publisher {
    /// One that the broker has let in.
    pub fn new(broker: &Mosquitto) -> Self {
        let mut stream = TcpStream::connect(broker.plain).expect("the broker listens");
        let mut connect = Connect::new("publisher".into(), 600);
        connect.username = Some(USER.0.into());
        connect.password = Some(USER.1.as_bytes().to_vec().into());
        let connect = Packet::from(connect).encode().expect("a packet");
        stream.write_all(connect.as_ref()).expect("the broker takes it");
        let mut answer = [0; 4];
        stream.read_exact(&mut answer).expect("the broker answers");
        assert_eq!(answer, [0x20, 2, 0, 0], "the broker lets the publisher in");
        Self {
            stream,
            number: 0,
            open: 0,
        }
    }

    /// Publishes a message.
    pub fn say(&mut self, topic: &str, payload: &str) {
        self.number = self.number % 60_000 + 1;
        let number = QosPid::Level1(Pid::try_from(self.number).expect("it is not 0"));
        let topic = TopicName::try_from(topic).expect("a topic");
        let message = Publish::new(number, topic, payload.as_bytes().to_vec().into());
        let message = Packet::from(message).encode().expect("a packet");
        self.stream
            .write_all(message.as_ref())
            .expect("the broker takes it");
        self.open += 1;
        self.settle(WINDOW);
    }

    /// Waits until at most `most` messages are not acknowledged.
    pub fn settle(&mut self, most: usize) {
        let mut answer = [0; 4];
        while self.open > most {
            self.stream.read_exact(&mut answer).expect("the broker answers");
            assert_eq!(answer[0], 0x40, "it acknowledges");
            self.open -= 1;
        }
    }
}

/// A road to `to` that passes on what both ends say, and breaks after about `most` bytes, `breaks` times.
pub fn road(to: SocketAddr, most: usize, breaks: usize) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    let broken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&broken);
    thread::spawn(move || {
        let mut chance = Chance::new(9);
        for page in listener.incoming().map_while(Result::ok) {
            let Ok(broker) = TcpStream::connect(to) else {
                return;
            };
            let (Ok(page_again), Ok(broker_again)) = (page.try_clone(), broker.try_clone()) else {
                return;
            };
            let most = most / 2 + usize::try_from(chance.below(most as u64)).unwrap_or(0);
            let counted = Arc::clone(&counted);
            thread::spawn(move || {
                let _ = std::io::copy(&mut &page_again, &mut &broker_again);
                let _ = broker_again.shutdown(Shutdown::Both);
            });
            thread::spawn(move || {
                let (mut passed, mut buffer) = (0, vec![0_u8; 16 << 10]);
                while let Ok(length) = (&broker).read(&mut buffer) {
                    if length == 0 || (&page).write_all(&buffer[..length]).is_err() {
                        break;
                    }
                    passed += length;
                    let breaks_now = |broken: usize| (passed > most && broken < breaks).then_some(broken + 1);
                    if counted
                        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, breaks_now)
                        .is_ok()
                    {
                        break;
                    }
                }
                let _ = page.shutdown(Shutdown::Both);
                let _ = broker.shutdown(Shutdown::Both);
            });
        }
    });
    (address, broken)
}
