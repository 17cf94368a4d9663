//! Cells of the whole order that stand on its first row only.

use super::field::Field;
use super::mapping::Mapping;
use super::records::Row;
use crate::model::Dim;

/// Gives an empty cell of a further row of an order the value of the order's first row, in exports
/// that fill in such cells once (Shopify). In all others an empty cell stays empty.
#[derive(Debug, Default)]
pub(super) struct Carry {
    cells: Vec<(usize, String)>,
    order: String,
    inside: bool,
}

impl Carry {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let mut carry = Self::default();
        if mapping.profile.is_some_and(|profile| profile.fills_down) {
            let dims = [
                Dim::Channel,
                Dim::Shop,
                Dim::Region,
                Dim::Warehouse,
                Dim::Fulfilment,
            ]
            .map(Field::Dim);
            let fields = [
                Field::Status,
                Field::StatusAlso,
                Field::PaidAt,
                Field::Currency,
                Field::City,
            ];
            let columns = fields
                .into_iter()
                .chain(dims)
                .flat_map(|field| mapping.all(field));
            carry.cells = columns.map(|column| (column, String::new())).collect();
        }
        carry
    }

    /// Whether every row says all there is of itself.
    pub(super) const fn is_idle(&self) -> bool {
        self.cells.is_empty()
    }

    /// Starts a row of `order`.
    #[inline]
    pub(super) fn begin(&mut self, order: &str, row: &Row<'_>) {
        if self.cells.is_empty() {
            return;
        }
        self.inside = self.order == order;
        if !self.inside {
            self.order.clear();
            self.order.push_str(order);
            for (column, cell) in &mut self.cells {
                cell.clear();
                cell.push_str(row.cell(*column));
            }
        }
    }

    /// The cell of `row`, or what it has from the first row of its order.
    #[inline]
    pub(super) fn cell<'r>(&'r self, row: &Row<'r>, column: usize) -> &'r str {
        let cell = row.cell(column);
        if !self.inside || !cell.is_empty() {
            return cell;
        }
        self.cells
            .iter()
            .find(|(at, _)| *at == column)
            .map_or("", |(_, cell)| cell)
    }
}
