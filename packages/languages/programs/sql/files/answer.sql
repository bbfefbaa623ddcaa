CREATE TABLE answers AS SELECT 6 * 7 AS answer;
