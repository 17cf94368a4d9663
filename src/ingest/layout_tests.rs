use super::*;

fn layout(text: &str) -> Layout {
    Layout::of_text(text, true, &Learnt::default(), Decisions::Some(&[])).unwrap()
}

#[test]
fn delimiters_are_told_by_the_header_first() {
    // More semicolons than commas, in cells.
    let found = layout("Order ID,Date,Amount,Tags\n1,2026-04-05,5,a;b;c;d;e\n2,2026-04-05,5,a;b;c;d;e\n");
    assert_eq!(found.dialect.map(|dialect| dialect.delimiter), Some(b','));
    let found = layout("foo;bar\n1,5;2\n2,5;3\n");
    assert_eq!(found.dialect.map(|dialect| dialect.delimiter), Some(b';'));
}

#[test]
fn headers_are_the_row_that_means_most() {
    assert_eq!(
        layout("Date,from,to\nOrder ID,Date,Amount\n1,2026-04-05,5\n").skip,
        2
    );
    assert_eq!(layout("Order ID,Date,Amount\n1,2026-04-05,5\n").skip, 1);
    assert_eq!(layout("sep=;\nOrder ID;Date;Amount\n1;2026-04-05;5\n").skip, 2);
    assert_eq!(layout("a note\nfoo,bar\n1,2\n").skip, 2);
}

#[test]
fn repeated_headers_are_kept_apart() {
    let found = layout("订单号,分销员,分销员,下单时间,金额\n1,a,b,2026-04-05,5\n");
    assert_eq!(found.headers, ["订单号", "分销员", "分销员", "下单时间", "金额"]);
}

#[test]
fn first_lines_are_counted() {
    assert_eq!(first_line_cells(b"a,b;c;d\n1,2,3,4"), 3);
    assert_eq!(first_line_cells(b""), 1);
}
