//! How the built-in pages look: colours, corners, a name and a logo.

use std::fmt::{self, Display, Formatter, Write as _};

/// The looks of the built-in pages and mails, as in the option `theme` of Auth.js. Colours are values, not texts, so
/// that nothing but a colour can come into a style sheet.
///
/// ```
/// use betancourt_auth::Config;
/// use betancourt_auth::theme::{Color, ColorScheme};
///
/// let mut config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
/// config.theme.name = Some("Betancourt Audio".into());
/// config.theme.logo = Some("/logo.svg".into());
/// config.theme.color_scheme = ColorScheme::Light;
/// config.theme.light.accent = Color(0xb4, 0x53, 0x09);
/// assert!(config.theme.variables().contains("--auth-accent:#b45309"));
/// # Ok::<(), betancourt_auth::SetupError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Theme {
    /// What people call the application. `None`: the host of its address.
    pub name: Option<String>,
    /// A picture instead of the name: a path on the application's origin, or an https address. None by default.
    pub logo: Option<String>,
    /// Light or dark: [`ColorScheme::Browser`].
    pub color_scheme: ColorScheme,
    /// The colours by day.
    pub light: Colors,
    /// The colours by night.
    pub dark: Colors,
    /// The radius of corners in pixels: 12.
    pub corner: u8,
}

impl Theme {
    /// The colours where it is day.
    pub(crate) fn day(&self) -> &Colors {
        match self.color_scheme {
            ColorScheme::Browser | ColorScheme::Light => &self.light,
            ColorScheme::Dark => &self.dark,
        }
    }

    /// The colours where it is night.
    pub(crate) fn night(&self) -> &Colors {
        match self.color_scheme {
            ColorScheme::Browser | ColorScheme::Dark => &self.dark,
            ColorScheme::Light => &self.light,
        }
    }

    /// The style sheet that sets the variables `--auth-…`, for pages of the application's own that look the same.
    #[must_use]
    pub fn variables(&self) -> String {
        let (scheme, corner, day, night) =
            (self.color_scheme, self.corner, self.day(), self.night());
        let always = format!(":root{{color-scheme:{scheme};--auth-corner:{corner}px;{day}}}");
        if scheme == ColorScheme::Browser {
            format!("{always}@media(prefers-color-scheme:dark){{:root{{{night}}}}}")
        } else {
            always
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            name: None,
            logo: None,
            color_scheme: ColorScheme::default(),
            light: Colors::light(),
            dark: Colors::dark(),
            corner: 12,
        }
    }
}

/// Whether pages are light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorScheme {
    /// As the browser says (`prefers-color-scheme`). Auth.js calls it `auto`.
    #[default]
    Browser,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// As in CSS: `light dark`, `light` or `dark`.
impl Display for ColorScheme {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Browser => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        })
    }
}

/// The colours of a page, each named after its CSS variable: `--auth-accent` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Colors {
    /// The main button, links, and the ring around what has the focus. Auth.js calls it `brandColor`.
    pub accent: Color,
    /// What stands on the main button. `None`: black or white, whichever can be read better. Auth.js calls it
    /// `buttonText`.
    pub on_accent: Option<Color>,
    /// What lies behind the card.
    pub background: Color,
    /// The card.
    pub card: Color,
    /// What is written on the card.
    pub text: Color,
    /// What is written there more quietly.
    pub quiet: Color,
    /// The lines around fields and buttons.
    pub line: Color,
    /// What went wrong.
    pub alert: Color,
}

impl Colors {
    /// The default by day.
    #[must_use]
    pub fn light() -> Self {
        Self {
            accent: Color(0x2f, 0x5d, 0x50),
            on_accent: None,
            background: Color(0xf4, 0xf2, 0xed),
            card: Color(0xff, 0xff, 0xff),
            text: Color(0x1f, 0x23, 0x28),
            quiet: Color(0x5c, 0x62, 0x6a),
            line: Color(0x8a, 0x8f, 0x96),
            alert: Color(0x9a, 0x2c, 0x12),
        }
    }

    /// The default by night.
    #[must_use]
    pub fn dark() -> Self {
        Self {
            accent: Color(0x93, 0xcb, 0xb8),
            on_accent: None,
            background: Color(0x11, 0x14, 0x15),
            card: Color(0x1b, 0x1f, 0x21),
            text: Color(0xec, 0xef, 0xf0),
            quiet: Color(0xa8, 0xb0, 0xb6),
            line: Color(0x6f, 0x78, 0x7e),
            alert: Color(0xff, 0xb4, 0x9c),
        }
    }

    /// What stands on the main button.
    #[must_use]
    pub fn on_accent(&self) -> Color {
        self.on_accent.unwrap_or_else(|| self.accent.readable())
    }
}

/// As declarations of CSS.
impl Display for Colors {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { accent, background, card, text, quiet, line, alert, .. } = self;
        let on_accent = self.on_accent();
        write!(formatter, "--auth-accent:{accent};--auth-on-accent:{on_accent};")?;
        write!(formatter, "--auth-background:{background};--auth-card:{card};--auth-text:{text};")?;
        write!(formatter, "--auth-quiet:{quiet};--auth-line:{line};--auth-alert:{alert}")
    }
}

/// A colour: red, green, blue.
///
/// ```
/// use betancourt_auth::theme::Color;
/// assert_eq!(Color::parse("#2f5d50"), Some(Color(0x2f, 0x5d, 0x50)));
/// assert_eq!(Color(0x2f, 0x5d, 0x50).to_string(), "#2f5d50");
/// assert_eq!(Color::parse("red;} body{display:none"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

impl Color {
    const BLACK: Self = Self(0, 0, 0);
    const WHITE: Self = Self(0xff, 0xff, 0xff);

    /// Reads `#2f5d50`. `None`: it is written in any other way.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self(red, green, blue))
    }

    /// Black or white: what can be read better on this colour. One of them always reaches 4.5 to 1.
    fn readable(self) -> Self {
        let better = self.contrast(Self::WHITE) >= self.contrast(Self::BLACK);
        if better { Self::WHITE } else { Self::BLACK }
    }

    /// The contrast ratio of WCAG 2.2: from 1, the same colour, to 21, black on white.
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The relative luminance of WCAG 2.2.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

/// As in CSS: `#2f5d50`.
impl Display for Color {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_char('#')?;
        [self.0, self.1, self.2].iter().try_for_each(|part| write!(formatter, "{part:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2 §1.4.3 and §1.4.11.
    #[test]
    fn the_default_colours_can_be_read() {
        for colors in [Colors::light(), Colors::dark()] {
            let Colors { accent, background, card, text, quiet, line, alert, .. } = colors;
            for (above, below) in [
                (text, card),
                (text, background),
                (quiet, card),
                (accent, card),
                (alert, card),
                (colors.on_accent(), accent),
            ] {
                assert!(above.contrast(below) >= 4.5, "{above} on {below}");
            }
            assert!(line.contrast(card) >= 3.0, "{line} on {card}");
        }
    }

    #[test]
    fn a_button_of_any_colour_can_be_read() {
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let color = Color(red, green, blue);
                    assert!(color.contrast(color.readable()) >= 4.5, "{color}");
                }
            }
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((Color::BLACK.contrast(Color::WHITE) - 21.0).abs() < 1e-9);
        assert!((Color(0x77, 0x77, 0x77).contrast(Color::WHITE) - 4.48).abs() < 0.01);
    }

    #[test]
    fn only_a_colour_is_a_colour() {
        for text in
            ["", "#", "#fff", "2f5d50", "#2f5d5", "#2f5d500", "#+f5d50", "#2f5d5g", "#é2f5d"]
        {
            assert_eq!(Color::parse(text), None, "{text}");
        }
        assert_eq!(Color::parse("#2F5D50"), Color::parse("#2f5d50"));
    }

    #[test]
    fn one_scheme_or_what_the_browser_says() {
        let mut theme = Theme::default();
        assert!(theme.variables().contains("color-scheme:light dark"));
        assert!(theme.variables().contains("prefers-color-scheme:dark"));
        theme.color_scheme = ColorScheme::Dark;
        assert!(theme.variables().starts_with(":root{color-scheme:dark;"));
        assert!(!theme.variables().contains("@media"));
        assert!(theme.variables().contains(&theme.dark.card.to_string()));
    }
}
