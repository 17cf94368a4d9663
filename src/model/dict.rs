//! Texts as small integers.

use super::index::Index;
use super::raw;
use super::room::Room;
use super::texts::Texts;
use serde::{Deserialize, Serialize};

/// Code of "no value": the empty text, present in every dictionary.
pub const NONE_CODE: u32 = 0;

/// A dictionary: each different text once, in order of first appearance. Code 0 is the empty text.
///
/// All texts lie in one string, and the hash table holds numbers only: about 20 bytes a text beside its
/// letters. A dictionary holds up to 4 GB of text, which a 4 GB wasm memory does not.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "Written", from = "Written")]
pub struct Dict {
    spellings: Spellings,
    /// Code of each spelling and spelling of each code, where these differ: in dictionaries that fold.
    folded: Option<Folded>,
    /// What the last text was given: exports repeat themselves.
    last: (u32, u32),
    recent: Recent,
}

/// A dictionary in a message: what it was made of.
#[derive(Serialize, Deserialize)]
struct Written {
    folds: bool,
    /// All but the empty one.
    texts: Texts,
    #[serde(with = "raw")]
    scopes: Vec<u32>,
}

impl From<Dict> for Written {
    fn from(dict: Dict) -> Self {
        let mut texts = Texts::default();
        dict.texts().skip(1).for_each(|text| texts.push(text));
        let codes = 1..u32::try_from(dict.len()).unwrap_or(u32::MAX);
        Self {
            folds: dict.folded.is_some(),
            texts,
            scopes: codes.map(|code| dict.scope(code)).collect(),
        }
    }
}

impl From<Written> for Dict {
    fn from(written: Written) -> Self {
        let mut dict = Self::new(written.folds);
        for (text, scope) in written.texts.iter().zip(written.scopes) {
            dict.intern_in(scope, text);
        }
        dict
    }
}

impl std::fmt::Debug for Dict {
    /// The texts in order of their codes, with their scope where it is not 0.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let entry = |(code, text)| (text, self.scope(code));
        f.debug_list()
            .entries((0_u32..).zip(self.texts()).map(entry))
            .finish()
    }
}

/// Texts, each once, within a scope.
#[derive(Clone, Debug, Default)]
struct Spellings {
    text: String,
    ends: Vec<u32>,
    /// Scope of each text; empty while all are in scope 0.
    scopes: Vec<u32>,
    table: Index,
}

#[derive(Clone, Debug)]
struct Folded {
    code: Vec<u32>,
    first: Vec<u32>,
}

impl Spellings {
    fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let end = |at: usize| self.ends.get(at).map(|end| *end as usize);
        let from = if at == 0 { Some(0) } else { end(at - 1) };
        from.zip(end(at))
            .and_then(|(from, to)| self.text.get(from..to))
            .unwrap_or_default()
    }

    fn scope(&self, number: u32) -> u32 {
        self.scopes.get(number as usize).copied().unwrap_or(0)
    }

    fn find(&self, scope: u32, text: &str) -> Option<u32> {
        self.find_by(hash(scope, text), scope, text)
    }

    fn find_by(&self, hash: u64, scope: u32, text: &str) -> Option<u32> {
        self.table.find(hash, |number| self.is(number, scope, text))
    }

    fn is(&self, number: u32, scope: u32, text: &str) -> bool {
        self.scope(number) == scope && equal(self.get(number), text)
    }

    /// Number of a text, which is added if it is not there.
    fn find_or_add(&mut self, hash: u64, scope: u32, text: &str) -> u32 {
        if let Some(number) = self.find_by(hash, scope, text) {
            return number;
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.table.add(hash, number);
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        if scope != 0 && self.scopes.is_empty() {
            self.scopes.resize(self.ends.len() - 1, 0);
        }
        if scope != 0 || !self.scopes.is_empty() {
            self.scopes.push(scope);
        }
        number
    }
}

/// Whether two texts are one, eight bytes at a time: the comparison that comes with wasm takes them one by one.
#[inline]
fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let (Some(a_end), Some(b_end)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) else {
        return a == b;
    };
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let (a_words, _) = a.as_chunks::<8>();
    let (b_words, _) = b.as_chunks::<8>();
    // The last eight take in what the words leave over.
    word(a_end) == word(b_end) && a_words.iter().zip(b_words).all(|(a, b)| word(a) == word(b))
}

/// Eight bytes at a time, in 64 bits on every machine: the usual hashers work with the width of an address,
/// which is half of that in wasm, and numbers in a row then crowd together.
fn hash(scope: u32, text: &str) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let bytes = text.as_bytes();
    let mix = |hash: u64, word: u64| {
        let hash = (hash ^ word).wrapping_mul(ODD);
        hash ^ hash >> 32
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let start = u64::from(scope) << 32 ^ bytes.len() as u64;
    let hash = words
        .iter()
        .fold(start, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    mix(mix(hash, last), ODD)
}

impl Dict {
    /// An empty dictionary; with `fold`, spellings that differ in letter case or in runs of blanks
    /// share the code of the first one seen.
    pub fn new(fold: bool) -> Self {
        let mut spellings = Spellings::default();
        spellings.find_or_add(hash(0, ""), 0, "");
        Self {
            spellings,
            folded: fold.then(|| Folded {
                code: vec![NONE_CODE],
                first: vec![0],
            }),
            last: (0, NONE_CODE),
            recent: Recent::default(),
        }
    }

    /// Makes room for about so many more texts of about so many bytes, if there is room.
    pub fn reserve(&mut self, texts: usize, bytes: usize) {
        let spellings = &mut self.spellings;
        if spellings.text.try_reserve(bytes).is_ok() && spellings.ends.try_reserve(texts).is_ok() {
            spellings.table.reserve(texts);
        }
    }

    /// What moves when it is full.
    pub(super) fn rooms(&mut self) -> [&mut dyn Room; 2] {
        let Spellings { text, ends, .. } = &mut self.spellings;
        [text, ends]
    }

    /// Bytes of all texts together.
    pub fn text_bytes(&self) -> usize {
        self.spellings.text.len()
    }

    /// Code of `text`, entering it if new.
    pub fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return NONE_CODE;
        }
        // What is known has no blanks at its ends, so it need not be asked whether this has.
        let glance = Glance::of(text.as_bytes());
        if let Some((number, code)) = self.recent.find(glance)
            && (glance.is_whole() || equal(self.spellings.get(number), text))
        {
            return code;
        }
        let text = trimmed(text);
        if text.is_empty() {
            return NONE_CODE;
        }
        let glance = Glance::of(text.as_bytes());
        let code = self.intern_in(0, text);
        self.recent.keep(glance, self.last, self.spellings.ends.len());
        code
    }

    /// As [`Self::intern`], where `text` is likely that of the code `guess`: long texts are not looked up.
    pub fn intern_guessing(&mut self, text: &str, guess: u32) -> u32 {
        if self.folded.is_none() && equal(self.spellings.get(guess), text) && self.spellings.scope(guess) == 0
        {
            return guess;
        }
        self.intern(text)
    }

    /// Code of `text` within `scope`: equal texts of different scopes have different codes.
    pub fn intern_in(&mut self, scope: u32, text: &str) -> u32 {
        let text = trimmed(text);
        self.intern_by(hash(scope, text), scope, text)
    }

    /// As [`Self::intern_in`], by the hash that [`Self::touch`] gave.
    pub(super) fn intern_touched(&mut self, hash: u64, scope: u32, text: &str) -> u32 {
        self.intern_by(hash, scope, trimmed(text))
    }

    fn intern_by(&mut self, hash_of_text: u64, scope: u32, text: &str) -> u32 {
        let (last, code) = self.last;
        if equal(self.spellings.get(last), text) && self.spellings.scope(last) == scope {
            return code;
        }
        let Some(folded) = &mut self.folded else {
            let number = self.spellings.find_or_add(hash_of_text, scope, text);
            self.last = (number, number);
            return number;
        };
        let (number, code) = match self.spellings.find_by(hash_of_text, scope, text) {
            Some(number) => (number, folded.code[number as usize]),
            None => {
                // A new spelling, perhaps of a known text: the folded text is kept as one more spelling.
                let shared = fold(text);
                let code = match self.spellings.find(scope, &shared) {
                    Some(number) => folded.code[number as usize],
                    None => u32::try_from(folded.first.len()).unwrap_or(NONE_CODE),
                };
                let number = self.spellings.find_or_add(hash_of_text, scope, text);
                folded.code.push(code);
                if code as usize == folded.first.len() {
                    folded.first.push(number);
                    if shared != text {
                        self.spellings.find_or_add(hash(scope, &shared), scope, &shared);
                        folded.code.push(code);
                    }
                }
                (number, code)
            }
        };
        self.last = (number, code);
        code
    }

    /// Brings near what [`Self::intern_touched`] will look at.
    pub(super) fn touch(&self, scope: u32, text: &str) -> u64 {
        let hash = hash(scope, trimmed(text));
        self.spellings.table.touch(hash);
        hash
    }

    /// Code of `text`, if it is known.
    pub fn code(&self, text: &str) -> Option<u32> {
        let text = text.trim();
        let number = self.spellings.find(0, text);
        match &self.folded {
            None => number,
            Some(folded) => number
                .or_else(|| self.spellings.find(0, &fold(text)))
                .map(|number| folded.code[number as usize]),
        }
    }

    /// The text of `code`, as first spelled; empty for a code that was never given.
    pub fn text(&self, code: u32) -> &str {
        match &self.folded {
            None => self.spellings.get(code),
            Some(folded) => folded
                .first
                .get(code as usize)
                .map_or("", |number| self.spellings.get(*number)),
        }
    }

    /// Scope that `code` was given in.
    pub fn scope(&self, code: u32) -> u32 {
        let number = match &self.folded {
            None => Some(code),
            Some(folded) => folded.first.get(code as usize).copied(),
        };
        number.map_or(0, |number| self.spellings.scope(number))
    }

    /// All texts by code, the empty one first.
    pub fn texts(&self) -> impl Iterator<Item = &str> + '_ {
        (0..self.len()).map(|code| self.text(u32::try_from(code).unwrap_or(NONE_CODE)))
    }

    /// Number of codes, the empty text included.
    pub fn len(&self) -> usize {
        match &self.folded {
            None => self.spellings.ends.len(),
            Some(folded) => folded.first.len(),
        }
    }

    /// Whether nothing but the empty text is known.
    pub fn is_empty(&self) -> bool {
        self.len() <= 1
    }

    /// For each code of `other` the code here, entering what is new. Scopes are not looked at.
    pub fn absorb(&mut self, other: &Self) -> Vec<u32> {
        other.texts().map(|text| self.intern(text)).collect()
    }

    /// As [`Self::absorb`]; `scopes` maps the scopes of `other` to those here.
    pub fn absorb_in(&mut self, other: &Self, scopes: &[u32]) -> Vec<u32> {
        let scope = |code: u32| scopes.get(other.scope(code) as usize).copied().unwrap_or(0);
        (0_u32..)
            .zip(other.texts())
            .map(|(code, text)| self.intern_in(scope(code), text))
            .collect()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let Spellings {
            text,
            ends,
            scopes,
            table,
        } = &self.spellings;
        let folded = self
            .folded
            .as_ref()
            .map_or(0, |folded| folded.code.capacity() + folded.first.capacity());
        text.capacity() + 4 * (ends.capacity() + scopes.capacity() + folded) + table.bytes()
    }
}

/// What is quickly compared of a text: its length and its ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Glance {
    head: u64,
    tail: u64,
    len: u32,
}

impl Glance {
    fn of(text: &[u8]) -> Self {
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let (head, tail) = if let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) {
            (u64::from_le_bytes(*head), u64::from_le_bytes(*tail))
        } else {
            let mut bytes = [0; 8];
            bytes[..text.len()].copy_from_slice(text);
            (u64::from_le_bytes(bytes), 0)
        };
        Self { head, tail, len }
    }

    /// Whether nothing of the text is left out: equal glances are equal texts.
    const fn is_whole(self) -> bool {
        self.len <= 16
    }

    const fn mixed(self) -> u64 {
        (self.head ^ self.tail.rotate_left(29) ^ (self.len as u64) << 7).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

/// Texts met lately, by their glance: most columns hold few texts, and these are found without hashing or
/// following them to where they lie.
#[derive(Clone, Debug, Default)]
struct Recent {
    slots: Vec<(Glance, u32, u32)>,
    /// Bits of a hash that are no number of a slot.
    shift: u32,
}

/// Most slots of [`Recent`], as a power of 2: half a megabyte, which is still nearer than a hash table that
/// points to texts.
const MOST_SLOTS: u32 = 14;
const LEAST_SLOTS: u32 = 8;

impl Recent {
    fn slot(&self, glance: Glance) -> usize {
        usize::try_from(glance.mixed() >> self.shift).unwrap_or(0)
    }

    fn find(&self, glance: Glance) -> Option<(u32, u32)> {
        let (known, number, code) = self.slots.get(self.slot(glance))?;
        (*known == glance).then_some((*number, *code))
    }

    /// Remembers what a text was given; `texts` are known in all.
    fn keep(&mut self, glance: Glance, (number, code): (u32, u32), texts: usize) {
        // Twice as many as texts, so that few share one.
        let bits = (texts * 2).next_power_of_two().ilog2();
        let bits = bits.clamp(LEAST_SLOTS, MOST_SLOTS);
        if self.slots.len() < 1 << bits {
            // The empty glance belongs to the empty text, which has code 0 in every dictionary.
            let empty = (Glance::default(), 0, NONE_CODE);
            let old = std::mem::replace(&mut self.slots, vec![empty; 1 << bits]);
            self.shift = 64 - bits;
            for (glance, number, code) in old {
                self.put(glance, number, code);
            }
        }
        self.put(glance, number, code);
    }

    fn put(&mut self, glance: Glance, number: u32, code: u32) {
        let slot = self.slot(glance);
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = (glance, number, code);
        }
    }
}

/// `text` without blanks around it. Most texts begin and end with letters, digits or Chinese characters,
/// which their first byte and the lead of their last tell.
fn trimmed(text: &str) -> &str {
    let bytes = text.as_bytes();
    let is_plain = |byte: &u8| matches!(byte, 0x21..=0x7E);
    let is_han = |byte: &u8| matches!(byte, 0xE4..=0xE9);
    let begins = bytes.first().is_none_or(|byte| is_plain(byte) || is_han(byte));
    let ends = bytes.last().is_none_or(is_plain) || bytes.iter().rev().nth(2).is_some_and(is_han);
    if begins && ends { text } else { text.trim() }
}

/// Letters in lower case, runs of blanks as one.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_joins_spellings_and_keeps_the_first() {
        let mut dict = Dict::new(true);
        let first = dict.intern("Gujarat");
        for same in ["GUJARAT", " gujarat ", "Gujarat", "gujarat"] {
            assert_eq!(dict.intern(same), first);
            assert_eq!(dict.code(same), Some(first));
        }
        assert_eq!(dict.text(first), "Gujarat");
        assert_eq!(dict.intern("TAMIL  NADU"), dict.intern("Tamil Nadu"));
        assert_ne!(dict.intern("广东省"), dict.intern("江苏省"));
        assert_eq!(dict.len(), 5);
        assert_eq!(
            dict.texts().collect::<Vec<_>>(),
            ["", "Gujarat", "TAMIL  NADU", "广东省", "江苏省"]
        );
        assert_eq!(dict.code("Goa"), None);
    }

    #[test]
    fn identifiers_keep_their_case() {
        let mut dict = Dict::new(false);
        assert_ne!(dict.intern("85123A"), dict.intern("85123a"));
        assert_eq!(dict.intern(""), NONE_CODE);
        assert_eq!(dict.text(999), "");
    }

    #[test]
    fn scopes_part_equal_texts() {
        let mut dict = Dict::new(false);
        let plain = dict.intern("7");
        let (one, two) = (dict.intern_in(1, "7"), dict.intern_in(2, "7"));
        assert_eq!([one, two], [2, 3]);
        assert_eq!((dict.intern_in(1, "7"), dict.intern("7")), (one, plain));
        assert_eq!((dict.scope(one), dict.scope(plain), dict.text(two)), (1, 0, "7"));
        let mut other = Dict::new(false);
        other.intern_in(9, "x");
        assert_eq!(other.absorb_in(&dict, &[0, 9, 3]), [0, 2, 3, 4]);
        assert_eq!([other.scope(3), other.scope(4)], [9, 3]);
    }

    #[test]
    fn absorbing_maps_codes() {
        let (mut here, mut there) = (Dict::new(false), Dict::new(false));
        here.intern("b");
        there.intern("a");
        there.intern("b");
        assert_eq!(here.absorb(&there), vec![0, 2, 1]);
    }

    proptest::proptest! {
        #[test]
        fn trims_as_text_is_trimmed(text in "[ a中\u{3000}\u{a0}é\n😀]{0,6}") {
            proptest::prop_assert_eq!(trimmed(&text), text.trim());
        }

        #[test]
        fn agrees_with_a_list(texts in proptest::collection::vec("[aAbB ]{0,3}|[ab]{15,18}", 0..60), folds: bool) {
            let mut dict = Dict::new(folds);
            let same = |a: &str, b: &str| if folds { fold(a) == fold(b) } else { a.trim() == b.trim() };
            let mut list: Vec<&str> = vec![""];
            for text in &texts {
                let expect = list.iter().position(|known| same(known, text)).unwrap_or(list.len());
                if expect == list.len() {
                    list.push(text.trim());
                }
                proptest::prop_assert_eq!(dict.intern(text) as usize, expect);
                proptest::prop_assert_eq!(dict.code(text).map(|code| code as usize), Some(expect));
            }
            proptest::prop_assert_eq!(dict.texts().collect::<Vec<_>>(), list);
        }
    }
}
