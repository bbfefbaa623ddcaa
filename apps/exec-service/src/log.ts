import { destination, pino } from "pino";
import type { Logger } from "pino";

/** JSON lines on stderr; stdout is for whoever started the process. */
export const createLog = (level: string): Logger =>
  pino(
    {
      name: "exec-service",
      level,
      base: null,
      serializers: {
        // No headers and no query: that is where secrets are.
        req: ({ method, url, ip }: { method: string; url: string; ip: string }) => ({
          method,
          path: url.split("?")[0],
          ip,
        }),
      },
    },
    destination({ dest: 2, sync: false }),
  );
