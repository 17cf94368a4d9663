//! Live sources behind a broker: a real Mosquitto, in all weathers.

use crate::broadcaster::{Chance, Story};
use crate::browser::Browser;
use crate::mosquitto::{Mosquitto, Publisher, USER, road};
use crate::site::Site;
use crate::{dist, within};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const EVENTS: usize = 200_000;
/// Mosquitto 2.0 sends what is above 4 KB over WebSocket at ten messages a second, while nobody else keeps it awake.
const OF_MESSAGE: usize = 6;
const BREAKS: usize = 50;
const TOPIC: &str = "shop/orders";

impl Browser {
    /// Follows a topic; the dialog is open.
    async fn listen(&self, url: &str, token: &str) {
        let (socket, topic) = url.split_once('#').expect("an address with a topic");
        self.fill("source-url", socket).await;
        self.fill("source-topic", topic).await;
        self.fill("source-token", token).await;
        self.click("[data-role=source-add]").await;
    }
}

/// Publishes `story` in disorder and with doubles.
fn publish(publisher: &mut Publisher, story: &Story) {
    let mut chance = Chance::new(3);
    for (first, window) in (0..).step_by(4).zip(story.batches.chunks(4)) {
        let mut window: Vec<&String> = window.iter().collect();
        if chance.below(5) == 0 {
            let back = usize::try_from(chance.below(9)).unwrap_or(0);
            window.push(&story.batches[first - back.min(first)]);
        }
        for at in (1..window.len()).rev() {
            window.swap(at, usize::try_from(chance.below(at as u64 + 1)).unwrap_or(0));
        }
        for batch in window {
            publisher.say(TOPIC, batch);
        }
    }
    publisher.settle(0);
}

#[tokio::test]
async fn a_real_broker_and_fifty_broken_connections_end_in_the_right_numbers() {
    let Some(dist) = dist() else { return };
    let Some(broker) = Mosquitto::start() else { return };
    within(240, async {
        let story = Story::new(2, EVENTS, OF_MESSAGE);
        assert_eq!(story.events, EVENTS);
        let bytes: usize = story.batches.iter().map(String::len).sum();
        let (road, broken) = road(broker.socket, bytes / (BREAKS + 10), BREAKS);
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.open_sources().await;
        browser
            .listen(&Mosquitto::url(road, TOPIC), &format!("{}:{}", USER.0, USER.1))
            .await;
        browser.source_becomes("ok", "").await;
        let started = Instant::now();
        let mut publisher = Publisher::new(&broker);
        publish(&mut publisher, &story);
        let published = started.elapsed();
        browser.numbers_become(&story.truth, 180).await;
        println!(
            "{EVENTS} events in {} messages through Mosquitto ({:.1} s), {BREAKS} broken connections: {:.1} s",
            story.batches.len(),
            published.as_secs_f64(),
            started.elapsed().as_secs_f64()
        );
        assert_eq!(broken.load(Ordering::SeqCst), BREAKS, "not all connections were broken");
        browser.source_becomes("ok", "").await;
        browser.no_page_errors().await;
    })
    .await;
}

fn order(number: usize) -> Value {
    json!({
        "order_id": format!("N{number}"), "line_id": "1", "sku": "S1", "quantity": 1, "unit_price": "10.00",
        "created_at": "2026-06-01T10:00:00+08:00", "status": "paid", "currency": "CNY",
    })
}

fn batch(seq: usize, number: usize) -> String {
    json!({ "type": "batch", "seq": seq, "orders": [order(number)] }).to_string()
}

#[tokio::test]
async fn a_broker_keeps_what_comes_while_the_page_is_away() {
    let Some(dist) = dist() else { return };
    let Some(broker) = Mosquitto::start() else { return };
    within(120, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let url = Mosquitto::url(broker.socket, "shop/+/orders");
        browser.open_sources().await;
        browser.listen(&url, "shop:wrong").await;
        browser.source_becomes("error", "refused").await;
        browser.listen(&url, &format!("{}:{}", USER.0, USER.1)).await;
        browser.source_becomes("ok", "").await;

        // Rows as they are, one or more in a message.
        let mut publisher = Publisher::new(&broker);
        publisher.say("shop/a/orders", &order(1).to_string());
        publisher.say("shop/a/orders", &json!([order(2), order(3)]).to_string());
        publisher.say("shop/b/orders", &format!("{}\n{}\n", order(4), order(1)));
        publisher.say("shop/b/refunds", &order(99).to_string());
        browser.orders_become(4).await;
        // Each topic has numbers of its own; here they come in no order and twice.
        for (topic, seq, number) in [
            ("shop/a/orders", 2, 6),
            ("shop/b/orders", 1, 7),
            ("shop/a/orders", 1, 5),
            ("shop/b/orders", 2, 8),
            ("shop/a/orders", 1, 5),
        ] {
            publisher.say(topic, &batch(seq, number));
        }
        browser.orders_become(8).await;
        browser.source_becomes("ok", "").await;

        let kept = "return document.querySelector('[data-role=kept]')?.dataset.state === 'kept'";
        browser.until("its rows are kept", 40, kept).await;
        browser.js("location.assign('about:blank')").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        for number in 9..=40 {
            publisher.say("shop/a/orders", &order(number).to_string());
        }
        publisher.settle(0);
        browser.open(&site.url("")).await;
        browser.open_sources().await;
        browser.source_becomes("paused", "no-token").await;
        browser
            .fill("source-token-again", &format!("{}:{}", USER.0, USER.1))
            .await;
        browser.click("[data-role=source-resume]").await;
        browser.orders_become(40).await;
        browser.source_becomes("ok", "").await;
        browser.no_page_errors().await;
    })
    .await;
}

#[tokio::test]
async fn a_broker_forgets_a_source_that_is_removed() {
    let Some(dist) = dist() else { return };
    let Some(broker) = Mosquitto::start() else { return };
    within(90, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let url = Mosquitto::url(broker.socket, "shop/orders");
        for is_paused in [false, true] {
            browser.open_sources().await;
            browser.click("[data-role=source-remember]").await;
            browser.listen(&url, &format!("{}:{}", USER.0, USER.1)).await;
            browser.source_becomes("ok", "").await;
            let client = "return JSON.parse(localStorage['stockpit.feeds.v1'])[0].client";
            let client = browser.text(client).await;
            if is_paused {
                // Stopped at the last visit, it is not even connected.
                browser.click("[data-role=source-pause]").await;
                browser.source_becomes("paused", "").await;
                browser.reload().await;
                browser.open_sources().await;
                browser.source_becomes("paused", "").await;
            }
            browser.click("[data-role=source-remove]").await;
            tokio::time::sleep(Duration::from_secs(3)).await;
            assert!(
                !is_known(&broker, &client),
                "{client} is known, paused: {is_paused}"
            );
            browser.reload().await;
        }
        browser.no_page_errors().await;
    })
    .await;
}

/// Whether a broker keeps something for a client of that name.
fn is_known(broker: &Mosquitto, client: &str) -> bool {
    use mqtt_proto::v3::{Connect, Packet};
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(broker.plain).expect("the broker listens");
    let mut connect = Connect::new(client.into(), 60);
    connect.clean_session = false;
    connect.username = Some(USER.0.into());
    connect.password = Some(USER.1.as_bytes().to_vec().into());
    let connect = Packet::from(connect).encode().expect("a packet");
    stream.write_all(connect.as_ref()).expect("the broker takes it");
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).expect("the broker answers");
    assert_eq!((answer[0], answer[3]), (0x20, 0), "the broker lets it in");
    answer[2] == 1
}

/// What a listener without a browser hears through `road` until it has heard `count` different messages.
fn listen(road: std::net::SocketAddr, count: usize) -> Vec<String> {
    use stockpit::feed::{Login, Mqtt, MqttEvent};
    use stockpit::time::UtcMillis;
    use tungstenite::{Message, client::IntoClientRequest};
    let login = Login {
        client: Some("wall7".to_owned()),
        user: Some((USER.0.to_owned(), USER.1.to_owned())),
        is_leaving: false,
    };
    let (mut heard, mut connections, mut all) = (std::collections::BTreeSet::new(), 0, 0);
    let started = Instant::now();
    while heard.len() < count && started.elapsed() < Duration::from_secs(60) {
        let now = || UtcMillis(i64::try_from(started.elapsed().as_millis()).unwrap_or(0));
        let mut mqtt = Mqtt::new(TOPIC, login.clone(), now());
        let mut request = format!("ws://{road}/mqtt")
            .into_client_request()
            .expect("a request");
        let protocol = "mqtt".parse().expect("a header");
        request.headers_mut().insert("Sec-WebSocket-Protocol", protocol);
        let Ok(stream) = std::net::TcpStream::connect(road) else {
            continue;
        };
        let Ok((mut socket, _)) = tungstenite::client(request, stream) else {
            continue;
        };
        connections += 1;
        mqtt.open(now());
        'line: while heard.len() < count {
            if let Some(said) = mqtt.take_said(now())
                && socket.send(Message::binary(said)).is_err()
            {
                break;
            }
            let bytes = match socket.read() {
                Ok(Message::Binary(bytes)) => bytes,
                Ok(_) => continue,
                Err(_) => break,
            };
            let mut events = Vec::new();
            mqtt.push(&bytes, &mut |event| events.push(event));
            for event in events {
                match event {
                    MqttEvent::Message { payload, number, .. } => {
                        all += 1;
                        heard.insert(String::from_utf8(payload).expect("text"));
                        if let Some(number) = number {
                            mqtt.acknowledge(number);
                        }
                    }
                    MqttEvent::Subscribed | MqttEvent::Alive => {}
                    other => {
                        println!("{other:?}");
                        break 'line;
                    }
                }
            }
        }
    }
    println!(
        "{} different of {all} messages, {connections} connections",
        heard.len()
    );
    heard.into_iter().collect()
}

#[test]
fn a_listener_hears_all_of_a_real_broker() {
    let Some(broker) = Mosquitto::start() else { return };
    let story = Story::new(2, EVENTS, OF_MESSAGE);
    let bytes: usize = story.batches.iter().map(String::len).sum();
    let (road, broken) = road(broker.socket, bytes / (BREAKS + 10), BREAKS);
    let count = story.batches.len();
    let listener = std::thread::spawn(move || listen(road, count));
    std::thread::sleep(Duration::from_millis(500));
    publish(&mut Publisher::new(&broker), &story);
    let heard = listener.join().expect("it listens");
    assert_eq!(heard.len(), count);
    assert_eq!(broken.load(Ordering::SeqCst), BREAKS);
}
