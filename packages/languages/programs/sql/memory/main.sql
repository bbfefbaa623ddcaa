CREATE TABLE pieces (piece BLOB);
WITH RECURSIVE counter (n) AS (
  SELECT 1
  UNION ALL
  SELECT n + 1 FROM counter WHERE n < 128
)
INSERT INTO pieces SELECT randomblob(8 * 1024 * 1024) FROM counter;
SELECT 'too much', sum(length(piece)) FROM pieces;
