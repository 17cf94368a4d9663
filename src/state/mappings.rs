//! Decisions about columns as a file: taken from one browser to another.

use super::ManifestError;
use crate::protocol::{Choice, Decision, FileKind};
use crate::time::{UtcMillis, Zone};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeSet;
use std::fmt;

/// What the file says it is.
const KIND: &str = "mappings";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    stockpit: String,
    version: u32,
    mappings: Vec<Written>,
}

/// A decision in words.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    decided: Moment,
    kind: Kind,
    encoding: Option<String>,
    header: Vec<String>,
    columns: Columns,
}

/// As `2026-06-18 12:14:12Z`.
struct Moment(UtcMillis);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let second = UtcMillis(self.0.0.div_euclid(1000) * 1000);
        let utc = Zone::named("UTC").unwrap_or_default().local(second).naive_local();
        to.serialize_str(&format!("{utc}Z"))
    }
}

impl<'a> Deserialize<'a> for Moment {
    fn deserialize<D: Deserializer<'a>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let at = Zone::named("UTC").unwrap_or_default().parse(&text);
        at.map(Self)
            .ok_or_else(|| D::Error::custom(format!("no time: `{text}`")))
    }
}

/// As `orders`, `stock` or `unknown`.
struct Kind(FileKind);

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.id())
    }
}

impl<'a> Deserialize<'a> for Kind {
    fn deserialize<D: Deserializer<'a>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        let kinds = [FileKind::Orders, FileKind::Stock, FileKind::Unknown];
        let kind = kinds.into_iter().find(|kind| kind.id() == word);
        kind.map(Self)
            .ok_or_else(|| D::Error::custom(format!("no kind is called `{word}`")))
    }
}

/// As an object: a word for each column.
struct Columns(Vec<(String, Choice)>);

impl Serialize for Columns {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, choice)| (name, choice.word())))
    }
}

impl<'a> Deserialize<'a> for Columns {
    fn deserialize<D: Deserializer<'a>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Pairs)
    }
}

struct Pairs;

impl<'a> Visitor<'a> for Pairs {
    type Value = Columns;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a field for each column")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Columns, A::Error> {
        let mut columns = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let word = map.next_value::<String>()?;
            let choice =
                Choice::of(&word).ok_or_else(|| A::Error::custom(format!("no field is called `{word}`")))?;
            columns.push((name, choice));
        }
        Ok(Columns(columns))
    }
}

/// Whether a file that begins with `start` is one of decisions, whatever its name.
pub fn is_mappings(start: &str) -> bool {
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let says = |word: &str| start.contains(&format!("\"{word}\""));
    start.starts_with('{') && says("stockpit") && says(KIND)
}

/// The decisions of a file.
///
/// # Errors
/// Where it is not valid JSON, or names a field, a kind or a property that there is not.
pub fn parse_mappings(text: &str) -> Result<Vec<Decision>, ManifestError> {
    let file: File = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
    if file.stockpit != KIND || file.version != VERSION {
        return Err(ManifestError {
            line: 1,
            column: 1,
            words: format!("stockpit: {}, version: {}", file.stockpit, file.version),
        });
    }
    let decision = |written: Written| {
        // By hand names may stand in any order.
        let header: BTreeSet<String> = written.header.into_iter().collect();
        Decision {
            decided: written.decided.0,
            kind: written.kind.0,
            encoding: written.encoding,
            header: header.into_iter().collect(),
            columns: written.columns.0,
        }
    };
    Ok(file.mappings.into_iter().map(decision).collect())
}

/// `decisions` as a file.
pub fn write_mappings(decisions: &[Decision]) -> String {
    let written = |decision: &Decision| Written {
        decided: Moment(decision.decided),
        kind: Kind(decision.kind),
        encoding: decision.encoding.clone(),
        header: decision.header.clone(),
        columns: Columns(decision.columns.clone()),
    };
    let file = File {
        stockpit: KIND.to_owned(),
        version: VERSION,
        mappings: decisions.iter().map(written).collect(),
    };
    // Fails only where memory does.
    pretty(&serde_json::to_string(&file).unwrap_or_default())
}

/// JSON on lines, for people. (A second formatter of `serde_json` would be a second copy of all that writes.)
fn pretty(json: &str) -> String {
    let (mut text, mut depth, mut is_inside, mut is_escaped) = (String::new(), 0_usize, false, false);
    let line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    };
    for character in json.chars() {
        if is_inside {
            text.push(character);
            is_inside = character != '"' || is_escaped;
            is_escaped = character == '\\' && !is_escaped;
            continue;
        }
        match character {
            '{' | '[' => {
                depth += 1;
                text.push(character);
                line(&mut text, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut text, depth);
                text.push(character);
            }
            ',' => {
                text.push(character);
                line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            _ => {
                is_inside = character == '"';
                text.push(character);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Choice, FileKind};
    use crate::time::UtcMillis;

    fn decision() -> Decision {
        let choice = |name: &str, word: &str| (name.to_owned(), Choice::of(word).unwrap());
        Decision {
            decided: UtcMillis(1_781_784_852_000),
            kind: FileKind::Orders,
            encoding: Some("GB18030".to_owned()),
            header: vec!["c1".to_owned(), "c2".to_owned(), "c3".to_owned()],
            columns: [
                choice("c1", "order_id"),
                choice("c2", "personal"),
                choice("c3", "unused"),
            ]
            .into(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = write_mappings(&[decision()]);
        assert!(is_mappings(&text), "{text}");
        assert!(text.contains("\"decided\": \"2026-06-18 12:14:12Z\""), "{text}");
        assert!(text.contains("\"c1\": \"order_id\""), "{text}");
        assert!(text.contains("\"kind\": \"orders\""), "{text}");
        assert_eq!(parse_mappings(&text), Ok(vec![decision()]));
        let awkward = Decision {
            columns: vec![
                ("a\"{b,\\".to_owned(), Choice::Unused),
                ("\\\\".to_owned(), Choice::Personal),
            ],
            ..decision()
        };
        assert_eq!(
            parse_mappings(&write_mappings(std::slice::from_ref(&awkward))),
            Ok(vec![awkward])
        );
        assert_eq!(parse_mappings(&write_mappings(&[])), Ok(Vec::new()));
        let crossed: Decision = crate::protocol::decode(&crate::protocol::encode(&decision())).unwrap();
        assert_eq!(crossed, decision());
        // By hand, in any order and without what is not decided.
        let text = "\u{feff}{\"stockpit\":\"mappings\",\"version\":1,\"mappings\":[{\"decided\":\"2026-06-18\",\
            \"kind\":\"stock\",\"header\":[\"b\",\"a\"],\"columns\":{}}]}";
        let read = parse_mappings(text).unwrap();
        assert_eq!(read[0].header, ["a", "b"]);
        assert_eq!(read[0].encoding, None);
    }

    #[test]
    fn what_is_wrong_is_named_where_it_stands() {
        let good = write_mappings(&[decision()]);
        for (from, to, words) in [
            ("order_id", "ordr", "no field is called `ordr`"),
            ("\"orders\"", "\"order\"", "no kind is called `order`"),
            ("2026-06-18 12", "yesterday", "no time: `yesterday"),
            ("\"columns\"", "\"colums\"", "unknown field `colums`"),
            ("\"version\": 1", "\"version\": 2", "version: 2"),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good, "{from}");
            let error = parse_mappings(&bad).unwrap_err();
            assert!(error.words.contains(words), "{error:?}");
            let line = bad.lines().position(|line| line.contains(to)).unwrap() + 1;
            assert!(
                error.line == line || words.starts_with("version"),
                "{error:?} is not on line {line}"
            );
        }
        let cut = &good[..good.len() / 2];
        assert!(is_mappings(cut) && parse_mappings(cut).is_err());
        assert!(!is_mappings("[{\"stockpit\":1,\"mappings\":2}]"));
        assert!(!is_mappings("{\"orders\":[]}"));
    }
}
