use super::super::testing::{Simulated, now};
use super::*;
use crate::protocol::FileKind;
use crate::time::UtcMillis;
use proptest::prelude::*;

/// A commit of some numbers that stand for rows: four bytes each, in several chunks.
fn commit(store: &mut Store<Simulated>, number: u32) -> Result<(), Fault> {
    commit_step(store, number, 0, &[])
}

fn commit_step(
    store: &mut Store<Simulated>,
    number: u32,
    step: u64,
    steps: &[KeptStep],
) -> Result<(), Fault> {
    let numbers = [number];
    let mut chunks = chunks(&numbers);
    let batch = Batch {
        kind: SegmentKind::Orders,
        sources: vec![source(number)],
        chunks: &mut chunks,
        step,
        stay: Stay::Good,
    };
    now(store.commit(batch, steps))
}

/// Steps as they are kept, from (number, whether it stands).
fn kept(steps: &[(u32, bool)]) -> Vec<KeptStep> {
    let kept = |(number, stands): &(u32, bool)| KeptStep {
        number: u64::from(*number),
        stands: *stands,
        has_rows: true,
        info: number.to_le_bytes().to_vec(),
    };
    steps.iter().map(kept).collect()
}

fn chunks(numbers: &[u32]) -> impl FnMut(usize) -> Option<Vec<u8>> {
    move |at| numbers.get(at).map(|number| number.to_le_bytes().to_vec())
}

fn source(number: u32) -> SourceInfo {
    SourceInfo {
        name: number.to_string(),
        kind: FileKind::Orders,
        accepted: 1,
        rejected: 0,
        read_at: UtcMillis(i64::from(number)),
    }
}

fn open(disk: &Simulated) -> Result<(Opened<Simulated>, Vec<u32>), Refused> {
    let mut given = Vec::new();
    let opened = now(Store::open(disk.clone(), true, |piece, bytes| {
        let (words, rest) = bytes.as_chunks::<4>();
        assert_eq!(rest, [0_u8; 0], "half a row");
        given.extend(words.iter().map(|word| (piece.step, u32::from_le_bytes(*word))));
        Ok(())
    }))?;
    let is_undone = |step: u64| {
        opened
            .steps
            .iter()
            .any(|kept| kept.number == step && !kept.stands)
    };
    let standing = given.into_iter().filter(|(step, _)| !is_undone(*step));
    let rows = standing.map(|(_, row)| row).collect();
    Ok((opened, rows))
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Commit,
    Step,
    Undo,
    Redo,
    Settle,
    Join,
    Replace,
    Forget,
    Reopen,
}

/// One visit after the other. `kept` is what was confirmed; in `under_way`, what is being done would make.
struct Visit {
    store: Store<Simulated>,
    disk: Simulated,
    kept: Vec<u32>,
    under_way: Vec<u32>,
    /// Steps, and which of them stand: each has its own number as its row.
    steps: Vec<(u32, bool)>,
    next: u32,
}

impl Visit {
    fn run(&mut self, op: Op) -> Result<(), ()> {
        self.under_way.clone_from(&self.kept);
        match op {
            Op::Commit => {
                // Rows of no step settle all that came before.
                self.next += 1;
                self.under_way.push(self.next);
                commit(&mut self.store, self.next).map_err(drop)?;
                self.steps.clear();
            }
            Op::Step => {
                self.next += 1;
                self.under_way.push(self.next);
                let mut steps = self.steps.clone();
                steps.retain(|(_, stands)| *stands);
                steps.push((self.next, true));
                commit_step(&mut self.store, self.next, u64::from(self.next), &kept(&steps)).map_err(drop)?;
                self.steps = steps;
            }
            Op::Undo | Op::Redo | Op::Settle => {
                let mut steps = self.steps.clone();
                let standing = steps.iter().take_while(|(_, stands)| *stands).count();
                match op {
                    Op::Undo if standing > 0 => {
                        steps[standing - 1].1 = false;
                        self.under_way.pop();
                    }
                    Op::Redo if standing < steps.len() => {
                        steps[standing].1 = true;
                        self.under_way.push(steps[standing].0);
                    }
                    Op::Settle if standing > 0 => drop(steps.remove(0)),
                    _ => {}
                }
                now(self.store.mark(&kept(&steps))).map_err(drop)?;
                self.steps = steps;
            }
            Op::Join => {
                let is_step = |row: &u32| self.steps.iter().any(|(number, _)| number == row);
                let settled: Vec<u32> = self.kept.iter().copied().filter(|row| !is_step(row)).collect();
                let mut all = chunks(&settled);
                let batch = Batch {
                    kind: SegmentKind::Orders,
                    sources: settled.iter().copied().map(source).collect(),
                    chunks: &mut all,
                    step: 0,
                    stay: Stay::Good,
                };
                now(self.store.join(vec![batch])).map_err(drop)?;
            }
            Op::Replace => {
                let sources = self.kept.iter().copied().map(source).collect();
                let mut all = chunks(&self.kept);
                let batch = Batch {
                    kind: SegmentKind::Stock,
                    sources,
                    chunks: &mut all,
                    step: 0,
                    stay: Stay::Good,
                };
                now(self.store.replace(vec![batch])).map_err(drop)?;
                self.steps.clear();
            }
            Op::Forget => {
                self.under_way.clear();
                now(forget(self.disk.clone())).map_err(drop)?;
                self.reopen(&[])?;
            }
            Op::Reopen => self.reopen(&self.kept.clone())?,
        }
        self.kept.clone_from(&self.under_way);
        Ok(())
    }

    fn reopen(&mut self, expect: &[u32]) -> Result<(), ()> {
        let (opened, rows) = open(&self.disk).map_err(drop)?;
        assert_eq!(rows, expect);
        self.steps = steps_of(&opened);
        self.store = opened.store;
        Ok(())
    }
}

/// The steps that are kept; what is told of each is still its own.
fn steps_of(opened: &Opened<Simulated>) -> Vec<(u32, bool)> {
    let read = |step: &KeptStep| {
        let number = u32::try_from(step.number).unwrap();
        assert_eq!(step.info, number.to_le_bytes());
        (number, step.stands)
    };
    opened.steps.iter().map(read).collect()
}

/// Runs `ops` on an empty disk whose power fails at step `fails_at`, then goes on with those left. Yields the
/// steps it took.
fn live(ops: &[Op], fails_at: Option<u64>, mut chance: impl FnMut(u64) -> u64) -> u64 {
    let disk = Simulated::default();
    let (opened, _) = open(&disk).unwrap();
    let mut visit = Visit {
        store: opened.store,
        disk: disk.clone(),
        kept: Vec::new(),
        under_way: Vec::new(),
        steps: Vec::new(),
        next: 0,
    };
    let before = disk.steps();
    if let Some(step) = fails_at {
        disk.fail_at(before + step);
    }
    for op in ops {
        if visit.run(*op).is_ok() {
            continue;
        }
        disk.power_up(&mut chance);
        let (opened, rows) = open(&disk).unwrap();
        assert!(
            rows == visit.kept || rows == visit.under_way,
            "{rows:?} is neither {:?} nor {:?}",
            visit.kept,
            visit.under_way
        );
        let names: Vec<u32> = opened
            .sources
            .iter()
            .map(|source| source.name.parse().unwrap())
            .collect();
        assert_eq!(names, rows, "files and rows are of one state");
        assert!(
            opened.lost.is_empty() && !opened.lost_all,
            "a power cut is no damage"
        );
        visit.steps = steps_of(&opened);
        (visit.store, visit.kept) = (opened.store, rows);
    }
    let kept = visit.kept.clone();
    let steps = disk.steps() - before.min(disk.steps());
    disk.power_up(&mut chance);
    visit.reopen(&kept).unwrap();
    let left = disk
        .files()
        .iter()
        .filter(|name| name.starts_with("segment"))
        .count();
    assert_eq!(left, visit.store.current.segments.len(), "rubbish is left");
    steps
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => Just(Op::Commit),
        4 => Just(Op::Step),
        3 => Just(Op::Undo),
        2 => Just(Op::Redo),
        1 => Just(Op::Settle),
        1 => Just(Op::Join),
        1 => Just(Op::Replace),
        1 => Just(Op::Forget),
        2 => Just(Op::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is done and whenever the power fails: what was confirmed is there, and never half of it.
    #[test]
    fn no_power_cut_mixes_two_states(ops in prop::collection::vec(op(), 1..10), seed in any::<u64>()) {
        let steps = live(&ops, None, |_| 0);
        let mut state = seed | 1;
        let mut chance = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for at in 0..=steps {
            for _ in 0..3 {
                live(&ops, Some(at), &mut chance);
            }
        }
    }

    /// A damaged manifest loses nothing, a damaged segment its own rows; both together are told.
    #[test]
    fn damage_is_contained(which in 0_usize..5, at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let disk = Simulated::default();
        let (mut opened, _) = open(&disk).unwrap();
        for number in [1, 2, 3] {
            commit(&mut opened.store, number).unwrap();
        }
        let name = ["manifest-a", "manifest-b", "segment-0", "segment-1", "segment-2"][which];
        disk.damage(name, |bytes| {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        });
        let (again, rows) = open(&disk).unwrap();
        let lost: Vec<String> = again.lost.iter().map(|source| source.name.clone()).collect();
        let expect: Vec<u32> = [1, 2, 3].into_iter().filter(|number| *number + 1 != which as u32).collect();
        prop_assert_eq!(&rows, &expect);
        prop_assert_eq!(lost.len(), 3 - expect.len());
        prop_assert!(!again.lost_all);
    }
}

#[test]
fn when_nothing_tells_what_was_kept_it_is_said() {
    let disk = Simulated::default();
    let (mut opened, _) = open(&disk).unwrap();
    commit(&mut opened.store, 7).unwrap();
    for name in SLOTS {
        disk.damage(name, |bytes| bytes.truncate(9));
    }
    let (mut again, rows) = open(&disk).unwrap();
    assert!(again.lost_all && rows.is_empty());
    // And it can be gone on with.
    commit(&mut again.store, 8).unwrap();
    let (again, rows) = open(&disk).unwrap();
    assert!(!again.lost_all);
    assert_eq!(rows, [8]);
}

#[test]
fn what_a_newer_program_wrote_is_left_alone_but_can_be_forgotten() {
    let disk = Simulated::default();
    let (mut opened, _) = open(&disk).unwrap();
    commit(&mut opened.store, 7).unwrap();
    for name in SLOTS {
        disk.damage(name, |bytes| {
            bytes[12] = 9;
            let sum = super::super::manifest::checksum(&bytes[12..]);
            bytes[4..12].copy_from_slice(&sum.to_le_bytes());
        });
    }
    let files = disk.files();
    assert_eq!(open(&disk).unwrap_err(), Refused::Newer(9));
    assert_eq!(disk.files(), files);
    now(forget(disk.clone())).unwrap();
    let (_, rows) = open(&disk).unwrap();
    assert!(rows.is_empty() && disk.files() == SLOTS);
}

#[test]
fn a_full_disk_keeps_what_it_has() {
    let disk = Simulated::default();
    let (mut opened, _) = open(&disk).unwrap();
    commit(&mut opened.store, 1).unwrap();
    // Each byte more fails at another place: in the segment, in one manifest, in the other.
    for room in 0..200 {
        disk.leave_room(Some(room));
        let kept = commit(&mut opened.store, 2);
        disk.leave_room(None);
        let (again, rows) = open(&disk).unwrap();
        if kept.is_ok() {
            assert_eq!(rows, [1, 2]);
            return;
        }
        assert_eq!(
            (kept, rows.as_slice()),
            (Err(Fault::Full), [1].as_slice()),
            "{room}"
        );
        opened = again;
    }
    panic!("never enough room");
}

#[test]
fn many_segments_are_joined_when_it_pays() {
    let disk = Simulated::default();
    let (mut opened, _) = open(&disk).unwrap();
    for number in 0..17 {
        assert!(!opened.store.is_scattered(), "{number}");
        commit(&mut opened.store, number).unwrap();
    }
    assert!(opened.store.is_scattered());
}

proptest! {
    /// Bytes of any content are a manifest or damage.
    #[test]
    fn any_bytes_are_a_manifest_or_damage(mut bytes in prop::collection::vec(any::<u8>(), 0..300), sealed in any::<bool>()) {
        if sealed && bytes.len() > 14 {
            // Past the checksum too.
            bytes[..4].copy_from_slice(b"SPKM");
            bytes[12..14].copy_from_slice(&super::super::manifest::VERSION.to_le_bytes());
            let sum = super::super::manifest::checksum(&bytes[12..]);
            bytes[4..12].copy_from_slice(&sum.to_le_bytes());
        }
        if let Ok(manifest) = Manifest::decode(&bytes) {
            prop_assert_eq!(manifest.encode(), bytes);
        }
    }
}

#[test]
fn a_draft_stays_until_the_rows_in_it_are_kept_for_good() {
    let disk = Simulated::default();
    let (mut opened, _) = open(&disk).unwrap();
    let keep = |store: &mut Store<Simulated>, numbers: &[u32], stay: Stay| {
        let mut chunks = chunks(numbers);
        let batch = Batch {
            kind: SegmentKind::Orders,
            sources: vec![source(numbers[0])],
            chunks: &mut chunks,
            step: 0,
            stay,
        };
        now(store.commit(batch, &[])).unwrap();
        // Whatever ends the page now, all of it is there, once.
        open(&disk).unwrap().1
    };
    let store = &mut opened.store;
    for (numbers, stay, expect) in [
        (&[1][..], Stay::Good, vec![1]),
        (&[2], Stay::Draft, vec![1, 2]),
        (&[2, 3], Stay::Draft, vec![1, 2, 3]),
        (&[2, 3, 4], Stay::Last, vec![1, 2, 3, 4]),
        (&[5], Stay::Draft, vec![1, 2, 3, 4, 5]),
        (&[5, 6], Stay::Last, vec![1, 2, 3, 4, 5, 6]),
        (&[7], Stay::Last, vec![1, 2, 3, 4, 5, 6, 7]),
    ] {
        assert_eq!(keep(store, numbers, stay), expect, "{numbers:?} {stay:?}");
    }
    let segments = |disk: &Simulated| {
        let names = now(disk.names()).unwrap();
        names.iter().filter(|name| name.starts_with("segment")).count()
    };
    assert_eq!(segments(&disk), 4, "no draft is left");
    // One that was the last to be kept is rows like any others on the next visit.
    keep(&mut opened.store, &[8], Stay::Draft);
    let (mut next, _) = open(&disk).unwrap();
    assert_eq!(
        keep(&mut next.store, &[9], Stay::Draft),
        [1, 2, 3, 4, 5, 6, 7, 8, 9]
    );
}
