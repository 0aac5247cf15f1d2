//! Every query, once, as text.
//!
//! Written so that one text serves several databases: numbered placeholders, quoted names, standard SQL wherever it
//! has a form. Columns are read by their position, so their order here is the order in which `row` takes them.

pub(crate) const USER: &str = r#"
    SELECT u."id", u."name", u."email", u."emailVerified", u."image", u."role"
    FROM "users" u
    WHERE u."id" = $1"#;

pub(crate) const USER_BY_EMAIL: &str = r#"
    SELECT u."id", u."name", u."email", u."emailVerified", u."image", u."role"
    FROM "users" u
    WHERE u."email" = $1"#;

pub(crate) const INSERT_USER: &str = r#"
    INSERT INTO "users" ("id", "name", "email", "emailVerified", "image", "role", "createdAt", "updatedAt")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"#;

pub(crate) const SET_ROLE: &str = r#"
    UPDATE "users" SET "role" = $2, "updatedAt" = COALESCE($3, "updatedAt")
    WHERE "id" = $1"#;

pub(crate) const DELETE_USER: &str = r#"
    DELETE FROM "users"
    WHERE "id" = $1"#;

/// The owner of the account, the owner of the address, or the one person who is both.
pub(crate) const CANDIDATES: &str = r#"
    SELECT u."id", u."name", u."email", u."emailVerified", u."image", u."role",
        a."provider", a."providerAccountId", a."type", a."access_token", a."refresh_token", a."id_token",
        a."expires_at", a."token_type", a."scope", a."session_state", d."linkedAt", d."claims", d."reauthSince"
    FROM "users" u
    LEFT JOIN "accounts" a ON a."userId" = u."id" AND a."provider" = $1 AND a."providerAccountId" = $2
    LEFT JOIN "auth_accounts" d ON d."provider" = a."provider" AND d."providerAccountId" = a."providerAccountId"
    WHERE u."email" = $3
        OR u."id" = (SELECT "userId" FROM "accounts" WHERE "provider" = $1 AND "providerAccountId" = $2)"#;

/// An account that Auth.js made has no moment of linking, and is older than ours.
pub(crate) const ACCOUNTS: &str = r#"
    SELECT a."provider", a."providerAccountId", a."type", a."access_token", a."refresh_token", a."id_token",
        a."expires_at", a."token_type", a."scope", a."session_state", d."linkedAt", d."claims", d."reauthSince"
    FROM "accounts" a
    LEFT JOIN "auth_accounts" d ON d."provider" = a."provider" AND d."providerAccountId" = a."providerAccountId"
    WHERE a."userId" = $1
    ORDER BY COALESCE(d."linkedAt", 0), a."provider", a."providerAccountId""#;

pub(crate) const ACCOUNT: &str = r#"
    SELECT a."userId", a."provider", a."providerAccountId", a."type", a."access_token", a."refresh_token", a."id_token",
        a."expires_at", a."token_type", a."scope", a."session_state", d."linkedAt", d."claims", d."reauthSince"
    FROM "accounts" a
    LEFT JOIN "auth_accounts" d ON d."provider" = a."provider" AND d."providerAccountId" = a."providerAccountId"
    WHERE a."provider" = $1 AND a."providerAccountId" = $2"#;

pub(crate) const DELETE_ACCOUNT: &str = r#"
    DELETE FROM "accounts"
    WHERE "userId" = $1 AND "provider" = $2 AND "providerAccountId" = $3"#;

pub(crate) const DELETE_ACCOUNTS: &str = r#"
    DELETE FROM "accounts"
    WHERE "userId" = $1"#;

pub(crate) const INSERT_ACCOUNT: &str = r#"
    INSERT INTO "accounts" ("id", "userId", "type", "provider", "providerAccountId", "access_token", "refresh_token",
        "id_token", "expires_at", "token_type", "scope", "session_state")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#;

pub(crate) const INSERT_ACCOUNT_DETAILS: &str = r#"
    INSERT INTO "auth_accounts" ("provider", "providerAccountId", "linkedAt", "claims")
    VALUES ($1, $2, $3, $4)"#;

pub(crate) const UPDATE_ACCOUNT: &str = r#"
    UPDATE "accounts" SET
        "access_token" = COALESCE($4, "access_token"),
        "refresh_token" = COALESCE($5, "refresh_token"),
        "id_token" = COALESCE($6, "id_token"),
        "expires_at" = COALESCE($7, "expires_at"),
        "token_type" = COALESCE($8, "token_type"),
        "scope" = COALESCE($9, "scope"),
        "session_state" = COALESCE($10, "session_state")
    WHERE "provider" = $1 AND "providerAccountId" = $2 AND "userId" = $3"#;

/// Puts other tokens in place of all that are there.
pub(crate) const REPLACE_TOKENS: &str = r#"
    UPDATE "accounts" SET
        "access_token" = $3, "refresh_token" = $4, "id_token" = $5,
        "expires_at" = $6, "token_type" = $7, "scope" = $8, "session_state" = $9
    WHERE "provider" = $1 AND "providerAccountId" = $2"#;

/// An account that Auth.js made has no details yet.
pub(crate) const SET_REAUTH: &str = r#"
    INSERT INTO "auth_accounts" ("provider", "providerAccountId", "claims", "reauthSince")
    VALUES ($1, $2, '{}', $3)
    ON CONFLICT ("provider", "providerAccountId") DO UPDATE SET "reauthSince" = $3"#;

pub(crate) const PROVE_ADDRESS: &str = r#"
    UPDATE "users" SET "emailVerified" = $2
    WHERE "id" = $1 AND "emailVerified" IS NULL"#;

pub(crate) const PROVE_ADDRESS_AGAIN: &str = r#"
    UPDATE "users" SET "emailVerified" = $2
    WHERE "id" = $1"#;

pub(crate) const SESSION: &str = r#"
    SELECT u."id", u."name", u."email", u."emailVerified", u."image", u."role",
        s."expires", d."createdAt", d."authenticatedAt", d."method", d."device", d."seenAt"
    FROM "sessions" s
    JOIN "users" u ON u."id" = s."userId"
    LEFT JOIN "auth_sessions" d ON d."sessionToken" = s."sessionToken"
    WHERE s."sessionToken" = $1"#;

/// Answers how many other sessions the user has.
pub(crate) const INSERT_SESSION: &str = r#"
    INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires")
    VALUES ($1, $2, $3, $4)
    RETURNING (SELECT COUNT(*) FROM "sessions" WHERE "userId" = $3 AND "sessionToken" <> $2)"#;

pub(crate) const INSERT_SESSION_DETAILS: &str = r#"
    INSERT INTO "auth_sessions" ("sessionToken", "createdAt", "authenticatedAt", "method", "device")
    VALUES ($1, $2, $3, $4, $5)"#;

/// The sessions of a user that live at a moment.
pub(crate) const SESSIONS: &str = r#"
    SELECT s."sessionToken", s."expires", d."createdAt", d."authenticatedAt", d."method", d."device", d."seenAt"
    FROM "sessions" s
    LEFT JOIN "auth_sessions" d ON d."sessionToken" = s."sessionToken"
    WHERE s."userId" = $1 AND s."expires" > $2
    ORDER BY s."expires" DESC"#;

pub(crate) const SEALED_SESSIONS: &str = r#"
    SELECT "session", "expires", "createdAt", "authenticatedAt", "method", "device", "seenAt"
    FROM "auth_sealed"
    WHERE "userId" = $1 AND "expires" > $2
    ORDER BY "expires" DESC"#;

pub(crate) const INSERT_SEALED: &str = r#"
    INSERT INTO "auth_sealed" ("session", "userId", "expires", "createdAt", "authenticatedAt", "method", "device")
    VALUES ($1, $2, $3, $4, $5, $6, $7)"#;

pub(crate) const TOUCH_SESSION: &str = r#"
    UPDATE "auth_sessions" SET "seenAt" = $2
    WHERE "sessionToken" = $1"#;

pub(crate) const TOUCH_SEALED: &str = r#"
    UPDATE "auth_sealed" SET "seenAt" = $2, "expires" = $3
    WHERE "session" = $1"#;

pub(crate) const EVICT_SESSIONS: &str = r#"
    DELETE FROM "sessions"
    WHERE "id" IN (SELECT "id" FROM (
        SELECT "id" FROM "sessions" WHERE "userId" = $1 AND "sessionToken" <> $2 ORDER BY "expires" LIMIT $3
    ) AS first_to_end)"#;

pub(crate) const EXTEND_SESSION: &str = r#"
    UPDATE "sessions" SET "expires" = CASE WHEN "expires" < $2 THEN $2 ELSE "expires" END
    WHERE "sessionToken" = $1"#;

pub(crate) const END_SESSION: &str = r#"
    DELETE FROM "sessions"
    WHERE "sessionToken" = $1"#;

pub(crate) const END_SESSIONS: &str = r#"
    DELETE FROM "sessions"
    WHERE "userId" = $1"#;

pub(crate) const END_OTHER_SESSIONS: &str = r#"
    DELETE FROM "sessions"
    WHERE "userId" = $1 AND "sessionToken" <> $2"#;

/// Remembers all sealed sessions of a user but one as ended.
pub(crate) const END_OTHER_SEALED: &str = r#"
    INSERT INTO "auth_ended" ("session", "expires")
    SELECT "session", $3 FROM "auth_sealed" WHERE "userId" = $1 AND "session" <> $2
    ON CONFLICT ("session") DO NOTHING"#;

pub(crate) const FORGET_SEALED: &str = r#"
    DELETE FROM "auth_sealed"
    WHERE "session" = $1"#;

pub(crate) const FORGET_ALL_SEALED: &str = r#"
    DELETE FROM "auth_sealed"
    WHERE "userId" = $1"#;

pub(crate) const FORGET_OTHER_SEALED: &str = r#"
    DELETE FROM "auth_sealed"
    WHERE "userId" = $1 AND "session" <> $2"#;

/// The cut is made for a user who is there, and never moves back.
pub(crate) const CUT_SESSIONS: &str = r#"
    INSERT INTO "auth_users" ("userId", "notBefore")
    SELECT "id", $2 FROM "users" WHERE "id" = $1
    ON CONFLICT ("userId") DO UPDATE SET
        "notBefore" = CASE WHEN "auth_users"."notBefore" < $2 THEN $2 ELSE "auth_users"."notBefore" END"#;

pub(crate) const STANDING: &str = r#"
    SELECT u."id", u."name", u."email", u."emailVerified", u."image", u."role",
        c."notBefore", (SELECT COUNT(*) FROM "auth_ended" WHERE "session" = $2)
    FROM "users" u
    LEFT JOIN "auth_users" c ON c."userId" = u."id"
    WHERE u."id" = $1"#;

pub(crate) const END_SEALED: &str = r#"
    INSERT INTO "auth_ended" ("session", "expires")
    VALUES ($1, $2)
    ON CONFLICT ("session") DO NOTHING"#;

/// Plain tokens that Auth.js wrote: those that sort outside of everything that begins with `s256:`.
pub(crate) const PLAIN_SESSIONS: &str = r#"
    SELECT "id", "sessionToken", "expires"
    FROM "sessions"
    WHERE "sessionToken" < 's256:' OR "sessionToken" >= 's256;'
    LIMIT $1"#;

pub(crate) const HASH_SESSION: &str = r#"
    UPDATE "sessions" SET "sessionToken" = $2, "expires" = $3
    WHERE "id" = $1"#;

pub(crate) const DROP_TOKENS: &str = r#"
    DELETE FROM "verification_tokens"
    WHERE "identifier" = $1"#;

pub(crate) const INSERT_TOKEN: &str = r#"
    INSERT INTO "verification_tokens" ("identifier", "token", "expires")
    VALUES ($1, $2, $3)"#;

pub(crate) const TOKENS: &str = r#"
    SELECT "token", "expires"
    FROM "verification_tokens"
    WHERE "identifier" = $1"#;

pub(crate) const SPEND: &str = r#"
    INSERT INTO "auth_spent" ("handshake", "expires")
    VALUES ($1, $2)
    ON CONFLICT ("handshake") DO NOTHING"#;

pub(crate) const COUNT: &str = r#"
    INSERT INTO "auth_counters" ("key", "count", "expires")
    VALUES ($1, 1, $3)
    ON CONFLICT ("key") DO UPDATE SET
        "count" = CASE WHEN "auth_counters"."expires" <= $2 THEN 1 ELSE "auth_counters"."count" + 1 END,
        "expires" = CASE WHEN "auth_counters"."expires" <= $2 THEN $3 ELSE "auth_counters"."expires" END
    RETURNING "count""#;

/// One for each kind of row that ends.
pub(crate) const SWEEPS: [&str; 6] = [
    r#"
    DELETE FROM "sessions"
    WHERE "id" IN (SELECT "id" FROM (
        SELECT "id" FROM "sessions" WHERE "expires" <= $1 LIMIT $2
    ) AS ended)"#,
    r#"
    DELETE FROM "verification_tokens"
    WHERE "token" IN (SELECT "token" FROM (
        SELECT "token" FROM "verification_tokens" WHERE "expires" <= $1 LIMIT $2
    ) AS ended)"#,
    r#"
    DELETE FROM "auth_sealed"
    WHERE "session" IN (SELECT "session" FROM (
        SELECT "session" FROM "auth_sealed" WHERE "expires" <= $1 LIMIT $2
    ) AS ended)"#,
    r#"
    DELETE FROM "auth_ended"
    WHERE "session" IN (SELECT "session" FROM (
        SELECT "session" FROM "auth_ended" WHERE "expires" <= $1 LIMIT $2
    ) AS ended)"#,
    r#"
    DELETE FROM "auth_spent"
    WHERE "handshake" IN (SELECT "handshake" FROM (
        SELECT "handshake" FROM "auth_spent" WHERE "expires" <= $1 LIMIT $2
    ) AS ended)"#,
    r#"
    DELETE FROM "auth_counters"
    WHERE "key" IN (SELECT "key" FROM (
        SELECT "key" FROM "auth_counters" WHERE "expires" <= $1 LIMIT $2
    ) AS ended)"#,
];

pub(crate) const INSERT_AUDIT_EVENT: &str = r#"
    INSERT INTO "auth_audit" ("at", "kind", "userId", "provider", "reason", "network")
    VALUES ($1, $2, $3, $4, $5, $6)"#;

pub(crate) const AUDIT_LOG: &str = r#"
    SELECT "at", "kind", "userId", "provider", "reason", "network"
    FROM "auth_audit"
    ORDER BY "at" DESC, "id" DESC
    LIMIT $1"#;

pub(crate) const PING: &str = "SELECT 1";
