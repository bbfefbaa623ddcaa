import { z } from "zod";

/** A role's permissions are sentences in apps/server's policies; a route only names what it needs. */
export type Permission =
  | "public"
  | "problems:read"
  | "problems:write"
  | "submissions:create"
  | "runs:create"
  | "jobs:read"
  | "jobs:cancel"
  | "problem-sets:read"
  | "problem-sets:write"
  | "rejudgings:manage"
  | "images:read"
  | "images:write"
  | "languages:read"
  | "runners:read"
  | "tokens:manage"
  | "runner";

/** How a body travels: as JSON in the schema's shape, as raw bytes, as an event stream, or not at all. */
export type BodyKind = "json" | "bytes" | "events" | "none";

/** One HTTP route as data: the server mounts it, the client calls it, OpenAPI describes it. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly id: string;
  readonly summary: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With `:name` for each parameter. */
  readonly path: string;
  readonly permission: Permission;
  readonly tag: string;
  readonly params: Params;
  readonly query: Query;
  readonly bodyKind: "json" | "bytes" | "none";
  readonly body: Body;
  readonly responseKind: BodyKind;
  /** Status of success. A route that may answer "nothing yet" lists 204 as well in `alsoStatus`. */
  readonly status: 200 | 201 | 202 | 204;
  readonly alsoStatus: readonly number[];
  readonly response: Response;
}

const nothing = z.object({});
type Nothing = typeof nothing;

/** Completes a route's description; what is left out takes no value. */
export function defineRoute<
  Params extends z.ZodType = Nothing,
  Query extends z.ZodType = Nothing,
  Body extends z.ZodType = Nothing,
  Response extends z.ZodType = Nothing,
>(
  route: Pick<Route, "id" | "summary" | "method" | "path" | "permission" | "tag"> & {
    params?: Params;
    query?: Query;
    body?: Body;
    bodyKind?: "json" | "bytes" | "none";
    response?: Response;
    responseKind?: BodyKind;
    status?: 200 | 201 | 202 | 204;
    alsoStatus?: readonly number[];
  },
): Route<Params, Query, Body, Response> {
  return {
    ...route,
    params: (route.params ?? nothing) as Params,
    query: (route.query ?? nothing) as Query,
    body: (route.body ?? nothing) as Body,
    bodyKind: route.bodyKind ?? (route.body ? "json" : "none"),
    response: (route.response ?? nothing) as Response,
    responseKind: route.responseKind ?? (route.response ? "json" : "none"),
    status: route.status ?? 200,
    alsoStatus: route.alsoStatus ?? [],
  };
}
