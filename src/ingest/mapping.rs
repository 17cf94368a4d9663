//! Which column holds which field: by its header, confirmed by its content, never by its position.

use super::crosswalk;
use super::field::{Content, Field};
use super::guess::guess;
use super::header::HeaderKey;
use super::personal::personal;
use super::phrases::phrase;
use super::places::{Place, places};
use super::profile::{Profile, recognise};
use super::sample::Sample;
use super::synonyms::{Meaning, meanings};
use super::{date, number, region};
use crate::arrange::arrange;
use crate::model::Dim;
use crate::protocol::{FileKind, Use};

/// What the columns of a file are.
#[derive(Clone, Debug)]
pub(super) struct Mapping {
    /// What the file holds.
    pub kind: FileKind,
    /// The known export it is.
    pub profile: Option<&'static Profile>,
    /// Rows are whole orders, which give way to rows that name the goods.
    pub whole_orders: bool,
    /// The places of a stock table that has several a row.
    pub places: Vec<Place>,
    /// Of an unknown kind: whether it is known to be a product listing.
    pub is_listing: bool,
    /// Headers as the synonym table spells them.
    pub keys: Vec<HeaderKey>,
    taken: Vec<(Field, usize)>,
}

impl Mapping {
    /// Maps `headers`, with the first rows under them to confirm it.
    pub(super) fn of(headers: &[String], sample: &Sample) -> Self {
        Self::of_keys(
            headers.iter().map(|header| HeaderKey::of(header)).collect(),
            None,
            sample,
        )
    }

    /// Maps columns that are named by their paths, such as `line_items.sku`.
    pub(super) fn of_paths(headers: &[String], sample: &Sample) -> Self {
        let keys = headers.iter().map(|header| HeaderKey::of(header)).collect();
        Self::of_keys(keys, Some(headers), sample)
    }

    fn of_keys(keys: Vec<HeaderKey>, paths: Option<&[String]>, sample: &Sample) -> Self {
        let profile = recognise(&keys);
        let mut columns: Vec<Vec<Meaning>> = keys.iter().map(|key| column_meanings(key, profile)).collect();
        if let Some(paths) = paths {
            for ((meanings, key), path) in columns.iter_mut().zip(&keys).zip(paths) {
                by_last_name(meanings, key, path, profile);
            }
        }
        guess(&keys, &mut columns, sample);
        let orders = give(&columns, sample, Field::is_of_orders);
        let has = |taken: &[(Field, usize)], fields: &[Field]| {
            taken.iter().any(|(field, _)| fields.contains(field))
        };
        let value = [
            Field::Quantity,
            Field::UnitPrice,
            Field::Amount,
            Field::OrderAmount,
            Field::PaidAmount,
        ];
        let mut mapping = Self {
            kind: FileKind::Unknown,
            profile,
            whole_orders: false,
            places: Vec::new(),
            is_listing: false,
            keys,
            taken: Vec::new(),
        };
        if has(&orders, &[Field::OrderId]) {
            let names_goods = has(&orders, &[Field::Sku, Field::LineId]);
            mapping.whole_orders = !names_goods && profile.is_some_and(|profile| profile.whole_orders);
            let is_timed =
                has(&orders, &[Field::CreatedAt]) && (mapping.whole_orders || has(&orders, &value));
            // Lines without a time, whose orders come in a file of the same account.
            let waits = names_goods
                && has(&orders, &[Field::Quantity])
                && profile.is_some_and(|profile| !profile.account.is_empty());
            if is_timed || waits {
                (mapping.kind, mapping.taken) = (FileKind::Orders, orders);
                mapping.leave_out_what_is_not_read();
            }
            return mapping;
        }
        let mut stock = give(&columns, sample, Field::is_of_stock);
        if has(&stock, &[Field::Sku, Field::Handle]) && !has(&orders, &[Field::CreatedAt]) {
            let found = places(&mapping.keys, &columns, sample, &stock, profile);
            if !found.is_empty() {
                stock.retain(|(field, _)| {
                    !matches!(
                        field,
                        Field::OnHand | Field::Available | Field::Dim(Dim::Warehouse)
                    )
                });
                stock.extend(found.iter().map(|place| (place.field, place.count)));
                let names = found.iter().filter_map(|place| place.name);
                stock.extend(names.map(|at| (Field::Dim(Dim::Warehouse), at)));
                (mapping.kind, mapping.taken, mapping.places) = (FileKind::Stock, stock, found);
                return mapping;
            }
        }
        let names = give(&columns, sample, Field::is_of_names);
        if crosswalk::is_one(&mapping.keys, profile, &names, &stock, &orders) {
            (mapping.kind, mapping.taken) = (FileKind::Crosswalk, names);
            return mapping;
        }
        let counts =
            has(&stock, &[Field::OnHand, Field::Available]) && !mapping.counts_sales(&stock, &orders);
        if has(&stock, &[Field::Sku, Field::Handle]) && counts {
            (mapping.kind, mapping.taken) = (FileKind::Stock, stock);
            return mapping;
        }
        let lists = columns
            .iter()
            .flatten()
            .any(|meaning| meaning.field == Field::Listing);
        let priced = has(&orders, &[Field::Title, Field::Sku]) && has(&orders, &[Field::UnitPrice]);
        mapping.is_listing = lists || priced && !has(&orders, &[Field::Quantity, Field::CreatedAt]);
        mapping
    }

    /// Column of `field`.
    pub(super) fn one(&self, field: Field) -> Option<usize> {
        self.all(field).next()
    }

    /// Columns of `field`, best first.
    pub(super) fn all(&self, field: Field) -> impl Iterator<Item = usize> {
        self.taken
            .iter()
            .filter(move |(taken, _)| *taken == field)
            .map(|(_, column)| *column)
    }

    /// What is done with `column`.
    pub(super) fn used(&self, column: usize) -> Use {
        if let Some((field, _)) = self.taken.iter().find(|(_, taken)| *taken == column) {
            return Use::Field(field.id().to_owned());
        }
        self.keys
            .get(column)
            .and_then(personal)
            .map_or(Use::Unused, Use::Personal)
    }

    /// Whether what stands in `column` may be shown as it is: nothing about a person.
    pub(super) fn may_be_shown(&self, column: usize) -> bool {
        match self.used(column) {
            Use::Field(id) => id != Field::Customer.id() && !self.is_address(column),
            Use::Unused => true,
            Use::Personal(_) => false,
        }
    }

    /// Whether only the province of `column` is read.
    pub(super) fn is_address(&self, column: usize) -> bool {
        self.taken.contains(&(Field::Address, column))
    }

    /// Whether the first row under the header says in words what the columns hold: where a date or a number
    /// should stand there is neither, and in the row below there is.
    pub(super) fn is_description(&self, sample: &Sample) -> bool {
        let [first, second, ..] = sample.rows.as_slice() else {
            return false;
        };
        let said = |row: &[String], right: bool| {
            let typed = self
                .taken
                .iter()
                .filter(|(field, _)| field.content() != Content::Any);
            let cells =
                typed.filter_map(|(field, at)| Some((field, row.get(*at).filter(|cell| !cell.is_empty())?)));
            cells
                .filter(|(field, cell)| is_of(field.content(), cell) == right)
                .count()
        };
        said(first, true) == 0 && said(first, false) > 0 && said(second, true) > 0
    }

    /// Whether the one quantity is just called so and may as well be what was sold: beside times,
    /// amounts or buyers, and without a place where it lies.
    fn counts_sales(&self, stock: &[(Field, usize)], orders: &[(Field, usize)]) -> bool {
        let of_stock = |field: Field| {
            stock
                .iter()
                .find(|(taken, _)| *taken == field)
                .map(|(_, column)| *column)
        };
        let key = of_stock(Field::OnHand).and_then(|at| self.keys.get(at));
        let is_vague = key.is_some_and(|key| matches!(key.base.as_str(), "数量" | "quantity" | "qty"));
        let sale = [
            Field::CreatedAt,
            Field::PaidAt,
            Field::Status,
            Field::Customer,
            Field::Amount,
            Field::RefundAmount,
        ];
        let is_sale = orders.iter().any(|(field, _)| sale.contains(field));
        is_vague
            && is_sale
            && of_stock(Field::Available)
                .or(of_stock(Field::Dim(Dim::Warehouse)))
                .is_none()
    }

    fn leave_out_what_is_not_read(&mut self) {
        let has = |field: Field| self.one(field).is_some();
        let priced = has(Field::UnitPrice) && has(Field::Quantity);
        let needless = [
            (Field::UnitPrice, has(Field::Amount) || !priced),
            (Field::OrderAmount, has(Field::Amount) || priced),
            (Field::Address, has(Field::Dim(Dim::Region))),
        ];
        self.taken
            .retain(|(field, _)| !needless.contains(&(*field, true)));
    }
}

/// How likely a row is the header: what its cells can mean.
pub(super) fn header_score(cells: &[String]) -> usize {
    let worth = |cell: &String| {
        let key = HeaderKey::of(cell);
        if !meanings(&key).is_empty() {
            2
        } else {
            usize::from(personal(&key).is_some())
        }
    };
    cells
        .iter()
        .filter(|cell| !cell.is_empty() && cell.chars().count() <= 60)
        .map(worth)
        .sum()
}

fn column_meanings(key: &HeaderKey, profile: Option<&'static Profile>) -> Vec<Meaning> {
    let own = profile.and_then(|profile| {
        profile
            .fields
            .iter()
            .find(|(name, _)| *name == key.full || *name == key.base)
    });
    match own {
        Some((_, field)) => field
            .iter()
            .map(|field| Meaning {
                field: *field,
                rank: 0,
            })
            .collect(),
        None => match meanings(key) {
            // A profile knows the columns that it needs.
            [] if profile.is_some() => Vec::new(),
            [] => phrase(key),
            known => known.to_vec(),
        },
    }
}

/// Below the rank of all names of a line, above that of all names of other nested values.
const PLAIN: u16 = 10_000;

/// What the last name of a path means, where the path as a whole means nothing.
fn by_last_name(meanings: &mut Vec<Meaning>, key: &HeaderKey, path: &str, profile: Option<&'static Profile>) {
    let is_own = profile.is_some_and(|profile| profile.fields.iter().any(|(name, _)| *name == key.full));
    let last = path.rsplit_once('.').map(|(_, last)| last);
    match last {
        Some(last) if meanings.is_empty() && !is_own => {
            *meanings = column_meanings(&HeaderKey::of(last), None);
            for meaning in meanings {
                let is_of_line = matches!(
                    meaning.field,
                    Field::LineId
                        | Field::Sku
                        | Field::Title
                        | Field::Quantity
                        | Field::UnitPrice
                        | Field::Amount
                        | Field::PaidAmount
                );
                meaning.rank = meaning
                    .rank
                    .saturating_add(if is_of_line { 0 } else { 2 * PLAIN });
            }
        }
        _ if is_own => {}
        _ => meanings
            .iter_mut()
            .for_each(|meaning| meaning.rank = meaning.rank.saturating_add(PLAIN)),
    }
}

fn give(columns: &[Vec<Meaning>], sample: &Sample, is_of_kind: fn(Field) -> bool) -> Vec<(Field, usize)> {
    let mut taken: Vec<(Field, usize)> = Vec::new();
    for field in Field::all().filter(|field| is_of_kind(*field)) {
        let mut candidates: Vec<(u16, usize)> = columns
            .iter()
            .enumerate()
            .filter(|(column, _)| !taken.iter().any(|(_, other)| other == column))
            .filter_map(|(column, found)| {
                let meaning = found.iter().find(|meaning| meaning.field == field)?;
                Some((meaning.rank, column))
            })
            .filter(|(_, column)| confirms(field.content(), sample, *column))
            .collect();
        arrange(&mut candidates, Ord::cmp);
        let most = if field.is_many() { usize::MAX } else { 1 };
        taken.extend(
            candidates
                .into_iter()
                .take(most)
                .map(|(_, column)| (field, column)),
        );
    }
    taken
}

/// Values that prove a header wrong; fewer may be bad rows.
const ENOUGH: usize = 5;

/// Whether most values of `column` look like `content`.
fn confirms(content: Content, sample: &Sample, column: usize) -> bool {
    let share = |is_one: fn(&str) -> bool| {
        let (mut all, mut right) = (0_usize, 0_usize);
        for value in sample.values(column) {
            all += 1;
            right += usize::from(is_one(value));
        }
        (all, right * 2 >= all, all < ENOUGH)
    };
    match content {
        Content::Any => true,
        Content::Date => !matches!(share(is_date), (_, false, false)),
        Content::Number => !matches!(share(is_number), (_, false, false)),
        // The one kind of column that is personal unless its content says otherwise.
        Content::Province => matches!(share(|value| !region::province(value).is_empty()), (1.., true, _)),
    }
}

fn is_of(content: Content, value: &str) -> bool {
    match content {
        Content::Any => true,
        Content::Date => is_date(value),
        Content::Number => is_number(value),
        Content::Province => !region::province(value).is_empty(),
    }
}

fn is_date(value: &str) -> bool {
    date::is_nothing(value) || date::read(value).is_some() || date::serial(value).is_some()
}

pub(super) fn is_number(value: &str) -> bool {
    use number::{Decimal, NumberFault, read};
    matches!(
        read(value, Decimal::Point),
        Ok(_) | Err(NumberFault::SpreadsheetError | NumberFault::OtherDecimal)
    )
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
