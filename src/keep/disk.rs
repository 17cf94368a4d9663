//! What a store needs of a disk.

use std::fmt;

/// A folder of files.
///
/// What a store relies on: once [`Disk::close`] has returned, the file holds exactly what was appended, and
/// goes on doing so when the power fails. Until then, and after it was created anew, it may hold anything.
/// A removed file may come back when the power fails.
#[expect(async_fn_in_trait, reason = "everything runs on the one thread of a worker")]
pub trait Disk {
    /// A file being written.
    type File;

    /// Names of all files.
    ///
    /// # Errors
    /// The disk cannot be used.
    async fn names(&self) -> Result<Vec<String>, Fault>;

    /// What `name` holds; `None` where there is no such file.
    ///
    /// # Errors
    /// It cannot be read.
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault>;

    /// Begins to write `name`; what it held is gone.
    ///
    /// # Errors
    /// It cannot be written.
    async fn create(&self, name: &str) -> Result<Self::File, Fault>;

    /// Writes `bytes` at the end.
    ///
    /// # Errors
    /// They cannot all be written.
    async fn append(&self, file: &mut Self::File, bytes: &[u8]) -> Result<(), Fault>;

    /// Waits until all of it is durable.
    ///
    /// # Errors
    /// It is not.
    async fn close(&self, file: Self::File) -> Result<(), Fault>;

    /// Removes `name`, if it is there.
    ///
    /// # Errors
    /// It cannot be removed.
    async fn remove(&self, name: &str) -> Result<(), Fault>;
}

/// Why the disk did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no room.
    Full,
    /// Anything else, in the browser's words.
    Failed(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("no room"),
            Self::Failed(words) => f.write_str(words),
        }
    }
}
