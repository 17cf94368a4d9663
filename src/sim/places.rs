//! Where the shop sells and ships from: channels, shops, warehouses, provinces.

/// Warehouses, the largest first. A SKU lies in the first 6, 4 or 2 of them: its [`reach`](SERVES).
pub(super) const WAREHOUSES: [&str; 6] = ["华东", "华南", "华北", "西南", "华中", "西北"];

/// How many warehouses a reach has.
pub(super) const REACH: [usize; 3] = [6, 4, 2];

/// Which warehouse serves the region of a warehouse, by reach. Stock is bound to its region (区域仓):
/// an order is never served from elsewhere, so each warehouse runs out on its own.
pub(super) const SERVES: [[usize; 6]; 3] = [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 0, 2], [0, 1, 0, 1, 0, 0]];

/// A sales channel.
pub(super) struct Channel {
    /// Its name.
    pub(super) name: &'static str,
    /// Shops in it and their shares in %.
    pub(super) shops: [(&'static str, u32); 2],
    /// Share of everyday orders, of promotion orders and of livestream orders.
    pub(super) shares: [f64; 3],
    /// Of 1000 orders, how many the platform ships from its own warehouses.
    pub(super) platform_ships: u32,
}

/// The channels.
pub(super) const CHANNELS: [Channel; 6] = [
    Channel {
        name: "天猫",
        shops: [("瑾颜官方旗舰店", 86), ("雪松香氛旗舰店", 14)],
        shares: [0.37, 0.42, 0.0],
        platform_ships: 340,
    },
    Channel {
        name: "抖音",
        shops: [("瑾颜美妆直播间", 68), ("瑾颜官方抖音店", 32)],
        shares: [0.26, 0.27, 0.88],
        platform_ships: 90,
    },
    Channel {
        name: "京东",
        shops: [("瑾颜京东自营", 70), ("瑾颜京东旗舰店", 30)],
        shares: [0.155, 0.145, 0.0],
        platform_ships: 720,
    },
    Channel {
        name: "拼多多",
        shops: [("瑾颜品牌店", 100), ("", 0)],
        shares: [0.11, 0.09, 0.0],
        platform_ships: 0,
    },
    Channel {
        name: "快手",
        shops: [("瑾颜快手小店", 100), ("", 0)],
        shares: [0.06, 0.045, 0.12],
        platform_ships: 0,
    },
    Channel {
        name: "小红书",
        shops: [("瑾颜薯店", 100), ("", 0)],
        shares: [0.045, 0.03, 0.0],
        platform_ships: 0,
    },
];

/// Provinces: name, share of orders in 1/10 %, warehouse of their region.
pub(super) const PROVINCES: [(&str, u32, usize); 31] = [
    ("广东", 108, 1),
    ("浙江", 90, 0),
    ("江苏", 85, 0),
    ("上海", 66, 0),
    ("山东", 60, 2),
    ("河南", 52, 4),
    ("四川", 54, 3),
    ("北京", 47, 2),
    ("湖北", 40, 4),
    ("湖南", 38, 4),
    ("福建", 39, 1),
    ("河北", 37, 2),
    ("安徽", 38, 0),
    ("陕西", 30, 5),
    ("重庆", 27, 3),
    ("辽宁", 26, 2),
    ("江西", 25, 4),
    ("广西", 23, 1),
    ("云南", 21, 3),
    ("天津", 16, 2),
    ("山西", 17, 2),
    ("贵州", 15, 3),
    ("黑龙江", 14, 2),
    ("吉林", 12, 2),
    ("内蒙古", 11, 2),
    ("新疆", 11, 5),
    ("甘肃", 9, 5),
    ("海南", 8, 1),
    ("宁夏", 4, 5),
    ("青海", 3, 5),
    ("西藏", 2, 3),
];

/// Share of orders that come from the region of each warehouse.
pub(super) fn region_shares() -> [f64; 6] {
    let mut shares = [0.0; 6];
    for (_, share, warehouse) in PROVINCES {
        shares[warehouse] += f64::from(share);
    }
    let total: f64 = shares.iter().sum();
    shares.map(|share| share / total)
}
