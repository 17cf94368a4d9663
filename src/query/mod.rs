//! Clauses on dimensions, the selection they make, and groups counted over it.
//!
//! Rule: a client never sees its own clause: a chart of channels shows all channels while the clause on
//! channels filters everything else. This is the plain way, a scan; a faster one has to agree with it.

mod buckets;
mod distinct;
mod selection;

pub use buckets::Buckets;
pub use distinct::{BitSet, DistinctByGroup};
pub use selection::Selection;
pub(crate) use selection::passing_codes;
