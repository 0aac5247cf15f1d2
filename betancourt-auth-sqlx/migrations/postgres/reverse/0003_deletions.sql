DROP TABLE "auth_deletions";
