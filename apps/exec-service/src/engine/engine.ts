import { SandboxError, type Sandbox } from "@assay/sandbox";
import { RequestError } from "../model/request-error.ts";
import type { Request } from "../model/request.ts";
import { notRun, type Result } from "../model/result.ts";
import { checkPipes } from "./descriptors.ts";
import { finish } from "./finish.ts";
import { launch, withoutAbsent, type Launched } from "./launch.ts";
import { LiveRequest } from "./live-request.ts";
import { plan, type Plan, type PlanContext } from "./plan.ts";
import { attend } from "./terminal.ts";
import type { Turns } from "./turns.ts";

export interface EngineOptions extends PlanContext {
  readonly sandbox: Sandbox;
  readonly turns: Turns;
}

/** A command that runs or, without a plan, has its result already. */
interface Running {
  readonly plan: Plan | null;
  readonly launched: Launched | null;
  readonly result: Promise<Result>;
}

/** Runs requests: each command in a box of its own, those of one request together. */
export class Engine {
  readonly #options: EngineOptions;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /**
   * Runs a request when it is its turn, and calls `started` then. The results are in the order of its commands.
   *
   * Aborting ends programs that run; before the turn it rejects with the signal's reason.
   *
   * @throws RequestError, QueueFull
   */
  async run(request: Request, signal: AbortSignal, started: () => void = () => undefined): Promise<Result[]> {
    using _turn = await this.#options.turns.take(signal);
    started();
    return results(await this.#start(request, signal));
  }

  /** Starts a request whose descriptors may be streams, at once: whoever sits at a terminal waits in no queue. */
  async open(request: Request, signal: AbortSignal): Promise<LiveRequest> {
    const running = await this.#start(request, signal);
    const commands = running.map(({ plan, launched }) =>
      plan && launched?.live ? { descriptors: plan.descriptors, live: launched.live } : null,
    );
    return new LiveRequest(commands, results(running));
  }

  async #start({ cmd, pipeMapping }: Request, signal: AbortSignal): Promise<Running[]> {
    const { sandbox } = this.#options;
    if (cmd.length > sandbox.slots)
      throw new RequestError(400, `at most ${sandbox.slots} commands can run together here (--slots)`);
    // A single command has nobody to talk to.
    const pipes = cmd.length > 1 ? pipeMapping : [];
    checkPipes(cmd.length, pipes);
    const planned: (Plan | Result)[] = [];
    for (const [index, one] of cmd.entries()) planned.push(await plan(one, index, pipes, this.#options));
    const isRunning = planned.map((one) => "spec" in one);
    const plans = planned.filter((one) => "spec" in one);
    const specs = plans.map(({ spec }) => withoutAbsent(spec, pipes, isRunning));
    let launched: (Launched | Result)[];
    try {
      launched = await launch(sandbox, plans, specs, signal);
    } catch (error) {
      launched = plans.map(() => refused(error));
    }
    const next = launched.values();
    return planned.map((one) => {
      if (!("spec" in one)) return settled(one);
      const run = next.next().value;
      return run && "report" in run ? this.#running(one, run) : settled(run ?? refused(null));
    });
  }

  #running(plan: Plan, launched: Launched): Running {
    return { plan, launched, result: this.#resultOf(plan, launched) };
  }

  async #resultOf(plan: Plan, { live, report }: Launched): Promise<Result> {
    try {
      const [ended, shown] = await Promise.all([report, live && attend(plan, live)]);
      return await finish(plan, ended, shown, this.#options.store);
    } catch (error) {
      return refused(error);
    }
  }
}

const results = (running: readonly Running[]): Promise<Result[]> =>
  Promise.all(running.map(({ result }) => result));

const settled = (result: Result): Running => ({
  plan: null,
  launched: null,
  result: Promise.resolve(result),
});

/**
 * What a command that sandboxd refused has for a result.
 *
 * @throws everything that is not about the sandbox
 */
function refused(error: unknown): Result {
  if (!(error instanceof SandboxError)) throw error;
  const isFile = error.code === "bad_path" || error.code === "too_large";
  return notRun(isFile ? "File Error" : "Internal Error", error.message);
}
