//! What the order lines say as a whole, whatever the view: followed as lines come, not scanned again.

use crate::model::{Dim, NONE_CODE, OrderTable};
use crate::query::BLOCK;
use crate::time::{Grain, UtcMillis, Zone};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// Title of each SKU, and whether lines say hours. Derived, and may be dropped.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Title code and the line it is from, by SKU code.
    titles: Vec<(u32, u32)>,
    rows: usize,
    /// The zone in which hours were looked for, and whether some line says one.
    hours: Option<(Zone, bool)>,
    /// Lines looked at for hours.
    hours_rows: usize,
    /// Instants seen: a file of dates holds few, each on many lines, and the calendar is asked once for each.
    midnights: FxHashSet<i64>,
}

impl Catalogue {
    /// Lines were replaced: what they said is looked up again.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Takes in the lines that came since the last time.
    pub fn follow(&mut self, table: &OrderTable, zone: Zone) {
        self.follow_hours(table, zone);
        let len = table.columns().len();
        let skus = table.columns().dict(Dim::Sku).len();
        self.titles.resize(skus, (NONE_CODE, 0));
        while self.rows < len {
            let to = len.min(self.rows + BLOCK);
            self.take_titles(table, self.rows..to);
            self.rows = to;
        }
    }

    /// Titles of `rows`. Not part of the loop around it: a browser compiles well what is called often.
    #[inline(never)]
    fn take_titles(&mut self, table: &OrderTable, rows: Range<usize>) {
        let columns = table.columns();
        for row in rows {
            let title = columns.title.get(row);
            let sku = columns.dim(Dim::Sku).get(row) as usize;
            if title != NONE_CODE
                && !table.removed().get(row)
                && let Some(entry) = self.titles.get_mut(sku)
            {
                *entry = (title, u32::try_from(row).unwrap_or(u32::MAX));
            }
        }
    }

    /// Takes in of the lines that came since the last time what [`Self::finest_grain`] needs: most often one.
    pub fn follow_hours(&mut self, table: &OrderTable, zone: Zone) {
        // Midnight, whenever business days begin.
        let zone = zone.with_day_starting(0);
        let columns = table.columns();
        let len = columns.len();
        if self.hours.is_none_or(|(known, _)| known.name() != zone.name()) {
            self.hours = Some((zone, false));
            self.hours_rows = 0;
            self.midnights.clear();
        }
        let mut row = self.hours_rows;
        while row < len && self.hours.is_some_and(|(_, hours)| !hours) {
            let at = columns.created_at.raw(row);
            row += 1;
            // What waits for its order has no time.
            if table.removed().get(row - 1) {
                continue;
            }
            let hours = self.midnights.insert(at) && zone.floor(Grain::Day, UtcMillis(at)).0 != at;
            self.hours = Some((zone, hours));
        }
        self.hours_rows = len;
    }

    /// Code of the title of SKU `sku`: that of its last line that has one.
    pub fn title(&self, sku: u32) -> u32 {
        self.titles.get(sku as usize).map_or(NONE_CODE, |entry| entry.0)
    }

    /// The finest grain in which there is a course: a day where no line says an hour, since a day's sales
    /// at midnight would be no rhythm.
    pub fn finest_grain(&self) -> Grain {
        if self.hours.is_some_and(|(_, hours)| hours) {
            Grain::TenMinutes
        } else {
            Grain::Day
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LineId, OrderBatch, OrderLine, Status};
    use crate::time::DAY_MILLIS;

    #[test]
    fn one_line_that_says_an_hour_makes_hours() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        // Midnights of Berlin, before and after its clocks were put forward.
        let (winter, summer) = (1_774_652_400_000, 1_774_821_600_000);
        for (created_at, expect) in [
            (vec![], Grain::Day),
            (vec![winter, winter, summer, winter], Grain::Day),
            (vec![summer, winter, summer + 1], Grain::TenMinutes),
            (vec![winter, winter + DAY_MILLIS, summer + DAY_MILLIS], Grain::Day),
            (vec![summer - 2 * DAY_MILLIS], Grain::TenMinutes),
        ] {
            let (mut table, mut catalogue) = (OrderTable::default(), Catalogue::default());
            for at in &created_at {
                let mut batch = OrderBatch::default();
                batch.push(&OrderLine {
                    source: "",
                    order_id: &table.columns().len().to_string(),
                    line_id: LineId::Counted,
                    created_at: UtcMillis(*at),
                    paid_at: None,
                    shipped_at: None,
                    updated_at: None,
                    status: Status::Paid,
                    title: "",
                    quantity: None,
                    amount: None,
                    paid_amount: None,
                    refund_amount: None,
                    currency: "",
                    city: "",
                    customer: 0,
                    dims: [""; Dim::COUNT],
                });
                table.merge(&batch);
                catalogue.follow(&table, zone);
            }
            assert_eq!(catalogue.finest_grain(), expect, "{created_at:?}");
        }
    }
}
