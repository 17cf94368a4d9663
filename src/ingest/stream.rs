//! One reading of a file under one hypothesis.

use super::Options;
use super::decided::Decisions;
use super::encoding::{Decoders, Encoding, NotThis};
use super::json::{JsonFault, JsonRows};
use super::layout::{DELIMITERS, Layout, MOST_COLUMNS, first_line_cells};
use super::learnt::{Amend, Learnt};
use super::magic;
use super::records::{Dialect, LONGEST, Records};
use super::table::Table;
use super::text::TextStream;
use crate::model::OrderBlock;
use crate::protocol::{Decision, Problem};

/// Most text of a JSON file, which is held as a whole.
const MOST_JSON: usize = 512 << 20;

/// A file being read.
pub(super) struct Stream {
    text: TextStream,
    body: Body,
}

enum Body {
    Csv(Box<Csv>),
    Json(String),
    /// A first line with no end in sight: its cells are counted, nothing is kept.
    LongLine(LongLine),
}

#[derive(Default)]
struct LongLine {
    delimiters: [u64; DELIMITERS.len()],
    started: bool,
}

struct Csv {
    records: Records,
    table: Table,
}

/// What the start of a file leads to.
pub(super) enum Start {
    /// Reading, from the byte after the byte order mark at this length.
    Reading(Box<Stream>, usize),
    /// More of the file is needed to tell.
    NeedsMore,
    /// It holds no table of text.
    Failed(Problem, Option<Encoding>),
    /// A table that cannot be read into the model.
    NotReadable(Box<Table>, Encoding),
}

/// Why reading stops before the end.
pub(super) enum Halt {
    Amend(Amend),
    Failed(Problem),
}

/// What a reading came to.
pub(super) enum End {
    Amend(Amend),
    Failed(Problem),
    Read(Box<Table>),
}

impl Stream {
    /// Forms the hypothesis from `head`, the first bytes of a file; `whole`: all of them.
    pub(super) fn start(head: &[u8], whole: bool, options: &Options, learnt: &Learnt) -> Start {
        let failed = |problem| Start::Failed(problem, None);
        let marked = Encoding::of_mark(head);
        let mark = marked.map_or(0, |(_, length)| length);
        let bytes = head.get(mark..).unwrap_or_default();
        if bytes.is_empty() && whole {
            return failed(Problem::EmptyFile);
        }
        let is_wide = matches!(marked, Some((Encoding::Utf16Le | Encoding::Utf16Be, _)));
        if let Some(id) = magic::not_text(bytes).filter(|_| !is_wide) {
            return failed(Problem::NotATable(id.to_owned()));
        }
        let assumed = match marked {
            Some((Encoding::Utf8, _)) if learnt.not_utf8 => None,
            Some((encoding, _)) => decoded(encoding, options.decoders, bytes, whole, false)
                .ok()
                .map(|text| (encoding, text)),
            None => None,
        };
        let Some((mut encoding, text)) = assumed.or_else(|| assume(bytes, options.decoders, whole, learnt))
        else {
            return failed(Problem::NotATable("binary".to_owned()));
        };
        let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\0');
        let mut is_decided = false;
        let reading = |encoding, is_decided, body| {
            Start::Reading(
                Box::new(Self {
                    text: TextStream::new(encoding, options.decoders, is_decided),
                    body,
                }),
                mark,
            )
        };
        match start.as_bytes().first() {
            None if whole => return failed(Problem::EmptyFile),
            Some(b'{' | b'[') => return reading(encoding, false, Body::Json(String::new())),
            _ => {}
        }
        let cells = first_line_cells(start.as_bytes());
        let is_one_line = !start.contains(['\n', '\r']);
        if is_one_line && !whole {
            let is_long = cells > MOST_COLUMNS || head.len() >= LONGEST;
            return if is_long {
                reading(encoding, false, Body::LongLine(LongLine::default()))
            } else {
                Start::NeedsMore
            };
        }
        if cells > MOST_COLUMNS {
            return failed(Problem::TooManyColumns(u64::try_from(cells).unwrap_or(u64::MAX)));
        }
        let decisions = Decisions::Some(&options.decisions);
        let mut layout = Layout::of_text(&text, whole, learnt, decisions);
        let about = layout.as_ref().and_then(|layout| layout.mapping.decided.clone());
        let is_of_it = |decision: &&Decision| {
            Some((decision.decided, &decision.header)) == about.as_ref().map(|(at, header)| (*at, header))
        };
        if let Some(decision) = options.decisions.iter().find(is_of_it)
            && let Some(decided) = decision.encoding.as_deref().and_then(Encoding::named)
            && !is_wide
            && !learnt.rules_out(decided)
            && let Ok(text) = decoded(decided, options.decoders, bytes, whole, true)
        {
            (encoding, is_decided) = (decided, true);
            // The header may read otherwise now: what was decided is decided all the same.
            layout = Layout::of_text(&text, whole, learnt, Decisions::This(decision));
        }
        let is_thin = layout.as_ref().is_none_or(|layout| layout.sample.rows.is_empty());
        if is_thin && !whole && head.len() < LONGEST {
            return Start::NeedsMore;
        }
        let Some(layout) = layout else {
            return failed(Problem::UnknownHeader);
        };
        let dialect = layout.dialect.unwrap_or(Dialect {
            delimiter: b',',
            quoting: true,
            newline: b'\n',
        });
        let table = Table::new(layout, options, learnt);
        if !table.is_readable() {
            return Start::NotReadable(Box::new(table), encoding);
        }
        let body = Body::Csv(Box::new(Csv {
            records: Records::new(dialect),
            table,
        }));
        reading(encoding, is_decided, body)
    }

    /// Encoding assumed.
    pub(super) const fn encoding(&self) -> Encoding {
        self.text.encoding()
    }

    /// Data rows seen so far.
    pub(super) fn rows(&self) -> u64 {
        if let Body::Csv(csv) = &self.body {
            csv.table.ledger.rows
        } else {
            0
        }
    }

    /// Whether no more rows are wanted.
    pub(super) const fn is_full(&self) -> bool {
        matches!(&self.body, Body::Csv(csv) if csv.table.is_full())
    }

    /// The table as far as it was read, where [`Self::is_full`].
    pub(super) fn into_table(self) -> Option<Box<Table>> {
        match self.body {
            Body::Csv(csv) => Some(Box::new(csv.table)),
            _ => None,
        }
    }

    /// About so many more rows will come.
    pub(super) fn expect(&mut self, rows: usize) {
        if let Body::Csv(csv) = &mut self.body {
            csv.table.expect(rows);
        }
    }

    /// Blocks of order lines that are full.
    pub(super) fn take_blocks(&mut self) -> Vec<OrderBlock> {
        if let Body::Csv(csv) = &mut self.body {
            csv.table.take_blocks()
        } else {
            Vec::new()
        }
    }

    /// Reads the next bytes.
    ///
    /// # Errors
    /// [`Halt`] where reading on gains nothing.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Halt> {
        let amend = encoding_amend(self.text.encoding());
        let pieces = self.text.feed(bytes).map_err(|NotThis| amend)?;
        for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
            self.body.feed(piece)?;
        }
        Ok(())
    }

    /// After the last byte.
    pub(super) fn finish(mut self, options: &Options, learnt: &Learnt) -> End {
        let amend = encoding_amend(self.text.encoding());
        let fed = match self.text.finish() {
            Ok("") => Ok(()),
            Ok(rest) => self.body.feed(rest),
            Err(NotThis) => Err(amend),
        };
        match fed {
            Err(Halt::Amend(amend)) => End::Amend(amend),
            Err(Halt::Failed(problem)) => End::Failed(problem),
            Ok(()) => match self.body {
                Body::Csv(mut csv) => {
                    let Csv { records, table } = csv.as_mut();
                    match records.finish(|record| table.record(record)) {
                        Err(amend) => End::Amend(amend),
                        Ok(()) => End::Read(Box::new(csv.table)),
                    }
                }
                Body::Json(text) => read_json(&text, options, learnt),
                Body::LongLine(line) => End::Failed(line.problem()),
            },
        }
    }
}

impl Body {
    fn feed(&mut self, text: &str) -> Result<(), Halt> {
        match self {
            Self::Csv(csv) => {
                let Csv { records, table } = csv.as_mut();
                records
                    .feed(text, |record| table.record(record))
                    .map_err(Halt::Amend)
            }
            Self::Json(all) => {
                if all.len() + text.len() > MOST_JSON {
                    return Err(Halt::Failed(Problem::Unreadable(
                        "a JSON file of more than 512 MB".to_owned(),
                    )));
                }
                all.push_str(text);
                Ok(())
            }
            Self::LongLine(line) => line.feed(text.as_bytes()),
        }
    }
}

impl LongLine {
    fn feed(&mut self, text: &[u8]) -> Result<(), Halt> {
        let text = if self.started {
            text
        } else {
            text.trim_ascii_start()
        };
        self.started |= !text.is_empty();
        let line = text
            .split(|b| matches!(b, b'\n' | b'\r'))
            .next()
            .unwrap_or_default();
        for (count, delimiter) in self.delimiters.iter_mut().zip(DELIMITERS) {
            *count += line.iter().map(|b| u64::from(*b == delimiter)).sum::<u64>();
        }
        if line.len() < text.len() {
            Err(Halt::Failed(self.problem()))
        } else {
            Ok(())
        }
    }

    fn problem(&self) -> Problem {
        let cells = self.delimiters.iter().max().map_or(1, |count| count + 1);
        let most = u64::try_from(MOST_COLUMNS).unwrap_or(u64::MAX);
        if cells > most {
            Problem::TooManyColumns(cells)
        } else {
            Problem::RowTooLong
        }
    }
}

fn read_json(text: &str, options: &Options, learnt: &Learnt) -> End {
    let text = text.trim_matches(['\u{FEFF}', '\0']);
    let rows = match JsonRows::of(text, MOST_COLUMNS) {
        Ok(rows) => rows,
        Err(JsonFault::Bad(line, column)) => return End::Failed(Problem::BadJson(line, column)),
        Err(JsonFault::NoRows) => return End::Failed(Problem::JsonWithoutRows),
        Err(JsonFault::TooManyColumns(columns)) => return End::Failed(Problem::TooManyColumns(columns)),
    };
    let mut table = Table::new(
        Layout::of_keys(
            rows.headers.clone(),
            rows.sample(),
            Decisions::Some(&options.decisions),
        ),
        options,
        learnt,
    );
    table.ledger.nested = rows.nested;
    if table.is_readable() {
        if let Err(amend) = rows.each(|row| table.row(row)) {
            return End::Amend(amend);
        }
        table.ledger.enter_broken(&rows.broken);
    }
    End::Read(Box::new(table))
}

/// The first encoding not ruled out that the start of the file bears out, and its text.
pub(super) fn assume(
    bytes: &[u8],
    decoders: Decoders,
    whole: bool,
    learnt: &Learnt,
) -> Option<(Encoding, String)> {
    let all = [Encoding::Utf8, Encoding::Gb18030, Encoding::Windows1252];
    let candidates = learnt.assumed.into_iter().chain(all);
    candidates
        .filter(|encoding| !learnt.rules_out(*encoding))
        .into_iter()
        .find_map(|encoding| Some((encoding, decoded(encoding, decoders, bytes, whole, false).ok()?)))
}

pub(super) fn decoded(
    encoding: Encoding,
    decoders: Decoders,
    bytes: &[u8],
    whole: bool,
    is_decided: bool,
) -> Result<String, NotThis> {
    let mut stream = TextStream::new(encoding, decoders, is_decided);
    let mut text = String::new();
    for piece in stream.feed(bytes)? {
        text.push_str(piece);
    }
    if whole {
        text.push_str(stream.finish()?);
    }
    Ok(text)
}

fn encoding_amend(encoding: Encoding) -> Halt {
    match encoding {
        Encoding::Gb18030 => Halt::Amend(Amend::NotGb18030),
        Encoding::Utf8 => Halt::Amend(Amend::NotUtf8),
        // These take any byte; what they do not take ends the reading.
        _ => Halt::Failed(Problem::NotATable("binary".to_owned())),
    }
}
