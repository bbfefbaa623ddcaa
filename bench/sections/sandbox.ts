import { availableParallelism } from "node:os";
import { imageStore } from "@assay/images";
import type { RunSpec, Sandbox } from "@assay/sandbox";
import { compiled, openSandbox, plainSpec, succeed } from "../open-sandbox.ts";
import { ms, times, type Row } from "../report.ts";
import { imagesDirectory } from "../setting.ts";
import { distribution, type Distribution } from "../statistics.ts";
import { bareSpawn, bubblewrapSpawn } from "./box.ts";

const inFlight = [1, 2, 4, 8];
const seconds = 1;
const hello = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n';

interface Workload {
  readonly name: string;
  readonly spec: RunSpec;
  /** The same outside of a box; null where that means nothing. */
  readonly command: readonly string[] | null;
  readonly root: string;
  /** For a peer that speaks `POST /run`; null when it has not the program. */
  readonly stdin: string;
}

/** Four programs at several rates, against the bare kernel, bubblewrap and an HTTP peer in the same run. */
export async function sandboxRows(): Promise<Row[]> {
  await using stack = new AsyncDisposableStack();
  const sandbox = await openSandbox(stack, Math.max(8, availableParallelism()));
  const rows: Row[] = [];
  for (const workload of await workloads(sandbox)) {
    const bare = workload.command && (await bareSpawn(workload.command, workload.root));
    const wrapped = workload.command && (await bubblewrapSpawn(workload.command, workload.root));
    for (const count of inFlight) {
      const box = await measure(count, () => succeed(sandbox, workload.spec));
      const peer = await measurePeer(count, workload);
      rows.push({
        what: `${workload.name}, ${count} in flight`,
        measured: told(box),
        peer: [
          count === 1 && bare && `bare p50 ${ms(bare.p50)}: ${times(box.p50 / bare.p50)}`,
          count === 1 &&
            wrapped &&
            `bubblewrap p50 ${ms(wrapped.p50)}: ${times(wrapped.p50 / box.p50)} as fast`,
          peer && `HTTP peer ${told(peer)}`,
        ]
          .filter(Boolean)
          .join("; "),
        budget: "",
        isMet: null,
      });
    }
  }
  return rows;
}

async function workloads(sandbox: Sandbox): Promise<Workload[]> {
  const store = imageStore(imagesDirectory);
  const [python, cpp] = [await store.resolve("python"), await store.resolve("cpp")];
  const megabyte = "x".repeat(1024 * 1024);
  const say = ["/usr/bin/python3", "-c", "print('hello')"] as const;
  return [
    {
      name: "/usr/bin/true",
      spec: plainSpec(python.digest, ["/usr/bin/true"]),
      command: ["/usr/bin/true"],
      root: python.root,
      stdin: "",
    },
    { name: "Python hello", spec: plainSpec(python.digest, say), command: say, root: python.root, stdin: "" },
    {
      name: "1 MB from stdin to stdout",
      spec: plainSpec(python.digest, ["/usr/bin/cat"], Buffer.from(megabyte)),
      command: null,
      root: python.root,
      stdin: megabyte,
    },
    {
      name: "tests of one compiled program",
      spec: await compiled(sandbox, cpp.digest, hello),
      command: null,
      root: cpp.root,
      stdin: "",
    },
  ];
}

interface Measured extends Distribution {
  readonly perSecond: number;
}

async function measure(count: number, call: () => Promise<unknown>): Promise<Measured> {
  const all: number[] = [];
  const since = performance.now();
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (performance.now() - since < seconds * 1000) {
        const begin = performance.now();
        await call();
        all.push(performance.now() - begin);
      }
    }),
  );
  return { ...distribution(all), perSecond: all.length / ((performance.now() - since) / 1000) };
}

const told = (box: Measured): string =>
  `p50 ${ms(box.p50)}, p95 ${ms(box.p95)}, p99 ${ms(box.p99)}, ${box.perSecond.toFixed(0)} per second`;

/** go-judge, or whatever speaks its `POST /run`, at SANDBOX_PEER_URL; it must have the programs itself. */
async function measurePeer(count: number, workload: Workload): Promise<Measured | null> {
  const url = process.env["SANDBOX_PEER_URL"];
  if (!url || workload.spec.base !== null) return null;
  const body = JSON.stringify({
    cmd: [
      {
        args: workload.spec.argv,
        env: ["PATH=/usr/bin:/bin"],
        files: [
          { content: workload.stdin },
          { name: "stdout", max: 2 * 1024 * 1024 },
          { name: "stderr", max: 65_536 },
        ],
        cpuLimit: 10e9,
        clockLimit: 20e9,
        memoryLimit: 256 * 1024 * 1024,
        procLimit: 50,
      },
    ],
  });
  return measure(count, async () => {
    const response = await fetch(new URL("/run", url), {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    const [result] = (await response.json()) as [{ status: string }?];
    if (result?.status !== "Accepted")
      throw new Error(`the peer at ${url} answered ${response.status} ${result?.status ?? ""}`);
  });
}
