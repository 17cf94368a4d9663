//! Which segments make up the tables.
//!
//! A manifest is `SPKM`, a checksum (u64) of all that follows, the version of the format (u16), then the
//! generation and the segments; the first three stay where they are in every version. A segment is `SPKS`, version, kind (u8), then rows as `rows` has them; its
//! length and checksum stand in the manifest.

use super::Damage;
use super::bytes::{Reader, put_length, put_text};
use crate::protocol::{FileKind, SourceInfo};
use crate::time::UtcMillis;
use xxhash_rust::xxh64::Xxh64;

/// Version of the format; raised whenever an older program could not read what this one writes. Version 1 had
/// no steps; it is read, and all its rows are settled. Version 2 had no names beside stock levels, version 3
/// neither what they cost nor when more is expected.
pub(super) const VERSION: u16 = 4;
/// Version of the rows in a segment.
const SEGMENT_VERSION: u16 = 1;

const MANIFEST: &[u8; 4] = b"SPKM";
const SEGMENT: &[u8; 4] = b"SPKS";

/// What the rows of a segment are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// Order lines.
    Orders,
    /// Stock levels, and what goods and places are called elsewhere.
    Stock,
}

impl SegmentKind {
    /// Whether what a file of this kind says is kept in it.
    pub const fn holds(self, kind: FileKind) -> bool {
        match self {
            Self::Orders => matches!(kind, FileKind::Orders),
            Self::Stock => matches!(kind, FileKind::Stock | FileKind::Crosswalk),
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Orders => 1,
            Self::Stock => 2,
        }
    }
}

/// A segment as its manifest has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    pub number: u64,
    pub kind: SegmentKind,
    pub length: u64,
    pub checksum: u64,
    /// Files that its rows came from, oldest first.
    pub sources: Vec<SourceInfo>,
    /// The step that it is part of; 0, or a step that the manifest does not have: it is settled.
    pub step: u64,
}

/// A step of history as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptStep {
    /// Its number, from 1 on; never used again.
    pub number: u64,
    /// Whether its rows are in the tables.
    pub stands: bool,
    /// Whether it changed any row, so that there must be a segment of it.
    pub has_rows: bool,
    /// What there is to tell of it, in the words of whoever keeps it.
    pub info: Vec<u8>,
}

/// All that is kept, as of one commit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Manifest {
    /// Number of the commit.
    pub generation: u64,
    /// In the order in which their rows enter the tables.
    pub segments: Vec<Segment>,
    /// The steps that can be taken back or done again, oldest first.
    pub steps: Vec<KeptStep>,
}

impl Segment {
    pub(super) fn name(&self) -> String {
        segment_name(self.number)
    }
}

pub(super) fn segment_name(number: u64) -> String {
    format!("segment-{number}")
}

/// Number in the name of a segment.
pub(super) fn segment_number(name: &str) -> Option<u64> {
    name.strip_prefix("segment-")?.parse().ok()
}

/// Checksum of `bytes` (xxHash64).
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh64::xxh64(bytes, 0)
}

/// Length and checksum of bytes that come in parts.
pub(super) struct Tally {
    pub length: u64,
    hash: Xxh64,
}

impl Tally {
    pub(super) const fn new() -> Self {
        Self {
            length: 0,
            hash: Xxh64::new(0),
        }
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.hash.update(bytes);
    }

    pub(super) fn checksum(&self) -> u64 {
        self.hash.digest()
    }
}

/// First bytes of a segment.
pub(super) fn segment_header(kind: SegmentKind) -> Vec<u8> {
    let mut header = SEGMENT.to_vec();
    header.extend(SEGMENT_VERSION.to_le_bytes());
    header.push(kind.byte());
    header
}

/// The rows in the bytes of `segment`.
pub(super) fn segment_rows<'a>(segment: &Segment, bytes: &'a [u8]) -> Result<&'a [u8], Damage> {
    if bytes.len() as u64 != segment.length || checksum(bytes) != segment.checksum {
        return Err(Damage::Malformed);
    }
    bytes
        .strip_prefix(segment_header(segment.kind).as_slice())
        .ok_or(Damage::Malformed)
}

impl Manifest {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut body = VERSION.to_le_bytes().to_vec();
        body.extend(self.generation.to_le_bytes());
        put_length(&mut body, self.segments.len());
        for segment in &self.segments {
            body.extend(segment.number.to_le_bytes());
            body.push(segment.kind.byte());
            body.extend(segment.length.to_le_bytes());
            body.extend(segment.checksum.to_le_bytes());
            put_length(&mut body, segment.sources.len());
            for source in &segment.sources {
                put_text(&mut body, &source.name);
                body.push(match source.kind {
                    FileKind::Orders => 1,
                    FileKind::Stock => 2,
                    FileKind::Crosswalk => 3,
                    FileKind::Unknown => 0,
                });
                body.extend(source.accepted.to_le_bytes());
                body.extend(source.rejected.to_le_bytes());
                body.extend(source.read_at.0.to_le_bytes());
            }
            body.extend(segment.step.to_le_bytes());
        }
        put_length(&mut body, self.steps.len());
        for step in &self.steps {
            body.extend(step.number.to_le_bytes());
            body.push(u8::from(step.stands));
            body.push(u8::from(step.has_rows));
            put_length(&mut body, step.info.len());
            body.extend(&step.info);
        }
        let mut bytes = MANIFEST.to_vec();
        bytes.extend(checksum(&body).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    /// The manifest in `bytes`.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Damage> {
        let from = &mut Reader::new(bytes);
        if from.take(MANIFEST.len())? != MANIFEST {
            return Err(Damage::Malformed);
        }
        if from.u64()? != checksum(from.rest()) {
            return Err(Damage::Malformed);
        }
        let has_steps = match from.u16()? {
            1 => false,
            2..=VERSION => true,
            newer if newer > VERSION => return Err(Damage::Newer(newer)),
            _ => return Err(Damage::Malformed),
        };
        let generation = from.u64()?;
        let segments = (0..from.length()?)
            .map(|_| segment(from, has_steps))
            .collect::<Result<_, _>>()?;
        let mut steps = Vec::new();
        if has_steps {
            for _ in 0..from.length()? {
                steps.push(step(from)?);
            }
        }
        from.end()?;
        Ok(Self {
            generation,
            segments,
            steps,
        })
    }

    /// Bytes of all segments.
    pub(super) fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.length).sum()
    }

    /// The step of `segment`; `None`: it is settled.
    pub(super) fn step_of(&self, segment: &Segment) -> Option<&KeptStep> {
        self.steps.iter().find(|step| step.number == segment.step)
    }

    /// Whether the rows of `segment` are in the tables.
    pub(super) fn stands(&self, segment: &Segment) -> bool {
        self.step_of(segment).is_none_or(|step| step.stands)
    }

    /// The segments of no step, always the first ones.
    pub(super) fn settled(&self) -> impl Iterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(|segment| self.step_of(segment).is_none())
    }

    /// With `steps` from now on: rows of a step that was undone and is no more go, those of one that stood
    /// are settled.
    pub(super) fn with_steps(&self, steps: &[KeptStep]) -> Self {
        let has = |number: u64| steps.iter().any(|step| step.number == number);
        let mut segments = Vec::new();
        for segment in &self.segments {
            if has(segment.step) {
                segments.push(segment.clone());
            } else if self.stands(segment) {
                segments.push(Segment {
                    step: 0,
                    ..segment.clone()
                });
            }
        }
        Self {
            generation: self.generation,
            segments,
            steps: steps.to_vec(),
        }
    }

    /// Whether segment `number` is part of it.
    pub(super) fn has(&self, number: u64) -> bool {
        self.segments.iter().any(|segment| segment.number == number)
    }
}

fn step(from: &mut Reader<'_>) -> Result<KeptStep, Damage> {
    let is = |byte| match byte {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Damage::Malformed),
    };
    let number = from.u64()?;
    let (stands, has_rows) = (is(from.u8()?)?, is(from.u8()?)?);
    let length = from.length()?;
    let info = from.take(length)?.to_vec();
    Ok(KeptStep {
        number,
        stands,
        has_rows,
        info,
    })
}

fn segment(from: &mut Reader<'_>, has_step: bool) -> Result<Segment, Damage> {
    Ok(Segment {
        number: from.u64()?,
        kind: match from.u8()? {
            1 => SegmentKind::Orders,
            2 => SegmentKind::Stock,
            _ => return Err(Damage::Malformed),
        },
        length: from.u64()?,
        checksum: from.u64()?,
        sources: (0..from.length()?)
            .map(|_| source(from))
            .collect::<Result<_, _>>()?,
        step: if has_step { from.u64()? } else { 0 },
    })
}

fn source(from: &mut Reader<'_>) -> Result<SourceInfo, Damage> {
    Ok(SourceInfo {
        name: from.text()?.to_owned(),
        kind: match from.u8()? {
            0 => FileKind::Unknown,
            1 => FileKind::Orders,
            2 => FileKind::Stock,
            3 => FileKind::Crosswalk,
            _ => return Err(Damage::Malformed),
        },
        accepted: from.u64()?,
        rejected: from.u64()?,
        read_at: UtcMillis(from.i64()?),
    })
}
