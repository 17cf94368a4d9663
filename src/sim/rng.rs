//! Random numbers that are the same on every machine and in every version.
//!
//! Rule: no crate and no `libm` decides a draw. The generator is SplitMix64 (Steele, Lea & Flood 2014);
//! floats only meet `+ − × ÷ √`, which IEEE 754 fixes to the last bit, so the browser draws what the
//! tests drew. A stream is keyed by (seed, purpose, index): what is drawn for one minute or one order
//! does not depend on what was drawn before.

/// What a stream is for: streams of different purposes share nothing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// Arrivals of a minute; index: minute.
    Minute = 1,
    /// One order; index: its number.
    Order = 2,
    /// Mood of an hour; index: hour.
    Hour = 3,
    /// Mood of a day; index: day.
    Day = 4,
    /// Livestream of a day; index: day.
    Show = 5,
    /// Character of a SKU; index: SKU.
    Sku = 6,
    /// Deliveries; index: cell and day.
    Supply = 7,
    /// Failing suppliers; index: SKU and window.
    Gap = 8,
    /// Buyers; index: number of the buyer.
    Buyer = 9,
    /// When suppliers say that they come; index: cell and day.
    Promise = 10,
}

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Rng(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream of (`seed`, `purpose`, `index`).
    pub(super) const fn keyed(seed: u64, purpose: Purpose, index: u64) -> Self {
        Self(mix(
            seed ^ mix(index.wrapping_mul(GOLDEN).wrapping_add(purpose as u64))
        ))
    }

    /// 64 random bits.
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// Uniform in `0..n`; 0 for `n` = 0. The bias of the multiply-shift is below `n` / 2³².
    pub(super) const fn below(&mut self, n: u32) -> u32 {
        (((self.next() >> 32) * n as u64) >> 32) as u32
    }

    /// Uniform in `from..=to`.
    pub(super) const fn between(&mut self, from: u32, to: u32) -> u32 {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// True `n` times in 1000.
    pub(super) const fn permille(&mut self, n: u32) -> bool {
        self.below(1000) < n
    }

    /// Uniform in `0.0..1.0`.
    pub(super) const fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A count of mean `mean`: Knuth's product of uniforms, in parts of at most 8.
    pub(super) fn poisson(&mut self, mean: f64) -> u32 {
        let (mut left, mut count) = (mean, 0);
        while left > 0.0 {
            let limit = exp_neg(left.min(8.0));
            let mut product = self.unit();
            while product > limit {
                count += 1;
                product *= self.unit();
            }
            left -= 8.0;
        }
        count
    }
}

/// e^−x for x ≥ 0, to about 14 digits, bit for bit the same everywhere.
pub(super) fn exp_neg(x: f64) -> f64 {
    let (mut small, mut halvings) = (x.clamp(0.0, 700.0), 0);
    while small > 0.125 {
        small /= 2.0;
        halvings += 1;
    }
    let mut sum = 1.0;
    for n in (1..=9).rev() {
        sum = 1.0 - small / f64::from(n) * sum;
    }
    for _ in 0..halvings {
        sum *= sum;
    }
    sum
}

/// Draws an index by weight in constant time (Walker 1977, Vose 1991).
#[derive(Clone, Debug)]
pub(super) struct Alias {
    /// For each column: keep it below this 32-bit threshold, else take the other index.
    columns: Vec<(u32, u16)>,
}

impl Alias {
    /// A table for `weights`, of which negative ones count as 0. Without any weight it draws index 0.
    pub(super) fn new(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().map(|weight| weight.max(0.0)).sum();
        let mut columns = vec![(u32::MAX, 0_u16); weights.len().max(1)];
        if total <= 0.0 {
            return Self { columns };
        }
        let scale = weights.len() as f64 / total;
        let mut mass: Vec<f64> = weights.iter().map(|weight| weight.max(0.0) * scale).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..mass.len()).partition(|at| mass[*at] < 1.0);
        while let (Some(poor), Some(rich)) = (small.pop(), large.last().copied()) {
            columns[poor] = (threshold(mass[poor]), rich as u16);
            mass[rich] -= 1.0 - mass[poor];
            if mass[rich] < 1.0 {
                large.pop();
                small.push(rich);
            }
        }
        for rest in small.into_iter().chain(large) {
            columns[rest] = (u32::MAX, rest as u16);
        }
        Self { columns }
    }

    /// An index.
    pub(super) fn draw(&self, rng: &mut Rng) -> usize {
        let bits = rng.next();
        let column = (((bits >> 32) * self.columns.len() as u64) >> 32) as usize;
        let (threshold, other) = self.columns[column];
        if (bits as u32) < threshold {
            column
        } else {
            usize::from(other)
        }
    }
}

#[expect(clippy::cast_sign_loss, reason = "clamped to 0..=1")]
fn threshold(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_is_right() {
        for step in 0..400 {
            let x = f64::from(step) * 0.1;
            let want = (-x).exp();
            assert!((exp_neg(x) - want).abs() <= want * 1e-11, "{x}");
        }
    }

    #[test]
    fn poisson_has_its_mean_and_variance() {
        for mean in [0.2, 3.0, 8.0, 40.0, 400.0] {
            let mut rng = Rng::keyed(1, Purpose::Minute, 7);
            let draws: Vec<f64> = (0..4000).map(|_| f64::from(rng.poisson(mean))).collect();
            let average = draws.iter().sum::<f64>() / 4000.0;
            let variance = draws.iter().map(|draw| (draw - average).powi(2)).sum::<f64>() / 4000.0;
            assert!((average / mean - 1.0).abs() < 0.06, "mean {mean}: {average}");
            assert!(
                (variance / mean - 1.0).abs() < 0.12,
                "mean {mean}: variance {variance}"
            );
        }
    }

    #[test]
    fn alias_draws_by_weight() {
        let weights = [5.0, 0.0, 1.0, 3.0, 1.0];
        let (table, mut rng) = (Alias::new(&weights), Rng::keyed(3, Purpose::Order, 0));
        let mut seen = [0_u32; 5];
        for _ in 0..100_000 {
            seen[table.draw(&mut rng)] += 1;
        }
        for (count, weight) in seen.into_iter().zip(weights) {
            assert!((f64::from(count) - weight * 10_000.0).abs() < 500.0, "{seen:?}");
        }
        assert_eq!(Alias::new(&[]).draw(&mut rng), 0);
    }

    #[test]
    fn streams_differ_by_every_part_of_their_key() {
        let first = |seed, purpose, index| Rng::keyed(seed, purpose, index).next();
        let all = [
            first(1, Purpose::Order, 1),
            first(2, Purpose::Order, 1),
            first(1, Purpose::Minute, 1),
            first(1, Purpose::Order, 2),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(one));
        }
    }
}
