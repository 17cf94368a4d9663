//! Room for rows to come, before it is needed.
//!
//! A vector that is full moves all it holds. Columns of one table are filled alike and would all move with the same
//! row, which a feed that is watched shows as a stutter; so they are given room one after the other, ahead.

/// What grows with the rows of a table.
pub(super) trait Room {
    /// Elements it holds, whatever they are.
    fn held(&self) -> usize;
    /// How many more it holds before it moves.
    fn spare(&self) -> usize;
    /// Makes room for so many more, if there is room.
    fn give(&mut self, more: usize);
}

/// Smaller ones move within no time.
const SMALL: usize = 1 << 16;
/// Room that is little: this part of what is held, beside what comes at once.
const LITTLE: usize = 32;
/// Room that is given: this part of what is held.
const GIVEN: usize = 4;

/// Gives room to those of `columns` that would be full first: to one of them where few rows are `coming` at a time,
/// to as many as need it until their turn comes again where many are. Whether any was given.
pub(super) fn make_room(mut columns: Vec<&mut dyn Room>, coming: usize) -> bool {
    let rows = columns.iter().map(|column| column.held()).max().unwrap_or(0);
    // Twice as many as would just do.
    let turns = (coming.saturating_mul(columns.len() * LITTLE * 2) / rows.max(1)).max(1);
    // Of what is held, since some hold letters, others rows.
    let little = |held: usize| held / LITTLE + held / (rows / coming.max(1)).max(1);
    columns.retain(|column| column.held() > SMALL && column.spare() < little(column.held()));
    let mut is_given = false;
    for _ in 0..turns {
        let left = |column: &&mut dyn Room| column.spare() as u64 * 1024 / column.held() as u64;
        let least = (0..columns.len()).min_by_key(|at| columns.get(*at).map(left));
        let Some(least) = least else { break };
        let column = columns.swap_remove(least);
        let before = column.spare();
        column.give(column.held() / GIVEN);
        is_given |= column.spare() > before;
    }
    is_given
}

impl<T> Room for Vec<T> {
    fn held(&self) -> usize {
        self.len()
    }

    fn spare(&self) -> usize {
        self.capacity() - self.len()
    }

    fn give(&mut self, more: usize) {
        // Without memory for it, it is asked for again when a row comes.
        let _ = self.try_reserve_exact(more);
    }
}

impl Room for String {
    fn held(&self) -> usize {
        self.len()
    }

    fn spare(&self) -> usize {
        self.capacity() - self.len()
    }

    fn give(&mut self, more: usize) {
        let _ = self.try_reserve_exact(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a push would move of `columns` that are filled alike, `coming` rows at a time, from `rows` on; and how
    /// many were given room at once, at most.
    fn moved(columns: usize, rows: usize, coming: usize, batches: usize) -> (usize, usize) {
        // As after a file: a little room, and full with the same row.
        let mut all: Vec<Vec<u8>> = (0..columns)
            .map(|_| {
                let mut column = Vec::with_capacity(rows + rows / LITTLE);
                column.resize(rows, 0);
                column
            })
            .collect();
        let (mut moved, mut most) = (0, 0);
        for _ in 0..batches {
            for column in &mut all {
                moved += usize::from(column.spare() < coming);
                column.resize(column.len() + coming, 0);
            }
            let before: Vec<usize> = all.iter().map(Vec::capacity).collect();
            make_room(
                all.iter_mut().map(|column| column as &mut dyn Room).collect(),
                coming,
            );
            let given = all
                .iter()
                .zip(before)
                .filter(|(column, before)| column.capacity() != *before);
            most = most.max(given.count());
        }
        (moved, most)
    }

    #[test]
    fn room_is_there_before_the_row() {
        assert_eq!(moved(30, 1_000_000, 1_000, 700), (0, 1));
        assert_eq!(moved(30, 300_000, 4_000, 200), (0, 25));
        assert_eq!(moved(2, 100_000, 1, 5_000), (0, 1));
        // Small ones and great batches move as vectors do.
        assert!(moved(3, 1_000, 100, 3).0 > 0);
        assert!(moved(3, 100_000, 100_000, 3).0 > 0);
    }
}
