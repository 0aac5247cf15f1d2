DROP TABLE "auth_audit";
DROP TABLE "auth_counters";
DROP TABLE "auth_spent";
DROP TABLE "auth_accounts";
DROP TABLE "auth_sessions";
