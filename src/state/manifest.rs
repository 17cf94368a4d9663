//! `stockpit.json`: what a hosted folder says of itself.

use serde::Deserialize;

/// Settings and exports that lie beside the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manifest {
    /// Name of the shop.
    pub title: Option<String>,
    /// `zh` or `en`.
    pub language: Option<String>,
    /// IANA name of the shop's time zone.
    pub time_zone: Option<String>,
    /// Currency of files that name none.
    pub currency: Option<String>,
    /// Addresses of exports, relative to the page.
    pub data: Vec<String>,
}

/// Where a manifest, or another file of settings, is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// The parser's words.
    pub words: String,
}

/// Reads a manifest.
///
/// # Errors
/// Where it is not valid JSON or names something that is not there to be set.
pub fn parse_manifest(text: &str) -> Result<Manifest, ManifestError> {
    Ok(serde_json::from_str(text.trim_start_matches('\u{feff}'))?)
}

impl From<serde_json::Error> for ManifestError {
    fn from(error: serde_json::Error) -> Self {
        Self {
            line: error.line(),
            column: error.column(),
            words: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_said_and_names_what_is_wrong() {
        let text = "{\"title\": \"瑾颜\", \"time_zone\": \"Asia/Kolkata\", \"data\": [\"orders.csv\", \"stock.json\"]}";
        let manifest = parse_manifest(text).unwrap();
        assert_eq!(
            (manifest.title.as_deref(), manifest.data.len()),
            (Some("瑾颜"), 2)
        );
        assert_eq!(parse_manifest("{}").unwrap(), Manifest::default());
        for (text, line) in [("{\n \"data\": 3}", 2), ("{\"dta\": []}", 1), ("[\n\n", 3)] {
            assert_eq!(parse_manifest(text).unwrap_err().line, line, "{text}");
        }
    }
}
