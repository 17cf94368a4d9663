//! Texts as small integers.

use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Code of "no value": the empty text, present in every dictionary.
pub const NONE_CODE: u32 = 0;

/// A dictionary: each different text once, in order of first appearance. Code 0 is the empty text.
#[derive(Clone, Debug)]
pub struct Dict {
    texts: Vec<Box<str>>,
    codes: FxHashMap<Box<str>, u32>,
    fold: bool,
}

impl Dict {
    /// An empty dictionary; with `fold`, spellings that differ in letter case or in runs of blanks
    /// share the code of the first one seen.
    pub fn new(fold: bool) -> Self {
        let mut codes = FxHashMap::default();
        codes.insert(Box::from(""), NONE_CODE);
        Self {
            texts: vec![Box::from("")],
            codes,
            fold,
        }
    }

    /// Code of `text`, entering it if new.
    pub fn intern(&mut self, text: &str) -> u32 {
        let identity = identity(text, self.fold);
        if let Some(code) = self.codes.get(identity.as_ref()) {
            return *code;
        }
        // 4 billion different texts do not fit in a 4 GB wasm memory.
        let code = u32::try_from(self.texts.len()).unwrap_or(NONE_CODE);
        self.texts.push(Box::from(text.trim()));
        self.codes.insert(identity.into(), code);
        code
    }

    /// Code of `text`, if it is known.
    pub fn code(&self, text: &str) -> Option<u32> {
        self.codes.get(identity(text, self.fold).as_ref()).copied()
    }

    /// The text of `code`; empty for a code that was never given.
    pub fn text(&self, code: u32) -> &str {
        self.texts.get(code as usize).map_or("", AsRef::as_ref)
    }

    /// Number of codes, the empty text included.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether nothing but the empty text is known.
    pub fn is_empty(&self) -> bool {
        self.texts.len() <= 1
    }

    /// For each code of `other` the code here, entering what is new.
    pub fn absorb(&mut self, other: &Self) -> Vec<u32> {
        other.texts.iter().map(|text| self.intern(text)).collect()
    }
}

fn identity(text: &str, fold: bool) -> Cow<'_, str> {
    let text = text.trim();
    if !fold
        || text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b >= 0x80)
            && !text.contains(char::is_uppercase)
    {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    Cow::Owned(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_joins_spellings_and_keeps_the_first() {
        let mut dict = Dict::new(true);
        let first = dict.intern("Gujarat");
        for same in ["GUJARAT", " gujarat ", "Gujarat"] {
            assert_eq!(dict.intern(same), first);
        }
        assert_eq!(dict.text(first), "Gujarat");
        assert_eq!(dict.intern("TAMIL  NADU"), dict.intern("Tamil Nadu"));
        assert_ne!(dict.intern("广东省"), dict.intern("江苏省"));
    }

    #[test]
    fn identifiers_keep_their_case() {
        let mut dict = Dict::new(false);
        assert_ne!(dict.intern("85123A"), dict.intern("85123a"));
        assert_eq!(dict.intern(""), NONE_CODE);
        assert_eq!(dict.text(999), "");
    }

    #[test]
    fn absorbing_maps_codes() {
        let (mut here, mut there) = (Dict::new(false), Dict::new(false));
        here.intern("b");
        there.intern("a");
        there.intern("b");
        assert_eq!(here.absorb(&there), vec![0, 2, 1]);
    }
}
