//! What each cookie is for, in English.

use crate::texts::Cookies;

pub(super) const COOKIES: Cookies = Cookies {
    session: "Keeps you signed in.",
    csrf: "Proves that a form was sent from our own page.",
    return_to: "Remembers where to take you after signing in.",
    handshake: "Ties the provider’s answer to your browser while you sign in.",
    mail: "Ties the code in our mail to the browser that asked for it.",
    sign_out: "Ties the way back from signing out at your provider to your browser.",
    language: "Remembers the language you chose.",
    theme: "Remembers light or dark. The browser’s local storage holds the same word.",
    other: "Is needed to sign you in.",
    until_closed: "Until you close the browser",
    minute: "minute",
    minutes: "minutes",
    hour: "hour",
    hours: "hours",
    day: "day",
    days: "days",
    year: "year",
    years: "years",
};
