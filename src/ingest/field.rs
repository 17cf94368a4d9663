//! What a column can mean.

use crate::model::Dim;

/// Meaning of a column. The order is the order in which columns are given away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Field {
    OrderId,
    LineId,
    CreatedAt,
    PaidAt,
    ShippedAt,
    UpdatedAt,
    Status,
    /// A second status column that may take the line further: fulfilment, state of the item.
    StatusAlso,
    /// What came after the sale (售后状态): says refunds, and that the whole line was refunded.
    AfterSale,
    Sku,
    Title,
    Quantity,
    UnitPrice,
    /// Gross amount of the line.
    Amount,
    /// Amount of the whole order, repeated on each of its rows: the last resort.
    OrderAmount,
    PaidAmount,
    /// What was paid for the whole order, repeated on each of its rows.
    OrderPaid,
    RefundAmount,
    Currency,
    City,
    Customer,
    /// An address: only its province is read.
    Address,
    Dim(Dim),
    OnHand,
    Available,
    Inbound,
    AsOf,
    /// What one unit costs; in orders nothing is made of it.
    UnitCost,
    /// When the next of what is on its way is expected.
    Arrives,
    /// Names the goods where the SKU is empty (Shopify).
    Handle,
    /// Option value of a variant, read with the handle.
    Variant,
    /// The name that goods are sold under, in a crosswalk.
    PlatformSku,
    /// The name that goods are stocked under, in a crosswalk.
    StockedSku,
    Barcode,
    /// How many of the stocked goods one of the sold is.
    PerSet,
    /// The id that stands for goods elsewhere, beside their SKU in a table of stock.
    ItemId,
    /// The id that stands for a place elsewhere.
    PlaceId,
    PlaceName,
    /// Nothing to read: the column shows that the file is a product listing.
    Listing,
}

/// What the cells of a column must look like for the column to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Date,
    Number,
    /// Chinese addresses.
    Province,
    Any,
}

impl Field {
    const NAMED: [(&'static str, Self); 45] = [
        ("order_id", Self::OrderId),
        ("line_id", Self::LineId),
        ("created_at", Self::CreatedAt),
        ("paid_at", Self::PaidAt),
        ("shipped_at", Self::ShippedAt),
        ("updated_at", Self::UpdatedAt),
        ("status", Self::Status),
        ("status_also", Self::StatusAlso),
        ("after_sale", Self::AfterSale),
        ("sku", Self::Sku),
        ("title", Self::Title),
        ("quantity", Self::Quantity),
        ("unit_price", Self::UnitPrice),
        ("amount", Self::Amount),
        ("order_amount", Self::OrderAmount),
        ("paid_amount", Self::PaidAmount),
        ("order_paid", Self::OrderPaid),
        ("refund_amount", Self::RefundAmount),
        ("currency", Self::Currency),
        ("city", Self::City),
        ("customer", Self::Customer),
        ("address", Self::Address),
        ("dim:channel", Self::Dim(Dim::Channel)),
        ("dim:shop", Self::Dim(Dim::Shop)),
        ("dim:category", Self::Dim(Dim::Category)),
        ("dim:brand", Self::Dim(Dim::Brand)),
        ("dim:region", Self::Dim(Dim::Region)),
        ("dim:warehouse", Self::Dim(Dim::Warehouse)),
        ("dim:fulfilment", Self::Dim(Dim::Fulfilment)),
        ("on_hand", Self::OnHand),
        ("available", Self::Available),
        ("inbound", Self::Inbound),
        ("as_of", Self::AsOf),
        ("unit_cost", Self::UnitCost),
        ("arrives", Self::Arrives),
        ("handle", Self::Handle),
        ("variant", Self::Variant),
        ("platform_sku", Self::PlatformSku),
        ("stocked_sku", Self::StockedSku),
        ("barcode", Self::Barcode),
        ("per_set", Self::PerSet),
        ("item_id", Self::ItemId),
        ("place_id", Self::PlaceId),
        ("place_name", Self::PlaceName),
        ("listing", Self::Listing),
    ];

    /// All fields in the order in which columns are given away.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::NAMED.iter().map(|(_, field)| *field)
    }

    /// The one called `name` in the synonym table.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::NAMED
            .iter()
            .find(|(id, _)| *id == name)
            .map(|(_, field)| *field)
    }

    /// Its name in the synonym table and in decisions: each has its own.
    pub(super) fn name(self) -> &'static str {
        Self::NAMED
            .iter()
            .find(|(_, field)| *field == self)
            .map_or("", |(name, _)| *name)
    }

    /// Id in reports.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::OrderAmount => "amount",
            Self::OrderPaid => "paid_amount",
            Self::StatusAlso | Self::AfterSale => "status",
            Self::Address => "dim:region",
            Self::Handle | Self::Variant => "sku",
            _ => self.name(),
        }
    }

    /// Whether order lines have it.
    pub(super) const fn is_of_orders(self) -> bool {
        !self.is_of_names_only()
            && !matches!(
                self,
                Self::OnHand
                    | Self::Available
                    | Self::Inbound
                    | Self::AsOf
                    | Self::UnitCost
                    | Self::Arrives
                    | Self::Handle
                    | Self::Variant
                    | Self::ItemId
                    | Self::Listing
            )
    }

    /// Whether stock levels have it.
    pub(super) const fn is_of_stock(self) -> bool {
        matches!(
            self,
            Self::Sku
                | Self::Title
                | Self::OnHand
                | Self::Available
                | Self::Inbound
                | Self::AsOf
                | Self::UnitCost
                | Self::Arrives
                | Self::Handle
                | Self::Variant
                | Self::ItemId
                | Self::Dim(Dim::Shop | Dim::Category | Dim::Brand | Dim::Warehouse)
        )
    }

    const fn is_of_names_only(self) -> bool {
        matches!(
            self,
            Self::PlatformSku
                | Self::StockedSku
                | Self::Barcode
                | Self::PerSet
                | Self::PlaceId
                | Self::PlaceName
        )
    }

    /// Whether statements about names have it.
    pub(super) const fn is_of_names(self) -> bool {
        self.is_of_names_only() || matches!(self, Self::Dim(Dim::Channel | Dim::Shop))
    }

    /// Whether several columns may have it: the first that is not empty wins (identifiers), all are
    /// added (inbound) or all are looked at (states).
    pub(super) const fn is_many(self) -> bool {
        matches!(
            self,
            Self::OrderId
                | Self::Sku
                | Self::Inbound
                | Self::StatusAlso
                | Self::AfterSale
                | Self::Variant
                | Self::Barcode
        )
    }

    /// What its cells must look like.
    pub(super) const fn content(self) -> Content {
        match self {
            Self::CreatedAt
            | Self::PaidAt
            | Self::ShippedAt
            | Self::UpdatedAt
            | Self::AsOf
            | Self::Arrives => Content::Date,
            Self::Quantity
            | Self::UnitPrice
            | Self::Amount
            | Self::OrderAmount
            | Self::PaidAmount
            | Self::OrderPaid
            | Self::RefundAmount
            | Self::OnHand
            | Self::Available
            | Self::Inbound
            | Self::UnitCost
            | Self::PerSet => Content::Number,
            Self::Address => Content::Province,
            _ => Content::Any,
        }
    }
}
