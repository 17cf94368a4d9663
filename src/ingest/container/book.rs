//! Workbooks: each visible sheet that holds a table is a part.

use super::grid::{self, About, Grid};
use super::meter::Meter;
use super::ods::{Ods, OdsTable};
use super::sheet::{RangeSheet, XlsxSheet, downward};
use super::{Parts, Place};
use super::{archive, compound};
use crate::ingest::ReadNews;
use crate::protocol::{Note, Problem};
use calamine::{Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError};
use std::io::Cursor;

/// A kind of workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Xls,
    Ods,
}

impl Kind {
    const fn id(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
        }
    }

    /// As reports name it.
    const fn format(self) -> &'static str {
        match self {
            Self::Xlsx => "XLSX",
            Self::Xls => "XLS",
            Self::Ods => "ODS",
        }
    }

    pub(super) fn damaged(self) -> Problem {
        Problem::Damaged(self.id().to_owned())
    }

    fn locked(self) -> Problem {
        Problem::Locked(self.id().to_owned())
    }
}

pub(super) type Bytes<'a> = Cursor<&'a [u8]>;

/// An open workbook.
enum Book<'a> {
    Xlsx(Xlsx<Bytes<'a>>),
    Xls(Xls<Bytes<'a>>),
    Ods(Ods, Vec<OdsTable>),
}

/// A sheet of a workbook.
struct Listed {
    name: String,
    is_hidden: bool,
    /// It holds cells, not a chart.
    is_table: bool,
}

impl<'a> Book<'a> {
    fn open(kind: Kind, bytes: &'a [u8], meter: &mut Meter) -> Result<Self, Problem> {
        let cursor = Cursor::new(bytes);
        match kind {
            Kind::Xlsx => Xlsx::new(cursor).map(Self::Xlsx).map_err(|error| match error {
                XlsxError::Password => kind.locked(),
                _ => kind.damaged(),
            }),
            Kind::Xls if !compound::is_sound(bytes) => Err(kind.damaged()),
            Kind::Xls => Xls::new(cursor).map(Self::Xls).map_err(|error| match error {
                XlsError::Password => kind.locked(),
                _ => kind.damaged(),
            }),
            Kind::Ods => {
                let mut zip = archive::open(bytes).map_err(|_| kind.damaged())?;
                let book = Ods::open(&mut zip, meter)?;
                let tables = book.tables()?;
                Ok(Self::Ods(book, tables))
            }
        }
    }

    fn sheets(&self) -> Vec<Listed> {
        let all = |sheets: &[Sheet]| {
            let listed = |sheet: &Sheet| Listed {
                name: sheet.name.clone(),
                is_hidden: sheet.visible != SheetVisible::Visible,
                is_table: matches!(sheet.typ, SheetType::WorkSheet),
            };
            sheets.iter().map(listed).collect()
        };
        match self {
            Self::Xlsx(book) => all(book.sheets_metadata()),
            Self::Xls(book) => all(book.sheets_metadata()),
            Self::Ods(_, tables) => {
                let listed = |table: &OdsTable| Listed {
                    name: table.name.clone(),
                    is_hidden: table.is_hidden,
                    is_table: true,
                };
                tables.iter().map(listed).collect()
            }
        }
    }

    /// Cells of the sheet at this place of this name, and the rows that it says to have; 0: unknown. `has_merges`:
    /// whether some of its cells may be merged.
    fn grid(
        &mut self,
        at: usize,
        name: &str,
        has_merges: bool,
    ) -> Result<(Box<dyn Grid + '_>, u64), Problem> {
        match self {
            Self::Xlsx(book) => {
                let merges = if has_merges {
                    book.merge_cells_by_sheet_name(name).unwrap_or_default()
                } else {
                    Vec::new()
                };
                let said = book
                    .worksheet_cells_reader(name)
                    .map_err(|_| Kind::Xlsx.damaged())?
                    .dimensions();
                let rows = u64::from(said.end.0.saturating_sub(said.start.0));
                let grid = XlsxSheet {
                    book,
                    name: name.to_owned(),
                    merges: downward(merges),
                };
                Ok((Box::new(grid), rows))
            }
            Self::Xls(book) => {
                let merges = book.merge_cells_by_sheet_name(name).unwrap_or_default();
                let range = book.worksheet_range(name).map_err(|_| Kind::Xls.damaged())?;
                let rows = range.height() as u64;
                Ok((
                    Box::new(RangeSheet {
                        range,
                        merges: downward(merges),
                    }),
                    rows,
                ))
            }
            Self::Ods(book, tables) => {
                let table = tables.get(at).ok_or_else(|| Kind::Ods.damaged())?;
                Ok((Box::new(book.sheet(table)), 0))
            }
        }
    }
}

/// Tells each visible sheet that holds a table.
///
/// # Errors
/// What is wrong with the workbook as a whole.
pub(super) async fn read<H: AsyncFnMut(ReadNews)>(
    parts: &mut Parts<'_, H>,
    place: &Place,
    kind: Kind,
    bytes: &[u8],
) -> Result<(), Problem> {
    let has_merges = kind != Kind::Xlsx || inspect(bytes, &mut parts.meter)?;
    let mut book = Book::open(kind, bytes, &mut parts.meter)?;
    let sheets = book.sheets();
    let hidden: Vec<&str> = sheets
        .iter()
        .filter(|sheet| sheet.is_hidden)
        .map(|sheet| sheet.name.as_str())
        .collect();
    let mut notes = Vec::new();
    if let Some(first) = hidden.first() {
        notes.push(Note::HiddenSheets(hidden.len() as u64, (*first).to_owned()));
    }
    let shown: Vec<(usize, &Listed)> = (0..)
        .zip(&sheets)
        .filter(|(_, sheet)| sheet.is_table && !sheet.is_hidden)
        .collect();
    let mut tables = 0;
    for (at, sheet) in &shown {
        parts.has_room()?;
        // A workbook of one sheet needs no second name.
        let name = if shown.len() == 1 {
            place.name.clone()
        } else {
            place.inner(&sheet.name)
        };
        let outcome = match book.grid(*at, &sheet.name, has_merges) {
            Err(problem) => Err(problem),
            Ok((mut grid, rows)) => {
                let about = About {
                    format: kind.format(),
                    encoding: None,
                    rows,
                    notes: notes.clone(),
                };
                grid::read(parts, place, &name, grid.as_mut(), about).await
            }
        };
        match outcome {
            Ok(false) => {}
            Ok(true) => {
                tables += 1;
                notes.clear();
            }
            Err(problem) => {
                tables += 1;
                parts.fail(&name, place.bytes, problem).await;
            }
        }
    }
    if tables == 0 {
        return Err(Problem::NothingInside);
    }
    Ok(())
}

/// Unpacks all that will be read of an `.xlsx` workbook, to see that it is whole and not too much; whether some cells
/// are merged.
///
/// # Errors
/// [`Problem::Damaged`], [`Problem::Unpacks`], [`Problem::Bomb`].
fn inspect(bytes: &[u8], meter: &mut Meter) -> Result<bool, Problem> {
    let kind = Kind::Xlsx;
    let mut zip = archive::open(bytes).map_err(|_| kind.damaged())?;
    let mut has_merges = false;
    for at in 0..zip.len() {
        let mut entry = match zip.by_index(at) {
            Ok(entry) => entry,
            Err(zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED)) => {
                return Err(kind.locked());
            }
            Err(_) => return Err(kind.damaged()),
        };
        let name = entry.name().map(|name| name.into_owned()).unwrap_or_default();
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let packed = entry.compressed_size();
        let is_sheet = name.starts_with("xl/worksheets/");
        let mut seam = Vec::new();
        meter.each_piece(&mut entry, packed, kind.id(), |piece, _| {
            has_merges |= is_sheet && has(&mut seam, piece, b"<mergeCell ");
        })?;
    }
    Ok(has_merges)
}

/// Whether `what` stands in a piece of a text; `seam` keeps the end of the piece before.
fn has(seam: &mut Vec<u8>, piece: &[u8], what: &[u8]) -> bool {
    let overlap = what.len() - 1;
    let first = piece.get(..piece.len().min(overlap)).unwrap_or_default();
    seam.extend_from_slice(first);
    let find = |text: &[u8]| text.windows(what.len()).any(|window| window == what);
    let found = find(seam) || find(piece);
    let keep = piece.len().min(overlap);
    seam.clear();
    seam.extend_from_slice(piece.get(piece.len() - keep..).unwrap_or_default());
    found
}
