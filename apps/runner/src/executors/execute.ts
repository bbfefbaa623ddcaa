import type { JobResult } from "@assay/contracts";
import { languageById } from "@assay/languages";
import { SandboxError } from "@assay/sandbox";
import type { Execute, Work } from "../attempts/attempt.ts";
import { executeJudge } from "./judge.ts";
import { withImages } from "./images.ts";
import type { Machine } from "./machine.ts";
import { asEnding } from "./platform.ts";
import { executeRun } from "./run.ts";
import { executeVerify } from "./verify.ts";

/** Does a job by its kind, and says of every failure what it means for the attempt. */
export const executeOn =
  (machine: Machine): Execute =>
  async (work) => {
    try {
      return await withImages(machine, work, () => byKind(machine, work));
    } catch (error) {
      if (error instanceof SandboxError && error.code === "unknown_image") suspectImage(machine, work);
      throw asEnding(error);
    }
  };

function byKind(machine: Machine, work: Work): Promise<JobResult> {
  const { payload } = work.job;
  switch (payload.kind) {
    case "run":
      return executeRun(machine, work, payload);
    case "judge":
      return executeJudge(machine, work, payload);
    case "verify":
      return executeVerify(machine, work, payload);
  }
}

function suspectImage({ offers }: Machine, { job }: Work): void {
  const language = languageById(job.payload.language);
  if (language !== null) offers.suspect(language.image);
}
