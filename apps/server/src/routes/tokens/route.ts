import { AssayError, routes } from "@assay/contracts";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import type { Services } from "../../services.ts";

export function mountTokens(mounting: Mounting, { tokens }: Services): void {
  mount(mounting, routes.createToken, ({ body, caller }) =>
    tokens.create(caller.organizationId, body.name, body.role),
  );

  mount(mounting, routes.listTokens, async ({ caller }) => ({
    items: await tokens.list(caller.organizationId),
  }));

  mount(mounting, routes.revokeToken, async ({ params, caller, log }) => {
    if (!(await tokens.revoke(caller.organizationId, params.id)))
      throw new AssayError("not_found", "There is no such token here.");
    log.info({ tokenId: params.id }, "token revoked");
    return {};
  });
}
