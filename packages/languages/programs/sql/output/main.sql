WITH RECURSIVE counter (n) AS (
  SELECT 1
  UNION ALL
  SELECT n + 1 FROM counter WHERE n < 1000000
)
SELECT replace(hex(zeroblob(50)), '00', '01') FROM counter;
