//! China's provinces as 34 tiles of equal size, in about their places.

use super::pen::{Area, DrawError, Pen, Type, text_width};
use super::{Frame, index};
use crate::format::Lang;
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::HPos;

/// A province-level division and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// One letter, as on number plates.
    pub short: &'static str,
    /// Name without 省, 市 or 自治区.
    pub name: &'static str,
    /// Name in English.
    pub english: &'static str,
    /// Second part of its ISO 3166-2 code.
    pub code: &'static str,
    /// Column, 0 to 7.
    pub column: u8,
    /// Row, 0 to 7.
    pub row: u8,
}

const fn tile(
    short: &'static str,
    name: &'static str,
    english: &'static str,
    code: &'static str,
    column: u8,
    row: u8,
) -> Tile {
    Tile {
        short,
        name,
        english,
        code,
        column,
        row,
    }
}

/// All 34, by row and column.
pub const TILES: [Tile; 34] = [
    tile("黑", "黑龙江", "Heilongjiang", "HL", 7, 0),
    tile("蒙", "内蒙古", "Inner Mongolia", "NM", 4, 1),
    tile("吉", "吉林", "Jilin", "JL", 7, 1),
    tile("新", "新疆", "Xinjiang", "XJ", 0, 2),
    tile("甘", "甘肃", "Gansu", "GS", 1, 2),
    tile("宁", "宁夏", "Ningxia", "NX", 2, 2),
    tile("晋", "山西", "Shanxi", "SX", 3, 2),
    tile("冀", "河北", "Hebei", "HE", 4, 2),
    tile("京", "北京", "Beijing", "BJ", 5, 2),
    tile("津", "天津", "Tianjin", "TJ", 6, 2),
    tile("辽", "辽宁", "Liaoning", "LN", 7, 2),
    tile("青", "青海", "Qinghai", "QH", 1, 3),
    tile("陕", "陕西", "Shaanxi", "SN", 2, 3),
    tile("豫", "河南", "Henan", "HA", 3, 3),
    tile("鲁", "山东", "Shandong", "SD", 4, 3),
    tile("藏", "西藏", "Tibet", "XZ", 0, 4),
    tile("川", "四川", "Sichuan", "SC", 1, 4),
    tile("渝", "重庆", "Chongqing", "CQ", 2, 4),
    tile("鄂", "湖北", "Hubei", "HB", 3, 4),
    tile("皖", "安徽", "Anhui", "AH", 4, 4),
    tile("苏", "江苏", "Jiangsu", "JS", 5, 4),
    tile("沪", "上海", "Shanghai", "SH", 6, 4),
    tile("云", "云南", "Yunnan", "YN", 1, 5),
    tile("贵", "贵州", "Guizhou", "GZ", 2, 5),
    tile("湘", "湖南", "Hunan", "HN", 3, 5),
    tile("赣", "江西", "Jiangxi", "JX", 4, 5),
    tile("浙", "浙江", "Zhejiang", "ZJ", 5, 5),
    tile("桂", "广西", "Guangxi", "GX", 2, 6),
    tile("粤", "广东", "Guangdong", "GD", 3, 6),
    tile("闽", "福建", "Fujian", "FJ", 4, 6),
    tile("台", "台湾", "Taiwan", "TW", 6, 6),
    tile("琼", "海南", "Hainan", "HI", 2, 7),
    tile("澳", "澳门", "Macao", "MO", 3, 7),
    tile("港", "香港", "Hong Kong", "HK", 4, 7),
];

/// Other names, and the second letters some have on older plates.
const ALIASES: [(&str, &str); 14] = [
    ("陇", "甘"),
    ("秦", "陕"),
    ("蜀", "川"),
    ("黔", "贵"),
    ("滇", "云"),
    ("申", "沪"),
    ("臺灣", "台"),
    ("臺湾", "台"),
    ("澳門", "澳"),
    ("Macau", "澳"),
    ("Xizang", "藏"),
    ("Nei Mongol", "蒙"),
    ("Hongkong", "港"),
    ("广西壮族", "桂"),
];

/// The tile of a province as files write it: 广东, 广东省, 广东省广州市, 粤, 内蒙古自治区, Guangdong, CN-GD.
pub fn province_tile(name: &str) -> Option<usize> {
    let name = name.trim();
    let short = ALIASES
        .iter()
        .find(|alias| alias.0.eq_ignore_ascii_case(name))
        .map_or(name, |alias| alias.1);
    let latin = short.strip_prefix("CN-").unwrap_or(short);
    let latin = [" Province", " Sheng", " Shi", " City", " Municipality"]
        .iter()
        .find_map(|suffix| latin.strip_suffix(suffix))
        .unwrap_or(latin);
    TILES.iter().position(|tile| {
        tile.short == short
            || tile.code == latin
            || tile.english.eq_ignore_ascii_case(latin)
            || name.strip_prefix(tile.name).is_some_and(ends_name)
    })
}

/// Whether a name may go on like this: 海南藏族自治州 is not in 海南.
fn ends_name(rest: &str) -> bool {
    let kinds = [
        "省",
        "市",
        "自治区",
        "壮族自治区",
        "回族自治区",
        "维吾尔",
        "特别行政区",
        "特區",
        "特区",
        " ",
        "-",
        "/",
    ];
    rest.is_empty() || kinds.iter().any(|kind| rest.starts_with(kind))
}

/// What a tile shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TileValue {
    /// Its value; `None`, negative or not finite: no data, an outline.
    pub value: Option<f64>,
    /// Among the chosen.
    pub chosen: bool,
}

/// Side of the grid.
const SIDE: f64 = 8.0;

/// Left, top and size of a tile with its gap, device pixels.
fn grid(frame: &Frame) -> (f64, f64, f64) {
    let cell = (frame.w() / SIDE).min(frame.h() / SIDE);
    (0.0, (frame.h() - cell * SIDE) / 2.0, cell)
}

/// Draws the map: `values[i]` belongs to [`TILES`]`[i]`; what is missing has no data. One hue, by opacity, the
/// largest value full; the letter's colour is the one that can be read.
///
/// # Errors
/// [`DrawError`] where the backend fails.
pub fn tiles<DB: DrawingBackend>(
    area: &Area<DB>,
    frame: &Frame,
    values: &[TileValue],
    hover: Option<usize>,
) -> Result<(), DrawError<DB>> {
    if !frame.holds(32.0, 32.0) {
        return Ok(());
    }
    let (pen, palette) = (Pen::new(area, frame), &frame.palette);
    let (left, top, cell) = grid(frame);
    let known = |value: &TileValue| value.value.filter(|v| v.is_finite() && *v >= 0.0);
    let largest = values.iter().filter_map(known).fold(0.0, f64::max);
    let gap = frame.px(2.0).min(cell / 6.0) / 2.0;
    for (at, tile) in TILES.iter().enumerate() {
        let (x, y) = (
            left + cell * f64::from(tile.column),
            top + cell * f64::from(tile.row),
        );
        let (from, to) = ((x + gap, y + gap), (x + cell - gap, y + cell - gap));
        let shown = values.get(at).copied().unwrap_or_default();
        let (ground, bold) = match known(&shown) {
            None => {
                pen.outline(from, to, 2.0, palette.line, 1.0)?;
                (palette.panel, false)
            }
            Some(value) => {
                let share = if largest > 0.0 { value / largest } else { 0.0 };
                let alpha = 0.12 + 0.88 * share;
                pen.rounded(from, to, 2.0, palette.accent, alpha)?;
                (palette.accent.over(palette.panel, alpha), share > 0.6)
            }
        };
        let inks = if ground == palette.panel {
            [palette.low; 2]
        } else {
            [palette.hi, palette.panel]
        };
        let ink = if ground.contrast(inks[0]) >= ground.contrast(inks[1]) {
            inks[0]
        } else {
            inks[1]
        };
        if shown.chosen {
            pen.outline(from, to, 2.0, palette.hi, 2.0)?;
        } else if hover == Some(at) {
            pen.outline(from, to, 2.0, palette.mid, 1.0)?;
        }
        let text = match frame.lang {
            Lang::Zh => tile.short,
            Lang::En => tile.code,
        };
        let size = (cell / frame.unit() * 0.56).min(15.0);
        if size >= 8.0 && text_width(frame, text, size) <= cell {
            let set = Type {
                size,
                bold,
                ..Type::label(ink).h(HPos::Center)
            };
            pen.text(text, (x + cell / 2.0, y + cell / 2.0), set)?;
        }
    }
    Ok(())
}

/// The tile at a point, device pixels.
pub fn tile_at(x: f64, y: f64, frame: &Frame) -> Option<usize> {
    let (left, top, cell) = grid(frame);
    let (column, row) = ((x - left) / cell, (y - top) / cell);
    let inside = |place: f64| (0.0..SIDE).contains(&place);
    if !(inside(column) && inside(row)) {
        return None;
    }
    TILES
        .iter()
        .position(|t| usize::from(t.column) == index(column) && usize::from(t.row) == index(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Palette;
    use crate::time::Zone;
    use std::collections::BTreeSet;

    #[test]
    fn places_are_taken_once() {
        let places: BTreeSet<_> = TILES.iter().map(|t| (t.row, t.column)).collect();
        let names: BTreeSet<_> = TILES
            .iter()
            .flat_map(|t| [t.short, t.name, t.english, t.code])
            .collect();
        assert_eq!((places.len(), names.len()), (34, 34 * 4));
        assert!(TILES.iter().all(|t| t.row < 8 && t.column < 8));
    }

    #[test]
    fn names_of_provinces() {
        for (name, short) in [
            ("广东", "粤"),
            ("广东省", "粤"),
            (" 广东省广州市 ", "粤"),
            ("粤", "粤"),
            ("广西壮族自治区", "桂"),
            ("内蒙古", "蒙"),
            ("内蒙古自治区", "蒙"),
            ("新疆维吾尔自治区", "新"),
            ("宁夏回族自治区", "宁"),
            ("北京市", "京"),
            ("上海市浦东新区", "沪"),
            ("香港特别行政区", "港"),
            ("黔", "贵"),
            ("陕西", "陕"),
            ("山西", "晋"),
            ("Shaanxi", "陕"),
            ("guangdong", "粤"),
            ("Guangdong Province", "粤"),
            ("CN-GD", "粤"),
            ("Macau", "澳"),
        ] {
            assert_eq!(
                province_tile(name).map(|at| TILES[at].short),
                Some(short),
                "{name}"
            );
        }
        for name in ["", "广", "海南藏族自治州", "California", "MAHARASHTRA", "中国"] {
            assert_eq!(province_tile(name), None, "{name}");
        }
        for (at, tile) in TILES.iter().enumerate() {
            for name in [tile.short, tile.name, tile.english, tile.code] {
                assert_eq!(province_tile(name), Some(at), "{name}");
            }
        }
    }

    #[test]
    fn hits_are_where_tiles_are() {
        for (width, height) in [(260, 280), (400, 200)] {
            let frame = Frame {
                width,
                height,
                scale: 1.0,
                font: String::new(),
                palette: Palette::default(),
                lang: Lang::Zh,
                zone: Zone::default(),
            };
            let (left, top, cell) = grid(&frame);
            for (at, tile) in TILES.iter().enumerate() {
                let x = left + cell * (f64::from(tile.column) + 0.5);
                let y = top + cell * (f64::from(tile.row) + 0.5);
                assert_eq!(tile_at(x, y, &frame), Some(at));
            }
            for (x, y) in [(-1.0, 5.0), (f64::NAN, 5.0), (1e9, 1e9), (1.0, top + 1.0)] {
                assert_eq!(tile_at(x, y, &frame), None);
            }
        }
    }
}
