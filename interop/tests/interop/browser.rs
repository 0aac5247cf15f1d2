//! Chromium does the whole job on the site's binary, as its people do: one scenario a script.

use betancourt_auth_dev::{Face, Failure};
use serde_json::{Value, json};

use crate::certificates::Certificates;
use crate::nginx::Nginx;
use crate::site::Site;
use crate::{script, tools};

/// How somebody becomes an administrator.
#[derive(Clone, Copy)]
enum Grant {
    ByCommand,
    BySql,
}

/// The first person at each face: ordinary, with an address of their own.
fn first_person(face: Face) -> Value {
    let (person, name) = match face {
        Face::Facebook => ("camila@rojas.example", "Camila Rojas"),
        Face::Apple => ("santiago@velez.example", "Santiago Vélez"),
        Face::Microsoft => ("valentina@gomez-films.example", "Valentina Gómez"),
        _ => ("ana-restrepo@gmail.com", "Ana Restrepo"),
    };
    json!({ "provider": face.id(), "person": person, "name": name })
}

/// Plays a scenario on a site of its own, which Ctrl-C then ends well.
fn play(scenario: &str, input: Value, grant: Grant) {
    play_with(None, scenario, input, grant);
}

/// The same on a site that keeps sessions in another way.
fn play_with(strategy: Option<&'static str>, scenario: &str, mut input: Value, grant: Grant) {
    let (Some(chromium), Some(node)) = (tools::chromium(), tools::node()) else { return };
    let mut site = Site::start(strategy);
    input["chromium"] = chromium.to_str().into();
    input["origin"] = site.origin().into();
    // Nobody can count what browsers keep.
    let person = input["person"].as_str().unwrap_or_default().to_owned();
    input["activeSessions"] = if strategy.is_some() { "–" } else { "1" }.into();
    script::run(node, scenario, &input, |asked| {
        let about = asked["about"].as_str().unwrap_or_default();
        match (asked["question"].as_str(), grant) {
            (Some("restart"), _) => site.restart(),
            (Some("rename"), _) => site.rename_by_sql(&person, about),
            (Some("make-administrator"), Grant::ByCommand) => site.admin("grant", about),
            (Some("make-administrator"), Grant::BySql) => site.make_admin_by_sql(about),
            _ => panic!("{scenario} asks {asked}"),
        }
        Value::Null
    });
    site.stop();
}

fn does_the_main_job(face: Face, grant: Grant) {
    play("main-job.mjs", first_person(face), grant);
}

fn is_told_what_failed(face: Face) {
    let mut input = first_person(face);
    input["failures"] = Failure::offered_by(face).iter().map(|failure| failure.id()).collect();
    play("failures.mjs", input, Grant::ByCommand);
}

#[test]
fn does_the_main_job_with_google() {
    does_the_main_job(Face::Google, Grant::BySql);
}

#[test]
fn does_the_main_job_with_facebook() {
    does_the_main_job(Face::Facebook, Grant::ByCommand);
}

#[test]
fn does_the_main_job_with_apple() {
    does_the_main_job(Face::Apple, Grant::ByCommand);
}

#[test]
fn does_the_main_job_with_microsoft() {
    does_the_main_job(Face::Microsoft, Grant::BySql);
}

#[test]
fn does_the_main_job_with_sealed_sessions() {
    play_with(Some("jwt"), "main-job.mjs", first_person(Face::Apple), Grant::BySql);
}

#[test]
fn signs_in_by_mail() {
    play("site-by-mail.mjs", json!({ "person": "lucia@moreno.example" }), Grant::ByCommand);
}

#[test]
fn is_told_what_failed_at_google() {
    is_told_what_failed(Face::Google);
}

#[test]
fn is_told_what_failed_at_facebook() {
    is_told_what_failed(Face::Facebook);
}

#[test]
fn is_told_what_failed_at_apple() {
    is_told_what_failed(Face::Apple);
}

#[test]
fn is_told_what_failed_at_microsoft() {
    is_told_what_failed(Face::Microsoft);
}

#[test]
fn is_told_that_an_address_belongs_to_an_account() {
    let mut input = first_person(Face::Google);
    input["other"] = Face::Facebook.id().into();
    play("shared-address.mjs", input, Grant::ByCommand);
}

#[test]
fn needs_no_javascript() {
    play("without-javascript.mjs", first_person(Face::Apple), Grant::ByCommand);
}

#[test]
fn looks_after_what_is_theirs() {
    let mut input = first_person(Face::Google);
    input["second"] = first_person(Face::Microsoft)["person"].take();
    play("account-pages.mjs", input, Grant::ByCommand);
}

#[test]
fn administers_others() {
    let mut input = first_person(Face::Google);
    input["other"] = first_person(Face::Microsoft);
    play("admin-pages.mjs", input, Grant::ByCommand);
}

#[test]
fn runs_nothing_that_others_wrote() {
    play("hostile-texts.mjs", first_person(Face::Google), Grant::ByCommand);
}

#[test]
fn speaks_spanish() {
    play("in-spanish.mjs", first_person(Face::Google), Grant::ByCommand);
}

#[test]
fn is_for_everybody_in_both_languages_and_themes() {
    play("front.mjs", first_person(Face::Google), Grant::ByCommand);
}

#[test]
fn holds_browsers_to_https() {
    let (Some(chromium), Some(node)) = (tools::chromium(), tools::node()) else { return };
    let (Some((program, port)), Some(certificates)) = (Nginx::prepare(), Certificates::make())
    else {
        return;
    };
    let origin = format!("https://localhost:{port}");
    let told = [("AUTH_URL", origin.as_str()), ("AUTH_TRUSTED_PROXIES", "127.0.0.1")];
    let told = told.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let site = Site::start_with(told.into());
    let server = format!(
        "server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {}; ssl_certificate_key {};\n\
         location / {{ proxy_pass http://{}; proxy_set_header Host $http_host;\n\
         proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto https; }} }}",
        certificates.path("server.pem").display(),
        certificates.path("server.key").display(),
        site.door(),
    );
    let _nginx = Nginx::start(program, port, &server);
    let mut input = first_person(Face::Apple);
    input["chromium"] = chromium.to_str().into();
    input["origin"] = origin.into();
    script::run(node, "over-https.mjs", &input, |asked| panic!("nobody asks {asked}"));
    site.stop();
}

#[test]
fn does_what_visitors_ask_of_it() {
    play("visitors.mjs", first_person(Face::Google), Grant::ByCommand);
}

#[test]
fn is_worth_looking_at() {
    play("pictures.mjs", first_person(Face::Google), Grant::ByCommand);
}
