-- Who is shut out, since when, by whom and why.

CREATE TABLE IF NOT EXISTS `auth_suspensions` (
    `userId` {like the user} NOT NULL,
    `since` BIGINT NOT NULL,
    `actor` VARCHAR(255) NULL,
    `reason` TEXT NOT NULL,
    PRIMARY KEY (`userId`),
    CONSTRAINT `auth_suspensions_userId_fkey` FOREIGN KEY (`userId`) REFERENCES {users} (`id`)
        ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};
