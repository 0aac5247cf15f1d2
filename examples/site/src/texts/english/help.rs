//! How to sign in, and what to do when that does not work, in English.

use crate::texts::{Document, List, Section};

pub(super) const SIGN_IN: Document = Document {
    title: "Signing in",
    summary: "How you get in, what each way is like, and what to do when one of them does not work.",
    updated: "Last changed on 28 November 2026",
    sections: &[
        Section {
            heading: "The short way",
            paragraphs: &[
                "Press “Sign In” at the top of any page and choose an account that you already have. Your provider asks \
                 whether it is you, and brings you back here. There is no password to invent, and we never see yours. \
                 These ways are switched on:",
            ],
            list: List::Providers,
        },
        Section {
            heading: "By e-mail",
            paragraphs: &[
                "Give your address, and we send a link and a code. Open the link on any device and press the button \
                 there, or type the code in the browser that asked for it. Both work once, and for ten minutes; only \
                 the newest mail counts. If nothing comes, look where your mail program puts advertising.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "“This e-mail address already belongs to an account”",
            paragraphs: &[
                "You have been here before, another way. Continue as you did the first time. Then, on your dashboard, \
                 you can connect the other account, so that both open the same door from then on.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "“The provider does not answer”",
            paragraphs: &[
                "The fault is not yours, and mostly over in minutes. Try again, or continue another way.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "“Too many attempts”",
            paragraphs: &[
                "Somebody on your network, perhaps you, has tried very often. Wait ten minutes. Nothing is locked, and \
                 nobody else can lock your account.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "How long you stay signed in",
            paragraphs: &[
                "Thirty days after your last visit, on this browser alone. “Sign Out” ends it at once. On your \
                 dashboard you see every place where you are signed in, and can end each of them.",
            ],
            list: List::Nothing,
        },
        Section {
            heading: "If none of this helps",
            paragraphs: &[
                "Write to us at the address at the foot of this page. If the message on your screen has a reference, \
                 eight letters and digits, send it along: it leads us to what went wrong.",
            ],
            list: List::Nothing,
        },
    ],
};
