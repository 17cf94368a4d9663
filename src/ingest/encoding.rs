//! Encodings other than UTF-8: decoded by whoever the host names, since browsers have them built in.

/// An encoding exports come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Decoded here; no [`Decoders`] is asked for it.
    Utf8,
    /// Chinese, with GBK and GB2312 in it. What is not of it has to be refused, never replaced: that is
    /// how other encodings are told from it.
    Gb18030,
    /// Western. Any byte is of it.
    Windows1252,
    /// Two bytes a unit, the lower one first. Half a character becomes U+FFFD.
    Utf16Le,
    /// Two bytes a unit, the higher one first. Half a character becomes U+FFFD.
    Utf16Be,
    /// Chinese, of Taiwan and Hong Kong. Like all below never assumed, but it can be decided.
    Big5,
    /// Japanese.
    ShiftJis,
    /// Korean.
    EucKr,
    /// Of central Europe.
    Windows1250,
    /// Cyrillic.
    Windows1251,
}

impl Encoding {
    /// Name in reports, and the label of the WHATWG encoding standard.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Windows1252 => "windows-1252",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Big5 => "Big5",
            Self::ShiftJis => "Shift_JIS",
            Self::EucKr => "EUC-KR",
            Self::Windows1250 => "windows-1250",
            Self::Windows1251 => "windows-1251",
        }
    }

    /// Those that text without a byte order mark can be in, which all leave ASCII as it is.
    pub(super) const PLAIN: [Self; 8] = [
        Self::Utf8,
        Self::Gb18030,
        Self::Windows1252,
        Self::Big5,
        Self::ShiftJis,
        Self::EucKr,
        Self::Windows1250,
        Self::Windows1251,
    ];

    /// The one of [`Self::PLAIN`] that is called `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::PLAIN
            .into_iter()
            .find(|encoding| encoding.name().eq_ignore_ascii_case(name))
    }

    /// Whether what is not of it is refused, never replaced: that is how it is told from others.
    pub(super) const fn is_told(self) -> bool {
        matches!(self, Self::Utf8 | Self::Gb18030)
    }

    /// The encoding that a byte order mark names, and the mark's length.
    pub(super) fn of_mark(head: &[u8]) -> Option<(Self, usize)> {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => Some((Self::Utf8, 3)),
            [0xFF, 0xFE, ..] => Some((Self::Utf16Le, 2)),
            [0xFE, 0xFF, ..] => Some((Self::Utf16Be, 2)),
            _ => None,
        }
    }
}

/// Some byte is not of the assumed encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotThis;

/// Decodes the bytes of one file, chunk by chunk.
pub trait Decoder {
    /// Replaces `text` by the characters that `bytes` complete; those begun and not ended are kept for the
    /// next call. `last`: no bytes follow. A byte order mark is a character like others.
    ///
    /// # Errors
    /// [`NotThis`] when the bytes are not of the encoding; the decoder is of no use then.
    fn decode(&mut self, bytes: &[u8], last: bool, text: &mut String) -> Result<(), NotThis>;
}

/// Makes decoders; `None` for an encoding that it cannot read.
pub type MakeDecoder = fn(Encoding) -> Option<Box<dyn Decoder>>;

/// Where decoders come from: from the browser, where there is one.
#[derive(Clone, Copy, Debug)]
pub struct Decoders(MakeDecoder);

impl Decoders {
    /// Those that `make` makes.
    pub const fn new(make: MakeDecoder) -> Self {
        Self(make)
    }

    /// A decoder at the start of a file.
    pub fn decoder(self, encoding: Encoding) -> Option<Box<dyn Decoder>> {
        (self.0)(encoding)
    }
}

/// Decoders of a machine without a browser.
#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::{Decoder, Decoders, Encoding, NotThis};
    use encoding_rs::{
        BIG5, CoderResult, DecoderResult, EUC_KR, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
        WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    };

    impl Default for Decoders {
        fn default() -> Self {
            Self::new(|encoding| {
                let encoding = match encoding {
                    Encoding::Utf8 => UTF_8,
                    Encoding::Gb18030 => GB18030,
                    Encoding::Windows1252 => WINDOWS_1252,
                    Encoding::Utf16Le => UTF_16LE,
                    Encoding::Utf16Be => UTF_16BE,
                    Encoding::Big5 => BIG5,
                    Encoding::ShiftJis => SHIFT_JIS,
                    Encoding::EucKr => EUC_KR,
                    Encoding::Windows1250 => WINDOWS_1250,
                    Encoding::Windows1251 => WINDOWS_1251,
                };
                Some(Box::new(Native(encoding.new_decoder_without_bom_handling())))
            })
        }
    }

    struct Native(encoding_rs::Decoder);

    impl Decoder for Native {
        fn decode(&mut self, bytes: &[u8], last: bool, text: &mut String) -> Result<(), NotThis> {
            text.clear();
            text.reserve(self.0.max_utf8_buffer_length(bytes.len()).unwrap_or(0));
            let is_read = if self.0.encoding() == GB18030 {
                let (result, _) = self.0.decode_to_string_without_replacement(bytes, text, last);
                result == DecoderResult::InputEmpty
            } else {
                let (result, ..) = self.0.decode_to_string(bytes, text, last);
                result == CoderResult::InputEmpty
            };
            if is_read { Ok(()) } else { Err(NotThis) }
        }
    }
}
