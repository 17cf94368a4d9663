//! JSON, written straight into its text: an answer may name a million groups.

use std::fmt::{Display, Write};

/// An object that is being written.
pub(super) struct Object(String);

impl Object {
    pub(super) fn new() -> Self {
        Self("{".to_owned())
    }

    /// A member that is JSON already.
    pub(super) fn json(mut self, key: &str, json: &str) -> Self {
        self.key(key);
        self.0.push_str(json);
        self
    }

    pub(super) fn text(mut self, key: &str, text: &str) -> Self {
        self.key(key);
        push_text(&mut self.0, text);
        self
    }

    /// A member that is a number; what is not finite is `null`.
    pub(super) fn number(mut self, key: &str, number: impl Number) -> Self {
        self.key(key);
        if number.is_number() {
            // Writing to a string does not fail.
            let _ = write!(self.0, "{number}");
        } else {
            self.0.push_str("null");
        }
        self
    }

    pub(super) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn key(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        push_text(&mut self.0, key);
        self.0.push(':');
    }
}

/// What is written as a number.
pub(super) trait Number: Display {
    fn is_number(&self) -> bool {
        true
    }
}

impl Number for u64 {}
impl Number for usize {}
impl Number for f64 {
    fn is_number(&self) -> bool {
        self.is_finite()
    }
}

/// An array of what `push` writes of each item.
pub(super) fn array<T>(items: impl IntoIterator<Item = T>, push: impl Fn(&mut String, T)) -> String {
    let mut json = "[".to_owned();
    for item in items {
        if json.len() > 1 {
            json.push(',');
        }
        push(&mut json, item);
    }
    json.push(']');
    json
}

/// Writes a string.
pub(super) fn push_text(json: &mut String, text: &str) {
    json.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| matches!(b, b'"' | b'\\' | ..=0x1F)) {
        let (plain, from) = rest.split_at(at);
        json.push_str(plain);
        let mut signs = from.chars();
        match signs.next() {
            Some(sign @ ('"' | '\\')) => json.extend(['\\', sign]),
            Some(sign) => {
                let _ = write!(json, "\\u{:04x}", u32::from(sign));
            }
            None => {}
        }
        rest = signs.as_str();
    }
    json.push_str(rest);
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn objects_and_arrays_are_json() {
        let object = Object::new()
            .text("text", "订单")
            .number("whole", u64::MAX)
            .number("part", -0.25)
            .number("large", 1e300)
            .number("nothing", f64::NAN)
            .json("list", &array(["a", "b"], push_text))
            .json("none", &array([""; 0], push_text))
            .json("object", &Object::new().end())
            .end();
        assert_eq!(
            serde_json::from_str::<Value>(&object).unwrap(),
            json!({
                "text": "订单", "whole": u64::MAX, "part": -0.25, "large": 1e300, "nothing": null,
                "list": ["a", "b"], "none": [], "object": {},
            })
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read_as_it_was(text in "(?s)[\"\\\\\u{0}-\u{1F}\u{7F}a订𠮷]{0,12}|.{0,12}") {
            let mut json = String::new();
            push_text(&mut json, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
