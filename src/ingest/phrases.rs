//! Headers no table knows, by the words they are made of: `Quantity_SKU`, `Lagerortcode`, `Data złożenia`, `订单下单时间`.
//!
//! A header is taken apart into words of a small dictionary, compounds and scripts without blanks too. What each is
//! about is a letter; which letters come together says the field. A header with one word that is not in the
//! dictionary means nothing, or as much as the others say where the table lacks just that.

use super::field::Field;
use super::header::{HeaderKey, currency_of};
use super::synonyms::{Meaning, meanings};
use crate::model::Dim;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Data, not code.
const TEXT: &str = include_str!("words.txt");
/// The letter of words that change nothing.
const NOTHING: u8 = b'-';
/// Characters of the longest word.
const LONGEST: usize = 16;
/// Shorter words of letters with blanks between them stand alone only: `id` is no part of others.
const SHORT: usize = 3;
/// Words in brackets that make another figure of it.
const OTHER: [&str; 8] = ["new", "old", "旧版", "新版", "万元", "千元", "万", "%"];
/// Ranks of phrases are below those of all names by so much.
pub(super) const RANK: u16 = 20_000;
/// … and those of guesses, by words of which some are not known or by what a column holds, by so much.
pub(super) const LOOSE: u16 = 45_000;
/// The letter of lines, whose number names no goods.
const LINE: u8 = b'#';
/// The letter of words that make another figure of it: `Discount amount` is no amount.
const ANOTHER: u8 = b'!';

static WORDS: LazyLock<FxHashMap<&'static str, u8>> = LazyLock::new(|| {
    let lines = TEXT.lines().filter(|line| !line.starts_with("# "));
    let words = lines
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(about, words)| {
            let about = about.bytes().next().unwrap_or(NOTHING);
            words.split(' ').map(move |word| (word, about))
        });
    words.collect()
});

/// What a header whose name is not known can mean by its words, all of which are known.
pub(super) fn phrase(key: &HeaderKey) -> Vec<Meaning> {
    match letters(key, false) {
        Some((letters, inside)) => meant(key, &letters, &inside, RANK).into_iter().collect(),
        None => without_brackets(key),
    }
}

/// What a header can mean by those of its words that are known, some of which are not: `Supplier listed price`.
pub(super) fn loose_phrase(key: &HeaderKey) -> Option<Meaning> {
    let (letters, inside) = letters(key, true)?;
    // Names are of anything: of customers, carriers, categories.
    let is_name = letters
        .iter()
        .all(|letter| matches!(letter, b'M' | b'N' | b'T' | b'L'));
    (!is_name).then(|| meant(key, &letters, &inside, LOOSE)).flatten()
}

fn meant(key: &HeaderKey, letters: &[u8], inside: &[u8], rank: u16) -> Option<Meaning> {
    // `Internal ID` is a key of some database, `Internal reference` names the goods.
    let is_key = letters.iter().all(|letter| matches!(letter, b'E' | b'N'));
    if is_key && key.words.iter().any(|word| word == "id") {
        return None;
    }
    // `Código (SKU)`, `Precio (total)`, and `商品コード(伝票)`, where brackets say but what it is part of.
    let whole = || {
        let all: Vec<u8> = letters.iter().chain(inside).copied().collect();
        field_of(&all)
    };
    let (field, at) = if inside.iter().any(|letter| matches!(letter, b'K' | b'G' | b'X')) {
        whole().or_else(|| field_of(letters))?
    } else {
        field_of(letters).or_else(whole)?
    };
    Some(Meaning {
        field,
        rank: rank + at,
    })
}

/// The field that words about these `letters` name together, and how much rather than others of the field: the less
/// the better.
fn field_of(letters: &[u8]) -> Option<(Field, u16)> {
    let mut letters = letters.to_vec();
    let has_line = letters.contains(&LINE);
    let names_goods = letters.iter().any(|letter| matches!(letter, b'I' | b'K' | b'E'));
    if has_line && letters.contains(&b'N') && !names_goods {
        return letters.contains(&b'O').then_some((Field::LineId, 0));
    }
    // What is of a line is of its goods.
    letters
        .iter_mut()
        .filter(|letter| **letter == LINE)
        .for_each(|letter| *letter = b'I');
    let letters = letters.as_slice();
    let has = |any: &[u8]| letters.iter().any(|letter| any.contains(letter));
    let only = |all: &[u8]| letters.iter().all(|letter| all.contains(letter));
    let goods = has(b"IK");
    let kinds = u16::try_from(letters.len()).unwrap_or(u16::MAX).min(100);
    Some(match () {
        () if has(b"D") => match () {
            () if has(b"H") && only(b"DHOIN") => (Field::ShippedAt, kinds),
            () if has(b"P") && only(b"DPO") => (Field::PaidAt, kinds),
            () if has(b"U") && only(b"DUO") => (Field::UpdatedAt, kinds),
            () if has(b"S") && only(b"DSI") => (Field::AsOf, kinds),
            () if only(b"DOLCIT") => (Field::CreatedAt, if has(b"O") { 0 } else { 10 } + kinds),
            () => return None,
        },
        () if has(b"C") => (Field::CreatedAt, 50).only_if(only(b"CO"))?,
        () if has(b"T") => match () {
            () if has(b"HP") && only(b"THPO") => (Field::StatusAlso, kinds),
            () if has(b"I") && only(b"TOI") => (Field::StatusAlso, 10 + kinds),
            () => (Field::Status, kinds).only_if(only(b"TO"))?,
        },
        () if has(b"Y") => (Field::Currency, kinds).only_if(only(b"YNOALPRGI"))?,
        // `Location on hand` counts what is there, `Inventory location` says where.
        () if has(b"W") => match letters {
            [b'W', ..] if has(b"S") && only(b"WSQ") => (Field::OnHand, 20),
            _ if has(b"F") && only(b"WFQ") => (Field::Available, 20),
            _ if has(b"Z") && only(b"WZQ") => (Field::Inbound, 20),
            _ if has(b"M") && only(b"WMI") => (Field::Dim(Dim::Warehouse), 0),
            _ if has(b"S") => (Field::Dim(Dim::Warehouse), 2).only_if(only(b"WS"))?,
            _ if has(b"N") => (Field::Dim(Dim::Warehouse), 3).only_if(only(b"WN"))?,
            _ => (Field::Dim(Dim::Warehouse), 1).only_if(only(b"W"))?,
        },
        () if has(b"Z") => (Field::Inbound, kinds).only_if(only(b"ZQSIO"))?,
        () if has(b"F") => (Field::Available, kinds).only_if(only(b"FQSIXG"))?,
        () if has(b"S") && !has(b"KN") => (Field::OnHand, kinds).only_if(only(b"SQIGAX"))?,
        () if has(b"Q") => match () {
            // `Total order quantity` is of all lines.
            () if has(b"G") && has(b"O") && !goods => return None,
            () => (Field::Quantity, kinds).only_if(only(b"QLOIKXG"))?,
        },
        () if has(b"R") => match () {
            () if has(b"G") && goods => (Field::Amount, 20 + kinds).only_if(only(b"RGIKLO"))?,
            () if has(b"GO") && !goods => (Field::OrderAmount, 20 + kinds).only_if(only(b"RGO"))?,
            () => (Field::UnitPrice, if has(b"X") { 0 } else { 10 } + kinds).only_if(only(b"RXIKLVO"))?,
        },
        () if has(b"AVG") => match () {
            () if has(b"P") && goods => (Field::PaidAmount, kinds).only_if(only(b"APGVI"))?,
            () if has(b"P") => (Field::OrderPaid, kinds).only_if(only(b"APGVOL"))?,
            () if has(b"X") => (Field::UnitPrice, 30 + kinds).only_if(only(b"AVXIKL"))?,
            () if goods => (Field::Amount, kinds).only_if(only(b"AVGIKLO"))?,
            () if has(b"O") => (Field::OrderAmount, kinds).only_if(only(b"AVGO"))?,
            () if has(b"A") && has(b"G") => (Field::OrderAmount, 10 + kinds).only_if(only(b"AVG"))?,
            () if has(b"G") && !has(b"L") => (Field::OrderAmount, 20 + kinds).only_if(only(b"GV"))?,
            () => (Field::Amount, 10 + kinds).only_if(only(b"AVGL"))?,
        },
        () if has(b"L") && goods && only(b"LIK") => (Field::Amount, 40 + kinds),
        () if letters == b"L" => (Field::Amount, 80),
        // `Custom label`
        () if letters.iter().all(|letter| b"EM".contains(letter)) && has(b"E") && has(b"M") => {
            (Field::Sku, 50)
        }
        () if has(b"M") => (Field::Title, if goods { 0 } else { 10 } + kinds).only_if(only(if goods {
            b"MIKJLE"
        } else {
            b"MJ"
        }))?,
        () if has(b"O") && has(b"N") => match () {
            () if has(b"I") => (Field::LineId, kinds).only_if(only(b"ONIL"))?,
            () => (Field::OrderId, if has(b"E") { 10 } else { 0 } + kinds).only_if(only(b"ONEL"))?,
        },
        () if only(b"LN") && has(b"L") && has(b"N") => (Field::OrderId, 20 + kinds),
        () if only(if goods { b"KEINBSOL" } else { b"KEINBSO" })
            && (has(b"KB") || has(b"N") && has(b"EIS")) =>
        {
            let seller = if has(b"E") { 0 } else { 10 };
            let kind = if has(b"K") {
                0
            } else if has(b"B") {
                60
            } else {
                30
            };
            (Field::Sku, seller + kind + kinds)
        }
        () => return None,
    })
}

/// A value that counts under a condition.
trait OnlyIf: Sized {
    fn only_if(self, condition: bool) -> Option<Self> {
        condition.then_some(self)
    }
}

impl OnlyIf for (Field, u16) {}

/// What a header is known to mean without what it says in brackets. No places or people: there that matters.
fn without_brackets(key: &HeaderKey) -> Vec<Meaning> {
    let split = key.base.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let Some((bare, _)) = split.filter(|(_, inside)| !OTHER.contains(inside)) else {
        return Vec::new();
    };
    let known = meanings(&HeaderKey::of(bare)).iter().copied();
    known
        .filter(|meaning| {
            !matches!(
                meaning.field,
                Field::Dim(_) | Field::City | Field::Customer | Field::Address
            )
        })
        .map(|meaning| Meaning {
            rank: meaning.rank.saturating_add(RANK),
            ..meaning
        })
        .collect()
}

/// Whether a header names a figure beside the ones that are read: a discount, a tax, a weight.
pub(super) fn is_another_figure(key: &HeaderKey) -> bool {
    let is_another = |word: &String| {
        parts(&plain(word), true).is_some_and(|letters| letters.contains(&ANOTHER) || letters.contains(&b'H'))
    };
    key.words.iter().take_while(|word| *word != "(").any(is_another)
}

/// Whether all words of a header are about `letter`: an `ID` of nothing in particular, a `model`.
pub(super) fn is_only(key: &HeaderKey, letter: u8) -> bool {
    letters(key, false).is_some_and(|(letters, _)| letters.iter().all(|other| *other == letter))
}

/// Whether a header speaks of orders, whatever else it says.
pub(super) fn speaks_of_orders(key: &HeaderKey) -> bool {
    let words = &key.words;
    words
        .iter()
        .any(|word| WORDS.get(plain(word).as_str()) == Some(&b'O'))
        || parts_of_orders(&plain(&key.full))
}

fn parts_of_orders(name: &str) -> bool {
    let mut words = WORDS.iter().filter(|(_, about)| **about == b'O');
    words.any(|(word, _)| name.contains(*word))
}

/// What the words of a header are about, in their order, and what those in brackets are; `None` where one of them makes
/// another figure of it, or, unless read loosely, is not known.
fn letters(key: &HeaderKey, loosely: bool) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut letters, mut inside) = (Vec::new(), Vec::new());
    let mut depth = 0_u32;
    for word in &key.words {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            word if depth > 0 && OTHER.contains(&word) => return None,
            word if currency_of(word).is_some() => {}
            word => match parts(&plain(word), loosely) {
                Some(parts) if depth > 0 => inside.extend(parts),
                Some(parts) => letters.extend(parts),
                // What stands in brackets explains the rest.
                None if depth > 0 || loosely => {}
                None => return None,
            },
        }
    }
    letters.retain(|letter| *letter != NOTHING);
    inside.retain(|letter| !matches!(*letter, NOTHING | ANOTHER));
    (!letters.is_empty() && !letters.contains(&ANOTHER)).then_some((letters, inside))
}

/// What the fewest words that make up `word` are about. Loosely, what is not known is passed over where words stand
/// without blanks, and what compounds of letters begin with.
fn parts(word: &str, loosely: bool) -> Option<Vec<u8>> {
    if let Some(about) = WORDS.get(word) {
        return Some(vec![*about]);
    }
    if word.len() > MOST_BYTES || word.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let ends: Vec<usize> = word
        .char_indices()
        .map(|(at, _)| at)
        .chain([word.len()])
        .collect();
    // The least cost up to each character: words and, dearer, characters passed over; the start of the last of
    // them and what it is about.
    let mut best: Vec<Option<(usize, usize, u8)>> = vec![None; ends.len()];
    for to in 1..ends.len() {
        for from in to.saturating_sub(LONGEST)..to {
            let before = if from == 0 {
                Some(0)
            } else {
                best.get(from).copied().flatten().map(|(cost, ..)| cost)
            };
            let (Some(before), Some(start), Some(end)) = (before, ends.get(from), ends.get(to)) else {
                continue;
            };
            let part = word.get(*start..*end).unwrap_or_default();
            let is_short = part.len() < SHORT && word.is_ascii();
            let known = WORDS.get(part).filter(|_| !is_short);
            let (cost, about) = match known {
                Some(about) => (1, *about),
                // `Angebotstitel`
                None if from > 0 && to < ends.len() - 1 && matches!(part, "s" | "n" | "en" | "es") => {
                    (2, NOTHING)
                }
                None if loosely && !part.is_ascii() && to == from + 1 => (PASSED_OVER, NOTHING),
                None => continue,
            };
            if let Some(place) = best.get_mut(to)
                && place.is_none_or(|(least, ..)| before + cost < least)
            {
                *place = Some((before + cost, from, about));
            }
        }
    }
    let (mut letters, mut at) = (Vec::new(), ends.len() - 1);
    while at > 0 {
        let Some((_, from, about)) = best.get(at).copied().flatten() else {
            return loosely.then(|| head(word)).flatten();
        };
        letters.push(about);
        at = from;
    }
    letters.reverse();
    Some(letters)
}

/// Bytes of the longest word that is taken apart: headers have no longer ones.
const MOST_BYTES: usize = 240;
/// Cost of a character that is passed over: dearer than any words.
const PASSED_OVER: usize = 50;
/// Letters of the shortest word that others may be put before.
const HEAD: usize = 5;

/// What the word is about that a compound ends with: `Nettobetrag`.
fn head(word: &str) -> Option<Vec<u8>> {
    let mut starts = word.char_indices().map(|(at, _)| at);
    let known = starts.find_map(|at| {
        let rest = word.get(at..).filter(|rest| rest.len() >= HEAD)?;
        WORDS.get(rest)
    });
    known.map(|about| vec![*about])
}

/// A word without its accents.
pub(super) fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        let base = match c {
            'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' | 'ạ'..='ặ' => 'a',
            'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' | 'ẹ'..='ệ' => 'e',
            'í' | 'ì' | 'î' | 'ï' | 'ı' | 'ĩ' | 'ỉ'..='ị' => 'i',
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ơ' | 'ọ'..='ợ' => 'o',
            'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ű' | 'ũ' | 'ư' | 'ụ'..='ự' => 'u',
            'ç' | 'ć' | 'č' => 'c',
            'ñ' | 'ń' | 'ň' => 'n',
            'ş' | 'ś' | 'š' | 'ș' => 's',
            'ź' | 'ż' | 'ž' => 'z',
            'ý' | 'ỳ'..='ỹ' => 'y',
            'đ' | 'ď' => 'd',
            'ť' | 'ț' | 'ţ' => 't',
            'ğ' => 'g',
            'ł' => 'l',
            'ř' => 'r',
            'ё' => 'е',
            'ß' => {
                plain.push('s');
                's'
            }
            // Accents that stand for themselves.
            '\u{300}'..='\u{36F}' => continue,
            c => c,
        };
        plain.push(base);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, field: Option<Field>) {
        let got = phrase(&HeaderKey::of(header))
            .first()
            .map(|meaning| meaning.field);
        assert_eq!(got, field, "{header}");
    }

    #[test]
    fn words_that_come_together_say_the_field() {
        for (header, field) in [
            ("Order Ref. No", Field::OrderId),
            ("Sales order line quantity", Field::Quantity),
            ("Auftragsreferenz", Field::OrderId),
            ("Número de la orden", Field::OrderId),
            ("Order item id", Field::LineId),
            ("dateCreated", Field::CreatedAt),
            ("Zahlungsdatum", Field::PaidAt),
            ("Produktcode", Field::Sku),
            ("Product/Internal Reference", Field::Sku),
            ("Descrição do produto", Field::Title),
            ("Cantidad del producto", Field::Quantity),
            ("Einzelpreis (brutto)", Field::UnitPrice),
            ("Precio unitario (ARS)", Field::UnitPrice),
            ("Item total", Field::Amount),
            ("总金额(元)", Field::OrderAmount),
            ("商品总金额", Field::Amount),
            ("Available qty", Field::Available),
            ("Location on hand", Field::OnHand),
            ("Inventory location", Field::Dim(Dim::Warehouse)),
            ("仓库全称", Field::Dim(Dim::Warehouse)),
        ] {
            check(header, Some(field));
        }
    }

    #[test]
    fn a_word_that_is_not_known_makes_it_another_figure() {
        for header in [
            "Discount amount",
            "Shipping total",
            "Tax",
            "Reserved quantity",
            "Customer number",
            "Product weight",
            "总金额(旧版)",
            "Supplier price",
            "Ship to name",
            "1",
            "",
        ] {
            check(header, None);
        }
    }

    #[test]
    fn the_dictionary_is_whole() {
        let mut seen = FxHashMap::default();
        for line in TEXT.lines().filter(|line| !line.starts_with("# ")) {
            let (about, words) = line.split_once(": ").unwrap();
            assert_eq!(about.len(), 1, "{line}");
            for word in words.split(' ') {
                assert_eq!(plain(word), word, "written without accents");
                assert!(word.chars().count() <= LONGEST, "{word}");
                let other = seen.insert(word, about);
                assert!(
                    other.is_none_or(|other| other == about),
                    "{word} is about {other:?} and {about}"
                );
            }
        }
    }
}
