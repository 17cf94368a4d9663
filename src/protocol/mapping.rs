//! What a person decides about the columns of a file, and what reading its head under that decision shows.

use super::{FileKind, FileReport};
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// A field of the model that a column can be given by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldInfo {
    /// Its id: `order_id`, `dim:warehouse` …
    pub id: &'static str,
    /// Order lines have it.
    pub orders: bool,
    /// Stock levels have it.
    pub stock: bool,
    /// Several columns may have it.
    pub many: bool,
}

const fn field(id: &'static str, orders: bool, stock: bool, many: bool) -> FieldInfo {
    FieldInfo {
        id,
        orders,
        stock,
        many,
    }
}

/// All of them, in the order in which they are offered.
pub const FIELDS: [FieldInfo; 38] = [
    field("order_id", true, false, true),
    field("line_id", true, false, false),
    field("created_at", true, false, false),
    field("paid_at", true, false, false),
    field("shipped_at", true, false, false),
    field("updated_at", true, false, false),
    field("status", true, false, false),
    field("status_also", true, false, true),
    field("after_sale", true, false, true),
    field("sku", true, true, true),
    field("title", true, true, false),
    field("quantity", true, false, false),
    field("unit_price", true, false, false),
    field("amount", true, false, false),
    field("order_amount", true, false, false),
    field("paid_amount", true, false, false),
    field("order_paid", true, false, false),
    field("refund_amount", true, false, false),
    field("currency", true, false, false),
    field("on_hand", false, true, true),
    field("available", false, true, true),
    field("inbound", false, true, true),
    field("as_of", false, true, false),
    field("arrives", false, true, false),
    field("unit_cost", false, true, false),
    field("dim:warehouse", true, true, true),
    field("dim:channel", true, false, false),
    field("dim:shop", true, true, false),
    field("dim:category", true, true, false),
    field("dim:brand", true, true, false),
    field("dim:region", true, false, false),
    field("address", true, false, false),
    field("city", true, false, false),
    field("dim:fulfilment", true, false, false),
    field("customer", true, false, false),
    field("handle", false, true, false),
    field("variant", false, true, true),
    field("item_id", false, true, false),
];

/// What is done with a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// Read into the field of this id, one of [`FIELDS`].
    Field(String),
    /// Left out.
    Unused,
    /// About a person: left out, and never shown.
    Personal,
}

impl Choice {
    /// The word for it: the field's id, `unused` or `personal`.
    pub fn word(&self) -> &str {
        match self {
            Self::Field(id) => id,
            Self::Unused => "unused",
            Self::Personal => "personal",
        }
    }

    /// The one that `word` stands for.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "unused" => Some(Self::Unused),
            "personal" => Some(Self::Personal),
            id => FIELDS
                .iter()
                .any(|field| field.id == id)
                .then(|| Self::Field(id.to_owned())),
        }
    }
}

/// What was decided by hand about all files with one header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// When.
    pub decided: UtcMillis,
    /// What such files hold; [`FileKind::Unknown`]: whatever it looks like.
    pub kind: FileKind,
    /// Label of the encoding, where it was decided too.
    pub encoding: Option<String>,
    /// The fingerprint: names of the header's columns, normalised and sorted, as they are read while nothing is
    /// decided. See [`Decision::is_about`].
    pub header: Vec<String>,
    /// What is done with each column, by its normalised name. One that is not here is taken for what it looks
    /// like; one that a file lacks is missing there, and no more.
    pub columns: Vec<(String, Choice)>,
}

impl Decision {
    /// Whether `names`, sorted, are those of a file that was decided about: all names are the same, in any order,
    /// letter case and width, with blanks and joining marks left out. Where an encoding was decided, so is what the
    /// header reads in it.
    pub fn is_about(&self, names: &[String]) -> bool {
        let has = |name: &String| self.column(name).is_some();
        // A column without a name is none of the header.
        let is_named = |name: &String| !name.is_empty() && !name.starts_with(' ');
        let count = || self.columns.iter().filter(|(name, _)| is_named(name)).count();
        self.header == names || self.encoding.is_some() && names.iter().all(has) && count() == names.len()
    }

    /// What is decided of the column of this name.
    pub fn column(&self, name: &str) -> Option<&Choice> {
        let mut columns = self.columns.iter();
        columns.find(|(other, _)| other == name).map(|(_, choice)| choice)
    }

    /// Decides about the column of this name.
    pub fn set_column(&mut self, name: String, choice: Choice) {
        self.columns.retain(|(other, _)| *other != name);
        self.columns.push((name, choice));
    }

    /// How many names of `names`, sorted, the decision shares with it, in a thousand of all names of both; 800 and
    /// more mean the same export with a column more or less.
    pub fn likeness(&self, names: &[String]) -> usize {
        let common = names.iter().filter(|name| self.header.contains(name)).count();
        common * 1000 / (self.header.len() + names.len() - common).max(1)
    }
}

/// Adds `decision`, in the place of an earlier one about the same header.
pub fn remember(decisions: &mut Vec<Decision>, decision: Decision) {
    decisions.retain(|old| old.header != decision.header);
    decisions.push(decision);
}

/// What the head of a file shows under a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// On the rows of the head alone.
    pub report: FileReport,
    /// What its columns are taken for.
    pub sight: Sight,
    /// Ids of the fields that some row has.
    pub fields: Vec<String>,
    /// The first rows as they would enter, a text for each of `fields`.
    pub rows: Vec<Vec<String>>,
}

/// What the columns of a file are taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// What the file is taken for, though it may lack what it takes to be read as that.
    pub kind: FileKind,
    /// Normalised names of its columns, sorted: its fingerprint.
    pub header: Vec<String>,
    /// Its columns, in their order.
    pub columns: Vec<SightColumn>,
    /// What it lacks, the worst first.
    pub gaps: Vec<Gap>,
    /// How its first lines look in each encoding that they may be in; none for what is no text.
    pub encodings: Vec<Reading>,
}

/// One column of a file as it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightColumn {
    /// Its normalised name; the second of a name has ` 2` behind it, and so on.
    pub name: String,
    /// Header as written.
    pub header: String,
    /// A few different values; none of a personal column.
    pub samples: Vec<String>,
    /// What is done with it.
    pub choice: Choice,
    /// Whether that was decided.
    pub decided: bool,
    /// Whether it is but a guess, by words of the header or by what the column holds.
    pub is_guess: bool,
}

/// The start of a file in one encoding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Label of the encoding.
    pub encoding: String,
    /// Its first lines, cut.
    pub lines: Vec<String>,
}

/// A field that a file lacks, and with it some number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gap {
    /// Orders without an order number cannot be read.
    OrderId,
    /// Orders without a time cannot be read.
    Time,
    /// Stock without a SKU cannot be read.
    Sku,
    /// Stock without a quantity cannot be read.
    Level,
    /// Units stay empty.
    Quantity,
    /// GMV stays empty.
    Amount,
    /// Nothing by SKU, and no join with stock.
    Goods,
    /// All lines count as paid.
    Status,
    /// One place for all.
    Place,
}

impl Gap {
    /// Whether nothing can be read without it.
    pub const fn is_fatal(self) -> bool {
        matches!(self, Self::OrderId | Self::Time | Self::Sku | Self::Level)
    }

    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::OrderId => "order-id",
            Self::Time => "time",
            Self::Sku => "sku",
            Self::Level => "level",
            Self::Quantity => "quantity",
            Self::Amount => "amount",
            Self::Goods => "goods",
            Self::Status => "status",
            Self::Place => "place",
        }
    }
}
