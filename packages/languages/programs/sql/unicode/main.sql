CREATE TABLE "Grüße" ("∑" TEXT);
INSERT INTO "Grüße" VALUES ('Grüße, 世界! ∑ 🙂');
SELECT "∑" FROM "Grüße";
