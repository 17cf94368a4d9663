//! Compound files of Microsoft's, looked over before their reader sees them: it follows chains of sectors wherever
//! they lead, and one that leads in a circle fills all memory.

/// From here on numbers of sectors mean something else: the end of a chain, a free sector.
const LAST: u32 = 0xFFFF_FFFA;
const END: u32 = 0xFFFF_FFFE;
/// Streams of fewer bytes lie in sectors of 64 bytes, in a stream of their own.
const SMALL: u64 = 4096;
/// Cells of a sheet for which there is room whatever it holds.
const MOST_CELLS: u64 = 4 << 20;
/// Bytes of an entry of the directory.
const ENTRY: usize = 128;

/// Whether every chain of sectors that a reader of `bytes` follows comes to its end within the file.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    Compound::of(bytes).is_some_and(|compound| compound.ends_everywhere().is_some())
}

struct Compound<'a> {
    bytes: &'a [u8],
    /// Bytes of a sector.
    sector: usize,
    /// What follows each sector.
    next: Vec<u32>,
}

impl<'a> Compound<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let sector = match word(bytes, 30)? & 0xFFFF {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut compound = Self {
            bytes,
            sector,
            next: Vec::new(),
        };
        let most = bytes.len() / sector + 1;
        // Where the sectors lie that say what follows which: 109 in the header, more in a chain.
        let mut table: Vec<u32> = (0..109).map_while(|at| word(bytes, 76 + at * 4)).collect();
        let mut more = word(bytes, 68)?;
        for _ in 0..=most {
            if more >= LAST {
                break;
            }
            table.extend(words(compound.at(more)?));
            more = table.pop()?;
        }
        if more < LAST {
            return None;
        }
        for id in table.into_iter().filter(|id| *id < LAST) {
            let part = words(compound.at(id)?);
            compound.next.extend(part);
            if compound.next.len() > most + sector {
                // More than one word for each sector there is.
                return None;
            }
        }
        Some(compound)
    }

    /// The bytes of a sector; the last of a file may be short.
    fn at(&self, id: u32) -> Option<&'a [u8]> {
        let start = (usize::try_from(id).ok()? + 1).checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    fn ends_everywhere(&self) -> Option<()> {
        let directory = self.stream(word(self.bytes, 48)?, u64::MAX)?;
        let entries: Vec<&[u8]> = directory.chunks_exact(ENTRY).collect();
        let root = entries.first()?;
        let smalls = word(self.bytes, 64)?;
        let mut small = Vec::new();
        if smalls > 0 {
            let bytes = u64::from(smalls) * self.sector as u64;
            small = words(&self.stream(word(self.bytes, 60)?, bytes)?).collect();
            self.stream(word(root, 116)?, self.size(root)?)?;
        }
        for entry in entries.iter().skip(1) {
            let (start, size) = (word(entry, 116)?, self.size(entry)?);
            // Only streams have bytes; what a free entry says is not read.
            if entry.get(66) != Some(&2) {
                continue;
            }
            if size < SMALL {
                length(&small, start, size.div_ceil(64))?;
            } else {
                let stream = self.stream(start, size)?;
                sizes_are_true(stream.get(..usize::try_from(size).ok()?).unwrap_or(&stream))?;
            }
        }
        Some(())
    }

    fn size(&self, entry: &[u8]) -> Option<u64> {
        let high = if self.sector == 512 { 0 } else { word(entry, 124)? };
        Some(u64::from(high) << 32 | u64::from(word(entry, 120)?))
    }

    /// The first `size` bytes of the stream that starts with this sector; `None` where it does not end or leaves the
    /// file.
    fn stream(&self, start: u32, size: u64) -> Option<Vec<u8>> {
        let sectors = size.div_ceil(self.sector as u64);
        let count = length(&self.next, start, sectors)?;
        let (mut stream, mut id) = (Vec::new(), start);
        for _ in 0..count {
            stream.extend_from_slice(self.at(id)?);
            id = *self.next.get(usize::try_from(id).ok()?)?;
        }
        Some(stream)
    }
}

/// Whether the sheets of a workbook's stream are no larger than it could hold: their reader makes room for all cells
/// between the first and the last that they name. Records of that kind are looked for at every byte, since places of
/// sheets may lie too.
fn sizes_are_true(stream: &[u8]) -> Option<()> {
    let records = stream
        .windows(18)
        .filter(|record| record.starts_with(&[0, 2, 14, 0]));
    for record in records {
        let (first, last) = (word(record, 4)?, word(record, 8)?);
        let columns = word(record, 12)?;
        let (left, right) = (columns & 0xFFFF, columns >> 16);
        let rows = u64::from(last).checked_sub(u64::from(first))?;
        // A first column behind the last is taken for none.
        let wide = if left > right { right } else { right - left };
        let cells = rows * u64::from(wide);
        if cells > MOST_CELLS.max(stream.len() as u64) {
            return None;
        }
    }
    Some(())
}

/// Sectors of the chain from `start` on, at most `most`; `None` where it leads out of the table or in a circle.
fn length(next: &[u32], start: u32, most: u64) -> Option<u64> {
    let (mut id, mut count) = (start, 0);
    while id != END && count < most {
        id = *next.get(usize::try_from(id).ok()?)?;
        count += 1;
        if count > next.len() as u64 {
            return None;
        }
    }
    Some(count)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|word| u32::from_le_bytes(*word))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk::<4>()
        .map(|word| u32::from_le_bytes(*word))
}
