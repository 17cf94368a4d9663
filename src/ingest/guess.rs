//! What columns hold whose names say nothing, by what stands in them.
//!
//! A name that is known always comes first: what is guessed here is looked at where a table lacks the field.

use super::decided::ByHand;
use super::field::Field;
use super::header::HeaderKey;
use super::personal::personal;
use super::phrases::{RANK as RANK_OF_PHRASES, speaks_of_orders};
use super::sample::Sample;
use super::states::{State, States};
use super::synonyms::Meaning;
use super::{date, number, region};
use crate::model::Dim;
use crate::money::Fixed;

/// Below all names that are known.
const RANK: u16 = u16::MAX - 10;
/// Values that a guess rests on at least.
const ENOUGH: usize = 2;
/// Values that are looked at.
const MOST: usize = 200;
/// Adds to the `meanings` of columns that mean nothing, and of which nothing is decided, what their values look like.
pub(super) fn guess(
    keys: &[HeaderKey],
    meanings: &mut [Vec<Meaning>],
    by_hand: &ByHand<'_>,
    sample: &Sample,
) {
    tell_prices_of_units(meanings, sample);
    tell_amounts_of_orders(meanings, sample);
    tell_codes_of_goods(meanings, sample);
    // Whatever values look like, what was decided holds.
    by_hand.overrule(meanings);
    let has = |meanings: &[Vec<Meaning>], fields: &[Field]| {
        let mut all = meanings.iter().flatten();
        all.any(|meaning| fields.contains(&meaning.field))
    };
    let wanted = [
        (Field::OrderId, &[Field::OrderId][..], is_order_id as Looks),
        (Field::CreatedAt, &[Field::CreatedAt, Field::AsOf], |_, values| {
            values.iter().all(|v| is_date(v))
        }),
        (Field::Status, &[Field::Status, Field::StatusAlso], |_, values| {
            are_states(values)
        }),
        (
            Field::Dim(Dim::Region),
            &[Field::Dim(Dim::Region), Field::Address],
            |_, values| values.iter().all(|value| !region::province(value).is_empty()),
        ),
        (
            Field::Amount,
            &[
                Field::Amount,
                Field::UnitPrice,
                Field::OrderAmount,
                Field::PaidAmount,
                Field::OnHand,
                Field::Available,
            ],
            |_, values| values.iter().all(|value| is_money(value)),
        ),
        (
            Field::Sku,
            &[Field::Sku, Field::Title, Field::Handle],
            |_, values| are_codes(values),
        ),
    ];
    for (field, others, looks) in wanted {
        let is_of_orders = !matches!(field, Field::OrderId | Field::Sku);
        if has(meanings, others) || is_of_orders && !has(meanings, &[Field::OrderId]) {
            continue;
        }
        let fits = |at: usize| {
            let key = keys.get(at).filter(|key| personal(key).is_none());
            let values: Vec<&str> = sample.values(at).take(MOST).collect();
            key.is_some_and(|key| values.len() >= ENOUGH && looks(key, &values))
        };
        // Of several the first: exports begin with what matters.
        let found = (0..keys.len())
            .find(|at| meanings.get(*at).is_some_and(Vec::is_empty) && !by_hand.has(*at) && fits(*at));
        if let Some(meanings) = found.and_then(|at| meanings.get_mut(at)) {
            meanings.push(Meaning { field, rank: RANK });
        }
    }
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
    let best = |field: Field| {
        let ranked = meanings.iter().enumerate().filter_map(|(at, all)| {
            let meaning = all.iter().find(|meaning| meaning.field == field)?;
            Some((meaning.rank, at))
        });
        ranked.min().map(|(_, at)| at)
    };
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

/// Whether `column` is the product of two others on nearly all rows that say all three.
fn is_product(sample: &Sample, column: usize, price: usize, quantity: usize) -> bool {
    let number = |row: &[String], at: usize| {
        let cell = row.get(at)?;
        let read = number::read(cell, number::Decimal::Point)
            .or_else(|_| number::read(cell, number::Decimal::Comma));
        read.ok().flatten().map(|number| number.value)
    };
    let (mut all, mut other) = (0, 0);
    for row in &sample.rows {
        let (Some(sum), Some(price), Some(units)) =
            (number(row, column), number(row, price), number(row, quantity))
        else {
            continue;
        };
        let product = price.checked_mul(units).unwrap_or(Fixed::ZERO);
        let off = product.saturating_sub(sum).abs();
        all += 1;
        // A hundredth of it, or two cents.
        other += usize::from(off.raw() > (sum.abs().raw() / 100).max(Fixed::SCALE / 50));
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

fn are_states(values: &[&str]) -> bool {
    let mut states = States::default();
    values
        .iter()
        .all(|value| matches!(states.read(value), State::Is(_)))
}

/// Codes of goods: capitals and digits without blanks.
fn are_codes(values: &[&str]) -> bool {
    let is_code = |value: &&str| {
        value.len() >= 3
            && value.bytes().all(|b| {
                b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'/' | b'.')
            })
            && value.bytes().any(|b| b.is_ascii_uppercase())
            && value.bytes().any(|b| b.is_ascii_digit())
    };
    values.iter().all(is_code) && values.iter().any(|value| value.len() >= 5)
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
