//! What charts draw, mark by mark, compared with `tests/fixtures/chart/*.txt`.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test chart_scenes` rewrites the files.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops where it is wrong"
)]
#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "small invented numbers"
)]

use plotters::prelude::SVGBackend;
use proptest::prelude::*;
use std::fmt::Write;
use std::path::Path;
use stockpit::chart::*;
use stockpit::format::Lang;
use stockpit::money::Fixed;
use stockpit::protocol::{Measure, Series, SeriesPoint, StockState};
use stockpit::time::{DAY_MILLIS, Grain, HOUR_MILLIS, Span, UtcMillis, Zone};

/// 2026-06-18 00:00 in Shanghai.
const MIDNIGHT: UtcMillis = UtcMillis(1_781_712_000_000);

fn frame(width: u32, height: u32) -> Frame {
    Frame {
        width,
        height,
        scale: 1.0,
        font: "Inter, 'Noto Sans CJK SC', sans-serif".to_owned(),
        palette: Palette::default(),
        lang: Lang::Zh,
        zone: Zone::default(),
    }
}

type Draw<'a> = &'a dyn Fn(&Area<SVGBackend>, &Frame);

fn svg(frame: &Frame, draw: Draw) -> String {
    let mut text = String::new();
    {
        let size = ((frame.width * FINE).max(1), (frame.height * FINE).max(1));
        draw(&Area::new(SVGBackend::with_string(&mut text, size), frame), frame);
    }
    text
}

// ---- scenes

fn series(grain: Grain, from: UtcMillis, values: &[f64], before: impl Fn(usize) -> Option<f64>) -> Series {
    let fixed = |value: f64| Fixed::from_raw((value * 10_000.0).round() as i64);
    let starts = Zone::default().buckets(
        grain,
        Span {
            from,
            to: UtcMillis(i64::MAX),
        },
        values.len(),
    );
    let points = starts
        .iter()
        .zip(values)
        .enumerate()
        .map(|(at, (start, value))| SeriesPoint {
            start: *start,
            key: Zone::default().key(grain, *start),
            gmv: fixed(*value),
            units: Fixed::from_units(value.round() as i64),
            orders: value.round().max(0.0) as u64,
            before: before(at).map(fixed),
        });
    Series {
        grain,
        points: points.collect(),
        begun: values.len(),
        overview_grain: Grain::Day,
        overview: Vec::new(),
    }
}

/// Noise without a generator: -1 to 1.
fn noise(at: usize) -> f64 {
    ((at as f64 * 12.9898).sin() * 43_758.547).fract()
}

fn pulse() -> Series {
    let values: Vec<f64> = (0..144)
        .map(|at| {
            let hours = at as f64 / 6.0;
            let day = (hours / 24.0 * std::f64::consts::PI).sin() * 90_000.0 + 30_000.0;
            let burst = if hours >= 20.0 {
                760_000.0 * (-(hours - 20.0) * 2.2).exp()
            } else {
                0.0
            };
            (day + burst) * (1.0 + 0.06 * noise(at))
        })
        .collect();
    let day = |at: usize| (at as f64 / 144.0 * std::f64::consts::PI).sin() * 60_000.0 + 20_000.0;
    let before = |at| Some(day(at) * (1.0 + 0.08 * noise(at + 500)));
    Series {
        begun: 122,
        ..series(Grain::TenMinutes, MIDNIGHT, &values, before)
    }
}

fn days(count: usize) -> Series {
    let values: Vec<f64> = (0..count)
        .map(|at| {
            820_000.0 * (1.0 + 0.25 * noise(at) + at as f64 / 60.0 + if at % 7 > 4 { 0.35 } else { 0.0 })
        })
        .collect();
    let from = MIDNIGHT.plus(-(count as i64 - 1) * DAY_MILLIS);
    series(Grain::Day, from, &values, |at| {
        (at > 3 && at != 9).then(|| 700_000.0 * (1.0 + 0.2 * noise(at + 77)))
    })
}

fn sales_of<'a>(series: &'a Series, measure: Measure) -> Sales<'a> {
    Sales {
        series,
        measure,
        currency: "CNY",
        hover: None,
        partial_last: false,
        before_label: "",
    }
}

fn overview_points(count: usize) -> Vec<(UtcMillis, Fixed)> {
    let from = MIDNIGHT.plus(-(count as i64) * DAY_MILLIS);
    let starts = Zone::default().buckets(
        Grain::Day,
        Span {
            from,
            to: UtcMillis(i64::MAX),
        },
        count,
    );
    let value = |at: usize| 100.0 + 60.0 * noise(at) + if at % 31 == 11 { 300.0 } else { 0.0 };
    starts
        .into_iter()
        .enumerate()
        .map(|(at, start)| (start, Fixed::from_units(value(at) as i64)))
        .collect()
}

fn bar_rows() -> Vec<BarRow> {
    let row = |value, before, color, dimmed| BarRow {
        value,
        before,
        color,
        dimmed,
    };
    vec![
        row(742.6, Some(306.0), Ink::Series(0), false),
        row(561.3, Some(134.0), Ink::Series(1), true),
        row(286.4, Some(310.0), Ink::Series(2), false),
        row(2.0, None, Ink::Accent, false),
        row(f64::NAN, None, Ink::Accent, false),
        row(-60.0, Some(95.4), Ink::Mid, false),
    ]
}

fn cover_rows() -> Vec<BarRow> {
    let shares = [
        (0.03, Ink::P1),
        (0.0, Ink::P1),
        (0.46, Ink::P2),
        (0.2, Ink::P2),
        (0.83, Ink::Mid),
        (1.7, Ink::Mid),
    ];
    shares
        .map(|(value, color)| BarRow {
            value,
            before: None,
            color,
            dimmed: false,
        })
        .to_vec()
}

fn runout_rows() -> Vec<RunoutRow> {
    let row = |days, state| RunoutRow { days, state };
    vec![
        row(-0.3, StockState::Oversold),
        row(0.0, StockState::Out),
        row(0.06, StockState::Critical),
        row(0.5, StockState::Critical),
        row(1.4, StockState::Critical),
        row(2.6, StockState::Critical),
        row(4.2, StockState::Low),
        row(6.9, StockState::Low),
        row(31.0, StockState::Enough),
    ]
}

fn tile_values() -> Vec<TileValue> {
    let shares = [
        ("粤", 10.1),
        ("浙", 8.8),
        ("苏", 8.0),
        ("沪", 6.7),
        ("鲁", 5.7),
        ("京", 5.2),
        ("川", 4.6),
        ("豫", 3.9),
        ("鄂", 3.5),
        ("湘", 3.2),
        ("闽", 4.1),
        ("皖", 3.0),
        ("冀", 2.8),
        ("赣", 2.2),
        ("渝", 2.4),
        ("陕", 2.1),
        ("辽", 2.0),
        ("桂", 1.8),
        ("云", 1.5),
        ("贵", 1.2),
        ("晋", 1.3),
        ("津", 1.6),
        ("黑", 1.2),
        ("吉", 1.0),
        ("蒙", 0.8),
        ("甘", 0.7),
        ("琼", 0.6),
        ("新", 0.5),
        ("宁", 0.3),
        ("青", 0.2),
        ("藏", 0.1),
    ];
    let mut values = vec![TileValue::default(); TILES.len()];
    for (name, share) in shares {
        let at = province_tile(name).expect("a province");
        values[at] = TileValue {
            value: Some(share),
            chosen: name == "浙",
        };
    }
    values
}

/// Every scene: name, width, height, and how to draw it.
fn scenes(visit: &mut dyn FnMut(&str, u32, u32, Draw)) {
    let pulse = pulse();
    let mut live = sales_of(&pulse, Measure::Gmv);
    (live.partial_last, live.before_label) = (true, "上周四");
    visit("sales-pulse", 726, 250, &|area, frame| {
        sales(area, frame, &live).expect("draws")
    });
    let month = days(30);
    let mut hovered = sales_of(&month, Measure::Gmv);
    (hovered.hover, hovered.before_label) = (Some(12), "上月");
    visit("sales-days", 726, 250, &|area, frame| {
        sales(area, frame, &hovered).expect("draws")
    });
    let orders: Vec<f64> = (0..36).map(|at| 40.0 + 30.0 * noise(at) + at as f64).collect();
    let months = series(Grain::Month, MIDNIGHT.plus(-1100 * DAY_MILLIS), &orders, |_| None);
    let months = sales_of(&months, Measure::Orders);
    visit("sales-months", 358, 180, &|area, frame| {
        sales(area, frame, &months).expect("draws")
    });
    let returns = series(
        Grain::Day,
        MIDNIGHT,
        &[120.0, -80.0, 40.0, 300.0, -10.0, 90.0, 20.0],
        |_| None,
    );
    let returns = sales_of(&returns, Measure::Gmv);
    visit("sales-negative", 358, 180, &|area, frame| {
        sales(area, frame, &returns).expect("draws")
    });
    let one = series(Grain::Day, MIDNIGHT, &[123_456.0], |_| Some(99_000.0));
    let one = sales_of(&one, Measure::Gmv);
    visit("sales-one", 358, 180, &|area, frame| {
        sales(area, frame, &one).expect("draws")
    });
    let none = series(Grain::Day, MIDNIGHT, &[], |_| None);
    let none = sales_of(&none, Measure::Gmv);
    visit("sales-empty", 358, 180, &|area, frame| {
        sales(area, frame, &none).expect("draws")
    });
    let points = overview_points(180);
    let brushed = Overview {
        points: &points,
        grain: Grain::Day,
        selected: Some((0.62, 0.79)),
    };
    visit("overview", 726, 64, &|area, frame| {
        overview(area, frame, &brushed).expect("draws")
    });
    let few = Overview {
        points: &points[..9],
        grain: Grain::Day,
        selected: None,
    };
    visit("overview-few", 358, 36, &|area, frame| {
        overview(area, frame, &few).expect("draws")
    });
    let course: Vec<f64> = (0..28)
        .map(|at| 200.0 + at as f64 * 3.0 + 40.0 * noise(at))
        .collect();
    visit("spark", 110, 30, &|area, frame| {
        spark(area, frame, &course).expect("draws")
    });
    visit("spark-flat", 110, 30, &|area, frame| {
        spark(area, frame, &[5.0; 7]).expect("draws")
    });
    let rows = bar_rows();
    let plain = Bars {
        rows: &rows,
        top: 0.0,
        row_h: 28.0,
        x0: 4.0,
        x1: 270.0,
        place: BarPlace::Bottom,
        full: None,
        track: false,
    };
    visit("bars", 274, 168, &|area, frame| {
        bars(area, frame, &plain).expect("draws")
    });
    let covers = cover_rows();
    let cover = Bars {
        rows: &covers,
        top: 0.0,
        row_h: 30.0,
        x0: 0.0,
        x1: 70.0,
        place: BarPlace::Centre,
        full: Some(1.0),
        track: true,
    };
    visit("bars-cover", 70, 180, &|area, frame| {
        bars(area, frame, &cover).expect("draws")
    });
    let parts = [39.8, 30.1, 15.4, 9.6, 5.1]
        .iter()
        .enumerate()
        .map(|(at, v)| (*v, Ink::Series(at)))
        .collect::<Vec<_>>();
    visit("stack", 274, 10, &|area, frame| {
        stack(area, frame, &parts).expect("draws")
    });
    let rows = runout_rows();
    let out = |max_days, x1| Runout {
        rows: &rows,
        row_h: 34.0,
        header_h: 28.0,
        x0: 22.0,
        x1,
        max_days,
        now: MIDNIGHT.plus(20 * HOUR_MILLIS + 14 * 60_000),
        labels: ("现在", "明天"),
    };
    visit("runout-week", 420, 340, &|area, frame| {
        runout(area, frame, &out(7.0, 410.0)).expect("draws")
    });
    visit("runout-fortnight", 300, 340, &|area, frame| {
        runout(area, frame, &out(14.0, 290.0)).expect("draws")
    });
    let values = tile_values();
    visit("tiles", 256, 256, &|area, frame| {
        tiles(area, frame, &values, Some(3)).expect("draws")
    });
}

// ---- marks as text

/// Name of a colour in the default palette.
fn token(hex: &str) -> String {
    let color = Rgb::parse(hex).expect("svg colours are hex");
    let p = Palette::default();
    let named = [
        ("panel", p.panel),
        ("raise", p.raise),
        ("line", p.line),
        ("grid", p.grid),
        ("hi", p.hi),
        ("mid", p.mid),
        ("low", p.low),
        ("accent", p.accent),
        ("p1", p.p1),
        ("p2", p.p2),
    ];
    let series = |at: &usize| p.series[*at] == color;
    named
        .iter()
        .find(|(_, c)| *c == color)
        .map(|(name, _)| (*name).to_owned())
        .or_else(|| (0..5).find(series).map(|at| format!("series{}", at + 1)))
        .unwrap_or_else(|| hex.to_owned())
}

/// The scene in `svg`, a mark a line, in device pixels.
fn marks(svg: &str) -> String {
    let mut out = String::new();
    let mut lines = svg.lines();
    while let Some(line) = lines.next() {
        let attr = |name: &str| {
            let (_, rest) = line.split_once(&format!(" {name}=\""))?;
            rest.split('"').next()
        };
        let text = |name: &str| attr(name).unwrap_or_default();
        let px =
            |value: &str| (value.parse::<f64>().expect("a number") / f64::from(FINE) * 100.0).round() / 100.0;
        let ink = |name: &str| {
            let alpha: f64 = text("opacity").parse().expect("opacity");
            let color = token(text(name));
            if alpha == 1.0 {
                color
            } else {
                format!("{color} {}%", (alpha * 100.0).round())
            }
        };
        let points = || {
            let all: Vec<String> = text("points")
                .split_whitespace()
                .map(|p| {
                    p.split_once(',')
                        .map(|(x, y)| format!("{},{}", px(x), px(y)))
                        .expect("a pair")
                })
                .collect();
            if all.len() <= 12 {
                all.join(" ")
            } else {
                format!(
                    "{} … {} ({})",
                    all[..4].join(" "),
                    all[all.len() - 4..].join(" "),
                    all.len()
                )
            }
        };
        let written = match line.split([' ', '>']).next().unwrap_or_default() {
            "<polyline" => writeln!(
                out,
                "line {} {} [{}]",
                ink("stroke"),
                px(text("stroke-width")),
                points()
            ),
            "<polygon" => writeln!(out, "fill {} [{}]", ink("fill"), points()),
            "<rect" => {
                let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| px(text(name)));
                writeln!(out, "rect {} {x},{y} {w}×{h}", ink("fill"))
            }
            "<circle" => writeln!(
                out,
                "dot {} {},{} r{}",
                ink("fill"),
                px(text("cx")),
                px(text("cy")),
                px(text("r"))
            ),
            "<text" => {
                let weight = if text("font-weight") == "bold" {
                    " bold"
                } else {
                    ""
                };
                let size = (px(text("font-size")) * 1.24 * 10.0).round() / 10.0;
                let content = lines.next().unwrap_or_default();
                let at = format!("{},{} {}", px(text("x")), px(text("y")), text("text-anchor"));
                writeln!(out, "text {}{weight} {size} {at} {content:?}", ink("fill"))
            }
            "<svg" | "</svg" | "</text" | "" => Ok(()),
            other => panic!("a new kind of mark: {other}"),
        };
        written.expect("strings take all");
    }
    out
}

#[test]
fn scenes_are_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/chart");
    let update = std::env::var_os("UPDATE_SNAPSHOTS").is_some();
    let mut wrong = Vec::new();
    scenes(&mut |name, width, height, draw| {
        let got = marks(&svg(&frame(width, height), draw));
        let file = folder.join(format!("{name}.txt"));
        if update {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(&file, &got).expect("a file");
        } else {
            let expect = std::fs::read_to_string(&file).unwrap_or_default();
            let differs = got.lines().zip(expect.lines()).find(|(a, b)| a != b);
            if got != expect {
                wrong.push(format!(
                    "{name}: {differs:?}, {} marks of {}",
                    got.lines().count(),
                    expect.lines().count()
                ));
            }
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}\nif meant: UPDATE_SNAPSHOTS=1");
}

// ---- any data at all

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e6..1e6_f64,
        1 => Just(0.0),
        1 => Just(f64::NAN),
        1 => prop_oneof![Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(f64::MAX), Just(f64::MIN), Just(5e-324)],
    ]
}

fn any_frame() -> impl Strategy<Value = Frame> {
    let side = || prop_oneof![Just(0_u32), Just(1), Just(7), 8..900_u32, Just(8000)];
    let scale = prop_oneof![Just(1.0), 0.3..4.0_f64, Just(0.0), Just(f64::NAN), Just(1e9)];
    (side(), side(), scale, any::<bool>()).prop_map(|(width, height, scale, zh)| Frame {
        scale,
        lang: if zh { Lang::Zh } else { Lang::En },
        ..frame(width, height)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_panics(
        frame in any_frame(),
        values in prop::collection::vec(value(), 0..60),
        raw in prop::collection::vec(any::<i64>(), 0..40),
        start in any::<i64>(),
        numbers in prop::array::uniform6(value()),
        at in 0..70_usize,
        grain in prop::sample::select(Grain::ALL.to_vec()),
        measure in prop::sample::select(Measure::ALL.to_vec()),
    ) {
        let [a, b, c, d, e, f] = numbers;
        svg(&frame, &|area, frame| {
            spark(area, frame, &values).expect("draws");
            let parts: Vec<_> = values.iter().enumerate().map(|(i, v)| (*v, Ink::Series(i))).collect();
            stack(area, frame, &parts).expect("draws");
            let _ = stack_at(frame, &parts, a);
            let rows: Vec<_> = values
                .iter()
                .map(|v| BarRow { value: *v, before: Some(a), color: Ink::Hi, dimmed: false })
                .collect();
            let data = Bars { rows: &rows, top: b, row_h: c, x0: d, x1: e, place: BarPlace::Centre, full: Some(f), track: true };
            bars(area, frame, &data).expect("draws");
            bars(area, frame, &Bars { top: 0.0, row_h: 20.0, x0: 0.0, x1: 90.0, full: None, ..data }).expect("draws");
            let _ = bar_at(&data, a);
            let rows: Vec<_> = values.iter().map(|v| RunoutRow { days: *v, state: StockState::Low }).collect();
            let data = Runout { rows: &rows, row_h: a, header_h: b, x0: c, x1: d, max_days: e, now: UtcMillis(start), labels: ("now", "tomorrow") };
            runout(area, frame, &data).expect("draws");
            let sound = Runout { row_h: 20.0, header_h: 20.0, x0: 10.0, x1: 200.0, max_days: 1e6, ..data };
            runout(area, frame, &sound).expect("draws");
            let _ = runout_at(&data, f);
            let shown: Vec<_> = values.iter().map(|v| TileValue { value: Some(*v), chosen: *v > 0.0 }).collect();
            tiles(area, frame, &shown, Some(at)).expect("draws");
            let _ = tile_at(a, b, frame);
            let points: Vec<_> = raw.iter().map(|v| SeriesPoint {
                start: UtcMillis(start.saturating_add(*v % 1_000_000_000_000)),
                key: String::new(),
                gmv: Fixed::from_raw(*v),
                units: Fixed::from_raw(*v),
                orders: v.unsigned_abs(),
                before: (*v % 3 != 0).then(|| Fixed::from_raw(v.wrapping_mul(7))),
            }).collect();
            let overview_points: Vec<_> = points.iter().map(|p| (p.start, p.gmv)).collect();
            let series = Series { grain, points, begun: at, overview_grain: grain, overview: Vec::new() };
            let data = Sales { hover: Some(at), partial_last: true, before_label: "x", ..sales_of(&series, measure) };
            sales(area, frame, &data).expect("draws");
            let plot = sales_layout(frame, &data);
            assert!(plot.bucket_at(a).is_none_or(|bucket| bucket < raw.len()));
            let data = Overview { points: &overview_points, grain, selected: Some((a, b)) };
            overview(area, frame, &data).expect("draws");
            let plot = overview_layout(frame, &data);
            let _ = (plot.span_of((a, b), grain, frame.zone), plot.part_at(Some((a, b)), c), plot.fraction_at(d));
        });
    }
}

#[test]
fn a_hundred_thousand_points_are_about_one_a_pixel() {
    let values: Vec<f64> = (0..100_000).map(|at| 1000.0 + 900.0 * noise(at)).collect();
    let many = series(Grain::TenMinutes, UtcMillis(0), &values, |at| {
        Some(500.0 + at as f64 / 1000.0)
    });
    let data = sales_of(&many, Measure::Gmv);
    let began = std::time::Instant::now();
    let text = svg(&frame(800, 250), &|area, frame| {
        sales(area, frame, &data).expect("draws")
    });
    let points: Vec<usize> = text
        .lines()
        .filter(|line| line.starts_with("<poly"))
        .filter_map(|line| line.split("points=\"").nth(1))
        .map(|points| points.split_whitespace().count())
        .collect();
    assert!(
        !points.is_empty() && points.iter().all(|count| *count <= 810),
        "{points:?}"
    );
    println!("{:?}", began.elapsed());
}
