//! What each cookie is for, in Spanish.

use crate::texts::Cookies;

pub(super) const COOKIES: Cookies = Cookies {
    session: "Mantiene tu sesión.",
    csrf: "Prueba que un formulario se envió desde nuestra propia página.",
    return_to: "Recuerda a dónde llevarte después de ingresar.",
    handshake: "Une la respuesta del proveedor con tu navegador mientras ingresas.",
    mail: "Une el código de nuestro correo con el navegador que lo pidió.",
    sign_out: "Une con tu navegador el regreso después de cerrar sesión en tu proveedor.",
    language: "Recuerda el idioma que elegiste.",
    theme: "Recuerda si prefieres claro u oscuro. El almacenamiento local del navegador guarda la misma palabra.",
    other: "Es necesaria para tu ingreso.",
    until_closed: "Hasta que cierres el navegador",
    minute: "minuto",
    minutes: "minutos",
    hour: "hora",
    hours: "horas",
    day: "día",
    days: "días",
    year: "año",
    years: "años",
};
