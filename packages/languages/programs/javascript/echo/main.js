import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin });
let output = "";
for await (const line of lines) output += `${line}\n`;
process.stdout.write(output);
