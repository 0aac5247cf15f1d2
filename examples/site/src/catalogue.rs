//! What the studio offers and what it has made: two short tables, each text in both languages.

use crate::preferences::{Currency, Language};

/// One text in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Bilingual {
    english: &'static str,
    spanish: &'static str,
}

impl Bilingual {
    /// The text in a language.
    #[must_use]
    pub fn say(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Spanish => self.spanish,
        }
    }
}

const fn both(english: &'static str, spanish: &'static str) -> Bilingual {
    Bilingual { english, spanish }
}

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Advice in conversation.
    Consultation,
    /// Finished mixes made ready for release.
    Mastering,
    /// Stems brought together.
    Mixing,
    /// From the sketch to the master.
    Production,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 4] =
        [Self::Mixing, Self::Mastering, Self::Production, Self::Consultation];

    /// The one of a name in the API.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its label.
    #[must_use]
    pub fn label(self, language: Language) -> &'static str {
        let label = match self {
            Self::Consultation => both("Consultation", "Asesoría"),
            Self::Mastering => both("Mastering", "Mastering"),
            Self::Mixing => both("Mixing", "Mezcla"),
            Self::Production => both("Production", "Producción"),
        };
        label.say(language)
    }

    /// Its name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Consultation => "CONSULTATION",
            Self::Mastering => "MASTERING",
            Self::Mixing => "MIXING",
            Self::Production => "PRODUCTION",
        }
    }

    /// Its name in the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Consultation => "consultation",
            Self::Mastering => "mastering",
            Self::Mixing => "mixing",
            Self::Production => "production",
        }
    }
}

/// Something the studio does for a price.
#[derive(Debug)]
pub struct Service {
    /// Its number in the API.
    pub id: u32,
    /// What it is called.
    pub name: Bilingual,
    /// What it is, in a sentence.
    pub description: Bilingual,
    /// What is included.
    pub features: &'static [Bilingual],
    /// What kind of work it is.
    pub kind: Kind,
    /// Whether most people begin with it.
    pub popular: bool,
    /// The price in dollars of the United States.
    pub usd: u32,
    /// The price in Colombian pesos.
    pub cop: u32,
}

impl Service {
    /// The price in a currency.
    #[must_use]
    pub fn price(&self, currency: Currency, language: Language) -> String {
        match currency {
            Currency::Dollars => format!("US${}", grouped(self.usd, language)),
            Currency::Pesos => format!("COP {}", grouped(self.cop, language)),
        }
    }
}

/// Thousands apart, as the language writes them: `600,000` or `600.000`.
fn grouped(amount: u32, language: Language) -> String {
    let separator = match language {
        Language::English => ',',
        Language::Spanish => '.',
    };
    let digits = amount.to_string();
    let mut text = String::with_capacity(digits.len() + 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// The services, in the order of the page.
pub static SERVICES: [Service; 4] = [
    Service {
        id: 1,
        name: both("Stem Mixing", "Mezcla por stems"),
        description: both(
            "Your stems, balanced by hand on a calibrated pair of monitors until the song says what you meant.",
            "Tus stems, balanceados a mano en un par de monitores calibrados, hasta que la canción diga lo que querías.",
        ),
        features: &[
            both("Up to 20 stems", "Hasta 20 stems"),
            both("Three rounds of revision", "Tres rondas de revisión"),
            both("Stereo mix and instrumental", "Mezcla estéreo e instrumental"),
            both("Dolby Atmos on request", "Dolby Atmos a pedido"),
        ],
        kind: Kind::Mixing,
        popular: true,
        usd: 150,
        cop: 600_000,
    },
    Service {
        id: 2,
        name: both("Stereo Mastering", "Mastering estéreo"),
        description: both(
            "The last careful ear before the world hears it.",
            "El último oído atento antes de que el mundo escuche.",
        ),
        features: &[
            both("Masters for streaming and vinyl", "Másters para streaming y vinilo"),
            both("One revision included", "Una revisión incluida"),
        ],
        kind: Kind::Mastering,
        popular: false,
        usd: 60,
        cop: 240_000,
    },
    Service {
        id: 4,
        name: both("Career Consultation", "Asesoría de carrera"),
        description: both(
            "One hour on a video call about your music and its next step.",
            "Una hora por videollamada sobre tu música y su próximo paso.",
        ),
        features: &[
            both("Prepared on your material", "Preparada con tu material"),
            both("Written notes afterwards", "Notas escritas después"),
        ],
        kind: Kind::Consultation,
        popular: false,
        usd: 100,
        cop: 400_000,
    },
    Service {
        id: 3,
        name: both("Full Production", "Producción completa"),
        description: both(
            "From a voice memo to a finished master: arrangement, recording, mix and master under one roof.",
            "De una nota de voz a un máster terminado: arreglo, grabación, mezcla y mastering bajo un mismo techo.",
        ),
        features: &[
            both("Arrangement and session players", "Arreglo y músicos de sesión"),
            both("Recording in Bogotá or remote", "Grabación en Bogotá o a distancia"),
            both("Mix and master included", "Mezcla y mastering incluidos"),
        ],
        kind: Kind::Production,
        popular: false,
        usd: 500,
        cop: 2_000_000,
    },
];

/// Something the studio has made.
#[derive(Debug)]
pub struct Work {
    /// Its title.
    pub title: &'static str,
    /// Whose it is.
    pub artist: &'static str,
    /// What it sounds like.
    pub genre: &'static str,
    /// What the studio did.
    pub kind: Kind,
    /// Its cover, among the assets.
    pub cover: &'static str,
}

/// The works, in the order of the page.
pub static WORKS: [Work; 4] = [
    Work {
        title: "Neon Nights",
        artist: "Lunar Echo",
        genre: "Synthwave",
        kind: Kind::Production,
        cover: "neon-nights.svg",
    },
    Work {
        title: "Acoustic Sessions",
        artist: "Sarah Woods",
        genre: "Indie Folk",
        kind: Kind::Mixing,
        cover: "acoustic-sessions.svg",
    },
    Work {
        title: "Urban Flow",
        artist: "MC Kinetik",
        genre: "Hip Hop",
        kind: Kind::Mastering,
        cover: "urban-flow.svg",
    },
    Work {
        title: "Deep Horizons",
        artist: "The Void",
        genre: "Techno",
        kind: Kind::Production,
        cover: "deep-horizons.svg",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_written_as_the_language_writes_them() {
        assert_eq!(grouped(60, Language::English), "60");
        assert_eq!(grouped(600_000, Language::English), "600,000");
        assert_eq!(grouped(2_000_000, Language::Spanish), "2.000.000");
    }
}
