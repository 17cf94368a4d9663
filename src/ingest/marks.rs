//! Where delimiters, quotes and line ends stand, 64 bytes at a time.

use needles::Needles;

/// Bytes looked at at once.
const BLOCK: usize = 64;

/// The bytes that divide cells and rows. A quote that divides nothing is given as the delimiter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dividers {
    pub delimiter: u8,
    pub quote: u8,
}

/// Places of dividers, CR and LF in a text, in order.
pub(super) struct Marks<'a> {
    bytes: &'a [u8],
    needles: Needles,
    /// Start of the block after the one that `left` is of.
    next_block: usize,
    /// Bit `n`: a mark at byte `n` of the block, not given yet.
    left: u64,
}

impl<'a> Marks<'a> {
    /// The marks of `bytes` from byte `at` on.
    pub(super) fn new(bytes: &'a [u8], at: usize, dividers: Dividers) -> Self {
        Self {
            bytes,
            needles: Needles::new(dividers),
            next_block: at,
            left: 0,
        }
    }

    /// The marks of the next block; `None` after the last.
    fn block(&mut self) -> Option<u64> {
        let rest = self.bytes.get(self.next_block..).unwrap_or_default();
        self.next_block += BLOCK;
        if let Some(block) = rest.first_chunk::<BLOCK>() {
            return Some(self.needles.found(block));
        }
        if rest.is_empty() {
            return None;
        }
        let mut block = [0; BLOCK];
        block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        // Less than a block is left, so the shift is by less than the width.
        Some(self.needles.found(&block) & ((1 << rest.len()) - 1))
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            self.left = self.block()?;
        }
        let at = self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(self.next_block - BLOCK + at)
    }
}

/// Looks at 16 bytes at once.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod needles {
    use super::{BLOCK, Dividers};
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u8x16_swizzle, u64x2, v128, v128_and};

    /// The bytes looked for, each at the place that its low half says: no two of one dialect share theirs.
    #[derive(Clone, Copy)]
    pub(super) struct Needles(v128);

    impl Needles {
        pub(super) fn new(dividers: Dividers) -> Self {
            // Bytes with another low half than their place equal no byte that is looked up there.
            let mut table: [u8; 16] = [1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14];
            for needle in [dividers.delimiter, dividers.quote, b'\n', b'\r'] {
                if let Some(place) = table.get_mut(usize::from(needle & 0x0F)) {
                    *place = needle;
                }
            }
            Self(load(&table))
        }

        /// One bit for each byte of `block`, the first lowest: set where it is looked for.
        #[inline]
        pub(super) fn found(self, block: &[u8; BLOCK]) -> u64 {
            let low = u8x16_splat(0x0F);
            let (parts, _) = block.as_chunks::<16>();
            let mut bits = 0;
            for (at, part) in parts.iter().enumerate() {
                let bytes = load(part);
                let alike = u8x16_swizzle(self.0, v128_and(bytes, low));
                bits |= u64::from(u8x16_bitmask(u8x16_eq(bytes, alike))) << (at * 16);
            }
            bits
        }
    }

    /// One load, without a pointer.
    #[expect(clippy::cast_possible_truncation, reason = "the halves of 128 bits")]
    fn load(bytes: &[u8; 16]) -> v128 {
        let bits = u128::from_le_bytes(*bytes);
        u64x2(bits as u64, (bits >> 64) as u64)
    }
}

/// Looks at eight bytes at once.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod needles {
    use super::{BLOCK, Dividers};

    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;

    /// The bytes looked for, each eight times.
    #[derive(Clone, Copy)]
    pub(super) struct Needles([u64; 4]);

    impl Needles {
        pub(super) fn new(dividers: Dividers) -> Self {
            let spread = |byte: u8| u64::from(byte) * 0x0101_0101_0101_0101;
            Self([dividers.delimiter, dividers.quote, b'\n', b'\r'].map(spread))
        }

        /// One bit for each byte of `block`, the first lowest: set where it is looked for.
        #[inline]
        pub(super) fn found(self, block: &[u8; BLOCK]) -> u64 {
            let (words, _) = block.as_chunks::<8>();
            let mut bits = 0;
            for (at, word) in words.iter().enumerate() {
                let word = u64::from_le_bytes(*word);
                // The top bit of a byte of `((x & LOW) + LOW) | x` is clear only where the byte is zero.
                let others = self.0.iter().fold(u64::MAX, |others, needle| {
                    let x = word ^ needle;
                    others & (((x & LOW) + LOW) | x)
                });
                // Gathers the top bits of the eight bytes.
                let tops = (!others & !LOW) >> 7;
                bits |= (tops.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (at * 8);
            }
            bits
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn marks_are_found_where_they_stand(
            bytes in proptest::collection::vec(
                prop_oneof![4 => any::<u8>(), 1 => prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r')]],
                0..300,
            ),
            from in 0_usize..310,
        ) {
            let dividers = Dividers { delimiter: b',', quote: b'"' };
            let expect: Vec<usize> = (from..bytes.len())
                .filter(|at| matches!(bytes[*at], b',' | b'"' | b'\n' | b'\r'))
                .collect();
            prop_assert_eq!(Marks::new(&bytes, from, dividers).collect::<Vec<_>>(), expect);
        }
    }
}
