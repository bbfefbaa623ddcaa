import type { Permission, TokenRole } from "@assay/contracts";

/** Who is asking: one token of one organization. */
export interface Caller {
  readonly tokenId: string;
  readonly organizationId: string;
  readonly role: TokenRole;
}

/**
 * What each role may do. A role that is not named in a line may not do it.
 *
 * Which objects: always only those of the caller's organization. Which jobs: see `jobOwnerFilter`.
 */
const policy: Record<Exclude<Permission, "public">, readonly TokenRole[]> = {
  "problems:read": ["owner", "maintainer", "teacher", "learner"],
  "problems:write": ["owner", "maintainer", "teacher"],
  "submissions:create": ["owner", "maintainer", "teacher", "learner"],
  "runs:create": ["owner", "maintainer", "teacher", "learner"],
  "jobs:read": ["owner", "maintainer", "teacher", "learner"],
  "jobs:cancel": ["owner", "maintainer", "teacher", "learner"],
  "problem-sets:read": ["owner", "maintainer", "teacher", "learner"],
  "problem-sets:write": ["owner", "maintainer", "teacher"],
  "rejudgings:manage": ["owner", "maintainer", "teacher"],
  "images:read": ["owner", "maintainer", "teacher"],
  "images:write": ["owner", "maintainer"],
  "languages:read": ["owner", "maintainer", "teacher", "learner"],
  "runners:read": ["owner", "maintainer", "teacher"],
  "tokens:manage": ["owner"],
  runner: ["runner"],
};

export const mayDo = (role: TokenRole, permission: Permission): boolean =>
  permission === "public" || policy[permission].includes(role);

/** A learner reads and cancels only the jobs that the same token created; everyone else those of all. */
export const jobOwnerFilter = (caller: Caller): string | null =>
  caller.role === "learner" ? caller.tokenId : null;
