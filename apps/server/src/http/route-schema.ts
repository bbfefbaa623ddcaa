import { ProblemDetails } from "@assay/contracts";
import type { Route } from "@assay/contracts";
import type { FastifySchema } from "fastify";
import { z } from "zod";

const nothing = z.null();
const streamTypes = { events: "text/event-stream", bytes: "application/octet-stream" } as const;

/** A route's data as what Fastify validates, serialises and describes in OpenAPI. */
export function routeSchema(route: Route): FastifySchema {
  const success =
    route.responseKind === "json"
      ? route.response
      : route.responseKind === "none"
        ? nothing
        : {
            description: route.summary,
            content: { [streamTypes[route.responseKind]]: { schema: z.string() } },
          };
  const statuses = [route.status, ...route.alsoStatus];
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.tag],
    ...(route.permission === "public" ? {} : { security: [{ token: [] }] }),
    params: route.params,
    querystring: route.query,
    ...(route.bodyKind === "json" ? { body: route.body } : {}),
    response: {
      ...Object.fromEntries(statuses.map((status) => [status, success])),
      default: {
        description: "What went wrong, who can mend it, and how.",
        content: { "application/problem+json": { schema: ProblemDetails } },
      },
    },
  };
}
