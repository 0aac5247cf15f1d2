-- What people see of their own: where they signed in, page by page; and that they asked to be deleted, may change their
-- mind until a day, and did.

ALTER TABLE "auth_audit" ADD COLUMN "device" TEXT;
CREATE INDEX "auth_audit_userId_id_idx" ON "auth_audit" ("userId", "id");

ALTER TABLE "auth_deletions" ADD COLUMN "dueAt" BIGINT;
ALTER TABLE "auth_deletions" ADD COLUMN "withdrawnAt" BIGINT;
