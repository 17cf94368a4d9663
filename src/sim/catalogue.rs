//! The 400 SKUs and how well each sells.

use super::fate::{Fate, SCRIPTS, Script};
use super::places::{REACH, SERVES, WAREHOUSES, region_shares};
use super::rng::{Alias, Purpose, Rng};
use crate::arrange::arrange;
use crate::money::Fixed;

/// A SKU.
#[derive(Clone, Debug)]
pub(super) struct Sku {
    /// Code: `MK-1010`.
    pub(super) code: String,
    /// Title: `玻尿酸面膜 10片`.
    pub(super) title: String,
    /// Category.
    pub(super) category: &'static str,
    /// Brand.
    pub(super) brand: &'static str,
    /// List price in fen.
    pub(super) price: u32,
    /// What one costs, in fen.
    pub(super) cost: u32,
    /// Index in [`REACH`]: in how many warehouses it lies.
    pub(super) reach: usize,
    /// Its first cell; the others follow, in order of warehouses.
    pub(super) first_cell: usize,
    /// Share of the units of everyday, promotion and livestream orders.
    pub(super) shares: [f64; 3],
    /// Its script, if it has one.
    pub(super) fate: Option<Fate>,
}

impl Sku {
    /// The cell that serves the region of `warehouse`.
    pub(super) const fn cell(&self, warehouse: usize) -> usize {
        self.first_cell + SERVES[self.reach][warehouse]
    }
}

/// One SKU in one warehouse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Index of the SKU.
    pub(super) sku: usize,
    /// Index of the warehouse.
    pub(super) warehouse: usize,
    /// Share of the SKU's demand that falls on it.
    pub(super) share: f64,
}

/// What is sold, where it lies and how often it is wanted.
#[derive(Clone, Debug)]
pub(super) struct Catalogue {
    /// SKUs, in the order of the data file.
    pub(super) skus: Vec<Sku>,
    /// Cells: for each SKU its warehouses.
    pub(super) places: Vec<Place>,
    /// SKUs a livestream can put forward.
    pub(super) stars: Vec<usize>,
    /// Draws a SKU for an everyday line.
    pub(super) everyday: Alias,
    /// Draws a SKU for a promotion line.
    pub(super) promotion: Alias,
}

/// Share of livestream units that are of the SKUs put forward.
pub(super) const SHOWN_PERMILLE: u32 = 550;

/// How fast sales fall with rank: the share of rank r is proportional to 1 / (r + this), a flattened Zipf law.
const FLATTEN: f64 = 4.0;

impl Catalogue {
    /// The catalogue of the shop with `seed`: names are fixed, popularity is drawn.
    pub(super) fn new(seed: u64) -> Self {
        let mut skus = read(include_str!("catalogue.txt"));
        let ranks = rank(seed, &skus);
        for (at, sku) in skus.iter_mut().enumerate() {
            let script = script_of(&sku.title);
            sku.fate = script.map(|script| script.fate);
            let mut rng = Rng::keyed(seed, Purpose::Sku, at as u64);
            let margin = Rng::keyed(seed, Purpose::Sku, (at + 20_000) as u64).between(22, 38);
            sku.cost = sku.price * margin / 100;
            if let Some(rank) = ranks[at] {
                let everyday = 1.0 / (rank as f64 + FLATTEN);
                let promoted = script.map_or(0.55 + 0.75 * rng.unit(), |script| script.promoted);
                sku.shares = [everyday, everyday * promoted, 0.0];
                // What sells slowly lies in fewer places.
                sku.reach = if rank < 150 {
                    0
                } else {
                    1 + usize::from(rank >= 280)
                };
            } else {
                sku.reach = 1;
            }
        }
        let stars: Vec<usize> = (0..skus.len())
            .filter(|at| skus[*at].fate.is_none() && ranks[*at].is_some_and(|r| r < 60))
            .collect();
        share_out(&mut skus, &stars);
        let mut places = Vec::new();
        let regions = region_shares();
        for (at, sku) in skus.iter_mut().enumerate() {
            sku.first_cell = places.len();
            for warehouse in 0..REACH[sku.reach] {
                let share = (0..WAREHOUSES.len())
                    .filter(|from| SERVES[sku.reach][*from] == warehouse)
                    .map(|from| regions[from]);
                places.push(Place {
                    sku: at,
                    warehouse,
                    share: share.sum(),
                });
            }
        }
        let table = |kind: usize| Alias::new(&skus.iter().map(|sku| sku.shares[kind]).collect::<Vec<_>>());
        Self {
            everyday: table(0),
            promotion: table(1),
            skus,
            places,
            stars,
        }
    }
}

fn script_of(title: &str) -> Option<&'static Script> {
    SCRIPTS.iter().find(|script| script.title == title)
}

/// Rank of each SKU: scripted ones as scripted, the rest in drawn order, `None` for the dead.
fn rank(seed: u64, skus: &[Sku]) -> Vec<Option<usize>> {
    let mut ranks = vec![None; skus.len()];
    let mut taken = Vec::new();
    let mut free: Vec<(u64, usize)> = Vec::new();
    for (at, sku) in skus.iter().enumerate() {
        match script_of(&sku.title) {
            Some(script) if script.rank == usize::MAX => {}
            Some(script) => {
                ranks[at] = Some(script.rank);
                taken.push(script.rank);
            }
            None => free.push((Rng::keyed(seed, Purpose::Sku, (at + 10_000) as u64).next(), at)),
        }
    }
    arrange(&mut free, Ord::cmp);
    let places = (0..).filter(|rank| !taken.contains(rank));
    for ((_, at), rank) in free.into_iter().zip(places) {
        ranks[at] = Some(rank);
    }
    ranks
}

/// Makes the shares of each kind of order add up to 1.
fn share_out(skus: &mut [Sku], stars: &[usize]) {
    let total: f64 = skus.iter().map(|sku| sku.shares[0]).sum();
    // A dead SKU sells a given number a day, of about this many units a day in all.
    let units_a_day = super::calendar::EVERYDAY_ORDERS * super::order::UNITS[0];
    for sku in skus.iter_mut() {
        sku.shares[0] = match sku.fate {
            Some(Fate::Dead { per_day, .. }) => per_day / units_a_day,
            _ => sku.shares[0] / total,
        };
    }
    for kind in 0..2 {
        let total: f64 = skus.iter().map(|sku| sku.shares[kind]).sum();
        skus.iter_mut().for_each(|sku| sku.shares[kind] /= total);
    }
    let shown = f64::from(SHOWN_PERMILLE) / 1000.0;
    for (at, sku) in skus.iter_mut().enumerate() {
        let star = if stars.contains(&at) {
            shown / stars.len() as f64
        } else {
            0.0
        };
        sku.shares[2] = star + (1.0 - shown) * sku.shares[0];
    }
}

/// SKUs of the data file. A line that is not understood is left out; the tests count.
fn read(text: &'static str) -> Vec<Sku> {
    let mut skus: Vec<Sku> = Vec::with_capacity(400);
    let mut stems: Vec<(&str, u32)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('|');
        let (Some(prefix), Some(category), Some(brand), Some(stem), Some(variants)) = (
            fields.next(),
            fields.next(),
            fields.next(),
            fields.next(),
            fields.next(),
        ) else {
            continue;
        };
        let stem_number = match stems.iter_mut().find(|(known, _)| *known == prefix) {
            Some((_, number)) => {
                *number += 10;
                *number
            }
            None => {
                stems.push((prefix, 1010));
                1010
            }
        };
        let (mut price, mut variant) = (0, 0);
        for word in variants.split(' ') {
            if let Some(yuan) = word.strip_prefix('¥') {
                price = yuan.parse::<u32>().unwrap_or_default() * 100;
                continue;
            }
            skus.push(Sku {
                code: format!("{prefix}-{}", stem_number + variant),
                title: format!("{stem} {word}"),
                category,
                brand,
                price,
                cost: 0,
                reach: 0,
                first_cell: 0,
                shares: [0.0; 3],
                fate: None,
            });
            variant += 1;
        }
    }
    skus
}

/// `fen` as a decimal.
pub(super) fn yuan(fen: u32) -> Fixed {
    Fixed::from_raw(i64::from(fen) * (Fixed::SCALE / 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_file_holds_400_different_skus() {
        let catalogue = Catalogue::new(1);
        let mut codes: Vec<&str> = catalogue.skus.iter().map(|sku| sku.code.as_str()).collect();
        let mut titles: Vec<&str> = catalogue.skus.iter().map(|sku| sku.title.as_str()).collect();
        for list in [&mut codes, &mut titles] {
            list.sort_unstable();
            list.dedup();
            assert_eq!(list.len(), 400);
        }
        assert!(
            catalogue
                .skus
                .iter()
                .all(|sku| (2_000..70_000).contains(&sku.price))
        );
        let mut categories: Vec<&str> = catalogue.skus.iter().map(|sku| sku.category).collect();
        categories.sort_unstable();
        categories.dedup();
        assert_eq!(categories.len(), 13);
        assert!(
            catalogue
                .skus
                .iter()
                .any(|sku| sku.code == "MK-1010" && sku.title == "玻尿酸面膜 10片")
        );
    }

    #[test]
    fn every_script_finds_its_sku() {
        let catalogue = Catalogue::new(1);
        for script in SCRIPTS {
            let sku = catalogue.skus.iter().find(|sku| sku.title == script.title);
            assert_eq!(
                sku.and_then(|sku| sku.fate),
                Some(script.fate),
                "{}",
                script.title
            );
        }
    }

    #[test]
    fn shares_add_up() {
        let catalogue = Catalogue::new(2);
        for kind in 0..3 {
            let sum: f64 = catalogue.skus.iter().map(|sku| sku.shares[kind]).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{kind}: {sum}");
        }
        for (at, sku) in catalogue.skus.iter().enumerate() {
            let cells: Vec<&Place> = catalogue.places.iter().filter(|place| place.sku == at).collect();
            assert!(
                (cells.iter().map(|place| place.share).sum::<f64>() - 1.0).abs() < 1e-9,
                "{}",
                sku.title
            );
            assert!(
                (0..6).all(|from| catalogue.places[sku.cell(from)].sku == at),
                "{}",
                sku.title
            );
        }
    }
}
