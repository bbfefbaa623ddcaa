const { writeSync } = require("node:fs");

const line = "0123456789".repeat(10);
for (let i = 0; i < 1_000_000; i += 1) writeSync(1, `${line}\n`);
