DROP TABLE "auth_ended";
DROP TABLE "auth_users";
