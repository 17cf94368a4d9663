//! The correction of a file's columns by hand, and the memory of it.

use super::{FileEntry, ManifestError, State, write_mappings};
use crate::protocol::{
    Choice, Command, Decision, FIELDS, FileId, FileKind, FileState, Preview, Problem, StepInfo, remember,
};
use crate::time::UtcMillis;
use std::sync::Arc;

/// Decisions that are remembered; of more, the oldest go.
const MOST: usize = 200;

/// Every cause of change in it.
#[derive(Clone, Debug)]
pub enum MappingAction {
    /// Open the panel on this part of a file.
    Open(FileId),
    /// Close it; nothing has happened.
    Close,
    /// What a column of this name is.
    Column(String, Choice),
    /// What the file holds; [`FileKind::Unknown`]: whatever it looks like.
    Kind(FileKind),
    /// The encoding it is in, by its label; empty: whatever it looks like.
    Encoding(String),
    /// Nothing is decided.
    Automatic,
    /// Read the whole file so, and all files with its header from now on.
    Apply(UtcMillis),
    /// Forget what was decided about the header of this fingerprint.
    Forget(Vec<String>),
    /// Decisions of a file, or where it is wrong.
    Import(Result<Vec<Decision>, ManifestError>),
    /// All decisions as a file.
    Export,
}

/// What is being decided about a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Which part of which file.
    pub id: FileId,
    /// What is decided so far; its header is empty until the head of the file was read.
    pub decision: Decision,
    /// Number of the last request.
    pub request: u32,
    /// Whether its answer is still to come.
    pub pending: bool,
    /// What the head shows under it, as last read.
    pub preview: Option<Arc<Preview>>,
    /// Why the head could not be read.
    pub failure: Option<Problem>,
}

impl Draft {
    fn new(id: FileId, request: u32) -> Self {
        Self {
            id,
            decision: Decision {
                decided: UtcMillis(0),
                kind: FileKind::Unknown,
                encoding: None,
                header: Vec::new(),
                columns: Vec::new(),
            },
            request,
            pending: false,
            preview: None,
            failure: None,
        }
    }

    /// What is done with a column, decided or not.
    pub fn choice(&self, name: &str) -> Option<Choice> {
        let seen = || {
            let columns = &self.preview.as_ref()?.sight.columns;
            let column = columns.iter().find(|column| column.name == name)?;
            Some(column.choice.clone())
        };
        self.decision.column(name).cloned().or_else(seen)
    }

    /// Whether the file can be read as it stands.
    pub fn is_enough(&self) -> bool {
        let gaps = |preview: &Arc<Preview>| preview.sight.gaps.iter().any(|gap| gap.is_fatal());
        !self.pending && self.preview.as_ref().is_some_and(|preview| !gaps(preview))
    }

    /// What is decided, each column being what it is seen to be now: tomorrow's file is read just so.
    fn settled(&self, now: UtcMillis) -> Option<Decision> {
        let sight = &self.preview.as_ref().filter(|_| self.is_enough())?.sight;
        let mut decision = self.decision.clone();
        (decision.decided, decision.kind) = (now, sight.kind);
        decision.columns.clear();
        for column in &sight.columns {
            let choice = self.choice(&column.name)?;
            decision.columns.push((column.name.clone(), choice));
        }
        Some(decision)
    }
}

/// What it takes to read a file anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reread {
    /// No row of it has entered: it alone is read.
    Alone,
    /// Its drop was taken back: all files of it are read.
    Drop,
    /// Its drop is the last step that stands: it is taken back, and all files of it are read.
    Undo,
    /// These files, of later steps, stand on it: they have to be taken back first.
    Under(Vec<String>),
    /// Its step is settled: it cannot be taken back any more.
    Settled,
}

impl State {
    /// What it takes to read a file anew.
    pub fn reread(&self, id: FileId) -> Reread {
        let of_file = self
            .files
            .iter()
            .filter(|(other, _)| other.with_part(0) == id.with_part(0));
        let Some((step, stood)) = of_file.filter_map(|(_, file)| file.step).max() else {
            return Reread::Alone;
        };
        let standing = || self.steps.iter().filter(|step| step.stands);
        let is_it = |info: &StepInfo| info.id == step;
        if standing().next_back().is_some_and(is_it) {
            return Reread::Undo;
        }
        if standing().any(is_it) {
            let later = standing().filter(|info| info.id > step);
            return Reread::Under(later.flat_map(|info| info.files.clone()).collect());
        }
        if stood && !self.steps.iter().any(is_it) {
            Reread::Settled
        } else {
            Reread::Drop
        }
    }

    /// Notes which steps of those that are known stand.
    pub(super) fn follow_steps(&mut self) {
        for file in self.files.values_mut() {
            let Some((step, stands)) = &mut file.step else {
                continue;
            };
            if let Some(info) = self.steps.iter().find(|info| info.id == *step) {
                *stands = info.stands;
            }
        }
    }
}

/// Changes the state by an action of the panel.
pub(super) fn reduce_mapping(state: &mut State, action: MappingAction) -> Vec<Command> {
    match action {
        MappingAction::Open(id) => {
            state.chosen = Some(id);
            let request = state.mapping.as_ref().map_or(0, |draft| draft.request);
            state.mapping = Some(Draft::new(id, request));
            return look(state);
        }
        MappingAction::Close => state.mapping = None,
        MappingAction::Column(name, choice) => {
            if let Some(draft) = &mut state.mapping {
                let is_many = |id: &str| FIELDS.iter().any(|field| field.id == id && field.many);
                if let Choice::Field(id) = &choice
                    && !is_many(id)
                {
                    for (_, other) in &mut draft.decision.columns {
                        if *other == choice {
                            *other = Choice::Unused;
                        }
                    }
                }
                draft.decision.set_column(name, choice);
            }
            return look(state);
        }
        MappingAction::Kind(kind) => {
            if let Some(draft) = &mut state.mapping {
                draft.decision.kind = kind;
            }
            return look(state);
        }
        MappingAction::Encoding(label) => {
            if let Some(draft) = &mut state.mapping {
                draft.decision.encoding = Some(label).filter(|label| !label.is_empty());
            }
            return look(state);
        }
        MappingAction::Automatic => {
            if let Some(draft) = &mut state.mapping {
                (draft.decision.kind, draft.decision.encoding) = (FileKind::Unknown, None);
                draft.decision.columns.clear();
            }
            return look(state);
        }
        MappingAction::Apply(now) => return apply(state, now),
        MappingAction::Forget(header) => {
            state.decisions.retain(|decision| decision.header != header);
            return vec![Command::Decide(state.decisions.clone())];
        }
        MappingAction::Import(Ok(decisions)) => {
            state.imported = Some(Ok(decisions.len()));
            for decision in decisions {
                keep(state, decision);
            }
            let mut commands = vec![Command::Decide(state.decisions.clone())];
            // What is open may be one that is decided about now.
            if let Some(id) = state.mapping.as_ref().map(|draft| draft.id) {
                commands.extend(reduce_mapping(state, MappingAction::Open(id)));
            }
            return commands;
        }
        MappingAction::Import(Err(error)) => state.imported = Some(Err(error)),
        MappingAction::Export => {
            let text = write_mappings(&state.decisions);
            state.download = Some(("stockpit-mappings.json".to_owned(), text));
        }
    }
    Vec::new()
}

/// Takes in what the head of the open file shows.
pub(super) fn seen(
    state: &mut State,
    id: FileId,
    request: u32,
    preview: Result<Box<Preview>, Problem>,
) -> Vec<Command> {
    let Some(draft) = state
        .mapping
        .as_mut()
        .filter(|draft| (draft.id, draft.request) == (id, request))
    else {
        return Vec::new();
    };
    draft.pending = false;
    match preview {
        Err(problem) => draft.failure = Some(problem),
        Ok(preview) => {
            if draft.decision.header.is_empty() {
                let about = preview.report.decided.as_ref();
                let known = about.and_then(|(_, header)| {
                    let mut decisions = state.decisions.iter();
                    decisions.find(|decision| decision.header == *header)
                });
                if let Some(known) = known {
                    draft.decision.clone_from(known);
                }
                // One that is only much alike becomes a decision about this header.
                if !draft.decision.is_about(&preview.sight.header) {
                    draft.decision.header.clone_from(&preview.sight.header);
                }
            }
            draft.failure = None;
            draft.preview = Some(Arc::from(preview));
        }
    }
    Vec::new()
}

/// Asks what the head of the open file shows under what is decided so far.
fn look(state: &mut State) -> Vec<Command> {
    let Some(draft) = &mut state.mapping else {
        return Vec::new();
    };
    let Some(file) = state.files.get(&draft.id) else {
        state.mapping = None;
        return Vec::new();
    };
    draft.request = draft.request.wrapping_add(1);
    draft.pending = true;
    // The parts of a file are those of the whole.
    let whole = state.files.get(&draft.id.with_part(0)).unwrap_or(file);
    vec![Command::Preview {
        id: draft.id,
        name: whole.name.clone(),
        size: whole.size,
        url: whole.url.clone(),
        request: draft.request,
        draft: (!draft.decision.header.is_empty()).then(|| draft.decision.clone()),
        encoding: file
            .report
            .as_ref()
            .map_or_else(String::new, |report| report.encoding.clone()),
    }]
}

fn keep(state: &mut State, decision: Decision) {
    remember(&mut state.decisions, decision);
    let over = state.decisions.len().saturating_sub(MOST);
    state.decisions.drain(..over);
}

/// Remembers what is decided and reads the file anew, leaving no row of the old reading.
fn apply(state: &mut State, now: UtcMillis) -> Vec<Command> {
    let Some((id, decision)) = state
        .mapping
        .as_ref()
        .and_then(|draft| Some((draft.id, draft.settled(now)?)))
    else {
        return Vec::new();
    };
    let how = state.reread(id);
    if state.is_reading() || matches!(how, Reread::Under(_) | Reread::Settled) {
        return Vec::new();
    }
    keep(state, decision);
    state.mapping = None;
    state.chosen = Some(id);
    let mut commands = vec![Command::Decide(state.decisions.clone())];
    commands.extend((how == Reread::Undo).then_some(Command::Undo));
    let is_wanted = |other: &FileId| match how {
        Reread::Alone => other.with_part(0) == id.with_part(0),
        _ => other.batch == id.batch,
    };
    state
        .files
        .retain(|other, _| other.part == 0 || !is_wanted(other));
    for (id, file) in state.files.iter_mut().filter(|(id, _)| is_wanted(id)) {
        commands.push(file.again(*id));
    }
    commands
}

impl FileEntry {
    /// Reads it anew.
    pub(super) fn again(&mut self, id: FileId) -> Command {
        (self.state, self.report, self.bytes, self.rows) = (FileState::Queued, None, 0, 0);
        self.step = None;
        Command::Import {
            id,
            name: self.name.clone(),
            size: self.size,
            url: self.url.clone(),
        }
    }
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
