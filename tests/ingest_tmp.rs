use stockpit::ingest::*;
use stockpit::model::*;
#[test]
fn show() {
    for dir in ["/work/shared/samples/transcribed", "/work/shared/samples"] {
        let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file() && p.extension().is_some_and(|e| e != "md")).collect();
        files.sort();
        for f in files {
            let bytes = std::fs::read(&f).unwrap();
            let mut import = Import::new("x", bytes.len() as u64, Options::default());
            import.push(&bytes);
            let Finish::Done(done) = import.finish() else { panic!("again") };
            let r = &done.report;
            println!("\n=== {} {:?} {:?} {} {} {} rows {} acc {} rej {} {:?}\n  {:?}", f.file_name().unwrap().to_string_lossy(), r.state, r.kind, r.profile, r.encoding, r.format, r.rows, r.accepted, r.rejected, r.failure, r.notes);
            for g in &r.refusals { println!("  REF {:?}", g); }
            let cols: Vec<String> = r.columns.iter().filter(|c| !matches!(c.used, stockpit::protocol::Use::Unused)).map(|c| format!("{}={:?}[{}]", c.header, c.used, c.example)).collect();
            println!("  {}", cols.join(" | "));
            match &done.rows {
                Rows::Orders(b) => { let c = b.columns(); for i in 0..c.len().min(4) {
                    let n = |v: i64| if v == OrderColumns::NONE { "-".to_string() } else { stockpit::money::Fixed::from_raw(v).to_string() };
                    println!("  {} #{} l{} at {} paid {} q{} a{} p{} r{} {} {:?} {:?} [{}]", c.sources.text(c.source[i]), c.orders.text(c.order[i]), c.lines.text(c.line[i]), c.created_at[i], c.paid_at[i], n(c.quantity[i]), n(c.amount[i]), n(c.paid_amount[i]), n(c.refund_amount[i]), c.currencies.text(c.currency[i]), c.cities.text(c.city[i]), c.titles.text(c.title[i]), Dim::ALL.iter().map(|d| format!("{}:{}", d.id(), c.dict(*d).text(c.dim(*d)[i]))).collect::<Vec<_>>().join(" "));
                } }
                Rows::Stock(b) => { let c = b.columns(); for i in 0..c.len().min(3) { println!("  {} {} @{} on {} av {} in {}", c.sources.text(c.source[i]), c.skus.text(c.sku[i]), c.warehouses.text(c.warehouse[i]), c.on_hand[i], c.available[i], c.inbound[i]); } }
                Rows::None => {}
            }
        }
    }
}
