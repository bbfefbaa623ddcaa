import { createHash } from "node:crypto";
import { glob, readFile } from "node:fs/promises";
import { ImageError, systemCode } from "./errors.ts";

/** One apt source in the fields of deb822; see sources.list(5). */
export interface Source {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Path of a keyring, or null: apt's trusted keys decide. */
  readonly signedBy: string | null;
}

const debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Debian's own servers, for a machine whose apt knows nothing of the wanted suite. */
export const publicSources = (suite: string): Source[] => [
  source("http://deb.debian.org/debian", [suite, `${suite}-updates`]),
  source("http://deb.debian.org/debian-security", [`${suite}-security`]),
];

const source = (uri: string, suites: readonly string[]): Source => ({
  uris: [uri],
  suites,
  components: ["main"],
  signedBy: debianKeyring,
});

/** A mirror that the operator named instead of the machine's own sources. */
export const mirrorSources = (mirror: string, suite: string): Source[] => {
  const url = URL.parse(mirror);
  if (url === null || !["http:", "https:", "file:"].includes(url.protocol) || /\s/.test(mirror))
    throw new ImageError(
      "unreachable",
      `"${mirror}" is not the address of a Debian mirror; give one like http://deb.debian.org/debian.`,
    );
  return [source(mirror, [suite])];
};

/** The machine's own sources for this suite with its updates and security fixes, else Debian's. */
export const machineSources = async (suite: string, etc = "/etc/apt"): Promise<Source[]> => {
  const found: Source[] = [];
  for await (const path of glob([`${etc}/sources.list`, `${etc}/sources.list.d/*.{list,sources}`])) {
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      // A source that only root may read holds credentials: not ours to use.
      if (systemCode(error) === "EACCES" || systemCode(error) === "ENOENT") return "";
      throw error;
    });
    found.push(...(path.endsWith(".sources") ? parseDeb822(text) : parseOneLine(text)));
  }
  const suites = [suite, `${suite}-updates`, `${suite}-security`];
  const usable = found
    .map((entry) => ({
      ...entry,
      suites: entry.suites.filter((name) => suites.includes(name)),
      components: entry.components.filter((name) => name === "main"),
    }))
    .filter(({ suites, components }) => suites.length > 0 && components.length > 0);
  return usable.some(({ suites }) => suites.includes(suite)) ? usable : publicSources(suite);
};

/**
 * Where archives can be had: the mirror that the operator named, then the sources' own, then Debian's.
 */
export const mirrorAddresses = (
  mirror: string | undefined,
  sources: readonly Source[],
  suite: string,
): string[] => {
  const known = [...sources, ...publicSources(suite)].flatMap(({ uris }) => uris);
  const usable = known.filter((uri) => /^(https?|file):/.test(uri)).map((uri) => uri.replace(/\/+$/, ""));
  return [...new Set([...(mirror === undefined ? [] : [mirror.replace(/\/+$/, "")]), ...usable])];
};

/** deb822 text of the sources, as apt takes it. */
export const formatSources = (sources: readonly Source[]): string =>
  sources
    .map(({ uris, suites, components, signedBy }) =>
      [
        "Types: deb",
        `URIs: ${uris.join(" ")}`,
        `Suites: ${suites.join(" ")}`,
        `Components: ${components.join(" ")}`,
        ...(signedBy === null ? [] : [`Signed-By: ${signedBy}`]),
        "",
      ].join("\n"),
    )
    .join("\n");

/** Short name for what package lists are of. */
export const sourcesDigest = (of: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 16);

/** The format of `*.sources`: stanzas of `Field: value`, continued by leading blanks. */
export const parseDeb822 = (text: string): Source[] =>
  text
    .split(/\n(?:[ \t]*\n)+/)
    .map(stanzaFields)
    .filter((fields) => words(fields.get("types")).includes("deb"))
    .filter((fields) => !/^(no|false|0|off|disable|without)$/i.test((fields.get("enabled") ?? "").trim()))
    .map((fields) => ({
      uris: words(fields.get("uris")),
      suites: words(fields.get("suites")),
      components: words(fields.get("components")),
      signedBy: keyring(fields.get("signed-by")),
    }))
    .filter(({ uris }) => uris.length > 0);

const stanzaFields = (stanza: string): Map<string, string> => {
  const fields = new Map<string, string>();
  let last: string | null = null;
  for (const line of stanza.split("\n")) {
    if (line.startsWith("#") || line.trim() === "") continue;
    const field = /^([A-Za-z-]+):(.*)$/.exec(line);
    if (field?.[1] !== undefined) {
      last = field[1].toLowerCase();
      fields.set(last, field[2] ?? "");
    } else if (last !== null) fields.set(last, `${fields.get(last) ?? ""} ${line.trim()}`);
  }
  return fields;
};

/** The format of `*.list`: `deb [option=value …] URI suite component …`. */
export const parseOneLine = (text: string): Source[] =>
  text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    const [, options, uri, suite, components] = match ?? [];
    if (uri === undefined || suite === undefined) return [];
    const signedBy = words(options)
      .find((option) => option.startsWith("signed-by="))
      ?.slice("signed-by=".length);
    return [{ uris: [uri], suites: [suite], components: words(components), signedBy: keyring(signedBy) }];
  });

const words = (text: string | undefined): string[] => (text ?? "").split(/\s+/).filter((word) => word !== "");

// A key may also stand in the file itself, as armoured text: then apt's trusted keys must do.
const keyring = (value: string | undefined): string | null => {
  const path = value?.trim();
  return path?.startsWith("/") === true && !/\s/.test(path) ? path : null;
};
