//! The dialogs of how alerts are told aloud, and of those that have been.

use super::Ctx;
use super::alerts::{alert_title, money};
use super::herald::{letter, when};
use super::widgets::{Segments, filled};
use crate::format;
use crate::locale::{T, alert_figure, feed_problem_text};
use crate::platform::{self, Leave, SoundState};
use crate::protocol::{AlertLine, FeedProblem, Secret, Severity};
use crate::state::{Action, Delivery, Loudness, Past};
use leptos::prelude::*;

/// Changes how alerts are told.
fn change(ctx: Ctx, change: impl FnOnce(&mut Loudness)) {
    let mut loudness = ctx.peek(|state| state.loudness.clone());
    change(&mut loudness);
    ctx.dispatch(Action::Loudness(Box::new(loudness)));
}

/// How alerts are told aloud on this device.
#[component]
pub fn LoudnessForm() -> impl IntoView {
    let ctx = Ctx::get();
    let text = move |text: T| Signal::derive(move || ctx.t(text).to_owned());
    let how = ctx.pick(|state| state.loudness.clone());
    // Asked of the browser, which tells nobody of changes.
    let sound = Memo::new(move |_| {
        ctx.now();
        how.with(|how| how.sound).then(platform::sound_state)
    });
    let leave = RwSignal::new(platform::notice_leave());
    let check =
        move |label: T, role: &'static str, is_on: fn(&Loudness) -> bool, set: fn(&mut Loudness, bool)| {
            view! {
                <label class="check">
                    <input type="checkbox" data-role=role prop:checked=move || how.with(is_on)
                        on:change=move |event| {
                            let is_on = event_target_checked(&event);
                            change(ctx, |how| set(how, is_on));
                            if role == "loud-sound" && is_on {
                                platform::wake_sound();
                            }
                            if role == "loud-notify" && is_on {
                                platform::ask_for_notices(move |answer| leave.set(answer));
                            }
                        } />
                    <span>{move || ctx.t(label)}</span>
                </label>
            }
        };
    let sound_text = move || {
        ctx.t(match sound.get() {
            None => T::LoudSoundOff,
            Some(SoundState::Ready) => T::LoudSoundReady,
            Some(SoundState::Waiting) => T::LoudSoundWaiting,
            Some(SoundState::Missing) => T::LoudSoundMissing,
        })
    };
    let sound_id = move || match sound.get() {
        None => "off",
        Some(SoundState::Ready) => "ready",
        Some(SoundState::Waiting) => "waiting",
        Some(SoundState::Missing) => "missing",
    };
    let (leave_id, leave_text) = (
        move || match leave.get() {
            Leave::Missing => "missing",
            Leave::Unasked => "unasked",
            Leave::Denied => "denied",
            Leave::Granted => "granted",
        },
        move || {
            ctx.t(match leave.get() {
                Leave::Missing => T::LoudNotifyMissing,
                Leave::Unasked => T::LoudNotifyUnasked,
                Leave::Denied => T::LoudNotifyDenied,
                Leave::Granted => T::LoudNotifyGranted,
            })
        },
    );
    let hour = move |role: &'static str, at: usize| {
        view! {
            <input type="time" data-role=role aria-label=move || ctx.t(T::LoudQuiet)
                prop:value=move || clock(how.with(|how| how.quiet[at]))
                on:change=move |event| {
                    if let Some(minutes) = minutes(&event_target_value(&event)) {
                        change(ctx, |how| how.quiet[at] = minutes);
                    }
                } />
        }
    };
    let listen = move |_| {
        platform::wake_sound();
        let length = platform::chime(Severity::P1);
        if ctx.peek(|state| state.loudness.speech) {
            let tag = ctx.peek(|state| state.preferences.lang.tag());
            platform::speak(ctx.t(T::LoudSample), tag, length);
        }
    };
    let least = Signal::derive(move || how.with(|how| how.least));
    view! {
        <div class="settings loudness" data-role="loudness">
            <h3>{text(T::LoudAloud)}</h3>
            {check(T::LoudSound, "loud-sound", |how| how.sound, |how, is_on| how.sound = is_on)}
            <p class="hint" data-role="sound-state" data-state=sound_id>{sound_text}</p>
            {check(T::LoudSpeech, "loud-speech", |how| how.speech, |how, is_on| how.speech = is_on)}
            <p class="hint">{move || ctx.t(if platform::can_speak() { T::LoudSpeechHint } else { T::LoudSpeechMissing })}</p>
            {check(T::LoudNotify, "loud-notify", |how| how.notify, |how, is_on| how.notify = is_on)}
            <p class="hint" data-role="notice-state" data-state=leave_id>{leave_text}</p>
            <label>{text(T::LoudLeast)}</label>
            <Segments choices=Signal::derive(|| vec![(Severity::P1, "P1", "p1"), (Severity::P2, "P1–P2", "p2"), (Severity::P3, "P1–P3", "p3")])
                chosen=least kind="least" label=text(T::LoudLeast) on_choice=move |least| change(ctx, |how| how.least = least) />
            {check(T::LoudQuiet, "loud-quiet", |how| how.is_quiet, |how, is_on| how.is_quiet = is_on)}
            <span class="hours">{hour("quiet-from", 0)}" – "{hour("quiet-to", 1)}</span>
            {check(T::LoudBreaks, "loud-breaks", |how| how.p1_breaks, |how, is_on| how.p1_breaks = is_on)}
            <p class="hint">{text(T::LoudQuietHint)}</p>
            <button class="button" data-role="loud-try" on:click=listen>{text(T::LoudTry)}</button>
            <Webhook />
        </div>
    }
}

/// `22:30` of minutes.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// Minutes of `22:30`.
fn minutes(clock: &str) -> Option<u16> {
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.get(..2)?.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Whether incidents may be sent there: only where nobody can listen on the way.
fn is_safe(url: &str) -> bool {
    let host = url
        .strip_prefix("http://")
        .map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    let is_here = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        ["localhost", "127.0.0.1", "[::1]"].contains(&name)
    };
    url.starts_with("https://") || host.is_some_and(is_here)
}

/// Where incidents are sent.
#[component]
fn Webhook() -> impl IntoView {
    let ctx = Ctx::get();
    let kept = ctx.peek(|state| state.loudness.clone());
    let (url, token) = (RwSignal::new(kept.webhook), RwSignal::new(kept.token.0));
    let remember = RwSignal::new(kept.remember);
    let is_wrong = RwSignal::new(false);
    let delivery = ctx.pick(|state| state.outbox.delivery.clone());
    let save = move || {
        let address = url.get_untracked().trim().to_owned();
        let is_good = address.is_empty() || is_safe(&address) && platform::resolve(&address).is_some();
        is_wrong.set(!is_good);
        if is_good {
            change(ctx, |how| {
                how.webhook = address;
                how.token = Secret(token.get_untracked().trim().to_owned());
                how.remember = remember.get_untracked();
                how.lacks_token = false;
            });
        }
        is_good
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save();
    };
    let try_it = move |_| {
        if save() && !url.get_untracked().trim().is_empty() {
            let sample = AlertLine {
                rule: "oversell".to_owned(),
                severity: Severity::P1,
                state: "firing".to_owned(),
                title: ctx.t(T::LoudSampleGoods).to_owned(),
                sku: "TEST".to_owned(),
                value: 3.0,
                count: 1,
                since: platform::now(),
                ..AlertLine::default()
            };
            ctx.dispatch(Action::Letter(letter(ctx, &sample, true)));
            ctx.dispatch(Action::Deliver(platform::now()));
        }
    };
    let why = move |problem: &FeedProblem| match problem {
        // A browser does not tell it from a server that is not there.
        FeedProblem::Unreachable => ctx.t(T::HookUnreachable).to_owned(),
        problem => feed_problem_text(problem, "", ctx.lang()),
    };
    let said = move || match delivery.get() {
        Delivery::None => String::new(),
        Delivery::UnderWay => ctx.t(T::HookUnderWay).to_owned(),
        Delivery::Taken => ctx.t(T::HookTaken).to_owned(),
        Delivery::Again(problem) => filled(ctx, T::HookAgain, &[&why(&problem)]),
        Delivery::Failed(problem) => filled(ctx, T::HookFailed, &[&why(&problem)]),
        Delivery::Stale(count) => filled(ctx, T::HookStale, &[&count.to_string()]),
    };
    let field = move |label: T, role: &'static str, kind: &'static str, value: RwSignal<String>| {
        view! {
            <label>
                <span class="low">{move || ctx.t(label)}</span>
                <input type=kind data-role=role autocomplete="off" spellcheck="false" prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event)) />
            </label>
        }
    };
    view! {
        <form class="hook" novalidate on:submit=submit>
            <h3>{move || ctx.t(T::Hook)}</h3>
            <p class="hint">{move || ctx.t(T::HookHint)}</p>
            {field(T::HookAddress, "hook-url", "url", url)}
            {field(T::HookToken, "hook-token", "password", token)}
            <label class="check">
                <input type="checkbox" data-role="hook-remember" prop:checked=move || remember.get()
                    on:change=move |event| remember.set(event_target_checked(&event)) />
                <span>{move || ctx.t(T::FeedRemember)}</span>
            </label>
            <p class="why" class:hidden=move || !is_wrong.get() role="alert" data-role="hook-wrong">{move || ctx.t(T::HookWrong)}</p>
            <div class="buttons">
                <button class="button primary" type="submit" data-role="hook-save">{move || ctx.t(T::HookSave)}</button>
                <button class="button" type="button" data-role="hook-try" on:click=try_it>{move || ctx.t(T::HookTry)}</button>
            </div>
            <p class="why" role="status" data-role="hook-state"
                data-state=move || ctx.pick(|state| state.outbox.delivery.id()).get()>{said}</p>
        </form>
    }
}

/// Alerts that have been, the latest first.
#[component]
pub fn PastAlerts() -> impl IntoView {
    let ctx = Ctx::get();
    let past = ctx.pick(|state| state.past.alerts.clone());
    let row = move |past: Past| {
        let Past { line, ended } = past;
        let lang = ctx.lang();
        let (figure, unit) = alert_figure(&line, lang);
        let end = ended.map_or_else(|| ctx.t(T::PastStands).to_owned(), |ended| when(ctx, ended));
        let place = line.warehouse.clone();
        view! {
            <tr data-role="past" data-rule=line.rule.clone() data-sku=line.sku.clone() data-ended=ended.is_some().to_string()
                data-severity=line.severity.id()>
                <td><span class="badge">{line.severity.id().to_uppercase()}</span></td>
                <th scope="row">{alert_title(ctx, &line)}" "<span class="low">{place}</span></th>
                <td>{when(ctx, line.since)}</td>
                <td>{end}</td>
                <td>{figure}" "<span class="low">{unit}</span></td>
                <td>{money(ctx, line.at_risk).unwrap_or_else(|| format::NONE.to_owned())}</td>
                <td>{line.owner.clone().unwrap_or_else(|| format::NONE.to_owned())}</td>
            </tr>
        }
    };
    let head = move |text: T| view! { <th scope="col">{move || ctx.t(text)}</th> };
    let is_empty = move || past.with(|past| past.is_empty());
    view! {
        <div class="past scroll">
            <p class="mid">{move || ctx.t(if is_empty() { T::PastNone } else { T::PastHint })}</p>
            <table class:hidden=is_empty>
                <thead><tr>
                    <th></th>
                    {[T::Alerts, T::PastFrom, T::PastTo, T::PastWorst, T::PastRisk, T::PastOwner].map(head).collect_view()}
                </tr></thead>
                <tbody>{move || past.get().iter().rev().cloned().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
