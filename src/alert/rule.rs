//! Rules, and the file they are written in.
//!
//! A line is a rule, `name = number` for use in rules, empty, or a comment behind `#`. A rule is its id, a colon, and
//! parts between semicolons, in any order but for the condition:
//!
//! ```text
//! low_cover: cover_days < lead_time + 3; clear cover_days >= 8; for 1h; keep 10m; P2; P1 if sales_class <= 1; mutes a b; off
//! ```
//!
//! Without `clear` it is over a quarter above a lower bound, a fifth below an upper one. `for`: how long it must hold
//! before it fires; `keep`: how long it must be clear before it ends (`s`, `m`, `h`, `d`). `mutes`: rules that say
//! nothing more of the same goods in the same place. Without severity it is P3.

use super::expression::Expression;
use super::metric::{Level, Metric};
use crate::money::Fixed;
use crate::protocol::Severity;

/// When to warn of what.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name, unlike any other's.
    pub id: String,
    /// What it is evaluated for.
    pub level: Level,
    /// What people are told of it.
    pub metric: Metric,
    /// Whether that is too low, else too high.
    pub is_lower: bool,
    /// Fires where it holds.
    pub fires: Expression,
    /// Ends only where it holds.
    pub clears: Expression,
    /// How long it must hold before it fires, in milliseconds, while values come live.
    pub hold: i64,
    /// How long it must be clear before it ends, in milliseconds, while values come live.
    pub keep: i64,
    /// How bad it is.
    pub severity: Severity,
    /// Where it holds, it is P1.
    pub grave: Option<Expression>,
    /// Rules that it says more than, by place in the list.
    pub mutes: Vec<u32>,
    /// Whether it is evaluated.
    pub is_on: bool,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Number of the line, from 1.
    pub line: usize,
    /// The part of it that is not understood.
    pub part: String,
}

/// The rules that every shop begins with (DOMAIN §2, table of rules), as far as exports say what they need. None says
/// a lead time: three days stand in for it.
pub const DEFAULTS: &str = "\
lead_time = 3
oversell: oversell_units > 0; for 2m; keep 10m; P1; mutes stock_out low_cover stock_negative
stock_out: available <= 0 and pace > 0; clear cover_days >= 1; for 15m; P2; P1 if sales_class <= 1; mutes low_cover
low_cover: cover_days < lead_time; for 1h; P2
stock_negative: on_hand < 0; P2
slow_moving: cover_days > 180; clear cover_days < 150; for 3d; P3
ship_deadline: unshipped_hours >= 42; clear unshipped_hours < 36; P2; P1 if unshipped_hours >= 46
refund_surge: refund_surge > 1.5; clear refund_surge < 1.2; for 2h; P2
sales_spike: burst >= 6 and burst_ratio >= 2; clear burst < 3; keep 30m; P2
sales_drop: orders_z <= -4 and orders_ratio <= 0.6 and hour >= 8; clear orders_z > -2; for 30m; keep 1h; P1
feed_stale: feed_age > 3 and feed_minutes > 30; clear feed_age < 2; for 5m; P1
";

/// Reads rules.
///
/// # Errors
/// The first line that is none, or that names a rule again.
// Once a visit: no copy of it in whoever calls.
#[inline(never)]
pub fn parse(text: &str) -> Result<Vec<Rule>, Fault> {
    let mut constants: Vec<(&str, f64)> = Vec::new();
    let mut rules: Vec<Rule> = Vec::new();
    let mut mutes: Vec<(usize, usize, &str)> = Vec::new();
    let fault = |line: usize, part: &str| Fault {
        line: line + 1,
        part: part.trim().to_owned(),
    };
    for (at, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or(line).trim();
        if line.is_empty() {
            continue;
        }
        let Some((id, rest)) = line.split_once(':') else {
            let constant = line
                .split_once('=')
                .and_then(|(name, number)| Some((name.trim(), Fixed::parse(number.trim()).ok()?.0.to_f64())));
            constants.push(constant.ok_or_else(|| fault(at, line))?);
            continue;
        };
        let mut parts = rest.split(';').map(str::trim);
        let condition = parts.next().unwrap_or_default();
        let mut rule = Rule::new(id.trim(), condition, &constants).ok_or_else(|| fault(at, condition))?;
        if rule.id.is_empty() || rules.iter().any(|known| known.id == rule.id) {
            return Err(fault(at, id));
        }
        for part in parts.filter(|part| !part.is_empty()) {
            if let Some(names) = part.strip_prefix("mutes ") {
                mutes.extend(names.split_whitespace().map(|name| (rules.len(), at, name)));
            } else {
                rule.take(part, &constants).ok_or_else(|| fault(at, part))?;
            }
        }
        rules.push(rule);
    }
    for (rule, at, name) in mutes {
        let muted = rules.iter().position(|known| known.id == name);
        let muted = muted.and_then(|muted| u32::try_from(muted).ok());
        let muted = muted.ok_or_else(|| fault(at, name))?;
        if let Some(rule) = rules.get_mut(rule) {
            rule.mutes.push(muted);
        }
    }
    Ok(rules)
}

impl Rule {
    fn new(id: &str, condition: &str, constants: &[(&str, f64)]) -> Option<Self> {
        let fires = Expression::parse(condition, constants)?;
        let (metric, is_lower) = fires.subject()?;
        Some(Self {
            id: id.to_owned(),
            level: fires.level()?,
            metric,
            is_lower,
            clears: fires.cleared(),
            fires,
            hold: 0,
            keep: 0,
            severity: Severity::P3,
            grave: None,
            mutes: Vec::new(),
            is_on: true,
        })
    }

    /// One part of its line; `None`: it is none.
    fn take(&mut self, part: &str, constants: &[(&str, f64)]) -> Option<()> {
        let condition = |text: &str, level: Level| {
            let read = Expression::parse(text, constants)?;
            let is_source = |level: Level| level == Level::Source;
            let own = read.level()?;
            // What it is of is what the rule is of, or contains it.
            (own <= level && is_source(own) == is_source(level)).then_some(read)
        };
        let (word, rest) = part.split_once(' ').unwrap_or((part, ""));
        match (word, rest.trim()) {
            ("for", time) => self.hold = millis(time)?,
            ("keep", time) => self.keep = millis(time)?,
            ("clear", text) => self.clears = condition(text, self.level)?,
            ("off", "") => self.is_on = false,
            ("P1", rest) if !rest.is_empty() => {
                self.grave = Some(condition(rest.strip_prefix("if ")?, self.level)?);
            }
            (severity, "") => self.severity = Severity::from_id(&severity.to_lowercase())?,
            _ => return None,
        }
        Some(())
    }
}

/// `90s`, `5m`, `2h`, `3d`.
fn millis(text: &str) -> Option<i64> {
    let at = text.len().checked_sub(1)?;
    let unit = match text.get(at..)? {
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let number = Fixed::parse(text.get(..at)?).ok()?.0;
    let millis = number.raw().checked_mul(unit / 1_000)? / (Fixed::SCALE / 1_000);
    (millis >= 0).then_some(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_rules() {
        let rules = parse(DEFAULTS).unwrap();
        assert_eq!(rules.len(), 10);
        let rule = |id: &str| rules.iter().find(|rule| rule.id == id).unwrap();
        assert_eq!((rule("oversell").hold, rule("oversell").keep), (120_000, 600_000));
        assert_eq!(rule("oversell").mutes, [1, 2, 3]);
        assert_eq!(rule("slow_moving").hold, 3 * 86_400_000);
        assert_eq!(rule("feed_stale").level, Level::Source);
        assert_eq!(rule("low_cover").severity, Severity::P2);
        assert!(rule("ship_deadline").grave.is_some() && rules.iter().all(|rule| rule.is_on));
    }

    #[test]
    fn lines_are_read_and_faults_named() {
        let rules = parse("# mine\nx = 1.5\r\n\nown: pace > x; P1; off; for 1.5h # why\n").unwrap();
        assert_eq!(
            (rules[0].hold, rules[0].is_on, rules[0].severity),
            (5_400_000, false, Severity::P1)
        );
        for (line, part, text) in [
            (1, "pace > y", "own: pace > y"),
            (2, "own", "own: pace > 1\nown: pace > 2"),
            (1, "for 2 weeks", "own: pace > 1; for 2 weeks"),
            (1, "keep -1m", "own: pace > 1; keep -1m"),
            (1, "P4", "own: pace > 1; P4"),
            (1, "clear feed_age > 1", "own: pace > 1; clear feed_age > 1"),
            (1, "P1 if on_hand < 1", "own: pace > 1; P1 if on_hand < 1"),
            (1, "other", "own: pace > 1; mutes other"),
            (1, "nonsense", "nonsense"),
            (1, "x = y", "x = y"),
            (1, "", ": pace > 1"),
            (1, "1 < 2", "own: 1 < 2"),
            (1, "for 9999999999999d", "own: pace > 1; for 9999999999999d"),
        ] {
            let part = part.to_owned();
            assert_eq!(parse(text), Err(Fault { line, part }), "{text}");
        }
    }
}
