//! What columns hold whose names say little or nothing, by what stands in them.
//!
//! A name that is known comes first, then words of a name, then what the column holds: what is guessed here is looked
//! at where a table lacks the field. How figures go together tells them apart whatever they are called: a price and
//! the quantity make the amount, a price stays the same where goods are bought in other quantities.

use super::decided::ByHand;
use super::field::Field;
use super::header::HeaderKey;
use super::personal::personal;
use super::phrases::{RANK as RANK_OF_PHRASES, is_another_figure, is_only, loose_phrase, speaks_of_orders};
use super::sample::Sample;
use super::states::{State, States};
use super::synonyms::Meaning;
use super::{date, number, region};
use crate::model::Dim;
use crate::money::Fixed;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::cmp::Ordering;

/// Below all names that are known.
const RANK: u16 = u16::MAX - 10;
/// Values that a guess rests on at least.
const ENOUGH: usize = 2;
/// Values that are looked at.
const MOST: usize = 200;
/// Columns of figures among which those that go together are looked for.
const MOST_FIGURES: usize = 40;

/// Adds to the `meanings` of columns that mean nothing, and of which nothing is decided, what their words and values
/// look like; and tells figures apart that are called alike. Of an export that is known (`is_known`) the words are.
pub(super) fn guess(
    keys: &[HeaderKey],
    meanings: &mut [Vec<Meaning>],
    by_hand: &ByHand<'_>,
    sample: &Sample,
    is_known: bool,
) {
    tell_prices_of_units(meanings, sample);
    if !is_known {
        tell_by_goods(meanings, sample);
    }
    tell_amounts_of_orders(meanings, sample);
    if !is_known {
        tell_by_orders(meanings, sample);
    }
    tell_codes_of_goods(meanings, sample);
    // Whatever values look like, what was decided holds.
    by_hand.overrule(meanings);
    let mut table = Table {
        keys,
        is_loose: !is_known,
        loose: OnceCell::new(),
        meanings,
        by_hand,
        sample,
    };
    for want in WANTED {
        table.look_for(&want, is_known);
        if !is_known && want.field == Field::CreatedAt {
            table.tell_first_date();
        }
        // What was found by words alone may be of the whole order, and what is looked for is still to be found.
        if !is_known && want.field == Field::Amount {
            tell_by_goods(table.meanings, sample);
            tell_by_orders(table.meanings, sample);
        }
    }
    if !is_known {
        table.tell_price();
        table.tell_products();
        table.tell_stock();
        tell_codes_of_sellers(meanings, sample);
        by_hand.overrule(meanings);
    }
}

/// What columns of a table look like that is not read, as a start for who says what they are: the first of its times, and
/// a quantity, a price and the amount they make, or else the first figure of money.
pub(super) fn propose(
    keys: &[HeaderKey],
    meanings: &mut [Vec<Meaning>],
    by_hand: &ByHand<'_>,
    sample: &Sample,
) -> Vec<(Field, usize)> {
    let table = Table {
        keys,
        is_loose: false,
        loose: OnceCell::new(),
        meanings,
        by_hand,
        sample,
    };
    let mut found = Vec::new();
    let holds = |at: usize, is_one: fn(&str) -> bool| {
        let values = || sample.values(at).take(MOST);
        values().count() >= ENOUGH && values().all(is_one)
    };
    if !table.has(&[Field::CreatedAt, Field::AsOf]) {
        let dates = table.open().map(|(at, _)| at).filter(|at| holds(*at, is_date));
        let first = dates.reduce(|first, at| match table.earlier(at, first) {
            Ordering::Less => at,
            _ => first,
        });
        found.extend(first.map(|at| (Field::CreatedAt, at)));
    }
    let money = [
        Field::Amount,
        Field::UnitPrice,
        Field::OrderAmount,
        Field::PaidAmount,
    ];
    if !table.has(&money) {
        let figures: Vec<usize> = table.figures().into_iter().take(MOST_PROPOSED).collect();
        let counts = |at: &&usize| holds(**at, |value| is_count(value) && !value.contains(['.', ',']));
        let makes = |quantity: usize, price: usize| {
            let mut others = figures
                .iter()
                .copied()
                .filter(|at| ![quantity, price].contains(at));
            others.find(|at| {
                !are_equal(sample, price, *at)
                    && stands_beside(sample, *at, price)
                    && is_product(sample, *at, price, quantity)
            })
        };
        let three = figures.iter().filter(counts).find_map(|quantity| {
            let mut prices = figures.iter().filter(|at| *at != quantity);
            prices.find_map(|price| Some((*quantity, *price, makes(*quantity, *price)?)))
        });
        match three {
            Some((quantity, price, amount)) => {
                found.extend([
                    (Field::Quantity, quantity),
                    (Field::UnitPrice, price),
                    (Field::Amount, amount),
                ]);
            }
            None => {
                let first = table
                    .open()
                    .find(|(at, key)| !is_another_figure(key) && holds(*at, is_money));
                found.extend(first.map(|(at, _)| (Field::Amount, at)));
            }
        }
    }
    found
}

/// Columns of figures among which a proposal looks for three that go together.
const MOST_PROPOSED: usize = 16;

/// A field that a table should have.
#[derive(Clone, Copy)]
struct Want {
    field: Field,
    /// Not looked for where one of these is there.
    unless: &'static [Field],
    /// What is of orders only where they have a number.
    needs_order: bool,
    /// What is of stock only where nothing speaks of orders.
    of_stock: bool,
    /// Fields that some words of a header may name for it, and how its values must look then.
    words: &'static [Field],
    named: fn(&str) -> bool,
    /// How its values look where its header says nothing.
    looks: Looks,
}

const fn want(
    field: Field,
    unless: &'static [Field],
    words: &'static [Field],
    named: fn(&str) -> bool,
) -> Want {
    Want {
        field,
        unless,
        needs_order: true,
        of_stock: false,
        words,
        named,
        looks: |_, _| false,
    }
}

const WANTED: [Want; 13] = [
    Want {
        needs_order: false,
        looks: is_order_id,
        ..want(Field::OrderId, &[Field::OrderId], &[Field::OrderId], |value| {
            !is_money(value) && !is_date(value) && value.bytes().any(|b| b.is_ascii_digit())
        })
    },
    Want {
        looks: |_, values| values.iter().all(|v| is_date(v)),
        ..want(
            Field::CreatedAt,
            &[Field::CreatedAt, Field::AsOf],
            &[Field::CreatedAt],
            is_date,
        )
    },
    Want {
        looks: |_, values| are_states(values),
        ..want(Field::Status, &[Field::Status, Field::StatusAlso], &[], |_| false)
    },
    Want {
        looks: |_, values| values.iter().all(|value| !region::province(value).is_empty()),
        ..want(
            Field::Dim(Dim::Region),
            &[Field::Dim(Dim::Region), Field::Address],
            &[],
            |_| false,
        )
    },
    want(Field::Quantity, &[Field::Quantity], &[Field::Quantity], is_count),
    want(
        Field::Amount,
        &[Field::Amount, Field::UnitPrice],
        &[Field::UnitPrice],
        is_figure,
    ),
    want(
        Field::Amount,
        &[Field::Amount, Field::UnitPrice],
        &[Field::Amount],
        is_figure,
    ),
    Want {
        looks: |key, values| !is_another_figure(key) && values.iter().all(|value| is_money(value)),
        ..want(
            Field::Amount,
            &[
                Field::Amount,
                Field::UnitPrice,
                Field::OrderAmount,
                Field::PaidAmount,
            ],
            &[Field::OrderAmount, Field::PaidAmount],
            is_figure,
        )
    },
    Want {
        needs_order: false,
        ..want(Field::Sku, &[Field::Sku, Field::Handle], &[Field::Sku], |value| {
            !is_money(value) && !is_date(value) && !value.contains('%')
        })
    },
    Want {
        needs_order: false,
        looks: |_, values| are_codes(values),
        ..want(
            Field::Sku,
            &[Field::Sku, Field::Title, Field::Handle],
            &[],
            |_| false,
        )
    },
    Want {
        needs_order: false,
        looks: |key, values| are_codes(values) && is_only(key, b'I'),
        ..want(Field::Sku, &[Field::Sku, Field::Handle], &[], |_| false)
    },
    Want {
        needs_order: false,
        looks: |key, values| is_only(key, b'I') && values.iter().all(|value| !is_figure(value)),
        ..want(Field::Title, &[Field::Title], &[Field::Title], |value| {
            value.bytes().any(|b| !b.is_ascii_digit()) && !is_money(value)
        })
    },
    Want {
        needs_order: false,
        of_stock: true,
        ..want(
            Field::OnHand,
            &[Field::OnHand, Field::Available],
            &[Field::OnHand, Field::Available],
            is_count,
        )
    },
];

/// The columns of a table and what they mean so far.
struct Table<'t> {
    keys: &'t [HeaderKey],
    /// Whether headers are read of which some words are not known.
    is_loose: bool,
    /// What they say: worked out once a table lacks a field, which most do not.
    loose: OnceCell<Vec<Option<Meaning>>>,
    meanings: &'t mut [Vec<Meaning>],
    by_hand: &'t ByHand<'t>,
    sample: &'t Sample,
}

impl Table<'_> {
    fn has(&self, fields: &[Field]) -> bool {
        let mut all = self.meanings.iter().flatten();
        all.any(|meaning| fields.contains(&meaning.field))
    }

    /// Whether some column counts what lies there, and is not just called a quantity. What has a time, a quantity and
    /// an amount tells of sales, whatever balance stands beside.
    fn counts_stock(&self) -> bool {
        let money = [Field::Amount, Field::UnitPrice];
        if self.has(&[Field::CreatedAt]) && self.has(&[Field::Quantity]) && self.has(&money) {
            return false;
        }
        let levels = [Field::OnHand, Field::Available];
        let counts = |all: &Vec<Meaning>| {
            all.iter().any(|meaning| levels.contains(&meaning.field))
                && !all.iter().any(|meaning| meaning.field == Field::Quantity)
        };
        self.meanings.iter().any(counts)
    }

    /// What words of the header of a column say, some of which are not known.
    fn said(&self, at: usize) -> Option<Meaning> {
        if !self.is_loose {
            return None;
        }
        let loose = self
            .loose
            .get_or_init(|| self.keys.iter().map(loose_phrase).collect());
        loose.get(at).copied().flatten()
    }

    /// The column that means `field` most.
    fn best(&self, field: Field) -> Option<usize> {
        best(self.meanings, field)
    }

    /// Gives the field that is wanted to a column that looks like it, where the table lacks it.
    fn look_for(&mut self, want: &Want, is_known: bool) {
        let is_for_none = want.needs_order && !self.has(&[Field::OrderId])
            || want.of_stock && self.has(&[Field::OrderId, Field::CreatedAt])
            || want.field == Field::OrderId && self.counts_stock();
        if is_for_none || self.has(want.unless) {
            return;
        }
        let by_words = (!is_known).then(|| self.by_words(want)).flatten();
        let found = by_words.or_else(|| self.by_values(want));
        let found = match want.field {
            Field::OrderId if !is_known => found.or_else(|| self.bare_number()),
            Field::Title if !is_known => found.or_else(|| self.text_of_goods()),
            _ => found,
        };
        if let Some((field, at)) = found {
            self.add(field, at);
        }
    }

    fn add(&mut self, field: Field, at: usize) {
        if let Some(meanings) = self.meanings.get_mut(at) {
            meanings.push(Meaning { field, rank: RANK });
        }
    }

    /// Columns that mean nothing so far and may mean something.
    fn open(&self) -> impl Iterator<Item = (usize, &HeaderKey)> {
        let all = self.keys.iter().enumerate();
        all.filter(|(at, key)| {
            self.meanings.get(*at).is_some_and(Vec::is_empty)
                && !self.by_hand.has(*at)
                && personal(key).is_none()
        })
    }

    /// The column that some words of its header and its values speak for.
    fn by_words(&self, want: &Want) -> Option<(Field, usize)> {
        if want.words.is_empty() {
            return None;
        }
        let named = self.open().filter_map(|(at, _)| {
            let meaning = self
                .said(at)
                .filter(|meaning| want.words.contains(&meaning.field))?;
            let values = || self.sample.values(at).take(MOST);
            let (all, right) = (
                values().count(),
                values().filter(|value| (want.named)(value)).count(),
            );
            (all >= ENOUGH && right * 10 >= all * 9).then_some((meaning.rank, at, meaning.field))
        });
        let named: Vec<(u16, usize, Field)> = named.collect();
        // One of several places and no more is a guess that would hide the others.
        if want.of_stock && named.len() > 1 {
            return None;
        }
        named
            .into_iter()
            .min_by_key(|(rank, at, _)| (*rank, *at))
            .map(|(_, at, field)| (field, at))
    }

    /// The first column whose values look like it: exports begin with what matters.
    fn by_values(&self, want: &Want) -> Option<(Field, usize)> {
        let mut open = self.open();
        let found = open.find(|(at, key)| {
            let values: Vec<&str> = self.sample.values(*at).take(MOST).collect();
            values.len() >= ENOUGH && (want.looks)(key, &values)
        });
        found.map(|(at, _)| (want.field, at))
    }

    /// The number of nothing in particular in a table of times and amounts; else what is a number of orders by where it
    /// stands: on lines of other goods and of one time each, more of them than times.
    fn bare_number(&self) -> Option<(Field, usize)> {
        let money = [
            Field::Amount,
            Field::OrderAmount,
            Field::UnitPrice,
            Field::PaidAmount,
        ];
        let time = self.best(Field::CreatedAt).filter(|_| self.has(&money))?;
        let is_number = |at: usize| {
            let values = || self.sample.values(at).take(MOST);
            values().count() * 5 >= self.sample.rows.len().min(MOST) * 4
                && values().all(|value| {
                    value.bytes().any(|b| b.is_ascii_digit()) && !is_date(value) && !value.contains(' ')
                })
        };
        let mut named = self.open().filter(|(_, key)| is_only(key, b'N'));
        let named = named.find(|(at, _)| is_number(*at));
        let goods = self.best(Field::Sku).or_else(|| self.best(Field::Title));
        let by_place = || {
            let goods = goods.filter(|_| self.has(&[Field::Quantity]))?;
            let mut open = self.open().filter(|(_, key)| !is_another_figure(key));
            open.find(|(at, _)| {
                let is_money = self.sample.values(*at).all(is_money);
                !is_money && is_number(*at) && numbers_orders(self.sample, *at, time, goods)
            })
        };
        named.or_else(by_place).map(|(at, _)| (Field::OrderId, at))
    }

    /// The text that goes with the codes of goods: one for each of them, on every line.
    fn text_of_goods(&self) -> Option<(Field, usize)> {
        let code = self.best(Field::Sku)?;
        let is_text = |value: &str| {
            let letters = value.chars().filter(|c| c.is_alphabetic()).count();
            letters * 2 > value.chars().count() && !is_date(value) && !is_money(value)
        };
        let length = |at: usize| {
            self.sample
                .values(at)
                .take(MOST)
                .map(|value| value.chars().count())
                .sum()
        };
        let texts = self.open().filter(|(at, key)| {
            !is_another_figure(key)
                && self.sample.values(*at).take(MOST).all(is_text)
                && goes_with(self.sample, *at, code)
        });
        // The longest: colours and sizes go with codes too.
        let texts = texts.map(|(at, _)| (length(at), at));
        let longest: Option<(usize, usize)> = texts.max_by_key(|(length, at)| (*length, usize::MAX - at));
        longest.map(|(_, at)| (Field::Title, at))
    }

    /// Orders begin with the first of their times: where no header says which it is, the column that is never
    /// empty and before all others.
    fn tell_first_date(&mut self) {
        let guessed = self.best(Field::CreatedAt);
        let is_named = guessed.is_some_and(|at| {
            let mut all = self.meanings.get(at).into_iter().flatten();
            all.any(|meaning| meaning.field == Field::CreatedAt && meaning.rank < RANK)
        });
        if is_named || !self.has(&[Field::OrderId]) || self.has(&[Field::AsOf]) {
            return;
        }
        let times = [
            Field::CreatedAt,
            Field::PaidAt,
            Field::ShippedAt,
            Field::UpdatedAt,
        ];
        let rows = self.sample.rows.len().min(MOST);
        let is_time = |at: &usize| {
            let all = self.meanings.get(*at);
            let means = all.is_some_and(|all| all.is_empty() || all.iter().any(|m| times.contains(&m.field)));
            let values = || self.sample.values(*at).take(MOST);
            means && !self.by_hand.has(*at) && values().count() * 5 >= rows * 4 && values().all(is_date)
        };
        let mut first: Option<usize> = None;
        for at in (0..self.keys.len()).filter(is_time) {
            let before = |other| self.earlier(at, other) == Ordering::Less;
            if first.is_none_or(before) {
                first = Some(at);
            }
        }
        if let Some(at) = first.filter(|at| guessed != Some(*at)) {
            for meanings in self.meanings.iter_mut() {
                meanings.retain(|meaning| meaning.field != Field::CreatedAt);
            }
            self.add(Field::CreatedAt, at);
        }
    }

    /// Which of two columns of times is earlier on most rows.
    fn earlier(&self, one: usize, other: usize) -> Ordering {
        let mut balance = 0_i32;
        for row in self.sample.rows.iter().take(MOST) {
            let time = |at: usize| {
                let written = date::read(row.get(at)?)?;
                Some((written.date.days(written.habit())?, written.millis))
            };
            balance += match (time(one), time(other)) {
                (Some(one), Some(other)) => match one.cmp(&other) {
                    Ordering::Less => -1,
                    Ordering::Equal => 0,
                    Ordering::Greater => 1,
                },
                _ => 0,
            };
        }
        balance.cmp(&0)
    }

    /// Of several prices, the one that with the quantities makes what the orders or their lines come to.
    fn tell_price(&mut self) {
        let price_of = |(at, _): (usize, &HeaderKey)| {
            let is_price = self
                .said(at)
                .is_some_and(|meaning| meaning.field == Field::UnitPrice);
            (is_price && self.sample.values(at).all(is_figure)).then_some(at)
        };
        let prices = |all: &Vec<Meaning>| all.iter().any(|meaning| meaning.field == Field::UnitPrice);
        let named = (0..self.meanings.len()).filter(|at| self.meanings.get(*at).is_some_and(prices));
        let all: Vec<usize> = named.chain(self.open().filter_map(price_of)).collect();
        let (Some(order), Some(quantity)) = (self.best(Field::OrderId), self.best(Field::Quantity)) else {
            return;
        };
        let total = self.best(Field::OrderAmount);
        let (Some(total), [_, _, ..], false) = (total, all.as_slice(), self.has(&[Field::Amount])) else {
            return;
        };
        let made = |price: usize| orders_made(self.sample, order, total, price, quantity);
        let counted: Vec<(usize, usize)> = all.iter().map(|at| (made(*at), *at)).collect();
        let Some((most, at)) = counted
            .iter()
            .copied()
            .max_by_key(|(made, at)| (*made, usize::MAX - at))
        else {
            return;
        };
        let now = self.best(Field::UnitPrice).map_or(0, made);
        if most >= ENOUGH
            && most > now
            && let Some(meanings) = self.meanings.get_mut(at)
        {
            *meanings = vec![Meaning {
                field: Field::UnitPrice,
                rank: 0,
            }];
        }
    }

    /// Figures that go together: the amount that a price and the quantity make, and what it lacks of the three.
    fn tell_products(&mut self) {
        if !self.has(&[Field::OrderId]) || self.has(&[Field::Amount]) || self.counts_stock() {
            return;
        }
        let open: Vec<usize> = self.figures();
        let (price, quantity) = (self.best(Field::UnitPrice), self.best(Field::Quantity));
        let Some(quantity) = quantity else { return };
        let makes = |price: usize| {
            let mut others = open.iter().copied().filter(|at| *at != price);
            others.find(|at| {
                !are_equal(self.sample, price, *at)
                    && stands_beside(self.sample, *at, price)
                    && is_product(self.sample, *at, price, quantity)
            })
        };
        let found = match price {
            Some(price) => makes(price).map(|amount| (None, amount)),
            None => open.iter().find_map(|price| Some((Some(*price), makes(*price)?))),
        };
        if let Some((price, amount)) = found {
            if let Some(price) = price {
                self.add(Field::UnitPrice, price);
            }
            self.add(Field::Amount, amount);
        }
    }

    /// Columns of figures that mean nothing.
    fn figures(&self) -> Vec<usize> {
        let is_figures = |at: &usize| {
            let mut values = self.sample.values(*at).take(MOST).peekable();
            values.peek().is_some() && values.all(is_figure)
        };
        let open = self.open().filter(|(_, key)| !is_another_figure(key));
        open.map(|(at, _)| at)
            .filter(is_figures)
            .take(MOST_FIGURES)
            .collect()
    }

    /// A table of goods and places with one quantity counts what lies there; a place may be called in part only.
    fn tell_stock(&mut self) {
        let orders = [
            Field::OrderId,
            Field::CreatedAt,
            Field::PaidAt,
            Field::Amount,
            Field::Customer,
        ];
        let levels = [Field::OnHand, Field::Available];
        if self.has(&orders) || !self.has(&[Field::Sku]) {
            return;
        }
        let place = Field::Dim(Dim::Warehouse);
        if !self.has(&[place]) {
            let says = |value: &str| !is_figure(value) && !is_date(value);
            let texts: Vec<usize> = (self.open().map(|(at, _)| at))
                .filter(|at| self.sample.values(*at).all(says))
                .collect();
            let is_named = |at: &usize| self.said(*at).is_some_and(|meaning| meaning.field == place);
            let named: Vec<usize> = texts.iter().copied().filter(is_named).collect();
            let goods = self.best(Field::Sku);
            let is_place = |at: usize| goods.is_some_and(|goods| tells_apart(self.sample, at, goods));
            let found = match named.as_slice() {
                [at] => Some(*at),
                _ => texts.iter().copied().find(|at| is_place(*at)),
            };
            if let Some(at) = found {
                self.add(place, at);
            }
        }
        if !self.has(&levels) && self.has(&[place]) {
            let is_quantity = |(at, _): &(usize, &HeaderKey)| {
                self.said(*at)
                    .is_some_and(|meaning| meaning.field == Field::Quantity)
                    && self.sample.values(*at).all(is_count)
            };
            let loose = || self.open().find(is_quantity).map(|(at, _)| at);
            if let Some(at) = self.best(Field::Quantity).or_else(loose) {
                self.add(Field::OnHand, at);
            }
        }
    }
}

/// The column that means `field` most.
fn best(meanings: &[Vec<Meaning>], field: Field) -> Option<usize> {
    let ranked = meanings.iter().enumerate().filter_map(|(at, all)| {
        let meaning = all.iter().find(|meaning| meaning.field == field)?;
        Some((meaning.rank, at))
    });
    ranked.min().map(|(_, at)| at)
}

/// What goods cost stays the same where they are bought in other quantities, what they come to goes with the
/// quantity: whatever the one figure of money is called.
fn tell_by_goods(meanings: &mut [Vec<Meaning>], sample: &Sample) {
    let of = |field: Field| best(meanings, field);
    let (Some(goods), Some(quantity)) = (of(Field::Sku).or_else(|| of(Field::Title)), of(Field::Quantity))
    else {
        return;
    };
    let (from, to) = match (of(Field::Amount), of(Field::UnitPrice)) {
        (Some(_), None) => (Field::Amount, Field::UnitPrice),
        (None, Some(_)) => (Field::UnitPrice, Field::Amount),
        _ => return,
    };
    for (at, all) in meanings.iter_mut().enumerate() {
        for meaning in all.iter_mut().filter(|meaning| meaning.field == from) {
            let (same, grows) = compared(sample, at, goods, quantity);
            let (for_to, for_from) = if to == Field::UnitPrice {
                (same, grows)
            } else {
                (grows, same)
            };
            if for_to > 4 * for_from {
                meaning.field = to;
            }
        }
    }
}

/// What is of the whole order stands on each of its lines alike, whatever it is called, and what differs is of the
/// line.
fn tell_by_orders(meanings: &mut [Vec<Meaning>], sample: &Sample) {
    let of = |field: Field| best(meanings, field);
    let (Some(order), Some(goods)) = (of(Field::OrderId), of(Field::Sku).or_else(|| of(Field::Title))) else {
        return;
    };
    for (at, all) in meanings.iter_mut().enumerate() {
        for meaning in all.iter_mut() {
            let (to, differs) = match meaning.field {
                Field::Amount => (Field::OrderAmount, false),
                Field::OrderAmount => (Field::Amount, true),
                _ => continue,
            };
            let (alike, unlike) = lines_alike(sample, at, order, goods);
            let (right, wrong) = if differs { (unlike, alike) } else { (alike, unlike) };
            if right >= ENOUGH && right > 4 * wrong {
                // What is called a total of lines may still be what is left of them.
                *meaning = Meaning {
                    field: to,
                    rank: RANK - 1,
                };
            }
        }
    }
}

/// Lines of one order with other goods than its first on which a figure is as on that, and on which it is not. Where
/// one order's is mostly as the order's before, as in a shop of one price, being alike says nothing: then there are none.
fn lines_alike(sample: &Sample, figure: usize, order: usize, goods: usize) -> (usize, usize) {
    let mut first: FxHashMap<&str, (&str, &str)> = FxHashMap::default();
    let (mut alike, mut unlike) = (0, 0);
    let (mut last, mut same, mut other_orders) = (None, 0, 0);
    for row in &sample.rows {
        let (Some(order), Some(name), Some(value)) = (row.get(order), row.get(goods), row.get(figure)) else {
            continue;
        };
        if order.is_empty() || value.is_empty() {
            continue;
        }
        let (other, amount) = *first.entry(order).or_insert_with(|| {
            if let Some(last) = last.replace(value) {
                same += usize::from(last == value);
                other_orders += 1;
            }
            (name, value)
        });
        if other != name {
            alike += usize::from(amount == value);
            unlike += usize::from(amount != value);
        }
    }
    if same * 2 >= other_orders {
        alike = 0;
    }
    (alike, unlike)
}

/// How often a figure is the same for the same goods in another quantity, and how often it goes with the quantity.
fn compared(sample: &Sample, figure: usize, goods: usize, quantity: usize) -> (usize, usize) {
    let mut first: FxHashMap<&str, (Fixed, Fixed)> = FxHashMap::default();
    let (mut same, mut grows) = (0, 0);
    for row in &sample.rows {
        let (Some(name), Some(units), Some(value)) =
            (row.get(goods), number_in(row, quantity), number_in(row, figure))
        else {
            continue;
        };
        if units == Fixed::ZERO || value == Fixed::ZERO || name.is_empty() {
            continue;
        }
        let (other_units, other) = *first.entry(name.as_str()).or_insert((units, value));
        if other_units != units {
            let cross = |one: Fixed, other: Fixed| one.checked_mul(other).unwrap_or(Fixed::ZERO);
            same += usize::from(value == other);
            grows += usize::from(value != other && is_near(cross(value, other_units), cross(other, units)));
        }
    }
    (same, grows)
}

/// Of several names for the goods, those that the platform gives come last: bare digits beside codes.
fn tell_codes_of_sellers(meanings: &mut [Vec<Meaning>], sample: &Sample) {
    /// More than there are ranks of names and phrases together.
    const LATER: u16 = 20_200;
    let is_sku = |all: &Vec<Meaning>| all.iter().any(|meaning| meaning.field == Field::Sku);
    let digits = |at: usize| {
        let mut values = sample.values(at).take(MOST).peekable();
        values.peek().is_some() && values.all(|value| value.bytes().all(|b| b.is_ascii_digit()))
    };
    let skus: Vec<usize> = (0..meanings.len())
        .filter(|at| meanings.get(*at).is_some_and(is_sku))
        .collect();
    let (numbers, codes): (Vec<usize>, Vec<usize>) = skus.into_iter().partition(|at| digits(*at));
    if codes.is_empty() {
        return;
    }
    for at in numbers {
        let all = meanings.get_mut(at).into_iter().flatten();
        all.filter(|meaning| meaning.field == Field::Sku)
            .for_each(|meaning| meaning.rank = meaning.rank.saturating_add(LATER));
    }
}

/// Whether `column` tells apart all rows of goods that stand on several: it says where they lie.
fn tells_apart(sample: &Sample, column: usize, goods: usize) -> bool {
    let mut seen: FxHashMap<(&str, &str), ()> = FxHashMap::default();
    let (mut all, mut places) = (
        FxHashMap::<&str, usize>::default(),
        FxHashMap::<&str, ()>::default(),
    );
    for row in sample.rows.iter().take(MOST) {
        let (Some(name), Some(place)) = (row.get(goods), row.get(column)) else {
            return false;
        };
        if place.is_empty() || seen.insert((name, place), ()).is_some() {
            return false;
        }
        *all.entry(name).or_insert(0) += 1;
        places.insert(place, ());
    }
    all.values().any(|count| *count > 1) && places.len() * 2 <= seen.len()
}

/// Whether `column` is the same wherever `code` is, some code standing on several rows, and names codes apart.
fn goes_with(sample: &Sample, column: usize, code: usize) -> bool {
    let mut texts: FxHashMap<&str, &str> = FxHashMap::default();
    let (mut again, mut codes) = (0, FxHashMap::<&str, &str>::default());
    for row in sample.rows.iter().take(MOST) {
        let (Some(code), Some(text)) = (row.get(code), row.get(column)) else {
            continue;
        };
        if code.is_empty() || text.is_empty() {
            continue;
        }
        match texts.insert(code, text) {
            Some(before) if before != text => return false,
            before => again += usize::from(before.is_some()),
        }
        codes.insert(text, code);
    }
    again > 0 && codes.len() > 1 && codes.len() * 2 > texts.len()
}

/// Whether `column` numbers orders by where its values stand: each of one time, of more orders than times or lines
/// of other goods under one number, and not as the goods go.
fn numbers_orders(sample: &Sample, column: usize, time: usize, goods: usize) -> bool {
    let mut orders: FxHashMap<&str, (&str, &str)> = FxHashMap::default();
    let mut times: FxHashMap<&str, ()> = FxHashMap::default();
    let mut bought: FxHashMap<&str, &str> = FxHashMap::default();
    let (mut lines, mut again) = (0, 0);
    for row in sample.rows.iter().take(MOST) {
        let (Some(id), Some(at), Some(name)) = (row.get(column), row.get(time), row.get(goods)) else {
            continue;
        };
        let (first, other) = *orders.entry(id).or_insert((at, name));
        if first != at {
            return false;
        }
        lines += usize::from(other != name);
        times.insert(at, ());
        again += usize::from(bought.insert(name, id).is_some_and(|before| before != id));
    }
    times.len() > 1 && lines > 0 && again > 0 && orders.len() >= times.len()
}

/// How many orders come to `total` by prices and quantities of their lines.
fn orders_made(sample: &Sample, order: usize, total: usize, price: usize, quantity: usize) -> usize {
    let mut sums: FxHashMap<&str, (Fixed, Fixed)> = FxHashMap::default();
    for row in &sample.rows {
        let (Some(order), Some(price), Some(units)) =
            (row.get(order), number_in(row, price), number_in(row, quantity))
        else {
            continue;
        };
        let total = number_in(row, total).unwrap_or(Fixed::ZERO);
        let (sum, said) = sums.entry(order.as_str()).or_insert((Fixed::ZERO, total));
        *sum = sum.saturating_add(price.checked_mul(units).unwrap_or(Fixed::ZERO));
        if *said == Fixed::ZERO {
            *said = total;
        }
    }
    sums.values()
        .filter(|(sum, said)| *said != Fixed::ZERO && is_near(*sum, *said))
        .count()
}

fn number_in(row: &[String], at: usize) -> Option<Fixed> {
    let cell = row.get(at)?;
    let read =
        number::read(cell, number::Decimal::Point).or_else(|_| number::read(cell, number::Decimal::Comma));
    read.ok().flatten().map(|number| number.value)
}

/// Whether two figures are the same but for rounding: a hundredth, or two cents.
fn is_near(one: Fixed, other: Fixed) -> bool {
    let off = one.saturating_sub(other).abs();
    off.raw() <= (other.abs().raw() / 100).max(Fixed::SCALE / 50)
}

/// Of two amounts of a line, one is the price of a unit where it makes the other with the quantity.
fn tell_prices_of_units(meanings: &mut [Vec<Meaning>], sample: &Sample) {
    let all = |meanings: &[Vec<Meaning>], field: Field| -> Vec<usize> {
        let is_of = |at: &usize| {
            meanings
                .get(*at)
                .is_some_and(|all| all.iter().any(|one| one.field == field))
        };
        (0..meanings.len()).filter(is_of).collect()
    };
    let amounts = all(meanings, Field::Amount);
    let quantities = all(meanings, Field::Quantity);
    let ([_, _, ..], Some(quantity)) = (amounts.as_slice(), quantities.first()) else {
        return;
    };
    let makes = |price: usize| {
        let others = amounts.iter().filter(|at| **at != price);
        let mut others = others.filter(|at| !are_equal(sample, price, **at));
        others.any(|at| is_product(sample, *at, price, *quantity))
    };
    let prices: Vec<usize> = amounts.iter().copied().filter(|at| makes(*at)).collect();
    for at in prices {
        let all = meanings.get_mut(at).into_iter().flatten();
        all.filter(|meaning| meaning.field == Field::Amount)
            .for_each(|meaning| meaning.field = Field::UnitPrice);
    }
}

fn are_equal(sample: &Sample, one: usize, other: usize) -> bool {
    sample.rows.iter().all(|row| row.get(one) == row.get(other))
}

/// A column that is called by the goods and holds codes names them, where no other does.
fn tell_codes_of_goods(meanings: &mut [Vec<Meaning>], sample: &Sample) {
    let is_told = |meaning: &Meaning| matches!(meaning.field, Field::Sku | Field::Handle);
    if meanings.iter().flatten().any(is_told) {
        return;
    }
    let mut columns = meanings.iter_mut().enumerate();
    let found = columns.find(|(at, all)| {
        let values: Vec<&str> = sample.values(*at).take(MOST).collect();
        all.iter().any(|meaning| meaning.field == Field::Title)
            && values.len() >= ENOUGH
            && are_codes(&values)
    });
    if let Some((_, all)) = found {
        all.push(Meaning {
            field: Field::Sku,
            rank: RANK,
        });
    }
}

/// An amount that only the words of its header speak for is of the whole order where it is not price × quantity:
/// taken for one of the line it would count once a line.
fn tell_amounts_of_orders(meanings: &mut [Vec<Meaning>], sample: &Sample) {
    let best = |field: Field| best(meanings, field);
    let (Some(price), Some(quantity)) = (best(Field::UnitPrice), best(Field::Quantity)) else {
        return;
    };
    for (at, all) in meanings.iter_mut().enumerate() {
        for meaning in all {
            if meaning.field == Field::Amount
                && meaning.rank >= RANK_OF_PHRASES
                && !is_product(sample, at, price, quantity)
            {
                meaning.field = Field::OrderAmount;
            }
        }
    }
}

/// Whether `column` says something on nearly all rows on which `other` does.
fn stands_beside(sample: &Sample, column: usize, other: usize) -> bool {
    let says = |row: &&Vec<String>, at: usize| row.get(at).is_some_and(|cell| !cell.is_empty());
    let rows = || sample.rows.iter().filter(|row| says(row, other));
    rows().filter(|row| says(row, column)).count() * 10 >= rows().count() * 9
}

/// Whether `column` is the product of two others on nearly all rows that say all three.
fn is_product(sample: &Sample, column: usize, price: usize, quantity: usize) -> bool {
    let (mut all, mut other) = (0, 0);
    for row in sample.rows.iter().take(MOST) {
        let (Some(sum), Some(price), Some(units)) = (
            number_in(row, column),
            number_in(row, price),
            number_in(row, quantity),
        ) else {
            continue;
        };
        all += 1;
        other += usize::from(!is_near(price.checked_mul(units).unwrap_or(Fixed::ZERO), sum));
        if other * 20 > MOST.min(sample.rows.len()) {
            return false;
        }
    }
    other * 20 <= all
}

type Looks = fn(&HeaderKey, &[&str]) -> bool;

/// Numbers of orders: a header that speaks of orders above values with digits that hardly repeat.
fn is_order_id(key: &HeaderKey, values: &[&str]) -> bool {
    speaks_of_orders(key)
        && values.iter().all(|value| {
            value.len() >= 4
                && value.bytes().any(|b| b.is_ascii_digit())
                && !value.contains(' ')
                && !is_date(value)
        })
        && !values.iter().all(|value| is_money(value))
}

fn is_date(value: &str) -> bool {
    // Eight digits may be anything.
    value.bytes().any(|b| !b.is_ascii_digit()) && date::read(value).is_some()
}

/// Amounts: a currency beside the number, or cents.
fn is_money(value: &str) -> bool {
    let cents = |mark: char| value.rsplit_once(mark).is_some_and(|(_, cents)| cents.len() == 2);
    let is_number = |decimal| matches!(number::read(value, decimal), Ok(Some(_)));
    number::currency_in(value).is_some()
        && (is_number(number::Decimal::Point) || is_number(number::Decimal::Comma))
        || cents('.') && is_number(number::Decimal::Point)
        || cents(',') && is_number(number::Decimal::Comma)
}

/// A number, with a currency beside it or without.
fn is_figure(value: &str) -> bool {
    use number::{Decimal, read};
    matches!(
        read(value, Decimal::Point).or_else(|_| read(value, Decimal::Comma)),
        Ok(Some(_))
    )
}

/// How many: a number that is no amount of money and no code.
fn is_count(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    digits <= 9 && is_figure(value) && number::currency_in(value).is_none()
}

fn are_states(values: &[&str]) -> bool {
    let mut states = States::default();
    values
        .iter()
        .all(|value| matches!(states.read(value), State::Is(_)))
}

/// Codes of goods: capitals and digits without blanks, with digits in most.
fn are_codes(values: &[&str]) -> bool {
    let is_code = |value: &&str| {
        value.len() >= 3
            && value.bytes().all(|b| {
                b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'/' | b'.')
            })
            && value.bytes().any(|b| b.is_ascii_uppercase())
    };
    let with_digits = values
        .iter()
        .filter(|value| value.bytes().any(|b| b.is_ascii_digit()));
    values.iter().all(is_code)
        && with_digits.count() * 2 > values.len()
        && values.iter().any(|value| value.len() >= 5)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{columns, import};

    #[test]
    fn columns_without_a_known_name_are_told_by_what_they_hold() {
        let got = columns(&import(
            "Bestellung Kennung,Wann,Zustand,Wohin,Artikelkode,Was es kostet\n\
             B-10001,2026-04-05 10:00,Shipped,浙江省杭州市,KX-1001,9.50\n\
             B-10002,2026-04-06 11:00,Delivered,四川省成都市,KX-1002,19.00\n"
                .as_bytes(),
            1 << 20,
        ));
        let got: Vec<&str> = got.lines().collect();
        assert_eq!(
            got,
            [
                "Bestellung Kennung: order_id \"B-10001\"",
                "Wann: created_at \"2026-04-05 10:00\"",
                "Zustand: status \"Shipped\"",
                "Wohin: dim:region \"浙江省杭州市\"",
                "Artikelkode: sku \"KX-1001\"",
                "Was es kostet: amount \"9.50\"",
            ]
        );
    }
}
