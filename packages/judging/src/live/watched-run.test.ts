import { defaultRunLimits, plainRun } from "@assay/contracts";
import type { JobEventBody, JobInputBody, RunOptions } from "@assay/contracts";
import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { executeProgram } from "../execute.ts";
import type { ExecuteContext } from "../execute.ts";
import { shell } from "../shell.fixture.ts";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const execute = (script: string, options: Partial<RunOptions>, change: Partial<ExecuteContext> = {}) => {
  const { sandbox, image } = box.get();
  return executeProgram({
    files: [{ path: "main.sh", content: script }],
    dataFiles: [],
    args: [],
    stdin: new Uint8Array(),
    limits: { ...defaultRunLimits, cpuMs: 5000, wallMs: 20_000, outputBytes: 1000 },
    stopAtProcessLimit: false,
    language: shell,
    sandbox,
    compiled: null,
    provenance: {
      image: { name: "test", digest: image },
      language: { id: "sh", version: "1" },
      runner: "test",
    },
    signal: new AbortController().signal,
    onEvent: () => undefined,
    options: { ...plainRun, ...options },
    ...change,
  });
};

const said = (text: string): JobInputBody => ({
  type: "stdin",
  base64: Buffer.from(text).toString("base64"),
});

/** A conversation: the test hears what is told, and says something when it likes. */
const conversation = () => {
  const events: JobEventBody[] = [];
  let heard = "";
  let news = Promise.withResolvers<void>();
  const onEvent = (event: JobEventBody): void => {
    events.push(event);
    if (event.type === "output") heard += event.text;
    news.resolve();
  };
  const hears = async (text: string): Promise<void> => {
    while (!heard.includes(text)) {
      await news.promise;
      news = Promise.withResolvers();
    }
  };
  return { events, onEvent, hears };
};

async function* deadLine(): AsyncGenerator<JobInputBody> {
  yield said("x");
  throw new Error("the line is dead");
}

describe.skipIf(box.skip !== null)(`options of a run ${box.skip ?? ""}`, () => {
  test("interactive: what is said reaches the program while it runs, in both directions", async () => {
    const { onEvent, hears, events } = conversation();
    async function* input(): AsyncGenerator<JobInputBody> {
      await hears("name?");
      yield said("Ada\n");
      await hears("hello Ada");
      yield { type: "end" };
    }
    const script = 'echo "name?"; read name; echo "hello $name"; cat; echo over >&2';
    const result = await execute(script, { streams: "interactive" }, { onEvent, input });
    expect(result).toMatchObject({
      stdout: { text: "name?\nhello Ada\n" },
      stderr: { text: "over\n" },
      interleaved: { text: "name?\nhello Ada\nover\n" },
      outcome: { status: "exited", exitCode: 0 },
    });
    expect(events.filter(({ type }) => type === "output").length).toBeGreaterThanOrEqual(2);
  });

  test("interactive: a signal ends a program that reads nothing, however much was said before", async () => {
    const { onEvent, hears } = conversation();
    async function* input(): AsyncGenerator<JobInputBody> {
      await hears("ready");
      for (let n = 0; n < 40; n++) yield said("x".repeat(64 * 1024));
      yield { type: "signal", signal: "SIGTERM" };
    }
    const result = await execute("echo ready; sleep 15", { streams: "interactive" }, { onEvent, input });
    expect(result.outcome).toMatchObject({ status: "signalled", signal: "SIGTERM" });
  });

  test("interactive: who can't be heard any more ends the run", async () => {
    await expect(execute("sleep 15", { streams: "interactive" }, { input: deadLine })).rejects.toThrow(
      "the line is dead",
    );
    expect((await execute("echo next", {})).stdout.text).toBe("next\n");
  });

  test("interactive: a program that writes byte by byte makes few events", async () => {
    const { onEvent, events } = conversation();
    const script = "i=0; while [ $i -lt 500 ]; do printf a; printf b >&2; i=$((i+1)); done";
    const result = await execute(script, { streams: "interactive" }, { onEvent });
    expect(result.stdout.text).toBe("a".repeat(500));
    const told = events.flatMap((event) => (event.type === "output" ? [event] : []));
    const of = (stream: string) =>
      told.filter((one) => one.stream === stream).reduce((all, { text }) => all + text, "");
    expect([of("stdout"), of("stderr")]).toEqual(["a".repeat(500), "b".repeat(500)]);
    expect(told.length).toBeLessThan(700);
  });

  test("watched: a program that writes too much is stopped there, if so asked", async () => {
    const flood = "while :; do echo 0123456789; done";
    const stopped = await execute(flood, { streams: "watched", stopAtOutputLimit: true });
    expect(stopped.outcome).toMatchObject({ status: "output_limit", stdoutTruncated: true });
    expect(stopped.stdout.text.length).toBeLessThanOrEqual(1000);
    const cut = await execute("head -c 5000 /dev/zero | tr '\\0' x", { streams: "watched" });
    expect(cut.outcome).toMatchObject({ status: "exited", stdoutBytes: 5000 });
    expect(cut.interleaved?.text).toBe("x".repeat(1000));
  });

  test.each(["captured", "watched"] as const)(
    "%s: standard error can go to standard output",
    async (streams) => {
      const result = await execute("echo a; echo b >&2; echo c", { streams, stderrToStdout: true });
      expect(result).toMatchObject({ stdout: { text: "a\nb\nc\n" }, stderr: { text: "" } });
    },
  );

  test("runs as often as asked, and stops at the first that fails", async () => {
    expect((await execute("echo same", { repeat: 4 })).repeats).toHaveLength(4);
    expect(await execute("exit 3", { repeat: 4 })).toMatchObject({ repeats: [], outcome: { exitCode: 3 } });
    const differing = await execute("head -c 16 /dev/urandom", { repeat: 4 });
    expect(differing.repeats).toHaveLength(2);
  });
});
