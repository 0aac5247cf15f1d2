//! The page with a button for everything that a face can tell an app, of each of its people.

use std::sync::Arc;

use askama::Template;
use http::StatusCode;

use crate::answer::Answer;
use crate::face::Face;
use crate::news::News;
use crate::person::Person;

use super::{STYLE, answer};

/// What was told just now.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) title: &'static str,
    pub(crate) name: String,
    /// What the app said, or why it was not told.
    pub(crate) answered: Result<String, String>,
}

#[derive(Template)]
#[template(path = "news.html")]
struct NewsPage<'page> {
    style: &'static str,
    face: Face,
    people: &'page [Arc<Person>],
    news: &'static [News],
    action: String,
    told: Option<Told>,
}

/// `/news` of a face.
pub(crate) fn news(face: Face, people: &[Arc<Person>], base: &str, told: Option<Told>) -> Answer {
    let action = format!("{base}/news");
    let page = NewsPage { style: STYLE, face, people, news: News::told_by(face), action, told };
    answer(StatusCode::OK, &page)
}
