//! Status words → [`Status`].

use super::header::fold;
use super::memo::Memo;
use crate::model::Status;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const TEXT: &str = include_str!("statuses.txt");

static TABLE: LazyLock<FxHashMap<String, State>> = LazyLock::new(|| {
    let lines = TEXT
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "));
    let words = lines.flat_map(|(status, words)| {
        let state = Status::from_id(status).map_or(State::Nothing, State::Is);
        words.split(" | ").map(move |word| (key(word), state))
    });
    words.collect()
});

/// What a status cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing: empty, or "no after-sale".
    Nothing,
    /// This.
    Is(Status),
    /// A word that is not known.
    Unknown,
}

/// The status words of one file: each different cell is worked out once.
#[derive(Debug, Default)]
pub(super) struct States {
    memo: Memo<State>,
    seen: FxHashMap<Box<str>, State>,
}

impl States {
    /// What `cell` says.
    pub(super) fn read(&mut self, cell: &str) -> State {
        if cell.is_empty() {
            return State::Nothing;
        }
        let seen = &mut self.seen;
        let state = self.memo.of(cell, |cell| {
            if let Some(state) = seen.get(cell) {
                return *state;
            }
            let state = state(cell);
            // A file has a few dozen words; a column of free text must not fill the memory.
            if seen.len() < 10_000 {
                seen.insert(cell.into(), state);
            }
            state
        });
        state.copied().unwrap_or(State::Unknown)
    }
}

fn state(cell: &str) -> State {
    let word = key(cell);
    if word.is_empty() {
        return State::Nothing;
    }
    if let Some(state) = TABLE.get(&word) {
        return *state;
    }
    // Platforms add to their words: `Shipped - Lost in Transit`, `已发货，退款成功`.
    const PARTS: [(&str, Status); 8] = [
        ("退款成功", Status::Refunded),
        ("退款中", Status::Refunding),
        ("交易成功", Status::Completed),
        ("交易关闭", Status::Cancelled),
        ("已取消", Status::Cancelled),
        ("卖家已发货", Status::Shipped),
        ("买家已付款", Status::Paid),
        ("等待买家付款", Status::Created),
    ];
    if word.starts_with("shipped") {
        return State::Is(Status::Shipped);
    }
    PARTS
        .iter()
        .find(|(part, _)| word.contains(part))
        .map_or(State::Unknown, |(_, status)| State::Is(*status))
}

/// A word without case, blanks and punctuation.
fn key(word: &str) -> String {
    word.chars()
        .filter_map(fold)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expect: State) {
        assert_eq!(States::default().read(cell), expect, "{cell:?}");
    }

    #[test]
    fn words_of_platforms() {
        for (cell, status) in [
            ("Shipped - Delivered to Buyer", Status::Completed),
            ("Shipped - Returned to Seller", Status::Refunded),
            ("Shipped - Returning to Seller", Status::Refunding),
            ("Shipped - Rejected by Buyer", Status::Refunding),
            ("Shipped - Lost in Transit", Status::Shipped),
            ("Shipped - Damaged", Status::Shipped),
            ("Shipped - Picked Up", Status::Shipped),
            ("Shipped", Status::Shipped),
            ("Shipping", Status::Shipped),
            ("Pending", Status::Created),
            ("Pending - Waiting for Pick Up", Status::Paid),
            ("Unshipped", Status::Paid),
            ("Cancelled", Status::Cancelled),
            ("等待买家付款", Status::Created),
            ("买家已付款，等待卖家发货", Status::Paid),
            ("买家已付款,等待卖家发货", Status::Paid),
            ("卖家已发货，等待买家确认", Status::Shipped),
            ("交易成功", Status::Completed),
            ("交易关闭", Status::Cancelled),
            ("已取消", Status::Cancelled),
            ("取消", Status::Cancelled),
            ("退款成功", Status::Refunded),
            ("已签收，退款成功", Status::Refunded),
            ("To ship", Status::Paid),
            ("Dikirim", Status::Shipped),
            ("partially_refunded", Status::Refunded),
            ("on-hold", Status::Created),
        ] {
            check(cell, State::Is(status));
        }
        for cell in ["", "-", "——", "无售后或售后取消", "没有申请退款"] {
            check(cell, State::Nothing);
        }
        check("Quantum superposition", State::Unknown);
    }

    #[test]
    fn no_word_means_two_things() {
        let mut seen = FxHashMap::default();
        for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
            let Some((status, words)) = line.split_once(": ") else {
                continue;
            };
            assert!(status == "none" || Status::from_id(status).is_some(), "{status}");
            for word in words.split(" | ") {
                assert_eq!(seen.insert(key(word), status), None, "{word}");
            }
        }
    }
}
