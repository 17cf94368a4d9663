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
