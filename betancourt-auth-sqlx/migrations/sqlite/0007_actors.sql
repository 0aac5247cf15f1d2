-- Who did what is told, where somebody did it to somebody else.

ALTER TABLE "auth_audit" ADD COLUMN "actor" TEXT;
