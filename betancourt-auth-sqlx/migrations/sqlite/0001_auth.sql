-- What we keep beside the tables of Auth.js.

CREATE TABLE "auth_sessions" (
    "sessionToken" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "authenticatedAt" BIGINT NOT NULL,
    "method" TEXT NOT NULL,
    "device" TEXT,
    CONSTRAINT "auth_sessions_pkey" PRIMARY KEY ("sessionToken"){of a session}
);

CREATE TABLE "auth_accounts" (
    "provider" TEXT NOT NULL,
    "providerAccountId" TEXT NOT NULL,
    "linkedAt" BIGINT,
    "claims" TEXT NOT NULL,
    CONSTRAINT "auth_accounts_pkey" PRIMARY KEY ("provider", "providerAccountId"){of an account}
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
