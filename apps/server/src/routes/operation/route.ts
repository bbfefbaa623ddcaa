import { routes } from "@assay/contracts";
import type { Health } from "@assay/contracts";
import { Answer, mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { checkHealth, checkReadiness } from "../../operation/checks.ts";
import type { Services } from "../../services.ts";

const options = { quiet: true, whileStopping: true };

const answerFor = (checks: Health["checks"]): Answer<Health> =>
  checks.every(({ ok }) => ok)
    ? new Answer(200, { status: "ok", checks })
    : new Answer(503, { status: "unavailable", checks });

export function mountOperation(mounting: Mounting, services: Services): void {
  mount(mounting, routes.health, async () => answerFor(await checkHealth(services)), options);
  mount(mounting, routes.ready, async () => answerFor(await checkReadiness(services)), options);
}
