-- What people may do, where the table of users has no column for it.

CREATE TABLE "auth_roles" (
    "userId" {user id} NOT NULL,
    "role" TEXT NOT NULL,
    CONSTRAINT "auth_roles_pkey" PRIMARY KEY ("userId"),
    CONSTRAINT "auth_roles_userId_fkey" FOREIGN KEY ("userId") REFERENCES {users} ("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
