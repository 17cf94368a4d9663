use super::super::{Action, Screen, reduce};
use super::*;
use crate::ingest::{Finish, Head, Import, Options, preview, unread};
use crate::protocol::{Event, FileReport, StepDiff};
use crate::time::Zone;

const TEXT: &str = "c1,c2,c3,c4\nA1,2026-06-01,2,20\nA2,2026-06-02,1,10\n";

/// What the reader answers to a preview.
fn answer(text: &str, decisions: Vec<Decision>) -> Preview {
    let options = Options {
        decisions,
        head: Some(Head::new(100, "")),
        ..Options::default()
    };
    match Import::new("x.csv", text.len() as u64, options).tap(text) {
        Finish::Done(imported) => preview(imported, Zone::default()).unwrap(),
        Finish::Again(_) => panic!("this text needs one reading"),
    }
}

trait Tap {
    fn tap(self, text: &str) -> Finish;
}

impl Tap for Import {
    fn tap(mut self, text: &str) -> Finish {
        self.push(text.as_bytes());
        self.finish()
    }
}

/// A page on which the files of the drops have been read: names by drop.
struct Page {
    state: State,
}

impl Page {
    fn new() -> Self {
        Self {
            state: State::default(),
        }
    }

    fn act(&mut self, action: MappingAction) -> Vec<Command> {
        reduce(&mut self.state, Action::Mapping(action))
    }

    fn drop(&mut self, names: &[&str]) -> Vec<FileId> {
        let batch = self.state.next_batch();
        let ids: Vec<FileId> = (0..).zip(names).map(|(at, _)| FileId::whole(batch, at)).collect();
        let files = ids.iter().zip(names);
        let files = files
            .map(|(id, name)| (*id, (*name).to_owned(), 9, None))
            .collect();
        reduce(&mut self.state, Action::Files(files));
        ids
    }

    fn steps(&mut self, steps: &[(u64, bool)]) {
        let step = |(id, stands): &(u64, bool)| StepInfo {
            id: *id,
            stands: *stands,
            files: vec![format!("file of {id}")],
            diff: StepDiff::default(),
            ..StepInfo::default()
        };
        let event = Event::Steps(steps.iter().map(step).collect());
        reduce(&mut self.state, Action::Engine(event));
    }

    fn report(&mut self, id: FileId, accepted: u64, state: FileState) -> Vec<Command> {
        let report = FileReport {
            accepted,
            state,
            ..*unread("x.csv", 9, Problem::UnknownHeader)
        };
        let report = Box::new(report);
        reduce(&mut self.state, Action::Engine(Event::Report { id, report }))
    }

    /// Answers the last preview that was asked for.
    fn answer(&mut self, commands: &[Command]) -> Preview {
        let asked = commands.iter().find_map(|command| match command {
            Command::Preview {
                id, request, draft, ..
            } => Some((*id, *request, draft.clone())),
            _ => None,
        });
        let (id, request, draft) = asked.expect("a preview is asked for");
        let decisions = draft.into_iter().chain(self.state.decisions.clone()).collect();
        let seen = answer(TEXT, decisions);
        let preview = Ok(Box::new(seen.clone()));
        reduce(
            &mut self.state,
            Action::Engine(Event::Preview { id, request, preview }),
        );
        seen
    }

    fn column(&mut self, name: &str, word: &str) -> Preview {
        let choice = Choice::of(word).unwrap();
        let asked = self.act(MappingAction::Column(name.to_owned(), choice));
        self.answer(&asked)
    }

    fn map(&mut self) {
        for (name, word) in [
            ("c1", "order_id"),
            ("c2", "created_at"),
            ("c3", "quantity"),
            ("c4", "amount"),
        ] {
            self.column(name, word);
        }
    }
}

/// Names of the commands, with the files of imports.
fn said(commands: &[Command]) -> Vec<String> {
    let word = |command: &Command| match command {
        Command::Decide(decisions) => format!("decide {}", decisions.len()),
        Command::Import { id, .. } => format!("import {}.{}", id.batch, id.file),
        Command::Preview { .. } => "preview".to_owned(),
        Command::Undo => "undo".to_owned(),
        Command::Check => "check".to_owned(),
        other => format!("{other:?}"),
    };
    commands.iter().map(word).collect()
}

#[test]
fn a_file_that_needs_it_opens_the_panel_and_is_read_alone() {
    let mut page = Page::new();
    let ids = page.drop(&["good.csv", "unknown.csv"]);
    page.steps(&[(1, true)]);
    page.report(ids[0], 5, FileState::Done);
    let asked = page.report(ids[1], 0, FileState::NeedsMapping);
    assert_eq!(said(&asked), ["preview", "check"]);
    let first = page.answer(&asked);
    assert!(first.sight.gaps.iter().any(|gap| gap.is_fatal()));
    assert_eq!(
        (page.state.chosen, page.state.screen),
        (Some(ids[1]), Screen::Import)
    );
    assert!(
        page.act(MappingAction::Apply(UtcMillis(5))).is_empty(),
        "it cannot be read yet"
    );
    page.map();
    assert_eq!(
        page.state
            .mapping
            .as_ref()
            .unwrap()
            .preview
            .as_ref()
            .unwrap()
            .report
            .accepted,
        2
    );
    let done = page.act(MappingAction::Apply(UtcMillis(5)));
    assert_eq!(
        said(&done),
        ["decide 1", "import 0.1"],
        "no row of it has entered: nothing to take back"
    );
    assert_eq!(
        (page.state.mapping.clone(), page.state.files[&ids[1]].state),
        (None, FileState::Queued)
    );
    let decided = &page.state.decisions[0];
    assert_eq!((decided.decided, decided.kind), (UtcMillis(5), FileKind::Orders));
    assert_eq!(decided.header, ["c1", "c2", "c3", "c4"]);
    assert_eq!(decided.columns.len(), 4, "each column is settled");
}

#[test]
fn a_loaded_file_is_taken_back_with_its_drop() {
    let mut page = Page::new();
    let ids = page.drop(&["a.csv", "b.csv"]);
    page.steps(&[(1, true)]);
    for id in &ids {
        page.report(*id, 5, FileState::Done);
    }
    let asked = page.act(MappingAction::Open(ids[0]));
    page.answer(&asked);
    page.map();
    assert_eq!(page.state.reread(ids[0]), Reread::Undo);
    let done = page.act(MappingAction::Apply(UtcMillis(5)));
    assert_eq!(said(&done), ["decide 1", "undo", "import 0.0", "import 0.1"]);
    // Until it is read nothing can be applied.
    assert!(page.state.is_reading());

    // A later drop stands on it.
    page.steps(&[(2, true)]);
    for id in &ids {
        page.report(*id, 5, FileState::Done);
    }
    let later = page.drop(&["c.csv"]);
    page.steps(&[(2, true), (3, true)]);
    page.report(later[0], 5, FileState::Done);
    let asked = page.act(MappingAction::Open(ids[0]));
    let seen = page.answer(&asked);
    assert!(seen.report.decided.is_some() && page.state.mapping.as_ref().unwrap().is_enough());
    assert_eq!(
        page.state.reread(ids[0]),
        Reread::Under(vec!["file of 3".to_owned()])
    );
    assert!(page.act(MappingAction::Apply(UtcMillis(6))).is_empty());
    // Taken back, it does not stand in the way.
    page.steps(&[(2, true), (3, false)]);
    assert_eq!(page.state.reread(ids[0]), Reread::Undo);
    page.steps(&[(2, false), (3, false)]);
    assert_eq!(page.state.reread(ids[0]), Reread::Drop);
    let done = page.act(MappingAction::Apply(UtcMillis(6)));
    assert_eq!(
        said(&done),
        ["decide 1", "import 0.0", "import 0.1"],
        "the user took it back"
    );
}

#[test]
fn a_settled_step_cannot_be_corrected_in_place() {
    let mut page = Page::new();
    let ids = page.drop(&["a.csv"]);
    page.steps(&[(1, true)]);
    page.report(ids[0], 5, FileState::Done);
    page.steps(&[(2, true)]);
    assert_eq!(page.state.reread(ids[0]), Reread::Settled);
    let asked = page.act(MappingAction::Open(ids[0]));
    page.answer(&asked);
    page.map();
    assert!(page.act(MappingAction::Apply(UtcMillis(5))).is_empty());
}

#[test]
fn a_field_of_one_column_leaves_the_other() {
    let mut page = Page::new();
    let ids = page.drop(&["a.csv"]);
    let asked = page.report(ids[0], 0, FileState::NeedsMapping);
    page.answer(&asked);
    page.column("c3", "quantity");
    page.column("c4", "quantity");
    let draft = page.state.mapping.clone().unwrap();
    assert_eq!(draft.choice("c3"), Some(Choice::Unused));
    assert_eq!(draft.choice("c4"), Some(Choice::Field("quantity".to_owned())));
    // Places of stock are many.
    page.column("c3", "on_hand");
    page.column("c4", "on_hand");
    let draft = page.state.mapping.clone().unwrap();
    assert_eq!(draft.choice("c3"), draft.choice("c4"));
    let asked = page.act(MappingAction::Automatic);
    page.answer(&asked);
    assert!(page.state.mapping.clone().unwrap().decision.columns.is_empty());
}

#[test]
fn answers_to_older_questions_are_dropped() {
    let mut page = Page::new();
    let ids = page.drop(&["a.csv"]);
    let first = page.report(ids[0], 0, FileState::NeedsMapping);
    let asked = page.act(MappingAction::Kind(FileKind::Stock));
    page.answer(&first);
    assert!(page.state.mapping.clone().unwrap().pending, "of an old request");
    assert_eq!(page.state.mapping.clone().unwrap().preview, None);
    page.answer(&asked);
    assert!(!page.state.mapping.clone().unwrap().pending);
    page.act(MappingAction::Close);
    assert_eq!(page.state.mapping, None);
}

#[test]
fn decisions_are_merged_by_fingerprint_and_forgotten() {
    let decision = |name: &str, at: i64| Decision {
        decided: UtcMillis(at),
        kind: FileKind::Stock,
        encoding: None,
        header: vec![name.to_owned()],
        columns: Vec::new(),
    };
    let mut page = Page::new();
    page.act(MappingAction::Import(Ok(vec![
        decision("a", 1),
        decision("b", 1),
    ])));
    let done = page.act(MappingAction::Import(Ok(vec![decision("a", 2)])));
    assert_eq!(said(&done), ["decide 2"]);
    let at = |state: &State| -> Vec<i64> { state.decisions.iter().map(|one| one.decided.0).collect() };
    assert_eq!(at(&page.state), [1, 2], "later wins");
    assert_eq!(page.state.imported, Some(Ok(1)));
    page.act(MappingAction::Export);
    let (name, text) = page.state.download.clone().unwrap();
    assert_eq!(name, "stockpit-mappings.json");
    assert_eq!(super::super::parse_mappings(&text).unwrap().len(), 2);
    let done = page.act(MappingAction::Forget(vec!["a".to_owned()]));
    assert_eq!(
        (said(&done), at(&page.state)),
        (vec!["decide 1".to_owned()], vec![1])
    );
    let error = super::super::parse_mappings("{").unwrap_err();
    page.act(MappingAction::Import(Err(error.clone())));
    assert_eq!(
        (page.state.imported.clone(), page.state.decisions.len()),
        (Some(Err(error)), 1)
    );
}
