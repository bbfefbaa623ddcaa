import { AssayError, routes } from "@assay/contracts";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import {
  createProblemSet,
  deleteProblemSet,
  findProblemSet,
  listProblemSets,
  replaceProblemSet,
} from "../../problem-sets/problem-sets.ts";
import type { Services } from "../../services.ts";

export function mountProblemSets(mounting: Mounting, { database }: Services): void {
  mount(
    mounting,
    routes.createProblemSet,
    ({ body, caller }) => createProblemSet(database, caller, body),
    bodies,
  );

  mount(mounting, routes.listProblemSets, async ({ query, caller }) => {
    const { rows, nextCursor } = await listProblemSets(database, caller.organizationId, query);
    return { items: [...rows], nextCursor };
  });

  mount(mounting, routes.getProblemSet, ({ params, caller }) =>
    asObject(findProblemSet(database, caller.organizationId, params.id)),
  );

  mount(
    mounting,
    routes.replaceProblemSet,
    ({ params, body, caller }) => asObject(replaceProblemSet(database, caller, params.id, body)),
    bodies,
  );

  mount(mounting, routes.deleteProblemSet, async ({ params, caller }) => {
    await asObject(deleteProblemSet(database, caller, params.id));
    return {};
  });
}

/** Five hundred problems with long names. */
const bodies = { bodyLimit: 256 * 1024 };

/** In a path, a set that is not there is a missing object and not a bad value. */
const asObject = <Value>(work: Promise<Value>): Promise<Value> =>
  work.catch((error: unknown) => {
    if (error instanceof AssayError && error.code === "unknown_problem_set")
      throw new AssayError("not_found", error.message);
    throw error;
  });
