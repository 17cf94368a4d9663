//! Which columns are about people. They are dropped: nothing of them is stored or shown.

use super::header::HeaderKey;
use crate::protocol::PersonalColumn;

/// Words in a header that make its column personal, in the order in which they are tried: a
/// `收货人手机号` is a phone number, not a name.
const WORDS: [(PersonalColumn, &[&str]); 5] = [
    (
        PersonalColumn::Phone,
        &[
            "手机",
            "电话",
            "联系方式",
            "座机",
            "传真",
            "phone",
            "mobile",
            "telephone",
            "fax",
            "whatsapp",
        ],
    ),
    (PersonalColumn::Email, &["邮箱", "邮件", "email"]),
    (
        PersonalColumn::Address,
        &[
            "地址",
            "街道",
            "邮编",
            "邮政编码",
            "门牌",
            "address",
            "street",
            "zip",
            "postcode",
            "postalcode",
        ],
    ),
    (
        PersonalColumn::Name,
        &[
            "姓名",
            "收货人",
            "收件人",
            "联系人",
            "提货人",
            "收银员",
            "分销员",
            "导购",
            "业务员",
            "recipient",
            "receiver",
            "consignee",
            "buyername",
            "customername",
            "billingname",
            "shippingname",
            "firstname",
            "lastname",
            "fullname",
            "contactname",
            "clientname",
            "cardholder",
            "employee",
            "salesperson",
        ],
    ),
    (
        PersonalColumn::Other,
        &[
            "留言",
            "备注",
            "会员名",
            "昵称",
            "旺旺",
            "支付宝账号",
            "支付账号",
            "买家账号",
            "下单账号",
            "用户名",
            "客户网名",
            "发票抬头",
            "税号",
            "身份证",
            "证件",
            "微信",
            "生日",
            "message",
            "username",
            "nickname",
            "taxid",
            "taxnumber",
            "vatnumber",
            "gstin",
            "passport",
            "idcard",
            "birthday",
            "dateofbirth",
            "ipaddress",
            "giftnote",
            "customernote",
            "ordernote",
        ],
    ),
];

/// Whole headers that are personal though their words alone are not.
const WHOLE: [(PersonalColumn, &[&str]); 5] = [
    (PersonalColumn::Phone, &["tel", "手机号", "fon"]),
    (PersonalColumn::Email, &["mail"]),
    (PersonalColumn::Address, &["shiptoaddress", "plz"]),
    (
        PersonalColumn::Name,
        &["buyer", "customer", "收货", "买家", "客户", "会员"],
    ),
    (
        PersonalColumn::Other,
        &[
            "notes",
            "note",
            "noteattributes",
            "remark",
            "remarks",
            "comment",
            "comments",
        ],
    ),
];

/// Why a column with this header counts as personal, if it does.
pub(super) fn personal(key: &HeaderKey) -> Option<PersonalColumn> {
    // 是否手机订单, "Is phone order": yes or no about the order, nothing about the buyer.
    if key.full.starts_with("是否") {
        return None;
    }
    let whole = WHOLE.iter().find(|(_, names)| names.contains(&key.full.as_str()));
    let found = whole.or_else(|| {
        WORDS
            .iter()
            .find(|(_, words)| words.iter().any(|word| key.full.contains(word)))
    });
    found.map(|(kind, _)| *kind)
}

/// Why a column whose header says nothing counts as personal: each of its `values` is an address of mail, or each a
/// mobile number, masked or not.
pub(super) fn personal_values<'a>(values: impl Iterator<Item = &'a str>) -> Option<PersonalColumn> {
    let mut found = None;
    for value in values.take(LOOKED_AT) {
        let kind = personal_value(value)?;
        if *found.get_or_insert(kind) != kind {
            return None;
        }
    }
    found
}

/// Values of a column that are looked at.
const LOOKED_AT: usize = 50;

fn personal_value(value: &str) -> Option<PersonalColumn> {
    let is_mail = value
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !value.contains(' '));
    if is_mail {
        return Some(PersonalColumn::Email);
    }
    let bare: String = value.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let number = bare.strip_prefix("+86").unwrap_or(&bare).as_bytes();
    let is_mobile = number.len() == 11
        && number.first() == Some(&b'1')
        && matches!(number.get(1), Some(b'3'..=b'9'))
        && number.iter().all(|b| b.is_ascii_digit() || *b == b'*');
    is_mobile.then_some(PersonalColumn::Phone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_recognised_by_what_stands_there() {
        let of = |values: &[&str]| personal_values(values.iter().copied());
        assert_eq!(of(&["a.b@shop.cn", "c@d.example"]), Some(PersonalColumn::Email));
        assert_eq!(
            of(&["13800138000", "+86 138-0013-8000", "138****8000"]),
            Some(PersonalColumn::Phone)
        );
        for values in [
            &["13800138000", "2"][..],
            &["23800138000"],
            &["me @ home"],
            &["@x.y"],
            &[],
        ] {
            assert_eq!(of(values), None, "{values:?}");
        }
    }

    #[track_caller]
    fn check(header: &str, expect: Option<PersonalColumn>) {
        assert_eq!(personal(&HeaderKey::of(header)), expect, "{header:?}");
    }

    #[test]
    fn people_are_recognised() {
        check("收货人姓名", Some(PersonalColumn::Name));
        check("收货人/提货人", Some(PersonalColumn::Name));
        check("收货人手机号/提货人手机号", Some(PersonalColumn::Phone));
        check("联系电话 ", Some(PersonalColumn::Phone));
        check("修改后的收货地址", Some(PersonalColumn::Address));
        check("买家会员名", Some(PersonalColumn::Other));
        check("买家支付宝帐号", Some(PersonalColumn::Other));
        check("买家留言", Some(PersonalColumn::Other));
        check("Customer Name", Some(PersonalColumn::Name));
        check("ship-postal-code", Some(PersonalColumn::Address));
        check("Shipping Zip", Some(PersonalColumn::Address));
        check("Phone #", Some(PersonalColumn::Phone));
        check("Email", Some(PersonalColumn::Email));
        check("Note Attributes", Some(PersonalColumn::Other));
        check("Buyer Username", Some(PersonalColumn::Other));
    }

    #[test]
    fn goods_are_not_people() {
        for header in [
            "是否手机订单",
            "Product Name",
            "comment_count",
            "Segment",
            "Ship Mode",
            "店铺名称",
            "Lineitem name",
        ] {
            check(header, None);
        }
    }
}
