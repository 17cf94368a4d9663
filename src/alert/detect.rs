//! Whether a count is out of the ordinary.

/// P(X ≥ `count`) of a Poisson variable of mean `mean`, or of a negative binomial one where `dispersion` (variance ÷
/// mean) is above 1: `r = mean ÷ (dispersion − 1)` (DOMAIN §2, detection on counts, 1). 1 where the mean is not above 0.
pub fn poisson_tail(count: u64, mean: f64, dispersion: f64) -> f64 {
    if count == 0 || mean.is_nan() || mean <= 0.0 {
        return 1.0;
    }
    // Terms one from the other, from P(0) up to count − 1; a tail too thin for what is left of 1 counts as 0.
    let over = if dispersion > 1.0 { dispersion - 1.0 } else { 0.0 };
    let is_poisson = over <= 1e-9;
    let size = mean / over.max(1e-9);
    let mut log = if is_poisson {
        -mean
    } else {
        -size * dispersion.ln()
    };
    let mut below = 0.0;
    let mut at = 0.0;
    for _ in 0..count {
        below += log.exp();
        let step = if is_poisson {
            mean
        } else {
            (at + size) * over / dispersion
        };
        log += (step / (at + 1.0)).ln();
        at += 1.0;
    }
    (1.0 - below).clamp(0.0, 1.0)
}

/// How many standard deviations `count` lies from `mean`, after Anscombe's transform, with a variance of `dispersion`
/// times the mean: `2(√(x+⅜) − √(μ+⅜)) ÷ √φ`.
pub fn anscombe(count: f64, mean: f64, dispersion: f64) -> f64 {
    2.0 * ((count + 0.375).max(0.0).sqrt() - (mean + 0.375).max(0.0).sqrt()) / dispersion.max(1.0).sqrt()
}

/// The lower end of Wilson's interval of `hits` of `all` at 95 %; 0 of none.
pub fn wilson_lower(hits: f64, all: f64) -> f64 {
    const Z: f64 = 1.959_964;
    if all <= 0.0 || hits <= 0.0 {
        return 0.0;
    }
    let share = (hits / all).min(1.0);
    let square = Z * Z / all;
    let middle = share + square / 2.0;
    let spread = Z * (share * (1.0 - share) / all + square / (4.0 * all)).sqrt();
    ((middle - spread) / (1.0 + square)).max(0.0)
}

/// Of the mean demand of a time, and its variance ÷ mean, how likely more than `stock` is asked for: the negative
/// binomial tail, above a mean of 100 the normal one (DOMAIN §3, time to stock-out). 1 where nothing is there.
pub fn demand_tail(stock: f64, mean: f64, dispersion: f64) -> f64 {
    if stock <= 0.0 && mean > 0.0 {
        return 1.0;
    }
    if mean.is_nan() || mean <= 0.0 {
        return 0.0;
    }
    let dispersion = dispersion.max(1.0);
    if mean > 100.0 || stock > 1_000.0 {
        return normal_tail((stock + 0.5 - mean) / (dispersion * mean).sqrt());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most a thousand"
    )]
    let least = stock as u64 + 1;
    poisson_tail(least, mean, dispersion)
}

/// P(Z > `z`) of a standard normal variable, to five digits (Abramowitz & Stegun 26.2.17).
fn normal_tail(z: f64) -> f64 {
    const B: [f64; 5] = [
        1.330_274_429,
        -1.821_255_978,
        1.781_477_937,
        -0.356_563_782,
        0.319_381_530,
    ];
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let sum = B.iter().fold(0.0, |sum, b| (sum + b) * t);
    let tail = sum * (-z * z / 2.0).exp() * 0.398_942_280_401_432_7;
    if z < 0.0 { 1.0 - tail } else { tail }
}

/// The exponentially weighted mean of standardised `values`, oldest first, in standard deviations of such a mean
/// (DOMAIN §2, detection on counts, 3): λ = 0.2, so that ±3 are its usual limits. Unknown values are passed over; NaN
/// where none is known.
pub fn ewma(values: impl Iterator<Item = f64>) -> f64 {
    const LAMBDA: f64 = 0.2;
    let (mut mean, mut known) = (0.0, false);
    for value in values.filter(|value| !value.is_nan()) {
        mean += LAMBDA * (value - mean);
        known = true;
    }
    if known {
        mean / (LAMBDA / (2.0 - LAMBDA)).sqrt()
    } else {
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values from scipy.stats (poisson.sf, nbinom.sf) and statsmodels (proportion_confint, wilson).
    #[test]
    fn tails_are_those_of_the_tables() {
        for (count, mean, dispersion, expect) in [
            (0, 2.0, 1.0, 1.0),
            (1, 2.0, 1.0, 0.864_664_716_763_387),
            (10, 2.0, 1.0, 4.649_807_501_726_387e-5),
            (5, 0.5, 1.0, 1.721_156_299_558_408e-4),
            // r = 2, p = 1/2: 1 − Σ (k+1)/2^(k+2).
            (3, 2.0, 2.0, 0.312_5),
            (6, 2.0, 2.0, 0.062_5),
            (3, 0.0, 1.0, 1.0),
        ] {
            let tail = poisson_tail(count, mean, dispersion);
            assert!(
                (tail - expect).abs() < 1e-9,
                "{count} {mean} {dispersion}: {tail}"
            );
        }
        for (stock, mean, dispersion, expect) in [
            // scipy.stats: poisson.sf(4, 6), nbinom.sf(4, 6, 0.5), norm.sf(3.05), norm.sf(-2.95).
            (4.0, 6.0, 1.0, 0.714_943_5),
            (4.0, 6.0, 2.0, 0.623_046_9),
            (430.0, 400.0, 0.0, 0.063_600),
            (341.5, 400.0, 1.0, 0.998_134),
            (0.0, 6.0, 1.0, 1.0),
            (-3.0, 6.0, 1.0, 1.0),
            (0.0, 0.0, 1.0, 0.0),
            (9_999.0, 1.0, 1.0, 0.0),
        ] {
            let tail = demand_tail(stock, mean, dispersion);
            assert!(
                (tail - expect).abs() < 1e-4,
                "{stock} {mean} {dispersion}: {tail}"
            );
        }
        // By hand: 0.2, 0.36, 0.488 over 1/3.
        assert!((ewma([f64::NAN, 1.0, 1.0, 1.0].into_iter()) - 1.464).abs() < 1e-9);
        assert!(ewma([f64::NAN].into_iter()).is_nan());
        assert!((anscombe(100.0, 50.0, 1.0) - 5.842).abs() < 0.01);
        assert!((anscombe(100.0, 50.0, 4.0) - 2.921).abs() < 0.01);
        for (hits, all, expect) in [
            (0.0, 10.0, 0.0),
            (10.0, 10.0, 0.722_467),
            (30.0, 100.0, 0.218_949),
        ] {
            assert!(
                (wilson_lower(hits, all) - expect).abs() < 1e-4,
                "{hits} {all} {}",
                wilson_lower(hits, all)
            );
        }
    }
}
