import { afterAll } from "vitest";
import { describeDriver } from "../testing/conformance.ts";
import { openMachine } from "../testing/machine.ts";
import { openWasm } from "./driver.ts";

const sandbox = openWasm({ slots: 1 });
const machine = await openMachine();
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await machine[Symbol.asyncDispose]();
});

describeDriver("wasm", { skip: null, machine, subject: () => ({ sandbox, image: "wasm:python" }) });
