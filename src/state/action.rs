//! Every cause of change, and what it changes.

use super::mapping::{reduce_mapping, seen};
use super::rules::write_rules;
use super::{
    Dialog, EngineState, Feed, FileEntry, Loudness, ManifestError, MappingAction, Past, Screen, State, Theme,
    Visit,
};
use crate::format::Lang;
use crate::model::Dim;
use crate::protocol::{
    Command, DataSource, Event, FeedPlace, FileId, FileState, Measure, Mishap, Quiet, Secret, TimeRange,
};
use crate::time::{Grain, UtcMillis};
use std::sync::Arc;

/// Alerts that wait to be told aloud.
const PUSHED: usize = 1_000;

/// Every cause of change.
#[derive(Clone, Debug)]
pub enum Action {
    /// The engine spoke.
    Engine(Event),
    /// The engine stopped, with its last words.
    EngineFailed(String),
    /// A key was clicked: in if it was out, out if it was in.
    Toggle(Dim, String),
    /// A clause turns from "is" to "is not" or back.
    Flip(Dim),
    /// A clause goes.
    ClearDim(Dim),
    /// All clauses go.
    ClearAll,
    /// Another time range.
    Time(TimeRange),
    /// Another bucket width; `None`: whatever fits.
    Grain(Option<Grain>),
    /// Another measure.
    Measure(Measure),
    /// The charts' currency.
    Currency(String),
    /// Another language.
    Lang(Lang),
    /// Another appearance.
    Theme(Theme),
    /// Business days begin so many minutes after midnight.
    DayStarts(u16),
    /// Another shop time zone.
    Zone(String),
    /// Another currency of files that name none.
    DefaultCurrency(String),
    /// Name of the shop.
    Title(String),
    /// The manifest is wrong.
    ManifestBad(ManifestError),
    /// Files to read: number, name, size, address.
    Files(Vec<(FileId, String, u64, Option<String>)>),
    /// Another source that comes by itself.
    AddFeed(Box<Feed>),
    /// The address of the page names this live source; `None`: that is settled.
    Offer(Option<String>),
    /// Nothing is missing any more: the source is looked after.
    StartFeed(u32),
    /// The token of a source, and whether it is to be remembered.
    FeedToken(u32, String, bool),
    /// Look at a source now; one that was stopped goes on.
    AskFeed(u32),
    /// Stop looking at a source.
    PauseFeed(u32),
    /// Forget a source. Its rows stay.
    RemoveFeed(u32),
    /// Something goes wrong in the drill.
    Drill(Mishap),
    /// Stop reading a drop.
    Cancel(u32),
    /// Fetch a file again.
    Retry(FileId),
    /// Show a file's report.
    Choose(FileId),
    /// Columns of a file are corrected.
    Mapping(MappingAction),
    /// All refused rows of a file, please.
    ExportRefused(FileId),
    /// Gives all findings as a file.
    ExportFindings,
    /// The download was taken.
    Downloaded,
    /// The demo shop, if it is the first thing to show, opens in this range.
    DemoRange(TimeRange),
    /// The browser promised to keep what is kept, or did not.
    Persistent(bool),
    /// An alert takes the stage, or it is cleared: rule, warehouse, SKU.
    Stage(Option<[String; 3]>),
    /// Somebody takes on what a rule tells: rule, warehouse, SKU (empty: all of there), who.
    Acknowledge([String; 4]),
    /// Another silence of an alert: rule, warehouse, SKU; `None`: it ends.
    Silence([String; 3], Option<Quiet>),
    /// Asks how long an alert is to be silent.
    AskSilence([String; 3]),
    /// The text of all rules of alerts.
    SetRules(String),
    /// The rules that every shop begins with.
    DefaultRules,
    /// The last change of rules is taken back.
    RulesBack,
    /// These rules are tried on what was, this one of them; no name: no more.
    TryRule(String, String),
    /// Gives the rules as a file.
    ExportRules,
    /// Gives the course of what an alert is about: rule, warehouse, SKU.
    Prove([String; 3]),
    /// Alerts are told aloud in another way.
    Loudness(Box<Loudness>),
    /// What was to be told aloud was taken.
    Announced,
    /// A letter for the webhook, JSON.
    Letter(String),
    /// Letters of the last visit that nobody took, with the time of each.
    Letters(Vec<(i64, String)>),
    /// It is so late: letters that are due are sent.
    Deliver(UtcMillis),
    /// What was remembered of alerts at the last visit, when that was, and what time it is.
    Recall(Vec<Past>, Option<Visit>, UtcMillis),
    /// What comes is told against this visit, from now on; `None`: the digest was read.
    Leave(Option<Visit>, UtcMillis),
    /// The last import is taken back.
    Undo,
    /// The first import that was taken back is done again.
    Redo,
    /// All rows go.
    Forget,
    /// Another screen.
    Screen(Screen),
    /// Another dialog, or none.
    Dialog(Option<Dialog>),
    /// Files hang over the page, or no longer.
    Dragging(Option<u32>),
    /// Escape: closes what is open, else clears the filters.
    Escape,
}

/// Changes `state` by `action`; what the engine has to hear comes back.
pub fn reduce(state: &mut State, action: Action) -> Vec<Command> {
    match action {
        Action::Engine(event) => return hear(state, event),
        Action::EngineFailed(words) => state.engine = EngineState::Failed(words),
        Action::Toggle(dim, key) => {
            let set = state.view.filters.entry(dim).or_default();
            if !set.keys.remove(&key) {
                set.keys.insert(key);
            }
            if set.keys.is_empty() {
                state.view.filters.remove(&dim);
            }
            return show(state);
        }
        Action::Flip(dim) => {
            if let Some(set) = state.view.filters.get_mut(&dim) {
                set.exclude = !set.exclude;
            }
            return show(state);
        }
        Action::ClearDim(dim) => {
            state.view.filters.remove(&dim);
            return show(state);
        }
        Action::ClearAll => return clear(state),
        Action::Time(time) => {
            state.view.time = time;
            state.view.grain = None;
            return show(state);
        }
        Action::Grain(grain) => {
            state.view.grain = grain;
            return show(state);
        }
        Action::Measure(measure) => {
            state.view.measure = measure;
            return show(state);
        }
        Action::Currency(currency) => {
            state.view.currency = Some(currency);
            return show(state);
        }
        Action::Lang(lang) => {
            state.preferences.lang = lang;
            state.parameters.retain(|(name, _)| name != "lang");
        }
        Action::Theme(theme) => {
            state.preferences.theme = theme;
            state.parameters.retain(|(name, _)| name != "theme");
        }
        Action::Zone(zone) => {
            state.preferences.settings.zone = zone;
            return vec![Command::Configure(state.preferences.settings.clone())];
        }
        Action::DayStarts(minutes) => {
            state.preferences.settings.day_starts = minutes;
            return vec![Command::Configure(state.preferences.settings.clone())];
        }
        Action::DefaultCurrency(currency) => {
            state.preferences.settings.currency = currency;
            return vec![Command::Configure(state.preferences.settings.clone())];
        }
        Action::Title(title) => state.title = Some(title),
        Action::ManifestBad(error) => state.manifest_error = Some(error),
        Action::Files(files) => {
            // Real rows end what is only rehearsed.
            let mut commands = state.end_drill();
            commands.extend(import(state, files));
            return commands;
        }
        Action::Drill(mishap) => return vec![Command::Drill(mishap)],
        Action::Offer(url) => {
            if url.is_some() {
                state.dialog = Some(Dialog::Sources);
            }
            state.offered = url;
        }
        Action::AddFeed(feed) => return state.add_feed(*feed),
        Action::StartFeed(id) => return state.tell_feed(id),
        Action::FeedToken(id, token, remember) => {
            if let Some(feed) = state.feed_mut(id)
                && let FeedPlace::Address(_, Some((_, secret))) = &mut feed.plan.place
            {
                *secret = Secret(token);
                (feed.plan.remember, feed.status.problem) = (remember, None);
                return state.tell_feed(id);
            }
        }
        Action::AskFeed(id) => {
            return match state.feed(id) {
                // It was stopped before the page was loaded anew.
                Some(feed) if !feed.is_told => state.tell_feed(id),
                _ => vec![Command::AskFeed(id)],
            };
        }
        Action::PauseFeed(id) => {
            if let Some(feed) = state.feed_mut(id) {
                feed.status.is_paused = true;
            }
            return vec![Command::PauseFeed(id)];
        }
        Action::RemoveFeed(id) if state.drill() == Some(id) => return state.end_drill(),
        Action::RemoveFeed(id) => {
            return state.remove_feed(|feed| feed.plan.id == id);
        }
        Action::Cancel(batch) => return vec![Command::Cancel { batch }],
        Action::Retry(id) => {
            // A file is fetched as a whole: its other parts come again.
            let id = id.with_part(0);
            let is_part = |other: &FileId| other.part > 0 && other.with_part(0) == id;
            state.files.retain(|other, _| !is_part(other));
            if let Some(file) = state.files.get_mut(&id) {
                return vec![file.again(id)];
            }
        }
        Action::Choose(id) => {
            state.chosen = Some(id);
            state.mapping = state.mapping.take().filter(|draft| draft.id == id);
        }
        Action::Mapping(action) => return reduce_mapping(state, action),
        Action::ExportRefused(id) => return vec![Command::ExportRefused(id)],
        Action::ExportFindings => return vec![Command::ExportFindings],
        Action::Downloaded => state.download = None,
        Action::DemoRange(range) => state.demo_range = Some(range),
        Action::Persistent(promised) => state.kept.persistent = Some(promised),
        Action::Stage(subject) => state.alerts.put(subject),
        Action::Acknowledge([rule, warehouse, sku, owner]) => {
            return vec![Command::Acknowledge {
                rule,
                warehouse,
                sku,
                owner,
            }];
        }
        Action::Silence([rule, warehouse, sku], quiet) => {
            return vec![Command::Silence {
                rule,
                warehouse,
                sku,
                quiet,
            }];
        }
        Action::AskSilence(subject) => {
            state.alerts.asked = Some(subject);
            state.dialog = Some(Dialog::Silence);
        }
        Action::SetRules(text) => return vec![Command::Rules(Some(text))],
        Action::DefaultRules => return vec![Command::Rules(Some(String::new()))],
        Action::RulesBack => return state.rules.back(),
        Action::TryRule(_, rule) if rule.is_empty() => return state.rules.leave(),
        Action::TryRule(text, rule) => return state.rules.try_on(text, rule),
        Action::ExportRules => {
            let text = state.rules.view.as_ref().map(|view| write_rules(&view.text));
            state.download = text.map(|text| ("stockpit-rules.txt".to_owned(), text));
        }
        Action::Prove(subject) => return vec![Command::Prove(subject)],
        Action::Loudness(loudness) => state.loudness = *loudness,
        Action::Announced => state.pushed = Default::default(),
        Action::Letter(body) => state.outbox.put(body),
        Action::Letters(kept) => state.outbox.recall(kept),
        Action::Deliver(now) => {
            return state.outbox.due(&state.loudness, now);
        }
        Action::Recall(alerts, visit, now) => state.past.recall(alerts, visit, now),
        Action::Leave(visit, now) => state.past.leave(visit, now),
        Action::Undo if state.steps.iter().any(|step| step.stands) => {
            return vec![Command::Undo, Command::Check];
        }
        Action::Redo if state.steps.iter().any(|step| !step.stands) => {
            return vec![Command::Redo, Command::Check];
        }
        Action::Undo | Action::Redo => {}
        Action::Forget => {
            state.dialog = None;
            let mut commands = state.remove_feed(|_| true);
            commands.push(Command::Forget);
            return commands;
        }
        Action::Screen(screen) => {
            (state.screen, state.dialog) = (screen, None);
            if screen == Screen::Import {
                return vec![Command::Check];
            }
        }
        Action::Dialog(dialog) => {
            state.dialog = dialog;
            if dialog == Some(Dialog::Rules) {
                return vec![Command::Rules(None)];
            }
        }
        Action::Dragging(count) => state.dragging = count,
        Action::Escape => {
            if state.dialog.take().is_some() {
                return Vec::new();
            }
            if state.screen != Screen::Cockpit {
                state.screen = Screen::Cockpit;
                return Vec::new();
            }
            if state.alerts.on_stage().is_some() {
                state.alerts.put(None);
                return Vec::new();
            }
            return clear(state);
        }
    }
    Vec::new()
}

fn hear(state: &mut State, event: Event) -> Vec<Command> {
    match event {
        Event::Ready => state.engine = EngineState::Running,
        Event::Progress {
            id,
            bytes,
            rows,
            total,
        } => {
            if let Some(file) = part(state, id) {
                (file.state, file.bytes, file.rows) = (FileState::Reading, bytes, rows);
                file.size = file.size.max(total);
            }
        }
        Event::Report { id, report } => {
            let needs_mapping = report.state == FileState::NeedsMapping;
            let has_rows = report.accepted + report.duplicate > 0;
            // The steps are told before the report.
            let step = state
                .steps
                .iter()
                .rev()
                .find(|step| step.stands)
                .map(|step| step.id);
            if let Some(file) = part(state, id) {
                (file.state, file.rows) = (report.state, report.rows);
                file.size = file.size.max(report.size);
                file.report = Some(Arc::from(report));
                file.step = step.filter(|_| has_rows).map(|step| (step, true));
            }
            if state.feed(id.batch).is_some() {
                // It came by itself: it neither turns the page that the user reads, nor has all rows looked at
                // for nobody.
                let is_watched = state.screen == Screen::Import && !state.is_reading();
                return is_watched.then_some(Command::Check).into_iter().collect();
            }
            // Shows the report of the first file of the drop that ended, unless the user chose one.
            state.chosen = state
                .chosen
                .filter(|chosen| chosen.batch == id.batch)
                .or(Some(id));
            let mut commands = Vec::new();
            if needs_mapping && state.mapping.is_none() {
                commands.extend(reduce_mapping(state, MappingAction::Open(id)));
            }
            // After the last file, once: it looks at all rows.
            if !state.is_reading() {
                commands.push(Command::Check);
            }
            return commands;
        }
        Event::Rules(view) => state.hear_rules(*view),
        Event::Tried(trial) => return state.rules.tried(*trial),
        Event::Checked(findings) => state.findings = Arc::from(findings),
        Event::Headline { request, headline } => {
            if let Some(cockpit) = state.cockpit.as_mut().filter(|_| request == state.request) {
                Arc::make_mut(cockpit).lead(*headline);
                state.headlines = state.headlines.wrapping_add(1);
            }
        }
        Event::Cockpit { request, cockpit } => {
            if request != state.request {
                return Vec::new();
            }
            state.pending = false;
            let was_demo = state
                .cockpit
                .as_ref()
                .is_some_and(|old| old.source == DataSource::Demo);
            let first_own = was_demo && cockpit.source == DataSource::Files;
            if let Some(range) = state
                .demo_range
                .take()
                .filter(|_| cockpit.source == DataSource::Demo)
            {
                state.view.time = range;
            }
            state.cockpit = Some(Arc::from(cockpit));
            state.screens = state.screens.wrapping_add(1);
            if first_own {
                // The demo's day and filters mean nothing in one's own data.
                state.view = crate::protocol::View {
                    measure: state.view.measure,
                    ..Default::default()
                };
                return show(state);
            }
        }
        Event::Feed(status) => {
            if let Some(feed) = state.feed_mut(status.id) {
                feed.hear(*status);
            }
        }
        Event::Follow(plan) => return state.follow_too(*plan),
        Event::Unfollow(url) => return state.remove_feed(|feed| feed.address() == Some(&url)),
        Event::Kept(kept) => state.kept = *kept,
        Event::Steps(steps) => {
            state.steps = steps;
            state.follow_steps();
        }
        Event::Preview { id, request, preview } => return seen(state, id, request, preview),
        Event::Forgotten => state.is_forgotten = true,
        Event::Alerts(alerts) => {
            state.past.hear(&alerts);
            let pushed = &mut state.pushed[usize::from(!alerts.is_own())];
            // Nobody may be there to take it.
            let room = PUSHED.saturating_sub(pushed.len());
            pushed.extend(alerts.pushed.iter().take(room).cloned());
            state.alerts.hear(*alerts);
        }
        Event::Proof { subject, course } => {
            state.proof = course.map(|course| (subject, Arc::from(course)));
        }
        Event::Posted { id, problem } => state.outbox.answered(id, problem),
        Event::Download { name, text } => state.download = Some((name, text)),
    }
    Vec::new()
}

/// The entry of a part of a file: the parts behind the first turn up as they are read, and so do the files of a
/// source.
fn part(state: &mut State, id: FileId) -> Option<&mut FileEntry> {
    let (name, size, url) = match (state.files.get(&id.with_part(0)), state.feed(id.batch)) {
        (Some(whole), _) => (whole.name.clone(), whole.size, whole.url.clone()),
        (None, Some(feed)) => (feed.plan.name.clone(), 0, None),
        (None, None) => return None,
    };
    let entry = FileEntry {
        name,
        size,
        url,
        state: FileState::Reading,
        bytes: 0,
        rows: 0,
        report: None,
        step: None,
    };
    Some(state.files.entry(id).or_insert(entry))
}

pub(super) fn show(state: &mut State) -> Vec<Command> {
    state.request = state.request.wrapping_add(1);
    state.pending = true;
    vec![Command::Show {
        view: state.view.clone(),
        request: state.request,
    }]
}

fn clear(state: &mut State) -> Vec<Command> {
    if state.view.filters.is_empty() && !matches!(state.view.time, TimeRange::Span(_)) {
        return Vec::new();
    }
    state.view.filters.clear();
    if matches!(state.view.time, TimeRange::Span(_)) {
        state.view.time = TimeRange::All;
    }
    show(state)
}

fn import(state: &mut State, files: Vec<(FileId, String, u64, Option<String>)>) -> Vec<Command> {
    if files.is_empty() {
        return Vec::new();
    }
    (state.dragging, state.chosen, state.dialog) = (None, None, None);
    // Exports that lie beside the page open straight into the cockpit; a drop shows its report.
    if files.iter().any(|(_, _, _, url)| url.is_none()) {
        state.screen = Screen::Import;
    }
    let mut commands = Vec::new();
    for (id, name, size, url) in files {
        let entry = FileEntry {
            name: name.clone(),
            size,
            url: url.clone(),
            state: FileState::Queued,
            bytes: 0,
            rows: 0,
            report: None,
            step: None,
        };
        state.files.insert(id, entry);
        commands.push(Command::Import { id, name, size, url });
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{AlertLine, AlertView, KeySet, Severity};

    fn cockpit(source: DataSource) -> Event {
        let mut engine = crate::engine::Engine::new();
        let events = engine.apply(Command::Tick, crate::time::UtcMillis(0));
        assert!(events.is_empty());
        let open = Command::Open {
            settings: Default::default(),
            view: Default::default(),
            request: 0,
            demo: None,
        };
        let Some(Event::Cockpit { mut cockpit, .. }) = engine.apply(open, crate::time::UtcMillis(0)).pop()
        else {
            panic!("an opened engine shows a cockpit")
        };
        cockpit.source = source;
        Event::Cockpit { request: 0, cockpit }
    }

    #[test]
    fn clicks_make_and_unmake_clauses() {
        let mut state = State::default();
        let asked = reduce(&mut state, Action::Toggle(Dim::Channel, "抖音".to_owned()));
        assert!(matches!(asked.as_slice(), [Command::Show { request: 1, .. }]));
        reduce(&mut state, Action::Flip(Dim::Channel));
        let expect = KeySet {
            keys: ["抖音".to_owned()].into(),
            exclude: true,
            ..KeySet::default()
        };
        assert_eq!(state.view.filters.get(&Dim::Channel), Some(&expect));
        reduce(&mut state, Action::Toggle(Dim::Channel, "抖音".to_owned()));
        assert!(state.view.filters.is_empty());
        assert!(reduce(&mut state, Action::ClearAll).is_empty());
    }

    #[test]
    fn parts_turn_up_as_they_are_read_and_go_when_the_file_is_fetched_again() {
        let mut state = State::default();
        let id = FileId::whole(0, 0);
        let url = Some("https://shop.example/export.zip".to_owned());
        reduce(
            &mut state,
            Action::Files(vec![(id, "export.zip".to_owned(), 9, url.clone())]),
        );
        let shown = |state: &State| -> Vec<String> {
            let line = |file: &FileEntry| format!("{} {}", file.shown_name(), file.state.id());
            state.files.values().map(line).collect()
        };
        for (part, name) in [(0, "export.zip › a.csv"), (1, "export.zip › b.csv")] {
            let id = id.with_part(part);
            let (bytes, total, rows) = (3, 9, 1);
            reduce(
                &mut state,
                Action::Engine(Event::Progress {
                    id,
                    bytes,
                    total,
                    rows,
                }),
            );
            assert_eq!(
                shown(&state).last().map(String::as_str),
                Some("export.zip reading")
            );
            let report = crate::ingest::unread(name, 3, crate::protocol::Problem::NoRows);
            reduce(&mut state, Action::Engine(Event::Report { id, report }));
        }
        assert_eq!(
            shown(&state),
            ["export.zip › a.csv failed", "export.zip › b.csv failed"]
        );
        let asked = reduce(&mut state, Action::Retry(id.with_part(1)));
        assert!(
            matches!(asked.as_slice(), [Command::Import { id: again, name, .. }] if *again == id && name == "export.zip"),
            "{asked:?}"
        );
        assert_eq!(shown(&state), ["export.zip queued"]);
        let strange = FileId::whole(7, 7);
        let report = crate::ingest::unread("x", 3, crate::protocol::Problem::NoRows);
        reduce(&mut state, Action::Engine(Event::Report { id: strange, report }));
        assert_eq!(shown(&state).len(), 1, "a file that nobody asked for");
    }

    #[test]
    fn answers_to_old_requests_are_dropped() {
        let mut state = State::default();
        reduce(&mut state, Action::Measure(Measure::Units));
        reduce(&mut state, Action::Engine(cockpit(DataSource::Demo)));
        assert_eq!(state.cockpit, None);
    }

    #[test]
    fn numbers_of_the_last_request_stand_before_their_screen() {
        let Event::Cockpit { cockpit: screen, .. } = cockpit(DataSource::Files) else {
            panic!("a cockpit")
        };
        let headline = |request: u32| {
            let mut headline = screen.headline();
            headline.currency = "INR".to_owned();
            headline.out_with_demand = 7;
            let headline = Box::new(headline);
            Action::Engine(Event::Headline { request, headline })
        };
        let mut state = State::default();
        reduce(&mut state, headline(0));
        assert_eq!(
            (state.cockpit.clone(), state.headlines),
            (None, 0),
            "no screen yet"
        );
        reduce(&mut state, Action::Engine(cockpit(DataSource::Files)));
        reduce(&mut state, Action::Toggle(Dim::Channel, "抖音".to_owned()));
        reduce(&mut state, headline(0));
        assert_eq!(state.headlines, 0, "of an old request");
        reduce(&mut state, headline(1));
        let mut expect = (*screen).clone();
        (expect.currency, expect.stock.out_with_demand) = ("INR".to_owned(), 7);
        assert_eq!(state.cockpit.as_deref(), Some(&expect));
        assert_eq!((state.headlines, state.screens, state.pending), (1, 1, true));
    }

    #[test]
    fn what_a_simulated_shop_tells_is_neither_sent_nor_remembered() {
        let line = AlertLine {
            severity: Severity::P1,
            ..AlertLine::default()
        };
        for (record, pushed, remembered) in [(None, [0, 1], 0), (Some("{}".to_owned()), [1, 0], 1)] {
            let mut state = State::default();
            let view = AlertView {
                lines: vec![line.clone()],
                pushed: vec![line.clone()],
                record,
                ..AlertView::default()
            };
            reduce(&mut state, Action::Engine(Event::Alerts(Box::new(view))));
            assert_eq!(state.pushed.each_ref().map(Vec::len), pushed);
            assert_eq!(state.past.alerts.len(), remembered);
        }
    }

    #[test]
    fn the_first_own_rows_leave_the_demos_day() {
        let mut state = State::default();
        state.view.time = TimeRange::LastDay;
        reduce(&mut state, Action::Engine(cockpit(DataSource::Demo)));
        let asked = reduce(&mut state, Action::Engine(cockpit(DataSource::Files)));
        assert_eq!((state.view.time, asked.len()), (TimeRange::All, 1));
    }

    #[test]
    fn the_demos_range_is_for_the_demo_only() {
        for (source, expect) in [
            (DataSource::Demo, TimeRange::LastDay),
            (DataSource::Files, TimeRange::All),
        ] {
            let mut state = State::default();
            reduce(&mut state, Action::DemoRange(TimeRange::LastDay));
            reduce(&mut state, Action::Engine(cockpit(source)));
            assert_eq!(state.view.time, expect, "{source:?}");
        }
    }

    #[test]
    fn escape_closes_before_it_clears() {
        let mut state = State::default();
        reduce(&mut state, Action::Toggle(Dim::Sku, "A".to_owned()));
        reduce(&mut state, Action::Screen(Screen::Import));
        reduce(&mut state, Action::Dialog(Some(Dialog::Settings)));
        reduce(&mut state, Action::Escape);
        assert_eq!((state.dialog, state.screen), (None, Screen::Import));
        reduce(&mut state, Action::Escape);
        assert_eq!((state.screen, state.view.filters.len()), (Screen::Cockpit, 1));
        reduce(&mut state, Action::Escape);
        assert!(state.view.filters.is_empty());
    }
}
