//! Somebody's browser without scripts: it keeps cookies, and sends the forms of the page that it shows.

use std::collections::BTreeMap;

use betancourt_auth_dev::{Callback, Face, LookAlikes};
use http::StatusCode;
use http::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION, USER_AGENT};
use url::form_urlencoded::Serializer;

use crate::support::{Answer, Running};

/// A browser at the site.
pub(crate) struct Browser<'a> {
    site: &'a Running,
    cookies: BTreeMap<String, String>,
    language: &'static str,
    agent: &'static str,
    page: Option<Answer>,
}

impl<'a> Browser<'a> {
    /// One that has a session.
    pub(crate) fn with_session(site: &'a Running, token: &str) -> Self {
        let mut browser = Self::new(site);
        browser.cookies.insert("authjs.session-token".to_owned(), token.to_owned());
        browser
    }

    /// One of nobody.
    pub(crate) fn new(site: &'a Running) -> Self {
        Self { site, cookies: BTreeMap::new(), language: "en", agent: "curl/8.7.1", page: None }
    }

    /// The same of somebody who reads Spanish.
    pub(crate) fn in_spanish(self) -> Self {
        Self { language: "es-CO,es", ..self }
    }

    /// The same program, on a device.
    pub(crate) fn on(self, agent: &'static str) -> Self {
        Self { agent, ..self }
    }

    /// Opens an address, and stays there.
    pub(crate) async fn open(&mut self, path: &str) -> &Answer {
        let cookies = self.cookies();
        let headers =
            [(COOKIE, &*cookies), (ACCEPT_LANGUAGE, self.language), (USER_AGENT, self.agent)];
        let answer = self.site.ask(path, &headers).await;
        self.show(answer)
    }

    /// Sends the first form of the page that leads to `action` and has `holding` in it; goes nowhere then.
    pub(crate) async fn press(&mut self, action: &str, holding: &str) -> &Answer {
        let form = form(&self.page().text, action, holding);
        let form = form.unwrap_or_else(|| panic!("no form to {action} with {holding}"));
        self.send(action, &fields(form), &[]).await
    }

    /// The same, with what was typed and chosen.
    pub(crate) async fn fill(&mut self, action: &str, typed: &[(&str, &str)]) -> &Answer {
        let form = form(&self.page().text, action, "");
        let form = form.unwrap_or_else(|| panic!("no form to {action}"));
        self.send(action, &fields(form), typed).await
    }

    /// Goes where the answer leads, on this site.
    pub(crate) async fn follow(&mut self) -> &Answer {
        let to = self.page().header(LOCATION).to_owned();
        assert!(self.page().status.is_redirection(), "{}", self.page().text);
        let here = self.site.url("");
        let path = to.strip_prefix(&here).unwrap_or(&to).to_owned();
        assert!(path.starts_with('/'), "{path} leads away");
        self.open(&path).await
    }

    /// Presses the button of a provider, is approved as its first person there, and comes back, let in or not.
    pub(crate) async fn approve(&mut self, look_alikes: &LookAlikes, face: Face) -> &Answer {
        let action = self.action_to(&format!("/api/auth/signin/{}", face.id()));
        self.press(&action, "").await;
        let person = look_alikes.people(face).next().unwrap().key();
        let asked = self.page().header(LOCATION).to_owned();
        let Callback { redirect_uri, parameters, .. } =
            look_alikes.approve(&asked, person).await.unwrap();
        let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
        let path = format!("{}?{query}", redirect_uri.path());
        let status = self.open(&path).await.status;
        assert_eq!(status, StatusCode::FOUND);
        self.follow().await
    }

    /// Signs in as the first person of a provider, and stays on the dashboard.
    pub(crate) async fn sign_in(&mut self, look_alikes: &LookAlikes, face: Face) -> &Answer {
        self.open("/?callbackUrl=%2Fdashboard").await;
        self.approve(look_alikes, face).await
    }

    /// What it shows.
    pub(crate) fn page(&self) -> &Answer {
        self.page.as_ref().expect("it shows something")
    }

    /// Sends what no form of the page sends, with the token of its first one.
    pub(crate) async fn send_with_token(
        &mut self,
        action: &str,
        typed: &[(&str, &str)],
    ) -> &Answer {
        let token = self.page().text.split("name=\"csrfToken\" value=\"").nth(1);
        let token = token.and_then(|rest| rest.split('"').next()).expect("a form").to_owned();
        self.send(action, &[("csrfToken".to_owned(), token)], typed).await
    }

    /// Sends a form as somebody else would have made it.
    pub(crate) async fn forge(&mut self, action: &str, typed: &[(&str, &str)]) -> &Answer {
        self.send(action, &[], typed).await
    }

    fn action_to(&self, begins: &str) -> String {
        let text = &self.page().text;
        let at = text.find(&format!("action=\"{begins}")).unwrap_or_else(|| panic!("{begins}"));
        text[at + 8..].split('"').next().unwrap().to_owned()
    }

    async fn send(
        &mut self,
        action: &str,
        fields: &[(String, String)],
        typed: &[(&str, &str)],
    ) -> &Answer {
        let mut form = Serializer::new(String::new());
        form.extend_pairs(fields).extend_pairs(typed);
        let cookies = self.cookies();
        let answer = self.site.post_as(&self.site.url(action), &form.finish(), &cookies).await;
        self.show(answer)
    }

    fn cookies(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.chain(["x=1".to_owned()]).collect::<Vec<_>>().join("; ")
    }

    fn show(&mut self, answer: Answer) -> &Answer {
        for pair in answer.cookies() {
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        self.page.insert(answer)
    }
}

/// The inside of the first form that leads there and has that in it.
fn form<'t>(text: &'t str, action: &str, holding: &str) -> Option<&'t str> {
    let forms = text.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
    let leads = format!("action=\"{action}\"");
    forms.into_iter().find(|form| form.contains(&leads) && form.contains(holding))
}

/// The hidden fields of a form.
fn fields(form: &str) -> Vec<(String, String)> {
    let hidden = form.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |text: &str| {
        let (name, rest) = text.split_once("\" value=\"").unwrap();
        (name.to_owned(), rest.split('"').next().unwrap().replace("&#38;", "&"))
    };
    hidden.map(field).collect()
}
