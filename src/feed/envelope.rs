//! What a message of a live source says: an envelope of `stockpit.v1`, or rows as they are.

use serde::Deserialize;
use serde_json::value::RawValue;

/// The protocol that is spoken.
pub const PROTOCOL: &str = "stockpit.v1";

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Envelope<'a> {
    /// Rows, each a JSON array.
    Batch(Batch<'a>),
    /// All is well, and the last batch was of this number.
    Heartbeat(Option<u64>),
    /// Numbers begin anew; what comes next is the first.
    Reset,
    /// The server speaks this protocol.
    Hello(String),
    /// The server has a trouble of its own.
    Error(String),
    /// It is an envelope, but one that says nothing that can be used.
    Broken,
    /// No envelope: rows in any form that a file may have.
    Plain,
}

/// Rows of one batch. Arrays that are not there were not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Batch<'a> {
    /// Its number.
    pub seq: u64,
    /// When it was made, RFC 3339.
    pub at: Option<&'a str>,
    /// Order lines.
    pub orders: Option<&'a str>,
    /// Stock levels.
    pub stock: Option<&'a str>,
    /// What is on its way.
    pub inbound: Option<&'a str>,
}

/// Members as they are: a value of the wrong type must not hide the others.
#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    seq: Option<&'a RawValue>,
    #[serde(borrow)]
    at: Option<&'a RawValue>,
    #[serde(borrow)]
    orders: Option<&'a RawValue>,
    #[serde(borrow)]
    stock: Option<&'a RawValue>,
    #[serde(borrow)]
    inbound: Option<&'a RawValue>,
    #[serde(borrow)]
    protocol: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

/// A text without escapes, as all of ours are.
fn text(value: Option<&RawValue>) -> Option<&str> {
    value?.get().strip_prefix('"')?.strip_suffix('"')
}

/// A whole number, also one in quotes.
fn number(value: Option<&RawValue>) -> Option<u64> {
    text(value).unwrap_or(value?.get()).parse().ok()
}

/// Reads a message.
pub fn envelope(message: &str) -> Envelope<'_> {
    let Ok(members) = serde_json::from_str::<Members<'_>>(message) else {
        return Envelope::Plain;
    };
    let array = |value: Option<&'_ RawValue>| value.is_none_or(|value| value.get().starts_with('['));
    let said = |value| text(value).unwrap_or_default().chars().take(200).collect();
    match text(members.kind) {
        Some("batch") => {
            let arrays = [members.orders, members.stock, members.inbound];
            let is_whole = arrays.into_iter().all(array);
            match number(members.seq).filter(|_| is_whole) {
                Some(seq) => Envelope::Batch(Batch {
                    seq,
                    at: text(members.at),
                    orders: members.orders.map(RawValue::get),
                    stock: members.stock.map(RawValue::get),
                    inbound: members.inbound.map(RawValue::get),
                }),
                None => Envelope::Broken,
            }
        }
        Some("heartbeat") => Envelope::Heartbeat(number(members.seq)),
        Some("reset") => Envelope::Reset,
        Some("hello" | "welcome") => match text(members.protocol) {
            Some(_) => Envelope::Hello(said(members.protocol)),
            None => Envelope::Broken,
        },
        Some("error") => Envelope::Error(said(members.message)),
        _ => Envelope::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let batch = |seq, orders| {
            Envelope::Batch(Batch {
                seq,
                orders,
                ..Batch::default()
            })
        };
        for (message, expect) in [
            (r#"{"type":"batch","seq":3,"orders":[]}"#, batch(3, Some("[]"))),
            (r#"{"seq":"4","type":"batch"}"#, batch(4, None)),
            (r#"{"type":"batch","seq":-1}"#, Envelope::Broken),
            (r#"{"type":"batch","seq":1.5}"#, Envelope::Broken),
            (r#"{"type":"batch","orders":[]}"#, Envelope::Broken),
            (r#"{"type":"batch","seq":1,"orders":{}}"#, Envelope::Broken),
            (
                r#"{"type":"heartbeat","seq":9,"at":"x"}"#,
                Envelope::Heartbeat(Some(9)),
            ),
            (r#"{"type":"heartbeat","seq":{}}"#, Envelope::Heartbeat(None)),
            (r#"{"type":"reset"}"#, Envelope::Reset),
            (
                r#"{"type":"hello","protocol":"shop.v7"}"#,
                Envelope::Hello("shop.v7".to_owned()),
            ),
            (
                r#"{"type":"error","message":"no"}"#,
                Envelope::Error("no".to_owned()),
            ),
            (r#"{"type":7,"order_id":"A"}"#, Envelope::Plain),
            (r#"[{"order_id":"A"}]"#, Envelope::Plain),
            ("order_id,sku\nA,B", Envelope::Plain),
            ("{", Envelope::Plain),
            ("", Envelope::Plain),
        ] {
            assert_eq!(envelope(message), expect, "{message}");
        }
    }
}
