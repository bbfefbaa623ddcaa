import { parentPort } from "node:worker_threads";
import { renderStatement } from "./render.ts";
import type { StatementOfProblem } from "./render.ts";

parentPort?.on("message", (statement: StatementOfProblem) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
  parentPort?.postMessage(renderStatement(statement));
});
