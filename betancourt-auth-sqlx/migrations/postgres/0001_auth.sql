-- What we keep beside the tables of Auth.js. Moments are milliseconds since 1970.

CREATE TABLE "auth_sessions" (
    "sessionToken" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "authenticatedAt" BIGINT NOT NULL,
    "method" TEXT NOT NULL,
    "device" TEXT,
    "seenAt" BIGINT,
    CONSTRAINT "auth_sessions_pkey" PRIMARY KEY ("sessionToken"){of a session}
);

CREATE TABLE "auth_accounts" (
    "provider" TEXT NOT NULL,
    "providerAccountId" TEXT NOT NULL,
    "linkedAt" BIGINT,
    "claims" TEXT NOT NULL,
    "reauthSince" BIGINT,
    CONSTRAINT "auth_accounts_pkey" PRIMARY KEY ("provider", "providerAccountId"){of an account}
);

-- What people may do, where the table of users has no column for it.
CREATE TABLE "auth_roles" (
    "userId" {user id} NOT NULL,
    "role" TEXT NOT NULL,
    CONSTRAINT "auth_roles_pkey" PRIMARY KEY ("userId"),
    CONSTRAINT "auth_roles_userId_fkey" FOREIGN KEY ("userId") REFERENCES {users} ("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);

-- What ends sessions that are sealed in cookies, and so have no row of Auth.js.
CREATE TABLE "auth_users" (
    "userId" {user id} NOT NULL,
    "notBefore" BIGINT NOT NULL,
    CONSTRAINT "auth_users_pkey" PRIMARY KEY ("userId"),
    CONSTRAINT "auth_users_userId_fkey" FOREIGN KEY ("userId") REFERENCES {users} ("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "auth_ended" (
    "session" TEXT NOT NULL,
    "expires" BIGINT NOT NULL,
    CONSTRAINT "auth_ended_pkey" PRIMARY KEY ("session")
);
CREATE INDEX "auth_ended_expires_idx" ON "auth_ended" ("expires");

CREATE TABLE "auth_sealed" (
    "session" TEXT NOT NULL,
    "userId" {user id} NOT NULL,
    "expires" BIGINT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "authenticatedAt" BIGINT NOT NULL,
    "method" TEXT NOT NULL,
    "device" TEXT,
    "seenAt" BIGINT,
    CONSTRAINT "auth_sealed_pkey" PRIMARY KEY ("session"),
    CONSTRAINT "auth_sealed_userId_fkey" FOREIGN KEY ("userId") REFERENCES {users} ("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "auth_sealed_userId_idx" ON "auth_sealed" ("userId");
CREATE INDEX "auth_sealed_expires_idx" ON "auth_sealed" ("expires");

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
    "id" BIGINT GENERATED ALWAYS AS IDENTITY,
    "at" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "userId" TEXT,
    "provider" TEXT,
    "reason" TEXT,
    "network" TEXT,
    CONSTRAINT "auth_audit_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "auth_audit_at_idx" ON "auth_audit" ("at");
