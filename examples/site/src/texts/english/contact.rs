//! What the form says by which people write to the studio, in English.

use crate::texts::Contact;

pub(super) const CONTACT: Contact = Contact {
    title: "Tell us about your music",
    subtitle: "Send a link to a rough mix, a song or two that you love, and the date you have in mind. A person \
               reads every message.",
    by_mail: "By e-mail",
    at_home: "At home in",
    place: "Bogotá, Colombia",
    name: "Name",
    email: "E-mail address",
    message: "Message",
    send: "Send message",
    sending: "Sending…",
    leave_empty: "Leave this empty",
    privacy: "We keep your message for a year, to answer it.",
    name_missing: "Please tell us your name.",
    name_too_long: "A name has at most 100 characters here.",
    email_wrong: "Please give an address that we can answer to, such as ana@example.org.",
    message_missing: "Please write a few words.",
    message_too_long: "A message has at most 5,000 characters here.",
    received: "Thank you",
    mailed: "Your message is stored, and on its way to the studio by mail. We answer within two working days.",
    shown: "Development: your message is stored. Instead of being mailed, it is shown in the mailbox.",
    kept: "Your message is stored, and the studio will read it here: it could not be mailed.",
    another: "Write another message",
    foreign: "This message was not sent from our own page. Please send it from here.",
    automatic: "A field was filled in that people do not see. Please send it once more, or write us an e-mail.",
    too_many: "Several messages have come from your network. Please wait an hour, or write us an e-mail.",
    not_kept: "We could not store your message, so it was not sent. Please try again shortly, or write us an e-mail.",
    about: "I am interested in:",
    mail_subject: "A message from",
    mail_foot: "Written on the site. Nobody has checked that the address is theirs.",
};
