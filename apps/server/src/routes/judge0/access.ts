import { AssayError } from "@assay/contracts";
import type { Permission } from "@assay/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../access/policy.ts";
import type { Services } from "../../services.ts";
import { callerOf, requirePermission, secretOf } from "../compatible/caller.ts";

const tokenName = "X-Auth-Token";
const userName = "X-Auth-User";

/**
 * Who asks: the token stands in `X-Auth-Token`, as a header or in the query, or in `Authorization`.
 *
 * @throws AssayError `unauthenticated`, `forbidden`
 */
export async function authenticate(
  { tokens }: Services,
  request: FastifyRequest,
  permission: Permission,
): Promise<Caller> {
  const secret = secretOf(request, tokenName);
  const caller = await callerOf(tokens, secret === null ? request.headers.authorization : `Bearer ${secret}`);
  if (caller === null)
    throw new AssayError("unauthenticated", `Send a valid token as ${tokenName}, or as a bearer.`);
  requirePermission(caller, permission);
  return caller;
}

/**
 * As `authenticate`, and besides an owner's token of the same organization stands in `X-Auth-User`.
 *
 * @throws AssayError `unauthenticated`, `forbidden`
 */
export async function authorize(services: Services, request: FastifyRequest): Promise<Caller> {
  const caller = await authenticate(services, request, "jobs:read");
  const secret = secretOf(request, userName);
  const user = secret === null ? null : await callerOf(services.tokens, `Bearer ${secret}`);
  if (user?.role !== "owner" || user.organizationId !== caller.organizationId)
    throw new AssayError("forbidden", `Send a token of role owner as ${userName}.`);
  return user;
}

/** An answer in Judge0's shape. */
export const refuse = (reply: FastifyReply, status: number, error: string): FastifyReply =>
  reply.code(status).send({ error });
