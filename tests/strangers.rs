//! Exports of platforms that no profile knows: the generic path maps them by names and content.
//!
//! Headers are those of the platforms' exports, with rows of our own. Each set was written before it was read, and
//! read once before it was looked into; what that first reading gave stands beside its test. After that it is
//! material to tune to, and the next set is written: all sets but the last, the third dozen, are tuning material by
//! now. The third dozen was whole at its first reading.

#![expect(clippy::panic, clippy::print_stdout, reason = "tests panic and print")]

#[path = "strangers/dozens.rs"]
mod dozens;
#[path = "strangers/held_out.rs"]
mod held_out;

use dozens::{DOZEN, DOZEN_2, DOZEN_3, TUNED};
use held_out::{FRESH, HELD_OUT, HeldOut};
use stockpit::ingest::{Finish, Import, Imported, Options, Rows, Step};
use stockpit::model::{Dim, NONE_CODE};
use stockpit::money::Fixed;
use stockpit::protocol::Use;
use stockpit::time::{UtcMillis, Zone};

/// One export: its name, what its columns are (any of `a/b`), and its text.
struct Stranger {
    name: &'static str,
    expect: &'static [(&'static str, &'static str)],
    text: &'static str,
}

const STRANGERS: &[Stranger] = &[
    Stranger {
        name: "eBay orders report, with preamble and footer (en)",
        expect: &[
            ("order_id", "Order Number"),
            ("created_at", "Sale Date"),
            ("sku", "Custom Label"),
            ("title", "Item Title"),
            ("quantity", "Quantity"),
            ("money", "Sold For/Total Price"),
        ],
        text: "\"\",\"\",\"\",\"\"\n\
            Sales Record Number,Order Number,Buyer Username,Buyer Name,Buyer Email,Ship To Zip,Item Number,Item Title,Custom Label,Sold Via Promoted Listings,Quantity,Sold For,Shipping And Handling,Total Price,Payment Method,Sale Date,Paid On Date,Tracking Number\n\
            \n\
            101,12-13345-67890,buyer1,,,,256712345678,Steel bottle 1 l,BTL-1,No,2,\"$1,433.66\",$4.99,\"$2,872.31\",PayPal,Jul-21-25,Jul-21-25,\n\
            102,12-13345-67891,buyer2,,,,256712345679,Cork lid,LID-3,No,1,$3.50,$4.99,$8.49,PayPal,Jul-22-25,Jul-22-25,\n\
            \n\
            2,record(s) downloaded,from ,Jul-21-25,00:00:00, to ,Jul-22-25,23:59:59\n\
            Seller ID : someone\n",
    },
    Stranger {
        name: "Etsy sold order items (en, m/d/y)",
        expect: &[
            ("order_id", "Order ID"),
            ("created_at", "Sale Date"),
            ("sku", "SKU"),
            ("title", "Item Name"),
            ("quantity", "Quantity"),
            ("money", "Price/Item Total"),
        ],
        text: "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Discount Amount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,Ship Address1,Ship City,Ship State,Ship Zipcode,Ship Country,Order ID,Variations,Order Type,Payment Type,SKU\n\
            07/21/25,Linen apron,someone,2,34.50,,0.00,4.00,0.00,69.00,USD,3312345678,1412345678,07/21/2025,07/22/2025,,,Portland,OR,,United States,3071234567,Color:Sand,online,online_cc,AP-SAND\n\
            07/20/25,Tea towel,someone,1,12.00,,0.00,4.00,0.00,12.00,USD,3312345679,1412345679,07/20/2025,,,,Austin,TX,,United States,3071234568,,online,online_cc,TT-01\n",
    },
    Stranger {
        name: "Mercado Livre vendas, preamble, repeated Estado (pt)",
        expect: &[
            ("order_id", "N.º de venda"),
            ("created_at", "Data da venda"),
            ("sku", "SKU"),
            ("title", "Título do anúncio"),
            ("quantity", "Unidades"),
            (
                "money",
                "Receita por produtos (BRL)/Preço unitário de venda do anúncio (BRL)",
            ),
        ],
        text: "Vendas\n\
            Aqui você encontra os detalhes das suas vendas\n\
            \n\
            N.º de venda;Data da venda;Estado;Descrição do status;Unidades;Receita por produtos (BRL);Tarifa de venda e impostos (BRL);Total (BRL);SKU;# de anúncio;Título do anúncio;Preço unitário de venda do anúncio (BRL);Comprador;Cidade;Estado;CEP;País;Unidades\n\
            2000009123456789;21 de julho de 2025 10:32 hs.;Entregue;;2;119,80;-20,10;99,70;GAR-1L;MLB3712345678;Garrafa térmica 1 l;59,90;;Curitiba;Paraná;;Brasil;2\n\
            2000009123456790;20 de julho de 2025 09:12 hs.;A caminho;;1;1.259,90;-220,10;1.039,80;PAN-20;MLB3712345679;Panela 20 cm;1.259,90;;Recife;Pernambuco;;Brasil;1\n",
    },
    Stranger {
        name: "Mercado Libre ventas (es)",
        expect: &[
            ("order_id", "# de venta"),
            ("created_at", "Fecha de venta"),
            ("sku", "SKU"),
            ("title", "Título de la publicación"),
            ("quantity", "Unidades"),
            (
                "money",
                "Ingresos por productos (ARS)/Precio unitario de venta de la publicación (ARS)",
            ),
        ],
        text: "# de venta,Fecha de venta,Estado,Unidades,Ingresos por productos (ARS),Cargo por venta e impuestos (ARS),Total (ARS),SKU,# de publicación,Título de la publicación,Precio unitario de venta de la publicación (ARS),Comprador,Ciudad,Estado,País\n\
            2000009123456791,21 de julio de 2025 10:32 hs.,Entregado,2,25000.00,-3250.00,21750.00,BOT-1,MLA1234567890,Botella 1 l,12500.00,,Rosario,Santa Fe,Argentina\n\
            2000009123456792,22 de julio de 2025 11:02 hs.,En camino,1,8000.00,-1040.00,6960.00,TAP-3,MLA1234567891,Tapa,8000.00,,Salta,Salta,Argentina\n",
    },
    Stranger {
        name: "Shopware Bestellungen (de)",
        expect: &[
            ("order_id", "Bestellnummer"),
            ("created_at", "Bestelldatum"),
            ("sku", "Artikelnummer"),
            ("title", "Artikelbezeichnung"),
            ("quantity", "Menge"),
            ("money", "Einzelpreis/Gesamtpreis"),
        ],
        text: "Bestellnummer;Bestelldatum;Bestellstatus;Zahlungsstatus;Artikelnummer;Artikelbezeichnung;Menge;Einzelpreis;Gesamtpreis;Währung;Kundennummer;Vorname;Nachname;Ort;Land\n\
            10042;21.07.2025 10:31;Abgeschlossen;Bezahlt;SW-100;Trinkflasche 1 l;2;1.249,90;2.499,80;EUR;K-7;;;Köln;Deutschland\n\
            10043;22.07.2025 08:02;Offen;Offen;SW-101;Deckel;1;3,50;3,50;EUR;K-8;;;Ulm;Deutschland\n",
    },
    Stranger {
        name: "JTL-Wawi Auftragspositionen (de)",
        expect: &[
            ("order_id", "Auftragsnummer/Externe Auftragsnummer"),
            ("created_at", "Auftragsdatum"),
            ("sku", "Artikelnummer"),
            ("title", "Artikelname"),
            ("quantity", "Anzahl"),
            ("money", "VK Brutto/Positionssumme Brutto"),
        ],
        text: "Auftragsnummer;Externe Auftragsnummer;Auftragsdatum;Plattform;Artikelnummer;Artikelname;Anzahl;VK Brutto;Positionssumme Brutto;Zahlungsdatum;Versanddatum\n\
            AU-2025-1;302-1234567-1234567;21.07.2025;Amazon;FL-1;Flasche;2;19,90;39,80;21.07.2025;22.07.2025\n\
            AU-2025-2;302-1234567-1234568;22.07.2025;eBay;DE-3;Deckel;1;3,50;3,50;22.07.2025;\n",
    },
    Stranger {
        name: "Magento sales grid, no goods (en)",
        expect: &[
            ("order_id", "ID"),
            ("created_at", "Purchase Date"),
            ("money", "Grand Total (Base)/Grand Total (Purchased)"),
        ],
        text: "ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Base),Grand Total (Purchased),Status\n\
            000000042,\"Main Website\",\"Jul 21, 2025 10:31:12 AM\",,,\"$1,099.00\",\"$1,099.00\",Processing\n\
            000000043,\"Main Website\",\"Jul 22, 2025 8:02:45 PM\",,,$12.50,$12.50,Complete\n",
    },
    Stranger {
        name: "BigCommerce order products (en)",
        expect: &[
            ("order_id", "Order ID"),
            ("created_at", "Order Date"),
            ("sku", "Product SKU"),
            ("title", "Product Name"),
            ("quantity", "Product Qty"),
            ("money", "Product Unit Price/Product Total Price"),
        ],
        text: "Order ID,Customer ID,Customer Name,Order Date,Order Status,Order Currency Code,Ship State,Product ID,Product Qty,Product SKU,Product Name,Product Weight,Product Unit Price,Product Total Price\n\
            118,7,,07/21/2025,Completed,USD,Oregon,77,2,BTL-1,Bottle,0.3,19.90,39.80\n\
            119,8,,07/22/2025,Awaiting Fulfillment,USD,Texas,78,1,LID-3,Lid,0.1,3.50,3.50\n",
    },
    Stranger {
        name: "PrestaShop order detail (query names)",
        expect: &[
            ("order_id", "id_order/reference"),
            ("created_at", "date_add"),
            ("sku", "product_reference"),
            ("title", "product_name"),
            ("quantity", "product_quantity"),
            ("money", "unit_price_tax_incl/total_price_tax_incl"),
        ],
        text: "id_order;reference;date_add;current_state;product_reference;product_name;product_quantity;unit_price_tax_incl;total_price_tax_incl\n\
            501;XKBKNABJK;2025-07-21 10:31:12;4;demo_1;Mug;2;14.280000;28.560000\n\
            502;OHSATSERP;2025-07-22 08:02:45;2;demo_3;T-shirt;1;22.944000;22.944000\n",
    },
    Stranger {
        name: "微店订单 (zh)",
        expect: &[
            ("order_id", "订单编号"),
            ("created_at", "下单时间"),
            ("sku", "商品编码"),
            ("title", "商品名称"),
            ("quantity", "商品数量"),
            ("money", "商品单价/商品总价"),
        ],
        text: "订单编号,订单状态,订单类型,下单时间,付款时间,商品名称,商品型号,商品编码,商品数量,商品单价,商品总价,运费,订单总金额,收货人,手机号,省,市,区,详细地址,买家备注\n\
            \t812345678901234,已完成,普通订单,2025-07-21 10:31:12,2025-07-21 10:31:40,水杯,白色,CUP-W,2,39.00,78.00,0.00,78.00,,,浙江省,杭州市,西湖区,,\n\
            \t812345678901235,待发货,普通订单,2025-07-22 10:31:12,2025-07-22 10:31:40,杯盖,黑色,LID-B,1,9.00,9.00,6.00,15.00,,,四川省,成都市,武侯区,,\n",
    },
    Stranger {
        name: "快手小店订单 (zh)",
        expect: &[
            ("order_id", "订单编号"),
            ("created_at", "订单创建时间"),
            ("sku", "SKU编码"),
            ("title", "商品名称"),
            ("quantity", "成交数量"),
            ("money", "商品单价/实付款"),
        ],
        text: "订单编号,订单创建时间,订单支付时间,订单状态,实付款,快递费,商品ID,商品名称,商品规格,SKU编码,商品单价,成交数量,售后状态,达人昵称,收货人姓名,省份\n\
            2521600123456789,2025-07-21 10:31:12,2025-07-21 10:31:50,已发货,¥78.00,¥0.00,100234,水杯,白色,CUP-W,¥39.00,2,,,,浙江省\n\
            2521600123456790,2025-07-22 10:31:12,2025-07-22 10:31:50,已收货,¥9.00,¥0.00,100235,杯盖,黑色,LID-B,¥9.00,1,,,,四川省\n",
    },
    Stranger {
        name: "小红书订单 (zh)",
        expect: &[
            ("order_id", "订单号"),
            ("created_at", "订单创建时间"),
            ("sku", "商家编码/小红书编码/规格ID"),
            ("title", "商品名称"),
            ("quantity", "SKU件数"),
            ("money", "商品总价(元)"),
        ],
        text: "订单号,包裹号,订单状态,售后状态,订单创建时间,订单付款时间,规格ID,小红书编码,条码,商家编码,商品名称,SKU件数,商品总价(元),商家优惠(元),商家应收金额(元)（支付金额）,收件人省份\n\
            P712345678901234561,D1,已完成,无售后,2025-07-21 10:31:12,2025-07-21 10:31:50,64a1,S0012,6901234567892,CUP-W,水杯,2,78.00,0.00,78.00,浙江省\n\
            P712345678901234562,D2,待发货,无售后,2025-07-22 10:31:12,2025-07-22 10:31:50,64a2,S0013,6901234567893,LID-B,杯盖,1,9.00,0.00,9.00,四川省\n",
    },
    Stranger {
        name: "唯品会销售明细 (zh)",
        expect: &[
            ("order_id", "订单号"),
            ("created_at", "下单时间"),
            ("sku", "商品货号/条形码"),
            ("title", "商品名称"),
            ("quantity", "销售数量"),
            ("money", "销售价/实收金额"),
        ],
        text: "档期号,订单号,订单状态,下单时间,品牌名称,条形码,商品货号,商品名称,尺码,销售数量,销售价,实收金额,收货省份\n\
            9001,25072112345678,已签收,2025/7/21 10:31,某牌,6901234567892,CUP-W,水杯,均码,2,39.00,78.00,浙江省\n\
            9001,25072212345679,已出库,2025/7/22 10:31,某牌,6901234567893,LID-B,杯盖,均码,1,9.00,9.00,四川省\n",
    },
    Stranger {
        name: "仓配库存 (zh, WMS)",
        expect: &[
            ("sku", "货品编码"),
            ("place", "仓库名称"),
            ("stock", "库存总量/可用量"),
        ],
        text: "货主名称,仓库编码,仓库名称,货品编码,货品名称,条形码,库存类型,库存总量,可用量,占用量,冻结量,在途量\n\
            某店,HZ01,杭州一号仓,CUP-W,水杯,6901234567892,正品,120,100,15,5,40\n\
            某店,CD01,成都一号仓,CUP-W,水杯,6901234567892,正品,80,80,0,0,0\n",
    },
    Stranger {
        name: "SAP MB52 list (en, |)",
        expect: &[
            ("sku", "Material"),
            ("place", "Plant/Storage Location"),
            ("stock", "Unrestricted"),
        ],
        text: "Warehouse stocks of material\n\
            \n\
            Material|Material Description|Plant|Storage Location|Unrestricted|Base Unit of Measure|Value Unrestricted|Transit and Transfer|In Quality Insp.|Blocked\n\
            100-100|Casing|1000|0001|1,200.000|PC|14,400.00|0.000|12.000|0.000\n\
            100-110|Slug|1000|0002|85.000|PC|850.00|5.000|0.000|0.000\n",
    },
    Stranger {
        name: "Coupang WING (ko)",
        expect: &[
            ("order_id", "주문번호"),
            ("created_at", "주문일"),
            ("sku", "업체상품코드/옵션ID"),
            ("title", "등록상품명/노출상품명(옵션명)"),
            ("quantity", "구매수(수량)"),
            ("money", "결제액/옵션판매가(판매단가)"),
        ],
        text: "번호,묶음배송번호,주문번호,택배사,운송장번호,주문일,등록상품명,등록옵션명,노출상품명(옵션명),노출상품ID,옵션ID,업체상품코드,바코드,결제액,배송비,구매수(수량),옵션판매가(판매단가),구매자\n\
            1,812345,19000123456789,,,2025-07-21 10:31:12,물병,흰색,물병 흰색,71234,81234,BTL-W,,39800,0,2,19900,\n\
            2,812346,19000123456790,,,2025-07-22 10:31:12,뚜껑,검정,뚜껑 검정,71235,81235,LID-B,,3500,2500,1,3500,\n",
    },
    Stranger {
        name: "楽天 RMS 受注 (ja)",
        expect: &[
            ("order_id", "注文番号"),
            ("created_at", "注文日時"),
            ("sku", "商品番号/商品管理番号/SKU管理番号"),
            ("title", "商品名"),
            ("quantity", "個数"),
            ("money", "単価"),
        ],
        text: "注文番号,ステータス,注文日時,注文日,注文時間,合計金額,請求金額,商品ID,商品名,商品番号,商品管理番号,単価,個数,SKU管理番号\n\
            123456-20250721-0000100001,700,2025-07-21 10:31:12,2025-07-21,10:31:12,3980,3980,1001,水筒,btl-1,btl,1990,2,s1\n\
            123456-20250722-0000100002,300,2025-07-22 08:02:45,2025-07-22,08:02:45,350,350,1002,ふた,lid-3,lid,350,1,s2\n",
    },
    Stranger {
        name: "Walmart seller orders (en)",
        expect: &[
            ("order_id", "PO#/Order#"),
            ("created_at", "Order Date"),
            ("sku", "SKU"),
            ("title", "Item Description"),
            ("quantity", "Qty"),
            ("money", "Item Cost"),
        ],
        text: "PO#,Order#,Order Date,Ship By,Delivery Date,Customer Name,City,State,Zip,FLIDS,Line#,UPC,Status,Item Description,Shipping Method,Qty,SKU,Item Cost,Shipping Cost,Tax\n\
            1796277083022,200012345678901,2025-07-21,2025-07-22,2025-07-25,,Tampa,FL,,abc,1,012345678905,Shipped,Bottle,Standard,2,BTL-1,19.90,0.00,1.20\n\
            1796277083023,200012345678902,2025-07-22,2025-07-23,2025-07-26,,Boise,ID,,abd,1,012345678912,Acknowledged,Lid,Standard,1,LID-3,3.50,4.00,0.20\n",
    },
    Stranger {
        name: "Existencias por almacén (es)",
        expect: &[
            ("sku", "Código"),
            ("place", "Almacén"),
            ("stock", "Existencias/Disponible"),
        ],
        text: "Código;Descripción;Familia;Almacén;Existencias;Reservado;Disponible\n\
            BOT-1;Botella;Hogar;Madrid;12,5;2;10,5\n\
            TAP-3;Tapa;Hogar;Sevilla;40;0;40\n",
    },
    Stranger {
        name: "Estoque por depósito (pt)",
        expect: &[
            ("sku", "Código/SKU"),
            ("place", "Depósito"),
            ("stock", "Estoque/Saldo físico"),
        ],
        text: "Relatório de estoque;;;;\n\
            Emitido em 21/07/2025;;;;\n\
            Código;Produto;Depósito;Saldo físico;Preço de custo\n\
            GAR-1L;Garrafa;Geral;15;19,90\n\
            PAN-20;Panela;Full;3;80,00\n",
    },
    Stranger {
        name: "Lagerbestand (de)",
        expect: &[
            ("sku", "Artikelnummer"),
            ("place", "Lager/Lagerplatz"),
            ("stock", "Bestand/Verfügbar"),
        ],
        text: "Artikelnummer;Bezeichnung;Lager;Bestand;Reserviert;Verfügbar;Zulauf\n\
            FL-1;Flasche;Hauptlager;120;20;100;50\n\
            DE-3;Deckel;Außenlager;7;0;7;0\n",
    },
];

/// Written after the table was extended, and not looked at by it; headers taken apart into words came later.
const LATER: &[Stranger] = &[
    Stranger {
        name: "Nuvemshop pedidos (pt)",
        expect: &[
            ("order_id", "Número do Pedido"),
            ("created_at", "Data"),
            ("sku", "SKU"),
            ("title", "Nome do Produto"),
            ("quantity", "Quantidade Comprada"),
            ("money", "Valor do Produto/Subtotal/Total"),
        ],
        text: "Número do Pedido;E-mail;Data;Status do Pedido;Status do Pagamento;Moeda;Subtotal;Desconto;Total;Nome do comprador;Cidade;Estado;Nome do Produto;Valor do Produto;Quantidade Comprada;SKU;Canal\n\
            1042;;21/07/2025 10:31:12;Aberto;Confirmado;BRL;119,80;0,00;129,80;;Curitiba;Paraná;Garrafa;59,90;2;GAR-1L;Loja\n\
            1043;;22/07/2025 08:02:45;Aberto;Confirmado;BRL;80,00;0,00;90,00;;Recife;Pernambuco;Panela;80,00;1;PAN-20;Loja\n",
    },
    Stranger {
        name: "Tiendanube ventas (es)",
        expect: &[
            ("order_id", "Número de orden"),
            ("created_at", "Fecha"),
            ("sku", "SKU"),
            ("title", "Nombre del producto"),
            ("quantity", "Cantidad del producto"),
            ("money", "Precio del producto/Subtotal de productos"),
        ],
        text: "Número de orden;Email;Fecha;Estado de la orden;Estado del pago;Moneda;Subtotal de productos;Total;Ciudad;Provincia o estado;Nombre del producto;Precio del producto;Cantidad del producto;SKU\n\
            1042;;21/07/2025 10:31;Abierta;Recibido;ARS;25000.00;27000.00;Rosario;Santa Fe;Botella;12500.00;2;BOT-1\n\
            1043;;22/07/2025 11:02;Abierta;Recibido;ARS;8000.00;8000.00;Salta;Salta;Tapa;8000.00;1;TAP-3\n",
    },
    Stranger {
        name: "Billbee Bestellpositionen (de)",
        expect: &[
            ("order_id", "OrderNumber"),
            ("created_at", "OrderDate"),
            ("sku", "SKU"),
            ("title", "Artikeltext"),
            ("quantity", "Menge"),
            ("money", "Einzelpreis Brutto/Gesamtpreis Brutto"),
        ],
        text: "OrderNumber;OrderDate;Bezahlt am;Versendet am;Status;Shop;SKU;Artikeltext;Menge;Einzelpreis Brutto;Gesamtpreis Brutto;Waehrung\n\
            BB-1001;21.07.2025 10:31:12;21.07.2025;22.07.2025;Versendet;Etsy;FL-1;Flasche;2;19,90;39,80;EUR\n\
            BB-1002;22.07.2025 08:02:45;;;Bestellt;Etsy;DE-3;Deckel;1;3,50;3,50;EUR\n",
    },
    Stranger {
        name: "Wix orders (en)",
        expect: &[
            ("order_id", "Order number"),
            ("created_at", "Date created"),
            ("sku", "SKU"),
            ("title", "Item"),
            ("quantity", "Qty"),
            ("money", "Price"),
        ],
        text: "Order number,Date created,Time,Total order quantity,Contact email,Note from customer,Item,Variant,SKU,Qty,Quantity refunded,Price,Weight,Custom text,Delivery state,Currency,Payment status,Fulfillment status\n\
            10042,\"Jul 21, 2025\",10:31:12 AM,2,,,Bottle,White,BTL-1,2,0,19.90,0.3,,Oregon,USD,Paid,Fulfilled\n\
            10043,\"Jul 22, 2025\",8:02:45 PM,1,,,Lid,Black,LID-3,1,0,3.50,0.1,,Texas,USD,Unpaid,Unfulfilled\n",
    },
    Stranger {
        name: "OpenCart order products (en)",
        expect: &[
            ("order_id", "order_id"),
            ("created_at", "date_added"),
            ("sku", "model"),
            ("title", "name"),
            ("quantity", "quantity"),
            ("money", "price/total"),
        ],
        text: "order_id,store_name,date_added,order_status,name,model,quantity,price,total,tax\n\
            118,Main,2025-07-21 10:31:12,Complete,Bottle,BTL-1,2,19.9000,39.8000,0\n\
            119,Main,2025-07-22 08:02:45,Pending,Lid,LID-3,1,3.5000,3.5000,0\n",
    },
    Stranger {
        name: "1688 订单 (zh)",
        expect: &[
            ("order_id", "订单编号"),
            ("created_at", "订单创建时间"),
            ("sku", "单品货号/货号"),
            ("title", "货品标题"),
            ("quantity", "数量"),
            ("money", "单价(元)/货品总价(元)"),
        ],
        text: "订单编号,买家公司名,卖家公司名,货品总价(元),运费(元),涨价或折扣(元),实付款(元),订单状态,订单创建时间,订单付款时间,货品标题,单价(元),数量,单位,货号,型号,Offer ID,SKU ID,单品货号\n\
            4218765432109876543,,,78.00,0.00,0.00,78.00,交易成功,2025-07-21 10:31:12,2025-07-21 10:32:00,水杯,39.00,2,个,CUP,,612345678901,5012345678901,CUP-W\n\
            4218765432109876544,,,9.00,6.00,0.00,15.00,等待买家确认收货,2025-07-22 10:31:12,2025-07-22 10:32:00,杯盖,9.00,1,个,LID,,612345678902,5012345678902,LID-B\n",
    },
    Stranger {
        name: "得物订单 (zh)",
        expect: &[
            ("order_id", "订单号"),
            ("created_at", "下单时间"),
            ("sku", "商品货号/商家SKU编码"),
            ("title", "商品名称"),
            ("quantity", "数量"),
            ("money", "出价金额(元)/预计收入(元)"),
        ],
        text: "订单号,订单类型,订单状态,商品名称,商品货号,规格,商家SKU编码,数量,出价金额(元),预计收入(元),下单时间,支付时间\n\
            110123456789012345,现货,交易成功,跑鞋,DZ5485-612,42,SH-42,1,899.00,820.00,2025-07-21 10:31:12,2025-07-21 10:31:30\n\
            110123456789012346,现货,待发货,板鞋,CW2288-111,40,SH-40,1,599.00,540.00,2025-07-22 10:31:12,2025-07-22 10:31:30\n",
    },
    Stranger {
        name: "金蝶库存 (zh)",
        expect: &[
            ("sku", "物料编码"),
            ("place", "仓库名称"),
            ("stock", "库存量(主单位)/可用量(主单位)"),
        ],
        text: "库存组织,仓库编码,仓库名称,物料编码,物料名称,规格型号,单位,库存量(主单位),可用量(主单位),批号\n\
            总公司,CK001,原料仓,01.001,水杯,白,个,120,100,\n\
            总公司,CK002,成品仓,01.002,杯盖,黑,个,80,80,\n",
    },
    Stranger {
        name: "Cin7 stock on hand (en)",
        expect: &[
            ("sku", "Product Code"),
            ("place", "Branch"),
            ("stock", "SOH/Available"),
        ],
        text: "Product Code,Product Name,Branch,SOH,Committed,Available,Incoming\n\
            BTL-1,Bottle,Sydney,120,20,100,50\n\
            LID-3,Lid,Perth,7,0,7,0\n",
    },
];

fn import(text: &str) -> Imported {
    let mut import = Import::new("file.csv", text.len() as u64, Options::default());
    for _ in 0..12 {
        if import.push(text.as_bytes()) == Step::Again {
            continue;
        }
        match import.finish() {
            Finish::Again(next) => import = next,
            Finish::Done(imported) => return imported,
        }
    }
    panic!("read for ever");
}

/// Whether the column headed by one of `headers` is read as `role`.
fn is_mapped(imported: &Imported, role: &str, headers: &str) -> bool {
    let fields: &[&str] = match role {
        "money" => &["amount", "unit_price", "paid_amount"],
        "place" => &["dim:warehouse"],
        "stock" => &["on_hand", "available"],
        _ => &[],
    };
    let is_meant = |id: &str| id == role || fields.contains(&id);
    let columns = &imported.report.columns;
    let read =
        |column: &&stockpit::protocol::ColumnReport| matches!(&column.used, Use::Field(id) if is_meant(id));
    // Several columns may have one meaning; the best of them must be one that is expected, and a
    // quantity that stands twice is the first.
    columns
        .iter()
        .filter(read)
        .any(|column| headers.split('/').any(|header| header == column.header))
}

/// Columns and whole files of `strangers` that are mapped.
fn score(strangers: &[Stranger]) -> (usize, usize) {
    let (mut met, mut all, mut whole) = (0, 0, 0);
    for stranger in strangers {
        let imported = import(stranger.text);
        let missing: Vec<&str> = stranger
            .expect
            .iter()
            .filter(|(role, headers)| !is_mapped(&imported, role, headers))
            .map(|(role, _)| *role)
            .collect();
        all += stranger.expect.len();
        met += stranger.expect.len() - missing.len();
        let report = &imported.report;
        let is_whole = missing.is_empty() && report.failure.is_none() && report.accepted == 2;
        whole += usize::from(is_whole);
        println!(
            "{}: {}; {:?} {} {}/{} refused {}; missing {missing:?}",
            if is_whole { "whole" } else { "PART" },
            stranger.name,
            report.kind,
            report.profile,
            report.accepted,
            report.rows,
            report.rejected
        );
    }
    println!("{met} of {all} columns, {whole} of {} files", strangers.len());
    (met, whole)
}

#[test]
fn exports_of_strangers_are_mapped() {
    // At the first try, before the table knew words of more languages: 35 columns, 2 files.
    assert_eq!(score(STRANGERS), (108, 21));
}

#[test]
fn exports_of_strangers_that_came_later_are_mapped() {
    // The first try: 43 columns, 4 files.
    assert_eq!(score(LATER), (48, 9));
}

/// The lines of a file as [`HeldOut::lines`] writes them.
fn lines(imported: &Imported) -> Vec<Vec<String>> {
    let number = |raw: Option<i64>| raw.map_or(String::new(), |raw| Fixed::from_raw(raw).to_string());
    match &imported.rows {
        Rows::None => Vec::new(),
        Rows::Orders(batch) => {
            let c = batch.columns();
            let line = |row: usize| {
                let sku = c.dim(Dim::Sku).get(row);
                let created = c.created_at.get(row).map_or(String::new(), |at| {
                    Zone::default()
                        .local(UtcMillis(at))
                        .format("%Y-%m-%d")
                        .to_string()
                });
                vec![
                    c.orders.text(c.order.get(row)).to_owned(),
                    created,
                    if sku == NONE_CODE {
                        String::new()
                    } else {
                        c.dict(Dim::Sku).text(sku).to_owned()
                    },
                    c.titles.text(c.title.get(row)).to_owned(),
                    number(c.quantity.get(row)),
                    number(c.amount.get(row)),
                ]
            };
            (0..c.len()).map(line).collect()
        }
        Rows::Stock(batch) => {
            let c = batch.columns();
            let line = |row: usize| {
                vec![
                    c.skus.text(c.sku[row]).to_owned(),
                    c.warehouses.text(c.warehouse[row]).to_owned(),
                    c.sellable(row).map_or(String::new(), |left| left.to_string()),
                ]
            };
            (0..c.len()).map(line).collect()
        }
    }
}

/// Whether the lines say what they must: of orders the number, the day, SKU or title, quantity and amount; of stock
/// all; with what is not as expected.
fn reaches_the_bar(file: &HeldOut, imported: &Imported) -> (bool, Vec<String>) {
    let got = lines(imported);
    let mut missing = Vec::new();
    let mut is_whole = got.len() == file.lines.len();
    for (expect, got) in file.lines.iter().zip(&got) {
        let expect: Vec<&str> = expect.split('|').collect();
        let right: Vec<bool> = (expect.iter().zip(got))
            .map(|(expect, got)| {
                expect.is_empty() || expect == got || expect.split('/').any(|value| value == got)
            })
            .collect();
        is_whole &= match right.as_slice() {
            [order, day, sku, title, quantity, amount] => {
                *order && *day && (*sku && !expect[2].is_empty() || *title) && *quantity && *amount
            }
            other => other.len() == expect.len() && other.iter().all(|right| *right),
        };
        let wrong = right
            .iter()
            .zip(expect)
            .zip(got)
            .filter(|((right, _), _)| !**right);
        missing.extend(wrong.map(|((_, expect), got)| format!("{expect}: {got}")));
    }
    (is_whole, missing)
}

/// How many of `files` are whole. What is missing is told only where somebody asks for it, so that nobody tunes to it.
fn whole(files: &[HeldOut]) -> usize {
    let mut whole = 0;
    for file in files {
        let imported = import(file.text);
        let (is_whole, missing) = reaches_the_bar(file, &imported);
        whole += usize::from(is_whole);
        if std::env::var_os("SHOW_HELD_OUT").is_some() {
            println!(
                "{}: {} (from {}); {missing:?} {:?} {:?}",
                if is_whole { "whole" } else { "PART" },
                file.name,
                file.from,
                imported.report.failure,
                imported.report.refusals
            );
            println!("      {:?} {}", imported.report.kind, imported.report.profile);
            for column in &imported.report.columns {
                if let Use::Field(id) = &column.used {
                    println!("      {id}: {}", column.header);
                }
            }
        }
    }
    println!("{whole} of {} files kept out of tuning are whole", files.len());
    whole
}

#[test]
fn exports_kept_out_of_tuning_are_mapped() {
    // By a table of names alone: 4. By words, before anybody looked at what is missing: 15. Since then they are no
    // longer held out.
    assert_eq!((whole(HELD_OUT), HELD_OUT.len()), (20, 20));
}

#[test]
fn fresh_exports_are_mapped() {
    // The first try: 6. Since then they were looked into.
    assert_eq!((whole(FRESH), FRESH.len()), (10, 10));
}

#[test]
fn exports_tuned_to_are_mapped() {
    assert_eq!((whole(TUNED), TUNED.len()), (20, 20));
}

#[test]
fn a_dozen_kept_out_is_mapped() {
    // Read once: 5. Since then they were looked into.
    assert_eq!((whole(DOZEN), DOZEN.len()), (12, 12));
}

#[test]
fn another_dozen_is_mapped() {
    // Read once: 10, and all of the nine of orders. Since then they were looked into.
    assert_eq!((whole(DOZEN_2), DOZEN_2.len()), (12, 12));
}

#[test]
fn a_third_dozen_is_mapped() {
    // Read once, and never looked into: nothing was tuned to it.
    assert_eq!((whole(DOZEN_3), DOZEN_3.len()), (13, 13));
}
