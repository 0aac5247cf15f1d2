-- Where at a provider a session began, as hashes, so that the provider can end it.

ALTER TABLE `auth_sessions`
    ADD COLUMN `subject` VARCHAR(255) NULL,
    ADD COLUMN `providerSession` VARCHAR(255) NULL,
    ADD INDEX `auth_sessions_subject_idx` (`subject`),
    ADD INDEX `auth_sessions_providerSession_idx` (`providerSession`);

ALTER TABLE `auth_sealed`
    ADD COLUMN `subject` VARCHAR(255) NULL,
    ADD COLUMN `providerSession` VARCHAR(255) NULL,
    ADD INDEX `auth_sealed_subject_idx` (`subject`),
    ADD INDEX `auth_sealed_providerSession_idx` (`providerSession`);
