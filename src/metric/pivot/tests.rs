//! Random programs of appends, updates, removals, clauses and windows: every answer of [`Live`] is the plain
//! one, whichever way it took.

use super::*;
use crate::model::{LineId, OrderBatch, OrderLine, OrderTable, Status};
use crate::money::Fixed;
use crate::protocol::KeySet;
use crate::query::{Amount, Clauses, Masks};
use crate::time::DAY_MILLIS;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;

const START: i64 = 1_772_000_000_000;

/// One line, in small numbers.
#[derive(Clone, Debug)]
struct Row {
    order: u8,
    line: Option<u8>,
    hours: i64,
    paid_after: Option<i64>,
    is_shipped: bool,
    status: usize,
    quantity: Option<i64>,
    amount: Option<i64>,
    paid: Option<i64>,
    refund: Option<i64>,
    currency: u8,
    customer: u8,
    keys: [u8; 4],
}

fn row() -> impl Strategy<Value = Row> {
    let whole = (
        // Mostly orders of a few lines, some with far too many.
        prop_oneof![3 => 0_u8..60, 1 => Just(200_u8)],
        prop::option::of(0_u8..3),
        0_i64..24 * 40,
        prop::option::of(0_i64..100),
        any::<bool>(),
        0_usize..Status::ALL.len(),
    );
    let amounts = (
        prop::option::of(-2_i64..5),
        prop::option::of(0_i64..300),
        prop::option::of(0_i64..300),
        prop::option::of(-1_i64..20),
        0_u8..3,
        0_u8..5,
    );
    (whole, amounts, [0_u8..4, 0_u8..3, 0_u8..6, 0_u8..3]).prop_map(|(whole, amounts, keys)| {
        let (order, line, hours, paid_after, is_shipped, status) = whole;
        let (quantity, amount, paid, refund, currency, customer) = amounts;
        Row {
            order,
            line,
            hours,
            paid_after,
            is_shipped,
            status,
            quantity,
            amount,
            paid,
            refund,
            currency,
            customer,
            keys,
        }
    })
}

const DIMS: [Dim; 4] = [Dim::Channel, Dim::Category, Dim::Sku, Dim::Warehouse];

fn batch(rows: &[Row]) -> OrderBatch {
    let mut batch = OrderBatch::default();
    for row in rows {
        let keys = row.keys.map(|key| {
            if key == 0 {
                String::new()
            } else {
                format!("K{key}")
            }
        });
        let mut dims = [""; Dim::COUNT];
        for (dim, key) in DIMS.into_iter().zip(&keys) {
            dims[dim.index()] = key;
        }
        let line = row.line.map(|line| line.to_string());
        let hour = |hours: i64| crate::time::UtcMillis(START + hours * 3_600_000);
        batch.push(&OrderLine {
            source: if row.order % 2 == 0 { "a" } else { "b" },
            order_id: &row.order.to_string(),
            line_id: line.as_deref().map_or(LineId::Counted, LineId::Given),
            created_at: hour(row.hours),
            paid_at: row.paid_after.map(|after| hour(row.hours + after)),
            shipped_at: row.is_shipped.then(|| hour(row.hours + 200)),
            updated_at: None,
            status: Status::ALL[row.status],
            title: "",
            quantity: row.quantity.map(Fixed::from_units),
            amount: row.amount.map(|cents| Fixed::from_raw(cents * 100)),
            paid_amount: row.paid.map(|cents| Fixed::from_raw(cents * 100)),
            refund_amount: row.refund.map(|cents| Fixed::from_raw(cents * 100)),
            currency: ["", "CNY", "USD"][usize::from(row.currency)],
            city: "",
            customer: u64::from(row.customer),
            dims,
        });
    }
    batch
}

#[derive(Clone, Debug)]
enum Op {
    Append(Vec<Row>),
    Remove(Vec<prop::sample::Index>),
    Keys(usize, KeySet),
    Range(usize, Option<(i64, i64)>),
    /// A window of days for everyone who follows it.
    Window(i64, i64),
}

fn op() -> impl Strategy<Value = Op> {
    let keys = (
        prop::collection::btree_set((0_u8..5).prop_map(|key| format!("k{key}")), 0..3),
        any::<bool>(),
        prop_oneof![4 => Just(String::new()), 1 => (0_u8..4).prop_map(|key| key.to_string())],
    );
    let keys = keys.prop_map(|(keys, exclude, search)| KeySet {
        keys,
        exclude,
        search,
    });
    prop_oneof![
        4 => prop::collection::vec(row(), 1..50).prop_map(Op::Append),
        2 => prop::collection::vec(row(), 1..3).prop_map(Op::Append),
        1 => prop::collection::vec(any::<prop::sample::Index>(), 1..4).prop_map(Op::Remove),
        3 => (0_usize..DIMS.len(), keys).prop_map(|(dim, keys)| Op::Keys(dim, keys)),
        1 => (0_usize..3, prop::option::of((-1_i64..3, 0_i64..200))).prop_map(|(at, range)| {
            Op::Range(at, range.map(|(from, width)| (from * 10_000, (from + width) * 10_000)))
        }),
        4 => (0_i64..40, 1_i64..40).prop_map(|(from, days)| Op::Window(from, days)),
    ]
}

fn specs() -> Vec<(Spec, bool)> {
    let zone = Zone::default();
    let all = Distinct::Orders(Which::All);
    let money = vec![Sum::Gmv, Sum::Units, Sum::Paid, Sum::Refund];
    vec![
        (
            Spec {
                sums: money.clone(),
                distinct: vec![all, Distinct::Skus, Distinct::Customers],
                ..Spec::new(Clock::Created)
            },
            false,
        ),
        (
            Spec {
                sums: money.clone(),
                distinct: vec![all, Distinct::Orders(Which::Cancelled)],
                currency: Some(1),
                ..Spec::new(Clock::Created)
            },
            true,
        ),
        (
            Spec {
                by: vec![By::Dim(Dim::Channel)],
                own: Masks::own(Dim::Channel),
                sums: money.clone(),
                distinct: vec![all],
                ..Spec::new(Clock::Paid)
            },
            true,
        ),
        (
            Spec {
                by: vec![By::Dim(Dim::Sku)],
                own: Masks::own(Dim::Sku),
                sums: vec![Sum::Units],
                distinct: vec![Distinct::Customers],
                ..Spec::new(Clock::Created)
            },
            true,
        ),
        (
            Spec {
                by: vec![By::Time(zone, Grain::Day)],
                sums: vec![Sum::Gmv],
                distinct: vec![all, Distinct::Skus],
                ..Spec::new(Clock::Created)
            },
            true,
        ),
        (
            Spec {
                by: vec![By::Time(zone, Grain::Week)],
                own: Masks::own_amount(Amount::Amount),
                distinct: vec![all],
                ..Spec::new(Clock::Refunded)
            },
            false,
        ),
        (
            Spec {
                by: vec![By::Dim(Dim::Category), By::Dim(Dim::Warehouse)],
                sums: money.clone(),
                distinct: vec![all],
                ..Spec::new(Clock::Created)
            },
            true,
        ),
        (
            Spec {
                by: vec![By::Time(zone, Grain::Day), By::Currency],
                which: Which::PricedIn(1),
                distinct: vec![all],
                ..Spec::new(Clock::Paid)
            },
            true,
        ),
        (
            Spec {
                which: Which::Unshipped,
                first: true,
                distinct: vec![all],
                ..Spec::new(Clock::Paid)
            },
            false,
        ),
        (
            Spec {
                by: vec![By::Dim(Dim::Channel)],
                own: Masks::OWN_ALL,
                sums: vec![Sum::Refund],
                distinct: vec![Distinct::Orders(Which::Refunded)],
                ..Spec::new(Clock::Refunded)
            },
            true,
        ),
        (
            Spec {
                by: vec![By::City],
                own: Masks::OWN_NOT_OF_STOCK,
                ..Spec::new(Clock::Paid)
            },
            true,
        ),
    ]
}

type Row1 = (u64, Vec<Said>, Vec<u64>, Option<i64>);

/// Groups by their codes, empty ones left out.
fn content(spec: &Spec, groups: &Groups) -> BTreeMap<Codes, Row1> {
    let codes = |group: usize| match spec.by.len() {
        0 | 1 => [u32::try_from(group).unwrap(), 0],
        _ => groups.pairs[group],
    };
    (0..groups.lines.len())
        .filter(|group| groups.lines(*group) > 0)
        .map(|group| {
            let row = (
                groups.lines(group),
                (0..spec.sums.len()).map(|at| groups.sum(at, group)).collect(),
                (0..spec.distinct.len())
                    .map(|at| groups.distinct(at, group))
                    .collect(),
                groups.first.get(group).copied(),
            );
            (codes(group), row)
        })
        .collect()
}

/// Empty groups hold nothing but zeros: what steps take out is gone.
fn leftovers(spec: &Spec, groups: &Groups) -> bool {
    (0..groups.lines.len())
        .filter(|group| groups.lines(*group) == 0)
        .any(|group| {
            (0..spec.sums.len()).any(|at| groups.sum(at, group) != Said::default())
                || (0..spec.distinct.len()).any(|at| groups.distinct(at, group) != 0)
        })
}

fn run(ops: &[Op]) -> Result<Paths, TestCaseError> {
    let (mut table, mut live, mut clauses) = (OrderTable::default(), Live::default(), Clauses::default());
    let mut window = Span::ALWAYS;
    let specs = specs();
    for op in ops {
        match op {
            Op::Append(rows) => {
                let change = table.prepare(&batch(rows));
                live.leave(&table, change.replaced());
                let replaced = change.replaced().to_vec();
                let from = u32::try_from(table.columns().len()).unwrap();
                table.enter(change);
                live.enter(
                    &table,
                    &replaced,
                    from..u32::try_from(table.columns().len()).unwrap(),
                );
            }
            Op::Remove(rows) if !table.columns().is_empty() => {
                let rows: Vec<u32> = rows
                    .iter()
                    .map(|row| u32::try_from(row.index(table.columns().len())).unwrap())
                    .collect();
                live.leave(&table, &rows);
                rows.iter().for_each(|row| table.remove(*row as usize));
            }
            Op::Remove(_) => {}
            Op::Keys(dim, keys) => {
                clauses.keys.insert(DIMS[*dim], keys.clone());
            }
            Op::Range(at, range) => {
                let amount = Amount::ALL[*at];
                clauses.ranges.remove(&amount);
                if let Some(range) = range {
                    clauses.ranges.insert(amount, *range);
                }
            }
            Op::Window(from, days) => {
                let from = crate::time::UtcMillis(START + from * DAY_MILLIS);
                window = Span {
                    from,
                    to: from.plus(days * DAY_MILLIS / 2),
                };
            }
        }
        live.begin();
        live.select(&table, &clauses);
        let masks = Masks::scan(&clauses, &table);
        let frame = Span {
            from: crate::time::UtcMillis(START),
            to: crate::time::UtcMillis(START + 30 * DAY_MILLIS),
        };
        for (spec, follows) in &specs {
            let when = When {
                window: if *follows { window } else { Span::ALWAYS },
                frame,
            };
            let answer = live.ask(&table, spec, when);
            prop_assert_eq!(
                content(spec, &answer),
                content(spec, &plain(&table, &masks, spec, when)),
                "{:?}",
                spec
            );
            prop_assert!(!leftovers(spec, &answer), "{:?}", spec);
        }
    }
    Ok(live.paths())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn every_way_gives_the_plain_answer(ops in prop::collection::vec(op(), 1..14)) {
        run(&ops)?;
    }
}

/// A brush in small steps: forward and back, wider and narrower, past the ends of the frame, beside a clause or
/// none. Orders reach over its edges, with lines that stay and lines that go; some have too many to walk.
fn brush() -> impl Strategy<Value = Vec<Op>> {
    let rows = prop::collection::vec(row(), 20..160);
    let clause = prop::option::of((0_usize..DIMS.len(), 0_u8..4));
    let steps = prop::collection::vec((-3_i64..4, -3_i64..4), 1..9);
    (rows, clause, 0_i64..30, 10_i64..50, steps).prop_map(|(rows, clause, from, halves, steps)| {
        let keys = |key: u8| KeySet {
            keys: [format!("K{key}")].into(),
            exclude: true,
            ..KeySet::default()
        };
        let clause = clause.map(|(dim, key)| Op::Keys(dim, keys(key)));
        let windows = steps
            .iter()
            .scan((from, halves), |(from, halves), (moved, grown)| {
                *from += moved;
                *halves = (*halves + grown).max(1);
                Some(Op::Window(*from, *halves))
            });
        let before = [Op::Append(rows), Op::Window(from, halves)];
        before.into_iter().chain(clause).chain(windows).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn every_step_of_a_brush_gives_the_plain_answer(ops in brush()) {
        run(&ops)?;
    }
}

/// A table with 600 lines and one small change: the quick way is taken, not only available.
#[test]
fn small_changes_take_small_steps() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let rows = prop::collection::vec(row(), 600)
        .new_tree(&mut runner)
        .unwrap()
        .current();
    let few = prop::collection::vec(row(), 2)
        .new_tree(&mut runner)
        .unwrap()
        .current();
    let day = |from: i64| Op::Window(from, 40);
    let key = |key: &str| {
        let keys = [key.to_owned()].into();
        Op::Keys(
            2,
            KeySet {
                keys,
                exclude: true,
                ..KeySet::default()
            },
        )
    };
    let paths = |ops: &[Op]| run(ops).unwrap();
    let first = paths(&[Op::Append(rows.clone()), day(2)]);
    let clients = specs().len() as u64;
    assert!(first.scanned >= clients && first.kept > 0, "{first:?}");
    let fed = paths(&[Op::Append(rows.clone()), day(2), Op::Append(few)]);
    assert!(
        fed.steps > first.steps && fed.scanned <= first.scanned + 1,
        "{fed:?}"
    );
    assert_eq!(fed.kept, first.kept + clients - (fed.scanned - first.scanned));
    let brushed = paths(&[Op::Append(rows.clone()), day(2), day(3)]);
    assert!(
        brushed.slid > 4 && brushed.scanned == first.scanned,
        "{brushed:?}"
    );
    // One that grows at both ends, and shrinks again.
    let wider = [
        Op::Append(rows.clone()),
        day(5),
        Op::Window(4, 44),
        Op::Window(5, 40),
    ];
    let wider = paths(&wider);
    assert!(
        wider.slid > brushed.slid && wider.scanned == first.scanned,
        "{wider:?}"
    );
    // A key that no line has: nothing flips, nothing is scanned.
    let same = paths(&[Op::Append(rows.clone()), day(2), key("none")]);
    assert_eq!((same.scanned, same.steps), (first.scanned, first.steps));
    // Half of the lines flip: those who look at the clause scan, its own client has its answer.
    let many = paths(&[Op::Append(rows), day(2), key("K1")]);
    assert!(many.kept > first.kept && many.scanned > first.scanned, "{many:?}");
}
