import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.ts";
import { prepareScope } from "../compatible/scope.ts";
import { authenticate } from "./access.ts";
import { mountAboutOfJudge0 } from "./about-route.ts";
import { openCallbacks } from "./callbacks/callbacks.ts";
import { NotText } from "./present.ts";
import { BadQuery } from "./query.ts";
import { InvalidSubmission } from "./request.ts";
import { mountSubmissionsOfJudge0, notText } from "./submissions-route.ts";

/** The API that clients of Judge0 speak; docs/compatibility.md says what is the same here. */
export async function mountJudge0(app: FastifyInstance, services: Services): Promise<void> {
  const callbacks = openCallbacks(services);
  app.addHook("onClose", () => callbacks[Symbol.asyncDispose]());
  await app.register(
    async (scope) => {
      prepareScope(scope, services, {
        authenticate: (request) => authenticate(services, request, "languages:read"),
        present: ({ message }) => ({ error: message }),
        own: (thrown) => {
          if (thrown instanceof InvalidSubmission) return { status: 422, body: thrown.errors };
          if (thrown instanceof BadQuery) return { status: 400, body: { error: thrown.message } };
          if (thrown instanceof NotText) return { status: 400, body: notText("this submission") };
          return null;
        },
      });
      mountSubmissionsOfJudge0(scope, services, callbacks);
      mountAboutOfJudge0(scope, services);
    },
    { prefix: "/judge0" },
  );
}
