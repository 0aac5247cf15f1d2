DROP TABLE IF EXISTS `auth_deletions`;
