-- Whose data is to be deleted, since a provider told us so. A row without a user is done; it stays, so that the person can
-- see that.

CREATE TABLE "auth_deletions" (
    "code" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "userId" {user id},
    "requestedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT,
    CONSTRAINT "auth_deletions_pkey" PRIMARY KEY ("code"),
    CONSTRAINT "auth_deletions_userId_fkey" FOREIGN KEY ("userId") REFERENCES {users} ("id")
        ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX "auth_deletions_userId_idx" ON "auth_deletions" ("userId");
