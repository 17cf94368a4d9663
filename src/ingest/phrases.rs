//! Headers no table knows, by the words they are made of: `Quantity_SKU`, `Lagerortcode`, `Data złożenia`, `订单下单时间`.
//!
//! A header is taken apart into words of a small dictionary, compounds and scripts without blanks too. What each is
//! about is a letter; which letters come together says the field. A header with one word that is not in the
//! dictionary means nothing: `Discount amount` is no amount.

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

static WORDS: LazyLock<FxHashMap<&'static str, u8>> = LazyLock::new(|| {
    let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
    let words = lines
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(about, words)| {
            let about = about.bytes().next().unwrap_or(NOTHING);
            words.split(' ').map(move |word| (word, about))
        });
    words.collect()
});

/// What letters that come together mean, each set in the order of the alphabet. Of several columns of one meaning
/// the one whose set stands first wins.
const PHRASES: [(Field, &str); 18] = [
    (Field::OrderId, "NO ENO LNO LN"),
    (Field::LineId, "INO ILNO"),
    (Field::CreatedAt, "DO DLO CDO DL CD CO C D"),
    (Field::PaidAt, "DP DOP"),
    (Field::ShippedAt, "DH DHO"),
    (Field::UpdatedAt, "DU DOU"),
    (Field::Status, "OT T"),
    (Field::StatusAlso, "HT PT"),
    (Field::Sku, "EK EKN K KN IK IKN EIN EIKN EN NS IN B BI BN BIN"),
    (Field::Title, "IM IKM KM JM M"),
    (Field::Quantity, "Q LQ OQ LOQ IQ KQ ILQ IOQ ILOQ QX GQ"),
    (Field::UnitPrice, "RX IRX KRX IR KR LR ILR KLR LRX IX R VX IVX"),
    (
        Field::Amount,
        "GI GIR GKR AI AGI AGIO AIO GIV AIL AL GL GIL AIV A V",
    ),
    (Field::OrderAmount, "AO GO AGO GOR GOV AG G GR GV"),
    (Field::Currency, "Y NY OY"),
    (Field::Available, "F FQ FS FQS FW FQW FSW FI FIQ FQX"),
    (Field::OnHand, "S QS IS IQS GS GQS AS"),
    (Field::Inbound, "Z QZ WZ SZ QSZ"),
];

/// What a header whose name is not known can mean by its words.
pub(super) fn phrase(key: &HeaderKey) -> Vec<Meaning> {
    let Some(letters) = letters(key) else {
        return without_brackets(key);
    };
    let mut set = letters.clone();
    set.sort_unstable();
    set.dedup();
    let rank = |at: usize| RANK + u16::try_from(at).unwrap_or(RANK);
    // `Location on hand` counts what is there, `Inventory location` says where.
    let place = match (set.as_slice(), letters.as_slice()) {
        (b"W" | b"MW", _) => Some((Field::Dim(Dim::Warehouse), 0)),
        (b"NW", _) => Some((Field::Dim(Dim::Warehouse), 1)),
        (b"SW" | b"QSW", [b'W', ..]) => Some((Field::OnHand, 2)),
        (b"SW", _) => Some((Field::Dim(Dim::Warehouse), 2)),
        _ => None,
    };
    // `Internal ID` is a key of some database, `Internal reference` names the goods.
    if set == b"EN" && key.words.iter().any(|word| word == "id") {
        return Vec::new();
    }
    let said = PHRASES.iter().filter_map(|(field, sets)| {
        let at = sets
            .split(' ')
            .position(|known| known.as_bytes() == set.as_slice())?;
        Some((*field, at))
    });
    let meanings = place.into_iter().chain(said);
    meanings
        .map(|(field, at)| Meaning {
            field,
            rank: rank(at),
        })
        .collect()
}

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

/// What the words of a header are about, in their order; `None` where one of them is not known.
fn letters(key: &HeaderKey) -> Option<Vec<u8>> {
    let mut letters = Vec::new();
    let mut depth = 0_u32;
    for word in &key.words {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            word if depth > 0 && OTHER.contains(&word) => return None,
            word if currency_of(word).is_some() => {}
            word => match parts(&plain(word)) {
                Some(parts) => letters.extend(parts),
                // What stands in brackets explains the rest.
                None if depth > 0 => {}
                None => return None,
            },
        }
    }
    letters.retain(|letter| *letter != NOTHING);
    (!letters.is_empty()).then_some(letters)
}

/// What the fewest words that make up `word` are about.
fn parts(word: &str) -> Option<Vec<u8>> {
    if let Some(about) = WORDS.get(word) {
        return Some(vec![*about]);
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let ends: Vec<usize> = word
        .char_indices()
        .map(|(at, _)| at)
        .chain([word.len()])
        .collect();
    // The fewest words up to each character, and the start of the last of them.
    let mut best: Vec<Option<(usize, usize, u8)>> = vec![None; ends.len()];
    for to in 1..ends.len() {
        for from in to.saturating_sub(LONGEST)..to {
            let before = if from == 0 {
                Some(0)
            } else {
                best.get(from).copied().flatten().map(|(count, ..)| count)
            };
            let (Some(before), Some(start), Some(end)) = (before, ends.get(from), ends.get(to)) else {
                continue;
            };
            let part = word.get(*start..*end).unwrap_or_default();
            let is_short = part.len() < SHORT && part.is_ascii();
            let Some(about) = WORDS.get(part).filter(|_| !is_short) else {
                continue;
            };
            if let Some(place) = best.get_mut(to)
                && place.is_none_or(|(count, ..)| before + 1 < count)
            {
                *place = Some((before + 1, from, *about));
            }
        }
    }
    let (mut letters, mut at) = (Vec::new(), ends.len() - 1);
    while at > 0 {
        let (_, from, about) = best.get(at).copied().flatten()?;
        letters.push(about);
        at = from;
    }
    letters.reverse();
    Some(letters)
}

/// A word without its accents.
fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        let base = match c {
            'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' => 'a',
            'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' => 'e',
            'í' | 'ì' | 'î' | 'ï' | 'ı' => 'i',
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => 'o',
            'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ű' => 'u',
            'ç' | 'ć' | 'č' => 'c',
            'ñ' | 'ń' | 'ň' => 'n',
            'ş' | 'ś' | 'š' | 'ș' => 's',
            'ź' | 'ż' | 'ž' => 'z',
            'ý' => 'y',
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
        for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
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
        for (_, sets) in PHRASES {
            assert!(sets.split(' ').all(|set| set.as_bytes().is_sorted()), "{sets}");
        }
    }
}
