//! **Stockpit** — an order and inventory cockpit that is nothing but static files.
//!
//! A seller drops the exports of a shop, an ERP or a warehouse on a page; ingest, aggregation and
//! questions run in the browser; nothing leaves the device. This page is the living map of the code.
//!
//! # Bird's eye
//!
//! One package, one library, four binaries: `src/main.rs` is the page, `src/bin/engine.rs` the worker that keeps
//! every row, `src/bin/reader.rs` the worker that reads files, there while there are any: it alone carries the parsers
//! of all formats, and comes with the first file. `src/bin/library.rs` is the engine for programs, without the page: what
//! only they ask weighs on no page, and nothing of the page on them.
//! A release cuts page and engine in two each: what the first cockpit needs, and what comes once it stands, the screens beside
//! it (`ui::Screens`) and all that reads, keeps, follows and rehearses (`platform::Later`).
//! Data runs one way round:
//!
//! ```text
//! file ─▶ [reader] ingest ─ blocks ─▶ [engine] model table ─▶ query · metric ─▶ Event
//!   ▲                                                                            │
//! Command ◀── dispatch ◀── ui ◀── chart ◀── memos ◀── state: reduce(state, Event) ◀┘
//! ```
//!
//! Reading and keeping rows take about as long as each other, so two workers do it side by side; a file that
//! ends in a panic ends its reader and no more; and the memory that reading took is given back with it.
//!
//! # Rooms and their rules
//!
//! `tests/house.rs` fails on an import that breaks this table.
//!
//! | module | holds | may use | never |
//! | --- | --- | --- | --- |
//! | [`time`], [`money`] | instants, days, exact decimals | each other | a clock |
//! | [`arrange`](mod@arrange) | short lists in order | nothing | |
//! | [`model`] | columnar tables, dictionaries | time, money | IO |
//! | [`protocol`] | Command, Event, view data: the only types that cross threads | time, money, model's small types | tables |
//! | [`format`](mod@format) | text for people (万/亿, zh/en) | time, money, protocol | a clock |
//! | [`locale`] | Chinese and English text, beside each other | format, model's ids, protocol | logic |
//! | [`ingest`] | bytes → rows + report | arrange, time, money, model, protocol's report | fails for a bad row |
//! | [`query`] | clauses, which lines pass, which blocks a time touches: the crossfilter's half that knows no number | time, model, protocol's view request | |
//! | [`metric`] | the definition of every number on screen, and the pivots that keep them up as rows and clauses change | arrange, time, money, model, query, protocol | a second definition elsewhere |
//! | [`alert`] | rules, their state machines, incidents | arrange, time, money, protocol's severity and faults of rules | a table, a clock |
//! | [`sim`] | the demo shop, a seeded simulator | arrange, time, money, model | a clock, a random number from outside |
//! | [`keep`] | what stays in the browser: the stored format, the order of writing | time, money, model, protocol's report and sources | IO: a disk is handed in |
//! | [`engine`] | runs in the worker: `apply(Command, now) → Vec<Event>` | all above | leptos |
//! | [`feed`] | sources that come by themselves: when to look again, which files are whole; in which order what a live one says counts | arrange, time, ingest's tasks, protocol's feeds | a clock, chance, IO, sockets |
//! | [`chart`] | view data → marks, through plotters' `DrawingBackend` | time, money, protocol, format | web-sys |
//! | [`state`] | plain structs, one reducer, the address | time, model's ids, protocol, format's language | engine |
//! | `platform` | the only module that names web-sys/js-sys | time, format's language, protocol, chart, keep, ingest, feed, engine (to host them) | logic |
//! | `ui` | Leptos: pages, panels, widgets | time, money, model's ids, format, locale, protocol, chart, state, platform, sim's name | engine |
//!
//! Against the first plan: `ingest` writes the report type of `protocol` itself, since a second, equal
//! one would only be copied; and `sim` is a room of its own, since it is neither ingest nor engine. Rows do cross once: from reader to
//! engine, as [`model::OrderBlock`]s, which is why those two speak `ingest`'s messages and not `protocol`'s.
//! `task`, `forecast` and `ask` get their rooms with their first line of code.
//!
//! # Invariants
//!
//! - Core modules do no IO, read no clock, draw no random number; `now` is an argument.
//! - Every number of flow is read off a pivot; a pivot that is kept up line by line or scanned by blocks has
//!   a plain definition that tests hold it against ([`metric::plain`]).
//! - Ground state is tables + user settings; all else is derived and may be dropped.
//! - An Event that answers an old request is dropped.
//! - Money is exact: integers in 1/10,000 of the currency unit, beside their currency; currencies are
//!   never added; what is finer is rounded half-even and counted in the report; no float is summed.
//! - Order of output never depends on a hash map; ties are broken by key.
//! - Negative availability is oversell and is never clamped.
//! - A file enters the tables whole or not at all; bad rows are data, in its report.

pub mod alert;
pub mod arrange;
pub mod chart;
pub mod engine;
pub mod feed;
pub mod format;
pub mod ingest;
pub mod keep;
pub mod locale;
pub mod metric;
pub mod model;
pub mod money;
pub mod protocol;
pub mod query;
pub mod sim;
pub mod state;
pub mod time;

#[cfg(target_arch = "wasm32")]
pub mod platform;
#[cfg(target_arch = "wasm32")]
pub mod ui;
