import type { Services } from "../../services.ts";
import { listedLanguages } from "../compatible/catalogue.ts";
import { compareVersions, parseSelector, parseVersion } from "./versions.ts";

/** A language as Piston lists it. */
export interface Runtime {
  readonly language: string;
  readonly version: string;
  readonly aliases: readonly string[];
  /** What it comes with, where one package brings several languages. */
  readonly runtime?: string;
}

/** A runtime that can be run here, by the id of its language in our catalogue. */
export interface Found {
  readonly id: string;
  readonly runtime: Runtime;
}

/** Piston's names of our languages; one that is not here keeps its own. */
const names: Readonly<Record<string, Omit<Runtime, "version">>> = {
  c: { language: "c", aliases: ["gcc"], runtime: "gcc" },
  cpp: { language: "c++", aliases: ["cpp", "g++"], runtime: "gcc" },
  python: { language: "python", aliases: ["py", "py3", "python3", "python3.11"] },
  bash: { language: "bash", aliases: ["sh"] },
};

/** What works for this organization now; a language whose version nobody knows is not listed. */
export async function listRuntimes(services: Services, organizationId: string): Promise<Found[]> {
  const listed = await listedLanguages(services, organizationId);
  return listed.flatMap(({ language, version, available }) => {
    if (!available || version === null || parseVersion(version) === null) return [];
    const named = names[language.id] ?? { language: language.id, aliases: [] };
    const { aliases } = named;
    return { id: language.id, runtime: { ...named, version, aliases: aliases.filter(isAliasOf(version)) } };
  });
}

/** An alias that names a version holds only while that is the version. */
const isAliasOf =
  (version: string) =>
  (alias: string): boolean => {
    const numbered = /\d+\.\d+$/.exec(alias)?.[0];
    return numbered === undefined || version.startsWith(`${numbered}.`);
  };

/** The newest runtime of this name whose version fits; null when there is none. */
export function findRuntime(runtimes: readonly Found[], name: string, selector: string): Found | null {
  const fits = parseSelector(selector);
  if (fits === null) return null;
  const fitting = runtimes.flatMap((found) => {
    const { language, aliases } = found.runtime;
    const version = parseVersion(found.runtime.version);
    const isNamed = language === name.toLowerCase() || aliases.includes(name.toLowerCase());
    return isNamed && version !== null && fits(version) ? [{ found, version }] : [];
  });
  return fitting.sort((a, b) => compareVersions(b.version, a.version))[0]?.found ?? null;
}
