-- The tables of Auth.js, as Prisma makes them. Moments are milliseconds since 1970, as Prisma's engine writes them.

CREATE TABLE IF NOT EXISTS "users" (
    "id" TEXT NOT NULL,
    "name" TEXT,
    "email" TEXT NOT NULL,
    "emailVerified" DATETIME,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'CLIENT',
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX IF NOT EXISTS "users_email_key" ON "users" ("email");

CREATE TABLE IF NOT EXISTS "accounts" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "providerAccountId" TEXT NOT NULL,
    "refresh_token" TEXT,
    "access_token" TEXT,
    "expires_at" INTEGER,
    "token_type" TEXT,
    "scope" TEXT,
    "id_token" TEXT,
    "session_state" TEXT,
    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "accounts_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS "accounts_provider_providerAccountId_key"
    ON "accounts" ("provider", "providerAccountId");
CREATE INDEX IF NOT EXISTS "accounts_userId_idx" ON "accounts" ("userId");

CREATE TABLE IF NOT EXISTS "sessions" (
    "id" TEXT NOT NULL,
    "sessionToken" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "expires" DATETIME NOT NULL,
    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sessions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS "sessions_sessionToken_key" ON "sessions" ("sessionToken");
CREATE INDEX IF NOT EXISTS "sessions_userId_idx" ON "sessions" ("userId");

CREATE TABLE IF NOT EXISTS "verification_tokens" (
    "identifier" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires" DATETIME NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS "verification_tokens_token_key" ON "verification_tokens" ("token");
CREATE UNIQUE INDEX IF NOT EXISTS "verification_tokens_identifier_token_key"
    ON "verification_tokens" ("identifier", "token");

-- What we keep beside them.

CREATE TABLE "auth_sessions" (
    "sessionToken" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "authenticatedAt" BIGINT NOT NULL,
    "method" TEXT NOT NULL,
    "device" TEXT,
    CONSTRAINT "auth_sessions_pkey" PRIMARY KEY ("sessionToken"),
    CONSTRAINT "auth_sessions_sessionToken_fkey" FOREIGN KEY ("sessionToken") REFERENCES "sessions" ("sessionToken")
        ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "auth_accounts" (
    "provider" TEXT NOT NULL,
    "providerAccountId" TEXT NOT NULL,
    "linkedAt" BIGINT,
    "claims" TEXT NOT NULL,
    CONSTRAINT "auth_accounts_pkey" PRIMARY KEY ("provider", "providerAccountId"),
    CONSTRAINT "auth_accounts_provider_providerAccountId_fkey" FOREIGN KEY ("provider", "providerAccountId")
        REFERENCES "accounts" ("provider", "providerAccountId") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "auth_spent" (
    "handshake" TEXT NOT NULL,
    "expires" BIGINT NOT NULL,
    CONSTRAINT "auth_spent_pkey" PRIMARY KEY ("handshake")
);
CREATE INDEX "auth_spent_expires_idx" ON "auth_spent" ("expires");

CREATE TABLE "auth_counters" (
    "key" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "expires" BIGINT NOT NULL,
    CONSTRAINT "auth_counters_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "auth_counters_expires_idx" ON "auth_counters" ("expires");

-- No foreign key: what happened stays known after the user is gone.
CREATE TABLE "auth_audit" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "userId" TEXT,
    "provider" TEXT,
    "reason" TEXT,
    "network" TEXT
);
CREATE INDEX "auth_audit_at_idx" ON "auth_audit" ("at");
