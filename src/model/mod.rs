//! The unified order-line and stock-level model as columnar tables.
//!
//! Rule: no IO. Tables and user settings are the ground state; all else is derived and may be dropped.

mod bits;
mod chains;
mod codes;
mod dict;
mod hashes;
mod index;
mod ints;
mod names;
mod orders;
mod raw;
mod room;
mod status;
mod stock;
mod texts;

pub use bits::Bits;
pub use chains::Chains;
pub use codes::Codes;
pub use dict::{Dict, NONE_CODE};
pub use hashes::Hashes;
pub use ints::Ints;
pub use names::{NameColumns, NameRow, NameTable, Named, Parts};
pub use orders::{
    Change, Covered, LineId, Merge, OrderBatch, OrderBlock, OrderCoder, OrderColumns, OrderJournal,
    OrderLine, OrderTable,
};
pub use status::Status;
pub use stock::{StockBatch, StockColumns, StockJournal, StockLevel, StockTable, TOTAL};

use serde::{Deserialize, Serialize};

/// A dimension by which lines can be filtered and grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Dim {
    /// Sales channel: 抖音, 天猫, Amazon.in …
    Channel,
    /// Shop within a channel.
    Shop,
    /// [`Status`] of a line; its keys are the status ids.
    Status,
    /// Product category.
    Category,
    /// Brand.
    Brand,
    /// Province, state or country the goods go to.
    Region,
    /// Warehouse that ships.
    Warehouse,
    /// Stock keeping unit.
    Sku,
    /// Who ships: the merchant or the platform.
    Fulfilment,
}

impl Dim {
    /// Number of dimensions.
    pub const COUNT: usize = 9;
    /// All, in column order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Channel,
        Self::Shop,
        Self::Status,
        Self::Category,
        Self::Brand,
        Self::Region,
        Self::Warehouse,
        Self::Sku,
        Self::Fulfilment,
    ];

    /// Name in addresses and attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Shop => "shop",
            Self::Status => "status",
            Self::Category => "category",
            Self::Brand => "brand",
            Self::Region => "region",
            Self::Warehouse => "warehouse",
            Self::Sku => "sku",
            Self::Fulfilment => "fulfilment",
        }
    }

    /// The one called `id`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dim| dim.id() == id)
    }

    /// Position of the dimension's column.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Whether two spellings that differ in letter case name the same thing. Identifiers keep their
    /// case; labels typed by people (70 spellings of 48 states in one real export) do not.
    pub const fn folds_case(self) -> bool {
        !matches!(self, Self::Sku | Self::Status)
    }

    /// Whether a stock level has this dimension too, so that a clause on it filters stock.
    pub const fn is_of_stock(self) -> bool {
        matches!(self, Self::Sku | Self::Warehouse | Self::Category | Self::Brand)
    }
}
