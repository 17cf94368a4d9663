//! Workbooks: each visible sheet that holds a table is a part.

use super::grid::{self, About, Grid};
use super::meter::Meter;
use super::sheet::{RangeSheet, XlsxSheet, downward};
use super::{Parts, Place};
use super::{archive, compound};
use crate::ingest::ReadNews;
use crate::protocol::{Note, Problem};
use calamine::{
    Data, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError,
};
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
    Ods(Ods<Bytes<'a>>),
}

impl<'a> Book<'a> {
    fn open(kind: Kind, bytes: &'a [u8]) -> Result<Self, Problem> {
        let bytes = Cursor::new(bytes);
        match kind {
            Kind::Xlsx => Xlsx::new(bytes).map(Self::Xlsx).map_err(|error| match error {
                XlsxError::Password => kind.locked(),
                _ => kind.damaged(),
            }),
            Kind::Xls => Xls::new(bytes).map(Self::Xls).map_err(|error| match error {
                XlsError::Password => kind.locked(),
                _ => kind.damaged(),
            }),
            Kind::Ods => Ods::new(bytes).map(Self::Ods).map_err(|error| match error {
                OdsError::Password => kind.locked(),
                _ => kind.damaged(),
            }),
        }
    }

    fn sheets(&self) -> Vec<Sheet> {
        match self {
            Self::Xlsx(book) => book.sheets_metadata().to_owned(),
            Self::Xls(book) => book.sheets_metadata().to_owned(),
            Self::Ods(book) => book.sheets_metadata().to_owned(),
        }
    }

    /// Cells of the sheet of this name, and the rows that it says to have; 0: unknown. `has_merges`: whether some
    /// of its cells may be merged.
    fn grid(&mut self, name: &str, has_merges: bool) -> Result<(Box<dyn Grid + '_>, u64), Problem> {
        let rows = |range: &Range<Data>| range.height() as u64;
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
                let rows = rows(&range);
                Ok((
                    Box::new(RangeSheet {
                        range,
                        merges: downward(merges),
                    }),
                    rows,
                ))
            }
            Self::Ods(book) => {
                let range = book.worksheet_range(name).map_err(|_| Kind::Ods.damaged())?;
                let rows = rows(&range);
                Ok((
                    Box::new(RangeSheet {
                        range,
                        merges: Vec::new(),
                    }),
                    rows,
                ))
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
    let has_merges = match kind {
        Kind::Xls if compound::is_sound(bytes) => true,
        Kind::Xls => return Err(kind.damaged()),
        Kind::Xlsx | Kind::Ods => inspect(kind, bytes, &mut parts.meter)?,
    };
    let mut book = Book::open(kind, bytes)?;
    let sheets = book.sheets();
    let is_hidden = |sheet: &&Sheet| sheet.visible != SheetVisible::Visible;
    let hidden: Vec<&str> = sheets
        .iter()
        .filter(is_hidden)
        .map(|sheet| sheet.name.as_str())
        .collect();
    let mut notes = Vec::new();
    if let Some(first) = hidden.first() {
        notes.push(Note::HiddenSheets(hidden.len() as u64, (*first).to_owned()));
    }
    let shown: Vec<&Sheet> = sheets
        .iter()
        .filter(|sheet| !is_hidden(sheet) && matches!(sheet.typ, SheetType::WorkSheet))
        .collect();
    let mut tables = 0;
    for sheet in &shown {
        parts.has_room()?;
        // A workbook of one sheet needs no second name.
        let name = if shown.len() == 1 {
            place.name.clone()
        } else {
            place.inner(&sheet.name)
        };
        let outcome = match book.grid(&sheet.name, has_merges) {
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

/// Unpacks all that will be read, to see that it is whole and not too much; whether some cells are merged.
///
/// # Errors
/// [`Problem::Damaged`], [`Problem::Unpacks`], [`Problem::Bomb`].
fn inspect(kind: Kind, bytes: &[u8], meter: &mut Meter) -> Result<bool, Problem> {
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
        let is_content = name == "content.xml";
        let is_sheet = name.starts_with("xl/worksheets/");
        let mut seam = Vec::new();
        // Ends of the spreadsheet, tables that begin, tables that end.
        let marks: [&[u8]; 3] = [b"</office:spreadsheet>", b"<table:table ", b"</table:table>"];
        let (mut seams, mut counts) = ([const { Vec::new() }; 3], [0_u64; 3]);
        meter.each_piece(&mut entry, packed, kind.id(), |piece, _| {
            if is_sheet {
                has_merges |= occurrences(&mut seam, piece, b"<mergeCell ") > 0;
            } else if is_content {
                for ((seam, count), mark) in seams.iter_mut().zip(&mut counts).zip(marks) {
                    *count += occurrences(seam, piece, mark);
                }
            }
        })?;
        // Without these ends the parser of such files would wait for them for ever.
        if is_content && (counts[0] == 0 || counts[1] != counts[2]) {
            return Err(kind.damaged());
        }
    }
    Ok(has_merges)
}

/// How often `what` stands in the pieces of a text; `seam` keeps the end of the piece before.
fn occurrences(seam: &mut Vec<u8>, piece: &[u8], what: &[u8]) -> u64 {
    let overlap = what.len() - 1;
    let first = piece.get(..piece.len().min(overlap)).unwrap_or_default();
    seam.extend_from_slice(first);
    let find = |text: &[u8]| text.windows(what.len()).filter(|window| *window == what).count() as u64;
    let found = find(seam) + find(piece);
    let keep = piece.len().min(overlap);
    seam.clear();
    seam.extend_from_slice(piece.get(piece.len() - keep..).unwrap_or_default());
    found
}
