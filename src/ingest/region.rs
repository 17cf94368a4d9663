//! The province a Chinese address starts with. The rest of an address is dropped.

use super::ident::trim;

/// Start of an address, and the province as order exports name it.
const PROVINCES: [(&str, &str); 34] = [
    ("北京", "北京"),
    ("天津", "天津"),
    ("上海", "上海"),
    ("重庆", "重庆"),
    ("河北", "河北省"),
    ("山西", "山西省"),
    ("辽宁", "辽宁省"),
    ("吉林", "吉林省"),
    ("黑龙江", "黑龙江省"),
    ("江苏", "江苏省"),
    ("浙江", "浙江省"),
    ("安徽", "安徽省"),
    ("福建", "福建省"),
    ("江西", "江西省"),
    ("山东", "山东省"),
    ("河南", "河南省"),
    ("湖北", "湖北省"),
    ("湖南", "湖南省"),
    ("广东", "广东省"),
    ("海南", "海南省"),
    ("四川", "四川省"),
    ("贵州", "贵州省"),
    ("云南", "云南省"),
    ("陕西", "陕西省"),
    ("甘肃", "甘肃省"),
    ("青海", "青海省"),
    ("内蒙古", "内蒙古自治区"),
    ("广西", "广西壮族自治区"),
    ("西藏", "西藏自治区"),
    ("宁夏", "宁夏回族自治区"),
    ("新疆", "新疆维吾尔自治区"),
    ("香港", "香港特别行政区"),
    ("澳门", "澳门特别行政区"),
    ("台湾", "台湾省"),
];

/// The province `address` is in; empty where it cannot be told.
///
/// Newer exports put name and phone before the address, divided by full-width commas.
pub(super) fn province(address: &str) -> &'static str {
    let address = trim(address);
    let address = address.strip_prefix("中国").map_or(address, trim);
    leading(address)
        .or_else(|| {
            address
                .split(['，', ','])
                .skip(1)
                .find_map(|part| leading(trim(part)))
        })
        .unwrap_or("")
}

fn leading(address: &str) -> Option<&'static str> {
    PROVINCES
        .iter()
        .find(|(start, _)| address.starts_with(start))
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provinces_lead_addresses() {
        for (address, expect) in [
            ("上海", "上海"),
            ("上海市 黄浦区", "上海"),
            ("广东省 广州市 越秀区 某路1号(510180)", "广东省"),
            ("广东深圳市福田区", "广东省"),
            ("内蒙古自治区", "内蒙古自治区"),
            ("某某，86-13900000000，江苏省 扬州市 广陵区", "江苏省"),
            ("中国 浙江省 杭州市", "浙江省"),
            ("##密文", ""),
            ("221B Baker Street", ""),
            ("", ""),
        ] {
            assert_eq!(province(address), expect, "{address:?}");
        }
    }
}
