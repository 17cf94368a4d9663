use super::*;
use mqtt_proto::TopicName;

const fn at(millis: i64) -> UtcMillis {
    UtcMillis(1_000_000 + millis)
}

fn mqtt(client: Option<&str>) -> Mqtt {
    let login = Login {
        client: client.map(str::to_owned),
        user: Some(("shop".to_owned(), "pass:word".to_owned())),
        is_leaving: false,
    };
    Mqtt::new("shop/+/orders", login, at(0))
}

fn bytes(packets: &[Packet]) -> Vec<u8> {
    let each = packets.iter().map(|packet| packet.encode().unwrap());
    each.flat_map(|bytes| bytes.as_ref().to_vec()).collect()
}

/// What was said since, packet by packet.
fn said(mqtt: &mut Mqtt) -> Vec<Packet> {
    said_at(mqtt, 0)
}

fn said_at(mqtt: &mut Mqtt, millis: i64) -> Vec<Packet> {
    let mut rest: &[u8] = &mqtt.take_said(at(millis)).unwrap_or_default();
    let mut packets = Vec::new();
    while let Some(packet) = Packet::decode(rest).unwrap() {
        rest = &rest[packet.encode_len().unwrap()..];
        packets.push(packet);
    }
    packets
}

/// What comes of `bytes`, cut into parts of `step`.
fn heard(mqtt: &mut Mqtt, bytes: &[u8], step: usize) -> Vec<MqttEvent> {
    let mut events = Vec::new();
    for part in bytes.chunks(step) {
        mqtt.push(part, &mut |event| events.push(event));
    }
    events
}

fn accepted() -> Packet {
    Connack::new(true, ConnectReturnCode::Accepted).into()
}

fn granted() -> Packet {
    Suback::new(
        Pid::try_from(SUBSCRIPTION).unwrap(),
        vec![SubscribeReturnCode::MaxLevel1],
    )
    .into()
}

fn message(number: Option<u16>, payload: &str) -> Packet {
    let qos = number.map_or(QosPid::Level0, |number| {
        QosPid::Level1(Pid::try_from(number).unwrap())
    });
    let topic = TopicName::try_from("shop/a/orders").unwrap();
    Publish::new(qos, topic, payload.as_bytes().to_vec().into()).into()
}

fn told(number: Option<u16>, payload: &str) -> MqttEvent {
    MqttEvent::Message {
        topic: "shop/a/orders".to_owned(),
        payload: payload.as_bytes().to_vec(),
        number,
    }
}

#[test]
fn a_broker_is_heard_wherever_its_bytes_are_cut() {
    let long = "x".repeat(70_000);
    let mut again = message(Some(7), "two");
    if let Packet::Publish(again) = &mut again {
        again.dup = true;
    }
    let all = bytes(&[
        accepted(),
        granted(),
        message(None, ""),
        message(Some(7), "two"),
        again,
        message(Some(65_535), &long),
        Packet::Pingresp,
        message(None, "{}"),
    ]);
    for step in [1, 2, 3, 7, 1_000, 1_000_000] {
        let mut mqtt = mqtt(Some("wall"));
        let events = heard(&mut mqtt, &all, step);
        let expect = [
            MqttEvent::Subscribed,
            told(None, ""),
            told(Some(7), "two"),
            told(Some(7), "two"),
            told(Some(65_535), &long),
            MqttEvent::Alive,
            told(None, "{}"),
        ];
        assert!(events == expect, "by {step}");
    }
}

#[test]
fn what_is_said_is_what_the_broker_needs() {
    for (client, is_clean, wish) in [(Some("wall"), false, QoS::Level1), (None, true, QoS::Level0)] {
        let mut mqtt = mqtt(client);
        assert!(mqtt.open(at(0)));
        let [Packet::Connect(connect)] = &said(&mut mqtt)[..] else {
            panic!("no CONNECT");
        };
        assert_eq!(&*connect.client_id, client.unwrap_or_default());
        assert_eq!(connect.clean_session, is_clean);
        assert_eq!(connect.username.as_deref(), Some("shop"));
        assert_eq!(connect.password.as_deref(), Some(&b"pass:word"[..]));

        heard(&mut mqtt, &bytes(&[accepted()]), 9);
        let [Packet::Subscribe(subscribe)] = &said(&mut mqtt)[..] else {
            panic!("no SUBSCRIBE");
        };
        assert_eq!(
            subscribe.topics,
            [(TopicFilter::try_from("shop/+/orders").unwrap(), wish)]
        );
        heard(&mut mqtt, &bytes(&[granted()]), 9);
        mqtt.acknowledge(7);
        mqtt.acknowledge(8);
        mqtt.acknowledge(0);
        let pid = |number| Packet::Puback(Pid::try_from(number).unwrap());
        assert_eq!(said(&mut mqtt), [pid(7), pid(8)]);
    }
    let mut wrong = Mqtt::new("shop/#/orders", Login::default(), at(0));
    assert!(!wrong.open(at(0)), "that is no topic");
}

#[test]
fn a_broker_that_will_not_have_us_says_so() {
    let answer = |code| bytes(&[Connack::new(false, code).into()]);
    for (bytes, expect) in [
        (
            answer(ConnectReturnCode::BadUserNameOrPassword),
            MqttEvent::Refused("CONNACK", 4),
        ),
        (
            answer(ConnectReturnCode::NotAuthorized),
            MqttEvent::Refused("CONNACK", 5),
        ),
        (
            answer(ConnectReturnCode::IdentifierRejected),
            MqttEvent::Refused("CONNACK", 2),
        ),
        (answer(ConnectReturnCode::ServerUnavailable), MqttEvent::Busy),
        (vec![0x20, 2, 0, 77], MqttEvent::Broken),
        (vec![0x90, 3, 0, 1, 0x80], MqttEvent::Refused("SUBACK", 128)),
    ] {
        assert_eq!(heard(&mut mqtt(Some("wall")), &bytes, 9), [expect]);
    }
}

#[test]
fn a_broker_that_is_silent_is_asked_and_given_up() {
    let mut mqtt = mqtt(Some("wall"));
    assert_eq!(
        mqtt.tick(at(60_000)),
        None,
        "whoever waits for it to answer knows how long"
    );
    heard(&mut mqtt, &bytes(&[accepted(), granted()]), 99);
    said(&mut mqtt);
    let mut ticked = |millis| {
        let event = mqtt.tick(at(millis));
        if millis == 35_000 {
            assert_eq!(
                heard(&mut mqtt, &bytes(&[Packet::Pingresp]), 99),
                [MqttEvent::Alive]
            );
        }
        (event, said_at(&mut mqtt, millis))
    };
    assert_eq!(ticked(20_000), (None, vec![]));
    assert_eq!(ticked(20_001), (None, vec![Packet::Pingreq]));
    assert_eq!(ticked(35_000), (None, vec![]));
    assert_eq!(ticked(40_001), (None, vec![]));
    assert_eq!(ticked(40_002), (None, vec![Packet::Pingreq]));
    assert_eq!(ticked(55_002), (None, vec![]));
    assert_eq!(ticked(55_003), (Some(MqttEvent::Broken), vec![]));
}

#[test]
fn a_broker_that_always_speaks_hears_of_us_in_time() {
    let mut mqtt = mqtt(None);
    heard(&mut mqtt, &bytes(&[accepted(), granted()]), 99);
    said(&mut mqtt);
    let mut last = 0;
    for millis in (0..600_000).step_by(200) {
        // Of QoS 0 nothing is acknowledged.
        heard(&mut mqtt, &bytes(&[message(None, "rows")]), 99);
        assert_eq!(mqtt.tick(at(millis)), None);
        if !said_at(&mut mqtt, millis).is_empty() {
            last = millis;
        }
        assert!(millis - last <= i64::from(KEEP_ALIVE_SECS) * 1_000, "{millis}");
    }
    assert!(last > 0);
}

#[test]
fn what_is_too_large_is_passed_over_and_acknowledged() {
    // 20 MB of topic `a`, number 9.
    let large = |flags: u8| {
        let mut bytes = vec![0x30 | flags];
        let mut rest = 20_u32 << 20;
        while rest > 0 {
            let more = if rest > 127 { 0x80 } else { 0 };
            bytes.push(u8::try_from(rest % 128).unwrap() | more);
            rest /= 128;
        }
        let head = bytes.len();
        bytes.extend([0, 1, b'a', 0, 9]);
        bytes.resize(head + (20 << 20), b'x');
        bytes.extend(super::tests::bytes(&[message(Some(3), "after")]));
        bytes
    };
    for (flags, expect) in [(0, vec![]), (2, vec![Packet::Puback(Pid::try_from(9).unwrap())])] {
        for step in [1_023, 1 << 20, 1 << 30] {
            let mut mqtt = mqtt(Some("wall"));
            let events = heard(&mut mqtt, &large(flags), step);
            assert_eq!(events, [MqttEvent::TooLarge, told(Some(3), "after")], "by {step}");
            assert_eq!(said(&mut mqtt), expect);
        }
    }
}

#[test]
fn bytes_of_any_kind_are_no_panic() {
    let mut state = 88_172_645_463_325_252_u64;
    for _ in 0..50_000 {
        let mut bytes = [0_u8; 24];
        for byte in &mut bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = state.to_le_bytes()[3];
        }
        bytes[1] %= 23;
        for step in [5, 24] {
            let _ = heard(&mut mqtt(Some("wall")), &bytes, step);
        }
    }
    for wrong in [
        &b"HTTP/1.1 400 Bad Request"[..],
        &[0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1],
    ] {
        assert_eq!(heard(&mut mqtt(None), wrong, 99), [MqttEvent::Broken]);
    }
}

#[test]
fn whoever_leaves_has_the_broker_forget_it() {
    let login = Login {
        client: Some("wall-7".to_owned()),
        user: None,
        is_leaving: true,
    };
    let mut mqtt = Mqtt::new("shop/#", login, at(0));
    assert!(mqtt.open(at(0)));
    let [Packet::Connect(connect)] = &said(&mut mqtt)[..] else {
        panic!("it connects")
    };
    assert!(connect.clean_session);
    assert_eq!(&*connect.client_id, "wall-7");
    assert!(heard(&mut mqtt, &bytes(&[accepted()]), 1).is_empty());
    assert_eq!(said(&mut mqtt), [Packet::Disconnect], "and listens to nothing");
}
