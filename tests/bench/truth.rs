//! What is asked, and the right answers: by plain loops over what the generator wrote.

use super::data::{
    CATEGORIES, CHANNELS, DAY_MS, Fact, PROVINCES, SKUS, START_MS, STATUSES, day_text, sku_code,
};
use serde_json::{Map, Value, json};

/// Lines of one batch of the stream.
pub const BATCH: usize = 1_000;
/// Days that the brush spans.
const WINDOW: u32 = 30;

/// Clauses of the cockpit. Each list names the keys that are kept; empty: no clause.
#[derive(Clone, Debug, Default)]
pub struct State {
    channel: Vec<usize>,
    category: Vec<usize>,
    province: Vec<usize>,
    /// First day and the day after the last.
    brush: Option<(u32, u32)>,
}

impl State {
    /// As the page reads it: keys as text, the brush in milliseconds of local time.
    pub fn json(&self) -> Value {
        let ms = |day: u32| START_MS + i64::from(day) * DAY_MS;
        json!({
            "channel": self.channel.iter().map(|at| CHANNELS[*at].0).collect::<Vec<_>>(),
            "category": self.category.iter().map(|at| CATEGORIES[*at]).collect::<Vec<_>>(),
            "region": self.province.iter().map(|at| PROVINCES[*at].0).collect::<Vec<_>>(),
            "brush": self.brush.map(|(from, to)| [ms(from), ms(to)]),
        })
    }
}

/// What is asked, stage by stage.
pub struct Plan {
    /// Categorical filters set, changed and cleared.
    pub toggles: Vec<State>,
    /// The brush alone, a day further each step.
    pub brush: Vec<State>,
    /// The brush beside a filter.
    pub linked: Vec<State>,
    /// Batches appended without a filter.
    pub batches: usize,
}

impl Plan {
    /// `steps` of the brush and `batches` of the stream.
    pub fn new(steps: u32, batches: usize) -> Self {
        let state = |channel: &[usize], category: &[usize], province: &[usize]| State {
            channel: channel.to_vec(),
            category: category.to_vec(),
            province: province.to_vec(),
            brush: None,
        };
        let toggles = vec![
            state(&[1], &[], &[]),
            state(&[1, 3], &[], &[]),
            state(&[1, 3], &[4], &[]),
            state(&[1, 3], &[4, 0, 11], &[]),
            state(&[], &[4, 0, 11], &[]),
            state(&[], &[4, 0, 11], &[0]),
            state(&[0], &[4, 0, 11], &[0]),
            state(&[0], &[], &[0]),
            state(&[0], &[], &[]),
            state(&[], &[], &[]),
            state(&[], &[], &[2, 7, 30]),
            state(&[], &[], &[]),
        ];
        let brush = |channel: &[usize]| {
            let step = |at: u32| State {
                brush: Some((40 + at, 40 + at + WINDOW)),
                ..state(channel, &[], &[])
            };
            (0..steps).map(step).collect()
        };
        Self {
            toggles,
            brush: brush(&[]),
            linked: brush(&[1]),
            batches,
        }
    }

    /// As the page reads it.
    pub fn json(&self) -> Value {
        let list = |states: &[State]| states.iter().map(State::json).collect::<Vec<_>>();
        json!({
            "toggles": list(&self.toggles),
            "brush": list(&self.brush),
            "linked": list(&self.linked),
            "batches": self.batches,
        })
    }

    /// The right answers of each stage: `facts` begin with the `lines` lines of the file.
    pub fn truth(&self, facts: &[Fact], lines: usize) -> Vec<(&'static str, Vec<Value>)> {
        let file = &facts[..lines];
        let all = |states: &[State]| states.iter().map(|state| answer(file, state)).collect::<Vec<_>>();
        let grown = |batch: usize| {
            let seen = facts.get(..lines + (batch + 1) * BATCH).unwrap_or(facts);
            answer(seen, &State::default())
        };
        vec![
            ("first", vec![answer(file, &State::default())]),
            ("toggles", all(&self.toggles)),
            ("brush", all(&self.brush)),
            ("linked", all(&self.linked)),
            ("stream", (0..self.batches).map(grown).collect()),
        ]
    }
}

/// One clause on the page, and what it leaves.
pub struct Click {
    /// Dimension; empty: no clause.
    pub dim: &'static str,
    /// The key that is kept.
    pub key: &'static str,
    /// GMV.
    pub cents: u64,
    /// Orders created.
    pub orders: u64,
}

/// No clause, then each channel and each category, of `facts`.
pub fn clicks(facts: &[Fact]) -> Vec<Click> {
    let click = |dim, key, state: &State| {
        let totals = answer(facts, state)["totals"].clone();
        let number = |at: usize| totals[at].as_u64().unwrap_or(u64::MAX);
        Click {
            dim,
            key,
            cents: number(1),
            orders: number(3),
        }
    };
    let channels = CHANNELS.iter().enumerate().map(|(at, channel)| {
        let state = State {
            channel: vec![at],
            ..State::default()
        };
        click("channel", channel.0, &state)
    });
    let categories = CATEGORIES.iter().enumerate().map(|(at, category)| {
        let state = State {
            category: vec![at],
            ..State::default()
        };
        click("category", category, &state)
    });
    let whole = click("", "", &State::default());
    std::iter::once(whole).chain(channels).chain(categories).collect()
}

/// Sums of one group.
#[derive(Clone, Copy, Default)]
struct Group {
    lines: u64,
    cents: u64,
    units: u64,
}

impl Group {
    fn add(&mut self, fact: &Fact) {
        self.lines += 1;
        self.cents += fact.cents();
        self.units += u64::from(fact.quantity);
    }
}

/// The seven views of `facts` under `state`, each without its own clause: `totals` as numbers, the others as rows of a
/// key and its numbers, sorted by key but for the goods.
fn answer(facts: &[Fact], state: &State) -> Value {
    let is_in = |keys: &[usize], count: usize| -> Vec<bool> {
        (0..count)
            .map(|at| keys.is_empty() || keys.contains(&at))
            .collect()
    };
    let channels = is_in(&state.channel, CHANNELS.len());
    let categories = is_in(&state.category, CATEGORIES.len());
    let provinces = is_in(&state.province, PROVINCES.len());
    let (from, to) = state.brush.unwrap_or((0, u32::MAX));

    let mut totals = Group::default();
    let (mut orders, mut last) = (0_u64, u32::MAX);
    let mut by_channel = [Group::default(); CHANNELS.len()];
    let mut by_province = [Group::default(); PROVINCES.len()];
    let mut by_category = [Group::default(); CATEGORIES.len()];
    let mut by_status = [Group::default(); STATUSES.len()];
    let mut by_sku = vec![Group::default(); SKUS as usize];
    let mut by_day = vec![Group::default(); facts.last().map_or(0, |fact| fact.day() as usize + 1)];
    for fact in facts {
        let channel = channels[usize::from(fact.channel)];
        let category = categories[fact.category()];
        let province = provinces[usize::from(fact.province)];
        let brush = (from..to).contains(&fact.day());
        if category && province && brush {
            by_channel[usize::from(fact.channel)].add(fact);
        }
        if channel && province && brush {
            by_category[fact.category()].add(fact);
        }
        if channel && category && brush {
            by_province[usize::from(fact.province)].add(fact);
        }
        if channel && category && province {
            by_day[fact.day() as usize].add(fact);
            if brush {
                totals.add(fact);
                by_status[usize::from(fact.status)].add(fact);
                by_sku[usize::from(fact.sku)].add(fact);
                // The lines of an order stand together.
                orders += u64::from(fact.order != last);
                last = fact.order;
            }
        }
    }

    let mut views = Map::new();
    views.insert(
        "totals".to_owned(),
        json!([totals.lines, totals.cents, totals.units, orders]),
    );
    type Shown = fn(&Group) -> Vec<u64>;
    let gmv_lines: Shown = |group| vec![group.cents, group.lines];
    let mut view = |name: &str, groups: Vec<(String, Group)>, shown: Shown, by_key: bool| {
        let mut groups: Vec<_> = groups.into_iter().filter(|(_, group)| group.lines > 0).collect();
        if by_key {
            groups.sort_by(|a, b| a.0.cmp(&b.0));
        }
        let row = |(key, group): (String, Group)| -> Value {
            let numbers = shown(&group).into_iter().map(Value::from);
            std::iter::once(Value::from(key)).chain(numbers).collect()
        };
        views.insert(name.to_owned(), groups.into_iter().map(row).collect());
    };
    let named = |names: Vec<&str>, groups: &[Group]| -> Vec<(String, Group)> {
        names
            .into_iter()
            .map(str::to_owned)
            .zip(groups.iter().copied())
            .collect()
    };
    view(
        "channel",
        named(CHANNELS.iter().map(|c| c.0).collect(), &by_channel),
        gmv_lines,
        true,
    );
    view(
        "region",
        named(PROVINCES.iter().map(|p| p.0).collect(), &by_province),
        gmv_lines,
        true,
    );
    view(
        "category",
        named(CATEGORIES.to_vec(), &by_category),
        |group| vec![group.cents, group.units],
        true,
    );
    view(
        "status",
        named(STATUSES.iter().map(|s| s.0).collect(), &by_status),
        |group| vec![group.lines],
        true,
    );
    let mut skus: Vec<(String, Group)> = (0..SKUS).map(sku_code).zip(by_sku).collect();
    skus.sort_by(|a, b| b.1.units.cmp(&a.1.units).then_with(|| a.0.cmp(&b.0)));
    skus.truncate(20);
    view("sku", skus, |group| vec![group.units], false);
    let days: Vec<_> = (0..).map(day_text).zip(by_day).collect();
    view("day", days, gmv_lines, true);
    Value::Object(views)
}
