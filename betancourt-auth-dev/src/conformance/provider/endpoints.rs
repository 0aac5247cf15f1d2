//! The endpoints of an issuer: discovery, keys, authorization, token, UserInfo.

use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Body};
use crate::callback::{Callback, ResponseMode};
use crate::conformance::act::{Reply, Rotation};
use crate::conformance::provider::{Issuer, tokens};
use crate::conformance::seen::{Endpoint, Visit};
use crate::face::Face;
use crate::page;
use crate::server::client_authentication::basic;
use crate::server::grant::{Authorization, Grant};
use crate::server::memory::ACCESS_LIFETIME;
use crate::server::parameters::Parameters;
use crate::server::pkce::check_verifier;
use crate::server::refusal::Refusal;
use crate::server::reply;
use crate::server::rules::openid::object;

/// The face whose way of saying no is that of the standards.
const BY_THE_BOOK: Face = Face::Google;

/// A token that ends so soon is refreshed before it is used.
const ABOUT_TO_END: i64 = 1;

impl Issuer {
    /// Where a path below the issuer leads.
    pub(crate) fn endpoint(&self, path: &str) -> Endpoint {
        match path {
            "/.well-known/openid-configuration" => Endpoint::Discovery,
            "/authorize" => Endpoint::Authorization,
            "/token" => Endpoint::Token,
            "/userinfo" => Endpoint::UserInfo,
            "/end-session" => Endpoint::EndSession,
            "/sign-out" => Endpoint::SignOut,
            path if path == self.keys_at => Endpoint::Keys,
            _ => Endpoint::Elsewhere,
        }
    }

    /// Answers a visit, and remembers that it came.
    pub(crate) async fn answer(&self, visit: Visit) -> Answer {
        self.note(visit.clone());
        let answered = match (visit.endpoint, &visit.method) {
            (Endpoint::Discovery, &Method::GET) => {
                Ok(Answer::json(StatusCode::OK, self.metadata()).cacheable())
            }
            (Endpoint::Keys, &Method::GET) => {
                Ok(Answer::json(StatusCode::OK, tokens::key_set(self)).cacheable())
            }
            (Endpoint::Authorization, _) => self.authorize(&visit).await,
            (Endpoint::Token, &Method::POST) => self.token(&visit).await,
            (Endpoint::UserInfo, _) => self.user_info(&visit).await,
            (Endpoint::EndSession, _) => self.end_session(&visit).await,
            (Endpoint::SignOut, &Method::GET) => Ok(self.sign_out_page(None)),
            _ => Ok(Answer::text(StatusCode::NOT_FOUND, "There is nothing at this address.\n")),
        };
        answered.unwrap_or_else(|refusal| refusal.answer(BY_THE_BOOK))
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.base);
        let mut metadata = json!({
            "issuer": self.base,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/userinfo"),
            "jwks_uri": at(&self.keys_at),
            "end_session_endpoint": at("/end-session"),
            "backchannel_logout_supported": true,
            "backchannel_logout_session_supported": true,
            "frontchannel_logout_supported": true,
            "frontchannel_logout_session_supported": true,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "form_post"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid", "profile", "email"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256"],
            "code_challenge_methods_supported": ["S256"],
        });
        (self.act().metadata)(&mut metadata);
        metadata
    }

    /// Sends the person straight back: nobody has to press a button here.
    async fn authorize(&self, visit: &Visit) -> Result<Answer, Refusal> {
        let parameters = Parameters::once(visit.query.iter().chain(&visit.form))?;
        if parameters.value("client_id") != Some(&self.client_id) {
            return Err(Refusal::Client);
        }
        if parameters.value("redirect_uri") != Some(self.redirect_uri.as_str()) {
            return Err(Refusal::RedirectUri);
        }
        if self.act().rotation == Rotation::BeforeAuthorization {
            self.turn_key();
        }
        let authorization = self.authorization(&parameters);
        let mut callback = Callback {
            redirect_uri: self.redirect_uri.clone(),
            response_mode: authorization.response_mode,
            parameters: Vec::new(),
        };
        if let Some(state) = &authorization.state {
            callback.set("state", state);
        }
        let nonce = authorization.nonce.clone();
        let now = self.clock.now();
        let code = self
            .remember(|memory| memory.issue_code(self.person.clone(), authorization, None, now));
        match self.act().reply {
            Reply::Code => callback.set("code", &code),
            Reply::Error(error) => callback.set("error", error),
            Reply::Tokens => {
                let grant = self.remember(|memory| memory.redeem_code(&code, now))?;
                let access_token = self.access_token(&grant);
                let change = self.act().id_token;
                let id_token =
                    tokens::id_token(self, &grant, &access_token, change, nonce.as_deref()).await?;
                callback.set("id_token", &id_token);
                callback.set("access_token", &access_token);
                callback.set("token_type", "Bearer");
            }
        }
        Ok(match callback.response_mode {
            ResponseMode::Query => reply::redirect(&callback),
            ResponseMode::FormPost => page::plain_form_post(&callback),
        })
    }

    fn authorization(&self, parameters: &Parameters<'_>) -> Authorization {
        let owned = |name| parameters.value(name).map(str::to_owned);
        let scope = parameters.value("scope").unwrap_or_default();
        Authorization {
            people: vec![self.person.clone()],
            redirect_uri: self.redirect_uri.clone(),
            response_mode: parameters
                .value("response_mode")
                .and_then(ResponseMode::with_name)
                .unwrap_or(ResponseMode::Query),
            state: owned("state"),
            nonce: owned("nonce"),
            code_challenge: owned("code_challenge"),
            scope: scope.split_whitespace().map(str::to_owned).collect(),
            offline: self.act().refresh.is_some(),
        }
    }

    async fn token(&self, visit: &Visit) -> Result<Answer, Refusal> {
        let parameters = Parameters::once(&visit.form)?;
        self.authenticate(visit, &parameters)?;
        let tokens = match parameters.value("grant_type") {
            Some("authorization_code") => self.redeemed(&parameters).await?,
            Some("refresh_token") => self.refreshed(&parameters).await?,
            Some(_) => return Err(Refusal::GrantType),
            None => return Err(Refusal::Missing("grant_type")),
        };
        Ok(Answer::json(StatusCode::OK, Value::Object(tokens)).private())
    }

    /// `client_secret_basic`, or `client_secret_post`; which of them, a module may ask.
    fn authenticate(&self, visit: &Visit, parameters: &Parameters<'_>) -> Result<(), Refusal> {
        let (id, secret) = match visit.authorization("Basic") {
            Some(credentials) => basic(credentials).ok_or(Refusal::Client)?,
            None => {
                let owned = |name| parameters.value(name).map(str::to_owned);
                owned("client_id").zip(owned("client_secret")).ok_or(Refusal::ClientMethod)?
            }
        };
        let is_right = id == self.client_id && secret == self.client_secret;
        if is_right { Ok(()) } else { Err(Refusal::Client) }
    }

    async fn redeemed(&self, parameters: &Parameters<'_>) -> Result<Map<String, Value>, Refusal> {
        let code = parameters.value("code").ok_or(Refusal::Missing("code"))?;
        let now = self.clock.now();
        let grant = self.remember(|memory| memory.redeem_code(code, now))?;
        if parameters.value("redirect_uri") != Some(self.redirect_uri.as_str()) {
            return Err(Refusal::RedirectUri);
        }
        if let Some(challenge) = &grant.authorization.code_challenge {
            let verifier = parameters.value("code_verifier");
            check_verifier(verifier.ok_or(Refusal::Missing("code_verifier"))?, challenge)?;
        }
        if self.act().rotation == Rotation::BeforeSigning {
            self.turn_key();
        }
        let access_token = self.access_token(&grant);
        let (change, nonce) = (self.act().id_token, grant.authorization.nonce.as_deref());
        let id_token = tokens::id_token(self, &grant, &access_token, change, nonce).await?;
        self.note_given(|latest| {
            latest.id_token = Some(id_token.clone());
            latest.grant = Some(grant.clone());
        });
        let mut tokens = self.tokens(&access_token, &id_token);
        if grant.authorization.offline {
            tokens.insert("expires_in".to_owned(), ABOUT_TO_END.into());
            let refresh_token = self.remember(|memory| memory.issue_refresh_token(grant));
            tokens.insert("refresh_token".to_owned(), refresh_token.into());
        }
        Ok(tokens)
    }

    async fn refreshed(&self, parameters: &Parameters<'_>) -> Result<Map<String, Value>, Refusal> {
        let token = parameters.value("refresh_token").ok_or(Refusal::Missing("refresh_token"))?;
        let grant = self.remember(|memory| memory.refresh(token))?;
        let access_token = self.access_token(&grant);
        let change = self.act().refresh.ok_or(Refusal::GrantType)?;
        let id_token = tokens::id_token(self, &grant, &access_token, change, None).await?;
        Ok(self.tokens(&access_token, &id_token))
    }

    fn tokens(&self, access_token: &str, id_token: &str) -> Map<String, Value> {
        object(json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ACCESS_LIFETIME,
            "id_token": id_token,
        }))
    }

    fn access_token(&self, grant: &Grant) -> String {
        let now = self.clock.now();
        let token = self.remember(|memory| memory.issue_access_token(grant.clone(), now));
        self.note_given(|latest| latest.access_token = Some(token.clone()));
        token
    }

    /// Takes the token in the header, in a form or in the query; how it came, a module may ask.
    async fn user_info(&self, visit: &Visit) -> Result<Answer, Refusal> {
        let token = visit.authorization("Bearer").or_else(|| visit.value("access_token"));
        let (token, now) = (token.ok_or(Refusal::NoAccessToken)?, self.clock.now());
        let grant = self.remember(|memory| memory.access(token, now).map(|it| it.grant.clone()))?;
        let mut person = tokens::profile(&grant);
        person.insert("sub".to_owned(), grant.person.subject.as_str().into());
        (self.act().user_info)(&mut person, &self.base);
        let Some(change) = self.act().signed_user_info else {
            return Ok(Answer::json(StatusCode::OK, Value::Object(person)).private());
        };
        person.insert("iss".to_owned(), self.base.as_str().into());
        person.insert("aud".to_owned(), self.client_id.as_str().into());
        let signed = tokens::sign(self, "JWT", Value::Object(person), change).await?;
        Ok(Answer::new(StatusCode::OK, Body::Text(signed))
            .with(CONTENT_TYPE, "application/jwt")
            .private())
    }
}
