//! What a face remembers: open pages, codes, tokens, and who consented before.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::failure::Failure;
use crate::person::Person;
use crate::random;
use crate::server::grant::{Authorization, Grant};
use crate::server::refusal::Refusal;

/// How long a page can be answered.
const TICKET_LIFETIME: i64 = 600;

/// How long a code can be redeemed.
const CODE_LIFETIME: i64 = 60;

/// How long an access token is good.
pub(crate) const ACCESS_LIFETIME: i64 = 3600;

#[derive(Debug, Default)]
pub(crate) struct Memory {
    tickets: HashMap<String, (Authorization, i64)>,
    codes: HashMap<String, Code>,
    access_tokens: HashMap<String, Access>,
    refresh_tokens: HashMap<String, Refresh>,
    consents: HashSet<String>,
    reused_codes: usize,
    stolen_refresh_tokens: usize,
}

/// What an access token opens.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) grant: Grant,
    pub(crate) expires_at: i64,
}

#[derive(Debug)]
struct Code {
    grant: Grant,
    redeemed: bool,
}

#[derive(Debug)]
struct Refresh {
    grant: Grant,
    /// Whether it was traded for another one.
    traded: bool,
}

impl Memory {
    pub(crate) fn open_ticket(&mut self, authorization: Authorization, now: i64) -> String {
        self.tickets.retain(|_, (_, opened)| now - *opened <= TICKET_LIFETIME);
        let ticket = random::token("ticket-");
        self.tickets.insert(ticket.clone(), (authorization, now));
        ticket
    }

    pub(crate) fn take_ticket(&mut self, ticket: &str, now: i64) -> Option<Authorization> {
        let (authorization, opened) = self.tickets.remove(ticket)?;
        (now - opened <= TICKET_LIFETIME).then_some(authorization)
    }

    /// Makes a code; one that arrives used if that is how this sign-in shall fail.
    pub(crate) fn issue_code(
        &mut self,
        person: Arc<Person>,
        authorization: Authorization,
        failure: Option<Failure>,
        now: i64,
    ) -> String {
        let code = random::token("code-");
        let grant =
            Grant { person, authorization, failure, authenticated_at: now, code: code.clone() };
        let redeemed = failure == Some(Failure::ReusedCode);
        self.codes.insert(code.clone(), Code { grant, redeemed });
        code
    }

    /// Redeems a code, once; a second time revokes what the first one gave (RFC 6749 §4.1.2).
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownCode`], [`Refusal::ReusedCode`], [`Refusal::ExpiredCode`], and
    /// [`Refusal::Outage`], which leaves the code as it is.
    pub(crate) fn redeem_code(&mut self, code: &str, now: i64) -> Result<Grant, Refusal> {
        let Some(found) = self.codes.get_mut(code) else {
            return Err(Refusal::UnknownCode);
        };
        if found.grant.failure == Some(Failure::Outage) {
            return Err(Refusal::Outage);
        }
        if found.redeemed {
            self.reused_codes += 1;
            self.revoke(code);
            return Err(Refusal::ReusedCode);
        }
        found.redeemed = true;
        if now - found.grant.authenticated_at > CODE_LIFETIME {
            return Err(Refusal::ExpiredCode);
        }
        Ok(found.grant.clone())
    }

    pub(crate) fn reused_codes(&self) -> usize {
        self.reused_codes
    }

    pub(crate) fn issue_access_token(&mut self, grant: Grant, now: i64) -> String {
        let token = random::token("access-");
        let access = Access { grant, expires_at: now + ACCESS_LIFETIME };
        self.access_tokens.insert(token.clone(), access);
        token
    }

    pub(crate) fn access(&self, token: &str, now: i64) -> Result<&Access, Refusal> {
        let access = self.access_tokens.get(token).ok_or(Refusal::AccessToken)?;
        if now < access.expires_at { Ok(access) } else { Err(Refusal::AccessToken) }
    }

    pub(crate) fn issue_refresh_token(&mut self, grant: Grant) -> String {
        let token = random::token("refresh-");
        self.refresh_tokens.insert(token.clone(), Refresh { grant, traded: false });
        token
    }

    /// What a refresh token stands for. One that was traded before is in two hands, and one of them is a thief's: all
    /// that came of the same sign-in is revoked (RFC 9700 §4.14.2).
    ///
    /// # Errors
    ///
    /// [`Refusal::RefreshToken`].
    pub(crate) fn refresh(&mut self, token: &str) -> Result<Grant, Refusal> {
        let known = self.refresh_tokens.get(token).ok_or(Refusal::RefreshToken)?;
        let grant = known.grant.clone();
        if known.traded {
            self.stolen_refresh_tokens += 1;
            self.revoke(&grant.code);
            return Err(Refusal::RefreshToken);
        }
        Ok(grant)
    }

    /// The same, and the token has been traded for another one.
    ///
    /// # Errors
    ///
    /// [`Refusal::RefreshToken`].
    pub(crate) fn trade(&mut self, token: &str) -> Result<Grant, Refusal> {
        let grant = self.refresh(token)?;
        if let Some(known) = self.refresh_tokens.get_mut(token) {
            known.traded = true;
        }
        Ok(grant)
    }

    pub(crate) fn revoke_refresh_tokens(&mut self) {
        self.refresh_tokens.clear();
    }

    pub(crate) fn stolen_refresh_tokens(&self) -> usize {
        self.stolen_refresh_tokens
    }

    /// Takes a token back, and with it all that came of the same sign-in, as Google does.
    pub(crate) fn hand_back(&mut self, token: &str) {
        let refresh = self.refresh_tokens.get(token).map(|refresh| &refresh.grant);
        let access = self.access_tokens.get(token).map(|access| &access.grant);
        if let Some(code) = refresh.or(access).map(|grant| grant.code.clone()) {
            self.revoke(&code);
        }
    }

    /// Revokes all that came of one code.
    fn revoke(&mut self, code: &str) {
        self.access_tokens.retain(|_, access| access.grant.code != code);
        self.refresh_tokens.retain(|_, refresh| refresh.grant.code != code);
    }

    /// Remembers the person's consent; `true` the first time.
    pub(crate) fn consent(&mut self, person: &Person) -> bool {
        self.consents.insert(person.subject.clone())
    }
}
