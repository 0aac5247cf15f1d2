//! The languages of what people read, and which one a browser asks for.

/// A language of the built-in pages and mails.
///
/// ```
/// use betancourt_auth::Language;
/// assert_eq!(Language::accepted("es-CO,es;q=0.9,en;q=0.8"), Some(Language::Spanish));
/// assert_eq!(Language::accepted("de"), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English: also for who asks for none of the others.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// Every language, in the order of their tags.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// Its tag (BCP 47), as in `<html lang>`.
    ///
    /// ```
    /// assert_eq!(betancourt_auth::Language::Spanish.tag(), "es");
    /// ```
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// The best that an `Accept-Language` header asks for (RFC 9110 §12.5.4). Of two equal wishes the first one wins,
    /// and a region (`es-CO`) is served by its language. `None`: it asks for none that there is.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let wishes = header.split(',').filter_map(wish);
        let best = wishes.reduce(|best, wish| if wish.1 > best.1 { wish } else { best })?;
        Some(best.0)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// A language of ours with its weight. A weight of zero is no wish; one that cannot be read is none, either.
fn wish(range: &str) -> Option<(Language, f32)> {
    let mut parts = range.split(';').map(str::trim);
    let language = Language::of_tag(parts.next()?)?;
    let weight = match parts.find_map(|part| part.strip_prefix("q=")) {
        Some(weight) => weight.parse().ok()?,
        None => 1.0,
    };
    (weight > 0.0).then_some((language, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_weight_wins_and_then_the_first() {
        assert_eq!(Language::accepted("de, es;q=0.4, en;q=0.7"), Some(Language::English));
        assert_eq!(Language::accepted("es, en"), Some(Language::Spanish));
        assert_eq!(Language::accepted("en, es"), Some(Language::English));
        assert_eq!(Language::accepted("ES-419"), Some(Language::Spanish));
    }

    #[test]
    fn what_is_excluded_or_unreadable_is_no_wish() {
        assert_eq!(Language::accepted("es;q=0, en;q=0.1"), Some(Language::English));
        for nothing in ["", "*", "fr", "est", "es;q=high", "es;q=0", ";", ",,;q=1"] {
            assert_eq!(Language::accepted(nothing), None, "{nothing}");
        }
    }
}
