//! Where rows are kept: the best that the browser has.

use super::database::{Database, Record};
use super::origin_files::{OriginFiles, Writing};
use crate::keep::{Disk, Fault};
use std::pin::Pin;

/// A folder of files of this page.
pub struct BrowserDisk(Kind);

enum Kind {
    Files(OriginFiles),
    Database(Database),
}

/// A file of it being written.
pub enum BrowserFile {
    /// In the origin's files.
    Writing(Writing),
    /// In a database.
    Record(Record),
}

/// What a disk is asked, on the heap: one step of it takes far longer than finding room, and a future that
/// lies in that of its caller is compiled once for each of them.
type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + 'a>>;

impl BrowserDisk {
    /// Opens or makes `folder`; `None` where the browser keeps nothing for this page.
    pub async fn open(folder: &str) -> Option<Self> {
        if let Some(files) = OriginFiles::open(folder).await {
            return Some(Self(Kind::Files(files)));
        }
        Database::open(folder)
            .await
            .map(|database| Self(Kind::Database(database)))
    }

    /// Removes the folder itself.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn remove_all(self) -> Result<(), Fault> {
        match self.0 {
            Kind::Files(files) => files.remove_all().await,
            Kind::Database(database) => database.remove_all().await,
        }
    }
}

impl Disk for BrowserDisk {
    type File = BrowserFile;

    async fn names(&self) -> Result<Vec<String>, Fault> {
        let asked: Asked<'_, _> = match &self.0 {
            Kind::Files(files) => Box::pin(files.names()),
            Kind::Database(database) => Box::pin(database.names()),
        };
        asked.await
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let asked: Asked<'_, _> = match &self.0 {
            Kind::Files(files) => Box::pin(files.read(name)),
            Kind::Database(database) => Box::pin(database.read(name)),
        };
        asked.await
    }

    async fn create(&self, name: &str) -> Result<BrowserFile, Fault> {
        let asked: Asked<'_, _> = match &self.0 {
            Kind::Files(files) => Box::pin(async { files.create(name).await.map(BrowserFile::Writing) }),
            Kind::Database(database) => {
                Box::pin(async { database.create(name).await.map(BrowserFile::Record) })
            }
        };
        asked.await
    }

    async fn append(&self, file: &mut BrowserFile, bytes: &[u8]) -> Result<(), Fault> {
        let asked: Asked<'_, _> = match (&self.0, file) {
            (Kind::Files(files), BrowserFile::Writing(file)) => Box::pin(files.append(file, bytes)),
            (Kind::Database(database), BrowserFile::Record(file)) => Box::pin(database.append(file, bytes)),
            _ => return Err(stranger()),
        };
        asked.await
    }

    async fn close(&self, file: BrowserFile) -> Result<(), Fault> {
        let asked: Asked<'_, _> = match (&self.0, file) {
            (Kind::Files(files), BrowserFile::Writing(file)) => Box::pin(files.close(file)),
            (Kind::Database(database), BrowserFile::Record(file)) => Box::pin(database.close(file)),
            _ => return Err(stranger()),
        };
        asked.await
    }

    async fn remove(&self, name: &str) -> Result<(), Fault> {
        let asked: Asked<'_, _> = match &self.0 {
            Kind::Files(files) => Box::pin(files.remove(name)),
            Kind::Database(database) => Box::pin(database.remove(name)),
        };
        asked.await
    }
}

/// Not reached: a disk gets back only the files that it gave out.
fn stranger() -> Fault {
    Fault::Failed("a file of another disk".to_owned())
}
