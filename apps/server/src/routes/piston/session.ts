import { AssayError, RunSignal } from "@assay/contracts";
import type { CompileReport, JobEvent } from "@assay/contracts";
import type { WebSocket } from "@fastify/websocket";
import type { FastifyBaseLogger } from "fastify";
import type { Caller } from "../../access/policy.ts";
import { viewerOf } from "../../jobs/watch.ts";
import { followJob } from "../../jobs/follow.ts";
import type { Services } from "../../services.ts";
import { compileStage, stagesOf } from "../compatible/stages.ts";
import { TooMuchInput } from "./input.ts";
import type { InputWriter } from "./input.ts";
import { openLiveRun } from "./live-run.ts";
import type { LiveRun } from "./live-run.ts";
import { endOf } from "./present.ts";
import { BadRequest, asObject } from "./request.ts";
import type { Prepared } from "./request.ts";
import { closeWith, deliver } from "./sockets.ts";

/** Codes and words of Piston's interface. */
const closing = {
  alreadyInitialized: [4000, "Already Initialized"],
  tooLate: [4001, "Initialization Timeout"],
  notified: [4002, "Notified Error"],
  notInitialized: [4003, "Not yet initialized"],
  onlyStdin: [4004, "Can only write to stdin"],
  badSignal: [4005, "Invalid signal"],
  completed: [4999, "Job Completed"],
} as const;

const initWithinMs = 1_000;
/** Input that waits for the database; beyond, nothing more is taken from the client. */
const maxWaitingBytes = 1024 * 1024;

/**
 * One client's connection.
 *
 *     open ──(init)──► starting ──► running ──► closed
 *       └─(1 s without init)──────────────────────┘
 *
 * What the program does comes as the job's events, from whichever server wrote them; what the client
 * says goes to the runner through `InputWriter`. A client that leaves takes its program along.
 */
export class Session {
  readonly #socket: WebSocket;
  readonly #services: Services;
  readonly #caller: Caller;
  readonly #correlationId: string;
  readonly #log: FastifyBaseLogger;
  readonly #ending = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isInitialized = false;
  #input: InputWriter | null = null;
  /** What came after `init` and before the job was made. */
  #early: unknown[] = [];

  constructor(
    socket: WebSocket,
    services: Services,
    caller: Caller,
    { id, log }: { readonly id: string; readonly log: FastifyBaseLogger },
  ) {
    this.#socket = socket;
    this.#services = services;
    this.#caller = caller;
    this.#correlationId = id;
    this.#log = log;
    this.#timer = setTimeout(() => this.#close("tooLate"), initWithinMs);
    socket.on("message", (data: Buffer) => this.#receive(data));
    socket.on("error", () => this.#end());
    socket.on("close", () => this.#end());
    services.stopping.addEventListener("abort", this.#stop, { once: true });
  }

  readonly #stop = (): void =>
    void this.#fail(new AssayError("shutting_down", "This server is stopping; connect again."));

  #end(): void {
    clearTimeout(this.#timer);
    this.#services.stopping.removeEventListener("abort", this.#stop);
    this.#ending.abort();
  }

  #close(how: keyof typeof closing): void {
    const [code, reason] = closing[how];
    // The client's own farewell must be read.
    this.#socket.resume();
    closeWith(this.#socket, code, reason);
    this.#end();
  }

  async #fail(error: unknown): Promise<void> {
    const isExpected =
      error instanceof BadRequest || error instanceof TooMuchInput || error instanceof AssayError;
    if (!isExpected) this.#log.error({ err: error }, "a session failed");
    if (this.#ending.signal.aborted) return;
    const message = isExpected ? error.message : "the server failed; its log has the details";
    await deliver(this.#socket, { type: "error", message });
    this.#close("notified");
  }

  #receive(data: Buffer): void {
    if (this.#ending.signal.aborted) return;
    try {
      this.#handle(JSON.parse(data.toString()));
    } catch (error) {
      void this.#fail(error instanceof SyntaxError ? new BadRequest("messages must be JSON") : error);
    }
  }

  #handle(given: unknown): void {
    const message = asObject(given);
    switch (message["type"]) {
      case "init":
        if (this.#isInitialized) return this.#close("alreadyInitialized");
        this.#isInitialized = true;
        clearTimeout(this.#timer);
        void this.#serve(message).catch((error: unknown) => this.#fail(error));
        return;
      case "data":
        if (!this.#isInitialized) return this.#close("notInitialized");
        if (message["stream"] !== "stdin") return this.#close("onlyStdin");
        if (typeof message["data"] !== "string") throw new BadRequest("data must be a string");
        break;
      case "signal":
        if (!this.#isInitialized) return this.#close("notInitialized");
        if (!RunSignal.safeParse(message["signal"]).success) return this.#close("badSignal");
        break;
      default:
        return;
    }
    if (this.#input === null) this.#early.push(message);
    else this.#say(this.#input, message);
  }

  #say(input: InputWriter, message: Readonly<Record<string, unknown>>): void {
    if (message["type"] === "data") input.write(Buffer.from(String(message["data"])));
    else input.say({ type: "signal", signal: RunSignal.parse(message["signal"]) });
    if (input.waiting > maxWaitingBytes) this.#socket.pause();
    input.written().then(
      () => this.#socket.resume(),
      (error: unknown) => this.#fail(error),
    );
  }

  async #serve(init: Readonly<Record<string, unknown>>): Promise<void> {
    // Until there is somebody to say it to, nothing more is taken in.
    this.#socket.pause();
    await using run = await openLiveRun(this.#services, this.#caller, init, {
      correlationId: this.#correlationId,
      log: this.#log,
    });
    try {
      await this.#accompany(run);
    } catch (error) {
      // Before the run is put away, which may have to wait for its runner.
      await this.#fail(error);
    }
  }

  async #accompany(run: LiveRun): Promise<void> {
    if (this.#ending.signal.aborted) return;
    const { language, version } = run.prepared.runtime;
    await deliver(this.#socket, { type: "runtime", language, version });
    this.#input = run.input;
    for (const early of this.#early.splice(0)) this.#say(run.input, asObject(early));
    this.#socket.resume();
    for await (const event of followJob(this.#services, run.jobId, this.#ending.signal))
      for (const message of this.#tell(run.prepared, event)) await deliver(this.#socket, message);
    if (this.#ending.signal.aborted) return;
    await this.#tellEnd(run);
  }

  /** What of a job's story Piston's clients hear of. */
  #tell({ isCompiled }: Prepared, { body }: JobEvent): readonly object[] {
    if (body.type === "output") return [{ type: "data", stream: body.stream, data: body.text }];
    if (body.type === "compile") return tellCompile(body.report, isCompiled);
    if (body.type !== "state" || body.state !== "leased") return [];
    if (body.attempt > 1)
      throw new AssayError("conflict", "The machine that ran this failed; connect again.");
    return [{ type: "stage", stage: isCompiled ? "compile" : "run" }];
  }

  async #tellEnd({ jobId, prepared }: LiveRun): Promise<void> {
    const job = await this.#services.jobReads.add({ id: jobId, ...viewerOf(this.#caller) });
    if (job?.result?.kind !== "run")
      throw new AssayError("conflict", job?.failure?.message ?? "The run was withdrawn.");
    const { run } = stagesOf(job.result, prepared.isCompiled);
    if (run !== null) await deliver(this.#socket, exitOf("run", run.ending));
    this.#close("completed");
  }
}

function tellCompile(report: CompileReport, isCompiled: boolean): readonly object[] {
  const said = report.output === "" ? [] : [{ type: "data", stream: "stderr", data: report.output }];
  // A script is only checked: what the check says of a broken one is told as the program's words.
  if (!isCompiled) return report.succeeded ? [] : said;
  const ended = exitOf("compile", compileStage(report).ending);
  return [...said, ended, ...(report.succeeded ? [{ type: "stage", stage: "run" }] : [])];
}

function exitOf(stage: "compile" | "run", ending: Parameters<typeof endOf>[0]): object {
  const { code, signal } = endOf(ending);
  return { type: "exit", stage, code, signal };
}
