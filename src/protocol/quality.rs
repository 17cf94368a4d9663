//! What is odd about the data as a whole.

use serde::{Deserialize, Serialize};

/// What is looked for in all rows together; what is wrong with a single row is in its file's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Check {
    /// Order numbers that two sources have: a platform's export beside the ERP's of the same orders counts
    /// every sale twice.
    OrdersInTwoSources,
    /// Order numbers whose digits after the 15th are zeros, more of them than chance makes: a spreadsheet has
    /// rounded them, and different orders may have become one.
    RoundedOrderIds,
    /// Order numbers that were refused because a spreadsheet had ruined them, of the files of this session.
    RuinedOrderIds,
    /// Order numbers whose lines were ordered more than a day apart: different orders became one.
    CollidedOrderIds,
    /// SKUs with less than nothing left to sell.
    NegativeStock,
    /// SKUs that were sold and have no stock row.
    SoldWithoutStock,
    /// SKUs that were sold and have no stock row, while stock has one that differs only in letter case,
    /// punctuation or leading zeros.
    SpelledOtherwise,
    /// SKUs in stock that no order line names.
    StockNeverSold,
    /// Days without an order line between the first and the last, where nearly every day has some.
    MissingDays,
    /// Order lines from before 2000 or from more than a day ahead.
    ImpossibleTimes,
    /// Order lines paid or shipped before they were ordered, or shipped before they were paid.
    OutOfOrder,
    /// Order lines at ten times their SKU's median price, or at a tenth of it.
    PriceOutliers,
    /// Order lines without a number of their own that say the same as another line of their order.
    RepeatedLines,
    /// Order lines that name no SKU.
    WithoutSku,
    /// Names of a crosswalk that nobody sells or stocks.
    UnusedNames,
    /// Sets of a crosswalk that contain themselves, or too much: they stand for themselves alone.
    BrokenSets,
}

impl Check {
    /// Id in exports and attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::OrdersInTwoSources => "orders-in-two-sources",
            Self::RoundedOrderIds => "rounded-order-ids",
            Self::RuinedOrderIds => "ruined-order-ids",
            Self::CollidedOrderIds => "collided-order-ids",
            Self::NegativeStock => "negative-stock",
            Self::SoldWithoutStock => "sold-without-stock",
            Self::SpelledOtherwise => "spelled-otherwise",
            Self::StockNeverSold => "stock-never-sold",
            Self::MissingDays => "missing-days",
            Self::ImpossibleTimes => "impossible-times",
            Self::OutOfOrder => "out-of-order",
            Self::PriceOutliers => "price-outliers",
            Self::RepeatedLines => "repeated-lines",
            Self::WithoutSku => "without-sku",
            Self::UnusedNames => "unused-names",
            Self::BrokenSets => "broken-sets",
        }
    }

    /// Whether numbers are wrong because of it; else it may be as it should.
    pub const fn is_trouble(self) -> bool {
        matches!(
            self,
            Self::OrdersInTwoSources
                | Self::RoundedOrderIds
                | Self::RuinedOrderIds
                | Self::CollidedOrderIds
                | Self::NegativeStock
                | Self::ImpossibleTimes
        )
    }
}

/// One case of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Case {
    /// Order number, SKU or date.
    pub key: String,
    /// What is odd about it: canonical decimals, times or keys; may be empty.
    pub value: String,
}

/// What a check has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which.
    pub check: Check,
    /// Cases; 0: looked for and not there.
    pub count: u64,
    /// Of so many.
    pub of: u64,
    /// The first cases, the weightiest first.
    pub cases: Vec<Case>,
}
