-- Who is shut out, since when, by whom and why.

CREATE TABLE "auth_suspensions" (
    "userId" {user id} NOT NULL,
    "since" BIGINT NOT NULL,
    "actor" TEXT,
    "reason" TEXT NOT NULL,
    CONSTRAINT "auth_suspensions_pkey" PRIMARY KEY ("userId"),
    CONSTRAINT "auth_suspensions_userId_fkey" FOREIGN KEY ("userId") REFERENCES {users} ("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
