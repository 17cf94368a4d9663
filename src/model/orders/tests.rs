use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn line<'a>(order_id: &'a str, line_id: LineId<'a>, sku: &'a str) -> OrderLine<'a> {
    let mut dims = [""; Dim::COUNT];
    dims[Dim::Sku.index()] = sku;
    OrderLine {
        source: "s",
        order_id,
        line_id,
        created_at: UtcMillis(1_772_000_000_000),
        paid_at: None,
        shipped_at: None,
        updated_at: None,
        status: Status::Paid,
        title: "",
        quantity: Some(Fixed::from_units(1)),
        amount: None,
        paid_amount: None,
        refund_amount: None,
        currency: "",
        city: "",
        customer: 0,
        dims,
    }
}

/// The plain way: a map from key to the last version.
#[derive(Default)]
struct Plain(BTreeMap<(String, String, String, u32), (i64, i64)>);

proptest! {
    /// Batches of few orders (some with far too many lines), with and without line ids, against a map.
    #[test]
    fn merges_as_a_map_of_keys(
        batches in proptest::collection::vec(
            proptest::collection::vec((0_u8..3, 0_u8..4, 0_u8..3, 0_i64..4, -1_i64..3), 0..120),
            1..4,
        ),
    ) {
        let (mut table, mut taken, mut plain) = (OrderTable::default(), OrderTable::default(), Plain::default());
        for (at, rows) in batches.iter().enumerate() {
            let before = plain.0.len();
            let (mut batch, mut coder) = (OrderBatch::default(), OrderCoder::with_lines(5));
            let mut counts: BTreeMap<(u8, u8), u32> = BTreeMap::new();
            for (order, given, sku, units, updated) in rows {
                let texts = [order.to_string(), given.to_string(), sku.to_string()];
                let id = if *given == 0 { LineId::Counted } else { LineId::Given(&texts[1]) };
                let updated_at = (*updated >= 0).then_some(UtcMillis(*updated));
                let quantity = Some(Fixed::from_units(*units));
                let line = OrderLine { quantity, updated_at, ..line(&texts[0], id, &texts[2]) };
                if at % 2 == 0 {
                    batch.push(&line);
                } else {
                    coder.push(&line);
                }
                let key = if *given == 0 {
                    let next = counts.entry((*order, *sku)).or_default();
                    *next += 1;
                    (texts[0].clone(), String::new(), texts[2].clone(), *next)
                } else {
                    (texts[0].clone(), texts[1].clone(), String::new(), 0)
                };
                // The SKU is part of what a line with an id says.
                let version = (*updated, units * 10 + i64::from(*sku));
                match plain.0.get(&key) {
                    Some(old) if version.0 < old.0 || version == *old => continue,
                    _ => {}
                }
                plain.0.insert(key, version);
            }
            if at % 2 == 1 {
                for block in coder.finish() {
                    let bytes = postcard::to_allocvec(&block).unwrap();
                    batch.enter(postcard::from_bytes(&bytes).unwrap());
                }
            }
            let merge = table.merge(&batch);
            prop_assert_eq!(taken.take(batch), merge);
            prop_assert_eq!(merge.new, (plain.0.len() - before) as u64);
            prop_assert_eq!(merge.new + merge.updated + merge.same, rows.len() as u64);
        }
        for table in [&table, &taken] {
            let c = table.columns();
            let mut seen: Vec<(String, i64, i64)> = (0..c.len())
                .map(|row| {
                    let units = c.quantity.raw(row) / Fixed::SCALE;
                    let sku: i64 = c.dict(Dim::Sku).text(c.dim(Dim::Sku).get(row)).parse().unwrap();
                    let updated = c.updated_at.get(row).unwrap_or(-1);
                    (c.orders.text(c.order.get(row)).to_owned(), updated, units * 10 + sku)
                })
                .collect();
            let mut expect: Vec<(String, i64, i64)> = plain
                .0
                .iter()
                .map(|(key, version)| (key.0.clone(), version.0, version.1))
                .collect();
            seen.sort();
            expect.sort();
            prop_assert_eq!(seen, expect);
        }
    }
}

#[test]
fn an_order_number_on_every_row_is_no_quadratic_walk() {
    let mut batch = OrderBatch::default();
    for row in 0..200_000 {
        let sku = (row % 7).to_string();
        batch.push(&line("0", LineId::Counted, &sku));
    }
    let mut table = OrderTable::default();
    assert_eq!(table.merge(&batch).new, 200_000);
    assert_eq!(table.merge(&batch).same, 200_000);
    assert!(table.chains().is_of_wide(0) && table.chains().is_of_wide(199_999));
}

#[test]
fn a_removed_line_comes_back_with_its_key() {
    let mut batch = OrderBatch::default();
    batch.push(&line("1", LineId::Counted, "a"));
    batch.push(&line("1", LineId::Counted, "a"));
    let mut table = OrderTable::default();
    table.take(batch.clone());
    table.remove(1);
    table.remove(99);
    assert_eq!((table.len(), table.columns().len()), (1, 2));
    let merge = table.merge(&batch);
    assert_eq!((merge.new, merge.same, table.len()), (1, 1, 2));
}
