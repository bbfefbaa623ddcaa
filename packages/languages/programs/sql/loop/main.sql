WITH RECURSIVE counter (n) AS (
  SELECT 0
  UNION ALL
  SELECT (n + 1) % 1000 FROM counter
)
SELECT count(*) FROM counter;
