//! Where delimiters, quotes and line ends stand, 64 bytes at a time.

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
    dividers: Dividers,
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
            dividers,
            next_block: at,
            left: 0,
        }
    }

    /// The marks of the next block; `None` after the last.
    fn block(&mut self) -> Option<u64> {
        let rest = self.bytes.get(self.next_block..).unwrap_or_default();
        self.next_block += BLOCK;
        if let Some(block) = rest.first_chunk::<BLOCK>() {
            return Some(found(block, self.dividers));
        }
        if rest.is_empty() {
            return None;
        }
        let mut block = [0; BLOCK];
        block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        // Less than a block is left, so the shift is by less than the width.
        Some(found(&block, self.dividers) & ((1 << rest.len()) - 1))
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

/// One bit for each byte of `block`, the first lowest: set where it is a divider or ends a line.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline]
fn found(block: &[u8; BLOCK], dividers: Dividers) -> u64 {
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2, v128_or};
    let delimiter = u8x16_splat(dividers.delimiter);
    let quote = u8x16_splat(dividers.quote);
    let (feed, back) = (u8x16_splat(b'\n'), u8x16_splat(b'\r'));
    let (parts, _) = block.as_chunks::<16>();
    let mut bits = 0;
    for (at, part) in parts.iter().enumerate() {
        // The compiler makes one load of the two.
        let (words, _) = part.as_chunks::<8>();
        let word = |at: usize| words.get(at).map_or(0, |word| u64::from_le_bytes(*word));
        let bytes = u64x2(word(0), word(1));
        let cell = v128_or(u8x16_eq(bytes, delimiter), u8x16_eq(bytes, quote));
        let line = v128_or(u8x16_eq(bytes, feed), u8x16_eq(bytes, back));
        bits |= u64::from(u8x16_bitmask(v128_or(cell, line))) << (at * 16);
    }
    bits
}

/// One bit for each byte of `block`, the first lowest: set where it is a divider or ends a line.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline]
fn found(block: &[u8; BLOCK], dividers: Dividers) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let spread = |byte: u8| u64::from(byte) * 0x0101_0101_0101_0101;
    let needles = [dividers.delimiter, dividers.quote, b'\n', b'\r'].map(spread);
    let (words, _) = block.as_chunks::<8>();
    let mut bits = 0;
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The top bit of a byte of `x & LOW + LOW | x` is clear only where the byte is zero.
        let others = needles.iter().fold(u64::MAX, |others, needle| {
            let x = word ^ needle;
            others & (((x & LOW) + LOW) | x)
        });
        // Gathers the top bits of the eight bytes.
        let tops = (!others & !LOW) >> 7;
        bits |= (tops.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (at * 8);
    }
    bits
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
