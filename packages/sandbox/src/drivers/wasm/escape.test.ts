import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { defaultRunLimits } from "@assay/contracts";
import { afterAll, describe, expect, it } from "vitest";
import { captured, standardStreams } from "../../fd.ts";
import type { RunSpec } from "../../spec.ts";
import { heapAttack, javaScriptAttacks, pythonAttacks } from "./attacks.ts";
import { openWasm } from "./driver.ts";

const execute = promisify(execFile);
const sandbox = openWasm({ slots: 1 });
afterAll(() => sandbox[Symbol.asyncDispose]());

async function run(image: string, argv: RunSpec["argv"]): Promise<string> {
  const onOutputLimit = "discard" as const;
  const report = await sandbox.run(
    {
      image,
      argv,
      env: {},
      limits: defaultRunLimits,
      fds: standardStreams({ stdin: new Uint8Array(), outputBytes: 1 << 20, onOutputLimit }),
      base: null,
      files: [],
      keep: null,
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: true,
    },
    { signal: null },
  );
  expect(report.outcome, String(captured(report, 2))).toMatchObject({ status: "exited", exitCode: 0 });
  return String(captured(report, 1));
}

describe("a program in WebAssembly", () => {
  it("gets out by nothing that Python offers", async () => {
    const program = `
import json
for attack in json.loads(${JSON.stringify(JSON.stringify(pythonAttacks))}):
    try:
        exec(attack, {})
    except BaseException: continue
    print(attack)
print("done")`;
    expect(await run("wasm:python", ["python3", "-c", program])).toBe("done\n");
  });

  it("finds no way out through what is left of JavaScript in Python's heap", async () => {
    expect(await run("wasm:python", ["python3", "-c", heapAttack])).toBe("");
  });

  it("would find nothing that helps, were it in the thread's own JavaScript", async () => {
    const { stdout } = await execute(
      process.execPath,
      [
        "--permission",
        "--allow-worker",
        `--allow-fs-read=${fileURLToPath(new URL("../../../", import.meta.url))}`,
        "--disable-warning=PERM0006",
        fileURLToPath(new URL("./testing/locked-process.ts", import.meta.url)),
      ],
      { cwd: "/", env: {} },
    );
    expect(stdout).toBe("[]\n");
  });

  it("gets out by nothing that JavaScript offers", async () => {
    const program = `
for (const attack of ${JSON.stringify(javaScriptAttacks)}) {
  try {
    if ((await (0, eval)(attack)) !== undefined) print(attack);
  } catch {}
}
print("done");`;
    expect(await run("wasm:javascript", ["js", "-e", program])).toBe("done\n");
  });
});
