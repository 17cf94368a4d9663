//! Colours, given by the page from its CSS variables.

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rgb`, `#rrggbb`, `rgb(1, 2, 3)` and `rgb(1 2 3)`; anything else is `None`.
    pub fn parse(css: &str) -> Option<Self> {
        let css = css.trim();
        if let Some(hex) = css.strip_prefix('#') {
            let digit = |at: usize| hex.get(at..=at).and_then(|d| u8::from_str_radix(d, 16).ok());
            return match hex.len() {
                3 => Some(Self(digit(0)? * 17, digit(1)? * 17, digit(2)? * 17)),
                6 => Some(Self(
                    digit(0)? * 16 + digit(1)?,
                    digit(2)? * 16 + digit(3)?,
                    digit(4)? * 16 + digit(5)?,
                )),
                _ => None,
            };
        }
        let inner = css.strip_prefix("rgb(")?.strip_suffix(')')?;
        let mut parts = inner
            .split([',', ' '])
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().ok());
        let color = Self(parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(color)
    }

    /// This colour laid with `alpha` over `ground`.
    #[must_use]
    pub fn over(self, ground: Self, alpha: f64) -> Self {
        #[expect(clippy::cast_sign_loss, reason = "between two bytes")]
        let mix = |a: u8, b: u8| (f64::from(a) * alpha + f64::from(b) * (1.0 - alpha)).round() as u8;
        Self(
            mix(self.0, ground.0),
            mix(self.1, ground.1),
            mix(self.2, ground.2),
        )
    }

    /// Contrast of two colours, 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

/// The look book's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Card.
    pub panel: Rgb,
    /// Cell, track of a bar.
    pub raise: Rgb,
    /// Border, zero line.
    pub line: Rgb,
    /// Gridline.
    pub grid: Rgb,
    /// Numbers, names.
    pub hi: Rgb,
    /// Sentences, units.
    pub mid: Rgb,
    /// Labels, axes.
    pub low: Rgb,
    /// Now, chosen.
    pub accent: Rgb,
    /// Rise.
    pub up: Rgb,
    /// Fall.
    pub down: Rgb,
    /// Alert.
    pub p1: Rgb,
    /// Warning.
    pub p2: Rgb,
    /// Channels.
    pub series: [Rgb; 5],
}

impl Palette {
    /// Asks `token` for each colour by its name (`panel` … `p2`, `series1` … `series5`); what it does not
    /// know stays a grey.
    pub fn read(token: impl Fn(&str) -> Option<Rgb>) -> Self {
        let or = |name: &str, default: Rgb| token(name).unwrap_or(default);
        let grey = Self::default();
        let series = |at: usize| or(&format!("series{}", at + 1), grey.series[at]);
        Self {
            panel: or("panel", grey.panel),
            raise: or("raise", grey.raise),
            line: or("line", grey.line),
            grid: or("grid", grey.grid),
            hi: or("hi", grey.hi),
            mid: or("mid", grey.mid),
            low: or("low", grey.low),
            accent: or("accent", grey.accent),
            up: or("up", grey.up),
            down: or("down", grey.down),
            p1: or("p1", grey.p1),
            p2: or("p2", grey.p2),
            series: [series(0), series(1), series(2), series(3), series(4)],
        }
    }

    /// The colour of `ink`; a channel beyond the fifth is `low`.
    pub fn of(&self, ink: Ink) -> Rgb {
        match ink {
            Ink::Hi => self.hi,
            Ink::Mid => self.mid,
            Ink::Low => self.low,
            Ink::Accent => self.accent,
            Ink::P1 => self.p1,
            Ink::P2 => self.p2,
            Ink::Series(at) => self.series.get(at).copied().unwrap_or(self.low),
        }
    }
}

/// Neutral greys, each different, for tests and until the page has read its own.
impl Default for Palette {
    fn default() -> Self {
        const fn grey(value: u8) -> Rgb {
            Rgb(value, value, value)
        }
        Self {
            panel: grey(16),
            raise: grey(28),
            line: grey(48),
            grid: grey(40),
            hi: grey(245),
            mid: grey(190),
            low: grey(150),
            accent: grey(170),
            up: grey(200),
            down: grey(180),
            p1: grey(110),
            p2: grey(210),
            series: [grey(171), grey(220), grey(140), grey(205), grey(130)],
        }
    }
}

/// Which token a mark is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// [`Palette::hi`].
    Hi,
    /// [`Palette::mid`].
    Mid,
    /// [`Palette::low`].
    Low,
    /// [`Palette::accent`].
    Accent,
    /// [`Palette::p1`].
    P1,
    /// [`Palette::p2`].
    P2,
    /// One of [`Palette::series`].
    Series(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_colours() {
        for (css, expect) in [
            ("#6c9dff", Some(Rgb(108, 157, 255))),
            (" #fff ", Some(Rgb(255, 255, 255))),
            ("rgb(11, 14, 19)", Some(Rgb(11, 14, 19))),
            ("rgb(11 14 19)", Some(Rgb(11, 14, 19))),
            ("#12", None),
            ("#ü12", None),
            ("rgb(1,2)", None),
            ("rgb(1,2,300)", None),
            ("red", None),
            ("", None),
        ] {
            assert_eq!(Rgb::parse(css), expect, "{css}");
        }
    }

    #[test]
    fn contrast_of_the_look_book() {
        let (panel, low) = (Rgb(0x12, 0x16, 0x1d), Rgb(0x8b, 0x97, 0xa7));
        assert!((panel.contrast(low) - 6.1).abs() < 0.05);
        assert_eq!(low.over(panel, 0.0), panel);
        assert_eq!(low.over(panel, 1.0), low);
    }
}
