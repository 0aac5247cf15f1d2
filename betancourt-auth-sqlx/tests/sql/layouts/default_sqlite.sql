-- A database as `prisma migrate` makes it for the schema of an Auth.js application on SQLite, with some life in it.

CREATE TABLE "users" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT,
    "email" TEXT NOT NULL,
    "emailVerified" DATETIME,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'CLIENT',
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL
);

CREATE TABLE "accounts" (
    "id" TEXT NOT NULL PRIMARY KEY,
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
    CONSTRAINT "accounts_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "sessions" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "sessionToken" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "expires" DATETIME NOT NULL,
    CONSTRAINT "sessions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "verification_tokens" (
    "identifier" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires" DATETIME NOT NULL
);

CREATE UNIQUE INDEX "users_email_key" ON "users"("email");
CREATE INDEX "accounts_userId_idx" ON "accounts"("userId");
CREATE UNIQUE INDEX "accounts_provider_providerAccountId_key" ON "accounts"("provider", "providerAccountId");
CREATE UNIQUE INDEX "sessions_sessionToken_key" ON "sessions"("sessionToken");
CREATE INDEX "sessions_userId_idx" ON "sessions"("userId");
CREATE UNIQUE INDEX "verification_tokens_token_key" ON "verification_tokens"("token");
CREATE UNIQUE INDEX "verification_tokens_identifier_token_key" ON "verification_tokens"("identifier", "token");

INSERT INTO "users" ("id", "name", "email", "emailVerified", "image", "role", "createdAt", "updatedAt") VALUES
    ('cm3old0000000000000000001', 'Ada', 'ada@example.com', 1764122400123, NULL, 'ADMIN', 1764122400123, 1764122400123),
    ('cm3old0000000000000000002', NULL, 'ben@example.com', '2025-11-26T02:00:00.456Z', NULL, 'CLIENT', '2025-11-26 02:00:00', 1764122400123);

INSERT INTO "accounts" ("id", "userId", "type", "provider", "providerAccountId", "access_token", "expires_at", "scope") VALUES
    ('cm3old0000000000000000003', 'cm3old0000000000000000001', 'oidc', 'google', '1042', 'access-in-clear', 1764126000, 'openid');

INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires") VALUES
    ('cm3old0000000000000000004', '4f9c2a52-6f5e-4a0a-9d1f-0a3c5b7d9e11', 'cm3old0000000000000000001', 1999999999123),
    ('cm3old0000000000000000005', 'zzzzzzzz-text-as-some-drivers-write-it', 'cm3old0000000000000000002', '2033-05-18T03:33:19.456+00:00');
