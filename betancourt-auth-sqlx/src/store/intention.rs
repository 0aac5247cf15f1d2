//! One transaction: everything that a method of the store writes, and the audit events that tell of it.

use betancourt_auth::DEFAULT_ROLE;
use betancourt_auth::store::{
    EndedSession, Entered, Keeping, Mailbox, Meant, NewSession, OriginKey, Result, SessionOrigin,
    StoreError,
};
use betancourt_auth::{
    Account, AccountKey, AuditEvent, Secret, SessionDetails, StoredToken, Tokens, User, UserId,
    VerificationToken,
};
use time::{Duration, OffsetDateTime};

use crate::database::Transaction;
use crate::layout::Layout;
use crate::room::{Need, Room};
use crate::row::{self, no_address};
use crate::row_id::row_id;
use crate::schema::Schema;
use crate::sql::{Meaning, Sessions, Sql, Statement};
use crate::value::{Row, Value, milliseconds};

/// A transaction that nothing remains of unless it is committed.
pub(super) struct Intention<'s> {
    transaction: Box<dyn Transaction + 's>,
    schema: &'s Schema,
    room: Room,
}

impl<'s> Intention<'s> {
    pub(super) fn new(transaction: Box<dyn Transaction + 's>, schema: &'s Schema) -> Self {
        Self { transaction, schema, room: Room::default() }
    }

    /// The same, which writes of texts what there is room for.
    pub(super) fn within(self, room: Room) -> Self {
        Self { room, ..self }
    }

    /// Writes the audit events and makes all of it last.
    pub(super) async fn commit(mut self, audit: &[AuditEvent]) -> Result<()> {
        for event in audit {
            let at = milliseconds(event.at).into();
            let [user_id, actor] =
                [&event.user_id, &event.actor].map(|user| user.as_ref().map(UserId::as_str).into());
            let values = [
                at,
                event.kind.as_str().into(),
                user_id,
                actor,
                (&event.provider).into(),
                (&event.reason).into(),
                (&event.network).into(),
                (&event.device).into(),
            ];
            self.write(&self.schema.sql.insert_audit_event, &values).await?;
        }
        self.transaction.commit().await
    }

    /// Runs one statement and says how many rows it wrote.
    pub(super) async fn write(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<u64> {
        self.transaction.write(statement, values).await
    }

    /// Runs one statement and gives the first row it answers.
    pub(super) async fn read_one(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<Option<Row>> {
        Ok(self.transaction.read(statement, values).await?.into_iter().next())
    }

    /// Inserts a user who is there from `now` on.
    pub(super) async fn insert_user(&mut self, user: &User, now: OffsetDateTime) -> Result<()> {
        let Schema { layout, sql, .. } = self.schema;
        let own = self.schema.own_values(&layout.users.own, user)?;
        let fit = |column, need, text| self.room.fit(&layout.users.table, column, need, text);
        let no_address = no_address(&user.id);
        let email = user.email.as_deref().unwrap_or(&no_address);
        let now = self.schema.moment(now);
        let values = [
            Some(self.schema.id(&user.id)),
            Some(fit("name", Need::Beginning, user.name.as_deref()).into()),
            Some(fit("email", Need::Everything, Some(email)).into()),
            Some(self.schema.moment(user.email_verified)),
            Some(fit("image", Need::Whole, user.image.as_deref()).into()),
            layout.users.role.as_ref().map(|_| (&user.role).into()),
            layout.users.created_at.as_ref().map(|_| now),
            layout.users.updated_at.as_ref().map(|_| now),
        ];
        let mut values = flat(values);
        values.extend(own.iter().map(Value::from));
        self.must_write(&sql.people.insert_user, &values).await?;
        if layout.users.role.is_none() && user.role != DEFAULT_ROLE {
            self.set_role(&user.id, &user.role, None).await?;
        }
        Ok(())
    }

    /// Gives a user a role; `false` when there is no such user.
    pub(super) async fn set_role(
        &mut self,
        user: &UserId,
        role: &str,
        now: Option<OffsetDateTime>,
    ) -> Result<bool> {
        let Schema { layout: Layout { users, .. }, sql, .. } = self.schema;
        let changed = users.role.as_ref().and(users.updated_at.as_ref());
        let values = [
            Some(self.schema.id(user)),
            Some(role.into()),
            changed.map(|_| self.schema.moment(now)),
        ];
        Ok(self.write(&sql.people.set_role, &flat(values)).await? > 0)
    }

    /// Gives a user another name or picture, where there is one; `false` when there is no such user.
    pub(super) async fn set_profile(
        &mut self,
        user: &UserId,
        name: Option<&str>,
        image: Option<&str>,
        now: Option<OffsetDateTime>,
    ) -> Result<bool> {
        let Schema { layout: Layout { users, .. }, sql, .. } = self.schema;
        let values = [
            Some(self.schema.id(user)),
            Some(self.room.fit(&users.table, "name", Need::Beginning, name).into()),
            Some(self.room.fit(&users.table, "image", Need::Whole, image).into()),
            users.updated_at.as_ref().map(|_| self.schema.moment(now)),
        ];
        Ok(self.write(&sql.people.set_profile, &flat(values)).await? > 0)
    }

    /// Whether a user has a role that nobody else has who can come in. `None`: there is no such user.
    pub(super) async fn is_last_with(&mut self, role: &str, user: &UserId) -> Result<Option<bool>> {
        let Schema { sql, .. } = self.schema;
        let found = self.read_one(&sql.people.user, &[self.schema.id(user)]).await?;
        let Some(found) = found.map(|mut found| row::user(&mut found)).transpose()? else {
            return Ok(None);
        };
        if found.role != role {
            return Ok(Some(false));
        }
        let values = [role.into(), self.schema.id(user)];
        Ok(Some(self.read_one(&sql.people.others_with_role, &values).await?.is_none()))
    }

    /// Deletes a user with all that is theirs; `false` when there is no such user.
    pub(super) async fn delete_user(&mut self, user: &UserId) -> Result<bool> {
        let mut was_there = false;
        for statement in &self.schema.sql.people.delete_user {
            let written = self.write(statement, &[self.schema.id(user)]).await?;
            was_there |= written > 0;
            if !was_there {
                break;
            }
        }
        if was_there {
            self.write(&self.schema.sql.forget_visits, &[user.as_str().into()]).await?;
        }
        Ok(was_there)
    }

    /// Marks an address as proven where it was not, and says whether it became so.
    pub(super) async fn prove(&mut self, user: &UserId, mailbox: Mailbox) -> Result<bool> {
        let Mailbox::Proven(at) = mailbox else { return Ok(false) };
        let values = [self.schema.id(user), self.schema.moment(at)];
        Ok(self.write(&self.schema.sql.people.prove_address, &values).await? > 0)
    }

    /// Lets somebody in who came without an account. Who proves an address first finds nothing from before.
    pub(super) async fn enter(&mut self, user: &UserId, mailbox: Mailbox) -> Result<Entered> {
        let Mailbox::Proven(at) = mailbox else { return Ok(Entered::default()) };
        let Schema { sql, .. } = self.schema;
        if !self.prove(user, mailbox).await? {
            let values = [self.schema.id(user), self.schema.moment(at)];
            self.write(&sql.people.prove_address_again, &values).await?;
            return Ok(Entered::default());
        }
        let untied = self.write(&sql.accounts.delete_accounts, &[self.schema.id(user)]).await?;
        let ended = self.end_sessions(user, at - Duration::milliseconds(1)).await?;
        Ok(Entered { evicted: 0, unproven: untied + ended, is_first_proof: true })
    }

    /// Inserts an account with its details.
    pub(super) async fn insert_account(&mut self, account: &Account) -> Result<()> {
        let Account { key, user_id, kind, tokens, details, .. } = account;
        let Schema { layout, sql, .. } = self.schema;
        let own = self.schema.own_values(&layout.accounts.own, account)?;
        let row_id = row_id()?;
        let mut values = vec![self.schema.id(user_id), kind.into()];
        values.extend(self.new_key_of(key));
        values.extend(self.columns_of(tokens));
        values.extend(layout.accounts.row_id.as_ref().map(|_| Value::from(&row_id)));
        let changed = layout.accounts.updated_at.as_ref();
        let linked_at = details.linked_at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        values.extend(changed.map(|_| self.schema.moment(linked_at)));
        values.extend(own.iter().map(Value::from));
        self.must_write(&sql.accounts.insert_account, &values).await?;

        let claims = serde_json::to_string(&details.claims).map_err(StoreError::unavailable)?;
        let [provider, subject] = key_of(key);
        let values =
            [provider, subject, details.linked_at.map(milliseconds).into(), (&claims).into()];
        self.write(&sql.accounts.insert_details, &values).await?;
        Ok(())
    }

    /// Brings the tokens of an account up to date.
    pub(super) async fn update_account(&mut self, account: &Account) -> Result<()> {
        let Account { key, user_id, tokens, details, .. } = account;
        let mut values = key_of(key).to_vec();
        values.push(self.schema.id(user_id));
        values.extend(self.columns_of(tokens));
        self.must_write(&self.schema.sql.accounts.update_account, &values).await?;
        if details.reauth_since.is_some() {
            self.set_reauth(key, None).await?;
        }
        Ok(())
    }

    /// Puts tokens in place of those of an account; `false` when there is no such account.
    pub(super) async fn replace_tokens(
        &mut self,
        key: &AccountKey,
        tokens: &Tokens,
    ) -> Result<bool> {
        let values: Vec<_> = key_of(key).into_iter().chain(self.columns_of(tokens)).collect();
        Ok(self.write(&self.schema.sql.accounts.replace_tokens, &values).await? > 0)
    }

    /// Writes down since when a person has to sign in with an account again.
    pub(super) async fn set_reauth(
        &mut self,
        key: &AccountKey,
        since: Option<OffsetDateTime>,
    ) -> Result<()> {
        let [provider, subject] = key_of(key);
        let values = [provider, subject, since.map(milliseconds).into()];
        self.write(&self.schema.sql.accounts.set_reauth, &values).await?;
        Ok(())
    }

    /// The accounts of a user, as this transaction sees them.
    pub(super) async fn accounts(&mut self, user: &UserId) -> Result<Vec<Account>> {
        let id = self.schema.id(user);
        let mut rows = self.transaction.read(&self.schema.sql.accounts.all_accounts, &[id]).await?;
        rows.iter_mut().filter_map(|found| row::account(found, user).transpose()).collect()
    }

    /// Unties one account of a user.
    pub(super) async fn delete_account(&mut self, user: &UserId, key: &AccountKey) -> Result<()> {
        let [provider, subject] = key_of(key);
        let values = [self.schema.id(user), provider, subject];
        self.write(&self.schema.sql.accounts.delete_account, &values).await?;
        Ok(())
    }

    /// Takes all verification tokens of an address.
    pub(super) async fn take_tokens(&mut self, identifier: &str) -> Result<Vec<VerificationToken>> {
        let Schema { sql, .. } = self.schema;
        let mut rows = self.transaction.read(&sql.tokens.take, &[identifier.into()]).await?;
        if let Some(remove) = &sql.tokens.remove {
            self.write(remove, &[identifier.into()]).await?;
        }
        rows.iter_mut().map(|found| row::verification_token(found, identifier)).collect()
    }

    /// Ends all sessions of a user, sealed ones by a cut, and says how many had a row.
    pub(super) async fn end_sessions(
        &mut self,
        user: &UserId,
        not_before: OffsetDateTime,
    ) -> Result<u64> {
        let Schema { sql, .. } = self.schema;
        let id = self.schema.id(user);
        self.write(&sql.sealed.cut, &[id, milliseconds(not_before).into()]).await?;
        self.write(&sql.sealed.forget_all, &[id]).await?;
        self.write(&sql.sessions.end_all, &[id]).await
    }

    /// Inserts a session with its details, ends those that it replaces, and evicts what is too many.
    pub(super) async fn insert_session(&mut self, session: &NewSession) -> Result<u64> {
        for replaced in session.replaces.iter().filter(|replaced| **replaced != session.token) {
            self.end_session(replaced).await?;
            if let Some(remember_until) = session.keeping.remember_until() {
                self.end_sealed(replaced, remember_until).await?;
            }
        }
        match session.keeping {
            Keeping::Stored => self.insert_stored(session).await,
            Keeping::Sealed { .. } => self.insert_sealed(session).await,
            Keeping::Elsewhere { .. } => self.must_be_there(&session.user_id).await,
        }
    }

    async fn insert_stored(&mut self, session: &NewSession) -> Result<u64> {
        let NewSession { token, user_id, expires, details, origin, keep, .. } = session;
        let Schema { layout, sql, .. } = self.schema;
        let own = self.schema.own_values(&layout.sessions.own, session)?;
        let (token, id, row_id) = (token.as_str().into(), self.schema.id(user_id), row_id()?);
        let mut values = flat([
            Some(token),
            Some(id),
            Some(self.schema.moment(*expires)),
            layout.sessions.row_id.as_ref().map(|_| (&row_id).into()),
            layout.sessions.updated_at.as_ref().map(|_| self.schema.moment(details.created_at)),
        ]);
        values.extend(own.iter().map(Value::from));
        let Sessions { insert_session, insert_details, evict, .. } = &sql.sessions;
        let details = columns_of_details(details).into_iter().chain(columns_of_origin(origin));
        if insert_details.is_none() {
            values.extend(details.clone());
        }
        let mut inserted = self.transaction.read(insert_session, &values).await?;
        let others = inserted.first_mut().ok_or_else(StoreError::conflict)?.required_number()?;
        if let Some(insert_details) = insert_details {
            let values: Vec<_> = [token].into_iter().chain(details).collect();
            self.write(insert_details, &values).await?;
        }

        let too_many = others + 1 - i64::from(*keep);
        if too_many <= 0 {
            return Ok(0);
        }
        self.write(evict, &[id, token, too_many.into()]).await
    }

    async fn insert_sealed(&mut self, session: &NewSession) -> Result<u64> {
        let NewSession { token, user_id, expires, details, origin, .. } = session;
        let mut values =
            vec![token.as_str().into(), self.schema.id(user_id), milliseconds(*expires).into()];
        values.extend(columns_of_details(details));
        values.extend(columns_of_origin(origin));
        self.must_write(&self.schema.sql.sealed.insert, &values).await?;
        Ok(0)
    }

    /// What a session that is kept elsewhere asks for: somebody whose it is, and who may come in.
    async fn must_be_there(&mut self, user: &UserId) -> Result<u64> {
        let admitted = &self.schema.sql.people.admitted;
        let found = self.read_one(admitted, &[self.schema.id(user)]).await?;
        found.map(|_| 0).ok_or_else(StoreError::conflict)
    }

    /// Ends a session and says how many that were: one or none.
    pub(super) async fn end_session(&mut self, token: &StoredToken) -> Result<u64> {
        self.write(&self.schema.sql.sessions.end, &[token.as_str().into()]).await
    }

    /// Remembers that a sealed session has ended and says how many that were: one, or none if it was known.
    pub(super) async fn end_sealed(
        &mut self,
        session: &StoredToken,
        expires: OffsetDateTime,
    ) -> Result<u64> {
        let Schema { sql, .. } = self.schema;
        let session = session.as_str().into();
        self.write(&sql.sealed.forget, &[session]).await?;
        self.write(&sql.sealed.end, &[session, milliseconds(expires).into()]).await
    }

    /// Ends the sessions that a provider means, stored and sealed, and says which.
    pub(super) async fn end_sessions_from(
        &mut self,
        meant: &Meant,
        remember_until: OffsetDateTime,
    ) -> Result<Vec<EndedSession>> {
        let Sql { sessions, sealed, .. } = &self.schema.sql;
        let mut ended = Vec::new();
        for session in self.meant(&sessions.from, meant).await? {
            if self.end_session(&session.token).await? > 0 {
                ended.push(session);
            }
        }
        for session in self.meant(&sealed.from, meant).await? {
            if self.end_sealed(&session.token, remember_until).await? > 0 {
                ended.push(session);
            }
        }
        Ok(ended)
    }

    async fn meant(&mut self, from: &Meaning, meant: &Meant) -> Result<Vec<EndedSession>> {
        let (statement, key) = match meant {
            Meant::Subject(subject) | Meant::SessionOf { subject, .. } => {
                (&from.of_subject, subject)
            }
            Meant::Session(session) => (&from.of_session, session),
        };
        let mut found = Vec::new();
        for mut row in self.transaction.read(statement, &[key.as_str().into()]).await? {
            let (session, origin) = row::begun(&mut row)?;
            found.extend(origin.filter(|origin| meant.includes(origin)).map(|_| session));
        }
        Ok(found)
    }

    /// The key of an account that is not there yet.
    fn new_key_of<'k>(&self, key: &'k AccountKey) -> [Value<'k>; 2] {
        let Layout { accounts, .. } = &self.schema.layout;
        let fit = |column, text| {
            Value::from(self.room.fit(&accounts.table, column, Need::Everything, Some(text)))
        };
        [fit("provider", &key.provider), fit(&accounts.provider_account_id, &key.subject)]
    }

    /// The seven columns of an account that a token response fills. When an access token expires is said of none that is
    /// left out.
    fn columns_of<'t>(&self, tokens: &'t Tokens) -> [Value<'t>; 7] {
        let table = &self.schema.layout.accounts.table;
        let whole = |column, text| self.room.fit(table, column, Need::Whole, text);
        let secret =
            |column, secret: &'t Option<Secret>| whole(column, secret.as_ref().map(Secret::expose));
        let access_token = secret("access_token", &tokens.access_token);
        let is_left_out = access_token.is_none() && tokens.access_token.is_some();
        [
            access_token.into(),
            secret("refresh_token", &tokens.refresh_token).into(),
            secret("id_token", &tokens.id_token).into(),
            tokens.expires_at.filter(|_| !is_left_out).into(),
            whole("token_type", tokens.token_type.as_deref()).into(),
            whole("scope", tokens.scope.as_deref()).into(),
            whole("session_state", tokens.session_state.as_deref()).into(),
        ]
    }

    /// Runs a statement that writes a row, unless somebody else was first.
    async fn must_write(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<()> {
        match self.write(statement, values).await? {
            0 => Err(StoreError::conflict()),
            _ => Ok(()),
        }
    }
}

/// The values for the columns that a layout has.
fn flat<'v, const N: usize>(values: [Option<Value<'v>>; N]) -> Vec<Value<'v>> {
    values.into_iter().flatten().collect()
}

fn key_of(key: &AccountKey) -> [Value<'_>; 2] {
    [(&key.provider).into(), (&key.subject).into()]
}

/// The four columns of a session's details that are known when it begins.
fn columns_of_details(details: &SessionDetails) -> [Value<'_>; 4] {
    [
        milliseconds(details.created_at).into(),
        milliseconds(details.authenticated_at).into(),
        (&details.method).into(),
        (&details.device).into(),
    ]
}

/// The two columns of where a session began.
fn columns_of_origin(origin: &Option<SessionOrigin>) -> [Value<'_>; 2] {
    let subject = origin.as_ref().map(|origin| origin.subject.as_str());
    let session = origin.as_ref().and_then(|origin| origin.session.as_ref());
    [subject.into(), session.map(OriginKey::as_str).into()]
}
