ALTER TABLE "auth_audit" DROP COLUMN "actor";
