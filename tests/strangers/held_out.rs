//! Exports kept out of tuning: what the generic path makes of them is counted, never looked up.
//!
//! Headers as their platforms write them, from memory and from the help pages and importers that `from` names;
//! rows are our own. What is expected are the values of the lines, not only which column was taken, so that a
//! price taken for a sum or a listing number taken for a SKU does not pass.

/// One export: what its two lines come to, and its text.
pub struct HeldOut {
    pub name: &'static str,
    /// Where the header is known from.
    pub from: &'static str,
    /// `order|day|sku|title|quantity|amount`, or of stock `sku|place|quantity`. Empty: the file does not say.
    /// `a/b`: either.
    pub lines: &'static [&'static str],
    pub text: &'static str,
}

/// Written before headers were taken apart into words.
pub const HELD_OUT: &[HeldOut] = &[
    HeldOut {
        name: "Squarespace orders (en)",
        from: "help page on exporting orders",
        lines: &[
            "142|2025-07-21|BTL-1|Bottle|2|39.8",
            "143|2025-07-22|LID-3|Lid|1|3.5",
        ],
        text: "Order ID,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Taxes,Amount Refunded,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem variant,Lineitem requires shipping,Billing Name\n\
            00142,,PAID,2025-07-21 10:31:12 -0400,FULFILLED,2025-07-22 09:00:00 -0400,USD,39.80,4.00,0.00,0.00,43.80,,0.00,Standard,2025-07-21 10:31:12 -0400,2,Bottle,19.90,BTL-1,White,true,\n\
            00143,,PAID,2025-07-22 08:02:45 -0400,PENDING,,USD,3.50,4.00,0.00,0.00,7.50,,0.00,Standard,2025-07-22 08:02:45 -0400,1,Lid,3.50,LID-3,Black,true,\n",
    },
    HeldOut {
        name: "Square item sales detail (en)",
        from: "the report's download",
        lines: &[
            "aBcDeFgH1|2025-07-21|BTL-1|Bottle|2|39.8",
            "aBcDeFgH2|2025-07-22|LID-3|Lid|1|3.5",
        ],
        text: "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,Dining Option,Customer ID,Customer Name\n\
            07/21/2025,10:31:12,Eastern Time,Drinks,Bottle,2.0,White,BTL-1,,$39.80,$0.00,$39.80,$2.39,aBcDeFgH1,pAyMeNt1,Till,,https://x,Payment,Main Street,,,\n\
            07/22/2025,08:02:45,Eastern Time,Drinks,Lid,1.0,Black,LID-3,,$3.50,$0.00,$3.50,$0.21,aBcDeFgH2,pAyMeNt2,Till,,https://x,Payment,Main Street,,,\n",
    },
    HeldOut {
        name: "VTEX orders (en)",
        from: "documentation of the order export",
        lines: &[
            "1234567890123-01|2025-07-21|GAR-1L/501|Garrafa 1 l|2|119.8",
            "1234567890124-01|2025-07-22|PAN-20/502|Panela 20 cm|1|80",
        ],
        text: "Origin;Order;Sequence;Creation Date;Client Name;Client Last Name;Client Document;Email;Phone;UF;City;Receiver Name;Street;Number;Postal Code;SLA Type;Courrier;Estimate Delivery Date;Status;Last Change Date;UtmSource;Coupon;Payment System Name;Installments;Payment Value;Quantity_SKU;ID_SKU;Category Ids Sku;Reference Code;SKU Name;SKU Value;SKU Selling Price;SKU Total Price;Discounts Totals;Shipping List Price;Total Value;Currency\n\
            Marketplace;1234567890123-01;500123;2025-07-21 10:31:12Z;;;;;;PR;Curitiba;;;;;Normal;Correios;2025-07-28 00:00:00Z;Faturado;2025-07-22 09:00:00Z;;;Pix;1;129.80;2;501;/1/2/;GAR-1L;Garrafa 1 l;69.90;59.90;119.80;0;10.00;129.80;BRL\n\
            Marketplace;1234567890124-01;500124;2025-07-22 08:02:45Z;;;;;;PE;Recife;;;;;Normal;Correios;2025-07-29 00:00:00Z;Faturado;2025-07-23 09:00:00Z;;;Pix;1;90.00;1;502;/1/2/;PAN-20;Panela 20 cm;80.00;80.00;80.00;0;10.00;90.00;BRL\n",
    },
    HeldOut {
        name: "BaseLinker zamówienia (pl)",
        from: "an export template of the tool",
        lines: &[
            "912345678|2025-07-21|BUT-1|Butelka 1 l|2|99.8",
            "912345679|2025-07-22|POK-3|Pokrywka|1|15.5",
        ],
        text: "Numer zamówienia;Data złożenia;Status;Źródło;Nazwa produktu;SKU;EAN;Ilość;Cena brutto;Stawka VAT;Koszt wysyłki;Waluta;Sposób płatności;Miasto;Kraj\n\
            912345678;21.07.2025 10:31:12;Wysłane;Allegro;Butelka 1 l;BUT-1;5901234567892;2;49,90;23;12,00;PLN;PayU;Kraków;Polska\n\
            912345679;22.07.2025 08:02:45;Nowe;Sklep;Pokrywka;POK-3;5901234567893;1;15,50;23;12,00;PLN;Przelew;Gdańsk;Polska\n",
    },
    HeldOut {
        name: "Cdiscount commandes (fr)",
        from: "the seller space, as an importer reads it",
        lines: &[
            "2507211031ABCDE|2025-07-21|BOU-1|Bouteille 1 l|2|39.8",
            "2507220802FGHIJ|2025-07-22|COU-3|Couvercle|1|3.5",
        ],
        text: "Numéro de commande;Date de commande;Statut de la commande;Référence vendeur;Libellé produit;Quantité;Prix unitaire TTC;Montant total TTC;Frais de port;Ville;Pays\n\
            2507211031ABCDE;21/07/2025 10:31;Expédiée;BOU-1;Bouteille 1 l;2;19,90;39,80;4,90;Lyon;France\n\
            2507220802FGHIJ;22/07/2025 08:02;En attente;COU-3;Couvercle;1;3,50;3,50;4,90;Lille;France\n",
    },
    HeldOut {
        name: "plentymarkets Aufträge (de)",
        from: "an elastic export",
        lines: &[
            "10234|2025-07-21|FL-1|Flasche 1 l|2|39.8",
            "10235|2025-07-22|DE-3|Deckel|1|3.5",
        ],
        text: "Auftrags-ID;Auftragstyp;Erstellt am;Zahlungseingang;Warenausgang;Status;Herkunft;Varianten-Nr.;Artikelname;Menge;Preis (brutto);Rechnungsbetrag (brutto);Währung;Lieferland\n\
            10234;Auftrag;21.07.2025 10:31;21.07.2025;22.07.2025;[7] Warenausgang gebucht;Amazon;FL-1;Flasche 1 l;2;19,90;43,80;EUR;Deutschland\n\
            10235;Auftrag;22.07.2025 08:02;;;[3] Warten auf Zahlung;eBay;DE-3;Deckel;1;3,50;7,50;EUR;Deutschland\n",
    },
    HeldOut {
        name: "bol.com bestellingen (nl)",
        from: "the seller's open orders file",
        lines: &[
            "A000ABC123|2025-07-21|FL-1|Fles 1 l|2|39.8",
            "A000ABC124|2025-07-22|DE-3|Deksel|1|3.5",
        ],
        text: "Bestelnummer;Besteldatum;Uiterste leverdatum;Referentie;EAN;Producttitel;Aantal;Prijs;Verzendmethode;Land\n\
            A000ABC123;21-07-2025;23-07-2025;FL-1;8712345678906;Fles 1 l;2;19,90;PostNL;NL\n\
            A000ABC124;22-07-2025;24-07-2025;DE-3;8712345678913;Deksel;1;3,50;PostNL;BE\n",
    },
    HeldOut {
        name: "Trendyol siparişler (tr)",
        from: "the seller panel's order sheet",
        lines: &[
            "9123456781|2025-07-21|SIS-1|Şişe 1 l|2|399.8",
            "9123456782|2025-07-22|KAP-3|Kapak|1|35.5",
        ],
        text: "Barkod;Paket No;Kargo Firması;Sipariş Tarihi;Termin Süresinin Bittiği Tarih;Kargo Kodu;Sipariş Numarası;Alıcı;Teslimat Adresi;İl;İlçe;Ürün Adı;Fatura Adresi;Sipariş Statüsü;E-Posta;Komisyon Oranı;Marka;Stok Kodu;Adet;Birim Fiyatı;Satış Tutarı;İndirim Tutarı\n\
            8691234567890;712345;TEX;21.07.2025 10:31;23.07.2025 10:31;73300;9123456781;;;İzmir;Konak;Şişe 1 l;;Kargoda;;12;Marka A;SIS-1;2;199,90;399,80;0,00\n\
            8691234567891;712346;TEX;22.07.2025 08:02;24.07.2025 08:02;73301;9123456782;;;Bursa;Nilüfer;Kapak;;Yeni;;12;Marka A;KAP-3;1;35,50;35,50;0,00\n",
    },
    HeldOut {
        name: "Ozon заказы (ru)",
        from: "the seller office's report of shipments",
        lines: &[
            "12345678-0001|2025-07-21|BUT-1|Бутылка 1 л|2|1998",
            "12345679-0001|2025-07-22|KRY-3|Крышка|1|350",
        ],
        text: "Номер заказа;Номер отправления;Принят в обработку;Дата отгрузки;Статус;Наименование товара;Ozon ID;Артикул;Количество;Стоимость товара;Сумма;Валюта;Город доставки\n\
            12345678-0001;12345678-0001-1;2025-07-21 10:31:12;2025-07-22 09:00:00;Доставлен;Бутылка 1 л;512345678;BUT-1;2;999.00;1998.00;RUB;Москва\n\
            12345679-0001;12345679-0001-1;2025-07-22 08:02:45;;Ожидает сборки;Крышка;512345679;KRY-3;1;350.00;350.00;RUB;Казань\n",
    },
    HeldOut {
        name: "BASE 注文 (ja)",
        from: "help page on the CSV of orders",
        lines: &[
            "A1B2C3D4E5F6|2025-07-21||水筒|2|3980",
            "A1B2C3D4E5F7|2025-07-22||ふた|1|350",
        ],
        text: "注文ID,注文日時,氏(請求先),名(請求先),都道府県(請求先),メールアドレス,商品ID,種類ID,商品名,バリエーション,価格,税率,数量,合計金額,送料,支払い方法,代引き手数料,発送状況,購入元,備考\n\
            A1B2C3D4E5F6,2025-07-21 10:31:12,,,東京都,,501,1,水筒,白,1990,10,2,4480,500,クレジットカード決済,0,対応済,BASE,\n\
            A1B2C3D4E5F7,2025-07-22 08:02:45,,,大阪府,,502,2,ふた,黒,350,10,1,850,500,コンビニ決済,0,未対応,BASE,\n",
    },
    HeldOut {
        name: "네이버 스마트스토어 주문 (ko)",
        from: "the sheet of order management",
        lines: &[
            "2025072112345671|2025-07-21|BTL-W|물병|2|39800",
            "2025072212345681|2025-07-22|LID-B|뚜껑|1|3500",
        ],
        text: "상품주문번호,주문번호,배송방법,택배사,송장번호,발송일,구매자명,구매자ID,수취인명,주문상태,결제일,상품번호,상품명,옵션정보,판매자 상품코드,수량,상품가격,상품별 할인액,상품별 총 주문금액,배송비 합계,주문일시\n\
            2025072112345601,2025072112345671,택배,CJ,,2025-07-22 09:00:00,,,,배송중,2025-07-21 10:31:50,7012345,물병,흰색,BTL-W,2,19900,0,39800,3000,2025-07-21 10:31:12\n\
            2025072212345602,2025072212345681,택배,CJ,,,,,,결제완료,2025-07-22 08:03:10,7012346,뚜껑,검정,LID-B,1,3500,0,3500,3000,2025-07-22 08:02:45\n",
    },
    HeldOut {
        name: "Tiny ERP pedidos (pt)",
        from: "the list that it exports",
        lines: &[
            "1042|2025-07-21|GAR-1L|Garrafa 1 l|2|119.8",
            "1043|2025-07-22|PAN-20|Panela 20 cm|1|1259.9",
        ],
        text: "ID;Número do pedido;Número da ordem de compra;Data;Nome do contato;Município;UF;Situação;Vendedor;Código (SKU);Descrição;Quantidade;Valor unitário;Desconto item;Frete;Data prevista\n\
            712345678;1042;;21/07/2025;;Curitiba;PR;Entregue;;GAR-1L;Garrafa 1 l;2;59,90;0,00;10,00;28/07/2025\n\
            712345679;1043;;22/07/2025;;Recife;PE;Em aberto;;PAN-20;Panela 20 cm;1;1.259,90;0,00;10,00;29/07/2025\n",
    },
    HeldOut {
        name: "Zoho Inventory sales orders (en)",
        from: "the module's export",
        lines: &[
            "SO-00042|2025-07-21|BTL-1|Bottle|2|39.8",
            "SO-00043|2025-07-22|LID-3|Lid|1|3.5",
        ],
        text: "SalesOrder ID,Order Date,SalesOrder Number,Status,Custom Status,Customer ID,Customer Name,Currency Code,Exchange Rate,Item Name,Product ID,SKU,QuantityOrdered,QuantityInvoiced,Usage unit,Warehouse Name,Item Price,Discount,Item Total,SubTotal,Total,Shipping Charge\n\
            4600000000012345,2025-07-21,SO-00042,Closed,,46001,,USD,1,Bottle,46011,BTL-1,2.00,2.00,pcs,Main,19.90,0.00,39.80,39.80,43.80,4.00\n\
            4600000000012346,2025-07-22,SO-00043,Open,,46002,,USD,1,Lid,46012,LID-3,1.00,0.00,pcs,Main,3.50,0.00,3.50,3.50,7.50,4.00\n",
    },
    HeldOut {
        name: "视频号小店订单 (zh)",
        from: "the back office's order sheet",
        lines: &[
            "3712345678901234561|2025-07-21|CUP-W|水杯|2|78",
            "3712345678901234562|2025-07-22|LID-B|杯盖|1|9",
        ],
        text: "订单号,订单状态,订单下单时间,支付时间,商品名称,商品编码(平台),商品编码(自定义),SKU编码(自定义),商品属性,商品价格,商品数量,商品总价,运费,优惠金额,订单实际支付金额,收件人姓名,收件人手机,带货类型\n\
            '3712345678901234561,已完成,2025-07-21 10:31:12,2025-07-21 10:31:40,水杯,10000123,CUP,CUP-W,白色,39.00,2,78.00,0.00,0.00,78.00,,,直播\n\
            '3712345678901234562,待发货,2025-07-22 10:31:12,2025-07-22 10:31:40,杯盖,10000124,LID,LID-B,黑色,9.00,1,9.00,6.00,0.00,15.00,,,橱窗\n",
    },
    HeldOut {
        name: "NetSuite inventory by location (en)",
        from: "the saved search of that name",
        lines: &["BTL-1|Sydney|120/100", "LID-3|Perth|7"],
        text: "Internal ID,Item,Display Name,Inventory Location,Location On Hand,Location Committed,Location Available,Location On Order,Location Back Ordered,Location Average Cost\n\
            1201,BTL-1,Bottle,Sydney,120,20,100,50,0,9.90\n\
            1202,LID-3,Lid,Perth,7,0,7,0,0,1.20\n",
    },
    HeldOut {
        name: "Odoo stock.quant (en)",
        from: "the model's export",
        lines: &["BTL-1|WH/Stock|120/100", "LID-3|WH/Stock/Shelf 2|7"],
        text: "Product/Internal Reference,Product,Location,Lot/Serial Number,Package,Inventoried Quantity,Reserved Quantity,Available Quantity,Unit of Measure\n\
            BTL-1,[BTL-1] Bottle,WH/Stock,,,120.00,20.00,100.00,Units\n\
            LID-3,[LID-3] Lid,WH/Stock/Shelf 2,,,7.00,0.00,7.00,Units\n",
    },
    HeldOut {
        name: "SAP Business One in stock by warehouse (en)",
        from: "the inventory status report",
        lines: &["A00001|01|1200/1180", "A00002|02|85"],
        text: "#,Item No.,Item Description,Whse,In Stock,Committed,Ordered,Available,Inventory UoM\n\
            1,A00001,Casing,01,\"1,200.000\",20.000,0.000,\"1,180.000\",PC\n\
            2,A00002,Slug,02,85.000,0.000,10.000,85.000,PC\n",
    },
    HeldOut {
        name: "Dynamics NAV Artikel je Lagerort (de)",
        from: "the list that it exports",
        lines: &["FL-1|BLAU|120", "DE-3|ROT|7"],
        text: "Artikelnr.;Beschreibung;Lagerortcode;Lagerbestand;Menge in Auftrag;Menge in Bestellung;Basiseinheit\n\
            FL-1;Flasche 1 l;BLAU;120;20;50;STÜCK\n\
            DE-3;Deckel;ROT;7;0;0;STÜCK\n",
    },
    HeldOut {
        name: "用友U8 现存量 (zh)",
        from: "现存量查询 输出",
        lines: &["0101|原料仓|120/100", "0102|成品仓|80"],
        text: "仓库编码,仓库名称,存货编码,存货名称,规格型号,主计量单位,现存数量,可用数量,预计入库数量,待发货数量\n\
            01,原料仓,0101,水杯,白,个,120,100,50,20\n\
            02,成品仓,0102,杯盖,黑,个,80,80,0,0\n",
    },
    HeldOut {
        name: "管家婆库存 (zh)",
        from: "库存状况表 导出",
        lines: &["CUP-W|总仓|120", "LID-B|门店仓|80"],
        text: "行号,商品编号,商品全名,规格,仓库全名,库存数量,成本均价,库存金额\n\
            1,CUP-W,水杯,白,总仓,120,19.00,2280.00\n\
            2,LID-B,杯盖,黑,门店仓,80,4.00,320.00\n",
    },
];

/// Written after headers were taken apart into words, and read once.
pub const FRESH: &[HeldOut] = &[
    HeldOut {
        name: "Ecwid order items (en)",
        from: "the control panel's export",
        lines: &[
            "118|2025-07-21|BTL-1|Bottle|2|39.8",
            "119|2025-07-22|LID-3|Lid|1|3.5",
        ],
        text: "order_number,order_date,order_email,order_payment_status,order_fulfillment_status,order_total,item_sku,item_name,item_quantity,item_price,item_weight,shipping_person_city,shipping_person_country\n\
            118,2025-07-21 10:31:12,,PAID,SHIPPED,43.80,BTL-1,Bottle,2,19.90,0.3,Portland,US\n\
            119,2025-07-22 08:02:45,,PAID,PROCESSING,7.50,LID-3,Lid,1,3.50,0.1,Austin,US\n",
    },
    HeldOut {
        name: "Odoo sale.order.line (en)",
        from: "the model's export",
        lines: &[
            "S00042|2025-07-21|BTL-1|Bottle|2|39.8",
            "S00043|2025-07-22|LID-3|Lid|1|3.5",
        ],
        text: "Order Reference,Order Reference/Order Date,Order Reference/Status,Product/Internal Reference,Product/Name,Quantity,Unit Price,Taxes,Subtotal,Currency\n\
            S00042,2025-07-21 10:31:12,Sales Order,BTL-1,Bottle,2.00,19.90,15%,39.80,EUR\n\
            S00043,2025-07-22 08:02:45,Sales Order,LID-3,Lid,1.00,3.50,15%,3.50,EUR\n",
    },
    HeldOut {
        name: "Hepsiburada siparişler (tr)",
        from: "the merchant panel's order list",
        lines: &[
            "4123456781|2025-07-21|SIS-1|Şişe 1 l|2|399.8",
            "4123456782|2025-07-22|KAP-3|Kapak|1|35.5",
        ],
        text: "Paket Numarası;Sipariş Numarası;Sipariş Tarihi;Satıcı Stok Kodu;Ürün Adı;Adet;Birim Fiyatı;Toplam Tutar;Kargo Firması;Şehir\n\
            HB1;4123456781;21.07.2025 10:31;SIS-1;Şişe 1 l;2;199,90;399,80;HepsiJet;İzmir\n\
            HB2;4123456782;22.07.2025 08:02;KAP-3;Kapak;1;35,50;35,50;HepsiJet;Bursa\n",
    },
    HeldOut {
        name: "Fnac Darty commandes (fr)",
        from: "the seller space's export",
        lines: &[
            "5LXQ4K7GZBCDE|2025-07-21|BOU-1|Bouteille 1 l|2|39.8",
            "5LXQ4K7GZBCDF|2025-07-22|COU-3|Couvercle|1|3.5",
        ],
        text: "N° commande;Date de création;Statut;Référence vendeur;Désignation;Quantité;Prix unitaire;Prix total;Frais de port;Ville\n\
            5LXQ4K7GZBCDE;21/07/2025 10:31;Expédiée;BOU-1;Bouteille 1 l;2;19,90;39,80;4,90;Lyon\n\
            5LXQ4K7GZBCDF;22/07/2025 08:02;Acceptée;COU-3;Couvercle;1;3,50;3,50;4,90;Lille\n",
    },
    HeldOut {
        name: "OTTO Market Bestellungen (de)",
        from: "the partner portal's list",
        lines: &[
            "bq2d-1|2025-07-21|FL-1|Flasche 1 l|1|19.9",
            "bq2d-2|2025-07-22|DE-3|Deckel|1|3.5",
        ],
        text: "Bestellnummer;Bestelldatum;Bestellposition-ID;Status;SKU;EAN;Produkttitel;Menge;Verkaufspreis (brutto);Mehrwertsteuer;Lieferland\n\
            bq2d-1;21.07.2025 10:31;p-1;Versendet;FL-1;4001234567890;Flasche 1 l;1;19,90;19;DEU\n\
            bq2d-2;22.07.2025 08:02;p-2;In Bearbeitung;DE-3;4001234567891;Deckel;1;3,50;19;DEU\n",
    },
    HeldOut {
        name: "SHOPLINE 訂單 (zh-TW)",
        from: "the back office's order sheet",
        lines: &[
            "#20250721103112001/20250721103112001|2025-07-21|CUP-W|水杯|2|78",
            "#20250722103112002/20250722103112002|2025-07-22|LID-B|杯蓋|1|9",
        ],
        text: "訂單號碼,訂單日期,訂單狀態,付款狀態,商品名稱,選項,商品貨號,數量,商品原價,商品結帳價,訂單小計,運費,訂單合計\n\
            #20250721103112001,2025-07-21 10:31:12,已完成,已付款,水杯,白色,CUP-W,2,45,39,78,0,78\n\
            #20250722103112002,2025-07-22 10:31:12,處理中,已付款,杯蓋,黑色,LID-B,1,10,9,9,60,69\n",
    },
    HeldOut {
        name: "Yahoo!ショッピング 注文明細 (ja)",
        from: "help page on order CSV fields",
        lines: &[
            "store-10000123|2025-07-21|btl-1|水筒|2|3980",
            "store-10000124|2025-07-22|lid-3|ふた|1|350",
        ],
        text: "OrderId,OrderTime,OrderStatus,LineId,ItemId,SubCode,Title,Quantity,UnitPrice,LineSubTotal,PayMethodName,ShipPrefecture\n\
            store-10000123,2025/07/21 10:31:12,5,1,btl-1,,水筒,2,1990,3980,クレジットカード,東京都\n\
            store-10000124,2025/07/22 08:02:45,2,1,lid-3,,ふた,1,350,350,コンビニ,大阪府\n",
    },
    HeldOut {
        name: "Wildberries заказы (ru)",
        from: "the seller portal's report",
        lines: &[
            "1234567890|2025-07-21|BUT-1|Бутылка 1 л|2|1998",
            "1234567891|2025-07-22|KRY-3|Крышка|1|350",
        ],
        text: "Номер заказа;Дата заказа;Склад продавца;Артикул продавца;Артикул WB;Баркод;Название товара;Количество;Цена;Статус\n\
            1234567890;21.07.2025;Основной;BUT-1;171234567;2038123456789;Бутылка 1 л;2;999,00;Доставлено\n\
            1234567891;22.07.2025;Основной;KRY-3;171234568;2038123456790;Крышка;1;350,00;Новый\n",
    },
    HeldOut {
        name: "Unleashed stock on hand (en)",
        from: "the enquiry's export",
        lines: &["BTL-1|Main|120/100", "LID-3|Overflow|7"],
        text: "Product Code,Product Description,Product Group,Warehouse,Warehouse Name,Qty On Hand,Allocated Qty,Available Qty,On Purchase,Avg Cost,Total Cost\n\
            BTL-1,Bottle,Drinks,W1,Main,120,20,100,50,9.90,1188.00\n\
            LID-3,Lid,Drinks,W2,Overflow,7,0,7,0,1.20,8.40\n",
    },
    HeldOut {
        name: "ERPNext stock balance (en)",
        from: "the report of that name",
        lines: &["BTL-1|Stores - S|120", "LID-3|Stores - S|7"],
        text: "Item,Item Name,Item Group,Warehouse,Stock UOM,Balance Qty,Balance Value,Opening Qty,Opening Value,In Qty,In Value,Out Qty,Out Value,Valuation Rate,Reorder Level,Company\n\
            BTL-1,Bottle,Products,Stores - S,Nos,120,1188.00,100,990.00,50,495.00,30,297.00,9.90,20,S\n\
            LID-3,Lid,Products,Stores - S,Nos,7,8.40,7,8.40,0,0,0,0,1.20,5,S\n",
    },
];
