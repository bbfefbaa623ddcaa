import type { Command } from "commander";
import { routes, type Job, type JobEvent } from "@assay/contracts";
import { interruptSignal, printJson } from "../command.ts";
import { connect } from "../connection.ts";
import { left, right, table } from "../output/table.ts";
import { imageSentence, printable } from "../output/text.ts";
import { count } from "../options.ts";

interface JsonOption {
  readonly json: boolean;
}

export function registerJobs(program: Command): void {
  const jobs = program.command("jobs").description("jobs on the server");
  jobs
    .command("list", { isDefault: true })
    .description("newest first")
    .option("--limit <n>", "how many", count, 20)
    .option("--json", "one JSON object", false)
    .action(async ({ json, limit }: JsonOption & { limit: number }) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const page = await connection.client.call(routes.listJobs, { query: { limit }, signal });
      if (json) printJson(page);
      else show(page.items);
    });
  jobs
    .command("show")
    .description("state, result and evidence of one job")
    .argument("<job>")
    .option("--json", "one JSON object", false)
    .action(async (id: string, { json }: JsonOption) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const job = await connection.client.call(routes.getJob, { params: { id }, signal });
      if (json) return printJson(job);
      show([job]);
      if (job.result) process.stdout.write(`${printable(job.result.evidence.text)}\n`);
    });
  jobs
    .command("follow")
    .description("the job's story as it happens")
    .argument("<job>")
    .option("--json", "one JSON object per line", false)
    .action(async (id: string, { json }: JsonOption) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      for await (const event of connection.client.events(id, { signal })) {
        process.stdout.write(`${json ? JSON.stringify(event) : sentence(event)}\n`);
        if (process.stdout.destroyed) return;
      }
    });
  jobs
    .command("cancel")
    .description("withdraw a job")
    .argument("<job>")
    .option("--json", "one JSON object", false)
    .action(async (id: string, { json }: JsonOption) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const job = await connection.client.call(routes.cancelJob, { params: { id }, signal });
      if (json) printJson(job);
      else show([job]);
    });
}

/** One event of a job in words. */
function sentence({ seq, body }: JobEvent): string {
  const text = (() => {
    switch (body.type) {
      case "state":
        return body.reason === null ? body.state : `${body.state}: ${body.reason}`;
      case "compile":
        return body.report.succeeded
          ? `compiled${body.report.cached ? " (cached)" : ""}`
          : `does not compile: ${body.report.output.split("\n")[0] ?? ""}`;
      case "test":
        return `test ${body.done}/${body.total} ${body.result.name}: ${body.result.verdict} (${body.result.evidence.text})`;
      case "group":
        return `group ${body.result.name || "data"}: ${body.result.verdict}${body.result.score === null ? "" : `, ${body.result.score} points`}`;
      case "progress":
        return `${body.done}/${body.total} ${body.check}: ${body.subject}`;
      case "image":
        return imageSentence(body);
      case "output":
        return `${body.stream}: ${body.text}`;
    }
  })();
  return `${String(seq).padStart(4)}  ${printable(text)}`;
}

function show(jobs: readonly Job[]): void {
  const columns = [
    left("job"),
    left("kind"),
    left("state"),
    right("attempt"),
    left("result"),
    left("created"),
  ];
  const rows = jobs.map((job) => [
    job.id,
    job.kind,
    job.state,
    String(job.attempt),
    printable(resultOf(job)),
    job.createdAt,
  ]);
  process.stdout.write(`${table(columns, rows)}\n`);
}

function resultOf(job: Job): string {
  if (job.failure) return job.failure.message;
  if (job.waitingFor) return job.waitingFor;
  if (!job.result) return job.verdict ?? "";
  switch (job.result.kind) {
    case "judge":
      return `${job.result.verdict} ${job.result.passed}/${job.result.total}`;
    case "verify":
      return job.result.accepted ? "accepted" : `refused: ${job.result.findings.length} findings`;
    case "run":
      return job.result.outcome?.status ?? "compile error";
  }
}
