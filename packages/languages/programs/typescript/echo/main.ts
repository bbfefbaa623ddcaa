import { createInterface } from "node:readline";
import process from "node:process";

const copy = async (): Promise<void> => {
  let output = "";
  for await (const line of createInterface({ input: process.stdin })) output += `${line}\n`;
  process.stdout.write(output);
};

void copy();
