import { afterAll } from "vitest";
import { describeDriver } from "../testing/conformance.ts";
import { openWasm } from "./driver.ts";

const sandbox = openWasm({ slots: 1 });
afterAll(() => sandbox[Symbol.asyncDispose]());

describeDriver("wasm", { skip: null, subject: () => ({ sandbox, image: "wasm:python" }) });
