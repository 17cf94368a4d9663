//! The order in which files are written and read.

use super::Damage;
use super::disk::{Disk, Fault};
use super::manifest::{
    KeptStep, Manifest, Segment, SegmentKind, Tally, segment_header, segment_name, segment_number,
    segment_rows,
};
use crate::protocol::SourceInfo;

const SLOTS: [&str; 2] = ["manifest-a", "manifest-b"];

/// So many segments are opened one after the other when the page opens, before they are worth joining.
const SEGMENTS: usize = 16;
/// So many are too many, however large the first of them is.
const SEGMENTS_EVER: usize = 128;

/// Rows on a disk.
#[derive(Debug)]
pub struct Store<D> {
    disk: D,
    current: Manifest,
    /// The manifest to be written first: the one that is older or not whole.
    first: usize,
    /// Segments that are only for now, since the last of their kind that is for good.
    drafts: Vec<(SegmentKind, u64)>,
    /// Number of the next segment; never one that any file has or had in this visit.
    next: u64,
}

/// Bytes in parts from 0; `None` after the last.
pub type Chunks<'a> = &'a mut dyn FnMut(usize) -> Option<Vec<u8>>;

/// Rows to be kept as one segment.
pub struct Batch<'a> {
    /// What they are.
    pub kind: SegmentKind,
    /// Files they came from, oldest first.
    pub sources: Vec<SourceInfo>,
    /// Their bytes.
    pub chunks: Chunks<'a>,
    /// The step that they are part of; 0: of none.
    pub step: u64,
    /// For how long.
    pub stay: Stay,
}

/// How long rows stay in a segment of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// For good.
    Good,
    /// Until the next ones of their kind that are a draft or the last: these are in them too.
    Draft,
    /// For good, in place of the draft.
    Last,
}

/// What the rows of a segment are, as they are given out.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// What they are.
    pub kind: SegmentKind,
    /// Files they came from.
    pub sources: &'a [SourceInfo],
    /// The step that they are part of; 0: of none, they come before all that are.
    pub step: u64,
}

/// A store, opened.
#[derive(Debug)]
pub struct Opened<D> {
    /// It.
    pub store: Store<D>,
    /// Files whose rows were given out and stand, oldest first.
    pub sources: Vec<SourceInfo>,
    /// The steps, oldest first. The rows of all were given out, also of those that do not stand.
    pub steps: Vec<KeptStep>,
    /// Files whose rows are damaged, so that none of them was given out.
    pub lost: Vec<SourceInfo>,
    /// Nothing tells any more what was kept: all of it is lost.
    pub lost_all: bool,
}

/// Why a store is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A newer program wrote it, in this version of the format: it is left alone.
    Newer(u16),
    /// The disk cannot be read.
    Fault(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What stands in the place of a manifest.
enum Slot {
    Nothing,
    Damaged,
    Whole(Manifest),
}

impl<D: Disk> Store<D> {
    /// Opens what is on `disk` and gives out the rows of its segments in their order; `take` refuses rows
    /// that it cannot read, whole. With `tidy`, rubbish of interrupted commits is removed.
    ///
    /// # Errors
    /// It was written by a newer program, or the disk cannot be read. Nothing was changed.
    pub async fn open(
        disk: D,
        tidy: bool,
        mut take: impl FnMut(Piece<'_>, &[u8]) -> Result<(), Damage>,
    ) -> Result<Opened<D>, Refused> {
        let slots = slots(&disk).await?;
        let lost_all = slots.iter().all(|slot| matches!(slot, Slot::Damaged));
        let (current, first) = newest(slots);
        let names = disk.names().await?;
        let last = names.iter().filter_map(|name| segment_number(name)).max();
        let mut store = Self {
            disk,
            current,
            first,
            drafts: Vec::new(),
            next: last.map_or(0, |last| last.saturating_add(1)),
        };
        let (mut sources, mut lost) = (Vec::new(), Vec::new());
        let mut whole = Vec::new();
        for segment in std::mem::take(&mut store.current.segments) {
            let bytes = store.disk.read(&segment.name()).await?;
            let step = store.current.step_of(&segment).map_or(0, |step| step.number);
            let piece = Piece {
                kind: segment.kind,
                sources: &segment.sources,
                step,
            };
            let taken = bytes
                .ok_or(Damage::Malformed)
                .and_then(|bytes| take(piece, segment_rows(&segment, &bytes)?));
            match taken {
                Ok(()) => {
                    if store.current.stands(&segment) {
                        sources.extend(segment.sources.iter().cloned());
                    }
                    whole.push(segment);
                }
                Err(Damage::Newer(version)) => return Err(Refused::Newer(version)),
                Err(Damage::Malformed) => lost.extend(segment.sources),
            }
        }
        store.current.segments = whole;
        // What is damaged stays until the next commit, so that each visit tells of it.
        if tidy && !lost_all && lost.is_empty() {
            store.tidy(&names).await;
        }
        let steps = store.current.steps.clone();
        Ok(Opened {
            store,
            steps,
            sources,
            lost,
            lost_all,
        })
    }

    /// Keeps `batch` beside what is kept, with `steps` from now on: rows of a step that was undone and is not
    /// among them any more go. When this returns, it survives.
    ///
    /// # Errors
    /// The disk did not take it: what was kept before still is, and nothing else.
    pub async fn commit(&mut self, batch: Batch<'_>, steps: &[KeptStep]) -> Result<(), Fault> {
        let (kind, stay) = (batch.kind, batch.stay);
        let mut drafts = Vec::new();
        if stay != Stay::Good {
            let own = self.drafts.iter().filter(|(of, _)| *of == kind);
            drafts.extend(own.map(|(_, number)| *number));
        }
        if stay == Stay::Last {
            // Also where it fails: what comes later is not in place of these.
            self.drafts.retain(|(of, _)| *of != kind);
        }
        let segment = self.write_segment(batch).await?;
        if stay == Stay::Draft {
            self.drafts.push((kind, segment.number));
        }
        let mut manifest = self.current.with_steps(steps);
        manifest.segments.retain(|known| !drafts.contains(&known.number));
        manifest.segments.push(segment);
        // A manifest that failed may have reached the disk all the same: its segment stays until the next visit.
        self.change(manifest).await?;
        if stay == Stay::Last {
            self.drop_segments(&drafts).await;
        }
        Ok(())
    }

    /// Keeps which `steps` there are, and which of them stand; rows go as for [`Store::commit`].
    ///
    /// # Errors
    /// The disk did not take it: what was kept before still is.
    pub async fn mark(&mut self, steps: &[KeptStep]) -> Result<(), Fault> {
        self.change(self.current.with_steps(steps)).await
    }

    /// Keeps `batches` instead of all that is kept: the same rows, in fewer segments, without steps.
    ///
    /// # Errors
    /// The disk did not take it: what was kept before still is.
    pub async fn replace(&mut self, batches: Vec<Batch<'_>>) -> Result<(), Fault> {
        let segments = self.write_segments(batches).await?;
        let manifest = Manifest {
            segments,
            ..Manifest::default()
        };
        self.change(manifest).await
    }

    /// Keeps `batches` instead of the segments of no step: the same rows, in fewer segments.
    ///
    /// # Errors
    /// The disk did not take it: what was kept before still is.
    pub async fn join(&mut self, batches: Vec<Batch<'_>>) -> Result<(), Fault> {
        let mut segments = self.write_segments(batches).await?;
        let mut manifest = self.current.clone();
        manifest
            .segments
            .retain(|segment| self.current.step_of(segment).is_some());
        segments.append(&mut manifest.segments);
        manifest.segments = segments;
        self.change(manifest).await
    }

    /// Whether the rows of the step `number` are kept as such.
    pub fn has_step(&self, number: u64) -> bool {
        let segments = &self.current.segments;
        segments.iter().any(|segment| segment.step == number)
    }

    async fn write_segments(&mut self, batches: Vec<Batch<'_>>) -> Result<Vec<Segment>, Fault> {
        let mut segments = Vec::new();
        for batch in batches {
            match self.write_segment(batch).await {
                Ok(segment) => segments.push(segment),
                Err(fault) => {
                    let numbers: Vec<u64> = segments.iter().map(|segment: &Segment| segment.number).collect();
                    self.drop_segments(&numbers).await;
                    return Err(fault);
                }
            }
        }
        Ok(segments)
    }

    /// Writes `manifest`, then drops the segments that it no longer has.
    async fn change(&mut self, mut manifest: Manifest) -> Result<(), Fault> {
        // Of a step whose rows were not kept as such there is nothing to take back.
        let segments = &manifest.segments;
        let is_of = |step: &KeptStep| segments.iter().any(|segment| segment.step == step.number);
        manifest.steps.retain(|step| !step.has_rows || is_of(step));
        let gone = self.current.segments.iter().map(|segment| segment.number);
        // A draft stays while there are others: another tab may just be reading it.
        let is_draft = |number: u64| self.drafts.iter().any(|(_, draft)| *draft == number);
        let gone = gone.filter(|number| !manifest.has(*number) && !is_draft(*number));
        let gone: Vec<u64> = gone.collect();
        self.write_manifest(manifest).await?;
        self.drop_segments(&gone).await;
        Ok(())
    }

    /// Whether [`Store::join`] is due: there are many segments of no step, and rewriting all rows costs little more
    /// than what was written since the last time.
    pub fn is_scattered(&self) -> bool {
        let segments: Vec<&Segment> = self.current.settled().collect();
        let first = segments.first().map_or(0, |segment| segment.length);
        let rest = segments.iter().skip(1).map(|segment| segment.length).sum::<u64>();
        segments.len() > SEGMENTS_EVER || (segments.len() > SEGMENTS && rest >= first / 2)
    }

    /// Files that are kept and stand.
    pub fn sources(&self) -> impl Iterator<Item = &SourceInfo> {
        let segments = self.current.segments.iter();
        let standing = segments.filter(|segment| self.current.stands(segment));
        standing.flat_map(|segment| &segment.sources)
    }

    /// Bytes of all rows kept.
    pub fn bytes(&self) -> u64 {
        self.current.bytes()
    }

    /// Before this tab writes to a disk that others may have written to: yields whether it is still as this
    /// store knows it.
    ///
    /// # Errors
    /// As for [`Store::open`].
    pub async fn take_over(&mut self) -> Result<bool, Refused> {
        let (manifest, first) = newest(slots(&self.disk).await?);
        if manifest.generation != self.current.generation {
            return Ok(false);
        }
        let names = self.disk.names().await?;
        let last = names.iter().filter_map(|name| segment_number(name)).max();
        self.first = first;
        self.next = self.next.max(last.map_or(0, |last| last.saturating_add(1)));
        Ok(true)
    }

    async fn write_segment(&mut self, batch: Batch<'_>) -> Result<Segment, Fault> {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        let written = self.write_rows(number, &batch.kind, batch.chunks).await;
        if written.is_err() {
            self.drop_segments(&[number]).await;
        }
        let tally = written?;
        Ok(Segment {
            number,
            kind: batch.kind,
            length: tally.length,
            checksum: tally.checksum(),
            sources: batch.sources,
            step: batch.step,
        })
    }

    async fn write_rows(&self, number: u64, kind: &SegmentKind, chunks: Chunks<'_>) -> Result<Tally, Fault> {
        let mut tally = Tally::new();
        let mut file = self.disk.create(&segment_name(number)).await?;
        let mut chunk = Some(segment_header(*kind));
        let mut at = 0;
        while let Some(bytes) = chunk {
            tally.add(&bytes);
            self.disk.append(&mut file, &bytes).await?;
            chunk = chunks(at);
            at += 1;
        }
        self.disk.close(file).await?;
        Ok(tally)
    }

    /// The commit: from the return of the first of the two writes on, `manifest` holds.
    async fn write_manifest(&mut self, mut manifest: Manifest) -> Result<(), Fault> {
        manifest.generation = self.current.generation.saturating_add(1);
        let bytes = manifest.encode();
        self.write_slot(self.first, &bytes).await?;
        self.current = manifest;
        self.first = 1 - self.first;
        // If only the copy fails, the next commit begins with it.
        if self.write_slot(self.first, &bytes).await.is_ok() {
            self.first = 1 - self.first;
        }
        Ok(())
    }

    async fn write_slot(&self, slot: usize, bytes: &[u8]) -> Result<(), Fault> {
        let mut file = self.disk.create(SLOTS[slot]).await?;
        self.disk.append(&mut file, bytes).await?;
        self.disk.close(file).await
    }

    /// Removes files of segments. What cannot be removed goes the next time the store is opened.
    async fn drop_segments(&self, numbers: &[u64]) {
        for number in numbers {
            let _ = self.disk.remove(&segment_name(*number)).await;
        }
    }

    /// Removes segments that no manifest names.
    async fn tidy(&self, names: &[String]) {
        for name in names {
            let is_rubbish = segment_number(name).is_some_and(|number| !self.current.has(number));
            if is_rubbish {
                let _ = self.disk.remove(name).await;
            }
        }
    }
}

/// Removes all that is kept on `disk`. When the power fails on the way, either all is kept or nothing.
///
/// # Errors
/// Something could not be removed.
pub async fn forget<D: Disk>(disk: D) -> Result<(), Fault> {
    // What a newer program wrote has no generation to us: both manifests are written over.
    let (current, first) = newest(slots(&disk).await.unwrap_or([Slot::Damaged, Slot::Damaged]));
    let mut store = Store {
        disk,
        current,
        first,
        drafts: Vec::new(),
        next: 0,
    };
    store.write_manifest(Manifest::default()).await?;
    for name in store.disk.names().await? {
        if !SLOTS.contains(&name.as_str()) {
            store.disk.remove(&name).await?;
        }
    }
    Ok(())
}

async fn slots<D: Disk>(disk: &D) -> Result<[Slot; 2], Refused> {
    let mut slots = [Slot::Nothing, Slot::Nothing];
    for (slot, name) in slots.iter_mut().zip(SLOTS) {
        let Some(bytes) = disk.read(name).await? else {
            continue;
        };
        *slot = match Manifest::decode(&bytes) {
            Ok(manifest) => Slot::Whole(manifest),
            Err(Damage::Malformed) => Slot::Damaged,
            Err(Damage::Newer(version)) => return Err(Refused::Newer(version)),
        };
    }
    Ok(slots)
}

/// The manifest that counts, and the place to be written next.
fn newest([a, b]: [Slot; 2]) -> (Manifest, usize) {
    match (a, b) {
        (Slot::Whole(a), Slot::Whole(b)) if a.generation >= b.generation => (a, 1),
        (Slot::Whole(_), Slot::Whole(b)) | (_, Slot::Whole(b)) => (b, 0),
        (Slot::Whole(a), _) => (a, 1),
        _ => (Manifest::default(), 0),
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
