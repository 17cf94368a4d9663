//! The view as the query of an address, and back.
//!
//! `?t=7d&grain=week&by=units&cur=INR&channel=抖音&-status=cancelled`: one parameter a key, a dash before
//! the dimension turns the clause round. Parameters of others (`data`, `lang`, `theme`) are kept.

use crate::model::Dim;
use crate::protocol::{Measure, TimeRange, View};
use crate::time::{Grain, Span, UtcMillis};
use form_urlencoded::{Serializer, parse};

/// An address, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The view it names.
    pub view: View,
    /// Parameters that are not the view's, in order.
    pub kept: Vec<(String, String)>,
}

impl Address {
    /// First value of kept parameter `name`.
    pub fn kept(&self, name: &str) -> Option<&str> {
        self.kept
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads `query`.
///
/// ```
/// use stockpit::{model::Dim, state::read};
/// let address = read("t=7d&-status=cancelled&data=orders.csv");
/// assert!(address.view.filters[&Dim::Status].exclude);
/// assert_eq!(address.kept("data"), Some("orders.csv"));
/// ```
///
/// What is not understood is kept, never an error: an address may be older than the page.
pub fn read(query: &str) -> Address {
    let mut address = Address::default();
    for (name, value) in parse(query.as_bytes()) {
        let view = &mut address.view;
        let (dim, exclude) = match name.strip_prefix('-') {
            Some(dim) => (Dim::from_id(dim), true),
            None => (Dim::from_id(&name), false),
        };
        if let Some(dim) = dim {
            let set = view.filters.entry(dim).or_default();
            set.exclude = exclude;
            set.keys.insert(value.into_owned());
            continue;
        }
        match (
            name.as_ref(),
            read_time(&value),
            Grain::from_id(&value),
            Measure::from_id(&value),
        ) {
            ("t", Some(time), ..) => view.time = time,
            ("grain", _, Some(grain), _) => view.grain = Some(grain),
            ("by", _, _, Some(measure)) => view.measure = measure,
            ("cur", ..) => view.currency = Some(value.into_owned()),
            _ => address.kept.push((name.into_owned(), value.into_owned())),
        }
    }
    address
}

/// Writes the query of an address.
pub fn write(view: &View, kept: &[(String, String)]) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in kept {
        query.append_pair(name, value);
    }
    if let Some(time) = write_time(view.time) {
        query.append_pair("t", &time);
    }
    if let Some(grain) = view.grain {
        query.append_pair("grain", grain.id());
    }
    if view.measure != Measure::default() {
        query.append_pair("by", view.measure.id());
    }
    if let Some(currency) = &view.currency {
        query.append_pair("cur", currency);
    }
    for (dim, set) in &view.filters {
        let name = format!("{}{}", if set.exclude { "-" } else { "" }, dim.id());
        for key in &set.keys {
            query.append_pair(&name, key);
        }
    }
    query.finish()
}

fn write_time(time: TimeRange) -> Option<String> {
    match time {
        TimeRange::All => None,
        TimeRange::LastDay => Some("day".to_owned()),
        TimeRange::LastDays(days) => Some(format!("{days}d")),
        TimeRange::Span(span) => Some(format!("{}-{}", span.from.0, span.to.0)),
    }
}

fn read_time(text: &str) -> Option<TimeRange> {
    if text == "day" {
        return Some(TimeRange::LastDay);
    }
    if text == "all" {
        return Some(TimeRange::All);
    }
    if let Some(days) = text.strip_suffix('d') {
        return days
            .parse()
            .ok()
            .filter(|days| *days > 0)
            .map(TimeRange::LastDays);
    }
    let (from, to) = text.split_once('-')?;
    let span = Span {
        from: UtcMillis(from.parse().ok()?),
        to: UtcMillis(to.parse().ok()?),
    };
    (span.from < span.to).then_some(TimeRange::Span(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::KeySet;

    #[track_caller]
    fn check(query: &str) {
        let address = read(query);
        let written = write(&address.view, &address.kept);
        assert_eq!(read(&written), address, "{query} → {written}");
    }

    #[test]
    fn views_survive_the_address_bar() {
        for query in [
            "",
            "t=7d",
            "t=day&by=units",
            "t=1000-2000&grain=week",
            "channel=%E6%8A%96%E9%9F%B3&channel=a%26b%2Cc",
            "-status=cancelled&cur=INR",
            "data=orders.csv%2Cstock.json&theme=light&t=30d",
            "sku=",
            "t=oops&x=1&x=2",
        ] {
            check(query);
        }
        let set = KeySet {
            keys: ["cancelled".to_owned()].into(),
            exclude: true,
            ..KeySet::default()
        };
        assert_eq!(
            read("-status=cancelled").view.filters.get(&Dim::Status),
            Some(&set)
        );
    }
}
