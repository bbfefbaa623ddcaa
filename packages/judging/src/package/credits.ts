import type { ConfigMap } from "./config.ts";
import type { Findings } from "./findings.ts";
import { isLanguageCode } from "./names.ts";
import type { Credits } from "./types.ts";

const licenses = ["unknown", "public domain", "cc0", "cc by", "cc by-sa", "educational", "permission"];

/** `author`, `source`, `source_url`, `license`, `rights_owner` of a legacy problem.yaml. */
export const readLegacyCredits = (yaml: ConfigMap, findings: Findings): Credits => {
  const license = yaml.string("license") ?? "unknown";
  if (!licenses.includes(license)) {
    yaml.warn("license", `"${license.slice(0, 40)}" is none of ${licenses.join(", ")}`);
  }
  const author = yaml.isList("author") ? yaml.strings("author", { words: false }) : yaml.string("author");
  const authors = typeof author === "string" ? author.split(/,\s*(?:and\s+)?|\s+and\s+/u) : (author ?? []);
  const name = yaml.string("source");
  const url = yaml.string("source_url");
  if (name === null && url !== null) yaml.warn("source_url", "is ignored: there is no source");
  const rightsOwner = yaml.string("rights_owner");
  if (license === "public domain" && rightsOwner !== null) {
    yaml.warn("rights_owner", "can't be: what is in the public domain has no owner");
  }
  if (!["unknown", "public domain"].includes(license) && !hasOwner(rightsOwner, authors, name !== null)) {
    findings.warn(yaml.file, yaml.lineOf("license"), ownerMissing(license));
  }
  return {
    license,
    rightsOwner,
    authors: authors.map((each) => each.trim()).filter((each) => each !== ""),
    others: {},
    sources: name === null ? [] : [{ name, url: safeUrl(yaml, "source_url", url) }],
    embargoUntil: null,
  };
};

const roles = ["contributors", "testers", "packagers", "acknowledgements"];

/** `credits`, `source`, `license`, `rights_owner`, `embargo_until` of a 2025-09 problem.yaml. */
export const readModernCredits = (yaml: ConfigMap, findings: Findings): Credits => {
  const license = yaml.string("license") ?? "unknown";
  if (!licenses.includes(license)) yaml.invalid("license", `must be one of ${licenses.join(", ")}`);
  const rightsOwner = yaml.string("rights_owner");
  if (license === "public domain" && yaml.has("rights_owner")) {
    yaml.invalid("rights_owner", "can't be: what is in the public domain has no owner");
  }

  let authors: readonly string[] = [];
  const others: Record<string, readonly string[]> = {};
  if (yaml.isMap("credits")) {
    const credits = yaml.map("credits");
    credits?.rejectUnknown(["authors", "translators", ...roles], "invalid");
    if (credits?.has("authors") === true) authors = readPersons(credits, "authors");
    for (const role of roles) {
      if (credits?.has(role) === true) others[role] = readPersons(credits, role);
    }
    const translators = credits?.map("translators") ?? null;
    for (const code of translators?.keys ?? []) {
      if (!isLanguageCode(code)) translators?.invalid(code, "is not a language code such as en or pt-BR");
      else if (translators !== null) {
        others["translators"] = [...(others["translators"] ?? []), ...readPersons(translators, code)];
      }
    }
  } else if (yaml.has("credits")) {
    const author = yaml.string("credits");
    if (author !== null) authors = [author];
  }

  const sources = readSources(yaml);
  if (!["unknown", "public domain"].includes(license) && licenses.includes(license)) {
    if (!hasOwner(rightsOwner, authors, sources.length > 0)) {
      findings.invalid(yaml.file, yaml.lineOf("license"), ownerMissing(license));
    }
  }
  return { license, rightsOwner, authors, others, sources, embargoUntil: readEmbargo(yaml) };
};

const hasOwner = (owner: string | null, authors: readonly string[], source: boolean): boolean =>
  owner !== null || authors.length > 0 || source;

const ownerMissing = (license: string): string =>
  `license "${license}" needs an owner: state rights_owner, an author or a source`;

/** One person or several, each a string or a map; kept as "Name <email>". */
export const readPersons = (map: ConfigMap, key: string): readonly string[] => {
  const entries = map.entries(key) ?? [];
  if (map.isList(key) && entries.length === 0) map.invalid(key, "must name at least one person");
  return entries.flatMap((entry) => {
    if (typeof entry === "string") {
      if (entry.trim() !== "") return [entry.trim()];
      map.invalid(key, "holds an empty name");
      return [];
    }
    entry.rejectUnknown(["name", "email", "orcid", "kattis"], "invalid");
    const name = entry.string("name");
    if (name === null) {
      map.invalid(key, "holds a person without name");
      return [];
    }
    for (const other of ["orcid", "kattis"]) entry.string(other);
    const email = entry.string("email");
    return [email === null ? name : `${name} <${email}>`];
  });
};

const readSources = (yaml: ConfigMap): Credits["sources"] => {
  const entries = yaml.entries("source") ?? [];
  if (yaml.isList("source") && entries.length === 0) yaml.invalid("source", "must hold at least one source");
  return entries.flatMap((entry) => {
    if (typeof entry === "string") return [{ name: entry, url: null }];
    entry.rejectUnknown(["name", "url"], "invalid");
    const name = entry.string("name");
    if (name === null) {
      yaml.invalid("source", "holds one without name");
      return [];
    }
    return [{ name, url: safeUrl(entry, "url", entry.string("url")) }];
  });
};

/** Only an address of the web: it becomes a link where the problem is shown. */
const safeUrl = (map: ConfigMap, key: string, url: string | null): string | null => {
  if (url === null) return null;
  if (/^https?:\/\/[^\s"'<>]+$/iu.test(url) && URL.canParse(url)) return url;
  map.warn(key, "is no http or https address and is ignored");
  return null;
};

const readEmbargo = (yaml: ConfigMap): string | null => {
  const text = yaml.string("embargo_until");
  if (text === null) return null;
  const fits = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?$/u.test(text);
  const time = fits ? Date.parse(text) : Number.NaN;
  // Date.parse turns the 31st of February into a day of March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text.slice(0, 10)) {
    yaml.invalid("embargo_until", "must be a date: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
    return null;
  }
  return text;
};
