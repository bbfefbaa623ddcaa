import { AssayError } from "@assay/contracts";
import type { ConfigMap } from "./config.ts";
import type { Findings } from "./findings.ts";
import type { PackageFiles } from "./files.ts";

const namePattern = /^[a-zA-Z_][a-zA-Z0-9_]*$/u;
const sequence = /\{\{([a-zA-Z_][a-zA-Z0-9_]*(?:\.[a-zA-Z_][a-zA-Z0-9_]*)?)\}\}/gu;
/** What statements give a meaning of their own. */
const reserved = ["nextsample", "remainingsamples"];

/**
 * `constants`: names to numbers or texts. A name may also have variants, as a map: `{{name}}` is its
 * `value`, `{{name.latex}}` its `latex`.
 */
export const readConstants = (yaml: ConfigMap): Readonly<Record<string, string>> => {
  const constants: Record<string, string> = {};
  const map = yaml.has("constants") ? yaml.map("constants") : null;
  for (const name of map?.keys ?? []) {
    if (map === null) continue;
    if (!namePattern.test(name)) {
      map.invalid(name, "is no valid name; use letters, digits and _, and no digit first");
    } else if (reserved.includes(name)) map.invalid(name, "has a meaning of its own in statements");
    else if (map.isBoolean(name)) map.invalid(name, "must be a number or a string");
    else if (map.isMap(name)) readVariants(map, name, constants);
    else {
      const value = map.string(name);
      if (value !== null) constants[name] = value;
      else if (!map.has(name)) map.invalid(name, "must be a number or a string");
    }
  }
  return constants;
};

const readVariants = (map: ConfigMap, name: string, constants: Record<string, string>): void => {
  const variants = map.map(name);
  for (const variant of variants?.keys ?? []) {
    const value = variants?.string(variant) ?? null;
    if (!namePattern.test(variant)) variants?.invalid(variant, "is no valid name");
    else if (value !== null) constants[variant === "value" ? name : `${name}.${variant}`] = value;
  }
};

const replacedDirectories = [
  "input_validators",
  "output_validator",
  "output_validators",
  "static_validator",
  "include",
];

/** Whether the format replaces constants in this file. */
const isReplaced = (path: string): boolean => {
  const names = path.split("/");
  const [top = ""] = names;
  if (top === "statement") return path.endsWith(".md");
  if (top === "submissions") return names.length > 2;
  return (replacedDirectories.includes(top) && names.length > 1) || names.at(-1) === "test_group.yaml";
};

const wrapped = new WeakSet<PackageFiles>();

/**
 * The same package with each `{{name}}` replaced by the value of that constant, in the files in which
 * the format replaces them. What it gave already is given back as it is.
 */
export const withConstants = (
  files: PackageFiles,
  constants: Readonly<Record<string, string>>,
): PackageFiles => {
  if (wrapped.has(files) || Object.keys(constants).length === 0) return files;
  const replaced: PackageFiles = {
    list: () => files.list(),
    read: async (path) => {
      const bytes = await files.read(path);
      return isReplaced(path) ? replaceIn(path, bytes, constants) : bytes;
    },
    // What is replaced is no longer what the digest names.
    digest: (path) => (isReplaced(path) ? null : (files.digest?.(path) ?? null)),
  };
  wrapped.add(replaced);
  return replaced;
};

/** Long constants in a file that uses them often must not fill the memory. */
const maxGrowth = 16 * 1024 * 1024;

const replaceIn = (
  path: string,
  bytes: Uint8Array,
  constants: Readonly<Record<string, string>>,
): Uint8Array => {
  let added = 0;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!buffer.includes("{{")) return bytes;
  // Byte for byte, so that a file that is no UTF-8 is otherwise left as it is.
  const text = buffer.toString("latin1");
  const result = text.replace(sequence, (whole, name: string) => {
    if (!Object.hasOwn(constants, name)) return whole;
    const value = Buffer.from(constants[name] ?? "").toString("latin1");
    added += value.length;
    if (added > maxGrowth) throw grown(path);
    return value;
  });
  return result === text ? bytes : Buffer.from(result, "latin1");
};

const grown = (path: string): AssayError => {
  const message = `grows by more than ${maxGrowth >> 20} MiB when its constants are replaced`;
  return new AssayError("package_invalid", `${path}: ${message}`, {
    issues: [{ where: path, line: null, message }],
  });
};

/** Names in double braces that no constant has, with their lines: most likely a slip of the pen. */
export const warnOfUnknownConstants = (
  path: string,
  text: string,
  constants: Readonly<Record<string, string>>,
  findings: Findings,
): void => {
  for (const [index, line] of text.split("\n").entries()) {
    for (const [whole, name = ""] of line.matchAll(sequence)) {
      if (reserved.includes(name) || Object.hasOwn(constants, name)) continue;
      findings.warn(path, index + 1, `${whole} names no constant and stays as it is`);
    }
  }
};
