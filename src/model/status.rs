//! Where an order line stands.

use serde::{Deserialize, Serialize};

/// Life of an order line, in the words every platform's own are mapped to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Ordered, not paid (等待买家付款, Pending).
    #[default]
    Created,
    /// Paid, not shipped (等待卖家发货, Unshipped).
    Paid,
    /// On its way.
    Shipped,
    /// Received, or closed as a success.
    Completed,
    /// Cancelled or closed without a sale.
    Cancelled,
    /// A return or refund is under way.
    Refunding,
    /// Returned or refunded, wholly or in part.
    Refunded,
}

impl Status {
    /// All, in order of life. A status' code in its dictionary is its place here plus one.
    pub const ALL: [Self; 7] = [
        Self::Created,
        Self::Paid,
        Self::Shipped,
        Self::Completed,
        Self::Cancelled,
        Self::Refunding,
        Self::Refunded,
    ];

    /// Name in addresses and attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Paid => "paid",
            Self::Shipped => "shipped",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Refunding => "refunding",
            Self::Refunded => "refunded",
        }
    }

    /// The one called `id`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.id() == id)
    }

    /// Whether a line that says nothing of its payment must have been paid to stand here.
    pub const fn implies_payment(self) -> bool {
        !matches!(self, Self::Created | Self::Cancelled)
    }
}
