//! Chinese and English text, beside each other, here and nowhere else.
//!
//! Rule: only text. `{0}`, `{1}` … are filled by [`fill`]; both languages use the same ones.

mod alerts;
mod drill;
mod import;
mod kept;
mod mapping;
mod metrics;
mod page;
mod quality;
mod rules;
mod sources;
mod step;

pub use alerts::{alert_figure, alert_name, alert_options, alert_sentence};
pub use drill::{DrillText, drill_text, mishap_text};
pub use import::{field_name, kind_name, note_text, personal_name, problem_text, state_name};
pub use kept::{keeping_short, keeping_text};
pub use mapping::gap_text;
pub use metrics::{metric_definition, metric_name, metric_short};
pub use page::{T, dim_name, key_name, zone_name};
pub use quality::{check_advice, check_name};
pub use rules::{
    RULE_METRICS, condition_text, fault_text, length_text, past_text, quiet_text, rule_metric, rule_scope,
    rule_sentence,
};
pub use sources::{every_text, feed_problem_text, feed_state_name};
pub use step::step_sentence;

use crate::format::Lang;

/// `template` with `{0}`, `{1}` … replaced by `parts`.
pub fn fill(template: &str, parts: &[&str]) -> String {
    let mut text = template.to_owned();
    for (at, part) in parts.iter().enumerate() {
        text = text.replace(&format!("{{{at}}}"), part);
    }
    text
}

/// The text of `lang` of a pair.
const fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_fill_the_same_places() {
        for text in T::ALL {
            let holes = |lang| {
                (0..6)
                    .filter(|at| text.of(lang).contains(&format!("{{{at}}}")))
                    .collect::<Vec<_>>()
            };
            assert_eq!(holes(Lang::Zh), holes(Lang::En), "{text:?}");
            assert!(
                !text.of(Lang::Zh).is_empty() && !text.of(Lang::En).is_empty(),
                "{text:?}"
            );
        }
    }
}
