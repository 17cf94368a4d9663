//! The definition of every number on screen, in one place.
//!
//! Rule: screen, exports and tests all ask here; there is no second definition elsewhere. Sums are exact
//! (`i128` of 1/10,000), ratios are Σ numerator / Σ denominator, what is not defined is `None`, not zero.
//!
//! The clock of each flow metric is part of its definition: `created` (下单) for what was ordered, `paid`
//! (付款) for what was sold. A line whose export has no time of payment carries the order time as its
//! time of payment where its status implies one (the import report says so).

mod book;
mod breakdown;
mod goods;
mod line;
mod pivot;
mod quality;
mod series;
mod spread;
mod stock;
mod totals;

pub use book::Book;
pub use breakdown::{Group, best_sellers, breakdown};
pub use goods::{Goods, Sold};
pub use line::{Clock, Line, Sum, Which};
pub use pivot::{By, Codes, Distinct, Groups, Live, Paths, Said, Spec, When, plain};
pub use quality::{quality, ruined};
pub use series::Course;
pub use spread::Spread;
pub use stock::{Demand, SkuStock, StockFigures, VELOCITY_DAYS, stock_state};
pub use totals::{Grouping, Totals};

use crate::money::Fixed;

/// A sum as a value; stops at the ends of an `i64`, which 9·10¹⁴ units do not reach.
pub fn fixed(sum: i128) -> Fixed {
    Fixed::from_raw(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN + 1 } else { i64::MAX }))
}
