//! Rules of alerts: the list, and the form that edits one.

use super::Ctx;
use super::silence::Silences;
use super::trial::TrialView;
use super::widgets::filled;
use crate::locale::{RULE_METRICS, T, alert_name, fault_text, rule_metric, rule_scope, rule_sentence};
use crate::platform;
use crate::protocol::{RuleFault, RulesView};
use crate::state::{Action, RuleLine, clears_at, comparison, first_bound, opposite, rule_lines, with_rule};
use leptos::prelude::*;
use std::sync::Arc;

/// Signs of a comparison, as they are offered.
const SIGNS: [&str; 4] = ["<", "<=", ">", ">="];

/// What is being edited.
#[derive(Clone, Debug, PartialEq)]
struct Edited {
    /// Its line, from 0; `None`: it is new.
    at: Option<usize>,
    rule: RuleLine,
}

/// The dialog.
#[component]
pub fn Rules() -> impl IntoView {
    let ctx = Ctx::get();
    let view = ctx.pick(|state| state.rules.view.clone());
    let edited = RwSignal::new(None::<Edited>);
    view! {
        <div class="rules" data-role="rules" data-default=move || view.get().map(|view| view.is_default.to_string())>
            {move || match (edited.get(), view.get()) {
                (_, None) => view! { <p class="hint">{ctx.t(T::Loading)}</p> }.into_any(),
                (Some(one), Some(view)) => view! { <Form one=one text=view.text.clone() edited=edited /> }.into_any(),
                (None, Some(view)) => list(ctx, &view, edited),
            }}
        </div>
    }
}

/// What a rule is called: one of one's own by its id.
pub fn rule_name(ctx: Ctx, id: &str) -> String {
    alert_name(id, ctx.lang()).to_owned()
}

fn set(ctx: Ctx, text: String) {
    ctx.dispatch(Action::SetRules(text));
}

fn list(ctx: Ctx, view: &Arc<RulesView>, edited: RwSignal<Option<Edited>>) -> AnyView {
    let lang = ctx.lang();
    let has_before = ctx.peek(|state| !state.rules.before.is_empty());
    let defaults = ctx.peek(|state| state.rules.view.as_ref().is_none_or(|view| view.is_default));
    let add = move |_| {
        let rule = RuleLine::of("rule_1: cover_days < 3; for 10m; P2").unwrap_or_default();
        edited.set(Some(Edited { at: None, rule }));
    };
    let import = move |event| {
        for file in platform::picked_files(&event) {
            leptos::task::spawn_local(async move { ctx.import_rules(file).await });
        }
    };
    let rows: Vec<AnyView> = rule_lines(&view.text)
        .into_iter()
        .map(|(at, rule)| row(ctx, &view.text, at, rule, edited))
        .collect();
    let wrong = view.fault.clone().map(|fault| {
        let place = filled(ctx, T::RulesWrong, &[&fault.line.to_string(), &fault.column.to_string()]);
        let what = fault_text(fault.why, &fault.part, lang);
        view! {
            <p class="why" role="alert" data-role="rules-wrong" data-line=fault.line.to_string() data-why=fault.why.id()>
                <span class="cross">"✕"</span>" "{place}" "{what}
            </p>
        }
    });
    view! {
        <p class="mid">{ctx.t(T::RulesHint)}</p>
        {wrong}
        <ul class="rule-list">{rows}</ul>
        <Silences />
        <div class="buttons">
            <button class="button primary" data-role="rule-add" on:click=add>{ctx.t(T::RuleAdd)}</button>
            <button class="button" data-role="rules-back" disabled=!has_before on:click=move |_| ctx.dispatch(Action::RulesBack)>
                {ctx.t(T::RulesBack)}
            </button>
            <button class="button" data-role="rules-default" disabled=defaults on:click=move |_| ctx.dispatch(Action::DefaultRules)>
                {ctx.t(T::RulesDefault)}
            </button>
            <label class="button">
                {ctx.t(T::RulesImport)}
                <input class="file-input" type="file" accept=".txt,text/plain" data-role="rules-import" on:change=import />
            </label>
            <button class="button" data-role="rules-export" on:click=move |_| ctx.dispatch(Action::ExportRules)>{ctx.t(T::RulesExport)}</button>
        </div>
    }
    .into_any()
}

/// What it takes to be over, also where the line leaves it to the bound.
fn over(rule: &RuleLine, text: &str) -> String {
    if !rule.clears.is_empty() {
        return rule.clears.clone();
    }
    clears_at(&rule.fires, text).unwrap_or_default()
}

fn sentence(ctx: Ctx, rule: &RuleLine, text: &str) -> String {
    let over = over(rule, text);
    rule_sentence(
        [&rule.fires, &over, &rule.hold, &rule.keep, &rule.grave],
        ctx.lang(),
    )
}

fn row(ctx: Ctx, text: &str, at: usize, rule: RuleLine, edited: RwSignal<Option<Edited>>) -> AnyView {
    let name = rule_name(ctx, &rule.id);
    let said = sentence(ctx, &rule, text);
    let (of_switch, of_copy, of_edit) = (rule.clone(), rule.clone(), rule.clone());
    let [whole, without] = [text.to_owned(), text.to_owned()];
    let switch = move |_| {
        let rule = RuleLine {
            is_off: !of_switch.is_off,
            ..of_switch.clone()
        };
        set(ctx, with_rule(&whole, Some(at), Some(&rule)).0);
    };
    let taken = text.to_owned();
    let copy = move |_| {
        let is_taken = |id: &str| rule_lines(&taken).iter().any(|line| line.1.id == id);
        let mut id = format!("{}_2", of_copy.id);
        for number in 3.. {
            if !is_taken(&id) {
                break;
            }
            id = format!("{}_{number}", of_copy.id);
        }
        let rule = RuleLine {
            id,
            ..of_copy.clone()
        };
        edited.set(Some(Edited { at: None, rule }));
    };
    let edit = move |_| {
        let rule = of_edit.clone();
        edited.set(Some(Edited { at: Some(at), rule }));
    };
    let remove = move |_| set(ctx, with_rule(&without, Some(at), None).0);
    let is_on = !rule.is_off;
    let label = |text: T| format!("{}: {name}", ctx.t(text));
    let labels = [T::RuleOn, T::RuleEdit, T::RuleCopy, T::RuleRemove].map(label);
    let [on, edit_label, copy_label, remove_label] = labels;
    view! {
        <li class="rule" class:off=!is_on data-role="rule" data-rule=rule.id.clone() data-on=is_on.to_string() data-severity=rule.severity.to_lowercase()>
            <input type="checkbox" data-role="rule-on" aria-label=on prop:checked=is_on on:change=switch />
            <span class="badge">{rule.severity.clone()}</span>
            <span class="what">
                <strong class="name">{name}</strong>
                <span class="mid" data-role="rule-sentence">{said}</span>
            </span>
            <span class="buttons">
                <button class="button" data-role="rule-edit" aria-label=edit_label on:click=edit>{ctx.t(T::RuleEdit)}</button>
                <button class="button" data-role="rule-copy" aria-label=copy_label on:click=copy>{ctx.t(T::RuleCopy)}</button>
                <button class="button" data-role="rule-remove" aria-label=remove_label on:click=remove>"✕"</button>
            </span>
        </li>
    }
    .into_any()
}

/// The fields of a form: texts by name.
#[derive(Clone, Copy)]
struct Fields {
    id: RwSignal<String>,
    metric: RwSignal<String>,
    sign: RwSignal<String>,
    bound: RwSignal<String>,
    more: RwSignal<String>,
    fires: RwSignal<String>,
    clears: RwSignal<String>,
    hold: RwSignal<String>,
    keep: RwSignal<String>,
    severity: RwSignal<String>,
    grave: RwSignal<String>,
    mutes: RwSignal<String>,
    /// One comparison to fill in, else the whole condition as text.
    is_plain: RwSignal<bool>,
}

impl Fields {
    fn of(rule: &RuleLine) -> Self {
        let text = |text: &str| RwSignal::new(text.to_owned());
        let parts = comparison(&rule.fires);
        let [metric, sign, bound, more] = parts.unwrap_or(["cover_days", "<", "3", ""]);
        // Where it is over at another bound of the same, that bound is all there is to say.
        let clears = match comparison(&rule.clears) {
            Some([of, by, bound, ""]) if parts.is_some() && of == metric && by == opposite(sign) => bound,
            _ => &rule.clears,
        };
        Self {
            id: text(&rule.id),
            metric: text(metric),
            sign: text(sign),
            bound: text(bound),
            more: text(more),
            fires: text(&rule.fires),
            clears: text(clears),
            hold: text(&rule.hold),
            keep: text(&rule.keep),
            severity: text(&rule.severity),
            grave: text(&rule.grave),
            mutes: text(&rule.mutes),
            is_plain: RwSignal::new(parts.is_some()),
        }
    }

    /// The rule as it stands in the form, otherwise as `old`.
    fn rule(self, old: &RuleLine) -> RuleLine {
        let text = |field: RwSignal<String>| field.get().trim().to_owned();
        let (metric, sign) = (text(self.metric), text(self.sign));
        let fires = if self.is_plain.get() {
            let first = format!("{metric} {sign} {}", text(self.bound));
            match text(self.more) {
                more if more.is_empty() => first,
                more => format!("{first} and {more}"),
            }
        } else {
            text(self.fires)
        };
        let clears = match text(self.clears) {
            bound if self.is_plain.get() && !bound.is_empty() && !bound.contains(['<', '>']) => {
                format!("{metric} {} {bound}", opposite(&sign))
            }
            whole => whole,
        };
        RuleLine {
            id: text(self.id),
            fires,
            clears,
            hold: text(self.hold),
            keep: text(self.keep),
            severity: text(self.severity),
            grave: text(self.grave),
            mutes: text(self.mutes),
            ..old.clone()
        }
    }
}

/// The form. What it says is tried at once on what was.
#[component]
fn Form(one: Edited, text: String, edited: RwSignal<Option<Edited>>) -> impl IntoView {
    let ctx = Ctx::get();
    let fields = Fields::of(&one.rule);
    let at = one.at;
    let before = StoredValue::new((text, one.rule));
    let rule = Memo::new(move |_| before.with_value(|(_, old)| fields.rule(old)));
    let whole =
        Memo::new(move |_| before.with_value(|(text, _)| rule.with(|rule| with_rule(text, at, Some(rule)))));
    // Whatever is typed is tried; a name that is none is told too.
    let changed = move || {
        let id = rule.with_untracked(|rule| rule.id.clone());
        let id = if id.is_empty() { "?".to_owned() } else { id };
        ctx.dispatch(Action::TryRule(whole.with_untracked(|whole| whole.0.clone()), id));
    };
    changed();
    on_cleanup(move || ctx.dispatch(Action::TryRule(String::new(), String::new())));
    let fault = ctx.pick(|state| state.rules.trial.as_ref().and_then(|trial| trial.fault.clone()));
    // In which field it is; another line has none.
    let place = Memo::new(move |_| {
        let fault: RuleFault = fault.get()?;
        let line = whole.with(|whole| whole.1);
        let places = rule.with(RuleLine::write).1;
        let column = fault.column as usize;
        let place = places.iter().rev().find(|place| place.0 < column.max(1));
        let said = fault_text(fault.why, &fault.part, ctx.lang());
        if fault.line == line {
            Some((place.map_or("id", |place| place.1), said, fault.why.id()))
        } else {
            let head = filled(
                ctx,
                T::RulesWrong,
                &[&fault.line.to_string(), &fault.column.to_string()],
            );
            Some(("id", format!("{head} {said}"), fault.why.id()))
        }
    });
    let wrong = move |part: &'static str| {
        move || {
            let here = place.get().filter(|place| place.0 == part);
            here.map(|(part, said, why)| {
                view! { <p class="why" role="alert" data-role="rule-wrong" data-part=part data-why=why>{said}</p> }
            })
        }
    };
    let input = move |label: T, part: &'static str, field: RwSignal<String>, hint: &'static str| {
        view! {
            <label>
                <span class="low">{move || ctx.t(label)}</span>
                <input type="text" data-role=format!("rule-{part}") autocomplete="off" spellcheck="false" placeholder=hint
                    prop:value=move || field.get()
                    on:input=move |event| {
                        field.set(event_target_value(&event));
                        changed();
                    } />
                {wrong(part)}
            </label>
        }
        .into_any()
    };
    let choose = move |part: &'static str,
                       label: T,
                       field: RwSignal<String>,
                       options: Vec<(String, String)>| {
        let option = move |(value, name): (String, String)| {
            let is = value.clone();
            view! { <option value=value prop:selected=move || field.with(|chosen| *chosen == is)>{name}</option> }
        };
        view! {
            <select data-role=format!("rule-{part}") aria-label=ctx.t(label)
                on:change=move |event| {
                    field.set(event_target_value(&event));
                    changed();
                }>
                {options.into_iter().map(option).collect_view()}
            </select>
        }
        .into_any()
    };
    let metrics = move || {
        let name = |[id, ..]: &[&str; 6]| {
            let scope = rule_scope(id, ctx.lang());
            (
                (*id).to_owned(),
                format!("{} · {scope}", rule_metric(id, ctx.lang()).0),
            )
        };
        RULE_METRICS.iter().map(name).collect::<Vec<_>>()
    };
    let signs = move || {
        let name = |sign: &str| (sign.to_owned(), crate::locale::condition_text(sign, ctx.lang()));
        SIGNS.map(name).to_vec()
    };
    let severities = || {
        ["P1", "P2", "P3"]
            .map(|severity| (severity.to_owned(), severity.to_owned()))
            .to_vec()
    };
    let unit = move || fields.metric.with(|metric| rule_metric(metric, ctx.lang()).1);
    let condition = move || {
        if fields.is_plain.get() {
            view! {
                <div class="comparison">
                    {choose("metric", T::RuleMetric, fields.metric, metrics())}
                    {choose("sign", T::RuleSign, fields.sign, signs())}
                    <input type="text" class="bound" data-role="rule-bound" autocomplete="off" spellcheck="false" aria-label=ctx.t(T::RuleBound)
                        prop:value=move || fields.bound.get()
                        on:input=move |event| {
                            fields.bound.set(event_target_value(&event));
                            changed();
                        } />
                    <span class="mid">{unit}</span>
                </div>
                {wrong("fires")}
                {input(T::RuleMore, "more", fields.more, "pace > 0")}
            }
            .into_any()
        } else {
            input(
                T::RuleFires,
                "fires",
                fields.fires,
                "cover_days < lead_time + 3 and pace > 0",
            )
        }
    };
    let turn = move |_| {
        let is_plain = fields.is_plain.get_untracked();
        let said = rule.get_untracked();
        if is_plain {
            fields.fires.set(said.fires);
            fields.clears.set(said.clears);
            fields.is_plain.set(false);
        } else if let Some(parts) = comparison(&said.fires) {
            let of = [fields.metric, fields.sign, fields.bound, fields.more];
            of.into_iter()
                .zip(parts)
                .for_each(|(field, part)| field.set(part.to_owned()));
            fields.is_plain.set(true);
        }
    };
    let can_turn = move || fields.is_plain.get() || rule.with(|rule| comparison(&rule.fires).is_some());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if fault.with_untracked(Option::is_none) {
            set(ctx, whole.with_untracked(|whole| whole.0.clone()));
            edited.set(None);
        }
    };
    let drag = move |bound: String| {
        if fields.is_plain.get_untracked() {
            fields.bound.set(bound);
        } else {
            fields.fires.update(|fires| {
                if let Some((_, place)) = first_bound(fires) {
                    fires.replace_range(place, &bound);
                }
            });
        }
        changed();
    };
    let line = Signal::derive(move || {
        let text = before.with_value(|(text, _)| text.clone());
        (rule.get(), text)
    });
    view! {
        <form class="rule-form" novalidate data-role="rule-form" on:submit=save>
            <p class="preview" data-role="rule-preview" aria-live="polite">{move || {
                before.with_value(|(text, _)| rule.with(|rule| sentence(ctx, rule, text)))
            }}</p>
            {input(T::RuleId, "id", fields.id, "my_rule")}
            <fieldset>
                <legend class="low">{move || ctx.t(T::RuleWhen)}</legend>
                {condition}
                <button type="button" class="link" data-role="rule-turn" disabled=move || !can_turn() on:click=turn>
                    {move || ctx.t(if fields.is_plain.get() { T::RuleAsText } else { T::RuleAsForm })}
                </button>
            </fieldset>
            <TrialView line=line drag=drag />
            <div class="rule-parts">
                {input(T::RuleClears, "clears", fields.clears, "")}
                {input(T::RuleHold, "hold", fields.hold, "10m")}
                {input(T::RuleKeep, "keep", fields.keep, "10m")}
                <label>
                    <span class="low">{move || ctx.t(T::RuleSeverity)}</span>
                    {choose("severity", T::RuleSeverity, fields.severity, severities())}
                    {wrong("severity")}
                </label>
                {input(T::RuleGrave, "grave", fields.grave, "sales_class <= 1")}
                {input(T::RuleMutes, "mutes", fields.mutes, "")}
            </div>
            <div class="buttons">
                <button class="button primary" type="submit" data-role="rule-save" disabled=move || fault.with(Option::is_some)>
                    {move || ctx.t(T::RuleSave)}
                </button>
                <button class="button" type="button" data-role="rule-cancel" on:click=move |_| edited.set(None)>{move || ctx.t(T::RuleCancel)}</button>
            </div>
        </form>
    }
}
