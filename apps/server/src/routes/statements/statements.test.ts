import { Problem, Statements } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { organization, packed, sumFiles, token, upload } from "../../testing/factories.ts";
import { testServer } from "../../testing/test-server.ts";
import type { TestServer } from "../../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
let learner: string;
let stranger: string;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url);
  learner = (await token(server, "learner")).secret;
  stranger = (await organization(temporary.database, "elsewhere")).tokens.owner;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const yaml = (extra: string): string =>
  `problem_format_version: 2025-09\nname: {en: Sum, de: Summe, pt-BR: Soma}\nuuid: 5a0e7c1e-7a3d-4f0e-9f43-0d5a8f1f9a01\nlimits: {time_limit: 1}\n${extra}`;

const files: Record<string, string> = {
  ...sumFiles,
  "problem.yaml": yaml(
    "license: cc by-sa\nrights_owner: Ada <script>\nsource: {name: The Cup, url: https://example.org/cup}\ncredits: {authors: [Grace]}\n",
  ),
  "statement/problem.en.md":
    "Add $a + b$.\n\n![A dot](dot.svg)\n\n![far](https://evil.example/x.png)\n\n<script>alert(1)</script>\n",
  "statement/problem.de.tex": "\\problemname{Die Summe}\nAddiere $a$.\n\\includegraphics{dot}\n",
  "statement/problem.pt-BR.pdf": "%PDF-1.7 soma",
  "statement/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
  "statement/notes.txt": "for the jury",
  "data/sample/1.in.statement": "one and two\n",
  "attachments/help.txt": "help",
  "attachments/templates/python3/start.py": "print()",
  "input_validators/check.py": "import sys; sys.exit(42)",
  "submissions/accepted/a.py": "print(3)",
};

const shared = async (name: string, tree: Readonly<Record<string, string>> = files): Promise<Problem> => {
  const received = await upload(server, server.owner, await packed(name, tree));
  expect(received).toMatchObject({ status: 201 });
  return Problem.parse(received.json);
};

const read = async (path: string, sent: { token?: string; accept?: string } = {}) => {
  const response = await fetch(`${server.running.url}/api/v1/problems/${path}`, {
    headers: {
      authorization: `Bearer ${sent.token ?? learner}`,
      ...(sent.accept === undefined ? {} : { "accept-language": sent.accept }),
    },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe("statements", () => {
  it("are listed with attachments, license and credits", async () => {
    const problem = await shared("listed");
    const { status, text } = await read(`${problem.id}/statements`);
    expect(status).toBe(200);
    expect(Statements.parse(JSON.parse(text))).toMatchObject({
      items: [
        { language: "de", format: "html", title: "Summe" },
        { language: "en", format: "html", title: "Sum" },
        {
          language: "pt-BR",
          format: "pdf",
          title: "Soma",
          path: `/api/v1/problems/${problem.id}/statements/pt-BR?format=pdf`,
        },
      ],
      attachments: [
        { name: "help.txt", bytes: 4, templateFor: null },
        { name: "templates/python3/start.py", templateFor: "python" },
      ],
      license: "cc by-sa",
      rightsOwner: "Ada <script>",
      authors: ["Grace"],
      sources: [{ name: "The Cup", url: "https://example.org/cup" }],
    });
  });

  it("show constants by their values, in formulas too", async () => {
    const problem = await shared("constants", {
      ...files,
      "problem.yaml": yaml("constants: {most: 1000, name: {value: Ada, latex: Grace}}\n"),
      "statement/problem.en.md": "{{name}} has at most {{most}} cars: $n \\le {{most}}$.\n",
    });
    const { text } = await read(`${problem.id}/statements/en`);
    expect(text).toContain("Ada has at most 1000 cars");
    expect(text).toContain("<mn>1000</mn>");
    expect(text).not.toMatch(/most\}|name\}/u);
  });

  it("are pages that can't run anything", async () => {
    const { headers, text, status } = await read(`${(await shared("page")).id}/statements/en`);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("content-language")).toBe("en");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none'; style-src-elem 'sha256-/u);
    expect(policy).not.toMatch(/script|unsafe-eval|https?:/u);
    expect(text).toContain("<math>");
    expect(text).toContain('src="data:image/svg+xml;base64,');
    expect(text).not.toMatch(/<script|evil\.example/u);
    expect(text).toContain("[image: far]");
    expect(text).toContain("one and two");
    expect(text).toContain("cc by-sa");
    expect(text).toContain("Ada &#60;script&#62;");
    expect(text).toContain('<a href="https://example.org/cup"');
  });

  it("in TeX take their title and images by their base name", async () => {
    const { text } = await read(`${(await shared("tex")).id}/statements/de`);
    expect(text).toContain("<h1>Die Summe</h1>");
    expect(text).toContain('src="data:image/svg+xml;base64,');
    expect(text).toContain('<html lang="de">');
    expect(text).toContain("Beispieleingabe 1");
  });

  it("as PDF are served as they are", async () => {
    const { headers, text } = await read(`${(await shared("pdf")).id}/statements/pt-BR`);
    expect(headers.get("content-type")).toBe("application/pdf");
    expect(text).toBe("%PDF-1.7 soma");
  });

  it.each([
    ["de", "de"],
    ["fr, de;q=0.5, en;q=0.9", "en"],
    ["pt", "pt-BR"],
    ["de-AT", "de"],
    ["fr", "en"],
    ["", "en"],
    ["de;q=0, en", "en"],
    ["x".repeat(500), "en"],
  ])("are chosen by Accept-Language %j", async (accept, language) => {
    const problem = await shared(`accept-${language}-${accept.length}`);
    const { headers } = await read(`${problem.id}/statements/auto`, { accept });
    expect(headers.get("content-language")).toBe(language);
    expect(headers.get("vary")).toMatch(/accept-language/u);
  });

  it.each([
    ["fr", 404, /this problem has de \(html\), en \(html\), pt-BR \(pdf\)/u],
    ["en?format=pdf", 404, /There is no such statement/u],
    ["..%2F..%2Fproblem", 400, /expected a code/u],
    ["EN", 400, /expected a code/u],
    ["en?format=exe", 400, /format/u],
  ])("answer %s with %i", async (language, status, message) => {
    const received = await read(
      `${(await shared(`odd-${status}-${language.length}`)).id}/statements/${language}`,
    );
    expect(received.status).toBe(status);
    expect(received.text).toMatch(message);
  });

  it("of a conversation show it instead of the judge's input", async () => {
    const { "data/sample/1.in.statement": _, ...others } = files;
    const problem = await shared("talk", {
      ...others,
      "problem.yaml": yaml("type: [pass-fail, interactive]\n"),
      "output_validator/validate.py": "import sys; sys.exit(42)",
      "data/sample/1.interaction": "<5\n>7\n",
    });
    const { text } = await read(`${problem.id}/statements/en`);
    expect(text).toContain("Sample Interaction 1");
    expect(text).not.toContain("1 2\n</pre>");
  });
});

describe("files", () => {
  it("are images beside the statement, kept from running anything", async () => {
    const { status, headers, text } = await read(`${(await shared("image")).id}/files/statement%2Fdot.svg`);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("image/svg+xml");
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/u);
    expect(text).toMatch(/^<svg/u);
  });

  it("are attachments, as downloads", async () => {
    const { status, headers, text } = await read(
      `${(await shared("attached")).id}/files/attachments%2Fhelp.txt`,
    );
    expect([status, text]).toEqual([200, "help"]);
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''help.txt");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each([
    "data/secret/1.ans",
    "data/sample/1.in",
    "submissions/accepted/a.py",
    "input_validators/check.py",
    "problem.yaml",
    "statement/problem.en.md",
    "statement/notes.txt",
    "statement/../data/secret/1.ans",
    "attachments/../data/secret/1.ans",
    "../../../../etc/passwd",
    "/etc/passwd",
    "attachments/help.txt\0.png",
    "attachments",
    "__proto__",
  ])("are never %s, not even for an owner", async (path) => {
    const problem = await shared(`never-${path.replace(/[^a-z0-9]/gu, "-")}`);
    for (const who of [learner, server.owner]) {
      const { status, text } = await read(`${problem.id}/files/${encodeURIComponent(path)}`, { token: who });
      expect(status).toBe(404);
      expect(JSON.parse(text)).toMatchObject({ code: "not_found" });
    }
  });
});

describe("who may read", () => {
  const everyPath = ["statements", "statements/en", "statements/auto", "files/attachments%2Fhelp.txt"];

  it("is nobody of another organization", async () => {
    const problem = await shared("private");
    for (const id of [problem.id, problem.shortName]) {
      for (const path of everyPath)
        expect((await read(`${id}/${path}`, { token: stranger })).status).toBe(404);
    }
  });

  it("is nobody without a token, and no runner", async () => {
    const problem = await shared("closed");
    for (const path of everyPath) {
      expect((await read(`${problem.id}/${path}`, { token: "nonsense" })).status).toBe(401);
      expect((await read(`${problem.id}/${path}`, { token: server.runner })).status).toBe(403);
    }
  });

  it("is no learner before the embargo ends, but a teacher", async () => {
    const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    const problem = await shared("embargo", { ...files, "problem.yaml": yaml(`embargo_until: ${until}\n`) });
    const teacher = (await token(server, "teacher")).secret;
    for (const path of everyPath) {
      expect((await read(`${problem.id}/${path}`)).status).toBe(404);
      expect((await read(`${problem.id}/${path}`, { token: teacher })).status).toBe(200);
    }
    const past = await shared("lifted", { ...files, "problem.yaml": yaml("embargo_until: 2020-01-01\n") });
    for (const path of everyPath) expect((await read(`${past.id}/${path}`)).status).toBe(200);
  });
});
