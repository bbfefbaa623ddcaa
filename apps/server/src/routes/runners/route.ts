import { routes } from "@assay/contracts";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import type { Services } from "../../services.ts";

export function mountRunners(mounting: Mounting, { fleet }: Services): void {
  mount(mounting, routes.listRunners, async ({ caller }) => ({
    items: [...(await fleet.list(caller.organizationId))],
  }));
}
