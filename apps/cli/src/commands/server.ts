import type { Command } from "commander";
import { aborted, interruptSignal } from "../command.ts";
import { defaultUrl } from "../connection.ts";
import { exitCode, usageError } from "../exit.ts";
import { compatibleApis, directory, port } from "../options.ts";
import { say } from "../output/say.ts";
import { stackIdentities } from "../stack/identity.ts";
import { startServer, urlOf } from "../stack/parts.ts";
import { defaultDataDirectory, prepareStackPaths } from "../stack/paths.ts";
import { requireRoot } from "../stack/stack.ts";

interface ServerOptions {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly compatibleApis: string;
}

export function registerServer(program: Command): void {
  program
    .command("server")
    .description("serve the HTTP API only, on the database that DATABASE_URL names; runners connect to it")
    .option("--data <directory>", "where blobs and secrets are kept", directory, defaultDataDirectory)
    .option("--host <address>", "where it listens", "0.0.0.0")
    .option("--port <port>", "0 = any free one", port, Number(new URL(defaultUrl).port))
    .addOption(compatibleApis())
    .action(server);
}

async function server(options: ServerOptions): Promise<void> {
  const databaseUrl = process.env["DATABASE_URL"];
  if (!databaseUrl)
    throw usageError("assay server needs DATABASE_URL; assay up brings a database of its own");
  requireRoot("the server");
  const signal = interruptSignal();
  const identities = await stackIdentities();
  const paths = await prepareStackPaths(options.data, identities);
  await using part = await startServer(
    { paths, identities, log: (_part, line) => say(line), signal },
    {
      databaseUrl,
      host: options.host,
      port: options.port,
      compatibleApis: options.compatibleApis,
      verifyUploads: true,
    },
  );
  process.stdout.write(`assay: server ready at ${urlOf(part.current)}; secrets are in ${paths.secrets}\n`);
  await aborted(signal);
  process.exitCode = exitCode.ok;
}
