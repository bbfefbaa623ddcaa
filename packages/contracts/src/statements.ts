import { z } from "zod";
import { defineRoute } from "./route.ts";

const byProblem = z.object({ id: z.string().min(1).max(255) });
const LanguageCode = z
  .string()
  .regex(/^(?:auto|[a-z]{2,3}(?:-[A-Z]{2})?)$/, "expected a code such as en or pt-BR, or auto");

/** The texts of one problem, and what belongs to them. */
export const Statements = z.object({
  /** One per language and format, in the order of the package. */
  items: z.array(
    z.object({
      language: z.string(),
      /** What the route of one statement answers with. */
      format: z.enum(["html", "pdf"]),
      title: z.string(),
      path: z.string(),
    }),
  ),
  attachments: z.array(
    z.object({
      name: z.string(),
      bytes: z.int(),
      /** Language of what an editor starts with. */ templateFor: z.string().nullable(),
      path: z.string(),
    }),
  ),
  license: z.string(),
  rightsOwner: z.string().nullable(),
  authors: z.array(z.string()),
  sources: z.array(z.object({ name: z.string(), url: z.string().nullable() })),
});
export type Statements = z.infer<typeof Statements>;

export const statementRoutes = {
  listStatements: defineRoute({
    id: "listStatements",
    summary: "Languages and formats of a problem's statements, its attachments, license and credits",
    method: "GET",
    path: "/api/v1/problems/:id/statements",
    permission: "problems:read",
    tag: "problems",
    params: byProblem,
    response: Statements,
  }),
  readStatement: defineRoute({
    id: "readStatement",
    summary: "A statement as an HTML page or as PDF; language auto goes by Accept-Language",
    method: "GET",
    path: "/api/v1/problems/:id/statements/:language",
    permission: "problems:read",
    tag: "problems",
    params: byProblem.extend({ language: LanguageCode }),
    query: z.object({ format: z.enum(["html", "pdf"]).optional() }),
    responseKind: "bytes",
  }),
  readProblemFile: defineRoute({
    id: "readProblemFile",
    summary: "An image of a statement, or an attachment; no other file of the package",
    method: "GET",
    path: "/api/v1/problems/:id/files/:path",
    permission: "problems:read",
    tag: "problems",
    params: byProblem.extend({ path: z.string().min(1).max(1024) }),
    responseKind: "bytes",
  }),
} as const;
