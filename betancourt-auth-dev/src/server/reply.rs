//! What an endpoint has to say, before it is put into HTTP.

use http::{StatusCode, header};

use crate::answer::Answer;
use crate::callback::{Callback, ResponseMode};
use crate::face::Face;
use crate::page::{self, ChoicePage};

#[derive(Debug)]
pub(crate) enum Reply {
    /// An answer for the app.
    Answer(Answer),
    /// A page on which a person chooses.
    Choice(ChoicePage),
    /// The way back to the app.
    Callback(Callback),
}

impl Reply {
    /// A page that says why nobody is sent anywhere.
    pub(crate) fn refused(face: Face, sentence: &str) -> Self {
        Self::Answer(page::refused(face, sentence))
    }

    pub(crate) fn into_answer(self, face: Face) -> Answer {
        match self {
            Self::Answer(answer) => answer,
            Self::Choice(choice) => choice.answer(),
            Self::Callback(callback) => match callback.response_mode {
                ResponseMode::Query => redirect(&callback),
                ResponseMode::FormPost => page::form_post(face, &callback),
            },
        }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// 303, so that the browser never posts the choice to the app (RFC 9700 §4.12).
pub(crate) fn redirect(callback: &Callback) -> Answer {
    let mut answer = Answer::text(StatusCode::SEE_OTHER, "").private();
    if let Ok(location) = callback.location().as_str().parse() {
        answer.headers.insert(header::LOCATION, location);
    }
    answer
}
