const { readFileSync } = require("node:fs");

const [name] = readFileSync(0, "utf8").split("\n");
console.log(`Hello, ${name}!`);
