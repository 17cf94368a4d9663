//! Conditions of rules: `cover_days < lead_time + 3 and pace > 0`.

use super::metric::{Level, Metric, Values};
use super::rule::Wrong;
use crate::money::Fixed;
use crate::protocol::RuleWhy;

/// Values on the way to an answer; a condition that needs more is refused.
const DEPTH: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Number(f64),
    Metric(Metric),
    Plus,
    Minus,
    Times,
    Over,
    Below,
    AtMost,
    Above,
    AtLeast,
    And,
    Or,
    /// A bound moves up, so that what was below it must recover.
    Higher,
    /// A bound moves down.
    Lower,
}

/// A condition: sums and products of numbers and metrics, compared, joined by `and` and `or`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expression {
    /// In reverse Polish notation.
    ops: Vec<Op>,
}

impl Expression {
    /// Reads a condition; `constants` are further names.
    ///
    /// # Errors
    /// Why it is none, and the piece of `text` that says so.
    pub fn parse<'a>(text: &'a str, constants: &[(&str, f64)]) -> Result<Self, (RuleWhy, &'a str)> {
        let mut parser = Parser {
            rest: text,
            constants,
            ops: Vec::new(),
        };
        parser.either(0)?;
        let rest = parser.rest.trim_start();
        if !rest.is_empty() {
            return Err((RuleWhy::Rest, rest));
        }
        let answers = |op: &Op| matches!(op, Op::And | Op::Or) || op.opposite().is_some();
        let expression = Self { ops: parser.ops };
        if !expression.ops.last().is_some_and(answers) {
            return Err((RuleWhy::Comparison, text));
        }
        if expression.depth() > DEPTH {
            return Err((RuleWhy::Deep, text));
        }
        Ok(expression)
    }

    /// When it is over (hysteresis): the opposite, of lower bounds at 1.25 and of upper ones at 0.8 of them
    /// (DOMAIN §2).
    #[must_use]
    pub fn cleared(&self) -> Self {
        let mut ops = Vec::new();
        for op in &self.ops {
            match (op, op.opposite()) {
                (Op::And, _) => ops.push(Op::Or),
                (Op::Or, _) => ops.push(Op::And),
                (Op::Below | Op::AtMost, Some(opposite)) => ops.extend([Op::Higher, opposite]),
                (_, Some(opposite)) => ops.extend([Op::Lower, opposite]),
                (op, None) => ops.push(*op),
            }
        }
        Self { ops }
    }

    /// Whether it holds; `None`: what it needs is not known.
    pub fn holds(&self, values: &Values) -> Option<bool> {
        let mut stack = [0.0_f64; DEPTH];
        let mut top = 0;
        for op in &self.ops {
            let pushed = match op {
                Op::Number(number) => Some(*number),
                Op::Metric(metric) => Some(metric.of(values)),
                _ => None,
            };
            if let Some(value) = pushed {
                *stack.get_mut(top)? = value;
                top += 1;
                continue;
            }
            let b = *stack.get(top.wrapping_sub(1))?;
            if matches!(op, Op::Higher | Op::Lower) {
                let by = if *op == Op::Higher { 0.25 } else { -0.2 };
                *stack.get_mut(top.wrapping_sub(1))? = b + by * b.abs();
                continue;
            }
            let a = stack.get_mut(top.wrapping_sub(2))?;
            *a = op.apply(*a, b);
            top -= 1;
        }
        let answer = stack[0];
        (!answer.is_nan()).then_some(answer > 0.0)
    }

    /// The first metric that it names, and whether it warns of too little of it.
    pub fn subject(&self) -> Option<(Metric, bool)> {
        let first = self.ops.iter().enumerate().find_map(|(at, op)| match op {
            Op::Metric(metric) => Some((at, *metric)),
            _ => None,
        });
        let (at, metric) = first?;
        let compared = self.ops.iter().skip(at).find(|op| op.opposite().is_some());
        Some((metric, matches!(compared, Some(Op::Below | Op::AtMost))))
    }

    /// All metrics that it names.
    pub fn metrics(&self) -> impl Iterator<Item = Metric> + '_ {
        self.ops.iter().filter_map(|op| match op {
            Op::Metric(metric) => Some(*metric),
            _ => None,
        })
    }

    /// The finest thing that it is of; `None`: of no thing, or of things that have nothing in common.
    pub fn level(&self) -> Option<Level> {
        let levels = self.metrics().map(Metric::level);
        let (mut finest, mut of_sources, mut of_shop) = (None, false, false);
        for level in levels {
            (of_sources, of_shop) = (
                of_sources || level == Level::Source,
                of_shop || level != Level::Source,
            );
            finest = finest.max(Some(level));
        }
        finest.filter(|_| !(of_sources && of_shop))
    }

    fn depth(&self) -> usize {
        let (mut top, mut most) = (0_usize, 0);
        for op in &self.ops {
            match op {
                Op::Number(_) | Op::Metric(_) => top += 1,
                Op::Higher | Op::Lower => {}
                _ => top = top.saturating_sub(1),
            }
            most = most.max(top);
        }
        most
    }
}

impl Op {
    /// Of a comparison.
    const fn opposite(self) -> Option<Self> {
        Some(match self {
            Self::Below => Self::AtLeast,
            Self::AtMost => Self::Above,
            Self::Above => Self::AtMost,
            Self::AtLeast => Self::Below,
            _ => return None,
        })
    }

    /// NaN is "not known", also of what is true: no and unknown is no, yes or unknown is yes.
    fn apply(self, a: f64, b: f64) -> f64 {
        let known = |is: bool| {
            if a.is_nan() || b.is_nan() {
                f64::NAN
            } else {
                f64::from(u8::from(is))
            }
        };
        match self {
            Self::Plus => a + b,
            Self::Minus => a - b,
            Self::Times => a * b,
            Self::Over => a / b,
            Self::Below => known(a < b),
            Self::AtMost => known(a <= b),
            Self::Above => known(a > b),
            Self::AtLeast => known(a >= b),
            Self::And if a == 0.0 || b == 0.0 => 0.0,
            Self::Or if a > 0.0 || b > 0.0 => 1.0,
            _ => known(a > 0.0),
        }
    }
}

struct Parser<'a, 'c> {
    rest: &'a str,
    constants: &'c [(&'c str, f64)],
    ops: Vec<Op>,
}

/// What joins two parts, loosest first; of those of one row the longer first.
const JOINS: [&[(&str, Op)]; 5] = [
    &[("or", Op::Or)],
    &[("and", Op::And)],
    &[
        ("<=", Op::AtMost),
        (">=", Op::AtLeast),
        ("<", Op::Below),
        (">", Op::Above),
    ],
    &[("+", Op::Plus), ("-", Op::Minus)],
    &[("*", Op::Times), ("/", Op::Over)],
];

impl<'a> Parser<'a, '_> {
    /// Parts joined by what is in row `row` of [`JOINS`], or tighter.
    fn either(&mut self, row: usize) -> Result<(), Wrong<'a>> {
        // Each bracket costs six calls: what nests deeper than anybody writes is refused.
        let depth = row / 8;
        let Some(joins) = JOINS.get(row % 8) else {
            return self.part(depth);
        };
        self.either(row + 1)?;
        loop {
            self.rest = self.rest.trim_start();
            let rest = self.rest;
            let joined = joins
                .iter()
                .find_map(|(word, op)| Some((rest.strip_prefix(word)?, op)));
            let Some((rest, op)) = joined else {
                return Ok(());
            };
            self.rest = rest;
            self.either(row + 1)?;
            self.ops.push(*op);
        }
    }

    fn part(&mut self, depth: usize) -> Result<(), Wrong<'a>> {
        self.rest = self.rest.trim_start();
        let at = self.rest;
        if let Some(inner) = at.strip_prefix('(') {
            self.rest = inner;
            if depth >= DEPTH {
                return Err((RuleWhy::Deep, at));
            }
            self.either((depth + 1) * 8)?;
            let rest = self.rest.trim_start();
            self.rest = rest.strip_prefix(')').ok_or((RuleWhy::Bracket, rest))?;
            return Ok(());
        }
        if let Some(inner) = at.strip_prefix('-') {
            self.rest = inner;
            if depth >= DEPTH {
                return Err((RuleWhy::Deep, at));
            }
            self.ops.push(Op::Number(0.0));
            self.part(depth + 1)?;
            self.ops.push(Op::Minus);
            return Ok(());
        }
        let is_other = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let end = at.find(is_other).unwrap_or(at.len());
        let (word, rest) = at.split_at(end);
        if word.is_empty() {
            return Err((RuleWhy::Value, at));
        }
        self.rest = rest;
        let constant = self.constants.iter().find(|(name, _)| *name == word);
        let op = match constant {
            Some((_, number)) => Op::Number(*number),
            None => match Metric::named(word) {
                Some(metric) => Op::Metric(metric),
                None => {
                    let number = Fixed::parse(word).map_err(|_| (RuleWhy::Name, word))?;
                    Op::Number(number.0.to_f64())
                }
            },
        };
        self.ops.push(op);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, known: &[(Metric, f64)]) -> Option<Option<bool>> {
        let mut values = Metric::UNKNOWN;
        known
            .iter()
            .for_each(|(metric, value)| metric.set(&mut values, *value));
        Some(
            Expression::parse(text, &[("lead_time", 4.0)])
                .ok()?
                .holds(&values),
        )
    }

    #[test]
    fn conditions_are_answered() {
        use Metric::{Available, CoverDays, Pace};
        let days = |days| [(CoverDays, days), (Pace, 2.0)];
        for (text, known, expect) in [
            ("cover_days < lead_time + 3", days(6.9), Some(true)),
            ("cover_days < lead_time + 3", days(7.0), Some(false)),
            ("cover_days<=lead_time+3", days(7.0), Some(true)),
            ("7 - 2 - 1 >= cover_days", days(4.0), Some(true)),
            ("1 + 2 * 3 > cover_days", days(6.5), Some(true)),
            ("(1 + 2) * 3 > cover_days", days(8.5), Some(true)),
            ("cover_days > -1.5", days(0.0), Some(true)),
            ("cover_days > 1 and pace > 1", days(2.0), Some(true)),
            ("cover_days > 1 and pace > 3 or pace > 1", days(2.0), Some(true)),
            (
                "cover_days > 1 and (pace > 3 or pace > 2)",
                days(2.0),
                Some(false),
            ),
            // Not known.
            ("available > 0", days(2.0), None),
            ("available > 0 and pace > 3", days(2.0), Some(false)),
            ("available > 0 and pace > 1", days(2.0), None),
            ("available > 0 or pace > 1", days(2.0), Some(true)),
            ("pace / 0 > 1", days(2.0), Some(true)),
        ] {
            assert_eq!(holds(text, &known), Some(expect), "{text}");
        }
        for broken in [
            "",
            "cover_days",
            "cover_days <",
            "< 3",
            "cover_days < 3)",
            "(cover_days < 3",
            "cover_days = 3",
            "cost < 3",
            "cover_days < 3 and",
            "cover_days < 3 4",
            "1e400 > pace",
            "é > 3",
            "pace > 'x'",
        ] {
            assert_eq!(holds(broken, &[(Available, 1.0)]), None, "{broken}");
        }
        for deep in ["(".repeat(9999), "-".repeat(9999), "1+(".repeat(50)] {
            assert_eq!(holds(&deep, &[]), None);
        }
    }

    #[test]
    fn it_is_over_beyond_the_bound() {
        for (text, fires, between, clear) in [
            ("cover_days < 4", 3.9, 4.9, 5.0),
            ("cover_days > 100", 100.1, 81.0, 80.0),
            ("cover_days <= -4", -4.0, -3.1, -2.9),
            ("cover_days > 0", 1.0, f64::NAN, 0.0),
            ("3 > cover_days", 2.0, 3.5, 3.76),
        ] {
            let fire = Expression::parse(text, &[]).unwrap();
            let over = fire.cleared();
            let at = |days: f64| {
                let mut values = Metric::UNKNOWN;
                Metric::CoverDays.set(&mut values, days);
                (fire.holds(&values), over.holds(&values))
            };
            assert_eq!(at(fires), (Some(true), Some(false)), "{text}");
            if !between.is_nan() {
                assert_eq!(at(between), (Some(false), Some(false)), "{text}");
            }
            assert_eq!(at(clear), (Some(false), Some(true)), "{text}");
        }
    }

    #[test]
    fn levels_and_subjects() {
        let read = |text: &str| {
            let read = Expression::parse(text, &[]).unwrap();
            (read.level(), read.subject())
        };
        assert_eq!(
            read("orders_z <= 4"),
            (Some(Level::Shop), Some((Metric::OrdersZ, true)))
        );
        assert_eq!(
            read("cover_days > 3 and oversell_units < 1"),
            (Some(Level::Place), Some((Metric::CoverDays, false)))
        );
        assert_eq!(read("feed_age > 3 and hour > 3").0, None);
        assert_eq!(read("1 < 2"), (None, None));
    }
}
