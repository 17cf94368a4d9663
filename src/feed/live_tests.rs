use super::*;

fn at(millis: i64) -> UtcMillis {
    UtcMillis(1_000_000 + millis)
}

/// A source whose server stands, at 0, asked for what follows `resume`.
fn open(resume: Option<u64>) -> Live<&'static str> {
    let mut live = Live::new(7, resume, at(0));
    assert_eq!(live.need(at(0), 0.5), Need::Connect);
    assert_eq!(live.opened(at(0)), resume);
    live
}

/// All batches whose turn it is.
fn ready(live: &mut Live<&'static str>, now: i64) -> Vec<u64> {
    std::iter::from_fn(|| live.ready(at(now)).map(|(seq, _)| seq)).collect()
}

fn problem(live: &Live<&'static str>) -> &'static str {
    live.status().problem.as_ref().map_or("", FeedProblem::id)
}

#[test]
fn batches_count_in_the_order_of_their_numbers_each_once() {
    for (resume, come, expect) in [
        (None, vec![1, 2, 3], vec![1, 2, 3]),
        (None, vec![2, 1, 3], vec![1, 2, 3]),
        (None, vec![0, 1, 1, 0, 2], vec![0, 1, 2]),
        (Some(4), vec![3, 4, 5, 7, 6, 6, 5], vec![5, 6, 7]),
        (Some(4), vec![9, 8, 7, 6, 5], vec![5, 6, 7, 8, 9]),
        (Some(4), vec![1, 2, 3, 4], vec![]),
        // What is missing is waited for.
        (Some(4), vec![5, 7, 8], vec![5]),
        // Nothing says that the first to come is the first.
        (None, vec![40, 41], vec![]),
    ] {
        let mut live = open(resume);
        let mut taken = Vec::new();
        for seq in &come {
            live.batch(*seq, "", at(10));
            taken.extend(ready(&mut live, 10));
        }
        assert_eq!(taken, expect, "{resume:?} {come:?}");
    }
}

#[test]
fn a_gap_is_asked_for_again_and_told_where_the_server_no_longer_has_it() {
    let mut live = open(Some(4));
    live.batch(7, "", at(0));
    assert_eq!(ready(&mut live, 1_000), [0; 0]);
    assert_eq!(live.need(at(1_000), 0.5), Need::Nothing, "it may be out of order");
    assert_eq!(ready(&mut live, 1_000), [0; 0]);
    assert_eq!(ready(&mut live, 3_000), [0; 0]);
    assert_eq!(live.need(at(3_000), 0.5), Need::Disconnect);
    assert_eq!(live.need(at(3_000), 0.5), Need::Connect, "at once");
    assert_eq!(live.opened(at(3_100)), Some(4), "from before the gap");
    // The server sends what was missing.
    for seq in [5, 6, 7] {
        live.batch(seq, "", at(3_200));
    }
    assert_eq!(ready(&mut live, 3_200), [5, 6, 7]);
    assert_eq!(problem(&live), "");

    // The next one it does not have any more.
    live.batch(10, "", at(4_000));
    assert_eq!(ready(&mut live, 4_000), [0; 0]);
    assert_eq!(ready(&mut live, 6_000), [0; 0]);
    assert_eq!(live.need(at(6_000), 0.5), Need::Disconnect);
    assert_eq!(live.need(at(6_000), 0.5), Need::Connect);
    assert_eq!(live.opened(at(6_000)), Some(7));
    live.batch(10, "", at(6_100));
    assert_eq!(ready(&mut live, 6_100), [0; 0]);
    assert_eq!(ready(&mut live, 8_000), [0; 0], "once more");
    assert_eq!(live.need(at(8_000), 0.5), Need::Disconnect);
    assert_eq!(live.need(at(8_000), 0.5), Need::Connect);
    assert_eq!(live.opened(at(8_000)), Some(7));
    live.batch(10, "", at(8_000));
    assert_eq!(ready(&mut live, 8_000), [0; 0]);
    assert_eq!(ready(&mut live, 10_000), [10]);
    assert_eq!(live.status().problem, Some(FeedProblem::Missing(2)));
    live.good(at(10_100));
    assert_eq!(problem(&live), "missing-batches", "that stays true");
}

#[test]
fn a_heartbeat_tells_of_batches_that_did_not_come() {
    let mut live = open(Some(4));
    live.heartbeat(Some(4), at(1_000));
    assert_eq!(live.need(at(1_000), 0.5), Need::Nothing);
    live.heartbeat(Some(6), at(2_000));
    for _ in 0..2 {
        assert_eq!(live.need(at(2_000), 0.5), Need::Disconnect);
        assert_eq!(live.need(at(2_000), 0.5), Need::Connect);
        assert_eq!(live.opened(at(2_000)), Some(4));
        live.heartbeat(Some(6), at(2_100));
    }
    assert_eq!(live.status().problem, Some(FeedProblem::Missing(2)));
    assert_eq!(live.taken(), Some(6));
    // The server began anew and does not say so.
    live.heartbeat(Some(1), at(3_000));
    assert_eq!(live.need(at(3_000), 0.5), Need::Nothing, "one may be late");
    live.heartbeat(Some(2), at(4_000));
    assert_eq!(live.need(at(4_000), 0.5), Need::Disconnect);
    assert_eq!(live.need(at(4_000), 0.5), Need::Connect);
    assert_eq!(live.opened(at(4_000)), None);
    for seq in [1, 2, 3] {
        live.batch(seq, "", at(4_100));
    }
    assert_eq!(ready(&mut live, 4_100), [1, 2, 3]);
}

#[test]
fn a_reset_begins_the_numbers_anew() {
    let mut live = open(Some(400));
    live.reset(at(10));
    live.batch(1, "", at(20));
    assert_eq!(ready(&mut live, 20), [1]);
}

#[test]
fn how_a_connection_ends_says_when_to_try_again() {
    // Code, what it is told as, milliseconds until the next try (for a chance of ½), none: never by itself.
    for (code, expect, wait) in [
        (Some(1000), "closed", Some(300)),
        (Some(1006), "closed", Some(300)),
        (Some(1012), "closed", Some(300)),
        (Some(1013), "closed", Some(5_000)),
        (Some(1008), "refused", None),
        (Some(4000), "refused", None),
        (Some(4401), "refused", None),
        (None, "unreachable", Some(300)),
    ] {
        let mut live = open(None);
        live.good(at(10));
        live.closed(code, "words", at(20), 0.5);
        let status = live.status();
        assert_eq!(problem(&live), expect, "{code:?}");
        assert_eq!(status.next_at, wait.map(|wait| at(20 + wait)), "{code:?}");
        assert!(status.failures > 0 && !status.live.unwrap().is_open);
        assert_eq!(
            live.need(at(1_000_000), 0.5) == Need::Connect,
            wait.is_some(),
            "{code:?}"
        );
        live.ask(at(1_000_001));
        assert_eq!(
            live.need(at(1_000_001), 0.5) == Need::Connect,
            wait.is_none(),
            "{code:?}"
        );
    }
}

#[test]
fn it_waits_longer_after_each_failure_in_a_row() {
    let mut live = Live::<&str>::new(0, None, at(0));
    let mut now = 0;
    let mut waits = Vec::new();
    for _ in 0..9 {
        assert_eq!(live.need(at(now), 0.5), Need::Connect);
        live.closed(Some(1006), "", at(now), 1.0);
        let next = live.status().next_at.unwrap();
        waits.push(next.0 - at(now).0);
        now = next.0 - 1_000_000;
    }
    assert_eq!(
        waits,
        [400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]
    );
    assert_eq!(problem(&live), "unreachable");
    assert_eq!(live.need(at(now), 0.5), Need::Connect);
    assert_eq!(live.need(at(now + 20_000), 0.5), Need::Nothing);
    assert_eq!(
        live.need(at(now + 20_001), 0.5),
        Need::Disconnect,
        "nobody answers"
    );
    assert_eq!(problem(&live), "timeout");
}

#[test]
fn silence_is_told_and_a_dead_connection_is_left() {
    let mut live = open(None);
    assert_eq!(live.need(at(10_000), 0.5), Need::Nothing);
    assert_eq!(problem(&live), "");
    assert_eq!(live.need(at(10_001), 0.5), Need::Nothing, "it may still speak");
    assert_eq!(problem(&live), "silent");
    let state = |live: &Live<&str>, now| live.status().state(at(now)).id();
    assert_eq!(state(&live, 10_001), "silent");
    for beat in 1..40 {
        live.heartbeat(None, at(10_000 + beat * 5_000));
    }
    let last = 10_000 + 39 * 5_000;
    let every = live.status().every_millis.unwrap();
    assert!((5_000..5_400).contains(&every), "{every}");
    assert_eq!(state(&live, last + 2 * every), "ok", "no orders, and all is well");
    assert_eq!(live.status().live.unwrap().rows_at, None);
    assert_eq!(state(&live, last + 2 * every + 1), "stale");
    assert_eq!(live.need(at(last + 4 * every), 0.5), Need::Nothing);
    let due = last + 4 * every + 1;
    for millis in [0, 1, 1_999] {
        assert_eq!(
            live.need(at(due + millis), 0.5),
            Need::Nothing,
            "it may still speak"
        );
    }
    assert_eq!(live.need(at(due + 2_000), 0.5), Need::Disconnect);
    assert_eq!(problem(&live), "timeout");
}

#[test]
fn whoever_did_not_look_takes_no_connection_for_dead() {
    // The tab slept, or the clock was set: what came meanwhile is heard a moment later.
    let mut live = open(None);
    live.heartbeat(None, at(1_000));
    assert_eq!(live.need(at(3_600_000), 0.5), Need::Nothing);
    live.heartbeat(None, at(3_600_050));
    for millis in [3_600_200, 3_610_000] {
        assert_eq!(live.need(at(millis), 0.5), Need::Nothing);
    }
    // What comes and waits to be read is a sign of life.
    let mut live = open(None);
    live.heartbeat(None, at(0));
    for secs in 1..400 {
        live.arrived(at(secs * 1_000));
        assert_eq!(live.need(at(secs * 1_000), 0.5), Need::Nothing, "{secs}");
    }
    let needs = (400..1_000).map(|secs| live.need(at(secs * 1_000), 0.5));
    assert!(needs.into_iter().any(|need| need == Need::Disconnect));
}

#[test]
fn what_cannot_be_read_is_told_until_something_can() {
    let mut live = open(None);
    live.broken(FeedProblem::Protocol("x".to_owned()));
    assert_eq!(
        (problem(&live), live.status().state(at(1)).id()),
        ("protocol", "error")
    );
    live.closed(Some(1000), "", at(10), 1.0);
    live.need(at(10_000), 0.5);
    live.opened(at(10_000));
    live.broken(FeedProblem::TooLarge(16));
    live.closed(Some(1000), "", at(10_001), 1.0);
    let next = live.status().next_at.unwrap().0 - at(10_001).0;
    assert_eq!(next, 800, "garbage is no success");
    live.need(at(20_000), 0.5);
    live.opened(at(20_000));
    live.good(at(20_001));
    assert_eq!((problem(&live), live.status().state(at(20_001)).id()), ("", "ok"));
    assert_eq!(live.status().live.unwrap().refused, 2);
}

#[test]
fn what_was_missed_is_told_after_a_reconnect() {
    let mut live = open(None);
    live.batch(1, "", at(100));
    assert_eq!(ready(&mut live, 100), [1]);
    live.rows(10, 0, at(100));
    live.heartbeat(Some(1), at(200));
    assert_eq!(live.status().live.unwrap().caught_up, None);
    live.closed(Some(1006), "", at(1_000), 0.5);
    assert_eq!(live.need(at(13_000), 0.5), Need::Connect);
    live.opened(at(13_000));
    for seq in [2, 3] {
        live.batch(seq, "", at(13_100));
        assert_eq!(ready(&mut live, 13_100), [seq]);
        live.rows(20, 1, at(13_100));
    }
    live.heartbeat(Some(3), at(14_000));
    let status = live.status().live.unwrap();
    assert_eq!(
        (status.caught_up, status.rows, status.refused),
        (Some((40, 12_000)), 50, 2)
    );
}

#[test]
fn too_much_is_asked_for_again_once_there_is_room() {
    let mut live = open(Some(3));
    live.batch(4, "", at(1));
    assert_eq!(ready(&mut live, 1), [4]);
    assert_eq!(live.too_fast(at(2)), Need::Disconnect);
    assert_eq!(
        (problem(&live), live.need(at(60_000), 0.5)),
        ("too-fast", Need::Nothing)
    );
    live.drained();
    assert_eq!(live.need(at(60_001), 0.5), Need::Connect);
    assert_eq!(live.opened(at(60_002)), Some(4));
}

#[test]
fn a_pause_ends_the_connection_until_someone_asks() {
    let mut live = open(Some(3));
    live.pause();
    assert_eq!(live.need(at(1), 0.5), Need::Disconnect);
    assert_eq!(live.need(at(100_000), 0.5), Need::Nothing);
    assert_eq!(live.status().state(at(100_000)).id(), "paused");
    live.ask(at(100_001));
    assert_eq!(live.need(at(100_001), 0.5), Need::Connect);
}

#[test]
fn steps_that_were_taken_back_are_asked_for_again() {
    let mut live = open(Some(3));
    live.resume(Some(1));
    assert_eq!(live.need(at(1), 0.5), Need::Disconnect);
    assert_eq!(live.need(at(1), 0.5), Need::Connect);
    assert_eq!(live.opened(at(2)), Some(1));
}

/// Whatever the order, the doubles and the broken connections: each batch once, in order.
#[test]
fn any_disorder_ends_in_order() {
    for seed in 0..200_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut random = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        const LAST: u64 = 60;
        let mut live = Live::<&str>::new(0, None, at(0));
        let (mut now, mut taken, mut is_open) = (0, Vec::new(), false);
        let mut server: Vec<u64> = Vec::new();
        for _ in 0..4_000 {
            now += 100;
            match live.need(at(now), 0.5) {
                Need::Nothing => {}
                Need::Disconnect => is_open = false,
                Need::Connect => {
                    let after = live.opened(at(now)).unwrap_or(0);
                    server = (after + 1..=LAST).collect();
                    is_open = true;
                }
            }
            if is_open && !server.is_empty() {
                // One of the next few, which may come again, or be lost on the way.
                let at_most = server.len().min(4) as u64;
                let place = usize::try_from(random(at_most)).unwrap();
                let seq = server[place];
                if random(3) > 0 {
                    server.remove(place);
                }
                // The first one: whether there was one before it, nothing tells.
                if seq == 1 || random(50) > 0 {
                    live.batch(seq, "", at(now));
                }
            } else if is_open {
                live.heartbeat(Some(LAST), at(now));
            }
            taken.extend(ready(&mut live, now));
            if is_open && random(40) == 0 {
                live.closed(Some(1006), "", at(now), 0.5);
                is_open = false;
            }
        }
        let gone = live.missing > 0;
        assert!(
            taken.is_sorted() && taken.windows(2).all(|pair| pair[0] < pair[1]),
            "{seed}: {taken:?}"
        );
        if !gone {
            assert_eq!(taken, (1..=LAST).collect::<Vec<_>>(), "seed {seed}");
        }
    }
}
