SELECT 'Hello, ' || line || '!' FROM stdin;
