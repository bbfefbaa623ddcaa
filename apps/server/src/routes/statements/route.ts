import { Readable } from "node:stream";
import { AssayError, routes } from "@assay/contracts";
import type { Statements } from "@assay/contracts";
import { StatementRenderer } from "@assay/statements";
import type { Caller } from "../../access/policy.ts";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { StoredPackages } from "../../problems/packages.ts";
import type { StoredPackage } from "../../problems/packages.ts";
import { findProblem } from "../../problems/problems.ts";
import type { ProblemRow } from "../../problems/problems.ts";
import type { Services } from "../../services.ts";
import { chooseStatement, shownAs } from "./choose.ts";
import { documentOf } from "./document.ts";
import { filePath, statementPath } from "./paths.ts";
import { publicFile } from "./public-files.ts";

export function mountStatements(mounting: Mounting, { database, blobs, stopping }: Services): void {
  const packages = new StoredPackages(blobs);
  const renderer = new StatementRenderer();
  stopping.addEventListener("abort", () => void renderer[Symbol.asyncDispose](), { once: true });
  const open = async (
    caller: Caller,
    id: string,
  ): Promise<{ problem: ProblemRow; stored: StoredPackage }> => {
    const problem = await findProblem(database, caller.organizationId, id);
    const stored = problem === null ? null : await packages.get(problem);
    // To a learner a problem under embargo is not there.
    if (problem === null || stored === null || (caller.role === "learner" && isUnderEmbargo(stored)))
      throw new AssayError("not_found", "There is no such problem here.");
    return { problem, stored };
  };

  mount(mounting, routes.listStatements, async ({ params, caller }) => {
    const { problem, stored } = await open(caller, params.id);
    return present(problem, stored);
  });

  mount(mounting, routes.readStatement, async ({ params, query, caller, request, reply }) => {
    const { problem, stored } = await open(caller, params.id);
    const accept = params.language === "auto" ? request.headers["accept-language"] : undefined;
    const statement = chooseStatement(stored.parsed.statements, params.language, query.format, accept);
    const { body, headers } = await documentOf(renderer, problem, stored, statement);
    reply.headers(headers).header("content-language", statement.language);
    if (params.language === "auto") reply.header("vary", "accept-language");
    return Readable.from([body]);
  });

  mount(mounting, routes.readProblemFile, async ({ params, caller, reply }) => {
    const { stored } = await open(caller, params.id);
    const file = publicFile(stored, params.path);
    const name = file.path.split("/").at(-1) ?? "file";
    const digest = stored.files.digest?.(file.path) ?? null;
    if (digest === null) throw new Error(`${file.path} of a stored package has no digest`);
    // Piece by piece: an attachment can be as large as a package.
    const content = await blobs.get(digest);
    reply.headers({
      "content-type": file.imageType ?? "application/octet-stream",
      "content-disposition": `${file.imageType === null ? "attachment" : "inline"}; filename*=UTF-8''${encodeURIComponent(name)}`,
      "content-length": String(file.bytes),
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=300",
    });
    return content;
  });
}

const isUnderEmbargo = ({ parsed }: StoredPackage): boolean => {
  const until = parsed.credits.embargoUntil;
  return until !== null && Date.parse(until) > Date.now();
};

const present = (problem: ProblemRow, { parsed }: StoredPackage): Statements => ({
  items: parsed.statements.map((statement) => ({
    language: statement.language,
    format: shownAs(statement),
    title: parsed.names[statement.language] ?? parsed.name,
    path: `${statementPath(problem, statement.language)}?format=${shownAs(statement)}`,
  })),
  attachments: parsed.attachments.map(({ path, size, templateFor }) => ({
    name: path.replace(/^attachments\//u, ""),
    bytes: size,
    templateFor,
    path: filePath(problem, path),
  })),
  license: parsed.credits.license,
  rightsOwner: parsed.credits.rightsOwner,
  authors: [...parsed.credits.authors],
  sources: parsed.credits.sources.map(({ name, url }) => ({ name, url })),
});
