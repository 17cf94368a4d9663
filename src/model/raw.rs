//! Vectors of integers as they lie in memory, for messages: both ends are built together and run on the same
//! machine.

use bytemuck::Pod;
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::marker::PhantomData;

/// Writes `values` as one run of bytes.
///
/// # Errors
/// Those of `to`.
pub fn serialize<T: Pod, S: Serializer>(values: &[T], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bytes(bytemuck::cast_slice(values))
}

/// Reads what [`serialize`] wrote.
///
/// # Errors
/// There is no run of bytes, or it is no whole number of values.
pub fn deserialize<'a, T: Pod, D: Deserializer<'a>>(from: D) -> Result<Vec<T>, D::Error> {
    struct Raw<T>(PhantomData<T>);

    impl<T: Pod> Visitor<'_> for Raw<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("integers")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<T>, E> {
            if !bytes.len().is_multiple_of(size_of::<T>()) {
                return Err(E::invalid_length(bytes.len(), &self));
            }
            Ok(bytemuck::pod_collect_to_vec(bytes))
        }
    }

    from.deserialize_bytes(Raw(PhantomData))
}
