//! All rules and where they stand.

use super::Subject;
use super::incident::{Incident, Push};
use super::instance::{Ack, Instance, Key, Phase};
use super::metric::Values;
use super::rule::{DEFAULTS, Rule, lead_days, parse};
use crate::arrange::arrange;
use crate::protocol::{RuleFault, RuleWhy, Severity};
use crate::time::UtcMillis;

/// Evaluations without a word of a subject after which its alert ends: the goods are not listed any more.
const MISSES: u32 = 2;
/// Changes that are remembered.
const LOGGED: usize = 1_000;
const HOUR: i64 = 3_600_000;
/// What is well so long is forgotten, with its memory of flapping.
const WELL: i64 = 6 * HOUR;
/// What comes back within so long of its end is no news.
const NO_NEWS: i64 = HOUR;

/// An alert went from one phase to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// When.
    pub at: UtcMillis,
    /// Which.
    pub key: Key,
    /// From where.
    pub from: Phase,
    /// To where.
    pub to: Phase,
    /// The value that did it; NaN: there was no word of it any more.
    pub value: f64,
}

/// Alerts of what matches it are not pushed until a time, or until they are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Place of the rule in the list; `None`: any.
    pub rule: Option<u32>,
    /// The goods; 0: any.
    pub good: u32,
    /// The place; 0: any.
    pub place: u32,
    /// Until when; seven days at most.
    pub until: UtcMillis,
    /// It ends before, once nothing stands that it covers.
    pub until_over: bool,
}

impl Silence {
    fn covers(&self, key: Key) -> bool {
        let is = |asked: u32, is: u32| asked == 0 || asked == is;
        self.rule.is_none_or(|rule| rule == key.rule) && is(self.place, key.place) && is(self.good, key.good)
    }
}

/// Rules, the state of each for each of its subjects, and what was told of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alerts {
    pub(super) text: String,
    pub(super) rules: Vec<Rule>,
    /// By key.
    pub(super) states: Vec<Instance>,
    incidents: Vec<Incident>,
    pub(super) silences: Vec<Silence>,
    pub(super) log: Vec<Change>,
    /// Of the evaluation under way: its time, whether it is live, and how many states there were before.
    now: UtcMillis,
    is_live: bool,
    known: usize,
    changes: Vec<Change>,
}

impl Alerts {
    /// The default rules, by which nothing was evaluated yet.
    pub fn new() -> Self {
        let mut alerts = Self::default();
        // They are rules: a test says so.
        let _ = alerts.set_rules(DEFAULTS);
        alerts
    }

    /// The rules as they were written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Days until what is ordered now is there, as the rules have it.
    pub fn lead_days(&self) -> f64 {
        lead_days(&self.text)
    }

    /// The rules, in their order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Changes the rules. What stood by a rule that is gone or off ends; where only numbers of it changed it stays.
    ///
    /// # Errors
    /// The text is none of rules, or of no rule; nothing changes.
    pub fn set_rules(&mut self, text: &str) -> Result<(), RuleFault> {
        let rules = parse(text)?;
        if rules.is_empty() {
            // A file that is none is no reason to watch nothing.
            return Err(RuleFault {
                line: 1,
                column: 1,
                part: String::new(),
                why: RuleWhy::Line,
            });
        }
        let moved = |old: u32| {
            let id = &self.rules.get(old as usize)?.id;
            let at = rules.iter().position(|rule| rule.id == *id && rule.is_on)?;
            u32::try_from(at).ok()
        };
        // One by one: what is gone stays nowhere.
        let mut states = Vec::new();
        for mut state in self.states.drain(..) {
            if let Some(rule) = moved(state.key.rule) {
                state.key.rule = rule;
                states.push(state);
            }
        }
        self.silences.retain_mut(|silence| match silence.rule {
            None => true,
            Some(rule) => {
                silence.rule = moved(rule);
                silence.rule.is_some()
            }
        });
        self.log.retain_mut(|change| match moved(change.key.rule) {
            Some(rule) => {
                change.key.rule = rule;
                true
            }
            None => false,
        });
        self.incidents.clear();
        (self.rules, self.states, self.text) = (rules, states, text.to_owned());
        self.sort();
        Ok(())
    }

    /// Only the rule `id` is evaluated from now on, also if it was off; whether there is one.
    pub fn only(&mut self, id: &str) -> bool {
        self.rules.iter_mut().for_each(|rule| rule.is_on = rule.id == id);
        self.rules.iter().any(|rule| rule.is_on)
    }

    /// Forgets all but the rules.
    pub fn forget(&mut self) {
        self.states.clear();
        self.incidents.clear();
        self.silences.clear();
        self.log.clear();
    }

    /// Takes up states of an earlier time, instead of all there are.
    pub fn restore(&mut self, states: Vec<Instance>) {
        self.forget();
        self.states = states;
        self.sort();
        // One each: a record is a file, and a file may say anything.
        self.states.dedup_by_key(|state| state.key);
    }

    /// Begins an evaluation at `now`. `is_live`: values come as things happen.
    pub fn begin(&mut self, now: UtcMillis, is_live: bool) {
        (self.now, self.is_live, self.known) = (now, is_live, self.states.len());
        self.states.iter_mut().for_each(|state| state.missed += 1);
        self.silences.retain(|silence| silence.until > now);
        // Also of what nothing is known of.
        for state in &mut self.states {
            state.ack = state.ack.filter(|ack| now < ack.until);
        }
    }

    /// What was read of a subject, each subject once an evaluation.
    pub fn read(&mut self, subject: Subject, values: &Values) {
        let (now, is_live) = (self.now, self.is_live);
        for (at, rule) in (0_u32..).zip(&self.rules) {
            if rule.level != subject.level || !rule.is_on {
                continue;
            }
            let key = Key {
                rule: at,
                good: subject.good,
                place: subject.place,
            };
            let holds = rule.fires.holds(values);
            let known = self.states.get(..self.known).unwrap_or_default();
            let mut place = find(known, key);
            // Most subjects are well, and need no state.
            if place.is_none() && holds == Some(true) {
                place = Some(self.states.len());
                self.states.push(Instance::new(key, now, rule.severity));
            }
            let Some(state) = place.and_then(|place| self.states.get_mut(place)) else {
                continue;
            };
            let from = state.phase;
            state.step(rule, values, holds, is_live, now);
            if from != state.phase {
                self.changes.push(Change {
                    at: now,
                    key,
                    from,
                    to: state.phase,
                    value: state.value,
                });
            }
        }
    }

    /// Whether people are told anything of `subject`, as far as this evaluation has come.
    pub fn is_told_of(&self, subject: Subject) -> bool {
        let is_of = |state: &&Instance| (state.key.good, state.key.place) == (subject.good, subject.place);
        let level = |state: &Instance| self.rules.get(state.key.rule as usize).map(|rule| rule.level);
        let mut told = self
            .states
            .iter()
            .filter(is_of)
            .filter(|state| state.phase.is_told());
        told.any(|state| level(state) == Some(subject.level))
    }

    /// Ends the evaluation: what changed, and what is to be pushed.
    pub fn end(&mut self) -> (Vec<Change>, Vec<Push>) {
        let now = self.now;
        for state in &mut self.states {
            if state.missed >= MISSES && state.phase != Phase::Normal {
                self.changes.push(Change {
                    at: now,
                    key: state.key,
                    from: state.phase,
                    to: Phase::Normal,
                    value: f64::NAN,
                });
                state.turn(Phase::Normal, now);
            }
        }
        let is_well = |state: &Instance| {
            let is_idle = !state.is_flapping || state.missed >= MISSES;
            state.phase == Phase::Normal && is_idle && now.0 - state.since.0 > WELL
        };
        self.states.retain(|state| !is_well(state));
        self.sort();
        let states = &self.states;
        let stands = |silence: &Silence| {
            let mut covered = states.iter().filter(|state| silence.covers(state.key));
            covered.any(|state| state.phase != Phase::Normal)
        };
        self.silences
            .retain(|silence| !silence.until_over || stands(silence));
        self.mute();
        let pushes = self.group();
        let changes = std::mem::take(&mut self.changes);
        self.log.extend_from_slice(&changes);
        let excess = self.log.len().saturating_sub(LOGGED);
        self.log.drain(..excess);
        (changes, pushes)
    }

    /// The last changes, oldest first.
    pub fn log(&self) -> &[Change] {
        &self.log
    }

    /// All states, by key.
    pub fn states(&self) -> &[Instance] {
        &self.states
    }

    /// How one alert stands.
    pub fn state(&self, key: Key) -> Option<&Instance> {
        self.states.get(find(&self.states, key)?)
    }

    /// What is told of, the worst first: by severity, money at risk, and age.
    pub fn told(&self) -> Vec<&Instance> {
        let mut told: Vec<&Instance> = self.states.iter().filter(|state| state.is_told()).collect();
        arrange(&mut told, |a, b| {
            let risk = |told: &Instance| if told.at_risk.is_nan() { 0.0 } else { told.at_risk };
            (a.severity.cmp(&b.severity))
                .then(risk(b).total_cmp(&risk(a)))
                .then(a.fired_at.cmp(&b.fired_at))
        });
        told
    }

    /// The alerts that are told of, gathered by rule and place.
    pub fn incidents(&self) -> &[Incident] {
        &self.incidents
    }

    /// Somebody takes on what a rule tells of `place`, of one good or of all (0), or of one good in all places (0): it stays, and is pushed no more until
    /// that runs out (P1: 2 h, else 24 h) or it gets worse. How many alerts these are.
    pub fn acknowledge(&mut self, rule: u32, good: u32, place: u32, owner: u32, now: UtcMillis) -> usize {
        let mut taken = 0;
        for state in &mut self.states {
            let Key {
                rule: of,
                good: whose,
                place: at,
            } = state.key;
            let is_there = at == place || place == 0 && good != 0;
            if !state.is_told() || of != rule || !is_there || good != 0 && good != whose {
                continue;
            }
            let lasts = if state.severity == Severity::P1 { 2 } else { 24 };
            state.ack = Some(Ack {
                owner,
                until: now.plus(lasts * HOUR),
                severity: state.severity,
                value: state.value,
            });
            taken += 1;
        }
        taken
    }

    /// Pushes nothing of what `silence` covers, for seven days at most; it is shown all the same. An earlier one of
    /// the same gives way.
    pub fn silence(&mut self, mut silence: Silence, now: UtcMillis) {
        self.end_silence(silence.rule, silence.good, silence.place);
        silence.until = silence.until.min(now.plus(7 * 24 * HOUR));
        self.silences.push(silence);
    }

    /// What a silence of just this covered is pushed again.
    pub fn end_silence(&mut self, rule: Option<u32>, good: u32, place: u32) {
        self.silences
            .retain(|silence| (silence.rule, silence.good, silence.place) != (rule, good, place));
    }

    /// The silences in force, oldest first.
    pub fn silences(&self) -> &[Silence] {
        &self.silences
    }

    /// Whether it is not pushed at all.
    pub fn is_silent(&self, key: Key) -> bool {
        self.silences.iter().any(|silence| silence.covers(key))
    }

    pub(super) fn sort(&mut self) {
        if !self.states.is_sorted_by_key(|state| state.key) {
            arrange(&mut self.states, |a, b| a.key.cmp(&b.key));
        }
    }

    /// Where one rule says more than another, the other one says nothing (DOMAIN §2, inhibition): of equal goods, in
    /// the same place, or where one of them is of all places.
    fn mute(&mut self) {
        let mut muted = Vec::new();
        for state in self.states.iter().filter(|state| state.phase.is_told()) {
            let Key { good, place, .. } = state.key;
            let mutes = self.rules.get(state.key.rule as usize).map(|rule| &rule.mutes);
            // Without goods it would be said of all of them.
            for &rule in mutes.into_iter().flatten().filter(|_| good != 0) {
                let first = Key { rule, good, place: 0 };
                let from = self.states.partition_point(|other| other.key < first);
                let of_both = |other: &&Instance| (other.key.rule, other.key.good) == (rule, good);
                let others = self.states.iter().skip(from).take_while(of_both);
                let is_there =
                    |other: &&Instance| place == 0 || other.key.place == 0 || other.key.place == place;
                muted.extend(others.filter(is_there).map(|other| other.key));
            }
        }
        self.states.iter_mut().for_each(|state| state.is_muted = false);
        for key in muted {
            if let Some(state) = find(&self.states, key).and_then(|at| self.states.get_mut(at)) {
                state.is_muted = true;
            }
        }
    }

    /// Gathers what is told into incidents.
    fn group(&mut self) -> Vec<Push> {
        let now = self.now;
        self.incidents.iter_mut().for_each(Incident::begin);
        let (silences, incidents) = (&self.silences, &mut self.incidents);
        let mut quiet = Vec::new();
        for state in &mut self.states {
            let is_told = state.is_told();
            let is_silent = silences.iter().any(|silence| silence.covers(state.key));
            // What is for the weekly list is never pushed, nor what comes and goes, nor what is not known now.
            let is_quiet = state.ack.is_some()
                || is_silent
                || state.is_flapping
                || state.is_blind
                || state.severity == Severity::P3;
            quiet.push(is_quiet);
            if !is_told {
                if now.0 - state.told_at.0 > NO_NEWS {
                    state.pushed = None;
                }
                continue;
            }
            state.told_at = now;
            let at = place_of(incidents, state.key).unwrap_or_else(|| {
                incidents.push(Incident::new(state.key.rule, state.key.place, now));
                incidents.len() - 1
            });
            if let Some(incident) = incidents.get_mut(at) {
                incident.take(state, is_quiet);
            }
        }
        incidents.retain(|incident| incident.count > 0);
        let pushes: Vec<Option<Push>> = incidents.iter_mut().map(|incident| incident.push(now)).collect();
        for (state, is_quiet) in self.states.iter_mut().zip(quiet) {
            let is_pushed =
                place_of(incidents, state.key).is_some_and(|at| matches!(pushes.get(at), Some(Some(_))));
            if is_pushed && !is_quiet && state.is_told() {
                state.pushed = Some(state.severity);
            }
        }
        pushes.into_iter().flatten().collect()
    }
}

fn find(states: &[Instance], key: Key) -> Option<usize> {
    let at = states.partition_point(|state| state.key < key);
    states.get(at).filter(|state| state.key == key).map(|_| at)
}

fn place_of(incidents: &[Incident], key: Key) -> Option<usize> {
    let is_of = |incident: &Incident| (incident.rule, incident.place) == (key.rule, key.place);
    incidents.iter().position(is_of)
}

#[cfg(test)]
#[path = "alerts_tests.rs"]
mod tests;
