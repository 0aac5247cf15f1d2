DROP TABLE "auth_suspensions";
