//! What rules can look at.

/// What a value is of. A rule looks at the finest of what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The shop as a whole.
    Shop,
    /// Goods, wherever they are.
    Good,
    /// Goods in one warehouse.
    Place,
    /// A source that is to be heard of.
    Source,
}

/// A value that rules can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Orders of the last whole hour (or day) against the same ones of eight weeks, in standard deviations.
    OrdersZ,
    /// The same, seen ÷ usual.
    OrdersRatio,
    /// Orders of that hour.
    OrdersSeen,
    /// Orders that are usual then.
    OrdersUsual,
    /// Hour of the day, 0–23.
    Hour,
    /// How little chance it leaves to the orders of the last minutes that there are more of them than was to be
    /// expected, of the span of 1 to 15 minutes that says most: −log₁₀ p, 16 at most.
    Burst,
    /// Orders of that span ÷ expected ones.
    BurstRatio,
    /// Orders of that span.
    BurstSeen,
    /// Orders that were to be expected in it: those of the same hours of eight weeks, and more where there were more
    /// in the hour before it.
    BurstUsual,
    /// Hours since the oldest order was paid that is not shipped.
    UnshippedHours,
    /// Orders that are paid and not shipped.
    UnshippedOrders,
    /// What was paid for them.
    UnshippedValue,
    /// Refunded ÷ paid of seven days over that of the four weeks before, from below: what is left of it at 95 %.
    RefundSurge,
    /// Share of the orders of seven days that were refunded.
    RefundRate,
    /// The same of the four weeks before.
    RefundUsual,
    /// Units that can be sold; below 0: oversold.
    Available,
    /// Units sold a day.
    Pace,
    /// Days the stock lasts; without demand 9,999.
    CoverDays,
    /// 1, 2, 3: A, B, C goods by sales (DOMAIN, ABC).
    SalesClass,
    /// Worth of the stock at the price it sells at.
    StockValue,
    /// What a day without it costs.
    LossPerDay,
    /// What goes unsold before the next receipt.
    LossSoon,
    /// Units sold beyond what there is in a warehouse.
    OversellUnits,
    /// Worth of these.
    OversellValue,
    /// Units on hand in a warehouse: below 0 a count is wrong.
    OnHand,
    /// Since a source was heard of, over its usual interval.
    FeedAge,
    /// Since a source was heard of, minutes.
    FeedMinutes,
    /// Orders of the last day, hour by hour (or of two weeks, day by day) against what is usual after the trend of the
    /// week before, moving mean (EWMA, DOMAIN §2, detection on counts 3) in its standard deviations.
    OrdersDrift,
    /// Orders of that day, or of those weeks.
    DriftSeen,
    /// Orders that are usual then.
    DriftUsual,
    /// How likely more is asked for before the next receipt than there is, 0 to 1.
    RunoutRisk,
    /// What a unit was sold for in the last hours, over what it is sold for usually.
    PriceRatio,
    /// What a unit was sold for in the last hours.
    Price,
    /// What a unit was sold for in the four weeks before.
    PriceUsual,
    /// What these sales brought less than usually.
    PriceLoss,
    /// Days until more of it is expected, in whichever place; the lead time where no receipt is known.
    ReceiptDays,
    /// What a unit was sold for in the last hours, over what it costs.
    PriceToCost,
    /// What a unit costs.
    UnitCost,
    /// What these sales brought less than they cost.
    CostLoss,
}

/// What is known of a value at an earlier time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// All: order lines say when.
    Lines,
    /// As much as stock was said then.
    Stock,
    /// Nothing: rows say how things are now.
    Now,
}

/// Values by [`Metric`]; NaN: not known.
pub type Values = [f64; 39];

impl Metric {
    /// All of them, as [`Values`] go, with their names in rules.
    pub const ALL: [(Self, &'static str, Level); 39] = [
        (Self::OrdersZ, "orders_z", Level::Shop),
        (Self::OrdersRatio, "orders_ratio", Level::Shop),
        (Self::OrdersSeen, "orders_seen", Level::Shop),
        (Self::OrdersUsual, "orders_usual", Level::Shop),
        (Self::Hour, "hour", Level::Shop),
        (Self::Burst, "burst", Level::Shop),
        (Self::BurstRatio, "burst_ratio", Level::Shop),
        (Self::BurstSeen, "burst_seen", Level::Shop),
        (Self::BurstUsual, "burst_usual", Level::Shop),
        (Self::UnshippedHours, "unshipped_hours", Level::Shop),
        (Self::UnshippedOrders, "unshipped_orders", Level::Shop),
        (Self::UnshippedValue, "unshipped_value", Level::Shop),
        (Self::RefundSurge, "refund_surge", Level::Shop),
        (Self::RefundRate, "refund_rate", Level::Shop),
        (Self::RefundUsual, "refund_usual", Level::Shop),
        (Self::Available, "available", Level::Good),
        (Self::Pace, "pace", Level::Good),
        (Self::CoverDays, "cover_days", Level::Good),
        (Self::SalesClass, "sales_class", Level::Good),
        (Self::StockValue, "stock_value", Level::Good),
        (Self::LossPerDay, "loss_per_day", Level::Good),
        (Self::LossSoon, "loss_soon", Level::Good),
        (Self::OversellUnits, "oversell_units", Level::Place),
        (Self::OversellValue, "oversell_value", Level::Place),
        (Self::OnHand, "on_hand", Level::Place),
        (Self::FeedAge, "feed_age", Level::Source),
        (Self::FeedMinutes, "feed_minutes", Level::Source),
        (Self::OrdersDrift, "orders_drift", Level::Shop),
        (Self::DriftSeen, "drift_seen", Level::Shop),
        (Self::DriftUsual, "drift_usual", Level::Shop),
        (Self::RunoutRisk, "runout_risk", Level::Good),
        (Self::PriceRatio, "price_ratio", Level::Good),
        (Self::Price, "price", Level::Good),
        (Self::PriceUsual, "price_usual", Level::Good),
        (Self::PriceLoss, "price_loss", Level::Good),
        (Self::ReceiptDays, "receipt_days", Level::Good),
        (Self::PriceToCost, "price_to_cost", Level::Good),
        (Self::UnitCost, "unit_cost", Level::Good),
        (Self::CostLoss, "cost_loss", Level::Good),
    ];

    /// No value at all.
    pub const UNKNOWN: Values = [f64::NAN; 39];

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|known| known.1 == name)
            .map(|known| known.0)
    }

    /// What it is of.
    pub fn level(self) -> Level {
        Self::ALL.get(self as usize).map_or(Level::Shop, |known| known.2)
    }

    /// Its value.
    pub fn of(self, values: &Values) -> f64 {
        values.get(self as usize).copied().unwrap_or(f64::NAN)
    }

    /// Sets its value.
    pub fn set(self, values: &mut Values, value: f64) {
        if let Some(place) = values.get_mut(self as usize) {
            *place = value;
        }
    }

    /// What is known of it at an earlier time.
    pub const fn known(self) -> Known {
        match self {
            Self::UnshippedHours
            | Self::UnshippedOrders
            | Self::UnshippedValue
            | Self::RefundSurge
            | Self::RefundRate
            | Self::RefundUsual
            | Self::FeedAge
            | Self::FeedMinutes
            | Self::PriceToCost
            | Self::UnitCost
            | Self::CostLoss => Known::Now,
            Self::Available
            | Self::CoverDays
            | Self::StockValue
            | Self::LossSoon
            | Self::OversellUnits
            | Self::OversellValue
            | Self::OnHand
            | Self::RunoutRisk
            | Self::ReceiptDays => Known::Stock,
            _ => Known::Lines,
        }
    }

    /// What was seen and what is usual, where people do not count in the metric itself; of orders that wait, how many
    /// and how many hours the oldest has.
    pub const fn evidence(self) -> Option<(Self, Self)> {
        match self {
            Self::OrdersZ | Self::OrdersRatio => Some((Self::OrdersSeen, Self::OrdersUsual)),
            Self::Burst | Self::BurstRatio => Some((Self::BurstSeen, Self::BurstUsual)),
            Self::UnshippedHours => Some((Self::UnshippedOrders, Self::UnshippedHours)),
            Self::RefundSurge => Some((Self::RefundRate, Self::RefundUsual)),
            Self::OrdersDrift => Some((Self::DriftSeen, Self::DriftUsual)),
            Self::PriceRatio => Some((Self::Price, Self::PriceUsual)),
            Self::PriceToCost => Some((Self::Price, Self::UnitCost)),
            _ => None,
        }
    }

    /// The money that is at risk where it is too low or too high.
    pub const fn at_risk(self, is_lower: bool) -> Option<Self> {
        match self {
            Self::OversellUnits => Some(Self::OversellValue),
            Self::UnshippedHours | Self::UnshippedOrders => Some(Self::UnshippedValue),
            Self::CoverDays if is_lower => Some(Self::LossSoon),
            Self::CoverDays => Some(Self::StockValue),
            Self::RunoutRisk => Some(Self::LossSoon),
            Self::Available if is_lower => Some(Self::LossPerDay),
            Self::PriceRatio if is_lower => Some(Self::PriceLoss),
            Self::PriceToCost if is_lower => Some(Self::CostLoss),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_by_metric() {
        for (at, (metric, name, level)) in Metric::ALL.into_iter().enumerate() {
            assert_eq!((metric as usize, metric.level()), (at, level));
            assert_eq!(Metric::named(name), Some(metric));
        }
        assert_eq!(Metric::named("cost"), None);
    }
}
