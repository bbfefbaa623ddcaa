import process from "node:process";

console.error("out of order");
process.exit(7);
