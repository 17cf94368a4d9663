//! The account key of rows.

use super::field::Field;
use super::header::HeaderKey;
use super::mapping::Mapping;
use super::memo::Memo;
use crate::model::TOTAL;
use crate::protocol::FileKind;

/// Names the account that rows come from: the headers of the columns that identify a row, and the
/// shop where the row says one.
///
/// Lines of one account replace each other, so the key must be the same for every file of one shop
/// and differ between platforms, whose order numbers may meet by chance. File names change from export
/// to export, and sellers choose most columns, so neither will do; but an export without its order
/// number and SKU is of no use, and their headers are the platform's own. What else is recognised must
/// not matter: a profile added later would split what was imported before. The one exception are profiles
/// of an account, whose files are made to meet: their order numbers are those of one platform, so neither
/// headers nor shop are part of its key.
#[derive(Debug)]
pub(super) struct Source {
    stem: String,
    is_account: bool,
    of_shops: Memo<String>,
}

impl Source {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let account = mapping.profile.map_or("", |profile| profile.account);
        if !account.is_empty() {
            let is_total = mapping.profile.is_some_and(|profile| profile.totals);
            return Self {
                stem: std::iter::once(TOTAL)
                    .filter(|_| is_total)
                    .chain(account.chars())
                    .collect(),
                is_account: true,
                of_shops: Memo::default(),
            };
        }
        let fields: &[Field] = match mapping.kind {
            FileKind::Orders => &[Field::OrderId, Field::LineId, Field::Sku],
            _ => &[Field::Handle, Field::Sku],
        };
        let columns = fields.iter().filter_map(|field| mapping.one(*field));
        let keys: Vec<&str> = columns
            .filter_map(|at| mapping.keys.get(at))
            .map(|key: &HeaderKey| key.base.as_str())
            .collect();
        Self {
            stem: keys.join("|"),
            is_account: false,
            of_shops: Memo::default(),
        }
    }

    /// The key of a row of `shop`; empty: the row says none.
    pub(super) fn of(&mut self, shop: &str) -> &str {
        let stem = &self.stem;
        if shop.is_empty() || self.is_account {
            return stem;
        }
        self.of_shops
            .of(shop, |shop| format!("{stem}@{shop}"))
            .map_or(stem, String::as_str)
    }
}
