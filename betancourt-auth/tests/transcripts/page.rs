//! The forms of a page, found as simply as our own templates write them.

use serde_json::Value;

use crate::report::form;

/// Every form: where it leads, and its named fields.
pub(crate) fn forms(html: &str) -> Vec<Value> {
    assert!(html.starts_with("<!doctype html>") || html.starts_with("<!DOCTYPE html>"));
    let forms = html.split("<form ").skip(1).map(|rest| rest.split("</form>").next().unwrap());
    forms.map(|text| form(attribute(text, "action").unwrap_or_default(), fields(text))).collect()
}

fn fields(form: &str) -> Vec<(String, String)> {
    let inputs = form.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap());
    let field = |input| {
        let value = attribute(input, "value").unwrap_or_default();
        Some((attribute(input, "name")?.to_owned(), value.to_owned()))
    };
    inputs.filter_map(field).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = tag.split('>').next()?;
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}
