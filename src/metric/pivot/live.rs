//! The crossfilter: the clauses that hold, the clients' running totals, and the cheapest way from one to
//! the next.

use super::picked::{Finds, Rows, Sought};
use super::scan::{Moving, NEVER, scan};
use super::step::{Held, Moved, Totals, Way, step};
use super::{By, Groups, Layout, Spec, When};
use crate::metric::Line;
use crate::model::OrderTable;
use crate::query::{Change, Clauses, Flip, Masks, Zones};
use crate::time::{Span, UtcMillis};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// Rounds after which a client that nobody asked for is dropped.
const KEPT_ROUNDS: u64 = 16;
/// A line's step costs a client about this many scanned lines.
const STEP_COST: usize = 12;

/// How often each way was taken; tests look at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// Answers that were there.
    pub kept: u64,
    /// Pivots scanned.
    pub scanned: u64,
    /// Windows moved line by line.
    pub slid: u64,
    /// Lines stepped in or out.
    pub steps: u64,
}

/// Selection and running totals of every client: derived from the table, and may be dropped.
#[derive(Clone, Debug, Default)]
pub struct Live {
    masks: Masks,
    zones: Zones,
    finds: Finds,
    clients: BTreeMap<Spec, Vec<Client>>,
    round: u64,
    paths: Paths,
}

#[derive(Clone, Debug)]
struct Client {
    state: Counted,
    /// What was counted without any clause, as long as the table stays as it is.
    open: Option<Counted>,
    /// Whether the totals are of the present table and clauses.
    fresh: bool,
    used: u64,
}

/// Totals, and of what they are.
#[derive(Clone, Debug)]
struct Counted {
    when: When,
    /// Window as far as lines count: within the frame where time makes the groups.
    window: Span,
    layout: Layout,
    groups: Rc<Groups>,
    held: Rc<Held>,
}

impl Live {
    /// How often each way was taken.
    pub const fn paths(&self) -> Paths {
        self.paths
    }

    /// Which lines pass which clauses.
    pub const fn masks(&self) -> &Masks {
        &self.masks
    }

    /// Ranges of time by block.
    pub const fn zones(&self) -> &Zones {
        &self.zones
    }

    /// Forgets everything that was derived: the table is another one.
    pub fn reset(&mut self, table: &OrderTable) {
        let clauses = self.masks.clauses().clone();
        *self = Self {
            masks: Masks::scan(&clauses, table),
            paths: self.paths,
            ..Self::default()
        };
        self.zones.follow(table);
    }

    /// A new screen begins: clients that no screen asked for lately are dropped.
    pub fn begin(&mut self) {
        self.round += 1;
        self.finds.clear_windows();
        let oldest = self.round.saturating_sub(KEPT_ROUNDS);
        self.clients.retain(|_, clients| {
            clients.retain(|client| client.used >= oldest);
            !clients.is_empty()
        });
    }

    /// Changes the clauses.
    pub fn select(&mut self, table: &OrderTable, clauses: &Clauses) {
        let was_open = self.masks.clauses().is_open();
        if self.masks.clauses() != clauses {
            self.finds.clear();
        }
        let bits = match self
            .masks
            .change(clauses, table, table.columns().len() / STEP_COST)
        {
            Change::Few(flips) => {
                for flip in flips {
                    self.flip(table, flip);
                }
                return;
            }
            Change::Many(bits) => bits,
        };
        let is_open = clauses.is_open();
        for (spec, clients) in &mut self.clients {
            // Who does not look at what changed has the same answer as before.
            if bits & !spec.own == 0 {
                continue;
            }
            for client in clients {
                // Nearly every clause is taken back soon: what was seen without any waits for that.
                if was_open && client.fresh {
                    client.open = Some(client.state.clone());
                }
                client.fresh = false;
                if let Some(open) = client.open.take_if(|_| is_open) {
                    (client.state, client.fresh) = (open, true);
                }
            }
        }
    }

    /// Lines that are about to be replaced or removed: to be called before the table changes.
    pub fn leave(&mut self, table: &OrderTable, rows: &[u32]) {
        self.forget();
        if rows.len() * STEP_COST > table.columns().len() {
            self.stale();
        }
        for row in rows {
            self.zones.touch(*row);
            self.flip(
                table,
                Flip {
                    row: *row,
                    failed: Masks::GONE,
                },
            );
        }
    }

    /// Lines that were replaced or came back, and new ones: to be called after the table changed.
    pub fn enter(&mut self, table: &OrderTable, rows: &[u32], new: Range<u32>) {
        self.forget();
        if (rows.len() + new.len()) * STEP_COST > table.columns().len() {
            self.stale();
        }
        self.zones.follow(table);
        for row in rows.iter().copied().chain(new) {
            let failed = self.masks.test(table, row as usize);
            self.flip(table, Flip { row, failed });
        }
    }

    /// The table changes: what was found in it as it was is of no use any more.
    fn forget(&mut self) {
        self.finds.clear();
        for client in self.clients.values_mut().flatten() {
            client.open = None;
        }
    }

    /// All totals are of a table that is no more.
    fn stale(&mut self) {
        for client in self.clients.values_mut().flatten() {
            client.fresh = false;
        }
    }

    fn flip(&mut self, table: &OrderTable, Flip { row, failed }: Flip) {
        let before = self.masks.failed(row as usize);
        let Self {
            masks,
            clients,
            paths,
            ..
        } = self;
        let line = Line::new(table.columns(), row as usize);
        for (spec, clients) in clients {
            let way = match (before & !spec.own == 0, failed & !spec.own == 0) {
                (false, true) => Way::In,
                (true, false) => Way::Out,
                _ => continue,
            };
            for client in clients.iter_mut().filter(|client| client.fresh) {
                let Some(at) = line
                    .at(spec.clock)
                    .filter(|at| client.state.window.contains(*at) && line.is(spec.which))
                else {
                    continue;
                };
                paths.steps += 1;
                let window = client.state.window;
                let counts = |other: u32| {
                    masks.passes(other as usize, spec.own)
                        && Line::new(table.columns(), other as usize)
                            .at(spec.clock)
                            .is_some_and(|at| window.contains(at))
                };
                client.step(table, spec, Moved { row, at, way }, counts);
            }
        }
        masks.flip(row, failed);
    }

    /// Takes in what has changed in `table`, so that [`Self::zones`] are of it.
    pub fn follow(&mut self, table: &OrderTable) {
        self.zones.follow(table);
    }

    /// The answer to `spec` in `when`.
    pub fn ask(&mut self, table: &OrderTable, spec: &Spec, when: When) -> Rc<Groups> {
        self.zones.follow(table);
        if self.masks.all().len() != table.columns().len() {
            self.reset(table);
        }
        let look = self.masks.active(table) & !spec.own;
        let rows = Rows {
            table,
            masks: &self.masks,
            zones: &self.zones,
        };
        let mut source = Source {
            rows,
            look,
            finds: &mut self.finds,
        };
        if !self.clients.contains_key(spec) {
            self.clients.insert(spec.clone(), Vec::new());
        }
        let Some(clients) = self.clients.get_mut(spec) else {
            return Rc::default();
        };
        let same = clients.iter().position(|client| client.state.when == when);
        // Else the first that this screen has not used yet: most likely the same panel, a moment ago.
        let unused = || clients.iter().position(|client| client.used < self.round);
        let at = same.or_else(unused).unwrap_or_else(|| {
            clients.push(Client::new(spec, when));
            clients.len() - 1
        });
        let client = &mut clients[at];
        client.used = self.round;
        if client.fresh && client.state.when == when {
            self.paths.kept += 1;
        } else if client.fresh && client.slide(&mut source, spec, when) {
            self.paths.slid += 1;
        } else {
            self.paths.scanned += 1;
            client.scan(&mut source, spec, when);
        }
        Rc::clone(&client.state.groups)
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        self.masks.bytes()
    }
}

impl Client {
    fn new(spec: &Spec, when: When) -> Self {
        Self {
            state: Counted {
                when,
                window: effective(spec, when),
                layout: Layout::default(),
                groups: Rc::default(),
                held: Rc::default(),
            },
            open: None,
            fresh: false,
            used: 0,
        }
    }

    fn scan(&mut self, source: &mut Source<'_>, spec: &Spec, when: When) {
        let layout = Layout::new(spec, when.frame);
        self.state = Counted {
            when,
            window: effective(spec, when),
            groups: Rc::new(Groups::new(spec)),
            held: Rc::new(Held::new(spec, source.rows.table.columns(), &layout)),
            layout,
        };
        self.moves(source, spec, self.state.window, [NEVER; 2], Way::In);
        self.fresh = true;
    }

    /// Brings the lines of `window` in or takes them out, while those of `rest` are in.
    fn moves(&mut self, source: &mut Source<'_>, spec: &Spec, window: Span, rest: [Span; 2], way: Way) {
        let sought = Sought {
            look: source.look,
            clock: spec.clock,
            window,
        };
        let picked = source.finds.find(source.rows, sought);
        let moving = Moving {
            picked: picked.as_deref(),
            window,
            rest,
            way,
        };
        let totals = Totals {
            groups: Rc::make_mut(&mut self.state.groups),
            held: Rc::make_mut(&mut self.state.held),
        };
        scan(source.rows, spec, &self.state.layout, totals, moving);
    }

    fn step(&mut self, table: &OrderTable, spec: &Spec, moved: Moved, counts: impl Fn(u32) -> bool) {
        let totals = Totals {
            groups: Rc::make_mut(&mut self.state.groups),
            held: Rc::make_mut(&mut self.state.held),
        };
        self.fresh &= step(table, spec, &self.state.layout, totals, moved, counts);
    }

    /// Moves the window, where that touches fewer lines than it holds; whether it did.
    fn slide(&mut self, source: &mut Source<'_>, spec: &Spec, when: When) -> bool {
        let (old, new) = (self.state.window, effective(spec, when));
        let (out, into) = (minus(old, new), minus(new, old));
        let zones = source.rows.zones;
        let moved: i64 = out.iter().chain(&into).map(|span| within(*span, zones)).sum();
        if moved.saturating_mul(2) > within(new, zones) || spec.first {
            return false;
        }
        if spec.by.iter().any(|by| matches!(by, By::Time(..))) {
            let layout = Layout::new(spec, when.frame);
            if !layout.continues(&self.state.layout) {
                return false;
            }
            self.state.layout = layout;
        }
        (self.state.when, self.state.window) = (when, new);
        let stays = Span {
            from: old.from.max(new.from),
            to: old.to.min(new.to),
        };
        for (span, rest, way) in [
            (out[0], [stays, out[1]], Way::Out),
            (out[1], [stays, NEVER], Way::Out),
            (into[0], [stays, NEVER], Way::In),
            (into[1], [stays, into[0]], Way::In),
        ] {
            if span.from < span.to {
                self.moves(source, spec, span, rest, way);
            }
        }
        true
    }
}

/// Where a client counts.
struct Source<'a> {
    rows: Rows<'a>,
    /// The clauses that it looks at.
    look: u16,
    finds: &'a mut Finds,
}

impl Layout {
    /// Whether it has the groups of `older`, at the same places, and perhaps more.
    fn continues(&self, older: &Self) -> bool {
        let starts = |layout: &Self| -> Vec<Vec<UtcMillis>> {
            let buckets = layout.buckets.iter().flatten();
            buckets.map(|buckets| buckets.starts().collect()).collect()
        };
        let (new, old) = (starts(self), starts(older));
        new.iter().zip(&old).all(|(new, old)| new.starts_with(old))
    }
}

/// Where lines count: within the frame, where time makes the groups.
fn effective(spec: &Spec, when: When) -> Span {
    if spec.by.iter().any(|by| matches!(by, By::Time(..))) {
        Span {
            from: when.window.from.max(when.frame.from),
            to: when.window.to.min(when.frame.to),
        }
    } else {
        when.window
    }
}

/// What of `span` is not in `other`: before it and after it.
fn minus(span: Span, other: Span) -> [Span; 2] {
    if other.from >= other.to || span.to <= other.from || other.to <= span.from {
        let none = Span {
            from: span.to,
            to: span.to,
        };
        return [span, none];
    }
    [
        Span {
            from: span.from,
            to: other.from.max(span.from),
        },
        Span {
            from: other.to.min(span.to),
            to: span.to,
        },
    ]
}

/// Milliseconds of `span` in which there are lines at all.
fn within(span: Span, zones: &Zones) -> i64 {
    let extent = [zones.extent(), zones.paid_extent()];
    let from = extent.iter().flatten().map(|extent| extent.0).min();
    let to = extent.iter().flatten().map(|extent| extent.1).max();
    let Some((from, to)) = from.zip(to) else { return 0 };
    let (from, to) = (span.from.max(from), span.to.min(to.plus(1)));
    to.0.saturating_sub(from.0).max(0)
}
