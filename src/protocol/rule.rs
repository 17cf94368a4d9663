//! Rules of alerts as page and engine speak of them: as text, and what is wrong with it.

use serde::{Deserialize, Serialize};

/// Why a line is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleWhy {
    /// Neither a rule nor `name = number`.
    Line,
    /// A rule's name is empty or has blanks in it.
    Id,
    /// A rule of this name stands above.
    Taken,
    /// A number or a name should stand here.
    Value,
    /// No metric and no constant has this name.
    Name,
    /// A bracket is not closed.
    Bracket,
    /// What stands before is whole without it.
    Rest,
    /// Nothing is compared with anything.
    Comparison,
    /// It nests deeper than is read.
    Deep,
    /// It names no metric, or metrics that have nothing in common.
    Subject,
    /// It is of something finer than the rule.
    Scope,
    /// No part of a rule.
    Part,
    /// No duration: a number with `s`, `m`, `h` or `d`.
    Time,
    /// No rule has this name.
    Mutes,
}

impl RuleWhy {
    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Id => "id",
            Self::Taken => "taken",
            Self::Value => "value",
            Self::Name => "name",
            Self::Bracket => "bracket",
            Self::Rest => "rest",
            Self::Comparison => "comparison",
            Self::Deep => "deep",
            Self::Subject => "subject",
            Self::Scope => "scope",
            Self::Part => "part",
            Self::Time => "time",
            Self::Mutes => "mutes",
        }
    }
}

/// What is wrong with the text of rules, and where: its first fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFault {
    /// Number of the line, from 1.
    pub line: u32,
    /// Number of the character in it, from 1.
    pub column: u32,
    /// What stands there; empty at the end of something.
    pub part: String,
    /// What is wrong with it.
    pub why: RuleWhy,
}

/// The rules that hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesView {
    /// As text.
    pub text: String,
    /// Whether they are those that every shop begins with.
    pub is_default: bool,
    /// Why the text that was to take their place did not; nothing has changed.
    pub fault: Option<RuleFault>,
}

/// How long an alert is to be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quiet {
    /// For an hour.
    Hour,
    /// Until the shop's day ends.
    Day,
    /// Until it is over, a week at most.
    Over,
}

impl Quiet {
    /// All, shortest first.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Over];

    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Over => "over",
        }
    }
}
