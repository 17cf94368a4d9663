//! Round numbers for an axis of values.

/// Gridlines of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// Bottom of the axis: 0, or below the lowest negative value.
    pub low: f64,
    /// Top of the axis: not below the highest value, always above `low`.
    pub high: f64,
    /// Values of the gridlines, ascending, 0 among them.
    pub values: Vec<f64>,
}

/// Ticks 1, 2, 2.5 or 5 × 10ⁿ apart that span 0 and `low..=high`, at most `most` of them (at least 2) besides
/// zero; `whole`: none between integers. Not-finite bounds count as 0.
pub fn ticks(low: f64, high: f64, most: usize, whole: bool) -> Ticks {
    let bound = |value: f64| {
        if value.is_finite() {
            value.clamp(-1e15, 1e15)
        } else {
            0.0
        }
    };
    let (low, high) = (bound(low).min(0.0), bound(high).max(0.0));
    let most = most.clamp(2, 20) as f64;
    if high - low < 1e-9 {
        return Ticks {
            low: 0.0,
            high: 1.0,
            values: vec![0.0],
        };
    }
    let decade = 10_f64.powf(((high - low) / most).log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0].map(|nice| nice * decade);
    // An axis that ends at -1 and 1 needs a step more than its length says.
    let fits = |step: f64| (high / step - 1e-9).ceil() + (-low / step - 1e-9).ceil() <= most;
    let allowed = |step: f64| !whole || (step >= 1.0 && step.fract() == 0.0);
    let step = steps
        .into_iter()
        .find(|step| fits(*step) && allowed(*step))
        .unwrap_or_else(|| (high - low).max(1.0));
    let from = -((-low / step - 1e-9).ceil().max(0.0));
    let to = (high / step - 1e-9).ceil().max(0.0);
    let mut values = Vec::new();
    let mut at = from;
    while at <= to && values.len() < 32 {
        values.push(if at == 0.0 { 0.0 } else { at * step });
        at += 1.0;
    }
    Ticks {
        low: from * step,
        high: to * step,
        values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(low: f64, high: f64, whole: bool, expect: &[f64]) {
        let got = ticks(low, high, 5, whole);
        let shown: Vec<f64> = got.values.iter().map(|v| (v * 1e6).round() / 1e6).collect();
        assert_eq!(shown, expect, "{low} {high}");
        assert!(
            got.low < got.high && got.low <= low.min(0.0) + 1e-9 && got.high >= high - 1e-9,
            "{got:?}"
        );
    }

    #[test]
    fn nice_steps() {
        check(0.0, 752.0, true, &[0.0, 200.0, 400.0, 600.0, 800.0]);
        check(0.0, 800.0, true, &[0.0, 200.0, 400.0, 600.0, 800.0]);
        check(0.0, 1.0, true, &[0.0, 1.0]);
        check(0.0, 7.0, true, &[0.0, 2.0, 4.0, 6.0, 8.0]);
        check(0.0, 12.0, true, &[0.0, 5.0, 10.0, 15.0]);
        check(0.0, 12.0, false, &[0.0, 2.5, 5.0, 7.5, 10.0, 12.5]);
        check(0.0, 0.4, false, &[0.0, 0.1, 0.2, 0.3, 0.4]);
        check(0.0, 18_642_000.0, false, &[0.0, 5e6, 1e7, 1.5e7, 2e7]);
        check(-1.0, 1.0, true, &[-1.0, 0.0, 1.0]);
        check(-30.0, 90.0, true, &[-50.0, 0.0, 50.0, 100.0]);
        check(-8.0, 0.0, true, &[-8.0, -6.0, -4.0, -2.0, 0.0]);
        check(0.0, 0.0, true, &[0.0]);
    }

    #[test]
    fn bad_bounds_give_an_axis() {
        for (low, high) in [
            (f64::NAN, f64::NAN),
            (f64::NEG_INFINITY, f64::INFINITY),
            (-1e300, 1e300),
            (5.0, -5.0),
        ] {
            for most in [0, 1, 3, 100] {
                let got = ticks(low, high, most, false);
                assert!(
                    got.low < got.high && got.values.contains(&0.0),
                    "{low} {high} {got:?}"
                );
            }
        }
    }
}
