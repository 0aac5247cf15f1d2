DROP TABLE "auth_roles";
