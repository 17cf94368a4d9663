//! Exports that are known by their headers, and where they depart from the synonym table.

use super::field::Field;
use super::header::HeaderKey;
use crate::model::Dim;

/// One known export.
#[derive(Debug)]
pub(super) struct Profile {
    /// Id in reports.
    pub id: &'static str,
    /// Headers that together tell it; sellers choose their columns, so a few that stay.
    needs: &'static [&'static str],
    /// Headers that mean something else here than in the synonym table; `None`: not to be read.
    pub fields: &'static [(&'static str, Option<Field>)],
    /// Cells that speak of the whole order stand on its first row only.
    pub fills_down: bool,
    /// Where the SKU is empty, the title names the goods.
    pub sku_from_title: bool,
}

const fn plain(id: &'static str, needs: &'static [&'static str]) -> Profile {
    Profile {
        id,
        needs,
        fields: &[],
        fills_down: false,
        sku_from_title: false,
    }
}

/// The closer description first.
static PROFILES: [Profile; 24] = [
    plain(
        "amazon-india",
        &[
            "orderid",
            "fulfilment",
            "shipservicelevel",
            "courierstatus",
            "qty",
            "amount",
        ],
    ),
    plain("amazon-india-stock", &["skucode", "designno", "stock"]),
    plain(
        "amazon-all-orders",
        &["amazonorderid", "purchasedate", "itemprice"],
    ),
    plain("amazon-fba-inventory", &["fnsku", "afnfulfillablequantity"]),
    plain(
        "amazon-restock",
        &["merchantsku", "fnsku", "available", "inbound"],
    ),
    Profile {
        fields: &[("name", Some(Field::OrderId)), ("id", None), ("source", None)],
        fills_down: true,
        sku_from_title: true,
        ..plain(
            "shopify-orders",
            &["name", "financialstatus", "lineitemname", "lineitemquantity"],
        )
    },
    Profile {
        fields: &[("name", None), ("userid", None)],
        ..plain(
            "shopify-rest-orders",
            &["ordernumber", "financialstatus", "totalprice", "name"],
        )
    },
    Profile {
        fields: &[("number", Some(Field::OrderId))],
        ..plain(
            "woocommerce-rest-orders",
            &["number", "orderkey", "datecreated", "total"],
        )
    },
    plain(
        "shopify-inventory",
        &["handle", "option1value", "sku", "location"],
    ),
    plain(
        "woocommerce-products",
        &["sku", "instock?", "regularprice", "categories"],
    ),
    plain("taobao-items", &["主订单编号", "子订单编号", "购买数量"]),
    plain("tmall", &["订单编号", "买家实际支付金额", "订单创建时间"]),
    plain("tmall", &["订单编号", "买家实付金额", "订单创建时间"]),
    plain("douyin", &["主订单编号", "选购商品", "订单提交时间"]),
    plain("pinduoduo", &["订单号", "商品总价(元)", "用户实付金额(元)"]),
    plain("jd", &["订单号", "京东价", "下单时间"]),
    plain("youzan", &["订单号", "归属店铺", "订单实付金额"]),
    plain("jushuitan", &["内部订单号", "线上订单号"]),
    Profile {
        // What the buyer paid is told for the parcel and repeated on each of its lines.
        fields: &[("买家实付", None), ("应收金额", None)],
        ..plain("wangdian", &["店铺", "子单原始单号", "货品名称"])
    },
    plain("tiktok", &["orderid", "ordersubstatus", "sellersku"]),
    plain("shopee", &["orderid", "skureferenceno", "dealprice"]),
    Profile {
        fields: &[
            ("region", Some(Field::Dim(Dim::Region))),
            ("state", None),
            ("country", None),
        ],
        ..plain(
            "superstore",
            &["rowid", "orderid", "productid", "segment", "sales"],
        )
    },
    plain(
        "online-retail",
        &["invoiceno", "stockcode", "invoicedate", "unitprice"],
    ),
    Profile {
        fields: &[("product", Some(Field::Sku))],
        ..plain("odoo-inventory", &["product", "location", "inventoriedquantity"])
    },
];

/// The first profile all of whose headers are there.
pub(super) fn recognise(keys: &[HeaderKey]) -> Option<&'static Profile> {
    let has = |name: &&str| keys.iter().any(|key| key.full == *name);
    PROFILES.iter().find(|profile| profile.needs.iter().all(&has))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_keys() {
        for profile in &PROFILES {
            for name in profile
                .needs
                .iter()
                .chain(profile.fields.iter().map(|(name, _)| name))
            {
                assert_eq!(HeaderKey::of(name).full, *name, "{}", profile.id);
            }
        }
    }
}
