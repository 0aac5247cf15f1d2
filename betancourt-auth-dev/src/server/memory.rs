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
    refresh_tokens: HashMap<String, Grant>,
    consents: HashSet<String>,
    reused_codes: usize,
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
            self.access_tokens.retain(|_, access| access.grant.code != code);
            self.refresh_tokens.retain(|_, grant| grant.code != code);
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
        self.refresh_tokens.insert(token.clone(), grant);
        token
    }

    pub(crate) fn refresh(&self, token: &str) -> Result<Grant, Refusal> {
        self.refresh_tokens.get(token).cloned().ok_or(Refusal::RefreshToken)
    }

    /// Remembers the person's consent; `true` the first time.
    pub(crate) fn consent(&mut self, person: &Person) -> bool {
        self.consents.insert(person.subject.clone())
    }
}
