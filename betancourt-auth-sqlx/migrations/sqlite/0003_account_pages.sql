-- What lists of accounts and sessions show, and sealed sessions, so that they can be listed.

ALTER TABLE "auth_sessions" ADD COLUMN "seenAt" BIGINT;

ALTER TABLE "auth_accounts" ADD COLUMN "reauthSince" BIGINT;

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
