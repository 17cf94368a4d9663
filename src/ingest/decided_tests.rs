use super::super::preview::preview;
use super::super::testing::{columns, import, import_as, shown};
use super::super::{Head, Imported, Options};
use super::*;
use crate::protocol::{Gap, Preview, Use};
use crate::time::{UtcMillis, Zone};
use encoding_rs::{BIG5, GBK, WINDOWS_1252};

const AT: UtcMillis = UtcMillis(1_781_784_852_000);

/// A decision about the header of these cells: `word` for each, `-` for nothing.
fn decision(header: &str, kind: FileKind, words: &str) -> Decision {
    let keys: Vec<HeaderKey> = header.split([',', ';', '\t']).map(HeaderKey::of).collect();
    let names = names(&keys);
    let choices = names
        .iter()
        .cloned()
        .zip(words.split(' '))
        .filter_map(|(name, word)| Some((name, Choice::of(word)?)));
    Decision {
        decided: AT,
        kind,
        encoding: None,
        header: fingerprint(&names),
        columns: choices.collect(),
    }
}

fn read(bytes: &[u8], decisions: Vec<Decision>) -> Imported {
    let options = || Options {
        decisions: decisions.clone(),
        ..Options::default()
    };
    let whole = import_as(bytes, 1 << 20, options());
    let pieces = import_as(bytes, 7, options());
    assert_eq!(shown(&whole), shown(&pieces), "cuts make a difference");
    whole
}

fn look(bytes: &[u8], decisions: Vec<Decision>) -> Preview {
    let options = Options {
        decisions,
        head: Some(Head::new(3, "")),
        ..Options::default()
    };
    preview(import_as(bytes, 1 << 20, options), Zone::default()).unwrap()
}

/// The rows that are read of `text` under a decision, in the words of `shown`.
#[track_caller]
fn check(text: &str, kind: FileKind, words: &str, expect: &str) {
    let header = text.lines().next().unwrap();
    let imported = read(text.as_bytes(), vec![decision(header, kind, words)]);
    let got = shown(&imported);
    let expect: Vec<&str> = expect.lines().map(str::trim).collect();
    assert_eq!(got.lines().map(str::trim).collect::<Vec<_>>(), expect);
    let named = imported.report.decided.map(|(at, _)| at);
    assert_eq!(named, Some(AT), "the report says that it was decided");
}

const NAMELESS: &str = "c1;c2;c3;c4;c5;c6\n\
    A1;01.06.2026 10:00;S-1;2;20,00;Jane Roe\n\
    A2;13.06.2026 11:00;S-2;1;7,50;John Doe\n";
const NAMED: &str = "order id;created at;sku;quantity;amount;customer name\n\
    A1;01.06.2026 10:00;S-1;2;20,00;Jane Roe\n\
    A2;13.06.2026 11:00;S-2;1;7,50;John Doe\n";

#[test]
fn a_corrected_file_equals_the_same_file_with_canonical_headers() {
    let words = "order_id created_at sku quantity amount personal";
    let decided = vec![decision("c1;c2;c3;c4;c5;c6", FileKind::Orders, words)];
    assert_eq!(import(NAMELESS.as_bytes(), 1 << 20).report.accepted, 0);
    let corrected = read(NAMELESS.as_bytes(), decided);
    assert_eq!(corrected.report.accepted, 2);
    assert_eq!(shown(&corrected), shown(&import(NAMED.as_bytes(), 1 << 20)));
    assert_eq!(
        columns(&corrected).lines().last(),
        Some("c6: personal Other \"\""),
        "a personal column is dropped and not shown"
    );
}

#[test]
fn decisions_beat_profiles_and_guesses() {
    // A profile knows this file; its amounts are taken from another column, and one column is left out.
    let text = "订单号,京东价,订购数量,下单时间,商品编号,应付金额,订单状态\n\
        7001,10.00,2,2026-06-01 10:00:00,S-1,18.00,已完成\n";
    let own = import(text.as_bytes(), 1 << 20);
    assert_eq!(own.report.profile, "jd");
    assert!(shown(&own).contains("×2 =20"), "{}", shown(&own));
    let header = text.lines().next().unwrap();
    let decided = decision(header, FileKind::Orders, "- unused - - - amount unused");
    let got = read(text.as_bytes(), vec![decided]);
    assert!(shown(&got).contains("×2 =18"), "{}", shown(&got));
    assert!(
        shown(&got).contains(" paid "),
        "the status is left out: {}",
        shown(&got)
    );
    assert_eq!(
        got.report.profile, "jd",
        "what is known of it beside its columns still holds"
    );
    let used: Vec<&Use> = got.report.columns.iter().map(|column| &column.used).collect();
    assert_eq!((used[1], used[6]), (&Use::Unused, &Use::Unused));
}

#[test]
fn a_wrong_kind_is_put_right() {
    // Looks like stock by its words, and is what was sold.
    check(
        "ref,when,sku,on hand\nA1,2026-06-01,S-1,2\nA2,2026-06-02,S-1,x\n",
        FileKind::Orders,
        "order_id created_at sku quantity",
        "partial orders generic [UTF-8 CSV ,] 2/1/1
         note WithoutAmount(1)
         note PaidClockIsCreated
         note StatusAssumedPaid
         note CurrencyAssumed(\"\")
         refused 3: on hand \"x\" NotANumber
         A1/~0 06-01T00:00 paid 06-01T00:00 paid ×2 =· paid · refund ·  sku=S-1",
    );
    // And the other way: an order list that is no order list.
    check(
        "order id,created at,item,left\n1,2026-06-01,S-1,5\n",
        FileKind::Stock,
        "unused as_of sku on_hand",
        "done stock generic [UTF-8 CSV ,] 1/1/0
         S-1@ 5 available · inbound ·",
    );
}

#[test]
fn several_columns_of_stock_are_places() {
    check(
        "k,alpha,beta,gamma\nS-1,5,7,1\n",
        FileKind::Stock,
        "sku on_hand on_hand unused",
        "done stock generic [UTF-8 CSV ,] 1/1/0
         S-1@alpha 5 available · inbound ·
         S-1@beta 7 available · inbound ·",
    );
    check(
        "k,p,q,r,s\nS-1,North,5,South,7\n",
        FileKind::Stock,
        "sku dim:warehouse on_hand dim:warehouse on_hand",
        "done stock generic [UTF-8 CSV ,] 1/1/0
         S-1@North 5 available · inbound ·
         S-1@South 7 available · inbound ·",
    );
    // Both of one place.
    check(
        "k,a,b\nS-1,5,3\n",
        FileKind::Stock,
        "sku on_hand available",
        "done stock generic [UTF-8 CSV ,] 1/1/0
         S-1@ 5 available 3 inbound ·",
    );
}

#[test]
fn an_encoding_that_was_misread_is_put_right() {
    // Few and rare characters: too little Chinese to be believed.
    let text = "c1,c2,c3,c4\nA1,2026-06-01,龘靐齉,5\nA2,2026-06-02,爨癵,6\n";
    let (bytes, ..) = GBK.encode(text);
    let misread = import(&bytes, 1 << 20);
    assert_ne!(misread.report.encoding, "GB18030", "else this test says nothing");
    let mut decided = decision(
        "c1,c2,c3,c4",
        FileKind::Orders,
        "order_id created_at title amount",
    );
    decided.encoding = Some("GB18030".to_owned());
    let read_right = read(&bytes, vec![decided.clone()]);
    assert_eq!(read_right.report.encoding, "GB18030");
    decided.encoding = None;
    assert_eq!(
        shown(&read_right).replace("GB18030", "UTF-8"),
        shown(&read(text.as_bytes(), vec![decided])),
    );

    // Western text that is valid GB18030, with a header that is misread too.
    let text = "Nummer,Tag,Größe,Wert\n1,2026-06-01,Löße Blüße Äößen,5\n";
    let (bytes, ..) = WINDOWS_1252.encode(text);
    let seen = look(&bytes, Vec::new());
    let misread = seen.sight.header.clone();
    assert!(!misread.contains(&"größe".to_owned()) || seen.report.encoding == "windows-1252");
    let mut decided = decision(
        "Nummer,Tag,Größe,Wert",
        FileKind::Orders,
        "order_id created_at title amount",
    );
    decided.encoding = Some("windows-1252".to_owned());
    decided.header = misread;
    for encoded in [bytes.as_ref(), bytes.as_ref()] {
        let got = read(encoded, vec![decided.clone()]);
        assert_eq!(
            (got.report.encoding.as_str(), got.report.accepted),
            ("windows-1252", 1)
        );
        assert_eq!(got.report.columns[2].header, "Größe");
        assert_eq!(got.report.columns[2].used, Use::Field("title".to_owned()));
    }

    // One that is never assumed.
    let (bytes, ..) = BIG5.encode("編號,日期,品名,金額\n1,2026-06-01,臺灣高山茶,5\n");
    let misread = look(&bytes, Vec::new()).sight.header;
    let mut decided = decision(
        "編號,日期,品名,金額",
        FileKind::Orders,
        "order_id created_at title amount",
    );
    (decided.encoding, decided.header) = (Some("Big5".to_owned()), misread);
    let got = read(&bytes, vec![decided]);
    assert_eq!((got.report.encoding.as_str(), got.report.accepted), ("Big5", 1));
    assert_eq!(got.report.columns[2].example, "臺灣高山茶");
}

#[test]
fn an_encoding_that_cannot_be_is_not_insisted_on() {
    let (bytes, ..) = GBK.encode("订单编号,订单创建时间,总金额,宝贝标题\n1,2026-06-01,5,正常的中文标题\n");
    let mut decided = decision(
        "订单编号,订单创建时间,总金额,宝贝标题",
        FileKind::Unknown,
        "- - - -",
    );
    decided.encoding = Some("UTF-8".to_owned());
    let got = read(&bytes, vec![decided]);
    assert_eq!(
        (got.report.encoding.as_str(), got.report.accepted),
        ("GB18030", 1)
    );
}

#[test]
fn the_fingerprint_knows_no_order_case_or_blanks() {
    let of = |header: &str| {
        let keys: Vec<HeaderKey> = header.split(',').map(HeaderKey::of).collect();
        fingerprint(&names(&keys))
    };
    let same = of("Order No,Pay Time,Ｑｔｙ");
    for header in [
        "pay time,ORDER NO,qty",
        " order_no ,Qty,PayTime",
        "Qty,pay-time,Order No.,",
    ] {
        assert_eq!(of(header), same, "{header}");
    }
    for header in [
        "order no,pay time",
        "order no,pay time,qty,qty",
        "order no,pay time,qty(new)",
    ] {
        assert_ne!(of(header), same, "{header}");
    }
    let decided = || {
        vec![decision(
            "c1;c2;c3;c4",
            FileKind::Orders,
            "order_id created_at quantity amount",
        )]
    };
    for text in [
        "c1;c2;c3;c4\nA1;2026-06-01;2;20\n",
        "C3,C1,C2,C4\n2,A1,2026-06-01,20\n",
        "c 4\tc 2\tc 1\tc 3\n20\t2026-06-01\tA1\t2\n",
        "[{\"c2\":\"2026-06-01\",\"c1\":\"A1\",\"c4\":20,\"c3\":2}]",
    ] {
        let got = shown(&read(text.as_bytes(), decided()));
        assert!(
            got.contains("A1/~0 06-01T00:00") && got.contains("×2 =20"),
            "{text}: {got}"
        );
    }
}

#[test]
fn a_column_more_or_less_is_the_same_export() {
    let header = "c1,c2,c3,c4,c5,c6,c7,c8,c9";
    let words = "order_id created_at quantity amount sku unused unused unused title";
    let decided = || vec![decision(header, FileKind::Orders, words)];
    let more = "c1,c2,c3,c4,c5,c6,c7,c8,c9,c10\nA1,2026-06-01,2,20,S,1,2,3,T,x\n";
    assert_eq!(read(more.as_bytes(), decided()).report.accepted, 1);
    // One that was decided is missing, and so is its number; nothing else takes its place.
    let less = "c1,c2,c3,c5,c6,c7,c8,c9\nA1,2026-06-01,2,S,1.00,2.00,3.00,T\n";
    let got = read(less.as_bytes(), decided());
    assert!(shown(&got).contains("×2 =· paid"), "{}", shown(&got));
    let other = "c1,c2,c3,c4,d5,d6,d7,d8,d9\nA1,2026-06-01,2,20,S,1,2,3,T\n";
    let got = import_as(
        other.as_bytes(),
        1 << 20,
        Options {
            decisions: decided(),
            ..Options::default()
        },
    );
    assert_eq!(
        (got.report.accepted, got.report.decided),
        (0, None),
        "another export"
    );
}

#[test]
fn the_first_of_two_decisions_about_a_header_counts() {
    let of = |words: &str| decision("c1,c2,c3", FileKind::Orders, words);
    let (draft, old) = (
        of("order_id created_at amount"),
        of("order_id created_at quantity"),
    );
    let text = b"c1,c2,c3\nA1,2026-06-01,2\n";
    assert!(shown(&read(text, vec![draft.clone(), old.clone()])).contains("×· =2"));
    assert!(shown(&read(text, vec![old, draft])).contains("×2 =·"));
}

#[test]
fn a_header_that_was_decided_about_is_found_below_other_lines() {
    let text = "Report of June\nshop,Alpha\nc1,c2,c3\nA1,2026-06-01,2\n";
    let decided = decision("c1,c2,c3", FileKind::Orders, "order_id created_at amount");
    assert_eq!(read(text.as_bytes(), vec![decided]).report.accepted, 1);
}

#[test]
fn repeated_names_are_told_apart_by_their_number() {
    check(
        "id,day,v,v\nA1,2026-06-01,2,20\n",
        FileKind::Orders,
        "order_id created_at quantity amount",
        "done orders generic [UTF-8 CSV ,] 1/1/0
         note PaidClockIsCreated
         note StatusAssumedPaid
         note CurrencyAssumed(\"\")
         A1/~0 06-01T00:00 paid 06-01T00:00 paid ×2 =20 paid · refund ·",
    );
}

#[test]
fn the_head_shows_what_is_missing_and_what_would_enter() {
    let seen = look(NAMELESS.as_bytes(), Vec::new());
    assert_eq!((seen.sight.kind, seen.report.accepted), (FileKind::Orders, 0));
    assert!(seen.sight.gaps.contains(&Gap::OrderId), "{:?}", seen.sight.gaps);
    assert!(seen.rows.is_empty());
    let words = |words: &str| {
        let decided = decision("c1;c2;c3;c4;c5;c6", FileKind::Unknown, words);
        look(NAMELESS.as_bytes(), vec![decided])
    };
    let seen = words("order_id unused - - - personal");
    assert!(
        seen.sight.gaps.first() == Some(&Gap::Time),
        "{:?}",
        seen.sight.gaps
    );
    let seen = words("order_id created_at - - - personal");
    assert!(
        !seen.sight.gaps.iter().any(|gap| gap.is_fatal()) && seen.sight.gaps.contains(&Gap::Goods),
        "{:?}",
        seen.sight.gaps
    );
    let seen = words("order_id created_at sku quantity amount personal");
    assert_eq!(seen.sight.gaps, [Gap::Status]);
    assert_eq!(
        seen.fields[..5],
        ["order_id", "created_at", "dim:sku", "quantity", "amount"]
    );
    assert_eq!(
        seen.rows[1][..5],
        ["A2", "2026-06-13 11:00:00", "S-2", "1", "7.5"]
    );
    assert_eq!(
        seen.sight.columns[5].samples,
        Vec::<String>::new(),
        "no person is shown"
    );
    assert_eq!(seen.sight.columns[0].samples, ["A1", "A2"]);
    assert!(
        seen.sight.columns[0].decided && seen.sight.columns[0].choice == Choice::Field("order_id".to_owned())
    );
    let stock = decision("c1;c2;c3;c4;c5;c6", FileKind::Stock, "- - - - - -");
    let seen = look(NAMELESS.as_bytes(), vec![stock]);
    assert_eq!((seen.sight.kind, seen.sight.gaps[0]), (FileKind::Stock, Gap::Sku));
}

#[test]
fn the_head_is_all_that_is_read_of_a_long_file() {
    let mut text = String::from("订单编号,订单创建时间,总金额\n");
    for at in 0..40_000 {
        text.push_str(&format!("{at},2026-06-01 10:00:00,5\n"));
    }
    let seen = look(text.as_bytes(), Vec::new());
    assert_eq!(
        (seen.report.rows, seen.report.accepted, seen.rows.len()),
        (3, 3, 3)
    );
    assert_eq!(seen.report.rejected, 0, "no row is cut off");
    let labels: Vec<&str> = seen
        .sight
        .encodings
        .iter()
        .map(|reading| reading.encoding.as_str())
        .collect();
    assert!(
        labels.contains(&"UTF-8") && labels.contains(&"windows-1252"),
        "{labels:?}"
    );
    assert_eq!(seen.sight.encodings[0].lines[0], "订单编号,订单创建时间,总金额");
}

#[test]
fn fields_of_decisions_are_fields_of_the_model() {
    use crate::protocol::FIELDS;
    let named: Vec<&str> = Field::all()
        .map(Field::name)
        .filter(|name| *name != "listing")
        .filter(|name| Field::named(name).is_some_and(|field| field.is_of_orders() || field.is_of_stock()))
        .collect();
    assert_eq!(FIELDS.len(), named.len());
    for info in FIELDS {
        let field = Field::named(info.id).unwrap_or_else(|| panic!("{}", info.id));
        assert_eq!(
            (info.orders, info.stock),
            (field.is_of_orders(), field.is_of_stock()),
            "{}",
            info.id
        );
        let is_of_places = matches!(info.id, "on_hand" | "available" | "dim:warehouse");
        assert_eq!(info.many, field.is_many() || is_of_places, "{}", info.id);
    }
}

#[test]
fn columns_that_say_nothing_open_with_guesses_that_are_shown_as_such() {
    let text = "c1;c2;c3;c4;c5;c6\n\
        A-17;05.04.2026;Becher;2;1.249,90;2.499,80\n\
        A-18;16.04.2026;Deckel;1;3,50;3,50\n\
        A-19;17.04.2026;Schürze;3;34,00;102,00\n";
    let seen = look(text.as_bytes(), Vec::new());
    let choices = |seen: &Preview| -> Vec<(String, bool)> {
        let columns = seen.sight.columns.iter();
        columns
            .map(|column| (column.choice.word().to_owned(), column.is_guess))
            .collect()
    };
    let word = |word: &str, is_guess: bool| (word.to_owned(), is_guess);
    let guessed = [
        word("created_at", true),
        word("unused", false),
        word("quantity", true),
        word("unit_price", true),
        word("amount", true),
    ];
    assert_eq!(choices(&seen)[1..], guessed);
    // Nothing is read by guesses alone: the number of the order is still to be said.
    assert_eq!(seen.report.kind, FileKind::Unknown);
    assert_eq!(seen.sight.gaps.first(), Some(&Gap::OrderId));
    let decided = decision("c1;c2;c3;c4;c5;c6", FileKind::Unknown, "order_id - - - - -");
    let seen = look(text.as_bytes(), vec![decided]);
    assert_eq!(seen.report.kind, FileKind::Orders);
    assert_eq!(choices(&seen)[0], word("order_id", false));
    assert_eq!(choices(&seen)[1], word("created_at", true));
}
