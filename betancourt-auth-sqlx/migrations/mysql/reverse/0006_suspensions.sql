DROP TABLE IF EXISTS `auth_suspensions`;
