import { Command } from "commander";
import { registerDemo } from "./commands/demo.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerExecService } from "./commands/exec-service.ts";
import { registerImages } from "./commands/images/index.ts";
import { registerJobs } from "./commands/jobs.ts";
import { registerJudge } from "./commands/judge.ts";
import { registerLanguages } from "./commands/languages/index.ts";
import { registerProblem } from "./commands/problem/index.ts";
import { registerProblems } from "./commands/problems.ts";
import { registerRejudge } from "./commands/rejudge.ts";
import { registerRun } from "./commands/run.ts";
import { registerRunner } from "./commands/runner.ts";
import { registerServer } from "./commands/server.ts";
import { registerSets } from "./commands/sets.ts";
import { registerSubmissions } from "./commands/submissions.ts";
import { registerSubmit } from "./commands/submit.ts";
import { registerTest } from "./commands/test.ts";
import { registerTokens } from "./commands/tokens.ts";
import { registerUp } from "./commands/up.ts";
import { reportFailure } from "./command.ts";
import { exitCode } from "./exit.ts";
import { outputLost } from "./output/lost.ts";

const program = new Command("assay")
  .description("Runs code that nobody trusts on machines you own, and returns a verdict with its evidence.")
  .version("0.1.0")
  .showHelpAfterError("(assay --help lists the commands)")
  .exitOverride()
  .addHelpText(
    "after",
    `
Environment:
  ASSAY_URL         the server to talk to (default http://127.0.0.1:7300)
  ASSAY_TOKEN       the token to show it; or ASSAY_TOKEN_FILE
  ASSAY_IMAGES_DIR  where images are kept (default .cache/images of the checkout)
  DATABASE_URL      an external PostgreSQL instead of the embedded one

Exit codes:
  0 as it should be   1 not so (a program failed, a verdict differs)
  2 bad usage or input   3 the platform failed
  130 interrupted (128 and the signal's number)`,
  );

registerDemo(program);
registerUp(program);
registerTest(program);
registerRun(program);
registerJudge(program);
registerProblem(program);
registerProblems(program);
registerSets(program);
registerSubmit(program);
registerSubmissions(program);
registerRejudge(program);
registerJobs(program);
registerImages(program);
registerLanguages(program);
registerTokens(program);
registerDoctor(program);
registerServer(program);
registerRunner(program);
registerExecService(program);

process.stdout.on("error", outputLost);
process.stderr.on("error", outputLost);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
// A handle that a failed part left open must not hold the command back once it has said its word.
if (process.exitCode !== undefined && process.exitCode !== exitCode.ok) process.exit();
