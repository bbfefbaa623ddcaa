import { arch } from "node:os";
import type { IsolationFeature } from "@assay/contracts";
import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.ts";
import { assayVersion, buildVersion } from "../../version.ts";

/** What clients ask about before they use it. */
const features = {
  addressSpaceLimit: true,
  copyOutOptional: true,
  copyOutTruncate: true,
  fixSymlinkEscape: true,
  pipeProxy: true,
  pipeProxyZeroCopy: true,
  procPeak: true,
  stream: true,
  symlink: true,
};

const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** GET /version and GET /config, which need no token: clients look whether they may use the service at all. */
export async function aboutRoutes(app: FastifyInstance, { sandbox, about }: Services): Promise<void> {
  app.get("/version", async () => ({
    ...features,
    buildVersion,
    goVersion: `node${process.versions.node}`,
    os: process.platform,
    platform: architectures[arch()] ?? arch(),
    assayVersion,
  }));

  app.get("/config", async () => ({
    ...features,
    fileStorePath: about.fileDirectory,
    runnerConfig: {
      ...cgroups(sandbox.isolation),
      image: about.image,
      isolation: sandbox.isolation,
      workDir: "/w",
    },
  }));
}

/** As sandboxd says, not as it should be: without control groups the type is 0 and no controller is named. */
function cgroups(isolation: readonly IsolationFeature[]): {
  cgroupType: number;
  cgroupControllers: string[];
} {
  const has = (feature: IsolationFeature): boolean => isolation.includes(feature);
  const isWatched = has("watched");
  const controllers = (["cpu", "memory"] as const).filter((feature) => has(feature) && !isWatched);
  const cgroupControllers = [...controllers, ...(has("processes") && !isWatched ? ["pids"] : [])];
  if (cgroupControllers.length === 0) return { cgroupType: 0, cgroupControllers };
  return { cgroupType: has("cgroup-v2") ? 2 : 1, cgroupControllers };
}
