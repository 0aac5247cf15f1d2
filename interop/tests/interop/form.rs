//! The form in a page of others: where it goes, and what is filled in.

use url::Url;

use crate::user_agent::Page;

/// A form as it stands in a page.
pub(crate) struct Form {
    pub(crate) action: Url,
    /// What nobody has to fill in.
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// The last form of a page.
    pub(crate) fn of(page: &Page) -> Self {
        let (_, form) =
            page.body.rsplit_once("<form").unwrap_or_else(|| panic!("no form: {page:?}"));
        let (tag, rest) = form.split_once('>').unwrap();
        let action = attribute(tag, "action").unwrap_or_default();
        let inputs = rest.split("<input").skip(1).filter_map(|input| input.split('>').next());
        let hidden = inputs.filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
        let field = |input| Some((attribute(input, "name")?, attribute(input, "value")?));
        let action =
            if action.is_empty() { page.url.clone() } else { page.url.join(&action).unwrap() };
        Self { action, fields: hidden.filter_map(field).collect() }
    }
}

/// The value of an attribute, with its entities resolved.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let entities = [
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    Some(
        entities
            .iter()
            .fold(value.to_owned(), |value, (entity, letter)| value.replace(entity, letter)),
    )
}
