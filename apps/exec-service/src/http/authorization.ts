import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * A hook that lets nobody in without the token. Comparing digests takes the same time whatever is wrong.
 */
export function requireToken(token: string) {
  const expected = digest(`Bearer ${token}`);
  return async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!timingSafeEqual(digest(headers.authorization ?? ""), expected)) await reply.code(401).send();
  };
}

/**
 * A hook that refuses web pages, which a browser on this machine would let in here: where no token is
 * needed, any page that its user looks at could run programs.
 */
export function refusePages(allowed: readonly string[]) {
  return async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { origin } = headers;
    if (origin === undefined || allowed.includes(origin)) return;
    await reply
      .code(403)
      .send("web pages may not use this service; set a token, or name the page's origin with --allow-origin");
  };
}
