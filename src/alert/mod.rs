//! Rules → state machines → incidents.
//!
//! A rule is a line of text: what it watches, when it fires, when it clears. Whoever holds the tables reads what is
//! watched ([`Values`] of a [`Subject`]) and hands it in with the time; [`Alerts`] moves one state machine for each
//! rule and subject (Prometheus' and Grafana's: normal, pending, firing, recovering, and no data), and gathers those
//! that fire into incidents of one rule and place. Same readings at the same times, same alerts: nothing here asks a
//! clock. Names are numbers here: whoever reads gives them, and keeps them the same for good.

mod alerts;
mod detect;
mod expression;
mod incident;
mod instance;
mod metric;
mod rule;

pub use alerts::{Alerts, Change, Silence};
pub use detect::{anscombe, demand_tail, ewma, poisson_tail, wilson_lower};
pub use expression::Expression;
pub use incident::{GROUP_INTERVAL, GROUP_WAIT, Incident, Push};
pub use instance::{Ack, Instance, Key, Phase};
pub use metric::{Known, Level, Metric, Values};
pub use rule::{DEFAULTS, Rule, parse};

/// What an alert is about. Fixed keys: a rule on "the ten best" would fire whenever one of them changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What kind of thing it is.
    pub level: Level,
    /// Number of the goods; 0: the shop.
    pub good: u32,
    /// Number of the warehouse, or of the source; 0: all places.
    pub place: u32,
}
