//! Clauses on dimensions, the selection they make, and what finds lines quickly: the crossfilter's half that
//! knows no number; what is counted over a selection stands in `metric`.
//!
//! Rule: a client never sees its own clause: a chart of channels shows all channels while the clause on
//! channels filters everything else.
//!
//! [`Masks`] holds one bit a line and clause; a changed clause gives the lines that flip. [`Zones`] tells
//! which blocks of lines a window of time touches.

mod buckets;
mod clauses;
mod masks;
mod zones;

pub use buckets::Buckets;
pub(crate) use clauses::passing_codes;
pub use clauses::{Amount, Clauses};
pub use masks::{Change, Flip, Masks, Own};
pub use zones::{BLOCK, Touch, Zones};
