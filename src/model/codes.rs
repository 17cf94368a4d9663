//! Dictionary codes in the narrowest unsigned integers that hold them all.

use super::raw;
use super::room::Room;
use serde::{Deserialize, Serialize};

/// A column of codes; widens as its dictionary grows.
#[derive(Clone, Serialize, Deserialize)]
pub enum Codes {
    /// Nothing but 0, "no value": so many rows, and no memory.
    Zero(usize),
    /// Codes below 256: 1 byte a row.
    U8(#[serde(with = "raw")] Vec<u8>),
    /// Codes below 65,536: 2 bytes a row.
    U16(#[serde(with = "raw")] Vec<u16>),
    /// All others: 4 bytes a row.
    U32(#[serde(with = "raw")] Vec<u32>),
}

impl std::fmt::Debug for Codes {
    /// The codes, however wide.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Default for Codes {
    fn default() -> Self {
        Self::Zero(0)
    }
}

/// Runs `$body` with `$v` bound to the vector, whatever its width, or `$zero` where there is none.
macro_rules! each_width {
    ($codes:expr, $len:ident => $zero:expr, $v:ident => $body:expr) => {
        match $codes {
            Codes::Zero($len) => $zero,
            Codes::U8($v) => $body,
            Codes::U16($v) => $body,
            Codes::U32($v) => $body,
        }
    };
}

#[expect(clippy::useless_conversion, reason = "one of the widths is the widest")]
impl Codes {
    /// Number of rows.
    pub fn len(&self) -> usize {
        each_width!(self, len => *len, v => v.len())
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes room for so many more rows, if there is room.
    pub fn reserve(&mut self, rows: usize) {
        let _ = each_width!(self, _len => Ok(()), v => v.try_reserve_exact(rows));
    }

    /// What moves when it is full.
    pub(super) fn room(&mut self) -> Option<&mut dyn Room> {
        each_width!(self, _len => None, v => Some(v))
    }

    /// Code of `row`; 0 ("no value") beyond the end.
    pub fn get(&self, row: usize) -> u32 {
        each_width!(self, _len => 0, v => v.get(row).map_or(0, |code| u32::from(*code)))
    }

    /// Adds a row.
    #[inline]
    pub fn push(&mut self, code: u32) {
        match self {
            Self::Zero(len) if code == 0 => return *len += 1,
            Self::U8(v) => {
                if let Ok(code) = u8::try_from(code) {
                    return v.push(code);
                }
            }
            Self::U16(v) => {
                if let Ok(code) = u16::try_from(code) {
                    return v.push(code);
                }
            }
            Self::U32(v) => return v.push(code),
            Self::Zero(_) => {}
        }
        self.widen_for(code);
        self.push(code);
    }

    /// Adds a row for each of `codes`.
    pub fn push_all(&mut self, codes: impl ExactSizeIterator<Item = u32> + Clone) {
        // All bits together need the width that the largest does.
        self.widen_for(codes.clone().fold(0, |all, code| all | code));
        match self {
            Self::Zero(len) => *len += codes.len(),
            Self::U8(v) => v.extend(codes.map(narrow::<u8>)),
            Self::U16(v) => v.extend(codes.map(narrow::<u16>)),
            Self::U32(v) => v.extend(codes),
        }
    }

    /// Replaces the code of `row`, which must be there.
    pub fn set(&mut self, row: usize, code: u32) {
        self.widen_for(code);
        match self {
            Self::Zero(_) => {}
            Self::U8(v) => v[row] = narrow(code),
            Self::U16(v) => v[row] = narrow(code),
            Self::U32(v) => v[row] = code,
        }
    }

    /// An empty column of the same width with room for `rows`.
    pub fn emptied(&self, rows: usize) -> Self {
        match self {
            Self::Zero(_) => Self::Zero(0),
            Self::U8(_) => Self::U8(Vec::with_capacity(rows)),
            Self::U16(_) => Self::U16(Vec::with_capacity(rows)),
            Self::U32(_) => Self::U32(Vec::with_capacity(rows)),
        }
    }

    /// Adds all rows of `other`.
    pub fn append(&mut self, other: &Self) {
        let widest = match other {
            Self::Zero(_) => 0,
            Self::U8(_) => u32::from(u8::MAX),
            Self::U16(_) => u32::from(u16::MAX),
            Self::U32(_) => u32::MAX,
        };
        self.widen_for(widest);
        match self {
            Self::Zero(len) => *len += other.len(),
            Self::U8(v) => {
                each_width!(other, len => v.resize(v.len() + len, 0), o => v.extend(o.iter().map(|code| narrow::<u8>(u32::from(*code)))))
            }
            Self::U16(v) => {
                each_width!(other, len => v.resize(v.len() + len, 0), o => v.extend(o.iter().map(|code| narrow::<u16>(u32::from(*code)))))
            }
            Self::U32(v) => {
                each_width!(other, len => v.resize(v.len() + len, 0), o => v.extend(o.iter().map(|code| u32::from(*code))))
            }
        }
    }

    /// Drops the rows from `len` on.
    pub fn truncate(&mut self, len: usize) {
        each_width!(self, rows => *rows = len.min(*rows), v => v.truncate(len));
    }

    /// All codes, first row first.
    pub fn iter(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        each_width!(self, len => Box::new(std::iter::repeat_n(0, *len)), v => Box::new(v.iter().map(|code| u32::from(*code))))
    }

    /// Codes of the rows `start + pick`, one for each of `picks`, into `out` (which is cleared). A row
    /// beyond the end gives 0.
    pub fn gather(&self, start: usize, picks: &[u16], out: &mut Vec<u32>) {
        out.clear();
        each_width!(self, _len => out.resize(picks.len(), 0), v => {
            let block = v.get(start..).unwrap_or_default();
            out.extend(picks.iter().map(|pick| block.get(usize::from(*pick)).map_or(0, |code| u32::from(*code))));
        });
    }

    /// Codes of `len` rows from `start` on into `out` (which is cleared), fewer at the end.
    pub fn read(&self, start: usize, len: usize, out: &mut Vec<u32>) {
        out.clear();
        each_width!(self, all => out.resize(all.saturating_sub(start).min(len), 0), v => {
            let rows = v.get(start..v.len().min(start + len)).unwrap_or_default();
            out.extend(rows.iter().map(|code| u32::from(*code)));
        });
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        each_width!(self, _len => 0, v => v.capacity() * width(v))
    }

    /// Makes the column as wide as `code` asks, with its rows and its room.
    fn widen_for(&mut self, code: u32) {
        let room = each_width!(self, len => *len, v => v.capacity());
        let mut wider = match (&*self, code) {
            (Self::Zero(_), 0) | (Self::U8(_), ..=0xFF) | (Self::U16(_), ..=0xFFFF) | (Self::U32(_), _) => {
                return;
            }
            (_, ..=0xFF) => Self::U8(Vec::with_capacity(room)),
            (_, ..=0xFFFF) => Self::U16(Vec::with_capacity(room)),
            _ => Self::U32(Vec::with_capacity(room)),
        };
        match &mut wider {
            Self::Zero(_) => {}
            Self::U8(v) => v.extend(self.iter().map(narrow::<u8>)),
            Self::U16(v) => v.extend(self.iter().map(narrow::<u16>)),
            Self::U32(v) => v.extend(self.iter()),
        }
        *self = wider;
    }
}

impl Extend<u32> for Codes {
    fn extend<T: IntoIterator<Item = u32>>(&mut self, codes: T) {
        codes.into_iter().for_each(|code| self.push(code));
    }
}

impl FromIterator<u32> for Codes {
    fn from_iter<T: IntoIterator<Item = u32>>(codes: T) -> Self {
        let mut column = Self::default();
        column.extend(codes);
        column
    }
}

/// `code` in a width that holds it, as [`Codes::widen_for`] has seen to.
fn narrow<T: TryFrom<u32> + Default>(code: u32) -> T {
    T::try_from(code).unwrap_or_default()
}

const fn width<T>(_: &Vec<T>) -> usize {
    size_of::<T>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widens_where_it_must_and_keeps_all() {
        let mut codes = Codes::default();
        let values = [0, 255, 7, 256, 65_535, 65_536, 3];
        for code in values {
            codes.push(code);
        }
        assert!(codes.iter().eq(values));
        codes.set(2, u32::MAX);
        assert_eq!(codes.get(2), u32::MAX);
        assert_eq!(codes.get(99), 0);
        assert!(matches!((0..200).collect(), Codes::U8(_)));
        assert!(matches!([0, 0].into_iter().collect(), Codes::Zero(2)));
        let mut jump = Codes::default();
        jump.push_all([1, 70_000].into_iter());
        assert!(matches!(jump, Codes::U32(_)));
        let mut out = Vec::new();
        codes.gather(1, &[0, 2, 200], &mut out);
        assert_eq!(out, [255, 256, 0]);
    }
}
