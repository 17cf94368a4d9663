//! Fewer points than there are pixels.

/// The points of `values` that a line `columns` pixels wide shows, as (index, value), ascending: of each two
/// columns the lowest and the highest, and both ends. So no peak is lost and there is at most about one
/// point a column. Values that are not finite are left out; if there are few enough, all others are kept.
pub fn decimate(values: &[f64], columns: usize) -> Vec<(usize, f64)> {
    let finite = values
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, value)| value.is_finite());
    let columns = columns.max(2);
    if values.len() <= columns {
        return finite.collect();
    }
    let groups = columns.div_ceil(2);
    let (mut out, mut open): (Vec<(usize, f64)>, Option<Group>) = (Vec::with_capacity(columns + 4), None);
    for (at, value) in finite {
        let number = at * groups / values.len();
        match &mut open {
            Some(group) if group.number == number => group.take((at, value)),
            _ => {
                let first = out.is_empty() && open.is_none();
                if let Some(group) = open.take() {
                    group.put(&mut out);
                }
                if first {
                    out.push((at, value));
                }
                open = Some(Group {
                    number,
                    low: (at, value),
                    high: (at, value),
                    last: (at, value),
                });
            }
        }
    }
    if let Some(group) = open {
        let last = group.last;
        group.put(&mut out);
        put(&mut out, last);
    }
    out
}

/// What two columns hold.
struct Group {
    number: usize,
    low: (usize, f64),
    high: (usize, f64),
    last: (usize, f64),
}

impl Group {
    fn take(&mut self, point: (usize, f64)) {
        if point.1 < self.low.1 {
            self.low = point;
        }
        if point.1 > self.high.1 {
            self.high = point;
        }
        self.last = point;
    }

    fn put(self, out: &mut Vec<(usize, f64)>) {
        let (a, b) = if self.low.0 <= self.high.0 {
            (self.low, self.high)
        } else {
            (self.high, self.low)
        };
        put(out, a);
        put(out, b);
    }
}

fn put(out: &mut Vec<(usize, f64)>, point: (usize, f64)) {
    if out.last().is_none_or(|last| last.0 < point.0) {
        out.push(point);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_points_stay() {
        assert_eq!(decimate(&[1.0, f64::NAN, 3.0], 10), [(0, 1.0), (2, 3.0)]);
        assert!(decimate(&[], 10).is_empty());
        assert!(decimate(&[f64::NAN; 50], 10).is_empty());
    }

    #[test]
    fn peaks_and_ends_stay() {
        let mut values: Vec<f64> = (0..100_000_u32).map(|at| f64::from(at % 17)).collect();
        values[54_321] = 1e9;
        values[54_400] = -1e9;
        let got = decimate(&values, 800);
        assert!(got.len() <= 804, "{}", got.len());
        assert!(got.contains(&(54_321, 1e9)) && got.contains(&(54_400, -1e9)));
        assert_eq!((got[0].0, got[got.len() - 1].0), (0, 99_999));
        assert!(got.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
