import { AssayError, routes } from "@assay/contracts";
import { Answer, mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { findProblem, listProblems, presentProblem } from "../../problems/problems.ts";
import { uploadProblem } from "../../problems/upload.ts";
import type { Services } from "../../services.ts";
import { uploadedFile } from "./uploaded-file.ts";

export function mountProblems(mounting: Mounting, services: Services): void {
  const { config, database } = services;

  mount(
    mounting,
    routes.uploadProblem,
    async ({ request, query, caller }) => {
      const file = await uploadedFile(request);
      const upload = { ...file, shortName: query.shortName ?? null };
      const { problem, created } = await uploadProblem(services, caller, upload);
      return new Answer(created ? 201 : 200, presentProblem(problem));
    },
    { bodyLimit: config.maxPackageBytes },
  );

  mount(mounting, routes.listProblems, async ({ query, caller }) => {
    const { rows, nextCursor } = await listProblems(database, caller.organizationId, query);
    return { items: rows.map(presentProblem), nextCursor };
  });

  mount(mounting, routes.getProblem, async ({ params, caller }) => {
    const problem = await findProblem(database, caller.organizationId, params.id);
    if (problem === null) throw new AssayError("not_found", "There is no such problem here.");
    return presentProblem(problem);
  });
}
