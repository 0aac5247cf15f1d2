DROP TABLE "auth_sealed";
ALTER TABLE "auth_accounts" DROP COLUMN "reauthSince";
ALTER TABLE "auth_sessions" DROP COLUMN "seenAt";
