//! The terms and the privacy policy in Spanish.

use crate::texts::{Document, List, Section};

pub(super) const TERMS: Document = Document {
    title: "Términos",
    summary: "Qué puedes esperar de nosotros al usar este sitio y qué esperamos de ti.",
    updated: "Último cambio: 28 de noviembre de 2026",
    sections: &[
        Section {
            heading: "Este sitio",
            paragraphs: &[
                "Este sitio presenta el trabajo de Betancourt Audio, un estudio en Bogotá, Colombia, y da a sus \
                 clientes un lugar propio. Para leerlo no se necesita una cuenta.",
                "Un proyecto empieza cuando lo hemos acordado contigo por escrito. Los precios que ves aquí son el \
                 punto de partida de un proyecto; son una invitación, no una oferta.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Tu cuenta",
            paragraphs: &["Ingresas con una cuenta que ya tienes. Puedes usar estos proveedores:"],
            list: List::Providers,
        },
        Section {
            heading: "Lo que te pedimos",
            paragraphs: &[
                "Usa tu propia cuenta, no la compartas y avísanos si crees que alguien más la usó. No intentes llegar \
                 a lo que no es tuyo ni afectes el sitio para los demás.",
                "Podemos cerrar una cuenta que se use en contra de estos términos. Lo diremos, con la razón.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Lo que nos envías",
            paragraphs: &[
                "Tus grabaciones siguen siendo tuyas. Las usamos para el trabajo acordado y para nada más, y no las \
                 mostramos a nadie sin tu permiso.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Límites y ley",
            paragraphs: &[
                "Cuidamos este sitio, pero no podemos prometer que esté siempre disponible. Nada en estos términos te \
                 quita un derecho que la ley te da. Se aplica la ley de Colombia.",
            ],
            list: List::Nothing,
        },
    ],
};

pub(super) const PRIVACY: Document = Document {
    title: "Privacidad",
    summary: "Qué guardamos sobre ti, para qué, por cuánto tiempo y cómo hacer que se borre.",
    updated: "Último cambio: 28 de noviembre de 2026",
    sections: &[
        Section {
            heading: "En pocas palabras",
            paragraphs: &[
                "Guardamos lo necesario para darte ingreso y trabajar contigo. Aquí no hay publicidad, ni analítica, \
                 ni rastreo, y tu visita no se le reporta a nadie. Todos los archivos de este sitio vienen de nuestro \
                 propio servidor.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Cuando ingresas",
            paragraphs: &[
                "El proveedor que eliges nos dice un identificador tuyo, tu nombre, tu correo y si está verificado, y \
                 la dirección de tu foto, en la medida en que lo permitas. Nunca vemos tu contraseña. Si ingresas \
                 por correo, guardamos la dirección y que allí lees el correo. Estas maneras están activas:",
            ],
            list: List::Providers,
        },
        Section {
            heading: "Lo que guardamos",
            paragraphs: &[
                "Tu perfil y el vínculo con tu proveedor, mientras tengas una cuenta. Las llaves que nos entrega tu \
                 proveedor están cifradas, y una sesión se guarda solo como una huella que no se puede convertir de \
                 nuevo en llave.",
                "Un registro de ingresos, fallas y cambios de permiso, para poder descubrir un mal uso. Solo lo leen \
                 nuestros administradores.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Cuando nos escribes",
            paragraphs: &[
                "Lo que escribes en el formulario y cuándo lo enviaste, para poder responderte. Se guarda aquí y se \
                 envía por correo al estudio. La copia de aquí se borra después de un año; pídelo y se borra de \
                 inmediato.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Las cookies",
            paragraphs: &[
                "Todas nuestras cookies son necesarias para lo que le pides al sitio; por eso no hay un aviso que \
                 cerrar. Son estas, y ninguna más:",
            ],
            list: List::Cookies,
        },
        Section {
            heading: "Tus derechos",
            paragraphs: &[
                "Puedes preguntar qué guardamos sobre ti, hacer que se corrija, recibir una copia o hacer que se \
                 borre. Escríbenos a la dirección que está al pie de esta página. Según la Ley 1581 de 2012 también \
                 puedes acudir a la Superintendencia de Industria y Comercio de Colombia.",
            ],
            list: List::Nothing,
        },
    ],
};
