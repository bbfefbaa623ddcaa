SELECT argument FROM arguments ORDER BY rowid;
