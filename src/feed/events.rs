//! Server-sent events (WHATWG HTML, “Server-sent events”): bytes of a stream into messages.

/// Most bytes of one message.
const MOST: usize = 16 << 20;

/// A stream that is being read. Where its bytes are cut makes no difference.
#[derive(Clone, Debug, Default)]
pub struct EventStream {
    line: Vec<u8>,
    /// The last byte was a CR: an LF belongs to it.
    is_after_cr: bool,
    is_begun: bool,
    data: String,
    has_data: bool,
    /// Its message is larger than is read.
    is_too_large: bool,
    id: String,
    last_id: String,
}

/// What a stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamEvent {
    /// A message.
    Message(String),
    /// A comment, as servers send them to show that they live.
    Comment,
    /// A message that is larger than is read.
    TooLarge,
}

impl EventStream {
    /// Reads the next bytes.
    pub fn push(&mut self, bytes: &[u8], tell: &mut dyn FnMut(StreamEvent)) {
        for byte in bytes {
            match byte {
                b'\n' if std::mem::take(&mut self.is_after_cr) => {}
                b'\n' | b'\r' => {
                    self.is_after_cr = *byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    self.end_line(&line, tell);
                    (self.line, self.is_begun) = (line, true);
                    self.line.clear();
                }
                _ => {
                    self.is_after_cr = false;
                    if self.line.len() < MOST {
                        self.line.push(*byte);
                    } else {
                        self.is_too_large = true;
                    }
                }
            }
        }
    }

    /// The id of the last message, for `Last-Event-ID`; empty: none.
    pub fn last_id(&self) -> &str {
        &self.last_id
    }

    /// The connection is lost: what was not a whole message is not one.
    pub fn cut(&mut self) {
        *self = Self {
            last_id: std::mem::take(&mut self.last_id),
            ..Self::default()
        };
        self.id.clone_from(&self.last_id);
    }

    fn end_line(&mut self, line: &[u8], tell: &mut dyn FnMut(StreamEvent)) {
        let line = String::from_utf8_lossy(line);
        let line = if self.is_begun {
            &*line
        } else {
            line.trim_start_matches('\u{FEFF}')
        };
        if line.is_empty() {
            self.last_id.clone_from(&self.id);
            if std::mem::take(&mut self.is_too_large) {
                tell(StreamEvent::TooLarge);
            } else if self.has_data {
                tell(StreamEvent::Message(std::mem::take(&mut self.data)));
            }
            self.data.clear();
            self.has_data = false;
            return;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => tell(StreamEvent::Comment),
            "data" if self.data.len() + value.len() > MOST => self.is_too_large = true,
            "data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.data.push_str(value);
                self.has_data = true;
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            // The name of an event and the server's wish when to come back say nothing here.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(stream: &mut EventStream, text: &str, step: usize) -> Vec<StreamEvent> {
        let mut events = Vec::new();
        for part in text.as_bytes().chunks(step) {
            stream.push(part, &mut |event| events.push(event));
        }
        events
    }

    #[test]
    fn streams_are_cut_into_messages_wherever_they_are_cut_into_parts() {
        let message = |text: &str| StreamEvent::Message(text.to_owned());
        for (text, expect, id) in [
            ("data: a\n\n", vec![message("a")], ""),
            (
                "\u{FEFF}data:a\r\n\r\ndata: b\r\rdata:c\n\n",
                vec![message("a"), message("b"), message("c")],
                "",
            ),
            ("data: a\ndata:  b\ndata\n\n", vec![message("a\n b\n")], ""),
            (": still here\n\n", vec![StreamEvent::Comment], ""),
            (
                "id: 7\nevent: batch\nretry: 10\ndata: {\"a\":1}\n\nid: 8\n",
                vec![message("{\"a\":1}")],
                "7",
            ),
            ("id: 7\n\nid\n\n", vec![], ""),
            ("data: half", vec![], ""),
            ("data: 抖音\n\n", vec![message("抖音")], ""),
            ("nonsense\n\n\n\n", vec![], ""),
        ] {
            for step in [1, 2, 3, 1_000] {
                let mut stream = EventStream::default();
                assert_eq!(read(&mut stream, text, step), expect, "{text:?} by {step}");
                assert_eq!(stream.last_id(), id, "{text:?}");
            }
        }
    }

    #[test]
    fn what_was_not_whole_when_the_connection_broke_is_no_message() {
        let mut stream = EventStream::default();
        read(&mut stream, "id: 1\ndata: a\n\nid: 2\ndata: b\n", 5);
        stream.cut();
        assert_eq!(stream.last_id(), "1");
        assert_eq!(
            read(&mut stream, "data: c\n\n", 5),
            [StreamEvent::Message("c".to_owned())]
        );
        assert_eq!(stream.last_id(), "1");
    }
}
