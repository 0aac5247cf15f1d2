ALTER TABLE `auth_deletions`
    DROP COLUMN `withdrawnAt`,
    DROP COLUMN `dueAt`;
ALTER TABLE `auth_audit`
    DROP INDEX `auth_audit_userId_id_idx`,
    DROP COLUMN `device`;
