DROP INDEX "auth_sealed_providerSession_idx";
ALTER TABLE "auth_sealed" DROP COLUMN "providerSession";
DROP INDEX "auth_sealed_subject_idx";
ALTER TABLE "auth_sealed" DROP COLUMN "subject";
DROP INDEX "auth_sessions_providerSession_idx";
ALTER TABLE "auth_sessions" DROP COLUMN "providerSession";
DROP INDEX "auth_sessions_subject_idx";
ALTER TABLE "auth_sessions" DROP COLUMN "subject";
