//! What texts of a column came to, for columns of few different values.

/// Places for texts: so many that of twenty shops hardly two share one, which would then drive each other out row by
/// row. What is not used costs nothing near the processor.
const SLOTS: usize = 1 << 10;

/// Remembers the values last worked out, at most one for each of a few hashes of the text.
#[derive(Debug)]
pub(super) struct Memo<V> {
    slots: Vec<Option<(String, V)>>,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self {
            slots: (0..SLOTS).map(|_| None).collect(),
        }
    }
}

impl<V> Memo<V> {
    /// The value of `text`, worked out by `make` unless it is remembered.
    pub(super) fn of(&mut self, text: &str, make: impl FnOnce(&str) -> V) -> Option<&V> {
        let slot = self.slots.get_mut(slot_of(text.as_bytes()))?;
        let is_known = slot
            .as_ref()
            .is_some_and(|(known, _)| same(known.as_bytes(), text.as_bytes()));
        if !is_known {
            *slot = Some((text.to_owned(), make(text)));
        }
        slot.as_ref().map(|(_, value)| value)
    }
}

fn slot_of(text: &[u8]) -> usize {
    let word = |chunk: Option<&[u8; 8]>| chunk.map(|chunk| u64::from_le_bytes(*chunk));
    let ends = match (word(text.first_chunk()), word(text.last_chunk())) {
        (Some(first), Some(last)) => first ^ last.rotate_left(29),
        _ => text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let mixed = (ends ^ text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as usize % SLOTS
}

/// Whether two texts are equal. Wasm compares byte by byte where this takes eight at once.
fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let ((words, rest), (others, other_rest)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    let equal = |(word, other): (&[u8; 8], &[u8; 8])| u64::from_le_bytes(*word) == u64::from_le_bytes(*other);
    words.iter().zip(others).all(equal)
        && match (one.last_chunk(), other.last_chunk()) {
            (Some(end), Some(other_end)) => equal((end, other_end)),
            _ => rest.iter().eq(other_rest),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_those_of_their_texts() {
        let mut memo = Memo::default();
        for round in 0..2 {
            for number in 0..1000 {
                let text = format!("value {}", number % 90);
                assert_eq!(memo.of(&text, str::to_owned), Some(&text), "{round}");
            }
        }
        let mut memo = Memo::default();
        assert_eq!(memo.of("a", |_| 1), Some(&1));
        assert_eq!(memo.of("a", |_| 2), Some(&1));
    }

    proptest! {
        #[test]
        fn equal_is_what_slices_say(one in "[ab]{0,20}", other in "[ab]{0,20}", at in 0_usize..20) {
            prop_assert_eq!(same(one.as_bytes(), other.as_bytes()), one == other);
            prop_assert!(same(one.as_bytes(), one.clone().as_bytes()));
            let mut bent = one.clone().into_bytes();
            if let Some(byte) = bent.get_mut(at) {
                *byte ^= 1;
                prop_assert!(!same(one.as_bytes(), &bent));
            }
        }
    }
}
