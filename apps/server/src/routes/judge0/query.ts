import type { ServerConfig } from "../../config.ts";
import { fieldsOf } from "./fields.ts";
import type { Field } from "./fields.ts";

type Query = Readonly<Record<string, unknown>>;

/** A request's query can't be served as it is. */
export class BadQuery extends Error {
  override readonly name = "BadQuery";
}

/** The first value of a name that may be given several times. */
export function valueOf(query: unknown, name: string): string | undefined {
  const value = (query as Query)[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? first : undefined;
}

/** Whether texts travel as base64. Which of both counts where it is not said is the operator's choice. */
export function isBase64({ compatible }: ServerConfig, query: unknown): boolean {
  const asked = valueOf(query, "base64_encoded");
  return compatible.judge0ImplicitBase64 ? asked !== "false" : asked === "true";
}

/** @throws BadQuery that names the fields that do not exist */
export function requestedFields(query: unknown): readonly Field[] {
  const found = fieldsOf(valueOf(query, "fields"));
  if ("fields" in found) return found.fields;
  throw new BadQuery(`invalid fields: [${found.invalid.join(", ")}]`);
}

/** A whole number of a query. @throws BadQuery */
export function wholeNumber(query: unknown, name: string, otherwise: number, least: number): number {
  const text = valueOf(query, name);
  if (text === undefined || text === "") return otherwise;
  const value = /^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least)) throw new BadQuery(`invalid ${name}: ${text.slice(0, 20)}`);
  return value;
}
