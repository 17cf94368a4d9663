use super::*;
use encoding_rs::{GB18030, WINDOWS_1252};
use proptest::prelude::*;

fn decode(encoding: Encoding, chunks: &[&[u8]]) -> Result<String, NotThis> {
    let mut stream = TextStream::new(encoding, Decoders::default(), false);
    let mut text = String::new();
    for chunk in chunks {
        for piece in stream.feed(chunk)? {
            text.push_str(piece);
        }
    }
    text.push_str(stream.finish()?);
    Ok(text)
}

#[track_caller]
fn check(encoding: Encoding, bytes: &[u8], expect: Result<&str, NotThis>) {
    assert_eq!(decode(encoding, &[bytes]), expect.map(str::to_owned));
    for cut in 0..=bytes.len() {
        let (left, right) = bytes.split_at(cut);
        assert_eq!(
            decode(encoding, &[left, right]),
            expect.map(str::to_owned),
            "cut at {cut}"
        );
        assert_eq!(
            decode(encoding, &[left, &[], right]),
            expect.map(str::to_owned),
            "cut at {cut}"
        );
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(
        decode(encoding, &single),
        expect.map(str::to_owned),
        "byte by byte"
    );
}

#[test]
fn encodings_bear_any_cut() {
    let text = "订单编号,é £ 𠮷,总金额";
    check(Encoding::Utf8, text.as_bytes(), Ok(text));
    let chinese = "订单编号,总金额,𠮷,买家会员名";
    check(Encoding::Gb18030, &GB18030.encode(chinese).0, Ok(chinese));
    let western = "Größe;Prix £ – café";
    check(
        Encoding::Windows1252,
        &WINDOWS_1252.encode(western).0,
        Ok(western),
    );
    let wide: Vec<u16> = text.encode_utf16().collect();
    check(
        Encoding::Utf16Le,
        &wide.iter().flat_map(|c| c.to_le_bytes()).collect::<Vec<_>>(),
        Ok(text),
    );
    check(
        Encoding::Utf16Be,
        &wide.iter().flat_map(|c| c.to_be_bytes()).collect::<Vec<_>>(),
        Ok(text),
    );
}

#[test]
fn one_wrong_byte_refutes() {
    check(Encoding::Utf8, b"caf\xE9 au lait", Err(NotThis));
    check(Encoding::Utf8, b"caf\xE9", Err(NotThis));
    check(Encoding::Gb18030, b"price \xA310", Err(NotThis));
    check(
        Encoding::Gb18030,
        &WINDOWS_1252.encode("café au lait, crème brûlée, Müller").0,
        Err(NotThis),
    );
    check(
        Encoding::Utf8,
        "订单\u{20AC}".as_bytes().split_last().unwrap().1,
        Ok("订单"),
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn utf8_is_taken_as_it_is(text in "\\PC{0,40}", cut in 0_usize..40) {
        let (left, right) = text.as_bytes().split_at(cut.min(text.len()));
        prop_assert_eq!(decode(Encoding::Utf8, &[left, right]), Ok(text));
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        for encoding in [Encoding::Utf8, Encoding::Gb18030, Encoding::Windows1252, Encoding::Utf16Le, Encoding::Utf16Be] {
            let whole = decode(encoding, &[&bytes]);
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(whole, decode(encoding, &single));
        }
    }
}
