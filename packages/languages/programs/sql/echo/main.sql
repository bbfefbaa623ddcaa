SELECT line FROM stdin ORDER BY rowid;
