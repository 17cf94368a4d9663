use super::super::testing::{columns, import};

/// What is done with the columns of a file.
#[track_caller]
fn check(text: &str, expect: &str) {
    let got = columns(&import(text.as_bytes(), 1 << 20));
    let expect: Vec<&str> = expect.lines().map(str::trim).collect();
    assert_eq!(got.lines().collect::<Vec<_>>(), expect);
}

#[test]
fn the_better_name_wins_wherever_it_stands() {
    check(
        "状态,内部订单号,线上订单号,下单时间,数量,商品单价,商品金额,买家实付,省,收货地址,买家账号\n\
         已发货,1,A1,2026-04-05,1,5,5,5,浙江省,浙江省 杭州市 某路1号,someone\n",
        "状态: status \"已发货\"
         内部订单号: order_id \"1\"
         线上订单号: order_id \"A1\"
         下单时间: created_at \"2026-04-05\"
         数量: quantity \"1\"
         商品单价: - \"5\"
         商品金额: amount \"5\"
         买家实付: paid_amount \"5\"
         省: dim:region \"浙江省\"
         收货地址: personal Address \"\"
         买家账号: personal Other \"\"",
    );
}

#[test]
fn an_address_gives_its_province_and_nothing_else() {
    check(
        "订单编号,订单创建时间,总金额,收货地址 \n1,2026-04-05,5,浙江省 杭州市 某路1号\n",
        "订单编号: order_id \"1\"
         订单创建时间: created_at \"2026-04-05\"
         总金额: amount \"5\"
         收货地址: dim:region \"浙江省\"",
    );
    check(
        "订单编号,订单创建时间,总金额,收货地址 \n1,2026-04-05,5,##密文\n",
        "订单编号: order_id \"1\"
         订单创建时间: created_at \"2026-04-05\"
         总金额: amount \"5\"
         收货地址: personal Address \"\"",
    );
}

#[test]
fn people_are_dropped() {
    check(
        "Order ID,Order Date,Customer ID,Customer Name,Email,Phone,Postal Code,Total,Order ID\n\
         1,2026-04-05,C7,Claire,c@example.com,555,42420,5,1\n",
        "Order ID: order_id \"1\"
         Order Date: created_at \"2026-04-05\"
         Customer ID: customer \"\"
         Customer Name: personal Name \"\"
         Email: personal Email \"\"
         Phone: personal Phone \"\"
         Postal Code: personal Address \"\"
         Total: amount \"5\"
         Order ID: order_id \"1\"",
    );
}

#[test]
fn region_prefers_states_to_countries() {
    check(
        "Order ID,Order Date,Total,Country,Region,State\n1,2026-04-05,5,US,South,Kentucky\n",
        "Order ID: order_id \"1\"
         Order Date: created_at \"2026-04-05\"
         Total: amount \"5\"
         Country: - \"US\"
         Region: - \"South\"
         State: dim:region \"Kentucky\"",
    );
}

#[test]
fn a_figure_to_be_filled_in_is_not_read() {
    check(
        "SKU,Location,On hand (new),On hand (current),Available (not editable)\nA,Shop,9,5,4\n",
        "SKU: sku \"A\"
         Location: dim:warehouse \"Shop\"
         On hand (new): - \"9\"
         On hand (current): on_hand \"5\"
         Available (not editable): available \"4\"",
    );
}

#[test]
fn one_price_for_all_is_no_amount_of_orders() {
    let rows = (0..12).map(|line| format!("P{},2026-06-{:02},S{},1,100.00\n", line / 2, line + 1, line % 3));
    check(
        &format!("order id,created,sku,qty,amount\n{}", rows.collect::<String>()),
        "order id: order_id \"P0\"
         created: created_at \"2026-06-01\"
         sku: sku \"S0\"
         qty: quantity \"1\"
         amount: amount \"100.00\"",
    );
}
