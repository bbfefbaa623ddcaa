import { gzipSync } from "node:zlib";
import {
  CreatedToken,
  Problem,
  RegisteredRunner,
  defaultRunLimits,
  unknownInterference,
} from "@assay/contracts";
import type { JobResult, IsolationLevel, LanguageOffer, Outcome, TokenRole } from "@assay/contracts";
import type { Database } from "@assay/database";
import { pack } from "tar-stream";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { insertToken } from "../access/tokens.ts";
import type { TestServer } from "./test-server.ts";

/** Another organization, with a token of each role. */
export async function organization(
  database: Database,
  name: string,
): Promise<{ id: string; tokens: Record<TokenRole, string> }> {
  const { rows } = await database.query("insert into organizations (name) values ($1) returning id", [name]);
  const { id } = z.object({ id: z.uuid() }).parse(rows[0]);
  const secret = async (role: TokenRole) => (await insertToken(database, id, role, role)).secret;
  return {
    id,
    tokens: {
      owner: await secret("owner"),
      maintainer: await secret("maintainer"),
      teacher: await secret("teacher"),
      learner: await secret("learner"),
      runner: await secret("runner"),
    },
  };
}

export async function token(server: TestServer, role: TokenRole): Promise<CreatedToken> {
  const { json } = await server.send("POST", "/api/v1/tokens", {
    token: server.owner,
    body: { name: role, role },
  });
  return CreatedToken.parse(json);
}

/** The files of a small pass-fail problem that takes Python and C. */
export const sumFiles: Readonly<Record<string, string>> = {
  "problem.yaml": [
    "problem_format_version: 2025-09",
    "name: Sum",
    "uuid: 5a0e7c1e-7a3d-4f0e-9f43-0d5a8f1f9a01",
    "languages: [python3, c]",
    "limits:",
    "  time_limit: 1",
    "  code: 4",
    "",
  ].join("\n"),
  "statement/problem.en.md": "Print the sum of two numbers.\n",
  "data/sample/1.in": "1 2\n",
  "data/sample/1.ans": "3\n",
  "data/secret/1.in": "20 22\n",
  "data/secret/1.ans": "42\n",
  "submissions/accepted/sum.py": "print(sum(map(int, input().split())))\n",
};

/** A package as tar.gz, in a top directory of this name. */
export async function packed(shortName: string, files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [path, content] of Object.entries(files))
    archive.entry({ name: `${shortName}/${path}` }, content);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

export const upload = (server: TestServer, bearer: string, bytes: Uint8Array, query = "") =>
  server.send("POST", `/api/v1/problems${query}`, {
    token: bearer,
    body: bytes,
    headers: { "content-type": "application/gzip" },
  });

export async function problem(
  server: TestServer,
  bearer = server.owner,
  shortName = "sum",
): Promise<Problem> {
  const { json } = await upload(server, bearer, await packed(shortName, sumFiles));
  return Problem.parse(json);
}

const digest = "0123456789abcdef".repeat(4);

export const offer = (
  id: string,
  available = true,
  reason: string | null = null,
  levels: readonly IsolationLevel[] = ["namespaces+cgroup+seccomp"],
): LanguageOffer => ({
  id,
  available,
  version: available ? "1.0" : null,
  image: id,
  reason,
  levels: [...levels],
  test: null,
});

/** Registers a runner as a runner does; returns its id. */
export async function runner(
  server: TestServer,
  {
    bearer = server.runner,
    name = "r1",
    languages = [offer("python")],
    /** Images that it lacks and would fetch. */
    fetchable = [] as readonly string[],
  } = {},
): Promise<string> {
  const body = {
    name,
    version: "1",
    slots: 2,
    isolation: ["namespaces", "memory"],
    images: languages.map(({ image }) => ({
      name: image,
      digest,
      state: fetchable.includes(image) ? "fetchable" : "ready",
      reason: null,
    })),
    languages,
  };
  const { json } = await server.send("POST", "/api/v1/runner/register", { token: bearer, body });
  return RegisteredRunner.parse(json).runnerId;
}

export const outcome: Outcome = {
  status: "exited",
  exitCode: 0,
  signal: null,
  cpuMs: 1.5,
  cpuUserMs: 1,
  cpuSystemMs: 0.5,
  wallMs: 2,
  memoryBytes: 1_000_000,
  memoryCause: null,
  processesPeak: 1,
  oomKills: 0,
  processLimitHits: 0,
  voluntarySwitches: 1,
  involuntarySwitches: 0,
  stdoutBytes: 3,
  stderrBytes: 0,
  stdoutTruncated: false,
  stderrTruncated: false,
  fileBytes: 0,
  refusedSyscalls: [],
  isolation: ["namespaces"],
  driver: "native",
  interference: unknownInterference,
  message: null,
  setupMs: 1,
};

export const runResult = (stdout = "42\n"): JobResult => ({
  kind: "run",
  compile: null,
  outcome,
  stdout: { text: stdout, exact: true, base64: null },
  stderr: { text: "", exact: true, base64: null },
  diagnostics: [],
  interleaved: null,
  repeats: [],
  evidence: { text: "exit code 0", outcome, limits: defaultRunLimits },
  provenance: {
    image: { name: "python", digest },
    language: { id: "python", version: "3.11.2" },
    runner: "r1",
    isolation: ["namespaces"],
  },
});

export const judgeResult = (verdict: "AC" | "WA" = "AC"): JobResult => ({
  kind: "judge",
  verdict,
  fault: verdict === "AC" ? null : "submitter",
  score: null,
  maxScore: null,
  passed: verdict === "AC" ? 2 : 0,
  total: 2,
  tests: [],
  groups: [],
  cpuMs: 1,
  wallMs: 2,
  memoryBytes: 3,
  compile: null,
  speedFactor: null,
  evidence: { text: "all tests passed", outcome: null, limits: null },
  provenance: null,
});
