import { access, constants } from "node:fs/promises";
import { styleText } from "node:util";
import { imageStore, recipes } from "@assay/images";
import { probe } from "@assay/sandbox";
import type { Command } from "commander";
import { printJson } from "../command.ts";
import { exitCode } from "../exit.ts";
import { printable } from "../output/text.ts";
import { defaultImagesDirectory } from "../stack/paths.ts";

/** One thing that this machine can or can't do, and how to mend it. */
interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** False: jobs run all the same, with less; the results say so. */
  readonly required: boolean;
  readonly detail: string;
  readonly mend: string | null;
}

export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("what this machine can enforce, what it can't, and how to mend it")
    .option("--json", "one JSON object", false)
    .action(async ({ json }: { json: boolean }) => {
      const findings = [...platformFindings(), ...(await sandboxFindings()), ...(await imageFindings())];
      const isFit = findings.every((finding) => finding.ok || !finding.required);
      if (json) printJson({ fit: isFit, findings });
      else show(findings, isFit);
      process.exitCode = isFit ? exitCode.ok : exitCode.notSo;
    });
}

function platformFindings(): Finding[] {
  const isRoot = process.getuid?.() === 0;
  return [
    { name: "node", ok: true, required: true, detail: process.version, mend: null },
    {
      name: "root",
      ok: isRoot,
      required: true,
      detail: isRoot
        ? "started by root, which sandboxd needs; everything else drops to users of its own"
        : "an ordinary user can't start sandboxd",
      mend: isRoot ? null : "start with sudo",
    },
  ];
}

async function sandboxFindings(): Promise<Finding[]> {
  const report = await probe();
  return report.checks.map((check) => ({
    name: check.name,
    ok: check.ok,
    required: check.required,
    detail: check.detail,
    mend: check.mend,
  }));
}

async function imageFindings(): Promise<Finding[]> {
  const directory = defaultImagesDirectory();
  const exists = await access(directory, constants.R_OK).then(
    () => true,
    () => false,
  );
  const statuses = exists ? await imageStore(directory).list() : [];
  return recipes.map(({ name }) => {
    const status = statuses.find((one) => one.name === name);
    const ok = status?.state === "ready";
    return {
      name: `image ${name}`,
      ok,
      required: false,
      detail: ok ? `sha256:${status.digest ?? ""}` : (status?.reason ?? "not built yet"),
      mend: ok ? null : `./assay images build ${name}`,
    };
  });
}

function show(findings: readonly Finding[], isFit: boolean): void {
  for (const finding of findings) {
    const mark = finding.ok
      ? styleText("green", "✓")
      : styleText(finding.required ? "red" : "yellow", finding.required ? "✗" : "–");
    process.stdout.write(`${mark} ${finding.name.padEnd(20)} ${printable(finding.detail)}\n`);
    if (finding.mend) process.stdout.write(`  ${" ".repeat(20)} → ${printable(finding.mend)}\n`);
  }
  process.stdout.write(
    isFit
      ? "this machine can run untrusted code with every promise kept\n"
      : "this machine can't run untrusted code yet; see the lines marked ✗\n",
  );
}
