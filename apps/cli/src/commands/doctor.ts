import { access, constants } from "node:fs/promises";
import { styleText } from "node:util";
import { coreRecipes, imageStore, missingPackages } from "@assay/images";
import { checkDrivers, probe } from "@assay/sandbox";
import type { Command } from "commander";
import { printJson } from "../command.ts";
import { exitCode, messageOf } from "../exit.ts";
import { printable } from "../output/text.ts";
import { stackIdentities } from "../stack/identity.ts";
import { defaultImagesDirectory } from "../stack/paths.ts";

/** One thing that this machine can or can't do, and how to mend it. */
interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** False: jobs run all the same, with less; the results say so. */
  readonly required: boolean;
  /** True: part of what isolates a box; false: a convenience such as an image that is built on demand. */
  readonly isPromise: boolean;
  readonly detail: string;
  readonly mend: string | null;
}

export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("what this machine can enforce, what it can't, and how to mend it")
    .option("--json", "one JSON object", false)
    .action(async ({ json }: { json: boolean }) => {
      const findings = [
        ...(await sandboxFindings()),
        await buildingFinding(),
        ...(await imageFindings()),
        await fetchFinding(),
      ];
      const isFit = findings.every((finding) => finding.ok || !finding.required);
      if (json) printJson({ fit: isFit, findings });
      else show(findings, isFit);
      process.exitCode = isFit ? exitCode.ok : exitCode.notSo;
    });
}

async function sandboxFindings(): Promise<Finding[]> {
  const report = await probe();
  const machine = [
    report.kernel === null ? null : `Linux ${report.kernel}`,
    report.cgroupVersion === null ? "no control groups" : `control groups v${report.cgroupVersion}`,
    `Node ${process.version}`,
  ];
  const about = { name: "machine", ok: true, required: false, isPromise: false, mend: null };
  return [
    { ...about, detail: machine.filter((part) => part !== null).join(", ") },
    ...report.checks.map((check) => ({ ...check, isPromise: true })),
    ...(await checkDrivers(report)).map(({ driver, ...check }) => ({
      ...check,
      name: `driver ${driver}`,
      required: false,
      isPromise: false,
    })),
  ];
}

async function buildingFinding(): Promise<Finding> {
  const missing = await missingPackages();
  return {
    name: "building images",
    ok: missing.length === 0,
    required: false,
    isPromise: false,
    detail: missing.length === 0 ? "all tools are here" : `tools are missing, of: ${missing.join(", ")}`,
    mend: missing.length === 0 ? null : `apt-get install ${missing.join(" ")}`,
  };
}

async function imageFindings(): Promise<Finding[]> {
  const directory = defaultImagesDirectory();
  const exists = await access(directory, constants.R_OK).then(
    () => true,
    () => false,
  );
  const statuses = exists ? await imageStore(directory).list() : [];
  return coreRecipes.map(({ name }) => {
    const status = statuses.find((one) => one.name === name);
    const ok = status?.state === "ready";
    return {
      name: `image ${name}`,
      ok,
      required: false,
      isPromise: false,
      detail: ok ? `sha256:${status.digest ?? ""}` : (status?.reason ?? "not built yet"),
      mend: ok ? null : `./assay images build ${name}`,
    };
  });
}

/** Whether a runner here can get images that it lacks, and the rule by which it does. */
async function fetchFinding(): Promise<Finding> {
  const why = await whyNoFetching();
  return {
    name: "fetching images",
    ok: why === null,
    required: false,
    isPromise: false,
    detail:
      why?.detail ??
      "a runner fetches an image that it lacks when a job needs it; after a failure it waits 30 s, doubled each time up to 30 min, and does not offer its languages meanwhile",
    mend: why?.mend ?? null,
  };
}

async function whyNoFetching(): Promise<Pick<Finding, "detail" | "mend"> | null> {
  if (process.getuid?.() !== 0)
    return { detail: "images belong to root, so only a runner that root starts fetches them", mend: null };
  try {
    await stackIdentities();
  } catch (error) {
    return { detail: messageOf(error), mend: "./assay doctor adds it, as root" };
  }
  for (const tool of ["setpriv", "unshare", "prlimit"])
    if (!(await isProgram(tool)))
      return { detail: `the program ${tool} is missing`, mend: "apt-get install util-linux" };
  return null;
}

async function isProgram(name: string): Promise<boolean> {
  for (const directory of ["/usr/bin", "/bin"])
    if (
      await access(`${directory}/${name}`, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return true;
  return false;
}

function show(findings: readonly Finding[], isFit: boolean): void {
  for (const finding of findings) {
    const mark = finding.ok
      ? styleText("green", "✓")
      : styleText(finding.required ? "red" : "yellow", finding.required ? "✗" : "–");
    process.stdout.write(`${mark} ${finding.name.padEnd(20)} ${printable(finding.detail)}\n`);
    if (finding.mend) process.stdout.write(`  ${" ".repeat(20)} → ${printable(finding.mend)}\n`);
  }
  const isWhole = findings.every((finding) => finding.ok || !finding.isPromise);
  process.stdout.write(
    !isFit
      ? "this machine can't run untrusted code yet; see the lines marked ✗\n"
      : isWhole
        ? "this machine can run untrusted code with every promise kept\n"
        : "this machine can run untrusted code, but not every promise is kept: see the lines marked –; each result says what was in force\n",
  );
}
