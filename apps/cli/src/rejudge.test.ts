import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createClient } from "@assay/client";
import { ProblemSet, RejudgingDetail, RejudgingPreview, Submission, routes } from "@assay/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEphemeralStack, type EphemeralStack } from "./stack/ephemeral.ts";
import { runAssay, type Ended } from "./testing/run-assay.ts";

/** What a command answers, or a part of it. */
interface Shape<Value> {
  parse(value: unknown): Value;
}

const seen: Shape<{ rejudging: RejudgingDetail; preview: RejudgingPreview }> = {
  parse: (value) => {
    const { rejudging, preview } = value as Record<string, unknown>;
    return { rejudging: RejudgingDetail.parse(rejudging), preview: RejudgingPreview.parse(preview) };
  },
};

/** How the tests of the problem are named and what they hold: a hundred numbers to double. */
const count = 100;
const numbered = (index: number): string => String(index).padStart(3, "0");

describe.skipIf(process.getuid?.() !== 0)("submitting and judging again (needs root)", () => {
  let directory: string;
  let stack: EphemeralStack;
  let env: Record<string, string>;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "assay-cli-"));
    stack = await startEphemeralStack({ languages: ["python"] }, new AbortController().signal);
    env = { ASSAY_URL: stack.url, ASSAY_TOKEN: stack.ownerToken };
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  const assay = (...args: readonly string[]): Promise<Ended> => runAssay(args, env, { cwd: directory });
  const answer = async <Value>(schema: Shape<Value>, ...args: readonly string[]): Promise<Value> => {
    const ended = await assay(...args, "--json");
    expect(ended.stderr).not.toContain("assay:");
    return schema.parse(JSON.parse(ended.stdout));
  };
  const file = async (path: string, content: string): Promise<string> => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
    return join(directory, path);
  };
  /** Uploads the problem; its last answer is whatever is given. */
  const upload = async (lastAnswer: string): Promise<void> => {
    await file("double/problem.yaml", "problem_format_version: legacy\nname: Double\n");
    await file("double/.timelimit", "10\n");
    for (let index = 1; index <= count; index++) {
      await file(`double/data/secret/${numbered(index)}.in`, `${index}\n`);
      const right = index === count ? lastAnswer : String(2 * index);
      await file(`double/data/secret/${numbered(index)}.ans`, `${right}\n`);
    }
    expect((await assay("problems", "upload", "double")).code).toBe(0);
  };

  /** What everybody sees. */
  const shown = async (): Promise<[string, string | null][]> => {
    await using client = createClient({ baseUrl: stack.url, token: stack.ownerToken });
    const { items } = await client.call(routes.listSubmissions, {});
    return items.map(({ id, job }) => [id, job.verdict]);
  };

  test("submit follows the tests of a submission to its verdict", async () => {
    await upload("200");
    const source = await file("double.py", "print(2 * int(input()))\n");
    const ended = await assay("submit", "double", source);
    expect(ended.stdout).toContain(`AC (accepted), ${count}/${count} tests`);
    expect(ended.stderr).toMatch(/^double: judging$|^double: \d+\/100 .*: AC$/m);
    expect(ended.stderr).toMatch(/^double: submission [0-9a-f-]{36}, job [0-9a-f-]{36}\n/);
    expect(ended.code).toBe(0);

    const wrong = await assay("submit", "double", await file("wrong.py", "print(input())\n"));
    expect(wrong.stdout).toMatch(/secret\/001 +WA/);
    expect(wrong.code).toBe(1);
  });

  test("a hundred tests tell a hundred events, numbered without gaps, and the verdict last", async () => {
    const { job } = await answer(Submission, "submit", "double", join(directory, "double.py"), "--all-tests");
    await using client = createClient({ baseUrl: stack.url, token: stack.ownerToken });
    const story = await Array.fromAsync(client.events(job.id));
    expect(story.map(({ seq }) => seq)).toEqual(story.map((_, index) => index + 1));
    const tests = story.flatMap(({ body }) => (body.type === "test" ? [body] : []));
    expect(tests.map(({ done, total }) => [done, total])).toEqual(
      Array.from({ length: count }, (_, index) => [index + 1, count]),
    );
    expect(story.at(-1)?.body).toMatchObject({ type: "state", state: "completed" });
  });

  test("sets have a policy, and what is submitted in them is judged by it", async () => {
    const set = await answer(
      ProblemSet,
      ..."sets create cup --title Cup --policy icpc --problem A=double".split(" "),
    );
    expect(set).toMatchObject({ policy: { remap: { MLE: "RTE" } }, problems: [{ label: "A" }] });
    const source = join(directory, "double.py");
    const submission = await answer(Submission, "submit", "A", source, "--set", "cup");
    expect(submission).toMatchObject({ problem: { shortName: "double" }, problemSet: { name: "cup" } });
    const changed = await answer(ProblemSet, ..."sets change cup --policy default".split(" "));
    expect(changed).toMatchObject({ title: "Cup", policy: { remap: {} }, problems: [{ label: "A" }] });
    expect((await assay("sets", "list")).stdout).toMatch(/cup +Cup +1/);
    expect((await assay("sets", "delete", "cup")).stderr).toContain("Submissions name the problem set cup");
    const list = await assay("submissions", "list", "--set", "cup", "--verdict", "AC");
    expect(list.stdout).toContain(submission.id);
    expect((await assay("submissions", "list", "--set", "cup", "--verdict", "WA")).stdout).not.toContain(
      submission.id,
    );
  });

  let before: [string, string | null][];
  let planId: string;

  test("rejudge shows who goes down, and changes nothing", async () => {
    await upload("201");
    before = await shown();
    const { rejudging, preview } = await answer(
      seen,
      ..."rejudge create --reason mended --problem double --wait".split(" "),
    );
    expect(rejudging).toMatchObject({ state: "ready", total: 4 });
    expect(preview).toMatchObject({ changes: { down: 3, same: 1 }, stale: 0 });
    expect(await shown()).toEqual(before);
    planId = rejudging.id;

    const page = await assay("rejudge", "show", planId, "--change", "down");
    expect(page.stdout).toMatch(/old \\ new +WA/);
    expect(page.stdout).toMatch(/down +AC +WA/);
    expect(page.stdout).toContain("create: mended");
  });

  test("rejudge applies a plan", async () => {
    const applied = await answer(RejudgingDetail, "rejudge", "apply", planId, "--reason", "right");
    expect(applied.state).toBe("applied");
    expect(JSON.stringify(await shown())).not.toContain("AC");
    const [first] = before;
    const judgings = await assay("submissions", "judgings", first?.[0] ?? "");
    expect(judgings.stdout).toMatch(/completed +WA .*shown +rejudging/);
  });

  test("rejudge rolls an applied plan back, and decides nothing twice", async () => {
    expect((await assay("rejudge", "rollback", planId, "--reason", "not right")).code).toBe(0);
    expect(await shown()).toEqual(before);
    const again = await assay("rejudge", "discard", planId, "--reason", "r");
    expect(again.stderr).toMatch(/is rolled back.*\(conflict\)/);
    expect(again.code).toBe(2);
    expect((await assay("rejudge", "list")).stdout).toMatch(/rolled_back +4 +\S+ .*mended/);
  });
});
