//! The screens beside the cockpit: what a release keeps in a file of its own, which comes once the cockpit stands.

use super::Ctx;
use super::dialogs::DialogContent;
use super::drill::DrillBar;
use super::herald::Herald;
use super::import::ImportScreen;
use super::sources::{FeedMarks, FeedRows, Late};
use super::stage::Stage;
use super::troubles::Troubles;
use crate::locale::T;
use crate::platform;
use crate::state::{Action, Dialog, Screen};
use leptos::prelude::*;
use std::pin::Pin;

/// How each is made. Nothing else may name what stands here, else it comes with the cockpit.
#[derive(Clone, Copy)]
pub struct Screens {
    /// The import report.
    pub(super) import: fn() -> AnyView,
    /// What went wrong, above the numbers.
    pub(super) troubles: fn() -> AnyView,
    /// Who tells alerts aloud, and what was missed.
    pub(super) herald: fn() -> AnyView,
    /// The alert on the stage.
    pub(super) stage: fn() -> AnyView,
    /// Sources in the data panel.
    pub(super) feed_rows: fn() -> AnyView,
    /// Sources in the bottom line.
    pub(super) feed_marks: fn() -> AnyView,
    /// Why what a panel shows is late, by the number of the source.
    pub(super) late: fn(u32) -> AnyView,
    /// That a drill is under way, and what can be made to happen in it.
    pub(super) drill: fn() -> AnyView,
    /// What a dialog holds.
    pub(super) dialog: fn(Dialog) -> AnyView,
}

impl Screens {
    /// All of them.
    pub fn all() -> Self {
        Self {
            import: || view! { <ImportScreen /> }.into_any(),
            troubles: || view! { <Troubles /> }.into_any(),
            herald: || view! { <Herald /> }.into_any(),
            stage: || view! { <Stage /> }.into_any(),
            feed_rows: || view! { <FeedRows /> }.into_any(),
            feed_marks: || view! { <FeedMarks /> }.into_any(),
            late: |feed| view! { <Late feed=feed /> }.into_any(),
            drill: || view! { <DrillBar /> }.into_any(),
            dialog: |dialog| view! { <DialogContent dialog=dialog /> }.into_any(),
        }
    }
}

/// Gets the file; `None`: it did not come.
pub type Fetch = fn() -> Pin<Box<dyn Future<Output = Option<Screens>>>>;

/// How far the file is.
#[derive(Clone, Copy)]
enum Coming {
    /// Nobody has asked for it.
    Unasked,
    OnItsWay,
    Here(Screens),
    Failed,
}

/// The file, as the whole page knows it.
#[derive(Clone, Copy)]
pub struct Beside {
    coming: RwSignal<Coming>,
    fetch: Fetch,
}

impl Beside {
    /// What `fetch` gets, not asked for yet.
    pub fn new(fetch: Fetch) -> Self {
        Self {
            coming: RwSignal::new(Coming::Unasked),
            fetch,
        }
    }

    /// Asks for it, unless it is here or on its way.
    pub fn load(self) {
        if matches!(self.coming.get_untracked(), Coming::Unasked | Coming::Failed) {
            self.coming.set(Coming::OnItsWay);
            leptos::task::spawn_local(async move {
                let screens = (self.fetch)().await;
                self.coming.set(screens.map_or(Coming::Failed, Coming::Here));
            });
        }
    }

    /// Asks for it if nobody has yet: what failed is tried again only for someone who waits.
    pub fn prefetch(self) {
        if matches!(self.coming.get_untracked(), Coming::Unasked) {
            self.load();
        }
    }

    /// Whether there is nothing to wait for.
    pub fn is_settled(self) -> bool {
        matches!(self.coming.get(), Coming::Here(_) | Coming::Failed)
    }
}

/// Shows one of the screens; while it is `wanted` and not here, that it comes or why it does not.
#[component]
pub fn FromBeside(
    /// Makes it.
    show: impl Fn(Screens) -> AnyView + Send + Sync + 'static,
    /// Whether someone waits for it; unsaid: it is there once it is there.
    #[prop(into, optional)]
    wanted: Signal<bool>,
) -> impl IntoView {
    let beside: Beside = expect_context();
    Effect::new(move |_| {
        if wanted.get() {
            beside.load();
        }
    });
    move || match beside.coming.get() {
        Coming::Here(screens) => show(screens),
        Coming::Failed => view! { <Missing wanted=wanted beside=beside /> }.into_any(),
        Coming::Unasked | Coming::OnItsWay => view! {
            <div class="coming" class:hidden=move || !wanted.get() role="status" data-role="coming">
                <span class="low">{move || Ctx::get().t(T::Loading)}</span>
                <i></i><i></i><i></i>
            </div>
        }
        .into_any(),
    }
}

/// That it did not come, and two ways on.
#[component]
fn Missing(wanted: Signal<bool>, beside: Beside) -> impl IntoView {
    let ctx = Ctx::get();
    let button = move |text: T, role: &'static str, on_click: fn(Ctx, Beside)| {
        view! {
            <button class="button" data-role=role on:click=move |_| on_click(ctx, beside)>{move || ctx.t(text)}</button>
        }
    };
    view! {
        <div class="coming" class:hidden=move || !wanted.get() role="alert" data-role="missing">
            <strong><span class="cross">"✕"</span>" "{move || ctx.t(T::ScreenMissing)}</strong>
            <p class="mid">{move || ctx.t(T::ScreenMissingHint)}</p>
            <div class="buttons">
                {button(T::Retry, "missing-retry", |_, beside| beside.load())}
                {button(T::Reload, "missing-reload", |_, _| platform::reload())}
                {button(T::EnterCockpit, "missing-leave", |ctx, _| {
                    ctx.dispatch(Action::Dialog(None));
                    ctx.dispatch(Action::Screen(Screen::Cockpit));
                })}
            </div>
        </div>
    }
}
