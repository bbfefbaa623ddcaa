import { createHash, randomBytes } from "node:crypto";

const shape = /^assay_[A-Za-z0-9_-]{43}$/;

/** A new token: `assay_` and 32 random bytes in base64url. */
export const newSecret = (): string => `assay_${randomBytes(32).toString("base64url")}`;

export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** The token of an `Authorization` header, or null when there is none of our shape. */
export function bearerSecret(header: string | undefined): string | null {
  const [scheme, secret, ...rest] = (header ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || secret === undefined || rest.length > 0) return null;
  return shape.test(secret) ? secret : null;
}
