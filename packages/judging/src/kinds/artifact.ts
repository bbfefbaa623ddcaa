import type { Artifact, Sandbox } from "@assay/sandbox";

/** Removes what a pass left. A sandbox that is gone has forgotten it already. */
export const forgetArtifact = async (sandbox: Sandbox, artifact: Artifact | null): Promise<void> => {
  if (artifact !== null) await sandbox.forget(artifact.id).catch(() => 0);
};
