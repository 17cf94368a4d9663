//! Which column holds which field: by its header, confirmed by its content, never by its position.

use super::crosswalk;
use super::decided::{ByHand, Decisions, names};
use super::field::{Content, Field};
use super::guess::{guess, propose};
use super::header::HeaderKey;
use super::personal::{personal, personal_values};
use super::phrases::{LOOSE, phrase};
use super::places::{Place, places};
use super::profile::{Profile, recognise};
use super::sample::Sample;
use super::synonyms::{Meaning, meanings};
use super::{date, number, region};
use crate::arrange::arrange;
use crate::model::Dim;
use crate::protocol::{Choice, FileKind, Gap, PersonalColumn, Use};
use crate::time::UtcMillis;

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
    /// Names of the columns, as decisions know them.
    pub names: Vec<String>,
    /// The decision about the file: when it was made, and its fingerprint.
    pub decided: Option<(UtcMillis, Vec<String>)>,
    /// What the file is taken for, orders or stock, though it may lack what it takes to be read as that.
    pub meant: FileKind,
    taken: Vec<(Field, usize)>,
    /// What would be taken, where it is not enough.
    wanting: Vec<(Field, usize)>,
    by_hand: Vec<Option<Choice>>,
    /// Columns that are taken for what they are by a guess.
    guessed: Vec<usize>,
    /// Columns that say nothing by their header and are about people by what stands in them.
    people: Vec<Option<PersonalColumn>>,
}

impl Mapping {
    /// Maps `headers`, with the first rows under them to confirm it.
    pub(super) fn of(headers: &[String], sample: &Sample, decisions: Decisions<'_>) -> Self {
        let keys = headers.iter().map(|header| HeaderKey::of(header)).collect();
        Self::of_keys(keys, None, sample, decisions)
    }

    /// Maps columns that are named by their paths, such as `line_items.sku`.
    pub(super) fn of_paths(headers: &[String], sample: &Sample, decisions: Decisions<'_>) -> Self {
        let keys = headers.iter().map(|header| HeaderKey::of(header)).collect();
        Self::of_keys(keys, Some(headers), sample, decisions)
    }

    // Called from three places: once is enough of it in the module.
    #[inline(never)]
    fn of_keys(
        keys: Vec<HeaderKey>,
        paths: Option<&[String]>,
        sample: &Sample,
        decisions: Decisions<'_>,
    ) -> Self {
        let names = names(&keys);
        let by_hand = ByHand::of(decisions, &names);
        let mut profile = recognise(&keys);
        if profile.is_some() && by_hand.kind() != FileKind::Unknown {
            let found = Self::of_keys(keys.clone(), paths, sample, Decisions::Some(&[])).kind;
            // Known as something else: what is known of that does not hold.
            profile = profile.filter(|_| found == FileKind::Unknown || found == by_hand.kind());
        }
        let mut columns: Vec<Vec<Meaning>> = keys.iter().map(|key| column_meanings(key, profile)).collect();
        if let Some(paths) = paths {
            for ((meanings, key), path) in columns.iter_mut().zip(&keys).zip(paths) {
                by_last_name(meanings, key, path, profile);
            }
        }
        by_hand.overrule(&mut columns);
        guess(&keys, &mut columns, &by_hand, sample, profile.is_some());
        let mut mapping = Self {
            kind: FileKind::Unknown,
            profile,
            whole_orders: false,
            places: Vec::new(),
            is_listing: false,
            keys,
            names,
            decided: by_hand
                .decision
                .map(|decision| (decision.decided, decision.header.clone())),
            meant: FileKind::Orders,
            taken: Vec::new(),
            wanting: Vec::new(),
            by_hand: by_hand.choices.clone(),
            guessed: (columns.iter().enumerate())
                .filter(|(_, means)| means.iter().any(|meaning| meaning.rank >= LOOSE))
                .map(|(at, _)| at)
                .collect(),
            people: (columns.iter().enumerate())
                .map(|(at, means)| {
                    let is_open = means.is_empty() && !by_hand.has(at);
                    is_open.then(|| personal_values(sample.values(at))).flatten()
                })
                .collect(),
        };
        let orders = give(&columns, sample, &by_hand, Field::is_of_orders);
        let is_of_orders = match by_hand.kind() {
            FileKind::Unknown => has(&orders, &[Field::OrderId]),
            kind => kind == FileKind::Orders,
        };
        if is_of_orders {
            mapping.take_orders(orders, &by_hand);
            return mapping;
        }
        let mut stock = give(&columns, sample, &by_hand, Field::is_of_stock);
        let is_decided = by_hand.kind() == FileKind::Stock;
        let is_keyed = has(&stock, &[Field::Sku, Field::Handle]);
        let found = if is_decided || is_keyed && !has(&orders, &[Field::CreatedAt]) {
            places(&mapping.keys, &columns, sample, &stock, profile, &by_hand)
        } else {
            Vec::new()
        };
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
        }
        let names = give(&columns, sample, &by_hand, Field::is_of_names);
        let is_open = by_hand.kind() == FileKind::Unknown;
        if is_open && found.is_empty() && crosswalk::is_one(&mapping.keys, profile, &names, &stock, &orders) {
            (mapping.kind, mapping.taken) = (FileKind::Crosswalk, names);
            return mapping;
        }
        let counts = !found.is_empty()
            || has(&stock, &[Field::OnHand, Field::Available])
                && (is_decided || !mapping.counts_sales(&stock, &orders));
        if is_keyed && counts {
            (mapping.kind, mapping.meant) = (FileKind::Stock, FileKind::Stock);
            (mapping.taken, mapping.places) = (stock, found);
            return mapping;
        }
        if is_decided {
            (mapping.meant, mapping.wanting) = (FileKind::Stock, stock);
            return mapping;
        }
        let lists = columns
            .iter()
            .flatten()
            .any(|meaning| meaning.field == Field::Listing);
        let priced = has(&orders, &[Field::Title, Field::Sku]) && has(&orders, &[Field::UnitPrice]);
        mapping.is_listing = lists || priced && !has(&orders, &[Field::Quantity, Field::CreatedAt]);
        mapping.wanting = orders;
        let proposed = propose(&mapping.keys, &mut columns, &by_hand, sample);
        mapping.guessed.extend(proposed.iter().map(|(_, at)| *at));
        mapping.wanting.extend(proposed);
        mapping
    }

    /// Reads `orders` as orders, if they say enough.
    fn take_orders(&mut self, orders: Vec<(Field, usize)>, by_hand: &ByHand<'_>) {
        let value = [
            Field::Quantity,
            Field::UnitPrice,
            Field::Amount,
            Field::OrderAmount,
            Field::PaidAmount,
        ];
        let names_goods = has(&orders, &[Field::Sku, Field::LineId]);
        self.whole_orders = !names_goods && self.profile.is_some_and(|profile| profile.whole_orders);
        // Who decides may do without amounts and quantities.
        let is_worth = self.whole_orders || by_hand.decision.is_some() || has(&orders, &value);
        let is_timed = has(&orders, &[Field::CreatedAt]) && is_worth;
        // Lines without a time, whose orders come in a file of the same account.
        let waits = names_goods
            && has(&orders, &[Field::Quantity])
            && self.profile.is_some_and(|profile| !profile.account.is_empty());
        if has(&orders, &[Field::OrderId]) && (is_timed || waits) {
            (self.kind, self.taken) = (FileKind::Orders, orders);
            self.leave_out_what_is_not_read();
        } else {
            self.wanting = orders;
        }
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
        let is_decided = self.by_hand.get(column) == Some(&Some(Choice::Personal));
        let found = self.people.get(column).copied().flatten();
        let why = self.keys.get(column).and_then(personal).or(found);
        match why.or(is_decided.then_some(PersonalColumn::Other)) {
            Some(why) => Use::Personal(why),
            None => Use::Unused,
        }
    }

    /// What is done with `column`, and whether that was decided.
    pub(super) fn choice(&self, column: usize) -> (Choice, bool) {
        if let Some(Some(choice)) = self.by_hand.get(column) {
            return (choice.clone(), true);
        }
        let given = self.taken.iter().chain(&self.wanting);
        let field = given.clone().find(|(_, taken)| *taken == column);
        let choice = match (field, self.used(column)) {
            (Some((field, _)), _) => Choice::Field(field.name().to_owned()),
            (None, Use::Personal(_)) => Choice::Personal,
            (None, _) => Choice::Unused,
        };
        (choice, false)
    }

    /// Whether it is but a guess what `column` is.
    pub(super) fn is_guess(&self, column: usize) -> bool {
        self.guessed.contains(&column) && !matches!(self.by_hand.get(column), Some(Some(_)))
    }

    /// What it lacks, the worst first.
    pub(super) fn gaps(&self) -> Vec<Gap> {
        let has = |fields: &[Field]| has(&self.taken, fields) || has(&self.wanting, fields);
        let is_read = self.kind != FileKind::Unknown;
        let per_unit = self.profile.is_some_and(|profile| profile.units);
        let money = [
            Field::Amount,
            Field::OrderAmount,
            Field::PaidAmount,
            Field::OrderPaid,
        ];
        let all: &[(Gap, bool)] = if self.meant == FileKind::Stock {
            &[
                (Gap::Sku, has(&[Field::Sku, Field::Handle])),
                (
                    Gap::Level,
                    has(&[Field::OnHand, Field::Available]) || !self.places.is_empty(),
                ),
                (
                    Gap::Place,
                    has(&[Field::Dim(Dim::Warehouse)]) || !self.places.is_empty(),
                ),
            ]
        } else {
            &[
                (Gap::OrderId, has(&[Field::OrderId])),
                // Lines of an account that wait for their orders need none.
                (Gap::Time, is_read || has(&[Field::CreatedAt])),
                (Gap::Quantity, per_unit || has(&[Field::Quantity])),
                (
                    Gap::Amount,
                    has(&money) || has(&[Field::UnitPrice]) && has(&[Field::Quantity]),
                ),
                (
                    Gap::Goods,
                    has(&[Field::Sku]) || self.profile.is_some_and(|profile| profile.sku_from_title),
                ),
                (Gap::Status, has(&[Field::Status, Field::PaidAt])),
            ]
        };
        all.iter()
            .filter(|(_, is_there)| !is_there)
            .map(|(gap, _)| *gap)
            .collect()
    }

    /// Whether what stands in `column` may be shown as it is: nothing about a person.
    pub(super) fn may_be_shown(&self, column: usize) -> bool {
        match self.used(column) {
            Use::Field(id) => id != Field::Customer.id() && !self.is_address(column),
            Use::Unused => !self.is_given(Field::Customer, column),
            Use::Personal(_) => false,
        }
    }

    /// Whether only the province of `column` is read.
    pub(super) fn is_address(&self, column: usize) -> bool {
        self.is_given(Field::Address, column)
    }

    fn is_given(&self, field: Field, column: usize) -> bool {
        let given = (field, column);
        self.taken.contains(&given) || self.wanting.contains(&given)
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
    // Words are looked up where no cell is a number, as in rows of data some is.
    let is_number = |cell: &String| cell.bytes().any(|b| b.is_ascii_digit()) && is_figure(cell);
    let has_words = !cells.iter().any(is_number);
    let worth = |cell: &String| {
        let key = HeaderKey::of(cell);
        if !meanings(&key).is_empty() {
            2
        } else {
            usize::from(personal(&key).is_some() || has_words && !phrase(&key).is_empty())
        }
    };
    cells
        .iter()
        .filter(|cell| !cell.is_empty() && cell.chars().count() <= 60 && !is_number(cell))
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

fn has(taken: &[(Field, usize)], fields: &[Field]) -> bool {
    taken.iter().any(|(field, _)| fields.contains(field))
}

fn give(
    columns: &[Vec<Meaning>],
    sample: &Sample,
    by_hand: &ByHand<'_>,
    is_of_kind: fn(Field) -> bool,
) -> Vec<(Field, usize)> {
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
            .filter(|(_, column)| by_hand.has(*column) || confirms(field.content(), sample, *column))
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

/// Digits and marks alone: a number, a date, a time.
fn is_figure(cell: &str) -> bool {
    cell.bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'.' | b',' | b'-' | b'/' | b':'))
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
