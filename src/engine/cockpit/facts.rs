//! Facts of the hour: what sells best, what runs out next, what that costs, what waits to be shipped.

use super::Scene;
use crate::metric::{Clock, Distinct, Spec, When, Which, fixed};
use crate::protocol::Facts;
use crate::time::UtcMillis;

impl Scene<'_> {
    pub(super) fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        let (_, all) = self.sku_total();
        if let Some(best) = self.top_skus().into_iter().next() {
            let share = i128::from(best.units.raw()) * 1000 / i128::from(all.raw().max(1));
            facts.best = Some((best.sku, best.title, u32::try_from(share).unwrap_or(0)));
        }
        let days = self.demand.days;
        let next = self
            .stock
            .skus
            .iter()
            .filter(|sku| sku.sellable > 0)
            .filter_map(|sku| Some((sku, sku.cover_days(days)?)))
            .min_by(|(a, a_days), (b, b_days)| a_days.total_cmp(b_days).then(a.sku.cmp(&b.sku)));
        facts.first_out = next.map(|(sku, cover)| {
            let (id, title) = self.stock_names(sku);
            (id, title, cover)
        });
        let out = self.stock.skus.iter().filter(|sku| sku.sellable <= 0);
        // A set of which two goods are out is lost once.
        let mut unsold = std::collections::BTreeSet::new();
        unsold.extend(out.flat_map(crate::metric::SkuStock::sold_as));
        let lost: i128 = unsold
            .into_iter()
            .map(|code| i128::from(self.demand.gmv_per_day(code).raw()))
            .sum();
        facts.lost_per_day = (lost > 0).then(|| fixed(lost));
        facts.unshipped = self.unshipped();
        facts
    }

    /// Orders paid and not shipped, and when the oldest was paid.
    fn unshipped(&self) -> Option<(u64, UtcMillis)> {
        // Only where the export tells shipped from unshipped at all.
        if self.book.table().columns().shipped_at.is_unsaid() {
            return None;
        }
        let spec = Spec {
            which: Which::Unshipped,
            distinct: vec![Distinct::Orders(Which::All)],
            first: true,
            ..Spec::new(Clock::Paid)
        };
        let waiting = self.book.ask(&spec, When::always(self.extent));
        let oldest = waiting.first.first().filter(|_| waiting.lines(0) > 0)?;
        Some((waiting.distinct(0, 0), UtcMillis(*oldest)))
    }
}
