.read answer.sql

SELECT answer FROM answers;
