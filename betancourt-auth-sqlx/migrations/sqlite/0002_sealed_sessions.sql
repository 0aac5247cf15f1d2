-- What ends sessions that are sealed in cookies, and so have no row of their own.

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
