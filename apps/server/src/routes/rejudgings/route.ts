import { routes } from "@assay/contracts";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { judgingsOf, listItems, previewRejudging } from "../../rejudging/compare.ts";
import { createRejudging } from "../../rejudging/create.ts";
import { applyRejudging, discardRejudging, rollBackRejudging } from "../../rejudging/decide.ts";
import { auditOf, listPlans, readPlanDetail } from "../../rejudging/plan.ts";
import type { Caller } from "../../access/policy.ts";
import type { Services } from "../../services.ts";

const keyOf = (id: string, { organizationId }: Caller) => ({ id, organizationId });

export function mountRejudgings(mounting: Mounting, services: Services): void {
  const { database } = services;

  mount(
    mounting,
    routes.createRejudging,
    async ({ body, caller, correlationId, log }) => {
      const id = await createRejudging(services, caller, body, correlationId);
      const plan = await readPlanDetail(database, keyOf(id, caller));
      log.info({ rejudgingId: id, submissions: plan.total }, "rejudging created");
      return plan;
    },
    // Ten thousand ids of submissions.
    { bodyLimit: 1024 * 1024 },
  );

  mount(mounting, routes.listRejudgings, async ({ query, caller }) => {
    const { rows, nextCursor } = await listPlans(database, caller.organizationId, query);
    return { items: [...rows], nextCursor };
  });

  mount(mounting, routes.getRejudging, ({ params, caller }) =>
    readPlanDetail(database, keyOf(params.id, caller)),
  );

  mount(mounting, routes.previewRejudging, ({ params, caller }) =>
    previewRejudging(database, keyOf(params.id, caller)),
  );

  mount(mounting, routes.listRejudgingItems, async ({ params, query, caller }) => {
    const key = keyOf(params.id, caller);
    const { rows, nextCursor } = await listItems(database, key, query.change ?? null, query);
    return { items: [...rows], nextCursor };
  });

  mount(mounting, routes.applyRejudging, async ({ params, body, caller, log }) => {
    await applyRejudging(services, caller, params.id, body);
    log.info({ rejudgingId: params.id }, "rejudging applied");
    return readPlanDetail(database, keyOf(params.id, caller));
  });

  mount(mounting, routes.discardRejudging, async ({ params, body, caller, log }) => {
    await discardRejudging(services, caller, params.id, body);
    log.info({ rejudgingId: params.id }, "rejudging discarded");
    return readPlanDetail(database, keyOf(params.id, caller));
  });

  mount(mounting, routes.rollBackRejudging, async ({ params, body, caller, log }) => {
    await rollBackRejudging(services, caller, params.id, body);
    log.info({ rejudgingId: params.id }, "rejudging rolled back");
    return readPlanDetail(database, keyOf(params.id, caller));
  });

  mount(mounting, routes.rejudgingAudit, async ({ params, caller }) => ({
    items: await auditOf(database, keyOf(params.id, caller)),
  }));

  mount(mounting, routes.submissionJudgings, async ({ params, caller }) => ({
    items: await judgingsOf(database, keyOf(params.id, caller)),
  }));
}
