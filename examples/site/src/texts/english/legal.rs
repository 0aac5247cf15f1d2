//! The terms and the privacy policy in English.

use crate::texts::{Document, List, Section};

pub(super) const TERMS: Document = Document {
    title: "Terms",
    summary: "What you can expect from us when you use this site, and what we expect from you.",
    updated: "Last changed on 28 November 2026",
    sections: &[
        Section {
            heading: "This site",
            paragraphs: &[
                "This site presents the work of Betancourt Audio, a studio in Bogotá, Colombia, and gives its clients \
                 a place of their own. Reading it needs no account.",
                "A project begins when we have agreed on it with you in writing. The prices shown here are where a \
                 project starts; they are an invitation, not an offer.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Your account",
            paragraphs: &[
                "You sign in with an account you already have. You may use these providers:",
            ],
            list: List::Providers,
        },
        Section {
            heading: "What we ask of you",
            paragraphs: &[
                "Use your own account, keep it to yourself, and tell us if you believe that somebody else has used it. \
                 Don’t try to reach what is not yours, and don’t disturb the site for others.",
                "We may close an account that is used against these terms. We will say so, and why.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "What you send us",
            paragraphs: &[
                "Your recordings stay yours. We use them for the work we agreed on and for nothing else, and show \
                 them to nobody without your permission.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Limits and law",
            paragraphs: &[
                "We look after this site with care, but we cannot promise that it is always reachable. Nothing in \
                 these terms takes away a right that the law gives you. The law of Colombia applies.",
            ],
            list: List::Nothing,
        },
    ],
};

pub(super) const PRIVACY: Document = Document {
    title: "Privacy",
    summary: "What we keep about you, why, for how long, and how you have it removed.",
    updated: "Last changed on 28 November 2026",
    sections: &[
        Section {
            heading: "In short",
            paragraphs: &[
                "We keep what is needed to let you in and to work with you. There is no advertising, no analytics and \
                 no tracking here, and your visit is not reported to anybody. Every file of this site comes from our \
                 own server.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "When you sign in",
            paragraphs: &[
                "The provider you choose tells us an identifier for you, your name, your e-mail address and whether it \
                 is verified, and the address of your picture, as far as you let it. We never see your password. \
                 If you sign in by e-mail, we keep the address and that you read mail there. These ways are switched \
                 on:",
            ],
            list: List::Providers,
        },
        Section {
            heading: "What we keep",
            paragraphs: &[
                "Your profile and the tie to your provider, for as long as you have an account. The keys your provider \
                 hands us are encrypted, and a session is kept only as a fingerprint that cannot be turned back into a \
                 key.",
                "A log of sign-ins, failures and changes of permission, so that misuse can be found. It is read by our \
                 administrators alone.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "When you write to us",
            paragraphs: &[
                "What you enter in the form, and when you sent it, so that we can answer. It is stored here and mailed \
                 to the studio. The copy here is deleted after a year; ask for it, and it goes at once.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "Cookies",
            paragraphs: &[
                "All our cookies are needed for what you ask of the site, so there is no banner to click away. There \
                 are these, and no others:",
            ],
            list: List::Cookies,
        },
        Section {
            heading: "Your rights",
            paragraphs: &[
                "You may ask what we keep about you, have it corrected, receive a copy, or have it deleted. Write to us \
                 at the address at the foot of this page. Under Law 1581 of 2012 you may also turn to the \
                 Superintendencia de Industria y Comercio of Colombia.",
            ],
            list: List::Nothing,
        },
    ],
};
