//! Exact integers, some of them missing, in the narrowest width that holds them.

use super::room::Room;
use super::{Bits, raw};
use serde::{Deserialize, Serialize};

/// A column of `i64` values: `base + unit × code`, where codes have 1, 2, 4 or 8 bytes and `unit` is what
/// all values share (whole seconds, whole units, cents). Rows without a value are bits beside.
#[derive(Clone, Serialize, Deserialize)]
pub struct Ints {
    base: i64,
    /// Whether `base` is still to be taken from the first value.
    floats: bool,
    unit: i64,
    inverse: f64,
    codes: Data,
    missing: Bits,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Data {
    /// No row has a value: nothing but their number.
    None(usize),
    I8(#[serde(with = "raw")] Vec<i8>),
    I16(#[serde(with = "raw")] Vec<i16>),
    I32(#[serde(with = "raw")] Vec<i32>),
    I64(#[serde(with = "raw")] Vec<i64>),
}

impl std::fmt::Debug for Ints {
    /// The values, however they are held.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said = |value: i64| (value != Self::NONE).then_some(value);
        f.debug_list().entries(self.iter().map(said)).finish()
    }
}

impl Data {
    const fn width(&self) -> u8 {
        match self {
            Self::None(_) => 0,
            Self::I8(_) => 1,
            Self::I16(_) => 2,
            Self::I32(_) => 4,
            Self::I64(_) => 8,
        }
    }
}

/// What values may share, largest first; each divides the one before it.
const UNITS: [i64; 4] = [10_000, 1_000, 100, 1];
/// Instants are kept from a whole hour, so that seconds stay whole.
const HOUR: i64 = 3_600_000;

macro_rules! each_width {
    ($data:expr, $len:ident => $none:expr, $v:ident => $body:expr) => {
        match $data {
            Data::None($len) => $none,
            Data::I8($v) => $body,
            Data::I16($v) => $body,
            Data::I32($v) => $body,
            Data::I64($v) => $body,
        }
    };
}

#[expect(clippy::useless_conversion, reason = "one of the widths is the widest")]
impl Ints {
    /// "No value" where an `i64` has to say it.
    pub const NONE: i64 = i64::MIN;

    /// An empty column of decimals in 1/10,000: small values stay narrow.
    pub fn decimals() -> Self {
        Self {
            base: 0,
            floats: false,
            unit: UNITS[0],
            inverse: 1.0 / 10_000.0,
            codes: Data::None(0),
            missing: Bits::default(),
        }
    }

    /// An empty column of instants in milliseconds: narrow around the first one.
    pub fn instants() -> Self {
        Self {
            floats: true,
            ..Self::decimals()
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        each_width!(&self.codes, len => *len, v => v.len())
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes room for so many more rows, if there is room.
    pub fn reserve(&mut self, rows: usize) {
        let _ = each_width!(&mut self.codes, _len => Ok(()), v => v.try_reserve_exact(rows));
    }

    /// What moves when it is full.
    pub(super) fn room(&mut self) -> Option<&mut dyn Room> {
        each_width!(&mut self.codes, _len => None, v => Some(v))
    }

    /// Whether no row has a value.
    pub fn is_unsaid(&self) -> bool {
        matches!(self.codes, Data::None(_))
    }

    /// Whether some row has no value.
    pub fn lacks_any(&self) -> bool {
        self.missing.any_in(0, self.len()) || (self.is_unsaid() && !self.is_empty())
    }

    /// Least and greatest value of `len` rows from `start` on, fewer at the end; `None` where none has one.
    pub fn extent(&self, start: usize, len: usize) -> Option<(i64, i64)> {
        let to = self.len().min(start + len);
        if self.missing.any_in(start, to) {
            let said = (start..to).filter_map(|row| self.get(row));
            return said.fold(None, |extent, value| {
                let (least, greatest) = extent.unwrap_or((value, value));
                Some((value.min(least), value.max(greatest)))
            });
        }
        // Units are positive: codes stand in the order of their values.
        each_width!(&self.codes, _len => None, v => {
            let codes = v.get(start..to).unwrap_or_default();
            let first = codes.first()?;
            let (least, greatest) = codes
                .iter()
                .fold((*first, *first), |(least, greatest), code| (least.min(*code), greatest.max(*code)));
            Some((self.value(i64::from(least)), self.value(i64::from(greatest))))
        })
    }

    /// Value of `row`; [`Self::NONE`] where it has none or is beyond the end.
    pub fn raw(&self, row: usize) -> i64 {
        let code = each_width!(&self.codes, _len => None, v => v.get(row).map(|code| i64::from(*code)));
        match code {
            Some(code) if !self.missing.get(row) => self.value(code),
            _ => Self::NONE,
        }
    }

    /// Value of `row`, if it has one.
    pub fn get(&self, row: usize) -> Option<i64> {
        Some(self.raw(row)).filter(|value| *value != Self::NONE)
    }

    /// Adds a row; [`Self::NONE`]: without a value.
    #[inline]
    pub fn push(&mut self, value: i64) {
        if value != Self::NONE
            && let Some(code) = self.code(value)
        {
            match &mut self.codes {
                Data::I8(v) => {
                    if let Ok(code) = i8::try_from(code) {
                        return v.push(code);
                    }
                }
                Data::I16(v) => {
                    if let Ok(code) = i16::try_from(code) {
                        return v.push(code);
                    }
                }
                Data::I32(v) => {
                    if let Ok(code) = i32::try_from(code) {
                        return v.push(code);
                    }
                }
                Data::I64(v) => return v.push(code),
                Data::None(_) => {}
            }
        }
        self.push_widening(value);
    }

    /// Adds a row for each of `values`.
    pub fn push_all(&mut self, mut values: impl Iterator<Item = i64>) {
        // As long as all fit, which width it is is asked once.
        let (base, unit, inverse) = (self.base, self.unit, self.inverse);
        let missing = &mut self.missing;
        let misfit = each_width!(&mut self.codes, len => {
            values.find(|value| {
                *len += usize::from(*value == Self::NONE);
                *value != Self::NONE
            })
        }, v => {
            values.find(|value| {
                if *value == Self::NONE {
                    missing.set(v.len(), true);
                    v.push(0);
                    return false;
                }
                match code(*value, base, unit, inverse).map(TryInto::try_into) {
                    Some(Ok(code)) => v.push(code),
                    _ => return true,
                }
                false
            })
        });
        if let Some(value) = misfit {
            self.push_widening(value);
            values.for_each(|value| self.push(value));
        }
    }

    /// [`Self::push`] where the column may have to be written anew.
    fn push_widening(&mut self, value: i64) {
        if value == Self::NONE {
            if let Data::None(len) = &mut self.codes {
                *len += 1;
                return;
            }
            self.missing.set(self.len(), true);
            self.push_code(0);
            return;
        }
        let code = self.make_room(value);
        self.push_code(code);
    }

    /// Replaces the value of `row`, which must be there.
    pub fn set(&mut self, row: usize, value: i64) {
        if value == Self::NONE {
            if !self.is_unsaid() {
                self.missing.set(row, true);
            }
            return;
        }
        let code = self.make_room(value);
        match &mut self.codes {
            Data::None(_) => {}
            Data::I8(v) => v[row] = narrow(code),
            Data::I16(v) => v[row] = narrow(code),
            Data::I32(v) => v[row] = narrow(code),
            Data::I64(v) => v[row] = code,
        }
        self.missing.set(row, false);
    }

    /// An empty column that holds its values in the same way, with room for `rows`.
    pub fn emptied(&self, rows: usize) -> Self {
        let codes = match &self.codes {
            Data::None(_) => Data::None(0),
            Data::I8(_) => Data::I8(Vec::with_capacity(rows)),
            Data::I16(_) => Data::I16(Vec::with_capacity(rows)),
            Data::I32(_) => Data::I32(Vec::with_capacity(rows)),
            Data::I64(_) => Data::I64(Vec::with_capacity(rows)),
        };
        Self {
            codes,
            missing: Bits::default(),
            ..*self
        }
    }

    /// Adds all rows of `other`.
    pub fn append(&mut self, other: &Self) {
        if self.is_empty() {
            let room = each_width!(&self.codes, _len => 0, v => v.capacity());
            *self = other.clone();
            return self.reserve(room);
        }
        if let (Data::None(len), Data::None(more)) = (&mut self.codes, &other.codes) {
            *len += more;
            return;
        }
        let is_alike =
            self.is_unsaid() == other.is_unsaid() && (self.base, self.unit) == (other.base, other.unit);
        if !is_alike || self.codes.width() < other.codes.width() {
            // Rare: once a column and a way of holding it.
            return other.iter().for_each(|value| self.push(value));
        }
        let from = self.len();
        match (&mut self.codes, &other.codes) {
            (Data::I8(v), Data::I8(o)) => v.extend_from_slice(o),
            (Data::I16(v), o) => {
                each_width!(o, _len => {}, o => v.extend(o.iter().map(|code| narrow::<i16>(i64::from(*code)))))
            }
            (Data::I32(v), o) => {
                each_width!(o, _len => {}, o => v.extend(o.iter().map(|code| narrow::<i32>(i64::from(*code)))))
            }
            (Data::I64(v), o) => {
                each_width!(o, _len => {}, o => v.extend(o.iter().map(|code| i64::from(*code))))
            }
            _ => {}
        }
        for row in other.missing.iter() {
            self.missing.set(from + row, true);
        }
    }

    /// Drops the rows from `len` on.
    pub fn truncate(&mut self, len: usize) {
        for row in len..self.len() {
            self.missing.set(row, false);
        }
        each_width!(&mut self.codes, rows => *rows = len.min(*rows), v => v.truncate(len));
    }

    /// All values, first row first; [`Self::NONE`] where there is none.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len()).map(|row| self.raw(row))
    }

    /// Values of the rows `start + pick`, one for each of `picks`, into `out` (which is cleared);
    /// [`Self::NONE`] where there is none.
    pub fn gather(&self, start: usize, picks: &[u16], out: &mut Vec<i64>) {
        out.clear();
        each_width!(&self.codes, _len => out.resize(picks.len(), Self::NONE), v => {
            let block = v.get(start..).unwrap_or_default();
            let (base, unit) = (self.base, self.unit);
            out.extend(picks.iter().map(|pick| {
                block.get(usize::from(*pick)).map_or(Self::NONE, |code| base + unit * i64::from(*code))
            }));
        });
        if !self.missing.is_blank() {
            for (value, pick) in out.iter_mut().zip(picks) {
                if self.missing.get(start + usize::from(*pick)) {
                    *value = Self::NONE;
                }
            }
        }
    }

    /// Values of `len` rows from `start` on into `out` (which is cleared), fewer at the end;
    /// [`Self::NONE`] where there is none.
    pub fn read(&self, start: usize, len: usize, out: &mut Vec<i64>) {
        out.clear();
        let to = self.len().min(start + len);
        each_width!(&self.codes, _len => out.resize(to.saturating_sub(start), Self::NONE), v => {
            let (base, unit) = (self.base, self.unit);
            let rows = v.get(start..to).unwrap_or_default();
            out.extend(rows.iter().map(|code| base + unit * i64::from(*code)));
        });
        if !self.missing.is_blank() {
            for (value, row) in out.iter_mut().zip(start..) {
                if self.missing.get(row) {
                    *value = Self::NONE;
                }
            }
        }
    }

    /// Shows `visit` the rows `start + pick`, one for each of `picks` (`None`: the first `len` from `start` on):
    /// what is `beside` it and the code of its value, see [`Self::decoded`]. `beside` has one for each row from `start`
    /// on, or with `is_by_pick` one for each that is shown; what has none beside it is not shown. Rows without a value are
    /// shown with a code that means nothing, see [`Self::visit_unsaid`]; rows beyond the end, and all rows where
    /// none has a value, are not shown. The loops of all widths are made anew for each `visit`: keep it short.
    #[inline(always)]
    pub fn visit<B: Copy>(
        &self,
        start: usize,
        len: usize,
        picks: Option<&[u16]>,
        (beside, is_by_pick): (&[B], bool),
        mut visit: impl FnMut(B, i64),
    ) {
        each_width!(&self.codes, _len => (), v => {
            let block = v.get(start..).unwrap_or_default();
            match picks {
                None => {
                    for (code, beside) in block.iter().zip(beside).take(len) {
                        visit(*beside, i64::from(*code));
                    }
                }
                Some(picks) if is_by_pick => {
                    for (pick, beside) in picks.iter().zip(beside) {
                        if let Some(code) = block.get(usize::from(*pick)) {
                            visit(*beside, i64::from(*code));
                        }
                    }
                }
                Some(picks) => {
                    let rows = block.len().min(beside.len());
                    let (block, beside) = (&block[..rows], &beside[..rows]);
                    for pick in picks {
                        let at = usize::from(*pick);
                        if at < rows {
                            visit(beside[at], i64::from(block[at]));
                        }
                    }
                }
            }
        });
    }

    /// Sum of the codes that [`Self::visit`] shows; it cannot leave 64 bits where [`Self::magnitude`] times as many
    /// rows does not.
    pub fn total(&self, start: usize, len: usize, picks: Option<&[u16]>) -> i64 {
        each_width!(&self.codes, _len => 0, v => {
            let block = v.get(start..).unwrap_or_default();
            match picks {
                None => block.iter().take(len).map(|code| i64::from(*code)).sum(),
                Some(picks) => {
                    let codes = picks.iter().filter_map(|pick| block.get(usize::from(*pick)));
                    codes.map(|code| i64::from(*code)).sum()
                }
            }
        })
    }

    /// Sum of the values of so many rows, of the sum of their codes.
    pub fn decoded(&self, codes: i64, rows: i64) -> i64 {
        self.base
            .wrapping_mul(rows)
            .wrapping_add(self.unit.wrapping_mul(codes))
    }

    /// Shows `visit` those of the rows that [`Self::visit`] showed that have no value: their number from 0 among all
    /// that it showed, their offset from `start`, and the code that was shown of them.
    pub fn visit_unsaid(
        &self,
        start: usize,
        len: usize,
        picks: Option<&[u16]>,
        mut visit: impl FnMut(usize, usize, i64),
    ) {
        let to = match picks {
            None => start + len,
            Some(picks) => start + picks.last().map_or(0, |last| usize::from(*last) + 1),
        };
        if !self.missing.any_in(start, to) {
            return;
        }
        for nth in 0..len {
            let at = picks.map_or(nth, |picks| picks.get(nth).map_or(0, |pick| usize::from(*pick)));
            let code =
                each_width!(&self.codes, _len => None, v => v.get(start + at).map(|code| i64::from(*code)));
            if let Some(code) = code.filter(|_| self.missing.get(start + at)) {
                visit(nth, at, code);
            }
        }
    }

    /// No value is further from 0 than this; `None` where that is not known to fit.
    pub fn magnitude(&self) -> Option<i64> {
        let most = match self.codes {
            Data::None(_) => 0,
            Data::I8(_) => 1 << 7,
            Data::I16(_) => 1 << 15,
            Data::I32(_) => 1 << 31,
            Data::I64(_) => return None,
        };
        self.base.checked_abs()?.checked_add(self.unit * most)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let codes = match &self.codes {
            Data::None(_) => 0,
            Data::I8(v) => v.capacity(),
            Data::I16(v) => v.capacity() * 2,
            Data::I32(v) => v.capacity() * 4,
            Data::I64(v) => v.capacity() * 8,
        };
        codes + self.missing.bytes()
    }

    /// Both factors were checked when the code was made.
    fn value(&self, code: i64) -> i64 {
        self.base.wrapping_add(self.unit.wrapping_mul(code))
    }

    fn push_code(&mut self, code: i64) {
        match &mut self.codes {
            Data::None(len) => *len += 1,
            Data::I8(v) => v.push(narrow(code)),
            Data::I16(v) => v.push(narrow(code)),
            Data::I32(v) => v.push(narrow(code)),
            Data::I64(v) => v.push(code),
        }
    }

    /// The code of `value`, after the column was made to hold it.
    fn make_room(&mut self, value: i64) -> i64 {
        if let Some(code) = self.code(value)
            && self.holds(code)
        {
            return code;
        }
        self.recode_for(value);
        self.code(value).unwrap_or(0)
    }

    fn code(&self, value: i64) -> Option<i64> {
        code(value, self.base, self.unit, self.inverse)
    }

    fn holds(&self, code: i64) -> bool {
        match self.codes {
            Data::None(_) => false,
            Data::I8(_) => i8::try_from(code).is_ok(),
            Data::I16(_) => i16::try_from(code).is_ok(),
            Data::I32(_) => i32::try_from(code).is_ok(),
            Data::I64(_) => true,
        }
    }

    /// Writes the column anew with a unit and a width that hold `value` too.
    fn recode_for(&mut self, value: i64) {
        if self.floats {
            self.base = value.saturating_sub(value.rem_euclid(HOUR));
            self.floats = false;
        }
        let old: Vec<i64> = if self.is_unsaid() {
            Vec::new()
        } else {
            self.iter().collect()
        };
        let len = self.len();
        if value.checked_sub(self.base).is_none() {
            (self.base, self.unit) = (0, 1);
        }
        let over = value.wrapping_sub(self.base);
        let shared = |unit: &i64| over % unit == 0 && (old.is_empty() || self.unit % unit == 0);
        let unit = UNITS.into_iter().find(shared).unwrap_or(1);
        // A base moved to 0 may not fit old codes of a coarser unit: 1 fits all.
        self.unit = unit;
        #[expect(clippy::cast_precision_loss, reason = "units are small")]
        {
            self.inverse = 1.0 / unit as f64;
        }
        let base = self.base;
        let code_of = |value: i64| value.wrapping_sub(base) / unit;
        let said = || old.iter().copied().filter(|value| *value != Self::NONE);
        let codes = said().chain([value]).map(code_of);
        let (least, most) = codes.fold((0, 0), |(least, most), code| (code.min(least), code.max(most)));
        let fits = |low: i64, high: i64| low <= least && most <= high;
        let mut codes = if fits(i8::MIN.into(), i8::MAX.into()) {
            Data::I8(Vec::with_capacity(len + 1))
        } else if fits(i16::MIN.into(), i16::MAX.into()) {
            Data::I16(Vec::with_capacity(len + 1))
        } else if fits(i32::MIN.into(), i32::MAX.into()) {
            Data::I32(Vec::with_capacity(len + 1))
        } else {
            Data::I64(Vec::with_capacity(len + 1))
        };
        std::mem::swap(&mut self.codes, &mut codes);
        if old.is_empty() {
            for row in 0..len {
                self.missing.set(row, true);
                self.push_code(0);
            }
        }
        for value in old {
            self.push_code(if value == Self::NONE { 0 } else { code_of(value) });
        }
    }
}

/// `(value − base) / unit` where that is whole. Division by multiplication: the product is checked,
/// and below 2⁵³ the rounded quotient of a multiple is exact.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "checked by multiplying back"
)]
#[inline]
fn code(value: i64, base: i64, unit: i64, inverse: f64) -> Option<i64> {
    let over = value.checked_sub(base)?;
    if unit == 1 {
        return Some(over);
    }
    if over.unsigned_abs() >= 1 << 53 {
        return (over % unit == 0).then(|| over / unit);
    }
    let code = (over as f64 * inverse).round_ties_even() as i64;
    // It cannot overflow, and wasm checks a product of 64 bits by a call.
    (code.wrapping_mul(unit) == over).then_some(code)
}

/// `code` in a width that holds it, as [`Ints::make_room`] has seen to.
fn narrow<T: TryFrom<i64> + Default>(code: i64) -> T {
    T::try_from(code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = i64> {
        prop_oneof![
            Just(Ints::NONE),
            -300_i64..300,
            (-300_i64..300).prop_map(|units| units * 10_000),
            (1_700_000_000_i64..1_900_000_000).prop_map(|secs| secs * 1_000),
            i64::MIN + 1..=i64::MAX,
            Just(i64::MAX),
            Just(i64::MIN + 1),
        ]
    }

    proptest! {
        #[test]
        fn holds_what_was_put_in(
            instants: bool,
            steps in proptest::collection::vec((any::<proptest::sample::Index>(), any::<bool>(), value()), 0..60),
        ) {
            let mut column = if instants { Ints::instants() } else { Ints::decimals() };
            let mut plain: Vec<i64> = Vec::new();
            for (at, replace, value) in steps {
                if replace && !plain.is_empty() {
                    let row = at.index(plain.len());
                    plain[row] = value;
                    column.set(row, value);
                } else {
                    plain.push(value);
                    column.push(value);
                }
                prop_assert_eq!(column.iter().collect::<Vec<_>>(), plain.clone());
                let picks: Vec<u16> = (0..plain.len()).step_by(2).map(|at| u16::try_from(at).unwrap()).collect();
                let mut out = Vec::new();
                column.gather(0, &picks, &mut out);
                let expect: Vec<i64> = plain.iter().step_by(2).copied().collect();
                prop_assert_eq!(out, expect);
                let offsets: Vec<usize> = (0..plain.len()).collect();
                prop_assert_eq!(column.lacks_any(), plain.contains(&Ints::NONE));
                for (from, len) in [(0, plain.len()), (plain.len() / 3, plain.len() / 2), (plain.len(), 1)] {
                    let part = plain.iter().skip(from).take(len).filter(|value| **value != Ints::NONE);
                    let expect = part.clone().min().copied().zip(part.max().copied());
                    prop_assert_eq!(column.extent(from, len), expect);
                }
                for picks in [None, Some(picks.as_slice())] {
                    let (mut shown, mut total) = (vec![Ints::NONE; plain.len()], 0_i64);
                    let fits = column.magnitude().and_then(|most| most.checked_mul(i64::try_from(plain.len()).ok()?));
                    let picked = picks.map_or(plain.len(), <[u16]>::len);
                    let by_pick: Vec<usize> = offsets.iter().step_by(if picks.is_some() { 2 } else { 1 }).copied().collect();
                    for beside in [(offsets.as_slice(), false), (by_pick.as_slice(), true)] {
                        total = 0;
                        column.visit(0, plain.len(), picks, beside, |at, code| {
                            shown[at] = column.value(code);
                            total = total.wrapping_add(code);
                        });
                    }
                    if fits.is_some() && !column.is_unsaid() {
                        let sum = shown.iter().step_by(if picks.is_some() { 2 } else { 1 }).sum::<i64>();
                        prop_assert_eq!(column.total(0, plain.len(), picks), total);
                        prop_assert_eq!(column.decoded(total, i64::try_from(picked).unwrap()), sum);
                    }
                    column.visit_unsaid(0, picked, picks, |nth, at, code| {
                        assert_eq!(picks.map_or(nth, |picks| usize::from(picks[nth])), at);
                        assert_eq!(std::mem::replace(&mut shown[at], Ints::NONE), column.value(code));
                    });
                    let step = if picks.is_some() { 2 } else { 1 };
                    prop_assert!(plain.iter().step_by(step).eq(shown.iter().step_by(step)));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn parts_append_to_the_whole(
            instants: bool,
            parts in proptest::collection::vec(proptest::collection::vec(value(), 0..9), 0..6),
            cut in 0..40_usize,
        ) {
            let empty = || if instants { Ints::instants() } else { Ints::decimals() };
            let (mut column, mut part) = (empty(), empty());
            for values in &parts {
                part = part.emptied(4);
                part.push_all(values.iter().copied());
                column.append(&part);
            }
            let mut plain = parts.concat();
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), plain.clone());
            column.truncate(cut);
            plain.truncate(cut);
            column.push(Ints::NONE);
            column.push(10_000);
            plain.extend([Ints::NONE, 10_000]);
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), plain);
        }
    }

    #[test]
    fn is_as_narrow_as_it_can() {
        let column = |values: &[i64], mut column: Ints| {
            values.iter().for_each(|value| column.push(*value));
            column.codes
        };
        assert!(matches!(
            column(&[10_000, 50_000, -20_000], Ints::decimals()),
            Data::I8(_)
        ));
        assert!(matches!(
            column(&[199_900, 1_000_000], Ints::decimals()),
            Data::I16(_)
        ));
        assert!(matches!(column(&[1_234_567_800], Ints::decimals()), Data::I32(_)));
        let year = [1_772_000_000_000, 1_772_000_000_000 + 366 * 86_400_000];
        assert!(matches!(column(&year, Ints::instants()), Data::I32(_)));
        assert!(matches!(
            column(&[Ints::NONE; 9], Ints::instants()),
            Data::None(9)
        ));
    }
}
