-- Where at a provider a session began, as hashes, so that the provider can end it.

ALTER TABLE "auth_sessions" ADD COLUMN "subject" TEXT;
ALTER TABLE "auth_sessions" ADD COLUMN "providerSession" TEXT;
CREATE INDEX "auth_sessions_subject_idx" ON "auth_sessions" ("subject");
CREATE INDEX "auth_sessions_providerSession_idx" ON "auth_sessions" ("providerSession");

ALTER TABLE "auth_sealed" ADD COLUMN "subject" TEXT;
ALTER TABLE "auth_sealed" ADD COLUMN "providerSession" TEXT;
CREATE INDEX "auth_sealed_subject_idx" ON "auth_sealed" ("subject");
CREATE INDEX "auth_sealed_providerSession_idx" ON "auth_sealed" ("providerSession");
