//! Identifiers: text, whatever a spreadsheet made of them.

use super::header::half_width;
use std::borrow::Cow;

/// The identifier a cell holds, without what protects it from spreadsheets or what they left on it:
/// `="3515"`, a leading tab or apostrophe, `.0` after digits.
pub(super) fn unwrap(cell: &str) -> &str {
    let bare = bare(cell);
    if !matches!(bare.as_bytes(), [.., b'.', b'0']) {
        return bare;
    }
    match bare.strip_suffix(".0") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits,
        _ => bare,
    }
}

/// The one spelling of an identifier: half width, and without marks that nobody sees.
#[inline]
pub(super) fn plain(id: &str) -> Cow<'_, str> {
    if id.is_ascii() {
        Cow::Borrowed(id)
    } else {
        plain_of(id)
    }
}

#[cold]
fn plain_of(id: &str) -> Cow<'_, str> {
    let is_odd = |c: char| {
        matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' | '\u{A0}' | '\u{AD}') || is_invisible(c)
    };
    if !id.chars().any(is_odd) {
        return Cow::Borrowed(id);
    }
    let plain = id.chars().filter(|c| !is_invisible(*c) && *c != '\u{AD}');
    let plain = plain.map(|c| match c {
        '\u{A0}' => ' ',
        c if is_odd(c) => half_width(c),
        c => c,
    });
    Cow::Owned(plain.collect())
}

/// The number of an order: one spelling, and without the noughts that a spreadsheet takes from the front of a number.
#[inline]
pub(super) fn number(id: &str) -> Cow<'_, str> {
    match plain(id) {
        Cow::Borrowed(id) => Cow::Borrowed(without_noughts(id)),
        Cow::Owned(id) => Cow::Owned(without_noughts(&id).to_owned()),
    }
}

#[inline]
fn without_noughts(id: &str) -> &str {
    if id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit()) {
        let rest = id.trim_start_matches('0');
        if rest.is_empty() { id } else { rest }
    } else {
        id
    }
}

/// Text of a cell without `="…"`, leading apostrophe and blanks.
#[inline]
pub(super) fn bare(cell: &str) -> &str {
    let text = trim(cell);
    match text.as_bytes().first() {
        Some(b'=' | b'\'' | b'`') => without_guard(text),
        _ => text,
    }
}

#[cold]
fn without_guard(text: &str) -> &str {
    let formula = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let text = formula.or_else(|| text.strip_prefix(['\'', '`'])).unwrap_or(text);
    // A formula without a value, as some exports write it: `="`.
    if text == "=\"" || text == "=" {
        ""
    } else {
        trim(text)
    }
}

/// Whether a spreadsheet made a float of it (`3.5E+16`): the number is lost. Product codes such as
/// `12E5` have neither point nor sign.
#[inline]
pub(super) fn is_ruined(id: &str) -> bool {
    // Nearly all ids are told by their first two characters.
    matches!(id.as_bytes(), [b'0'..=b'9', b'.' | b',' | b'e' | b'E', ..]) && is_float(id)
}

fn is_float(id: &str) -> bool {
    let Some((mantissa, exponent)) = id.split_once(['e', 'E']) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    let marked = exponent.starts_with('+') || mantissa.len() > whole.len();
    marked
        && whole.len() == 1
        && digits(whole)
        && digits(fraction)
        && digits(exponent.trim_start_matches('+'))
}

/// Whether a spreadsheet could not work out the cell.
pub(super) fn is_spreadsheet_error(cell: &str) -> bool {
    cell.starts_with('#') && ERRORS.iter().any(|error| cell.eq_ignore_ascii_case(error))
}

const ERRORS: [&str; 8] = [
    "#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!",
];

/// Whether a cell is the word that lists put before their sums.
pub(super) fn is_total(cell: &str) -> bool {
    let word = cell.trim_end_matches([':', '：']).trim_end();
    TOTALS.iter().any(|total| word.eq_ignore_ascii_case(total))
}

const TOTALS: [&str; 14] = [
    "合计",
    "总计",
    "小计",
    "总合计",
    "共计",
    "total",
    "totals",
    "subtotal",
    "grand total",
    "total general",
    "total geral",
    "summe",
    "gesamt",
    "gesamtsumme",
];

/// Without blanks and invisible marks at both ends.
#[inline(always)]
pub(super) fn trim(text: &str) -> &str {
    // Nearly all cells need nothing: look at their ends first.
    match *text.as_bytes() {
        [] => text,
        [ink] if is_ink(ink) => text,
        [first, .., last] if is_ink(first) && is_ink(last) => text,
        [first, second, third, .., before, between, last]
            if (is_ink(first) || is_wide_ink([first, second, third]))
                && (is_ink(last) || is_wide_ink([before, between, last])) =>
        {
            text
        }
        _ => trim_blanks(text),
    }
}

const fn is_ink(byte: u8) -> bool {
    byte.wrapping_sub(b'!') <= b'~' - b'!'
}

/// Whether these bytes are one character that is no blank. Of those that start with E3 to EF only the
/// ideographic blank and the byte order mark are.
const fn is_wide_ink(bytes: [u8; 3]) -> bool {
    match bytes {
        [0xE3, 0x80, 0x80] | [0xEF, 0xBB, 0xBF] => false,
        [first, ..] => first >= 0xE3 && first <= 0xEF,
    }
}

#[cold]
#[inline(never)]
fn trim_blanks(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unwraps() {
        for (cell, expect) in [
            ("=\"35153131473290001\"", "35153131473290001"),
            ("\t6917926768823643751", "6917926768823643751"),
            ("'6917926768823643751", "6917926768823643751"),
            ("=\"\t69\"", "69"),
            ("17850.0", "17850"),
            ("A1.0", "A1.0"),
            ("171-9198151-1101146", "171-9198151-1101146"),
            (" \u{3000}85123A\u{200B} ", "85123A"),
            ("=\"\"", ""),
            ("=\"", ""),
            ("", ""),
        ] {
            assert_eq!(unwrap(cell), expect, "{cell:?}");
        }
    }

    #[test]
    fn two_reports_of_one_order_meet() {
        for cell in [
            "351531314",
            "=\"351531314\"",
            "\t351531314",
            "'351531314",
            "`351531314",
            "３５１５３１３１４",
            "351\u{200B}531314\u{202C}",
            "351531314.0",
            "000351531314",
            "\u{FEFF}'0351531314 ",
            "=\"０351531314\"",
        ] {
            assert_eq!(number(unwrap(cell)), "351531314", "{cell:?}");
        }
        // Noughts are part of what is no number, and of codes of goods.
        assert_eq!(number("00A1"), "00A1");
        assert_eq!(number("000"), "000");
        assert_eq!(plain("００１２－Ａ（红）"), "0012-A（红）");
        assert_eq!(plain("红\u{A0}色"), "红 色");
    }

    proptest::proptest! {
        #[test]
        fn trimming_looks_at_ends_first(text in "[ \t\u{A0}\u{85}\u{1680}\u{2003}\u{200B}\u{2028}\u{2060}\u{3000}\u{FEFF}\0aé、あ一广龥가힣）】\u{E000}😀]{0,6}") {
            proptest::prop_assert_eq!(trim(&text), trim_blanks(&text));
        }
    }

    #[test]
    fn ruined_numbers_are_seen() {
        for id in ["3.5E+16", "3,51531E+16", "3.51531E+16", "4E+10", "6.9e12"] {
            assert!(is_ruined(id), "{id}");
        }
        for id in [
            "35153131473290001",
            "12E5",
            "E+1",
            "1E",
            "AE+16",
            "JNE3781-KR-XXXL",
            "1.2.3E+4",
            "123.4E+5",
        ] {
            assert!(!is_ruined(id), "{id}");
        }
    }
}
