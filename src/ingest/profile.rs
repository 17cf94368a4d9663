//! Exports that are known by their headers.

use super::field::Field;
use super::header::HeaderKey;
use std::sync::LazyLock;

/// Data, not code; the file says how it is written.
const TEXT: &str = include_str!("profiles.txt");

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| profiles(TEXT));

/// One known export.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// Id in reports.
    pub id: &'static str,
    must: Vec<&'static str>,
    tells: Vec<&'static str>,
    least: usize,
    /// Headers that mean something else here than in the synonym table; `None`: not to be read.
    pub fields: Vec<(&'static str, Option<Field>)>,
    /// Cells that speak of the whole order stand on its first row only.
    pub fills_down: bool,
    /// Where the SKU is empty, the title names the goods.
    pub sku_from_title: bool,
    /// A row is a whole order, as long as it names no goods.
    pub whole_orders: bool,
    /// Several goods may stand in one cell, divided by `;`.
    pub joined_cells: bool,
    /// A row is one unit, and there is no quantity.
    pub units: bool,
    /// Columns that mean nothing else are places.
    pub wide: bool,
    /// Goods and places are told by ids, whose names are in other files.
    pub ids: bool,
    /// A row is the stock of goods in all places.
    pub totals: bool,
    /// Rows of all profiles of this account meet; empty: none of its own.
    pub account: &'static str,
}

impl Profile {
    /// How many headers speak for it; `None` where too few do.
    fn score(&self, has: impl Fn(&&&str) -> bool) -> Option<usize> {
        let tells = self.tells.iter().filter(&has).count();
        let is_it = self.must.iter().all(|name| has(&name)) && tells >= self.least;
        is_it.then_some(self.must.len() + tells)
    }

    fn add(&mut self, key: &str, words: &'static str) {
        let all = || words.split(" | ").map(str::trim);
        match key {
            "must" => self.must.extend(all()),
            "tells" => self.tells.extend(all()),
            "least" => self.least = words.parse().unwrap_or(usize::MAX),
            "account" => self.account = words,
            "read" => self.fields.extend(
                all()
                    .filter_map(|read| read.rsplit_once(" = "))
                    .map(|(name, field)| (name, Field::named(field))),
            ),
            "is" => all().for_each(|property| match property {
                "fills-down" => self.fills_down = true,
                "sku-from-title" => self.sku_from_title = true,
                "whole-orders" => self.whole_orders = true,
                "joined-cells" => self.joined_cells = true,
                "units" => self.units = true,
                "wide" => self.wide = true,
                "ids" => self.ids = true,
                "totals" => self.totals = true,
                _ => {}
            }),
            _ => {}
        }
    }
}

fn profiles(text: &'static str) -> Vec<Profile> {
    let mut all: Vec<Profile> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(id) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            all.push(Profile {
                id,
                least: 1,
                ..Profile::default()
            });
        } else if let (Some((key, words)), Some(profile)) = (line.split_once(": "), all.last_mut()) {
            profile.add(key, words.trim());
        }
    }
    all
}

/// The profile that most headers speak for.
pub(super) fn recognise(keys: &[HeaderKey]) -> Option<&'static Profile> {
    let has = |name: &&&str| keys.iter().any(|key| key.full == **name || key.base == **name);
    let scored = PROFILES
        .iter()
        .enumerate()
        .filter_map(|(at, profile)| Some((profile.score(has)?, usize::MAX - at, profile)));
    // Of equal ones the first.
    scored
        .max_by_key(|(score, place, _)| (*score, *place))
        .map(|(_, _, profile)| profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole() {
        let mut ids = std::collections::BTreeSet::new();
        for line in TEXT
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            if let Some(id) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                assert!(ids.insert(id), "{id} is there twice");
                continue;
            }
            let (key, words) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            let all = words.split(" | ").map(str::trim);
            match key {
                "must" | "tells" => all.for_each(|name| assert_eq!(HeaderKey::of(name).full, name)),
                "read" => all.for_each(|read| {
                    let (name, field) = read.rsplit_once(" = ").unwrap_or_else(|| panic!("{read}"));
                    assert_eq!(HeaderKey::of(name).full, name);
                    assert!(field == "-" || Field::named(field).is_some(), "{field}");
                }),
                "least" => assert!(words.parse::<usize>().is_ok(), "{words}"),
                "account" => assert!(!words.is_empty()),
                "is" => all.for_each(|property| {
                    let known = [
                        "fills-down",
                        "sku-from-title",
                        "whole-orders",
                        "joined-cells",
                        "units",
                        "wide",
                        "ids",
                        "totals",
                    ];
                    assert!(known.contains(&property), "{property}");
                }),
                _ => panic!("{line}"),
            }
        }
        assert_eq!(ids.len(), PROFILES.len());
        for profile in PROFILES.iter() {
            assert!(!profile.must.is_empty(), "{}", profile.id);
            assert!(profile.tells.len() >= profile.least, "{}", profile.id);
            assert!(
                profile.must.len() + profile.least <= 6,
                "{} asks for much",
                profile.id
            );
        }
    }

    #[track_caller]
    fn check(headers: &str, expect: Option<&str>) {
        let keys: Vec<HeaderKey> = headers.split(',').map(HeaderKey::of).collect();
        assert_eq!(recognise(&keys).map(|profile| profile.id), expect, "{headers}");
    }

    #[test]
    fn sellers_choose_their_columns() {
        check("订单编号,买家实付金额,订单创建时间,商品标题", Some("tmall"));
        check("订单编号 ,买家应付货款,宝贝标题 ,订单付款时间 ", Some("tmall"));
        check("主订单编号,选购商品,商品数量,订单提交时间", Some("douyin"));
        check(
            "主订单编号,子订单编号,标题,购买数量,商家编码,买家实付金额",
            Some("taobao-items"),
        );
        check("订单编号,标题,价格,购买数量,商家编码", Some("taobao-details"));
        check(
            "订单号,商品数量(件),用户实付金额（元）,样式ID,商家编码-规格维度",
            Some("pinduoduo"),
        );
        check("订单号,京东价,订购数量", Some("jd"));
        check("内部订单号,线上订单号,数量", Some("jushuitan"));
        check("商品编码,主仓实际库存数,公有可用数", Some("jushuitan-stock"));
        check(
            "Handle,Option1 Name,Option1 Value,SKU,Title,Tallinn,Tartu",
            Some("shopify-inventory-wide"),
        );
        check(
            "Handle,Option1 Name,Option1 Value,SKU,Title,Location,On hand (current)",
            Some("shopify-inventory"),
        );
        check(
            "Order ID,Seller SKU,SKU Unit Original Price,Created Time",
            Some("tiktok"),
        );
        check("订单编号,下单时间,数量,金额", None);
        check("order id,date,total", None);
    }
}
