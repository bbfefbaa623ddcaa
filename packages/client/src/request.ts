import type { Route } from "@assay/contracts";
import type { z } from "zod";

/** Present where the route takes values, optional where every value has a default. */
type Field<Name extends string, Value> = {} extends Value ? { [K in Name]?: Value } : { [K in Name]: Value };

/** What every call may say, whatever its route. */
export interface CallControl {
  readonly params?: unknown;
  readonly query?: unknown;
  /** Ends the call with the signal's reason. */
  readonly signal?: AbortSignal | null;
  /** Longest time for the whole call, ms. */
  readonly timeoutMs?: number;
}

/** What a call of `R` takes beside a body. `query` is typed by what the server will read, every key optional. */
export type BodylessInput<R extends Route> = Field<"params", z.output<R["params"]>> & {
  query?: Partial<z.output<R["query"]>>;
} & CallControl;

/** What a call of `R` takes. */
export type CallInput<R extends Route> = BodylessInput<R> &
  Field<"body", z.input<R["body"]>> & { body?: unknown };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const asText = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TypeError(`a ${typeof value} can't travel in a URL`);
};

/** The route's path with its parameters and query filled in. Throws a TypeError when a parameter is missing. */
export function pathOf(route: Route, { params, query }: Pick<CallControl, "params" | "query">): string {
  const values = isRecord(params) ? params : {};
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const text = asText(values[name]);
    if (text === "" || text === "." || text === "..") throw new TypeError(`"${text}" can't be :${name}`);
    return encodeURIComponent(text);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(isRecord(query) ? query : {})) {
    if (value !== undefined) search.set(name, asText(value));
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}
