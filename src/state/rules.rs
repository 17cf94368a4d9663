//! Rules of alerts: those that hold, the way back, and their text in parts.

use super::State;
use crate::protocol::{Command, RuleFault, RulesView, Trial};
use std::sync::Arc;

/// How a file of rules begins.
const HEAD: &str = "# stockpit rules";
/// Changes that can be taken back.
const MOST: usize = 50;

/// Rules as the page knows them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// Those that hold, once they were asked for.
    pub view: Option<Arc<RulesView>>,
    /// Those that held before, the last ones last.
    pub before: Vec<String>,
    /// The way back is being gone.
    is_back: bool,
    /// How the rule that is being edited would have fared.
    pub trial: Option<Arc<Trial>>,
    /// Number of the last trial.
    request: u32,
    /// Whether its answer is still to come.
    is_trying: bool,
    /// What is to be tried next: the text of all rules, and which of them.
    next: Option<(String, String)>,
}

impl Rules {
    /// What is wrong with the last text, if anything is.
    pub fn fault(&self) -> Option<&RuleFault> {
        self.view.as_ref()?.fault.as_ref()
    }

    /// Rules `text` are to be tried on what was, `rule` of them.
    pub(super) fn try_on(&mut self, text: String, rule: String) -> Vec<Command> {
        self.next = Some((text, rule));
        if self.is_trying { Vec::new() } else { self.go_on() }
    }

    /// One at a time: what changes faster than it is answered is tried as it stands then.
    fn go_on(&mut self) -> Vec<Command> {
        let Some((text, rule)) = self.next.take() else {
            self.is_trying = false;
            return Vec::new();
        };
        (self.request, self.is_trying) = (self.request.wrapping_add(1), true);
        let request = self.request;
        vec![Command::Try { text, rule, request }]
    }

    /// More of the trial is known.
    pub(super) fn tried(&mut self, trial: Trial) -> Vec<Command> {
        if trial.request != self.request {
            return Vec::new();
        }
        let is_over = trial.is_over();
        self.trial = Some(Arc::new(trial));
        if is_over { self.go_on() } else { Vec::new() }
    }

    /// Nothing is being edited any more.
    pub(super) fn leave(&mut self) -> Vec<Command> {
        (self.trial, self.next, self.is_trying) = (None, None, false);
        self.request = self.request.wrapping_add(1);
        let request = self.request;
        // Nothing is left to be tried.
        let (text, rule) = (String::new(), String::new());
        vec![Command::Try { text, rule, request }]
    }

    /// The last change is to be taken back.
    pub(super) fn back(&mut self) -> Vec<Command> {
        let before = self.before.pop();
        self.is_back = before.is_some();
        let ask = |before| Command::Rules(Some(before));
        before.map(ask).into_iter().collect()
    }
}

impl State {
    /// The engine said which rules hold.
    pub(super) fn hear_rules(&mut self, view: RulesView) {
        let is_back = std::mem::take(&mut self.rules.is_back);
        if view.fault.is_none() {
            let own = if view.is_default { "" } else { &view.text };
            own.clone_into(&mut self.preferences.settings.rules);
        }
        let old = self.rules.view.replace(Arc::new(view));
        let is_new = |old: &Arc<RulesView>| self.rules.view.as_ref().is_some_and(|new| new.text != old.text);
        if let Some(old) = old.filter(|old| !is_back && is_new(old)) {
            self.rules.before.push(old.text.clone());
            let excess = self.rules.before.len().saturating_sub(MOST);
            self.rules.before.drain(..excess);
        }
    }
}

/// Whether `text` is the beginning of a file of rules.
pub fn is_rules(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').starts_with(HEAD)
}

/// The rules of a file.
pub fn read_rules(text: &str) -> String {
    text.trim_start_matches('\u{feff}').to_owned()
}

/// Rules as a file.
pub fn write_rules(text: &str) -> String {
    if is_rules(text) {
        text.to_owned()
    } else {
        format!("{HEAD}\n{text}")
    }
}

/// A rule in the parts of its line, each as it is written there; empty: not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleLine {
    /// Its name.
    pub id: String,
    /// When it fires.
    pub fires: String,
    /// When it is over.
    pub clears: String,
    /// How long it must hold.
    pub hold: String,
    /// How long it must be clear.
    pub keep: String,
    /// `P1`, `P2` or `P3`.
    pub severity: String,
    /// When it is P1.
    pub grave: String,
    /// Rules it says more than.
    pub mutes: String,
    /// Whether it is off.
    pub is_off: bool,
    /// What stands behind it, for people.
    pub comment: String,
}

impl RuleLine {
    /// The parts of a line; `None`: it is no rule.
    pub fn of(line: &str) -> Option<Self> {
        let (code, comment) = line.split_once('#').unwrap_or((line, ""));
        let (id, rest) = code.split_once(':')?;
        let mut parts = rest.split(';').map(str::trim);
        let mut rule = Self {
            id: id.trim().to_owned(),
            fires: parts.next().unwrap_or_default().to_owned(),
            severity: "P3".to_owned(),
            comment: comment.trim().to_owned(),
            ..Self::default()
        };
        for part in parts {
            let (word, rest) = part.split_once(' ').unwrap_or((part, ""));
            let said = match word {
                "clear" => &mut rule.clears,
                "for" => &mut rule.hold,
                "keep" => &mut rule.keep,
                "mutes" => &mut rule.mutes,
                "off" => {
                    rule.is_off = true;
                    continue;
                }
                "P1" if !rest.is_empty() => &mut rule.grave,
                "" => continue,
                _ => {
                    rule.severity = word.to_uppercase();
                    continue;
                }
            };
            let rest = rest.trim();
            *said = rest.strip_prefix("if ").unwrap_or(rest).trim().to_owned();
        }
        Some(rule)
    }

    /// The line, and from which character on it is which part's: `id`, `fires`, `clears` …
    pub fn write(&self) -> (String, Vec<(usize, &'static str)>) {
        let mut line = String::new();
        let mut places = Vec::new();
        let mut add = |part: &'static str, before: &str, text: &str| {
            line.push_str(before);
            places.push((line.chars().count(), part));
            line.push_str(text.trim());
        };
        add("id", "", &self.id);
        add("fires", ": ", &self.fires);
        for (part, before, text) in [
            ("clears", "; clear ", &self.clears),
            ("hold", "; for ", &self.hold),
            ("keep", "; keep ", &self.keep),
            ("severity", "; ", &self.severity),
            ("grave", "; P1 if ", &self.grave),
            ("mutes", "; mutes ", &self.mutes),
        ] {
            if !text.trim().is_empty() {
                add(part, before, text);
            }
        }
        if self.is_off {
            line.push_str("; off");
        }
        if !self.comment.is_empty() {
            line.push_str(" # ");
            line.push_str(&self.comment);
        }
        (line, places)
    }
}

/// The rules of a text with the places of their lines, from 0.
pub fn rule_lines(text: &str) -> Vec<(usize, RuleLine)> {
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(at, line)| Some((at, RuleLine::of(line)?)))
        .collect()
}

/// `text` with `rule` as line `at`, or at its end; without line `at` where there is none. Where its name changes,
/// rules that it is muted by follow. Also the number of its line, from 1.
pub fn with_rule(text: &str, at: Option<usize>, rule: Option<&RuleLine>) -> (String, u32) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let old = at.and_then(|at| Some(RuleLine::of(lines.get(at)?)?.id));
    let number = at.unwrap_or(lines.len());
    match (at, rule) {
        (Some(at), Some(rule)) => {
            if let Some(line) = lines.get_mut(at) {
                *line = rule.write().0;
            }
        }
        (None, Some(rule)) => lines.push(rule.write().0),
        (Some(at), None) if at < lines.len() => {
            lines.remove(at);
        }
        _ => {}
    }
    let new = rule.map(|rule| rule.id.trim());
    if let Some(old) = old.filter(|old| Some(old.as_str()) != new) {
        for line in &mut lines {
            let Some(mut other) = RuleLine::of(line) else {
                continue;
            };
            if other.mutes.split_whitespace().any(|name| name == old) {
                let names = other.mutes.split_whitespace();
                let names = names.filter_map(|name| if name == old { new } else { Some(name) });
                other.mutes = names.collect::<Vec<_>>().join(" ");
                *line = other.write().0;
            }
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    (text, u32::try_from(number + 1).unwrap_or(u32::MAX))
}

/// A condition that begins with one comparison: metric, sign, bound, and what else must hold. `None`: it is another.
pub fn comparison(text: &str) -> Option<[&str; 4]> {
    let is_plain = |text: &str| !text.contains(['(', ')']);
    if !is_plain(text) || text.split_whitespace().any(|word| word == "or") {
        return None;
    }
    let (first, more) = text.split_once(" and ").unwrap_or((text, ""));
    let from = first.find(['<', '>'])?;
    let sign = first.get(from..)?;
    let sign = sign
        .get(..2)
        .filter(|sign| sign.ends_with('='))
        .or(sign.get(..1))?;
    let bound = first.get(from + sign.len()..)?.trim();
    let metric = first.get(..from)?.trim();
    let is_name = !metric.is_empty() && metric.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_bound = !bound.is_empty() && !bound.contains(['<', '>']);
    (is_name && is_bound).then_some([metric, sign, bound, more.trim()])
}

/// The value of a bound: a number, or a constant that `text` sets.
pub fn bound_of(bound: &str, text: &str) -> Option<f64> {
    let constant = || {
        let mut lines = text.lines().filter_map(|line| line.split_once('='));
        let (_, number) = lines.find(|(name, _)| name.trim() == bound)?;
        let number = number.split('#').next().unwrap_or_default();
        number.trim().parse().ok()
    };
    bound
        .parse()
        .ok()
        .or_else(constant)
        .filter(|bound: &f64| bound.is_finite())
}

/// What it takes to be over where a line leaves it to the bound: a quarter above a lower one, a fifth below an upper one.
/// `None`: it is more than one comparison with a number.
pub fn clears_at(fires: &str, text: &str) -> Option<String> {
    let [metric, sign, bound, more] = comparison(fires)?;
    let bound = bound_of(bound, text).filter(|_| more.is_empty())?;
    let by = if sign.starts_with('<') { 0.25 } else { -0.2 };
    // To a few digits, as people write them.
    let over = ((bound + by * bound.abs()) * 1e4).round() / 1e4;
    Some(format!("{metric} {} {over}", opposite(sign)))
}

/// The first comparison of a metric with a plain bound: metric, sign, bound, and where that stands in `text`.
pub fn first_bound(text: &str) -> Option<([&str; 3], std::ops::Range<usize>)> {
    let at = text.find(['<', '>'])?;
    let (left, right) = (text.get(..at)?.trim_end(), text.get(at..)?);
    let sign = right
        .get(..2)
        .filter(|sign| sign.ends_with('='))
        .or(right.get(..1))?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let metric = left.get(left.rfind(|c| !is_name(c)).map_or(0, |other| other + 1)..);
    let metric = metric.filter(|metric| !metric.is_empty())?;
    let rest = text.get(at + sign.len()..)?;
    let from = text.len() - rest.trim_start().len();
    let bound = text.get(from..)?;
    let minus = usize::from(bound.starts_with('-'));
    let length = bound
        .get(minus..)?
        .find(|c| !is_name(c))
        .map_or(bound.len(), |end| end + minus);
    let more = bound.get(length..)?.trim_start();
    // What is reckoned with is no bound of its own, nor is what is reckoned on the left.
    let before = left.get(..left.len() - metric.len())?.trim_end();
    let is_alone = !more.starts_with(['+', '-', '*', '/']) && !before.ends_with(['+', '-', '*', '/']);
    (is_alone && length > minus).then(|| ([metric, sign, &bound[..length]], from..from + length))
}

/// The sign of what it takes to be over.
pub fn opposite(sign: &str) -> &'static str {
    match sign {
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        _ => "<",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# mine\nx = 3\nlow: cover_days < x and pace > 1; clear cover_days >= 8; for 1h; keep 10m; P2; \
        P1 if sales_class <= 1; mutes a b; off # why\na: pace > 1\nb: pace > 2; P1\n";

    #[test]
    fn lines_are_taken_apart_and_written_again() {
        let rules = rule_lines(TEXT);
        assert_eq!(rules.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [2, 3, 4]);
        let low = &rules[0].1;
        assert_eq!((low.hold.as_str(), low.keep.as_str()), ("1h", "10m"));
        assert_eq!(
            (low.grave.as_str(), low.mutes.as_str()),
            ("sales_class <= 1", "a b")
        );
        assert!(low.is_off && low.comment == "why" && rules[1].1.severity == "P3");
        let (line, places) = low.write();
        assert_eq!(line, TEXT.lines().nth(2).unwrap());
        let piece = |part| {
            let from = places.iter().find(|place| place.1 == part).unwrap().0;
            line.chars().skip(from).take(6).collect::<String>()
        };
        assert_eq!([piece("clears"), piece("grave")], ["cover_", "sales_"]);
    }

    #[test]
    fn one_line_changes_and_names_follow() {
        let mut low = rule_lines(TEXT)[0].1.clone();
        low.hold = "2h".to_owned();
        let (text, line) = with_rule(TEXT, Some(2), Some(&low));
        assert_eq!((text.replace("2h", "1h"), line), (TEXT.to_owned(), 3));
        let renamed = RuleLine::of("c: pace > 1").unwrap();
        let (text, _) = with_rule(TEXT, Some(3), Some(&renamed));
        assert!(
            text.contains("mutes c b;") && text.contains("\nc: pace > 1"),
            "{text}"
        );
        let (text, _) = with_rule(TEXT, Some(4), None);
        assert!(text.contains("mutes a;") && !text.contains("\nb:"), "{text}");
        let (text, line) = with_rule(TEXT, None, Some(&renamed));
        assert!(text.ends_with("\nc: pace > 1; P3\n") && line == 6, "{text}");
    }

    #[test]
    fn conditions_are_taken_apart() {
        for (text, expect) in [
            ("cover_days<3", Some(["cover_days", "<", "3", ""])),
            (
                "cover_days >= lead_time + 3",
                Some(["cover_days", ">=", "lead_time + 3", ""]),
            ),
            (
                "a <= 0 and b > 0 and c < 1",
                Some(["a", "<=", "0", "b > 0 and c < 1"]),
            ),
            ("3 > a + 1", Some(["3", ">", "a + 1", ""])),
            ("a > 1 or b > 1", None),
            ("(a) > 1", None),
            ("a + b > 1", None),
            ("a >", None),
            ("a > b > c", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(comparison(text), expect, "{text}");
        }
    }

    #[test]
    fn the_first_bound_is_found_wherever_it_stands() {
        for (text, expect) in [
            (
                "cover_days < lead_time or risk >= 0.3",
                Some((["cover_days", "<", "lead_time"], 13..22)),
            ),
            (
                "(orders_z<=-4) and a > 1",
                Some((["orders_z", "<=", "-4"], 11..13)),
            ),
            ("a > 3", Some((["a", ">", "3"], 4..5))),
            ("a > b + 3", None),
            ("a * b > 3", None),
            ("a >", None),
            ("> 3", None),
            ("é", None),
        ] {
            assert_eq!(first_bound(text), expect, "{text}");
        }
    }

    #[test]
    fn bounds_and_where_they_are_left() {
        let text = "lead_time = 3 # days\n";
        for (fires, expect) in [
            ("cover_days < 3", Some("cover_days >= 3.75")),
            ("cover_days < lead_time", Some("cover_days >= 3.75")),
            ("cover_days > 180", Some("cover_days <= 144")),
            ("available <= -4", Some("available > -3")),
            ("oversell_units > 0", Some("oversell_units <= 0")),
            ("a < 1 and b < 2", None),
            ("a < other", None),
        ] {
            assert_eq!(clears_at(fires, text).as_deref(), expect, "{fires}");
        }
        assert_eq!((bound_of("nan", text), bound_of("x", text)), (None, None));
    }

    #[test]
    fn the_way_back_is_kept() {
        let mut state = State::default();
        let view = |text: &str| RulesView {
            text: text.to_owned(),
            is_default: text == "d",
            fault: None,
        };
        for text in ["d", "d", "one", "two"] {
            state.hear_rules(view(text));
        }
        assert_eq!(state.rules.before, ["d", "one"]);
        assert_eq!(state.preferences.settings.rules, "two");
        // What is wrong changes nothing.
        let fault = RulesView {
            fault: Some(RuleFault {
                line: 1,
                column: 1,
                part: String::new(),
                why: crate::protocol::RuleWhy::Line,
            }),
            ..view("two")
        };
        state.hear_rules(fault);
        assert_eq!(
            (state.rules.before.len(), state.rules.fault().is_some()),
            (2, true)
        );
        assert!(matches!(&state.rules.back()[..], [Command::Rules(Some(text))] if text == "one"));
        state.hear_rules(view("one"));
        state.rules.back();
        state.hear_rules(view("d"));
        assert!(state.rules.before.is_empty() && state.preferences.settings.rules.is_empty());
        assert!(is_rules(&write_rules("a: pace > 1\n")) && !is_rules("order_id,sku"));
    }

    #[test]
    fn one_trial_at_a_time() {
        let mut rules = Rules::default();
        let sent = |commands: Vec<Command>| {
            commands
                .into_iter()
                .map(|command| match command {
                    Command::Try { text, request, .. } => format!("{text}{request}"),
                    _ => String::new(),
                })
                .collect::<String>()
        };
        let answer = |request, done| Trial {
            request,
            done,
            past: crate::protocol::Past::Lines,
            ..Trial::default()
        };
        assert_eq!(sent(rules.try_on("a".to_owned(), String::new())), "a1");
        assert_eq!(sent(rules.try_on("b".to_owned(), String::new())), "");
        assert_eq!(sent(rules.try_on("c".to_owned(), String::new())), "");
        assert_eq!(sent(rules.tried(answer(1, 0.5))), "");
        assert_eq!(sent(rules.tried(answer(0, 1.0))), "");
        assert_eq!(sent(rules.tried(answer(1, 1.0))), "c2");
        assert_eq!(sent(rules.tried(answer(2, 1.0))), "");
        assert_eq!(sent(rules.try_on("d".to_owned(), String::new())), "d3");
        assert_eq!(sent(rules.leave()), "4");
        assert_eq!(sent(rules.try_on("e".to_owned(), String::new())), "e5");
    }
}
