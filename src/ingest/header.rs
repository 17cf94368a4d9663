//! Header cells, brought to one spelling.

/// A header cell as the synonym table spells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct HeaderKey {
    /// Lower case, half width, without blanks and joining marks: `总金额(元)`, `orderid`.
    pub full: String,
    /// `full` without a unit in brackets at its end; equal to `full` where there is none.
    pub base: String,
    /// That unit: `元`, `php`, `noteditable`.
    pub unit: String,
    /// Its words, in lower case and half width, and brackets: `["总金额", "(", "元", ")"]`, `["order", "id"]`.
    pub words: Vec<String>,
}

/// Units that do not change the meaning of a header. `(万元)` would.
const UNITS: [&str; 24] = [
    "元",
    "¥",
    "￥",
    "$",
    "€",
    "£",
    "₹",
    "件",
    "个",
    "只",
    "人民币",
    "rmb",
    "cny",
    "usd",
    "eur",
    "gbp",
    "inr",
    "php",
    "myr",
    "idr",
    "thb",
    "vnd",
    "noteditable",
    "current",
];

impl HeaderKey {
    /// Key of a header cell.
    pub(super) fn of(header: &str) -> Self {
        let full: String = header
            .chars()
            .filter_map(fold)
            .flat_map(char::to_lowercase)
            .collect();
        let split = full.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
        let (base, unit) = match split {
            Some((base, unit)) if !base.is_empty() && UNITS.contains(&unit) => {
                (base.to_owned(), unit.to_owned())
            }
            _ => (full.clone(), String::new()),
        };
        Self {
            full,
            base,
            unit,
            words: words(header),
        }
    }

    /// The currency its unit names.
    pub(super) fn currency(&self) -> Option<&'static str> {
        currency_of(&self.unit)
    }
}

/// The words of a header: what stands between blanks and marks, `orderDate` in two.
fn words(header: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_lower = false;
    for c in header.chars().map(half_width).map(simplified) {
        let last = words.last_mut();
        if matches!(c, '(' | ')' | '[' | ']') {
            words.push(if matches!(c, '(' | '[') { "(" } else { ")" }.to_owned());
            words.push(String::new());
        } else if c.is_alphanumeric() || matches!(c, '#' | '°' | 'º' | '%' | '\u{300}'..='\u{36F}') {
            let begins = c.is_uppercase() && was_lower;
            match last {
                Some(word) if !begins => word.extend(c.to_lowercase()),
                _ => words.push(c.to_lowercase().collect()),
            }
        } else if fold(c).is_some() || c.is_whitespace() || matches!(c, '_' | '-' | '.' | '–' | '—') {
            words.push(String::new());
        }
        was_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The ISO code that a currency sign, word or code means; `$` is taken for the US dollar and `¥` for
/// the yuan, which is who writes them without a word.
pub(super) fn currency_of(mark: &str) -> Option<&'static str> {
    const SIGNS: [(&str, &str); 14] = [
        ("元", "CNY"),
        ("¥", "CNY"),
        ("￥", "CNY"),
        ("人民币", "CNY"),
        ("rmb", "CNY"),
        ("$", "USD"),
        ("us$", "USD"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("₹", "INR"),
        ("rs", "INR"),
        ("rs.", "INR"),
        ("rp", "IDR"),
        ("rm", "MYR"),
    ];
    let mark = mark.trim();
    let sign = SIGNS
        .iter()
        .find(|(sign, _)| sign.eq_ignore_ascii_case(mark))
        .map(|(_, code)| *code);
    sign.or_else(|| CODES.iter().find(|code| code.eq_ignore_ascii_case(mark)).copied())
}

/// Currencies shops sell in.
const CODES: [&str; 36] = [
    "CNY", "USD", "EUR", "GBP", "INR", "JPY", "KRW", "HKD", "TWD", "SGD", "MYR", "IDR", "THB", "VND", "PHP",
    "AUD", "NZD", "CAD", "MXN", "BRL", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "TRY", "RUB", "UAH", "AED",
    "SAR", "ZAR", "BDT", "PKR", "EGP", "ILS",
];

/// A character as keys have it: half width, one spelling; `None` where it only joins words.
pub(super) fn fold(character: char) -> Option<char> {
    match character {
        '_' | '-' | '–' | '—' | '.' | '*' | '\'' | '’' | '"' | '`' | '=' => None,
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\0' => None,
        '帐' => Some('账'),
        '\u{FF01}'..='\u{FF5E}' => fold(half_width(character)),
        other if other.is_whitespace() => None,
        other => Some(simplified(other)),
    }
}

/// Characters that headers of Taiwan and Hong Kong write otherwise, in order …
const TRADITIONAL: &str = "來倉個備價優儲內別創劵匯區員單國圖團執報實寬寶專帳帶幣庫廠廢後從態應戶揀損撥撿擇據數於時會條標樣檢歲減滿灣無狀現產異發盤確碼稅種稱積簽紀約細結絡網編縣總聯臺處號補複規訂計訊註話該詳認調證變貝負貨責買費資賣賦賬購贈輸轉連週進運過達遞選還郵銷鋪錄長門閉間關際隻雙雜電頁項預領題額顏類顧顯餘館驗點";
/// … and what the words of our tables are written with, one each.
const SIMPLIFIED: &str = "来仓个备价优储内别创券汇区员单国图团执报实宽宝专账带币库厂废后从态应户拣损拨拣择据数于时会条标样检岁减满湾无状现产异发盘确码税种称积签纪约细结络网编县总联台处号补复规订计讯注话该详认调证变贝负货责买费资卖赋账购赠输转连周进运过达递选还邮销铺录长门闭间关际只双杂电页项预领题额颜类顾显余馆验点";

fn simplified(character: char) -> char {
    // Latin, and most else.
    if !('\u{4E00}'..='\u{9FFF}').contains(&character) {
        return character;
    }
    let mut twins = TRADITIONAL.chars().zip(SIMPLIFIED.chars());
    twins
        .find(|(other, _)| *other == character)
        .map_or(character, |(_, twin)| twin)
}

/// Half-width twin of a full-width character.
pub(super) fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_taiwan_are_read() {
        assert_eq!(TRADITIONAL.chars().count(), SIMPLIFIED.chars().count());
        assert!(SIMPLIFIED.chars().all(|twin| !TRADITIONAL.contains(twin)));
        for (header, full) in [
            ("訂單編號", "订单编号"),
            ("商品總價(元)", "商品总价(元)"),
            ("倉庫 名稱", "仓库名称"),
            ("订单编号", "订单编号"),
        ] {
            assert_eq!(HeaderKey::of(header).full, full);
            assert_eq!(HeaderKey::of(header).words.concat(), full);
        }
    }

    #[track_caller]
    fn check(header: &str, full: &str, base: &str, unit: &str) {
        let HeaderKey {
            full: f,
            base: b,
            unit: u,
            ..
        } = HeaderKey::of(header);
        assert_eq!([f.as_str(), &b, &u], [full, base, unit], "{header:?}");
    }

    #[test]
    fn words_stand_between_marks_and_capitals() {
        for (header, words) in [
            ("orderDate", "order date"),
            ("Quantity_SKU", "quantity sku"),
            ("Product/Internal Reference", "product internal reference"),
            ("总金额（元）", "总金额 ( 元 )"),
            ("N.º de venda", "n º de venda"),
            ("SKU ID", "sku id"),
            ("\u{FEFF}Auftrags-Nr.", "auftrags nr"),
        ] {
            assert_eq!(HeaderKey::of(header).words.join(" "), words, "{header}");
        }
    }

    #[test]
    fn spellings_meet() {
        check("Sales Channel ", "saleschannel", "saleschannel", "");
        check("\u{FEFF}order_id", "orderid", "orderid", "");
        check("Order-ID", "orderid", "orderid", "");
        check("OrderID", "orderid", "orderid", "");
        check("收货地址\u{3000}", "收货地址", "收货地址", "");
        check("买家支付宝帐号", "买家支付宝账号", "买家支付宝账号", "");
        check("商品总价（元）", "商品总价(元)", "商品总价", "元");
        check("商品数量(件)", "商品数量(件)", "商品数量", "件");
        check("On hand (current)", "onhand(current)", "onhand", "current");
        check("On hand (new)", "onhand(new)", "onhand(new)", "");
        check("总金额(旧版)", "总金额(旧版)", "总金额(旧版)", "");
        check("销售额(万元)", "销售额(万元)", "销售额(万元)", "");
        check(
            "Products' Price Paid by Buyer (PHP)",
            "productspricepaidbybuyer(php)",
            "productspricepaidbybuyer",
            "php",
        );
        check("=\"订单编号\"", "订单编号", "订单编号", "");
        check("(元)", "(元)", "(元)", "");
    }

    #[test]
    fn units_name_currencies() {
        assert_eq!(HeaderKey::of("商品总价(元)").currency(), Some("CNY"));
        assert_eq!(HeaderKey::of("Total (PHP)").currency(), Some("PHP"));
        assert_eq!(HeaderKey::of("商品数量(件)").currency(), None);
        assert_eq!(currency_of("rs."), Some("INR"));
    }
}
