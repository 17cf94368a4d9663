//! Who tells alerts aloud, and what was missed: of all that stands beside the cockpit, what nobody has to open.

use super::Ctx;
use super::alerts::{alert_said, alert_title};
use super::widgets::filled;
use crate::format;
use crate::locale::T;
use crate::platform;
use crate::protocol::{AlertLine, Keeping, Severity};
use crate::state::{Action, Announcement, Announcer, Dialog, Digest, Past, Post, State, Visit};
use crate::time::UtcMillis;
use leptos::prelude::*;
use serde::Serialize;

/// Key of the alerts that have been.
const PAST: &str = "stockpit.past.v1";
/// Key of the last visit.
const VISIT: &str = "stockpit.visit.v1";
/// Key of how alerts are told aloud.
const LOUDNESS: &str = "stockpit.loudness.v1";
/// All keys under which it keeps things.
pub const KEYS: [&str; 3] = [PAST, VISIT, LOUDNESS];
/// How often it is noted that the page is seen.
const NOTE_MILLIS: i64 = 15_000;
/// Away for longer, what came meanwhile is told.
const AWAY_MILLIS: i64 = 300_000;

/// Tells alerts aloud, keeps what has been, and shows what was missed.
#[component]
pub fn Herald() -> impl IntoView {
    let ctx = Ctx::get();
    let now = platform::now();
    let past: Vec<Past> = platform::load(PAST).unwrap_or_default();
    ctx.dispatch(Action::Recall(past, platform::load(VISIT), now));
    if let Some(loudness) = platform::load(LOUDNESS) {
        ctx.dispatch(Action::Loudness(Box::new(loudness)));
    }
    keep(ctx);
    announce(ctx);
    platform::wake_sound_on_click(move || ctx.peek(|state| state.loudness.sound));
    let urgent = ctx.pick(State::urgent);
    Effect::new(move |_| platform::set_badge(urgent.get()));
    view! { <DigestCard /> }
}

/// What has been and when the page was seen outlive it.
fn keep(ctx: Ctx) {
    // What stands at first is what is kept; a page that was just forgotten keeps nothing.
    let loudness = ctx.pick(|state| state.loudness.kept());
    Effect::new(move |before: Option<()>| {
        let save = |loudness: &_| platform::save(LOUDNESS, loudness);
        loudness.with(|loudness| before.map_or((), |()| save(loudness)));
    });
    let past = ctx.pick(|state| state.past.alerts.clone());
    Effect::new(move |before: Option<()>| {
        let save = |past: &[Past]| platform::save(PAST, &past);
        past.with(|past| before.map_or((), |()| save(past)));
    });
    let visit = move || {
        // Whoever wants all forgotten was never here.
        let lines = ctx.peek(|state| state.own_lines().filter(|_| !state.is_forgotten))?;
        let at = platform::now();
        Some(Visit { at, lines })
    };
    let note = move || {
        if let Some(visit) = visit() {
            platform::save(VISIT, &visit);
        }
    };
    // What stood when the page was last in sight, while it is not.
    let hidden = StoredValue::new(None::<Visit>);
    let noted = StoredValue::new(platform::now());
    Effect::new(move |_| {
        let now = ctx.now();
        if now.0 - noted.get_value().0 >= NOTE_MILLIS && hidden.get_value().is_none() {
            noted.set_value(now);
            note();
        }
    });
    platform::on_hidden(move |is_hidden| {
        let before = hidden.get_value();
        if is_hidden {
            if before.is_none() {
                note();
                hidden.set_value(visit());
            }
            return;
        }
        hidden.set_value(None);
        let now = platform::now();
        if before.is_some_and(|visit| now.0 - visit.at.0 >= AWAY_MILLIS) {
            ctx.dispatch(Action::Leave(before, now));
        }
    });
}

/// Plays what is decided.
fn announce(ctx: Ctx) {
    // Of the user's own rows, and of a simulated shop: of that nobody hears outside the room, also not later.
    let announcers = StoredValue::new([Announcer::default(), Announcer::default()]);
    let pushed = ctx.pick(|state| state.pushed.iter().any(|pushed| !pushed.is_empty()));
    Effect::new(move |_| {
        let now = ctx.now();
        if pushed.get() {
            let hear = |(announcer, pushed): (&mut Announcer, &Vec<AlertLine>)| announcer.hear(pushed, now);
            announcers.update_value(|all| ctx.peek(|state| all.iter_mut().zip(&state.pushed).for_each(hear)));
            ctx.dispatch(Action::Announced);
        }
        let due = ctx.peek(|state| {
            let minute = platform::minute_of_day();
            announcers.try_update_value(|all| {
                if state.alerts.view.is_own() {
                    all[1] = Announcer::default();
                }
                [false, true].map(|is_simulated| {
                    let post = Post {
                        is_simulated,
                        is_second: state.kept.keeping == Keeping::OtherTab,
                    };
                    all[usize::from(is_simulated)].due(&state.loudness, post, minute, now)
                })
            })
        });
        for announcement in due.into_iter().flatten().flatten() {
            platform::soon(move || play(ctx, &announcement));
        }
        if ctx.peek(|state| state.outbox.is_waiting()) {
            platform::soon(move || ctx.dispatch(Action::Deliver(platform::now())));
        }
    });
}

fn play(ctx: Ctx, told: &Announcement) {
    let Some(worst) = told.lines.first() else { return };
    let sentence = sentence(ctx, worst, told.count);
    let length = if told.sounds {
        platform::chime(worst.severity)
    } else {
        0.0
    };
    if told.speaks {
        platform::speak(&sentence, ctx.peek(|state| state.preferences.lang.tag()), length);
    }
    if told.notifies {
        let title = format!(
            "{} · {}",
            worst.severity.id().to_uppercase(),
            alert_title(ctx, worst)
        );
        platform::notify(&title, &sentence, worst.severity == Severity::P1);
    }
    if told.posts {
        for line in &told.lines {
            ctx.dispatch(Action::Letter(letter(ctx, line, false)));
        }
    }
}

/// One sentence of all that is told: of one alert its own, of several how many there are and the worst.
fn sentence(ctx: Ctx, worst: &AlertLine, count: usize) -> String {
    let own = format!(
        "{}{}{}",
        alert_title(ctx, worst),
        ctx.t(T::Comma),
        alert_said(ctx, worst)
    );
    if count > 1 {
        filled(ctx, T::LoudMany, &[&count.to_string(), &own])
    } else {
        own
    }
}

/// An incident as it is sent.
#[derive(Serialize)]
struct Letter<'a> {
    stockpit: &'a str,
    version: u8,
    is_test: bool,
    /// For people: what receivers of chats show.
    text: &'a str,
    rule: &'a str,
    severity: &'a str,
    state: &'a str,
    sku: &'a str,
    title: &'a str,
    warehouse: &'a str,
    value: f64,
    at_risk: Option<f64>,
    currency: &'a str,
    count: u64,
    since: String,
    at: String,
}

/// The letter of an alert, JSON.
pub fn letter(ctx: Ctx, line: &AlertLine, is_test: bool) -> String {
    let currency = ctx.peek(|state| state.alerts.view.currency.clone());
    let text = format!(
        "{} {}{}{}",
        line.severity.id().to_uppercase(),
        alert_title(ctx, line),
        ctx.t(T::Comma),
        alert_said(ctx, line)
    );
    let letter = Letter {
        stockpit: "incident",
        version: 1,
        is_test,
        text: &text,
        rule: &line.rule,
        severity: line.severity.id(),
        state: &line.state,
        sku: &line.sku,
        title: &line.title,
        warehouse: &line.warehouse,
        value: line.value,
        at_risk: line.at_risk,
        currency: &currency,
        count: line.count,
        since: platform::iso(line.since),
        at: platform::iso(platform::now()),
    };
    // Numbers and text: it cannot fail.
    serde_json::to_string(&letter).unwrap_or_default()
}

/// What came since the page was last seen.
#[component]
fn DigestCard() -> impl IntoView {
    let ctx = Ctx::get();
    let digest = ctx.timed(State::digest);
    let card = move |digest: Digest| {
        let number = |count: usize| format::count(count as u64, ctx.lang()).to_string();
        let mut parts = Vec::new();
        if digest.fired > 0 {
            parts.push(filled(
                ctx,
                T::DigestFired,
                &[&number(digest.fired), &number(digest.firing)],
            ));
        }
        if digest.ended > 0 {
            parts.push(filled(ctx, T::DigestEnded, &[&number(digest.ended)]));
        }
        if digest.lines > 0 {
            let lines = format::count(digest.lines, ctx.lang()).to_string();
            parts.push(filled(ctx, T::DigestLines, &[&lines]));
        }
        let text = filled(
            ctx,
            T::Digest,
            &[&when(ctx, digest.since), &parts.join(ctx.t(T::ListComma))],
        );
        view! {
            <p class="trouble digest" role="status" data-role="digest" data-fired=digest.fired data-firing=digest.firing
                data-ended=digest.ended data-lines=digest.lines>
                <span>{text}</span>
                <button class="link" data-role="past-open" on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Past)))>
                    {ctx.t(T::Past)}
                </button>
                <button class="icon" data-role="digest-read" aria-label=ctx.t(T::Close)
                    on:click=move |_| ctx.dispatch(Action::Leave(None, platform::now()))>"×"</button>
            </p>
        }
    };
    move || digest.get().map(card)
}

/// A moment, with its day where that is not today.
pub fn when(ctx: Ctx, at: UtcMillis) -> String {
    let zone = ctx.zone();
    let clock = format::clock(at, zone);
    if format::date(at, zone) == format::date(ctx.now(), zone) {
        clock
    } else {
        format!("{} {clock}", format::short_day(at, zone))
    }
}
