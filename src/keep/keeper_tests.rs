use super::super::testing::{Simulated, now};
use super::*;
use crate::protocol::FileKind;
use crate::time::UtcMillis;

fn source(name: &str) -> SourceInfo {
    SourceInfo {
        name: name.to_owned(),
        kind: FileKind::Orders,
        accepted: 1,
        rejected: 0,
        read_at: UtcMillis(0),
    }
}

/// A tab whose rows are one byte a file.
struct Tab {
    keeper: Keeper<Simulated>,
    rows: Vec<u8>,
    sources: Vec<SourceInfo>,
}

impl Tab {
    fn open(disk: &Simulated, right: Right) -> Self {
        let mut rows = Vec::new();
        let (keeper, sources, _) = now(Keeper::open(disk.clone(), right, |_, bytes| {
            rows.extend(bytes);
            Ok(())
        }));
        Self {
            keeper,
            rows,
            sources,
        }
    }

    fn read(&mut self, row: u8) {
        self.rows.push(row);
        self.sources.push(source(&row.to_string()));
        let mut chunks = |at| (at == 0).then(|| vec![row]);
        let rows = self.rows.clone();
        let chunk = |kind, at| (kind == SegmentKind::Orders && at == 0).then(|| rows.clone());
        let batch = Batch {
            kind: SegmentKind::Orders,
            sources: vec![source(&row.to_string())],
            chunks: &mut chunks,
            step: 0,
            stay: Stay::Good,
        };
        let whole = Whole {
            sources: &self.sources,
            chunk: &chunk,
        };
        now(self.keeper.keep(batch, &[], Some(whole)));
    }

    fn own(&mut self) -> bool {
        let rows = self.rows.clone();
        let chunk = |kind, at| (kind == SegmentKind::Orders && at == 0).then(|| rows.clone());
        let whole = Whole {
            sources: &self.sources,
            chunk: &chunk,
        };
        now(self.keeper.own(Some(whole)))
    }

    fn keeping(&self) -> &Keeping {
        &self.keeper.kept().keeping
    }
}

#[test]
fn a_tab_keeps_and_tells() {
    let disk = Simulated::default();
    let mut tab = Tab::open(&disk, Right::Alone);
    assert_eq!(tab.keeping(), &Keeping::Nothing);
    tab.read(1);
    tab.read(2);
    assert_eq!((tab.keeping(), tab.keeper.kept().files), (&Keeping::Kept, 2));
    let again = Tab::open(&disk, Right::Alone);
    assert_eq!((again.rows, again.sources.len()), (vec![1, 2], 2));
}

#[test]
fn what_found_no_room_is_kept_once_there_is_some() {
    let disk = Simulated::default();
    let mut tab = Tab::open(&disk, Right::Alone);
    tab.read(1);
    disk.leave_room(Some(3));
    tab.read(2);
    assert_eq!(tab.keeping(), &Keeping::Full);
    assert_eq!(Tab::open(&disk, Right::Alone).rows, [1]);
    disk.leave_room(None);
    tab.read(3);
    assert_eq!(tab.keeping(), &Keeping::Kept);
    assert_eq!(Tab::open(&disk, Right::Alone).rows, [1, 2, 3]);
}

#[test]
fn one_tab_writes() {
    let disk = Simulated::default();
    let mut first = Tab::open(&disk, Right::Alone);
    first.read(1);
    let mut second = Tab::open(&disk, Right::Other);
    assert_eq!(
        (second.rows.as_slice(), second.keeping()),
        ([1].as_slice(), &Keeping::OtherTab)
    );
    second.read(2);
    assert_eq!(second.keeping(), &Keeping::OtherTab);
    assert_eq!(Tab::open(&disk, Right::Other).rows, [1]);
    // The first tab closes: the second keeps what it has.
    drop(first);
    assert!(second.own());
    assert_eq!(second.keeping(), &Keeping::Kept);
    let third = Tab::open(&disk, Right::Alone);
    assert_eq!(third.rows, [1, 2]);
    assert_eq!(third.sources.len(), 2);
}

#[test]
fn a_tab_does_not_write_over_what_it_has_not_read() {
    let disk = Simulated::default();
    let mut first = Tab::open(&disk, Right::Alone);
    let mut second = Tab::open(&disk, Right::Other);
    let mut third = Tab::open(&disk, Right::Unguarded);
    first.read(1);
    second.read(2);
    assert!(!second.own());
    third.read(3);
    assert_eq!(
        (second.keeping(), third.keeping()),
        (&Keeping::OtherTab, &Keeping::OtherTab)
    );
    assert_eq!(Tab::open(&disk, Right::Alone).rows, [1]);
}

#[test]
fn unguarded_tabs_write_one_after_the_other() {
    let disk = Simulated::default();
    let mut first = Tab::open(&disk, Right::Unguarded);
    first.read(1);
    first.read(2);
    assert_eq!(first.keeping(), &Keeping::Kept);
    let mut second = Tab::open(&disk, Right::Unguarded);
    second.read(3);
    assert_eq!(second.keeping(), &Keeping::Kept);
    first.read(4);
    assert_eq!(first.keeping(), &Keeping::OtherTab);
    assert_eq!(Tab::open(&disk, Right::Alone).rows, [1, 2, 3]);
}

#[test]
fn a_newer_store_and_no_store_are_told() {
    assert_eq!(Keeper::<Simulated>::nowhere().kept().keeping, Keeping::NoStorage);
    let disk = Simulated::default();
    disk.fail_at(0);
    let tab = Tab::open(&disk, Right::Alone);
    assert!(matches!(tab.keeping(), Keeping::Failed(_)));
}
