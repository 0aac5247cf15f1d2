//! How to sign in, and what to do when that does not work, in Spanish.

use crate::texts::{Document, List, Section};

pub(super) const SIGN_IN: Document = Document {
    title: "Cómo ingresar",
    summary: "Cómo entras, cómo es cada manera y qué hacer cuando alguna no funciona.",
    updated: "Último cambio: 28 de noviembre de 2026",
    sections: &[
        Section {
            heading: "El camino corto",
            paragraphs: &[
                "Pulsa «Ingresar» en la parte de arriba de cualquier página y elige una cuenta que ya tengas. Tu \
                 proveedor pregunta si eres tú y te trae de vuelta. No hay que inventar una contraseña, y nunca vemos \
                 la tuya. Estas maneras están activas:",
            ],
            list: List::Providers,
        },
        Section {
            heading: "Por correo",
            paragraphs: &[
                "Escribe tu correo y te enviamos un enlace y un código. Abre el enlace en cualquier dispositivo y pulsa \
                 allí el botón, o escribe el código en el navegador que lo pidió. Los dos sirven una vez y durante diez \
                 minutos; solo cuenta el correo más nuevo. Si no llega nada, mira donde tu programa pone la publicidad.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "«Este correo ya pertenece a una cuenta»",
            paragraphs: &[
                "Ya estuviste aquí, de otra manera. Continúa como lo hiciste la primera vez. Después, en tu panel, \
                 puedes conectar la otra cuenta, para que desde entonces las dos abran la misma puerta.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "«El proveedor no responde»",
            paragraphs: &[
                "La falla no es tuya, y casi siempre pasa en minutos. Inténtalo de nuevo o continúa de otra manera.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "«Demasiados intentos»",
            paragraphs: &[
                "Alguien en tu red, quizás tú, lo ha intentado muchas veces. Espera diez minutos. Nada queda bloqueado, \
                 y nadie más puede bloquear tu cuenta.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Cuánto dura tu sesión",
            paragraphs: &[
                "Treinta días después de tu última visita, y solo en este navegador. «Cerrar sesión» la termina de \
                 inmediato. En tu panel ves todos los lugares donde tienes sesión, y puedes terminar cada una.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Si nada de esto ayuda",
            paragraphs: &[
                "Escríbenos a la dirección que está al pie de esta página. Si el mensaje de tu pantalla tiene una \
                 referencia, ocho letras y números, envíala también: nos lleva a lo que falló.",
            ],
            list: List::Nothing,
        },
    ],
};
