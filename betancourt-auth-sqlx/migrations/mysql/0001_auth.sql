-- What we keep beside the tables of Auth.js. Moments are milliseconds since 1970. MySQL takes no definition back, so each
-- statement can be run again after one that failed. A column that refers to another one has its type and its collation.

CREATE TABLE IF NOT EXISTS `auth_sessions` (
    `sessionToken` {like the session token} NOT NULL,
    `createdAt` BIGINT NOT NULL,
    `authenticatedAt` BIGINT NOT NULL,
    `method` VARCHAR(255) NOT NULL,
    `device` TEXT NULL,
    `seenAt` BIGINT NULL,
    PRIMARY KEY (`sessionToken`){of a session}
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

CREATE TABLE IF NOT EXISTS `auth_accounts` (
    `provider` {like the provider} NOT NULL,
    `providerAccountId` {like the subject} NOT NULL,
    `linkedAt` BIGINT NULL,
    `claims` MEDIUMTEXT NOT NULL,
    `reauthSince` BIGINT NULL,
    PRIMARY KEY (`provider`, `providerAccountId`){of an account}
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- What people may do, where the table of users has no column for it.
CREATE TABLE IF NOT EXISTS `auth_roles` (
    `userId` {like the user} NOT NULL,
    `role` VARCHAR(255) NOT NULL,
    PRIMARY KEY (`userId`),
    CONSTRAINT `auth_roles_userId_fkey` FOREIGN KEY (`userId`) REFERENCES {users} (`id`)
        ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- What ends sessions that are sealed in cookies, and so have no row of Auth.js.
CREATE TABLE IF NOT EXISTS `auth_users` (
    `userId` {like the user} NOT NULL,
    `notBefore` BIGINT NOT NULL,
    PRIMARY KEY (`userId`),
    CONSTRAINT `auth_users_userId_fkey` FOREIGN KEY (`userId`) REFERENCES {users} (`id`)
        ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

CREATE TABLE IF NOT EXISTS `auth_ended` (
    `session` VARCHAR(255) NOT NULL,
    `expires` BIGINT NOT NULL,
    PRIMARY KEY (`session`),
    INDEX `auth_ended_expires_idx` (`expires`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

CREATE TABLE IF NOT EXISTS `auth_sealed` (
    `session` VARCHAR(255) NOT NULL,
    `userId` {like the user} NOT NULL,
    `expires` BIGINT NOT NULL,
    `createdAt` BIGINT NOT NULL,
    `authenticatedAt` BIGINT NOT NULL,
    `method` VARCHAR(255) NOT NULL,
    `device` TEXT NULL,
    `seenAt` BIGINT NULL,
    PRIMARY KEY (`session`),
    INDEX `auth_sealed_userId_idx` (`userId`),
    INDEX `auth_sealed_expires_idx` (`expires`),
    CONSTRAINT `auth_sealed_userId_fkey` FOREIGN KEY (`userId`) REFERENCES {users} (`id`)
        ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

CREATE TABLE IF NOT EXISTS `auth_spent` (
    `handshake` VARCHAR(255) NOT NULL,
    `expires` BIGINT NOT NULL,
    PRIMARY KEY (`handshake`),
    INDEX `auth_spent_expires_idx` (`expires`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

CREATE TABLE IF NOT EXISTS `auth_counters` (
    `key` VARCHAR(512) NOT NULL,
    `count` BIGINT NOT NULL,
    `expires` BIGINT NOT NULL,
    PRIMARY KEY (`key`),
    INDEX `auth_counters_expires_idx` (`expires`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- No foreign key: what happened stays known after the user is gone.
CREATE TABLE IF NOT EXISTS `auth_audit` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `at` BIGINT NOT NULL,
    `kind` VARCHAR(255) NOT NULL,
    `userId` VARCHAR(255) NULL,
    `provider` VARCHAR(255) NULL,
    `reason` TEXT NULL,
    `network` VARCHAR(255) NULL,
    PRIMARY KEY (`id`),
    INDEX `auth_audit_at_idx` (`at`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- What only one transaction at a time may work on is a number, and whoever works on it holds the row.
CREATE TABLE IF NOT EXISTS `auth_locks` (
    `number` INTEGER NOT NULL,
    PRIMARY KEY (`number`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

INSERT IGNORE INTO `auth_locks` (`number`)
SELECT a.`n` + 10 * b.`n` + 100 * c.`n`
FROM (SELECT 0 AS `n` UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
    UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) a
CROSS JOIN (SELECT 0 AS `n` UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
    UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) b
CROSS JOIN (SELECT 0 AS `n` UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
    UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) c;
