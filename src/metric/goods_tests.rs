use super::*;
use crate::model::{NameRow, StockBatch, StockLevel};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Scope, name, what it is, raw quantity.
type Statement = (String, String, String, Option<i64>);

fn batch(statements: &[Statement], levels: &[(String, i64)]) -> StockBatch {
    let mut batch = StockBatch::default();
    for (row, (scope, name, is, quantity)) in (0_u32..).zip(statements).filter(|(_, s)| s.1 != s.2) {
        batch.names.push(&NameRow {
            of: Named::Goods,
            scope,
            name,
            is,
            quantity: quantity.map(Fixed::from_units),
            row,
        });
    }
    for (sku, units) in levels {
        batch.push(&level("", sku, "", *units));
    }
    batch
}

fn level<'a>(source: &'a str, sku: &'a str, warehouse: &'a str, units: i64) -> StockLevel<'a> {
    StockLevel {
        source,
        sku,
        warehouse,
        title: "",
        category: "",
        brand: "",
        on_hand: Some(Fixed::from_units(units)),
        available: None,
        inbound: None,
        unit_cost: None,
        arrives: None,
        as_of: None,
    }
}

/// What was said last, plainly: by scope and name, how many of what.
#[derive(Clone, Debug, Default, PartialEq)]
struct Naive(BTreeMap<(String, String), Said>);

type Said = BTreeSet<(String, Option<i64>)>;

impl Naive {
    fn enter(&mut self, statements: &[Statement]) {
        let mut file: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (scope, name, is, quantity) in statements.iter().filter(|s| s.1 != s.2) {
            let parts = file.entry((scope.clone(), name.clone())).or_default();
            parts.insert((is.clone(), *quantity));
        }
        self.0.extend(file);
    }

    fn base(&self, name: &str) -> Option<&Said> {
        let all: Vec<_> = self.0.iter().filter(|((_, known), _)| known == name).collect();
        let plain = all.iter().find(|((scope, _), _)| scope.is_empty());
        let first = all.first()?;
        let is_one = all.iter().all(|(_, parts)| parts == &first.1);
        plain.map(|(_, parts)| *parts).or(is_one.then_some(first.1))
    }

    fn next(&self, name: &str) -> Option<&String> {
        let parts = self.base(name)?;
        let (is, quantity) = parts.first()?;
        (parts.len() == 1 && quantity.unwrap_or(1) == 1).then_some(is)
    }

    fn end(&self, name: &str) -> String {
        let mut path = vec![name.to_owned()];
        while let Some(next) = self.next(&path[path.len() - 1]) {
            if let Some(at) = path.iter().position(|seen| seen == next) {
                return path[at..].iter().min().unwrap().clone();
            }
            path.push(next.clone());
        }
        path.pop().unwrap()
    }

    fn is_set(&self, good: &str) -> bool {
        self.base(good).is_some() && self.next(good).is_none()
    }

    /// Goods in one of the set `good`; `None` where it goes round in a circle.
    fn set(&self, good: &str, on: &mut Vec<String>) -> Option<BTreeMap<String, i64>> {
        if on.iter().any(|name| name == good) {
            return None;
        }
        on.push(good.to_owned());
        let sum = self.sum(self.base(good)?, on);
        on.pop();
        sum
    }

    fn sum(&self, parts: &Said, on: &mut Vec<String>) -> Option<BTreeMap<String, i64>> {
        let mut sum = BTreeMap::new();
        for (is, quantity) in parts {
            let good = self.end(is);
            let goods = if self.is_set(&good) {
                match self.set(&good, on) {
                    Some(goods) => goods,
                    // A set is broken with what it is made of; elsewhere a broken one stands for itself.
                    None if !on.is_empty() => return None,
                    None => BTreeMap::from([(good, 1)]),
                }
            } else {
                BTreeMap::from([(good, 1)])
            };
            for (good, units) in goods {
                *sum.entry(good).or_default() += units * quantity.unwrap_or(1);
            }
        }
        Some(sum)
    }

    /// Demand for goods in the sale of `units` of `name` in shop `scope`.
    fn demand(&self, scope: &str, name: &str, units: i64, to: &mut BTreeMap<String, i64>) {
        let own = self.0.get(&(scope.to_owned(), name.to_owned()));
        let mut goods = BTreeMap::new();
        match own.filter(|own| !scope.is_empty() && Some(*own) != self.base(name)) {
            Some(own) => goods = self.sum(own, &mut Vec::new()).unwrap_or_default(),
            None => {
                let good = self.end(name);
                if self.is_set(&good) {
                    goods = self.set(&good, &mut Vec::new()).unwrap_or_default();
                }
                *goods.entry(good).or_default() += 1;
            }
        }
        for (good, per) in goods {
            *to.entry(good).or_default() += per * units;
        }
    }
}

/// The same by [`Goods`], as [`super::super::StockFigures`] asks it.
fn demand(goods: &Goods, sales: &[(String, String, i64)]) -> BTreeMap<String, i64> {
    let mut names: BTreeSet<String> = sales
        .iter()
        .map(|(_, name, _)| goods.good(name).to_owned())
        .collect();
    names.extend(goods.sold.keys().map(|code| goods.text(*code).to_owned()));
    let sold = |name: &str, scope: Option<&str>| -> i64 {
        let is = |sale: &&(String, String, i64)| sale.1 == name && scope.is_none_or(|scope| sale.0 == scope);
        sales.iter().filter(is).map(|sale| sale.2).sum()
    };
    let mut all = BTreeMap::new();
    for good in names.iter().filter(|name| goods.good(name) == name.as_str()) {
        let others = goods.sold(good).iter().map(|by| {
            let scope = by.scope.map(|at| goods.scopes()[at].as_str());
            sold(goods.text(by.name), scope) * by.units / Fixed::SCALE
        });
        let units: i64 = sold(good, None) + others.sum::<i64>();
        if units != 0 {
            all.insert(good.clone(), units);
        }
    }
    all
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c", "d", "e", "f", "g"]).prop_map(str::to_owned)
}

fn scope() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "", "", "s", "t"]).prop_map(str::to_owned)
}

fn statement() -> impl Strategy<Value = Statement> {
    (
        scope(),
        name(),
        name(),
        prop::sample::select(vec![None, None, Some(1), Some(2), Some(3)]),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Files in any order, some taken back, some done again: what is sold demands, and what is stocked is,
    /// what a plain reading of the last statements says.
    #[test]
    fn names_mean_what_was_said_last(
        files in prop::collection::vec(prop::collection::vec(statement(), 0..9), 0..5),
        levels in prop::collection::vec((name(), 1..9_i64), 0..6),
        sales in prop::collection::vec((scope(), name(), 1..9_i64), 0..9),
        back in 0..3_usize,
        again in 0..3_usize,
    ) {
        let mut table = StockTable::default();
        let mut journals = Vec::new();
        let mut naive = vec![Naive::default()];
        table.merge(&batch(&[], &levels));
        for statements in &files {
            journals.push(table.enter(&batch(statements, &[])).1);
            let mut next = naive[naive.len() - 1].clone();
            next.enter(statements);
            naive.push(next);
        }
        let back = back.min(files.len());
        let again = again.min(back);
        for at in (files.len() - back..files.len()).rev() {
            table.undo(&mut journals[at]);
        }
        for journal in journals.iter_mut().skip(files.len() - back).take(again) {
            table.redo(journal);
        }
        let naive = &naive[files.len() - back + again];
        let goods = Goods::new(&table);

        let mut expect = BTreeMap::new();
        sales.iter().for_each(|(scope, name, units)| naive.demand(scope, name, *units, &mut expect));
        expect.retain(|_, units| *units != 0);
        prop_assert_eq!(demand(&goods, &sales), expect);

        let (mut held, mut plain) = (BTreeMap::<String, i64>::new(), BTreeMap::<String, i64>::new());
        for (name, units) in levels {
            *plain.entry(naive.end(&name)).or_default() += units;
        }
        let stock = goods.stock(&table);
        for row in 0..stock.len() {
            let name = stock.skus.text(stock.sku[row]).to_owned();
            *held.entry(name).or_default() += stock.on_hand[row] / Fixed::SCALE;
        }
        prop_assert_eq!(held, plain);

        // What is kept of it means the same.
        let mut kept = StockTable::default();
        let mut names = StockBatch::default();
        names.names = table.names().columns();
        kept.merge(&names);
        let kept = Goods::new(&kept);
        prop_assert_eq!(demand(&kept, &sales), demand(&goods, &sales));
        let broken = |goods: &Goods| goods.broken().map(str::to_owned).collect::<BTreeSet<_>>();
        prop_assert_eq!(broken(&kept), broken(&goods));
    }
}

fn said(name: &str, is: &str, quantity: Option<i64>) -> Statement {
    (String::new(), name.to_owned(), is.to_owned(), quantity)
}

fn goods(statements: &[Statement]) -> Goods {
    let mut table = StockTable::default();
    table.merge(&batch(statements, &[]));
    Goods::new(&table)
}

#[test]
fn chains_end_circles_are_one_good_and_sets_come_apart() {
    let goods = goods(&[
        said("p", "q", None),
        said("q", "w", Some(1)),
        said("z", "y", None),
        said("y", "z", None),
        said("six", "w", Some(6)),
        said("kit", "six", Some(2)),
        said("kit", "p", None),
        said("kit", "v", None),
        said("round", "trip", Some(2)),
        said("trip", "round", Some(1)),
        said("trip", "w", Some(1)),
        said("gift", "round", Some(1)),
        said("gift", "v", None),
    ]);
    assert_eq!(
        [goods.good("p"), goods.good("w"), goods.good("never")],
        ["w", "w", "never"]
    );
    assert_eq!([goods.good("z"), goods.good("y")], ["y", "y"]);
    let units = |name: &str| -> Vec<(String, i64)> {
        let parts = goods.parts(name).into_iter();
        parts
            .map(|(good, units)| (good.to_owned(), units / Fixed::SCALE))
            .collect()
    };
    assert_eq!(units("p"), [("w".to_owned(), 1)]);
    let mut kit = units("kit");
    kit.sort();
    assert_eq!(kit, [("v".to_owned(), 1), ("w".to_owned(), 13)]);
    assert_eq!(units("gift"), [("gift".to_owned(), 1)]);
    let mut broken: Vec<&str> = goods.broken().collect();
    broken.sort_unstable();
    assert_eq!(broken, ["gift", "round", "trip"]);
}

#[test]
fn a_set_of_too_much_stands_for_itself() {
    let parts = |count: usize| -> Vec<Statement> {
        (0..count)
            .map(|at| said("all", &format!("part {at}"), None))
            .collect()
    };
    assert_eq!(goods(&parts(MOST)).parts("all").len(), MOST);
    let more = goods(&parts(MOST + 1));
    assert_eq!(more.parts("all"), [("all", Fixed::SCALE)]);
    assert_eq!(more.broken().collect::<Vec<_>>(), ["all"]);
}

#[test]
fn totals_give_way_to_what_is_told_by_place() {
    let mut table = StockTable::default();
    let mut batch = StockBatch::default();
    for (source, sku, place, units) in [
        ("Σrest", "PINK", "", 10),
        ("Σrest", "RED", "", 20),
        ("rest", "808", "1", 1),
        ("rest", "808", "2", 9),
        ("rest", "909", "2", 5),
        ("other", "PINK", "", 3),
    ] {
        batch.push(&level(source, sku, place, units));
    }
    table.merge(&batch);
    let shown = |table: &StockTable| {
        let goods = Goods::new(table);
        let stock = goods.stock(table);
        let mut rows: Vec<String> = (0..stock.len())
            .map(|row| {
                let units = stock.on_hand[row] / Fixed::SCALE;
                let [sku, place] = [
                    stock.skus.text(stock.sku[row]),
                    stock.warehouses.text(stock.warehouse[row]),
                ];
                format!("{sku}@{place} {units}")
            })
            .collect();
        rows.sort();
        rows
    };
    // Nobody knows yet which of the totals 808 and 909 are in.
    assert_eq!(shown(&table), ["PINK@ 10", "PINK@ 3", "RED@ 20"]);
    let mut names = StockBatch::default();
    for (of, name, is) in [
        (Named::Goods, "808", "PINK"),
        (Named::Place, "1", "Berlin"),
        (Named::Place, "7", "Rome"),
    ] {
        names.names.push(&NameRow {
            of,
            scope: "",
            name,
            is,
            quantity: None,
            row: 0,
        });
    }
    table.merge(&names);
    assert_eq!(shown(&table), ["PINK@ 3", "PINK@2 9", "PINK@Berlin 1", "RED@ 20"]);
}
