//! Spanish, as it is spoken in Latin America.

use super::{
    Confirm, Deletion, Initiate, Mail, Problem, SignIn, SignOut, SignedOut, Texts, VerifyRequest,
};
use crate::error::Code;
use crate::page::Notice;

pub(super) const TEXTS: Texts = Texts {
    sign_in: SignIn {
        title: "Iniciar sesión",
        continue_with: "Continuar con",
        or: "o",
        email: "Correo electrónico",
        send_link: "Enviarme un enlace",
        button: "Ingresar",
        sign_in_with: "Ingresar con",
        nothing: "En este momento no hay manera de ingresar.",
    },
    sign_out: SignOut {
        title: "Cerrar sesión",
        question: "¿Quieres cerrar la sesión en este dispositivo?",
        button: "Cerrar sesión",
        stay: "Seguir en mi sesión",
    },
    signed_out: SignedOut {
        title: "Cerraste sesión",
        hint: "Cerraste tu sesión aquí. Si usas un computador compartido, cierra también el navegador.",
    },
    initiate: Initiate {
        title: "¿Quieres ingresar?",
        question: "Llegaste aquí desde otro sitio. Oprime el botón para ingresar.",
        hint: "Si no quieres, cierra esta página. No ha pasado nada.",
    },
    verify_request: VerifyRequest {
        title: "Revisa tu correo",
        sent_to: "Enviamos un enlace para ingresar a",
        sent: "Te enviamos un enlace para ingresar.",
        hint: "Sirve una sola vez y por pocos minutos. Si no llega, mira en la carpeta de correo no deseado.",
        code: "Código del correo",
        code_hint: "¿Lees el correo en otro dispositivo? Escribe aquí el código que trae.",
        code_refused: "Ese no es el código, o ya no sirve.",
        button: "Ingresar",
        again: "Usar otro correo",
    },
    confirm: Confirm {
        title: "¿Eres tú?",
        sign_in_as: "Oprime el botón para ingresar aquí como",
        button: "Ingresar",
        hint: "Si no lo pediste tú, cierra esta página. No ha pasado nada.",
    },
    deletion: Deletion {
        title: "Eliminación de tus datos",
        open: "Recibimos tu solicitud y estamos eliminando lo que sabemos de ti. No tienes que hacer nada más.",
        waiting: "Recibimos tu solicitud. Hasta el día indicado puedes cambiar de opinión; después eliminamos lo que sabemos de ti.",
        withdrawn: "Retiraste esta solicitud y todo sigue como estaba.",
        done: "Listo. Ya no guardamos nada de lo que nos pediste eliminar.",
        unknown: "No conocemos ninguna solicitud con ese código. Revisa la dirección completa, por favor.",
        requested_on: "Solicitada el",
        due_on: "Se elimina el",
        withdrawn_on: "Retirada el",
        finished_on: "Terminada el",
        code: "Código",
    },
    problem: Problem {
        title: "No se pudo",
        denied: "No puedes entrar aquí",
        expired: "Este enlace ya no sirve",
        too_many: "Un momento, por favor",
        unavailable: "Volvemos en un momento",
        home: "Ir a",
    },
    mail: Mail {
        subject: "Tu enlace para ingresar a",
        title: "Ingresa a",
        link: "Oprime el botón para ingresar en este dispositivo.",
        link_below: "Abre este enlace para ingresar en este dispositivo:",
        button: "Ingresar",
        code: "¿Lo pediste en otro dispositivo? Escribe allí este código:",
        link_lives: |minutes| format!("El enlace sirve una sola vez, durante {minutes} minutos."),
        both_live: |minutes| {
            format!("Sirve uno de los dos, una sola vez, durante {minutes} minutos.")
        },
        not_you: "Si no pediste este correo, no tienes que hacer nada.",
    },
    reference: "Referencia",
    notice,
};

fn notice(notice: Notice) -> &'static str {
    match notice {
        Notice::Code(code) => self::code(code),
        Notice::SessionRequired => "Ingresa para ver esa página, por favor.",
        Notice::NotBegun => {
            "No pudimos empezar el ingreso. Inténtalo de nuevo o elige otra manera."
        }
        Notice::NotCompleted => {
            "No pudimos darte ingreso con esa cuenta. Prueba con otra, por favor."
        }
        Notice::NotCreated => {
            "No pudimos crear una cuenta para ti. Prueba de otra manera, por favor."
        }
        Notice::Suspended => {
            "Tu cuenta está suspendida. Escríbeles, por favor, a quienes administran este sitio."
        }
        Notice::Unknown => "Algo salió mal. Inténtalo de nuevo, por favor.",
    }
}

fn code(code: Code) -> &'static str {
    match code {
        Code::AccessDenied => "No tienes permiso para entrar.",
        Code::BadRequest => "No entendimos esa solicitud. Empieza de nuevo, por favor.",
        Code::Configuration => {
            "El ingreso no está bien configurado. Por favor avisa a quienes administran este sitio."
        }
        Code::CredentialsSignin => {
            "Algo no coincide. Revisa lo que escribiste e inténtalo de nuevo."
        }
        Code::EmailNotVerified => {
            "Alguien ya ingresó con tu correo, y el proveedor no responde por él. Usa la manera que usaste la primera vez, por favor."
        }
        Code::EmailSignin => {
            "No pudimos enviar el correo. Revisa la dirección e inténtalo de nuevo."
        }
        Code::InvalidCallbackUrl => "La dirección a la que quieres volver no se puede usar.",
        Code::LastAdministrator => {
            "Es la última persona que administra. Antes, dale ese rol a alguien más, por favor."
        }
        Code::LastWayIn => {
            "Esta es tu última manera de ingresar. Agrega otra antes de quitarla, por favor."
        }
        Code::MissingCSRF => {
            "Esta página estuvo abierta demasiado tiempo, o sus cookies están bloqueadas. Inténtalo de nuevo, por favor."
        }
        Code::NotFound => "No encontramos eso.",
        Code::OAuthAccountNotLinked => {
            "Este correo ya está en uso con otra manera de ingresar. Usa la que usaste la primera vez, por favor."
        }
        Code::OAuthCallbackError => {
            "El ingreso no se completó. Nada ha cambiado; puedes intentarlo de nuevo."
        }
        Code::ProviderUnavailable => {
            "El proveedor no responde en este momento. Inténtalo en un rato o elige otro."
        }
        Code::RateLimited => "Hubo demasiados intentos. Espera un minuto e inténtalo de nuevo.",
        Code::ReauthRequired => "Antes de hacer esto, inicia sesión una vez más, por favor.",
        Code::Unauthorized => "Ingresa primero, por favor.",
        Code::Unavailable => {
            "En este momento no podemos dar ingreso a nadie. Inténtalo de nuevo en un minuto."
        }
        Code::Verification => "Ya se usó o venció. Pide uno nuevo, por favor.",
    }
}
