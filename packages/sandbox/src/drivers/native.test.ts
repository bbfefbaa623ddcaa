import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll } from "vitest";
import { describeDriver } from "./testing/conformance.ts";

const box = await catalogueSandboxOrSkip();
afterAll(() => box[Symbol.asyncDispose]());

describeDriver("native", {
  skip: box.skip,
  subject: () => ({ sandbox: box.get().sandbox, image: box.get().images.get("python") ?? "" }),
});
