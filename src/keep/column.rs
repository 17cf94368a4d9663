//! Columns as bytes: each in the narrowest width that holds it, chosen anew each time it is written.
//!
//! A column begins with one byte for its form; its number of values is known from elsewhere.
//!
//! | form | then |
//! | --- | --- |
//! | 0 | nothing: every value is the missing one |
//! | 1, 2, 4 | `base`, `step` (integers only), then one offset of that many bytes a value: missing is 0, else 1 + (value − base) / step |
//! | 8 | each value as it is |
//!
//! Times of day without seconds and prices in whole cents have a large common `step`, so they are narrow
//! too.

use super::Damage;
use super::bytes::{Reader, put_length};

const NONE: i64 = i64::MIN;

/// Codes, hashes: small from 0 on, or spread over all 64 bits.
pub(super) fn put_codes(to: &mut Vec<u8>, codes: impl Iterator<Item = u64> + Clone) {
    let form = width(codes.clone().max().unwrap_or(0));
    to.push(form);
    put_offsets(to, form, codes);
}

/// As [`put_codes`], with at least a byte a value: what bounds the number of rows by the number of bytes.
pub(super) fn put_keys(to: &mut Vec<u8>, codes: impl Iterator<Item = u64> + Clone) {
    let form = width(codes.clone().max().unwrap_or(0)).max(1);
    to.push(form);
    put_offsets(to, form, codes);
}

/// As many codes as `count`, none of them `limit` or more.
pub(super) fn codes(from: &mut Reader<'_>, count: usize, limit: usize) -> Result<Vec<u32>, Damage> {
    let form = from.u8()?;
    offsets(from, form, count, |code| {
        let known = usize::try_from(code).is_ok_and(|code| code < limit);
        u32::try_from(code).ok().filter(|_| known)
    })
}

/// As many hashes as `count`.
pub(super) fn hashes(from: &mut Reader<'_>, count: usize) -> Result<Vec<u64>, Damage> {
    let form = from.u8()?;
    offsets(from, form, count, Some)
}

/// Integers, of which `i64::MIN` stands for "not said".
pub(super) fn put_ints(to: &mut Vec<u8>, values: &[i64]) {
    let said = || values.iter().copied().filter(|value| *value != NONE);
    let (Some(base), Some(top)) = (said().min(), said().max()) else {
        to.push(0);
        return;
    };
    let step = said()
        .fold(0, |step, value| common(step, value.abs_diff(base)))
        .max(1);
    let form = width((top.abs_diff(base) / step).saturating_add(1));
    to.push(form);
    if form == 8 {
        values.iter().for_each(|value| to.extend(value.to_le_bytes()));
        return;
    }
    to.extend(base.to_le_bytes());
    to.extend(step.to_le_bytes());
    let offset = |value: &i64| {
        if *value == NONE {
            0
        } else {
            value.abs_diff(base) / step + 1
        }
    };
    put_offsets(to, form, values.iter().map(offset));
}

/// As many integers as `count`.
pub(super) fn ints(from: &mut Reader<'_>, count: usize) -> Result<Vec<i64>, Damage> {
    let form = from.u8()?;
    match form {
        0 => Ok(vec![NONE; count]),
        8 => offsets(from, form, count, |bits| Some(bits.cast_signed())),
        _ => {
            let (base, step) = (from.i64()?, from.u64()?);
            offsets(from, form, count, |offset| match offset {
                0 => Some(NONE),
                _ => base.checked_add_unsigned((offset - 1).checked_mul(step)?),
            })
        }
    }
}

/// Texts, none of them empty: their number, their lengths, then all of them without anything between.
pub(super) fn put_texts<'a>(to: &mut Vec<u8>, texts: impl ExactSizeIterator<Item = &'a str> + Clone) {
    put_length(to, texts.len());
    put_codes(to, texts.clone().map(|text| text.len() as u64));
    put_length(to, texts.clone().map(str::len).sum());
    texts.for_each(|text| to.extend(text.as_bytes()));
}

/// Calls `each` with every text.
pub(super) fn texts(
    from: &mut Reader<'_>,
    mut each: impl FnMut(&str) -> Result<(), Damage>,
) -> Result<(), Damage> {
    let count = from.length()?;
    let lengths = hashes(from, count)?;
    let all = from.text()?;
    let mut start = 0_usize;
    for length in lengths {
        let length = usize::try_from(length).map_err(|_| Damage::Malformed)?;
        let end = start.checked_add(length).ok_or(Damage::Malformed)?;
        // `get` also refuses a cut inside a character.
        each(all.get(start..end).ok_or(Damage::Malformed)?)?;
        start = end;
    }
    if start == all.len() {
        Ok(())
    } else {
        Err(Damage::Malformed)
    }
}

/// Bytes that `top` takes, of those that a form has.
const fn width(top: u64) -> u8 {
    match top {
        0 => 0,
        1..=0xFF => 1,
        0x100..=0xFFFF => 2,
        0x1_0000..=0xFFFF_FFFF => 4,
        _ => 8,
    }
}

fn put_offsets(to: &mut Vec<u8>, form: u8, offsets: impl Iterator<Item = u64>) {
    let width = usize::from(form);
    if width == 0 {
        return;
    }
    to.reserve(offsets.size_hint().0.saturating_mul(width));
    offsets.for_each(|offset| to.extend(offset.to_le_bytes().iter().take(width)));
}

/// As many values as `count`, each made of its offset by `value`; `None`: there is no such value.
fn offsets<T>(
    from: &mut Reader<'_>,
    form: u8,
    count: usize,
    value: impl Fn(u64) -> Option<T>,
) -> Result<Vec<T>, Damage> {
    let bytes = from.take(count.checked_mul(usize::from(form)).ok_or(Damage::Malformed)?)?;
    let read: Option<Vec<T>> = match form {
        0 => (0..count).map(|_| value(0)).collect(),
        1 => bytes.iter().map(|byte| value(u64::from(*byte))).collect(),
        2 => words(bytes)
            .map(|word| value(u64::from(u16::from_le_bytes(word))))
            .collect(),
        4 => words(bytes)
            .map(|word| value(u64::from(u32::from_le_bytes(word))))
            .collect(),
        8 => words(bytes).map(|word| value(u64::from_le_bytes(word))).collect(),
        _ => None,
    };
    read.ok_or(Damage::Malformed)
}

/// `bytes` in words of `N`.
fn words<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> {
    bytes.as_chunks::<N>().0.iter().copied()
}

/// Greatest common divisor; of 0 and `b`: `b`.
const fn common(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
