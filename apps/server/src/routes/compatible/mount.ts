import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.ts";
import { mountJudge0 } from "../judge0/route.ts";
import { mountPiston } from "../piston/route.ts";

/** The APIs of other systems that this server was told to speak. */
export async function mountCompatibleApis(app: FastifyInstance, services: Services): Promise<void> {
  const { apis } = services.config.compatible;
  if (apis.includes("judge0")) await mountJudge0(app, services);
  if (apis.includes("piston")) await mountPiston(app, services);
}
