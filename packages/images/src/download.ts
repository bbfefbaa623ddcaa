import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { ImageError, systemCode } from "./errors.ts";

export interface Proxies {
  readonly http?: string;
  readonly https?: string;
}

export interface Downloaded {
  readonly body: Readable;
  readonly size: number | null;
}

/** The server has answered that it has no such thing, as opposed to not answering. */
export class NotThere extends ImageError {
  constructor(url: string, what: string) {
    super("unreachable", `${url}: ${what}`);
  }
}

const mostRedirects = 5;
const idleMs = 30_000;

/** Fetches `http:`, `https:` and `file:` addresses by the proxies of the environment or the given ones. */
export class Downloader implements Disposable {
  readonly #agents: { readonly http: http.Agent; readonly https: https.Agent };

  constructor(proxies: Proxies = {}) {
    const { env } = process;
    const proxyEnv = {
      HTTP_PROXY: proxies.http ?? env["http_proxy"],
      HTTPS_PROXY: proxies.https ?? env["https_proxy"],
      NO_PROXY: env["no_proxy"],
    };
    const options = { keepAlive: true, proxyEnv };
    this.#agents = { http: new http.Agent(options), https: new https.Agent(options) };
  }

  [Symbol.dispose](): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  /**
   * The body comes as it is: whoever reads it checks how much and what it is.
   *
   * @throws NotThere; ImageError `unreachable`; the signal's reason
   */
  async open(address: string, signal?: AbortSignal, accept = "*/*"): Promise<Downloaded> {
    let url = parse(address);
    if (url.protocol === "file:") return openFile(url);
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      const response = await this.#get(url, signal, accept);
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) {
        const size = Number(headers["content-length"] ?? "");
        return { body: response, size: headers["content-length"] === undefined ? null : size };
      }
      response.destroy();
      const next = statusCode >= 300 && statusCode < 400 ? URL.parse(headers.location ?? "", url) : null;
      if (next === null) {
        const what = `${statusCode} ${response.statusMessage ?? ""}`.trim();
        if ([403, 404, 410].includes(statusCode)) throw new NotThere(display(url), what);
        throw new ImageError("unreachable", `${display(url)}: ${what}`);
      }
      url = parse(next.href);
      if (url.protocol === "file:") throw new ImageError("unreachable", `${address} leads to a local file`);
    }
    throw new ImageError("unreachable", `${address} leads from one address to the next`);
  }

  #get(url: URL, signal: AbortSignal | undefined, accept: string): Promise<http.IncomingMessage> {
    const options = {
      headers: { "user-agent": "assay", accept },
      timeout: idleMs,
      ...(signal === undefined ? {} : { signal }),
    };
    return new Promise((resolve, reject) => {
      const request =
        url.protocol === "https:"
          ? https.get(url, { ...options, agent: this.#agents.https })
          : http.get(url, { ...options, agent: this.#agents.http });
      request.once("response", resolve);
      request.once("timeout", () => request.destroy(new Error(`no answer for ${idleMs / 1000} s`)));
      request.on("error", (error) => {
        if (signal?.aborted === true) return reject(error);
        const why = systemCode(error) ?? error.message;
        reject(new ImageError("unreachable", `${display(url)} can't be reached: ${why}`, { cause: error }));
      });
    });
  }
}

const parse = (address: string): URL => {
  const url = URL.parse(address);
  if (url !== null && ["http:", "https:", "file:"].includes(url.protocol)) return url;
  throw new ImageError("unreachable", `"${address}" is not an address that can be fetched`);
};

const openFile = async (url: URL): Promise<Downloaded> => {
  const path = fileURLToPath(url);
  const status = await stat(path).catch(() => null);
  if (status?.isFile() !== true) throw new NotThere(url.href, "is not a file");
  return { body: createReadStream(path), size: status.size };
};

/** Without the password that an address may hold. */
const display = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`;
