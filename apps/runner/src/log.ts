import { destination, pino } from "pino";
import type { Logger } from "pino";
import type { RunnerConfig } from "./config.ts";

/** JSON lines on stderr; stdout is for whoever started the process. */
export const createLog = ({ name, logLevel }: Pick<RunnerConfig, "name" | "logLevel">): Logger =>
  pino({ name: "runner", level: logLevel, base: { runner: name } }, destination({ dest: 2, sync: false }));
