//! What the form says by which people write to the studio, in Spanish.

use crate::texts::Contact;

pub(super) const CONTACT: Contact = Contact {
    title: "Cuéntanos de tu música",
    subtitle: "Envíanos un enlace a una mezcla previa, una o dos canciones que te gusten y la fecha que tienes en \
               mente. Cada mensaje lo lee una persona.",
    by_mail: "Por correo",
    at_home: "Nuestra casa",
    place: "Bogotá, Colombia",
    name: "Nombre",
    email: "Correo electrónico",
    message: "Mensaje",
    send: "Enviar mensaje",
    sending: "Enviando…",
    leave_empty: "Deja esto vacío",
    privacy: "Guardamos tu mensaje un año, para responderlo.",
    name_missing: "Dinos tu nombre, por favor.",
    name_too_long: "Aquí un nombre tiene como máximo 100 caracteres.",
    email_wrong: "Escribe un correo al que podamos responder, como ana@example.org.",
    message_missing: "Escribe unas palabras, por favor.",
    message_too_long: "Aquí un mensaje tiene como máximo 5.000 caracteres.",
    received: "Gracias",
    mailed: "Tu mensaje está guardado y va por correo al estudio. Respondemos en dos días hábiles.",
    shown: "Desarrollo: tu mensaje está guardado. En lugar de enviarse por correo, se muestra en el buzón.",
    kept: "Tu mensaje está guardado y el estudio lo leerá aquí: no se pudo enviar por correo.",
    another: "Escribir otro mensaje",
    foreign: "Este mensaje no se envió desde nuestra propia página. Envíalo desde aquí, por favor.",
    automatic: "Se llenó un campo que las personas no ven. Envíalo una vez más, por favor, o escríbenos un correo.",
    too_many: "Llegaron varios mensajes de tu red. Espera una hora, por favor, o escríbenos un correo.",
    not_kept: "No pudimos guardar tu mensaje, así que no se envió. Inténtalo en un rato o escríbenos un correo.",
    about: "Me interesa:",
    mail_subject: "Un mensaje de",
    mail_foot: "Escrito en el sitio. Nadie ha comprobado que el correo sea suyo.",
};
