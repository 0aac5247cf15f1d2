-- Whose data is to be deleted, since a provider told us so. A row without a user is done; it stays, so that the person can
-- see that.

CREATE TABLE IF NOT EXISTS `auth_deletions` (
    `code` VARCHAR(255) NOT NULL,
    `provider` VARCHAR(255) NOT NULL,
    `userId` {like the user} NULL,
    `requestedAt` BIGINT NOT NULL,
    `finishedAt` BIGINT NULL,
    PRIMARY KEY (`code`),
    INDEX `auth_deletions_userId_idx` (`userId`),
    CONSTRAINT `auth_deletions_userId_fkey` FOREIGN KEY (`userId`) REFERENCES {users} (`id`)
        ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};
