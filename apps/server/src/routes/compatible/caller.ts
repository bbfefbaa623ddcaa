import { AssayError } from "@assay/contracts";
import type { Permission } from "@assay/contracts";
import type { FastifyRequest } from "fastify";
import { mayDo } from "../../access/policy.ts";
import type { Caller } from "../../access/policy.ts";
import type { Tokens } from "../../access/tokens.ts";

/** What a client sends instead of our header: the same token, under the name that its system gives it. */
export function secretOf(request: FastifyRequest, name: string): string | null {
  const header = request.headers[name.toLowerCase()];
  if (typeof header === "string" && header !== "") return header;
  const wanted = name.toLowerCase();
  const query = Object.entries(request.query as Record<string, unknown>);
  const [, value] = query.find(([key]) => key.toLowerCase() === wanted) ?? [];
  return typeof value === "string" && value !== "" ? value : null;
}

/**
 * Who sends this token, or null when nobody does.
 *
 * @throws what is not the client's doing, for example AssayError `database_unavailable`
 */
export async function callerOf(tokens: Tokens, authorization: string | undefined): Promise<Caller | null> {
  try {
    return await tokens.authenticate(authorization);
  } catch (error) {
    if (error instanceof AssayError && error.code === "unauthenticated") return null;
    throw error;
  }
}

/** @throws AssayError `forbidden`, as on our own routes */
export function requirePermission(caller: Caller, permission: Permission): void {
  if (!mayDo(caller.role, permission))
    throw new AssayError(
      "forbidden",
      `A token of role ${caller.role} may not do this; it needs the permission ${permission}.`,
    );
}
