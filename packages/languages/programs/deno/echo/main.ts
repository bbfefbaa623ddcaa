import { createInterface } from "node:readline";
import process from "node:process";

const lines: string[] = [];
for await (const line of createInterface({ input: process.stdin })) lines.push(`${line}\n`);
process.stdout.write(lines.join(""));
