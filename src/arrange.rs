//! Short lists in order, by one sort for all types.
//!
//! Each type of element that a sort of `std` is used with costs 9 KB of the page. Of a million elements that is
//! well spent; of the few hundred that a screen is chosen from it is not.

use std::cmp::Ordering;

/// Puts `items` in order; those that compare equal stay as they came.
pub fn arrange<T>(items: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    if items.len() < 2 {
        return;
    }
    let mut places: Vec<usize> = (0..items.len()).collect();
    sort(&mut places, &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(
        places
            .into_iter()
            .filter_map(|place| taken.get_mut(place)?.take()),
    );
}

fn sort(places: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    places.sort_unstable_by(|a, b| compare(*a, *b).then(a.cmp(b)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn order_is_that_of_a_stable_sort(keys in proptest::collection::vec(0_u8..9, 0..60)) {
            let mut items: Vec<(u8, String)> =
                keys.iter().enumerate().map(|(at, key)| (*key, at.to_string())).collect();
            let mut expect = items.clone();
            expect.sort_by_key(|(key, _)| *key);
            arrange(&mut items, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(items, expect);
        }
    }
}
