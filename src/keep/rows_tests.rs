use super::*;
use crate::model::{LineId, OrderLine, OrderTable, StockLevel, StockTable};
use crate::money::Fixed;
use crate::time::UtcMillis;
use proptest::prelude::*;

fn all(mut chunk: impl FnMut(usize) -> Option<Vec<u8>>) -> Vec<u8> {
    (0..).map_while(&mut chunk).flatten().collect()
}

/// Values with many equal ones, with steps in common, and with the extremes.
fn value() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        2 => Just(None),
        3 => (0_i64..300).prop_map(|n| Some(n * 10_000)),
        3 => (-90_000_i64..90_000).prop_map(|n| Some(n * 86_400_000)),
        1 => any::<i64>().prop_map(|n| Some(n.max(i64::MIN + 1))),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-cA-C抖音 ]{0,4}", "[a-z0-9-]{1,12}"]
}

type Line = (Vec<String>, Vec<Option<i64>>, u64, u8, bool);

fn line() -> impl Strategy<Value = Line> {
    let texts = prop::collection::vec(text(), 6 + Dim::COUNT);
    let values = prop::collection::vec(value(), 8);
    (texts, values, any::<u64>(), any::<u8>(), any::<bool>())
}

fn order_batch(lines: &[Line]) -> OrderBatch {
    let mut batch = OrderBatch::default();
    for (texts, values, customer, status, given) in lines {
        let at = |n: usize| values[n].map(UtcMillis);
        let fixed = |n: usize| values[n].map(Fixed::from_raw);
        batch.push(&OrderLine {
            source: &texts[0],
            order_id: &texts[1],
            line_id: if *given {
                LineId::Given(&texts[2])
            } else {
                LineId::Counted
            },
            created_at: at(0).unwrap_or(UtcMillis(0)),
            paid_at: at(1),
            shipped_at: at(2),
            updated_at: at(3),
            status: Status::ALL[usize::from(*status) % Status::ALL.len()],
            title: &texts[3],
            quantity: fixed(4),
            amount: fixed(5),
            paid_amount: fixed(6),
            refund_amount: fixed(7),
            currency: &texts[4],
            city: &texts[5],
            customer: *customer,
            dims: std::array::from_fn(|dim| texts[6 + dim].as_str()),
        });
    }
    batch
}

fn stock_batch(levels: &[Line]) -> StockBatch {
    let mut batch = StockBatch::default();
    for (texts, values, ..) in levels {
        let fixed = |n: usize| values[n].map(Fixed::from_raw);
        batch.push(&StockLevel {
            source: &texts[0],
            sku: &texts[1],
            warehouse: &texts[2],
            title: &texts[3],
            category: &texts[4],
            brand: &texts[5],
            on_hand: fixed(0),
            available: fixed(1),
            inbound: fixed(2),
            unit_cost: fixed(4),
            arrives: values[5].map(UtcMillis),
            as_of: values[3].map(UtcMillis),
        });
    }
    batch
}

/// Every value of every row, as text.
fn rows(bytes: impl Fn(usize) -> Option<Vec<u8>>, shown: &impl std::fmt::Debug) -> (Vec<u8>, String) {
    (all(bytes), format!("{shown:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn order_lines_come_back(lines in prop::collection::vec(line(), 0..40)) {
        let batch = order_batch(&lines);
        let (bytes, shown) = rows(|at| orders_chunk(batch.columns(), at), batch.columns());
        let back = orders(&bytes).unwrap();
        prop_assert_eq!(format!("{:?}", back.columns()), shown);
        // A table too, and it is the same table.
        let mut table = OrderTable::default();
        table.merge(&batch);
        let (bytes, shown) = rows(|at| orders_chunk(table.columns(), at), table.columns());
        let mut again = OrderTable::default();
        again.merge(&orders(&bytes).unwrap());
        prop_assert_eq!(format!("{:?}", again.columns()), shown);
        prop_assert_eq!(again.merge(&batch), table.merge(&batch));
    }

    #[test]
    fn stock_levels_come_back(levels in prop::collection::vec(line(), 0..40)) {
        let batch = stock_batch(&levels);
        let (bytes, shown) = rows(|at| stock_chunk(batch.columns(), &batch.names, at), batch.columns());
        let back = stock(&bytes).unwrap();
        prop_assert_eq!(format!("{:?}", back.columns()), shown);
        let mut table = StockTable::default();
        table.merge(&batch);
        let (bytes, shown) = rows(|at| stock_chunk(table.columns(), &table.names().columns(), at), table.columns());
        let mut again = StockTable::default();
        again.merge(&stock(&bytes).unwrap());
        prop_assert_eq!(format!("{:?}", again.columns()), shown);
    }

    /// Without the checksum that guards them, changed bytes are refused or are other rows; rows that came of
    /// them can be merged and stored.
    #[test]
    fn changed_bytes_are_refused_or_rows(
        lines in prop::collection::vec(line(), 1..10),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let (order_lines, levels) = (order_batch(&lines), stock_batch(&lines));
        let mut order_bytes = all(|at| orders_chunk(order_lines.columns(), at));
        let mut stock_bytes = all(|at| stock_chunk(levels.columns(), &levels.names, at));
        for bytes in [&mut order_bytes, &mut stock_bytes] {
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            if is_cut {
                bytes.truncate(cut.index(bytes.len()));
            }
        }
        if let Ok(batch) = orders(&order_bytes) {
            let mut table = OrderTable::default();
            table.merge(&batch);
            prop_assert!(orders(&all(|at| orders_chunk(table.columns(), at))).is_ok());
        }
        if let Ok(batch) = stock(&stock_bytes) {
            let mut table = StockTable::default();
            table.merge(&batch);
            prop_assert!(stock(&all(|at| stock_chunk(table.columns(), &table.names().columns(), at))).is_ok());
        }
    }

    #[test]
    fn any_bytes_are_rows_or_damage(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = orders(&bytes);
        let _ = stock(&bytes);
    }

    #[test]
    fn integers_come_back(values in prop::collection::vec(value(), 0..60)) {
        let values: Vec<i64> = values.into_iter().map(|value| value.unwrap_or(i64::MIN)).collect();
        let mut bytes = Vec::new();
        column::put_ints(&mut bytes, &values);
        let from = &mut Reader::new(&bytes);
        prop_assert_eq!(column::ints(from, values.len()).unwrap(), values);
        prop_assert!(from.end().is_ok());
    }
}

#[test]
fn a_column_takes_the_narrowest_width() {
    let width = |values: &[i64]| {
        let mut bytes = Vec::new();
        column::put_ints(&mut bytes, values);
        bytes[0]
    };
    assert_eq!(width(&[i64::MIN; 3]), 0);
    assert_eq!(width(&[5, 5, i64::MIN]), 1);
    // Ninety days, without times.
    assert_eq!(width(&(0..90).map(|day| day * 86_400_000).collect::<Vec<_>>()), 1);
    // Prices in whole cents.
    assert_eq!(
        width(&(0..65_000).map(|price| price * 100).collect::<Vec<_>>()),
        2
    );
    assert_eq!(width(&[i64::MIN + 1, 5, i64::MAX]), 8);
}

/// Stock as version 3 stored it: without costs and arrivals, with names and without.
const OLD: &str = concat!(
    "0200000000000000010000000000000001030300000000000000736b75020000000000000001010102000000000000004142",
    "010000000000000001060600000000000000e4b89ce4bb930000000000000000000000000000000000000000000000000000",
    "000000000000000000000000000000000000000000000000000101020101010101010000000150c3000000000000204e0000",
    "00000000010200010000000000000000204e00000000000002010100c2e2d89e01000001000000000000000101",
);
const OLD_NAMES: &str =
    "010000000000000002000000000000000103010400000000000000612d31410100010001010102010000";

#[test]
fn stock_of_an_earlier_version_is_read() {
    for (text, names) in [(OLD.to_owned(), 0), (format!("{OLD}{OLD_NAMES}"), 1)] {
        let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        let bytes: Vec<u8> = (0..text.len()).step_by(2).map(digit).collect();
        let batch = stock(&bytes).unwrap();
        let columns = batch.columns();
        let skus: Vec<&str> = columns.sku.iter().map(|code| columns.skus.text(*code)).collect();
        assert_eq!(skus, ["A", "B"]);
        assert_eq!(
            (&columns.on_hand, &columns.inbound),
            (&vec![50_000, 70_000], &vec![20_000, 0])
        );
        let none = vec![i64::MIN; 2];
        assert_eq!((&columns.unit_cost, &columns.arrives), (&none, &none));
        assert_eq!(batch.names.len(), names);
        // What says neither is stored as it was.
        assert_eq!(all(|at| stock_chunk(columns, &batch.names, at)), bytes);
    }
}
