import { AssayError } from "@assay/contracts";
import type { Permission } from "@assay/contracts";
import type { FastifyRequest } from "fastify";
import type { Caller } from "../../access/policy.ts";
import type { Services } from "../../services.ts";
import { callerOf, requirePermission, secretOf } from "../compatible/caller.ts";

/**
 * Who asks: Piston knows no tokens, so that ours comes as a bearer, as the whole `Authorization` (as
 * clients of its public instance send theirs), or for browsers' WebSockets as `token` in the query.
 *
 * @throws AssayError `unauthenticated`, `forbidden`
 */
export async function authenticate(
  { tokens }: Services,
  request: FastifyRequest,
  permission: Permission,
): Promise<Caller> {
  const header = request.headers.authorization;
  const secret = header === undefined ? secretOf(request, "token") : null;
  const bare = header?.includes(" ") === false ? header : secret;
  const caller = await callerOf(tokens, bare === null ? header : `Bearer ${bare}`);
  if (caller === null)
    throw new AssayError("unauthenticated", "Send a valid token as `Authorization: Bearer <token>`.");
  requirePermission(caller, permission);
  return caller;
}
