import { destination, pino } from "pino";
import type { Logger } from "pino";
import { describeError } from "./describe-error.ts";

/** JSON lines to stderr: stdout belongs to whoever started the process. Tokens never appear. */
export const createLog = (level: string): Logger =>
  pino(
    {
      level,
      base: { service: "server", pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      redact: ["req.headers.authorization", "headers.authorization"],
    },
    destination({ dest: 2, sync: false, minLength: 4096, periodicFlush: 50 }),
  );
