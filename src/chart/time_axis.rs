//! Labels of an axis of time, at round times of the shop's zone, that do not run into each other.

use super::Frame;
use super::pen::text_width;
use crate::format::{clock, month_name, short_day};
use crate::time::{UtcMillis, Zone};
use chrono::{Datelike, Timelike};

/// Font size of the labels, 1/16 rem.
pub(super) const SIZE: f64 = 13.0;
/// Least room between two labels, 1/16 rem.
const GAP: f64 = 24.0;

/// A label under an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TimeLabel {
    /// Middle of the text, device pixels.
    pub x: f64,
    /// The text.
    pub text: String,
}

/// How far apart labels are, finest first.
#[derive(Clone, Copy, Debug)]
enum Step {
    Minutes(u32),
    Days(i32),
    Weeks(i32),
    Months(i32),
    Years(i32),
}

const STEPS: [Step; 19] = [
    Step::Minutes(10),
    Step::Minutes(30),
    Step::Minutes(60),
    Step::Minutes(120),
    Step::Minutes(180),
    Step::Minutes(360),
    Step::Minutes(720),
    Step::Days(1),
    Step::Days(2),
    Step::Weeks(1),
    Step::Weeks(2),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
];

/// The local calendar at a bucket's start.
struct Local {
    minute: u32,
    days: i32,
    month: u32,
    year: i32,
}

impl Local {
    fn at(at: UtcMillis, zone: Zone) -> Self {
        let local = zone.local(at);
        Self {
            minute: local.hour() * 60 + local.minute(),
            days: local.num_days_from_ce(),
            month: local.month(),
            year: local.year(),
        }
    }

    /// Number of the step's interval this falls in; a label stands where it changes.
    fn interval(&self, step: Step) -> i64 {
        let days = i64::from(self.days);
        match step {
            Step::Minutes(width) => days * 1440 + i64::from(self.minute / width * width),
            Step::Days(width) => days.div_euclid(width.into()),
            // Day 1 of the common era was a Monday.
            Step::Weeks(width) => (days - 1).div_euclid(i64::from(width) * 7),
            Step::Months(width) => {
                (i64::from(self.year) * 12 + i64::from(self.month) - 1).div_euclid(width.into())
            }
            Step::Years(width) => i64::from(self.year).div_euclid(width.into()),
        }
    }

    /// Whether the interval begins here, as far as the first bucket can tell.
    fn begins(&self, step: Step, day_of_month: u32) -> bool {
        match step {
            Step::Minutes(width) => self.minute.is_multiple_of(width),
            Step::Days(width) => self.minute == 0 && self.days.rem_euclid(width) == 0,
            Step::Weeks(width) => self.minute == 0 && (self.days - 1).rem_euclid(width * 7) == 0,
            Step::Months(width) => {
                day_of_month == 1 && (i64::from(self.month) - 1).rem_euclid(width.into()) == 0
            }
            Step::Years(width) => day_of_month == 1 && self.month == 1 && self.year.rem_euclid(width) == 0,
        }
    }
}

/// Labels for buckets that start at `starts` (ascending) and are drawn at `x(index)`, device pixels: those of
/// the finest step at which they fit, moved into `0..=frame.width` at the edges.
pub(super) fn time_labels(frame: &Frame, starts: &[UtcMillis], x: impl Fn(usize) -> f64) -> Vec<TimeLabel> {
    let locals: Vec<Local> = starts.iter().map(|at| Local::at(*at, frame.zone)).collect();
    STEPS
        .into_iter()
        .find_map(|step| {
            let marks = marks(frame, starts, &locals, step);
            let placed = place(frame, marks, &x);
            (!placed.is_empty() && fits(frame, &placed)).then_some(placed)
        })
        .unwrap_or_default()
}

/// Indexes of the buckets that `step` labels.
fn marks(frame: &Frame, starts: &[UtcMillis], locals: &[Local], step: Step) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let mut before: Option<i64> = None;
    for (at, (local, start)) in locals.iter().zip(starts).enumerate() {
        let interval = local.interval(step);
        let begins = match before {
            Some(before) => before != interval,
            None => local.begins(step, frame.zone.local(*start).day()),
        };
        if begins {
            out.push((at, label(frame, *start, local, step)));
        }
        before = Some(interval);
    }
    out
}

fn label(frame: &Frame, start: UtcMillis, local: &Local, step: Step) -> String {
    match step {
        Step::Minutes(_) if local.minute != 0 => clock(start, frame.zone),
        Step::Minutes(_) | Step::Days(_) | Step::Weeks(_) => short_day(start, frame.zone),
        Step::Months(_) if local.month != 1 => month_name(local.month, frame.lang),
        Step::Months(_) | Step::Years(_) => local.year.to_string(),
    }
}

fn place(frame: &Frame, marks: Vec<(usize, String)>, x: impl Fn(usize) -> f64) -> Vec<TimeLabel> {
    marks
        .into_iter()
        .map(|(at, text)| {
            let half = text_width(frame, &text, SIZE) / 2.0;
            TimeLabel {
                x: x(at).min(frame.w() - half).max(half),
                text,
            }
        })
        .collect()
}

fn fits(frame: &Frame, labels: &[TimeLabel]) -> bool {
    let half = |label: &TimeLabel| text_width(frame, &label.text, SIZE) / 2.0;
    labels
        .iter()
        .all(|label| label.x + half(label) <= frame.w() + 0.5)
        && labels
            .windows(2)
            .all(|pair| pair[1].x - pair[0].x >= half(&pair[0]) + half(&pair[1]) + frame.px(GAP))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Palette;
    use crate::format::Lang;
    use crate::time::{Grain, Span};

    fn frame(width: u32, lang: Lang) -> Frame {
        Frame {
            width,
            height: 100,
            scale: 1.0,
            font: String::new(),
            palette: Palette::default(),
            lang,
            zone: Zone::default(),
        }
    }

    #[track_caller]
    fn check(width: u32, grain: Grain, from: &str, buckets: usize, expect: &str) {
        let frame = frame(width, Lang::Zh);
        let at = chrono::DateTime::parse_from_rfc3339(from)
            .expect("a time")
            .timestamp_millis();
        let span = Span {
            from: UtcMillis(at),
            to: UtcMillis(i64::MAX),
        };
        let starts = frame.zone.buckets(grain, span, buckets);
        let step = f64::from(width) / (starts.len().max(2) - 1) as f64;
        let got = time_labels(&frame, &starts, |i| i as f64 * step);
        let texts: Vec<&str> = got.iter().map(|label| label.text.as_str()).collect();
        assert_eq!(texts.join(" "), expect);
    }

    #[test]
    fn round_local_times() {
        check(
            640,
            Grain::TenMinutes,
            "2026-06-18T18:00:00+08:00",
            37,
            "18:00 19:00 20:00 21:00 22:00 23:00 6-19",
        );
        check(
            400,
            Grain::Hour,
            "2026-06-17T09:00:00+08:00",
            40,
            "12:00 6-18 12:00 6-19",
        );
        check(
            900,
            Grain::Day,
            "2026-06-01T00:00:00+08:00",
            30,
            "6-1 6-3 6-5 6-7 6-9 6-11 6-13 6-15 6-17 6-19 6-21 6-23 6-25 6-27 6-29",
        );
        check(
            300,
            Grain::Day,
            "2026-06-01T00:00:00+08:00",
            30,
            "6-1 6-8 6-15 6-22 6-29",
        );
        check(
            500,
            Grain::Day,
            "2025-11-20T00:00:00+08:00",
            120,
            "12月 2026 2月 3月",
        );
        check(
            300,
            Grain::Month,
            "2022-04-01T00:00:00+08:00",
            48,
            "2023 2024 2025 2026",
        );
        check(300, Grain::Day, "2026-06-18T00:00:00+08:00", 1, "6-18");
        check(10, Grain::Day, "2026-06-18T00:00:00+08:00", 5, "");
        check(640, Grain::Day, "2026-06-18T00:00:00+08:00", 0, "");
    }
}
