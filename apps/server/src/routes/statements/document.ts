import { AssayError } from "@assay/contracts";
import type { ProblemPackage } from "@assay/judging";
import { contentSecurityPolicy } from "@assay/statements";
import type { StatementRenderer } from "@assay/statements";
import type { StoredPackage } from "../../problems/packages.ts";
import type { ProblemRow } from "../../problems/problems.ts";
import { filePath } from "./paths.ts";
import { publicFiles } from "./public-files.ts";
import type { PublicFile } from "./public-files.ts";
import { readSamples } from "./samples.ts";

interface Document {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const maxStatementBytes = 16 * 1024 * 1024;
/** Images within a page, in all; what is larger is only linked. */
const maxInlineBytes = 4 * 1024 * 1024;
const shared = {
  "x-content-type-options": "nosniff",
  "cache-control": "private, no-cache",
  "referrer-policy": "no-referrer",
};

/** One statement as it is sent. */
export const documentOf = async (
  renderer: StatementRenderer,
  problem: ProblemRow,
  stored: StoredPackage,
  statement: ProblemPackage["statements"][number],
): Promise<Document> => {
  const { parsed, files, sizes } = stored;
  if ((sizes.get(statement.path) ?? 0) > maxStatementBytes)
    throw new AssayError("package_invalid", `${statement.path} is larger than ${maxStatementBytes} bytes`);
  const bytes = Buffer.from(await files.read(statement.path));
  if (statement.format === "pdf") {
    return {
      body: bytes,
      headers: {
        ...shared,
        "content-type": "application/pdf",
        "content-disposition": `inline; filename="${problem.shortName}.${statement.language}.pdf"`,
      },
    };
  }
  if (statement.format === "html") {
    // The author's own page: it may show itself, and do nothing.
    const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
    return {
      body: bytes,
      headers: { ...shared, "content-type": "text/html; charset=utf-8", "content-security-policy": policy },
    };
  }
  const html = await renderer.render({
    format: statement.format,
    source: bytes.toString("utf8"),
    language: statement.language,
    title: parsed.names[statement.language] ?? parsed.name,
    samples: await readSamples(stored),
    images: await inlineImages(stored, statement.path),
    credits: {
      license: parsed.credits.license,
      rightsOwner: parsed.credits.rightsOwner,
      authors: parsed.credits.authors,
      sources: parsed.credits.sources,
    },
    attachments: parsed.attachments
      .filter(({ templateFor }) => templateFor === null)
      .map(({ path }) => ({ name: path.replace(/^attachments\//u, ""), url: filePath(problem, path) })),
  });
  return {
    body: Buffer.from(html),
    headers: {
      ...shared,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy,
    },
  };
};

/** Images as part of the page: a browser that shows it has no token with which it could fetch them. */
const inlineImages = async (
  stored: StoredPackage,
  statementPath: string,
): Promise<ReadonlyMap<string, string>> => {
  const folder = statementPath.slice(0, statementPath.lastIndexOf("/") + 1);
  const urls = new Map<string, string>();
  let left = maxInlineBytes;
  for (const file of publicFiles(stored).values()) {
    if (!isInlined(file, folder) || file.bytes > left) continue;
    left -= file.bytes;
    const content = Buffer.from(await stored.files.read(file.path)).toString("base64");
    urls.set(file.path.slice(folder.length), `data:${file.imageType};base64,${content}`);
  }
  return urls;
};

const isInlined = ({ path, imageType }: PublicFile, folder: string): boolean =>
  imageType !== null && path.startsWith(folder);
