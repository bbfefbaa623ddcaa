import type { Finding, JobEventBody, VerifyResult } from "@assay/contracts";
import { memoryFiles } from "../package/memory-files.fixture.ts";
import { shell } from "../shell.fixture.ts";
import type { Sandbox } from "@assay/sandbox";
import type { Language } from "@assay/languages";
import { verifyPackage } from "./verify.ts";

/** A sound problem whose programs are shell scripts: a number is to be doubled. */
export const doubling: Readonly<Record<string, string>> = {
  "problem.yaml": `problem_format_version: 2025-09
name: Doubling
uuid: 0b9c1c5e-6a0e-4b4a-9d0f-3a4e6f4f3c11
license: cc0
rights_owner: The Assay authors
limits:
  time_limit: 0.5
  memory: 64
  output: 1
  validation_time: 1
  validation_memory: 64
  validation_output: 1
`,
  "statement/problem.en.md": "Double the number.\n",
  "data/sample/1.in": "1\n",
  "data/sample/1.ans": "2\n",
  "data/secret/1.in": "4\n",
  "data/secret/1.ans": "8\n",
  "data/secret/2.in": "50\n",
  "data/secret/2.ans": "100\n",
  "data/invalid_input/word.in": "four\n",
  "input_validators/validate/run": `#!/bin/sh
read -r n || exit 43
case $n in ''|*[!0-9]*) exit 43;; esac
read -r more && exit 43
[ -z "$more" ] && exit 42
exit 43
`,
  "output_validator/run": `#!/bin/sh
read -r n || exit 43
read -r more && exit 43
[ "$n" = "$(cat "$2")" ] && exit 42
echo "expected $(cat "$2")" >"$3/judgemessage.txt"
exit 43
`,
  "submissions/accepted/double.sh": "read -r n; echo $((2 * n))\n",
  "submissions/wrong_answer/add.sh": "read -r n; echo $((n + 1))\n",
  "submissions/run_time_error/exit.sh": "exit 3\n",
  "submissions/time_limit_exceeded/loop.sh": "read -r n; [ $n = 1 ] && echo 2 && exit; while :; do :; done\n",
};

/** The shell as if it were in the catalogue, under the ids whose images scripts are run in. */
const shellAs = (id: string): Language => ({
  ...shell,
  id,
  run: (files, args = []) => {
    const source = files.find((file) => file.endsWith(".sh")) ?? "main.sh";
    return { ...shell.run(files), argv: ["sh", `./${source}`, ...args] };
  },
});

export interface Verified extends VerifyResult {
  readonly events: readonly JobEventBody[];
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** Verifies the doubling problem with files more, changed, or taken away (null). */
export const verify = async (
  { sandbox, image }: { readonly sandbox: Sandbox; readonly image: string },
  changes: Readonly<Record<string, string | null>> = {},
  base: Readonly<Record<string, string>> = doubling,
): Promise<Verified> => {
  const tree: Record<string, string> = { ...base };
  for (const [path, content] of Object.entries(changes)) {
    if (content === null) delete tree[path];
    else tree[path] = content;
  }
  const events: JobEventBody[] = [];
  const result = await verifyPackage({
    packageFiles: memoryFiles(tree),
    shortName: "doubling",
    sandbox,
    compiled: null,
    toolbox: {
      toolsFor: (id) => (["bash", "cpp", "python"].includes(id) ? { language: shellAs(id), image } : null),
    },
    parallel: 2,
    runner: "test",
    speedFactor: null,
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
  });
  return {
    ...result,
    events,
    errors: result.findings.filter(({ severity }) => severity === "error"),
    warnings: result.findings.filter(({ severity }) => severity === "warning"),
  };
};

/** For comparisons: a finding as a line of a report. */
export const line = ({ where, line: at, message }: Finding): string =>
  `${where}${at === null ? "" : `:${at}`}: ${message}`;
