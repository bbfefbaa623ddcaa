import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll } from "vitest";
import { describeDriver } from "./testing/conformance.ts";
import { openMachine } from "./testing/machine.ts";

const box = await catalogueSandboxOrSkip();
const machine = await openMachine();
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
  await box[Symbol.asyncDispose]();
});

describeDriver("native", {
  skip: box.skip,
  machine,
  subject: () => ({ sandbox: box.get().sandbox, image: box.get().images.get("python") ?? "" }),
});
