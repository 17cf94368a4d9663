//! Live sources that only speak: server-sent events.

use crate::broadcaster::Story;
use crate::browser::Browser;
use crate::site::Site;
use crate::{dist, within};
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Answers requests for events: who has no token is refused; each connection tells some batches after the last id.
fn events(story: Arc<Story>, asked: Arc<Mutex<Vec<String>>>, closing: Arc<AtomicBool>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    let answer = move |stream: TcpStream| -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let request = lines.next().transpose()?.unwrap_or_default();
        let (mut token, mut last) = (String::new(), String::new());
        for line in lines {
            let line = line?;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "authorization" => value.clone_into(&mut token),
                "last-event-id" => value.clone_into(&mut last),
                _ => {}
            }
        }
        let mut stream = stream;
        let open = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: Authorization, Last-Event-ID, Accept\r\n";
        if request.starts_with("OPTIONS") {
            return write!(
                stream,
                "HTTP/1.1 204 No Content\r\n{open}Connection: close\r\n\r\n"
            );
        }
        if token != "Bearer 7" {
            return write!(
                stream,
                "HTTP/1.1 401 Unauthorized\r\n{open}Content-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
        asked.lock().expect("no panic holds it").push(last.clone());
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{open}Connection: close\r\n\r\n"
        )?;
        let after = last.parse::<usize>().unwrap_or(0);
        for (at, batch) in story.batches.iter().enumerate().skip(after).take(12) {
            write!(stream, "id: {}\r\ndata: {batch}\r\n\r\n", at + 1)?;
        }
        if after + 12 < story.batches.len() {
            return stream.shutdown(Shutdown::Both);
        }
        while !closing.load(Ordering::Relaxed) {
            write!(stream, ": still here\n\n")?;
            thread::sleep(Duration::from_millis(500));
        }
        Ok(())
    };
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            thread::spawn(move || answer(stream));
        }
    });
    address
}

#[tokio::test]
async fn server_sent_events_go_on_after_the_last_one_that_was_heard() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let story = Arc::new(Story::new(4, 20_000, 200));
        let (asked, closing) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let address = events(Arc::clone(&story), Arc::clone(&asked), Arc::clone(&closing));
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let url = format!("sse+http://{address}/events");
        browser.follow(&url, "Bearer 6").await;
        browser.source_becomes("error", "denied").await;
        browser.fill("source-url", &url).await;
        browser.fill("source-token", "Bearer 7").await;
        browser.click("[data-role=source-add]").await;
        browser.numbers_become(&story.truth, 60).await;
        browser.source_becomes("ok", "").await;
        let asked: Vec<String> = asked.lock().expect("no panic holds it").clone();
        assert_eq!(asked[..3], ["", "12", "24"], "{asked:?}");
        assert_eq!(asked.len(), story.batches.len().div_ceil(12));
        browser.no_page_errors().await;
        closing.store(true, Ordering::Relaxed);
    })
    .await;
}
