//! What lies over the screen: definitions, settings, filters, the drop overlay.

use super::Ctx;
use super::kept::{ForgetQuestion, KeptDetails};
use super::kpis::{metric_text, metric_value};
use super::loudness::{LoudnessForm, PastAlerts};
use super::rules::Rules;
use super::screens::{FromBeside, Screens};
use super::silence::Silence;
use super::sources::Sources;
use super::widgets::{Segments, Slots, filled, key_text};
use crate::format::Lang;
use crate::locale::{T, dim_name, metric_definition, metric_name, zone_name};
use crate::model::Dim;
use crate::platform;
use crate::protocol::MetricId;
use crate::state::{Action, Dialog, Theme};
use crate::time::Zone;
use leptos::prelude::*;

/// Currencies that can be taken for files that name none.
const CURRENCIES: [&str; 14] = [
    "", "CNY", "USD", "EUR", "GBP", "JPY", "INR", "HKD", "TWD", "SGD", "MYR", "IDR", "BRL", "AUD",
];

/// The open dialog, if one is.
#[component]
pub fn Dialogs() -> impl IntoView {
    let ctx = Ctx::get();
    let dialog = ctx.pick(|state| state.dialog);
    Effect::new(move |_| {
        if dialog.get().is_some() {
            platform::focus(".dialog .icon");
        }
    });
    let close = move |_| ctx.dispatch(Action::Dialog(None));
    let title = move || match dialog.get() {
        Some(Dialog::Definition(id)) => metric_name(id, ctx.lang()),
        Some(Dialog::Settings) => ctx.t(T::Settings),
        Some(Dialog::Filters) => ctx.t(T::AddFilter),
        Some(Dialog::Kept) => ctx.t(T::KeptTitle),
        Some(Dialog::Forget) => ctx.t(T::Forget),
        Some(Dialog::Sources) => ctx.t(T::FeedsTitle),
        Some(Dialog::Rules) => ctx.t(T::Rules),
        Some(Dialog::Silence) => ctx.t(T::AlertSilence),
        Some(Dialog::Loudness) => ctx.t(T::Loud),
        Some(Dialog::Past) => ctx.t(T::Past),
        None => "",
    };
    view! {
        <Show when=move || dialog.get().is_some()>
            <div class="scrim" on:click=close></div>
            <div class="dialog" class:wide=move || dialog.get() == Some(Dialog::Rules) role="dialog" aria-modal="true" aria-label=title data-role="dialog">
                <header>
                    <h2>{title}</h2>
                    <button class="icon" aria-label=move || ctx.t(T::Close) data-role="close" on:click=close>"×"</button>
                </header>
                {move || dialog.get().map(|dialog| view! {
                    <FromBeside show=move |screens: Screens| (screens.dialog)(dialog) wanted=true />
                })}
            </div>
        </Show>
    }
}

/// What a dialog holds.
#[component]
pub fn DialogContent(dialog: Dialog) -> impl IntoView {
    match dialog {
        Dialog::Definition(id) => view! { <Definition id=id /> }.into_any(),
        Dialog::Settings => view! { <SettingsForm /> }.into_any(),
        Dialog::Filters => view! { <Filters /> }.into_any(),
        Dialog::Kept => view! { <KeptDetails /> }.into_any(),
        Dialog::Forget => view! { <ForgetQuestion /> }.into_any(),
        Dialog::Sources => view! { <Sources /> }.into_any(),
        Dialog::Rules => view! { <Rules /> }.into_any(),
        Dialog::Silence => view! { <Silence /> }.into_any(),
        Dialog::Loudness => view! { <LoudnessForm /> }.into_any(),
        Dialog::Past => view! { <PastAlerts /> }.into_any(),
    }
}

/// What a number means, and its exact value.
#[component]
fn Definition(id: MetricId) -> impl IntoView {
    let ctx = Ctx::get();
    let kpis = ctx.view(move |cockpit| {
        cockpit
            .kpis
            .iter()
            .filter(|kpi| kpi.id == id)
            .cloned()
            .collect::<Vec<_>>()
    });
    let rows = move || {
        let line = |kpi: crate::protocol::Kpi| {
            let currency = kpi.currency.unwrap_or_default();
            let exact = metric_value(id, kpi.value);
            let shown = metric_text(id, kpi.value, &currency, ctx.lang()).to_string();
            let text = if kpi.value.is_none() {
                ctx.t(T::NotDefined).to_owned()
            } else {
                format!("{exact} {currency}")
            };
            view! { <p class="exact"><strong>{shown}</strong>" "<span class="mid">{text}</span></p> }
        };
        kpis.get().into_iter().map(line).collect_view()
    };
    view! {
        <div class="definition" data-definition=id.id()>
            {rows}
            <p>{move || metric_definition(id, ctx.lang())}</p>
        </div>
    }
}

/// Language, appearance, zone, currency.
#[component]
fn SettingsForm() -> impl IntoView {
    let ctx = Ctx::get();
    let text = move |text: T| Signal::derive(move || ctx.t(text).to_owned());
    let zone = ctx.pick(|state| state.preferences.settings.zone.clone());
    let day_starts = ctx.pick(|state| state.preferences.settings.day_starts);
    let currency = ctx.pick(|state| state.preferences.settings.currency.clone());
    let lang = ctx.pick(|state| state.preferences.lang);
    let theme = ctx.pick(|state| state.preferences.theme);
    let zones = {
        let mut zones: Vec<&'static str> = Zone::all().collect();
        zones.sort_unstable();
        zones
    };
    view! {
        <div class="settings">
            <label>{text(T::Language)}</label>
            <Segments choices=Signal::derive(|| vec![(Lang::Zh, "中文", "zh"), (Lang::En, "English", "en")])
                chosen=lang kind="lang" label=text(T::Language) on_choice=move |lang| ctx.dispatch(Action::Lang(lang)) />
            <label>{text(T::Theme)}</label>
            <Segments
                choices=Signal::derive(move || vec![(Theme::Dark, ctx.t(T::Dark), "dark"), (Theme::Light, ctx.t(T::Light), "light")])
                chosen=theme kind="theme" label=text(T::Theme) on_choice=move |theme| ctx.dispatch(Action::Theme(theme)) />
            <label for="zone">{text(T::TimeZone)}</label>
            <select id="zone" data-role="zone" on:change=move |event| ctx.dispatch(Action::Zone(event_target_value(&event)))>
                {zones.into_iter().map(|name| {
                    view! { <option value=name selected=move || zone.get() == name>{zone_name(name)}</option> }
                }).collect_view()}
            </select>
            <p class="hint">{text(T::TimeZoneHint)}</p>
            <label for="day-starts">{text(T::DayStarts)}</label>
            <select
                id="day-starts"
                data-role="day-starts"
                on:change=move |event| {
                    if let Ok(hour) = event_target_value(&event).parse::<u16>() {
                        ctx.dispatch(Action::DayStarts(hour.min(12) * 60));
                    }
                }
            >
                {(0..=8_u16).map(|hour| {
                    view! { <option value=hour selected=move || day_starts.get() == hour * 60>{format!("{hour:02}:00")}</option> }
                }).collect_view()}
            </select>
            <p class="hint">{text(T::DayStartsHint)}</p>
            <label for="currency">{text(T::DefaultCurrency)}</label>
            <select id="currency" data-role="currency" on:change=move |event| ctx.dispatch(Action::DefaultCurrency(event_target_value(&event)))>
                {CURRENCIES.into_iter().map(|code| {
                    let name = move || if code.is_empty() { ctx.t(T::UnknownCurrency) } else { code };
                    view! { <option value=code selected=move || currency.get() == code>{name}</option> }
                }).collect_view()}
            </select>
            <p class="hint">{text(T::DefaultCurrencyHint)}</p>
            <label>{text(T::DataPanel)}</label>
            <button class="button" data-role="kept-more" on:click=move |_| ctx.dispatch(Action::Dialog(Some(Dialog::Kept)))>
                {text(T::KeptTitle)}
            </button>
        </div>
    }
}

/// All keys of all dimensions, to be searched and chosen.
#[component]
fn Filters() -> impl IntoView {
    let ctx = Ctx::get();
    let search = RwSignal::new(String::new());
    let dims = ctx.view(|cockpit| cockpit.breakdowns.iter().map(|b| b.dim).collect::<Vec<_>>());
    let group = move |dim: Dim| {
        let chosen = ctx.pick(move |state| state.view.filters.get(&dim).cloned().unwrap_or_default());
        let keys = ctx.view(move |cockpit| {
            let rows = cockpit
                .breakdowns
                .iter()
                .find(|b| b.dim == dim)
                .map(|b| b.rows.as_slice());
            rows.unwrap_or_default()
                .iter()
                .map(|row| row.key.clone())
                .collect::<Vec<_>>()
        });
        let shown = Memo::new(move |_| {
            let wanted = search.get().to_lowercase();
            let matches = |key: &String| key_text(ctx, dim, key).to_lowercase().contains(&wanted);
            keys.get().into_iter().filter(matches).collect::<Vec<_>>()
        });
        let key = move |key: Memo<Option<String>>| {
            let value = move || key.get().unwrap_or_default();
            let pressed = move || chosen.with(|set| set.keys.contains(&value()));
            view! {
                <button class="chip" data-dim=dim.id() data-key=value aria-pressed=move || if pressed() { "true" } else { "false" }
                    on:click=move |_| ctx.dispatch(Action::Toggle(dim, value()))>
                    {move || key_text(ctx, dim, &value())}
                </button>
            }
        };
        view! {
            <section class:hidden=move || shown.with(Vec::is_empty)>
                <h3>{move || dim_name(dim, ctx.lang())}</h3>
                <div class="keys"><Slots rows=shown row=key /></div>
            </section>
        }
    };
    view! {
        <div class="filters">
            <input type="search" placeholder=move || ctx.t(T::Search) aria-label=move || ctx.t(T::Search)
                on:input=move |event| search.set(event_target_value(&event)) />
            <For each=move || dims.get() key=|dim| *dim children=group />
            <button class="button" on:click=move |_| ctx.dispatch(Action::ClearAll)>{move || ctx.t(T::ClearAll)}</button>
        </div>
    }
}

/// Shown while files hang over the page.
#[component]
pub fn DropOverlay() -> impl IntoView {
    let ctx = Ctx::get();
    let dragging = ctx.pick(|state| state.dragging);
    let text = move || match dragging.get() {
        Some(count) if count > 1 => filled(ctx, T::DropHere, &[&count.to_string()]),
        _ => ctx.t(T::DropHereOne).to_owned(),
    };
    view! {
        <Show when=move || dragging.get().is_some()>
            <div class="drop-veil" data-role="drop">
                <div class="drop-box">
                    <h2>{text}</h2>
                    <p>{move || ctx.t(T::DropPlatforms)}<br />{move || ctx.t(T::DropFormats)}</p>
                    <p class="mid">{move || ctx.t(T::DropPrivacy)}</p>
                </div>
            </div>
        </Show>
    }
}

/// Said once the engine no longer answers.
#[component]
pub fn EngineFailure() -> impl IntoView {
    let ctx = Ctx::get();
    let failure = ctx.pick(|state| match &state.engine {
        crate::state::EngineState::Failed(words) => Some(words.clone()),
        _ => None,
    });
    view! {
        <Show when=move || failure.get().is_some()>
            <div class="scrim"></div>
            <div class="dialog" role="alertdialog" aria-modal="true" data-role="engine-failed">
                <header><h2><span class="cross">"✕"</span>" "{move || ctx.t(T::EngineFailed)}</h2></header>
                <p>{move || ctx.t(T::EngineFailedHint)}</p>
                <p class="low">{move || failure.get()}</p>
                <button class="button primary" on:click=move |_| platform::reload()>{move || ctx.t(T::Reload)}</button>
            </div>
        </Show>
    }
}
