import { readFile } from "node:fs/promises";
import { createClient, ServerUnavailable, type Client } from "@assay/client";
import { routes } from "@assay/contracts";
import { exitCode, CommandFailure, usageError } from "./exit.ts";
import { startEphemeralStack } from "./stack/ephemeral.ts";
import { defaultDataDirectory } from "./stack/paths.ts";

export const defaultUrl = "http://127.0.0.1:7300";

export interface Connection extends AsyncDisposable {
  readonly client: Client;
  readonly url: string;
  /** True when the stack was started for this call only. */
  readonly isEmbedded: boolean;
}

/** The server at ASSAY_URL; a clear failure when it doesn't answer. */
export async function connect(signal: AbortSignal): Promise<Connection> {
  const url = serverUrl();
  if (!(await answers(url, signal)))
    throw new CommandFailure(
      exitCode.platform,
      `no Assay server answers at ${url}; start one with ./assay up, or set ASSAY_URL`,
    );
  return connected(url, await token());
}

/** The server at ASSAY_URL, or where none answers the embedded stack for the length of the call. */
export async function connectOrEmbed(
  languages: readonly string[],
  signal: AbortSignal,
  options: { readonly verifyUploads: boolean } = { verifyUploads: false },
): Promise<Connection> {
  const url = serverUrl();
  if (await answers(url, signal)) return connected(url, await token());
  process.stderr.write(`assay: no server answers at ${url}; starting the embedded stack for this call\n`);
  return embed(languages, signal, options);
}

/** The embedded stack for the length of the call. */
export async function embed(
  languages: readonly string[],
  signal: AbortSignal,
  { verifyUploads }: { readonly verifyUploads: boolean },
): Promise<Connection> {
  const stack = await startEphemeralStack({ languages, verifyUploads }, signal);
  const client = createClient({ baseUrl: stack.url, token: stack.ownerToken });
  return {
    client,
    url: stack.url,
    isEmbedded: true,
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await stack[Symbol.asyncDispose]();
    },
  };
}

const connected = (url: string, token: string): Connection => {
  const client = createClient({ baseUrl: url, token });
  return { client, url, isEmbedded: false, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
};

function serverUrl(): string {
  const url = process.env["ASSAY_URL"] ?? defaultUrl;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw usageError(`ASSAY_URL is not an http or https URL: ${url}`);
  return url.replace(/\/+$/, "");
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  await using client = createClient({ baseUrl: url, token: "" });
  try {
    await client.call(routes.health, { signal, timeoutMs: 2000 });
    return true;
  } catch (error) {
    if (error instanceof ServerUnavailable) return false;
    throw error;
  }
}

async function token(): Promise<string> {
  const found = await findToken();
  if (/^[\x21-\x7e]+$/.test(found)) return found;
  throw usageError("the token is no token: it must be one word of plain characters, as it was printed");
}

async function findToken(): Promise<string> {
  const given = process.env["ASSAY_TOKEN"];
  if (given) return given.trim();
  const file = process.env["ASSAY_TOKEN_FILE"] ?? `${defaultDataDirectory}/server/secrets/owner.token`;
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw usageError(
      `a server answers, but there is no token for it: set ASSAY_TOKEN or ASSAY_TOKEN_FILE (${file}: ${(error as Error).message})`,
    );
  }
}
