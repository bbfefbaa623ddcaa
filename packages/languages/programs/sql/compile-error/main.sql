SELECT 'half a program'
FROM WHERE;
