//! Decisions about columns as a file: taken from one browser to another.

use super::ManifestError;
use crate::protocol::Decision;
use serde::{Deserialize, Serialize};

/// What the file says it is.
const KIND: &str = "mappings";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    stockpit: String,
    version: u32,
    mappings: Vec<Decision>,
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
    let mut decisions = file.mappings;
    for decision in &mut decisions {
        decision.header.sort_unstable();
    }
    Ok(decisions)
}

/// `decisions` as a file.
pub fn write_mappings(decisions: &[Decision]) -> String {
    let file = File {
        stockpit: KIND.to_owned(),
        version: VERSION,
        mappings: decisions.to_vec(),
    };
    // Fails only where memory does.
    serde_json::to_string_pretty(&file).unwrap_or_default()
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
