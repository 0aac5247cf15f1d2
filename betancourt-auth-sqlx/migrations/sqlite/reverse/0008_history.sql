ALTER TABLE "auth_deletions" DROP COLUMN "withdrawnAt";
ALTER TABLE "auth_deletions" DROP COLUMN "dueAt";
DROP INDEX "auth_audit_userId_id_idx";
ALTER TABLE "auth_audit" DROP COLUMN "device";
