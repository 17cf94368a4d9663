//! ZIP archives: each entry is a part, and may be a container itself, but no archive of archives of archives.

use super::book::{self, Kind};
use super::meter::Meter;
use super::{Container, Parts, Place, container_of, html, not_text};
use crate::ingest::{Decoders, Encoding, FileReader, ReadEnd, ReadNews, Step};
use crate::protocol::Problem;
use std::future::Future;
use std::io::{Cursor, Read};
use std::pin::Pin;
use zip::ZipArchive;

pub(super) type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Archives that an archive may lie in.
const DEEPEST: u32 = 1;
/// Bytes of an entry that are read at once.
const CHUNK: usize = 256 << 10;

/// Tells the parts of the container of these `bytes`, whatever it is.
///
/// # Errors
/// What is wrong with it as a whole; the parts told before stand.
pub(super) fn unpack<'a, H: AsyncFnMut(ReadNews)>(
    parts: &'a mut Parts<'_, H>,
    place: &'a Place,
    bytes: &'a [u8],
) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + 'a>> {
    Box::pin(async move {
        match container_of(bytes) {
            None => Err(not_text(bytes)),
            Some(Container::Html) => html::read(parts, place, bytes).await,
            Some(Container::Compound) if is_locked_package(bytes) => Err(Problem::Locked("xlsx".to_owned())),
            Some(Container::Compound) => book::read(parts, place, Kind::Xls, bytes).await,
            Some(Container::Zip) => {
                let mut zip = open(bytes)?;
                match content(&mut zip, &mut parts.meter)? {
                    Content::Book(kind) => book::read(parts, place, kind, bytes).await,
                    Content::Other(kind) => Err(Problem::NotATable(kind.to_owned())),
                    Content::Entries if place.depth > DEEPEST => Err(Problem::TooDeep),
                    Content::Entries => entries(parts, place, &mut zip).await,
                }
            }
        }
    })
}

/// The archive of these `bytes`.
///
/// # Errors
/// [`Problem::Damaged`] where its list of contents is not there.
pub(super) fn open(bytes: &[u8]) -> Result<Zip<'_>, Problem> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| Problem::Damaged("zip".to_owned()))
}

/// What an archive is.
enum Content {
    Book(Kind),
    /// A document that is no workbook we read.
    Other(&'static str),
    Entries,
}

fn content(zip: &mut Zip<'_>, meter: &mut Meter) -> Result<Content, Problem> {
    let has = |zip: &Zip<'_>, name: &str| zip.index_for_name(name).is_some();
    if has(zip, "xl/workbook.xml") || has(zip, "xl/_rels/workbook.xml.rels") {
        return Ok(Content::Book(Kind::Xlsx));
    }
    if has(zip, "xl/workbook.bin") {
        return Ok(Content::Other("xlsb"));
    }
    if has(zip, "word/document.xml") {
        return Ok(Content::Other("docx"));
    }
    if has(zip, "ppt/presentation.xml") {
        return Ok(Content::Other("pptx"));
    }
    if has(zip, "[Content_Types].xml") {
        return Ok(Content::Book(Kind::Xlsx));
    }
    let Some(at) = zip.index_for_name("mimetype") else {
        return Ok(Content::Entries);
    };
    let damaged = |_| Problem::Damaged("zip".to_owned());
    let mut entry = zip.by_index(at).map_err(damaged)?;
    let packed = entry.compressed_size();
    let kind = meter.read_whole(&mut entry, packed, "zip")?;
    Ok(match kind.as_slice() {
        kind if kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet") => {
            Content::Book(Kind::Ods)
        }
        kind if kind.starts_with(b"application/vnd.oasis.opendocument") => Content::Other("odf"),
        _ => Content::Entries,
    })
}

/// What the list of contents says of an entry.
struct Listed {
    name: String,
    packed: u64,
    size: u64,
    is_locked: bool,
}

/// Files of an archive, in its order, without what systems put in on their own.
fn list(zip: &mut Zip<'_>, decoders: Decoders) -> Vec<(usize, Result<Listed, Problem>)> {
    let mut listed = Vec::new();
    for at in 0..zip.len() {
        let Ok(entry) = zip.by_index_raw(at) else {
            listed.push((at, Err(Problem::Damaged("zip".to_owned()))));
            continue;
        };
        let name = entry_name(entry.name_raw(), decoders);
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_of_system = name.starts_with("__MACOSX/")
            || last.starts_with("._")
            || matches!(last, "" | ".DS_Store" | "Thumbs.db" | "desktop.ini");
        if entry.is_dir() || is_of_system {
            continue;
        }
        let packed = entry.compressed_size();
        listed.push((
            at,
            Ok(Listed {
                packed,
                // What the list says is no more true than the packing can make it.
                size: entry.size().min(packed.saturating_mul(1032)),
                is_locked: entry.encrypted(),
                name,
            }),
        ));
    }
    listed
}

/// The name of an entry: UTF-8, or what Chinese Windows writes.
fn entry_name(raw: &[u8], decoders: Decoders) -> String {
    if let Ok(name) = std::str::from_utf8(raw) {
        return name.to_owned();
    }
    let mut name = String::new();
    let decoded = decoders
        .decoder(Encoding::Gb18030)
        .and_then(|mut decoder| decoder.decode(raw, true, &mut name).ok());
    if decoded.is_some() {
        name
    } else {
        String::from_utf8_lossy(raw).into_owned()
    }
}

async fn entries<H: AsyncFnMut(ReadNews)>(
    parts: &mut Parts<'_, H>,
    place: &Place,
    zip: &mut Zip<'_>,
) -> Result<(), Problem> {
    let listed = list(zip, parts.options.decoders);
    let is_locked =
        |(_, entry): &(usize, Result<Listed, Problem>)| entry.as_ref().is_ok_and(|entry| entry.is_locked);
    if !listed.is_empty() && listed.iter().all(is_locked) {
        // One sentence for all of them.
        return Err(Problem::Locked("zip".to_owned()));
    }
    let mut from = place.from;
    for (at, entry) in listed {
        parts.has_room()?;
        let entry = match entry {
            Ok(entry) => entry,
            Err(problem) => {
                parts.fail(&place.name, place.bytes, problem).await;
                continue;
            }
        };
        let inner = Place {
            name: place.inner(&entry.name),
            depth: place.depth + 1,
            from,
            bytes: if place.depth == 0 { entry.packed } else { 0 },
        };
        from += inner.bytes;
        let outcome = if entry.is_locked {
            Err(Problem::Locked("zip".to_owned()))
        } else {
            one(parts, &inner, zip, at, &entry).await
        };
        if let Err(problem) = outcome {
            parts.fail(&inner.name, entry.size, problem).await;
        }
    }
    Ok(())
}

async fn one<H: AsyncFnMut(ReadNews)>(
    parts: &mut Parts<'_, H>,
    place: &Place,
    zip: &mut Zip<'_>,
    at: usize,
    entry: &Listed,
) -> Result<(), Problem> {
    let mut head = Vec::new();
    unpacked(zip, at)?
        .take(super::CONTAINER_HEAD as u64)
        .read_to_end(&mut head)
        .map_err(|_| Problem::Damaged("zip".to_owned()))?;
    match container_of(&head) {
        Some(_) => {
            let whole = parts
                .meter
                .read_whole(&mut unpacked(zip, at)?, entry.packed, "zip")?;
            unpack(parts, place, &whole).await
        }
        None => text(parts, place, zip, at, entry).await,
    }
}

fn unpacked<'a, 'b>(zip: &'a mut Zip<'b>, at: usize) -> Result<impl Read + use<'a, 'b>, Problem> {
    zip.by_index(at).map_err(|error| match error {
        zip::result::ZipError::CompressionMethodNotSupported(_) => Problem::NotATable("zip".to_owned()),
        _ => Problem::Damaged("zip".to_owned()),
    })
}

/// An entry that has to be text.
async fn text<H: AsyncFnMut(ReadNews)>(
    parts: &mut Parts<'_, H>,
    place: &Place,
    zip: &mut Zip<'_>,
    at: usize,
    entry: &Listed,
) -> Result<(), Problem> {
    let mut reader = FileReader::new(&place.name, entry.size, parts.options.clone());
    let mut buffer = vec![0; CHUNK];
    let mut most = 0;
    // Each round reads the entry from its first byte; the reader bounds the rounds.
    loop {
        let mut source = unpacked(zip, at)?;
        let mut out = 0;
        let step = loop {
            let read = source
                .read(&mut buffer)
                .map_err(|_| Problem::Damaged("zip".to_owned()))?;
            if read == 0 {
                break Step::Stop;
            }
            out += read as u64;
            parts.meter.allows(entry.packed, out)?;
            match reader.push(buffer.get(..read).unwrap_or_default()) {
                Step::More => {}
                step => break step,
            }
            for block in reader.take_blocks() {
                parts.hand(ReadNews::Block(block)).await;
            }
            let bytes = place.progress(out, entry.size);
            let rows = reader.rows();
            parts.hand(ReadNews::Progress { bytes, rows }).await;
        };
        most = out.max(most);
        if step != Step::Again {
            match reader.finish() {
                ReadEnd::Again(next) => reader = next,
                ReadEnd::Done(read) => {
                    parts.meter.spend(most);
                    parts.tell(read).await;
                    return Ok(());
                }
            }
        }
        parts.hand(ReadNews::Again).await;
    }
}

/// Whether a compound file is a workbook with a password: it then holds a package of this name and no workbook.
fn is_locked_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    bytes.windows(name.len()).any(|window| window == name)
}
