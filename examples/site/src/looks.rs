//! The library's own pages in the colours of the studio.

use betancourt_auth::theme::{Color, Theme};

/// How the pages look that the library makes: to confirm a link of a mail, to wait for one. The colours are those of
/// `assets/site.css`; lines are darker, because fields have nothing else around them.
#[must_use]
pub fn theme() -> Theme {
    let mut theme = Theme::default();
    theme.name = Some("Betancourt Audio".to_owned());

    let day = &mut theme.light;
    day.accent = Color(0x4a, 0x61, 0x55);
    day.background = Color(0xf5, 0xef, 0xe6);
    day.card = Color(0xfb, 0xf8, 0xf3);
    day.text = Color(0x3c, 0x3a, 0x35);
    day.quiet = Color(0x63, 0x5f, 0x56);
    day.alert = Color(0x9c, 0x33, 0x25);
    day.line = Color(0x8a, 0x85, 0x7a);

    let night = &mut theme.dark;
    night.accent = Color(0x7b, 0x9e, 0x87);
    night.background = Color(0x12, 0x14, 0x13);
    night.card = Color(0x1a, 0x1d, 0x1b);
    night.text = Color(0xe8, 0xec, 0xe9);
    night.quiet = Color(0xa3, 0xaa, 0xa5);
    night.alert = Color(0xf0, 0xa3, 0x94);
    night.line = Color(0x6f, 0x76, 0x71);
    theme
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_those_of_the_site() {
        let sheet = include_str!("../assets/site.css");
        let rules = |class: &str| {
            let after = sheet.split(&format!("\n.{class} {{")).nth(1).unwrap();
            after.split('}').next().unwrap()
        };
        let theme = theme();
        for (class, colors) in [("light", theme.light), ("dark", theme.dark)] {
            let here = rules(class);
            for (name, color) in [
                ("accent", colors.accent),
                ("ground", colors.background),
                ("raised", colors.card),
                ("text", colors.text),
                ("soft", colors.quiet),
                ("danger", colors.alert),
            ] {
                assert!(here.contains(&format!("--{name}: {color};")), "{name} of {class}");
            }
        }
    }
}
