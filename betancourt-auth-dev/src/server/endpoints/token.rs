//! The token endpoint: a code, once, with its verifier, becomes tokens; and so does a refresh token.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::face::Face;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::client_authentication::authenticate;
use crate::server::grant::Grant;
use crate::server::id_token::id_token;
use crate::server::memory::ACCESS_LIFETIME;
use crate::server::parameters::Parameters;
use crate::server::pkce::check_verifier;
use crate::server::refusal::Refusal;

pub(crate) async fn token(server: &AuthorizationServer, request: &Request) -> Answer {
    match exchange(server, request).await {
        Ok(tokens) => Answer::json(StatusCode::OK, tokens).private(),
        Err(refusal) => refusal.answer(server.face()),
    }
}

async fn exchange(server: &AuthorizationServer, request: &Request) -> Result<Value, Refusal> {
    server.admitted(&request.detail)?;
    let parameters = parameters(server.face(), request)?;
    authenticate(&server.client, request, &parameters, server.clock.now())?;
    match (server.face(), parameters.value("grant_type")) {
        (_, Some("authorization_code")) | (Face::Facebook, None) => {
            first_tokens(server, redeem(server, &parameters)?).await
        }
        (Face::Google | Face::Apple | Face::Microsoft, Some("refresh_token")) => {
            let token =
                parameters.value("refresh_token").ok_or(Refusal::Missing("refresh_token"))?;
            refreshed_tokens(server, token).await
        }
        (_, Some(_)) => Err(Refusal::GrantType),
        (_, None) => Err(Refusal::Missing("grant_type")),
    }
}

/// Graph reads the query as well; everybody else the form alone.
fn parameters(face: Face, request: &Request) -> Result<Parameters<'_>, Refusal> {
    let query = if face == Face::Facebook { request.query.as_slice() } else { &[] };
    Ok(Parameters::once(query.iter().chain(&request.form))?)
}

fn redeem(server: &AuthorizationServer, parameters: &Parameters<'_>) -> Result<Grant, Refusal> {
    let code = parameters.value("code").ok_or(Refusal::Missing("code"))?;
    let grant = server.memory().redeem_code(code, server.clock.now())?;
    if parameters.value("redirect_uri") != Some(grant.authorization.redirect_uri.as_str()) {
        return Err(Refusal::RedirectUri);
    }
    if let (true, Some(challenge)) = (server.asks_for_pkce(), &grant.authorization.code_challenge) {
        let verifier =
            parameters.value("code_verifier").ok_or(Refusal::Missing("code_verifier"))?;
        check_verifier(verifier, challenge)?;
    }
    Ok(grant)
}

/// The answer to a code: a refresh token, too, if it was asked for.
async fn first_tokens(server: &AuthorizationServer, grant: Grant) -> Result<Value, Refusal> {
    let nonce = grant.authorization.nonce.clone();
    let mut tokens = tokens(server, &grant, nonce.as_deref()).await?;
    if grant.authorization.offline {
        let refresh_token = server.memory().issue_refresh_token(grant);
        tokens.insert("refresh_token".to_owned(), refresh_token.into());
    }
    Ok(Value::Object(tokens))
}

/// The answer to a refresh token: another one, too, where they are used once.
async fn refreshed_tokens(server: &AuthorizationServer, token: &str) -> Result<Value, Refusal> {
    if !server.rotates_refresh_tokens() {
        let grant = server.memory().refresh(token)?;
        return tokens(server, &grant, None).await.map(Value::Object);
    }
    let grant = server.memory().trade(token)?;
    let mut tokens = tokens(server, &grant, None).await?;
    let another = server.memory().issue_refresh_token(grant);
    tokens.insert("refresh_token".to_owned(), another.into());
    Ok(Value::Object(tokens))
}

async fn tokens(
    server: &AuthorizationServer,
    grant: &Grant,
    nonce: Option<&str>,
) -> Result<Map<String, Value>, Refusal> {
    let access_token = server.memory().issue_access_token(grant.clone(), server.clock.now());
    let mut tokens = Map::from_iter([
        ("token_type".to_owned(), token_type(server.face()).into()),
        ("expires_in".to_owned(), ACCESS_LIFETIME.into()),
    ]);
    match server.face() {
        Face::Google => {
            tokens.insert("scope".to_owned(), grant.authorization.scope.join(" ").into());
        }
        Face::Microsoft => {
            tokens.insert("scope".to_owned(), grant.authorization.scope.join(" ").into());
            tokens.insert("ext_expires_in".to_owned(), ACCESS_LIFETIME.into());
        }
        Face::Facebook | Face::Apple => {}
    }
    if speaks_openid(server.face(), grant) {
        let id_token = id_token(server, grant, &access_token, nonce).await?;
        tokens.insert("id_token".to_owned(), id_token.into());
    }
    tokens.insert("access_token".to_owned(), access_token.into());
    Ok(tokens)
}

/// Apple gives an ID token to everybody, Facebook to nobody.
fn speaks_openid(face: Face, grant: &Grant) -> bool {
    match face {
        Face::Google | Face::Microsoft => grant.authorization.has_scope("openid"),
        Face::Apple => true,
        Face::Facebook => false,
    }
}

/// Graph writes it small; RFC 6749 §5.1 says that letter case does not matter.
const fn token_type(face: Face) -> &'static str {
    match face {
        Face::Facebook => "bearer",
        Face::Google | Face::Apple | Face::Microsoft => "Bearer",
    }
}
