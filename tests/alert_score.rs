//! The default rules, held against what only the simulator knows. `cargo xtask bench alerts` prints more of it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops where it is wrong, and says what it measured"
)]

#[allow(dead_code, reason = "the benchmark uses the rest")]
#[path = "bench/score.rs"]
mod score;

use score::{Plan, score};

#[test]
fn the_default_rules_catch_what_they_are_for() {
    // The week of the promotion and the three days after it.
    let plan = Plan {
        seed: 618,
        days: (52, 63),
        every: (3_600_000, 10_000),
    };
    let score = score(plan);
    println!("{}\n{:?}\n{:?}", score.table(), score.wrong, score.told);
    let early = score
        .run_outs
        .iter()
        .filter(|lead| lead.is_some_and(|hours| hours >= 24.0))
        .count();
    assert!(early * 2 >= score.run_outs.len(), "{:?}", score.run_outs);
    assert!(score.run_outs.len() >= 5, "{:?}", score.run_outs);
    let large: Vec<_> = score.bursts.iter().filter(|burst| burst.0 >= 8.0).collect();
    assert!(
        !large.is_empty() && large.iter().all(|burst| burst.1.is_some_and(|wait| wait <= 60.0)),
        "{large:?}"
    );
    assert!(score.wrong_a_day("sales_spike") <= 0.5, "{:?}", score.wrong);
    assert!(score.wrong_a_day("sales_drop") <= 0.2, "{:?}", score.wrong);
}
