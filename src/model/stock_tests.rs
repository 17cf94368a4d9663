use super::*;

const LEVEL: StockLevel<'static> = StockLevel {
    source: "s",
    sku: "A",
    warehouse: "east",
    title: "",
    category: "",
    brand: "",
    on_hand: None,
    available: None,
    inbound: None,
    unit_cost: None,
    arrives: None,
    as_of: None,
};

/// What a level says: units there, units on their way, what one costs, when more is expected, when it was counted.
type Word = [Option<i64>; 5];

fn level([on_hand, inbound, cost, arrives, as_of]: Word) -> StockLevel<'static> {
    StockLevel {
        on_hand: on_hand.map(Fixed::from_units),
        inbound: inbound.map(Fixed::from_units),
        unit_cost: cost.map(Fixed::from_units),
        arrives: arrives.map(UtcMillis),
        as_of: as_of.map(UtcMillis),
        ..LEVEL
    }
}

fn batch(words: &[Word]) -> StockBatch {
    let mut batch = StockBatch::default();
    words.iter().for_each(|word| batch.push(&level(*word)));
    batch
}

fn said(columns: &StockColumns) -> Word {
    let raw = |column: &[i64]| (column[0] != OrderColumns::NONE).then_some(column[0]);
    let units = |column: &[i64]| raw(column).map(|raw| raw / Fixed::SCALE);
    assert_eq!(columns.len(), 1);
    [
        units(&columns.on_hand),
        units(&columns.inbound),
        units(&columns.unit_cost),
        raw(&columns.arrives),
        raw(&columns.as_of),
    ]
}

#[test]
fn bins_add_up_and_tell_the_last_cost_and_the_next_arrival() {
    for (first, second, all) in [
        // Quantities are added, the later word of the cost holds, the earlier arrival is the next.
        (
            [Some(3), Some(1), Some(8), Some(500), None],
            [Some(4), Some(2), Some(9), Some(400), None],
            [Some(7), Some(3), Some(9), Some(400), None],
        ),
        // What one bin does not say the other may.
        (
            [Some(3), None, Some(8), None, None],
            [None, Some(2), None, Some(400), Some(90)],
            [Some(3), Some(2), Some(8), Some(400), Some(90)],
        ),
        // An arrival from before the count is none that comes.
        (
            [Some(3), None, None, Some(50), Some(80)],
            [Some(1), None, None, Some(400), Some(90)],
            [Some(4), None, None, Some(400), Some(90)],
        ),
        // Of a bin that nothing is on its way to, an arrival says nothing.
        (
            [None, Some(0), None, Some(50), None],
            [None, Some(6), None, Some(60), None],
            [None, Some(6), None, Some(60), None],
        ),
    ] {
        let batch = batch(&[first, second]);
        assert_eq!(
            (said(batch.columns()), batch.added()),
            (all, 1),
            "{first:?} {second:?}"
        );
    }
}

#[test]
fn a_level_keeps_what_the_next_word_leaves_out() {
    let known = [Some(3), Some(6), Some(8), Some(500), Some(10)];
    for (word, expect, change) in [
        // A report of counts alone forgets neither cost nor arrival.
        (
            [Some(2), None, None, None, Some(20)],
            [Some(2), None, Some(8), Some(500), Some(20)],
            1,
        ),
        (
            [Some(2), Some(6), None, None, Some(20)],
            [Some(2), Some(6), Some(8), Some(500), Some(20)],
            1,
        ),
        // Nothing is on its way any more: the cost stays.
        (
            [Some(9), Some(0), None, None, Some(20)],
            [Some(9), Some(0), Some(8), None, Some(20)],
            1,
        ),
        // Later words hold.
        (
            [Some(3), Some(6), Some(7), Some(600), Some(20)],
            [Some(3), Some(6), Some(7), Some(600), Some(20)],
            1,
        ),
        // Only the arrival is another: that is a change. Nothing is, or it is older: it is none.
        (
            [Some(3), Some(6), None, Some(501), Some(10)],
            [Some(3), Some(6), Some(8), Some(501), Some(10)],
            1,
        ),
        ([Some(3), Some(6), None, None, Some(20)], known, 0),
        ([Some(1), Some(6), Some(1), Some(1), Some(9)], known, 0),
    ] {
        let mut table = StockTable::default();
        table.merge(&batch(&[known]));
        let (merge, mut journal) = table.enter(&batch(&[word]));
        assert_eq!(said(table.columns()), expect, "{word:?}");
        assert_eq!(
            (merge.new, merge.updated, merge.same),
            (0, change, 1 - change),
            "{word:?}"
        );
        // And back, and again.
        table.undo(&mut journal);
        assert_eq!(said(table.columns()), known, "{word:?}");
        table.redo(&mut journal);
        assert_eq!(said(table.columns()), expect, "{word:?}");
    }
}
