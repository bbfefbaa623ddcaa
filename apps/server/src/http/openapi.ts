import swagger from "@fastify/swagger";
import * as contracts from "@assay/contracts";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";

/** Shapes that get a name of their own in the document, so that generated clients do as well. */
const named = {
  Problem: contracts.Problem,
  Submission: contracts.Submission,
  Job: contracts.Job,
  Run: contracts.Run,
  Token: contracts.Token,
  LanguageStatus: contracts.LanguageStatus,
  LanguageDetail: contracts.LanguageDetail,
  RunnerStatus: contracts.ListedRunner,
  ProblemDetails: contracts.ProblemDetails,
  Health: contracts.Health,
  Limits: contracts.Limits,
  Outcome: contracts.Outcome,
  Evidence: contracts.Evidence,
  RunResult: contracts.RunResult,
  JudgeResult: contracts.JudgeResult,
  TestResult: contracts.TestResult,
  JobPayload: contracts.JobPayload,
  JobEventBody: contracts.JobEventBody,
};

const binary = { type: "string", format: "binary" };

/** Describes every route that is mounted after it as OpenAPI 3.1 at /api/v1/openapi.json. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  const schemaRegistry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) schemaRegistry.add(schema, { id });
  const fromZod = createJsonSchemaTransform({ schemaRegistry });

  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Assay",
        version: "1",
        description: "Runs code that nobody trusts, and returns a verdict together with the evidence for it.",
      },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    },
    transform: (document) => {
      const described = fromZod(document);
      const isUpload = document.route.config?.route?.bodyKind === "bytes";
      if (isUpload) {
        Object.assign(described.schema, {
          consumes: ["application/zip", "application/gzip", "application/octet-stream"],
          body: binary,
        });
      }
      return described;
    },
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  });

  let document: string | undefined;
  app.get(
    "/api/v1/openapi.json",
    { schema: { hide: true }, config: { quiet: true } },
    async (_request, reply) => {
      document ??= JSON.stringify(app.swagger());
      return reply.header("content-type", "application/json; charset=utf-8").send(document);
    },
  );
}
